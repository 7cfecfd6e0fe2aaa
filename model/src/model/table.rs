//! `settings!`: the declaration of a type of settings, from which everything about its fields follows.

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
                Self {$($name: $crate::model::setting::Start::<$Value>::start($default),)+}
            }
        }

        $crate::model::table::settings!(@table $Type {$(
            $name: $Value, [$($doc)+],
            [$(($least, $most))?], [$($label)?], || $crate::model::setting::Start::<$Value>::fact(&$default),
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
                $crate::model::setting::Start::<$Value>::start($default)
            }
        )?)+}

        $crate::model::table::settings!(@table $Type {$(
            $name: $Value, [$($doc)+],
            [$(($least, $most))?], [$($label)?],
            || None$(.or($crate::model::setting::Start::<$Value>::fact(&$default)))?,
            [], [];
        )+});
    };
    (@table $Type:ident {$(
        $name:ident: $Value:ty, [$($doc:literal)+],
        [$(($least:literal, $most:literal))?], [$($label:literal)?], $fact:expr, [$($span:ident)*], [$($shape:ident)*];
    )+}) => {
        impl $crate::model::setting::Settings for $Type {
            const FIELDS: &'static [$crate::model::field::Field] = &[$($crate::model::field::Field {
                name: stringify!($name),
                #[cfg(not(target_arch = "wasm32"))]
                about: concat!($($doc, "\n"),+).trim_ascii(),
                label: concat!($($label)?),
                kind: <$Value as $crate::model::setting::Setting>::KIND,
                range: $crate::model::table::settings!(@range $($least, $most)?),
                #[cfg(not(target_arch = "wasm32"))]
                fact: $fact,
                spans: &[$($crate::model::runbook::StepName::$span),*],
                shapes: &[$($crate::model::runbook::StepName::$shape),*],
            }),+];
        }

        impl $crate::model::setting::Setting for $Type {
            const KIND: $crate::model::field::Kind =
                $crate::model::field::Kind::Part(<Self as $crate::model::setting::Settings>::fields);

            fn slot<'a>(
                &'a mut self,
                path: &str,
                _own: &'static $crate::model::field::Field,
            ) -> $crate::model::setting::Found<'a> {
                let fields = <Self as $crate::model::setting::Settings>::FIELDS;
                $crate::model::setting::slot_in(self, fields, path)
            }
        }

        impl $crate::model::setting::Parts for $Type {
            fn part(&mut self, row: usize) -> &mut dyn $crate::model::setting::AnySetting {
                #[expect(non_camel_case_types, reason = "rows are called as their fields are")]
                enum Row { $($name),+ }
                match row {
                    $(row if row == Row::$name as usize => &mut self.$name,)+
                    _ => unreachable!("a table has no such row"),
                }
            }
        }
    };
    (@range) => { None };
    (@range $least:literal, $most:literal) => { Some(($least as f64, $most as f64)) };
}
pub(crate) use settings;

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro declares public types")]
mod tests {
    use crate::catalog::dns;
    use crate::model::runbook::StepName;
    use crate::model::setting::{Setting, Settings};
    use crate::model::unit::Span;

    settings! {
        /// Something with settings.
        pub struct Thing {
            /// How long it takes,
            /// in seconds.
            takes_s: Span = dns::TIME_TO_LIVE, in 1..=600, "it takes", spans [Page];
            /// Its parts.
            parts: Vec<Part> = vec![Part { count: 2 }], length ..=3;
            /// It is on.
            on: bool = true;
        }
    }

    settings! {
        /// A part of it.
        pub struct Part given {
            /// How many.
            count: u32, in 0..=9, "how many";
        }
    }

    #[test]
    fn a_row_is_all_that_a_setting_needs() {
        let mut thing = Thing::default();
        let own = &Thing::FIELDS[0];
        assert_eq!(thing.takes_s, dns::TIME_TO_LIVE.value);
        assert_eq!((own.name, own.unit()), ("takes_s", "s"));
        #[cfg(not(target_arch = "wasm32"))]
        assert_eq!(own.about, "How long it takes,\n in seconds.");
        assert_eq!((own.range, own.spans), (Some((1.0, 600.0)), [StepName::Page].as_slice()));
        #[cfg(not(target_arch = "wasm32"))]
        assert_eq!((own.fact)(), Some(dns::TIME_TO_LIVE));
        for (path, value) in [("parts[0].count", 7.0), ("takes_s", 90.0)] {
            thing.slot(path, own).unwrap().0.set(value);
        }
        let mut at = |path| thing.slot(path, own).map(|(value, row)| (value.get(), row.name));
        assert_eq!((at("takes_s"), at("parts[0].count")), (Some((90.0, "takes_s")), Some((7.0, "count"))));
        for nowhere in
            ["", "on", "parts", "parts[1].count", "parts[0]", "takes_s.x", "takes_s[0]", "parts[x].count"]
        {
            assert_eq!(at(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn a_number_out_of_its_range_is_refused_in_words() {
        let mut part = Part { count: 2 };
        let (_, count) = part.slot("count", &Thing::FIELDS[0]).unwrap();
        for (value, shown) in [(10.0, "10"), (-1.0, "-1"), (1.5, "1.5"), (f64::NAN, "no number")] {
            let problem = count.admit("parts[0].count", value).unwrap_err();
            assert_eq!(
                (problem.value.as_str(), problem.allowed.as_str()),
                (shown, "a whole number from 0 to 9")
            );
        }
        assert_eq!(count.admit("parts[0].count", 9.0), Ok(()));
    }
}
