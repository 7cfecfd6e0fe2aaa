//! What the consumers of a region do: they take messages from its queue at their rate, commit each in the
//! database that takes its writes, and delete it. While the database takes nothing they keep what they have and try that
//! again, with longer and longer pauses. If they stop, what they had is hidden for a time and then taken again.

use super::System;
use crate::catalog::queue;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, Ticket, VersionId};
use crate::model::QueueKind;
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::system::call::{Answer, Attempt, Call, State};
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::journal::What;
use crate::system::occurrence::{MessageEvent, Occurrence};
use crate::system::queue_service::fifo_limit;
use crate::system::timer::{QueueTimer, RequestTimer};
use crate::system::version::Content;
use crate::system::work_queue::{HOSTS, Held, Hold, Message};

/// The longest pause between two tries of a consumer.
const LONGEST_PAUSE_S: f64 = 20.0;
/// So many failures in a row are the database's, and not bad luck on the way there.
const TRUSTED: u32 = 3;
/// Attempts of consumers are numbered from here: clients make fewer.
const CONSUMED: u8 = 0x80;

/// What consumers do.
impl System {
    pub(super) fn on_queue_timer(&mut self, ctx: &mut Context<'_>, timer: QueueTimer) {
        match timer {
            QueueTimer::Receive(region) => self.receive(ctx, region),
            QueueTimer::TryAgain(region) => self.try_again(ctx, region),
        }
    }

    /// Whether the consumers of a region work.
    pub fn consumers_run(&self, region: RegionId) -> bool {
        let stopped = self.has_fault(FaultKind::ConsumersStop, Target::Region(region));
        !self.dark[region.index()] && !stopped
    }

    /// Something may be there to be taken.
    pub(super) fn wake_consumers(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let free = self.consumers_run(region);
        let Some(queue) = self.queues.get_mut(region.index()) else { return };
        if queue.idle && free && queue.paused.is_none() {
            queue.idle = false;
            ctx.at(queue.next.max(ctx.now), QueueTimer::Receive(region));
        }
    }

    /// A consumer asks for the next message.
    fn receive(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let free = self.consumers_run(region);
        let queue = &mut self.queues[region.index()];
        let nth = queue.through.calls;
        let host = ctx.chance(Purpose::Queue, region.0.into(), nth, 1).uniform() * HOSTS as f64;
        let message = (free && queue.paused.is_none()).then(|| queue.take(host as usize % HOSTS)).flatten();
        let Some(mut message) = message else {
            queue.idle = true;
            return;
        };
        let setting = &ctx.plan.scenario.write_queue;
        let most = if setting.kind == QueueKind::Fifo { fifo_limit(ctx) } else { f64::INFINITY };
        let pause_s = f64::from(ctx.plan.weight) / setting.consumed_per_s.min(most);
        queue.next = ctx.now + SimDuration::from_secs(pause_s);
        ctx.at(queue.next, QueueTimer::Receive(region));
        message.receives += 1;
        queue.through.calls += 1;
        self.meters.queue_calls[region] += 1;
        let poison =
            message.poison.and_then(|at| self.entry_of(FaultKind::PoisonMessage, Target::Region(at)));
        let fails = poison.is_some();
        let until = ctx.now + SimDuration::from_secs(*setting.visibility_s);
        let hold = if fails { Hold::Hidden(until) } else { Hold::Calling };
        let held = self.held.insert(Held { message, region, hold });
        self.queues[region.index()].held.push(held);
        if fails {
            // It may be over when the message is set aside because of it.
            self.queues[region.index()].stuck_by = poison;
        } else {
            self.commit_message(ctx, held);
        }
    }

