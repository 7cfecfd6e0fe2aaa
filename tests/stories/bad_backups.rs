//! Backups that go wrong as they do: gone with the database, never made, empty, in the reach of an intruder.

use crate::lab::{Lab, calm, in_haste};
use faultline::kernel::id::RegionId;
use faultline::model::MadeBy;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Gib, Rate, Span, Throughput};
use faultline::run::report::{BackupReport, Report};
use faultline::system::backups::{Worth, spans_s};
use faultline::system::journal::What;

const HOME: RegionId = RegionId(0);
const OTHER: RegionId = RegionId(1);
const DAY: f64 = 86_400.0;

/// Backup and restore with automated backups of the service, a little work, and nobody who takes long.
fn automated(copies: bool) -> Scenario {
    let mut scenario = in_haste(calm(Strategy::BackupRestore));
    (scenario.backup.made_by, scenario.backup.interval_s) = (MadeBy::Service, Span(DAY));
    (scenario.backup.copies, scenario.database.size_gib) = (copies, Gib(20.0));
    scenario.recovery.page_s = Span(60.0);
    for people in &mut scenario.clients.populations {
        people.requests_per_s = Rate(1.0);
    }
    scenario
}

fn deleted(scenario: &Scenario, before: &[&str]) -> Lab {
    let mut lab = Lab::new(scenario, 3);
    lab.run_to(600.0);
    for order in before {
        lab.order(order);
    }
    lab.run_to(3600.0).order("instance-deleted=us-east-1").run_to(14_000.0);
    lab
}

fn backups(report: &Report, region: &str) -> Option<BackupReport> {
    report.backups.iter().find(|backup| backup.region == region).cloned()
}

#[test]
fn automated_backups_go_with_their_instance_and_with_them_everything() {
    let lab = deleted(&automated(false), &[]);
    assert!(lab.when(|what| matches!(what, What::DatabaseDeleted(_, 7..))).is_some());
    let report = lab.run.report();
    assert!(report.loss.counts.everything, "{:?}", report.loss.counts);
    assert_eq!(lab.incident().restored_s, None);
    assert_eq!(backups(&report, "us-east-1"), None, "none is left");
    assert_eq!(lab.served(3700.0, 14_000.0), 0, "there is no database, whatever is mended");
}

#[test]
fn clearing_the_fault_or_power_does_not_bring_a_deleted_database_back() {
    let mut lab = deleted(&automated(false), &[]);
    lab.order("zone-power=us-east-1a").run_to(14_100.0).order("clear zone-power=us-east-1a");
    lab.order("primary-database=us-east-1").order("clear primary-database=us-east-1");
    lab.order("clear instance-deleted=us-east-1").run_to(15_000.0);
    assert_eq!(lab.served(14_000.0, 15_000.0), 0);
    assert!(lab.run.world().system.is_deleted(HOME));
}

#[test]
fn what_is_kept_apart_from_the_instance_brings_it_back_where_it_was() {
    let (mut retained, mut planned) = (automated(false), automated(false));
    retained.backup.retained = true;
    planned.backup.made_by = MadeBy::Plan;
    let by_hand = automated(false);
    // How far the log reaches back, or the snapshot that somebody took at 600 s.
    for (scenario, before, most_s) in [
        (&retained, &[] as &[&str], 300.0),
        (&planned, &[], 300.0),
        (&by_hand, &["snapshot=us-east-1"], 3000.0),
    ] {
        let lab = deleted(scenario, before);
        let incident = lab.incident();
        assert!(incident.restored_s.is_some(), "{before:?}: {incident:?}");
        assert_eq!(lab.run.world().system.ownership.primary(), HOME, "restored in place: {before:?}");
        let rpo_s = incident.rpo_s.expect("a backup is left");
        assert!((most_s - 310.0..=most_s + 1.0).contains(&rpo_s), "{before:?}: {rpo_s} s");
        assert!(incident.lost_writes > 0 && !lab.run.world().system.is_deleted(HOME), "{incident:?}");
        assert_eq!(lab.failed(13_000.0, 14_000.0), 0, "{before:?}");
        // 24 writes in 100 requests, as calm scenarios have them: what is missing is what was written since.
        let lost = incident.lost_writes as f64;
        let writes_per_s = lab.run.world().observer.ledger.len() as f64 / 14_000.0;
        assert!(lost <= (rpo_s + 60.0) * writes_per_s * 1.3 + 5.0, "{lost} of {writes_per_s} a second");
    }
}

#[test]
fn copies_elsewhere_survive_and_are_brought_back() {
    let lab = deleted(&automated(true), &[]);
    let incident = lab.incident();
    assert!(incident.restored_s.is_some(), "{incident:?}");
    assert_eq!(lab.run.world().system.ownership.primary(), HOME, "the region is well, and serves");
    assert!(lab.span("fetch-backup") >= 900.0, "a copy to another region takes as long: {incident:?}");
    assert!(incident.restore_point_age_s.is_some_and(|age| age > 900.0), "as old as a copy: {incident:?}");
    assert_eq!(lab.failed(13_000.0, 14_000.0), 0);
}

