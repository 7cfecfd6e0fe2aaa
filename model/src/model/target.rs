//! What an order is aimed at in a scenario, if that has it.

use crate::catalog;
use crate::kernel::id::{PopulationId, RegionId, ReleaseId, RunbookId, ZoneId};
use crate::model::aim::{Aim, Answer, Target, TargetKind, key, moment, runbook};
use crate::model::blueprint::Blueprint;
use crate::model::fault::{FaultKind, Needs, VOLUME_ZONES};
use crate::model::inside::Inside;
use crate::model::order::Order;
use crate::model::problem::any_of;
use crate::model::scenario::{Scenario, WritePattern};
use crate::model::similar::suggested;
use crate::model::{QueueKind, Rule};

impl Order {
    /// Whether this system can have the order, at what it is aimed at.
    ///
    /// # Errors
    /// What is allowed instead.
    pub fn fits(&self, scenario: &Scenario) -> Result<(), String> {
        self.look_up(scenario).map(drop)
    }

    /// What the order is aimed at in a system.
    ///
    /// # Errors
    /// What is allowed instead.
    pub(crate) fn look_up(&self, scenario: &Scenario) -> Result<Aim, String> {
        let (word, needs) = match self {
            Self::Inject(kind, _) | Self::Clear(kind, _) => (kind.slug(), kind.needs()),
            Self::Do(verb, _) => (verb.slug(), verb.needs()),
        };
        if let Some(wanted) = scenario.lacks(needs) {
            return Err(format!("{word} {wanted}"));
        }
        let (kind, words) = self.target();
        let aim = scenario.aim(kind, words)?;
        match self {
            Self::Inject(kind, zone) | Self::Clear(kind, zone) => kind.has_copies(zone).map(|()| aim),
            Self::Do(..) => Ok(aim),
        }
    }
}

impl FaultKind {
    /// Whether a fault of a volume's copies is in a zone that has some, by its code; else what is allowed instead.
    fn has_copies(self, zone: &str) -> Result<(), String> {
        let last = zone.bytes().next_back().map_or(0, |letter| letter.saturating_sub(b'a'));
        if self.needs() == Needs::Volume && last >= VOLUME_ZONES {
            return Err(format!(
                "{} with one of the first three zones of a region: a volume has no copies elsewhere",
                self.slug()
            ));
        }
        Ok(())
    }
}

impl Scenario {
    /// What an order needs and this system does not have: what is allowed instead.
    pub(super) fn lacks(&self, needs: Needs) -> Option<String> {
        match needs {
            Needs::Nothing => None,
            Needs::Queue => self.lacks_queue(),
            Needs::Instance => self.lacks_instance(),
            Needs::OneWriter => {
                let none = "where one region takes all writes: where all do, nobody deletes one of the copies and makes \
                    it anew from another";
                self.lacks_instance().or(Blueprint::of(self).writes_everywhere().then(|| none.into()))
            }
            Needs::Volume => {
                let rules = self.database.engine.rules();
                let none = format!("with an engine whose data lie in a volume: {} has none", rules.service);
                (!self.database.form().inside.has_volume()).then_some(none)
            }
            Needs::Instances => self.lacks_instances(),
            Needs::StandIn => self.has_stand_in(),
            Needs::OldObjects => self.lacks_old(),
            Needs::Homes => self.lacks_homes(),
        }
    }

    fn lacks_instance(&self) -> Option<String> {
        let rules = self.database.engine.rules();
        let none = format!("with an engine that has instances: {} has none", rules.service);
        (!self.database.form().inside.has_instance()).then_some(none)
    }

    /// That nobody has to order a new instance here: what is allowed instead.
    fn has_stand_in(&self) -> Option<String> {
        let word = Inside::Alone.slug();
        let none =
            format!("with database.inside \"{word}\": otherwise there is no volume that waits for a writer");
        (self.database.form().inside != Inside::Alone).then_some(none)
    }

    fn lacks_instances(&self) -> Option<String> {
        let none = "with a database that has instances: this one has partitions, and nothing to reboot";
        (!self.database.form().inside.has_instance()).then(|| none.into())
    }

    fn lacks_old(&self) -> Option<String> {
        let none = "with database.old_objects or database.replication_fails above 0, or database.one_way: \
            otherwise the copies have every object";
        let database = &self.database;
        let lacks = *database.old_objects > 0.0 || *database.replication_fails > 0.0 || database.one_way;
        (!lacks).then(|| none.into())
    }

