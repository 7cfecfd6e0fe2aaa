//! What the checker of laws remembers from one event to the next, and when it looks.

use super::{Broken, Law, level, runbook, steady, walks};
use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::aim::Target;
use crate::model::fault::{Fault, FaultKind};
use crate::model::plan::Plan;
use crate::run::world::World;
use crate::system::ActiveFault;
use crate::system::context::Record;
use crate::system::database::Role;
use crate::system::entry::Entry;
use crate::system::event::Event;
use crate::system::journal::What;
use crate::system::network::Flight;
use crate::system::version::Seen;

/// Walks over the ledger, which grows, are made once in so many seconds.
const LEDGER_EVERY_S: u64 = 60;

/// A stretch of time in which something was so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) since: SimTime,
    pub(super) until: SimTime,
}

/// What one event has brought.
pub(super) struct Moment<'a> {
    pub(super) now: SimTime,
    pub(super) plan: &'a Plan,
    pub(super) world: &'a World,
    /// The whole journal, for causes.
    pub(super) journal: &'a [Entry],
    /// What this event has written into it.
    pub(super) news: &'a [Entry],
    pub(super) first_new: u32,
}

/// The checker: laws that were found broken, and what has to be remembered to look at the next event. It begins anew when
/// a run goes on from a keyframe: a clone keeps what was found broken, and nothing else.
#[derive(Debug, Default)]
pub struct Laws {
    broken: Vec<Broken>,
    begun: bool,
    /// Entries of the journal before the event.
    entries: u32,
    /// The message that the event delivers.
    pub(super) landing: Option<Flight>,
    faults: Vec<ActiveFault>,
    /// Stretches in which a direction of a link was cut: `[from][to]`.
    pub(super) cuts: Vec<Vec<Vec<Span>>>,
    /// Stretches in which a region was dark.
    pub(super) dark: Vec<Vec<Span>>,
    pub(super) roles: Vec<Role>,
    /// Whether the database of each region answered at the last look, and until when it did.
    pub(super) answered: Vec<(bool, SimTime)>,
    /// What each copy had seen of each key, as of the last walk.
    pub(super) seen: Vec<Vec<Seen>>,
    /// Copies that were made anew since the last walk.
    pub(super) made_anew: Vec<bool>,
    /// How many writes had come into each volume.
    pub(super) written: Vec<u32>,
    /// Who has which commits inside each region.
    pub(super) levels: Vec<level::Levels>,
    /// Since when an old owner of each partition could have heard that it is one no more.
    pub(super) unaware: Vec<Option<SimTime>>,
    /// Since when a step of the runbook has been under way without need met, or without going on.
    pub(super) unmet: Option<SimTime>,
    pub(super) silent: Option<SimTime>,
    pub(super) idle: Option<SimTime>,
    /// Seconds that were recorded before the event.
    samples: usize,
}

impl Clone for Laws {
    fn clone(&self) -> Self {
        Self { broken: self.broken.clone(), ..Self::default() }
    }
}

impl Laws {
    /// What has been found broken, each law once, in the order of finding.
    pub fn broken(&self) -> &[Broken] {
        &self.broken
    }

    pub(super) fn check(&mut self, now: SimTime, law: Law, holds: bool, what: impl FnOnce() -> String) {
        if !holds && self.broken.iter().all(|broken| broken.law != law) {
            self.broken.push(Broken { law, at: now, what: what() });
        }
    }

    /// An event, or a command, is about to be handled.
    pub fn before(&mut self, world: &World, event: Option<&Event>, entries: u32, now: SimTime) {
        if !self.begun {
            self.begin(world, now);
        }
        self.entries = entries;
        self.landing = match event {
            Some(Event::Deliver(id)) => world.system.network.delivered(*id, now, &world.system.dark),
            _ => None,
        };
    }

