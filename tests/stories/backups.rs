//! Snapshots on a schedule, their copies elsewhere, the log between them, and what an outage finds of all that.

use crate::lab::{Lab, assert_close, calm, in_haste, mean};
use faultline::kernel::id::RegionId;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Gib, Rate, Share, Span};
use faultline::model::{Engine, StorageClass};
use faultline::system::backups::{Begun, Copying, incremental_mib, spans_s};
use faultline::system::journal::What;
use faultline::system::refusal::Refusal;

const HOME: RegionId = RegionId(0);
const OTHER: RegionId = RegionId(1);

/// Backup and restore where only the age of the backup matters: no window, and nobody takes long.
fn punctual() -> Scenario {
    let mut scenario = in_haste(calm(Strategy::BackupRestore));
    scenario.backup.window_s = Span(0.0);
    scenario
}

/// How old the restored moment was when the region went dark, a minute after the start.
fn age_at_outage(scenario: &Scenario, seed: u64) -> f64 {
    let mut lab = Lab::new(scenario, seed);
    lab.run_to(60.0).order("region-dark=us-east-1").run_to(150.0);
    lab.incident().restore_point_age_s.unwrap_or_else(|| panic!("seed {seed}: {:?}", lab.incident()))
}

/// How long a snapshot and its copy take together, in seconds.
fn copy_time(scenario: &Scenario) -> f64 {
    let lab = Lab::new(scenario, 0);
    let (snapshot_s, copy_s) = spans_s(lab.run.plan(), incremental_mib(lab.run.plan()));
    snapshot_s + copy_s
}

#[test]
fn the_recovery_point_is_the_copy_time_and_half_an_interval_and_at_worst_a_whole_one() {
    let scenario = punctual();
    let (interval, copy) = (scenario.backup.interval_s, copy_time(&scenario));
    assert_close("copy time", copy, 900.0 + 5.0 * 1024.0 / 6.0 / 100.0, 0.001);
    let ages: Vec<f64> = (0..2000).map(|seed| age_at_outage(&scenario, seed)).collect();
    assert_close("expected recovery point", mean(&ages), copy + interval / 2.0, 0.03);
    let (least, most) = ages.iter().fold((f64::MAX, 0.0_f64), |(l, m), age| (l.min(*age), m.max(*age)));
    assert!(least >= copy - 1.0 && least < copy + interval * 0.01, "at best the copy time {copy}: {least}");
    assert!(most <= copy + interval + 1.0, "at worst the copy time and an interval: {most}");
    println!("mean {:.0} s, least {least:.0} s, most {most:.0} s", mean(&ages));
    assert!(most > copy + interval * 0.99, "and that happens: {most}");
}

#[test]
fn what_is_reported_as_lost_is_what_was_written_since() {
    let mut scenario = punctual();
    for population in &mut scenario.clients.populations {
        population.requests_per_s = Rate(1.0);
    }
    let mut lab = Lab::new(&scenario, 7);
    lab.run_to(60.0).order("region-dark=us-east-1").run_to(150.0);
    let incident = lab.incident();
    let age = incident.restore_point_age_s.expect("restored");
    assert_eq!(incident.rpo_s, Some(age));
    // Twelve requests a second, of which a tenth writes.
    assert_close("lost writes", incident.lost_writes as f64, 1.2 * age, 0.05);
    assert_eq!(lab.run.report().consistency.lost_writes, incident.lost_writes);
}

