//! Placement rules: laws about where data may be held.

use crate::model::table::settings;

settings! {
    /// A law, or a rule of one's own, about the regions that may hold data: databases, copies and backups. Where clients are,
    /// and which servers pass their requests on, is not what it is about.
    pub struct PlacementRule given {
        /// The name by which it is told if something is refused because of it: "GDPR".
        law: String, length 1..=40;
        /// The partition that it binds, by the region that is its home at the start, if keys have homes; empty: all data.
        #[serde(default = "PlacementRule::partition")]
        partition: String = "", length ..=20;
        /// The continent whose regions may hold the data: Africa, Asia, Europe, North America, Oceania or South America. It is
        /// named by geography alone: London and Zurich are in Europe, whatever a law says of them.
        #[serde(default = "PlacementRule::continent")]
        continent: String = "", length ..=20;
        /// The regions of the catalog that may hold the data, if no continent is named.
        #[serde(default = "PlacementRule::regions")]
        regions: Vec<String> = Vec::new(), length ..=40;
    }
}
