//! Which incident a failed request is booked on: the cause of its last attempt, or the change that sent it to what was broken
//! already; and of what fills a part, the youngest trigger. Each kind with three inputs, booked to the request.

use crate::draw::{self, lines};
use crate::incidents::{of, scenario};
use faultline::model::scenario::Scenario;
use faultline::run::report::Report;
use faultline::system::context::Record;
use faultline::system::entry::Entry;
use faultline::system::journal::What;

/// A run of a script, with what has failed in it.
struct Told {
    report: Report,
    record: Record,
}

impl Told {
    fn new(file: &Scenario, seed: u64, script: &str, until_s: f64) -> Self {
        let (run, record) = draw::run(file, seed, &lines(script), until_s);
        let report = run.report();
        let booked: u64 = report.incidents.iter().map(|it| it.failed).sum();
        assert_eq!(booked + report.no_incident.failed, report.requests.failed, "failed requests add up");
        let money: f64 = report.incidents.iter().map(|it| it.cost_usd).sum();
        assert!((money + report.no_incident.cost_usd - report.cost_usd).abs() < 1e-6, "money adds up");
        assert_eq!(run.broken_laws(), Vec::new());
        Self { report, record }
    }

    /// What is booked on the incident of a fault.
    fn booked(&self, fault: &str) -> u64 {
        let (kind, target) = fault.split_once('=').unwrap_or((fault, ""));
        of(&self.report, kind, target).failed
    }

    /// How many requests were given up after one second, up to another.
    fn failed(&self, from_s: f64, to_s: f64) -> u64 {
        let inside = |at: f64| from_s < at && at <= to_s;
        let step = self.report.step;
        let samples = self.record.samples.iter().filter(|it| inside(it.at.secs()));
        samples.map(|it| u64::from(it.failed) * step).sum()
    }
}

/// Two regions that serve, with so many servers each, and so many requests a second from New York and from London. A server
/// does about 150 a second.
fn pair(servers: [u32; 2], rates: [u32; 2], policy: &str) -> Scenario {
    let ([virginia, ireland], [new_york, london]) = (servers, rates);
    scenario(&format!(
        r#"{{ "name": "pair", "title": "Two regions serve", "horizon_s": 3600, "grain": 4,
          "strategy": "multi-site", "write_pattern": "write-local", "database": {{ "engine": "dynamodb-global" }},
          "regions": [ {{ "code": "us-east-1", "servers": {virginia}, "quota": {virginia} }},
            {{ "code": "eu-west-1", "servers": {ireland}, "quota": {ireland} }} ],
          "servers": {{ "most": {most} }}, "recovery": {{ "decider": "manual", "servers": {most} }},
          "dns": {{ "policy": {policy}, "ttl_s": 30 }},
          "clients": {{ "extending_share": 0, "connection_lifetime_s": 30, "populations": [
            {{ "city": "New York", "requests_per_s": {new_york} }}, {{ "city": "London", "requests_per_s": {london} }} ] }} }}"#,
        most = virginia.max(ireland)
    ))
}

/// Attempts fail because of a cut link, then because of a bad release, then because the region is dark.
#[test]
fn three_attempts_with_three_causes_are_booked_on_the_last() {
    let file = scenario(
        r#"{ "name": "three-causes", "title": "Londoners write to Virginia", "horizon_s": 1800, "grain": 4,
          "strategy": "multi-site", "write_pattern": "write-global", "recovery": { "decider": "manual" },
          "regions": [ { "code": "us-east-1", "servers": 6 }, { "code": "eu-west-1", "servers": 6 } ],
          "clients": { "populations": [ { "city": "London", "requests_per_s": 200, "read_share": 0 } ] } }"#,
    );
    for (seed, at) in [(3, [60, 62, 64]), (5, [40, 41, 43]), (7, [75, 77, 78])] {
        let [cut, release, dark] = at;
        let script = format!(
            "{cut}s link-cut=eu-west-1:us-east-1; {release}s bad-deploy=eu-west-1; {dark}s region-dark=eu-west-1"
        );
        let told = Told::new(&file, seed, &script, f64::from(dark) + 25.0);
        let at = at.map(f64::from);
        // A server waits a second for the database: three attempts take longer than it takes until the release.
        assert_eq!((told.failed(0.0, at[1]), told.booked("link-cut=us-east-1:eu-west-1")), (0, 0));
        // An answer that left in time arrives; nobody has waited for three seconds yet when the last one has.
        let refused = told.failed(at[1], at[2] + 1.0);
        assert!(refused > 100, "seed {seed}: {refused} were refused three times");
        assert_eq!(told.booked("bad-deploy=eu-west-1"), refused, "seed {seed}");
        assert_eq!(told.booked("region-dark=eu-west-1"), told.failed(at[2] + 1.0, f64::MAX), "seed {seed}");
    }
}

