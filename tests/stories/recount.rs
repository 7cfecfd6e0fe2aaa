//! What readers saw and which writes collided, counted again from a history and from nothing else, by the definitions in
//! docs/model.md ("What readers are told", "Writes that meet"). Nothing of the observer's is used here.

use faultline::kernel::id::RegionId;
use faultline::model::Rule;
use faultline::model::plan::Plan;
use faultline::run::report::Report;
use faultline::system::history::{Gone, Made, Note, Operation, Operations, Outcome};
use std::collections::{BTreeMap, BTreeSet};

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) stale: u64,
    pub(crate) gap: u64,
    pub(crate) own: u64,
    pub(crate) back: u64,
    pub(crate) by_loss: u64,
    pub(crate) collisions: u64,
    pub(crate) pairs: u64,
    pub(crate) duplicates: u64,
}

impl Counts {
    /// What a report says, in simulated requests.
    pub(crate) fn reported(report: &Report) -> Self {
        let (told, step) = (&report.consistency, report.step);
        Self {
            stale: told.stale_reads / step,
            gap: told.reads_of_a_gap / step,
            own: told.read_your_writes_violations / step,
            back: told.monotonic_violations / step,
            by_loss: told.violations_by_loss / step,
            collisions: told.collisions / step,
            pairs: told.collision_pairs / step,
            duplicates: told.duplicates / step,
        }
    }
}

/// What somebody was told of under a key, by the ledger's numbers: at place 0 the version that supersedes all others; if versions
/// stand side by side, the newest of each region.
type Told = [u64; 6];

/// What a read is held to: what anybody was told of when it began, the gap, and what its own session wrote and had read.
type Begun = (Told, Told, Told, Told);

/// Who, which key, and whether it wrote.
type Session = (u8, u16, u16, bool);

struct Count<'a> {
    rule: Rule,
    first: RegionId,
    made: BTreeMap<u64, Made>,
    told: BTreeMap<u16, Told>,
    gaps: BTreeMap<u16, Told>,
    sessions: BTreeMap<Session, Told>,
    /// Every version that anybody was told of, by key.
    known: BTreeMap<u16, BTreeSet<u64>>,
    missing: BTreeSet<u64>,
    begun: BTreeMap<u32, Begun>,
    history: &'a Operations,
    counts: Counts,
}

/// Counts everything again.
pub(crate) fn of(plan: &Plan, history: &Operations) -> Counts {
    let mut count = Count {
        rule: plan.rule(),
        first: plan.blueprint.primary(),
        made: BTreeMap::new(),
        told: BTreeMap::new(),
        gaps: BTreeMap::new(),
        sessions: BTreeMap::new(),
        known: BTreeMap::new(),
        missing: BTreeSet::new(),
        begun: BTreeMap::new(),
        history,
        counts: Counts::default(),
    };
    let mut notes = history.notes.iter().peekable();
    for (place, event) in history.events.iter().enumerate() {
        let mut booked = false;
        while let Some(noted) = notes.next_if(|noted| noted.after <= place) {
            booked |= count.note(&noted.note);
        }
        if booked {
            count.book();
        }
        let operation = &history.list[event.operation as usize];
        if !event.end {
            count.begin(event.operation, operation);
        } else if operation.outcome == Outcome::Done {
            count.end(event.operation, operation);
        }
    }
    for noted in notes {
        count.note(&noted.note);
    }
    // A single writer collides with nobody, and a quorum puts writes in order before they count.
    if plan.writes_everywhere() && plan.rule() != Rule::Quorum {
        count.collide();
    }
    count.counts
}

