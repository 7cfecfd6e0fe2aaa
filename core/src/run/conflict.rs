//! Two people write to the same key before their regions have heard of each other: the smallest run in which everything
//! about a collision can be seen, with every message between the regions.
//!
//! It is the simulation itself, on a system with two cities and one seat to take; nothing in it is drawn by hand.

use crate::catalog;
use crate::kernel::clock::SimTime;
use crate::kernel::id::{RegionId, WriteId};
use crate::model::plan::Site;
use crate::model::scenario::{Scenario, Strategy};
use crate::model::unit::{Factor, Millis, Rate, Share, Span};
use crate::model::{Engine, Population, Region, Rule, ScriptLine};
use crate::observer::ledger::{Fate, Mark};
use crate::run::simulation::Simulation;
use crate::system::context::Record;
use crate::system::network::Cargo;

/// When the first of the two writes, in seconds: everything is at its ease by then.
const BEGINS_S: f64 = 2.0;
/// The longest that is waited for the end, in seconds.
const LONGEST_S: f64 = 30.0;
/// When one person writes alone to a first key, to a second, and to that again, in seconds: the first time a connection is
/// opened and a name looked up, which no rule has a part in.
const ALONE_S: [f64; 3] = [BEGINS_S, BEGINS_S + 5.0, BEGINS_S + 10.0];
/// Who writes alone has an answer by then, in seconds.
const ANSWERED_S: f64 = BEGINS_S + 15.0;
/// The third region, for a rule by which two of three have to agree.
const THIRD: [&str; 3] = ["us-west-2", "eu-central-1", "us-east-2"];

/// What a collision depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Duel {
    /// The two regions, by their codes.
    pub regions: [String; 2],
    /// How long a commit waits before it leaves for the other region, in milliseconds.
    pub delay_ms: f64,
    /// How far the clock of the second region is ahead, in milliseconds; behind if negative.
    pub skew_ms: f64,
    /// How long after the first person the second one writes, in milliseconds.
    pub gap_ms: f64,
}

/// A message between two regions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Message {
    /// Where it left.
    pub from: RegionId,
    /// Where it came to.
    pub to: RegionId,
    /// When it left, in milliseconds since the first write was asked for.
    pub sent_ms: f64,
    /// When it arrived.
    pub arrived_ms: f64,
    /// It carries a write, and not what was answered.
    pub carries: bool,
    /// Whose write it is about: 0 or 1.
    pub write: usize,
}

/// What has become of one of the two writes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// The region in which its client asked.
    pub region: RegionId,
    /// When its client asked, in milliseconds since the first did.
    pub asked_ms: f64,
    /// When it was committed, and where; `None` if it was refused.
    pub committed: Option<(f64, RegionId)>,
    /// When its client was told.
    pub told_ms: Option<f64>,
    /// It was told yes; else that another was first, or nothing good.
    pub yes: bool,
    /// Its fate.
    pub fate: Fate,
}

/// How a duel ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The rule that it was under.
    pub rule: Rule,
    /// The regions that took part, by their codes.
    pub regions: Vec<String>,
    /// The two writes.
    pub answers: [Answer; 2],
    /// Every message between regions about them.
    pub messages: Vec<Message>,
    /// Which of the two each of the first two regions shows in the end: 0, 1, or both.
    pub shown: [Vec<usize>; 2],
    /// How long neither region knew of the other's write, in milliseconds; 0 if one saw the other.
    pub blind_ms: f64,
    /// When the last message had arrived.
    pub end_ms: f64,
}

/// What a write costs its client under a rule if nobody else writes: milliseconds from asking to being told yes, with the
/// name looked up and the connection open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// To a key that the region has not written yet.
    pub first_ms: f64,
    /// To a key that the region was the last to write.
    pub again_ms: f64,
}

