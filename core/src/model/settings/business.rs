//! What an outage costs those who depend on the system: rates that the learner sets.

use serde::{Deserialize, Serialize};

/// Rates of loss, in US dollars.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Business {
    /// What an hour costs in which nobody is served, in US dollars; an hour in which half are served costs half.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1_000_000_000)))]
    pub outage_usd_per_h: f64,
    /// What a lost write costs, in US dollars.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1_000_000)))]
    pub lost_write_usd: f64,
    /// Mean size of an answer to a client, in KiB.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100_000)))]
    pub answer_kib: f64,
}

impl Default for Business {
    fn default() -> Self {
        Self { outage_usd_per_h: 10_000.0, lost_write_usd: 1.0, answer_kib: 4.0 }
    }
}
