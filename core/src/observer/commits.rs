//! Commits as the ledger books them: which region made what, over what, and which copies it has reached.

use super::Observer;
use crate::kernel::id::{VersionId, WriteId};
use crate::kernel::region_map::RegionMap;
use crate::observer::ledger::{Line, Mark};
use crate::system::System;
use crate::system::context::Context;
use crate::system::history::Made;
use crate::system::occurrence::{Committed, WriteRefused};
use crate::system::version::Version;

impl Observer {
    fn line(&self, ctx: &Context<'_>, committed: &Committed) -> Line {
        let version = &committed.version;
        debug_assert_ne!(version.id, committed.over, "nothing stands in its own place");
        Line {
            count: version.id.count,
            connection: committed.connection,
            content: version.content,
            stamp: version.stamp,
            over: self.ledger.number(committed.over) as u32,
            ..Line::new(ctx.now, (committed.key, version.id.region), (version.write, committed.population))
        }
    }

    /// A version has become durable in a region.
    pub(super) fn on_committed(&mut self, ctx: &mut Context<'_>, system: &System, committed: &Committed) {
        let region = committed.version.id.region;
        debug_assert_eq!(committed.version.at, ctx.now, "a commit is heard of when it is made");
        let mut line = self.line(ctx, committed);
        line.reached[region] = 0;
        // An old primary that does not know yet: its writes are nowhere else.
        if region != system.ownership.primary() && !ctx.plan.writes_everywhere() {
            line.undone = 0;
        }
        let number = self.ledger.push_version(committed.version.id, line);
        self.staleness.made(&committed.version);
        self.record_made(ctx, committed, number, false);
        self.settle_over(ctx.plan.rule(), committed.over, number);
        self.note_collision(ctx, system, committed, number);
    }

    /// A version is proposed: it is part of what all rely on once another region has accepted it.
    pub(super) fn on_proposed(&mut self, ctx: &mut Context<'_>, committed: &Committed) {
        debug_assert_eq!(committed.version.at, ctx.now, "a proposal is heard of when it is made");
        let line = Line { undone: 0, ..self.line(ctx, committed) };
        let number = self.ledger.push_version(committed.version.id, line);
        self.staleness.made(&committed.version);
        self.record_made(ctx, committed, number, true);
    }

    /// A write of which there is a version is made once more: the version is heard of next.
    pub(super) fn on_duplicated(&mut self, ctx: &mut Context<'_>, write: WriteId) {
        debug_assert!(write.0 > 0, "a client's write");
        self.metrics.duplicates += 1;
        if let Some(operations) = &mut ctx.record.operations {
            operations.repeat(write);
        }
    }

    /// A history, if one is written, has every version.
    fn record_made(&self, ctx: &mut Context<'_>, committed: &Committed, number: u64, proposed: bool) {
        let Some(operations) = &mut ctx.record.operations else { return };
        let Version { id, at, write, stamp, seen, .. } = committed.version;
        let seen = RegionMap::from_fn(|region| self.ledger.number(seen.newest_of(region)));
        debug_assert_eq!(seen[id.region], number, "a writer has seen its own write");
        let key = committed.key;
        operations.make(Made { number, write, key, region: id.region, at, stamp, seen, proposed });
    }

    /// A proposal was given up: for a version that was there first, or because nobody waits for it any more.
    pub(super) fn on_withdrawn(&mut self, proposal: VersionId, because: Option<VersionId>) {
        let number = self.ledger.number(proposal);
        debug_assert!(number > 0, "a proposal was heard of before it is withdrawn");
        if let Some(because) = because {
            self.ledger.mark(number, Mark::Refused, self.ledger.number(because));
        }
    }

    /// A majority has a version. It may stand over another than was there when its write came.
    pub(super) fn on_agreed(&mut self, ctx: &mut Context<'_>, version: VersionId, over: Option<VersionId>) {
        let number = self.ledger.number(version);
        if let (Some(operations), Some(line)) = (&mut ctx.record.operations, self.ledger.get(number)) {
            operations.stand(ctx.now, number, line.write);
        }
        debug_assert!(number > 0, "a proposal was heard of before it is agreed to");
        self.ledger.redo(std::iter::once(number));
        if let Some(over) = over {
            self.ledger.put_over(number, self.ledger.number(over));
        }
    }

    /// A write was refused because of a version that its client had not seen.
    pub(super) fn on_write_refused(&mut self, ctx: &Context<'_>, refused: &WriteRefused) {
        let WriteRefused { key, write, population, region, because } = *refused;
        let line = Line { undone: 0, ..Line::new(ctx.now, (key, region), (write, population)) };
        let number = self.ledger.push(line);
        self.ledger.mark(number, Mark::Refused, self.ledger.number(because));
    }
}
