//! Six runs off the main road, in which each incident meets another. How they must end is defined, whatever they do today.

use crate::draw::{self, lines};
use crate::known::{Known, exactly};
use crate::laws;
use faultline::kernel::id::RegionId;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::Span;
use faultline::model::{FaultKind, Order, Region, ScriptLine, builtin};
use faultline::run::report::executions::StepState;
use faultline::run::report::{IncidentReport, Report, StepReport};
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use faultline::system::database::Role;
use faultline::system::journal::What;
use faultline::system::write_state::WriteState;

/// What fails today, and who mends it. A story that begins to hold comes off.
const KNOWN: [Known; 0] = [];

type Wrong = Vec<String>;

#[test]
fn off_the_road_everything_ends_as_it_must() {
    let found = [
        ("R1", failback_while_the_other_region_is_dark()),
        ("R2", failover_over_a_cut_link()),
        ("R3", a_site_that_comes_back_has_lost_nothing()),
        ("R4", a_restore_where_the_copies_are()),
        ("R5", full_servers_because_a_region_is_dark()),
        ("R6", three_regions_two_dark_in_turn()),
    ];
    exactly(&KNOWN, &found);
}

struct Told {
    run: Simulation,
    record: Record,
    report: Report,
    wrong: Wrong,
}

impl Told {
    fn new(scenario: &Scenario, seed: u64, script: &str, until_s: f64) -> Self {
        let (good, bad): (Vec<ScriptLine>, Vec<ScriptLine>) =
            lines(script).into_iter().partition(|line| Order::parse(&line.order).is_ok());
        let (run, record) = draw::run(scenario, seed, &good, until_s);
        let report = run.report();
        let wrong = bad.iter().map(|line| format!("{} is no order", line.order)).collect();
        Self { run, record, report, wrong }
    }

    fn expect(&mut self, holds: bool, what: impl Into<String>) {
        if !holds {
            self.wrong.push(what.into());
        }
    }

    /// Everybody is served in so many seconds before a moment.
    fn served_by(&mut self, end_s: f64, for_s: f64) {
        let inside = |at: f64| end_s - for_s < at && at <= end_s;
        let samples = || self.record.samples.iter().filter(|sample| inside(sample.at.secs()));
        let (served, failed) =
            samples().fold((0, 0), |sum, second| (sum.0 + second.served, sum.1 + second.failed));
        let well = served > 0 && f64::from(failed) < 0.01 * f64::from(served);
        self.expect(well, format!("{served} served and {failed} failed in the {for_s} s before {end_s} s"));
    }

    fn incident(&self, kind: FaultKind, target: &str) -> Option<&IncidentReport> {
        self.report.incidents.iter().find(|incident| {
            incident.trigger.kind == kind.slug() && incident.trigger.target.as_deref() == Some(target)
        })
    }

    /// The recovery point of an incident is within these, in seconds.
    fn rpo(&mut self, kind: FaultKind, target: &str, least: f64, most: f64) {
        let rpo = self.incident(kind, target).and_then(|incident| incident.rpo_s);
        let fits = rpo.is_some_and(|rpo| (least..=most).contains(&rpo));
        self.expect(fits, format!("RPO of {} {target} is {rpo:?}, not {least} to {most} s", kind.slug()));
    }
}

/// R1: the failback waits for the dark region, a person decides what to do without it.
fn failback_while_the_other_region_is_dark() -> Wrong {
    let script = "10m region-dark=us-east-1; 35m clear region-dark=us-east-1; 50m region-dark=eu-west-1; 55m fail-back";
    let built_in = builtin("warm-standby").expect("a built-in");
    let mut before = Told::new(&built_in, 3, script, 3590.0);
    let copies = before.run.world().system.databases[0].role == Role::Rebuilding;
    before.expect(!copies, "us-east-1 is filled from a region that is dark");
    let incidents = before.report.incidents.clone();
    let mut steps = incidents.iter().flat_map(|incident| incident.steps());
    let for_it =
        |step: &StepReport| step.waits_for.as_ref().is_some_and(|it| it.text == "region-dark=eu-west-1");
    let waits = steps.any(|step| step.state == StepState::Waiting && for_it(step));
    before.expect(waits, "no step says that it waits for eu-west-1");
    let mut told = Told::new(&built_in, 3, &format!("{script}; 60m decide=promote"), 4500.0);
    told.wrong.append(&mut before.wrong);
    // The promotion takes 11 min 39 s with this seed, and the servers are full for half a minute after it.
    told.served_by(4500.0, 60.0);
    // From the first acknowledgement in eu-west-1, about 17 minutes into the run, to its fault.
    told.rpo(FaultKind::RegionDark, "eu-west-1", 30.0 * 60.0, 36.0 * 60.0);
    told.wrong
}