#[test]
fn who_is_refused_because_others_moved_in_is_booked_on_what_moved_them() {
    for (seed, dark, servers, rates, refused) in [
        (3, "us-east-1", [6, 4], [700, 300], "London"),
        (4, "eu-west-1", [3, 6], [250, 700], "New York"),
        (5, "us-east-1", [8, 5], [900, 500], "London"),
    ] {
        let told =
            Told::new(&pair(servers, rates, "\"latency\""), seed, &format!("60s region-dark={dark}"), 300.0);
        assert_eq!(told.failed(0.0, 60.0), 0, "seed {seed}: there is room on a calm day");
        let city = &told.report.by_client[refused];
        assert!(city.failed_by["full"] > 100, "seed {seed}: {:?}", city.failed_by);
        assert_eq!(told.booked(&format!("region-dark={dark}")), told.report.requests.failed, "seed {seed}");
    }
}

#[test]
fn a_full_fleet_is_full_because_of_the_younger_of_a_dark_region_and_a_surge() {
    let dark = "region-dark=us-east-1";
    for (seed, servers, rates) in [(3, [6, 4], [700, 300]), (4, [6, 5], [800, 300]), (5, [5, 3], [600, 200])]
    {
        let file = pair(servers, rates, "\"latency\"");
        let told = Told::new(&file, seed, &format!("60s {dark}; 240s load-surge"), 360.0);
        let (before, after) = (told.failed(0.0, 240.0), told.failed(240.0, f64::MAX));
        assert!(before > 100 && after > 100, "seed {seed}: {before} and {after}");
        // Until a twentieth of what is in the servers is the surge's, and what has been refused has given up.
        let between = told.failed(240.0, 245.0);
        let booked = told.booked(dark);
        assert!((before..=before + between).contains(&booked), "seed {seed}: {booked}, {before} + {between}");
        assert_eq!(booked + told.booked("load-surge"), told.report.requests.failed, "seed {seed}");
    }
    // The surge is older, and there was room for it.
    for seed in [3, 4, 5] {
        let file = pair([24, 16], [700, 300], "\"latency\"");
        let told = Told::new(&file, seed, &format!("60s load-surge; 240s {dark}"), 360.0);
        assert_eq!(told.failed(0.0, 240.0), 0, "seed {seed}: there is room for the surge");
        assert!(told.failed(300.0, 360.0) > 100, "seed {seed}: and none for both");
        assert_eq!(told.booked(dark), told.report.requests.failed, "seed {seed}");
    }
}

/// The line of the changed answer is younger than that of the surge; its trigger is not.
#[test]
fn a_line_counts_by_its_trigger_and_not_by_its_place_in_the_journal() {
    let dark = "region-dark=us-east-1";
    for (seed, servers, rates, surge_s) in
        [(3, [24, 14], [700, 300], 62), (4, [24, 12], [600, 200], 70), (5, [30, 16], [800, 300], 61)]
    {
        let file = pair(servers, rates, "\"latency\"");
        let told = |until| Told::new(&file, seed, &format!("60s {dark}; {surge_s}s load-surge"), until);
        let (moved, later) = (told(180.0), told(300.0));
        let refused = later.failed(180.0, 300.0);
        assert!(refused > 100, "seed {seed}: there is no room for both: {refused}");
        assert_eq!(later.booked("load-surge") - moved.booked("load-surge"), refused, "seed {seed}");
        assert_eq!(moved.booked(dark), later.booked(dark), "seed {seed}");
    }
}

