//! Words for what Auto Scaling does, and for what keeps servers from being launched.

use super::entry::Words;
use super::number;
use crate::kernel::id::RegionId;
use crate::model::{Metric, ScaleBy};
use crate::system::launch::LaunchRefusal;
use crate::system::resized::Resized;

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

/// What a metric shows.
pub fn shows(metric: Metric, shows: u32) -> String {
    match metric {
        Metric::Slots => format!("{shows} % of slots in use"),
        Metric::Cpu => format!("CPU at {shows} %"),
        Metric::Requests => format!("{}/s at each server", number::count(shows.into())),
    }
}

/// The same for a card.
pub fn in_short(metric: Metric, shows: u32) -> String {
    match metric {
        Metric::Slots => format!("slots {shows} %"),
        Metric::Cpu => format!("CPU {shows} %"),
        Metric::Requests => format!("{}/s each", number::count(shows.into())),
    }
}

/// What Auto Scaling goes by.
pub const fn goes_by(by: ScaleBy) -> &'static str {
    match by {
        ScaleBy::Slots => "Auto Scaling goes by the use of slots. Servers that drain get no new requests.",
        ScaleBy::Cpu => "Auto Scaling goes by the use of processors. A server that waits uses none.",
        ScaleBy::Requests => "Auto Scaling goes by requests a second at each server.",
        ScaleBy::CpuOrSlots => {
            "Auto Scaling goes by the use of processors. A server that waits uses none. Full slots only add servers."
        }
        ScaleBy::CpuOrRequests => {
            "Auto Scaling goes by the use of processors. A server that waits uses none. Requests only add servers."
        }
    }
}

impl Words<'_> {
    /// Another number of servers is wanted.
    pub(super) fn resized(self, resized: Resized) -> String {
        let Resized { region, from, to, by, shows: value } = resized;
        let (code, wants) = (self.plan.region_code(region), number::counted(to.into(), "server"));
        format!("Auto Scaling wants {wants} in {code} instead of {from}: {}.", shows(by, value))
    }

    /// Servers were taken out.
    pub(super) fn taken_out(self, region: RegionId, count: u32) -> String {
        let servers = number::counted(count.into(), "server");
        format!("Auto Scaling took {servers} out in {}.", self.plan.region_code(region))
    }

    /// Servers were taken out to be replaced.
    pub(super) fn replaced(self, region: RegionId, count: u32) -> String {
        let (servers, code) = (number::counted(count.into(), "server"), self.plan.region_code(region));
        let fail = if count == 1 { "fails" } else { "fail" };
        format!("Auto Scaling replaces {servers} in {code} that {fail} the balancer's checks.")
    }
}
