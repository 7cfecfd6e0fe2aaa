//! Health checks of Route 53: probes, and the verdict on an endpoint.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::RegionId;
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::plan::Site;
use crate::model::{BalancerKind, Depth};
use crate::system::context::Context;
use crate::system::distance::one_way_ms;
use crate::system::looks::Found;
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
            Route53Timer::ProbeAnswered(endpoint, checker, serial, passed) => {
                self.answer_probe(ctx, (endpoint, checker, serial), passed);
            }
            Route53Timer::Spread(endpoint, healthy) => self.spread_verdict(ctx, endpoint, healthy),
            Route53Timer::SpreadTargets(endpoint, healthy) => {
                self.route53.endpoints[endpoint.index()].targets = healthy;
                self.route53.note_answer(ctx, ctx.cause());
            }
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

    /// A checker's connection arrives. What is asked over it, and answered, takes another round trip and the endpoint's time.
    pub(super) fn on_probe(
        &mut self,
        ctx: &mut Context<'_>,
        endpoint: RegionId,
        checker: u8,
        serial: u32,
        from: Site,
    ) {
        debug_assert!(matches!(from, Site::Checker(_)), "checkers probe");
        let shut = self.entry_of(FaultKind::SecurityGroup, Target::Region(endpoint));
        let draws = ctx.chance(Purpose::Look, named(endpoint, checker), serial.into(), 1);
        let zone = self.checked_through(ctx, endpoint, draws);
        let shut = shut.or_else(|| self.why_no_entrance(endpoint, zone));
        if shut.is_some() {
            self.route53.lost(endpoint, checker, serial, shut);
            return;
        }
        let way = one_way_ms(ctx.plan, &self.network.places, from, Site::Region(endpoint));
        let (way, tcp) = (SimDuration::from_millis(way), ctx.plan.depth_of(checker) == Depth::Tcp);
        let draws = ctx.chance(Purpose::Look, named(endpoint, checker), serial.into(), 0);
        let found = self.look_in(ctx, (endpoint, checker), draws);
        let accepts = ctx.plan.scenario.balancer.kind == BalancerKind::Application;
        if !tcp && (accepts || !matches!(found, Found::Silence(_))) {
            self.route53.connected(ctx, (endpoint, checker, serial), way);
        }
        match found {
            Found::Silence(cause) => self.route53.lost(endpoint, checker, serial, cause),
            Found::Said(passed, span, because) => {
                // It may come too late.
                self.route53.lost(endpoint, checker, serial, because);
                // What passes for the first time does so since servers were launched.
                ctx.because(if passed { self.fleets.regions[endpoint.index()].launched_by } else { because });
                let asked = if tcp { SimDuration::ZERO } else { way + way };
                ctx.after(asked + span, Route53Timer::ProbeAnswered(endpoint, checker, serial, passed));
            }
        }
    }

    /// The endpoint has its answer for a checker.
    fn answer_probe(
        &mut self,
        ctx: &mut Context<'_>,
        (endpoint, checker, serial): (RegionId, u8, u32),
        passed: bool,
    ) {
        if self.dark[endpoint.index()] {
            self.route53.lost(endpoint, checker, serial, self.why_dark(Site::Region(endpoint)));
            return;
        }
        let answer = Cargo::ProbeAnswer(endpoint, checker, serial, passed);
        let draws = Route53::probe_draws(ctx, endpoint, checker, serial, true);
        let place = Site::Checker(checker % ctx.plan.checker_places() as u8);
        self.network.send(ctx, draws, Site::Region(endpoint), place, answer);
    }

    /// Once a second: whether each balancer has a target that passes its checks, if records evaluate that.
    pub(crate) fn evaluate_targets(&mut self, ctx: &mut Context<'_>) {
        if !ctx.plan.scenario.dns.evaluate_target_health {
            return;
        }
        for region in ctx.plan.region_ids() {
            let healthy = !self.dark[region.index()] && self.fleets.has_healthy(region);
            let targets = self.fleets.servers.iter().filter(|server| server.is_known_in(region));
            let gone = ctx.youngest(targets.map(|server| server.gone_by));
            let because = if healthy {
                self.fleets.regions[region.index()].launched_by
            } else {
                self.why_dark(Site::Region(region)).or_else(|| self.why_unserved(region)).or(gone)
            };
            self.route53.evaluate_targets(ctx, region, healthy, because);
        }
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

/// The number of a checker of an endpoint, for chance.
fn named(endpoint: RegionId, checker: u8) -> u64 {
    u64::from(endpoint.0) << 8 | u64::from(checker)
}
