//! Calls to control planes: to fence, to promote, to follow, to switch over. Operations act on machines through these, and
//! those of `provision`, `restore` and `claims`. But for changes of owners, which are told by messages, a call acts at once;
//! the runbook waits first for as long as it takes.

use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId};
use crate::model::obstacle::Obstacle;
use crate::model::plan::{Plan, Site};
use crate::system::System;
use crate::system::context::Context;
use crate::system::control_call::{Asks, ControlCall, Reply};
use crate::system::database::{Role, Status};
use crate::system::journal::What;
use crate::system::network::{Cargo, Flight};
use crate::system::occurrence::Occurrence;
use crate::system::stream::Replication;
use std::sync::Arc;

/// What is remembered between two calls.
#[derive(Clone, Debug, Default)]
pub struct Control {
    /// The journal's entry of what was last ordered or completed: the cause of what follows from it.
    pub entry: Option<EntryId>,
}

/// What can be reached.
impl System {
    /// Sets the journal entry that later calls follow from; `None` changes nothing.
    pub fn follow(&mut self, entry: Option<EntryId>) {
        self.control.entry = entry.or(self.control.entry);
    }

    /// The obstacle that keeps a region's control plane from answering.
    pub fn closed(&self, region: RegionId) -> Option<Obstacle> {
        if self.dark[region.index()] {
            Some(Obstacle::RegionDark(region))
        } else {
            (!self.control_plane_up(region)).then_some(Obstacle::ControlPlane(region))
        }
    }

    /// Whether a region passes its health checks and its database takes writes.
    pub fn is_whole(&self, region: RegionId) -> bool {
        self.route53.endpoints[region.index()].healthy && self.databases[region.index()].writable()
    }

    /// Whether a copy follows in a region, so that it could be promoted. One that has lost its source could only pretend to
    /// have what was written since.
    pub fn can_be_promoted(&self, region: RegionId) -> bool {
        let replica = self.databases[region.index()].role == Role::Replica;
        replica && self.stream_to(region).is_some()
    }

    /// The region that the work of another can go to: where everything can be made, or the first whose copy follows, if
    /// possible one that answers; else one whose copy was left behind.
    pub fn recovery_region(&self, plan: &Plan, from: RegionId) -> Option<RegionId> {
        let mut others = plan.blueprint.order().filter(|region| *region != from);
        if !plan.blueprint.copies_follow() {
            // Where no law lets it go it waits, and says so.
            let lawful = others.clone().find(|region| plan.placement.may_hold_all(*region));
            return lawful.or_else(|| others.next());
        }
        let (follows, others): (Vec<RegionId>, Vec<RegionId>) =
            others.partition(|region| self.can_be_promoted(*region));
        let answers = follows.iter().find(|region| !self.dark[region.index()]);
        let behind = || others.iter().find(|it| self.is_left_behind(**it) && !self.dark[it.index()]);
        answers.or_else(behind).or(follows.first()).copied()
    }
}

/// Calls and their answers.
impl System {
    /// Calls a region's control plane.
    pub fn call(&mut self, ctx: &mut Context<'_>, region: RegionId, name: ControlCall, asks: Asks) {
        let draws =
            ctx.chance(Purpose::ControlCall, name.run.into(), name.step.into(), call_number(name, region, 0));
        debug_assert!(region.index() < self.dark.len(), "it is one of the regions");
        let cargo = Cargo::ControlCall(name, asks);
        self.network.send(ctx, draws, Site::Desk, Site::Region(region), cargo);
    }

    /// A call has come to a region's control plane. One that is closed does not even refuse it.
    pub(super) fn on_control_call(
        &mut self,
        ctx: &mut Context<'_>,
        flight: &Flight,
        name: ControlCall,
        asks: Asks,
    ) {
        let Site::Region(region) = flight.to else { return };
        if !self.control_plane_up(region) {
            return;
        }
        let fleet = &mut self.fleets.regions[region.index()];
        let slow = fleet.throttled && asks != Asks::Launch;
        let reply = if asks == Asks::Promote && !self.answers(region) {
            Reply::Refused(Obstacle::NoReplica(region))
        } else if slow && ctx.now < self.fleets.regions[region.index()].next_call {
            Reply::Throttled
        } else {
            // As fast as it launches, so fast it takes the other calls.
            let pause = 60.0 / f64::from(ctx.plan.scenario.faults.slow_launches_per_min);
            self.fleets.regions[region.index()].next_call = ctx.now + SimDuration::from_secs(pause);
            Reply::Accepted
        };
        let draws =
            ctx.chance(Purpose::ControlCall, name.run.into(), name.step.into(), call_number(name, region, 1));
        debug_assert_eq!(flight.from, Site::Desk, "only those who run the system call");
        self.network.send(ctx, draws, flight.to, Site::Desk, Cargo::ControlAnswer(name, reply));
    }

