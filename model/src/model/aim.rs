//! What faults and orders are aimed at: how that is written, and what it is once it has been looked up.

use crate::kernel::id::{PopulationId, RegionId, ReleaseId, RunbookId, ZoneId};
use crate::kernel::kinds::kinds;
use serde::Serialize;

/// The furthest moment that can be restored, in seconds from the start: the longest retention.
const FURTHEST_S: i32 = 3_024_000;

/// How a target is written.
struct Form {
    /// What it names: "a region".
    names: &'static str,
    /// One that is well written: "us-east-1".
    example: &'static str,
    /// Every form, in capitals: "REGION".
    forms: &'static [&'static str],
}

kinds! {
    /// What an order can be aimed at, and how that is written.
    pub enum TargetKind: Form {
        /// Nothing in particular.
        Nothing = "nothing" => Form { names: "no target", example: "", forms: &[""] },
        /// A region: "us-east-1".
        Region = "region" => Form { names: "a region", example: "us-east-1", forms: &["REGION"] },
        /// A zone: "us-east-1a".
        Zone = "zone" => Form { names: "a zone", example: "us-east-1a", forms: &["ZONE"] },
        /// Two regions, whichever comes first: "us-east-1:eu-west-1".
        Link = "link" => Form { names: "two regions", example: "us-east-1:eu-west-1", forms: &["REGION:REGION"] },
        /// Two zones of a region, whichever comes first: "us-east-1a:us-east-1b".
        ZoneLink = "zone-link" => Form {
            names: "two zones of a region",
            example: "us-east-1a:us-east-1b",
            forms: &["ZONE:ZONE"],
        },
        /// From one region to another: "us-east-1>eu-west-1".
        Direction = "direction" => Form {
            names: "a direction",
            example: "us-east-1>eu-west-1",
            forms: &["REGION>REGION"],
        },
        /// A region, and a moment of it if one is named: "us-east-1@-600".
        Moment = "moment" => Form {
            names: "a region",
            example: "us-east-1",
            forms: &["REGION", "REGION@SECONDS"],
        },
        /// From one city to another: "New York>Mumbai".
        Journey = "journey" => Form { names: "two cities", example: "New York>Mumbai", forms: &["CITY>CITY"] },
        /// An answer to a question, or none.
        Answer = "answer" => Form { names: "an answer", example: "promote", forms: &["", "promote", "wait"] },
        /// A city and a key: "London:14".
        Key = "key" => Form { names: "a city and a key", example: "London:14", forms: &["CITY:KEY"] },
        /// A release of the scenario: "v43".
        Release = "release" => Form { names: "a release", example: "v43", forms: &["RELEASE"] },
        /// A runbook by its name, and from where to where it runs, or where, if that is named:
        /// "fail-over:us-east-1>eu-west-1".
        Runbook = "runbook" => Form {
            names: "a runbook",
            example: "fail-over",
            forms: &["NAME", "NAME:REGION", "NAME:REGION>REGION"],
        },
        /// A city of the scenario, or all of them: "Tokyo".
        City = "city" => Form { names: "a city, or no target", example: "Tokyo", forms: &["", "CITY"] },
    }
}

impl TargetKind {
    /// What it names: "a region".
    pub const fn names(self) -> &'static str {
        self.row().names
    }

    /// One that is well written: "us-east-1"; empty if there is no target.
    pub const fn example(self) -> &'static str {
        self.row().example
    }

    /// What a target of this kind looks like: "a region, as in us-east-1".
    pub fn words(self) -> String {
        match self.row() {
            Form { names, example: "", .. } => (*names).into(),
            Form { names, example, .. } => format!("{names}, as in {example}"),
        }
    }

    /// Every way to write an order with this word: "restore=REGION" and "restore=REGION@SECONDS".
    pub(crate) fn usages(self, word: &str) -> impl Iterator<Item = String> {
        self.row().forms.iter().map(move |form| written(word, form))
    }

    /// The text without needless spaces, if a target of this kind can look like that; else what is allowed after the word.
    pub(crate) fn tidy(self, word: &str, text: &str) -> Result<String, String> {
        let tidy = match self {
            Self::Nothing => text.is_empty().then(String::new),
            Self::Region | Self::Zone | Self::Link | Self::ZoneLink | Self::Release => {
                (!text.is_empty()).then(|| text.into())
            }
            Self::Direction | Self::Journey => {
                text.split_once('>').map(|(from, to)| format!("{}>{}", from.trim(), to.trim()))
            }
            Self::Moment if text.is_empty() => None,
            Self::Moment => match moment(text) {
                Some((region, None)) => Some(region.into()),
                Some((region, Some(second))) => Some(format!("{region}@{second}")),
                None => {
                    return Err(format!(
                        "{word}=REGION@SECONDS with whole seconds from -{FURTHEST_S} to {FURTHEST_S}"
                    ));
                }
            },
            Self::City => Some(text.into()),
            Self::Answer => Answer::named(text).map(|answer| answer.slug().into()),
            Self::Key => key(text).map(|(city, key)| format!("{city}:{key}")),
            Self::Runbook => runbook(text).map(|(name, ends)| match ends {
                None => name.into(),
                Some((from, to)) if from == to => format!("{name}:{from}"),
                Some((from, to)) => format!("{name}:{from}>{to}"),
            }),
        };
        tidy.ok_or_else(|| format!("{word} with {}", self.words()))
    }
}

