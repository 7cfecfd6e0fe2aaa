//! A copy that is far behind is not promoted without a person: the runbook asks, and does what it is told.

use crate::lab::{Lab, coarse};
use crate::laws;
use faultline::kernel::id::RegionId;
use faultline::model::Decider;
use faultline::system::journal::What;

const SECOND: RegionId = RegionId(1);

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
