//! The laws of a run: what must hold in any system, under any script. Tests and debug builds check them; a release contains
//! only their names.
//!
//! Cheap laws, which take constant time, are looked at after every event ([`steady`]). Laws that need a walk over copies or
//! over the ledger are looked at once a simulated second, or once a minute, and at each promotion, restore, rejoin and cut
//! ([`walks`]). The checker can only read, and what it remembers stands beside the world: no keyframe holds it, no digest
//! knows of it. Which laws today's engine breaks is listed in `tests/stories/laws.rs`.

#[cfg(debug_assertions)]
pub mod memory;
#[cfg(debug_assertions)]
pub mod level;
#[cfg(debug_assertions)]
pub mod steady;
#[cfg(debug_assertions)]
pub mod runbook;
#[cfg(debug_assertions)]
pub mod walks;

use crate::kernel::clock::SimTime;
use std::fmt;

/// A law. Several of them together are one law of the books, taken apart so that a part that is broken hides no other.
///
/// Each was proved once by breaking a line of the code: what was broken, and what was seen, stands with it. A law that the
/// engine broke without any help until it was mended says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// Requests sent = served + failed + in flight.
    /// Proved: `failed` not counted in `give_up_or_retry`; seen in 199 of 200 random scripts.
    RequestsAddUp,
    /// No write is counted as lost while the copy that takes writes shows it.
    /// Proved: `missing` one commit too early; seen at the promotion of warm-standby's story.
    LostIsNotPresent,
    /// An acknowledged write that nothing has undone is in the copy of the primary; if all take writes, in some copy.
    AcknowledgedIsPresent,
    /// Each acknowledged write is in exactly one state, found by a walk over the copies.
    /// Proved: a stretch counted from the first commit of its chain; seen in random scripts from seed 0 on.
    StatesAddUp,
    /// What the ledger has counted of collisions is what a walk over it finds.
    /// Proved: refusals not counted in `Ledger::change`; seen in 61 of 200 random scripts.
    LedgerAddsUp,
    /// At most one region takes the writes of a partition in an epoch of its ownership.
    /// Proved: every region takes a claim that it hears of for its own; seen in random scripts from seed 0 on.
    OneOwner,
    /// Who owns a partition no more hears of it within three seconds, unless a fence fails or nobody can tell.
    /// Proved: an owner never hears of a newer claim; seen in random scripts from seed 0 on.
    OldOwnersHear,
    /// Nothing is delivered that had not passed the middle of its link when that was cut.
    /// Proved: what is on a link not marked when it is cut; seen in 10 of 200 random scripts.
    CutsHold,
    /// Nothing is delivered that left a region while it was dark.
    /// Proved: servers not stopped when a region goes dark; seen in 41 of 200 random scripts.
    DarkIsSilent,
    /// A copy of data begins and ends at a node that answers.
    /// Proved by the engine as it was: a failback copied 500 GiB out of a dark region before copies were messages.
    CopiesComeFromTheLiving,
    /// A backup is taken, or copied, of a region that answers.
    /// Proved: a snapshot whole whether its region is dark or not; seen in 5 of 200.
    BackupsComeFromTheLiving,
    /// Nothing of a partition is where a law of the scenario forbids it: in no copy, no backup, and not at home.
    /// Proved: every commit sent to every copy; seen in the first second of every system with a rule about a partition.
    PlacementIsKept,
    /// A version goes back within a copy only by a restore or a rebuild, each a line of the journal.
    /// Proved: `take` forgets what the copy had seen; seen in 53 of 200 random scripts.
    VersionsGoForward,
    /// An incident has an RPO of 0 if and only if no write is missing because of it.
    /// Proved: no least of 1 ms, and the trigger left out; seen with one missing write, from seed 1 on.
    ZeroMeansNothingMissing,
    /// The missing writes of incidents, taken together, are those that a walk over the copies misses.
    /// Proved: nothing looked at again when a second has passed; seen from seed 0 on.
    LossesAddUp,
    /// A step of the runbook is under way only while what it needs is there.
    /// Proved by the engine as it was: a restore went on in a region that had gone dark, in several of 1,000 random scripts.
    StepsHaveTheirNeeds,
    /// A step that does not go on says what it waits for.
    /// Proved by a wait for a dark region that was not noted: seen in many of 200 random scripts.
    WaitingSaysForWhat,
    /// A runbook that is under way has a step that is.
    /// Proved by a promotion that never begins: seen in many of 200 random scripts.
    RunbooksGoOn,
    /// A lease is held by a step that is under way, and by none that has waited a minute.
    /// Proved by the first interpreter: a handover took its lease again each second; seen in 7 of 1,000 random scripts.
    LeasesAreGivenBack,
    /// Requests that failed are all booked, each once: on an incident, or on none.
    /// Proved: a failure counted twice for its incident in `Service::failed`; seen in 198 of 200 random scripts.
    HarmAddsUp,
    /// The causes of whatever is red end in a fault, an order or an outage; or in what chance can bring about, and then what
    /// failed because of it is booked on no incident.
    /// Proved: a chain that ends in nothing known booked on the first incident; seen in the story of fleets full by chance.
    CausesEndInATrigger,
    /// What has come into a queue is there, was worked off or was kept for too long; a topic owes what it has not delivered.
    /// Proved: what was kept for too long not counted; seen in the story about that.
    MessagesAddUp,
    /// Whoever takes over in a region, and an instance that is made anew, is in a zone with power.
    /// Proved: a takeover goes on when the zone of the standby is lost; seen in 2 of 40 storms over clusters and others.
    TakeoversGoToTheLiving,
    /// Nothing is committed in, or taken into, a volume of which fewer than four copies are there and have every write.
    /// Proved: `writable` does not ask the volume; seen in the story of a zone and one more copy.
    WritesAreInFourCopies,
    /// No instance that was away while something was written counts as level, or takes over in its region, before it was brought
    /// level; unless all read one volume.
    /// Proved: `choose` takes the first standby, level or not, and `look` has one that was behind level at once; each was seen in the
    /// storms over forms.
    NobodyBehindTakesOver,
}

