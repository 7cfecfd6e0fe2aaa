//! Types that a setting may have, and how the number at a path inside one is found and changed.

use crate::catalog::{Fact, Unit};
use crate::model::field::{Field, Kind};
use crate::model::unit::{
    Factor, Gib, GibPerDay, Kib, Mib, Millis, Ppm, Rate, Share, Span, Throughput, Usd, UsdPerHour,
};

/// What may be the value of a setting.
pub trait Setting {
    /// What it holds.
    const KIND: Kind = Kind::Other;

    /// The number at a path inside it, with the row of the table that describes it; `own` is its own row.
    ///
    /// `None` if nothing is there or if it is no number; a number that may be left out and is, is not-a-number.
    fn number(&self, _path: &str, _own: &'static Field) -> Option<(f64, &'static Field)> {
        None
    }

    /// Changes the number at a path inside it; false if there is none. The value must be admitted before.
    fn set(&mut self, _path: &str, _value: f64) -> bool {
        false
    }
}

/// A setting of any type.
pub(crate) trait AnySetting {
    /// As [`Setting::number`].
    fn number_at(&self, path: &str, own: &'static Field) -> Option<(f64, &'static Field)>;

    /// As [`Setting::set`].
    fn set_at(&mut self, path: &str, value: f64) -> bool;
}

impl<T: Setting> AnySetting for T {
    fn number_at(&self, path: &str, own: &'static Field) -> Option<(f64, &'static Field)> {
        self.number(path, own)
    }

    fn set_at(&mut self, path: &str, value: f64) -> bool {
        self.set(path, value)
    }
}

/// A type of settings, made by `settings!`.
pub trait Settings {
    /// Every setting, in the order in which files list them.
    const FIELDS: &'static [Field];

    /// The table, behind a pointer, so that tables may hold each other.
    fn fields() -> &'static [Field] {
        Self::FIELDS
    }
}

macro_rules! numbers {
    ($($unit:ident),+) => {$(
        impl Setting for $unit {
            const KIND: Kind = Kind::Number($unit::UNIT);

            fn number(&self, path: &str, own: &'static Field) -> Option<(f64, &'static Field)> {
                path.is_empty().then_some((self.0, own))
            }

            fn set(&mut self, path: &str, value: f64) -> bool {
                self.0 = if path.is_empty() { value } else { self.0 };
                path.is_empty()
            }
        }

        impl Start<$unit> for f64 {
            fn start(self) -> $unit {
                $unit(self)
            }
        }

        impl Start<$unit> for Fact {
            fn start(self) -> $unit {
                self.into()
            }

            fn fact(&self) -> Option<Fact> {
                Some(*self)
            }
        }
    )+};
}
numbers!(Span, Millis, Share, Factor, Rate, Throughput, Gib, Mib, Kib, GibPerDay, Usd, UsdPerHour, Ppm);

/// A moment, in seconds since the start.
impl Setting for f64 {
    const KIND: Kind = Kind::Number(Unit::Seconds);

    fn number(&self, path: &str, own: &'static Field) -> Option<(f64, &'static Field)> {
        path.is_empty().then_some((*self, own))
    }

    fn set(&mut self, path: &str, value: f64) -> bool {
        *self = if path.is_empty() { value } else { *self };
        path.is_empty()
    }
}

impl Setting for u32 {
    const KIND: Kind = Kind::Whole;

    fn number(&self, path: &str, own: &'static Field) -> Option<(f64, &'static Field)> {
        path.is_empty().then_some((f64::from(*self), own))
    }

    fn set(&mut self, path: &str, value: f64) -> bool {
        *self = if path.is_empty() { value as Self } else { *self };
        path.is_empty()
    }
}

macro_rules! optional {
    ($($unit:ident),+) => {$(
        impl Setting for Option<$unit> {
            const KIND: Kind = Kind::Optional($unit::UNIT);

            fn number(&self, path: &str, own: &'static Field) -> Option<(f64, &'static Field)> {
                path.is_empty().then_some((self.map_or(f64::NAN, $unit::get), own))
            }

            fn set(&mut self, path: &str, value: f64) -> bool {
                *self = if path.is_empty() { Some($unit(value)) } else { *self };
                path.is_empty()
            }
        }

        impl Start<Option<$unit>> for Fact {
            fn start(self) -> Option<$unit> {
                Some(self.into())
            }

            fn fact(&self) -> Option<Fact> {
                Some(*self)
            }
        }
    )+};
}
optional!(Span, Share);

impl<T: Setting + Settings> Setting for Vec<T> {
    const KIND: Kind = Kind::List(T::fields);

    fn number(&self, path: &str, own: &'static Field) -> Option<(f64, &'static Field)> {
        let (index, rest) = indexed(path)?;
        self.get(index)?.number(rest, own)
    }

    fn set(&mut self, path: &str, value: f64) -> bool {
        let item = indexed(path).and_then(|(index, rest)| Some((self.get_mut(index)?, rest)));
        item.is_some_and(|(item, rest)| item.set(rest, value))
    }
}

impl Setting for bool {}
impl Setting for String {}

/// The index at which a path begins, and the path inside that item: "[1].servers".
fn indexed(path: &str) -> Option<(usize, &str)> {
    let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
    Some((index.parse().ok()?, rest))
}

/// The name with which a path begins, and the path inside that: ".dns.ttl_s" as well as "dns.ttl_s".
pub(crate) fn named(path: &str) -> (&str, &str) {
    let path = path.strip_prefix('.').unwrap_or(path);
    path.split_at(path.find(['.', '[']).unwrap_or(path.len()))
}

/// What a default may be written as: the value itself, a plain number for a unit, or a fact.
pub trait Start<T> {
    /// The value.
    fn start(self) -> T;

    /// The fact, if it is one.
    fn fact(&self) -> Option<Fact> {
        None
    }
}

impl<T> Start<T> for T {
    fn start(self) -> T {
        self
    }
}

impl Start<String> for &str {
    fn start(self) -> String {
        self.into()
    }
}

impl Start<u32> for Fact {
    fn start(self) -> u32 {
        self.into()
    }

    fn fact(&self) -> Option<Fact> {
        Some(*self)
    }
}
