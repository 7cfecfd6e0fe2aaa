//! The instance of a region's database: lost, replaced, started again.

use crate::catalog::database as db;
use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, ZoneId};
use crate::model::inside::Inside;
use crate::model::plan::Plan;
use crate::model::scenario::Scenario;
use crate::system::context::Context;
use crate::system::copies::WRITES;
use crate::system::database::{Database, Status};
use crate::system::journal::What;
use crate::system::timer::DatabaseTimer;

impl Database {
    /// The instance stops, by itself or with its zone. If a standby is ready it takes over, after the time that this takes; the
    /// writer of a volume is made anew where it was, unless its zone is lost. False if neither.
    pub fn lose_instance(&mut self, ctx: &mut Context<'_>, cause: Option<EntryId>, by_itself: bool) -> bool {
        debug_assert!(matches!(self.status, Status::Up | Status::Restarting), "what is down is not lost");
        self.life += 1;
        self.standbys.interrupt();
        self.changing = None;
        self.lost_by = Some(ctx.note(cause, What::DatabaseLost(self.region)));
        ctx.because(self.lost_by);
        if by_itself {
            self.broken = Some(self.zone);
        }
        if self.take_over(ctx) {
            return true;
        }
        let anew = by_itself && self.inside == Inside::Alone;
        self.status = Status::Down;
        if anew {
            self.make_anew(ctx, self.zone);
        }
        anew
    }

    /// A standby that is in step begins to take over. False if there is none.
    pub(super) fn take_over(&mut self, ctx: &mut Context<'_>) -> bool {
        let first = ctx.plan.scenario.database.first_tier_zone.checked_sub(1);
        let begins = self.standbys.choose(first.map(|zone| zone as u8));
        if begins {
            self.status = Status::FailingOver;
            self.replace(ctx);
        }
        begins
    }

    /// The instance of a volume is made anew in a zone.
    pub(super) fn make_anew(&mut self, ctx: &mut Context<'_>, zone: u8) {
        debug_assert_eq!(self.status, Status::Down, "what is made anew is gone");
        self.status = Status::Anew;
        self.anew_zone = zone;
        self.replace(ctx);
    }

    /// Another instance answers after the time that this takes.
    fn replace(&mut self, ctx: &mut Context<'_>) {
        self.life += 1;
        let database = &ctx.plan.scenario.database;
        let mut draws = ctx.chance(Purpose::ZoneFailover, self.region.0.into(), self.takeovers.into(), 0);
        self.takeovers += 1;
        let span = draws.between(database.zone_failover_min_s, database.zone_failover_max_s);
        ctx.after_s(span, DatabaseTimer::Ready(self.region, self.life));
    }

    /// Everything in the region stops.
    pub fn go_dark(&mut self, cause: Option<EntryId>) {
        self.lost_by = cause;
        self.life += 1;
        self.standbys.interrupt();
        self.changing = None;
        self.status = Status::Down;
    }

    /// Power or the instance is back: it starts again, unless a standby has taken over.
    pub fn come_back(&mut self, ctx: &mut Context<'_>) {
        if self.status == Status::Down && self.deleted.is_none() {
            self.restart(ctx, *ctx.plan.scenario.database.restart_s);
        }
    }

    /// It starts again and answers after this many seconds.
    pub fn restart(&mut self, ctx: &mut Context<'_>, seconds: f64) {
        self.life += 1;
        self.status = Status::Restarting;
        ctx.after_s(seconds, DatabaseTimer::Ready(self.region, self.life));
    }

    /// A takeover or a restart is over. False if the timer is stale: something else has happened since.
    pub fn ready(&mut self, ctx: &mut Context<'_>, life: u16) -> bool {
        debug_assert!(life <= self.life, "lives only grow");
        if self.life != life {
            return false;
        }
        match self.status {
            Status::FailingOver => {
                let zone = self.standbys.swap(self.zone);
                self.answer_from(ctx, zone);
                self.status = Status::Up;
                ctx.note(ctx.cause(), What::StandbyTookOver { region: self.region, zone: self.zone });
            }
            Status::Restarting => {
                self.status = Status::Up;
                ctx.note(ctx.cause(), What::DatabaseRestarted(self.region));
            }
            Status::Anew => {
                self.answer_from(ctx, self.anew_zone);
                (self.broken, self.status) = (None, Status::Up);
                ctx.note(ctx.cause(), What::InstanceMade(ZoneId { region: self.region, index: self.zone }));
            }
            Status::Up | Status::Down => {}
        }
        true
    }

    /// How long a commit takes here: the instance's own work, and until enough of its copies in other zones have the write. They are
    /// asked at the same time, so that is the k-th answer of n: their jitter is exponential, and by Rényi's representation (1953) the
    /// k-th of n is a sum of k draws.
    pub fn commit_span(&self, plan: &Plan, zones: usize, draws: &mut Draws) -> SimDuration {
        let Scenario { database, network, .. } = &plan.scenario;
        let (needed, others) = self.asks_for_commit(zones);
        debug_assert!(needed <= others, "no more are waited for than there are");
        if needed == 0 {
            return SimDuration::from_millis(database.commit_ms);
        }
        let jitter: f64 =
            (0..needed).map(|nth| draws.exponential(network.jitter) / (others - nth) as f64).sum();
        SimDuration::from_millis(*database.commit_ms + *network.zone_round_trip_ms * (1.0 + jitter))
    }

    /// How many copies in other zones have to have a write before it is committed, and how many are asked, with so many zones lit.
    pub(super) fn asks_for_commit(&self, zones: usize) -> (usize, usize) {
        let any_of = |others: usize| (others.min(1), others);
        match self.inside {
            Inside::Standby | Inside::Nodes | Inside::Cluster | Inside::Single => {
                any_of(self.standbys.ready().count())
            }
            // The leader and one of two followers.
            Inside::Partitions => any_of(zones.saturating_sub(1).min(db::TABLE_FOLLOWERS.count() as usize)),
            Inside::Volume | Inside::Alone | Inside::TwoReaders => {
                let (near, others) =
                    self.copies.as_ref().map_or((0, 0), |copies| copies.well_beside(self.zone));
                (WRITES.saturating_sub(near).min(others), others)
            }
        }
    }

    /// What is made of a backup is made where there is power; an instance that had failed is no part of it.
    pub(super) fn place(&mut self, dark: &[bool]) {
        self.broken = None;
        let is_lit = |zone: u8| dark.get(usize::from(zone)) == Some(&false);
        let first = (0..dark.len() as u8).find(|zone| is_lit(*zone));
        if let Some(zone) = first.filter(|_| !is_lit(self.zone)) {
            // In a cluster it changes places with the standby that would be there.
            self.standbys.replace(zone, self.zone);
            self.zone = zone;
        }
        self.standbys.make(is_lit);
    }
}