/// The city nearest to a region.
fn nearest_city(code: &str) -> &'static str {
    let Some(region) = catalog::region(code) else { return catalog::CITIES[0].name };
    let far = |city: &&catalog::City| catalog::city_wire_ms(city, region);
    catalog::CITIES.iter().min_by(|a, b| far(a).total_cmp(&far(b))).map_or("", |city| city.name)
}

impl Duel {
    /// The system in which it takes place.
    pub fn scenario(&self, rule: Rule) -> Scenario {
        let engine = if rule == Rule::Quorum { Engine::DynamodbStrong } else { Engine::SelfManaged };
        let mut scenario = Scenario::design(Strategy::MultiSite, engine);
        let third = THIRD.iter().find(|code| self.regions.iter().all(|known| known != *code));
        let codes = self.regions.iter().map(String::as_str).chain(third.copied());
        let count = if rule == Rule::Quorum { 3 } else { 2 };
        scenario.regions = codes.take(count).map(|code| Region::named(code, 1)).collect();
        scenario.regions[1].clock_skew_ms = Millis(self.skew_ms);
        let people = |code: &String| Population {
            city: nearest_city(code).into(),
            requests_per_s: Rate(0.0),
            read_share: Share(0.0),
            timeout_s: None,
        };
        scenario.clients.populations = self.regions.iter().map(people).collect();
        scenario.clients.connections = 1;
        (scenario.weight, scenario.network.jitter) = (1, Factor(0.0));
        (scenario.servers.service_ms, scenario.servers.most) = (Millis(0.1), 1);
        scenario.recovery.servers = 1;
        (scenario.database.conflict, scenario.database.keys) = (rule, 1);
        (scenario.database.delay_s, scenario.database.ship_interval_s) =
            (Span(self.delay_ms / 1000.0), Span(0.01));
        scenario
    }

    /// Runs it under a rule.
    pub fn run(&self, rule: Rule) -> Outcome {
        let mut scenario = self.scenario(rule);
        let asked_ms = [0.0, self.gap_ms];
        let write = |index: usize| ScriptLine {
            at_s: BEGINS_S + asked_ms[index] / 1000.0,
            order: format!("write={}:0", scenario.clients.populations[index].city),
        };
        scenario.script = vec![write(0), write(1)];
        let mut run = Simulation::new(&scenario, 1);
        let mut record = Record::default();
        let start = SimTime::from_secs(BEGINS_S);
        run.run_until(start.before(crate::kernel::clock::SimDuration::from_micros(1)), u64::MAX, &mut record);
        let mut seen = Seen { start, messages: Vec::new(), told: [None; 2], begun: [false; 2] };
        let limit = SimTime::from_secs(BEGINS_S + LONGEST_S);
        while !run.run_until(limit, 1, &mut record) {
            seen.look(&run);
            if seen.told.iter().all(Option::is_some) && is_quiet(&run) {
                break;
            }
        }
        outcome(rule, scenario, &run, seen, asked_ms)
    }

    /// What a successful write costs under a rule from each of the two regions; the key has its home in the first of them if
    /// it has one. Measured in a run with one client; `None` if that was not told yes.
    pub fn prices(&self, rule: Rule) -> [Option<Price>; 2] {
        [0, 1].map(|index| self.price(rule, index))
    }

    fn price(&self, rule: Rule, index: usize) -> Option<Price> {
        let mut scenario = self.scenario(rule);
        // Of as many keys as there are regions the first has its home in the first region. The last one only warms up.
        let keys = scenario.regions.len();
        scenario.database.keys = keys as u32;
        // Once open the connection stays open.
        scenario.clients.connection_lifetime_s = Span(3600.0);
        let city = &scenario.clients.populations[index].city;
        let order = |key: usize| format!("write={city}:{key}");
        scenario.script = ALONE_S
            .into_iter()
            .zip([keys - 1, 0, 0])
            .map(|(at_s, key)| ScriptLine { at_s, order: order(key) })
            .collect();
        let mut run = Simulation::new(&scenario, 1);
        run.run_until(SimTime::from_secs(ANSWERED_S), u64::MAX, &mut Record::default());
        let ledger = &run.world().observer.ledger;
        let told_ms = |nth: usize| {
            let told_at = ledger.get(nth as u64 + 1)?.told_at()?;
            Some((told_at.secs() - ALONE_S[nth]) * 1000.0)
        };
        Some(Price { first_ms: told_ms(1)?, again_ms: told_ms(2)? })
    }

