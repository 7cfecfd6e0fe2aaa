//! Holds the simulation against formulas and published ranges, and prints what it measured as the rows of the table
//! in docs/model.md.
//!
//! `cargo run --release --no-default-features --example validate`
//!
//! Each row builds a world in which the formula's assumptions hold (no traffic, no jitter, one server, …), so that a
//! difference is one of the mechanism and not of the setting. The tests hold the same figures to their limits.

use faultline::kernel::clock::SimTime;
use faultline::kernel::id::RegionId;
use faultline::model::aim::Target;
use faultline::model::command::Command;
use faultline::model::fault::{Fault, FaultKind};
use faultline::model::plan::Plan;
use faultline::model::plan::Site;
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Factor, Millis, Rate, Share, Span};
use faultline::model::{Decider, Population, RoutingPolicy, Skew};
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use faultline::system::distance;

const HOME: RegionId = RegionId(0);
const AWAY: RegionId = RegionId(1);

fn main() {
    println!("| what | expected | measured |");
    println!("| --- | ---: | ---: |");
    for (interval_s, tau_s) in [(10.0, 0.0), (10.0, 4.0), (30.0, 0.0), (30.0, 4.0)] {
        detection(interval_s, tau_s);
    }
    stale_answers(1.0 / 60.0);
    stale_answers(1.0);
    extended_answers();
    for (slots, use_share) in [(4, 0.5), (4, 0.8), (10, 0.8), (20, 0.9)] {
        waiting(slots, use_share);
    }
    replication_growth();
    replication_lag();
    zone_failover();
}

fn row(what: &str, expected: &str, measured: &str) {
    println!("| {what} | {expected} | {measured} |");
}

/// A world in which nobody asks anything and nobody decides anything.
fn quiet() -> Scenario {
    let mut scenario = Scenario::default();
    for population in &mut scenario.clients.populations {
        population.requests_per_s = Rate(0.0);
    }
    scenario.recovery.decider = Decider::Manual;
    scenario
}

fn run(simulation: &mut Simulation, until_s: f64) -> Record {
    let mut record = Record::default();
    while !simulation.run_until(SimTime::from_secs(until_s), 65_536, &mut record) {}
    record
}

