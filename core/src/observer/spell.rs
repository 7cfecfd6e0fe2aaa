//! Outages and degradations: what several judges find, joined to spells that have a beginning, an end and figures.

use super::seconds::{Seconds, Whose};
use crate::kernel::clock::SimTime;
use crate::kernel::id::PopulationId;

/// The window of the worst moment, in seconds.
const WORST_S: u32 = 10;
/// A verdict that somebody is back comes so late, in seconds.
const LATE_S: u32 = 60;
/// Older seconds, counted from the newest that is settled, belong to a spell for good: no verdict reaches back so far.
const FINAL_S: u32 = 125;

/// When one city was out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CitySpan {
    /// The population.
    pub population: PopulationId,
    /// From when on.
    pub start: SimTime,
    /// Until when; `None` while it is out.
    pub end: Option<SimTime>,
    /// Its requests that were sent meanwhile and failed.
    pub failed: u32,
    /// Those of seconds that are final, and what failed since the end: it counts if the city is out again.
    booked: u32,
    since_end: u32,
}

/// What failed because of one incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The incident, an index; `None` if nothing that has happened led to it.
    pub incident: Option<usize>,
    /// Failed requests.
    pub failed: u32,
    /// Seconds in which nobody was served, in microseconds; one in which half were counts a half.
    pub unserved_us: u64,
}

/// Adds to the share of an incident.
pub fn add_share(shares: &mut Vec<Share>, incident: Option<usize>, failed: u32, unserved_us: u64) {
    let known = shares.iter().position(|share| share.incident == incident);
    let place = known.unwrap_or_else(|| {
        shares.push(Share { incident, failed: 0, unserved_us: 0 });
        shares.len() - 1
    });
    shares[place].failed += failed;
    shares[place].unserved_us += unserved_us;
}

/// The part of a second that was not served, if so many of those that ended failed. In microseconds, rounded down.
pub fn unserved_us(failed: u32, ended: u32) -> u64 {
    debug_assert!(failed <= ended, "what failed has ended");
    (u64::from(failed) * 1_000_000).checked_div(u64::from(ended)).unwrap_or(0)
}

/// An outage or a degradation.
#[derive(Clone, Debug, PartialEq)]
pub struct Spell {
    /// When it began.
    pub start: SimTime,
    /// When it ended: the beginning of the minute that was good again. `None` while it lasts.
    pub end: Option<SimTime>,
    /// The lowest share of all requests that was served in ten seconds, 0 to 1.
    pub worst: f64,
    /// Cities that were out themselves, in the order in which they were found to be.
    pub cities: Vec<CitySpan>,
    /// What was sent meanwhile and failed, by incident. They add up to all of it.
    pub shares: Vec<Share>,
    /// The incident that it is itself, if no trigger led to it: what would belong to none is that incident's.
    pub owner: Option<usize>,
    /// What has come to that incident so.
    pub adopted: Option<Share>,
    /// It has lasted long enough to be one.
    pub told: bool,
    /// Something worse came after it: no piece is joined to it any more.
    shut: bool,
    /// Seconds before this one are in `booked` and not looked at again.
    booked_to: u32,
    booked: Vec<Share>,
    /// What has failed since the end: it counts if another piece is joined.
    since_end: Vec<Share>,
    booked_worst: f64,
}

fn second_of(at: SimTime) -> u32 {
    (at.micros() / 1_000_000) as u32
}

fn begin_of(second: u32) -> SimTime {
    SimTime::from_micros(u64::from(second) * 1_000_000)
}

impl Spell {
    fn begun(start: SimTime) -> Self {
        Self {
            start,
            end: None,
            worst: 1.0,
            cities: Vec::new(),
            shares: Vec::new(),
            owner: None,
            adopted: None,
            told: false,
            shut: false,
            booked_to: second_of(start),
            booked: Vec::new(),
            since_end: Vec::new(),
            booked_worst: 1.0,
        }
    }

    /// All that failed in it.
    pub fn failed(&self) -> u32 {
        self.shares.iter().map(|share| share.failed).sum()
    }

