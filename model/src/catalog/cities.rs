//! Cities that clients live in, and how long it takes from there to a region.
use super::network::{ACCESS_DELAY, FIBRE_SPEED, ROUTE_INFLATION};
use super::regions::Region;

/// A city.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct City {
    /// Its English name, as a scenario file writes it.
    pub name: &'static str,
    /// Latitude of its centre, in degrees.
    pub lat: f64,
    /// Longitude of its centre, in degrees.
    pub lon: f64,
}

/// Mean radius of the earth in kilometres (International Union of Geodesy and Geophysics).
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// The city with this name; the name may also be written without accents, as in "Sao Paulo".
pub fn city(name: &str) -> Option<&'static City> {
    let plain = |name: &str| name.chars().map(without_accent).collect::<String>();
    CITIES.iter().find(|city| city.name == name).or_else(|| {
        let wanted = plain(name);
        CITIES.iter().find(|city| plain(city.name) == wanted)
    })
}

/// The letter without its accent, for the accents that the names of our cities have.
fn without_accent(letter: char) -> char {
    match letter {
        'á' | 'ã' => 'a',
        'é' => 'e',
        'ó' => 'o',
        'ü' => 'u',
        other => other,
    }
}

/// Great-circle distance in kilometres between two places given as (latitude, longitude) in degrees.
pub fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let across = libm::sin((lat_b - lat_a) / 2.0);
    let along = libm::sin((b.1 - a.1).to_radians() / 2.0);
    let haversine = across * across + libm::cos(lat_a) * libm::cos(lat_b) * along * along;
    2.0 * EARTH_RADIUS_KM * libm::asin(libm::sqrt(haversine.min(1.0)))
}

/// Median round trip in milliseconds from a city to a region: there and back at the speed of light in
/// fibre, longer by the detours that real routes take, and the delay of the way from home to the nearest
/// exchange.
pub fn city_round_trip_ms(city: &City, region: &Region) -> f64 {
    city_wire_ms(city, region) + ACCESS_DELAY.value
}

/// The part of [`city_round_trip_ms`] that is distance: without the way from home to the nearest exchange.
pub fn city_wire_ms(city: &City, region: &Region) -> f64 {
    let distance = distance_km((city.lat, city.lon), (region.lat, region.lon));
    ROUTE_INFLATION.value * (2.0 * distance / FIBRE_SPEED.value)
}

/// A city at a latitude and a longitude in degrees.
const fn at(name: &'static str, lat: f64, lon: f64) -> City {
    City { name, lat, lon }
}

/// Every city that a scenario can name, from west to east. Coordinates of the centres are general knowledge.
pub const CITIES: &[City] = &[
    at("Vancouver", 49.2827, -123.1207),
    at("San Francisco", 37.7749, -122.4194),
    at("Seattle", 47.6062, -122.3321),
    at("Los Angeles", 34.0522, -118.2437),
    at("Denver", 39.7392, -104.9903),
    at("Mexico City", 19.4326, -99.1332),
    at("Dallas", 32.7767, -96.7970),
    at("Chicago", 41.8781, -87.6298),
    at("Miami", 25.7617, -80.1918),
    at("Toronto", 43.6532, -79.3832),
    at("Lima", -12.0464, -77.0428),
    at("Washington", 38.9072, -77.0369),
    at("Bogotá", 4.7110, -74.0721),
    at("New York", 40.7128, -74.0060),
    at("Santiago", -33.4489, -70.6693),
    at("Buenos Aires", -34.6037, -58.3816),
    at("São Paulo", -23.5505, -46.6333),
    at("Lisbon", 38.7223, -9.1393),
    at("Dublin", 53.3498, -6.2603),
    at("Madrid", 40.4168, -3.7038),
    at("Accra", 5.6037, -0.1870),
    at("London", 51.5074, -0.1278),
    at("Paris", 48.8566, 2.3522),
    at("Lagos", 6.5244, 3.3792),
    at("Amsterdam", 52.3676, 4.9041),
    at("Zürich", 47.3769, 8.5417),
    at("Frankfurt", 50.1109, 8.6821),
    at("Milan", 45.4642, 9.1900),
    at("Berlin", 52.5200, 13.4050),
    at("Stockholm", 59.3293, 18.0686),
    at("Cape Town", -33.9249, 18.4241),
    at("Warsaw", 52.2297, 21.0122),
    at("Johannesburg", -26.2041, 28.0473),
    at("Istanbul", 41.0082, 28.9784),
    at("Cairo", 30.0444, 31.2357),
    at("Tel Aviv", 32.0853, 34.7818),
    at("Nairobi", -1.2921, 36.8219),
    at("Riyadh", 24.7136, 46.6753),
    at("Dubai", 25.2048, 55.2708),
    at("Karachi", 24.8607, 67.0011),
    at("Mumbai", 19.0760, 72.8777),
    at("Delhi", 28.6139, 77.2090),
    at("Bengaluru", 12.9716, 77.5946),
    at("Bangkok", 13.7563, 100.5018),
    at("Singapore", 1.3521, 103.8198),
    at("Jakarta", -6.2088, 106.8456),
    at("Hong Kong", 22.3193, 114.1694),
    at("Manila", 14.5995, 120.9842),
    at("Taipei", 25.0330, 121.5654),
    at("Seoul", 37.5665, 126.9780),
    at("Osaka", 34.6937, 135.5023),
    at("Tokyo", 35.6762, 139.6503),
    at("Melbourne", -37.8136, 144.9631),
    at("Sydney", -33.8688, 151.2093),
    at("Auckland", -36.8485, 174.7633),
];
