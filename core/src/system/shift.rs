//! Sets of zones, and what traffic is kept from one for.

use serde::Serialize;

/// A set of zones of a region, a bit for each.
pub type Zones = u8;

/// What traffic is kept from a zone for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShiftedBy {
    /// Somebody has ordered it.
    Order,
    /// AWS has found the zone impaired.
    Aws,
    /// A practice run, which shows whether the other zones carry everything.
    Practice,
}

impl ShiftedBy {
    /// Whether it takes the place of a shift that is in force.
    pub fn goes_before(self, other: Self) -> bool {
        match (self, other) {
            (Self::Order, Self::Aws | Self::Practice) | (Self::Aws, Self::Practice) => true,
            (Self::Order | Self::Aws | Self::Practice, _) => false,
        }
    }
}

/// How far the practice run of a week is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Practice {
    /// It is not due, or nothing has been in its way.
    #[default]
    Due,
    /// Something is in its way, and that has been told.
    PutOff,
    /// It has begun.
    Done,
}
