//! The page's address: `#/?speed=60&at=600&paused=1&seed=3&fault=region-dark:us-east-1@60`.
//!
//! Everything is optional, in any order. What cannot be used is left out and named in one notice.

mod chosen;

use self::chosen::{cutover, engine_fits, feature, pattern, rule, session};
use super::settings::excerpt;
use super::{designing, features, named};
use crate::model::plan::Plan;
use crate::model::scenario::{Scenario, Strategy, WritePattern};
use crate::model::{Cutover, Engine, Order, Rule, STORMS, ScriptLine, Session};

/// The most faults that one address may script.
const MOST_FAULTS: usize = 20;
/// The most flights that one may ask for.
const MOST_FLIGHTS: u32 = 20_000;

/// What an address asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// Simulated seconds per second.
    pub speed: Option<f64>,
    /// The moment to show first, in seconds since the start.
    pub at: Option<f64>,
    /// Stay there.
    pub paused: bool,
    /// The run's seed.
    pub seed: Option<u64>,
    /// Scripted faults.
    pub script: Vec<ScriptLine>,
    /// Traffic for measuring: about this many flights in the air.
    pub flights: Option<u32>,
    /// Automatic slow motion of this visit.
    pub slow_motion: Option<bool>,
    /// How many times coarser traffic is simulated than the scenario says.
    pub grain: Option<u32>,
    /// Open the comparison of strategies.
    pub compare: bool,
    /// Open the collision microscope.
    pub collide: bool,
    /// The storm of the comparison, an index.
    pub storm: usize,
    /// Another write pattern than the scenario's.
    pub pattern: Option<WritePattern>,
    /// Another rule for collisions.
    pub rule: Option<Rule>,
    /// What sessions are promised.
    pub session: Option<Session>,
    /// What moves the clients.
    pub cutover: Option<Cutover>,
    /// Features of the design, by their places in [`features::FEATURES`].
    pub features: Vec<(usize, usize)>,
    /// Numbers of the scenario, by path.
    pub tuned: Vec<(String, f64)>,
    /// What could not be used, in one sentence or two.
    pub problem: Option<String>,
}

/// The scenario that an address names, on the engine that it names, or the one that a visit begins with.
pub fn scenario(hash: &str) -> Scenario {
    let pairs = || hash.split_once('?').map_or("", |(_, query)| query).split('&');
    let value = |name: &str| pairs().find_map(|pair| pair.strip_prefix(name));
    let scenario = value("scenario=").and_then(named::scenario);
    let scenario = scenario.unwrap_or_else(|| Scenario::of(Strategy::WarmStandby));
    match value("engine=").and_then(Engine::named) {
        Some(engine) if designing::suits(scenario.strategy, engine) => {
            Scenario::design(scenario.strategy, engine)
        }
        Some(_) | None => scenario,
    }
}

