//! The world map: where a place lies on it, and which of its dots are land.
use super::land::LAND;

/// The map's left edge, in degrees of longitude: the Bering Strait, so that no land is cut in two.
const WEST: f64 = -169.0;
/// The map's upper edge, in degrees of latitude.
const NORTH: f64 = 78.0;
/// The map's lower edge, in degrees of latitude: just below Cape Horn, without Antarctica.
const SOUTH: f64 = -57.0;
/// Dots in a row of the land.
const COLUMNS: u32 = u128::BITS;

/// Width of the map divided by its height.
///
/// A square of dots is a square on the screen: 128 columns to 60 rows. One degree of longitude is then
/// drawn 0.8 times as wide as one of latitude is high, which is true to scale at 37 degrees north and
/// south, where many people live.
pub const ASPECT: f64 = COLUMNS as f64 / LAND.len() as f64;

/// Where a place lies on the map: x from 0 at the left to 1 at the right, y from 0 at the top to 1 at the
/// bottom.
///
/// The projection is equidistant cylindrical with its true scale at 37 degrees: x is linear in the
/// longitude and y in the latitude. What lies north or south of the map gives a y outside 0 to 1.
pub fn project(lat: f64, lon: f64) -> (f64, f64) {
    let east = lon - WEST;
    let turns = east / 360.0;
    (turns - libm::floor(turns), (NORTH - lat) / (NORTH - SOUTH))
}

/// The centre of each dot of land, in the coordinates of [`project`], row by row from the north-west.
pub fn land_dots() -> impl Iterator<Item = (f32, f32)> {
    (0..LAND.len()).flat_map(|row| {
        let y = (row as f32 + 0.5) / LAND.len() as f32;
        (0..COLUMNS)
            .filter(move |&column| is_land(row, column))
            .map(move |column| ((column as f32 + 0.5) / COLUMNS as f32, y))
    })
}

/// Whether the dot in this row and column, counted from the north-west, is land.
fn is_land(row: usize, column: u32) -> bool {
    LAND[row] >> (COLUMNS - 1 - column) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_of_the_map_are_the_corners_of_the_square() {
        assert_eq!(project(78.0, -169.0), (0.0, 0.0));
        assert_eq!(project(-57.0, 11.0), (0.5, 1.0));
        let (x, _) = project(0.0, -170.0);
        assert!(x > 0.99, "what lies west of the left edge is at the right: {x}");
    }

    #[test]
    fn about_a_third_of_the_dots_are_land() {
        let dots = land_dots().count();
        assert!((2000..2800).contains(&dots), "{dots}");
    }

    #[test]
    fn continents_are_where_they_should_be() {
        let land = |lat: f64, lon: f64| {
            let (x, y) = project(lat, lon);
            is_land((y * LAND.len() as f64) as usize, (x * f64::from(COLUMNS)) as u32)
        };
        assert!(land(39.0, -100.0), "Kansas");
        assert!(land(-15.0, -50.0), "Brazil");
        assert!(land(48.0, 10.0), "Bavaria");
        assert!(land(-25.0, 134.0), "central Australia");
        assert!(!land(30.0, -40.0), "the Atlantic");
        assert!(!land(-40.0, -120.0), "the Pacific");
        assert!(!land(-20.0, 80.0), "the Indian Ocean");
    }
}
