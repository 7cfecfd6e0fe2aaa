//! The ledger of writes in words.

use super::panels::{FateFilter, Tone, WriteLine, Writes};
use super::parts::replicas;
use super::view::View;
use super::words::{fate, number};
use crate::app::Msg;
use crate::app::writes::Register;
use crate::observer::ledger::{Fate, Line, NEVER};
use crate::observer::metrics::Tally;

impl View<'_> {
    /// The ledger, while it is open.
    pub(super) fn writes(&self) -> Option<Writes> {
        let register = self.app.register()?;
        let all = FateFilter {
            label: "All",
            count: number::count(self.real(register.writes())),
            active: register.only.is_none(),
            msg: Msg::FateChosen(None),
        };
        let one = |(fate, count): (Fate, u64)| FateFilter {
            label: fate::row(fate).name,
            count: number::count(self.real(count)),
            active: register.only == Some(fate),
            msg: Msg::FateChosen(Some(fate)),
        };
        let counted = Fate::ALL.into_iter().zip(register.counts);
        let there = counted.filter(|(fate, count)| *count > 0 || register.only == Some(*fate)).map(one);
        Some(Writes {
            gives_up: self.gives_up(),
            tone: if self.is_cut() { Tone::Warning } else { Tone::Plain },
            filters: std::iter::once(all).chain(there).collect(),
            lines: match self.is_fine() {
                true => register.newest.iter().filter_map(|line| self.write_line(*line)).collect(),
                false => Vec::new(),
            },
            none: if self.is_fine() { "No such write." } else { "Run finely to see single writes." },
            facts: self.facts(register),
        })
    }

    /// Whether some region does not hear some other.
    pub(super) fn is_cut(&self) -> bool {
        let pairs = self.plan.region_ids().flat_map(|a| self.plan.region_ids().map(move |b| (a, b)));
        pairs.into_iter().any(|(a, b)| self.world.system.network.direction(a, b).cuts > 0)
    }

    /// What the design gives up then.
    pub(super) fn gives_up(&self) -> String {
        let (scenario, cut) = (&self.plan.scenario, self.is_cut());
        let alone = || fate::gives_up(scenario.write_pattern, self.plan.rule(), cut);
        replicas::gives_up(scenario, cut).unwrap_or_else(alone)
    }

    /// "write 812 by London".
    pub(super) fn whose(&self, line: &Line) -> String {
        match line.write.0 {
            0 => write_number(line),
            _ => format!("{} by {}", write_number(line), self.plan.city(line.population)),
        }
    }

    fn write_line(&self, (number, fate, by): (u64, Fate, u64)) -> Option<WriteLine> {
        let line = self.world.observer.ledger.get(number)?;
        let other = self
            .world
            .observer
            .ledger
            .get(by)
            .map(|other| format!("{} in {}", self.whose(other), self.code(other.region)));
        let mut name = format!("{} to key {} in {}", self.whose(line), line.key, self.code(line.region));
        name[..1].make_ascii_uppercase();
        Some(WriteLine {
            number,
            name,
            fate: fate::sentence(fate, &other.unwrap_or_default(), &self.seen(line), line.acknowledged),
            at_s: line.at.secs(),
            at_text: number::clock_tenths(line.at.secs()),
            tone: fate::row(fate).tone,
        })
    }

    /// "in eu-west-1 after 0.61 s".
    fn seen(&self, line: &Line) -> String {
        let holds = |region: &crate::kernel::id::RegionId| self.plan.holds(*region, line.key);
        let others = self.plan.region_ids().filter(|region| *region != line.region && holds(region));
        let place = |region: crate::kernel::id::RegionId| match line.reached[region.index()] {
            NEVER => format!("not in {} yet", self.code(region)),
            after => format!("in {} after {} ms", self.code(region), after / 1000),
        };
        let places: Vec<String> = others.map(place).collect();
        places.join(", ")
    }

    /// What readers and writers met with.
    fn facts(&self, register: &Register) -> Vec<(&'static str, String, &'static str)> {
        let sum = |pick: fn(&Tally) -> u64| self.world.observer.metrics.tallies.iter().map(pick).sum::<u64>();
        let (world, count) = (self.world, |counted: u64| number::count(self.real(counted)));
        let longest = number::span(world.observer.longest_divergence_s(self.now));
        vec![
            (
                "Stale reads",
                count(sum(|tally| tally.stale_reads)),
                "Older than what had been confirmed before.",
            ),
            (
                "Own write not seen",
                count(sum(|tally| tally.misses_own)),
                "A client did not find what it had written.",
            ),
            (
                "Went back in time",
                count(sum(|tally| tally.goes_back)),
                "A client found less than it had read before.",
            ),
            (
                "Collisions",
                count(world.observer.collisions.count),
                "Writes to a key that somebody else had just changed, unseen.",
            ),
            ("Lost updates", count(world.observer.ledger.lost), "Confirmed, then taken away without a word."),
            ("Refused", count(world.observer.ledger.refused), "Because of another write; the client knows."),
            ("Merged", count(world.observer.ledger.merged), "Their content went into another write."),
            ("Duplicates", count(world.observer.metrics.duplicates), "Made a second time by a retry."),
            (
                "Keys that differ",
                number::count(register.diverged),
                "Regions show different things there now.",
            ),
            ("Longest difference", longest, "How long regions disagreed over one key at most."),
        ]
    }
}

/// "Write 812".
fn write_number(line: &Line) -> String {
    match line.write.0 {
        0 => "a write of the system".into(),
        number => format!("write {}", number::count(number.into())),
    }
}
