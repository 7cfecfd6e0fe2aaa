//! What becomes of two writes to one key of which neither could have seen the other, and which engines can do what.

use serde::{Deserialize, Serialize};

use crate::model::engine::{Engine, Writers};

/// The rule for a collision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The write with the later time on its region's clock stays; the other disappears without a word.
    LastWriterWins,
    /// The write of the first region stays, whatever the clocks say; between others the later one does.
    FirstRegionWins,
    /// A write goes to the home region of its key and is refused there, where something was written that its client had
    /// not seen.
    Conditional,
    /// Both stay side by side until somebody writes who has seen both: the application merges.
    Siblings,
    /// The values merge by themselves: counters add up, sets unite (conflict-free replicated data types).
    Merge,
    /// Two regions of three have to agree before a write is acknowledged or a read answered; a write that meets another
    /// is refused.
    Quorum,
}

/// How many regions a quorum has: two of them agree, and the third is the one that remains. The protocol is made for three.
pub const QUORUM_REGIONS: usize = 3;

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 6] = [
        Self::LastWriterWins,
        Self::FirstRegionWins,
        Self::Conditional,
        Self::Siblings,
        Self::Merge,
        Self::Quorum,
    ];

    /// The word for it in files: "last-writer-wins".
    pub const fn slug(self) -> &'static str {
        match self {
            Self::LastWriterWins => "last-writer-wins",
            Self::FirstRegionWins => "first-region-wins",
            Self::Conditional => "conditional",
            Self::Siblings => "siblings",
            Self::Merge => "merge",
            Self::Quorum => "quorum",
        }
    }
}

impl Engine {
    /// The rules that the engine, or an application on it, can follow; the first is its own.
    ///
    /// Source: Amazon DynamoDB Developer Guide, "Global tables: how it works" (last writer wins; conditions are evaluated
    /// in the Region that gets the write; strong consistency refuses a concurrent write); Amazon S3 User Guide,
    /// "Replication" (the latest time stamp wins); Aurora DSQL User Guide (optimistic concurrency).
    pub const fn conflict_rules(self) -> &'static [Rule] {
        match self {
            // One region writes: there is nothing to settle but the version check of an application.
            Self::Rds | Self::AuroraGlobal | Self::DocumentdbGlobal | Self::ElasticacheGlobal => {
                &[Rule::LastWriterWins, Rule::Conditional]
            }
            Self::DynamodbGlobal => &[Rule::LastWriterWins, Rule::Conditional],
            Self::S3Replication | Self::S3TimeControl => &[Rule::LastWriterWins],
            Self::DynamodbStrong | Self::AuroraDsql => &[Rule::Quorum],
            Self::SelfManaged => {
                &[Rule::LastWriterWins, Rule::FirstRegionWins, Rule::Conditional, Rule::Siblings, Rule::Merge]
            }
        }
    }

    /// Its copies all take writes.
    pub const fn writes_everywhere(self) -> bool {
        matches!(self.rules().writers, Writers::Every)
    }
}
