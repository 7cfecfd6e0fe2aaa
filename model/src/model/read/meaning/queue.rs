//! A queue in front of writes: what makes no sense with it.

use super::Finder;
use crate::model::blueprint::Blueprint;
use crate::model::scenario::{Scenario, WritePattern};
use crate::model::{QueueKind, Rule};

/// Why this cannot stand in front of a scenario's writes: which settings forbid it, and a reason; `None` if it can.
pub fn why_no_queue(scenario: &Scenario, kind: QueueKind) -> Option<(&'static [&'static str], &'static str)> {
    let rule = scenario.database.conflict;
    let everywhere =
        Blueprint::of(scenario).writes_everywhere() && scenario.write_pattern == WritePattern::WriteLocal;
    if kind != QueueKind::None && rule.is_conditional() {
        return Some((
            &["database.conflict"],
            "with conditional writes a client has to hear whether its own was done",
        ));
    }
    if kind != QueueKind::None && !scenario.placement.is_empty() {
        let why = "a queue keeps a write in the region that was asked, which a rule of placement may forbid";
        return Some((&["placement"], why));
    }
    if kind != QueueKind::Topic {
        return None;
    }
    if scenario.regions.len() < 2 {
        return Some((&["regions"], "a topic feeds queues in two regions, and there is one"));
    }
    let twice = everywhere && rule != Rule::Quorum;
    twice.then_some((
        &["write_pattern", "database.conflict", "strategy"],
        "where every region takes every write, one from two queues would collide with itself",
    ))
}

impl Finder<'_> {
    /// Nobody can be refused a write that was accepted, and consumers have to be able to keep up.
    pub(super) fn queue(&mut self) {
        let (queue, clients) = (&self.scenario.write_queue, &self.scenario.clients);
        if queue.kind == QueueKind::None {
            return;
        }
        if let Some((settings, why)) = why_no_queue(self.scenario, queue.kind) {
            let others =
                QueueKind::ALL.into_iter().filter(|kind| why_no_queue(self.scenario, *kind).is_none());
            let others: Vec<String> = others.map(|kind| format!("{:?}", kind.slug())).collect();
            self.say(
                "write_queue.kind",
                settings,
                queue.kind.slug(),
                format!("{}: {why}", others.join(", ")),
            );
        }
        let writes: f64 =
            clients.populations.iter().map(|it| *it.requests_per_s * (1.0 - *it.read_share)).sum();
        // Where every region serves, each has a queue for its own clients.
        let all = self.scenario.strategy.rules().serves;
        let queues = if all { self.scenario.regions.len().max(1) as f64 } else { 1.0 };
        if *queue.consumed_per_s * queues < writes {
            let allowed = format!(
                "at least {:.1}, the writes that clients make",
                (writes / queues * 10.0).ceil() / 10.0
            );
            let also = ["clients.populations", "regions", "strategy"];
            self.say("write_queue.consumed_per_s", &also, *queue.consumed_per_s, allowed);
        }
    }
}
