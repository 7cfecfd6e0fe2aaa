//! What the words of orders name in a run, and the words for what a command names.

use crate::catalog;
use crate::kernel::id::ZoneId;
use crate::model::aim::{self, Aim, Target, TargetKind};
use crate::model::command::Command;
use crate::model::fault::{Fault, FaultKind};
use crate::model::order::Order;
use crate::model::plan::Plan;

impl Plan {
    /// The command that an order means here.
    ///
    /// # Errors
    /// A sentence that names the word that is wrong and what is allowed.
    pub fn resolve(&self, order: &Order) -> Result<Command, String> {
        let not = |allowed: String| format!("\"{order}\" is not allowed; allowed: {allowed}");
        let aim = order.look_up(&self.scenario).map_err(not)?;
        let command = match (order, aim) {
            (Order::Inject(kind, _), Aim::At(target)) => Fault::new(*kind, target).map(Command::Inject),
            (Order::Clear(kind, _), Aim::At(target)) => Fault::new(*kind, target).map(Command::Clear),
            (Order::Do(verb, _), aim) => Command::new(*verb, aim),
            (Order::Inject(..) | Order::Clear(..), _) => None,
        };
        command.ok_or_else(|| not(order.target().0.words()))
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
            Aim::City(people) => people.map_or_else(String::new, |people| self.city(people).into()),
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
            | TargetKind::Runbook
            | TargetKind::City => Vec::new(),
        }
    }

    fn zone_ids(&self) -> impl Iterator<Item = ZoneId> {
        self.region_ids()
            .flat_map(|region| (0..self.zones(region)).map(move |index| ZoneId { region, index }))
    }
}
