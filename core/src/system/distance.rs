//! How long a message between two places takes, before jitter.

use crate::kernel::id::{PopulationId, RegionId};
use crate::model::plan::{Plan, Site};

/// Half the round trip between two places, in milliseconds, before jitter.
#[inline]
pub fn one_way_ms(plan: &Plan, places: &[u8], from: Site, to: Site) -> f64 {
    let round_trip = match (from, to) {
        (Site::City(city), Site::Region(region)) | (Site::Region(region), Site::City(city)) => {
            city_round_trip_ms(plan, places, city, region)
        }
        (Site::Checker(place), Site::Region(region)) | (Site::Region(region), Site::Checker(place)) => {
            plan.checker_round_trip_ms[place as usize][region.index()]
        }
        (Site::Region(a), Site::Region(b)) => plan.region_round_trip_ms[a.index()][b.index()],
        (Site::Desk, Site::Region(region)) | (Site::Region(region), Site::Desk) => {
            plan.city_round_trip_ms[usize::from(plan.home_cities[0])][region.index()]
        }
        // People and checkers do not talk to each other.
        (Site::City(_) | Site::Checker(_) | Site::Desk, Site::City(_) | Site::Checker(_) | Site::Desk) => 0.0,
    };
    debug_assert!(round_trip >= 0.0, "no way is shorter than none");
    round_trip / 2.0
}

/// The round trip between where a population is and a region, in milliseconds, before jitter.
#[inline]
pub fn city_round_trip_ms(plan: &Plan, places: &[u8], city: PopulationId, region: RegionId) -> f64 {
    plan.city_round_trip_ms[usize::from(places[city.index()])][region.index()]
}