#[test]
fn a_copy_that_has_not_arrived_does_not_exist_in_the_other_region() {
    let mut scenario = punctual();
    scenario.backup.point_in_time = false;
    let seed = (0..200)
        .find(|seed| {
            let lab = Lab::new(&scenario, *seed);
            lab.run
                .world()
                .system
                .backups
                .shelf
                .iter()
                .any(|snapshot| matches!(snapshot.copy, Copying::UnderWay(parts) if parts.all > 200))
        })
        .expect("a copy is under way at some start");
    let mut lab = Lab::new(&scenario, seed);
    lab.run_to(60.0);
    let point = |lab: &Lab, region| {
        let point = lab.run.world().system.best_point(region, None, lab.run.now());
        point.expect("a backup").shows_us as f64 / 1e6
    };
    let (here, there) = (point(&lab, HOME), point(&lab, OTHER));
    assert_close("an older one is there", here - there, *scenario.backup.interval_s, 0.001);
    lab.order("region-dark=us-east-1").run_to(4000.0);
    assert_eq!(point(&lab, OTHER), there, "it never arrives from a dark region");
    assert_eq!(lab.incident().restore_point_age_s, Some(60.0 - there));
    let stalled = lab
        .run
        .world()
        .system
        .backups
        .shelf
        .iter()
        .any(|snapshot| matches!(snapshot.copy, Copying::Stalled(_)));
    assert!(stalled, "it stands still");
}

#[test]
fn copies_that_stand_still_make_the_recovery_point_older_and_nobody_notices() {
    let mut scenario = punctual();
    scenario.backup.interval_s = Span(3600.0);
    let age = |fault: Option<&str>| {
        let mut lab = Lab::new(&scenario, 3);
        if let Some(fault) = fault {
            lab.order(fault);
        }
        lab.run_to(4.0 * 3600.0);
        assert_eq!(lab.run.report().requests.failed, 0);
        lab.order("region-dark=us-east-1").run_to(4.0 * 3600.0 + 120.0);
        let incidents = lab.run.report().incidents;
        incidents.last().expect("an outage").restore_point_age_s.expect("restored")
    };
    let (calm, stalled) = (age(None), age(Some("backup-copy")));
    assert!(calm <= copy_time(&scenario) + 3600.0 + 1.0, "{calm}");
    assert!(stalled > 4.0 * 3600.0, "nothing arrived since the start: {stalled}");
    let mut lab = Lab::new(&scenario, 3);
    lab.order("backup-copy").run_to(2.0 * 3600.0).order("clear backup-copy").run_to(2.0 * 3600.0 + 1000.0);
    let copied = lab.entries(|what| matches!(what, What::BackupCopied { .. })).count();
    assert!(copied >= 2, "what stood still arrives a copy time later: {copied}");
}

#[test]
fn a_database_without_the_tag_has_no_backup_and_waits_for_its_region() {
    let mut scenario = punctual();
    scenario.backup.tagged = false;
    let mut lab = Lab::new(&scenario, 1);
    lab.run_to(60.0).order("region-dark=us-east-1").run_to(3600.0);
    assert_eq!(lab.waits_for("fetch-backup").as_deref(), Some("no-backup=eu-west-1"));
    assert_eq!(lab.incident().restored_s, None);
    lab.order("clear region-dark=us-east-1").run_to(4800.0);
    let incident = lab.incident();
    assert!(incident.restored_s.is_some(), "the data was never gone: {incident:?}");
    assert_eq!((incident.lost_writes, incident.restore_point_age_s), (0, None));
    assert_eq!(lab.run.world().system.ownership.primary(), HOME);
    assert!(incident.steps().all(|step| step.end_s.is_some()), "nothing goes on: {incident:?}");
}

#[test]
fn an_archive_adds_its_retrieval_to_the_recovery_time() {
    for class in [
        StorageClass::Standard,
        StorageClass::FlexibleExpedited,
        StorageClass::FlexibleStandard,
        StorageClass::FlexibleBulk,
        StorageClass::DeepStandard,
    ] {
        let mut scenario = punctual();
        // Copies are archived as objects; no service archives backups of its own.
        scenario.database.engine = Engine::SelfManaged;
        (scenario.backup.storage_class, scenario.backup.retention_s) = (class, Span(180.0 * 86_400.0));
        let (least, most) = class.retrieval_s();
        for seed in 0..4 {
            let mut lab = Lab::new(&scenario, seed);
            lab.run_to(60.0).order("region-dark=us-east-1").run_to(60.0 + most + 300.0);
            let span = lab.span("fetch-backup");
            assert!((least..=most + 1.0).contains(&span), "{class:?}: {span} s, not {least} to {most}");
        }
    }
}