    /// A consumer calls on the database that takes the write, as far as its region knows.
    fn commit_message(&mut self, ctx: &mut Context<'_>, held: Ticket) {
        let Some(&Held { message, region, .. }) = self.held.get(held) else { return };
        let number = CONSUMED.saturating_add((message.receives - 1).min(100) as u8);
        let attempt = Attempt { number, ..message.attempt };
        let call = Call::of_client(attempt, region, None, State::Consuming(held, held));
        if let Some(held) = self.held.get_mut(held) {
            held.hold = Hold::Calling;
        }
        let Some(to) = self.writer_for(ctx, &call) else {
            self.consumer_failed(ctx, held, self.why_no_writer(region));
            return;
        };
        let ticket = self.calls.insert(call);
        self.call_on(ctx, ticket, &call, (to, None));
        // No client waits for this, so whoever does has a limit of its own, whatever the database does.
        ctx.after_s(ctx.plan.scenario.database.timeout_s, RequestTimer::StoreTimedOut.of(ticket));
    }

    /// What a consumer has called on says what it has done, or will never say it.
    pub(super) fn on_consumed(&mut self, ctx: &mut Context<'_>, ticket: Ticket, on: Option<Ticket>) {
        let Some(&Call { state: State::Consuming(held, _), .. }) = self.calls.get(ticket) else { return };
        let asked = on.and_then(|on| self.calls.get(on));
        let said = asked.map_or(Answer::No, |call| *call.answer());
        let ruined = asked.is_some_and(|call| self.is_gone(call));
        let cause = asked.and_then(|call| self.why_not_taken(call)).or(ctx.cause());
        self.calls.remove(ticket);
        if let Some(on) = on {
            self.calls.remove(on);
        }
        match said {
            Answer::Written(version) => self.message_committed(ctx, held, version),
            // The database is there: it is this message with which nobody gets through.
            Answer::No if ruined => self.hide(ctx, held),
            Answer::No | Answer::Outrun | Answer::Queued(_) | Answer::Read(..) => {
                self.consumer_failed(ctx, held, cause);
            }
        }
    }

    /// What stands under the key of a call can neither be changed nor read.
    fn is_gone(&self, call: &Call) -> bool {
        let found = &self.databases[call.to.index()].versions[usize::from(call.attempt.key)];
        found.content == Content::Deleted
    }

    /// Why a database did not take a write.
    fn why_not_taken(&self, call: &Call) -> Option<EntryId> {
        self.why_no_database(call.to).or_else(|| self.why_no_writer(call.home))
    }

    /// Why nobody takes what consumers of a region have: their database, the one that they know, or what is being made anew.
    fn why_stuck(&self, ctx: &Context<'_>, region: RegionId) -> Option<EntryId> {
        let made_anew = self.databases.iter().any(|database| database.role == Role::Rebuilding);
        let closed = (0..self.ownership.partitions()).any(|it| !self.ownership.newest(it).open);
        let by_people = self.control.entry.filter(|_| made_anew || closed);
        let reasons = [self.why_no_writer(region), self.why_no_database(region), by_people];
        ctx.youngest(reasons)
    }

    /// A consumer has failed with a message: it comes back after a time, and is set aside if that happens too often.
    fn hide(&mut self, ctx: &Context<'_>, ticket: Ticket) {
        let until = ctx.now + SimDuration::from_secs(*ctx.plan.scenario.write_queue.visibility_s);
        let Some(held) = self.held.get_mut(ticket).filter(|held| held.hold == Hold::Calling) else { return };
        held.hold = Hold::Hidden(until);
        let queue = &mut self.queues[held.region.index()];
        queue.stuck_by = self.ruined_by.or(queue.stuck_by);
    }

    fn message_committed(&mut self, ctx: &mut Context<'_>, ticket: Ticket, version: VersionId) {
        let Some(held) = self.held.get_mut(ticket) else { return };
        let (serial, region, working) = (held.message.serial, held.region, held.hold == Hold::Calling);
        // News of the commit of a consumer that is gone helps nobody.
        if working {
            held.hold = Hold::Deleting;
            ctx.after(SimDuration::from_millis(queue::CALL.value), RequestTimer::Deleted.of(ticket));
        }
        ctx.tell(Occurrence::Message(MessageEvent::Consumed(serial, version)));
        if working {
            self.queues[region.index()].failed = 0;
            if self.queues[region.index()].paused.is_some() {
                self.go_on_consuming(ctx, region);
            }
        }
    }

