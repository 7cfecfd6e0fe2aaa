//! The topic of a region, in front of the queues of two regions: its own, and the one to which its work would go. It keeps each
//! message, in all zones of its region, until both queues have said that they have it, and tries again until then. So a queue
//! whose answer is lost has a message twice, and nobody puts messages in order.

use super::System;
use crate::catalog::{queue, topic};
use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, Ticket};
use crate::model::plan::Site;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::network::{Cargo, Flight};
use crate::system::timer::RequestTimer;
use crate::system::work_queue::{Message, WorkQueue};

/// A message that a topic has to deliver to a queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delivery {
    /// The message.
    pub message: Message,
    /// The region of the topic.
    pub from: RegionId,
    /// The region of the queue.
    pub to: RegionId,
    /// How often it was tried.
    tries: u32,
    /// Envelopes with it that are on their way.
    flying: u8,
    /// The queue has said that it has it.
    pub done: bool,
}

/// The topic of one region: what has gone through it, in simulated messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    /// Messages that it has accepted.
    pub published: u64,
    /// Deliveries that a queue has confirmed.
    pub delivered: u64,
    /// Deliveries that no queue has confirmed yet.
    pub owed: u32,
    /// Tries to deliver, the first of each message included.
    pub tries: u64,
    /// The queue of the other region does not answer: the journal's line about it.
    pub waits: Option<EntryId>,
}

/// Which way an envelope goes between a topic and a queue, for chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    There = 0,
    Back = 1,
    Pause = 2,
}

impl Delivery {
    fn draws(&self, ctx: &Context<'_>, way: Way) -> Draws {
        let to = u64::from(self.to.0) << 8 | way as u64;
        ctx.chance(Purpose::Topic, self.message.serial.into(), self.tries.into(), to)
    }
}

/// The pause before the n-th time that a delivery is tried again, from 1, in seconds.
fn pause_s(again: u32) -> f64 {
    debug_assert!(again > 0, "tried again");
    let [at_once, soon, backoff] = [topic::AT_ONCE, topic::SOON, topic::BACKOFF].map(|fact| fact.value);
    let (first, last) = (topic::FIRST_PAUSE.value, topic::LAST_PAUSE.value);
    let nth = f64::from(again) - at_once - soon;
    if nth <= -soon {
        0.0
    } else if nth <= 0.0 {
        first
    } else {
        let grown = ((nth - 1.0) / (backoff - 1.0)).min(1.0);
        first * libm::pow(last / first, grown)
    }
}

