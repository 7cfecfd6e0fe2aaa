//! The command `compare`: several scenarios under the same orders, in lock-step.

use std::fmt::Write;

use faultline::kernel::clock::SimTime;
use faultline::model::scenario::Scenario;
use faultline::model::unit::Span;
use faultline::model::{Problem, STORMS};
use faultline::run::compare::Comparison;
use faultline::run::report::Report;
use serde::Serialize;

use crate::args::Wanted;
use crate::figures::{count, span};
use crate::run::misfits;
use crate::{load, world};

/// When a storm begins that is asked for by name, in seconds.
const STORM_AT_S: f64 = 600.0;

/// Runs what is wanted and returns what is to be printed.
pub(crate) fn compare(wanted: &Wanted) -> Result<String, Vec<Problem>> {
    let names = std::iter::once(&wanted.scenario).chain(&wanted.others);
    let mut scenarios = names.map(|name| load::load(name)).collect::<Result<Vec<Scenario>, _>>()?;
    for scenario in &mut scenarios {
        prepare(scenario, wanted)?;
    }
    let seed = wanted.seed.unwrap_or_else(|| scenarios[0].seed.into());
    let mut comparison = Comparison::new(&scenarios, seed, wanted.grain);
    if wanted.until.is_some() {
        comparison.longest_s = 0.0;
    }
    for lane in &mut comparison.lanes {
        for timed in &wanted.at {
            let command = lane
                .run
                .resolve(&timed.order)
                .map_err(|said| vec![Problem::new("--at", "an order", said)])?;
            lane.run.schedule(timed.at, command);
        }
    }
    let took = world::timed(|| while !comparison.advance(u64::MAX) {});
    let reports: Vec<Report> = comparison.lanes.iter().map(|lane| lane.run.report()).collect();
    let none: Vec<String> = comparison.lanes.iter().map(|lane| world::none_missing(&lane.run)).collect();
    Ok(if wanted.json { json(&reports) } else { table(&reports, &none, took.as_secs_f64()) })
}

/// Gives a scenario its end and its storm, where no orders are given in its place.
fn prepare(scenario: &mut Scenario, wanted: &Wanted) -> Result<(), Vec<Problem>> {
    if let Some(until) = wanted.until {
        scenario.horizon_s = Span(until.secs());
    }
    let problems = misfits(wanted, scenario, SimTime::from_secs(scenario.horizon_s));
    if !problems.is_empty() {
        return Err(problems);
    }
    if wanted.at.is_empty() && (wanted.storm.is_some() || scenario.script.is_empty()) {
        scenario.script = wanted.storm.unwrap_or(&STORMS[0]).script(scenario, STORM_AT_S);
    }
    Ok(())
}

fn json(reports: &[Report]) -> String {
    #[derive(Serialize)]
    struct Printed<'a>(&'a [Report]);
    format!(
        "{}\n",
        serde_json::to_string(&Printed(reports)).expect("reports are plain data with text for keys")
    )
}

/// One row per scenario: the whole storm, from the start of its first outage to the end of the last. All prices are
/// compared with one: the first system in one region. `none`: what is said of each if no write is missing.
fn table(reports: &[Report], none: &[String], wall_s: f64) -> String {
    let mut text = String::new();
    let events: u64 = reports.iter().map(|report| report.events).sum();
    let step = reports.iter().map(|report| report.step).max().unwrap_or(1);
    let _ = writeln!(text, "{} events in {}; counted in steps of {step}", count(events), span(wall_s));
    let dollars = |usd: f64| format!("${}", count(usd.round() as u64));
    let (base, usd) = reports.first().map_or(("", 1.0), |it| (&*it.scenario, it.cost.single_region_usd));
    let _ = writeln!(text, "The base of all prices is {base} in one region, {} a month.", dollars(usd));
    let _ = writeln!(
        text,
        "{:<18}{:>14}{:>15}{:>13}{:>14}{:>15}",
        "scenario", "recovery time", "recovery point", "missing", "a month", "of the base"
    );
    for (report, none) in reports.iter().zip(none) {
        let [rto, rpo, lost] = storm(report, none);
        let _ = writeln!(
            text,
            "{:<18}{rto:>14}{rpo:>15}{lost:>13}{:>14}{:>15}",
            report.scenario,
            dollars(report.cost.monthly_usd),
            format!("{:.2} ×", report.cost.monthly_usd / usd),
        );
    }
    text
}

/// Recovery time, recovery point and lost writes of all incidents together.
fn storm(report: &Report, none: &str) -> [String; 3] {
    let Report { incidents, outages, .. } = report;
    if incidents.is_empty() {
        return ["–".into(), "–".into(), none.into()];
    }
    let first = outages.iter().map(|outage| outage.start_s).reduce(f64::min);
    let ends: Option<Vec<f64>> = outages.iter().map(|outage| outage.end_s).collect();
    let last = ends.map(|ends| ends.into_iter().fold(first.unwrap_or(0.0), f64::max));
    let rpo = incidents.iter().filter_map(|incident| incident.rpo_s).reduce(f64::max);
    let lost: u64 = incidents.iter().map(|incident| incident.lost_writes).sum();
    [
        last.map_or("not over".into(), |last| span(last - first.unwrap_or(last))),
        rpo.map_or("–".into(), span),
        if lost == 0 { none.into() } else { count(lost) },
    ]
}