#[test]
fn copies_of_the_log_bring_the_recovery_point_to_five_minutes() {
    let mut scenario = punctual();
    scenario.backup.log_copies = true;
    let ages: Vec<f64> = (0..400).map(|seed| age_at_outage(&scenario, seed)).collect();
    let most = ages.iter().fold(0.0_f64, |most, age| most.max(*age));
    assert!(most <= scenario.backup.log_interval_s, "at worst {most} s");
    assert_close("expected recovery point", mean(&ages), scenario.backup.log_interval_s / 2.0, 0.10);
}

#[test]
fn the_first_snapshot_in_a_new_region_takes_everything_and_the_next_what_has_changed() {
    let mut scenario = punctual();
    scenario.backup.interval_s = Span(7200.0);
    let mut lab = Lab::new(&scenario, 5);
    lab.run_to(60.0).order("region-dark=us-east-1").run_to(5.0 * 7200.0);
    let taken: Vec<(f64, f64)> = lab
        .run
        .world()
        .system
        .backups
        .shelf
        .iter()
        .filter(|snapshot| snapshot.region == OTHER && snapshot.whole)
        .map(|snapshot| {
            let taken = What::BackupTaken { region: OTHER, snapshot: snapshot.id };
            let whole = lab.when(|what| *what == taken).expect("an entry");
            (snapshot.mib, whole - snapshot.shows_us as f64 / 1e6)
        })
        .collect();
    assert!(taken.len() >= 3, "{taken:?}");
    assert_close("all of it", taken[0].0, scenario.database.size_gib * 1024.0, 1e-9);
    assert_close("at 100 MiB/s", taken[0].1, 5120.0, 0.001);
    for (mib, span) in &taken[1..] {
        assert_close("5 GiB a day, two hours", *mib, 5.0 * 1024.0 / 12.0, 1e-9);
        assert_close("at 100 MiB/s", *span, mib / 100.0, 0.001);
    }
}

#[test]
fn what_is_older_than_the_retention_is_gone() {
    let mut scenario = punctual();
    (scenario.backup.interval_s, scenario.backup.retention_s) = (Span(3600.0), Span(3.0 * 3600.0));
    let mut lab = Lab::new(&scenario, 5);
    for hour in 1..=8 {
        lab.run_to(f64::from(hour) * 3600.0);
        let shelf = &lab.run.world().system.backups.shelf;
        assert!((3..=4).contains(&shelf.len()), "{} snapshots", shelf.len());
        let oldest = shelf.iter().map(|snapshot| snapshot.shows_us).min().expect("a snapshot");
        assert!(oldest >= (i64::from(hour) - 4) * 3_600_000_000);
    }
}

#[test]
fn a_copy_that_fails_is_made_again() {
    let mut scenario = punctual();
    (scenario.backup.interval_s, scenario.backup.copy_failures) = (Span(3600.0), Share(0.5));
    let mut lab = Lab::new(&scenario, 2);
    lab.run_to(40.0 * 3600.0);
    let count = |lab: &Lab, fits: fn(&What) -> bool| lab.entries(fits).count();
    let copied = count(&lab, |what| matches!(what, What::BackupCopied { .. }));
    let failed = count(&lab, |what| matches!(what, What::BackupCopyDelayed { .. }));
    assert!((36..=42).contains(&copied), "every hour one arrives in the end: {copied}");
    assert!((20..=70).contains(&failed), "as many fail, on average: {failed}");
}

#[test]
fn a_locked_vault_keeps_its_backups_from_whoever_has_the_keys() {
    let scenario = punctual();
    let left = |locked| {
        let mut scenario = scenario.clone();
        scenario.backup.locked = locked;
        let mut lab = Lab::new(&scenario, 2);
        lab.run_to(60.0).order("ransomware=us-east-1");
        lab.run.world().system.backups.shelf.len()
    };
    assert_eq!(left(false), 0);
    assert!(left(true) > 3);
}

