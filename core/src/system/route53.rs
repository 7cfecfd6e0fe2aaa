//! Route 53: a hosted zone with one record, health checks without coordination, and a control plane apart.

use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId};
use crate::model::plan::Plan;
use crate::model::{Cutover, Depth, RoutingPolicy};
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
    /// When its check has failed: it waits for the connection until then, or for the answer.
    deadline: SimTime,
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
    /// The balancer has a target that passes its checks, as far as the name servers know; always, if that is not evaluated.
    pub targets: bool,
    /// The same as of now.
    evaluated: bool,
    /// The entry of the last change of that.
    pub targets_by: Option<EntryId>,
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
        self.control.unwrap_or((self.known_healthy || !self.checked) && self.targets)
    }

    /// The entry because of which it is as it is.
    pub fn because(&self) -> Option<EntryId> {
        match self.control {
            Some(_) => self.turned_by,
            None if self.targets => self.entry,
            None => self.targets_by,
        }
    }
}

impl Route53 {
    /// A zone whose checks have all been passed so far; every checker begins at a phase of its own.
    pub fn new(ctx: &mut Context<'_>) -> Self {
        let dns = &ctx.plan.scenario.dns;
        let (checkers, interval) = (ctx.plan.checkers(), dns.interval_s);
        debug_assert!((1..=usize::from(u8::MAX)).contains(&checkers), "a checker's number has 8 bits");
        let checker = Checker {
            healthy: true,
            against: 0,
            serial: 0,
            deadline: SimTime::ZERO,
            lost_to: None,
            turned: None,
        };
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
        let evaluates = ctx.plan.scenario.dns.evaluate_target_health;
        // Without servers no check has ever passed, but for one that the balancer answers; without a network there is no record.
        let endpoint = |region: RegionId| {
            let served = ctx.plan.scenario.regions[region.index()].servers > 0;
            let passes = |index| {
                let opens = ctx.plan.opens_by_itself(ctx.plan.depth_of(index));
                served || (opens && ctx.plan.blueprint.is_built(region))
            };
            let checkers: Vec<Checker> =
                (0..checkers as u8).map(|index| Checker { healthy: passes(index), ..checker }).collect();
            let healthy = verdict(ctx.plan, region, &checkers).0;
            Endpoint {
                checkers,
                healthy,
                known_healthy: healthy,
                record: ctx.plan.blueprint.is_built(region),
                checked,
                targets: served || !evaluates,
                evaluated: served || !evaluates,
                targets_by: None,
                control: None,
                turned_by: None,
                turned_at: SimTime::ZERO,
                entry: None,
            }
        };
        let endpoints = ctx.plan.region_ids().map(endpoint).collect();
        let answer = ctx.plan.blueprint.primary();
        let all = Self { endpoints, pinned: None, answer, changed_by: None };
        Self { answer: all.failover_answer(ctx.plan), ..all }
    }

    /// A checker begins a check. Returns its serial number.
    pub fn begin_probe(&mut self, ctx: &mut Context<'_>, endpoint: RegionId, index: u8) -> u32 {
        let checker = &mut self.endpoints[endpoint.index()].checkers[index as usize];
        let dns = &ctx.plan.scenario.dns;
        let wait_s =
            if ctx.plan.depth_of(index) == Depth::Tcp { dns.tcp_timeout_s } else { dns.connect_timeout_s };
        checker.serial += 1;
        checker.deadline = ctx.now + SimDuration::from_secs(*wait_s);
        checker.lost_to = None;
        let serial = checker.serial;
        ctx.at(checker.deadline, Route53Timer::ProbeTimedOut(endpoint, index, serial));
        serial
    }

    /// Draws for a check, on its way and back: named by the checker and how many checks it has made.
    pub fn probe_draws(ctx: &Context<'_>, endpoint: RegionId, index: u8, serial: u32, back: bool) -> Draws {
        let checker = u64::from(endpoint.0) << 8 | u64::from(index);
        ctx.chance(Purpose::Probe, checker, serial.into(), back.into())
    }

