//! Changes numbers of a scenario by their paths.

use crate::model::problem::Problem;
use crate::model::read::meaning::meaning;
use crate::model::scenario::Scenario;
use crate::model::setting::{Setting, Settings};

impl Scenario {
    /// The scenario with some numbers changed; each place is a path as in the messages about scenario files.
    ///
    /// # Errors
    /// What is wrong with a place or with the values, all together.
    pub fn with(&self, values: &[(String, f64)]) -> Result<Self, Vec<Problem>> {
        let (mut changed, mut problems) = (self.clone(), Vec::new());
        for (place, value) in values {
            let admitted = match changed.slot(place, &Self::FIELDS[0]) {
                Some((slot, row)) => row.admit(place, *value).map(|()| slot.set(*value)),
                None => Err(Problem::new(place, "a place", "the path of a number of the scenario")),
            };
            problems.extend(admitted.err());
        }
        if problems.is_empty() {
            // What made no sense before does not become the fault of the change.
            let before = meaning(self, &[]);
            problems = meaning(&changed, &[]);
            problems.retain(|problem| !before.contains(problem));
        }
        if problems.is_empty() { Ok(changed) } else { Err(problems) }
    }
}
