//! Values by region, and sets of regions: as many as a scenario may have, in one piece of memory.

use crate::kernel::id::RegionId;
use std::fmt;
use std::ops::{Index, IndexMut};

/// The most regions that a scenario may have.
pub const MOST_REGIONS: usize = 6;

/// A value for each region; regions that the scenario does not have hold the value that they began with.
///
/// An array and no list: what is kept by region in events and keyframes is a number or two, so a copy is a few words and
/// never allocates. What is large (databases, fleets) stands in a `Vec` with one entry for each region of the scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegionMap<T>([T; MOST_REGIONS]);

impl<T> RegionMap<T> {
    /// The value that each region begins with.
    pub fn from_fn(mut value: impl FnMut(RegionId) -> T) -> Self {
        Self(std::array::from_fn(|index| value(RegionId(index as u8))))
    }

    /// Regions and values.
    pub fn iter(&self) -> impl Iterator<Item = (RegionId, &T)> {
        self.0.iter().enumerate().map(|(index, value)| (RegionId(index as u8), value))
    }

    /// Values.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    /// Values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut()
    }

    /// What becomes of each value.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> RegionMap<U> {
        RegionMap(self.0.map(change))
    }
}

impl<T: Copy> RegionMap<T> {
    /// The same value for every region.
    pub const fn all(value: T) -> Self {
        Self([value; MOST_REGIONS])
    }
}

impl<T> Index<RegionId> for RegionMap<T> {
    type Output = T;

    fn index(&self, region: RegionId) -> &T {
        &self.0[region.index()]
    }
}

impl<T> IndexMut<RegionId> for RegionMap<T> {
    fn index_mut(&mut self, region: RegionId) -> &mut T {
        &mut self.0[region.index()]
    }
}

/// By number, for what still counts regions.
impl<T> Index<usize> for RegionMap<T> {
    type Output = T;

    fn index(&self, region: usize) -> &T {
        &self.0[region]
    }
}

/// By number, for what still counts regions.
impl<T> IndexMut<usize> for RegionMap<T> {
    fn index_mut(&mut self, region: usize) -> &mut T {
        &mut self.0[region]
    }
}

/// Some of the regions: a bit for each.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct RegionSet(u8);

impl RegionSet {
    /// No region.
    pub const EMPTY: Self = Self(0);

    /// Whether a region is among them.
    pub const fn contains(self, region: RegionId) -> bool {
        self.0 & Self::bit(region) != 0
    }

    /// Takes a region in. False if it was there.
    pub fn insert(&mut self, region: RegionId) -> bool {
        let new = !self.contains(region);
        self.0 |= Self::bit(region);
        new
    }

    /// Takes a region out. False if it was not there.
    pub fn remove(&mut self, region: RegionId) -> bool {
        let there = self.contains(region);
        self.0 &= !Self::bit(region);
        there
    }

    /// How many they are.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The regions, in scenario order.
    pub fn iter(self) -> impl Iterator<Item = RegionId> {
        (0..MOST_REGIONS as u8).map(RegionId).filter(move |region| self.contains(*region))
    }

    const fn bit(region: RegionId) -> u8 {
        1 << region.0
    }
}

impl FromIterator<RegionId> for RegionSet {
    fn from_iter<I: IntoIterator<Item = RegionId>>(regions: I) -> Self {
        let mut set = Self::EMPTY;
        for region in regions {
            set.insert(region);
        }
        set
    }
}

impl fmt::Debug for RegionSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> impl Iterator<Item = RegionId> {
        (0..MOST_REGIONS as u8).map(RegionId)
    }

    #[test]
    fn each_region_has_a_value_of_its_own() {
        let mut map = RegionMap::from_fn(|region| u32::from(region.0) * 10);
        map[RegionId(5)] += 1;
        assert_eq!(map.iter().map(|(region, value)| (region.0, *value)).last(), Some((5, 51)));
        assert_eq!(map.values().sum::<u32>(), 151);
        assert_eq!(map.map(u64::from)[RegionId(2)], 20);
        map.values_mut().for_each(|value| *value = 7);
        assert_eq!(map, RegionMap::all(7));
        assert_eq!(size_of::<RegionMap<u32>>(), 24, "a version and a keyframe carry many of these");
    }

    #[test]
    fn a_set_is_what_was_put_in_and_not_taken_out() {
        let mut set = RegionSet::EMPTY;
        assert!(set.is_empty() && !set.remove(RegionId(5)));
        for region in every() {
            assert!(set.insert(region) && !set.insert(region), "{region:?}");
        }
        assert_eq!((set.len(), set.iter().collect::<Vec<_>>()), (MOST_REGIONS, every().collect()));
        assert!(set.remove(RegionId(2)) && !set.contains(RegionId(2)));
        assert_eq!(set, every().filter(|region| region.0 != 2).collect());
        assert_eq!(format!("{:?}", [RegionId(4)].into_iter().collect::<RegionSet>()), "{RegionId(4)}");
    }
}