impl Count<'_> {
    /// Versions in the order in which they supersede each other: by the first region's writes behind them if the rule says so,
    /// then by stamp, then the region named first wins.
    fn beats(&self, one: u64, other: u64) -> bool {
        let rank = |number: u64| {
            let made = self.made.get(&number)?;
            let firsts = if self.rule == Rule::FirstRegionWins { made.seen[self.first] } else { 0 };
            Some((firsts, made.stamp, std::cmp::Reverse(made.region.0)))
        };
        one != other && rank(one) > rank(other)
    }

    fn side_by_side(&self) -> bool {
        matches!(self.rule, Rule::Siblings | Rule::Merge)
    }

    fn add(&self, told: &mut Told, number: u64) {
        let place = if self.side_by_side() { self.made[&number].region.index() } else { 0 };
        if (self.side_by_side() && number > told[place])
            || (!self.side_by_side() && self.beats(number, told[0]))
        {
            told[place] = number;
        }
    }

    fn add_all(&self, told: &mut Told, read: &Operation) {
        self.add(told, read.number);
        for (region, number) in read.holds.iter().flat_map(|holds| holds.iter()) {
            told[region.index()] = told[region.index()].max(*number);
        }
    }

    /// Whether something that was told of supersedes what a read has found, or is not contained in it.
    fn misses(&self, told: &Told, read: &Operation) -> bool {
        match &read.holds {
            Some(holds) => holds.iter().any(|(region, holds)| told[region.index()] > *holds),
            None => self.beats(told[0], read.number),
        }
    }

    /// True if what is missing has changed.
    fn note(&mut self, note: &Note) -> bool {
        match *note {
            Note::Made(made) => {
                self.made.insert(made.number, made);
                false
            }
            Note::Again(..) => {
                self.counts.duplicates += 1;
                false
            }
            Note::Gone(Gone { number, state: Some(_), .. }) => self.missing.insert(number),
            Note::Gone(Gone { number, state: None, .. }) => self.missing.remove(&number),
        }
    }

    /// What is missing is booked.
    fn book(&mut self) {
        for (key, known) in &self.known {
            let told = self.told[key];
            let touched = self.side_by_side() || self.missing.contains(&told[0]);
            if !touched && !self.gaps.contains_key(key) {
                continue;
            }
            let (mut there, mut gone) = (Told::default(), Told::default());
            for number in known {
                let told = if self.missing.contains(number) { &mut gone } else { &mut there };
                self.add(told, *number);
            }
            let is_gap = if self.side_by_side() {
                gone.iter().zip(&there).any(|(gone, there)| gone > there)
            } else {
                self.beats(gone[0], there[0])
            };
            self.told.insert(*key, there);
            self.gaps.remove(key);
            if is_gap {
                self.gaps.insert(*key, gone);
            }
        }
    }

    fn session(&self, it: &Operation, wrote: bool) -> Told {
        self.sessions.get(&(it.population.0, it.connection, it.key, wrote)).copied().unwrap_or_default()
    }

    fn begin(&mut self, operation: u32, it: &Operation) {
        if it.writes {
            return;
        }
        let of = |told: &BTreeMap<u16, Told>| told.get(&it.key).copied().unwrap_or_default();
        let begun = (of(&self.told), of(&self.gaps), self.session(it, true), self.session(it, false));
        self.begun.insert(operation, begun);
    }

    fn end(&mut self, operation: u32, it: &Operation) {
        if !it.writes {
            let (told, gap, wrote, had_read) = self.begun[&operation];
            let stale = self.misses(&told, it);
            let (own, back) = (self.misses(&wrote, it), self.misses(&had_read, it));
            let of_gap = !stale && self.misses(&gap, it);
            self.counts.stale += u64::from(stale);
            self.counts.gap += u64::from(of_gap);
            self.counts.own += u64::from(own);
            self.counts.back += u64::from(back);
            self.counts.by_loss += u64::from(!stale && (own || back));
        }
        if it.number == 0 {
            return;
        }
        self.known.entry(it.key).or_default().insert(it.number);
        let mut session = self.session(it, it.writes);
        self.add_all(&mut session, it);
        self.sessions.insert((it.population.0, it.connection, it.key, it.writes), session);
        let before = self.told.get(&it.key).copied().unwrap_or_default();
        let mut told = before;
        self.add_all(&mut told, it);
        if told == before {
            self.told.entry(it.key).or_default();
        } else if self.missing.contains(&it.number) {
            // It supersedes nothing, though somebody was told.
            let mut gap = self.gaps.get(&it.key).copied().unwrap_or_default();
            self.add(&mut gap, it.number);
            self.gaps.insert(it.key, gap);
            self.told.entry(it.key).or_default();
        } else {
            self.told.insert(it.key, told);
            self.gaps.remove(&it.key);
        }
    }

    /// Each commit against every earlier one of another region under its key.
    fn collide(&mut self) {
        let mut before: BTreeMap<u16, Vec<&Made>> = BTreeMap::new();
        for made in self.made.values() {
            let earlier = before.entry(made.key).or_default();
            let unseen =
                |other: &&&Made| other.region != made.region && made.seen[other.region] < other.number;
            let unseen = earlier.iter().filter(unseen).count() as u64;
            self.counts.collisions += u64::from(unseen > 0);
            self.counts.pairs += unseen;
            earlier.push(made);
        }
        debug_assert!(self.history.notes.len() >= self.made.len(), "every version was noted");
    }
}