/// A small fleet is now and then full by chance. Whatever is broken elsewhere meanwhile has nothing to do with it.
#[test]
fn what_is_full_by_chance_is_booked_on_no_incident() {
    for (seed, fault) in [(3, "capacity=eu-west-1"), (4, "backup-copy"), (8, "zone-grey=us-east-1c")] {
        let file = pair([2, 2], [270, 50], "\"latency\"");
        let told = Told::new(&file, seed, &format!("1s {fault}"), 300.0);
        let full = |entry: &&Entry| matches!(entry.what, What::Overloaded(_));
        let full: Vec<&Entry> = told.record.journal.iter().filter(full).collect();
        assert!(!full.is_empty() && told.report.no_incident.failed > 0, "seed {seed}: {:?}", full.len());
        assert!(full.iter().all(|entry| entry.cause.is_none()), "seed {seed}: {full:?}");
        assert_eq!(told.booked(fault), 0, "seed {seed}");
    }
}

/// The journal joins spells of full servers that follow closely; what is booked goes by what fills them each time.
#[test]
fn what_is_full_by_chance_soon_after_an_overload_is_booked_on_no_incident() {
    for (seed, fault) in [(3, "load-surge"), (4, "bad-deploy=us-east-1"), (5, "load-surge")] {
        let file = pair([2, 2], [290, 50], "\"latency\"");
        let told = |until| Told::new(&file, seed, &format!("60s {fault}; 75s clear {fault}"), until);
        let (soon, later) = (told(180.0), told(400.0));
        let full = later.failed(180.0, 400.0);
        assert!(soon.booked(fault) > 100 && full > 0, "seed {seed}: {} and {full}", soon.booked(fault));
        assert_eq!(soon.booked(fault), later.booked(fault), "seed {seed}");
    }
}

#[test]
fn a_retry_storm_is_booked_on_its_trigger_after_that_has_gone() {
    for (seed, fault) in [(3, "load-surge"), (4, "bad-deploy=us-east-1"), (5, "zone-power=us-east-1a")] {
        let mut file = pair([4, 2], [500, 50], "\"latency\"");
        file.clients.retries = 8;
        let told = Told::new(&file, seed, &format!("60s {fault}; 90s clear {fault}"), 200.0);
        assert!(told.failed(91.0, 200.0) > 100, "seed {seed}: it goes on: {}", told.failed(91.0, 200.0));
        assert_eq!(told.booked(fault), told.report.requests.failed, "seed {seed}");
    }
}

#[test]
fn an_answer_that_goes_back_to_a_dark_region_is_booked_on_what_sent_it_there() {
    for (seed, policy) in [(3, "\"failover\""), (4, "\"latency\""), (5, r#"{ "weighted": [100, 0] }"#)] {
        let file = pair([8, 8], [300, 200], policy);
        let script = "60s region-dark=us-east-1; 300s region-dark=eu-west-1";
        let told = Told::new(&file, seed, script, 600.0);
        assert_eq!(told.failed(240.0, 300.0), 0, "seed {seed}: all have moved");
        let (first, second) = (told.failed(60.0, 300.0), told.failed(300.0, f64::MAX));
        assert!(first > 100 && second > 1000, "seed {seed}: {first}, {second}");
        // Some go to the first region again, which has been dark for longer.
        let at_the_first = told.report.by_client["New York"].failed_by["region_dark"];
        assert!(at_the_first > 100, "seed {seed}: {at_the_first}");
        assert_eq!(told.booked("region-dark=us-east-1"), first, "seed {seed}");
        assert_eq!(told.booked("region-dark=eu-west-1"), second, "seed {seed}");
    }
}
