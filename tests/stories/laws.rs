//! Laws that today's engine breaks, each with the shortest script that shows it; none is known. A law comes off when its
//! script holds.

use crate::draw::{self, lines};
use faultline::model::builtin;
use faultline::run::laws::{Broken, Law};
use faultline::run::simulation::Simulation;

/// A law that does not hold, and how that is seen.
struct Listed {
    law: Law,
    /// A built-in system, or "drawn": the one that random scripts draw from the seed.
    system: &'static str,
    seed: u64,
    until_s: f64,
    script: &'static str,
    /// What is seen.
    seen: &'static str,
    /// The issue that mends it.
    issue: &'static str,
}

const LISTED: [Listed; 0] = [];

impl Listed {
    /// Runs the script; an empty one is what is drawn from the seed.
    fn run(&self) -> Vec<Broken> {
        let drawn = || draw::system(self.seed);
        let scenario = builtin(self.system).unwrap_or_else(drawn);
        let drawn = || draw::script(&scenario, self.seed);
        let script = if self.script.is_empty() { drawn() } else { lines(self.script) };
        println!("{}, seed {}: {}", self.system, self.seed, draw::in_words(&script));
        draw::run(&scenario, self.seed, &script, self.until_s).0.broken_laws()
    }
}

/// What a run has broken that is not listed.
pub(crate) fn unlisted(run: &Simulation) -> Vec<Broken> {
    run.broken_laws().into_iter().filter(|broken| !is_listed(broken.law)).collect()
}

/// A listed law is not looked for in random scripts; every other is.
pub(crate) fn is_listed(law: Law) -> bool {
    LISTED.iter().any(|listed| listed.law == law)
}

#[test]
fn every_listed_script_breaks_its_law_still() {
    let mut held = Vec::new();
    for listed in &LISTED {
        let Listed { law, system, seed, script, seen, issue, .. } = listed;
        let broken = listed.run();
        match broken.iter().find(|broken| broken.law == *law) {
            Some(broken) => println!("{system}, seed {seed}, {script} ({issue}): {broken}; listed: {seen}"),
            None => {
                held.push(format!("{system}, seed {seed}, {script}: \"{}\" holds: take it off", law.name()));
            }
        }
        held.extend(broken.iter().filter(|broken| !is_listed(broken.law)).map(ToString::to_string));
    }
    assert!(held.is_empty(), "{}", held.join("\n"));
}
