//! Standbys inside a region: instances in other zones that have every commit and can take over.

use crate::model::inside::Inside;

/// An instance that could take over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standby {
    /// Its zone.
    pub zone: u8,
    /// It is there and in step.
    pub ready: bool,
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
        Self { list: [1, 2].map(|zone| Standby { zone, ready: zone <= count }), count }
    }

    /// All, whether they are in step or not.
    pub fn all(&self) -> &[Standby] {
        &self.list[..usize::from(self.count)]
    }

    /// Those that are in step.
    pub fn ready(&self) -> impl Iterator<Item = &Standby> {
        self.all().iter().filter(|standby| standby.ready)
    }

    /// Whether one is in step.
    pub fn any_ready(&self) -> bool {
        self.ready().next().is_some()
    }

    /// The zone of the first: of the one that takes over, if one does.
    pub fn first(&self) -> Option<u8> {
        self.all().first().map(|standby| standby.zone)
    }

    /// One that is in step becomes the first. False if none is.
    pub fn choose(&mut self) -> bool {
        let found = self.all().iter().position(|standby| standby.ready);
        if let Some(place) = found {
            self.list.swap(0, place);
        }
        found.is_some()
    }

    /// Whichever was in a zone is gone.
    pub fn lose(&mut self, zone: u8) {
        for standby in &mut self.list {
            standby.ready &= standby.zone != zone;
        }
    }

    /// The first takes the place of the instance in a zone, which is no standby until it is in step again. Returns its zone.
    pub fn swap(&mut self, zone: u8) -> u8 {
        debug_assert!(self.count > 0, "somebody takes over");
        debug_assert!(self.all().iter().all(|standby| standby.zone != zone), "a standby is in another zone");
        let before = std::mem::replace(&mut self.list[0], Standby { zone, ready: false });
        before.zone
    }

    /// The one in a zone, if there is one, is in another zone.
    pub fn replace(&mut self, zone: u8, other: u8) {
        for standby in self.list.iter_mut().filter(|standby| standby.zone == zone) {
            standby.zone = other;
        }
    }

    /// Each is in step if it is well in its zone.
    pub fn look(&mut self, is_well: impl Fn(u8) -> bool) {
        for standby in &mut self.list[..usize::from(self.count)] {
            standby.ready = is_well(standby.zone);
        }
    }
}
