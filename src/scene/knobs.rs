//! What if? The numbers of the scenario that decide how long a step takes.

use super::panels::Knob;
use super::words::step;
use crate::decimal;
use crate::model::runbook::StepName;
use crate::model::scenario::Scenario;

/// A label, a unit, and the places that get the value.
type Row = (&'static str, &'static str, &'static [&'static str]);

const TAKES: &str = "takes";
const SIZE: Row = ("size of the data", "GiB", &["database.size_gib"]);
const COPYING: Row = ("copied at", "MiB/s", &["database.copy_mib_per_s"]);
const BOOT: Row = ("a server boots in", "s", &["servers.boot_min_s", "servers.boot_max_s"]);
const WANTED: Row = ("servers wanted", "", &["recovery.servers"]);

/// The numbers behind a step; the first is what dragging its bar changes, where that is its length.
const fn rows(step: StepName) -> &'static [Row] {
    match step {
        StepName::Detect => &[
            ("time between checks", "s", &["dns.interval_s"]),
            ("failed checks in a row", "", &["dns.failure_threshold"]),
            ("alarm after", "s", &["recovery.alarm_s"]),
        ],
        StepName::Page => &[(TAKES, "s", &["recovery.page_s"])],
        StepName::Triage => &[(TAKES, "s", &["recovery.triage_s"])],
        StepName::Decide => {
            &[(TAKES, "s", &["recovery.decide_s"]), ("hesitation", "s", &["recovery.hesitation_s"])]
        }
        StepName::Fence => &[(TAKES, "s", &["recovery.fence_min_s", "recovery.fence_max_s"])],
        StepName::Promote => &[(
            TAKES,
            "s",
            &["recovery.promote_min_s", "recovery.promote_typical_s", "recovery.promote_max_s"],
        )],
        StepName::ScaleOut | StepName::ReplaceServers => &[BOOT, WANTED],
        StepName::ChangeRecord | StepName::Pin | StepName::ReturnRecord => &[(TAKES, "s", &["dns.change_s"])],
        StepName::Cutover => &[
            ("time to live", "s", &["dns.ttl_s"]),
            ("stubborn resolvers keep it times", "", &["clients.extension_factor"]),
        ],
        StepName::Validate => &[(TAKES, "s", &["recovery.validate_min_s", "recovery.validate_max_s"])],
        StepName::ZoneFailover => {
            &[(TAKES, "s", &["database.zone_failover_min_s", "database.zone_failover_max_s"])]
        }
        StepName::Rebuild | StepName::Refill => &[SIZE, COPYING],
        StepName::Switchover => &[(TAKES, "s", &["recovery.switchover_s"])],
        StepName::BuildNetwork => &[(TAKES, "s", &["recovery.network_min_s", "recovery.network_max_s"])],
        StepName::CopyImage => &[(TAKES, "s", &["backup.copy_min_s"])],
        StepName::Restore => &[
            (TAKES, "s", &["backup.restore_min_s", "backup.restore_typical_s", "backup.restore_max_s"]),
            ("a copy every", "s", &["backup.interval_s"]),
        ],
        StepName::LoadBlocks => &[("blocks are loaded at", "MiB/s", &["backup.load_mib_per_s"]), SIZE],
        StepName::Rollback | StepName::Deploy => &[(TAKES, "s", &["recovery.deploy_s"])],
        StepName::Rejoin => &[(TAKES, "s", &["database.restart_s"])],
        StepName::Rehome => &[(TAKES, "s", &["recovery.rehome_s"])],
        StepName::HandOver | StepName::SetAside | StepName::CatchUp | StepName::FetchBackup => &[],
    }
}

/// The numbers behind a step, as they are in a scenario. A span that is drawn between bounds shows its middle.
pub(super) fn knobs(scenario: &Scenario, step: StepName) -> Vec<Knob> {
    let mut own = scenario.clone();
    let mut knob = |&(label, unit, places): &Row| {
        let mut at = |place: &&'static str| own.number(place);
        let (first, least, most) = places.first().and_then(&mut at)?;
        let last = places.last().and_then(&mut at)?.0;
        let value = if places.len() == 3 { at(&places[1])?.0 } else { (first + last) / 2.0 };
        Some(Knob { label, places: places.to_vec(), value, least, most, unit, length: label == TAKES })
    };
    rows(step).iter().filter_map(&mut knob).collect()
}

/// What was changed by hand: "decide takes 60 s". Of places that share a knob the first speaks for all.
pub(super) fn tuned_words(scenario: &Scenario, tuned: &[(String, f64)]) -> Vec<String> {
    let all: Vec<_> = StepName::ALL
        .into_iter()
        .flat_map(|name| knobs(scenario, name).into_iter().map(move |knob| (name, knob)))
        .collect();
    let mut words = Vec::new();
    for (place, value) in tuned {
        let value = decimal::plain(*value);
        let known = all.iter().find(|(_, knob)| knob.places.contains(&place.as_str()));
        words.push(match known {
            Some((_, knob)) if knob.places[0] != place => continue,
            Some((name, Knob { label: "takes", .. })) => format!("{} takes {value} s", step::label(*name)),
            Some((_, knob)) if knob.unit.is_empty() => format!("{}: {value}", knob.label),
            Some((_, knob)) => format!("{}: {value} {}", knob.label, knob.unit),
            None => format!("{place} = {value}"),
        });
    }
    words
}
