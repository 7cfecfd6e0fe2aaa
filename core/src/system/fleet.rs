//! Servers behind a balancer per region: slots, queues, target checks, boot times and Auto Scaling.

use crate::kernel::chance::Purpose;
use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId, ServerId, Ticket};
use crate::system::answered::Answered;
use crate::system::context::Context;
use crate::system::deployed::Deployed;
use crate::system::journal::What;
use crate::system::launch::LaunchRefusal;
use crate::system::overload::Overload;
use crate::system::scaling::{Scaling, Seen};
pub use crate::system::server::{Server, ServerState};
use crate::system::shift::Zones;
use crate::system::timer::FleetTimer;

/// The fleet of one region.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// Servers that Auto Scaling wants to run.
    pub desired: u16,
    /// No server can be launched: the region has no capacity.
    pub no_capacity: bool,
    /// Its control plane launches few servers a minute.
    pub throttled: bool,
    /// When a slow control plane launches the next server.
    pub next_launch: SimTime,
    /// When a slow control plane takes its next call.
    pub next_call: SimTime,
    /// Every server refuses connections: the deployed version is bad.
    pub bad_deploy: bool,
    /// Every server writes rubbish: the deployed version is bad in another way.
    pub rubbish: bool,
    /// The number of the version that is deployed: the format in which it writes.
    pub version: u32,
    /// The release that runs here.
    pub release: Deployed,
    /// The release that ran here before that: what a roll-back goes back to.
    pub earlier: Deployed,
    /// How often the application here was replaced by another release, and the journal's line about the last time.
    pub replaced: (u16, Option<EntryId>),
    /// The most servers that the account may run here.
    pub quota: u32,
    /// Whether the machine image is in the region.
    pub image: bool,
    /// Requests that the balancer passed on or refused, in this second.
    pub arrived: u32,
    /// What the balancer has answered in the last minute: served, or not.
    pub answered: Answered,
    /// Requests refused because all was full, in this second.
    pub refused: u32,
    /// Of what brought at least a twentieth of the work here, or took as much of the room for it, what has the youngest
    /// trigger; as of the last second in which work had to wait.
    pub burdened_by: Option<EntryId>,
    /// Whether requests have been refused lately, and because of what.
    pub overload: Overload,
    /// The journal entry of the servers that were launched here last.
    pub launched_by: Option<EntryId>,
    /// The journal entry of the servers that stopped here last.
    pub lost_by: Option<EntryId>,
    /// What Auto Scaling measures.
    pub scaling: Scaling,
    /// The line about servers that were taken out last, if something wrong had led to that and no more have been wanted since.
    pub shrunk_by: Option<EntryId>,
    pub(super) told_refusal: Option<LaunchRefusal>,
    last_chosen: usize,
    /// The turn of health checks, apart from that of requests.
    last_checked: usize,
    launches: u32,
}

/// All servers and their fleets.
#[derive(Clone, Debug)]
pub struct Fleets {
    /// Every server that was ever launched; places of servers that are off are used again.
    pub servers: Vec<Server>,
    /// One per region.
    pub regions: Vec<Fleet>,
}

