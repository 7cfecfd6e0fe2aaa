//! What if? The numbers of the scenario that decide how long a step takes.

use super::headline::TELLING;
use super::panels::Knob;
use super::text::step;
use crate::decimal;
use crate::scenario::Scenario;
use crate::sim::journal::StepName;

/// The numbers behind a step; the first is what dragging its bar changes, where that is its length.
pub(super) fn knobs(scenario: &Scenario, step: StepName) -> Vec<Knob> {
    let Scenario { recovery, dns, servers, database, backup, clients, .. } = scenario;
    let takes = |value: f64, least: f64, most: f64, places: &[&'static str]| Knob {
        label: "takes",
        places: places.to_vec(),
        value,
        least,
        most,
        unit: "s",
        length: true,
    };
    let other = |label: &'static str, place: &'static str, value: f64, (least, most): (f64, f64), unit| {
        Knob { label, places: vec![place], value, least, most, unit, length: false }
    };
    let size = || other("size of the data", "database.size_gib", database.size_gib, (1.0, 100_000.0), "GiB");
    let copying =
        || other("copied at", "database.copy_mib_per_s", database.copy_mib_per_s, (1.0, 10_000.0), "MiB/s");
    let middle = |least: f64, most: f64| (least + most) / 2.0;
    match step {
        StepName::Detect => vec![
            other("time between checks", "dns.interval_s", dns.interval_s, (1.0, 300.0), "s"),
            other(
                "failed checks in a row",
                "dns.failure_threshold",
                dns.failure_threshold.into(),
                (1.0, 10.0),
                "",
            ),
            other("alarm after", "recovery.alarm_s", recovery.alarm_s, (10.0, 86_400.0), "s"),
        ],
        StepName::Page => vec![takes(recovery.page_s, 0.0, 86_400.0, &["recovery.page_s"])],
        StepName::Triage => vec![takes(recovery.triage_s, 0.0, 86_400.0, &["recovery.triage_s"])],
        StepName::Decide => vec![
            takes(recovery.decide_s, 0.0, 86_400.0, &["recovery.decide_s"]),
            other("hesitation", "recovery.hesitation_s", recovery.hesitation_s, (0.0, 86_400.0), "s"),
        ],
        StepName::Fence => {
            let places = ["recovery.fence_min_s", "recovery.fence_max_s"];
            vec![takes(middle(recovery.fence_min_s, recovery.fence_max_s), 0.0, 3600.0, &places)]
        }
        StepName::Promote => {
            let places = ["recovery.promote_min_s", "recovery.promote_typical_s", "recovery.promote_max_s"];
            vec![takes(recovery.promote_typical_s, recovery.promote_restart_s.max(1.0), 86_400.0, &places)]
        }
        StepName::ScaleOut | StepName::ReplaceServers => {
            let boot = middle(servers.boot_min_s, servers.boot_max_s);
            let places = vec!["servers.boot_min_s", "servers.boot_max_s"];
            vec![
                Knob { places, ..other("a server boots in", "", boot, (0.0, 3600.0), "s") },
                other(
                    "servers wanted",
                    "recovery.servers",
                    recovery.servers.into(),
                    (1.0, f64::from(servers.most)),
                    "",
                ),
            ]
        }
        StepName::ChangeRecord | StepName::Pin | StepName::ReturnRecord => {
            vec![takes(dns.change_s, 0.0, 600.0, &["dns.change_s"])]
        }
        StepName::Cutover => vec![
            other("time to live", "dns.ttl_s", dns.ttl_s, (0.0, 172_800.0), "s"),
            other(
                "stubborn resolvers keep it times",
                "clients.extension_factor",
                clients.extension_factor,
                (1.0, 1000.0),
                "",
            ),
        ],
        StepName::Validate => {
            let places = ["recovery.validate_min_s", "recovery.validate_max_s"];
            vec![takes(middle(recovery.validate_min_s, recovery.validate_max_s), 0.0, 3600.0, &places)]
        }
        StepName::ZoneFailover => {
            let places = ["database.zone_failover_min_s", "database.zone_failover_max_s"];
            vec![takes(
                middle(database.zone_failover_min_s, database.zone_failover_max_s),
                1.0,
                3600.0,
                &places,
            )]
        }
        StepName::Rebuild | StepName::Refill => vec![size(), copying()],
        StepName::Switchover => vec![takes(recovery.switchover_s, 1.0, 3600.0, &["recovery.switchover_s"])],
        StepName::BuildNetwork => {
            let places = ["recovery.network_min_s", "recovery.network_max_s"];
            vec![takes(middle(recovery.network_min_s, recovery.network_max_s), 0.0, 86_400.0, &places)]
        }
        StepName::CopyImage => vec![takes(backup.copy_min_s, 0.0, 172_800.0, &["backup.copy_min_s"])],
        StepName::Restore => {
            let places = ["backup.restore_min_s", "backup.restore_typical_s", "backup.restore_max_s"];
            vec![
                takes(backup.restore_typical_s, 1.0, 86_400.0, &places),
                other("a copy every", "backup.interval_s", backup.interval_s, (60.0, 604_800.0), "s"),
            ]
        }
        StepName::LoadBlocks => vec![
            other(
                "blocks are loaded at",
                "backup.load_mib_per_s",
                backup.load_mib_per_s,
                (1.0, 100_000.0),
                "MiB/s",
            ),
            size(),
        ],
        StepName::Rollback | StepName::Deploy => {
            vec![takes(recovery.deploy_s, 0.0, 86_400.0, &["recovery.deploy_s"])]
        }
        StepName::Rejoin => vec![takes(database.restart_s, 0.0, 3600.0, &["database.restart_s"])],
        StepName::SetAside | StepName::CatchUp | StepName::FetchBackup => Vec::new(),
    }
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
