//! How many real requests a simulated one stands for changes no recovery time: three systems under three storms in the night, ten
//! seeds each in steps of 10 and of 20 real requests; three seeds of six others with every commit. And it changes no capacity.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../examples/steps/pairs.rs"]
mod pairs;

use faultline::kernel::clock::SimTime;
use faultline::model::scenario::Scenario;
use faultline::model::storm::{STORMS, Storm};
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;

/// A system and the name of a storm.
type Pair = (&'static str, &'static str);

/// What is run with every commit. The second blow is not: it leaves a system at the edge of its capacity, where chance decides, and
/// three seeds are too few.
const QUICK: [Pair; 6] = [
    ("write-global", "region"),
    ("write-partitioned", "region"),
    ("multi-site", "region"),
    ("multi-site", "two-zones"),
    ("warm-standby", "region"),
    ("warm-standby", "bad-deploy"),
];

/// What is run in the night.
const NIGHT: [Pair; 9] = [
    ("warm-standby", "region"),
    ("warm-standby", "two-zones"),
    ("warm-standby", "second-blow"),
    ("multi-site", "region"),
    ("multi-site", "two-zones"),
    ("multi-site", "second-blow"),
    ("write-partitioned", "region"),
    ("write-partitioned", "two-zones"),
    ("write-partitioned", "second-blow"),
];

/// A pair, what began an incident, and its median recovery times in both steps, in seconds.
type Found = (Pair, String, [f64; 2]);

/// The recovery times in so many seeds, on two threads.
fn recoveries(pairs: &[Pair], seeds: u64) -> Vec<Found> {
    let storm = |slug: &str| -> &'static Storm {
        STORMS.iter().find(|storm| storm.slug == slug).expect("there is such a storm")
    };
    let half = |first: usize| -> Vec<Found> {
        let own = pairs.iter().skip(first).step_by(2);
        let of = |pair: &Pair| {
            let medians = pairs::medians(pair.0, storm(pair.1), (pairs::GRAINS, seeds));
            let pair = *pair;
            medians.into_iter().map(move |(of, both_s)| (pair, of, both_s))
        };
        own.flat_map(of).collect()
    };
    std::thread::scope(|scope| {
        let odd = scope.spawn(|| half(1));
        let mut found = half(0);
        found.extend(odd.join().expect("it ends"));
        found
    })
}

#[test]
fn night_a_step_of_20_has_the_recovery_times_of_one_of_10() {
    let night = std::env::var_os("FAULTLINE_NIGHT").is_some();
    let found = if night { recoveries(&NIGHT, 10) } else { recoveries(&QUICK, 3) };
    for ((name, storm), of, [fine_s, coarse_s]) in &found {
        println!(
            "figure: {name}, {storm}, {of}: {fine_s:.0} s in steps of 10, {coarse_s:.0} s in steps of 20"
        );
    }
    let apart: Vec<_> = found.iter().filter(|(_, _, both_s)| pairs::are_apart(*both_s)).collect();
    assert!(apart.is_empty(), "{apart:?}");
}

#[test]
fn a_full_fleet_serves_as_many_in_any_step() {
    // Two servers for somebody who needs five.
    let text = r#"{ "name": "too-small", "horizon_s": 3600,
      "regions": [ { "code": "us-east-1", "servers": 2, "quota": 2 }, { "code": "us-west-2", "servers": 2 } ],
      "servers": { "most": 2 }, "recovery": { "decider": "manual", "servers": 2 },
      "clients": { "populations": [ { "city": "New York", "requests_per_s": 700, "read_share": 1 } ] } }"#;
    let small = Scenario::read(text).expect("a scenario");
    // A slot is taken for the work, the ways to the server and to the database beside it, and the read there.
    let taken_ms =
        *small.servers.service_ms + 2.0 * *small.network.zone_round_trip_ms + *small.database.read_ms;
    let formula = 2.0 * f64::from(small.servers.concurrency) / (taken_ms / 1000.0);
    for grain in [1, 5, 10, 20] {
        let (mut run, mut record) =
            (Simulation::new(&Scenario { grain, ..small.clone() }, 3), Record::default());
        let mut served = [60.0, 360.0].map(|until_s| {
            assert!(run.run_until(SimTime::from_secs(until_s), u64::MAX, &mut record));
            run.report().requests.served as f64
        });
        served[1] -= served[0];
        let per_s = served[1] / 300.0;
        assert!((per_s / formula - 1.0).abs() < 0.03, "grain {grain}: {per_s:.1} and {formula:.1} a second");
    }
}
