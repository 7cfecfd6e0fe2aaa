//! The nodes of a database's failover controller.

use super::Tone;

/// The nodes that stand in a region.
#[derive(Clone, Debug, PartialEq)]
pub struct ControllerLine {
    /// One for each.
    pub nodes: Vec<NodeLook>,
    /// "2 nodes see us-east-1".
    pub text: String,
    /// How it is doing.
    pub tone: Tone,
    /// What that means, in a sentence.
    pub hint: String,
}

/// How a node is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeLook {
    /// It sees the primary: a full disc.
    Sees,
    /// It rests after a failover: two bars.
    Rests,
    /// It sees nothing of the primary: a ring.
    Blind,
    /// It votes against it: a tick.
    Votes,
    /// It has told a copy to take over: an arrow.
    Decided,
    /// It is in the dark: a cross.
    Dark,
}
