//! Route 53: a hosted zone with one record, health checks without coordination, and a control plane apart.

use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, PopulationId, RegionId};
use crate::model::plan::Plan;
use crate::model::{Cutover, RoutingPolicy};
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::timer::Route53Timer;

/// One checker of one endpoint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Checker {
    /// Its vote.
    pub healthy: bool,
    /// Checks in a row that speak against its vote.
    pub against: u8,
    serial: u32,
    connected: bool,
    /// The entry because of which its check was lost. The checker does not know it; the journal does.
    lost_to: Option<EntryId>,
    /// The entry of its last change.
    turned: Option<EntryId>,
}

/// A region as the target of a record, with its health check.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// Its checkers.
    pub checkers: Vec<Checker>,
    /// The verdict.
    pub healthy: bool,
    /// The verdict that the name servers know.
    pub known_healthy: bool,
    /// The hosted zone has a record for it.
    pub record: bool,
    /// The record has this health check. Without one it is always taken for healthy, unless a routing control is turned.
    pub checked: bool,
    /// Its routing control: on, off, or `None` if it was never turned, and the health check decides.
    pub control: Option<bool>,
    /// The entry of the last turn of that.
    pub turned_by: Option<EntryId>,
    /// When the verdict last changed.
    pub turned_at: SimTime,
    /// The entry of that change.
    pub entry: Option<EntryId>,
}

/// Route 53 as far as this system uses it.
#[derive(Clone, Debug)]
pub struct Route53 {
    /// One endpoint per region.
    pub endpoints: Vec<Endpoint>,
    /// The region that a changed record puts first, if it was changed.
    pub pinned: Option<RegionId>,
    /// What the failover record answers, as of the last look.
    pub answer: RegionId,
    /// The entry of its last change.
    pub changed_by: Option<EntryId>,
}

impl Endpoint {
    /// Whether the name servers may answer with it, as far as its routing control and its health check say.
    pub fn is_on(&self) -> bool {
        self.control.unwrap_or(self.known_healthy || !self.checked)
    }

    /// The entry because of which it is as it is.
    fn because(&self) -> Option<EntryId> {
        if self.control.is_some() { self.turned_by } else { self.entry }
    }
}

impl Route53 {
    /// A zone whose checks have all been passed so far; every checker begins at a phase of its own.
    pub fn new(ctx: &mut Context<'_>) -> Self {
        let dns = &ctx.plan.scenario.dns;
        let (checkers, interval) = (dns.checkers, dns.interval_s);
        debug_assert!((1..=u32::from(u8::MAX)).contains(&checkers), "a checker's number has 8 bits");
        let checker =
            Checker { healthy: true, against: 0, serial: 0, connected: false, lost_to: None, turned: None };
        for region in ctx.plan.region_ids() {
            for index in 0..checkers as u8 {
                let phase = ctx.chance(Purpose::ProbePhase, region.0.into(), index.into(), 0).uniform();
                ctx.after_s(phase * interval, Route53Timer::Probe(region, index));
            }
        }
        // What moves the clients of a failover record is its own health check, a change, or a routing control in place of the
        // check. The verdicts reach the people in any case.
        let by_check = ctx.plan.scenario.recovery.cutover == Cutover::HealthCheck;
        let checked = by_check || ctx.plan.scenario.dns.policy != RoutingPolicy::Failover;
        // Without servers no check has ever passed; without a network there is no record either.
        let endpoint = |region: RegionId| {
            let healthy = ctx.plan.scenario.regions[region.index()].servers > 0;
            Endpoint {
                checkers: vec![Checker { healthy, ..checker }; checkers as usize],
                healthy,
                known_healthy: healthy,
                record: ctx.plan.blueprint.is_built(region),
                checked,
                control: None,
                turned_by: None,
                turned_at: SimTime::ZERO,
                entry: None,
            }
        };
        let answer = ctx.plan.blueprint.primary();
        Self {
            endpoints: ctx.plan.region_ids().map(endpoint).collect(),
            pinned: None,
            answer,
            changed_by: None,
        }
    }

