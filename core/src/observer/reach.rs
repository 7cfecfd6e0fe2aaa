//! Writes that are out of reach: a region that does not answer has kept them to itself, and they come when it does.

use super::Observer;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::RegionId;
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::stream::Commit;

impl Observer {
    /// A region does not answer, and all regions take writes: nobody else has seen what it has not passed on. That is out of
    /// reach and not lost: it arrives when the region is back.
    pub(super) fn count_unseen(&mut self, ctx: &mut Context<'_>, system: &System, region: RegionId) {
        let Some(incident) = self.open_incident_of(region) else { return };
        let streams = system.streams.iter().filter(|stream| stream.from == region);
        let told = streams.flat_map(|stream| stream.missing()).filter(|commit| commit.acknowledged);
        let mut unseen: Vec<Commit> = Vec::new();
        for commit in told {
            // Each once, however many copies it was meant for, in the order in which they were made.
            let place = (commit.at, commit.id);
            if let Err(place) = unseen.binary_search_by_key(&place, |known| (known.at, known.id)) {
                unseen.insert(place, *commit);
            }
        }
        unseen.retain(|commit| self.losses.unseen.iter().all(|(_, known)| known.id != commit.id));
        debug_assert!(unseen.iter().all(|commit| commit.id.region == region), "what it has written itself");
        self.incidents[incident].rpo.get_or_insert(SimDuration::ZERO);
        self.name_lost(ctx, incident, system.control.entry, &unseen);
        self.losses.unseen.extend(unseen.into_iter().map(|commit| (incident, commit)));
    }

    /// A copy has taken in what came: writes that were out of reach may be there again.
    pub fn find_again(&mut self, ctx: &mut Context<'_>, system: &System, region: RegionId) {
        if self.losses.unseen.is_empty() {
            return;
        }
        let copy = &system.databases[region.index()];
        debug_assert_eq!(copy.region, region, "each region has its own copy");
        let mut found = 0;
        let incidents = &mut self.incidents;
        self.losses.unseen.retain(|(incident, commit)| {
            // It has come, whatever the copy shows now: what has become of it is the ledger's business.
            let here = region != commit.id.region && copy.seen[usize::from(commit.key)].covers(commit.id);
            if here {
                found += 1;
                debug_assert!(commit.acknowledged, "only what somebody was told of is missed");
                incidents[*incident].lost_writes = incidents[*incident].lost_writes.saturating_sub(1);
            }
            !here
        });
        if found > 0 {
            ctx.note(None, What::WritesReturned(found));
        }
    }
}
