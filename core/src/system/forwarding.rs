//! Reads beside forwarded writes: with write forwarding at the level "global" a read in another region first asks the region that
//! takes the writes how far it is, and then waits until its own copy is there.

use super::System;
use crate::kernel::id::{RegionId, Ticket, VersionId};
use crate::model::Forwarding;
use crate::model::plan::Site;
use crate::system::call::{Call, Hop, State};
use crate::system::context::Context;
use crate::system::network::{Cargo, Flight};
use crate::system::timer::RequestTimer;
use crate::system::version::Seen;

impl System {
    /// A read that is about to be answered by the copy of its region asks the writer's region for its position, if it has to. True if
    /// it waits for that.
    pub(super) fn asks_position(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call) -> bool {
        debug_assert_eq!(ctx.plan.scenario.database.forwarding, Forwarding::Global, "only then reads ask");
        if call.attempt.writes() {
            return false;
        }
        self.clients.carry(call.attempt.request, Seen::NOTHING);
        let Some(writer) = self.writer_for(ctx, call).filter(|writer| *writer != call.to) else {
            return false;
        };
        self.send_position(ctx, (call, call.to, writer), Hop::AskPosition, Cargo::Position(ticket, None));
        self.limit_wait(ctx, call);
        true
    }

    fn send_position(
        &mut self,
        ctx: &mut Context<'_>,
        (call, from, to): (&Call, RegionId, RegionId),
        hop: Hop,
        cargo: Cargo,
    ) {
        debug_assert_ne!(from, to, "a region knows its own position");
        let draws = call.attempt.draws(ctx, hop);
        self.network.send_request(ctx, draws, (Site::Region(from), Site::Region(to)), cargo, false, true);
    }

    /// A region is asked how far its log goes, or has said so.
    pub(super) fn on_position(
        &mut self,
        ctx: &mut Context<'_>,
        flight: &Flight,
        (ticket, position): (Ticket, Option<u32>),
    ) {
        let (Site::Region(from), Site::Region(here)) = (flight.from, flight.to) else { return };
        let Some(&call) = self.calls.get(ticket) else { return };
        if !self.is_awaited(&call) {
            self.fall_silent(ticket);
        } else if let Some(count) = position {
            debug_assert!(matches!(call.state, State::Storing(_)), "it has waited for this");
            let mut token = Seen::NOTHING;
            token.add(VersionId { region: from, count });
            self.clients.carry(call.attempt.request, token);
            ctx.after(ctx.plan.read + ctx.plan.zone_round_trip, RequestTimer::Stored.of(ticket));
        } else if self.databases[here.index()].can_ship() {
            let end = Cargo::Position(ticket, Some(self.databases[here.index()].log_end().count));
            self.send_position(ctx, (&call, here, from), Hop::Position, end);
        } else {
            self.blame(ticket, self.why_no_database(here));
            self.fall_silent(ticket);
        }
    }
}
