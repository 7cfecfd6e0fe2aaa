//! A copy that is far behind is not promoted without a person: the runbook asks, and does what it is told.

use crate::lab::{Lab, coarse};
use crate::laws;
use faultline::kernel::id::RegionId;
use faultline::model::runbook::Action;
use faultline::model::{Decider, Engine, Region};
use faultline::run::report::IncidentReport;
use faultline::system::journal::What;

const SECOND: RegionId = RegionId(1);
const THIRD: RegionId = RegionId(2);

/// The link to the copy is cut for so long before its source goes dark.
fn cut_for(seconds: f64, seed: u64, decider: Decider) -> Lab {
    let mut scenario = coarse();
    scenario.recovery.decider = decider;
    let mut lab = Lab::new(&scenario, seed);
    lab.run_to(600.0).order("link-cut=us-east-1:eu-west-1").run_to(600.0 + seconds);
    lab.order("region-dark=us-east-1").run_to(1800.0);
    lab
}

fn asked(lab: &Lab) -> bool {
    lab.when(|what| matches!(what, What::Asked { region: SECOND, .. })).is_some()
}

fn promoted(lab: &Lab) -> Option<f64> {
    lab.when(|what| matches!(what, What::Promoted { region: SECOND, .. }))
}

#[test]
fn a_copy_that_is_far_behind_is_promoted_when_somebody_says_so() {
    for (seed, seconds) in [(3, 120.0), (5, 300.0), (8, 75.0)] {
        let mut lab = cut_for(seconds, seed, Decider::Automatic);
        assert!(asked(&lab) && promoted(&lab).is_none(), "seed {seed}: it waits for an answer");
        lab.order("decide=promote").run_to(3600.0);
        assert!(promoted(&lab).is_some_and(|at| at > 1800.0), "seed {seed}");
        let incident = lab.run.report().incidents.iter().find(|it| it.trigger.kind == "region-dark").cloned();
        let rpo_s = incident.and_then(|incident| incident.rpo_s).expect("known");
        assert!((seconds - 5.0..seconds + 5.0).contains(&rpo_s), "seed {seed}: what it lacks is {rpo_s} s");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn whoever_waits_loses_nothing() {
    for (seed, seconds) in [(3, 120.0), (5, 300.0)] {
        let mut lab = cut_for(seconds, seed, Decider::Automatic);
        lab.order("decide=wait").order("clear link-cut=us-east-1:eu-west-1").run_to(2400.0);
        assert!(promoted(&lab).is_none(), "seed {seed}: nothing is done");
        lab.order("clear region-dark=us-east-1").run_to(4800.0);
        let report = lab.run.report();
        assert_eq!(report.loss.counts.missing(), 0, "seed {seed}: what was dark is back");
        let (failed, served) = (lab.failed(4500.0, 4800.0), lab.served(4500.0, 4800.0));
        assert!(failed * 50 < served, "seed {seed}: the service is back: {failed} of {served}");
    }
}

#[test]
fn a_copy_that_is_close_is_promoted_unasked_and_a_persons_order_never_asks() {
    for (seed, seconds) in [(3, 20.0), (5, 40.0)] {
        let lab = cut_for(seconds, seed, Decider::Automatic);
        assert!(!asked(&lab) && promoted(&lab).is_some(), "seed {seed}: {seconds} s behind");
    }
    let mut lab = cut_for(300.0, 3, Decider::Manual);
    lab.order("fail-over=eu-west-1").run_to(3000.0);
    assert!(!asked(&lab) && promoted(&lab).is_some(), "who orders it has decided");
    lab.order("decide=wait");
    assert!(matches!(lab.record.journal.last().map(|entry| entry.what), Some(What::OrderRefused(..))));
}

#[test]
fn a_planned_move_whose_source_goes_dark_goes_on_without_it() {
    for (engine, seed, until_s) in [
        (Engine::Rds, 3, 3.0),
        (Engine::Rds, 5, 60.0),
        (Engine::AuroraGlobal, 3, 20.0),
        (Engine::AuroraGlobal, 8, 150.0),
    ] {
        let mut scenario = coarse();
        scenario.database.engine = engine;
        scenario.recovery.decider = Decider::Manual;
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(600.0).order("fail-over=eu-west-1");
        let begun = |lab: &Lab| {
            lab.run.world().operations.executions[0].steps(lab.run.plan()).any(|(step, run)| {
                matches!(step.action, Action::Fence | Action::SwitchOver) && run.progress.is_open()
            })
        };
        while !begun(&lab) {
            let next = lab.run.now().secs() + 1.0;
            assert!(next < 1500.0, "{engine:?}, seed {seed}: writes are stopped");
            lab.run_to(next);
        }
        let dark_at = lab.run.now().secs() + until_s;
        lab.run_to(dark_at).order("region-dark=us-east-1").run_to(dark_at + 1500.0);
        let serves = lab.run.world().system.ownership.primary();
        assert_eq!(serves, SECOND, "{engine:?}, seed {seed}: nobody has to be asked again");
        let (failed, served) =
            (lab.failed(dark_at + 1200.0, dark_at + 1500.0), lab.served(dark_at + 1200.0, dark_at + 1500.0));
        assert!(failed * 50 < served, "{engine:?}, seed {seed}: {failed} fail, {served} do not");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

/// Three regions, of which the first goes dark at 10 minutes and the second at a later moment.
fn dark_in_turn(seed: u64, second_s: f64) -> Lab {
    let mut scenario = coarse();
    scenario.regions.push(Region::named("us-west-2", 2));
    let mut lab = Lab::new(&scenario, seed);
    lab.run_to(600.0).order("region-dark=us-east-1").run_to(second_s);
    lab.order("region-dark=eu-west-1").run_to(second_s + 1500.0);
    lab
}

fn incident_of(lab: &Lab, target: &str) -> IncidentReport {
    let all = lab.run.report().incidents;
    all.into_iter().find(|it| it.trigger.target.as_deref() == Some(target)).expect("an incident")
}

#[test]
fn a_promotion_gives_way_when_its_region_goes_dark_and_the_third_takes_over_unasked() {
    for (seed, second_s) in [(3, 720.0), (3, 900.0), (8, 800.0)] {
        let lab = dark_in_turn(seed, second_s);
        assert_eq!(lab.run.world().system.ownership.primary(), THIRD, "seed {seed}, {second_s} s");
        assert!(lab.when(|what| matches!(what, What::Asked { .. })).is_none(), "its copy is level");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_copy_that_is_not_whole_leaves_the_one_before_and_somebody_is_asked() {
    for (seed, second_s) in [(3, 1500.0), (5, 1800.0), (8, 2300.0)] {
        let mut lab = dark_in_turn(seed, second_s);
        let taken_s =
            lab.when(|what| matches!(what, What::Promoted { region: SECOND, .. })).expect("it took over");
        let asks = lab.when(|what| matches!(what, What::Asked { region: THIRD, .. }));
        assert!(asks.is_some_and(|at| at < second_s + 120.0), "seed {seed}: {asks:?}");
        // What was written before the first fault can still be had; what eu-west-1 took alone cannot.
        let loss = lab.run.report().loss;
        let of_second = incident_of(&lab, "eu-west-1").loss.counts.out_of_reach;
        assert!(loss.present > 0 && loss.counts.lost == 0 && of_second > 0, "seed {seed}: {loss:?}");
        lab.order("decide=promote").run_to(second_s + 3600.0);
        assert_eq!(lab.run.world().system.ownership.primary(), THIRD, "seed {seed}");
        let report = incident_of(&lab, "eu-west-1");
        let (rpo_s, alone_s) = (report.rpo_s.expect("known"), second_s - taken_s);
        // From the first write that eu-west-1 took alone to its fault; clients have to find it first.
        assert!((alone_s - 60.0..=alone_s).contains(&rpo_s), "seed {seed}: {rpo_s} s of {alone_s} s");
        assert!(
            report.loss.counts.set_aside >= of_second && report.loss.counts.out_of_reach == 0,
            "seed {seed}: {report:?}"
        );
        let (failed, served) = (
            lab.failed(second_s + 3300.0, second_s + 3600.0),
            lab.served(second_s + 3300.0, second_s + 3600.0),
        );
        assert!(failed * 50 < served, "seed {seed}: {failed} fail, {served} do not");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn whoever_waits_for_the_source_of_a_new_copy_gets_it_whole() {
    for seed in [3, 5] {
        let mut lab = dark_in_turn(seed, 1800.0);
        lab.order("decide=wait").order("clear region-dark=eu-west-1").run_to(6000.0);
        assert_eq!(lab.run.world().system.ownership.primary(), SECOND, "seed {seed}");
        assert_eq!(incident_of(&lab, "eu-west-1").loss.counts.missing(), 0, "seed {seed}: all is back");
        assert!(
            lab.run.world().system.stream_to(THIRD).is_some_and(|stream| stream.from == SECOND),
            "seed {seed}"
        );
        assert!(lab.run.world().system.can_be_promoted(THIRD), "seed {seed}: the new copy is whole");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}
