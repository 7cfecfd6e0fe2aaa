//! How much a line of the journal matters.

/// How much an entry matters to whoever watches a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Nobody stops for it.
    None,
    /// Worth a stop if it is the first of its kind.
    First,
    /// Worth a stop.
    Happening,
    /// Worth slowing down for if it is the first of its kind.
    FirstDecisive,
    /// Worth slowing down for.
    Decisive,
}
