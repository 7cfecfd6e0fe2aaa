//! Copies of a whole database on their way to another region: one message for each second's worth of data, each acknowledged
//! before the next leaves. So a copy stands still while either end is dark or the link is cut, and crawls over a slow link.

use super::System;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId};
use crate::model::plan::{Plan, Site};
use crate::system::context::Context;
use crate::system::database::{Role, Status};
use crate::system::network::{Cargo, Flight};
use crate::system::occurrence::Occurrence;

/// A part that is not acknowledged after this time is sent again.
const PATIENCE: SimDuration = SimDuration::from_micros(5_000_000);

/// Copies on their way.
#[derive(Clone, Debug, Default)]
pub struct Transfers {
    /// One to a region at most.
    pub under_way: Vec<Transfer>,
    begun: u32,
}

/// A copy on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The region whose database is copied.
    pub from: RegionId,
    /// The region that gets the copy.
    pub to: RegionId,
    /// How many parts it has: seconds that it takes if nothing is in its way, at least 1.
    pub parts: u32,
    /// Parts that the source has sent.
    sent: u32,
    /// Parts that the source knows to have arrived.
    acknowledged: u32,
    /// Parts that have arrived.
    pub arrived: u32,
    /// When the last part left.
    left: SimTime,
    /// The number of the transfer, so that a part of an earlier one is not taken for one of this.
    number: u32,
    because: Option<EntryId>,
}

impl System {
    /// How long a whole copy takes if nothing is in its way, in seconds.
    pub fn copy_s(plan: &Plan) -> f64 {
        let database = &plan.scenario.database;
        database.size_gib * 1024.0 / database.copy_mib_per_s
    }

    /// A region's database begins to be copied to another, which serves nobody until it is whole. The copy shows this moment;
    /// what is committed from now on follows through the stream.
    pub(super) fn begin_transfer(
        &mut self,
        ctx: &Context<'_>,
        (from, to): (RegionId, RegionId),
        seconds: f64,
    ) {
        debug_assert!(seconds >= 0.0, "a copy takes time");
        self.transfers.under_way.retain(|transfer| transfer.to != to);
        self.transfers.begun += 1;
        self.transfers.under_way.push(Transfer {
            from,
            to,
            parts: (seconds.ceil() as u32).max(1),
            sent: 0,
            acknowledged: 0,
            arrived: 0,
            left: ctx.now,
            number: self.transfers.begun,
            because: self.control.entry,
        });
    }

    /// Whether a region's database answers, so that it can be copied.
    pub fn answers(&self, region: RegionId) -> bool {
        !self.dark[region.index()] && self.databases[region.index()].status == Status::Up
    }

    /// The copy that is on its way to a region.
    pub fn transfer_to(&self, region: RegionId) -> Option<&Transfer> {
        self.transfers.under_way.iter().find(|transfer| transfer.to == region)
    }

    /// A second has passed: the next part of each copy leaves, or the last one again.
    pub fn go_on_copying(&mut self, ctx: &mut Context<'_>) {
        let mut transfers = std::mem::take(&mut self.transfers.under_way);
        // Nobody waits for a copy that has become something else, or whose source is no source any more.
        transfers.retain(|transfer| {
            self.databases[transfer.to.index()].role == Role::Rebuilding
                && self.streams.iter().any(|it| (it.from, it.to) == (transfer.from, transfer.to))
        });
        for transfer in &mut transfers {
            if !self.answers(transfer.from) {
                continue;
            }
            let waits = transfer.acknowledged < transfer.sent;
            if waits && ctx.now.since(transfer.left) < PATIENCE {
                continue;
            }
            if !waits {
                transfer.sent = (transfer.sent + 1).min(transfer.parts);
            }
            transfer.left = ctx.now;
            let cargo = Cargo::Part(transfer.number, transfer.sent);
            let cause = ctx.cause();
            ctx.because(transfer.because);
            self.network.send_numbered(ctx, (transfer.from, transfer.to), cargo, true);
            ctx.because(cause);
        }
        debug_assert!(self.transfers.under_way.is_empty(), "sending begins no copy");
        self.transfers.under_way = transfers;
    }

    /// A part of a copy arrives. When it is the last, the copy is whole.
    pub(super) fn on_part(&mut self, ctx: &mut Context<'_>, flight: &Flight, number: u32, part: u32) {
        let (Site::Region(from), Site::Region(to)) = (flight.from, flight.to) else { return };
        if self.databases[to.index()].status != Status::Up {
            return;
        }
        let Some(transfer) = self.transfers.under_way.iter_mut().find(|it| it.number == number) else {
            return;
        };
        debug_assert_eq!((transfer.from, transfer.to), (from, to), "a copy has one way");
        debug_assert!(part <= transfer.parts, "a copy has no more parts than it has");
        let new = part == transfer.arrived + 1;
        transfer.arrived += u32::from(new);
        let whole = new && transfer.arrived == transfer.parts;
        self.network.send_numbered(ctx, (to, from), Cargo::PartArrived(number, part), true);
        if whole {
            self.transfers.under_way.retain(|transfer| transfer.number != number);
            ctx.tell(Occurrence::Copied { from, to });
        }
    }

    /// The source hears that a part has arrived.
    pub(super) fn on_part_arrived(&mut self, number: u32, part: u32) {
        if let Some(transfer) = self.transfers.under_way.iter_mut().find(|it| it.number == number) {
            debug_assert!(part <= transfer.sent, "what arrived was sent");
            transfer.acknowledged = transfer.acknowledged.max(part);
        }
    }
}