    /// The endpoint accepts the checker's connection, which hears of that after so long: from then on it waits for the answer.
    pub fn connected(
        &mut self,
        ctx: &mut Context<'_>,
        (endpoint, index, serial): (RegionId, u8, u32),
        hears: SimDuration,
    ) {
        let checker = &mut self.endpoints[endpoint.index()].checkers[index as usize];
        debug_assert!(serial <= checker.serial, "no check is newer than the newest");
        if checker.serial == serial {
            let wait = SimDuration::from_secs(ctx.plan.scenario.dns.response_timeout_s);
            checker.deadline = ctx.now + hears + wait;
            ctx.at(checker.deadline, Route53Timer::ProbeTimedOut(endpoint, index, serial));
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

    /// A checker has waited long enough, for the connection or then for the answer.
    pub fn probe_timed_out(&mut self, ctx: &mut Context<'_>, endpoint: RegionId, index: u8, serial: u32) {
        let checker = &mut self.endpoints[endpoint.index()].checkers[index as usize];
        debug_assert!(serial <= checker.serial, "no check is newer than the newest");
        // An open connection has moved the end of its patience.
        if checker.serial != serial || ctx.now < checker.deadline {
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

    /// The votes may have come to another verdict.
    fn count(&mut self, ctx: &mut Context<'_>, endpoint: RegionId, cause: EntryId) {
        let dns = &ctx.plan.scenario.dns;
        let state = &mut self.endpoints[endpoint.index()];
        debug_assert!(state.turned_at <= ctx.now, "verdicts are in order");
        let (healthy, votes) = verdict(ctx.plan, endpoint, &state.checkers);
        debug_assert!(votes <= ctx.plan.checkers(), "no more votes than checkers");
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

    /// Whether the balancer of a region has a target that passes its checks. If that has changed, the name servers hear of it as
    /// they do of a verdict.
    pub fn evaluate_targets(
        &mut self,
        ctx: &mut Context<'_>,
        region: RegionId,
        healthy: bool,
        because: Option<EntryId>,
    ) {
        let endpoint = &mut self.endpoints[region.index()];
        if endpoint.evaluated == healthy {
            return;
        }
        endpoint.evaluated = healthy;
        let what = What::TargetsEvaluated(region, healthy);
        let because = if healthy { endpoint.targets_by.or(because) } else { because };
        let entry = ctx.note(because, what);
        endpoint.targets_by = Some(entry);
        ctx.because(Some(entry));
        ctx.after_s(ctx.plan.scenario.dns.propagation_s, Route53Timer::SpreadTargets(region, healthy));
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

    /// How long an accepted change of records takes to reach the name servers.
    pub fn change_span(plan: &Plan) -> SimDuration {
        SimDuration::from_secs(plan.scenario.dns.change_s)
    }
}

/// The verdict on a region, and how many voted for it. The 18 % rule: a check is healthy while more than that share of its checkers
/// say so. A calculated one is healthy while enough of its children are, which are then those who vote, and an inverted one is the
/// other way round.
fn verdict(plan: &Plan, region: RegionId, checkers: &[Checker]) -> (bool, usize) {
    let dns = &plan.scenario.dns;
    let votes = |of: &[Checker]| of.iter().filter(|checker| checker.healthy).count();
    let enough = |votes: usize| votes as f64 > dns.healthy_share * f64::from(dns.checkers);
    debug_assert_eq!(checkers.len(), plan.checkers(), "every checker has a vote");
    let (healthy, votes) = if dns.children.is_empty() {
        (enough(votes(checkers)), votes(checkers))
    } else {
        let children = checkers.chunks(dns.checkers as usize).filter(|child| enough(votes(child))).count();
        (children >= dns.healthy_children as usize, children)
    };
    (healthy != plan.scenario.regions[region.index()].inverted_check, votes)
}
