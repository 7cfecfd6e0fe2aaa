//! Simulated time: instants and spans in whole microseconds, so that every target computes the same.
use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// An instant of simulated time, in microseconds since the start of the run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct SimTime(u64);

/// A span of simulated time, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct SimDuration(u64);

/// Microseconds without their fraction; negative and not-a-number give zero. By way of a signed number, because processors
/// convert to that in one step, and no run comes near its end (292,000 years).
#[inline]
fn whole_micros(micros: f64) -> u64 {
    (micros as i64).max(0) as u64
}

impl SimTime {
    /// The start of the run.
    pub const ZERO: Self = Self(0);
    /// Later than anything that a run reaches: the deadline of what never happens.
    pub const NEVER: Self = Self(u64::MAX);

    /// The instant this many microseconds after the start.
    #[inline]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// The instant this many seconds after the start; negative and not-a-number give the start.
    #[inline]
    pub fn from_secs(secs: impl Into<f64>) -> Self {
        Self(whole_micros(secs.into() * 1e6))
    }

    /// Microseconds since the start.
    #[inline]
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Seconds since the start.
    #[inline]
    pub fn secs(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The span since an earlier instant; zero if `earlier` is in fact later.
    #[inline]
    pub const fn since(self, earlier: Self) -> SimDuration {
        SimDuration(self.0.saturating_sub(earlier.0))
    }

    /// The instant this span before, but not before the start.
    #[inline]
    pub const fn before(self, span: SimDuration) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl SimDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of this many microseconds.
    #[inline]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// A span of this many milliseconds; negative and not-a-number give zero.
    #[inline]
    pub fn from_millis(millis: impl Into<f64>) -> Self {
        Self(whole_micros(millis.into() * 1e3))
    }

    /// A span of this many seconds; negative and not-a-number give zero.
    #[inline]
    pub fn from_secs(secs: impl Into<f64>) -> Self {
        Self(whole_micros(secs.into() * 1e6))
    }

    /// The span in microseconds.
    #[inline]
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// The span in milliseconds.
    #[inline]
    pub fn millis(self) -> f64 {
        self.0 as f64 / 1e3
    }

    /// The span in seconds.
    #[inline]
    pub fn secs(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The span times a factor; a negative factor gives zero.
    #[inline]
    pub fn scaled(self, factor: f64) -> Self {
        Self(whole_micros(self.0 as f64 * factor))
    }
}

impl Add<SimDuration> for SimTime {
    type Output = Self;
    #[inline]
    fn add(self, span: SimDuration) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl AddAssign<SimDuration> for SimTime {
    #[inline]
    fn add_assign(&mut self, span: SimDuration) {
        *self = *self + span;
    }
}

impl Add for SimDuration {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for SimDuration {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Debug for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} us", self.0)
    }
}

impl fmt::Debug for SimDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} us", self.0)
    }
}
