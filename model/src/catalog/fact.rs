//! A number from the real world together with where it comes from.
use crate::kernel::clock::SimDuration;

/// A number from the real world.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Fact {
    /// The number, in `unit`.
    pub value: f64,
    /// What the number counts.
    pub unit: Unit,
    /// What it is the number of, as a short phrase that can be shown. In wasm as `source`.
    pub label: &'static str,
    /// Where the number can be read; for a number without a source, why we chose it. Empty in wasm: it would be
    /// 12 kB of a first visit.
    pub source: &'static str,
    /// How far to trust it.
    pub confidence: Confidence,
}

/// What a fact's number counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// A part of a whole, from 0 to 1.
    Share,
    /// How many times as much.
    Factor,
    /// The exponent of a power law.
    Exponent,
    /// How many of them.
    Count,
    /// Mebibytes in a second.
    MebibytesPerSecond,
    /// Mebibytes.
    Mebibytes,
    /// Kibibytes.
    Kibibytes,
    /// Gibibytes.
    Gibibytes,
    /// Gibibytes in a day.
    GibibytesPerDay,
    /// So many in a second.
    PerSecond,
    /// Millionths.
    PartsPerMillion,
    /// Kilometres in a millisecond.
    KilometresPerMillisecond,
    /// US dollars.
    Usd,
    /// US dollars for an hour.
    UsdPerHour,
    /// US dollars for a month.
    UsdPerMonth,
    /// US dollars for a gibibyte.
    UsdPerGib,
    /// US dollars for a gibibyte that is kept for a month.
    UsdPerGibMonth,
    /// US dollars for a million of them.
    UsdPerMillion,
}

/// How far a fact can be trusted, from the most to the least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Confidence {
    /// Read in the primary text: documentation, paper or raw data.
    Documented,
    /// Read in somebody else's text that quotes or measured it; the primary text was not read.
    Secondary,
    /// Computed by us from documented or secondary numbers.
    Computed,
    /// Remembered and not confirmed: never to be shown as if it had a source.
    Memory,
    /// Assumed by us, because nothing better is known: always visible and open to change.
    Assumption,
}

impl Fact {
    /// The value as a span of simulated time; zero for what is not a time.
    pub fn span(&self) -> SimDuration {
        match self.unit {
            Unit::Seconds => SimDuration::from_secs(self.value),
            Unit::Milliseconds => SimDuration::from_millis(self.value),
            Unit::Share
            | Unit::Factor
            | Unit::Exponent
            | Unit::Count
            | Unit::MebibytesPerSecond
            | Unit::Mebibytes
            | Unit::Kibibytes
            | Unit::Gibibytes
            | Unit::GibibytesPerDay
            | Unit::PerSecond
            | Unit::PartsPerMillion
            | Unit::Usd
            | Unit::KilometresPerMillisecond
            | Unit::UsdPerHour
            | Unit::UsdPerMonth
            | Unit::UsdPerGib
            | Unit::UsdPerGibMonth
            | Unit::UsdPerMillion => SimDuration::ZERO,
        }
    }

    /// The value as a whole number, for what is counted.
    pub const fn count(&self) -> u32 {
        self.value as u32
    }
}

impl Unit {
    /// The unit as it stands behind a number; empty for a plain number.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Milliseconds => "ms",
            Self::Share | Self::Exponent | Self::Count => "",
            Self::Factor => "×",
            Self::MebibytesPerSecond => "MiB/s",
            Self::Mebibytes => "MiB",
            Self::Kibibytes => "KiB",
            Self::Gibibytes => "GiB",
            Self::GibibytesPerDay => "GiB/day",
            Self::PerSecond => "1/s",
            Self::PartsPerMillion => "ppm",
            Self::Usd => "USD",
            Self::KilometresPerMillisecond => "km/ms",
            Self::UsdPerHour => "USD/h",
            Self::UsdPerMonth => "USD/month",
            Self::UsdPerGib => "USD/GiB",
            Self::UsdPerGibMonth => "USD/GiB-month",
            Self::UsdPerMillion => "USD/million",
        }
    }
}

impl Confidence {
    /// Whether `source` names a place where the number can be read or computed from.
    pub const fn is_sourced(self) -> bool {
        match self {
            Self::Documented | Self::Secondary | Self::Computed => true,
            Self::Memory | Self::Assumption => false,
        }
    }

    /// The confidence in words, as it is shown beside the number.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Secondary => "reported by others",
            Self::Computed => "computed by us",
            Self::Memory => "from memory, not confirmed",
            Self::Assumption => "our assumption",
        }
    }
}

/// Words about a fact. The page has none of its own: it fetches assets/facts.json if somebody asks.
pub(super) const fn told(words: &'static str) -> &'static str {
    if cfg!(target_arch = "wasm32") { "" } else { words }
}

/// Declares the facts of one theme as public constants, and the list `ALL` of them with their names, so
/// that no fact can be left out of the list. One fact is: name = value unit, confidence, source, label.
macro_rules! facts {
    ($theme:literal; $(
        $name:ident = $value:literal $unit:ident, $confidence:ident, $source:expr, $label:literal;
    )+) => {
        $(
            #[doc = concat!($label, ".")]
            pub const $name: $crate::catalog::Fact = $crate::catalog::Fact {
                value: $value,
                unit: $crate::catalog::Unit::$unit,
                label: $crate::catalog::fact::told($label),
                source: $crate::catalog::fact::told($source),
                confidence: $crate::catalog::Confidence::$confidence,
            };
        )+

        /// Every fact of this theme with its name.
        pub(super) const ALL: &[(&str, $crate::catalog::Fact)] =
            &[$((concat!($theme, "::", stringify!($name)), $name)),+];
    };
}
pub(super) use facts;
