//! The stream to the replica, and the standby in the other zone.

use crate::lab::{Lab, assert_close, grainy, quiet};
use faultline::kernel::id::RegionId;
use faultline::model::Decider;
use faultline::model::scenario::{Scenario, Strategy, WritePattern};
use faultline::run::cost::CostItem;
use faultline::run::report::executions::ExecutionState;
use faultline::system::database::Role;
use faultline::system::journal::What;
use faultline::system::network::{Cargo, Flight};

/// Simulated writes of everybody in a second.
fn writes_per_s(scenario: &Scenario) -> f64 {
    let real = scenario.clients.populations.iter().map(|it| it.requests_per_s * (1.0 - it.read_share));
    real.sum::<f64>() / f64::from(scenario.weight * scenario.grain)
}

#[test]
fn lag_is_under_a_second_while_all_is_well() {
    let mut lab = Lab::new(&Scenario::default(), 4);
    lab.run_to(1200.0);
    let worst = lab.record.samples.iter().filter_map(|sample| sample.lag_us).max().expect("samples");
    assert!(worst > 100_000, "the way to Ireland and the shipping interval take time: {worst}");
    assert!(worst < 1_000_000, "typically under a second: {worst}");
}

#[test]
fn a_slow_link_carries_a_window_a_round_trip_and_the_rest_piles_up() {
    // Five million bytes a second: ten simulated writes fill what the other end keeps of what it receives.
    let mut scenario = Scenario::default();
    scenario.database.write_bytes = 60_000;
    let mut lab = Lab::new(&scenario, 4);
    lab.run_to(300.0).order("link-slow=us-east-1:eu-west-1").run_to(400.0);
    let before = lab.run.world().system.streams.first().expect("a stream").behind() as f64;
    lab.run_to(1000.0);
    let growth = (lab.run.world().system.streams.first().expect("a stream").behind() as f64 - before) / 600.0;
    // A window of them is under way per slowed round trip.
    let jitter = 1.0 + scenario.network.jitter;
    let round_trip_s =
        lab.run.plan().region_round_trip_ms[0][1] / 1000.0 * scenario.faults.slow_factor * jitter;
    let window =
        f64::from(scenario.database.window_bytes / (scenario.database.write_bytes * scenario.weight));
    let bytes = f64::from(scenario.database.window_bytes) / 1_048_576.0;
    let leaves_s = bytes / scenario.database.stream_mib_per_s * scenario.faults.slow_factor;
    let carried = window / (round_trip_s + leaves_s);
    assert_close("queue growth a second", growth, writes_per_s(&scenario) - carried, 0.10);
    lab.order("clear link-slow=us-east-1:eu-west-1").run_to(1200.0);
    assert!(
        lab.run.world().system.streams.first().expect("a stream").behind()
            < (2.0 * writes_per_s(&scenario)) as usize,
        "it drains by itself"
    );
}

#[test]
fn half_a_terabyte_of_log_a_day_lags_by_less_than_seconds() {
    // 5.8 MB a second: 46 Mbit/s, which is no load for one connection.
    let text = r#"{ "name": "half-a-terabyte", "title": "500 GB of log a day to Ireland", "strategy": "warm-standby",
        "weight": 1, "horizon_s": 7200,
        "regions": [{ "code": "us-east-1", "servers": 6 }, { "code": "eu-west-1", "servers": 2 }],
        "clients": { "populations": [{ "city": "New York", "requests_per_s": 100, "read_share": 0 }] },
        "database": { "engine": "rds", "write_bytes": 57870 } }"#;
    let mut lab = Lab::new(&Scenario::read(text).expect("a scenario"), 1);
    // Three tenths of a second after what was new has been shipped.
    lab.run_to(1800.3).order("region-dark=us-east-1").run_to(3600.0);
    let worst = lab.record.samples[..1800].iter().filter_map(|sample| sample.lag_us).max().expect("samples");
    assert!(worst < 2_000_000, "{worst} us behind");
    let incident = lab.incident();
    assert!(incident.rpo_s.expect("promoted") < 2.0, "{:?}", incident.rpo_s);
    // The region is still dark: what is missing is out of reach there.
    let missing = lab.run.report().loss.counts.missing();
    assert!((1..200).contains(&missing), "{missing}");
}

/// GiB of a month in which so many writes come a second, of so many bytes each.
fn gib_a_month(per_s: f64, bytes: u32) -> f64 {
    per_s * f64::from(bytes) * 730.0 * 3600.0 / 1_073_741_824.0
}