impl Fleets {
    /// Servers as the scenario says, all of them serving.
    pub fn new(ctx: &mut Context<'_>) -> Self {
        let mut fleets = Self { servers: Vec::new(), regions: Vec::new() };
        for id in ctx.plan.region_ids() {
            let count = ctx.plan.scenario.regions[id.index()].servers;
            fleets.regions.push(Fleet {
                desired: count as u16,
                no_capacity: false,
                throttled: false,
                next_launch: SimTime::ZERO,
                next_call: SimTime::ZERO,
                bad_deploy: false,
                rubbish: false,
                version: ctx.plan.version(id),
                release: Deployed::default(),
                earlier: Deployed::default(),
                replaced: (0, None),
                quota: ctx.plan.scenario.regions[id.index()].quota,
                image: ctx.plan.scenario.regions[id.index()].image,
                arrived: 0,
                answered: Answered::default(),
                launched_by: None,
                refused: 0,
                burdened_by: None,
                overload: Overload::default(),
                lost_by: None,
                scaling: Scaling::default(),
                shrunk_by: None,
                told_refusal: None,
                last_chosen: 0,
                last_checked: 0,
                launches: 0,
            });
            for index in 0..count {
                let zone = (index % u32::from(ctx.plan.zones(id))) as u8;
                let server = Server { state: ServerState::Running, healthy: true, ..Server::at(id, zone) };
                let server_id = ServerId(fleets.servers.len() as u16);
                let phase = ctx.chance(Purpose::TargetPhase, server_id.0.into(), 0, 0).uniform();
                ctx.after_s(
                    phase * ctx.plan.scenario.balancer.interval_s,
                    FleetTimer::TargetCheck(server_id, 0),
                );
                fleets.servers.push(server);
            }
            let phase = ctx.chance(Purpose::ScalingPhase, id.0.into(), 0, 0).uniform();
            ctx.after_s(phase * ctx.plan.scenario.servers.reconcile_s, FleetTimer::Reconcile(id));
        }
        debug_assert!(fleets.servers.len() <= usize::from(u16::MAX), "a server's number has 16 bits");
        fleets
    }

    /// The balancer's next target in turn, of those that pass its checks or, if none does, of all ("fail open").
    /// Those of certain zones alone, if there is one.
    #[inline]
    pub fn choose(&mut self, region: RegionId, zones: Zones) -> Option<ServerId> {
        self.take_turn(region, zones, |fleet| &mut fleet.last_chosen)
    }

    /// The target of a health check from outside, in a turn of its own: checks do not move requests. If there is another, none in
    /// these zones, from which traffic is kept.
    pub fn choose_for_check(&mut self, region: RegionId, shifted: Zones) -> Option<ServerId> {
        self.take_turn(region, !shifted, |fleet| &mut fleet.last_checked)
            .or_else(|| self.take_turn(region, Zones::MAX, |fleet| &mut fleet.last_checked))
    }

    /// Whether the balancer of a region passes requests to this server: it passes its checks, or none does.
    pub fn is_target(&self, region: RegionId, id: ServerId) -> bool {
        let known = |server: &&Server| server.is_known_in(region);
        let server = self.servers.get(id.index()).filter(known);
        server.is_some_and(|server| {
            server.healthy || !self.servers.iter().filter(known).any(|other| other.healthy)
        })
    }

    fn take_turn(
        &mut self,
        region: RegionId,
        zones: Zones,
        turn: fn(&mut Fleet) -> &mut usize,
    ) -> Option<ServerId> {
        let known = |server: &Server| server.is_known_in(region) && zones >> server.zone & 1 == 1;
        let trusted = self.servers.iter().any(|server| known(server) && server.healthy);
        let fits = |server: &Server| known(server) && (server.healthy || !trusted);
        let last = turn(&mut self.regions[region.index()]);
        let after = (*last + 1..self.servers.len()).find(|index| fits(&self.servers[*index]));
        *last = after.or_else(|| (0..=*last).find(|index| self.servers.get(*index).is_some_and(fits)))?;
        Some(ServerId(*last as u16))
    }

    /// A request was refused because all was full. True if it is the first of this second.
    pub fn refuse(&mut self, region: RegionId) -> bool {
        let fleet = &mut self.regions[region.index()];
        fleet.refused += 1;
        debug_assert!(fleet.refused <= fleet.arrived, "what is refused has arrived");
        fleet.refused == 1
    }

