//! How people were served: requests by the second in which they were sent, the judges that look at them, and the outages
//! and degradations that these have found.

use super::judge::{Judge, Kind, Verdict};
use super::seconds::{Seconds, Whose};
use super::spell::{Share, Spells, add_share, unserved_us};
use crate::kernel::clock::SimTime;
use crate::kernel::id::PopulationId;

/// Pieces of an outage, and of a degradation, that are closer than this are one, in seconds. A degradation flickers more:
/// of a few failures a minute there may be none in one.
const JOINED_S: [u32; 2] = [60, 300];
/// The shortest degradation, in seconds.
const LEAST_DEGRADED_S: u32 = 60;

/// Requests, judges, outages and degradations.
#[derive(Clone, Debug)]
pub struct Service {
    /// The last minutes, second by second.
    pub seconds: Seconds,
    /// Outages so far.
    pub outages: Spells,
    /// Degradations so far.
    pub degradations: Spells,
    /// Everything that has failed, by incident; the unserved part of seconds that are settled.
    pub failed: Vec<Share>,
    /// Reads and writes of each population in turn.
    outage_judges: Vec<Judge>,
    /// Each population, and all together.
    degradation_judges: Vec<Judge>,
}

/// What has changed for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A city is out.
    CityOut(PopulationId),
    /// A city is back.
    CityBack(PopulationId),
    /// An outage began, by its place in the list.
    OutageBegan(usize),
    /// An outage ended.
    OutageEnded(usize),
    /// A degradation began.
    DegradationBegan(usize),
    /// A degradation ended.
    DegradationEnded(usize),
}

impl Service {
    /// Nobody has asked for anything.
    pub fn new(populations: usize) -> Self {
        let all = (0..populations).map(|index| PopulationId(index as u8));
        let kinds = |who| [false, true].map(|writes| Judge::new(Kind::Outage, Whose::One(who, writes)));
        let each = all.clone().map(Whose::Both).chain([Whose::All]);
        Self {
            seconds: Seconds::new(populations),
            outages: Spells::new(JOINED_S[0], 0),
            degradations: Spells::new(JOINED_S[1], LEAST_DEGRADED_S),
            failed: Vec::new(),
            outage_judges: all.flat_map(kinds).collect(),
            degradation_judges: each.map(|whose| Judge::new(Kind::Degradation, whose)).collect(),
        }
    }

    /// A request was given up because of an incident, or of none.
    pub fn failed(&mut self, who: PopulationId, writes: bool, sent: SimTime, incident: Option<usize>) {
        self.seconds.failed(who, writes, sent, incident);
        add_share(&mut self.failed, incident, 1, 0);
    }

    /// Looks at the next second that is settled. `began`: when the trigger of an incident was. Returns false if there is
    /// none.
    pub fn look(
        &mut self,
        now: SimTime,
        began: impl Fn(usize) -> SimTime,
        changes: &mut Vec<Change>,
    ) -> bool {
        let Some(second) = self.seconds.settle(now) else { return false };
        let is_out = |judges: &[Judge]| judges.iter().any(|judge| judge.out().is_some());
        if self.seconds.is_calm() && !is_out(&self.outage_judges) && !is_out(&self.degradation_judges) {
            return true;
        }
        let ended = self.seconds.ended(Whose::All, second).all();
        for failed in self.seconds.failures(second, second) {
            add_share(&mut self.failed, failed.incident, 0, unserved_us(failed.count, ended));
        }
        self.judge_outages(second, &began, changes);
        self.judge_degradations(second, &began, changes);
        self.outages.count(&self.seconds);
        self.degradations.count(&self.seconds);
        true
    }

