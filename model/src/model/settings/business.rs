//! What an outage costs those who depend on the system: rates that the learner sets.

use crate::model::table::settings;
use crate::model::unit::{Kib, Usd, UsdPerHour};

settings! {
    /// Rates of loss, in US dollars.
    pub struct Business {
        /// What an hour costs in which nobody is served, in US dollars; an hour in which half are served costs half.
        outage_usd_per_h: UsdPerHour = 10_000.0, in 0..=1_000_000_000, "an hour without service costs";
        /// What a lost write costs, in US dollars.
        lost_write_usd: Usd = 1.0, in 0..=1_000_000, "a lost write costs";
        /// Mean size of an answer to a client, in KiB.
        answer_kib: Kib = 4.0, in 0..=100_000, "size of an answer";
    }
}
