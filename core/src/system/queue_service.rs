//! The service that keeps the messages of a region: it accepts them, hides what was received, shows it again, sets aside what
//! nobody gets through with, and forgets what is too old.

use super::System;
use crate::catalog::queue;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, Ticket};
use crate::model::QueueKind;
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::system::call::{Answer, Attempt, Call};
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::{Enqueued, MessageEvent, Occurrence};
use crate::system::refusal::Refusal;
use crate::system::several::Several;
use crate::system::timer::RequestTimer;
use crate::system::work_queue::{HOSTS, Held, Hold, Message};

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
        let fifo = ctx.plan.scenario.write_queue.kind == QueueKind::Fifo;
        let queue = &mut self.queues[region.index()];
        let same = queue.known(attempt.request, ctx.now);
        if ctx.plan.has_topics() {
            self.meters.publishes[region] += 1;
        } else {
            queue.through.calls += 1;
            self.meters.queue_calls[region] += 1;
        }
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
        let poison = std::mem::take(&mut queue.poisons).then_some(region);
        let message = Message { serial, attempt, sent: ctx.now, receives: 0, poison };
        queue.remember(attempt.request, serial, ctx.now);
        if let Some(write) = attempt.write {
            let Attempt { key, population, .. } = attempt;
            let accepted = Enqueued { serial, write, key, population, region };
            ctx.tell(Occurrence::Message(MessageEvent::Accepted(accepted)));
        }
        if ctx.plan.has_topics() {
            self.publish(ctx, region, message);
        } else {
            self.put_in(ctx, region, message);
        }
        serial
    }

    /// A topic brings a message to the queue of a region.
    pub(super) fn keep_message(&mut self, ctx: &mut Context<'_>, region: RegionId, message: Message) {
        debug_assert!(ctx.plan.has_topics() && message.receives == 0, "nobody has received it yet");
        self.queues[region.index()].through.calls += 1;
        self.meters.queue_calls[region] += 1;
        self.put_in(ctx, region, Message { sent: ctx.now, ..message });
    }

    fn put_in(&mut self, ctx: &mut Context<'_>, region: RegionId, message: Message) {
        let host = ctx.chance(Purpose::Queue, region.0.into(), message.serial.into(), 0).uniform();
        self.queues[region.index()].push(message, (host * HOSTS as f64) as usize % HOSTS);
        self.wake_consumers(ctx, region);
    }
}

/// What comes between.
impl System {
    /// The consumers of a region are gone: what they had is hidden for as long as it was going to be.
    pub(super) fn stop_consumers(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        let until = ctx.now + SimDuration::from_secs(*ctx.plan.scenario.write_queue.visibility_s);
        let Some(queue) = self.queues.get_mut(region.index()) else { return };
        (queue.paused, queue.failed) = (None, 0);
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
        let mut dead = Vec::new();
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
                dead.push(message);
            }
            self.wake_consumers(ctx, region);
        }
        if dead.is_empty() {
            return;
        }
        let fault = |at: RegionId| self.entry_of(FaultKind::PoisonMessage, Target::Region(at));
        let poison = dead.iter().filter_map(|message| message.poison).find_map(fault);
        let cause = poison.or(self.queues[region.index()].stuck_by);
        let entry = ctx.note(cause, What::MessagesDead(Several { region, count: dead.len() as u32 }));
        for message in dead {
            self.queues[region.index()].dead.push((message, Some(entry)));
            ctx.tell(Occurrence::Message(MessageEvent::SetAside(message.serial)));
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
        let cause = queue.stuck_by.or_else(|| self.why_slow_to_work(ctx));
        let entry = ctx.note(cause, What::MessagesExpired(Several { region, count: old.len() as u32 }));
        for message in old {
            ctx.tell(Occurrence::Message(MessageEvent::Expired(message.serial, entry)));
        }
    }

    /// Why no dead messages can be sent to the queue again; `None` if there are some.
    pub fn why_no_redrive(&self, region: RegionId) -> Option<Refusal> {
        let none = self.queues.get(region.index()).is_none_or(|queue| queue.dead.is_empty());
        none.then_some(Refusal::NothingDead(region))
    }

    /// Dead messages are sent to the queue again, by order.
    pub fn redrive(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        let Some(queue) = self.queues.get_mut(region.index()) else { return };
        let dead = std::mem::take(&mut queue.dead);
        for (message, _) in &dead {
            queue.redrive(*message);
            ctx.tell(Occurrence::Message(MessageEvent::Redriven(message.serial)));
        }
        let count = dead.len() as u32;
        if count > 0 {
            ctx.note(Some(entry), What::MessagesRedriven(Several { region, count }));
            self.wake_consumers(ctx, region);
        }
    }
}

/// Real messages that a FIFO queue takes in a second, or gives.
pub(super) fn fifo_limit(ctx: &Context<'_>) -> f64 {
    let batches = ctx.plan.scenario.write_queue.batches;
    if batches { queue::FIFO_MESSAGES.value } else { queue::FIFO_CALLS.value }
}
