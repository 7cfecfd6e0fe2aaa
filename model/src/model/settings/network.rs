//! Distances and chance on the wires.

use crate::catalog::network;
use crate::model::table::settings;
use crate::model::unit::{Factor, Millis, Share};

settings! {
    /// Distances and chance on the wires. Round trips between regions come from the catalog.
    pub struct Network {
        /// What the last mile adds to a city's round trip, in milliseconds.
        access_ms: Millis = network::ACCESS_DELAY, in 0..=1000, "the last mile adds";
        /// Round trip between two zones of a region, in milliseconds.
        zone_round_trip_ms: Millis = network::INTER_ZONE, in 0.01..=50, "round trip between zones";
        /// Mean of the exponential jitter, as a share of the delay: 0.05 puts the 99th percentile 23 % above the least.
        jitter: Factor = 0.05, in 0..=2, "jitter";
        /// Share of messages lost between regions while nothing is broken (0 to 1).
        loss: Share = 0.0, in 0..=0.5, "messages lost";
    }
}
