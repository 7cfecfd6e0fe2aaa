//! What faults do when they are injected.

use crate::catalog::{compute, network};
use crate::model::table::settings;
use crate::model::unit::{Count, Factor, Share};

settings! {
    /// How strong each fault is.
    pub struct FaultSettings {
        /// A slow link takes this many times as long, and a replication stream over it carries so many times less.
        slow_factor: Factor = network::SLOW_LINK, in 1..=1000, "a slow link takes longer by";
        /// A lossy link loses this share of messages (0 to 1).
        loss: Share = network::LOSSY_LINK, in 0..=1, "a lossy link loses";
        /// Servers in a grey zone take this many times as long.
        grey_factor: Factor = compute::GREY_SLOWDOWN, in 1..=1000, "a grey zone takes longer by";
        /// Share of requests that a grey zone fails, while it passes shallow checks (0 to 1).
        grey_failures: Share = compute::GREY_FAILURES, in 0..=1, "a grey zone fails";
        /// How many servers a slow control plane launches a minute.
        slow_launches_per_min: Count = 1, in 1..=1000, "a slow control plane launches a minute";
        /// A surge multiplies the request rate of every population by this.
        surge_factor: Factor = compute::SURGE, in 1..=100, "a surge multiplies traffic by";
    }
}
