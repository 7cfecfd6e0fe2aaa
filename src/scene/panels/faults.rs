//! What can be broken.

use crate::app::Msg;
use crate::scene::words::fault::Area;

/// Faults that break the same kind of thing.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultGroup {
    /// "Zone power".
    pub label: String,
    /// One sentence about what it does.
    pub hint: String,
    /// The slug of the fault kind: "zone-power".
    pub slug: &'static str,
    /// What fits on its chip.
    pub short: &'static str,
    /// In whose menu it is.
    pub area: Area,
    /// Its chip is in sight, and not in that menu.
    pub usual: bool,
    /// Where it can be injected or cleared.
    pub chips: Vec<FaultChip>,
}

/// One fault at one place, to be injected or cleared.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultChip {
    /// The slug of the fault kind: "zone-power".
    pub slug: &'static str,
    /// "Cut power", "us-east-1a" … what the button says in its place.
    pub label: String,
    /// The target: "us-east-1a".
    pub target: String,
    /// It is in force: pressing clears it.
    pub active: bool,
    /// What is sent when it is pressed.
    pub msg: Msg,
}