    /// The message has been deleted, unless its consumer was gone before.
    pub(super) fn on_deleted(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&Held { message, region, hold }) = self.held.get(ticket) else { return };
        if hold != Hold::Deleting {
            return;
        }
        let queue = &mut self.queues[region.index()];
        queue.through.consumed += 1;
        queue.through.calls += 1;
        self.meters.queue_calls[region] += 1;
        self.drop_held(ticket, &message, region);
        self.wake_consumers(ctx, region);
    }

    pub(super) fn drop_held(&mut self, ticket: Ticket, message: &Message, region: RegionId) {
        self.held.remove(ticket);
        let queue = &mut self.queues[region.index()];
        queue.held.retain(|held| *held != ticket);
        queue.release(message);
    }

    /// The database did not take what a consumer had: it keeps that, and tries again. After some of these in a row all take
    /// nothing new until the database does.
    fn consumer_failed(&mut self, ctx: &mut Context<'_>, ticket: Ticket, cause: Option<EntryId>) {
        let Some(held) = self.held.get_mut(ticket) else { return };
        if held.hold != Hold::Calling {
            return;
        }
        held.hold = Hold::Waiting;
        let region = held.region;
        let queue = &mut self.queues[region.index()];
        queue.failed += 1;
        if queue.paused.is_none() && queue.failed >= TRUSTED {
            (queue.paused, queue.tries) = (Some(ctx.now), 0);
            let cause = cause.or_else(|| self.why_stuck(ctx, region));
            let entry = ctx.note(cause, What::ConsumersWait(region));
            self.queues[region.index()].stuck_by = Some(entry);
        }
        let queue = &mut self.queues[region.index()];
        if !std::mem::replace(&mut queue.again, true) {
            ctx.after_s(1.0, QueueTimer::TryAgain(region));
        }
    }

    /// A consumer tries again what the database did not take.
    fn try_again(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let free = self.consumers_run(region);
        let queue = &mut self.queues[region.index()];
        queue.again = false;
        if !free {
            return;
        }
        let (paused, cause) = (queue.paused.is_some(), queue.stuck_by);
        if paused {
            queue.tries += 1;
            queue.again = true;
            let pause_s = libm::pow(2.0, f64::from(queue.tries.min(10))).min(LONGEST_PAUSE_S);
            ctx.after_s(pause_s, QueueTimer::TryAgain(region));
            ctx.because(cause);
        }
        let waiting = self.waiting_holds(region);
        // One tries whether the database takes anything; while it is trusted all do.
        for held in waiting.into_iter().take(if paused { 1 } else { usize::MAX }) {
            self.commit_message(ctx, held);
        }
        // What they had is with nobody any more, or was taken after all.
        let queue = &self.queues[region.index()];
        let tries = |held: &Held| matches!(held.hold, Hold::Waiting | Hold::Calling);
        let all = queue.held.iter().filter_map(|held| self.held.get(*held));
        if queue.paused.is_some() && !all.copied().any(|held| tries(&held)) {
            self.go_on_consuming(ctx, region);
        }
    }

    fn waiting_holds(&self, region: RegionId) -> Vec<Ticket> {
        let waits = |held: &Ticket| self.held.get(*held).is_some_and(|held| held.hold == Hold::Waiting);
        self.queues[region.index()].held.iter().copied().filter(waits).collect()
    }

    /// The database takes writes again: what waited is committed, and new messages are taken.
    fn go_on_consuming(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let queue = &mut self.queues[region.index()];
        debug_assert!(queue.paused.is_some(), "they had stopped taking messages");
        (queue.paused, queue.failed) = (None, 0);
        let backlog = queue.backlog() as u32;
        ctx.note(queue.stuck_by, What::ConsumersGoOn { region, backlog });
        for held in self.waiting_holds(region) {
            self.commit_message(ctx, held);
        }
        self.wake_consumers(ctx, region);
    }

    /// A message was committed again.
    pub(super) fn count_duplicate(&mut self, call: &Call) {
        let parent = call.parent.and_then(|parent| self.calls.get(parent));
        if let Some(Call { state: State::Consuming(..), home, .. }) = parent {
            self.queues[home.index()].through.duplicates += 1;
        }
    }
}
