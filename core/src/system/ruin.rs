//! Ruined data: rubbish, deletion, ransom. It is replicated like any write; backups from before are not touched by that.

use super::System;
use crate::kernel::id::{EntryId, PopulationId, RegionId, WriteId};
use crate::model::fault::{Effect, Fault, FaultKind};
use crate::system::context::Context;
use crate::system::database::{Database, Role};
use crate::system::journal::What;
use crate::system::version::Content;

impl System {
    /// Everything in a region's database is changed at once, if it takes writes.
    pub(crate) fn ruin(&mut self, ctx: &mut Context<'_>, region: RegionId, content: Content, entry: EntryId) {
        let target =
            self.ownership.writer(region, self.ownership.partition_of_region(region)).unwrap_or(region);
        if !self.databases[target.index()].writable() {
            return;
        }
        let format = self.fleets.regions[target.index()].version;
        let mut keys = 0;
        for key in 0..ctx.plan.scenario.database.keys as u16 {
            if ctx.plan.holds(target, key) {
                self.put(ctx, key, target, (WriteId(0), PopulationId(0), 0), (content, format));
                self.overwrite(ctx.plan, target, key);
                keys += 1;
            }
        }
        debug_assert_eq!(self.databases[target.index()].corrupt_keys(), usize::from(keys), "all is ruined");
        self.ruined_by = Some(ctx.note(Some(entry), What::DataRuined { region: target, keys }));
    }

    /// Everything is encrypted, and every backup deleted that no locked vault keeps.
    pub(crate) fn ransom(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        self.ruin(ctx, region, Content::Rubbish, entry);
        if !ctx.plan.scenario.backup.locked {
            let count = self.backups.wipe(ctx.plan.scenario.backup.other_account);
            ctx.note(Some(entry), What::BackupsDeleted(count));
        }
    }

    /// The first rubbish that a bad release writes is news; the rest is the same.
    pub(crate) fn note_ruin(&mut self, ctx: &mut Context<'_>, region: RegionId, writer: RegionId) {
        if self.databases[region.index()].corrupt_keys() == 0 {
            let cause = self.why_rubbish(writer);
            self.ruined_by = Some(ctx.note(cause, What::DataRuined { region, keys: 1 }));
        }
    }

    /// Whether a fault has ruined data that a serving copy still has, or is still ruining it.
    pub(crate) fn is_ruined(&self, fault: Fault) -> bool {
        let replaced =
            |db: &Database| self.ownership.partitions() == 1 && db.region != self.ownership.primary();
        if let Effect::Gone(region) = fault.effect() {
            return self.is_deleted(region) && !replaced(&self.databases[region.index()]);
        }
        let serves = |db: &Database| match db.role {
            Role::Primary => !replaced(db),
            Role::Promoting | Role::Rebuilding => true,
            Role::Replica | Role::Absent | Role::Witness => false,
        };
        let wrong = |db: &Database| serves(db) && db.corrupt_keys() > 0;
        let written = fault.region().is_some_and(|region| self.writes_rubbish(region));
        let goes_on = fault.kind() == FaultKind::Corruption && written;
        fault.kind().corrupts() && (goes_on || self.databases.iter().any(wrong))
    }
}