    /// What failed in it because of an incident, or because of none.
    pub fn share_of(&self, incident: Option<usize>) -> Option<&Share> {
        self.shares.iter().find(|share| share.incident == incident)
    }

    /// Whether an incident has at least 5 % of what failed in it.
    pub fn belongs_to(&self, incident: usize) -> bool {
        let own = self.share_of(Some(incident)).map_or(0, |share| share.failed);
        own > 0 && u64::from(own) * 20 >= u64::from(self.failed())
    }

    fn holds(&self, second: u32) -> bool {
        second_of(self.start) <= second && self.end.is_none_or(|end| begin_of(second) < end)
    }

    /// A second that is final is booked.
    fn book(&mut self, seconds: &Seconds, second: u32) {
        let shares = if self.holds(second) { &mut self.booked } else { &mut self.since_end };
        book_shares(shares, seconds, second);
        self.booked_worst = self.booked_worst.min(worst(seconds, second));
        for city in &mut self.cities {
            let failed = seconds.ended(Whose::Both(city.population), second).failed;
            if second_of(city.start) > second {
                continue;
            }
            if city.end.is_none_or(|end| begin_of(second) < end) {
                city.booked += failed;
            } else {
                city.since_end += failed;
            }
        }
        self.booked_to = second + 1;
    }

    /// Counts anew, from the seconds that are not final yet.
    fn count(&mut self, seconds: &Seconds) {
        let settled = seconds.settled();
        while self.booked_to + FINAL_S < settled {
            self.book(seconds, self.booked_to);
        }
        self.shares.clone_from(&self.booked);
        self.worst = self.booked_worst;
        for city in &mut self.cities {
            city.failed = city.booked;
        }
        for second in self.booked_to.max(seconds.oldest())..settled {
            if !self.holds(second) {
                continue;
            }
            book_shares(&mut self.shares, seconds, second);
            self.worst = self.worst.min(worst(seconds, second));
            for city in &mut self.cities {
                let within = city.end.is_none_or(|end| begin_of(second) < end);
                if second_of(city.start) <= second && within {
                    city.failed += seconds.ended(Whose::Both(city.population), second).failed;
                }
            }
        }
        self.adopt();
    }

    /// What belongs to no incident becomes its owner's.
    fn adopt(&mut self) {
        let Some(owner) = self.owner else { return };
        let place = self.shares.iter().position(|share| share.incident.is_none());
        self.adopted = place.map(|place| self.shares.remove(place));
        if let Some(adopted) = self.adopted {
            add_share(&mut self.shares, Some(owner), adopted.failed, adopted.unserved_us);
        }
    }

    /// A city is out.
    fn add_city(&mut self, population: PopulationId, start: SimTime) {
        match self.cities.iter_mut().find(|city| city.population == population) {
            Some(city) => {
                city.start = city.start.min(start);
                city.end = None;
                city.booked += std::mem::take(&mut city.since_end);
            }
            None => self.cities.push(CitySpan {
                population,
                start,
                end: None,
                failed: 0,
                booked: 0,
                since_end: 0,
            }),
        }
    }
}

fn book_shares(shares: &mut Vec<Share>, seconds: &Seconds, second: u32) {
    let ended = seconds.ended(Whose::All, second).all();
    for failed in seconds.failures(second, second) {
        add_share(shares, failed.incident, failed.count, unserved_us(failed.count, ended));
    }
}

/// The share of all that was served in the ten seconds that end with this one.
fn worst(seconds: &Seconds, last: u32) -> f64 {
    let first = (last + 1).saturating_sub(WORST_S).max(seconds.oldest());
    seconds.ended_in(Whose::All, first, last).share()
}

/// Spells of one kind, in the order of their beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct Spells {
    /// All of them.
    pub list: Vec<Spell>,
    /// Pieces that are closer than this are one, in seconds.
    joined_s: u32,
    /// What is shorter is none, in seconds.
    least_s: u32,
}

impl Spells {
    /// None yet. Pieces less than `joined_s` seconds apart are one; what is shorter than `least_s` is none.
    pub const fn new(joined_s: u32, least_s: u32) -> Self {
        Self { list: Vec::new(), joined_s, least_s }
    }