/// The command that begins a fault.
fn inject(kind: FaultKind, target: Target) -> Command {
    Command::Inject(Fault::new(kind, target).expect("the target fits"))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Mean time to the verdict over 500 seeds: (N-1)(I+tau) + tau + I k/(C+1), k of C checkers.
fn detection(interval_s: f64, tau_s: f64) {
    let mut scenario = quiet();
    scenario.dns.interval_s = Span(interval_s);
    // A refusal comes back at once; a dark region says nothing until the connect timeout of 4 s.
    let fault = if tau_s > 0.0 { FaultKind::RegionDark } else { FaultKind::BadDeploy };
    let times: Vec<f64> = (1..=500)
        .map(|seed| {
            let mut simulation = Simulation::new(&scenario, seed);
            simulation.schedule(SimTime::from_secs(200.0), inject(fault, Target::Region(HOME)));
            run(&mut simulation, 400.0);
            simulation.world().system.route53.endpoints[0].turned_at.secs() - 200.0
        })
        .collect();
    let (checkers, needed) = (16.0, 14.0);
    let expected = 2.0 * (interval_s + tau_s) + tau_s + interval_s * needed / (checkers + 1.0);
    let worst = times.iter().copied().fold(0.0, f64::max);
    let what = format!("detection, {interval_s} s x 3, each failing check takes {tau_s} s");
    row(&what, &format!("{expected:.1} s"), &format!("{:.1} s (longest {worst:.1} s)", mean(&times)));
}

/// A world in which every request looks its name up: Poisson queries at `rate` per resolver and second, one attempt.
fn askers(rate: f64) -> Scenario {
    let mut scenario = quiet();
    scenario.weight = 1;
    let clients = &mut scenario.clients;
    for population in &mut clients.populations {
        population.requests_per_s = Rate(rate * f64::from(clients.resolvers));
    }
    clients.connections = clients.resolvers;
    clients.connection_lifetime_s = Span(0.0);
    clients.retries = 0;
    clients.extending_share = Share(0.0);
    scenario.recovery.pin = false;
    scenario
}

/// The shares of resolvers that would still give the old answer so many seconds after the name servers changed it.
fn old_shares(scenario: &Scenario, seconds: &[f64]) -> Vec<f64> {
    const RUNS: u64 = 200;
    let mut counts = vec![0; seconds.len()];
    let resolvers = scenario.clients.resolvers as usize * scenario.clients.populations.len();
    for seed in 1..=RUNS {
        let mut simulation = Simulation::new(scenario, seed);
        // A busy resolver asks again at a steady beat, so the moments are spread over a cycle.
        let cycle_s = scenario.dns.ttl_s + 1.0;
        let mut at_s = 600.0 + cycle_s * seed as f64 / RUNS as f64;
        simulation.schedule(SimTime::from_secs(at_s), inject(FaultKind::BadDeploy, Target::Region(HOME)));
        run(&mut simulation, at_s);
        while simulation.world().system.route53.answer == HOME {
            at_s += 0.1;
            run(&mut simulation, at_s);
        }
        for (count, after_s) in counts.iter_mut().zip(seconds) {
            run(&mut simulation, at_s + after_s);
            *count += simulation.world().system.clients.resolvers_pointing_to(HOME, simulation.now());
        }
    }
    counts.iter().map(|count| *count as f64 / (resolvers as f64 * RUNS as f64)).collect()
}

/// Jung, Berger, Balakrishnan: p(t) = L (T - t) / (1 + L T) for Poisson queries of rate L and a time to live T.
fn stale_answers(rate: f64) {
    let scenario = askers(rate);
    let ttl_s = scenario.dns.ttl_s;
    let seconds = [0.0, 15.0, 30.0, 45.0];
    for (after_s, measured) in seconds.iter().zip(old_shares(&scenario, &seconds)) {
        let expected = rate * (ttl_s - *after_s) / (1.0 + rate * ttl_s);
        let what = format!(
            "old answers {after_s} s after the change, queries a minute and resolver: {:.0}",
            rate * 60.0
        );
        row(&what, &format!("{expected:.3}"), &format!("{measured:.3}"));
    }
}

/// A share of resolvers multiplies the time to live.
fn extended_answers() {
    let mut scenario = askers(0.1);
    scenario.clients.extending_share = Scenario::default().clients.extending_share;
    let (share, factor) = (scenario.clients.extending_share, scenario.clients.extension_factor);
    let (rate, ttl_s) = (0.1, scenario.dns.ttl_s);
    let seconds = [30.0, 120.0, 300.0];
    for (after_s, measured) in seconds.iter().zip(old_shares(&scenario, &seconds)) {
        let old = |ttl_s: f64| rate * (ttl_s - after_s).max(0.0) / (1.0 + rate * ttl_s);
        let expected = (1.0 - share) * old(*ttl_s) + share * old(ttl_s * factor);
        let what = format!("the same {after_s} s after, 6 queries a minute, 8.74 % extend {} times", *factor);
        row(&what, &format!("{expected:.3}"), &format!("{measured:.3}"));
    }
}

/// Mean wait for a slot of one server, in mean service times (Erlang C).
fn waiting(slots: u32, use_share: f64) {
    let mut scenario = quiet();
    scenario.weight = 1;
    scenario.regions.truncate(1);
    scenario.regions[0].servers = 1;
    scenario.recovery.servers = 1;
    let servers = &mut scenario.servers;
    (servers.concurrency, servers.queue, servers.most, servers.scale_out_use) =
        (slots, 100_000, 1, Share(1.0));
    let service_s = servers.service_ms / 1000.0;
    scenario.network.jitter = Factor(0.0);
    scenario.network.zone_round_trip_ms = Millis(0.01);
    scenario.database.read_ms = Millis(0.0);
    scenario.database.skew = Skew::Uniform;
    scenario.dns.policy = RoutingPolicy::Failover;
    let clients = &mut scenario.clients;
    (clients.timeout_s, clients.retries, clients.connection_lifetime_s) = (Span(120.0), 0, Span(86_400.0));
    let rate = use_share * f64::from(slots) / service_s;
    clients.populations = vec![Population {
        city: "New York".into(),
        requests_per_s: Rate(rate),
        read_share: Share(1.0),
        timeout_s: None,
    }];
    let (mut answered, mut total_s) = (0.0, 0.0);
    for seed in 1..=16 {
        let mut simulation = Simulation::new(&scenario, seed);
        // The first ten minutes fill the system and open the connections.
        for sample in run(&mut simulation, 4200.0).samples.iter().skip(600) {
            answered += f64::from(sample.served);
            total_s += f64::from(sample.served) * f64::from(sample.mean_latency_us) / 1e6;
        }
    }
    let plan = Plan::new(&scenario, 1);
    let city = Site::City(faultline::kernel::id::PopulationId(0));
    let way_s = 2.0 * distance::one_way_ms(&plan, &plan.home_cities, city, Site::Region(HOME)) / 1000.0;
    let calm_s = way_s + service_s + 2.0e-5;
    let measured = (total_s / answered - calm_s) / service_s;
    let what =
        format!("wait at a server of {slots} slots, {:.0} % in use, in service times", use_share * 100.0);
    row(&what, &format!("{:.3}", erlang_wait(slots, use_share)), &format!("{measured:.3}"));
}

/// Erlang C: the mean wait in service times, by the stable recursion over Erlang B.
fn erlang_wait(slots: u32, use_share: f64) -> f64 {
    let load = use_share * f64::from(slots);
    let mut blocked = 1.0;
    for count in 1..=slots {
        blocked = load * blocked / (f64::from(count) + load * blocked);
    }
    let waits = blocked / (1.0 - use_share * (1.0 - blocked));
    waits / (f64::from(slots) * (1.0 - use_share))
}

/// Simulated writes per second of everybody.
fn writes_per_s(scenario: &Scenario) -> f64 {
    let rate = |population: &Population| population.requests_per_s * (1.0 - population.read_share);
    scenario.clients.populations.iter().map(rate).sum::<f64>() / f64::from(scenario.weight)
}

/// On a slow link the stream carries a window per round trip; what is written beyond that waits.
fn replication_growth() {
    let mut scenario = Scenario::default();
    scenario.recovery.decider = Decider::Manual;
    // Enough to fill what the other end keeps of what it receives.
    scenario.database.write_bytes = 60_000;
    let slopes: Vec<f64> = (1..=20)
        .map(|seed| {
            let mut simulation = Simulation::new(&scenario, seed);
            simulation
                .schedule(SimTime::from_secs(100.0), inject(FaultKind::LinkSlow, Target::link(HOME, AWAY)));
            let record = run(&mut simulation, 1300.0);
            let behind = |second: usize| f64::from(record.samples[second].behind);
            (behind(1299) - behind(299)) / 1000.0
        })
        .collect();
    let plan = Plan::new(&scenario, 1);
    let window =
        f64::from(scenario.database.window_bytes / (scenario.database.write_bytes * scenario.weight));
    let trips = plan.region_round_trip_ms[0][1] + plan.region_round_trip_ms[1][0];
    let slow_s = trips / 2000.0 * scenario.faults.slow_factor * (1.0 + scenario.network.jitter);
    // And what it takes a window to leave at the stream's bandwidth.
    let mib = f64::from(scenario.database.window_bytes) / 1_048_576.0;
    let leaves_s = mib / scenario.database.stream_mib_per_s * scenario.faults.slow_factor;
    let expected = writes_per_s(&scenario) - window / (slow_s + leaves_s);
    row(
        "writes that the replica falls behind by each second on a slow link",
        &format!("{expected:.2}"),
        &format!("{:.2}", mean(&slopes)),
    );
}

/// Lag while all is well: the worst of each second, over an hour.
fn replication_lag() {
    let record = run(&mut Simulation::new(&Scenario::default(), 7), 3600.0);
    let lags: Vec<f64> =
        record.samples.iter().filter_map(|sample| sample.lag_us).map(|us| us as f64 / 1e6).collect();
    let most = lags.iter().copied().fold(0.0, f64::max);
    row(
        "lag of the replica while all is well",
        "typically under 1 s",
        &format!("mean {:.2} s, most {most:.2} s", mean(&lags)),
    );
}

/// The failover to the standby in another zone.
fn zone_failover() {
    let scenario = quiet();
    let times: Vec<f64> = (1..=500)
        .map(|seed| {
            let mut simulation = Simulation::new(&scenario, seed);
            simulation
                .schedule(SimTime::from_secs(10.0), inject(FaultKind::PrimaryDatabase, Target::Region(HOME)));
            run(&mut simulation, 200.0);
            let step = simulation.world().observer.incidents[0].steps[0];
            step.end.map_or(f64::NAN, |end| end.since(step.start).secs())
        })
        .collect();
    let least = times.iter().copied().fold(f64::MAX, f64::min);
    let most = times.iter().copied().fold(0.0, f64::max);
    let measured = format!("{least:.1} to {most:.1} s, mean {:.1} s", mean(&times));
    row("failover to the standby in another zone, 500 seeds", "60 to 120 s", &measured);
}