    /// A checker begins a check. Returns its serial number.
    pub fn begin_probe(&mut self, ctx: &mut Context<'_>, endpoint: RegionId, index: u8) -> u32 {
        let checker = &mut self.endpoints[endpoint.index()].checkers[index as usize];
        checker.serial += 1;
        checker.connected = false;
        checker.lost_to = None;
        let serial = checker.serial;
        ctx.after_s(
            ctx.plan.scenario.dns.connect_timeout_s,
            Route53Timer::ProbeTimedOut(endpoint, index, serial),
        );
        serial
    }

    /// Draws for a check, on its way and back: named by the checker and how many checks it has made.
    pub fn probe_draws(ctx: &Context<'_>, endpoint: RegionId, index: u8, serial: u32, back: bool) -> Draws {
        let checker = u64::from(endpoint.0) << 8 | u64::from(index);
        ctx.chance(Purpose::Probe, checker, serial.into(), back.into())
    }

    /// The endpoint accepted the checker's connection: from now on it waits for the answer.
    pub fn connected(&mut self, endpoint: RegionId, index: u8, serial: u32) {
        let checker = &mut self.endpoints[endpoint.index()].checkers[index as usize];
        debug_assert!(serial <= checker.serial, "no check is newer than the newest");
        if checker.serial == serial {
            checker.connected = true;
        }
    }

    /// A check, or its answer, was lost because of an entry.
    pub fn lost(&mut self, endpoint: RegionId, index: u8, serial: u32, cause: Option<EntryId>) {
        let checker = &mut self.endpoints[endpoint.index()].checkers[index as usize];
        debug_assert!(serial <= checker.serial, "no check is newer than the newest");
        if checker.serial == serial {
            checker.lost_to = cause;
        }
    }

    /// Why a population is given this answer, if it is not that of a calm day, or is that only because nothing is healthy:
    /// of the changes that keep other answers from being given, the one with the youngest trigger.
    pub fn because(
        &self,
        ctx: &Context<'_>,
        places: &[u8],
        (population, draws): (PopulationId, &Draws),
        answer: RegionId,
    ) -> Option<EntryId> {
        let plan = ctx.plan;
        let calm = self.calm_answer(plan, places, population, draws.clone());
        let last_resort = self.endpoints.iter().all(|endpoint| !endpoint.is_on());
        if answer == calm && !last_resort {
            return None;
        }
        debug_assert!(answer.index() < self.endpoints.len(), "an answer is one of the regions");
        let distance = &plan.city_round_trip_ms[usize::from(places[population.index()])];
        let (changed, verdict) =
            (self.changed_by, |region: RegionId| self.endpoints[region.index()].because());
        let ill = |region: &RegionId| !self.endpoints[region.index()].is_on();
        match &plan.scenario.dns.policy {
            RoutingPolicy::Failover => changed,
            RoutingPolicy::Latency => {
                let nearer = |region: &RegionId| distance[region.index()] < distance[answer.index()];
                let kept = plan.region_ids().filter(|it| ill(it) && (last_resort || nearer(it)));
                ctx.youngest(kept.map(verdict))
            }
            RoutingPolicy::Weighted(_) => ctx.youngest(plan.region_ids().filter(ill).map(verdict)),
            RoutingPolicy::Geolocation(_) if last_resort => ctx.youngest(plan.region_ids().map(verdict)),
            RoutingPolicy::Geolocation(_) => {
                let changed = changed.filter(|_| answer != plan.blueprint.primary());
                ctx.younger(verdict(calm), changed)
            }
        }
    }

    /// A checker has waited long enough, for the connection or then for the answer.
    pub fn probe_timed_out(&mut self, ctx: &mut Context<'_>, endpoint: RegionId, index: u8, serial: u32) {
        let checker = &mut self.endpoints[endpoint.index()].checkers[index as usize];
        debug_assert!(serial <= checker.serial, "no check is newer than the newest");
        if checker.serial != serial {
            return;
        }
        if checker.connected {
            checker.connected = false;
            let more = ctx.plan.scenario.dns.response_timeout_s;
            ctx.after_s(more, Route53Timer::ProbeTimedOut(endpoint, index, serial));
            return;
        }
        ctx.because(checker.lost_to);
        self.judge(ctx, endpoint, index, serial, false);
    }

