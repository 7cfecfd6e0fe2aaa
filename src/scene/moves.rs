//! Orders for which nothing need be broken: regions that are left, clients that are sent elsewhere, runbooks of the scenario.

use super::panels::Action;
use super::view::View;
use crate::app::Msg;
use crate::kernel::id::RegionId;

impl View<'_> {
    /// What else can be ordered now.
    pub(super) fn moves(&self) -> Vec<Action> {
        let calm = self.world.operations.is_calm(self.plan) && self.decision().is_none();
        let regions = || self.plan.region_ids().filter(|region| !self.is_dark(*region));
        let leaves = regions().filter(|_| calm).filter_map(|region| self.evacuate(region));
        let own = self.plan.scenario.runbooks.iter().filter(|_| calm).map(|text| self.run(&text.name));
        leaves.chain(regions().filter_map(|region| self.turn(region))).chain(own).collect()
    }

    /// Everything is to leave a region that has work.
    fn evacuate(&self, from: RegionId) -> Option<Action> {
        let ownership = &self.world.system.ownership;
        let owns = (0..ownership.partitions()).any(|partition| ownership.newest(partition).owner == from);
        let system = &self.world.system;
        let elsewhere = if self.plan.writes_everywhere() {
            self.plan.region_ids().any(|region| region != from && self.could_serve(region))
        } else {
            system.recovery_region(self.plan, from).is_some_and(|to| system.can_be_promoted(to))
        };
        let code = self.code(from);
        (owns && elsewhere).then(|| Action {
            label: format!("Evacuate {code}"),
            hint: "Servers are added elsewhere first; then clients and writes leave.".into(),
            msg: Msg::Ordered(format!("evacuate={code}")),
            slug: format!("evacuate-{code}"),
        })
    }

    /// The clients of a region are sent to another by hand, without Route 53's control plane.
    fn turn(&self, from: RegionId) -> Option<Action> {
        let route53 = &self.world.system.route53;
        let sent = |region: RegionId| {
            let endpoint = &route53.endpoints[region.index()];
            endpoint.record && endpoint.is_on()
        };
        let all = self.plan.blueprint.order();
        let one_answer = self.plan.scenario.dns.policy == crate::model::RoutingPolicy::Failover;
        let leaves = if one_answer { route53.answer == from } else { sent(from) };
        let to = all.into_iter().find(|to| *to != from && self.could_serve(*to))?;
        let (code, to) = (self.code(from), self.code(to));
        leaves.then(|| Action {
            label: format!("Send clients of {code} to {to}"),
            hint: "A routing control: the data plane alone, whatever health checks say.".into(),
            msg: Msg::Ordered(format!("routing-control={code}>{to}")),
            slug: format!("routing-control-{code}"),
        })
    }

    /// A region that stands and has servers.
    fn could_serve(&self, region: RegionId) -> bool {
        let system = &self.world.system;
        let record = system.route53.endpoints[region.index()].record;
        record && !self.is_dark(region) && system.fleets.serving(region) > 0
    }

    /// A runbook of the scenario's own.
    fn run(&self, name: &str) -> Action {
        debug_assert!(!name.is_empty(), "a runbook has a name");
        Action {
            label: format!("Run {}", name.replace('-', " ")),
            hint: "A runbook of this scenario.".into(),
            msg: Msg::Ordered(format!("run={name}")),
            slug: format!("run-{name}"),
        }
    }
}