    /// The balancer checks a target.
    pub fn check_target(
        &mut self,
        ctx: &mut Context<'_>,
        (id, life): (ServerId, u16),
        passed: bool,
        cause: Option<EntryId>,
    ) {
        let balancer = &ctx.plan.scenario.balancer;
        let (healthy_after, unhealthy_after) = (balancer.healthy_threshold, balancer.unhealthy_threshold);
        let server = &mut self.servers[id.index()];
        debug_assert!(life <= server.life, "lives only grow");
        if server.life != life || matches!(server.state, ServerState::Off | ServerState::Draining) {
            return;
        }
        ctx.round_s(*balancer.interval_s, FleetTimer::TargetCheck(id, life));
        let region = server.region;
        server.checks = server.checks.wrapping_add(1);
        if passed == server.healthy {
            server.streak = 0;
            return;
        }
        server.streak += 1;
        if u32::from(server.streak) >= if passed { healthy_after } else { unhealthy_after } {
            server.healthy = passed;
            server.streak = 0;
            let cause = if passed { ctx.cause() } else { cause };
            let entry = ctx.note(cause, What::TargetTurned { server: id, region, healthy: passed });
            if !passed {
                (server.gone_by, server.failed_at) = (Some(entry), ctx.now);
            }
        }
    }

    /// Servers stop, all of a region or of one zone. Returns how many, and the calls that waited there.
    pub fn stop(&mut self, region: RegionId, zone: Option<u8>) -> (u16, Vec<Ticket>) {
        let (mut count, mut calls) = (0, Vec::new());
        for server in &mut self.servers {
            let hit = server.region == region && zone.is_none_or(|zone| zone == server.zone);
            if hit && server.is_there() {
                count += 1;
                let boots = server.state == ServerState::Booting;
                debug_assert!(!boots || server.queue.is_empty(), "nobody waits for what boots");
                if server.state != ServerState::Running {
                    server.state = ServerState::Off;
                    server.healthy = false;
                } else {
                    server.state = ServerState::Dead;
                }
                server.life += 1;
                server.busy = 0;
                calls.extend(server.queue.drain(..));
            }
        }
        (count, calls)
    }

    /// Sets the journal entry for which servers of a region have just stopped.
    pub fn stopped_by(&mut self, region: RegionId, entry: EntryId) {
        self.regions[region.index()].lost_by = Some(entry);
        for server in &mut self.servers {
            if server.region == region && server.state == ServerState::Dead && server.stopped_by.is_none() {
                (server.stopped_by, server.gone_by) = (Some(entry), Some(entry));
            }
        }
    }

    /// The balancer goes on checking the servers that have just stopped.
    pub fn recheck(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        for (index, server) in self.servers.iter().enumerate() {
            if server.region == region && server.state == ServerState::Dead && server.healthy {
                let phase = ctx.chance(Purpose::TargetPhase, index as u64, server.life.into(), 0).uniform();
                ctx.after_s(
                    phase * ctx.plan.scenario.balancer.interval_s,
                    FleetTimer::TargetCheck(ServerId(index as u16), server.life),
                );
            }
        }
    }

    /// Power returns: as many dead servers as are still wanted boot again, the others have been replaced.
    pub fn restart(&mut self, ctx: &mut Context<'_>, region: RegionId, zone: Option<u8>) {
        let mut room = i32::from(self.regions[region.index()].desired) - self.alive(region) as i32;
        for index in 0..self.servers.len() {
            let server = &self.servers[index];
            let hit = server.region == region && zone.is_none_or(|zone| zone == server.zone);
            let dead = hit && server.state == ServerState::Dead;
            if dead && room > 0 {
                room -= 1;
                self.boot(ctx, ServerId(index as u16));
            } else if dead {
                self.servers[index].switch_off();
            }
        }
    }

    pub(super) fn boot(&mut self, ctx: &mut Context<'_>, id: ServerId) {
        let servers = &ctx.plan.scenario.servers;
        let server = &mut self.servers[id.index()];
        debug_assert!(!server.is_alive(), "what is there does not boot");
        debug_assert!(server.busy == 0 && server.queue.is_empty(), "a server boots without work");
        server.state = ServerState::Booting;
        server.stopped_by = None;
        server.healthy = false;
        server.streak = 0;
        server.life += 1;
        let life = server.life;
        let launches = &mut self.regions[server.region.index()].launches;
        let mut draws = ctx.chance(Purpose::Boot, server.region.0.into(), (*launches).into(), 0);
        *launches += 1;
        ctx.after_s(draws.between(servers.boot_min_s, servers.boot_max_s), FleetTimer::Booted(id, life));
    }

