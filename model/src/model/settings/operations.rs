//! Monitoring: where it stands, and what it takes for failing.

use crate::catalog::recovery;
use crate::model::table::settings;
use crate::model::unit::Share;

settings! {
    /// Monitoring, which is machines too.
    pub struct Monitoring {
        /// The region in which it stands, and with which it is blind; empty: the recovery region, or the last if every region
        /// takes writes.
        monitor_region: String = "", length ..=20;
        /// A region's alarm goes off if more than this share of what its balancer answered failed, in each of the one-minute
        /// periods that `recovery.alarm_s` spans.
        alarm_share: Share = recovery::ALARM_SHARE, in 0..=1, "an alarm goes off above";
        /// A person who was paged moves the work only if more than this share failed in the last minute. An assumption.
        act_share: Share = recovery::ACT_SHARE, in 0..=1, "a person acts above";
        /// A minute of which no counts have arrived counts as failing.
        missing_fails: bool = true;
    }
}