    /// A check has ended: the checker counts it and waits for its next one, the interval counted from here.
    pub fn judge(&mut self, ctx: &mut Context<'_>, endpoint: RegionId, index: u8, serial: u32, passed: bool) {
        let dns = &ctx.plan.scenario.dns;
        let (interval, threshold) = (dns.interval_s, dns.failure_threshold);
        let checker = &mut self.endpoints[endpoint.index()].checkers[index as usize];
        debug_assert!(serial <= checker.serial, "no check is newer than the newest");
        if checker.serial != serial {
            return;
        }
        checker.serial += 1;
        ctx.round_s(*interval, Route53Timer::Probe(endpoint, index));
        if checker.healthy == passed {
            checker.against = 0;
            return;
        }
        checker.against += 1;
        if u32::from(checker.against) < threshold {
            return;
        }
        checker.healthy = passed;
        checker.against = 0;
        // To be well again follows from what had made it ill.
        let cause = if passed { checker.turned.or(ctx.cause()) } else { ctx.cause() };
        let entry = ctx.note(cause, What::CheckerTurned { endpoint, checker: index, healthy: passed });
        self.endpoints[endpoint.index()].checkers[index as usize].turned = Some(entry);
        self.count(ctx, endpoint, entry);
    }

    /// The 18 % rule: healthy while more than that share of the checkers say so.
    fn count(&mut self, ctx: &mut Context<'_>, endpoint: RegionId, cause: EntryId) {
        let dns = &ctx.plan.scenario.dns;
        let state = &mut self.endpoints[endpoint.index()];
        debug_assert!(state.turned_at <= ctx.now, "verdicts are in order");
        let votes = state.checkers.iter().filter(|checker| checker.healthy).count();
        debug_assert!(votes <= dns.checkers as usize, "no more votes than checkers");
        let healthy = votes as f64 > dns.healthy_share * f64::from(dns.checkers);
        if healthy == state.healthy {
            return;
        }
        state.healthy = healthy;
        state.turned_at = ctx.now;
        let what = What::EndpointTurned { endpoint, healthy, votes: votes as u8 };
        state.entry = Some(ctx.note(Some(cause), what));
        ctx.because(state.entry);
        ctx.after_s(dns.propagation_s, Route53Timer::Spread(endpoint, healthy));
    }

    /// A verdict reaches the name servers.
    pub fn spread(&mut self, ctx: &mut Context<'_>, endpoint: RegionId, healthy: bool) {
        self.endpoints[endpoint.index()].known_healthy = healthy;
        self.note_answer(ctx, ctx.cause());
    }

    /// Whether a routing control was turned.
    pub fn is_turned(&self) -> bool {
        self.endpoints.iter().any(|endpoint| endpoint.control.is_some())
    }

    /// Notes a change of what the record answers.
    pub fn note_answer(&mut self, ctx: &mut Context<'_>, cause: Option<EntryId>) -> bool {
        let answer = self.failover_answer(ctx.plan);
        debug_assert!(answer.index() < self.endpoints.len(), "an answer is one of the regions");
        if answer == self.answer {
            return false;
        }
        self.changed_by = Some(ctx.note(cause, What::AnswerChanged { from: self.answer, to: answer }));
        self.answer = answer;
        true
    }

    /// The primary, or the region that is pinned, while it is healthy; else the first of the others that is; the former if
    /// none is.
    fn failover_answer(&self, plan: &Plan) -> RegionId {
        let first = self.pinned.unwrap_or(plan.blueprint.primary());
        let healthy =
            |region: RegionId| self.endpoints.get(region.index()).is_some_and(|e| e.is_on() && e.record);
        if healthy(first) {
            return first;
        }
        plan.blueprint.order().find(|region| healthy(*region)).unwrap_or(first)
    }

