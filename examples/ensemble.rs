//! Many runs of one scenario, each with its own seed and an outage at its own moment: what recovery costs as a
//! distribution and not as one lucky figure.
//!
//! ```text
//! cargo run --release --no-default-features --example ensemble -- [RUNS] [person] [FILE]
//! cargo run --release --no-default-features --example ensemble -- [RUNS] all [factor=NUMBER]
//! ```
//!
//! RUNS is 200 where it is not given. `person` lets a person decide instead of the health check. FILE is a scenario;
//! without one it is the built-in warm standby. In each run the first region goes dark at a moment drawn evenly from
//! the 20 minutes after the fifth, and the run goes on until every population has been served for a minute on end, or
//! for as long as it can last. Printed are the 5th percentile, the median and the 95th percentile of what the incident
//! cost.
//!
//! `all` runs the four built-in strategies, each with the same seeds and moments, twelve times as coarse as they are
//! shown, and prints a table beside what the Well-Architected framework says, and in how many seeds a strategy was not
//! faster than the cheaper one before it. `factor` is another extension factor of the resolvers.
#![expect(clippy::disallowed_types, reason = "it tells how long it took")]

use faultline::catalog::objectives as published;
use faultline::kernel::chance::{Chance, Purpose};
use faultline::kernel::clock::{SimDuration, SimTime};
use faultline::kernel::id::RegionId;
use faultline::model::Decider;
use faultline::model::aim::Target;
use faultline::model::command::Command;
use faultline::model::fault::{Fault, FaultKind};
use faultline::model::runbook::StepName;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::Factor;
use faultline::observer::incident::Incident;
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use std::time::Instant;

fn main() {
    let mut runs = 200;
    let mut scenario = Scenario::default();
    let (mut person, mut all, mut factor) = (false, false, None);
    for argument in std::env::args().skip(1) {
        if let Ok(number) = argument.parse() {
            runs = number;
        } else if argument == "person" {
            person = true;
        } else if argument == "all" {
            all = true;
        } else if let Some(number) = argument.strip_prefix("factor=") {
            factor = number.parse::<f64>().ok();
        } else {
            scenario = read(&argument);
        }
    }
    if all {
        compare(runs, factor);
        return;
    }
    if person {
        scenario.recovery.decider = Decider::Person;
    }
    let started = Instant::now();
    let incidents = outages(&scenario, runs);
    println!("{} runs of {} in {:.0} s", runs, scenario.name, started.elapsed().as_secs_f64());
    let restored = incidents.iter().filter(|incident| incident.rto.is_some()).count();
    println!("restored in {restored} of {runs} runs");
    println!("{:<28} {:>10} {:>10} {:>10}", "", "5 %", "median", "95 %");
    line("recovery time, s", incidents.iter().filter_map(|incident| Some(incident.rto?.secs())).collect());
    line("recovery point, s", incidents.iter().filter_map(|incident| Some(incident.rpo?.secs())).collect());
    line("lost writes", incidents.iter().map(|incident| f64::from(incident.lost_writes)).collect());
    let after = |at: Option<SimTime>, incident: &Incident| Some(at?.since(incident.at).secs());
    line("fault to first sign, s", incidents.iter().filter_map(|i| after(i.detected, i)).collect());
    line("fault to decision, s", incidents.iter().filter_map(|i| after(i.decided, i)).collect());
    for (label, name) in [
        ("fence, s", StepName::Fence),
        ("promote, s", StepName::Promote),
        ("scale out, s", StepName::ScaleOut),
        ("cutover, s", StepName::Cutover),
    ] {
        line(label, incidents.iter().filter_map(|incident| span(incident, name)).collect());
    }
    line("decision to service, s", incidents.iter().filter_map(decision_to_service).collect());
}

/// The command that begins a fault.
fn inject(kind: FaultKind, target: Target) -> Command {
    Command::Inject(Fault::new(kind, target).expect("the target fits"))
}

/// The outage of each seed, on two threads.
fn outages(scenario: &Scenario, runs: u64) -> Vec<Incident> {
    let half = |first: u64| (first..=runs).step_by(2).filter_map(|seed| outage(scenario, seed));
    std::thread::scope(|scope| {
        let even = scope.spawn(|| half(2).collect::<Vec<_>>());
        let odd: Vec<Incident> = half(1).collect();
        let mut even = even.join().unwrap_or_default().into_iter();
        odd.into_iter().flat_map(|incident| std::iter::once(incident).chain(even.next())).collect()
    })
}

