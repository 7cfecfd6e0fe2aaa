//! What becomes of writes, in words; and what a design gives up while regions do not hear each other.

use super::super::panels::Tone;
use crate::model::Rule;
use crate::model::scenario::WritePattern;
use crate::observer::ledger::Fate;

/// What is said of a fate.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// In a word, for a button.
    pub name: &'static str,
    /// How serious it is.
    pub tone: Tone,
    sentence: Sentence,
}

/// How the sentence about a write of this fate goes.
#[derive(Clone, Copy, Debug)]
enum Sentence {
    /// Where it can be seen.
    Seen,
    /// With the name of the other write between the first two; the third comes last if its client had been told that it stands.
    Other(&'static str, &'static str, &'static str),
    /// As it stands here.
    Whole(&'static str),
}

/// A sentence that is the same whatever the client had been told.
const fn other(before: &'static str, after: &'static str) -> Sentence {
    Sentence::Other(before, after, after)
}

/// What is said of a fate.
pub const fn row(fate: Fate) -> Row {
    match fate {
        Fate::Stands => Row { name: "Stand", tone: Tone::Plain, sentence: Sentence::Seen },
        Fate::Overwritten => Row {
            name: "Overwritten",
            tone: Tone::Muted,
            sentence: other("Overwritten by", ", whose client had seen it"),
        },
        Fate::Lost => Row {
            name: "Lost",
            tone: Tone::Bad,
            sentence: Sentence::Other(
                "Lost to",
                "; nobody was told",
                "; it had been confirmed, and nobody was told",
            ),
        },
        Fate::Kept => Row {
            name: "Kept beside",
            tone: Tone::Warning,
            sentence: other("Kept beside", " until somebody merges them"),
        },
        Fate::Merged => Row { name: "Merged", tone: Tone::Plain, sentence: other("Merged into", "") },
        Fate::Undone => Row {
            name: "Undone",
            tone: Tone::Bad,
            sentence: Sentence::Whole("Taken away by a promotion or a restore."),
        },
        Fate::Refused => Row {
            name: "Refused",
            tone: Tone::Warning,
            sentence: other("Refused because of", "; its client knows"),
        },
        Fate::Queued => Row {
            name: "In a queue",
            tone: Tone::Plain,
            sentence: Sentence::Whole("In the queue: no consumer has committed it yet."),
        },
        Fate::Consumed => Row {
            name: "Worked off",
            tone: Tone::Muted,
            sentence: Sentence::Whole("It was in the queue, and a consumer has committed it."),
        },
        Fate::Expired => Row {
            name: "Expired",
            tone: Tone::Bad,
            sentence: Sentence::Whole("The queue had kept it for too long: it is lost."),
        },
    }
}

/// What has become of a write; `by` names the other one, `seen` says where it can be seen, and `told` that its client had
/// been told that it stands.
pub fn sentence(fate: Fate, by: &str, seen: &str, told: bool) -> String {
    match row(fate).sentence {
        Sentence::Seen => format!("Stands; {seen}."),
        Sentence::Whole(sentence) => sentence.into(),
        Sentence::Other(before, after, after_told) => {
            let by = if by.is_empty() { "another write" } else { by };
            format!("{before} {by}{}.", if told { after_told } else { after })
        }
    }
}

/// What a design gives up while regions do not hear each other: consistency, or being available.
pub fn gives_up(pattern: WritePattern, rule: Rule, cut: bool) -> String {
    let what = match (pattern, rule) {
        (WritePattern::WriteGlobal, _) => {
            "the other regions still read, what is older and older, but cannot write: consistency before availability"
        }
        (WritePattern::WritePartitioned, _) => {
            "users who are not in their home region cannot write; no key is ever written in two places: consistency before availability"
        }
        (WritePattern::WriteLocal, Rule::LastWriterWins | Rule::FirstRegionWins) => {
            "every region goes on taking writes, and where two meet one disappears without a word: availability before consistency"
        }
        (WritePattern::WriteLocal, Rule::Conditional) => {
            "writes to keys that are at home on the other side are refused: consistency before availability"
        }
        (WritePattern::WriteLocal, Rule::ConditionalLocal) => {
            "every region goes on taking writes and checks conditions on its own copy; where two meet both were told yes, and one disappears without a word: availability before consistency"
        }
        (WritePattern::WriteLocal, Rule::Siblings) => {
            "every region goes on taking writes, and where two meet both wait for somebody to merge them: availability before consistency"
        }
        (WritePattern::WriteLocal, Rule::Merge) => {
            "every region goes on taking writes; they merge when the regions hear of each other again: available, and consistent in the end"
        }
        (WritePattern::WriteLocal, Rule::Quorum) => {
            "two regions that hear each other go on, and the third answers nobody: consistency before availability"
        }
    };
    let mut words = format!("{}{what}.", if cut { "" } else { "if a link were cut: " });
    words[..1].make_ascii_uppercase();
    words
}
