//! Copies of a whole database on their way to another region, in parts.

use super::System;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::plan::{Plan, Site};
use crate::system::context::Context;
use crate::system::database::{Role, Status};
use crate::system::network::{Cargo, Flight};
use crate::system::occurrence::Occurrence;
use crate::system::parts::Parts;

/// A batch job that copies old objects from one region to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchCopy {
    /// The region that has them.
    pub from: RegionId,
    /// The region that gets them.
    pub to: RegionId,
    /// The next key that it looks at.
    pub(super) key: u16,
    /// How many microseconds of its work are not used up.
    pub(super) left_us: u64,
}

/// Copies on their way.
#[derive(Clone, Debug, Default)]
pub struct Transfers {
    /// One to a region at most.
    pub under_way: Vec<Transfer>,
    begun: u32,
    /// Batch jobs that copy objects older than the rule of replication.
    pub(super) batches: Vec<BatchCopy>,
}

/// A copy on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The region whose database is copied.
    pub from: RegionId,
    /// The region that gets the copy.
    pub to: RegionId,
    /// How far it has come.
    pub parts: Parts,
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
            parts: Parts::of(seconds, ctx.now),
            number: self.transfers.begun,
            because: self.control.entry,
        });
    }

    /// Whether a region's database answers, so that it can be copied.
    pub fn answers(&self, region: RegionId) -> bool {
        !self.dark[region.index()] && self.databases[region.index()].answers()
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
            let Some(part) = transfer.parts.next(ctx.now) else { continue };
            let cargo = Cargo::Part(transfer.number, part);
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
        let whole = transfer.parts.arrive(part);
        self.network.send_numbered(ctx, (to, from), Cargo::PartArrived(number, part), true);
        if whole {
            self.transfers.under_way.retain(|transfer| transfer.number != number);
            ctx.tell(Occurrence::Copied { from, to });
        }
    }

    /// The source hears that a part has arrived.
    pub(super) fn on_part_arrived(&mut self, number: u32, part: u32) {
        if let Some(transfer) = self.transfers.under_way.iter_mut().find(|it| it.number == number) {
            transfer.parts.acknowledge(part);
        }
    }
}