    /// The event, or the command, has been handled: laws are checked.
    pub fn after(&mut self, plan: &Plan, world: &World, now: SimTime, entries: u32, record: &Record) {
        let journal = &record.journal[..record.journal.len().min(entries as usize)];
        let news = journal.get(self.entries as usize..).unwrap_or_default();
        let first_new = self.entries;
        let moment = Moment { now, plan, world, journal, news, first_new };
        if world.system.faults != self.faults {
            self.note_faults(world, now);
        }
        level::look(self, &moment);
        steady::look(self, &moment);
        let cuts = |fault: Fault| matches!(fault.kind(), FaultKind::LinkCut | FaultKind::LinkCutOneWay);
        let turning = |entry: &Entry| {
            matches!(
                entry.what,
                What::Promoted { .. }
                    | What::DatabaseRestored { .. }
                    | What::Rejoined(_)
                    | What::WritesSetAside(_)
            ) || matches!(entry.what, What::FaultInjected(fault) if cuts(fault))
        };
        let turned = news.iter().any(turning);
        let samples = record.samples.len();
        let second = std::mem::replace(&mut self.samples, samples) != samples;
        if second || turned {
            runbook::look(self, &moment);
            walks::copies(self, &moment);
            walks::placement(self, &moment);
            walks::messages(self, &moment);
            walks::incidents(self, &moment);
        }
        if turned || (second && (now.micros() / 1_000_000).is_multiple_of(LEDGER_EVERY_S)) {
            walks::ledger(self, &moment);
            walks::states(self, &moment);
        }
    }

    /// Every law that can be looked at just now, and all that were broken before.
    pub fn at_end(&self, plan: &Plan, world: &World, now: SimTime) -> Vec<Broken> {
        let mut laws = self.clone();
        laws.begin(world, now);
        let moment = Moment { now, plan, world, journal: &[], news: &[], first_new: 0 };
        walks::copies(&mut laws, &moment);
        walks::placement(&mut laws, &moment);
        walks::messages(&mut laws, &moment);
        walks::incidents(&mut laws, &moment);
        walks::ledger(&mut laws, &moment);
        walks::states(&mut laws, &moment);
        laws.broken
    }

    fn begin(&mut self, world: &World, now: SimTime) {
        let regions = world.system.databases.len();
        self.begun = true;
        self.cuts = vec![vec![Vec::new(); regions]; regions];
        self.dark = vec![Vec::new(); regions];
        self.answered = vec![(true, now); world.system.databases.len()];
        self.roles = world.system.databases.iter().map(|database| database.role).collect();
        self.seen = world.system.databases.iter().map(|database| database.seen.clone()).collect();
        self.made_anew = vec![false; regions];
        self.written = world.system.databases.iter().map(steady::written).collect();
        self.levels = world.system.databases.iter().map(level::Levels::of).collect();
        self.unaware = vec![None; regions];
        self.note_faults(world, now);
    }

    /// Faults have come or gone: which links are cut and which regions are dark, by the faults alone and not by what the
    /// network keeps of them.
    fn note_faults(&mut self, world: &World, now: SimTime) {
        let faults = &world.system.faults;
        let regions = self.dark.len();
        let cut = |from: RegionId, to: RegionId| {
            world.system.has_fault(FaultKind::LinkCut, Target::link(from, to))
                || world.system.has_fault(FaultKind::LinkCutOneWay, Target::Direction(from, to))
        };
        let ids = || (0..regions as u8).map(RegionId);
        for from in ids() {
            let dark = world.system.has_fault(FaultKind::RegionDark, Target::Region(from));
            turn(&mut self.dark[from.index()], dark, now);
            for to in ids() {
                turn(&mut self.cuts[from.index()][to.index()], cut(from, to), now);
            }
        }
        self.faults.clone_from(faults);
    }

    /// Follows the causes of an entry to the first.
    pub(super) fn root(journal: &[Entry], entry: EntryId) -> Option<&Entry> {
        let mut entry = journal.get(entry.0 as usize)?;
        while let Some(cause) = entry.cause {
            entry = journal.get(cause.0 as usize)?;
        }
        Some(entry)
    }
}

/// Something is so from now on, or is not.
fn turn(spans: &mut Vec<Span>, is_so: bool, now: SimTime) {
    match spans.last_mut().filter(|span| span.until == SimTime::NEVER) {
        Some(open) if !is_so => open.until = now,
        None if is_so => spans.push(Span { since: now, until: SimTime::NEVER }),
        Some(_) | None => {}
    }
}
