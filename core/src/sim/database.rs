//! The database of each region: keys with versions, a role, and an instance with a synchronous standby in another
//! zone. What is committed is durable and survives a crash; who is primary is what a region believes.

use super::context::Context;
use super::event::Event;
use super::id::{EntryId, RegionId, WriteId};
use super::journal::What;
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
    life: u16,
}

impl Database {
    /// A copy in which nothing has been written.
    pub fn new(region: RegionId, role: Role, keys: u32, zones: u8) -> Self {
        let never = Version { commit: 0, writer: region, at: SimTime::ZERO, write: WriteId(0) };
        Self {
            region,
            role,
            status: Status::Up,
            zone: 0,
            standby_zone: u8::from(zones > 1),
            standby_ready: zones > 1,
            versions: vec![never; keys as usize],
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