    /// The answer of a control plane has reached those who run the system.
    pub(super) fn on_control_answer(
        &self,
        ctx: &mut Context<'_>,
        flight: &Flight,
        name: ControlCall,
        reply: Reply,
    ) {
        let Site::Region(region) = flight.from else { return };
        debug_assert!(region.index() < self.dark.len(), "it is one of the regions");
        ctx.tell(Occurrence::ControlAnswered { name, region, reply });
    }
}

/// Fence, promotion, and the copies that follow.
impl System {
    /// Whoever writes to a region's database is told to stop, and so is that region itself. If it has been replaced already,
    /// the news of that is on its way, and nothing more is told.
    pub fn fence(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        for partition in 0..self.ownership.partitions() {
            if self.ownership.newest(partition).owner == region {
                self.change_owner(ctx, Site::Desk, partition, (region, false));
            }
        }
        debug_assert!(
            (0..self.ownership.partitions()).all(|it| {
                let claim = self.ownership.newest(it);
                claim.owner != region || !claim.open
            }),
            "no newest claim lets it write"
        );
    }

    /// The obstacle that keeps the copy in a region from being promoted.
    pub fn promotion_obstacle(&self, to: RegionId) -> Option<Obstacle> {
        let copy = self.can_be_promoted(to) || self.is_left_behind(to);
        let follows = copy && self.databases[to.index()].status == Status::Up;
        let dark = self.dark[to.index()].then_some(Obstacle::RegionDark(to));
        dark.or((!follows).then_some(Obstacle::NoReplica(to)))
    }

    /// Whether the old primary is fenced and connected while commits of its are still on their way to a copy: a promotion
    /// that need not lose anything waits for them.
    pub fn is_draining(&self, to: RegionId) -> bool {
        self.stream_to(to).is_some_and(|stream| {
            let connected = self.network.direction(stream.from, stream.to).cuts == 0;
            connected && self.databases[stream.from.index()].can_ship() && stream.behind() > 0
        })
    }

    /// A copy begins to become the primary.
    pub fn begin_promotion(&mut self, to: RegionId) {
        let database = &mut self.databases[to.index()];
        debug_assert!(matches!(database.role, Role::Replica | Role::Primary), "what has data is promoted");
        database.role = Role::Promoting;
    }

    /// Nobody promotes the copy in a region any more: it is what it was.
    pub fn leave_promotion(&mut self, to: RegionId) {
        let database = &mut self.databases[to.index()];
        if database.role == Role::Promoting {
            database.role = Role::Replica;
            if database.status == Status::Restarting {
                database.status = Status::Up;
            }
        }
    }

    /// The last part of a promotion: the database restarts and cannot be read.
    pub fn restart_for_promotion(&mut self, to: RegionId) {
        let database = &mut self.databases[to.index()];
        debug_assert_eq!(database.role, Role::Promoting, "nothing else restarts for a promotion");
        if database.status == Status::Up {
            database.status = Status::Restarting;
        }
    }

    /// The copy becomes the primary, and all servers that can be told write to it. False if it was lost on the way: then it
    /// is a copy again. The old streams stay until [`Self::disconnect`], so that what they had not brought can be seen.
    pub fn promote(&mut self, ctx: &mut Context<'_>, from: RegionId, to: RegionId) -> bool {
        debug_assert_ne!(from, to, "a promotion goes to another region than it leaves");
        let database = &mut self.databases[to.index()];
        debug_assert_eq!(database.role, Role::Promoting, "a promotion ends that had begun");
        if self.dark[to.index()] || database.status != Status::Restarting {
            database.role = Role::Replica;
            return false;
        }
        database.role = Role::Primary;
        database.status = Status::Up;
        database.end_logs();
        self.change_owner(ctx, Site::Region(to), 0, (to, true));
        ctx.tell(Occurrence::Promoted { from, to });
        true
    }

    /// There is another primary: the streams of the old one end, and its other copies are left as they are.
    pub fn disconnect(&mut self, ctx: &mut Context<'_>) {
        for stream in std::mem::take(&mut self.streams) {
            if stream.to != self.ownership.primary() {
                self.leave_without_source(ctx, stream.to);
            }
        }
    }

    /// A copy follows nobody any more. It can still be read, as what it had taken in until now.
    fn leave_without_source(&self, ctx: &mut Context<'_>, copy: RegionId) {
        debug_assert_ne!(self.ownership.primary(), copy, "the primary follows nobody anyway");
        debug_assert!(self.stream_to(copy).is_none(), "what has a source is not without one");
        ctx.note(self.control.entry, What::SourceLost(copy));
    }