    fn judge_outages(&mut self, second: u32, began: &impl Fn(usize) -> SimTime, changes: &mut Vec<Change>) {
        for index in 0..self.outage_judges.len() {
            let (who, other) = (PopulationId((index / 2) as u8), index ^ 1);
            loop {
                let began = |first, last| earliest(&self.seconds, first, last, began);
                let Some(verdict) = self.outage_judges[index].look(&self.seconds, second, began) else {
                    break;
                };
                let city_is_out = self.outage_judges[other].out().is_some();
                match verdict {
                    Verdict::Out(since) => {
                        if !city_is_out {
                            changes.push(Change::CityOut(who));
                        }
                        self.outages.out(Some(who), since);
                        changes.extend(self.outages.begun(&self.seconds).map(Change::OutageBegan));
                        let start = self.outages.list.last().map_or(since, |outage| outage.start);
                        self.degradations.cut(start, &self.seconds);
                    }
                    Verdict::Back(second) if !city_is_out => {
                        changes.push(Change::CityBack(who));
                        self.outages.back(who, second);
                        if self.outage_judges.iter().all(|judge| judge.out().is_none()) {
                            changes.extend(self.outages.end(second).map(Change::OutageEnded));
                            self.degradation_judges.iter_mut().for_each(|judge| judge.restart(second));
                        }
                    }
                    Verdict::Back(_) => {}
                }
            }
        }
    }

    fn judge_degradations(
        &mut self,
        second: u32,
        began: &impl Fn(usize) -> SimTime,
        changes: &mut Vec<Change>,
    ) {
        if self.outages.open().is_some() {
            return;
        }
        for index in 0..self.degradation_judges.len() {
            loop {
                let began = |first, last| earliest(&self.seconds, first, last, began);
                let judge = &mut self.degradation_judges[index];
                let Some(verdict) = judge.look(&self.seconds, second, began) else { break };
                let city = match judge.whose() {
                    Whose::Both(city) | Whose::One(city, _) => Some(city),
                    Whose::All => None,
                };
                match verdict {
                    Verdict::Out(since) => {
                        self.degradations.out(city, since);
                    }
                    Verdict::Back(second) => {
                        if let Some(city) = city {
                            self.degradations.back(city, second);
                        }
                        if self.degradation_judges.iter().all(|judge| judge.out().is_none()) {
                            changes.extend(self.degradations.end(second).map(Change::DegradationEnded));
                        }
                    }
                }
            }
        }
        let begun = self.degradations.begun(&self.seconds);
        changes.extend(begun.map(Change::DegradationBegan));
    }

    /// Whether a city is out just now, as far as the judges know.
    pub fn is_out(&self, who: PopulationId) -> bool {
        let judges = &self.outage_judges[who.index() * 2..who.index() * 2 + 2];
        judges.iter().any(|judge| judge.out().is_some())
    }

    /// What has failed because of an incident, or of none: requests, and the unserved part of seconds, in microseconds.
    /// An outage that nothing led to has an incident of its own, and what would belong to none is that incident's.
    pub fn share_of(&self, incident: Option<usize>) -> Share {
        let raw = self.failed.iter().find(|share| share.incident == incident);
        let mut share = raw.copied().unwrap_or(Share { incident, failed: 0, unserved_us: 0 });
        let ended = |second| self.seconds.ended(Whose::All, second).all();
        for failed in self.seconds.failures(self.seconds.settled(), u32::MAX) {
            if failed.incident == incident {
                share.unserved_us += unserved_us(failed.count, ended(failed.second));
            }
        }
        for outage in &self.outages.list {
            let Some(adopted) = outage.adopted else { continue };
            if incident.is_none() {
                share.failed -= adopted.failed;
                share.unserved_us -= adopted.unserved_us;
            } else if outage.owner == incident {
                share.failed += adopted.failed;
                share.unserved_us += adopted.unserved_us;
            }
        }
        share
    }
}

/// When the earliest of the incidents began that have at least 5 % of what failed in these seconds.
fn earliest(seconds: &Seconds, first: u32, last: u32, began: &impl Fn(usize) -> SimTime) -> Option<SimTime> {
    let mut shares = Vec::new();
    for failed in seconds.failures(first, last) {
        add_share(&mut shares, failed.incident, failed.count, 0);
    }
    let all: u32 = shares.iter().map(|share: &Share| share.failed).sum();
    let large = shares.iter().filter(|share| u64::from(share.failed) * 20 >= u64::from(all));
    large.filter_map(|share| share.incident).map(began).min()
}