    /// Both fly blind as long as neither's write has come to the other.
    fn blind_ms(answers: &[Answer; 2], run: &Simulation) -> f64 {
        let lines: Vec<_> = run.world().observer.ledger.lines(1, run.world().observer.ledger.len()).collect();
        let [Some((first, _)), Some(_)] = answers.map(|answer| answer.committed) else { return 0.0 };
        if run.world().observer.collisions.count == 0 {
            return 0.0;
        }
        let arrives = |(_, line): &(u64, &crate::observer::ledger::Line)| {
            let other = 1 - line.region.index().min(1);
            (line.at.secs() - BEGINS_S) * 1000.0 + f64::from(line.reached[other]) / 1000.0
        };
        lines.iter().map(arrives).fold(f64::INFINITY, f64::min) - first
    }
}

/// What is seen of a run while it goes on.
struct Seen {
    start: SimTime,
    messages: Vec<Message>,
    told: [Option<(f64, bool)>; 2],
    begun: [bool; 2],
}

/// Everything has been said: nothing is on its way between regions.
fn is_quiet(run: &Simulation) -> bool {
    let between = |flight: &crate::system::network::Flight| {
        matches!((flight.from, flight.to), (Site::Region(_), Site::Region(_)))
    };
    let world = run.world();
    !world.system.network.flights().any(between)
        && world.system.streams.iter().all(|stream| stream.behind() == 0)
        && world.system.proposals.is_empty()
}

impl Seen {
    fn ms(&self, at: SimTime) -> f64 {
        at.since(self.start).micros() as f64 / 1000.0
    }

    fn look(&mut self, run: &Simulation) {
        let world = run.world();
        for flight in world.system.network.flights() {
            let (Site::Region(from), Site::Region(to)) = (flight.from, flight.to) else { continue };
            let Some(carries) = carries(flight.cargo) else { continue };
            if run.plan().rule() == Rule::Quorum && matches!(flight.cargo, Cargo::Batch(..)) {
                // The stream repeats what all have agreed to already.
                continue;
            }
            let (sent_ms, arrived_ms) = (self.ms(flight.sent), self.ms(flight.arrives));
            let known =
                |m: &Message| (m.from, m.to, m.sent_ms) == (from, to, sent_ms) && m.carries == carries;
            if !self.messages.iter().any(known) {
                let about = if carries { from } else { to };
                // Each of the two wrote in the region with its number; a third only votes.
                let write = (0..2).find(|write| *write == about.index()).unwrap_or(0);
                self.messages.push(Message { from, to, sent_ms, arrived_ms, carries, write });
            }
        }
        for index in 0..2 {
            let write = Some(WriteId(index as u32 + 1));
            let waits = world.system.clients.requests.iter().any(|request| request.write == write);
            self.begun[index] |= waits;
            if self.begun[index] && !waits && self.told[index].is_none() {
                let failed = world.observer.metrics.tallies[index].failed > 0;
                self.told[index] = Some((self.ms(run.now()), !failed));
            }
        }
    }
}

