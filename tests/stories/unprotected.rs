//! The window without protection: a standby that was away while writes went on is brought level before it can take over again.

use crate::lab::Lab;
use faultline::catalog::database as facts;
use faultline::kernel::id::{RegionId, ZoneId};
use faultline::model::scenario::Scenario;
use faultline::model::{Engine, Inside};
use faultline::system::database::Status;
use faultline::system::journal::What;
use serde_json::json;

const HOME: RegionId = RegionId(0);
const SEEDS: std::ops::Range<u64> = 0..8;

/// A system of which nobody moves the work elsewhere, so that only its own region can mend it.
fn lab(engine: Engine, seed: u64) -> Lab {
    let file = json!({
        "name": "unprotected", "title": "One region on its own", "strategy": "warm-standby", "weight": 1, "horizon_s": 7200,
        "regions": [{ "code": "us-east-1", "servers": 3 }, { "code": "us-east-2", "servers": 1 }],
        "database": { "engine": engine.slug(), "keys": 99, "skew": "uniform" },
        "recovery": { "decider": "manual" },
        "clients": { "populations": [{ "city": "Washington", "requests_per_s": 3, "read_share": 0.5 }] }
    });
    let scenario = Scenario::read(&file.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"));
    Lab::new(&scenario, seed)
}

fn stands(lab: &Lab) -> (u8, Status) {
    let database = &lab.run.world().system.databases[HOME.index()];
    (database.zone, database.status)
}

fn level_at(lab: &Lab, index: u8) -> Option<f64> {
    lab.when(|what| *what == What::StandbyLevel(ZoneId { region: HOME, index }))
}

fn missing(lab: &Lab) -> u64 {
    lab.run.report().loss.counts.missing()
}

#[test]
fn a_standby_that_returns_protects_nobody_until_it_is_level() {
    let span_s = facts::STANDBY_REBUILD.value;
    for seed in SEEDS {
        let returned = || {
            let mut lab = lab(Engine::Rds, seed);
            lab.run_to(100.0).order("zone-power=us-east-1a").run_to(400.0);
            assert_eq!(stands(&lab), (1, Status::Up), "seed {seed}: the standby has taken over");
            lab.order("clear zone-power=us-east-1a");
            lab
        };
        let (mut lab, mut too_soon) = (returned(), returned());
        lab.run_to(410.0 + span_s).order("primary-database=us-east-1").run_to(540.0 + span_s);
        assert_eq!(level_at(&lab, 0), Some(400.0 + span_s), "seed {seed}");
        assert_eq!((stands(&lab), missing(&lab)), ((0, Status::Up), 0), "seed {seed}");
        // Within that time a second failure finds nobody who has every commit.
        too_soon.run_to(390.0 + span_s).order("primary-database=us-east-1").run_to(2000.0 + span_s);
        assert_eq!((level_at(&too_soon, 0), stands(&too_soon)), (None, (1, Status::Down)), "seed {seed}");
        too_soon.order("clear primary-database=us-east-1").run_to(2100.0 + span_s);
        assert_eq!((stands(&too_soon), missing(&too_soon)), ((1, Status::Up), 0), "seed {seed}");
        // The span begins anew once the instance answers.
        too_soon.run_to(4000.0);
        let restarted_s = too_soon.when(|what| *what == What::DatabaseRestarted(HOME)).expect("a restart");
        assert_eq!(level_at(&too_soon, 0), Some(restarted_s + span_s), "seed {seed}");
    }
}

#[test]
fn a_reader_of_a_volume_has_only_to_start() {
    for engine in [Engine::AuroraGlobal, Engine::DocumentdbGlobal] {
        assert_eq!(engine.forms()[0].inside, Inside::Volume);
        for seed in SEEDS {
            let mut lab = lab(engine, seed);
            lab.run_to(100.0).order("zone-power=us-east-1a").run_to(300.0);
            lab.order("clear zone-power=us-east-1a").run_to(300.0 + facts::RESTART.value + 1.0);
            assert_eq!(level_at(&lab, 0), Some(300.0 + facts::RESTART.value), "seed {seed}");
            lab.order("primary-database=us-east-1").run_to(430.0);
            assert_eq!((stands(&lab), missing(&lab)), ((0, Status::Up), 0), "{}, seed {seed}", engine.slug());
        }
    }
}

#[test]
fn of_two_that_are_lost_only_one_with_every_commit_goes_on() {
    for seed in SEEDS {
        // The writer first: nothing is committed after that, so the standby has everything when it is lost too.
        let mut both = lab(Engine::Rds, seed);
        both.run_to(100.0).order("zone-power=us-east-1a").run_to(105.0).order("zone-power=us-east-1b");
        both.run_to(300.0).order("clear zone-power=us-east-1b").run_to(400.0);
        assert_eq!((stands(&both), missing(&both)), ((1, Status::Up), 0), "seed {seed}");
        // The standby first: the writer goes on for half a minute, and only the writer has those commits.
        let mut writer = lab(Engine::Rds, seed);
        writer.run_to(100.0).order("zone-power=us-east-1b").run_to(130.0).order("zone-power=us-east-1a");
        writer.run_to(300.0).order("clear zone-power=us-east-1b").run_to(900.0);
        assert_eq!(stands(&writer), (0, Status::Down), "seed {seed}");
        writer.order("clear zone-power=us-east-1a").run_to(1000.0);
        assert_eq!((stands(&writer), missing(&writer)), ((0, Status::Up), 0), "seed {seed}");
    }
}
