//! Two people who take the same seat, in words: what each was told, and in the end who has it.

use super::panels::{Headline, Tone};
use super::view::View;
use crate::app::seat::Taker;
use crate::observer::ledger::Fate;

impl View<'_> {
    /// What happens to the seat that two people take just now.
    pub(super) fn seat_headline(&self) -> Option<Headline> {
        let taking = self.app.taking()?;
        let [one, other] = taking.takers;
        let (first, second) = (self.plan.city(one.person), self.plan.city(other.person));
        let who = match (taking.settled, has(one), has(other)) {
            (false, ..) => ["two people take", "", ""],
            (true, false, false) => ["neither has", "", ""],
            (true, true, false) => [first, " has", ""],
            (true, false, true) => [second, " has", ""],
            (true, true, true) => [first, " and ", second],
        };
        let both = if has(one) && has(other) && taking.settled { " both have" } else { "" };
        let mut body = String::new();
        for (taker, city) in [(one, first), (other, second)] {
            body.extend([city].into_iter().chain(self.answer(taker, taking.settled)));
        }
        if taking.apart {
            body.push_str("Each region decides by itself: they show different owners.");
        }
        let tone = match [one, other].map(|taker| taker.found.map(|(_, fate)| fate)) {
            [Some(Fate::Lost), _] | [_, Some(Fate::Lost)] => Tone::Bad,
            _ if taking.settled && has(one) != has(other) => Tone::Good,
            _ => Tone::Warning,
        };
        let title = format!("Now: {}{both} the seat, key {}", who.concat(), taking.key);
        Some(Headline { tone, title, body: body.trim_end().into() })
    }

    /// What somebody was told, after the name.
    fn answer(&self, taker: Taker<'_>, settled: bool) -> [&str; 4] {
        let Some((line, fate)) = taker.found else { return [" asks for it. ", "", "", ""] };
        let end = match fate {
            Fate::Refused => return [" was told that somebody was first. ", "", "", ""],
            _ if !settled => "",
            Fate::Stands => ", and has it",
            Fate::Lost => ", and lost it without a word",
            Fate::Kept => ", and has it until somebody chooses",
            Fate::Merged => ", and has it beside the other",
            Fate::Overwritten => ", and then somebody who had seen it wrote over it",
            Fate::Undone | Fate::Queued | Fate::Consumed | Fate::Expired => ", and it did not stay",
        };
        let told = if line.acknowledged { " was told yes by " } else { "'s write is in " };
        [told, self.code(line.region), end, ". "]
    }
}

/// Whether somebody has the seat as far as it is known.
fn has(taker: Taker<'_>) -> bool {
    matches!(taker.found, Some((_, Fate::Stands | Fate::Kept | Fate::Merged)))
}
