//! The page without a browser: what a person did ([`Msg`]) changes the [`App`], and nothing else does.

/// What the person did to the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Pressed play or pause.
    PlayToggled,
    /// Chose the next faster rung of the speed ladder.
    Faster,
    /// Chose the next slower rung.
    Slower,
    /// Chose a rung directly.
    SpeedChosen(usize),
    /// Moved to a moment, in seconds since the start.
    Scrubbed(f64),
    /// Asked for the next happening.
    NextHappening,
    /// Asked for the happening before.
    PreviousHappening,
    /// Jumped by this many seconds, forwards or back.
    Jumped(f64),
    /// Went to the start.
    ToStart,
    /// Went to the furthest moment computed.
    ToEnd,
    /// Asked for an order in the grammar of scripts: "region-dark=us-east-1", "clear region-dark=us-east-1".
    Ordered(String),
    /// Switched automatic slow motion on or off.
    SlowMotionToggled,
    /// Started the same run again, same seed.
    Restarted,
    /// Started again with another seed.
    Reseeded(u64),
    /// Read and closed the notice.
    NoticeClosed,
}
