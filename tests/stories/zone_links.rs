//! Loss and delay between zones of a region: what is lost is sent again later, so servers wait, and work no more than before.

use crate::lab::{Lab, assert_close};
use faultline::kernel::id::RegionId;
use faultline::model::plan::Plan;
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Factor, Rate, Share, Span};
use faultline::model::{Clients, Decider, Engine, Order, Population};
use faultline::system::journal::What;

const HOME: RegionId = RegionId(0);
/// The shortest time after which Linux sends again, in milliseconds.
const RESEND_MS: f64 = 200.0;

/// Three servers, one in each zone, with slots for everybody; the database's writer is in the first zone.
fn three(read_share: f64) -> Scenario {
    let mut scenario = Scenario { weight: 1, horizon_s: Span(10_000.0), ..Scenario::default() };
    scenario.network.jitter = Factor(0.0);
    (scenario.servers.concurrency, scenario.servers.queue) = (400, 400);
    scenario.servers.scale_out_use = Share(1.0);
    scenario.database.timeout_s = Span(60.0);
    scenario.recovery.decider = Decider::Manual;
    scenario.regions[0].servers = 3;
    scenario.clients = Clients {
        populations: vec![Population {
            city: "New York".into(),
            requests_per_s: Rate(60.0),
            read_share: Share(read_share),
            timeout_s: None,
        }],
        connection_lifetime_s: Span(86_400.0),
        timeout_s: Span(120.0),
        ..Clients::default()
    };
    scenario
}

/// The mean time to an answer between two seconds, in milliseconds.
fn mean_ms(lab: &Lab, from_s: f64, to_s: f64) -> f64 {
    let inside = |at: f64| from_s < at && at <= to_s;
    let samples = lab.record.samples.iter().filter(|sample| inside(sample.at.secs()));
    let (mut time, mut served) = (0.0, 0.0);
    for sample in samples {
        time += f64::from(sample.mean_latency_us) / 1000.0 * f64::from(sample.served);
        served += f64::from(sample.served);
    }
    time / served
}

/// How much longer an answer takes with these faults, in milliseconds.
fn longer_ms(scenario: &Scenario, orders: &[&str], until_s: f64) -> f64 {
    let mut lab = Lab::new(scenario, 5);
    lab.run_to(200.0);
    for order in orders {
        lab.order(order);
    }
    lab.run_to(until_s);
    // The same requests on a calm day: all other draws are the same.
    let mut calm = Lab::new(scenario, 5);
    calm.run_to(until_s);
    mean_ms(&lab, 210.0, until_s - 10.0) - mean_ms(&calm, 210.0, until_s - 10.0)
}

#[test]
fn what_is_lost_is_sent_again_after_a_time_that_doubles() {
    // A message that is lost k times in a row is 200 (2^k - 1) ms late: 200 p / (1 - 2p) on average. Of the calls on the
    // database the third from the second zone goes over the link, there and back; so do two in nine requests between the
    // balancer, whose address may be in any zone, and its servers in the two.
    for loss in [0.05, 0.1, 0.2] {
        let mut scenario = three(1.0);
        scenario.faults.loss = Share(loss);
        let message = RESEND_MS * loss / (1.0 - 2.0 * loss);
        let wanted = 2.0 * message * (1.0 / 3.0 + 2.0 / 9.0);
        let measured = longer_ms(&scenario, &["zone-link-lossy=us-east-1b:us-east-1a"], 3000.0);
        assert_close(&format!("loss {loss}"), measured, wanted, 0.08);
    }
    // All ways: two thirds of the calls, and two thirds of the requests.
    let mut scenario = three(1.0);
    scenario.faults.loss = Share(0.1);
    let orders = ["a:us-east-1b", "a:us-east-1c", "b:us-east-1c"]
        .map(|ends| format!("zone-link-lossy=us-east-1{ends}"));
    let measured = longer_ms(&scenario, &orders.each_ref().map(String::as_str), 3000.0);
    assert_close("all ways", measured, 2.0 * 25.0 * (4.0 / 3.0), 0.06);
}

#[test]
fn a_slow_way_adds_its_round_trip_and_a_commit_waits_for_the_copies_that_it_needs() {
    let slow = |pair: &str| format!("zone-link-slow=us-east-1{pair}");
    let (ab, ac, bc) = (slow("a:us-east-1b"), slow("a:us-east-1c"), slow("b:us-east-1c"));
    // One server, in the zone of the writer: only commits, and the balancer's other addresses, go over a way.
    let one = |engine: Engine, writes: f64| {
        let mut scenario = three(1.0 - writes);
        scenario.regions[0].servers = 1;
        scenario.database.engine = engine;
        scenario.database.inside = engine.forms()[0].inside;
        scenario.database.conflict = engine.conflict_rules()[0];
        scenario.faults.slow_factor = Factor(101.0);
        scenario
    };
    // 101 times 1 ms is 100 ms more. A third of the requests comes from the balancer's address in another zone.
    let at_balancer = 100.0 / 3.0;
    let check = |what: &str, engine, writes, orders: &[&String], wanted: f64| {
        let orders: Vec<&str> = orders.iter().map(|order| order.as_str()).collect();
        let measured = longer_ms(&one(engine, writes), &orders, 1500.0);
        assert!((measured - wanted).abs() < 4.0, "{what}: {measured:.1} ms longer, not {wanted:.1}");
    };
    check("reads beside the writer", Engine::Rds, 0.0, &[&ab], at_balancer);
    check("a way that nobody goes", Engine::Rds, 1.0, &[&bc], 0.0);
    check("the standby is in the second zone", Engine::Rds, 1.0, &[&ab], at_balancer + 100.0);
    check("and not in the third", Engine::Rds, 1.0, &[&ac], at_balancer);
    // Four of six copies have to have a write, two are beside the writer: the third zone has two more.
    check("a volume in three zones", Engine::AuroraGlobal, 1.0, &[&ab], at_balancer);
    check("both ways from the writer", Engine::AuroraGlobal, 1.0, &[&ab, &ac], 2.0 * at_balancer + 100.0);
}

