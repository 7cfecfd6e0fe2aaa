//! The order of the strategies: what each more expensive one buys.

use crate::lab::{Lab, grainy};
use faultline::scenario::Strategy;
use faultline::sim::rng::{Purpose, Stream};

/// How long the recovery took from an outage at a random moment, the same for all strategies with this seed.
fn recovery_time(strategy: Strategy, seed: u64) -> f64 {
    let at_s = Stream::new(seed, Purpose::Traffic, 1_000_000).between(120.0, 600.0).floor();
    let scenario = grainy(strategy);
    let mut lab = Lab::new(&scenario, seed);
    lab.run_to(at_s).order("region-dark=us-east-1");
    let mut now = at_s;
    while now < scenario.horizon_s {
        now += 120.0;
        lab.run_to(now);
        if let Some(rto) = lab.run.world().incidents[0].rto {
            return rto.secs();
        }
    }
    panic!("{strategy:?}, seed {seed}: not restored: {:?}", lab.incident());
}

#[test]
fn every_seed_recovers_faster_with_the_next_strategy() {
    for seed in 0..8 {
        let spans = Strategy::ALL.map(|strategy| recovery_time(strategy, seed));
        assert!(spans.windows(2).all(|pair| pair[0] > pair[1]), "seed {seed}: {spans:?}");
    }
}