impl Link {
    /// Reads an address's hash for a scenario. Never fails: problems become a notice.
    pub fn parse(hash: &str, scenario: &Scenario) -> Self {
        let (mut link, mut problems) = (Self::default(), Vec::new());
        // "#main" is an anchor of the page and asks for nothing.
        let Some(text) = hash.strip_prefix("#/") else { return link };
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = path.trim_matches('/');
        if !path.is_empty() && path != "__panic" {
            problems.push(format!(
                "The address names \"{}\", which is not a page; allowed is #/ with names and values after a question mark.",
                excerpt(path)
            ));
        }
        let plan = Plan::new(scenario, 0);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let Err(allowed) = link.set(name, &decoded(value), &plan) {
                problems.push(format!(
                    "The address says {}={}; {allowed}.",
                    excerpt(&decoded(name)),
                    excerpt(&decoded(value))
                ));
            }
        }
        link.problem = match problems.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            [first, rest @ ..] => Some(format!("{first} It has {} more such problems.", rest.len())),
        };
        link
    }

    /// Takes one name with its value, or says what is allowed.
    fn set(&mut self, name: &str, value: &str, plan: &Plan) -> Result<(), String> {
        let horizon = plan.scenario.horizon_s.get();
        match name {
            "speed" => self.speed = Some(number(value, 1e-3, 1e6, "speed is simulated seconds a second")?),
            "at" => self.at = Some(number(value, 0.0, horizon, "at is a moment in seconds")?),
            "paused" => self.paused = switch(value)?,
            "slowmo" => self.slow_motion = Some(switch(value)?),
            "seed" => self.seed = Some(value.parse().map_err(|_| "a seed is a whole number, 0 or more")?),
            "flights" => match value.parse() {
                Ok(flights @ 1..=MOST_FLIGHTS) => self.flights = Some(flights),
                _ => return Err(format!("flights is a whole number from 1 to {MOST_FLIGHTS}")),
            },
            "theme" if matches!(value, "night" | "day" | "projector") => {}
            "theme" => return Err("a theme is night, day or projector".into()),
            "scenario" if named::scenario(value).is_some() => {}
            "scenario" => return Err(format!("the scenarios are {}", named::names())),
            "engine" => engine_fits(value, &plan.scenario)?,
            "pattern" => self.pattern = Some(pattern(value, &self.designed(&plan.scenario))?),
            "rule" => self.rule = Some(rule(value, &self.designed(&plan.scenario))?),
            "session" => self.session = Some(session(value, &plan.scenario)?),
            "cutover" => self.cutover = Some(cutover(value, &plan.scenario)?),
            "choose" => self.features.push(feature(value, &self.designed(&plan.scenario))?),
            "grain" => match value.parse() {
                Ok(grain @ 1..=20) => self.grain = Some(grain),
                _ => return Err("grain is a whole number from 1 to 20".into()),
            },
            "compare" => self.compare = switch(value)?,
            "collide" => self.collide = switch(value)?,
            "storm" => match STORMS.iter().position(|storm| storm.slug == value) {
                Some(storm) => self.storm = storm,
                None => return Err(format!("the storms are {}", STORMS.map(|storm| storm.slug).join(", "))),
            },
            "fault" => self.script.push(self.fault(value, plan)?),
            _ => {
                let (_, row) = plan.scenario.number(name).ok_or(
                    "the names known are theme, scenario, engine, pattern, rule, session, cutover, choose, compare, collide, storm, speed, at, paused, seed, grain, fault, flights, slowmo, and the paths of numbers of the scenario, as dns.ttl_s",
                )?;
                let value = real(value).unwrap_or(f64::NAN);
                row.admit(name, value).map_err(|problem| format!("{name} is {}", problem.allowed))?;
                self.tuned.push((name.into(), value));
            }
        }
        Ok(())
    }

    /// Takes over what the address says about who may write where, and about what moves the clients.
    pub fn design(&self, scenario: &mut Scenario) {
        scenario.write_pattern = self.pattern.unwrap_or(scenario.write_pattern);
        scenario.database.conflict = self.rule.unwrap_or(scenario.database.conflict);
        scenario.clients.session = self.session.unwrap_or(scenario.clients.session);
        scenario.recovery.cutover = self.cutover.unwrap_or(scenario.recovery.cutover);
        for place in &self.features {
            if let Ok(chosen) = features::with(scenario, *place) {
                *scenario = chosen;
            }
        }
    }

    /// A scenario with what the address has said so far.
    fn designed(&self, scenario: &Scenario) -> Scenario {
        let mut scenario = scenario.clone();
        self.design(&mut scenario);
        scenario
    }

    /// Reads "region-dark:us-east-1@60".
    fn fault(&self, value: &str, plan: &Plan) -> Result<ScriptLine, String> {
        const FORM: &str = "a fault looks like region-dark:us-east-1@60";
        if self.script.len() >= MOST_FAULTS {
            return Err(format!("at most {MOST_FAULTS} faults are allowed"));
        }
        let (what, when) = value.rsplit_once('@').ok_or(FORM)?;
        let at_s = number(when, 0.0, *plan.scenario.horizon_s, "a fault's time is in seconds")?;
        let order = match what.split_once(':') {
            Some((kind, target)) => format!("{kind}={target}"),
            None => what.to_string(),
        };
        let parsed = Order::parse(&order)?;
        if !matches!(parsed, Order::Inject(..)) {
            return Err(FORM.into());
        }
        plan.resolve(&parsed)?;
        Ok(ScriptLine { at_s, order })
    }
}

