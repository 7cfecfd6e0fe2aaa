//! What becomes of writes, in words; and what a design gives up while regions do not hear each other.

use super::super::panels::Tone;
use crate::model::Rule;
use crate::model::scenario::WritePattern;
use crate::observer::ledger::Fate;

/// A fate in a word, for a button.
pub const fn name(fate: Fate) -> &'static str {
    match fate {
        Fate::Stands => "Stand",
        Fate::Overwritten => "Overwritten",
        Fate::Lost => "Lost",
        Fate::Kept => "Kept beside",
        Fate::Merged => "Merged",
        Fate::Undone => "Undone",
        Fate::Refused => "Refused",
    }
}

/// How serious a fate is.
pub const fn tone(fate: Fate) -> Tone {
    match fate {
        Fate::Stands | Fate::Merged => Tone::Plain,
        Fate::Overwritten => Tone::Muted,
        Fate::Kept | Fate::Refused => Tone::Warning,
        Fate::Lost | Fate::Undone => Tone::Bad,
    }
}

/// What has become of a write; `by` names the other one, and `seen` says where it can be seen.
pub fn sentence(fate: Fate, by: &str, seen: &str, told: bool) -> String {
    let other = |before: &str, after: &str| match by {
        "" => format!("{before} another write{after}."),
        by => format!("{before} {by}{after}."),
    };
    match fate {
        Fate::Stands => format!("Stands; {seen}."),
        Fate::Overwritten => other("Overwritten by", ", whose client had seen it"),
        Fate::Lost if told => other("Lost to", "; it had been confirmed, and nobody was told"),
        Fate::Lost => other("Lost to", "; nobody was told"),
        Fate::Kept => other("Kept beside", " until somebody merges them"),
        Fate::Merged => other("Merged into", ""),
        Fate::Undone => "Taken away by a promotion or a restore.".into(),
        Fate::Refused => other("Refused because of", "; its client knows"),
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
