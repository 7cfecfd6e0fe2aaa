//! How many copies answer a read or have a write: where it makes sense that there is more than one.

use super::Finder;
use crate::model::Rule;
use crate::model::scenario::{Scenario, WritePattern};

/// Why the copy that is asked answers alone in a scenario: what else decides that, and a reason; `None` if others can be asked.
pub fn why_one_copy(scenario: &Scenario) -> Option<(&'static [&'static str], String)> {
    let Scenario { database, write_pattern, .. } = scenario;
    let rules = database.engine.rules();
    if !rules.asks_copies {
        let reason = format!("{} does not let the application say how many copies answer", rules.service);
        Some((&["database.engine"], reason))
    } else if *write_pattern != WritePattern::WriteLocal {
        let reason = format!("with {} one copy takes the writes of a key", write_pattern.slug());
        Some((&["write_pattern"], reason))
    } else if database.conflict == Rule::Conditional {
        let reason = "with conditional writes every key has a home, whose copy decides alone".into();
        Some((&["database.conflict"], reason))
    } else {
        None
    }
}

impl Finder<'_> {
    /// No more copies answer than there are, and other copies than the one that is asked only where they can.
    pub(super) fn replicas(&mut self) {
        let Scenario { database, regions, .. } = self.scenario;
        let counts = [
            ("database.replicas_read", database.replicas_read),
            ("database.replicas_written", database.replicas_written),
        ];
        let why = why_one_copy(self.scenario);
        if let (Some((settings, why)), true) = (&why, database.read_repair) {
            self.say("database.read_repair", settings, true, format!("false: {why}"));
        }
        for (place, count) in counts.into_iter().filter(|(_, count)| *count > 1) {
            if let Some((settings, why)) = &why {
                self.say(place, settings, count, format!("1: {why}"));
            } else if count as usize > regions.len() {
                let allowed = format!("at most {}, as every region has one copy", regions.len());
                self.say(place, &["regions"], count, allowed);
            }
        }
    }
}