    fn lacks_queue(&self) -> Option<String> {
        let none = "with write_queue.kind \"standard\" or \"fifo\": otherwise there is no queue";
        (self.write_queue.kind == QueueKind::None).then(|| none.into())
    }

    /// What the words name in this scenario; else what is allowed instead.
    fn aim(&self, kind: TargetKind, words: &str) -> Result<Aim, String> {
        let region = |code: &str| self.region_named(code);
        let pair = |mark| {
            let (a, b) = words.split_once(mark)?;
            Some((region(a)?, region(b)?)).filter(|(a, b)| a != b)
        };
        let zones = || {
            let (a, b) = words.split_once(':')?;
            Some(Target::zone_link(self.zone_named(a)?, self.zone_named(b)?)).filter(|link| link.is_sound())
        };
        let found = match kind {
            TargetKind::Nothing => words.is_empty().then_some(Aim::At(Target::Nothing)),
            TargetKind::Region => region(words).map(|region| Aim::At(Target::Region(region))),
            TargetKind::Zone => self.zone_named(words).map(|zone| Aim::At(Target::Zone(zone))),
            TargetKind::Link => pair(':').map(|(a, b)| Aim::At(Target::link(a, b))),
            TargetKind::Direction => pair('>').map(|(from, to)| Aim::At(Target::Direction(from, to))),
            TargetKind::ZoneLink => zones().map(Aim::At),
            TargetKind::Moment => {
                moment(words).and_then(|(code, second)| Some(Aim::Moment(region(code)?, second)))
            }
            TargetKind::Journey => {
                let (from, to) = words.split_once('>').unwrap_or((words, ""));
                let people = self.people_of(from)?;
                let city = catalog::CITIES.iter().position(|city| city.name == to);
                let journey = city.map(|city| Aim::Journey(people, city as u8));
                return journey
                    .ok_or_else(|| format!("a city of the catalog to travel to, and not \"{to}\""));
            }
            TargetKind::Answer => Answer::named(words).map(Aim::Answer),
            TargetKind::Release => {
                let index = self.rollout.releases.iter().position(|release| release.name == words);
                index.map(|index| Aim::Release(ReleaseId(index as u8)))
            }
            TargetKind::Key => {
                let (city, key) = key(words).unwrap_or((words, 0));
                let (people, keys) = (self.people_of(city)?, self.database.keys);
                let known = (u32::from(key) < keys).then_some(Aim::Key(people, key));
                return known.ok_or_else(|| format!("a key from 0 to {}, as database.keys says", keys - 1));
            }
            TargetKind::Runbook => {
                let (name, ends) = runbook(words).unwrap_or((words, None));
                let book = self.runbook_names().position(|own| own == name);
                let found = ends.map(|(from, to)| Some((region(from)?, region(to)?)));
                if book.is_some() && found == Some(None) {
                    return Err(self.own_regions());
                }
                book.map(|book| Aim::Runbook(RunbookId(book as u8), found.flatten()))
            }
            TargetKind::City if words.is_empty() => Some(Aim::City(None)),
            TargetKind::City => Some(Aim::City(Some(self.people_of(words)?))),
        };
        found.ok_or_else(|| self.suggested_targets(kind, words))
    }

    fn region_named(&self, code: &str) -> Option<RegionId> {
        let index = self.regions.iter().position(|region| region.code == code.trim());
        index.map(|index| RegionId(index as u8))
    }

    fn zone_named(&self, name: &str) -> Option<ZoneId> {
        let name = name.trim();
        let (code, letter) = name.split_at_checked(name.len().checked_sub(1)?)?;
        let (region, index) = (self.region_named(code)?, letter.bytes().next()?.checked_sub(b'a')?);
        (u32::from(index) < self.regions[region.index()].zones).then_some(ZoneId { region, index })
    }

    /// That no key has a home here that can be moved: what is allowed instead.
    fn lacks_homes(&self) -> Option<String> {
        let homes = self.write_pattern == WritePattern::WritePartitioned
            || self.database.conflict == Rule::Conditional;
        let pattern = "with write_pattern \"write-partitioned\" or database.conflict \"conditional\": \
            otherwise no key has a home";
        let engine = "with an engine of which every copy takes writes: otherwise no key has a home";
        let none = if homes { engine } else { pattern };
        (!homes || !Blueprint::of(self).writes_everywhere()).then(|| none.into())
    }