#[test]
fn a_slow_way_adds_its_round_trip_by_other_factors_and_in_other_regions() {
    for (code, factor, pair) in
        [("eu-west-1", 51.0, "a:CODEc"), ("us-west-2", 201.0, "b:CODEa"), ("us-east-2", 31.0, "a:CODEb")]
    {
        let mut scenario = three(1.0);
        (scenario.regions[0].code, scenario.regions[1].code) = (code.into(), "sa-east-1".into());
        (scenario.regions[0].servers, scenario.faults.slow_factor) = (1, Factor(factor));
        // The server and the writer are in the first zone; a third of the requests comes from the balancer's address in the other.
        let order = format!("zone-link-slow={code}{}", pair.replace("CODE", code));
        let measured = longer_ms(&scenario, &[&order], 1500.0);
        assert_close(&order, measured, (factor - 1.0) / 3.0, 0.08);
    }
}

#[test]
fn servers_wait_and_do_not_work_more() {
    let mut scenario = three(1.0);
    scenario.faults.loss = Share(0.3);
    let mut lab = Lab::new(&scenario, 2);
    let seen = |lab: &mut Lab, from_s: u32| {
        let (mut used, mut cpu) = (0.0, 0.0);
        for second in from_s..from_s + 600 {
            lab.run_to(f64::from(second));
            let scaling = &lab.run.world().system.fleets.regions[0].scaling;
            (used, cpu) = (used + scaling.used / 600.0, cpu + scaling.cpu / 600.0);
        }
        (used, cpu)
    };
    let calm = seen(&mut lab, 60);
    for pair in ["a:us-east-1b", "a:us-east-1c"] {
        lab.order(&format!("zone-link-lossy=us-east-1{pair}"));
    }
    let lossy = seen(&mut lab, 760);
    // Little: requests a second times seconds in a slot, over all slots. 50 ms of work is what processors do.
    let slots = 3.0 * 400.0;
    assert_close("CPU", calm.1, 60.0 * 0.05 / slots, 0.04);
    assert_close("CPU while servers wait", lossy.1, 60.0 * 0.05 / slots, 0.04);
    let waits_s = 2.0 / 3.0 * 2.0 * RESEND_MS / 1000.0 * 0.3 / 0.4;
    assert_close("slots", lossy.0 - calm.0, 60.0 * waits_s / slots, 0.08);
}

#[test]
fn who_is_not_heard_is_given_up_and_the_fault_is_named() {
    let mut scenario = three(1.0);
    (scenario.faults.loss, scenario.database.timeout_s) = (Share(1.0), Span(1.0));
    (scenario.clients.timeout_s, scenario.clients.retries) = (Span(5.0), 0);
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(100.0).order("zone-link-lossy=us-east-1a:us-east-1b").run_to(200.0);
    // Nothing passes: every call of the server in the second zone fails, and a third of what comes to the one in the first.
    let (failed, served) = (f64::from(lab.failed(110.0, 200.0)), f64::from(lab.served(110.0, 200.0)));
    assert_close("failed", failed / (failed + served), 4.0 / 9.0, 0.06);
    let fault = lab.entries(|what| matches!(what, What::FaultInjected(_))).next().expect("a fault").at;
    let hurt = lab.entries(|what| matches!(what, What::PopulationHurt(_))).next().expect("New York is out");
    assert_eq!(lab.root(hurt).at, fault, "{hurt:?}");
    lab.order("clear zone-link-lossy=us-east-1b:us-east-1a").run_to(300.0);
    assert_eq!(lab.failed(215.0, 300.0), 0, "mended, whichever zone is named first");
    assert!(lab.run.world().system.network.zones.are_calm());
    assert_eq!(lab.run.world().system.fleets.serving(HOME), 3, "no check has failed");
}

#[test]
fn only_two_zones_of_a_region_have_a_way_between_them() {
    let plan = Plan::new(&Scenario::default(), 1);
    for target in ["us-east-1a:us-east-1a", "us-east-1a:eu-west-1b", "us-east-1a", "us-east-1a:us-east-1f"] {
        let order = Order::parse(&format!("zone-link-slow={target}")).expect("an order");
        let told = plan.resolve(&order).expect_err(target);
        let start = format!("\"zone-link-slow={target}\" is not allowed; allowed: ");
        assert!(
            told.starts_with(&start) && told.contains("two zones of a region: us-east-1a:us-east-1b"),
            "{told}"
        );
        // One sentence, whoever looks.
        assert_eq!(order.fits(&Scenario::default()).expect_err(target), told[start.len()..]);
    }
    let text =
        r#"{ "name": "x", "script": [ { "at_s": 5, "order": "zone-link-lossy=us-east-1a:eu-west-1a" } ] }"#;
    let told = Scenario::read(text).expect_err("two regions");
    let told = format!("{told:?}");
    assert!(told.contains("script[0].order") && told.contains("us-east-1a:us-east-1b"), "{told}");
}