fn number(text: &str, least: f64, most: f64, what: &str) -> Result<f64, String> {
    let fits = |value: &f64| (least..=most).contains(value);
    real(text).filter(fits).ok_or_else(|| format!("{what}, from {least} to {most}"))
}

/// A number as scenario files write it, and read by what reads them.
fn real(text: &str) -> Option<f64> {
    serde_json::from_str(text).ok()
}

fn switch(text: &str) -> Result<bool, String> {
    match text {
        "1" => Ok(true),
        "0" => Ok(false),
        _ => Err("allowed are 1 and 0".into()),
    }
}

/// Undoes percent encoding; what is not valid stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let pair = tail.first_chunk::<2>().and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_string())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(hash: &str) -> Link {
        Link::parse(hash, &Scenario::default())
    }

    #[test]
    fn an_address_says_everything_at_once() {
        let link = read(
            "#/?theme=day&speed=60&at=600&paused=1&seed=3&slowmo=0&flights=5000&fault=region-dark:us-east-1@60&fault=link-cut-one-way:us-east-1%3Eeu-west-1@90.5&fault=load-surge@7",
        );
        assert_eq!(link.problem, None);
        assert_eq!((link.speed, link.at, link.paused, link.seed), (Some(60.0), Some(600.0), true, Some(3)));
        assert_eq!((link.flights, link.slow_motion), (Some(5000), Some(false)));
        let orders: Vec<_> = link.script.iter().map(|line| (line.at_s, line.order.as_str())).collect();
        assert_eq!(
            orders,
            [
                (60.0, "region-dark=us-east-1"),
                (90.5, "link-cut-one-way=us-east-1>eu-west-1"),
                (7.0, "load-surge")
            ]
        );
    }

    #[test]
    fn nothing_asks_for_nothing() {
        for hash in ["", "#", "#/", "#/?", "#/?&&", "#/__panic", "#main"] {
            assert_eq!(read(hash), Link::default(), "{hash}");
        }
    }

    #[test]
    fn nonsense_is_named_with_its_value_and_what_is_allowed() {
        for (hash, words) in [
            ("#/?speed=fast", ["speed", "fast", "simulated seconds"]),
            ("#/?speed=NaN", ["speed", "NaN", "0.001"]),
            ("#/?at=-1", ["at", "-1", "7200"]),
            ("#/?at=1e9", ["at", "1e9", "7200"]),
            ("#/?paused=yes", ["paused", "yes", "1 and 0"]),
            ("#/?seed=1.5", ["seed", "1.5", "whole number"]),
            ("#/?theme=pink", ["theme", "pink", "projector"]),
            ("#/?flights=0", ["flights", "0", "20000"]),
            ("#/?colour=red", ["colour", "red", "slowmo"]),
            ("#/?fault=region-dark:mars-1@60", ["fault", "mars-1", "us-east-1"]),
            ("#/?fault=meteor:us-east-1@60", ["fault", "meteor", "region-dark"]),
            ("#/?fault=region-dark:us-east-1", ["fault", "region-dark", "@60"]),
            ("#/?fault=fail-back@60", ["fault", "fail-back", "region-dark"]),
            ("#/?scenario=write-none", ["scenario", "write-none", "write-local-quorum"]),
            ("#/?engine=dynamodb-global2", ["engine", "dynamodb-global2", "aurora-global"]),
            ("#/?pattern=write-twice", ["pattern", "write-twice", "write-partitioned"]),
            ("#/?pattern=write-local", ["pattern", "write-local", "takes writes in one region only"]),
            ("#/?rule=siblings", ["rule", "siblings", "last-writer-wins, conditional"]),
            ("#/?session=sure", ["session", "sure", "sticky"]),
            ("#/?choose=policy-random", ["choose", "policy-random", "policy-geolocation"]),
            ("#/?choose=controller", ["choose", "controller", "only self-managed"]),
            ("#/?cutover=by-foot", ["cutover", "by-foot", "routing-control"]),
            ("#/elsewhere?at=5", ["elsewhere", "not a page", "#/"]),
        ] {
            let problem = read(hash).problem.unwrap_or_else(|| panic!("{hash} was taken"));
            for word in words {
                assert!(problem.contains(word), "{hash}: {problem}");
            }
        }
    }

    #[test]
    fn an_address_chooses_who_may_write_where() {
        let hash =
            "#/?scenario=multi-site&engine=self-managed&pattern=write-local&rule=siblings&session=token";
        let mut scenario = scenario(hash);
        assert_eq!(scenario.database.engine, Engine::SelfManaged);
        let link = Link::parse(hash, &scenario);
        assert_eq!(link.problem, None);
        link.design(&mut scenario);
        assert_eq!(scenario.database.conflict, Rule::Siblings);
        assert_eq!(scenario.clients.session, Session::Token);
    }

    #[test]
    fn an_address_chooses_what_moves_the_clients() {
        for cutover in Cutover::ALL {
            let link = read(&format!("#/?cutover={}", cutover.slug()));
            let mut scenario = Scenario::default();
            link.design(&mut scenario);
            assert_eq!((link.problem, scenario.recovery.cutover), (None, cutover));
        }
        // Where no runbook moves clients there is nothing to choose.
        let hash = "#/?scenario=multi-site&cutover=record-change";
        let link = Link::parse(hash, &scenario(hash));
        assert_eq!(link.cutover, None);
        assert!(link.problem.is_some_and(|problem| problem.contains("no runbook moves")));
    }

    #[test]
    fn every_number_of_the_scenario_can_be_set() {
        for (place, field) in Scenario::settings() {
            // These have names of their own in an address.
            let own = ["seed", "grain"].contains(&place.as_str());
            let Some((least, most)) = field.range.filter(|_| !own) else { continue };
            let link = read(&format!("#/?{place}={least}"));
            assert_eq!((link.problem, link.tuned), (None, vec![(place.clone(), least)]));
            let problem = read(&format!("#/?{place}={}", most * 2.0 + 1.0)).problem.expect(place);
            assert!(problem.contains(place) && problem.contains(&field.allowed()), "{problem}");
        }
        assert_eq!(read("#/?regions[1].servers=3").tuned, [("regions[1].servers".into(), 3.0)]);
    }

    #[test]
    fn one_bad_word_does_not_spoil_the_others() {
        let link = read("#/?at=5&speed=x&seed=y&paused=1");
        assert_eq!((link.at, link.paused), (Some(5.0), true));
        assert!(
            link.problem.is_some_and(|problem| problem.contains("speed=x") && problem.contains("1 more"))
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,80}") {
            read(&text);
            read(&format!("#/?{text}"));
            read(&format!("#/?fault={text}&at={text}&speed={text}&seed={text}&flights={text}"));
        }

        #[test]
        fn no_fault_makes_it_panic(text in "[a-z%@:=>0-9-]{0,40}@[0-9.e-]{0,6}") {
            let link = read(&format!("#/?fault={text}"));
            prop_assert!(link.script.len() + usize::from(link.problem.is_some()) == 1);
        }
    }
}
