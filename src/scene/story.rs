//! The story so far as text: the journal, the writes that were lost, and the whole screen for a screen reader.

use super::panels::{JournalLine, Panels};
use super::view::View;
use super::words::{loss, number};
use crate::kernel::id::EntryId;
use crate::observer::loss::Missing;

/// The most journal lines and the most lost writes that are listed.
const MOST_LINES: usize = 60;

impl View<'_> {
    /// The newest journal lines, newest first.
    pub(super) fn journal_lines(&self) -> Vec<JournalLine> {
        let line = |index: usize| {
            let entry = &self.journal[index];
            let id = EntryId(index as u32);
            let told = self.words.told(&entry.what);
            JournalLine {
                id: id.0,
                at_s: entry.at.secs(),
                at_text: number::clock_tenths(entry.at.secs()),
                text: told.sentence,
                tone: told.tone,
                why: if entry.cause.is_some() { self.why(id) } else { Vec::new() },
            }
        };
        (0..self.journal.len()).rev().take(MOST_LINES).map(line).collect()
    }

    /// Missing writes by name with what became of them, in the order of their commits; none in steps of more than 1.
    pub(super) fn lost_writes(&self) -> Vec<String> {
        if !self.is_fine() {
            return Vec::new();
        }
        let (ledger, losses) = (&self.world.observer.ledger, &self.world.observer.losses);
        let name = |missing: Missing| {
            let commit = ledger.get(missing.number.into())?.commit();
            Some(format!("{}: it {}", self.write_name(&commit), loss::became(missing.state, false)))
        };
        losses.examples(MOST_LINES).into_iter().filter_map(name).collect()
    }
}

impl View<'_> {
    /// What stands in the place of a list of missing writes.
    pub(super) fn lost_writes_note(&self) -> String {
        let step = self.plan.step();
        match (self.all_missing().missing(), number::stepped(0, step, self.may_lose())) {
            (0, none) if none == "0" => "No acknowledged write is missing.".into(),
            (0, few) => {
                format!("{}{} acknowledged writes are missing.", few[..1].to_ascii_uppercase(), &few[1..])
            }
            (missing, _) => format!(
                "{} cannot be read now. Run finely to see each by name.",
                number::counted(missing, "acknowledged write")
            ),
        }
    }
}

/// The whole screen as text: what a person sees, in the order in which it matters.
pub(super) fn describe(panels: &Panels) -> String {
    let mut lines = vec![format!("{} at {}.", panels.title, panels.transport.now_text)];
    lines.push(format!("{}. {}", panels.headline.title, panels.headline.body));
    for score in panels.objectives.iter().chain(&panels.scores) {
        let unit = if score.unit.is_empty() { String::new() } else { format!(" {}", score.unit) };
        let note = if score.note.is_empty() { String::new() } else { format!(" ({})", score.note) };
        lines.push(format!("{}: {}{unit}{note}.", score.label, score.value));
    }
    if let Some(asked) = &panels.question {
        lines.push(format!("{} {}", asked.title, asked.text));
        lines.extend(asked.answers.iter().map(|answer| format!("{}: {}", answer.label, answer.hint)));
    }
    lines.extend(panels.counting.iter().map(|counting| format!("{counting}.")));
    lines.extend(panels.incidents.iter().map(|incident| format!("{}.", incident.label)));
    lines.extend(panels.timeline.spells.iter().map(|spell| format!("{}.", spell.label)));
    lines.extend(panels.regions.iter().map(|card| card.label.clone()));
    lines.push(panels.route53.label.clone());
    for link in &panels.links {
        let queue = if link.queue_text.is_empty() { String::new() } else { format!(", {}", link.queue_text) };
        lines.push(format!("Link {}, {}{queue}.", link.label, link.lag_text));
    }
    for row in &panels.clients {
        let times = match panels.counting {
            None => row.times() + ", ",
            Some(_) => String::new(),
        };
        lines.push(format!("{}: {} served, {times}{}.", row.name, row.served, row.answers));
    }
    lines.extend(
        panels.timeline.runs.iter().filter(|run| run.number.is_some()).map(|run| format!("{}.", run.note)),
    );
    for bar in &panels.timeline.bars {
        lines.push(format!("Recovery, {}.", bar.note));
    }
    if panels.lost_writes_total > 0 {
        let named = number::counted(panels.lost_writes_total, "acknowledged write");
        let among = panels.lost_writes.first().map(|write| format!(", among them {write}"));
        lines.push(format!("{named} cannot be read now{}.", among.unwrap_or_default()));
    }
    lines.join("\n")
}
