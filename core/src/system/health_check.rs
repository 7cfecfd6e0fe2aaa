//! Health checks of Route 53: probes, and the verdict on an endpoint.

use super::System;
use crate::kernel::id::RegionId;
use crate::model::plan::Site;
use crate::system::context::Context;
use crate::system::fleet::ServerState;
use crate::system::network::Cargo;
use crate::system::occurrence::Occurrence;
use crate::system::route53::Route53;
use crate::system::timer::Route53Timer;

impl System {
    /// A timer of health checks.
    pub(super) fn on_route53_timer(&mut self, ctx: &mut Context<'_>, timer: Route53Timer) {
        match timer {
            Route53Timer::Probe(endpoint, checker) => self.probe(ctx, endpoint, checker),
            Route53Timer::ProbeTimedOut(endpoint, checker, serial) => {
                self.judged(ctx, endpoint, |route53, ctx| {
                    route53.probe_timed_out(ctx, endpoint, checker, serial);
                });
            }
            Route53Timer::Spread(endpoint, healthy) => self.spread_verdict(ctx, endpoint, healthy),
        }
    }

    /// A checker sends its request.
    fn probe(&mut self, ctx: &mut Context<'_>, endpoint: RegionId, checker: u8) {
        debug_assert!((1..=255).contains(&ctx.plan.checker_places()), "a checker is somewhere");
        let serial = self.route53.begin_probe(ctx, endpoint, checker);
        let place = Site::Checker(checker % ctx.plan.checker_places() as u8);
        let draws = Route53::probe_draws(ctx, endpoint, checker, serial, false);
        let probe = Cargo::Probe(endpoint, checker, serial);
        self.network.send(ctx, draws, place, Site::Region(endpoint), probe);
    }

    /// A health check arrives: a shallow one, answered by a server that does not ask the database.
    pub(super) fn on_probe(
        &mut self,
        ctx: &mut Context<'_>,
        endpoint: RegionId,
        checker: u8,
        serial: u32,
        from: Site,
    ) {
        debug_assert!(matches!(from, Site::Checker(_)), "checkers probe");
        self.route53.connected(endpoint, checker, serial);
        let target = self.fleets.choose_for_check(endpoint).map(|id| &self.fleets.servers[id.index()]);
        let passed = match target {
            Some(server) if server.state == ServerState::Dead => {
                self.route53.lost(endpoint, checker, serial, server.stopped_by);
                return;
            }
            Some(server) => {
                debug_assert!(server.busy <= ctx.plan.slots, "no more work than slots");
                let full = server.busy >= ctx.plan.slots && server.queue.len() >= ctx.plan.queue_places;
                let drowned = full && !ctx.plan.scenario.servers.health_checks_first;
                !drowned && !self.fleets.regions[endpoint.index()].bad_deploy
            }
            None => false,
        };
        // What passes for the first time does so since servers were launched.
        let launched = self.fleets.regions[endpoint.index()].launched_by;
        ctx.because(if passed { launched } else { self.why_unserved(endpoint) });
        let answer = Cargo::ProbeAnswer(endpoint, checker, serial, passed);
        let draws = Route53::probe_draws(ctx, endpoint, checker, serial, true);
        self.network.send(ctx, draws, Site::Region(endpoint), from, answer);
    }

    /// Something about an endpoint's checks happens; if the verdict turns to unhealthy, that is told.
    pub(super) fn judged(
        &mut self,
        ctx: &mut Context<'_>,
        endpoint: RegionId,
        act: impl FnOnce(&mut Route53, &mut Context<'_>),
    ) {
        let before = self.route53.endpoints[endpoint.index()].healthy;
        act(&mut self.route53, ctx);
        match (before, self.route53.endpoints[endpoint.index()].healthy) {
            (true, false) => ctx.tell(Occurrence::FoundUnhealthy(endpoint)),
            (false, true) => ctx.tell(Occurrence::FoundHealthy(endpoint)),
            (true, true) | (false, false) => {}
        }
    }
}