/// R2: a copy is promoted that the link had kept from following: what it lacks is set aside.
fn failover_over_a_cut_link() -> Wrong {
    let script = "10m link-cut=us-east-1:eu-west-1; 11m fail-over=eu-west-1";
    let mut told = Told::new(&builtin("warm-standby").expect("a built-in"), 3, script, 2700.0);
    let acting = told.run.world().system.ownership.primary();
    told.expect(acting == RegionId(1), "eu-west-1 was not promoted");
    let hurt: Vec<(u64, Option<f64>)> =
        told.report.incidents.iter().map(|incident| (incident.lost_writes, incident.rpo_s)).collect();
    let spans = hurt.iter().filter(|(lost, _)| *lost > 0);
    let fits = |rpo: &Option<f64>| rpo.is_some_and(|rpo| (60.0..=180.0).contains(&rpo));
    let right = spans.clone().count() == 1 && spans.clone().all(|(_, rpo)| fits(rpo));
    told.expect(right, format!("lost writes and RPO by incident are {hurt:?}, not one with 1 to 3 minutes"));
    told.wrong
}

/// R3: what a dark site has not passed on is out of reach while it is dark, and not lost. Seeds differ in whether there was
/// anything: all have to hold.
fn a_site_that_comes_back_has_lost_nothing() -> Wrong {
    let script = "10m region-dark=us-east-1; 15m clear region-dark=us-east-1";
    let built_in = Scenario { grain: 2, ..builtin("multi-site").expect("a built-in") };
    let one = |seed: u64| {
        let mut told = Told::new(&built_in, seed, script, 1800.0);
        let named = told
            .record
            .journal
            .iter()
            .filter(|entry| matches!(entry.what, What::WriteMissing(_, WriteState::Lost)))
            .count();
        told.expect(named == 0, format!("seed {seed}: {named} writes \"did not survive\""));
        let lost = told.report.consistency.lost_writes;
        told.expect(lost == 0, format!("seed {seed}: {lost} lost at the end"));
        told.rpo(FaultKind::RegionDark, "us-east-1", 0.0, 0.0);
        told.wrong
    };
    (1..=6).flat_map(one).collect()
}

/// R4: the data are ruined and their region is dark: the copies of the backups in the other region are restored there.
fn a_restore_where_the_copies_are() -> Wrong {
    let script = "10m corruption=us-east-1; 12m region-dark=us-east-1";
    let scenario =
        Scenario { horizon_s: Span(10_800.0), grain: 4, ..builtin("warm-standby").expect("a built-in") };
    let mut told = Told::new(&scenario, 3, script, 9900.0);
    let here = |what: &What| matches!(what, What::DatabaseRestored { region: RegionId(1), .. });
    let restored = told.record.journal.iter().any(|entry| here(&entry.what));
    told.expect(restored, "nothing was restored in eu-west-1");
    told.served_by(9900.0, 120.0);
    told.wrong
}

/// R5: servers are full because a region is dark, whatever happened last.
fn full_servers_because_a_region_is_dark() -> Wrong {
    let script = "10m region-dark=us-east-1; 11m link-slow=us-east-1:eu-west-1; 690s backup-copy";
    let mut told = Told::new(&builtin("warm-standby").expect("a built-in"), 3, script, 1800.0);
    let full = told.record.journal.iter().filter(|entry| matches!(entry.what, What::Overloaded(_)));
    let roots: Vec<What> = full
        .map(|entry| {
            let mut root = entry;
            while let Some(cause) = root.cause {
                root = &told.record.journal[cause.0 as usize];
            }
            root.what
        })
        .collect();
    told.expect(!roots.is_empty(), "no servers were full");
    let dark =
        |what: &What| matches!(what, What::FaultInjected(fault) if fault.kind() == FaultKind::RegionDark);
    told.expect(roots.iter().all(dark), format!("the chains of full servers end in {roots:?}"));
    told.wrong
}

/// R6: the second region goes dark as well: the third was filled from it, and takes over.
fn three_regions_two_dark_in_turn() -> Wrong {
    let mut scenario = Scenario { grain: 4, ..Scenario::of(Strategy::WarmStandby) };
    scenario.regions.push(Region::named("us-west-2", 2));
    let text = serde_json::to_string(&scenario).expect("plain data");
    let scenario = Scenario::read(&text).expect("three regions of an engine with one writer");
    let script = "10m region-dark=us-east-1; 60m region-dark=eu-west-1";
    let mut before = Told::new(&scenario, 3, script, 3590.0);
    let source = before.run.world().system.stream_to(RegionId(2)).map(|stream| stream.from);
    before.expect(source == Some(RegionId(1)), format!("us-west-2 follows {source:?}, not eu-west-1"));
    before.expect(laws::unlisted(&before.run).is_empty(), "a law is broken that is not listed");
    let mut told = Told::new(&scenario, 3, script, 4800.0);
    told.wrong.append(&mut before.wrong);
    let acting = told.run.world().system.ownership.primary();
    told.expect(acting == RegionId(2), format!("region {} takes the writes, not us-west-2", acting.0));
    told.served_by(4800.0, 120.0);
    told.wrong
}
