//! Objects that the rule by which a bucket is replicated does not copy: older than it, failed for good, or written against its
//! direction. No copy has them until they are written again, or a batch job copies them.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::RegionId;
use crate::model::plan::Plan;
use crate::system::System;
use crate::system::context::Context;
use crate::system::database::Database;
use crate::system::journal::What;
use crate::system::refusal::Refusal;
use crate::system::transfer::BatchCopy;
use crate::system::version::{Content, Version};

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
        let waits =
            |db: &Database| self.batch_to(db.region).is_none() && self.lacks_of(region, db.region) > 0;
        (!self.databases.iter().any(waits)).then_some(Refusal::NothingOld(region))
    }

    /// How many keys stand in a region whose objects another lacks, and will not get by the rule.
    fn lacks_of(&self, from: RegionId, to: RegionId) -> usize {
        let keys = 0..self.databases[to.index()].versions.len() as u16;
        keys.filter(|key| self.lacks(from, to, *key)).count()
    }

    /// Whether a region lacks the object that another has under a key, and none is on its way.
    fn lacks(&self, from: RegionId, to: RegionId, key: u16) -> bool {
        let (source, target) = (&self.databases[from.index()], &self.databases[to.index()]);
        let version = &source.versions[usize::from(key)];
        // A copy that waits to be filled has what was undone, and gets all that stands.
        let both = source.is_primary() && target.is_primary();
        let is_there = from != to && both && version.content != Content::NotCopied;
        let old = target.versions[usize::from(key)].content == Content::NotCopied;
        is_there && (old || !(target.seen[usize::from(key)].covers(version.id) || self.comes(from, to, key)))
    }

    /// Whether something under a key is in the stream between two regions.
    fn comes(&self, from: RegionId, to: RegionId, key: u16) -> bool {
        let mut streams = self.streams.iter().filter(|it| it.from == from && it.to == to);
        streams.any(|stream| stream.waiting(key) > 0)
    }

    /// Keys whose objects another region has and this one lacks, and will not get by the rule, beside those that are older than it.
    pub fn left_out(&self, plan: &Plan, to: RegionId) -> usize {
        let database = &plan.scenario.database;
        if *database.replication_fails == 0.0 && !database.one_way {
            return 0;
        }
        let newer = |key: &u16| {
            let here = &self.databases[to.index()].versions[usize::from(*key)];
            here.content != Content::NotCopied && plan.region_ids().any(|from| self.lacks(from, to, *key))
        };
        (0..database.keys as u16).filter(newer).count()
    }

    fn batch_to(&self, to: RegionId) -> Option<&BatchCopy> {
        self.transfers.batches.iter().find(|batch| batch.to == to)
    }

    /// Somebody starts a batch job: the region's old objects go to every copy that lacks them.
    pub fn start_batch(&mut self, region: RegionId) {
        debug_assert!(self.why_no_batch(region).is_none(), "what is refused is not done");
        self.meters.batch_jobs[region] += 1;
        let all = (0..self.databases.len() as u8).map(RegionId);
        let to: Vec<RegionId> = all.filter(|to| self.lacks_of(region, *to) > 0).collect();
        for to in to {
            if self.batch_to(to).is_none() {
                self.transfers.batches.push(BatchCopy { from: region, to, key: 0, left_us: 0 });
            }
        }
    }

    /// A second has passed: batch jobs go on where both ends can be reached, and stand still elsewhere.
    pub fn go_on_batches(&mut self, ctx: &mut Context<'_>) {
        for mut batch in std::mem::take(&mut self.transfers.batches) {
            let whole = self.no_way_between(batch.from, batch.to).is_none() && self.copy_old(ctx, &mut batch);
            if whole {
                ctx.note(None, What::OldObjectsCopied(batch.from, batch.to));
            } else {
                self.transfers.batches.push(batch);
            }
        }
    }

    /// A second of a job's work. True if it has looked at every key.
    fn copy_old(&mut self, ctx: &mut Context<'_>, batch: &mut BatchCopy) -> bool {
        let database = &ctx.plan.scenario.database;
        let mib = *database.size_gib * 1024.0 / f64::from(database.keys);
        let each_us = SimDuration::from_secs(mib / *database.copy_mib_per_s).micros();
        batch.left_us += 1_000_000;
        while u32::from(batch.key) < database.keys {
            if self.lacks(batch.from, batch.to, batch.key) {
                if batch.left_us < each_us {
                    return false;
                }
                batch.left_us -= each_us;
                self.meters.batch_keys[batch.from] += 1;
                self.copy_object(ctx, batch);
            }
            batch.key += 1;
        }
        true
    }

    fn copy_object(&mut self, ctx: &mut Context<'_>, batch: &BatchCopy) {
        let (key, index) = (batch.key, usize::from(batch.key));
        let source = self.databases[batch.from.index()].versions[index];
        let target = &mut self.databases[batch.to.index()];
        if target.versions[index].content == Content::NotCopied {
            let content = if source.id.is_written() { Content::Good } else { source.content };
            target.versions[index].content = content;
        }
        // What was written since, and is in the stream, follows by the rule.
        if !target.seen[index].covers(source.id) && !self.comes(batch.from, batch.to, key) {
            self.take_in(ctx, batch.to, key, Version { at: ctx.now, ..source });
        }
    }
}