/// "region-dark=us-east-1", or the word alone if it has no target.
pub(crate) fn written(word: &str, target: &str) -> String {
    if target.is_empty() { word.into() } else { format!("{word}={target}") }
}

/// "us-east-1@-600" as a region and a second, if one is named; nothing if that is no second that can be restored.
pub(crate) fn moment(text: &str) -> Option<(&str, Option<i32>)> {
    let Some((region, second)) = text.split_once('@') else { return Some((text, None)) };
    let second = second.trim().parse::<i32>().ok().filter(|second| second.abs() <= FURTHEST_S)?;
    Some((region.trim(), Some(second)))
}

/// "London:14" as a city and a key.
pub(crate) fn key(text: &str) -> Option<(&str, u16)> {
    let (city, key) = text.rsplit_once(':')?;
    Some((city.trim(), key.trim().parse().ok()?))
}

/// "fail-over:us-east-1>eu-west-1" as a name, and from where to where it runs; twice the same region if one is named.
pub(crate) fn runbook(text: &str) -> Option<(&str, Option<(&str, &str)>)> {
    let Some((name, ends)) = text.split_once(':') else {
        return Some((text.trim(), None)).filter(|(name, _)| !name.is_empty());
    };
    let (from, to) = ends.split_once('>').unwrap_or((ends, ends));
    let (name, from, to) = (name.trim(), from.trim(), to.trim());
    let whole = ![name, from, to].contains(&"");
    whole.then_some((name, Some((from, to))))
}

/// What a fault is aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// Nothing in particular.
    Nothing,
    /// A region.
    Region(RegionId),
    /// A zone.
    Zone(ZoneId),
    /// Two regions, the one with the least number first.
    Link(RegionId, RegionId),
    /// From one region to another.
    Direction(RegionId, RegionId),
    /// Two zones of a region, the one with the least index first.
    ZoneLink(ZoneId, ZoneId),
}

impl Target {
    /// The way between two zones.
    pub fn zone_link(a: ZoneId, b: ZoneId) -> Self {
        Self::ZoneLink(a.min(b), a.max(b))
    }

    /// The link between two regions.
    pub fn link(a: RegionId, b: RegionId) -> Self {
        Self::Link(a.min(b), a.max(b))
    }

    /// What kind of target it is.
    pub const fn kind(self) -> TargetKind {
        match self {
            Self::Nothing => TargetKind::Nothing,
            Self::Region(_) => TargetKind::Region,
            Self::Zone(_) => TargetKind::Zone,
            Self::Link(..) => TargetKind::Link,
            Self::Direction(..) => TargetKind::Direction,
            Self::ZoneLink(..) => TargetKind::ZoneLink,
        }
    }

    /// The region that it is, or is in.
    pub const fn region(self) -> Option<RegionId> {
        match self {
            Self::Region(region) => Some(region),
            Self::Zone(zone) | Self::ZoneLink(zone, _) => Some(zone.region),
            Self::Nothing | Self::Link(..) | Self::Direction(..) => None,
        }
    }

    /// The zone that it is.
    pub const fn zone(self) -> Option<ZoneId> {
        match self {
            Self::Zone(zone) => Some(zone),
            Self::Nothing | Self::Region(_) | Self::Link(..) | Self::Direction(..) | Self::ZoneLink(..) => {
                None
            }
        }
    }

    /// Whether a link names its regions, or the zones of one region, in order, and nothing is at both ends.
    pub(crate) fn is_sound(self) -> bool {
        match self {
            Self::Link(a, b) => a < b,
            Self::Direction(from, to) => from != to,
            Self::ZoneLink(a, b) => a.region == b.region && a.index < b.index,
            Self::Nothing | Self::Region(_) | Self::Zone(_) => true,
        }
    }
}

/// What an order is aimed at: what a fault can be aimed at, and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// What a fault can be aimed at too.
    At(Target),
    /// A region at a second since the start, or as new as can be had.
    Moment(RegionId, Option<i32>),
    /// A population, and a city of the catalog by its index.
    Journey(PopulationId, u8),
    /// An answer.
    Answer(Answer),
    /// A population and a key.
    Key(PopulationId, u16),
    /// A release of the scenario.
    Release(ReleaseId),
    /// A runbook, and from where to where it runs, if that is named.
    Runbook(RunbookId, Option<(RegionId, RegionId)>),
    /// A population, or all of them.
    City(Option<PopulationId>),
}

kinds! {
    /// What a person says who is asked.
    pub enum Answer {
        /// What was proposed is done.
        Yes = "",
        /// The copy is promoted, and what it lacks is set aside.
        Promote = "promote",
        /// Nothing is done until what is missing is back.
        Wait = "wait",
    }
}
