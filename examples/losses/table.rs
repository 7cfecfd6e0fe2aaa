//! The table: a row for each engine, each form that it has inside a region, and each loss.

use std::fmt;

use faultline::kernel::clock::SimTime;
use faultline::kernel::id::RegionId;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Rate, Span};
use faultline::model::{Decider, Engine, Inside, Order};
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;
use faultline::system::journal::What;
use faultline::system::leaders::Leaders;

const HOME: RegionId = RegionId(0);
/// When it is lost, in seconds.
const AT_S: f64 = 60.0;
/// For how long an endpoint is gone, in seconds.
const GONE_S: f64 = 600.0;
/// How closely is looked, in seconds.
const STEP_S: f64 = 0.25;

/// What is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The zone of the instance that takes writes, or one of three.
    Zone,
    /// That instance.
    Instance,
    /// The endpoint, for ten minutes.
    Endpoint,
    /// The region: what is measured is the promotion of the copy elsewhere.
    Region,
}

/// What a service documents, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Documented {
    /// From the first to the second.
    Between(f64, f64),
    /// Nothing comes back by itself.
    Never,
}

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The engine.
    pub(crate) engine: Engine,
    /// What it is inside a region.
    pub(crate) inside: Inside,
    /// What was lost.
    pub(crate) loss: Loss,
    /// What its service documents.
    pub(crate) documented: Documented,
    /// How long nobody took writes, with each seed, in seconds; infinite if nobody did by the end.
    pub(crate) measured_s: Vec<f64>,
}

