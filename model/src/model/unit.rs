//! Units of settings: a number that knows what it counts.
//!
//! A scenario file holds plain numbers whose names end in their unit (`interval_s`). In code each has a type, so that a
//! setting in milliseconds is not given to one in seconds. Arithmetic leaves the unit behind: a product or quotient of
//! two settings is in a unit of its own, and an `f64` says that nobody vouches for it.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Deref, Div, Mul, MulAssign, Sub};

use serde::{Deserialize, Serialize};

use crate::catalog::{Fact, Unit};
use crate::kernel::clock::SimDuration;

/// Declares the types, each with the unit that it counts in.
macro_rules! units {
    ($($(#[$about:meta])+ $name:ident = $unit:ident;)+) => {$(
        $(#[$about])+
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl $name {
            /// What the number counts.
            pub const UNIT: Unit = Unit::$unit;

            /// The number without its unit.
            pub const fn get(self) -> f64 {
                self.0
            }
        }

        impl Deref for $name {
            type Target = f64;
            fn deref(&self) -> &f64 {
                &self.0
            }
        }

        impl From<f64> for $name {
            fn from(number: f64) -> Self {
                Self(number)
            }
        }

        impl From<$name> for f64 {
            fn from(setting: $name) -> Self {
                setting.0
            }
        }

        impl From<Fact> for $name {
            /// The number of a fact, which is in the same unit: a test looks at every default.
            fn from(fact: Fact) -> Self {
                Self(fact.value)
            }
        }

        impl From<$name> for serde_json::Value {
            fn from(setting: $name) -> Self {
                setting.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl PartialEq<f64> for $name {
            fn eq(&self, other: &f64) -> bool {
                self.0 == *other
            }
        }

        impl PartialOrd<f64> for $name {
            fn partial_cmp(&self, other: &f64) -> Option<std::cmp::Ordering> {
                self.0.partial_cmp(other)
            }
        }

        impl PartialEq<$name> for f64 {
            fn eq(&self, other: &$name) -> bool {
                *self == other.0
            }
        }

        impl PartialOrd<$name> for f64 {
            fn partial_cmp(&self, other: &$name) -> Option<std::cmp::Ordering> {
                self.partial_cmp(&other.0)
            }
        }

        impl AddAssign<f64> for $name {
            fn add_assign(&mut self, more: f64) {
                self.0 += more;
            }
        }

        impl MulAssign<f64> for $name {
            fn mul_assign(&mut self, factor: f64) {
                self.0 *= factor;
            }
        }

        impl Sum<$name> for f64 {
            fn sum<I: Iterator<Item = $name>>(settings: I) -> Self {
                settings.map($name::get).sum()
            }
        }

        units!(@operators $name, Add::add, Sub::sub, Mul::mul, Div::div);

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                <f64 as schemars::JsonSchema>::json_schema(generator)
            }

            fn inline_schema() -> bool {
                true
            }
        }
    )+};
    (@operators $name:ident, $($Operator:ident::$method:ident),+) => {$(
        impl<R: Into<f64>> $Operator<R> for $name {
            type Output = f64;
            fn $method(self, right: R) -> f64 {
                self.0.$method(right.into())
            }
        }

        impl $Operator<$name> for f64 {
            type Output = f64;
            fn $method(self, right: $name) -> f64 {
                self.$method(right.0)
            }
        }
    )+};
}

units! {
    /// A span of time in seconds: `timeout_s`.
    Span = Seconds;
    /// A span of time in milliseconds: `access_ms`.
    Millis = Milliseconds;
    /// A part of a whole, from 0 to 1.
    Share = Share;
    /// How many times as much.
    Factor = Factor;
    /// So many in a second: `requests_per_s`.
    Rate = PerSecond;
    /// Mebibytes in a second: `copy_mib_per_s`.
    Throughput = MebibytesPerSecond;
    /// Gibibytes: `size_gib`.
    Gib = Gibibytes;
    /// Mebibytes: `load_block_mib`.
    Mib = Mebibytes;
    /// Kibibytes: `answer_kib`.
    Kib = Kibibytes;
    /// Gibibytes in a day: `change_gib_per_day`.
    GibPerDay = GibibytesPerDay;
    /// US dollars: `lost_write_usd`.
    Usd = Usd;
    /// US dollars for an hour: `outage_usd_per_h`.
    UsdPerHour = UsdPerHour;
    /// Millionths: `clock_drift_ppm`.
    Ppm = PartsPerMillion;
}

/// So many of them: a whole number, which needs no unit to be told from another.
pub type Count = u32;

impl From<Fact> for Count {
    fn from(fact: Fact) -> Self {
        fact.count()
    }
}

impl Span {
    /// The span in simulated time, in whole microseconds; zero if it is negative.
    pub fn duration(self) -> SimDuration {
        SimDuration::from_secs(self.0)
    }
}

impl Millis {
    /// The span in simulated time, in whole microseconds; zero if it is negative.
    pub fn duration(self) -> SimDuration {
        SimDuration::from_millis(self.0)
    }
}
