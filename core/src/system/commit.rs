//! Commits: a write becomes durable in a region and goes into the streams that leave there.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{PopulationId, RegionId, VersionId, WriteId};
use crate::model::plan::Plan;
use crate::model::{Rule, Spread};
use crate::system::call::{Answer, Attempt, Call};
use crate::system::context::Context;
use crate::system::occurrence::{Committed, Occurrence, Placed, WriteRefused};
use crate::system::stream::{Commit, Replication};
use crate::system::version::{Content, Version, wall_clock_us};

/// Whether an object's replication to a region fails, for good.
fn fails(plan: &Plan, commit: &Commit, to: RegionId) -> bool {
    let (share, id) = (*plan.scenario.database.replication_fails, commit.id);
    let draws =
        || plan.chance.of(Purpose::ReplicationFails, id.region.0.into(), id.count.into(), to.0.into());
    share > 0.0 && draws().chance(share)
}

impl System {
    /// A write met a version that its client had not seen: it is refused, and the client will be told.
    pub(super) fn refuse(ctx: &mut Context<'_>, call: &Call, write: WriteId, because: VersionId) -> Answer {
        debug_assert_eq!(call.attempt.write, Some(write), "only a write is refused because of another");
        let Attempt { key, population, .. } = call.attempt;
        let refused = WriteRefused { key, write, population, region: call.to, because };
        ctx.tell(Occurrence::WriteRefused(refused));
        Answer::Outrun
    }

    /// A write becomes durable. What was rubbish before stays rubbish: the application changes what it finds.
    pub(super) fn commit(
        &mut self,
        ctx: &mut Context<'_>,
        call: &Call,
        write: WriteId,
        found: Content,
    ) -> VersionId {
        debug_assert!(write.0 > 0, "only a client's write is committed");
        let (Attempt { request, key, population, .. }, region) = (call.attempt, call.to);
        if let Some(version) = self.committed_before(ctx, call, write) {
            return version;
        }
        // A client that has given up is gone; its write is still known.
        let known = self.clients.requests.get(request).filter(|known| known.write == Some(write));
        let connection = known.map_or(0, |known| known.connection);
        let content = self.content_of(ctx, call, found);
        let format = self.fleets.regions[call.home.index()].version;
        let version = self.put(ctx, key, region, (write, population, connection), (content, format));
        debug_assert!(
            self.databases[region.index()].seen[usize::from(key)].covers(version),
            "a region has seen what it has committed"
        );
        self.clients.committed(request, write, version);
        self.note_token(ctx.plan, write, version);
        version
    }

    /// What a server puts there in place of what it found.
    pub(super) fn content_of(&mut self, ctx: &mut Context<'_>, call: &Call, found: Content) -> Content {
        debug_assert_ne!(found, Content::Deleted, "what is gone cannot be changed");
        // What was not there is written for the first time here.
        let found = if found == Content::NotCopied { Content::Good } else { found };
        let content = if self.writes_rubbish(call.home) { Content::Rubbish } else { found };
        if content == Content::Rubbish && found == Content::Good {
            self.note_ruin(ctx, call.to, call.home);
        }
        content
    }

    /// Puts a version into a region's copy and the streams that leave there.
    pub(super) fn put(
        &mut self,
        ctx: &mut Context<'_>,
        key: u16,
        region: RegionId,
        who: (WriteId, PopulationId, u16),
        what: (Content, u32),
    ) -> VersionId {
        let ((write, population, connection), (content, format)) = (who, what);
        let version = self.next_version(ctx, key, region, (write, content, format));
        let database = &mut self.databases[region.index()];
        debug_assert!(database.writable(), "a commit needs a primary that answers");
        let over = database.versions[usize::from(key)].id;
        for rival in database.rivals.get(key).into_iter().flatten() {
            ctx.tell(Occurrence::WroteOver(Placed { key, region, version: rival.id }));
        }
        database.take(key, version, ctx.plan.rule());
        database.applied.add(version.id);
        debug_assert_eq!(
            database.versions[usize::from(key)].id,
            version.id,
            "a commit is shown where it was made"
        );
        debug_assert!(!database.rivals.contains(key), "whoever writes has seen all that stood there");
        ctx.tell(Occurrence::Committed(Committed { key, version, population, connection, over }));
        let commit = self.commit_of(ctx, key, &version, (population, connection));
        self.pass_on(ctx.plan, commit);
        version.id
    }

    /// The version that a region would put under a key now.
    pub(super) fn next_version(
        &mut self,
        ctx: &Context<'_>,
        key: u16,
        region: RegionId,
        (write, content, format): (WriteId, Content, u32),
    ) -> Version {
        let database = &mut self.databases[region.index()];
        let newest = database.all_versions(key).map(|version| version.stamp).max().unwrap_or_default();
        let stamp = wall_clock_us(ctx.plan, region, ctx.now).max(newest + 1);
        let mut seen = database.seen[usize::from(key)];
        debug_assert!(
            database.all_versions(key).all(|it| seen.covers(it.id)),
            "a copy has seen what it shows"
        );
        let id = database.next_id();
        debug_assert!(!seen.covers(id), "nobody has seen what is being made");
        seen.add(id);
        Version { id, at: ctx.now, write, content, format, stamp, seen }
    }

    /// A version as a commit that follows in the streams.
    pub(super) fn commit_of(
        &mut self,
        ctx: &Context<'_>,
        key: u16,
        version: &Version,
        (population, connection): (PopulationId, u16),
    ) -> Commit {
        debug_assert!(version.at <= ctx.now, "a version is made before it follows");
        debug_assert!(version.seen.covers(version.id), "a writer has seen its own write");
        let own_s = match ctx.plan.rules.spread {
            Spread::InOrder => 0.0,
            Spread::OneByOne { median_s, sigma } => {
                let thing = (version.write.0.into(), version.id.region.0.into());
                let mut draws = ctx.chance(Purpose::Spread, thing.0, thing.1, 0);
                let own_s = median_s * libm::exp(sigma * draws.normal());
                own_s.max(self.databases[version.id.region.index()].pace(ctx))
            }
        };
        // What all have agreed to does not wait for anything.
        let agreed = ctx.plan.rule() == Rule::Quorum;
        let waits_s = if agreed { 0.0 } else { *ctx.plan.scenario.database.delay_s };
        debug_assert!(own_s >= 0.0 && waits_s >= 0.0, "nothing leaves before it is committed");
        let leaves = ctx.now + SimDuration::from_secs(own_s + waits_s);
        Commit::of(key, version, (population, connection), (ctx.now, leaves), ctx.cause())
    }

    /// A commit goes into the streams that leave its region, for every copy that may hold its key.
    pub(super) fn pass_on(&mut self, plan: &Plan, commit: Commit) {
        debug_assert!(commit.id.is_written(), "what follows was committed");
        let mut copies = 0;
        let holds =
            |stream: &&mut Replication| stream.from == commit.id.region && plan.holds(stream.to, commit.key);
        for stream in self.streams.iter_mut().filter(holds).filter(|it| !fails(plan, &commit, it.to)) {
            stream.push(commit);
            copies += 1;
        }
        self.meters.replicated[commit.id.region.index()] += copies;
    }
}