#[test]
fn a_copy_that_follows_takes_over_and_fills_the_region_again() {
    for strategy in [Strategy::PilotLight, Strategy::WarmStandby] {
        let mut scenario = in_haste(calm(strategy));
        scenario.database.size_gib = Gib(5.0);
        scenario.recovery.page_s = Span(60.0);
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(600.0).order("instance-deleted=us-east-1").run_to(4000.0);
        let incident = lab.incident();
        let told = format!("{strategy:?}: {incident:?}");
        assert!(incident.restored_s.is_some(), "{told}");
        assert_eq!(lab.run.world().system.ownership.primary(), OTHER, "{told}");
        assert!(incident.rpo_s.is_some_and(|rpo_s| rpo_s < 5.0), "what had not left is gone: {told}");
        assert_eq!(incident.restore_point_age_s, None, "no backup was needed: {told}");
        lab.order("fail-back").run_to(9000.0);
        assert_eq!(lab.run.world().system.ownership.primary(), HOME, "{told}");
        let none = lab.entries(|what| matches!(what, What::WritesSetAside(_))).count();
        assert_eq!(none, 0, "a database that was deleted has nothing to set aside: {told}");
        assert_eq!(lab.failed(8500.0, 9000.0), 0, "{told}");
    }
}

#[test]
fn empty_snapshots_are_found_out_one_after_the_other_when_they_are_needed() {
    // GitLab, January 2017: the dumps had been empty for long, and a snapshot that somebody had taken six hours before was all.
    let mut scenario = automated(false);
    (scenario.backup.made_by, scenario.backup.interval_s) = (MadeBy::Plan, Span(3600.0));
    (scenario.backup.point_in_time, scenario.backup.empty_for_s) = (false, Span(30.0 * DAY));
    (scenario.backup.restore_min_s, scenario.backup.restore_typical_s) = (Span(600.0), Span(900.0));
    scenario.backup.restore_max_s = Span(1800.0);
    let run = |tested: bool| {
        let mut scenario = scenario.clone();
        scenario.backup.tested = tested;
        let mut lab = Lab::new(&scenario, 5);
        lab.run_to(600.0).order("snapshot=us-east-1");
        lab.run_to(22_200.0).order("mass-delete=us-east-1").run_to(45_000.0);
        let found = lab.entries(|what| matches!(what, What::BackupFoundEmpty(_)));
        let late = found.filter(|entry| entry.at.secs() > 22_200.0).count();
        (late, lab.incident(), lab.run.report())
    };
    let (late, incident, report) = run(false);
    let rpo_s = incident.rpo_s.expect("there is the one by hand");
    assert!((21_500.0..=21_600.0).contains(&rpo_s), "six hours are gone: {incident:?}");
    assert!((5..=6).contains(&late), "each that is newer than the one by hand is tried first: {late}");
    let restored_s = incident.restored_s.expect("restored") - 22_200.0;
    assert!(restored_s > 600.0 * (late + 1) as f64, "each of {late} takes a restore: {restored_s} s");
    let home = backups(&report, "us-east-1").expect("some are whole");
    assert!(home.empty == home.snapshots - 1 && home.newest_good_s > Some(home.newest_s), "{home:?}");
    let (_, tested, _) = run(true);
    let sooner_s = restored_s - (tested.restored_s.expect("restored") - 22_200.0);
    assert!(sooner_s > 600.0 * (late - 1) as f64, "tests have found them all but the last: {sooner_s} s");
}

#[test]
fn an_empty_snapshot_that_is_newest_costs_a_restore_and_a_round_of_the_plan() {
    let mut scenario = automated(false);
    (scenario.backup.made_by, scenario.backup.interval_s) = (MadeBy::Plan, Span(3600.0));
    (scenario.backup.point_in_time, scenario.backup.window_s) = (false, Span(0.0));
    (scenario.backup.restore_min_s, scenario.backup.restore_typical_s) = (Span(600.0), Span(900.0));
    scenario.backup.restore_max_s = Span(1800.0);
    let run = |empty: bool| {
        let mut lab = Lab::new(&scenario, 9);
        lab.run_to(60.0);
        if empty {
            lab.order("backup-empty");
        }
        lab.run_to(9000.0);
        if empty {
            // That mends the job, and nothing that it has made.
            lab.order("clear backup-empty");
        }
        lab.order("mass-delete=us-east-1").run_to(30_000.0);
        assert_eq!(crate::laws::unlisted(&lab.run), []);
        let found = lab.entries(|what| matches!(what, What::BackupFoundEmpty(_))).count();
        (lab.run.report().incidents.pop().expect("the deletion"), found)
    };
    let ((whole, none), (empty, found)) = (run(false), run(true));
    assert_eq!(none, 0);
    // Those of the run are empty; the one before the start is not.
    assert!((2..=3).contains(&found), "{found}");
    let age = |incident: &faultline::run::report::incidents::IncidentReport| {
        incident.restore_point_age_s.expect("restored")
    };
    assert!((age(&empty) - age(&whole) - 3600.0 * found as f64).abs() < 60.0, "{whole:?}, {empty:?}");
    let span = |it: &faultline::run::report::incidents::IncidentReport| it.restored_s.expect("restored");
    assert!(
        span(&empty) > span(&whole) + 600.0 * found as f64 - 1200.0,
        "{} s, {} s",
        span(&empty),
        span(&whole)
    );
}