    /// What the name servers answer a resolver of this population now; a weighted record draws.
    pub fn resolve(&self, plan: &Plan, places: &[u8], population: PopulationId, draws: Draws) -> RegionId {
        match &plan.scenario.dns.policy {
            RoutingPolicy::Failover => self.failover_answer(plan),
            RoutingPolicy::Latency | RoutingPolicy::Weighted(_) | RoutingPolicy::Geolocation(_) => {
                let usable = |region: RegionId| self.is_usable(region);
                among(plan, places, (population, draws), usable, self.answer)
            }
        }
    }

    /// What they would answer if all that had servers at the start were healthy, and no record had been changed.
    fn calm_answer(&self, plan: &Plan, places: &[u8], population: PopulationId, draws: Draws) -> RegionId {
        let primary = plan.blueprint.primary();
        debug_assert!(primary.index() < self.endpoints.len(), "the primary has an endpoint");
        match &plan.scenario.dns.policy {
            RoutingPolicy::Failover => primary,
            RoutingPolicy::Latency | RoutingPolicy::Weighted(_) | RoutingPolicy::Geolocation(_) => {
                let served = |region: RegionId| plan.scenario.regions[region.index()].servers > 0;
                among(plan, places, (population, draws), served, primary)
            }
        }
    }

    /// Whether the name servers may answer a resolver of this population with a region now.
    pub fn may_answer(
        &self,
        plan: &Plan,
        places: &[u8],
        population: PopulationId,
        region: RegionId,
        draws: Draws,
    ) -> bool {
        match &plan.scenario.dns.policy {
            RoutingPolicy::Weighted(weights) => {
                let weight = |region: &RegionId| weights.get(region.index()).copied().unwrap_or(0.0);
                let total: f64 = self.usable().map(|region| weight(&region)).sum();
                let usable = self.usable().any(|it| it == region);
                usable && (weight(&region) > 0.0 || (total <= 0.0 && self.answer == region))
            }
            RoutingPolicy::Failover | RoutingPolicy::Latency | RoutingPolicy::Geolocation(_) => {
                self.resolve(plan, places, population, draws) == region
            }
        }
    }

    /// Whether a region is healthy; if none is, all of them are taken for it ("mode of last resort").
    fn is_usable(&self, region: RegionId) -> bool {
        self.endpoints[region.index()].is_on() || self.endpoints.iter().all(|it| !it.is_on())
    }

    fn usable(&self) -> impl Iterator<Item = RegionId> + '_ {
        (0..self.endpoints.len() as u8).map(RegionId).filter(|region| self.is_usable(*region))
    }

    /// How long an accepted change of records takes to reach the name servers.
    pub fn change_span(plan: &Plan) -> SimDuration {
        SimDuration::from_secs(plan.scenario.dns.change_s)
    }
}

/// The answer of a record that chooses among the usable regions; the last argument if it finds none.
fn among(
    plan: &Plan,
    places: &[u8],
    (population, mut draws): (PopulationId, Draws),
    is_usable: impl Fn(RegionId) -> bool,
    otherwise: RegionId,
) -> RegionId {
    let usable = || plan.region_ids().filter(|region| is_usable(*region));
    match &plan.scenario.dns.policy {
        RoutingPolicy::Failover => otherwise,
        RoutingPolicy::Latency => {
            let distance = &plan.city_round_trip_ms[usize::from(places[population.index()])];
            let nearest = usable().min_by(|a, b| distance[a.index()].total_cmp(&distance[b.index()]));
            nearest.unwrap_or(otherwise)
        }
        RoutingPolicy::Weighted(weights) => {
            let weight = |region: &RegionId| weights.get(region.index()).copied().unwrap_or(0.0);
            let total: f64 = usable().map(|region| weight(&region)).sum();
            debug_assert!(total >= 0.0, "no weight is negative");
            let mut left = draws.uniform() * total;
            let falls = |region: &RegionId| {
                left -= weight(region);
                left < 0.0
            };
            usable().find(falls).unwrap_or(otherwise)
        }
        RoutingPolicy::Geolocation(map) => {
            let named = map.get(plan.city(population));
            let home =
                plan.region_ids().find(|region| Some(plan.region_code(*region)) == named.map(String::as_str));
            let home = home.unwrap_or(plan.blueprint.primary());
            if usable().any(|region| region == home) { home } else { otherwise }
        }
    }
}
