//! What a system gives up when regions cannot talk: writes that are refused, or copies that differ.

use faultline::model::Rule;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Factor, Millis, Rate, Span};
use faultline::observer::ledger::Fate;
use faultline::system::journal::What;

use super::collisions::{fates, lab_of, script, two_take_a_seat};
use super::lab::Lab;

/// Everything as in [`lab_of`], with people who write all the time.
fn busy(regions: usize, rule: Rule) -> Scenario {
    let mut scenario = lab_of(regions, rule);
    scenario.database.keys = 64;
    for population in &mut scenario.clients.populations {
        population.requests_per_s = Rate(5.0);
    }
    scenario
}

#[test]
fn with_a_cut_link_an_asynchronous_rule_stays_open_and_diverges() {
    let mut lab = Lab::new(&busy(2, Rule::LastWriterWins), 3);
    lab.run_to(30.0).order("link-cut=us-east-1:eu-west-1").run_to(90.0);
    let report = lab.run.report();
    assert_eq!(report.requests.failed, 0, "both sides go on");
    assert!(report.consistency.diverged_keys_at_end > 30, "{:?}", report.consistency);
    lab.order("clear link-cut=us-east-1:eu-west-1").run_to(120.0);
    let healed = lab.run.report().consistency;
    assert!(healed.diverged_keys_at_end < 20, "{healed:?}");
    assert!(healed.max_divergence_s > 55.0 && healed.max_divergence_s < 75.0, "{healed:?}");
    assert!(healed.lost_updates > 50, "each side lost what the other wrote later: {healed:?}");
}

#[test]
fn with_two_links_cut_a_quorum_refuses_on_one_side_and_serves_on_the_other() {
    let mut lab = Lab::new(&busy(3, Rule::Quorum), 3);
    lab.run_to(30.0)
        .order("link-cut=us-east-1:eu-west-1")
        .order("link-cut=us-east-1:ap-south-1")
        .run_to(120.0);
    let alone = &lab.run.world().observer.metrics.tallies[0];
    let majority = &lab.run.world().observer.metrics.tallies[1];
    assert!(alone.failed > 100, "Virginia is alone and cannot agree with anyone: {}", alone.failed);
    // What had been accepted from Virginia when it was cut off has to be adopted first.
    assert!(majority.failed * 20 < alone.failed, "Ireland and Mumbai agree: {} failed", majority.failed);
    lab.order("clear link-cut=us-east-1:eu-west-1")
        .order("clear link-cut=us-east-1:ap-south-1")
        .run_to(180.0);
    let failed = lab.failed(130.0, 180.0);
    let report = lab.run.report().consistency;
    assert_eq!((failed, report.lost_updates, report.collisions), (0, 0, 0), "{report:?}");
}

#[test]
fn a_quorum_costs_two_round_trips_to_the_nearest_other_region_and_one_to_who_wrote_last() {
    // Nobody is near; the same writes under two rules differ by what agreeing takes.
    let took = |rule: Rule, writes: &[(f64, &str)]| {
        let mut scenario = lab_of(3, rule);
        scenario.network.jitter = Factor(0.0);
        scenario.script = script(writes);
        let mut lab = Lab::new(&scenario, 1);
        lab.run_to(20.0);
        let trips = lab.run.plan().region_round_trip_ms.clone();
        (lab.run.report().requests.p50_ms.expect("a write"), trips[1][0].min(trips[1][2]))
    };
    let (first, again) =
        ([(10.0, "write=London:1")], [10.0, 12.0, 14.0].map(|at_s| (at_s, "write=London:1")));
    for (writes, trips) in [(&first[..], 2.0), (&again[..], 1.0)] {
        let ((alone, _), (agreed, nearest)) =
            (took(Rule::LastWriterWins, writes), took(Rule::Quorum, writes));
        // Times are counted in buckets of 6 %.
        assert!(
            (agreed - alone - trips * nearest).abs() < 0.07 * agreed,
            "{agreed} ms, {alone} ms, {nearest} ms"
        );
    }
}