/// What a day's log weighs decides the bill and not the lag, whatever region it goes to: a connection carries far more.
#[test]
fn a_tenth_and_twice_as_much_log_a_day_lag_as_little_and_cost_what_they_weigh() {
    // 50 GB a day to Oregon, 500 GB to Ireland, 1 TB to Sydney; all of them leave Virginia for 0.02 USD a GB.
    for (to, bytes) in [("us-west-2", 5787), ("eu-west-1", 57_870), ("ap-southeast-2", 115_740)] {
        let text = r#"{ "name": "a-days-log", "title": "A day's log to another region", "strategy": "warm-standby",
            "weight": 1, "horizon_s": 7200,
            "regions": [{ "code": "us-east-1", "servers": 6 }, { "code": "TO", "servers": 2 }],
            "clients": { "populations": [{ "city": "New York", "requests_per_s": 100, "read_share": 0 }] },
            "database": { "engine": "rds", "write_bytes": BYTES } }"#;
        let text = text.replace("TO", to).replace("BYTES", &bytes.to_string());
        let mut lab = Lab::new(&Scenario::read(&text).expect("a scenario"), 1);
        lab.run_to(900.0);
        let worst = lab.record.samples.iter().filter_map(|sample| sample.lag_us).max().expect("samples");
        assert!(worst < 2_000_000, "{to}: {worst} us behind");
        let cost = lab.run.cost();
        let replicated = |item: &&CostItem| item.item == "transfer of replicated writes";
        let item = cost.items.iter().find(replicated).expect("it is billed");
        assert_close("GiB a month", item.quantity, gib_a_month(100.0, bytes), 0.02);
        assert_close("USD a month", item.monthly_usd, gib_a_month(100.0, bytes) * 0.02, 0.02);
    }
}

/// One city that only writes, `per_s` times, and a copy that takes in `apply_per_s`.
fn bound(per_s: f64, apply_per_s: f64) -> Scenario {
    let mut scenario = quiet();
    (scenario.weight, scenario.grain) = (1, 1);
    scenario.clients.populations.truncate(1);
    scenario.clients.populations[0].requests_per_s = per_s.into();
    scenario.clients.populations[0].read_share = 0.0.into();
    scenario.database.apply_per_s = apply_per_s.into();
    scenario
}

#[test]
fn a_copy_that_was_cut_off_catches_up_by_what_it_takes_in_beyond_what_is_written() {
    for (per_s, apply_per_s, cut_s) in [(40.0, 60.0, 120.0), (20.0, 100.0, 300.0), (80.0, 100.0, 60.0)] {
        let mut lab = Lab::new(&bound(per_s, apply_per_s), 6);
        lab.run_to(100.0).order("link-cut=us-east-1:eu-west-1").run_to(100.0 + cut_s);
        let behind = |lab: &Lab| lab.run.world().system.streams[0].behind();
        let backlog = behind(&lab) as f64;
        assert_close("what was written meanwhile", backlog, per_s * cut_s, 0.10);
        lab.order("clear link-cut=us-east-1:eu-west-1");
        let mended_s = lab.run.now().secs();
        while behind(&lab) as f64 > per_s {
            let next = lab.run.now().secs() + 1.0;
            lab.run_to(next);
            assert!(next < 2000.0, "it never catches up");
        }
        // Little: what waits shrinks by what is taken in less what comes.
        let expected = backlog / (apply_per_s - per_s);
        assert_close("catch-up", lab.run.now().secs() - mended_s, expected, 0.10);
    }
}

#[test]
fn what_a_slow_copy_has_received_is_taken_in_before_it_is_promoted_and_not_lost() {
    // It takes in half of what is written: after ten minutes it lags by five, and has all of it.
    let mut scenario = bound(40.0, 20.0);
    scenario.recovery.decider = Decider::Automatic;
    scenario.recovery.promote_lag_s = 3600.0.into();
    let mut lab = Lab::new(&scenario, 6);
    lab.run_to(600.0);
    let lag_s = lab.record.samples.last().expect("samples").lag_us.expect("a stream") as f64 / 1e6;
    assert_close("lag", lag_s, 300.0, 0.10);
    lab.order("region-dark=us-east-1").run_to(3000.0);
    let incident = lab.incident();
    assert!(incident.rpo_s.expect("promoted") < 2.0, "{:?}", incident.rpo_s);
    let promoted = lab.when(|what| matches!(what, What::Promoted { .. })).expect("promoted");
    // Half of 24,000 writes waited, and 20 a second are taken in.
    assert!(promoted > 600.0 + 500.0, "it takes in what it has first: {promoted}");
}

