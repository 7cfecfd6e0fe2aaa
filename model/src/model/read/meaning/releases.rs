//! Releases of a scenario file: names by which orders can tell them apart.

use super::Finder;
use crate::model::problem::{field, item};
use std::collections::BTreeMap;

impl Finder<'_> {
    /// Everything that is wrong with the releases.
    pub(super) fn releases(&mut self) {
        let scenario = self.scenario;
        let mut seen = BTreeMap::new();
        for (index, release) in scenario.rollout.releases.iter().enumerate() {
            let place = field(&item("rollout.releases", index), "name");
            let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
            if !release.name.chars().all(fits) {
                let allowed = "letters a to z, digits, dots and hyphens";
                self.say(&place, &[], release.name.as_str(), allowed);
            }
            if let Some(first) = seen.insert(release.name.as_str(), index) {
                let allowed = format!("each name once; this one is rollout.releases[{first}] too");
                self.say(&place, &[], release.name.as_str(), allowed);
            }
        }
    }
}