/// The four built-in strategies side by side.
fn compare(runs: u64, factor: Option<f64>) {
    println!("| strategy | | 5 % | median | 95 % | Well-Architected |");
    println!("| --- | --- | ---: | ---: | ---: | --- |");
    let mut before: Option<(Strategy, Vec<Incident>)> = None;
    let mut ties = Vec::new();
    for strategy in Strategy::ALL {
        let mut scenario = Scenario { weight: 2, grain: 12, ..Scenario::of(strategy) };
        scenario.clients.extension_factor = Factor(factor.unwrap_or(*scenario.clients.extension_factor));
        let incidents = outages(&scenario, runs);
        let (rto, rpo) = promised(strategy);
        let name = strategy.slug();
        let weight = f64::from(scenario.weight * scenario.grain);
        let spans = |pick: fn(&Incident) -> Option<f64>| incidents.iter().filter_map(pick).collect();
        row(name, "recovery time, s", spans(|incident| Some(incident.rto?.secs())), &rto);
        row("", "recovery point, s", spans(|incident| Some(incident.rpo?.secs())), &rpo);
        row("", "lost writes", incidents.iter().map(|i| f64::from(i.lost_writes) * weight).collect(), "");
        if let Some((cheaper, others)) = before {
            let count = |fits: fn((&Incident, &Incident)) -> bool| {
                incidents.iter().zip(&others).filter(|(mine, other)| fits((mine, other))).count()
            };
            let (equal, slower) =
                (count(|(mine, other)| mine.rto == other.rto), count(|(mine, other)| mine.rto > other.rto));
            ties.push(format!(
                "of {runs} runs, {name} as fast as {} in {equal}, slower in {slower}",
                cheaper.slug()
            ));
        }
        before = Some((strategy, incidents));
    }
    println!("\n{}", ties.join("\n"));
}

/// A row of that table.
fn row(strategy: &str, label: &str, mut values: Vec<f64>, promised: &str) {
    let [low, middle, high] = ranks(&mut values);
    println!("| {strategy} | {label} | {low} | {middle} | {high} | {promised} |");
}

/// What the framework says about recovery time and recovery point, in our reading of its words, in seconds.
fn promised(strategy: Strategy) -> (String, String) {
    use published as p;
    let range = |least: f64, most: f64| format!("{least:.0} to {most:.0}");
    match strategy {
        Strategy::BackupRestore => (
            format!("at most {:.0}", p::BACKUP_RECOVERY_TIME_MAX.value),
            range(p::BACKUP_RECOVERY_POINT_MIN.value, p::BACKUP_RECOVERY_POINT_MAX.value),
        ),
        Strategy::PilotLight => (
            range(p::PILOT_LIGHT_RECOVERY_TIME_MIN.value, p::PILOT_LIGHT_RECOVERY_TIME_MAX.value),
            range(p::PILOT_LIGHT_RECOVERY_POINT_MIN.value, p::PILOT_LIGHT_RECOVERY_POINT_MAX.value),
        ),
        Strategy::WarmStandby => (
            range(p::WARM_STANDBY_RECOVERY_TIME_MIN.value, p::WARM_STANDBY_RECOVERY_TIME_MAX.value),
            range(p::WARM_STANDBY_RECOVERY_POINT_MIN.value, p::WARM_STANDBY_RECOVERY_POINT_MAX.value),
        ),
        Strategy::MultiSite => {
            ("potentially zero".into(), format!("at most {:.0}", p::MULTI_SITE_RECOVERY_POINT_MAX.value))
        }
    }
}

/// The scenario in a file; where there is none, what is wrong is said and the program ends.
fn read(path: &str) -> Scenario {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| end(&format!("{path}: {error}")));
    Scenario::read(&text).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        end(&lines.join("\n"))
    })
}

fn end(message: &str) -> ! {
    eprintln!("{message}");
    std::process::exit(1)
}

/// One run: the incident that the outage became.
fn outage(scenario: &Scenario, seed: u64) -> Option<Incident> {
    let at_s = Chance::new(seed).of(Purpose::Script, 0, 0, 0).between(300.0, 1500.0);
    let mut simulation = Simulation::new(scenario, seed);
    simulation.schedule(SimTime::from_secs(at_s), inject(FaultKind::RegionDark, Target::Region(RegionId(0))));
    let mut record = Record::default();
    for minute in 1..=(scenario.horizon_s / 60.0) as u32 {
        while !simulation.run_until(SimTime::from_secs(f64::from(minute) * 60.0), 65_536, &mut record) {}
        let incident = simulation.world().observer.incidents.first();
        // Right after the fault nobody is out yet: then it is 0 and no figure.
        if incident.and_then(|incident| incident.rto).is_some_and(|rto| rto > SimDuration::ZERO) {
            break;
        }
    }
    simulation.world().observer.incidents.first().cloned()
}

/// How long a step took, in seconds.
fn span(incident: &Incident, name: StepName) -> Option<f64> {
    let step = incident.steps.iter().find(|step| step.name == name)?;
    Some(step.end?.since(step.start).secs())
}

/// From the decision until everybody was served, in seconds.
fn decision_to_service(incident: &Incident) -> Option<f64> {
    Some(incident.restored?.since(incident.decided?).secs())
}

/// One line of the table. Percentiles are those of the nearest rank.
fn line(label: &str, mut values: Vec<f64>) {
    let [low, middle, high] = ranks(&mut values);
    println!("{label:<28} {low:>10} {middle:>10} {high:>10}");
}

/// The 5th percentile, the median and the 95th percentile, in words.
fn ranks(values: &mut [f64]) -> [String; 3] {
    values.sort_by(f64::total_cmp);
    let rank = |share: f64| {
        let index = ((values.len() as f64 * share).ceil() as usize).max(1) - 1;
        values.get(index).map_or("-".to_string(), |value| format!("{value:.1}"))
    };
    [rank(0.05), rank(0.5), rank(0.95)]
}
