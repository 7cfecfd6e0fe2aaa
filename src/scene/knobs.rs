//! What if? The numbers of the scenario that decide how long a step takes.

use super::headline::TELLING;
use super::panels::Knob;
use super::text::step;
use crate::decimal;
use crate::scenario::Scenario;
use crate::sim::journal::StepName;

/// A knob that is the length of the bar itself, in seconds.
fn takes(value: f64, (least, most): (f64, f64), places: &[&'static str]) -> Knob {
    Knob { label: "takes", places: places.to_vec(), value, least, most, unit: "s", length: true }
}

/// The same, for a length that lies somewhere between two numbers: both get the value.
fn takes_between(ends: (f64, f64), range: (f64, f64), places: [&'static str; 2]) -> Knob {
    takes((ends.0 + ends.1) / 2.0, range, &places)
}

/// A knob that bears on the length.
fn other(
    label: &'static str,
    place: &'static str,
    value: f64,
    (least, most): (f64, f64),
    unit: &'static str,
) -> Knob {
    Knob { label, places: vec![place], value, least, most, unit, length: false }
}

/// The numbers behind a step; the first is what dragging its bar changes, where that is its length.
pub(super) fn knobs(scenario: &Scenario, step: StepName) -> Vec<Knob> {
    const DAY: (f64, f64) = (0.0, 86_400.0);
    const HOUR: (f64, f64) = (0.0, 3600.0);
    let Scenario { recovery: r, dns, database: db, backup: b, .. } = scenario;
    match step {
        StepName::Detect => detecting(scenario),
        StepName::Page => vec![takes(r.page_s, DAY, &["recovery.page_s"])],
        StepName::Triage => vec![takes(r.triage_s, DAY, &["recovery.triage_s"])],
        StepName::Decide => vec![
            takes(r.decide_s, DAY, &["recovery.decide_s"]),
            other("hesitation", "recovery.hesitation_s", r.hesitation_s, DAY, "s"),
        ],
        StepName::Fence => {
            let places = ["recovery.fence_min_s", "recovery.fence_max_s"];
            vec![takes_between((r.fence_min_s, r.fence_max_s), HOUR, places)]
        }
        StepName::Promote => {
            let places = ["recovery.promote_min_s", "recovery.promote_typical_s", "recovery.promote_max_s"];
            vec![takes(r.promote_typical_s, (r.promote_restart_s.max(1.0), 86_400.0), &places)]
        }
        StepName::ScaleOut | StepName::ReplaceServers => adding_servers(scenario),
        StepName::ChangeRecord | StepName::Pin | StepName::ReturnRecord => {
            vec![takes(dns.change_s, (0.0, 600.0), &["dns.change_s"])]
        }
        StepName::Cutover => moving(scenario),
        StepName::Validate => {
            let places = ["recovery.validate_min_s", "recovery.validate_max_s"];
            vec![takes_between((r.validate_min_s, r.validate_max_s), HOUR, places)]
        }
        StepName::ZoneFailover => {
            let places = ["database.zone_failover_min_s", "database.zone_failover_max_s"];
            vec![takes_between((db.zone_failover_min_s, db.zone_failover_max_s), (1.0, 3600.0), places)]
        }
        StepName::Rebuild | StepName::Refill => {
            let rate = db.copy_mib_per_s;
            vec![
                size(scenario),
                other("copied at", "database.copy_mib_per_s", rate, (1.0, 10_000.0), "MiB/s"),
            ]
        }
        StepName::Switchover => vec![takes(r.switchover_s, (1.0, 3600.0), &["recovery.switchover_s"])],
        StepName::BuildNetwork => {
            let places = ["recovery.network_min_s", "recovery.network_max_s"];
            vec![takes_between((r.network_min_s, r.network_max_s), DAY, places)]
        }
        StepName::CopyImage => vec![takes(b.copy_min_s, (0.0, 172_800.0), &["backup.copy_min_s"])],
        StepName::Restore => restoring(scenario),
        StepName::LoadBlocks => {
            let rate = b.load_mib_per_s;
            let loads =
                other("blocks are loaded at", "backup.load_mib_per_s", rate, (1.0, 100_000.0), "MiB/s");
            vec![loads, size(scenario)]
        }
        StepName::Rollback | StepName::Deploy => vec![takes(r.deploy_s, DAY, &["recovery.deploy_s"])],
        StepName::Rejoin => vec![takes(db.restart_s, HOUR, &["database.restart_s"])],
        StepName::SetAside | StepName::CatchUp | StepName::FetchBackup => Vec::new(),
    }
}

fn size(scenario: &Scenario) -> Knob {
    let gib = scenario.database.size_gib;
    other("size of the data", "database.size_gib", gib, (1.0, 100_000.0), "GiB")
}

fn detecting(scenario: &Scenario) -> Vec<Knob> {
    let Scenario { recovery, dns, .. } = scenario;
    let failed = dns.failure_threshold.into();
    vec![
        other("time between checks", "dns.interval_s", dns.interval_s, (1.0, 300.0), "s"),
        other("failed checks in a row", "dns.failure_threshold", failed, (1.0, 10.0), ""),
        other("alarm after", "recovery.alarm_s", recovery.alarm_s, (10.0, 86_400.0), "s"),
    ]
}

fn adding_servers(scenario: &Scenario) -> Vec<Knob> {
    let Scenario { recovery, servers, .. } = scenario;
    let boot = (servers.boot_min_s + servers.boot_max_s) / 2.0;
    let places = vec!["servers.boot_min_s", "servers.boot_max_s"];
    let most = f64::from(servers.most);
    vec![
        Knob { places, ..other("a server boots in", "", boot, (0.0, 3600.0), "s") },
        other("servers wanted", "recovery.servers", recovery.servers.into(), (1.0, most), ""),
    ]
}

fn moving(scenario: &Scenario) -> Vec<Knob> {
    let Scenario { dns, clients, .. } = scenario;
    let factor = clients.extension_factor;
    vec![
        other("time to live", "dns.ttl_s", dns.ttl_s, (0.0, 172_800.0), "s"),
        other("stubborn resolvers keep it times", "clients.extension_factor", factor, (1.0, 1000.0), ""),
    ]
}

fn restoring(scenario: &Scenario) -> Vec<Knob> {
    let backup = &scenario.backup;
    let places = ["backup.restore_min_s", "backup.restore_typical_s", "backup.restore_max_s"];
    vec![
        takes(backup.restore_typical_s, (1.0, 86_400.0), &places),
        other("a copy every", "backup.interval_s", backup.interval_s, (60.0, 604_800.0), "s"),
    ]
}

/// What was changed by hand: "decide takes 60 s". Of places that share a knob the first speaks for all.
pub(super) fn tuned_words(scenario: &Scenario, tuned: &[(String, f64)]) -> Vec<String> {
    let all: Vec<_> = TELLING
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
