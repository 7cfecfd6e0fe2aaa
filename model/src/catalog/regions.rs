//! The AWS regions: where they are and how far apart, in round trips.
use super::continent::Continent;
use super::rtt::HUNDREDTHS;

/// An AWS region.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Region {
    /// AWS's code, as in `us-east-1`.
    pub code: &'static str,
    /// AWS's name, as in "US East (N. Virginia)".
    pub name: &'static str,
    /// Latitude of the city it is named after, in degrees; AWS publishes no coordinates.
    pub lat: f64,
    /// Longitude of the same city, in degrees.
    pub lon: f64,
    /// How many availability zones it has.
    pub zones: u8,
    /// The continent of the country that it stands in.
    pub continent: Continent,
    /// Whether its round trips were measured; if not they are estimates from the distance.
    pub measured: bool,
}

impl Region {
    /// The place in AWS's name: "N. Virginia" of "US East (N. Virginia)".
    pub fn place(&self) -> &'static str {
        match self.name.split_once('(') {
            Some((_, place)) => place.trim_end_matches(')'),
            None => self.name,
        }
    }
}

/// The region with this code.
pub fn region(code: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|region| region.code == code)
}

/// The index in [`REGIONS`] of the region with this code.
pub fn region_index(code: &str) -> Option<usize> {
    REGIONS.iter().position(|region| region.code == code)
}

/// Median round trip in milliseconds between two regions, by their indices in [`REGIONS`]; the way there
/// and the way back differ a little. From a region to itself: a connection to a service endpoint inside
/// it.
///
/// An index that is no region gives zero.
pub fn round_trip_ms(from: usize, to: usize) -> f64 {
    match HUNDREDTHS.get(from).and_then(|row| row.get(to)) {
        Some(&hundredths) => f64::from(hundredths) / 100.0,
        None => 0.0,
    }
}

/// Whether the round trip between two regions, by their indices in [`REGIONS`], is an estimate from the
/// distance because nobody measured it in the year that the others come from.
pub fn is_estimated(from: usize, to: usize) -> bool {
    let unmeasured = |index: usize| REGIONS.get(index).is_none_or(|region| !region.measured);
    unmeasured(from) || unmeasured(to)
}

/// A region whose round trips were measured.
const fn measured(
    code: &'static str,
    name: &'static str,
    lat: f64,
    lon: f64,
    zones: u8,
    continent: Continent,
) -> Region {
    Region { code, name, lat, lon, zones, continent, measured: true }
}

/// A region that the measurements do not have.
const fn estimated(
    code: &'static str,
    name: &'static str,
    lat: f64,
    lon: f64,
    zones: u8,
    continent: Continent,
) -> Region {
    Region { code, name, lat, lon, zones, continent, measured: false }
}

/// Every region, in the order of the round-trip table; a test holds it equal to `data/regions.csv`.
pub const REGIONS: &[Region] = &[
    measured("us-east-1", "US East (N. Virginia)", 39.0458, -77.4874, 6, Continent::NorthAmerica),
    measured("us-east-2", "US East (Ohio)", 39.9612, -82.9988, 3, Continent::NorthAmerica),
    measured("us-west-1", "US West (N. California)", 37.7749, -122.4194, 3, Continent::NorthAmerica),
    measured("us-west-2", "US West (Oregon)", 45.5152, -122.6784, 4, Continent::NorthAmerica),
    measured("ca-central-1", "Canada (Central)", 45.5, -73.6, 3, Continent::NorthAmerica),
    measured("ca-west-1", "Canada West (Calgary)", 51.0447, -114.0719, 3, Continent::NorthAmerica),
    measured("mx-central-1", "Mexico (Central)", 19.4326, -99.1332, 3, Continent::NorthAmerica),
    measured("sa-east-1", "South America (São Paulo)", -23.5558, -46.6396, 3, Continent::SouthAmerica),
    measured("eu-west-1", "Europe (Ireland)", 53.3498, -6.2603, 3, Continent::Europe),
    measured("eu-west-2", "Europe (London)", 51.5074, -0.1278, 3, Continent::Europe),
    measured("eu-west-3", "Europe (Paris)", 48.8566, 2.3522, 3, Continent::Europe),
    measured("eu-central-1", "Europe (Frankfurt)", 50.1109, 8.6821, 3, Continent::Europe),
    measured("eu-central-2", "Europe (Zurich)", 47.3769, 8.5417, 3, Continent::Europe),
    measured("eu-north-1", "Europe (Stockholm)", 59.3293, 18.0686, 3, Continent::Europe),
    measured("eu-south-1", "Europe (Milan)", 45.4642, 9.19, 3, Continent::Europe),
    measured("eu-south-2", "Europe (Spain)", 40.4168, -3.7038, 3, Continent::Europe),
    measured("ap-south-1", "Asia Pacific (Mumbai)", 19.076, 72.8777, 3, Continent::Asia),
    measured("ap-south-2", "Asia Pacific (Hyderabad)", 17.385, 78.4867, 3, Continent::Asia),
    measured("ap-southeast-1", "Asia Pacific (Singapore)", 1.3521, 103.8198, 3, Continent::Asia),
    measured("ap-southeast-2", "Asia Pacific (Sydney)", -33.8688, 151.2093, 3, Continent::Oceania),
    measured("ap-southeast-3", "Asia Pacific (Jakarta)", -6.2088, 106.8456, 3, Continent::Asia),
    measured("ap-southeast-4", "Asia Pacific (Melbourne)", -37.8136, 144.9631, 3, Continent::Oceania),
    measured("ap-southeast-5", "Asia Pacific (Malaysia)", 3.139, 101.6869, 3, Continent::Asia),
    measured("ap-southeast-7", "Asia Pacific (Thailand)", 13.7563, 100.5018, 3, Continent::Asia),
    measured("ap-northeast-1", "Asia Pacific (Tokyo)", 35.6762, 139.6503, 4, Continent::Asia),
    measured("ap-northeast-2", "Asia Pacific (Seoul)", 37.5665, 126.978, 4, Continent::Asia),
    measured("ap-northeast-3", "Asia Pacific (Osaka)", 34.6937, 135.5023, 3, Continent::Asia),
    measured("ap-east-1", "Asia Pacific (Hong Kong)", 22.3193, 114.1694, 3, Continent::Asia),
    measured("me-south-1", "Middle East (Bahrain)", 26.2285, 50.586, 3, Continent::Asia),
    measured("me-central-1", "Middle East (UAE)", 25.2048, 55.2708, 3, Continent::Asia),
    measured("il-central-1", "Israel (Tel Aviv)", 32.0853, 34.7818, 3, Continent::Asia),
    measured("af-south-1", "Africa (Cape Town)", -33.9249, 18.4241, 3, Continent::Africa),
    estimated("ap-east-2", "Asia Pacific (Taipei)", 25.033, 121.5654, 3, Continent::Asia),
    estimated("ap-southeast-6", "Asia Pacific (New Zealand)", -36.8485, 174.7633, 3, Continent::Oceania),
];