impl System {
    /// Every message that a topic or a queue has, set aside or not: one that is in several places comes several times.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        let owed = self.deliveries.iter().filter(|delivery| !delivery.done).map(|delivery| &delivery.message);
        let held = self.held.iter().map(|held| &held.message);
        let waiting = self.queues.iter().flat_map(WorkQueue::waiting);
        let dead = self.queues.iter().flat_map(|queue| queue.dead.iter().map(|(message, _)| message));
        owed.chain(held).chain(waiting).chain(dead)
    }

    /// A topic has accepted a message: each of its queues gets it.
    pub(super) fn publish(&mut self, ctx: &mut Context<'_>, from: RegionId, message: Message) {
        self.topics[from.index()].published += 1;
        for to in std::iter::once(from).chain(ctx.plan.blueprint.other_than(from)) {
            let delivery = Delivery { message, from, to, tries: 0, flying: 0, done: false };
            let ticket = self.deliveries.insert(delivery);
            self.topics[from.index()].owed += 1;
            if to == from {
                ctx.after(SimDuration::from_millis(queue::CALL.value), RequestTimer::Deliver.of(ticket));
            } else {
                self.deliver(ctx, ticket);
            }
        }
    }

    /// A topic tries to deliver. Nothing of a dark region can: it goes on when that is back.
    pub(super) fn deliver(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(delivery) = self.deliveries.get_mut(ticket).filter(|delivery| !delivery.done) else {
            return;
        };
        if self.dark[delivery.from.index()] {
            ctx.after_s(topic::LAST_PAUSE.value, RequestTimer::Deliver.of(ticket));
            return;
        }
        delivery.tries += 1;
        let Delivery { message, from, to, .. } = *delivery;
        self.topics[from.index()].tries += 1;
        if to == from {
            self.keep_message(ctx, to, message);
            self.delivered(ctx, ticket);
            return;
        }
        delivery.flying += 1;
        let (draws, ends) = (delivery.draws(ctx, Way::There), (Site::Region(from), Site::Region(to)));
        self.meters.fanned_out[from] += 1;
        self.network.send_request(ctx, draws, ends, Cargo::Deliver(ticket), true, true);
        ctx.after_s(topic::PATIENCE.value, RequestTimer::DeliveryLate.of(ticket));
    }

    /// A message comes to the queue of another region, which says so.
    pub(super) fn on_delivery(&mut self, ctx: &mut Context<'_>, flight: &Flight, ticket: Ticket) {
        let Some(&delivery) = self.deliveries.get(ticket) else { return };
        debug_assert_eq!(flight.to, Site::Region(delivery.to), "it comes to its queue");
        self.keep_message(ctx, delivery.to, delivery.message);
        let draws = delivery.draws(ctx, Way::Back);
        let ends = (flight.to, flight.from);
        self.network.send_request(ctx, draws, ends, Cargo::Delivered(ticket), true, true);
        self.landed(ticket);
    }

    /// An envelope with a message has come down, at its queue or nowhere.
    pub(super) fn landed(&mut self, ticket: Ticket) {
        let Some(delivery) = self.deliveries.get_mut(ticket) else { return };
        debug_assert!(delivery.flying > 0, "it was on its way");
        delivery.flying -= 1;
        if delivery.done && delivery.flying == 0 {
            self.deliveries.remove(ticket);
        }
    }

    /// A queue has said that it has a message.
    pub(super) fn delivered(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(delivery) = self.deliveries.get_mut(ticket).filter(|delivery| !delivery.done) else {
            return;
        };
        delivery.done = true;
        let Delivery { from, to, flying, .. } = *delivery;
        if flying == 0 {
            self.deliveries.remove(ticket);
        }
        let topic = &mut self.topics[from.index()];
        (topic.owed, topic.delivered) = (topic.owed - 1, topic.delivered + 1);
        if to != from
            && let Some(waits) = topic.waits.take()
        {
            let owed = topic.owed;
            let entry = ctx.note(Some(waits), What::DeliveriesGoOn { from, to, owed });
            // All of it comes at once: what waits there now does so because of that.
            self.queues[to.index()].stuck_by = Some(entry);
        }
    }

    /// A topic has waited long enough for a queue to say that it has a message: it tries again, after a pause.
    pub(super) fn on_delivery_late(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&delivery) = self.deliveries.get(ticket) else { return };
        if delivery.done || self.dark[delivery.from.index()] {
            // What is dark goes on later.
            self.deliver(ctx, ticket);
            return;
        }
        let Delivery { from, to, tries, .. } = delivery;
        if f64::from(tries) > topic::AT_ONCE.value && self.topics[from.index()].waits.is_none() {
            let cause = ctx.youngest([self.why_dark(Site::Region(to)), self.why_closed(from, to)]);
            self.topics[from.index()].waits = Some(ctx.note(cause, What::DeliveriesWait { from, to }));
        }
        let pause_s =
            pause_s(tries) * (1.0 - topic::JITTER.value * delivery.draws(ctx, Way::Pause).uniform());
        ctx.after_s(pause_s, RequestTimer::Deliver.of(ticket));
    }
}

#[cfg(test)]
mod tests {
    use super::pause_s;

    #[test]
    fn pauses_are_those_of_the_published_policy() {
        let pauses: Vec<f64> = (1..=17).map(pause_s).collect();
        assert_eq!(pauses[..6], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
        assert!(pauses.windows(2).all(|two| two[0] <= two[1]), "{pauses:?}");
        assert!((pauses[13] * libm::pow(20.0, 1.0 / 9.0) - 20.0).abs() < 1e-9, "{pauses:?}");
        assert!((pauses[14] - 20.0).abs() < 1e-9 && (pauses[16] - 20.0).abs() < 1e-9, "{pauses:?}");
    }
}
