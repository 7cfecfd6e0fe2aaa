//! What the words of orders name in a run, and the words for what a command names.

use crate::catalog;
use crate::kernel::id::{PopulationId, RegionId, ReleaseId, RunbookId, ZoneId};
use crate::model::aim::{self, Aim, Target, TargetKind};
use crate::model::command::Command;
use crate::model::fault::{Fault, FaultKind};
use crate::model::needs::Needs;
use crate::model::order::Order;
use crate::model::plan::Plan;
use crate::model::similar::suggested;

impl Plan {
    /// The command that an order means here.
    ///
    /// # Errors
    /// A sentence that names the word that is wrong and what is allowed.
    pub fn resolve(&self, order: &Order) -> Result<Command, String> {
        match order {
            Order::Inject(kind, target) => self.fault(*kind, target).map(Command::Inject),
            Order::Clear(kind, target) => self.fault(*kind, target).map(Command::Clear),
            Order::Do(verb, target) => {
                let kind = verb.target_kind();
                if verb.needs() != Needs::Nothing
                    || !matches!(kind, TargetKind::Region | TargetKind::Moment | TargetKind::Runbook)
                {
                    order.fits(&self.scenario)?;
                }
                Command::new(*verb, self.aim(kind, target)?).ok_or_else(|| not(kind, target))
            }
        }
    }

    /// A command as an order: "clear region-dark=us-east-1".
    pub fn order_text(&self, command: Command) -> String {
        let (word, target) = self.command_words(command);
        let clear = if matches!(command, Command::Clear(_)) { "clear " } else { "" };
        format!("{clear}{}", aim::written(word, &target))
    }

    /// The word of a command's order, and its target in the words of orders: empty if it has none.
    pub fn command_words(&self, command: Command) -> (&'static str, String) {
        let (word, aim) = command.parts();
        let target = match aim {
            Aim::At(target) => self.target_text(target),
            Aim::Moment(region, None) => self.region_code(region).into(),
            Aim::Moment(region, Some(second)) => format!("{}@{second}", self.region_code(region)),
            Aim::Journey(people, city) => {
                format!("{}>{}", self.city(people), catalog::CITIES[usize::from(city)].name)
            }
            Aim::Answer(answer) => answer.slug().into(),
            Aim::Key(people, key) => format!("{}:{key}", self.city(people)),
            Aim::Release(release) => self.release_name(release).into(),
            Aim::Runbook(book, ends) => {
                let ends = match ends {
                    None => String::new(),
                    Some((from, to)) if from == to => format!(":{}", self.region_code(from)),
                    Some((from, to)) => format!(":{}>{}", self.region_code(from), self.region_code(to)),
                };
                format!("{}{ends}", self.runbooks[book.index()].name)
            }
        };
        (word, target)
    }

    /// A target in the words of orders, or empty.
    pub fn target_text(&self, target: Target) -> String {
        match target {
            Target::Nothing => String::new(),
            Target::Region(region) => self.region_code(region).into(),
            Target::Zone(zone) => self.zone_code(zone),
            Target::Link(a, b) => format!("{}:{}", self.region_code(a), self.region_code(b)),
            Target::Direction(from, to) => format!("{}>{}", self.region_code(from), self.region_code(to)),
            Target::ZoneLink(a, b) => format!("{}:{}", self.zone_code(a), self.zone_code(b)),
        }
    }

    /// Every fault of a kind that this system can have.
    pub fn possible(&self, kind: FaultKind) -> Vec<Fault> {
        if self.scenario.lacks(kind.needs()).is_some() {
            return Vec::new();
        }
        self.targets(kind.target_kind()).into_iter().filter_map(|target| Fault::new(kind, target)).collect()
    }

    /// Every target of a kind that a fault can have here.
    fn targets(&self, kind: TargetKind) -> Vec<Target> {
        let pairs = || self.region_ids().flat_map(|a| self.region_ids().map(move |b| (a, b)));
        match kind {
            TargetKind::Nothing => vec![Target::Nothing],
            TargetKind::Region => self.region_ids().map(Target::Region).collect(),
            TargetKind::Zone => self.zone_ids().map(Target::Zone).collect(),
            TargetKind::Link => pairs().filter(|(a, b)| a < b).map(|(a, b)| Target::Link(a, b)).collect(),
            TargetKind::ZoneLink => {
                let with = |a: ZoneId| self.zone_ids().map(move |b| Target::ZoneLink(a, b));
                self.zone_ids().flat_map(with).filter(|link| link.is_sound()).collect()
            }
            TargetKind::Direction => {
                pairs().filter(|(a, b)| a != b).map(|(a, b)| Target::Direction(a, b)).collect()
            }
            TargetKind::Moment
            | TargetKind::Journey
            | TargetKind::Answer
            | TargetKind::Key
            | TargetKind::Release
            | TargetKind::Runbook => Vec::new(),
        }
    }

    fn fault(&self, kind: FaultKind, text: &str) -> Result<Fault, String> {
        let wanted = kind.target_kind();
        if let Some(wanted) = self.scenario.lacks(kind.needs()) {
            return Err(format!("\"{}\" goes only {wanted}", kind.slug()));
        }
        let aim = self.aim(wanted, text)?;
        kind.has_copies(text)?;
        let fault = match aim {
            Aim::At(target) => Fault::new(kind, target),
            Aim::Moment(..)
            | Aim::Journey(..)
            | Aim::Answer(_)
            | Aim::Key(..)
            | Aim::Release(_)
            | Aim::Runbook(..) => None,
        };
        fault.ok_or_else(|| not(wanted, text))
    }

