//! What there is to say of a kind of fault.

use crate::kernel::kinds::kinds;

kinds! {
    /// What faults break: one menu for each.
    pub enum Area {
        /// Regions, zones and what stands in them.
        Place = "place",
        /// The ways between them, and the ways of clients to them.
        Network = "network",
        /// What is stored, and its backups.
        Data = "data",
        /// Releases, the planes that people act through, what automation relies on.
        People = "people",
        /// How much is asked, and what takes it in.
        Traffic = "traffic",
    }
}

impl Area {
    /// Its name on the page.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Place => "Place",
            Self::Network => "Network",
            Self::Data => "Data",
            Self::People => "People",
            Self::Traffic => "Traffic",
        }
    }
}

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
    /// What it breaks.
    pub area: Area,
    /// Often asked for: its chip is in sight, and not in the menu of its area.
    pub usual: bool,
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
    area: Area::Place,
    usual: false,
};
