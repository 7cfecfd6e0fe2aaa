//! Circuit breakers: the clients of a city stop asking a region of which too many attempts fail, and try again after a pause.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, PopulationId, RegionId, Ticket};
use crate::model::plan::Plan;

/// The journal has a line for so many openings and closings of a run, the first ones.
const MOST_TOLD: u8 = 20;
/// The window is counted in so many parts.
const PARTS: usize = 10;

/// Whether a region is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It is.
    Closed,
    /// It is not until this moment; then one attempt is let through.
    Open(SimTime),
    /// This attempt of a request has been let through, and its end is waited for.
    Trying(Ticket, u8),
}

/// What a population knows of its attempts at a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Breaker {
    state: State,
    /// Attempts that were answered and that failed, by part of the window.
    parts: [(u16, u16); PARTS],
    /// The number of the newest part since the start.
    newest: u64,
    /// The entry because of which an attempt has failed.
    because: Option<EntryId>,
}

/// The breakers of every population for every region; none without breakers.
#[derive(Clone, Debug, Default)]
pub struct Breakers {
    all: Vec<Breaker>,
    regions: usize,
    /// How many openings and closings have been told.
    told: u8,
}

/// A breaker has opened, because of an entry, or has closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turned {
    /// It is open now.
    pub open: bool,
    /// The entry because of which attempts failed.
    pub because: Option<EntryId>,
}

impl Breaker {
    const NEW: Self = Self { state: State::Closed, parts: [(0, 0); PARTS], newest: 0, because: None };

    /// Counts an attempt. Returns how many have ended in the window, and how many of them have failed.
    fn count(&mut self, part: u64, good: bool) -> (u32, u32) {
        for old in (self.newest + 1..=part).take(PARTS) {
            self.parts[(old % PARTS as u64) as usize] = (0, 0);
        }
        self.newest = part;
        let (served, failed) = &mut self.parts[(part % PARTS as u64) as usize];
        let count = if good { served } else { failed };
        *count = count.saturating_add(1);
        let sum = |sum: (u32, u32), (s, f): &(u16, u16)| (sum.0 + u32::from(*s), sum.1 + u32::from(*f));
        let (served, failed) = self.parts.iter().fold((0, 0), sum);
        (served + failed, failed)
    }
}

impl Breakers {
    /// Every breaker closed.
    pub fn new(plan: &Plan) -> Self {
        let regions = plan.regions();
        let all =
            plan.scenario.clients.breaker_share.map(|_| vec![Breaker::NEW; plan.populations() * regions]);
        Self { all: all.unwrap_or_default(), regions, told: 0 }
    }

    fn of(&mut self, population: PopulationId, region: RegionId) -> Option<&mut Breaker> {
        debug_assert!(region.index() < self.regions, "it is one of the regions");
        self.all.get_mut(population.index() * self.regions + region.index())
    }

    /// Whether the clients of a population may ask a region, with this attempt of a request; if not, because of what.
    pub fn admit(
        &mut self,
        now: SimTime,
        (population, region): (PopulationId, RegionId),
        (request, attempt): (Ticket, u8),
    ) -> Result<(), Option<EntryId>> {
        let Some(breaker) = self.of(population, region) else { return Ok(()) };
        match breaker.state {
            State::Closed => Ok(()),
            State::Open(until) if until <= now => {
                breaker.state = State::Trying(request, attempt);
                Ok(())
            }
            State::Open(_) | State::Trying(..) => Err(breaker.because),
        }
    }

    /// An attempt of a population at a region has ended: it was answered, or has failed because of something. Returns what is to
    /// be told of that.
    pub fn hear(
        &mut self,
        (plan, now): (&Plan, SimTime),
        (population, region): (PopulationId, RegionId),
        (request, attempt): (Ticket, u8),
        ended: Result<(), Option<EntryId>>,
    ) -> Option<Turned> {
        let told = self.told;
        let breaker = self.of(population, region)?;
        let was = breaker.state;
        let clients = &plan.scenario.clients;
        if let Err(because) = ended {
            breaker.because = because.or(breaker.because);
        }
        let pause = SimDuration::from_secs(clients.breaker_pause_s);
        match breaker.state {
            State::Closed => {
                let part_us = (clients.breaker_window_s * 1e6 / PARTS as f64) as u64;
                let (all, failed) = breaker.count(now.micros() / part_us.max(1), ended.is_ok());
                let share = clients.breaker_share.map_or(f64::INFINITY, f64::from);
                let known = u64::from(all) * plan.step() >= u64::from(clients.breaker_calls);
                if ended.is_err() && known && f64::from(failed) >= share * f64::from(all) {
                    // When it closes again it begins to count anew.
                    let because = breaker.because;
                    *breaker = Breaker { state: State::Open(now + pause), because, ..Breaker::NEW };
                }
            }
            State::Trying(trial, number) if (trial, number) == (request, attempt) => {
                breaker.state = if ended.is_ok() { State::Closed } else { State::Open(now + pause) };
            }
            // What was under way when it opened says nothing of now.
            State::Open(_) | State::Trying(..) => {}
        }
        let (closed, because) = (breaker.state == State::Closed, breaker.because);
        let turned = match was {
            State::Closed => !closed,
            State::Open(_) | State::Trying(..) => closed,
        };
        debug_assert!(!matches!(was, State::Open(_)) || !closed, "an open one tries before it closes");
        self.told += u8::from(turned && told < MOST_TOLD);
        (turned && told < MOST_TOLD).then_some(Turned { open: !closed, because })
    }

    /// The regions that a population does not ask now.
    pub fn open(&self, population: PopulationId) -> impl Iterator<Item = RegionId> {
        let first = population.index() * self.regions;
        let own = self.all.get(first..first + self.regions).unwrap_or_default().iter().enumerate();
        own.filter(|(_, breaker)| breaker.state != State::Closed).map(|(index, _)| RegionId(index as u8))
    }
}
