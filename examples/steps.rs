//! How many real requests a simulated one stands for should change no recovery time: every built-in system under every storm, the same
//! seeds in two steps, and which medians are further apart than they should be.
//!
//! ```text
//! cargo run --release --no-default-features --example steps -- [SEEDS] [GRAIN,GRAIN] [PART OF system.storm]
//! ```

#[path = "steps/pairs.rs"]
mod pairs;

use faultline::model::builtins;
use faultline::model::storm::STORMS;

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let seeds = given.first().and_then(|text| text.parse().ok()).unwrap_or(3);
    let grains = given.get(1).and_then(|text| text.split_once(','));
    let grains = grains.and_then(|(fine, coarse)| Some([fine.parse().ok()?, coarse.parse().ok()?]));
    let grains: [u32; 2] = grains.unwrap_or(pairs::GRAINS);
    let only = given.get(2).map_or("", String::as_str);
    let (mut all, mut wrong) = (0, 0);
    for (name, _) in builtins() {
        for storm in STORMS.iter().filter(|storm| format!("{name}.{}", storm.slug).contains(only)) {
            let mut found = pairs::medians(name, storm, (grains, seeds));
            found.retain(|(_, both_s)| pairs::are_apart(*both_s));
            all += 1;
            wrong += usize::from(!found.is_empty());
            for (of, [fine_s, coarse_s]) in found {
                println!("{name}, {}, {of}: {fine_s:.1} s and {coarse_s:.1} s", storm.slug);
            }
        }
    }
    println!("{wrong} of {all} systems under a storm, {seeds} seeds each, grains {grains:?}");
}
