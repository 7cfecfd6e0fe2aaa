//! Booking: whenever something may have changed what is missing, the copies are walked, and each missing write is booked on
//! the fault or order that is why.

use super::Observer;
use crate::kernel::clock::SimTime;
use crate::kernel::id::EntryId;
use crate::kernel::sorted::in_order;
use crate::model::fault::{Effect, Fault};
use crate::model::plan::Plan;
use crate::observer::incident::Incident;
use crate::observer::ledger::Line;
use crate::observer::loss::{Loss, Missing, Reason};
use crate::observer::states::States;
use crate::observer::walk::{Before, Walk};
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::history::Gone;
use crate::system::write_state::WriteState;
use std::sync::Arc;

/// A missing write, and the entry that is why.
#[derive(Clone, Copy, Debug)]
struct Found {
    number: u32,
    state: WriteState,
    because: Option<EntryId>,
}

impl Observer {
    /// Every acknowledged write by what has become of it, found by a walk over the copies as they are now.
    pub fn states(&self, plan: &Plan, system: &System) -> States {
        Walk::new(self, plan, system).states()
    }

    /// The same as the books have it, so that the whole agrees with its incidents at any moment: what was acknowledged since the
    /// last booking waits for the next, which comes within a second. As long as nothing can be missing they are walked now.
    pub fn booked_states(&self, plan: &Plan, system: &System) -> States {
        self.losses.booked.unwrap_or_else(|| self.states(plan, system))
    }

    /// Whether anything may be missing: a fault has happened, or an order has begun something.
    fn in_trouble(&self) -> bool {
        debug_assert!(
            !self.incidents.is_empty() || !self.losses.is_any_missing(),
            "nothing is missing for no reason"
        );
        !self.incidents.is_empty()
    }

    /// A second has passed: what has changed by itself is booked, such as a write that was acknowledged too late.
    pub fn review_losses(&mut self, ctx: &mut Context<'_>, system: &System) {
        let states = self.in_trouble().then(|| self.states(ctx.plan, system));
        let of = |states: Option<States>, state| states.map_or(0, |states| states.of(state));
        let changed =
            |state: &WriteState| state.is_missing() && of(states, *state) != of(self.losses.booked, *state);
        self.losses.stale |= WriteState::ALL.iter().any(changed);
        self.losses.booked = states;
        self.book_losses(ctx, system);
        self.tell_losses(ctx);
        if self.losses.filled != self.incidents.len() || self.wants_collisions() {
            self.fill_incidents();
        }
        self.note_recoveries();
        self.losses.reviewed = ctx.now;
    }

    /// What is missing is booked anew, if something may have changed it.
    pub fn book_losses(&mut self, ctx: &mut Context<'_>, system: &System) {
        if !std::mem::take(&mut self.losses.stale) {
            return;
        }
        self.lineage.settle(&system.databases);
        self.settle_expired(system);
        let walk = Walk::new(self, ctx.plan, system);
        let (mut found, mut states) = (Vec::new(), States::default());
        walk.each(|stretch| {
            let (told, collided) = walk.counts(&stretch);
            states.add(stretch.state, told - collided);
            states.add(WriteState::InCollision, collided);
            if !stretch.state.is_missing() || told == 0 {
                return;
            }
            for (number, line) in self.ledger.between(stretch.region, stretch.from, stretch.to) {
                if line.acknowledged && !line.is_collided() {
                    let (number, state, because) = (number as u32, stretch.state, stretch.because);
                    found.push(Found { number, state, because });
                }
            }
        });
        walk.messages(|number, state, because| {
            states.add(state, 1);
            if state.is_missing() {
                found.push(Found { number, state, because });
            }
        });
        if !found.is_empty() {
            let mut again = Vec::new();
            walk.queued_again(|number, state| {
                states.change(state, WriteState::Queued);
                again.push(number);
            });
            again.sort_unstable();
            found.retain(|found| again.binary_search(&found.number).is_err());
        }
        let before = walk.before();
        if let Some(before) = before {
            states.add(before.state, before.count.into());
        }
        let gone = found.iter().any(|found| found.state == WriteState::Lost) || before.is_none();
        let everything = gone && system.ruined_by.is_some() && walk.everything_gone();
        found = in_order(found, |found| [f64::from(found.number), 0.0]);
        debug_assert!(found.windows(2).all(|two| two[0].number < two[1].number), "each write once");
        let missing = found.len() as u64 + before.map_or(0, |before| u64::from(before.count));
        debug_assert_eq!(states.missing(), missing, "each missing write is found");
        if found.is_empty() && before.is_none() && !everything && self.losses.books.is_empty() {
            self.losses.booked = self.in_trouble().then_some(states);
            self.staleness.settle(ctx.plan, &self.ledger, &[]);
            self.record_missing(ctx, &[]);
            self.fill_incidents();
            return;
        }
        self.losses.booked = Some(states);
        let missing: Vec<u32> = found.iter().map(|found| found.number).collect();
        self.staleness.settle(ctx.plan, &self.ledger, &missing);
        self.record_missing(ctx, &found);
        self.write_books(ctx, found, before, everything.then_some(system.ruined_by));
        self.fill_incidents();
    }

