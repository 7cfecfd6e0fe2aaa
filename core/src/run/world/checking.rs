//! Health checks: those of Route 53's checkers, and those of the balancer.

use crate::kernel::id::{RegionId, ServerId};
use crate::model::plan::Site;
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::fleet::ServerState;
use crate::system::network::Cargo;

impl World {
    /// A checker sends its request.
    pub(super) fn probe(&mut self, ctx: &mut Context<'_>, endpoint: RegionId, checker: u8) {
        let serial = self.system.route53.begin_probe(ctx, endpoint, checker);
        let place = Site::Checker(checker % ctx.plan.checker_places() as u8);
        self.system.network.send(ctx, place, Site::Region(endpoint), Cargo::Probe(endpoint, checker, serial));
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
        self.system.route53.connected(endpoint, checker, serial);
        let target = self.system.fleets.choose(endpoint).map(|id| &self.system.fleets.servers[id.index()]);
        let passed = match target {
            Some(server) if server.state == ServerState::Dead => return,
            Some(server) => {
                let full = server.busy >= ctx.plan.slots() && server.queue.len() >= ctx.plan.queue_places();
                let drowned = full && !ctx.plan.scenario.servers.health_checks_first;
                !drowned && !self.system.fleets.regions[endpoint.index()].bad_deploy
            }
            None => false,
        };
        let answer = Cargo::ProbeAnswer(endpoint, checker, serial, passed);
        self.system.network.send(ctx, Site::Region(endpoint), from, answer);
    }

    /// The balancer checks a target.
    pub(super) fn on_target_check(&mut self, ctx: &mut Context<'_>, id: ServerId, life: u16) {
        let region = self.system.fleets.servers[id.index()].region;
        if self.system.dark[region.index()] {
            // The balancer is dark too; its servers are checked again when they have booted.
            return;
        }
        let was_healthy = self.system.fleets.servers[id.index()].healthy;
        let cause = self.cause_in(region);
        self.system.fleets.check_target(ctx, id, life, cause);
        if was_healthy && !self.system.fleets.servers[id.index()].healthy {
            self.note_detection(ctx.now, region);
        }
    }
}
