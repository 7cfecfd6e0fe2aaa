//! Where the messages of topics and queues are that no consumer has committed: the part of a walk that goes through them.

use crate::kernel::id::{EntryId, RegionId, Ticket};
use crate::kernel::sorted::in_order;
use crate::observer::ledger::Mark;
use crate::observer::walk::{Sounds, Walk};
use crate::system::work_queue::Message;
use crate::system::write_state::WriteState;

/// What has become of a message, and why if it is missing.
type Found = (WriteState, Option<EntryId>);

impl Walk<'_> {
    /// What became of each acknowledged write that a topic or a queue has accepted and no consumer has committed, with the
    /// number of its line, and why if it is missing.
    pub fn messages(&self, mut visit: impl FnMut(u32, WriteState, Option<EntryId>)) {
        if self.system.topics.is_empty() {
            self.each_place(|number, (state, because)| visit(number, state, because));
            return;
        }
        // A message can be in several places: it is as well off as in the best of them.
        let (mut first, mut best) = (u32::MAX, Vec::<Option<Found>>::new());
        self.each_place(|number, _| first = first.min(number));
        self.each_place(|number, found| {
            let place = (number - first) as usize;
            if best.len() <= place {
                best.resize(place + 1, None);
            }
            let known = best[place].get_or_insert(found);
            if found.0 < known.0 {
                *known = found;
            }
        });
        for (number, found) in best.into_iter().enumerate() {
            if let Some((state, because)) = found {
                visit(first + number as u32, state, because);
            }
        }
    }

    /// Acknowledged writes whose commit is missing while a topic or a queue in reach has their message still: a consumer will
    /// make them again. Tells the number of the commit, and what would have become of it.
    pub fn queued_again(&self, mut visit: impl FnMut(u32, WriteState)) {
        let (system, ledger) = (self.system, &self.observer.ledger);
        let lit = |region: RegionId| !system.dark[region.index()];
        let owed = system.deliveries.iter().filter(|delivery| !delivery.done && lit(delivery.from));
        let queues = self.plan.region_ids().zip(&system.queues).filter(|(region, _)| lit(*region));
        let held = |held: &Ticket| system.held.get(*held).map(|held| &held.message);
        let there = queues.flat_map(|(_, queue)| queue.waiting().chain(queue.held.iter().filter_map(held)));
        let commit = |message: &Message| {
            let line = ledger.get(self.observer.queued.line(message.serial))?;
            let number = u64::from(line.by);
            let commit = ledger.get(number).filter(|_| line.mark == Mark::Consumed)?;
            (commit.acknowledged && !commit.is_collided()).then_some((commit.key, number as u32))
        };
        let commits = owed.map(|delivery| &delivery.message).chain(there).filter_map(commit);
        let mut commits: Vec<(u16, u32)> =
            in_order(commits, |(key, number)| [f64::from(*key), f64::from(*number)]);
        commits.dedup();
        let (mut sounds, mut looked) = (Sounds::default(), None);
        for (key, number) in commits {
            if looked.replace(key) != Some(key) {
                sounds.look(&self.near, self.observer, key);
            }
            let Some(commit) = ledger.get(number.into()) else { continue };
            let (state, _) = self.judge(key, &mut sounds, commit.region, commit.count);
            if state.is_missing() {
                visit(number, state);
            }
        }
    }

    fn each_place(&self, mut visit: impl FnMut(u32, Found)) {
        let (queued, ledger, system) = (&self.observer.queued, &self.observer.ledger, self.system);
        let told = |number: u64| {
            ledger.get(number).is_some_and(|line| line.acknowledged && line.mark != Mark::Consumed)
        };
        let in_region = |region: RegionId| match system.dark[region.index()] {
            true => (WriteState::OutOfReach, system.databases[region.index()].lost_by),
            false => (WriteState::Queued, None),
        };
        let mut found = |serial: u32, found: Found| {
            let number = queued.line(serial);
            if told(number) {
                visit(number as u32, found);
            }
        };
        for delivery in system.deliveries.iter().filter(|delivery| !delivery.done) {
            found(delivery.message.serial, in_region(delivery.from));
        }
        for (region, queue) in self.plan.region_ids().zip(&system.queues) {
            let held = queue.held.iter().filter_map(|held| system.held.get(*held)).map(|held| &held.message);
            for message in queue.waiting().chain(held) {
                found(message.serial, in_region(region));
            }
            for (message, because) in &queue.dead {
                found(message.serial, (WriteState::SetAside, *because));
            }
        }
        for (number, entry) in queued.expired.iter().filter(|(number, _)| told((*number).into())) {
            visit(*number, (WriteState::Lost, Some(*entry)));
        }
    }
}