    /// The people of this city; else what is allowed instead.
    fn people_of(&self, city: &str) -> Result<PopulationId, String> {
        let cities: Vec<&str> = self.clients.populations.iter().map(|known| known.city.as_str()).collect();
        let index = cities.iter().position(|known| *known == city);
        index.map(|index| PopulationId(index as u8)).ok_or_else(|| {
            let own = format!("a city of the scenario: {}", any_of(&cities));
            suggested(city, cities.iter().copied(), own)
        })
    }

    /// The same as `own_targets`, beginning with the one that was meant, if the words are a letter or two off.
    fn suggested_targets(&self, kind: TargetKind, words: &str) -> String {
        let own = self.own_targets(kind);
        let codes = self.regions.iter().map(|region| region.code.clone());
        let known: Vec<String> = match kind {
            TargetKind::Region | TargetKind::Moment => codes.collect(),
            TargetKind::Zone => self.zone_names().collect(),
            TargetKind::Link => self.pairs(":"),
            TargetKind::ZoneLink => self.zone_pairs().collect(),
            TargetKind::Direction => self.pairs(">"),
            TargetKind::Nothing
            | TargetKind::Journey
            | TargetKind::Answer
            | TargetKind::Key
            | TargetKind::Release
            | TargetKind::Runbook
            | TargetKind::City => return own,
        };
        let words = words.split_once('@').map_or(words, |(code, _)| code);
        suggested(words, known.iter().map(String::as_str), own)
    }

    /// The targets of a kind that this scenario has, in words.
    fn own_targets(&self, kind: TargetKind) -> String {
        match kind {
            TargetKind::Nothing
            | TargetKind::Journey
            | TargetKind::Answer
            | TargetKind::Key
            | TargetKind::City => kind.words(),
            TargetKind::Region | TargetKind::Moment => self.own_regions(),
            TargetKind::Release => {
                let names: Vec<&str> = self.rollout.releases.iter().map(|it| it.name.as_str()).collect();
                if names.is_empty() {
                    return "a release of the scenario, and rollout.releases names none".into();
                }
                format!("a release of the scenario: {}", any_of(&names))
            }
            TargetKind::Runbook => {
                format!("a runbook of the scenario: {}", any_of(&self.runbook_names().collect::<Vec<_>>()))
            }
            TargetKind::Zone => {
                format!("a zone of the scenario: {}", any_of(&self.zone_names().collect::<Vec<_>>()))
            }
            TargetKind::ZoneLink => {
                let pairs: Vec<String> = self.zone_pairs().collect();
                let none = "two zones of a region, and no region of the scenario has two".into();
                if pairs.is_empty() { none } else { format!("two zones of a region: {}", any_of(&pairs)) }
            }
            TargetKind::Link => format!("two regions of the scenario: {}", any_of(&self.pairs(":"))),
            TargetKind::Direction => {
                format!("from one region of the scenario to another: {}", any_of(&self.pairs(">")))
            }
        }
    }

    /// The regions of this scenario, in words.
    pub(crate) fn own_regions(&self) -> String {
        let codes: Vec<&str> = self.regions.iter().map(|region| region.code.as_str()).collect();
        format!("a region of the scenario: {}", any_of(&codes))
    }

    /// The names of the zones in use: "us-east-1a", "us-east-1b" and so on.
    fn zone_names(&self) -> impl Iterator<Item = String> {
        let letters = |zones: u32| ('a'..='z').take(zones as usize);
        self.regions
            .iter()
            .flat_map(move |region| letters(region.zones).map(|letter| format!("{}{letter}", region.code)))
    }

    /// Every two zones of a region: "us-east-1a:us-east-1b".
    fn zone_pairs(&self) -> impl Iterator<Item = String> {
        let letters = |zones: u32| ('a'..='z').take(zones as usize);
        self.regions.iter().flat_map(move |region| {
            let (code, zones) = (&region.code, region.zones);
            let with = move |a: char| letters(zones).filter(move |b| a < *b).map(move |b| (a, b));
            letters(zones).flat_map(with).map(move |(a, b)| format!("{code}{a}:{code}{b}"))
        })
    }

    /// Every two regions with a mark between them; both ways if the mark is an arrow.
    fn pairs(&self, mark: &str) -> Vec<String> {
        let mut pairs = Vec::new();
        for (from, a) in self.regions.iter().enumerate() {
            for (to, b) in self.regions.iter().enumerate() {
                if from < to || (mark == ">" && from != to) {
                    pairs.push(format!("{}{mark}{}", a.code, b.code));
                }
            }
        }
        pairs
    }
}