/// Whether a message between regions carries a write or an answer; `None` for what is neither.
fn carries(cargo: Cargo) -> Option<bool> {
    match cargo {
        Cargo::Forward(_) | Cargo::Batch(..) | Cargo::Propose(..) => Some(true),
        Cargo::Reply(_) | Cargo::Vote(..) => Some(false),
        Cargo::Connect(_)
        | Cargo::Accept(_)
        | Cargo::Ask(_)
        | Cargo::Answer(_)
        | Cargo::Acknowledge(_)
        | Cargo::Promise(..)
        | Cargo::Outbid(..)
        | Cargo::Later(..)
        | Cargo::Learn(_)
        | Cargo::Inquire(..)
        | Cargo::Inform(..)
        | Cargo::AskCopy(_)
        | Cargo::Position(..)
        | Cargo::CopyAnswers(_)
        | Cargo::Controller(_)
        | Cargo::Probe(..)
        | Cargo::ProbeAnswer(..)
        | Cargo::Canary(..)
        | Cargo::CanaryAnswer(..)
        | Cargo::Counted(..)
        | Cargo::Paged(..)
        | Cargo::ControlCall(..)
        | Cargo::ControlAnswer(..)
        | Cargo::Part(..)
        | Cargo::PartArrived(..)
        | Cargo::SnapshotPart(..)
        | Cargo::SnapshotPartArrived(..)
        | Cargo::LogPart(_)
        | Cargo::Claim(..)
        | Cargo::Acknowledged(..)
        | Cargo::Deliver(_)
        | Cargo::Delivered(_)
        | Cargo::AskLease
        | Cargo::GrantLease(_)
        | Cargo::CatchUp(_)
        | Cargo::CaughtUp(..) => None,
    }
}

fn outcome(rule: Rule, scenario: Scenario, run: &Simulation, seen: Seen, asked_ms: [f64; 2]) -> Outcome {
    let world = run.world();
    let fates = world.observer.ledger.fates(rule);
    let answer = |index: usize| {
        let mine =
            |(_, line): &(u64, &crate::observer::ledger::Line)| line.write == WriteId(index as u32 + 1);
        // A retry may have written again: the first that was not refused counts.
        let lines = || world.observer.ledger.lines(1, world.observer.ledger.len()).filter(mine);
        let found = lines().find(|(_, line)| line.mark != Mark::Refused).or_else(|| lines().next());
        let fate = found.map_or(Fate::Refused, |(number, _)| fates[number as usize - 1].0);
        let told = seen.told[index];
        Answer {
            region: RegionId(index as u8),
            asked_ms: asked_ms[index],
            committed: found
                .filter(|_| fate != Fate::Refused)
                .map(|(_, line)| ((line.at.secs() - BEGINS_S) * 1000.0, line.region)),
            told_ms: told.map(|(at, _)| at),
            yes: told.is_some_and(|(_, good)| good) && fate != Fate::Refused,
            fate,
        }
    };
    let answers = [answer(0), answer(1)];
    let shows = |region: usize| {
        let versions = world.system.databases[region].all_versions(0).map(|version| version.write.0);
        let mut both: Vec<usize> = match rule {
            // What stands is the join of all that was seen.
            Rule::Merge if answers.iter().all(|answer| answer.fate == Fate::Merged) => vec![0, 1],
            Rule::Siblings => versions.filter(|write| *write > 0).map(|write| write as usize - 1).collect(),
            Rule::Merge
            | Rule::LastWriterWins
            | Rule::FirstRegionWins
            | Rule::Conditional
            | Rule::Quorum
            | Rule::ConditionalLocal => {
                versions.take(1).filter(|write| *write > 0).map(|write| write as usize - 1).collect()
            }
        };
        if both.len() == 2 {
            both = vec![0, 1];
        }
        both
    };
    let last = seen.messages.iter().map(|message| message.arrived_ms);
    let told = answers.iter().filter_map(|answer| answer.told_ms);
    let end_ms = last.chain(told).fold(0.0, f64::max);
    Outcome {
        rule,
        regions: scenario.regions.into_iter().map(|region| region.code).collect(),
        shown: [shows(0), shows(1)],
        blind_ms: Duel::blind_ms(&answers, run),
        answers,
        messages: seen.messages,
        end_ms,
    }
}
