//! Continents, as Amazon Route 53 knows them. Source: Route 53 API Reference, "GeoLocation", `ContinentCode`; documented.
//!
//! A continent is no jurisdiction: London and Zurich are in Europe, and not in the European Union.

use crate::kernel::kinds::kinds;

kinds! {
    /// A continent on which there are regions.
    pub enum Continent {
        /// From Morocco to South Africa.
        Africa = "Africa",
        /// From Israel to Japan.
        Asia = "Asia",
        /// From Portugal to the Urals, with the British Isles and Switzerland.
        Europe = "Europe",
        /// From Canada to Panama.
        NorthAmerica = "North America",
        /// Australia, New Zealand and the Pacific islands.
        Oceania = "Oceania",
        /// From Colombia to Chile.
        SouthAmerica = "South America",
    }
}
