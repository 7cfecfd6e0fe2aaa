//! A call of those who run the system to a region's control plane, and its answer: accepted, refused or throttled. The
//! fourth, no answer at all, is a message that does not come.

use crate::model::obstacle::Obstacle;

/// Which call it is: of the execution with this number, for the step in this place, for the n-th time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControlCall {
    /// The number of the execution.
    pub run: u32,
    /// The place of the step in its runbook.
    pub step: u8,
    /// How often the step has called before, at most 255.
    pub nth: u8,
}

/// What a control plane is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// To make something, or to copy it elsewhere.
    Make,
    /// To want more servers. That is always accepted: how fast they are launched is another matter.
    Launch,
    /// To promote the copy that is there.
    Promote,
}

/// What a control plane answers, if it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It is being done.
    Accepted,
    /// It cannot be done, and why.
    Refused(Obstacle),
    /// It answers too many already.
    Throttled,
}