impl Law {
    /// The law as a sentence of few words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RequestsAddUp => "requests sent = served + failed + in flight",
            Self::LostIsNotPresent => "no write is both lost and present",
            Self::AcknowledgedIsPresent => "an acknowledged write that stands is in a copy",
            Self::StatesAddUp => "the states of writes add up",
            Self::LedgerAddsUp => "the ledger's counts are those of its lines",
            Self::OneOwner => "at most one owner for a partition and an epoch",
            Self::OldOwnersHear => "who owns a partition no more hears of it",
            Self::CutsHold => "nothing passes the middle of a cut link",
            Self::DarkIsSilent => "nothing leaves a dark region",
            Self::CopiesComeFromTheLiving => "no copy is made from a node that cannot answer",
            Self::BackupsComeFromTheLiving => "no backup is made of a node that cannot answer",
            Self::PlacementIsKept => "no data is where a law forbids it",
            Self::VersionsGoForward => "a version goes back only by a restore or a rebuild",
            Self::ZeroMeansNothingMissing => "RPO 0 if and only if nothing is missing",
            Self::LossesAddUp => "lost writes add up over incidents",
            Self::StepsHaveTheirNeeds => "a step runs only with its needs met",
            Self::WaitingSaysForWhat => "nothing waits without saying for what",
            Self::RunbooksGoOn => "a runbook under way has a step under way",
            Self::LeasesAreGivenBack => "no lease is held by a step that has waited 60 s",
            Self::HarmAddsUp => "failed requests add up over incidents",
            Self::CausesEndInATrigger => "causes end in a fault, an order or no incident",
            Self::MessagesAddUp => "messages add up over queues and topics",
            Self::WritesAreInFourCopies => "a write is in four of six copies",
            Self::TakeoversGoToTheLiving => "nobody takes over in a zone without power",
            Self::NobodyBehindTakesOver => "nobody who is behind takes over",
        }
    }
}

/// A law that does not hold: the first moment at which that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which.
    pub law: Law,
    /// When it was seen first.
    pub at: SimTime,
    /// What was seen.
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} s: {}: {}", self.at.secs(), self.law.name(), self.what)
    }
}
