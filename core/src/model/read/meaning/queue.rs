//! A queue in front of writes: what makes no sense with it.

use super::Finder;
use crate::model::{QueueKind, Rule};

impl Finder<'_> {
    /// Nobody can be refused a write that was accepted, and consumers have to be able to keep up.
    pub(super) fn queue(&mut self) {
        let (queue, clients) = (&self.scenario.write_queue, &self.scenario.clients);
        if queue.kind == QueueKind::None {
            return;
        }
        if self.scenario.database.conflict == Rule::Conditional {
            let allowed = "\"none\": with conditional writes a client has to hear whether its own was done";
            self.say("write_queue.kind", &["database.conflict"], queue.kind.slug(), allowed);
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
