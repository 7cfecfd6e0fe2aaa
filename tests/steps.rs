//! How many real requests a simulated one stands for changes no recovery time: three seeds of a few systems under a storm, in
//! steps of 10 and of 20 real requests. The second blow is left out: at the edge of capacity it does change one today.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../examples/steps/pairs.rs"]
mod pairs;

use faultline::model::builtins;
use faultline::model::storm::{STORMS, Storm};

/// What is run, of all that the example `steps` compares.
const QUICK: [(&str, &str); 6] = [
    ("write-global", "region"),
    ("write-partitioned", "region"),
    ("multi-site", "region"),
    ("multi-site", "two-zones"),
    ("warm-standby", "region"),
    ("warm-standby", "bad-deploy"),
];

fn all() -> Vec<(&'static str, &'static Storm)> {
    builtins().iter().flat_map(|(name, _)| STORMS.iter().map(|storm| (*name, storm))).collect()
}

/// What is too far apart in so many seeds, on two threads.
fn apart(pairs: &[(&'static str, &'static Storm)], seeds: u64) -> Vec<(String, String, String, [f64; 2])> {
    let half = |first: usize| {
        let mut found = Vec::new();
        for (name, storm) in pairs.iter().skip(first).step_by(2) {
            let wrong = pairs::compare(name, storm, (pairs::GRAINS, seeds));
            found.extend(wrong.into_iter().map(|(of, s)| (name.to_string(), storm.slug.to_string(), of, s)));
        }
        found
    };
    std::thread::scope(|scope| {
        let odd = scope.spawn(|| half(1));
        let mut found = half(0);
        found.extend(odd.join().expect("it ends"));
        found
    })
}

#[test]
fn a_step_of_20_has_the_recovery_times_of_one_of_10() {
    let quick = |(name, storm): &(&str, &Storm)| QUICK.contains(&(*name, storm.slug));
    let pairs: Vec<_> = all().into_iter().filter(quick).collect();
    assert_eq!(pairs.len(), QUICK.len(), "each of them is there");
    assert_eq!(apart(&pairs, 3), []);
}
