//! Two people who take the same seat: what the page follows, and where it stops because it is known who has it.

use super::{App, Msg, speed};
use crate::kernel::clock::SimTime;
use crate::kernel::id::{PopulationId, WriteId};
use crate::observer::ledger::{Fate, Line, Mark};

/// Simulated seconds a second while two people take a seat.
const SLOWLY: f64 = 0.1;
/// So long, in simulated seconds, the page follows it.
const FOLLOWED_S: f64 = 30.0;

/// A seat that two people were told to take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat {
    key: u16,
    people: [PopulationId; 2],
    at: SimTime,
    /// The page has stopped at its end.
    over: bool,
}

/// What has become of one of the two.
#[derive(Clone, Copy, Debug)]
pub struct Taker<'a> {
    /// Who it is.
    pub person: PopulationId,
    /// The write.
    pub write: WriteId,
    /// What the ledger says, and its fate so far; `None` as long as no region has decided on it.
    pub found: Option<(&'a Line, Fate)>,
}

/// A seat, and how far the two have come.
#[derive(Clone, Copy, Debug)]
pub struct Taking<'a> {
    /// The seat.
    pub key: u16,
    /// The two, in the order in which they were told to.
    pub takers: [Taker<'a>; 2],
    /// Regions show different things there.
    pub apart: bool,
    /// Both have an answer, and the regions agree.
    pub settled: bool,
}

impl App {
    /// The seat that two people take, if that was a short time before the moment shown.
    pub fn taking(&self) -> Option<Taking<'_>> {
        let (seat, now, run) = (self.seat?, self.history.now(), self.history.shown());
        if now < seat.at || now.since(seat.at).secs() > FOLLOWED_S {
            return None;
        }
        let (observer, rule) = (&run.world().observer, run.plan().rule());
        let [second, first, ..] = *observer.collisions.staged.as_slice() else { return None };
        let ledger = &observer.ledger;
        // Of each its line, with its number, and whether somebody has written over it.
        let mut found: [Option<(u64, &Line, bool)>; 2] = [None; 2];
        for (number, line) in ledger.lines(ledger.until(seat.at) + 1, ledger.len()) {
            for (write, known) in [first, second].into_iter().zip(&mut found) {
                match known {
                    Some((own, _, over)) if u64::from(line.over) == *own => *over = true,
                    // A retry may have written again: the first that was not refused counts.
                    Some((_, own, _)) if own.mark != Mark::Refused => {}
                    _ if line.write == write => *known = Some((number, line, false)),
                    _ => {}
                }
            }
        }
        let taker = |index: usize, write: WriteId| Taker {
            person: seat.people[index],
            write,
            found: found[index].map(|(_, line, over)| (line, line.fate(over, rule))),
        };
        let takers = [taker(0, first), taker(1, second)];
        let answered =
            |it: &Taker<'_>| it.found.is_some_and(|(line, fate)| line.acknowledged || fate == Fate::Refused);
        let apart = observer.collisions.open.contains(seat.key);
        Some(Taking { key: seat.key, takers, apart, settled: !apart && takers.iter().all(answered) })
    }

    /// Two people write to the same key now, if it can be near to different regions; the key is one that hardly anybody
    /// writes to otherwise.
    pub(super) fn take_a_seat(&mut self) {
        self.microscope = None;
        let plan = self.history.shown().plan();
        let homes = &plan.home_regions;
        let other = homes.iter().position(|home| Some(home) != homes.first()).unwrap_or(1);
        if other >= homes.len() {
            self.notice = Some("There is nobody else to take the seat.".into());
            return;
        }
        let people = [PopulationId(0), PopulationId(other as u8)];
        let cities = people.map(|person| plan.city(person).to_owned());
        let key = plan.scenario.database.keys - 1;
        self.seat = Some(Seat { key: key as u16, people, at: self.history.now(), over: false });
        for city in cities {
            self.update(Msg::Ordered(format!("write={city}:{key}")));
        }
        // Slowly enough for the two writes to be followed on their way; the choice for other visits stays what it was.
        self.playback.choose(speed::nearest(SLOWLY));
    }

    /// Stops where it is known who has the seat.
    pub(super) fn rest_on_seat(&mut self) {
        if self.seat.is_none_or(|seat| seat.over) || !self.taking().is_some_and(|taking| taking.settled) {
            return;
        }
        if let Some(seat) = &mut self.seat {
            seat.over = true;
        }
        self.playback.set_playing(false);
        self.changed = true;
    }
}
