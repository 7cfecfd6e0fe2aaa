//! Words for what keeps servers from being launched.

use crate::system::launch::LaunchRefusal;

/// Why a region gets no servers, to follow "in eu-west-1:".
pub const fn because(why: LaunchRefusal) -> &'static str {
    match why {
        LaunchRefusal::ControlPlane => "the control plane there does not answer",
        LaunchRefusal::NoNetwork => "there is no network yet",
        LaunchRefusal::NoImage => "there is no machine image",
        LaunchRefusal::Capacity => "the region has no spare capacity",
        LaunchRefusal::Throttled => "the control plane there is slow and throttles launches",
        LaunchRefusal::Quota => "the account's quota allows no more",
    }
}
