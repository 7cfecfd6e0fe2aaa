//! Two people who take the same seat, in words: what each was told, and in the end who has it.

use super::panels::{Headline, Tone};
use super::view::View;
use super::words::number;
use crate::app::seat::Taker;
use crate::observer::ledger::Fate;

impl View<'_> {
    /// What happens to the seat that two people take just now.
    pub(super) fn seat_headline(&self) -> Option<Headline> {
        let taking = self.app.taking()?;
        let fate = |taker: &Taker<'_>| taker.found.map(|(_, fate)| fate);
        let has = |taker: &&Taker<'_>| matches!(fate(taker), Some(Fate::Stands | Fate::Kept | Fate::Merged));
        let owners: Vec<&str> =
            taking.takers.iter().filter(has).map(|taker| self.plan.city(taker.person)).collect();
        let who = match owners.len() {
            _ if !taking.settled => "two people take".into(),
            0 => "neither has".into(),
            1 => format!("{} has", owners[0]),
            _ => format!("{} both have", number::list(&owners)),
        };
        let mut said: Vec<String> =
            taking.takers.iter().map(|taker| self.taker(taker, taking.settled)).collect();
        if taking.apart {
            said.push("Each region decides by itself: they show different owners.".into());
        }
        let tone = if taking.takers.iter().any(|taker| fate(taker) == Some(Fate::Lost)) {
            Tone::Bad
        } else if taking.settled && owners.len() == 1 {
            Tone::Good
        } else {
            Tone::Warning
        };
        Some(Headline {
            tone,
            title: format!("Now: {who} the seat, key {}", taking.key),
            body: said.join(" "),
        })
    }

    fn taker(&self, taker: &Taker<'_>, settled: bool) -> String {
        let city = self.plan.city(taker.person);
        let Some((line, fate)) = taker.found else { return format!("{city} asks for it.") };
        let end = match fate {
            Fate::Refused => return format!("{city} was told that somebody was first."),
            Fate::Stands => "and has it",
            Fate::Lost => "and lost it without a word",
            Fate::Kept => "and has it until somebody chooses",
            Fate::Merged => "and has it beside the other",
            Fate::Overwritten => "and then somebody who had seen it wrote over it",
            Fate::Undone | Fate::Queued | Fate::Consumed | Fate::Expired => "and it did not stay",
        };
        let region = self.code(line.region);
        match (line.acknowledged, settled) {
            (false, _) => format!("{city}'s write is in {region}."),
            (true, false) => format!("{city} was told yes by {region}."),
            (true, true) => format!("{city} was told yes by {region}, {end}."),
        }
    }
}
