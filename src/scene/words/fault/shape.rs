//! What there is to say of a kind of fault.

/// Whether clients are about to feel a fault that has just begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Felt {
    /// Whatever it hits.
    Always,
    /// If it hits the region that takes the writes.
    IfActing,
    /// Not by the fault alone.
    NotAlone,
}

/// What is said of a kind of fault. `{a}` stands for its target, or for the first of two regions; `{b}` for the second.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The kind as a title: "Zone power".
    pub title: &'static str,
    /// What it does, in a sentence.
    pub hint: &'static str,
    /// The button that begins it, beside what it is aimed at.
    pub inject: &'static str,
    /// The button that ends it, beside what it is aimed at.
    pub clear: &'static str,
    /// The button that ends it, elsewhere, if that has to say more.
    pub clear_elsewhere: Option<&'static str>,
    /// That it began, without a full stop.
    pub injected: &'static str,
    /// That it ended, without a full stop.
    pub cleared: &'static str,
    /// Whether clients are about to feel it.
    pub felt: Felt,
    /// What fits on a chip, if the title is too long for one.
    pub short: Option<&'static str>,
    /// Seldom asked for: its chip stands behind another.
    pub rare: bool,
}

/// What most kinds have in common; each has words of its own.
pub(super) const USUAL: Row = Row {
    title: "",
    hint: "",
    inject: "",
    clear: "",
    clear_elsewhere: None,
    injected: "",
    cleared: "",
    felt: Felt::NotAlone,
    short: None,
    rare: false,
};