impl Row {
    /// Whether what was measured is in the documented range, as closely as is looked.
    pub(crate) fn holds(&self) -> bool {
        match self.documented {
            Documented::Between(least, most) => {
                self.measured_s.iter().all(|s| (least - STEP_S..=most + STEP_S).contains(s))
            }
            Documented::Never => self.measured_s.iter().all(|s| s.is_infinite()),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let documented = match self.documented {
            Documented::Between(0.0, 0.0) => "nobody waits".into(),
            Documented::Between(least, most) if least == most => format!("{least:.0} s"),
            Documented::Between(least, most) => format!("{least:.0} to {most:.0} s"),
            Documented::Never => "until it is mended".into(),
        };
        let (least, most) =
            self.measured_s.iter().fold((f64::MAX, 0.0_f64), |(l, m), s| (l.min(*s), m.max(*s)));
        let mean = self.measured_s.iter().sum::<f64>() / self.measured_s.len() as f64;
        let measured = if most.is_infinite() {
            "not in the run".into()
        } else if most == 0.0 {
            "nobody waits".into()
        } else {
            format!("{least:.1} to {most:.1} s, mean {mean:.1} s")
        };
        let (engine, inside) = (self.engine.slug(), self.inside.slug());
        write!(out, "| {engine} | {inside} | {:?} | {documented} | {measured} |", self.loss)
    }
}

/// Every row, with so many seeds.
pub(crate) fn rows(seeds: u64) -> impl Iterator<Item = Row> {
    let forms = |engine: Engine| engine.forms().iter().map(move |form| (engine, form.inside));
    let losses = [Loss::Zone, Loss::Instance, Loss::Endpoint, Loss::Region];
    let all = Engine::ALL.into_iter().flat_map(forms);
    all.flat_map(move |(engine, inside)| losses.map(|loss| (engine, inside, loss))).filter_map(
        move |(engine, inside, loss)| {
            let documented = documented(engine, inside, loss)?;
            let scenario = scenario(engine, inside, loss);
            let measured_s = (1..=seeds).map(|seed| measure(&scenario, seed, loss)).collect();
            Some(Row { engine, inside, loss, documented, measured_s })
        },
    )
}

/// What is documented; `None` if that cannot be lost, or the strategy that goes with the form has no copy elsewhere.
fn documented(engine: Engine, inside: Inside, loss: Loss) -> Option<Documented> {
    let form = engine.forms().iter().find(|form| form.inside == inside)?;
    let [least, most] = form.takeover_s;
    let takeover = Documented::Between(least, most);
    let rules = engine.rules();
    match loss {
        Loss::Instance if !inside.has_instance() => None,
        // An instance alone comes back when it is mended; a volume without a reader waits for its zone or for somebody.
        Loss::Instance | Loss::Zone if inside == Inside::Single => Some(Documented::Never),
        Loss::Zone if inside == Inside::Alone => Some(Documented::Never),
        Loss::Instance | Loss::Zone => Some(takeover),
        Loss::Endpoint => Some(Documented::Between(GONE_S, GONE_S)),
        Loss::Region if inside == Inside::Cluster => None,
        Loss::Region if engine.writes_everywhere() => Some(Documented::Between(0.0, 0.0)),
        Loss::Region => Some(Documented::Between(rules.promote_s[0], rules.promote_s[2])),
    }
}

/// A system in which nobody asks anything, so that the mechanism alone is measured.
fn scenario(engine: Engine, inside: Inside, loss: Loss) -> Scenario {
    let strategy = if inside == Inside::Cluster {
        Strategy::BackupRestore
    } else if engine.writes_everywhere() {
        Strategy::MultiSite
    } else {
        Strategy::WarmStandby
    };
    let mut scenario = Scenario::design(strategy, engine);
    scenario.database.take_form(inside);
    if inside == Inside::Cluster {
        scenario.backup.copies = false;
    }
    for population in &mut scenario.clients.populations {
        population.requests_per_s = Rate(0.0);
    }
    scenario.recovery.decider = if loss == Loss::Region { Decider::Automatic } else { Decider::Manual };
    (scenario.recovery.fence_min_s, scenario.recovery.fence_max_s) = (Span(1.0), Span(1.0));
    scenario
}

/// How long nobody took writes in the region that had them, or a copy elsewhere was promoted, in seconds.
fn measure(scenario: &Scenario, seed: u64, loss: Loss) -> f64 {
    let mut run = Simulation::new(scenario, seed);
    let mut record = Record::default();
    advance(&mut run, &mut record, AT_S);
    let home = scenario.regions[0].code.clone();
    let order = match loss {
        Loss::Zone => format!("zone-power={home}a"),
        Loss::Instance => format!("primary-database={home}"),
        Loss::Endpoint => format!("database-endpoint={home}"),
        Loss::Region => format!("region-dark={home}"),
    };
    give(&mut run, &mut record, &order);
    let mut at_s = AT_S;
    if loss == Loss::Region {
        return promoted(scenario, &mut run, &mut record);
    }
    let most_s = if loss == Loss::Endpoint { GONE_S + 60.0 } else { 660.0 };
    let mut waited_s = 0.0;
    while at_s < AT_S + most_s {
        if loss == Loss::Endpoint && at_s == AT_S + GONE_S {
            give(&mut run, &mut record, &format!("clear {order}"));
        }
        if takes_writes(&run) {
            if at_s > AT_S + 1.0 {
                break;
            }
        } else {
            waited_s = at_s + STEP_S - AT_S;
        }
        at_s += STEP_S;
        advance(&mut run, &mut record, at_s);
    }
    if takes_writes(&run) { waited_s } else { f64::INFINITY }
}

/// How long the promotion of a copy elsewhere took; 0 if the others take writes anyway.
fn promoted(scenario: &Scenario, run: &mut Simulation, record: &mut Record) -> f64 {
    if scenario.database.engine.writes_everywhere() {
        advance(run, record, AT_S + 60.0);
        let others = run.world().system.databases.iter().filter(|db| db.region != HOME);
        let open = others.filter(|db| db.is_primary()).all(|db| db.writable());
        return if open { 0.0 } else { f64::INFINITY };
    }
    advance(run, record, 3600.0);
    let at = |fits: &dyn Fn(&What) -> bool| {
        record.journal.iter().find(|entry| fits(&entry.what)).map(|entry| entry.at.secs())
    };
    let began = at(&|what| matches!(what, What::StepBegan(name) if name.slug() == "promote"));
    let ended = at(&|what| matches!(what, What::Promoted { .. }));
    began.zip(ended).map_or(f64::INFINITY, |(began, ended)| ended - began)
}

fn takes_writes(run: &Simulation) -> bool {
    let database = &run.world().system.databases[HOME.index()];
    let elects = database.leaders.as_ref().is_some_and(Leaders::elects);
    database.answers() && database.is_primary() && !elects
}

fn advance(run: &mut Simulation, record: &mut Record, until_s: f64) {
    while !run.run_until(SimTime::from_secs(until_s), 65_536, record) {}
}

fn give(run: &mut Simulation, record: &mut Record, order: &str) {
    let command = Order::parse(order).map(|order| run.resolve(&order));
    let Ok(Ok(command)) = command else { panic!("{order} is no order here") };
    run.apply(command, record);
}
