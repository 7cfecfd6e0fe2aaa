//! What a schema cannot say: names that must exist, numbers that must fit each other.

mod backup;
mod controller;
mod dns;
mod objects;
mod inside;
mod load;
mod placement;
mod queue;
mod quorum;
mod releases;
mod replicas;
mod runbooks;
mod session;

pub use controller::{NoController, why_no_controller};
pub use dns::why_no_policy;
pub use queue::why_no_queue;
pub use replicas::why_one_copy;
pub use session::why_no_session;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::catalog;

use crate::model::fit::{Bound, PAIRS};
use crate::model::order::Order;
use crate::model::problem::{Problem, any_of, excerpt, field, is_within, item};
use crate::model::scenario::{Scenario, WritePattern};
use crate::model::similar::suggested;
use crate::model::{Decider, Rule};

/// The most simulated requests per second that a run is let have: more would take longer than anyone waits.
pub const MOST_REQUESTS_PER_S: f64 = 20_000.0;

/// Everything about a scenario that its schema allows and that makes no sense all the same.
///
/// `mended` are places whose value is not what the file says; nothing is concluded from them.
pub(crate) fn meaning(scenario: &Scenario, mended: &[String]) -> Vec<Problem> {
    let mut finder = Finder { scenario, mended, problems: Vec::new() };
    finder.name();
    finder.regions();
    finder.populations();
    finder.dns();
    finder.pairs();
    finder.servers();
    finder.monitoring();
    finder.placement();
    finder.runbooks();
    finder.releases();
    finder.backup();
    finder.queue();
    finder.replicas();
    finder.controller();
    finder.objects();
    finder.session();
    finder.script();
    finder.problems
}

struct Finder<'a> {
    scenario: &'a Scenario,
    mended: &'a [String],
    problems: Vec<Problem>,
}