#[test]
fn a_region_may_go_dark_under_a_quorum_and_nothing_is_lost() {
    for seed in 0..10 {
        let mut lab = Lab::new(&busy(3, Rule::Quorum), seed);
        lab.run_to(30.0)
            .order("region-dark=us-east-1")
            .run_to(200.0)
            .order("clear region-dark=us-east-1")
            .run_to(500.0);
        let report = lab.run.report();
        assert_eq!((report.consistency.lost_updates, report.consistency.lost_writes), (0, 0), "seed {seed}");
        assert_eq!(lab.failed(400.0, 500.0), 0, "seed {seed}");
        // The keys whose proposals were under way are settled: nothing is tentative for long.
        let old = lab.run.world().system.databases.iter().flat_map(|db| db.registers.tentative.values());
        let stuck = old
            .filter_map(|id| lab.run.world().system.proposals.get(*id))
            .filter(|p| p.version.is_some_and(|version| version.at.secs() < 490.0));
        assert_eq!(stuck.count(), 0, "seed {seed}");
    }
}

#[test]
fn a_condition_is_checked_at_home_and_the_second_hears_of_it() {
    let mut lab = Lab::new(&two_take_a_seat(Rule::Conditional), 2);
    lab.run_to(30.0);
    let report = lab.run.report();
    assert_eq!((report.consistency.refused_writes, report.requests.served), (1, 2));
    assert_eq!(report.consistency.collisions, 0);
}

#[test]
fn a_fence_that_fails_leaves_two_primaries_and_what_only_one_has_is_set_aside() {
    let split = |fence_fails: bool| {
        let mut scenario = Scenario::of(Strategy::WarmStandby);
        scenario.weight = 20;
        scenario.servers.concurrency = 80;
        // Half of the people are served by either region, whatever the other does.
        scenario.dns.policy = faultline::model::RoutingPolicy::Latency;
        let mut lab = Lab::new(&scenario, 4);
        lab.run_to(60.0).order("link-cut=us-east-1:eu-west-1");
        if fence_fails {
            lab.order("fence-fails");
        }
        lab.order("fail-over=eu-west-1").run_to(1500.0);
        lab
    };
    let (mut fenced, mut broken) = (split(false), split(true));
    let stranded = |lab: &Lab| lab.run.report().consistency.stranded_writes;
    assert!(stranded(&broken) > stranded(&fenced) + 100, "{} and {}", stranded(&broken), stranded(&fenced));
    let aside = |lab: &Lab| lab.run.report().loss.counts.set_aside;
    assert!(aside(&broken) > aside(&fenced) + 100, "{} and {}", aside(&broken), aside(&fenced));
    assert_eq!(
        broken.run.report().consistency.collisions,
        0,
        "a single writer collides with nobody: what the other keeps is set aside"
    );
    for lab in [&mut fenced, &mut broken] {
        lab.order("clear link-cut=us-east-1:eu-west-1");
    }
    broken.order("clear fence-fails").run_to(1600.0);
    assert!(broken.when(|what| matches!(what, What::Fenced(_))).is_some_and(|at| at > 1500.0));
    let list = &broken.run.world().observer.losses.stranded;
    assert_eq!(
        list.len() as u64 * broken.run.plan().step(),
        stranded(&broken),
        "each of them is on the list of what has to be reconciled"
    );
    assert!(list.windows(2).all(|pair| pair[0].id < pair[1].id));
}

#[test]
fn a_retry_without_identity_writes_twice_and_with_one_it_does_not() {
    let twice = |idempotent: bool| {
        let mut scenario = busy(2, Rule::LastWriterWins);
        scenario.database.idempotent = idempotent;
        // Answers take longer than clients wait, now and then.
        scenario.clients.timeout_s = Span(0.35);
        scenario.servers.service_ms = Millis(120.0);
        let mut lab = Lab::new(&scenario, 2);
        lab.run_to(300.0);
        lab.run.report().consistency.duplicates
    };
    assert!(twice(false) > 20, "{}", twice(false));
    assert_eq!(twice(true), 0);
}

#[test]
fn what_a_region_kept_to_itself_and_the_other_has_written_over_is_lost_when_it_comes_back() {
    let mut scenario = lab_of(2, Rule::LastWriterWins);
    scenario.script = script(&[
        (10.0, "write=New York:3"),
        (10.4, "region-dark=us-east-1"),
        (30.0, "write=London:3"),
        (300.0, "clear region-dark=us-east-1"),
    ]);
    scenario.database.delay_s = Span(1.0);
    let mut lab = Lab::new(&scenario, 1);
    lab.run_to(600.0);
    assert_eq!(fates(&lab).into_iter().map(|(_, fate)| fate).collect::<Vec<_>>(), [Fate::Lost, Fate::Stands]);
    assert_eq!(lab.run.report().consistency.collisions, 1);
}
