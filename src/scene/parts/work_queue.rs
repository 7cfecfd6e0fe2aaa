//! The queue in front of the writes of a region, as its card shows it, and what can be ordered about it.

use crate::app::Msg;
use crate::kernel::id::RegionId;
use crate::scene::panels::{Action, Tone};
use crate::scene::view::View;
use crate::scene::words::number;

/// A region's queue in front of its writes.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueLine {
    /// "1,234 waiting, oldest 2 min · 12 in hand · 1 dead".
    pub text: String,
    /// How it is doing.
    pub tone: Tone,
    /// What that means, in a sentence.
    pub hint: String,
}

impl View<'_> {
    /// What waits in a region's queue, what consumers hold, and what was set aside.
    pub(in crate::scene) fn queue_line(&self, region: RegionId) -> Option<QueueLine> {
        let system = &self.world.system;
        let queue = system.queues.get(region.index())?;
        let messages = |count: usize| number::count(self.real(count as u64));
        let mut text = format!("{} waiting", messages(queue.backlog()));
        if let Some(oldest) = queue.oldest(self.now).filter(|oldest| oldest.secs() >= 1.0) {
            text = format!("{text}, oldest {}", number::span(oldest.secs().floor()));
        }
        let mut facts = vec![text];
        if !queue.held.is_empty() {
            facts.push(format!("{} in hand", messages(queue.held.len())));
        }
        if !queue.dead.is_empty() {
            facts.push(format!("{} dead", messages(queue.dead.len())));
        }
        let topic = system.topics.get(region.index());
        let undelivered = topic.filter(|topic| topic.waits.is_some());
        if let Some(topic) = undelivered {
            facts.push(format!("{} to deliver", messages(topic.owed as usize)));
        }
        let stops = queue.paused.is_some() || !system.consumers_run(region);
        let tone = match (queue.dead.is_empty(), stops) {
            _ if self.is_dark(region) => Tone::Bad,
            (false, _) => Tone::Bad,
            (true, true) => Tone::Warning,
            (true, false) if undelivered.is_some() => Tone::Warning,
            (true, false) => Tone::Plain,
        };
        let hint = match stops {
            _ if self.is_dark(region) => "Out of reach: what waits here comes back with the region.",
            true => "Consumers take nothing now: writes are accepted, and wait.",
            false if undelivered.is_some() => {
                "The queue of the other region does not answer the topic here, which tries again and again."
            }
            false => "Writes that were accepted and that a consumer will commit.",
        };
        Some(QueueLine { text: facts.join(" · "), tone, hint: hint.into() })
    }

    /// Dead messages can be sent again.
    pub(in crate::scene) fn redrives(&self) -> impl Iterator<Item = Action> + '_ {
        let queues = self.plan.region_ids().zip(&self.world.system.queues);
        let dead = queues.filter(|(region, queue)| !queue.dead.is_empty() && !self.is_dark(*region));
        dead.map(|(region, queue)| {
            let code = self.code(region);
            let all = number::counted(self.real(queue.dead.len() as u64), "dead message");
            Action {
                label: format!("Send {all} again"),
                hint: format!("What was set aside in {code} goes to its queue once more."),
                msg: Msg::Ordered(format!("redrive={code}")),
                slug: format!("redrive-{code}"),
            }
        })
    }
}
