//! What goes into the queue of a region, and what its consumers do: they take messages at their rate, commit each in the
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
use crate::system::journal::What;
use crate::system::occurrence::{Enqueued, MessageEvent, Occurrence};
use crate::system::timer::{QueueTimer, RequestTimer};
use crate::system::work_queue::{HOSTS, Held, Hold, Message};

/// The longest pause between two tries of a consumer.
const LONGEST_PAUSE_S: f64 = 20.0;
/// Attempts of consumers are numbered from here: clients make fewer.
const CONSUMED: u8 = 0x80;

/// What comes in.
impl System {
    /// A server sends a write to the queue of its region.
    pub(super) fn send_message(ctx: &mut Context<'_>, on: Ticket) {
        debug_assert!(ctx.plan.has_queues(), "there is a queue");
        ctx.after(SimDuration::from_millis(queue::CALL.value), RequestTimer::Enqueued.of(on));
    }

    /// A write has come to the queue. A FIFO queue knows what was sent before by the same client, and takes so many a second.
    pub(super) fn on_message(&mut self, ctx: &mut Context<'_>, on: Ticket) {
        let Some(&Call { attempt, to: region, .. }) = self.calls.get(on) else { return };
        if self.dark[region.index()] {
            self.fall_silent(on);
            return;
        }
        let known = self.clients.requests.get(attempt.request).and_then(|request| request.queued);
        let fifo = ctx.plan.scenario.write_queue.kind == QueueKind::Fifo;
        let same = known.filter(|(place, _)| fifo && *place == region).map(|(_, serial)| serial);
        let queue = &mut self.queues[region.index()];
        queue.through.calls += 1;
        self.meters.queue_calls[region] += 1;
        if same.is_none() && fifo && f64::from(queue.accepted) >= fifo_limit(ctx) {
            self.done_storing(ctx, on, Answer::No);
            return;
        }
        let serial = same.unwrap_or_else(|| self.accept_message(ctx, region, attempt));
        self.done_storing(ctx, on, Answer::Queued(serial));
    }

    fn accept_message(&mut self, ctx: &mut Context<'_>, region: RegionId, attempt: Attempt) -> u32 {
        self.messages += 1;
        let (serial, queue) = (self.messages, &mut self.queues[region.index()]);
        queue.accepted += ctx.plan.weight;
        let poison = std::mem::take(&mut queue.poisons);
        let message = Message { serial, attempt, sent: ctx.now, receives: 0, poison, committed: None };
        let host = ctx.chance(Purpose::Queue, region.0.into(), serial.into(), 0).uniform();
        queue.push(message, (host * HOSTS as f64) as usize % HOSTS);
        if let Some(request) = self.clients.requests.get_mut(attempt.request) {
            request.queued = Some((region, serial));
        }
        if let Some(write) = attempt.write {
            let Attempt { key, population, .. } = attempt;
            let accepted = Enqueued { serial, write, key, population, region };
            ctx.tell(Occurrence::Message(MessageEvent::Accepted(accepted)));
        }
        self.wake_consumers(ctx, region);
        serial
    }
}

/// What consumers do.
impl System {
    pub(super) fn on_queue_timer(&mut self, ctx: &mut Context<'_>, timer: QueueTimer) {
        match timer {
            QueueTimer::Receive(region) => self.receive(ctx, region),
            QueueTimer::TryAgain(region) => self.try_again(ctx, region),
        }
    }

