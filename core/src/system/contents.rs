//! Everything that a copy holds at once: it is kept as an image, and replaced by one when a copy is filled or a backup restored.

use crate::kernel::id::RegionId;
use crate::kernel::pieces::Pieces;
use crate::model::engine::Restored;
use crate::model::plan::Plan;
use crate::system::database::{Database, Role, Status};
use crate::system::image::{Image, Logged};
use crate::system::version::Seen;
use crate::system::volume::{Cache, Loading};

impl Database {
    /// The data that it holds now.
    pub fn image(&self) -> Image {
        debug_assert_eq!(self.versions.len(), self.seen.len(), "of each key something has been seen");
        Image {
            versions: self.versions.clone(),
            seen: self.seen.clone(),
            applied: self.applied,
            rivals: self.rivals.clone(),
        }
    }

    /// It goes on from what stood here before the copy that is being filled. False if nothing did.
    pub fn go_back(&mut self) -> bool {
        let before = self.before.take();
        if let Some(image) = &before {
            self.hold(image);
        }
        debug_assert!(self.before.is_none(), "there is one copy again");
        before.is_some()
    }

    fn hold(&mut self, image: &Image) {
        if let Some(copies) = &mut self.copies {
            copies.replace();
        }
        debug_assert_eq!(image.versions.len(), self.versions.len(), "an image has every key");
        if let Some(recent) = &mut self.recent {
            recent.clear();
        }
        self.items.clear();
        self.versions.clone_from(&image.versions);
        self.seen.clone_from(&image.seen);
        self.applied = image.applied;
        self.rivals.clone_from(&image.rivals);
    }

    /// The data of an image with what a log has of the time from one moment to another, both in microseconds since the
    /// start: after the first, up to and including the second.
    pub fn replayed(
        plan: &Plan,
        region: RegionId,
        image: &Image,
        log: &Pieces<Logged>,
        span_us: (i64, i64),
    ) -> Image {
        debug_assert!(span_us.0 <= span_us.1, "a log is read forwards");
        let mut copy = Self::new(plan, region, Role::Absent);
        copy.hold(image);
        for logged in log.iter() {
            let at_us = logged.at.micros() as i64;
            if span_us.0 < at_us && at_us <= span_us.1 {
                copy.take(logged.key, logged.version, plan.rule());
            }
        }
        copy.image()
    }

    /// It has been made from a backup: this data, whose blocks may have to be loaded. What its log had after that moment (in
    /// microseconds since the start) is no part of it any more.
    pub fn restore(&mut self, image: &Image, shows_us: i64, restored: Restored) {
        let made = |seen: &Seen| seen.newest_of(self.region).count <= self.made;
        debug_assert!(image.seen.iter().all(made), "a backup holds nothing that was not made");
        let keys = image.versions.len();
        (self.loading, self.cache) = match restored {
            Restored::Cold => (Some(Loading::new(keys)), None),
            Restored::Filled => (None, Some(Cache::new(keys))),
            Restored::Whole | Restored::NewTable => (None, None),
        };
        (self.before, self.deleted) = (None, None);
        self.hold(image);
        self.end_logs();
        if let Some(log) = &mut self.log {
            let kept = log.iter().take_while(|logged| logged.at.micros() as i64 <= shows_us).count();
            log.truncate(kept);
        }
        self.registers.forget_rounds();
        self.role = Role::Primary;
        self.status = Status::Up;
        self.life += 1;
    }

    /// Has the same data as another copy from now on, but for keys that it may not hold: of these it has nothing.
    pub fn copy_from(&mut self, plan: &Plan, other: &Self) {
        debug_assert_ne!(self.region, other.region, "a copy is made of another region's data");
        let mut image = other.image();
        for key in (0..image.versions.len() as u16).filter(|key| !plan.holds(self.region, *key)) {
            let index = usize::from(key);
            (image.versions[index], image.seen[index]) = (self.versions[index], self.seen[index]);
            image.rivals.remove(key);
        }
        self.hold(&image);
        self.reach(self.log_end());
        self.log = None;
    }
}
