//! The balancer of a region: it checks its targets and passes requests to servers, which work on them and answer.

use super::System;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{ServerId, Ticket, ZoneId};
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::plan::Site;
use crate::system::context::Context;
use crate::system::fleet::ServerState;
use crate::system::job::{Hop, Job};
use crate::system::network::Cargo;
use crate::system::occurrence::Occurrence;
use crate::system::timer::{FleetTimer, RequestTimer};

impl System {
    /// A timer of balancers, servers or Auto Scaling.
    pub(super) fn on_fleet_timer(&mut self, ctx: &mut Context<'_>, timer: FleetTimer) {
        match timer {
            FleetTimer::TargetCheck(server, life) => self.on_target_check(ctx, server, life),
            FleetTimer::Booted(server, life) => self.fleets.booted(ctx, server, life),
            FleetTimer::Reconcile(region) => {
                ctx.after_s(ctx.plan.scenario.servers.reconcile_s, FleetTimer::Reconcile(region));
                self.reconcile(ctx, region);
            }
        }
    }

    /// The balancer passes a request to a server.
    pub(super) fn balance(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&Job { region, request, attempt, .. }) = self.jobs.get(ticket) else { return };
        self.fleets.regions[region.index()].arrived += 1;
        let target = self.sticks_to(ctx.now, region, request).or_else(|| self.fleets.choose(region));
        let Some(id) = target else {
            // No server that the balancer knows, or no balancer.
            ctx.because(self.why_unserved(region));
            self.answer(ctx, ticket, false);
            return;
        };
        let server = &mut self.fleets.servers[id.index()];
        debug_assert_eq!(server.region, region, "a balancer has its own servers");
        debug_assert!(server.queue.len() <= ctx.plan.queue_places, "a queue is never above its places");
        if server.state == ServerState::Dead {
            // Nothing answers, not even a refusal: the client times out.
            let stopped_by = server.stopped_by;
            self.fleets.regions[region.index()].answered.failed();
            self.blame(ticket, stopped_by);
            self.jobs.remove(ticket);
            return;
        }
        let has_slot = server.busy < ctx.plan.slots;
        let has_room = has_slot || server.queue.len() < ctx.plan.queue_places;
        let life = server.life;
        if let Some(job) = self.jobs.get_mut(ticket) {
            (job.server, job.life, job.taken) = (id, life, has_room);
        }
        if self.fleets.regions[region.index()].bad_deploy {
            ctx.because(self.entry_of(FaultKind::BadDeploy, Target::Region(region)));
            self.answer(ctx, ticket, false);
        } else if has_room && self.is_logged_out(ctx, ticket, id) {
            self.answer(ctx, ticket, false);
        } else if has_slot {
            self.start(ctx, ticket);
        } else if has_room {
            self.fleets.servers[id.index()].queue.push_back(ticket);
        } else {
            self.clients.refused_as_full(request, attempt);
            if self.fleets.refuse(region) {
                self.weigh(ctx, region);
            }
            ctx.because(self.fleets.regions[region.index()].why_full(ctx));
            self.answer(ctx, ticket, false);
        }
    }

    fn start(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&job) = self.jobs.get(ticket) else { return };
        let server = &mut self.fleets.servers[job.server.index()];
        server.busy += 1;
        debug_assert_eq!(server.life, job.life, "work begins in the life in which it came");
        debug_assert!(server.busy <= ctx.plan.slots, "busy is never above slots");
        ctx.because(job.because);
        let grey = self.zones_grey[job.region.index()][server.zone as usize];
        let slowness = if grey { *ctx.plan.scenario.faults.grey_factor } else { 1.0 };
        let work_ms = job.draws(ctx, Hop::Service).exponential(ctx.plan.service_ms * slowness);
        let span = SimDuration::from_millis(work_ms);
        // To the server and back: about a round trip between zones.
        ctx.after(span + ctx.plan.zone_round_trip, RequestTimer::Worked.of(ticket));
    }

    /// A server has done its work and turns to the database; in a grey zone it may just fail.
    pub(super) fn on_worked(&mut self, ctx: &mut Context<'_>, ticket: Ticket) {
        let Some(&job) = self.jobs.get(ticket) else { return };
        let server = &self.fleets.servers[job.server.index()];
        debug_assert!(job.life <= server.life, "lives only grow");
        if server.life != job.life {
            let stopped_by = server.stopped_by;
            self.fleets.regions[job.region.index()].answered.failed();
            self.blame(ticket, stopped_by);
            self.jobs.remove(ticket);
            return;
        }
        let grey = self.zones_grey[job.region.index()][server.zone as usize];
        if grey && job.draws(ctx, Hop::Grey).chance(ctx.plan.scenario.faults.grey_failures) {
            let zone = ZoneId { region: job.region, index: server.zone };
            ctx.because(self.entry_of(FaultKind::ZoneGrey, Target::Zone(zone)));
            self.finish(ctx, ticket, false);
            return;
        }
        let release = self.fleets.regions[job.region.index()].release;
        if release.fails > 0.0 && job.draws(ctx, Hop::Release).chance(release.fails) {
            ctx.because(release.entry);
            self.finish(ctx, ticket, false);
        } else {
            self.ask_database(ctx, ticket, &job);
        }
    }

    /// A server is done with a job: the slot is free for the next that waits, and the answer leaves.
    pub(super) fn finish(&mut self, ctx: &mut Context<'_>, ticket: Ticket, granted: bool) {
        let Some(&job) = self.jobs.get(ticket) else { return };
        let server = &mut self.fleets.servers[job.server.index()];
        if server.life != job.life {
            let stopped_by = server.stopped_by;
            self.fleets.regions[job.region.index()].answered.failed();
            self.blame(ticket, stopped_by);
            self.jobs.remove(ticket);
            return;
        }
        debug_assert!(server.busy > 0, "who is done was busy");
        server.busy -= 1;
        let cause = ctx.cause();
        while let Some(next) = self.fleets.servers[job.server.index()].queue.pop_front() {
            if self.jobs.get(next).is_some() {
                self.start(ctx, next);
                break;
            }
        }
        ctx.because(cause);
        self.answer(ctx, ticket, granted);
    }

    fn answer(&mut self, ctx: &mut Context<'_>, ticket: Ticket, granted: bool) {
        let Some(job) = self.jobs.get_mut(ticket) else { return };
        debug_assert!(!job.answered, "a server answers once");
        job.granted = granted;
        job.answered = true;
        job.taken = false;
        let (city, region, writes) = (Site::City(job.population), Site::Region(job.region), job.writes);
        let index = job.region.index();
        // A write that met another is answered as the rule says, and who is not known logs in: that is no failure of the region.
        let well = granted || job.refused || job.logged_out;
        let answered = &mut self.fleets.regions[index].answered;
        if well {
            answered.served();
        } else {
            answered.failed();
        }
        self.meters.answers[index] += 1;
        let draws = job.draws(ctx, Hop::Answer);
        self.network.send_request(ctx, draws, (region, city), Cargo::Answer(ticket), writes, granted);
    }

    /// The balancer checks a target.
    fn on_target_check(&mut self, ctx: &mut Context<'_>, id: ServerId, life: u16) {
        let region = self.fleets.servers[id.index()].region;
        if self.dark[region.index()] {
            // The balancer is dark too; its servers are checked again when they have booted.
            return;
        }
        let was_healthy = self.fleets.servers[id.index()].healthy;
        let stopped_by = self.fleets.servers[id.index()].stopped_by;
        let cause = stopped_by.or(self.entry_of(FaultKind::BadDeploy, Target::Region(region)));
        self.fleets.check_target(ctx, id, life, cause);
        if was_healthy && !self.fleets.servers[id.index()].healthy {
            ctx.tell(Occurrence::Detected(region));
        }
    }
}
