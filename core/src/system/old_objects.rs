//! Objects that are older than the rule by which a bucket is replicated: no copy has them until a batch job copies them.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::RegionId;
use crate::model::plan::Plan;
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::Database;
use crate::system::journal::What;
use crate::system::refusal::Refusal;
use crate::system::transfer::BatchCopy;
use crate::system::version::Content;

impl Database {
    /// Keys whose objects are older than the rule, and not here.
    pub fn not_copied(&self) -> usize {
        self.versions.iter().filter(|version| version.content == Content::NotCopied).count()
    }
}

impl System {
    /// Why no batch job copies old objects from a region; `None` if there is something to copy.
    pub fn why_no_batch(&self, region: RegionId) -> Option<Refusal> {
        if self.dark[region.index()] {
            return Some(Refusal::Dark(region));
        }
        let lacks = |db: &&Database| db.region != region && db.not_copied() > 0;
        let has = self.databases[region.index()].not_copied() == 0;
        let waits = self.databases.iter().filter(lacks).any(|db| self.batch_to(db.region).is_none());
        (!has || !waits).then_some(Refusal::NothingOld(region))
    }

    fn batch_to(&self, to: RegionId) -> Option<&BatchCopy> {
        self.transfers.batches.iter().find(|batch| batch.to == to)
    }

    /// Somebody starts a batch job: the region's old objects go to every copy that lacks them.
    pub fn start_batch(&mut self, region: RegionId) {
        debug_assert!(self.why_no_batch(region).is_none(), "what is refused is not done");
        let to: Vec<RegionId> =
            self.databases.iter().filter(|db| db.not_copied() > 0).map(|db| db.region).collect();
        for to in to.into_iter().filter(|to| *to != region) {
            if self.batch_to(to).is_none() {
                self.transfers.batches.push(BatchCopy { from: region, to, key: 0, left_us: 0 });
            }
        }
    }

    /// A second has passed: batch jobs go on where both ends can be reached, and stand still elsewhere.
    pub fn go_on_batches(&mut self, ctx: &mut Context<'_>) {
        for mut batch in std::mem::take(&mut self.transfers.batches) {
            let whole =
                self.no_way_between(batch.from, batch.to).is_none() && self.copy_old(ctx.plan, &mut batch);
            if whole {
                ctx.note(None, What::OldObjectsCopied(batch.from, batch.to));
            } else {
                self.transfers.batches.push(batch);
            }
        }
    }

    /// A second of a job's work. True if it has looked at every key.
    fn copy_old(&mut self, plan: &Plan, batch: &mut BatchCopy) -> bool {
        let database = &plan.scenario.database;
        let mib = *database.size_gib * 1024.0 / f64::from(database.keys);
        let each_us = SimDuration::from_secs(mib / *database.copy_mib_per_s).micros();
        batch.left_us += 1_000_000;
        let (from, to) = (batch.from.index(), batch.to.index());
        while let Some(version) = self.databases[to].versions.get(usize::from(batch.key)) {
            if version.content == Content::NotCopied {
                if batch.left_us < each_us {
                    return false;
                }
                batch.left_us -= each_us;
                let source = self.databases[from].versions[usize::from(batch.key)];
                // What has been written since follows by the rule.
                let content = if source.id.is_written() { Content::Good } else { source.content };
                self.databases[to].versions[usize::from(batch.key)].content = content;
            }
            batch.key += 1;
        }
        true
    }
}
