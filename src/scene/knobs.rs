//! What if? The numbers of the scenario that decide how long a step takes.

use super::panels::Knob;
use super::words::{number, step};
use crate::catalog::Unit;
use crate::kernel::sorted::in_order;
use crate::model::field::{Field, Kind};
use crate::model::runbook::StepName;
use crate::model::scenario::Scenario;

const TAKES: &str = "takes";

/// The numbers behind a step, as they are in a scenario: first its length, which dragging its bar changes, then what
/// changes it in another way, in the order of files. The bounds of a span share a knob, which shows their middle.
pub(super) fn knobs(scenario: &Scenario, step: StepName) -> Vec<Knob> {
    let mut rows: Vec<(&str, Vec<&str>, &Field)> = Vec::new();
    for (place, field) in Scenario::settings() {
        let label = if field.spans.contains(&step) { TAKES } else { field.label };
        if label != TAKES && !field.shapes.contains(&step) {
            continue;
        }
        match rows.iter_mut().find(|(known, ..)| *known == label) {
            Some((_, places, _)) => places.push(place),
            None => rows.push((label, vec![place], field)),
        }
    }
    let rows = in_order(rows, |(label, ..)| [f64::from(*label != TAKES), 0.0]);
    let knob = |(label, places, field): (&'static str, Vec<&'static str>, &Field)| {
        let (least, most) = scenario.limits(&places)?;
        let at = |index: usize| Some(scenario.number(places[index])?.0);
        let value = match places.len() {
            3 => at(1)?,
            count => (at(0)? + at(count - 1)?) / 2.0,
        };
        Some(Knob { label, places, value, least, most, unit: unit(field), length: label == TAKES })
    };
    rows.into_iter().filter_map(knob).collect()
}

/// The unit behind a knob. Labels of factors say "times".
const fn unit(field: &Field) -> &'static str {
    match field.kind {
        Kind::Number(Unit::Factor) => "",
        Kind::Number(_) | Kind::Optional(_) | Kind::Whole | Kind::Part(_) | Kind::List(_) | Kind::Other => {
            field.unit()
        }
    }
}

/// What was changed by hand: "decide takes 60 s". Of places that share a knob the first speaks for all.
pub(super) fn tuned_words(scenario: &Scenario, tuned: &[(String, f64)]) -> Vec<String> {
    let all: Vec<_> = StepName::ALL
        .into_iter()
        .flat_map(|name| knobs(scenario, name).into_iter().map(move |knob| (name, knob)))
        .collect();
    let mut words = Vec::new();
    for (place, value) in tuned {
        let value = number::plain(*value);
        let (label, unit) = match all.iter().find(|(_, knob)| knob.places.contains(&place.as_str())) {
            Some((_, knob)) if knob.places[0] != place => continue,
            Some((name, knob)) if knob.length => {
                words.push(format!("{} takes {value} s", step::label(*name)));
                continue;
            }
            Some((_, knob)) => (knob.label, knob.unit),
            None => scenario.number(place).map_or(("", ""), |(_, field)| (field.label, unit(field))),
        };
        let label = if label.is_empty() { place } else { label };
        words.push(format!("{label}: {value} {unit}").trim_end().into());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_names_a_step_has_a_knob_there() {
        let scenario = Scenario::default();
        for (place, field) in Scenario::settings() {
            for step in field.spans.iter().chain(field.shapes) {
                let knobs = knobs(&scenario, *step);
                let knob = knobs.iter().find(|knob| knob.places.contains(&place.as_str()));
                let knob = knob.unwrap_or_else(|| panic!("{place} has no knob at {step:?}"));
                assert_eq!(knob.length, field.spans.contains(step), "{place}");
                assert!(knob.least <= knob.value && knob.value <= knob.most, "{place}: {knob:?}");
            }
        }
    }

    #[test]
    fn bounds_of_a_span_share_a_knob_within_what_the_rest_allows() {
        let scenario = Scenario::default();
        let promote = &knobs(&scenario, StepName::Promote)[0];
        assert_eq!(promote.places.len(), 3);
        assert_eq!(promote.least, scenario.recovery.promote_restart_s.max(1.0));
        let wanted = knobs(&scenario, StepName::ScaleOut);
        assert_eq!(wanted.last().map(|knob| knob.most), Some(f64::from(scenario.servers.most)));
    }
}
