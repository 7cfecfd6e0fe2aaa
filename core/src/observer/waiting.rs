//! Where the messages of queues are that no consumer has committed: the part of a walk that goes through queues.

use crate::kernel::id::EntryId;
use crate::observer::ledger::Mark;
use crate::observer::walk::Walk;
use crate::system::write_state::WriteState;

impl Walk<'_> {
    /// What became of each acknowledged write that a queue has accepted and no consumer has committed, with the number of its
    /// line, and why if it is missing.
    pub fn messages(&self, mut visit: impl FnMut(u32, WriteState, Option<EntryId>)) {
        let (queued, ledger, system) = (&self.observer.queued, &self.observer.ledger, self.system);
        let told = |number: u64| {
            ledger.get(number).is_some_and(|line| line.acknowledged && line.mark != Mark::Consumed)
        };
        for (region, queue) in system.queues.iter().enumerate() {
            let held = queue.held.iter().filter_map(|held| system.held.get(*held)).map(|held| &held.message);
            let because = system.databases[region].lost_by.filter(|_| system.dark[region]);
            let state = if system.dark[region] { WriteState::OutOfReach } else { WriteState::Queued };
            for message in queue.waiting().chain(held) {
                let number = queued.line(message.serial);
                if told(number) {
                    visit(number as u32, state, because);
                }
            }
            for (message, because) in &queue.dead {
                let number = queued.line(message.serial);
                if told(number) {
                    visit(number as u32, WriteState::SetAside, *because);
                }
            }
        }
        for (number, entry) in queued.expired.iter().filter(|(number, _)| told((*number).into())) {
            visit(*number, WriteState::Lost, Some(*entry));
        }
    }
}