impl Finder<'_> {
    /// Notes a problem at a place, unless it may come from a value, there or at what else was read, that was mended.
    fn say(&mut self, place: &str, also: &[&str], value: impl Into<Value>, allowed: impl Into<String>) {
        self.tell(place, also, excerpt(&value.into()), allowed);
    }

    /// The same, with what was found told in words.
    fn tell(&mut self, place: &str, also: &[&str], found: String, allowed: impl Into<String>) {
        let doubtful = self.mended.iter().any(|mended| {
            let touches = |read: &&str| is_within(read, mended) || is_within(mended, read);
            is_within(place, mended) || also.iter().any(touches)
        });
        if !doubtful {
            self.problems.push(Problem::new(place, found, allowed));
        }
    }

    fn name(&mut self) {
        self.slug("name", &self.scenario.name);
    }

    fn regions(&mut self) {
        let mut seen = BTreeMap::new();
        for (index, region) in self.scenario.regions.iter().enumerate() {
            let here = item("regions", index);
            let (code, zones, servers) =
                (field(&here, "code"), field(&here, "zones"), field(&here, "servers"));
            match catalog::region(&region.code) {
                None => self.say(&code, &[], region.code.as_str(), known_regions()),
                Some(known) if region.zones > u32::from(known.zones) => {
                    let allowed = format!("1 to {}, as many as {} has", known.zones, region.code);
                    self.say(&zones, &[&code], region.zones, allowed);
                }
                Some(_) => {}
            }
            if version_number(&region.version).is_none() {
                let allowed = "a number, which may follow letters, as in \"v42\"";
                self.say(&field(&here, "version"), &[], region.version.as_str(), allowed);
            }
            if region.servers > region.quota {
                let allowed = format!("at most {}, as {}.quota says", region.quota, here);
                self.say(&servers, &[&field(&here, "quota")], region.servers, allowed);
            }
            if region.servers > 0 && !region.image {
                self.say(&field(&here, "image"), &[&servers], false, "true: servers run here from the start");
            }
            if let Some(first) = seen.insert(region.code.as_str(), index) {
                let allowed = format!("each region once; this one is regions[{first}] too");
                self.say(&code, &[], region.code.as_str(), allowed);
            }
            let most = self.scenario.servers.most;
            if region.servers > most {
                let allowed = format!("at most {most}, as servers.most says");
                self.say(&servers, &["servers.most"], region.servers, allowed);
            }
        }
        self.strategy();
    }

    /// Where monitoring stands.
    fn monitoring(&mut self) {
        let region = self.scenario.operations.monitor_region.as_str();
        if !region.is_empty() && !self.scenario.regions.iter().any(|known| known.code == region) {
            let allowed = format!("empty, or {}", self.scenario.own_regions());
            self.say("operations.monitor_region", &["regions"], region, allowed);
        }
    }

    /// What a strategy needs in the second region, and who may write under it.
    fn strategy(&mut self) {
        let Scenario { strategy, database, regions, backup, .. } = self.scenario;
        let word = strategy.slug();
        let Some(second) = regions.get(1) else {
            let allowed = format!("at least two regions: {word} recovers in the second");
            self.tell("regions", &["strategy"], format!("a list of {}", regions.len()), allowed);
            return;
        };
        let rules = strategy.rules();
        if rules.serves && second.servers == 0 {
            let allowed = format!("at least 1: with {word} servers run in the second region");
            self.say("regions[1].servers", &["strategy"], 0, allowed);
        }
        for (index, region) in regions.iter().enumerate().skip(1) {
            if !rules.serves && region.servers > 0 {
                let which = if index == 1 { "the second region" } else { "another region than the first" };
                let allowed = format!("0: with {word} no servers run in {which} before a disaster");
                let place = field(&item("regions", index), "servers");
                self.say(&place, &["strategy"], region.servers, allowed);
            }
        }
        self.pattern();
        if !rules.suits(database.engine) {
            let allowed = "an engine with one writer: with backup-restore nothing follows";
            self.say("database.engine", &["strategy"], database.engine.slug(), allowed);
        }
        if let Some(why) = why_no_policy(self.scenario) {
            self.tell("dns.policy", &["strategy"], "another policy".into(), format!("failover: {why}"));
        }
        self.copies();
        self.inside();
        if database.engine.rules().by_hand && self.scenario.recovery.decider == Decider::Automatic {
            let allowed =
                format!("person, learner or manual: {} is promoted by hand", database.engine.rules().service);
            self.say("recovery.decider", &["database.engine"], "automatic", allowed);
        }
        if backup.log_copies && !backup.point_in_time {
            let allowed = "false: without backup.point_in_time there is no log to copy";
            self.say("backup.log_copies", &["backup.point_in_time"], true, allowed);
        }
    }

    /// How many regions may have a copy of the data.
    fn copies(&mut self) {
        let Scenario { strategy, database, regions, .. } = self.scenario;
        let (engine, copies) = (database.engine.rules(), regions.len() as u32 - 1);
        let follow = strategy.rules().follows && database.conflict != Rule::Quorum;
        if follow && copies > engine.most_copies {
            let (most, service) = (engine.most_copies, engine.service);
            let allowed =
                format!("at most {} regions: {service} has {most} copies in other regions", most + 1);
            let places = ["database.engine", "strategy"];
            self.tell("regions", &places, format!("a list of {}", regions.len()), allowed);
        }
    }

    /// Who may write under a strategy and an engine, and which rules for collisions the engine has.
    fn pattern(&mut self) {
        let Scenario { write_pattern, database, .. } = self.scenario;
        let engine = database.engine;
        if let Some(reason) = self.scenario.why_not(*write_pattern) {
            let places = ["database.engine", "strategy", "dns.policy", "regions"];
            self.say("write_pattern", &places, write_pattern.slug(), format!("write-global: {reason}"));
        }
        let rules = engine.conflict_rules();
        if !rules.contains(&database.conflict) {
            let words: Vec<&str> = rules.iter().map(|rule| rule.slug()).collect();
            let allowed = format!("{}, as {} has it", any_of(&words), engine.rules().service);
            self.say("database.conflict", &["database.engine"], database.conflict.slug(), allowed);
        }
        if let (Some(why), true) = (database.conflict.why_local(), *write_pattern != WritePattern::WriteLocal)
        {
            let allowed = format!("write-local: {why}");
            self.say("write_pattern", &["database.conflict"], write_pattern.slug(), allowed);
        }
        self.quorum();
    }

    fn populations(&mut self) {
        let clients = &self.scenario.clients;
        let mut seen = BTreeMap::new();
        for (index, population) in clients.populations.iter().enumerate() {
            let place = field(&item("clients.populations", index), "city");
            let city = population.city.as_str();
            let Some(known) = catalog::city(city) else {
                self.say(&place, &[], city, known_cities(city));
                continue;
            };
            if let Some(first) = seen.insert(known.name, index) {
                let allowed = format!("each city once; this one is clients.populations[{first}] too");
                self.say(&place, &[], city, allowed);
            }
        }
        self.load();
    }

    /// Numbers that must fit each other.
    fn pairs(&mut self) {
        for (place, bound, other) in PAIRS {
            let (Some((value, row)), Some((limit, _))) =
                (self.scenario.number(place), self.scenario.number(other))
            else {
                continue;
            };
            let (fits, words) = match bound {
                Bound::AtMost => (value <= limit, "at most"),
                Bound::AtLeast => (value >= limit, "at least"),
            };
            if !fits {
                self.say(place, &[other], row.json(value), format!("{words} {limit}, as {other} says"));
            }
        }
    }

    fn servers(&mut self) {
        let Scenario { servers, weight, .. } = self.scenario;
        if servers.concurrency < *weight {
            let allowed = format!(
                "at least {weight}, the weight: one simulated request takes as many places as it stands for"
            );
            self.say("servers.concurrency", &["weight"], servers.concurrency, allowed);
        }
    }

    fn script(&mut self) {
        for (index, line) in self.scenario.script.iter().enumerate() {
            let here = item("script", index);
            let horizon = self.scenario.horizon_s;
            if line.at_s > horizon {
                let allowed = format!("at most {horizon}, as horizon_s says");
                self.say(&field(&here, "at_s"), &["horizon_s"], line.at_s, allowed);
            }
            let place = field(&here, "order");
            match Order::read(&line.order) {
                Err(allowed) => self.say(&place, &[], line.order.as_str(), allowed),
                Ok(order) => {
                    if let Err(allowed) = order.fits(self.scenario) {
                        self.say(&place, &["regions"], line.order.as_str(), allowed);
                    }
                }
            }
        }
    }
}

/// The number of a version: "v42" is 42.
pub fn version_number(version: &str) -> Option<u32> {
    version.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()
}

fn known_regions() -> String {
    let codes: Vec<&str> = catalog::REGIONS.iter().map(|region| region.code).collect();
    format!("a region of the catalog ({})", codes.join(", "))
}

fn known_cities(meant: &str) -> String {
    let names: Vec<&str> = catalog::CITIES.iter().map(|city| city.name).collect();
    suggested(meant, names.iter().copied(), format!("a city of the catalog ({})", names.join(", ")))
}
