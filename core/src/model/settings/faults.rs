//! What faults do when they are injected.

use serde::{Deserialize, Serialize};

use crate::catalog::{compute, network};

/// How strong each fault is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct FaultSettings {
    /// A slow link takes this many times as long.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1000)))]
    pub slow_factor: f64,
    /// A lossy link loses this share of messages (0 to 1).
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub loss: f64,
    /// Servers in a grey zone take this many times as long.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1000)))]
    pub grey_factor: f64,
    /// Share of requests that a grey zone fails, while it passes shallow checks (0 to 1).
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub grey_failures: f64,
    /// A surge multiplies the request rate of every population by this.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100)))]
    pub surge_factor: f64,
}

impl Default for FaultSettings {
    fn default() -> Self {
        Self {
            slow_factor: network::SLOW_LINK.value,
            loss: network::LOSSY_LINK.value,
            grey_factor: compute::GREY_SLOWDOWN.value,
            grey_failures: compute::GREY_FAILURES.value,
            surge_factor: compute::SURGE.value,
        }
    }
}