    /// The one that lasts.
    pub fn open(&self) -> Option<usize> {
        self.list.iter().rposition(|spell| spell.end.is_none())
    }

    /// Somebody is out since a moment: a city, or for `None` all together.
    pub fn out(&mut self, population: Option<PopulationId>, since: SimTime) {
        let joined_s = self.joined_s;
        let near = |spell: &Spell| {
            !spell.shut && spell.end.is_none_or(|end| since < begin_of(second_of(end) + joined_s))
        };
        let joined = self.list.iter().rposition(near).filter(|index| index + 1 == self.list.len());
        let index = joined.unwrap_or_else(|| {
            // What was too short to be one can be joined no more.
            self.list.pop_if(|last| !last.told);
            self.list.push(Spell::begun(since));
            self.list.len() - 1
        });
        let spell = &mut self.list[index];
        spell.end = None;
        for share in std::mem::take(&mut spell.since_end) {
            add_share(&mut spell.booked, share.incident, share.failed, share.unserved_us);
        }
        if since < spell.start {
            spell.start = since;
            spell.booked_to = spell.booked_to.min(second_of(since));
        }
        if let Some(population) = population {
            spell.add_city(population, since);
        }
    }

    /// The last spell, if it is known since just now that it is long enough to be one.
    pub fn begun(&mut self, seconds: &Seconds) -> Option<usize> {
        let index = self.list.len().checked_sub(1)?;
        let spell = &mut self.list[index];
        // It may have ended a minute ago.
        let late_s = if self.least_s > 0 { LATE_S } else { 0 };
        let until = spell.end.unwrap_or(begin_of(seconds.settled().saturating_sub(late_s)));
        let long = until.since(spell.start).micros() >= u64::from(self.least_s) * 1_000_000;
        let begun = long && !spell.told;
        spell.told |= long;
        begun.then_some(index)
    }

    /// Those that are long enough to be one, in the order of their beginning.
    pub fn told(&self) -> impl DoubleEndedIterator<Item = &Spell> + Clone {
        self.list.iter().filter(|spell| spell.told)
    }

    /// A city is back since the beginning of a second.
    pub fn back(&mut self, population: PopulationId, second: u32) {
        let spell = self.list.last_mut().filter(|spell| spell.end.is_none());
        debug_assert!(spell.is_some(), "who is back was out");
        let cities = spell.into_iter().flat_map(|spell| &mut spell.cities);
        for city in cities.filter(|city| city.population == population) {
            city.end = Some(begin_of(second));
        }
    }

    /// Nobody is out any more, since the beginning of a second. Returns the spell that has ended, if it was one.
    pub fn end(&mut self, second: u32) -> Option<usize> {
        let index = self.open()?;
        let spell = &mut self.list[index];
        let end = begin_of(second);
        debug_assert!(spell.start < end, "it ends after it began");
        spell.end = Some(end);
        spell.told.then_some(index)
    }

    /// What is worse began at a moment: what had not ended by then ends there, and what had not begun never was.
    pub fn cut(&mut self, at: SimTime, seconds: &Seconds) {
        for spell in self.list.iter_mut().rev().take_while(|spell| spell.end.is_none_or(|end| end > at)) {
            spell.end = Some(at);
            for city in &mut spell.cities {
                city.end = Some(city.end.map_or(at, |end| end.min(at)));
            }
            spell.cities.retain(|city| city.start < at);
        }
        let least_us = u64::from(self.least_s) * 1_000_000;
        let long = |spell: &Spell| {
            spell.end.is_none_or(|end| spell.start < end && end.since(spell.start).micros() >= least_us)
        };
        while self.list.pop_if(|spell| !long(spell)).is_some() {}
        if let Some(last) = self.list.last_mut() {
            last.shut = true;
        }
        self.count(seconds);
    }

    /// Counts anew those that are not final.
    pub fn count(&mut self, seconds: &Seconds) {
        let final_s = seconds.settled().saturating_sub(FINAL_S + self.joined_s);
        for spell in self.list.iter_mut().rev() {
            if spell.end.is_some_and(|end| end < begin_of(final_s)) {
                break;
            }
            spell.count(seconds);
        }
    }
}
