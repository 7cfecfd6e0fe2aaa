//! Standbys inside a region: instances in other zones that have every commit and can take over. One that was away while writes went
//! on has to be brought level again before it counts: until then nobody protects what is committed beside it.

use crate::kernel::clock::SimTime;
use crate::kernel::id::EntryId;
use crate::model::inside::Inside;

/// How far an instance that could take over has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It has every commit, and is there.
    Level,
    /// It has every commit, but stopped: so did all others, and nothing was committed since.
    Stopped,
    /// Commits were made without it.
    Behind,
    /// It is brought level until then.
    Rebuilding(SimTime),
}

/// An instance that could take over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standby {
    /// Its zone.
    pub zone: u8,
    /// How far it has come.
    pub progress: Progress,
}

/// Instances of a region that are changed one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The line of the order.
    pub entry: EntryId,
    /// Standbys that have still to be changed before one of them takes over.
    pub left: u8,
}

/// The standbys of a region's database. While one takes over it is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standbys {
    list: [Standby; 2],
    count: u8,
}

impl Standbys {
    /// As many as the form has, each in a zone of its own beside the first.
    pub fn of(inside: Inside, zones: u8) -> Self {
        let count = inside.standbys().min(zones.saturating_sub(1));
        let progress = |zone| if zone <= count { Progress::Level } else { Progress::Behind };
        Self { list: [1, 2].map(|zone| Standby { zone, progress: progress(zone) }), count }
    }

    /// All, whether they are in step or not.
    pub fn all(&self) -> &[Standby] {
        &self.list[..usize::from(self.count)]
    }

    fn all_mut(&mut self) -> &mut [Standby] {
        &mut self.list[..usize::from(self.count)]
    }

    /// Those that are in step.
    pub fn ready(&self) -> impl Iterator<Item = &Standby> {
        self.all().iter().filter(|standby| standby.progress == Progress::Level)
    }

    /// Whether one is in step.
    pub fn any_ready(&self) -> bool {
        self.ready().next().is_some()
    }

    /// The zone of the first: of the one that takes over, if one does.
    pub fn first(&self) -> Option<u8> {
        self.all().first().map(|standby| standby.zone)
    }

    /// When the one in a zone is in step again, if it is being brought level.
    pub fn rebuilt_at(&self, zone: u8) -> Option<SimTime> {
        self.all().iter().find(|standby| standby.zone == zone).and_then(Standby::ends)
    }

    /// One that is in step becomes the first: that of the first tier, which is in this zone, if it is. False if none is in step.
    pub fn choose(&mut self, first: Option<u8>) -> bool {
        let level = |standby: &Standby| standby.progress == Progress::Level;
        self.choose_by(|standby| level(standby) && Some(standby.zone) == first) || self.choose_by(level)
    }

    /// One that has every commit, in a zone that is well, becomes the first. False if there is none. If all read one volume each of
    /// them has every commit.
    pub fn choose_stopped(&mut self, shared: bool, is_well: impl Fn(u8) -> bool) -> bool {
        let has_all = |progress| shared || matches!(progress, Progress::Level | Progress::Stopped);
        self.choose_by(|standby| has_all(standby.progress) && is_well(standby.zone))
    }

    fn choose_by(&mut self, suits: impl Fn(&Standby) -> bool) -> bool {
        let found = self.all().iter().position(suits);
        if let Some(place) = found {
            self.list.swap(0, place);
        }
        found.is_some()
    }

    /// Whichever was in a zone is gone. If the database goes on without it, it falls behind.
    pub fn lose(&mut self, zone: u8, goes_on: bool) {
        for standby in self.all_mut().iter_mut().filter(|standby| standby.zone == zone) {
            standby.stop(goes_on);
        }
    }

    /// The first takes the place of the instance in a zone, which is behind from then on. Returns its zone.
    pub fn swap(&mut self, zone: u8) -> u8 {
        debug_assert!(self.count > 0, "somebody takes over");
        debug_assert!(self.all().iter().all(|standby| standby.zone != zone), "a standby is in another zone");
        let before = std::mem::replace(&mut self.list[0], Standby { zone, progress: Progress::Behind });
        before.zone
    }

    /// The one in a zone, if there is one, is in another zone.
    pub fn replace(&mut self, zone: u8, other: u8) {
        for standby in self.list.iter_mut().filter(|standby| standby.zone == zone) {
            standby.zone = other;
        }
    }

    /// All are made with the database: each is in step if it is well in its zone.
    pub fn make(&mut self, is_well: impl Fn(u8) -> bool) {
        for standby in self.all_mut() {
            standby.progress = if is_well(standby.zone) { Progress::Level } else { Progress::Behind };
        }
    }

    /// The database stops: whatever was brought level from it is not.
    pub fn interrupt(&mut self) {
        for standby in self.all_mut().iter_mut().filter(|standby| standby.ends().is_some()) {
            standby.progress = Progress::Behind;
        }
    }

    /// The database starts again, or goes on: who has every commit and is well is in step again, and who is not well falls behind once
    /// it `goes_on`. Then who is behind begins to be brought level, which ends at a time. True if one has begun.
    pub fn look(&mut self, goes_on: bool, ends: SimTime, is_well: impl Fn(u8) -> bool) -> bool {
        let mut begins = false;
        for standby in self.all_mut() {
            match (standby.progress, is_well(standby.zone)) {
                (Progress::Stopped, true) => standby.progress = Progress::Level,
                (Progress::Behind, true) if goes_on => {
                    standby.progress = Progress::Rebuilding(ends);
                    begins = true;
                }
                (_, false) => standby.stop(goes_on),
                (Progress::Level | Progress::Behind | Progress::Rebuilding(_), true) => {}
            }
        }
        begins
    }

    /// The last standby that is in step is taken out of it, for a change that ends at a time, and becomes the first: so the next is another.
    /// False if none is.
    pub fn change(&mut self, ends: SimTime) -> bool {
        let found = self.all().iter().rposition(|standby| standby.progress == Progress::Level);
        if let Some(place) = found {
            self.list.swap(0, place);
            self.list[0].progress = Progress::Rebuilding(ends);
        }
        found.is_some()
    }

    /// Those that are level by now are in step again. Returns the zone of one, if there is one.
    pub fn finish(&mut self, now: SimTime) -> Option<u8> {
        let done = |standby: &&mut Standby| standby.ends().is_some_and(|ends| ends <= now);
        self.all_mut().iter_mut().find(done).map(|standby| {
            standby.progress = Progress::Level;
            standby.zone
        })
    }
}

impl Standby {
    const fn ends(&self) -> Option<SimTime> {
        match self.progress {
            Progress::Rebuilding(ends) => Some(ends),
            Progress::Level | Progress::Stopped | Progress::Behind => None,
        }
    }

    const fn stop(&mut self, goes_on: bool) {
        let whole = matches!(self.progress, Progress::Level | Progress::Stopped);
        self.progress = if whole && !goes_on { Progress::Stopped } else { Progress::Behind };
    }
}
