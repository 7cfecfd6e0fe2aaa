//! Copies that follow nobody: what they have ends at a moment. One that has lost its source stays as it is; one that is being
//! filled anew keeps what stood there before, until the new copy is whole. A person may decide to go on from there.

use super::System;
use crate::kernel::id::RegionId;
use crate::model::plan::Plan;
use crate::system::context::Context;
use crate::system::database::Role;
use crate::system::journal::What;
use crate::system::occurrence::Occurrence;
use std::sync::Arc;

impl System {
    /// Whether a region has a copy that ends at some moment and follows nobody who could tell it more: its source was
    /// replaced, or fails its health checks before the new copy is whole.
    pub fn is_left_behind(&self, region: RegionId) -> bool {
        let database = &self.databases[region.index()];
        let source = self.stream_to(region).map(|stream| stream.from);
        if database.deleted.is_some() {
            return false;
        }
        match database.role {
            Role::Replica => source.is_none(),
            Role::Rebuilding => {
                let ill = |source: RegionId| !self.route53.endpoints[source.index()].healthy;
                database.before.is_some() && source.is_none_or(ill)
            }
            Role::Primary | Role::Promoting | Role::Absent | Role::Witness => false,
        }
    }

    /// What stands in a region is kept while a new copy of another's data is made beside it. Where every region takes writes
    /// there is always another to go on with.
    pub(super) fn keep_aside(&mut self, plan: &Plan, region: RegionId) {
        let database = &mut self.databases[region.index()];
        let deleted = database.deleted.is_some();
        let kept = match database.role {
            // It was put aside already.
            Role::Rebuilding => return,
            Role::Absent | Role::Witness => None,
            Role::Primary | Role::Replica | Role::Promoting => {
                (!plan.writes_everywhere() && !deleted).then(|| Arc::new(database.image()))
            }
        };
        database.before = kept;
    }

    /// A copy that is being filled is given up for what stood there before. Without that nothing changes.
    pub fn go_back_to_old_copy(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let database = &mut self.databases[region.index()];
        if database.role == Role::Rebuilding && database.go_back() {
            database.role = Role::Replica;
            self.streams.retain(|stream| stream.to != region);
            debug_assert!(self.is_left_behind(region), "it follows nobody");
            ctx.note(self.control.entry, What::OldCopyKept(region));
            ctx.tell(Occurrence::OldCopyKept(region));
        }
    }
}