    /// A history, if one is written, has what goes missing and what is there again.
    fn record_missing(&self, ctx: &mut Context<'_>, found: &[Found]) {
        let Some(operations) = &mut ctx.record.operations else { return };
        let gone = |found: &Found| {
            let line = self.ledger.get(found.number.into())?;
            let (number, state) = (found.number.into(), Some(found.state));
            Some(Gone { number, write: line.write, key: line.key, region: line.region, state })
        };
        operations.book(ctx.now, found.iter().filter_map(gone).collect());
    }

    /// The place of a reason, with the fault or order that it comes from.
    fn reason(&mut self, ctx: &Context<'_>, because: Option<EntryId>, state: WriteState) -> usize {
        let same = |reason: &Reason| (reason.because, reason.state) == (because, state);
        self.losses.reasons.iter().position(same).unwrap_or_else(|| {
            let of_state = self.losses.reasons.iter().find(|reason| reason.because == because);
            let trigger = of_state.map_or_else(|| self.trigger_of(ctx, because), |reason| reason.trigger);
            self.losses.reasons.push(Reason {
                because,
                state,
                trigger,
                named: 0,
                untold: 0,
                is_new: true,
                newest: ctx.now,
            });
            self.losses.reasons.len() - 1
        })
    }

    /// The fault or order that an entry comes from: that of an incident. An order that belongs to an incident which was open
    /// stands for that.
    pub(super) fn trigger_of(&self, ctx: &Context<'_>, because: Option<EntryId>) -> EntryId {
        let journal = &ctx.record.journal;
        let mut root = because;
        while let Some(cause) =
            root.and_then(|entry| journal.get(entry.0 as usize)).and_then(|entry| entry.cause)
        {
            debug_assert!(root.is_some_and(|root| cause < root), "a cause comes before what follows");
            root = Some(cause);
        }
        let incident = |entry: EntryId| self.incidents.iter().any(|incident| incident.entry == entry);
        let run = self.current_incident().map(|index| self.incidents[index].entry);
        let last = self.incidents.last().map(|incident| incident.entry);
        root.filter(|root| incident(*root)).or(run).or(last).or(root).unwrap_or(EntryId(0))
    }

    fn write_books(
        &mut self,
        ctx: &Context<'_>,
        found: Vec<Found>,
        before: Option<Before>,
        everything: Option<Option<EntryId>>,
    ) {
        let at = |entry: EntryId| ctx.record.journal.get(entry.0 as usize).map_or(ctx.now, |entry| entry.at);
        for book in &mut self.losses.books {
            (book.missing, book.before, book.span_us) = (Arc::default(), None, None);
            let in_collisions = book.loss.in_collisions;
            book.loss = Loss { in_collisions, ..Loss::default() };
        }
        for Found { number, state, because } in found {
            let place = self.reason(ctx, because, state);
            let trigger = self.losses.reasons[place].trigger;
            let told_us = self.ledger.get(number.into()).and_then(Line::told_at).map(SimTime::micros);
            debug_assert!(told_us.is_some(), "only what was acknowledged is missed");
            let book = self.losses.book_mut(trigger, at(trigger));
            Arc::make_mut(&mut book.missing).push(Missing { number, state, reason: place as u16 });
            book.loss.add(state, 1);
            let told_us = told_us.unwrap_or_default() as i64;
            let (oldest, newest) = book.span_us.unwrap_or((told_us, told_us));
            book.span_us = Some((oldest.min(told_us), newest.max(told_us)));
        }
        if let Some(before) = before {
            let place = self.reason(ctx, before.because, before.state);
            let trigger = self.losses.reasons[place].trigger;
            let book = self.losses.book_mut(trigger, at(trigger));
            book.loss.add(before.state, before.count.into());
            let (oldest, newest) = book.span_us.unwrap_or((before.since_us, 0));
            book.span_us = Some((oldest.min(before.since_us), newest));
            book.before = Some(before);
        }
        if let Some(because) = everything {
            let place = self.reason(ctx, because, WriteState::Lost);
            let trigger = self.losses.reasons[place].trigger;
            self.losses.book_mut(trigger, at(trigger)).loss.everything = true;
        }
        self.losses.changed = true;
    }