#[test]
fn a_stream_carries_no_more_than_its_bandwidth() {
    // A hundred writes of 100,000 bytes a second, and a stream of 5 MiB/s.
    let mut scenario = bound(100.0, 0.0);
    scenario.database.write_bytes = 100_000;
    scenario.database.stream_mib_per_s = 5.0.into();
    let mut lab = Lab::new(&scenario, 6);
    lab.run_to(300.0);
    let before = lab.run.world().system.streams[0].behind() as f64;
    lab.run_to(600.0);
    let growth = (lab.run.world().system.streams[0].behind() as f64 - before) / 300.0;
    assert_close("what cannot be carried", growth, 100.0 - 5.0 * 1_048_576.0 / 100_000.0, 0.05);
}

#[test]
fn a_lossy_link_loses_messages_and_no_writes() {
    let mut lab = Lab::new(&Scenario::default(), 4);
    lab.run_to(300.0).order("link-lossy=us-east-1:eu-west-1").run_to(900.0);
    let worst = lab.record.samples.iter().filter_map(|sample| sample.lag_us).max().expect("samples");
    assert!(worst > 1_000_000, "what is lost has to be sent again: {worst}");
    lab.order("clear link-lossy=us-east-1:eu-west-1").run_to(960.0);
    let world = lab.run.world();
    let behind = world.system.streams.first().expect("a stream").behind();
    let differs = world.system.databases[0].versions.iter().zip(&world.system.databases[1].versions);
    let differs = differs.filter(|(primary, replica)| primary.id != replica.id).count();
    assert!(differs <= behind, "{differs} keys differ, {behind} commits on their way");
}

#[test]
fn the_standby_takes_over_within_the_published_range() {
    let scenario = quiet();
    let spans: Vec<f64> = (0..300)
        .map(|seed| {
            let mut lab = Lab::new(&scenario, seed);
            lab.run_to(50.0).order("primary-database=us-east-1").run_to(200.0);
            lab.when(|what| matches!(what, What::StandbyTookOver { .. })).expect("a takeover") - 50.0
        })
        .collect();
    let (least, most) = spans.iter().fold((f64::MAX, 0.0_f64), |(l, m), s| (l.min(*s), m.max(*s)));
    assert!(least >= 60.0 && most <= 120.0, "{least} to {most}, published: 60 to 120 s");
    assert!(least < 65.0 && most > 115.0, "the whole range is used: {least} to {most}");
}

#[test]
fn losing_the_primary_instance_loses_no_write() {
    let mut lab = Lab::new(&Scenario::default(), 9);
    lab.run_to(120.0).order("zone-power=us-east-1a").run_to(900.0);
    let report = lab.run.report();
    let incident = &report.incidents[0];
    assert_eq!((incident.lost_writes, incident.rpo_s), (0, Some(0.0)));
    let rto = incident.rto_s.expect("restored");
    assert!((60.0..400.0).contains(&rto), "writes wait for the takeover: {rto}");
    let spans: Vec<&str> = incident.by_themselves.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(spans[..2], ["replace-servers", "zone-failover"]);
    // Writes fail for long enough that somebody is paged; by the time that they look all is well.
    let states: Vec<ExecutionState> = incident.executions.iter().map(|run| run.state).collect();
    assert!(states.iter().all(|state| *state == ExecutionState::CalledOff), "{states:?}");
    let first = incident.steps().next().expect("a step");
    let replaced = first.end_s.expect("replaced") - first.start_s;
    // To find the dead ones two checks of 30 s, to look 30 s, to boot 60 to 180 s, to be trusted five checks of 30 s.
    assert!((60.0 + 150.0..60.0 + 30.0 + 180.0 + 150.0).contains(&replaced), "{replaced} s");
    assert_eq!(lab.run.world().system.databases[0].zone, 1, "the primary is in the other zone now");
    assert_eq!(lab.run.world().system.ownership.primary(), RegionId(0), "and in the same region");
}

