//! What is known of the real world, as data: every number with its source, and how far it can be trusted.
//!
//! Facts are constants in a small module for each theme, as in [`dns::CHECK_INTERVAL`]; [`all`] lists
//! them. Beside them stand the regions with their round trips, the cities and the world map.
//! `docs/numbers.md` is this catalogue as text.
mod cities;
mod continent;
mod fact;
mod land;
mod map;
mod regions;
mod rtt;

pub mod backup;
pub mod balancer;
pub mod client;
pub mod compute;
pub mod controller;
pub mod database;
pub mod dns;
pub mod network;
pub mod objectives;
pub mod prices;
pub mod queue;
pub mod topic;
pub mod recovery;
pub mod transfer;

pub use cities::{CITIES, City, city, city_round_trip_ms, city_wire_ms, distance_km};
pub use continent::Continent;
pub use fact::{Confidence, Fact, Unit};
pub use map::{ASPECT, land_dots, project};
pub use regions::{REGIONS, Region, is_estimated, region, region_index, round_trip_ms};

/// Every fact with its name, as in `dns::CHECK_INTERVAL`: the path of its constant inside this module.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Fact)> {
    [
        client::ALL,
        network::ALL,
        dns::ALL,
        balancer::ALL,
        compute::ALL,
        database::ALL,
        backup::ALL,
        recovery::ALL,
        objectives::ALL,
        controller::ALL,
        queue::ALL,
        topic::ALL,
        prices::ALL,
    ]
    .into_iter()
    .flatten()
    .map(|(name, fact)| (*name, fact))
}