#[test]
fn the_blocks_of_a_restored_volume_come_at_their_rate_and_reading_them_waits() {
    let mut scenario = punctual();
    scenario.database.size_gib = Gib(50.0);
    let mut lab = Lab::new(&scenario, 2);
    lab.run_to(60.0).order("region-dark=us-east-1").run_to(900.0);
    assert_close("50 GiB at 100 MiB/s", lab.span("load-blocks"), 512.0, 0.01);
    assert!(lab.run.world().system.databases[1].loading.is_none());
    let restored = lab.step("restore").end_s.expect("restored");
    let mut early = Lab::new(&scenario, 2);
    early.run_to(60.0).order("region-dark=us-east-1").run_to((restored + 128.0).round());
    let share = early.run.world().system.databases[1].loading.as_ref().expect("blocks are missing").share();
    assert_close("a quarter of them", share, 0.25, 0.02);
}

#[test]
fn a_snapshot_that_somebody_took_by_hand_is_all_there_is() {
    // Nothing is backed up by a plan, as nobody has tagged the database; six hours before, a person has taken a snapshot.
    let text = r#"{ "name": "empty-dumps", "title": "One old snapshot is all there is", "strategy": "backup-restore", "weight": 5,
        "grain": 20, "horizon_s": 172800,
        "regions": [{ "code": "us-east-1", "servers": 6 }, { "code": "us-east-2", "servers": 0 }],
        "clients": { "populations": [{ "city": "New York", "requests_per_s": 100, "read_share": 0.8 }] },
        "database": { "engine": "rds", "size_gib": 310 },
        "backup": { "tagged": false, "point_in_time": false, "copies": false, "load_mib_per_s": 7,
            "restore_min_s": 600, "restore_typical_s": 900, "restore_max_s": 1800 },
        "recovery": { "decider": "person" } }"#;
    let scenario = Scenario::read(text).expect("a scenario");
    let run = |by_hand: bool| {
        let mut lab = Lab::new(&scenario, 1);
        lab.run_to(7200.0);
        if by_hand {
            lab.order("snapshot=us-east-1");
        }
        lab.run_to(28_800.0).order("mass-delete=us-east-1").run_to(100_000.0);
        lab.run.report()
    };
    let report = run(true);
    let rpo_s = report.incidents[0].rpo_s.expect("restored");
    // The first write that is lost came soon after the snapshot, the last just before the deletion.
    assert!((21_500.0..=21_600.0).contains(&rpo_s), "six hours are gone: {rpo_s} s");
    // 20 writes a second for six hours.
    let lost = report.loss.counts.missing() as f64;
    assert!((lost / (20.0 * 21_600.0) - 1.0).abs() < 0.05, "{lost}");
    let without = run(false);
    assert!(without.loss.counts.everything && without.incidents[0].restored_s.is_none());
}

#[test]
fn a_snapshot_by_hand_is_refused_where_nothing_can_be_read_and_kept_for_longer_than_the_plan_says() {
    let mut scenario = Scenario::of(Strategy::PilotLight);
    (scenario.weight, scenario.grain) = (10, 10);
    (scenario.backup.interval_s, scenario.backup.retention_s) = (Span(600.0), Span(1200.0));
    let mut lab = Lab::new(&scenario, 1);
    lab.run_to(60.0).order("snapshot=eu-west-1");
    let refused = |lab: &Lab, refusal: Refusal| {
        lab.entries(|what| matches!(what, What::OrderRefused(_, why) if *why == refusal)).count()
    };
    assert_eq!(refused(&lab, Refusal::NotThere(RegionId(1))), 1, "that is a copy");
    lab.order("control-plane=us-east-1").order("snapshot=us-east-1");
    assert_eq!(refused(&lab, Refusal::NoControlPlane(RegionId(0))), 1);
    lab.order("clear control-plane=us-east-1").order("snapshot=us-east-1").run_to(9000.0);
    let kept = |begun: Begun| {
        let shelf = &lab.run.world().system.backups.shelf;
        shelf.iter().filter(|it| it.begun == begun).map(|it| it.shows_us).min().expect("a snapshot")
    };
    assert_eq!(kept(Begun::ByHand), 60_000_000);
    assert!(kept(Begun::ByPlan) >= 7_000_000_000, "the plan's are gone after twenty minutes");
}