    /// A region's copy is replaced by that of another, which takes so many seconds if nothing is in its way, and follows it:
    /// it can be read when it is whole. Both have to answer.
    pub fn follow_anew(&mut self, ctx: &mut Context<'_>, (source, copy): (RegionId, RegionId), seconds: f64) {
        debug_assert_ne!(source, copy, "a copy follows another region");
        debug_assert!(self.answers(source) && self.can_be_filled(copy), "a copy is made by those who answer");
        self.streams.retain(|stream| stream.to != copy || stream.from != source);
        self.keep_aside(ctx.plan, copy);
        self.copy_data(ctx.plan, source, copy);
        let database = &mut self.databases[copy.index()];
        database.role = Role::Rebuilding;
        if database.deleted.take().is_some() {
            (database.status, database.life) = (Status::Up, database.life + 1);
        }
        self.begin_stream(ctx, Replication::new(ctx.plan, (source, copy), ctx.now));
        self.begin_transfer(ctx, (source, copy), seconds);
        ctx.note(self.control.entry, What::CopyBegan { from: source, to: copy });
        ctx.tell(Occurrence::Replaced { region: copy, source });
    }

    /// A region's copy has the same data as another's, as far as it may hold them.
    fn copy_data(&mut self, plan: &Plan, from: RegionId, to: RegionId) {
        let source = self.databases[from.index()].clone();
        self.databases[to.index()].copy_from(plan, &source);
    }

    /// What only an old primary has is set aside, and it follows the primary of now.
    pub fn set_aside(&mut self, ctx: &mut Context<'_>, (source, old): (RegionId, RegionId), seconds: f64) {
        debug_assert_ne!(self.ownership.primary(), old, "the primary keeps what it has");
        let any = !self.is_deleted(old);
        if any {
            self.handed_over.push(Arc::new(self.databases[old.index()].image()));
        }
        self.drop_streams_of(old);
        self.follow_anew(ctx, (source, old), if any { seconds } else { Self::copy_s(ctx.plan) });
        ctx.tell(Occurrence::SetAside { region: old, any });
    }

    /// The primary is told to take no more writes, and everybody who sends it any.
    pub fn stop_writes(&mut self, ctx: &mut Context<'_>) {
        let owner = self.ownership.primary();
        debug_assert!(!ctx.plan.writes_everywhere(), "there is one primary");
        self.change_owner(ctx, Site::Desk, 0, (owner, false));
    }

    /// No stream begins or ends in a region any more.
    pub(super) fn drop_streams_of(&mut self, region: RegionId) {
        self.streams.retain(|stream| stream.from != region && stream.to != region);
    }

    /// Primary and copy change places while nobody writes: nothing is lost. Other copies that have everything follow the new
    /// primary from here on; those that lack something cannot.
    pub fn switch_over(&mut self, ctx: &mut Context<'_>, from: RegionId, to: RegionId) {
        debug_assert_ne!(from, to, "a switchover goes to another region than it leaves");
        debug_assert_eq!(self.ownership.primary(), from, "the primary gives its work away");
        debug_assert_eq!(self.stream_to(to).map_or(0, Replication::behind), 0, "the copy has everything");
        self.databases[from.index()].role = Role::Replica;
        self.databases[to.index()].role = Role::Primary;
        self.databases[to.index()].end_logs();
        let before = std::mem::take(&mut self.streams);
        self.begin_stream(ctx, Replication::new(ctx.plan, (to, from), ctx.now));
        for stream in before.iter().filter(|stream| stream.to != to) {
            if stream.from == from && stream.behind() == 0 {
                let old_log = self.databases[from.index()].log_end();
                self.databases[stream.to.index()].reach(old_log);
                self.begin_stream(ctx, Replication::new(ctx.plan, (to, stream.to), ctx.now));
            } else {
                self.leave_without_source(ctx, stream.to);
            }
        }
        self.change_owner(ctx, Site::Region(to), 0, (to, true));
        ctx.tell(Occurrence::SwitchedOver { from, to });
    }

    /// Whoever owned a partition when it was closed takes its writes again, because nothing was put in its place.
    pub fn reopen(&mut self, ctx: &mut Context<'_>, partition: usize) {
        let owner = self.ownership.newest(partition).owner;
        debug_assert!(!self.ownership.newest(partition).open, "what was closed is opened");
        self.change_owner(ctx, Site::Region(owner), partition, (owner, true));
    }
}

/// What tells the calls of one step apart, and a call from its answer.
fn call_number(name: ControlCall, region: RegionId, answer: u64) -> u64 {
    debug_assert!(answer <= 1, "a call, or its answer");
    u64::from(name.nth) << 16 | u64::from(region.0) << 8 | answer
}
