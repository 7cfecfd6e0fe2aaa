//! The commits of one region under one key, as a chain through the ledger. With it a copy's version vector says at once
//! how many acknowledged writes the copy has, without a look at each of them.

use crate::kernel::id::RegionId;
use crate::kernel::region_map::MOST_REGIONS;

/// What a line of the ledger knows of its chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The line before it in the chain, by its number; 0 if it is the first.
    pub before: u32,
    /// Its place in the chain, from 1.
    pub place: u32,
    /// How many acknowledged writes the chain has up to this line, itself included.
    pub told: u32,
    /// The count of the newest version up to this one, itself included, that is no rubbish and no deletion; 0 for none.
    pub sound: u32,
}

impl Link {
    /// Of what is in no chain yet.
    pub const NONE: Self = Self { before: 0, place: 0, told: 0, sound: 0 };
}

/// The end of a chain, and what there is in all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// The number of the newest line; 0 if there is none.
    pub newest: u32,
    /// The count of that version in its region; 0 if there is none.
    pub count: u32,
    /// How many lines it has.
    pub length: u32,
    /// How many of its writes are acknowledged.
    pub told: u32,
    /// How many of its acknowledged writes lost a collision.
    pub collided: u32,
}

/// The chain of each region under each key.
#[derive(Clone, Debug, Default)]
pub struct Chains(Vec<Chain>);

impl Chains {
    /// No commits, under so many keys.
    pub fn new(keys: usize) -> Self {
        Self(vec![Chain::default(); keys * MOST_REGIONS])
    }

    fn place(key: u16, region: RegionId) -> usize {
        debug_assert!(region.index() < MOST_REGIONS, "a region of a scenario");
        usize::from(key) * MOST_REGIONS + region.index()
    }

    /// The chain of a region under a key.
    pub fn of(&self, key: u16, region: RegionId) -> Chain {
        self.0.get(Self::place(key, region)).copied().unwrap_or_default()
    }

    /// The chain of a region under a key, to be changed.
    pub fn of_mut(&mut self, key: u16, region: RegionId) -> &mut Chain {
        let place = Self::place(key, region);
        if self.0.len() <= place {
            self.0.resize(place + 1, Chain::default());
        }
        &mut self.0[place]
    }
}
