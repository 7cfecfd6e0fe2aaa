//! Semi-synchronous replication, as MySQL has it: a write is acknowledged once one other copy has received it. If none says so for
//! a while the primary goes on without, and waits again as soon as a copy has everything.

use super::System;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{RegionId, Ticket, VersionId};
use crate::system::call::{Answer, Call, State};
use crate::system::context::Context;
use crate::system::journal::What;
use std::collections::VecDeque;

/// A write that is committed and not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Held {
    call: Ticket,
    version: VersionId,
    since: SimTime,
}

/// What a region's database knows of its copies.
#[derive(Clone, Debug, Default)]
pub struct SemiSync {
    /// Writes that wait for a copy, oldest first.
    held: VecDeque<Held>,
    /// No copy has answered in time: writes are acknowledged without one.
    alone: bool,
    /// The newest commit, by its count, that a copy is known to have.
    had: u32,
}

impl System {
    /// A write that was committed waits until a copy has it. False if it need not.
    pub(super) fn hold_back(
        &mut self,
        ctx: &mut Context<'_>,
        ticket: Ticket,
        call: &Call,
        answer: Answer,
    ) -> bool {
        let Some(here) = self.semi_sync.get_mut(call.to.index()) else { return false };
        let Answer::Written(version) = answer else { return false };
        // What an earlier attempt has committed a copy may have by now.
        if here.alone || version.region != call.to || version.count <= here.had {
            return false;
        }
        here.held.push_back(Held { call: ticket, version, since: ctx.now });
        self.limit_wait(ctx, call);
        for stream in self.streams.iter_mut().filter(|stream| stream.from == call.to) {
            stream.ship(ctx, &mut self.network);
        }
        true
    }

    /// A copy is known to have everything that a region has committed up to a count, and nothing is left to be sent to it if so.
    pub(super) fn copy_has(&mut self, ctx: &mut Context<'_>, region: RegionId, count: u32, all: bool) {
        let Some(here) = self.semi_sync.get_mut(region.index()) else { return };
        here.had = here.had.max(count);
        let had = here.had;
        if here.alone && all {
            here.alone = false;
            ctx.note(ctx.cause(), What::SemiSynchronous { region, waits: true });
        }
        while let Some(held) = self.next_held(region, |held| held.version.count <= had) {
            self.let_go(ctx, held);
        }
    }

    fn next_held(&mut self, region: RegionId, fits: impl Fn(&Held) -> bool) -> Option<Held> {
        let held = &mut self.semi_sync[region.index()].held;
        let place = held.iter().position(fits)?;
        held.remove(place)
    }

    /// A write that has waited is acknowledged, if its database still takes writes.
    fn let_go(&mut self, ctx: &mut Context<'_>, held: Held) {
        let Some(&call) = self.calls.get(held.call) else { return };
        if !matches!(call.state, State::Storing(_)) {
            return;
        }
        if self.is_open_for(ctx, &call) {
            self.done_storing(ctx, held.call, Answer::Written(held.version));
        } else {
            self.fall_silent(held.call);
        }
    }

    /// A second has passed: a primary that has waited too long goes on without a copy. One that stopped acknowledges nothing.
    pub fn watch_semi_sync(&mut self, ctx: &mut Context<'_>) {
        let patience = SimDuration::from_secs(ctx.plan.scenario.controller.semi_synchronous_timeout_s);
        for place in 0..self.semi_sync.len() {
            let region = RegionId(place as u8);
            let stopped = !self.answers(region) || !self.databases[place].can_ship();
            let here = &mut self.semi_sync[place];
            let late = here.held.front().is_some_and(|held| ctx.now.since(held.since) >= patience);
            if late && !stopped {
                here.alone = true;
                let why = ctx.youngest(self.others(region).map(|other| self.why_closed(region, other)));
                ctx.note(why, What::SemiSynchronous { region, waits: false });
            }
            while let Some(held) = self.next_held(region, |_| late || stopped) {
                self.let_go(ctx, held);
            }
        }
    }
}