    /// Whether the consumers of a region work.
    fn consumers_run(&self, region: RegionId) -> bool {
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
        let fails = message.poison && self.has_fault(FaultKind::PoisonMessage, Target::Region(region));
        let until = ctx.now + SimDuration::from_secs(*setting.visibility_s);
        let hold = if fails { Hold::Hidden(until) } else { Hold::Calling };
        let held = self.held.insert(Held { message, region, hold });
        self.queues[region.index()].held.push(held);
        if !fails {
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
        self.call_on(ctx, ticket, (to, None));
    }

    /// What a consumer has called on says what it has done, or will never say it.
    pub(super) fn on_consumed(&mut self, ctx: &mut Context<'_>, ticket: Ticket, on: Option<Ticket>) {
        let Some(&Call { state: State::Consuming(held, _), .. }) = self.calls.get(ticket) else { return };
        let said = on.and_then(|on| self.calls.get(on)).map_or(Answer::No, |call| *call.answer());
        self.calls.remove(ticket);
        if let Some(on) = on {
            self.calls.remove(on);
        }
        match said {
            Answer::Written(version) => self.message_committed(ctx, held, version),
            Answer::No | Answer::Outrun | Answer::Queued(_) | Answer::Read(..) => {
                self.consumer_failed(ctx, held, ctx.cause());
            }
        }
    }

    fn message_committed(&mut self, ctx: &mut Context<'_>, ticket: Ticket, version: VersionId) {
        let Some(held) = self.held.get_mut(ticket) else { return };
        held.message.committed = Some(version);
        let (serial, region, working) = (held.message.serial, held.region, held.hold == Hold::Calling);
        // News of the commit of a consumer that is gone helps nobody.
        if working {
            held.hold = Hold::Deleting;
            ctx.after(SimDuration::from_millis(queue::CALL.value), RequestTimer::Deleted.of(ticket));
        }
        ctx.tell(Occurrence::Message(MessageEvent::Consumed(serial, version)));
        if self.queues[region.index()].paused.is_some() && working {
            self.go_on_consuming(ctx, region);
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

    fn drop_held(&mut self, ticket: Ticket, message: &Message, region: RegionId) {
        self.held.remove(ticket);
        let queue = &mut self.queues[region.index()];
        queue.held.retain(|held| *held != ticket);
        queue.release(message);
    }

    /// The database did not take what a consumer had: it keeps that, and all take nothing new until it does.
    fn consumer_failed(&mut self, ctx: &mut Context<'_>, ticket: Ticket, cause: Option<EntryId>) {
        let Some(held) = self.held.get_mut(ticket) else { return };
        if held.hold != Hold::Calling {
            return;
        }
        held.hold = Hold::Waiting;
        let region = held.region;
        let queue = &mut self.queues[region.index()];
        if queue.paused.is_none() {
            queue.paused = Some(ctx.now);
            queue.tries = 0;
            queue.stuck_by = Some(ctx.note(cause, What::ConsumersWait(region)));
            ctx.after_s(1.0, QueueTimer::TryAgain(region));
        }
    }

    /// A consumer tries again what the database did not take.
    fn try_again(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let free = self.consumers_run(region);
        let queue = &mut self.queues[region.index()];
        if queue.paused.is_none() || !free {
            return;
        }
        queue.tries += 1;
        let pause_s = libm::pow(2.0, f64::from(queue.tries.min(10))).min(LONGEST_PAUSE_S);
        ctx.after_s(pause_s, QueueTimer::TryAgain(region));
        ctx.because(queue.stuck_by);
        match self.waiting_holds(region).first().copied() {
            Some(first) => self.commit_message(ctx, first),
            // What they had is with nobody any more, or was taken after all.
            None if self.queues[region.index()].held.is_empty() => self.go_on_consuming(ctx, region),
            None => {}
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
        queue.paused = None;
        let backlog = queue.backlog() as u32;
        ctx.note(queue.stuck_by, What::ConsumersGoOn { region, backlog });
        for held in self.waiting_holds(region) {
            self.commit_message(ctx, held);
        }
        self.wake_consumers(ctx, region);
    }
}

/// What comes between.
impl System {
    /// The consumers of a region are gone: what they had is hidden for as long as it was going to be.
    pub(super) fn stop_consumers(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        let until = ctx.now + SimDuration::from_secs(*ctx.plan.scenario.write_queue.visibility_s);
        let Some(queue) = self.queues.get_mut(region.index()) else { return };
        queue.paused = None;
        queue.stuck_by = Some(entry);
        for held in &queue.held {
            if let Some(held) = self.held.get_mut(*held)
                && !matches!(held.hold, Hold::Hidden(_))
            {
                held.hold = Hold::Hidden(until);
            }
        }
    }

    /// The next message that comes to the queue of a region is one that no consumer gets through with.
    pub(super) fn poison_next(&mut self, region: RegionId) {
        if let Some(queue) = self.queues.get_mut(region.index()) {
            queue.poisons = true;
        }
    }

    /// Consumers get through with every message again.
    pub(super) fn cure(&mut self, region: RegionId) {
        if let Some(queue) = self.queues.get_mut(region.index()) {
            queue.poisons = false;
        }
    }

    /// A second has passed: hidden messages are visible again or set aside, and old ones are lost.
    pub(crate) fn watch_queues(&mut self, ctx: &mut Context<'_>) {
        for region in ctx.plan.region_ids() {
            let Some(queue) = self.queues.get_mut(region.index()) else { return };
            queue.accepted = 0;
            if self.dark[region.index()] {
                continue;
            }
            self.show_hidden(ctx, region);
            self.expire_messages(ctx, region);
        }
    }

    fn show_hidden(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let most = ctx.plan.scenario.write_queue.receives;
        let all = self.queues[region.index()].held.clone();
        for ticket in all {
            let Some(&Held { message, hold: Hold::Hidden(until), .. }) = self.held.get(ticket) else {
                continue;
            };
            if until > ctx.now {
                continue;
            }
            if u32::from(message.receives) < most {
                self.held.remove(ticket);
                let queue = &mut self.queues[region.index()];
                queue.held.retain(|held| *held != ticket);
                queue.put_back(message);
            } else {
                self.drop_held(ticket, &message, region);
                let fault = self.entry_of(FaultKind::PoisonMessage, Target::Region(region));
                let cause = fault.filter(|_| message.poison).or(self.queues[region.index()].stuck_by);
                let dead = ctx.note(cause, What::MessageDead { region, key: message.attempt.key });
                self.queues[region.index()].dead.push((message, Some(dead)));
                ctx.tell(Occurrence::Message(MessageEvent::Moved));
            }
            self.wake_consumers(ctx, region);
        }
    }

    fn expire_messages(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let kept = SimDuration::from_secs(*ctx.plan.scenario.write_queue.retention_s);
        if ctx.now.micros() <= kept.micros() {
            return;
        }
        let before = ctx.now.before(kept);
        let queue = &mut self.queues[region.index()];
        let old: Vec<Message> = std::iter::from_fn(|| queue.expire(before)).collect();
        if old.is_empty() {
            return;
        }
        queue.through.expired += old.len() as u64;
        let cause = queue.stuck_by;
        let entry = ctx.note(cause, What::MessagesExpired { region, count: old.len() as u32 });
        for message in old {
            ctx.tell(Occurrence::Message(MessageEvent::Expired(message.serial, entry)));
        }
    }

    /// Dead messages are sent to the queue again, by order. False if there are none.
    pub fn redrive(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) -> bool {
        let Some(queue) = self.queues.get_mut(region.index()) else { return false };
        let dead = std::mem::take(&mut queue.dead);
        for (message, _) in &dead {
            queue.redrive(*message);
        }
        let count = dead.len() as u32;
        if count > 0 {
            ctx.note(Some(entry), What::MessagesRedriven { region, count });
            ctx.tell(Occurrence::Message(MessageEvent::Moved));
            self.wake_consumers(ctx, region);
        }
        count > 0
    }

    /// The version that an earlier consumer has made of the message that this call to a database is about.
    pub(super) fn earlier_delivery(&self, call: &Call) -> Option<VersionId> {
        let parent = call.parent.and_then(|parent| self.calls.get(parent))?;
        let State::Consuming(held, _) = parent.state else { return None };
        self.held.get(held).and_then(|held| held.message.committed)
    }

    /// A message was committed again.
    pub(super) fn count_duplicate(&mut self, call: &Call) {
        let parent = call.parent.and_then(|parent| self.calls.get(parent));
        if let Some(Call { state: State::Consuming(..), home, .. }) = parent {
            self.queues[home.index()].through.duplicates += 1;
        }
    }
}

/// Real messages that a FIFO queue takes in a second, or gives.
fn fifo_limit(ctx: &Context<'_>) -> f64 {
    let batches = ctx.plan.scenario.write_queue.batches;
    if batches { queue::FIFO_MESSAGES.value } else { queue::FIFO_CALLS.value }
}