    /// A fault has made writes lose collisions, and no book says so yet.
    fn wants_collisions(&self) -> bool {
        self.ledger
            .faults_of_lost()
            .any(|fault| self.losses.of(fault).in_collisions != self.ledger.lost_by(fault))
    }

    /// Each incident gets the figures of its book.
    fn fill_incidents(&mut self) {
        for index in 0..self.incidents.len() {
            let (entry, at) = (self.incidents[index].entry, self.incidents[index].at);
            let in_collisions = self.ledger.lost_by(entry);
            if in_collisions > 0 || self.losses.book(entry).is_some() {
                self.losses.book_mut(entry, at).loss.in_collisions = in_collisions;
            }
            let (loss, rpo) = (self.losses.of(entry), self.losses.rpo(entry));
            let incident = &mut self.incidents[index];
            (incident.lost_writes, incident.rpo) = (loss.missing() as u32, rpo);
        }
        self.losses.filled = self.incidents.len();
    }

    /// An incident that is over keeps the recovery point that it has now.
    fn note_recoveries(&mut self) {
        for index in 0..self.incidents.len() {
            let incident = &self.incidents[index];
            let (entry, at, over) = (incident.entry, incident.at, incident.restored.is_some());
            let kept = self.losses.book(entry).is_some_and(|book| book.rpo_at_recovery.is_some());
            if over && !kept {
                self.losses.note_recovery(entry, at);
            }
        }
    }
}

impl Observer {
    /// Whether an acknowledged write can have gone missing in a run: a copy went out of reach or was ruined, ownership moved, or a
    /// queue has kept one too long. What is missing and was not counted, if one that is counted stands for several, can only be there if it can.
    pub fn may_lose(&self) -> bool {
        let takes_data = |fault: Fault| match fault.effect() {
            Effect::Dark(_)
            | Effect::NoPower(_)
            | Effect::Instance(_)
            | Effect::Cut(..)
            | Effect::CutBothWays(..)
            | Effect::Rubbish(_)
            | Effect::Deleted(_)
            | Effect::Encrypted(_)
            | Effect::Gone(_)
            | Effect::Unreachable(_) => true,
            Effect::Asked
            | Effect::NoBackups
            | Effect::EmptyBackups
            | Effect::Surge
            | Effect::Grey(_)
            | Effect::GreyRegion(_)
            | Effect::Copy(_)
            | Effect::Entrance(_)
            | Effect::Slow(..)
            | Effect::Lossy(..)
            | Effect::SlowZones(..)
            | Effect::LossyZones(..)
            | Effect::NoCapacity(_)
            | Effect::Throttled(_)
            | Effect::Refusing(_) => false,
            // What is kept too long is lost, and what nobody gets through with is set aside.
            Effect::Stopped(_) | Effect::Poisoned(_) => true,
        };
        let moved = !self.runs.is_empty() || self.lineage.changes() > 0;
        let kept_too_long = !self.queued.expired.is_empty();
        let may = moved || kept_too_long || self.incidents.iter().filter_map(Incident::fault).any(takes_data);
        debug_assert!(may || self.losses.total().missing() == 0, "what is missing could go missing");
        may
    }
}

impl super::lineage::Lineage {
    /// Copies that were being filled and are whole count as copies.
    fn settle(&mut self, databases: &[crate::system::database::Database]) {
        for database in databases.iter().filter(|database| database.role != Role::Rebuilding) {
            self.filled(database.region);
        }
    }
}