    /// What these words name.
    fn aim(&self, kind: TargetKind, text: &str) -> Result<Aim, String> {
        Ok(match kind {
            TargetKind::Nothing => Aim::At(Target::Nothing),
            TargetKind::Region => Aim::At(Target::Region(self.find_region(text)?)),
            TargetKind::Zone => Aim::At(Target::Zone(self.find_zone(text)?)),
            TargetKind::Link => {
                let (a, b) = self.find_pair(kind, text, ':')?;
                Aim::At(Target::link(a, b))
            }
            TargetKind::ZoneLink => {
                let (a, b) = text.split_once(':').ok_or_else(|| not(kind, text))?;
                let link = Target::zone_link(self.find_zone(a)?, self.find_zone(b)?);
                Aim::At(Some(link).filter(|link| link.is_sound()).ok_or_else(|| not(kind, text))?)
            }
            TargetKind::Direction => {
                let (from, to) = self.find_pair(kind, text, '>')?;
                Aim::At(Target::Direction(from, to))
            }
            TargetKind::Moment => {
                let (region, second) = aim::moment(text).ok_or_else(|| not(kind, text))?;
                Aim::Moment(self.find_region(region)?, second)
            }
            TargetKind::Journey => {
                let (from, to) = text.split_once('>').ok_or_else(|| not(kind, text))?;
                Aim::Journey(self.find_population(from)?, find_city(to)?)
            }
            TargetKind::Answer => Aim::Answer(aim::Answer::named(text).ok_or_else(|| not(kind, text))?),
            TargetKind::Key => {
                let (city, key) = aim::key(text).ok_or_else(|| not(kind, text))?;
                Aim::Key(self.find_population(city)?, key)
            }
            TargetKind::Release => {
                let index = self.scenario.rollout.releases.iter().position(|it| it.name == text);
                Aim::Release(ReleaseId(index.ok_or_else(|| not(kind, text))? as u8))
            }
            TargetKind::Runbook => {
                let (name, ends) = aim::runbook(text).ok_or_else(|| not(kind, text))?;
                let book = self.find_runbook(name)?;
                let ends =
                    ends.map(|(from, to)| Ok::<_, String>((self.find_region(from)?, self.find_region(to)?)));
                Aim::Runbook(book, ends.transpose()?)
            }
        })
    }

    fn zone_ids(&self) -> impl Iterator<Item = ZoneId> {
        self.region_ids()
            .flat_map(|region| (0..self.zones(region)).map(move |index| ZoneId { region, index }))
    }

    fn find_pair(&self, kind: TargetKind, text: &str, mark: char) -> Result<(RegionId, RegionId), String> {
        let (a, b) = text.split_once(mark).ok_or_else(|| not(kind, text))?;
        let (a, b) = (self.find_region(a)?, self.find_region(b)?);
        if a == b { Err(format!("\"{text}\" names the same region twice")) } else { Ok((a, b)) }
    }

    fn find_population(&self, city: &str) -> Result<PopulationId, String> {
        let mut all = self.scenario.clients.populations.iter();
        let index = all.position(|population| population.city == city);
        index.map(|index| PopulationId(index as u8)).ok_or_else(|| format!("nobody of \"{city}\" is here"))
    }

    fn find_region(&self, code: &str) -> Result<RegionId, String> {
        let known = || self.scenario.regions.iter().map(|region| region.code.as_str()).collect::<Vec<_>>();
        self.region_ids().find(|id| self.region_code(*id) == code.trim()).ok_or_else(|| {
            let allowed = suggested(code, known(), known().join(", "));
            format!("\"{code}\" is not a region of this scenario; allowed: {allowed}")
        })
    }

    fn find_runbook(&self, name: &str) -> Result<RunbookId, String> {
        let index = self.runbooks.iter().position(|book| book.name == name);
        index.map(|index| RunbookId(index as u8)).ok_or_else(|| {
            let names: Vec<&str> = self.runbooks.iter().map(|book| book.name.as_str()).collect();
            format!("\"{name}\" is not a runbook of this scenario; allowed: {}", names.join(", "))
        })
    }

    fn find_zone(&self, code: &str) -> Result<ZoneId, String> {
        let all: Vec<_> = self.zone_ids().map(|zone| (zone, self.zone_code(zone))).collect();
        all.iter().find(|(_, name)| name == code.trim()).map(|(zone, _)| *zone).ok_or_else(|| {
            let names: Vec<_> = all.iter().map(|(_, name)| name.as_str()).collect();
            let allowed = suggested(code, names.iter().copied(), names.join(", "));
            format!("\"{code}\" is not a zone of this scenario; allowed: {allowed}")
        })
    }
}

fn find_city(name: &str) -> Result<u8, String> {
    let index = catalog::CITIES.iter().position(|city| city.name == name);
    index.map(|index| index as u8).ok_or_else(|| format!("\"{name}\" is not a city of the catalog"))
}

fn not(kind: TargetKind, text: &str) -> String {
    format!("\"{text}\" is not {}", kind.words())
}
