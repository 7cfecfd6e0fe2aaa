//! Types that a setting may have, and how the number at a path inside one is found and changed.

use crate::catalog::{Fact, Unit};
use crate::model::field::{Field, Kind};
use crate::model::unit::{
    Factor, Gib, GibPerDay, Kib, Mib, Millis, Ppm, Rate, Share, Span, Throughput, Usd, UsdPerHour,
};

/// A number in a scenario, to be read or changed.
pub enum Slot<'a> {
    /// With a fraction.
    Real(&'a mut f64),
    /// Whole.
    Whole(&'a mut u32),
    /// Of a setting that may be left out.
    Span(&'a mut Option<Span>),
    /// Of a setting that may be left out.
    Share(&'a mut Option<Share>),
}

impl Slot<'_> {
    /// The number; one that may be left out and is, is not-a-number.
    pub fn get(&self) -> f64 {
        match self {
            Self::Real(value) => **value,
            Self::Whole(value) => f64::from(**value),
            Self::Span(value) => value.map_or(f64::NAN, Span::get),
            Self::Share(value) => value.map_or(f64::NAN, Share::get),
        }
    }

    /// Changes it. The value must be admitted before.
    pub fn set(self, new: f64) {
        match self {
            Self::Real(value) => *value = new,
            Self::Whole(value) => *value = new as u32,
            Self::Span(value) => *value = Some(Span(new)),
            Self::Share(value) => *value = Some(Share(new)),
        }
    }
}

/// What is at a path, and the row of the table that describes it.
pub type Found<'a> = Option<(Slot<'a>, &'static Field)>;

/// What may be the value of a setting.
pub trait Setting {
    /// What it holds.
    const KIND: Kind = Kind::Other;

    /// The number at a path inside it; `own` is its own row. `None` if nothing is there or if it is no number.
    fn slot<'a>(&'a mut self, _path: &str, _own: &'static Field) -> Found<'a> {
        None
    }
}

/// A setting of any type.
pub trait AnySetting {
    /// As [`Setting::slot`].
    fn slot_at<'a>(&'a mut self, path: &str, own: &'static Field) -> Found<'a>;
}

impl<T: Setting> AnySetting for T {
    fn slot_at<'a>(&'a mut self, path: &str, own: &'static Field) -> Found<'a> {
        self.slot(path, own)
    }
}

/// Settings by their places in a table.
pub trait Parts {
    /// The setting in a row, which must be one of the table's.
    fn part(&mut self, row: usize) -> &mut dyn AnySetting;
}

/// The number at a path inside of settings that have this table.
pub(crate) fn slot_in<'a>(parts: &'a mut dyn Parts, fields: &'static [Field], path: &str) -> Found<'a> {
    let (name, rest) = named(path);
    let row = fields.iter().position(|field| field.name == name)?;
    parts.part(row).slot_at(rest, &fields[row])
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

            fn slot<'a>(&'a mut self, path: &str, own: &'static Field) -> Found<'a> {
                path.is_empty().then_some((Slot::Real(&mut self.0), own))
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

    fn slot<'a>(&'a mut self, path: &str, own: &'static Field) -> Found<'a> {
        path.is_empty().then_some((Slot::Real(self), own))
    }
}

impl Setting for u32 {
    const KIND: Kind = Kind::Whole;

    fn slot<'a>(&'a mut self, path: &str, own: &'static Field) -> Found<'a> {
        path.is_empty().then_some((Slot::Whole(self), own))
    }
}

macro_rules! optional {
    ($($unit:ident),+) => {$(
        impl Setting for Option<$unit> {
            const KIND: Kind = Kind::Optional($unit::UNIT);

            fn slot<'a>(&'a mut self, path: &str, own: &'static Field) -> Found<'a> {
                path.is_empty().then_some((Slot::$unit(self), own))
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

    fn slot<'a>(&'a mut self, path: &str, own: &'static Field) -> Found<'a> {
        let (index, rest) = indexed(path)?;
        self.get_mut(index)?.slot(rest, own)
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