#[test]
fn a_cut_link_hurts_nobody_and_leaves_the_replica_behind() {
    let scenario = Scenario::default();
    let (mut lab, a_second) = (Lab::new(&scenario, 9), writes_per_s(&scenario));
    lab.run_to(120.0).order("link-cut=us-east-1:eu-west-1").run_to(420.0);
    let behind = lab.run.world().system.streams.first().expect("a stream").behind();
    assert_close("writes in five minutes", behind as f64, a_second * 300.0, 0.05);
    assert_eq!(lab.failed(120.0, 420.0), 0);
    lab.order("clear link-cut=us-east-1:eu-west-1").run_to(600.0);
    assert!(lab.run.world().system.streams.first().expect("a stream").behind() < (2.0 * a_second) as usize);
    assert_eq!(lab.run.world().system.databases[1].role, Role::Replica);
}

#[test]
fn what_has_passed_the_middle_of_a_cut_link_arrives_and_what_has_not_is_lost() {
    let mut scenario = Scenario::default();
    // What has arrived is seen at once.
    scenario.database.apply_per_s = 0.0.into();
    let mut lab = Lab::new(&scenario, 10);
    lab.run_to(120.0);
    let batch = |flight: &&Flight| matches!(flight.cargo, Cargo::Batch(..));
    // Until a batch is in the air, a tenth of a millisecond at a time.
    let mut now = 120.0;
    let flight = loop {
        now += 0.0001;
        lab.run_to(now);
        if let Some(flight) = lab.run.world().system.network.flights().find(batch) {
            break *flight;
        }
    };
    let (sent, span) = (flight.sent.secs(), flight.arrives.since(flight.sent).secs());
    let lost_when_cut_at = |share: f64| {
        let mut run = Lab { run: lab.run.clone(), record: lab.record.clone() };
        run.run_to(sent + span * share).order("link-cut=us-east-1:eu-west-1");
        let behind = run.run.world().system.streams.first().expect("a stream").behind();
        run.run_to(sent + span + 0.001);
        run.run.world().system.streams.first().expect("a stream").behind() >= behind
    };
    assert!(lost_when_cut_at(0.45), "cut before the middle: lost");
    assert!(!lost_when_cut_at(0.55), "cut behind it: it arrives");
    let mut mended = Lab { run: lab.run.clone(), record: lab.record.clone() };
    mended.run_to(sent + span * 0.1).order("link-cut=us-east-1:eu-west-1");
    mended.run_to(sent + span * 0.4).order("clear link-cut=us-east-1:eu-west-1");
    let behind = mended.run.world().system.streams.first().expect("a stream").behind();
    mended.run_to(sent + span + 0.001);
    assert!(mended.run.world().system.streams.first().expect("a stream").behind() < behind, "mended in time");
}

#[test]
fn one_way_is_enough_to_stop_the_stream_and_not_the_writes() {
    let mut lab = Lab::new(&Scenario::default(), 9);
    // The acknowledgements are lost: the replica has everything, and the source does not know.
    lab.run_to(120.0).order("link-cut-one-way=eu-west-1>us-east-1").run_to(180.0);
    let report = lab.run.report();
    assert_eq!(report.requests.failed, 0);
    let stream = lab.run.world().system.streams.first().expect("a stream");
    assert!(stream.behind() > 500, "the window is full of what is never acknowledged: {}", stream.behind());
}

#[test]
fn regions_that_take_their_own_writes_do_not_need_the_link() {
    let mut scenario = grainy(Strategy::MultiSite);
    scenario.write_pattern = WritePattern::WriteLocal;
    let mut lab = Lab::new(&scenario, 3);
    let commits = |lab: &Lab| {
        let ledger = &lab.run.world().observer.ledger;
        let by = |region| ledger.lines(1, ledger.len()).filter(|(_, line)| line.region.0 == region).count();
        [by(0), by(1)]
    };
    lab.run_to(300.0).order("link-cut=us-east-1:eu-west-1");
    let before = commits(&lab);
    lab.run_to(600.0);
    let after = commits(&lab);
    assert!((0..2).all(|region| after[region] > before[region] + 50), "both go on: {before:?}, {after:?}");
    let asked = lab.served(300.0, 600.0) + lab.failed(300.0, 600.0);
    assert!(lab.failed(300.0, 600.0) * 1000 < asked, "no client needs the other region");
    let behind = |lab: &Lab| lab.run.world().system.streams.iter().map(|s| s.behind()).collect::<Vec<_>>();
    assert!(behind(&lab).iter().all(|count| *count > 50), "neither hears of it: {:?}", behind(&lab));
    lab.order("clear link-cut=us-east-1:eu-west-1").run_to(900.0);
    assert!(behind(&lab).iter().all(|count| *count < 50), "then both take in what they missed");
    assert!(
        lab.run.report().consistency.collisions > 0,
        "and find that some keys were written on both sides"
    );
}