    /// A server has booted: the balancer begins to check it.
    pub fn booted(&mut self, ctx: &mut Context<'_>, id: ServerId, life: u16) {
        let server = &mut self.servers[id.index()];
        debug_assert!(life <= server.life, "lives only grow");
        if server.life != life || server.state != ServerState::Booting {
            return;
        }
        server.state = ServerState::Running;
        server.started = ctx.now;
        debug_assert!(!server.healthy, "what boots gets no requests");
        let region = server.region;
        ctx.note(None, What::ServerBooted { server: id, region });
        ctx.after_s(0.0, FleetTimer::TargetCheck(id, life));
    }

    /// A second has passed: every fleet is measured.
    pub fn on_second(&mut self, ctx: &mut Context<'_>) {
        let slots = f64::from(ctx.plan.slots);
        let warm_up = ctx.plan.scenario.servers.warm_up_s.duration();
        for region in ctx.plan.region_ids() {
            let counted =
                || self.servers.iter().filter(|it| it.region == region && it.counts(ctx.now, warm_up));
            let (count, busy) = (counted().count(), counted().map(|s| f64::from(s.busy)).sum::<f64>());
            let used = if count > 0 { busy / (count as f64 * slots) } else { 0.0 };
            let targets = self.serving(region);
            let fleet = &mut self.regions[region.index()];
            fleet.answered.close_second((ctx.now.micros() / 1_000_000) as usize);
            fleet
                .scaling
                .measure(ctx.plan, Seen { servers: count as u16, used, targets, came: fleet.arrived });
            if targets >= usize::from(fleet.desired) {
                fleet.lost_by = None;
            }
            fleet.watch_refusals(ctx, region);
        }
    }

    /// Switches off idle servers beyond the wanted number, which is less than what runs only after a failback. `cause`: why
    /// fewer are wanted.
    pub fn scale_in(&mut self, region: RegionId, cause: Option<EntryId>) {
        let mut surplus = self.alive(region) as i32 - i32::from(self.regions[region.index()].desired);
        for server in self.servers.iter_mut().rev() {
            let idle = server.busy == 0 && server.queue.is_empty();
            if surplus > 0 && server.region == region && server.is_alive() && idle {
                server.switch_off();
                server.gone_by = cause;
                surplus -= 1;
            }
        }
    }

    /// Servers of a region that run or boot.
    pub fn alive(&self, region: RegionId) -> usize {
        self.servers.iter().filter(|server| server.region == region && server.is_alive()).count()
    }

    /// Whether a server passes the checks of a region's balancer, as far as that knows.
    pub fn has_healthy(&self, region: RegionId) -> bool {
        self.servers.iter().any(|server| server.is_known_in(region) && server.healthy)
    }

    /// Servers of a region that run and get requests.
    pub fn serving(&self, region: RegionId) -> usize {
        let serving = |s: &&Server| s.region == region && s.healthy && s.state == ServerState::Running;
        self.servers.iter().filter(serving).count()
    }
}

impl Fleet {
    /// Why there is no room: what fills the servers just now, by the line of the overload if that is of the same trigger.
    pub fn why_full(&self, ctx: &Context<'_>) -> Option<EntryId> {
        debug_assert!(self.refused <= self.arrived, "what is refused has arrived");
        let trigger = |line: Option<EntryId>| line.and_then(|line| ctx.record.triggers.of(line));
        let told = self.overload.full_by.filter(|line| trigger(Some(*line)) == trigger(self.burdened_by));
        told.or(self.burdened_by)
    }

    /// A fleet is overloaded while it refuses more than one request in twenty: a chance refusal is no news.
    fn watch_refusals(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        debug_assert!(self.refused <= self.arrived, "what is refused has arrived");
        if self.refused * 20 > self.arrived {
            self.overload.refused(ctx, region, self.burdened_by);
        } else {
            self.overload.quiet(ctx, region);
        }
        (self.arrived, self.refused) = (0, 0);
    }
}
