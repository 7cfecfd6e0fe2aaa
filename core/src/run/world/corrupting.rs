//! Data that is wrong: rubbish, deletion, ransom. Copies follow it as they follow everything; backups do not.

use crate::kernel::id::{EntryId, PopulationId, RegionId, WriteId};
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::version::Content;

impl World {
    /// Everything in a region's database is changed at once, where it takes writes.
    pub(super) fn ruin(&mut self, ctx: &mut Context<'_>, region: RegionId, content: Content, entry: EntryId) {
        let target = self.system.writers[region.index()].unwrap_or(region);
        if !self.system.databases[target.index()].writable() {
            return;
        }
        let keys = ctx.plan.scenario.database.keys as u16;
        let format = self.system.fleets.regions[target.index()].version;
        for key in 0..keys {
            self.put(ctx, key, target, (WriteId(0), PopulationId(0), 0), (content, format));
        }
        ctx.note(Some(entry), What::DataRuined { region: target, keys });
    }

    /// Everything is encrypted, and every backup deleted that no locked vault keeps.
    pub(super) fn ransom(&mut self, ctx: &mut Context<'_>, region: RegionId, entry: EntryId) {
        self.ruin(ctx, region, Content::Rubbish, entry);
        if !ctx.plan.scenario.backup.locked {
            let count = self.system.backups.wipe();
            ctx.note(Some(entry), What::BackupsDeleted(count));
        }
    }

    /// The first rubbish that a bad release writes is news; the rest is the same.
    pub(super) fn note_ruin(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        if self.system.databases[region.index()].corrupt_keys() == 0 {
            let cause = self.cause_in(region);
            ctx.note(cause, What::DataRuined { region, keys: 1 });
        }
    }
}
