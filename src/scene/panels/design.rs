//! What can be chosen.

use crate::app::Msg;

/// One of several designs.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// "Pilot light".
    pub label: String,
    /// A sentence about it; where it is not possible, why not.
    pub hint: String,
    /// A stable name: "pilot-light".
    pub slug: &'static str,
    /// It is the one that runs.
    pub active: bool,
    /// It makes no sense with the rest of the design: the hint says why.
    pub refused: bool,
    /// What is sent when it is chosen.
    pub msg: Msg,
}
