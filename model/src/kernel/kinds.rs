//! Closed lists of kinds, written down once: each row gives a variant, its word, and what else is known of it.

/// Makes an enum from a table: a row for each kind with its doc comment, its word in files and orders, and, if the enum
/// names a type after a colon, a value of that type.
///
/// ```text
/// kinds! {
///     /// The lights of a crossing.
///     pub enum Light: Seconds {
///         /// Nobody goes.
///         Red = "red" => Seconds(40),
///     }
/// }
/// ```
///
/// The list of all kinds, the words and the rows come from the table, so no kind can be missing from one of them.
#[macro_export]
macro_rules! kinds {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident: $row:ty {
            $( $(#[doc = $doc:literal])+ $kind:ident = $slug:literal => $value:expr, )+
        }
    ) => {
        $crate::kernel::kinds::kinds! {
            $(#[$meta])*
            $vis enum $name {
                $( $(#[doc = $doc])+ $kind = $slug, )+
            }
        }

        impl $name {
            /// What the table says of it.
            const fn row(self) -> &'static $row {
                match self {
                    $( Self::$kind => const { &$value }, )+
                }
            }
        }
    };
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $( $(#[doc = $doc:literal])+ $kind:ident = $slug:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $vis enum $name {
            $( $(#[doc = $doc])+ #[serde(rename = $slug)] $kind, )+
        }

        impl $name {
            /// Every kind, in the order of the table.
            pub const ALL: [Self; [$($slug),+].len()] = [$( Self::$kind, )+];

            /// The word for it in files, orders and addresses.
            pub const fn slug(self) -> &'static str {
                match self {
                    $( Self::$kind => $slug, )+
                }
            }

            /// What it is, in the words of its doc comment.
            pub const fn doc(self) -> &'static str {
                match self {
                    $( Self::$kind => concat!($($doc),+).trim_ascii(), )+
                }
            }

            /// The kind with this word.
            pub fn named(slug: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|kind| kind.slug() == slug)
            }
        }
    };
}

/// Makes an enum whose variants carry values from a table, and beside it the table of its kinds as [`kinds!`] does: each row
/// gives a variant with its doc comment and what it carries, its word in files and orders, and a value of the row's type.
///
/// ```text
/// carriers! {
///     /// What a parcel is.
///     pub enum Parcel {
///         /// So many letters.
///         Letters(u32) = "letters" => Grams(20),
///     }
///     /// The kinds of parcel.
///     pub enum ParcelKind: Grams;
/// }
/// ```
#[macro_export]
macro_rules! carriers {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $(
                $(#[doc = $doc:literal])+
                $kind:ident $({ $($fields:tt)+ })? $(( $($parts:tt)+ ))? = $slug:literal => $value:expr,
            )+
        }
        $(#[$kinds_meta:meta])*
        $kinds_vis:vis enum $kinds:ident: $row:ty;
    ) => {
        $(#[$meta])*
        $vis enum $name {
            $(
                $(#[doc = $doc])+
                #[serde(rename = $slug)]
                $kind $({ $($fields)+ })? $(( $($parts)+ ))?,
            )+
        }

        impl $name {
            /// Which kind it is, whatever it carries.
            pub const fn kind(&self) -> $kinds {
                match self {
                    $( Self::$kind { .. } => $kinds::$kind, )+
                }
            }
        }

        $crate::kernel::kinds::kinds! {
            $(#[$kinds_meta])*
            $kinds_vis enum $kinds: $row {
                $( $(#[doc = $doc])+ $kind = $slug => $value, )+
            }
        }
    };
}

pub use crate::{carriers, kinds};
