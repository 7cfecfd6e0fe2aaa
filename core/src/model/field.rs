//! A setting as data: one row each for its name, unit, range, default and words.
//!
//! [`settings!`] makes of such rows the type, its defaults, the attributes of its schema, and the table [`Field`] by
//! which sliders, links and [`Scenario::with`](crate::model::Scenario::with) find the number at a path.

use serde_json::Value;

use crate::catalog::{Fact, Unit};
use crate::model::problem::{Problem, excerpt};
use crate::model::runbook::StepName;
use crate::model::unit::{
    Factor, Gib, GibPerDay, Kib, Mib, Millis, Ppm, Rate, Share, Span, Throughput, Usd, UsdPerHour,
};

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in a file: "interval_s".
    pub name: &'static str,
    /// What it means, as in the schema and in docs.
    pub about: &'static str,
    /// A short phrase for a slider; empty if `about` is all there is.
    pub label: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The least and the most that it may be, for numbers.
    pub range: Option<(f64, f64)>,
    /// The fact that the default comes from; `None` for a choice of ours.
    pub fact: fn() -> Option<Fact>,
    /// Steps of a recovery that take as long as it says.
    pub spans: &'static [StepName],
    /// Steps of a recovery that it makes longer or shorter in another way.
    pub shapes: &'static [StepName],
}

/// What a setting holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A number in a unit.
    Number(Unit),
    /// A number in a unit, or nothing.
    Optional(Unit),
    /// A whole number.
    Whole,
    /// Settings of its own.
    Part(fn() -> &'static [Field]),
    /// A list of things that have settings of their own.
    List(fn() -> &'static [Field]),
    /// A word, a switch, a choice.
    Other,
}

impl Field {
    /// The unit as it stands behind the number; empty if there is none.
    pub const fn unit(&self) -> &'static str {
        match self.kind {
            Kind::Number(unit) | Kind::Optional(unit) => unit.symbol(),
            Kind::Whole | Kind::Part(_) | Kind::List(_) | Kind::Other => "",
        }
    }

    /// What it may be, in the words of the messages about files: "a number from 0 to 600".
    pub fn allowed(&self) -> String {
        let (noun, end) = match self.kind {
            Kind::Whole => ("a whole number", ""),
            Kind::Optional(_) => ("a number", " or null"),
            Kind::Number(_) | Kind::Part(_) | Kind::List(_) | Kind::Other => ("a number", ""),
        };
        self.range.map_or_else(|| noun.into(), |(least, most)| format!("{noun} from {least} to {most}{end}"))
    }

    /// Whether the number may be this by itself, whatever the others are.
    ///
    /// # Errors
    /// What is allowed instead, for the place at which it stands.
    pub fn admit(&self, place: &str, value: f64) -> Result<(), Problem> {
        let whole = matches!(self.kind, Kind::Whole);
        let inside = self.range.is_none_or(|(least, most)| (least..=most).contains(&value));
        if inside && value.is_finite() && !(whole && value.fract() != 0.0) {
            return Ok(());
        }
        let found = if value.is_finite() { excerpt(&self.json(value)) } else { "no number".into() };
        Err(Problem::new(place, found, self.allowed()))
    }

    /// The number as JSON, without a point if it is a whole one.
    pub(crate) fn json(&self, value: f64) -> Value {
        match self.kind {
            Kind::Whole if value.fract() == 0.0 => (value as i64).into(),
            Kind::Number(_)
            | Kind::Optional(_)
            | Kind::Whole
            | Kind::Part(_)
            | Kind::List(_)
            | Kind::Other => value.into(),
        }
    }
}

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

/// A type of settings, made by [`settings!`].
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

impl Setting for Option<Span> {
    const KIND: Kind = Kind::Optional(Span::UNIT);

    fn number(&self, path: &str, own: &'static Field) -> Option<(f64, &'static Field)> {
        path.is_empty().then_some((self.map_or(f64::NAN, Span::get), own))
    }

    fn set(&mut self, path: &str, value: f64) -> bool {
        *self = if path.is_empty() { Some(Span(value)) } else { *self };
        path.is_empty()
    }
}

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

