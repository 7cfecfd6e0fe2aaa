//! The database of each region: keys with versions, a role, and an instance with a synchronous standby in another
//! zone. What is committed is durable and survives a crash; who is primary is what a region believes.

use super::context::Context;
use super::event::Event;
use super::id::{EntryId, RegionId, WriteId};
use super::journal::What;
use super::ledger::Content;
use super::plan::Plan;
use super::rng::Stream;
use crate::time::{SimDuration, SimTime};

/// What the copy in a region is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It takes writes.
    Primary,
    /// It follows the primary and can be read.
    Replica,
    /// It is being made the primary.
    Promoting,
    /// It was the primary and may not take writes any more.
    Fenced,
    /// It is being filled anew.
    Rebuilding,
    /// There is none.
    Absent,
}

/// Whether the instance answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Up,
    /// The standby in the other zone is taking over.
    FailingOver,
    /// It starts again.
    Restarting,
    /// It does not, and nothing takes over.
    Down,
}

/// The newest version of a key in one copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The number of its commit; commits are numbered everywhere in one sequence. 0: never written.
    pub commit: u64,
    /// The region that committed it.
    pub writer: RegionId,
    /// When it came into this copy.
    pub at: SimTime,
    /// The write.
    pub write: WriteId,
    /// What stands there.
    pub content: Content,
    /// The version of the application that wrote it.
    pub format: u32,
}

/// Blocks of a restored volume that are still in the backup. Reading one waits until it has been loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Loading {
    /// How much of each key's blocks is there, 0 to 1.
    pub loaded: Vec<f32>,
    /// Until when the volume is busy with what has been asked for.
    free_at: SimTime,
    /// What was asked for in this second, in MiB.
    fetched_mib: f64,
}

/// The database of one region.
#[derive(Clone, Debug)]
pub struct Database {
    /// The region.
    pub region: RegionId,
    /// What the copy is for.
    pub role: Role,
    /// Whether the instance answers.
    pub status: Status,
    /// The zone of the instance that answers.
    pub zone: u8,
    /// The zone of the synchronous standby.
    pub standby_zone: u8,
    /// The standby is there and in step.
    pub standby_ready: bool,
    /// The newest version of each key.
    pub versions: Vec<Version>,
    /// Blocks that have still to be loaded, after a restore.
    pub loading: Option<Loading>,
    life: u16,
}

/// What stands under a key before anyone has written in this run.
pub fn first_version(plan: &Plan) -> Version {
    Version {
        commit: 0,
        writer: RegionId(0),
        at: SimTime::ZERO,
        write: WriteId(0),
        content: Content::Good,
        format: plan.version(RegionId(0)),
    }
}

impl Loading {
    /// Nothing is there yet.
    fn new(keys: usize) -> Self {
        Self { loaded: vec![0.0; keys], free_at: SimTime::ZERO, fetched_mib: 0.0 }
    }

    /// A simulated request asks for a key: how long it waits for blocks; `None` where it would wait for too long, and
    /// then they are not fetched for it.
    fn fetch(&mut self, plan: &Plan, now: SimTime, key: usize) -> Option<SimDuration> {
        let (backup, database) = (&plan.scenario.backup, &plan.scenario.database);
        let missing = 1.0 - f64::from(self.loaded[key]);
        let mib = missing * backup.load_block_mib * f64::from(plan.weight);
        let ends = self.free_at.max(now) + SimDuration::from_secs(mib / backup.load_mib_per_s);
        let wait = ends.since(now);
        // Whoever would wait for half of its patience or longer is one of too many.
        if wait.secs() > database.timeout_s / 2.0 {
            return None;
        }
        self.free_at = ends;
        self.fetched_mib += mib;
        self.take(plan, key, mib);
        Some(wait)
    }

    /// Blocks of a key come in. Returns how much was still missing of it, in MiB.
    fn take(&mut self, plan: &Plan, key: usize, mib: f64) -> f64 {
        let whole = plan.scenario.database.size_gib * 1024.0 / self.loaded.len() as f64;
        let before = self.loaded[key];
        let loaded = f64::from(before) + if whole > 0.0 { mib / whole } else { 1.0 };
        // The last thousandth of a block is not waited for.
        self.loaded[key] = if loaded > 0.999_999 { 1.0 } else { loaded as f32 };
        f64::from(self.loaded[key] - before) * whole
    }

    /// A second has passed: what the volume can load beyond what was asked for comes evenly from everywhere. True where
    /// all is there.
    fn go_on(&mut self, plan: &Plan) -> bool {
        let mut mib = (plan.scenario.backup.load_mib_per_s - std::mem::take(&mut self.fetched_mib)).max(0.0);
        // What is whole takes nothing: a few rounds share its part out among the rest.
        for _ in 0..4 {
            let open = self.loaded.iter().filter(|loaded| **loaded < 1.0).count();
            if open == 0 {
                return true;
            }
            let each = mib / open as f64;
            for key in 0..self.loaded.len() {
                if self.loaded[key] < 1.0 {
                    mib -= self.take(plan, key, each);
                }
            }
        }
        false
    }

