//! Whether each row of a table that scripts and scenarios can name is met in a story.

use std::fmt::Debug;

use faultline::model::scenario::{Strategy, WritePattern};
use faultline::model::{Engine, FaultKind, Rule, Session, TargetKind, Verb};

use crate::source::{Blank, Source};

/// Stories about something in particular. Random scripts, whole runs kept as digests and pairs of runs name everything, but
/// expect nothing of one thing.
const OF_ALL: [&str; 6] = ["draw", "golden", "known", "lab", "pairs", "storms"];

/// How a story names a row.
enum Named {
    /// As an order: its word, and what it is aimed at.
    Order(&'static str, TargetKind),
    /// As a value of a type, or as a word in a file.
    Value(String, &'static str),
}

impl Named {
    fn of<T: Debug>(of_type: &str, value: T, slug: &'static str) -> Self {
        Self::Value(format!("{of_type}::{value:?}"), slug)
    }

    fn is_in(&self, text: &str) -> bool {
        match self {
            // A word with a target is followed by it, and one without ends the order.
            Self::Order(word, TargetKind::Nothing) => {
                text.contains(&format!("\"{word}\"")) || text.contains(&format!(" {word}\""))
            }
            Self::Order(word, _) => {
                let order = format!("{word}=");
                let mut places = text.match_indices(&order);
                places.any(|(at, _)| text[..at].ends_with(['"', ' ']))
            }
            Self::Value(value, slug) => {
                let ends = |at: usize| !text[at..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
                let mut places = text.match_indices(value.as_str());
                places.any(|(at, _)| ends(at + value.len())) || text.contains(&format!("\"{slug}\""))
            }
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Order(word, _) | Self::Value(_, word) => word,
        }
    }
}

/// Every row that a script or a scenario can name.
fn rows() -> Vec<Named> {
    let mut rows = Vec::new();
    rows.extend(FaultKind::ALL.map(|kind| Named::Order(kind.slug(), kind.target_kind())));
    rows.extend(Verb::ALL.map(|verb| Named::Order(verb.slug(), verb.target_kind())));
    rows.extend(Engine::ALL.map(|engine| Named::of("Engine", engine, engine.slug())));
    rows.extend(Strategy::ALL.map(|strategy| Named::of("Strategy", strategy, strategy.slug())));
    rows.extend(WritePattern::ALL.map(|pattern| Named::of("WritePattern", pattern, pattern.slug())));
    rows.extend(Rule::ALL.map(|rule| Named::of("Rule", rule, rule.slug())));
    rows.extend(Session::ALL.map(|session| Named::of("Session", session, session.slug())));
    rows
}

/// Every row that no story names.
pub(crate) fn untold(sources: &[Source]) -> Vec<String> {
    let of_one = |source: &&Source| {
        let name = source.path.strip_prefix("tests/stories/").and_then(|name| name.strip_suffix(".rs"));
        name.is_some_and(|name| !OF_ALL.contains(&name))
    };
    let stories = sources.iter().filter(of_one).map(|source| source.lines(Blank::Comments));
    let lines: Vec<String> = stories.flatten().map(|(_, line)| line).collect();
    assert!(lines.len() > 1000, "only {} lines of stories found", lines.len());
    let text = lines.join("\n");
    let untold = rows().into_iter().filter(|row| !row.is_in(&text));
    untold.map(|row| format!("tests/stories: {}", row.word())).collect()
}

#[test]
fn orders_and_values_are_found_where_they_are_named() {
    let cut = Named::Order("link-cut", TargetKind::Link);
    assert!(cut.is_in("(\"10m link-cut=a:b\")") && cut.is_in("order(\"link-cut=a:b\")"));
    assert!(!cut.is_in("link-cut-one-way=a>b") && !cut.is_in("\"my-link-cut=a:b\""));
    let decide = Named::Order("decide", TargetKind::Nothing);
    assert!(decide.is_in("order(\"decide\")") && !decide.is_in("they decide"));
    let strong = Named::of("Engine", Engine::DynamodbStrong, "dynamodb-strong");
    assert!(strong.is_in("Engine::DynamodbStrong)") && !strong.is_in("Engine::DynamodbStronger"));
}