/// Declares a type of settings, a row for each: documentation, name, type, default, range (`in`, for numbers) or length
/// (for texts and lists), label, and the steps of a recovery that it decides the length of (`spans`) or changes
/// (`shapes`). In a type marked `given`, what has no default must stand in a file, and what has one names it for serde.
macro_rules! settings {
    (
        $(#[$about:meta])+
        pub struct $Type:ident {
            $($(#[doc = $doc:literal])+ $name:ident: $Value:ty = $default:expr
                $(, in $least:literal..=$most:literal)?
                $(, length $($shortest:literal)?..=$longest:literal)?
                $(, $label:literal)? $(, spans [$($span:ident),+])? $(, shapes [$($shape:ident),+])?;)+
        }
    ) => {
        $(#[$about])+
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(default, deny_unknown_fields)]
        pub struct $Type {$(
            $(#[doc = $doc])+
            $(#[cfg_attr(feature = "schema", schemars(range(min = $least, max = $most)))])?
            $(#[cfg_attr(feature = "schema", schemars(length($(min = $shortest,)? max = $longest)))])?
            pub $name: $Value,
        )+}

        impl Default for $Type {
            fn default() -> Self {
                Self {$($name: $crate::model::field::Start::<$Value>::start($default),)+}
            }
        }

        $crate::model::field::settings!(@table $Type {$(
            $name: $Value, [$($doc)+],
            [$(($least, $most))?], [$($label)?], || $crate::model::field::Start::<$Value>::fact(&$default),
            [$($($span)+)?], [$($($shape)+)?];
        )+});
    };
    (
        $(#[$about:meta])+
        pub struct $Type:ident given {
            $($(#[doc = $doc:literal])+ $(#[serde($($serde:tt)+)])?
                $name:ident: $Value:ty $(= $default:expr)?
                $(, in $least:literal..=$most:literal)?
                $(, length $($shortest:literal)?..=$longest:literal)?
                $(, $label:literal)?;)+
        }
    ) => {
        $(#[$about])+
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub struct $Type {$(
            $(#[doc = $doc])+
            $(#[serde($($serde)+)])?
            $(#[cfg_attr(feature = "schema", schemars(range(min = $least, max = $most)))])?
            $(#[cfg_attr(feature = "schema", schemars(length($(min = $shortest,)? max = $longest)))])?
            pub $name: $Value,
        )+}

        // Each default by the name of its field.
        impl $Type {$($(
            fn $name() -> $Value {
                $crate::model::field::Start::<$Value>::start($default)
            }
        )?)+}

        $crate::model::field::settings!(@table $Type {$(
            $name: $Value, [$($doc)+],
            [$(($least, $most))?], [$($label)?],
            || None$(.or($crate::model::field::Start::<$Value>::fact(&$default)))?,
            [], [];
        )+});
    };
    (@table $Type:ident {$(
        $name:ident: $Value:ty, [$($doc:literal)+],
        [$(($least:literal, $most:literal))?], [$($label:literal)?], $fact:expr, [$($span:ident)*], [$($shape:ident)*];
    )+}) => {
        impl $crate::model::field::Settings for $Type {
            const FIELDS: &'static [$crate::model::field::Field] = &[$($crate::model::field::Field {
                name: stringify!($name),
                about: concat!($($doc, "\n"),+).trim_ascii(),
                label: concat!($($label)?),
                kind: <$Value as $crate::model::field::Setting>::KIND,
                range: $crate::model::field::settings!(@range $($least, $most)?),
                fact: $fact,
                spans: &[$($crate::model::runbook::StepName::$span),*],
                shapes: &[$($crate::model::runbook::StepName::$shape),*],
            }),+];
        }

        impl $crate::model::field::Setting for $Type {
            const KIND: $crate::model::field::Kind =
                $crate::model::field::Kind::Part(<Self as $crate::model::field::Settings>::fields);

            fn number(
                &self,
                path: &str,
                _own: &'static $crate::model::field::Field,
            ) -> Option<(f64, &'static $crate::model::field::Field)> {
                let (name, rest) = $crate::model::field::named(path);
                let row = <Self as $crate::model::field::Settings>::FIELDS.iter().find(|field| field.name == name)?;
                match name {
                    $(stringify!($name) => $crate::model::field::Setting::number(&self.$name, rest, row),)+
                    _ => None,
                }
            }

            fn set(&mut self, path: &str, value: f64) -> bool {
                let (name, rest) = $crate::model::field::named(path);
                match name {
                    $(stringify!($name) => $crate::model::field::Setting::set(&mut self.$name, rest, value),)+
                    _ => false,
                }
            }
        }
    };
    (@range) => { None };
    (@range $least:literal, $most:literal) => { Some(($least as f64, $most as f64)) };
}
pub(crate) use settings;