    /// How much is there, 0 to 1.
    pub fn share(&self) -> f64 {
        self.loaded.iter().map(|loaded| f64::from(*loaded)).sum::<f64>() / self.loaded.len().max(1) as f64
    }
}

impl Database {
    /// A copy in which nothing has been written.
    pub fn new(plan: &Plan, region: RegionId, role: Role) -> Self {
        let (keys, zones) = (plan.scenario.database.keys, plan.zones(region));
        let never = first_version(plan);
        Self {
            region,
            role,
            status: Status::Up,
            zone: 0,
            standby_zone: u8::from(zones > 1),
            standby_ready: zones > 1,
            versions: vec![never; keys as usize],
            loading: None,
            life: 0,
        }
    }

    /// It can be read here.
    pub fn readable(&self) -> bool {
        self.status == Status::Up && matches!(self.role, Role::Primary | Role::Replica | Role::Promoting)
    }

    /// It can send what it has committed: it answers, whether or not it may still take writes.
    pub fn can_ship(&self) -> bool {
        self.status == Status::Up && matches!(self.role, Role::Primary | Role::Fenced)
    }

    /// It has been made from a backup: these versions, and no blocks yet.
    pub fn restore(&mut self, versions: Vec<Version>) {
        self.loading = Some(Loading::new(versions.len()));
        self.versions = versions;
        self.role = Role::Primary;
        self.status = Status::Up;
        self.life += 1;
    }

    /// How long a request for a key waits for blocks; `None` where it gives up.
    pub fn fetch(&mut self, plan: &Plan, now: SimTime, key: u16) -> Option<SimDuration> {
        self.loading
            .as_mut()
            .map_or(Some(SimDuration::ZERO), |loading| loading.fetch(plan, now, key as usize))
    }

    /// A second has passed. True where the last block has just come.
    pub fn load_on(&mut self, plan: &Plan) -> bool {
        let whole = self.loading.as_mut().is_some_and(|loading| loading.go_on(plan));
        if whole {
            self.loading = None;
        }
        whole
    }

    /// Keys under which nothing stands that can be used.
    pub fn corrupt_keys(&self) -> usize {
        self.versions.iter().filter(|version| version.content != Content::Good).count()
    }

    /// It takes writes here.
    pub fn writable(&self) -> bool {
        self.status == Status::Up && self.role == Role::Primary
    }

    /// Takes in a version. Versions never go back in a copy.
    pub fn apply(&mut self, key: u16, version: Version) {
        let kept = &mut self.versions[key as usize];
        if kept.commit < version.commit {
            *kept = version;
        }
    }

    /// The instance stops. Where the standby is ready it takes over after the time that this takes.
    pub fn lose_instance(
        &mut self,
        ctx: &mut Context<'_>,
        random: &mut Stream,
        cause: Option<EntryId>,
    ) -> bool {
        self.life += 1;
        ctx.note(cause, What::DatabaseLost(self.region));
        if !self.standby_ready {
            self.status = Status::Down;
            return false;
        }
        let database = &ctx.plan.scenario.database;
        self.status = Status::FailingOver;
        let span = random.between(database.zone_failover_min_s, database.zone_failover_max_s);
        ctx.after_s(span, Event::DatabaseReady(self.region, self.life));
        true
    }

    /// Everything in the region stops.
    pub fn go_dark(&mut self) {
        self.life += 1;
        self.status = Status::Down;
    }

    /// Power or the instance is back: it starts again, where nothing has taken over.
    pub fn come_back(&mut self, ctx: &mut Context<'_>) {
        if self.status == Status::Down {
            self.restart(ctx, ctx.plan.scenario.database.restart_s);
        }
    }

    /// It starts again and answers after this many seconds.
    pub fn restart(&mut self, ctx: &mut Context<'_>, seconds: f64) {
        self.life += 1;
        self.status = Status::Restarting;
        ctx.after_s(seconds, Event::DatabaseReady(self.region, self.life));
    }

    /// A takeover or a restart is over. True where it was, and not something that has been overtaken.
    pub fn ready(&mut self, ctx: &mut Context<'_>, life: u16, cause: Option<EntryId>) -> bool {
        if self.life != life {
            return false;
        }
        match self.status {
            Status::FailingOver => {
                std::mem::swap(&mut self.zone, &mut self.standby_zone);
                self.standby_ready = false;
                self.status = Status::Up;
                ctx.note(cause, What::StandbyTookOver { region: self.region, zone: self.zone });
            }
            Status::Restarting => {
                self.status = Status::Up;
                ctx.note(cause, What::DatabaseRestarted(self.region));
            }
            Status::Up | Status::Down => {}
        }
        true
    }

    /// How long a commit takes here: with a standby in step, a round trip to its zone on top.
    pub fn commit_span(&self, commit_ms: f64, zone_round_trip_ms: f64) -> SimDuration {
        SimDuration::from_millis(commit_ms + if self.standby_ready { zone_round_trip_ms } else { 0.0 })
    }
}
