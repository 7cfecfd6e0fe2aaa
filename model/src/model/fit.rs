//! Numbers of a scenario by their paths, and which of them must fit each other.

use std::sync::OnceLock;

use crate::model::field::{Field, Kind};
use crate::model::scenario::Scenario;
use crate::model::setting::{Setting, Settings};

/// How a number must stand to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Not above the other.
    AtMost,
    /// Not below the other.
    AtLeast,
}

/// Numbers that must fit each other. A message about a file is about the first.
pub const PAIRS: [(&str, Bound, &str); 17] = [
    ("backup.window_s", Bound::AtMost, "backup.interval_s"),
    ("backup.retention_s", Bound::AtLeast, "backup.interval_s"),
    ("recovery.network_min_s", Bound::AtMost, "recovery.network_max_s"),
    ("backup.restore_min_s", Bound::AtMost, "backup.restore_typical_s"),
    ("backup.restore_typical_s", Bound::AtMost, "backup.restore_max_s"),
    ("clients.backoff_base_s", Bound::AtMost, "clients.backoff_cap_s"),
    ("servers.boot_min_s", Bound::AtMost, "servers.boot_max_s"),
    ("database.zone_failover_min_s", Bound::AtMost, "database.zone_failover_max_s"),
    ("database.reader_lag_min_ms", Bound::AtMost, "database.reader_lag_max_ms"),
    ("recovery.fence_min_s", Bound::AtMost, "recovery.fence_max_s"),
    ("recovery.promote_min_s", Bound::AtMost, "recovery.promote_typical_s"),
    ("recovery.promote_typical_s", Bound::AtMost, "recovery.promote_max_s"),
    ("recovery.promote_restart_s", Bound::AtMost, "recovery.promote_min_s"),
    ("recovery.validate_min_s", Bound::AtMost, "recovery.validate_max_s"),
    ("recovery.servers", Bound::AtMost, "servers.most"),
    ("servers.least", Bound::AtMost, "servers.most"),
    ("controller.detection_s", Bound::AtLeast, "controller.poll_s"),
];

impl Scenario {
    /// Every setting that has a path whatever the file holds, in the order of files: what lists hold is left out.
    pub fn settings() -> &'static [(String, &'static Field)] {
        static ALL: OnceLock<Vec<(String, &'static Field)>> = OnceLock::new();
        ALL.get_or_init(|| {
            let mut all = Vec::new();
            collect(Self::FIELDS, "", &mut all);
            all
        })
    }

    /// The number at a path ("dns.ttl_s", "regions\[1\].servers") and its row. What may be left out and is, is not-a-number.
    pub fn number(&self, place: &str) -> Option<(f64, &'static Field)> {
        // A slot is there to be changed, so a copy lends it.
        self.clone().slot(place, Self::FIELDS.first()?).map(|(slot, row)| (slot.get(), row))
    }

    /// The least and the most that numbers may be which all get the same value, given the rest.
    pub fn limits(&self, places: &[impl AsRef<str>]) -> Option<(f64, f64)> {
        let among = |place: &str| places.iter().any(|other| other.as_ref() == place);
        let (mut least, mut most) = (f64::NEG_INFINITY, f64::INFINITY);
        for place in places {
            let (low, high) = self.number(place.as_ref())?.1.range?;
            (least, most) = (least.max(low), most.min(high));
        }
        for (first, bound, second) in PAIRS {
            let below = if bound == Bound::AtMost { [first, second] } else { [second, first] };
            match below.map(among) {
                [true, false] => most = most.min(self.number(below[1])?.0),
                [false, true] => least = least.max(self.number(below[0])?.0),
                [true, true] | [false, false] => {}
            }
        }
        Some((least, most))
    }
}

fn collect(fields: &'static [Field], path: &str, all: &mut Vec<(String, &'static Field)>) {
    for field in fields {
        let place = crate::model::problem::field(path, field.name);
        if let Kind::Part(inside) = field.kind {
            collect(inside(), &place, all);
        } else {
            all.push((place, field));
        }
    }
}