#[test]
fn a_job_that_fails_is_seen_by_the_age_of_the_last_good_one_alone() {
    let mut scenario = automated(true);
    (scenario.backup.made_by, scenario.backup.interval_s) = (MadeBy::Plan, Span(3600.0));
    scenario.backup.failed_for_s = Span(2.0 * DAY);
    scenario.backup.retention_s = Span(10.0 * DAY);
    let mut lab = Lab::new(&scenario, 2);
    lab.run_to(7200.0);
    assert!(lab.when(|what| matches!(what, What::BackupTaken { .. })).is_none(), "nothing is made");
    assert!(lab.run.report().backups.is_empty(), "of what is two days old only twelve rounds are looked at");
    let mut scenario = automated(true);
    for people in &mut scenario.clients.populations {
        people.requests_per_s = Rate(0.02);
    }
    let mut lab = Lab::new(&scenario, 2);
    lab.run_to(60.0).order("backup-job").run_to(2.0 * DAY);
    let home = backups(&lab.run.report(), "us-east-1").expect("from before");
    assert!(home.overdue && home.newest_s > DAY && home.empty == 0, "{home:?}");
    assert!(lab.run.report().outages.is_empty(), "nobody notices");
    lab.order("clear backup-job").run_to(3.5 * DAY);
    let home = backups(&lab.run.report(), "us-east-1").expect("made again");
    assert!(!home.overdue && home.newest_s < DAY + 700.0, "{home:?}");
}

#[test]
fn an_intruder_cannot_delete_what_is_in_another_account() {
    let run = |other: bool| {
        let mut scenario = automated(true);
        scenario.backup.made_by = MadeBy::Plan;
        (scenario.backup.locked, scenario.backup.other_account) = (false, other);
        let mut lab = Lab::new(&scenario, 4);
        lab.run_to(3600.0).order("ransomware=us-east-1").run_to(20_000.0);
        lab
    };
    let (open, apart) = (run(false), run(true));
    assert!(open.run.report().loss.counts.everything && open.incident().restored_s.is_none());
    let incident = apart.incident();
    assert!(incident.restored_s.is_some() && !apart.run.report().loss.counts.everything, "{incident:?}");
    assert_eq!(apart.ruined(), [0, 0], "{incident:?}");
    // The copy is brought back first: a quarter of an hour at least.
    assert!(apart.span("fetch-backup") >= 900.0, "{}", apart.span("fetch-backup"));
    assert_eq!(apart.failed(19_000.0, 20_000.0), 0);
}

#[test]
fn a_copy_under_another_key_is_a_copy_of_the_whole() {
    let mut scenario = automated(true);
    (scenario.database.size_gib, scenario.backup.copy_mib_per_s) = (Gib(500.0), Throughput(50.0));
    let span = |scenario: &Scenario| spans_s(Lab::new(scenario, 1).run.plan(), 1024.0).1;
    assert!((span(&scenario) - 900.0).abs() < 1e-9, "a gibibyte has changed: the least time counts");
    scenario.backup.other_key = true;
    assert!((span(&scenario) - 10_240.0).abs() < 1e-6, "500 GiB at 50 MiB/s");
}

#[test]
fn a_snapshot_that_is_tested_is_known_to_be_empty_when_the_test_has_run() {
    let mut scenario = automated(false);
    (scenario.backup.made_by, scenario.backup.interval_s) = (MadeBy::Plan, Span(3600.0));
    (scenario.backup.tested, scenario.backup.restore_typical_s) = (true, Span(1200.0));
    scenario.backup.restore_max_s = Span(1800.0);
    let mut lab = Lab::new(&scenario, 8);
    lab.run_to(60.0).order("backup-empty").run_to(9000.0);
    let shelf = &lab.run.world().system.backups.shelf;
    let empties: Vec<u16> = shelf.iter().filter(|it| it.worth == Worth::FoundEmpty).map(|it| it.id).collect();
    let at = |wanted: What| lab.when(|what| *what == wanted);
    assert!(!empties.is_empty(), "two were made");
    for snapshot in empties {
        let whole_s = at(What::BackupTaken { region: HOME, snapshot }).expect("whole");
        let found_s = at(What::BackupFoundEmpty(snapshot)).expect("a line");
        assert!((found_s - whole_s - 1200.0).abs() < 1.0, "{snapshot}: {whole_s} s, {found_s} s");
    }
}
