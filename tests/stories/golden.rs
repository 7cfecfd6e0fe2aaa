//! A run with a region outage and its end, for each of some seeds, as a line of text.

use faultline::kernel::clock::SimTime;
use faultline::model::Order;
use faultline::model::scenario::Scenario;
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;

/// How many seeds.
pub(crate) const SEEDS: u64 = 20;

/// A line for each seed: the seed, the events handled, the digest.
pub(crate) const EXPECTED: &str = include_str!("../golden/digests.txt");

/// The line of a seed.
pub(crate) fn line(seed: u64) -> String {
    let mut run = Simulation::new(&Scenario::default(), seed);
    let mut record = Record::default();
    for (until_s, order) in [
        (120.0, "zone-grey=us-east-1b"),
        (180.0, "clear zone-grey=us-east-1b"),
        (200.0, "link-lossy=us-east-1:eu-west-1"),
        (240.0, "region-dark=us-east-1"),
        (700.0, "clear region-dark=us-east-1"),
    ] {
        run.run_until(SimTime::from_secs(until_s), u64::MAX, &mut record);
        let command = Order::parse(order).and_then(|order| run.resolve(&order)).expect("an order");
        run.apply(command, &mut record);
    }
    run.run_until(SimTime::from_secs(900.0), u64::MAX, &mut record);
    format!("{seed} {} {:016x}\n", run.events(), run.recorded().digest)
}
