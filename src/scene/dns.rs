//! Route 53: policy, votes, verdicts, and which answer is given.

use super::panels::{EndpointRow, Route53Panel, Tone};
use super::view::View;
use super::words::old_answers;
use crate::kernel::id::RegionId;
use crate::model::fault::FaultKind;
use crate::model::{Depth, RoutingPolicy};

impl View<'_> {
    /// The panel of checkers.
    pub(super) fn route53(&self) -> Route53Panel {
        let dns = &self.plan.scenario.dns;
        let depth = match (dns.check, dns.children.len()) {
            (_, count @ 1..) => format!(" · {} of {count} child checks", dns.healthy_children),
            (Depth::Tcp, _) => " · TCP checks".into(),
            (Depth::Shallow, _) => String::new(),
            (Depth::Deep, _) => " · deep checks".into(),
        };
        let policy = format!("{} · TTL {} s{depth}", dns.policy.kind().slug(), dns.ttl_s);
        let control_plane = self.world.system.dns_control_plane_up(self.plan, self.now);
        let endpoints: Vec<EndpointRow> =
            self.plan.region_ids().map(|region| self.endpoint(region)).collect();
        let rows: Vec<String> = endpoints
            .iter()
            .map(|row| {
                let healthy = row.votes.iter().filter(|vote| **vote).count();
                if row.votes.is_empty() {
                    return format!("{}: {}", row.code, row.state);
                }
                format!("{}: {healthy} of {} checkers say healthy, {}", row.code, row.votes.len(), row.state)
            })
            .collect();
        let plane =
            if control_plane { "" } else { " The control plane does not answer: no record can be changed." };
        let old_answers = old_answers::line(&self.world.system.old_answers(self.plan, self.now));
        let held = old_answers.as_ref().map_or(String::new(), |line| format!(" {line}."));
        Route53Panel {
            label: format!("Route 53, {policy}. {}.{plane}{held}", rows.join(". ")),
            old_answers,
            policy,
            control_plane,
            endpoints,
            faults: self.chips_of(FaultKind::DnsControlPlane),
        }
    }

    fn endpoint(&self, region: RegionId) -> EndpointRow {
        let route53 = &self.world.system.route53;
        let endpoint = &route53.endpoints[region.index()];
        let failover = self.plan.scenario.dns.policy == RoutingPolicy::Failover;
        let answering = if failover { route53.answer == region } else { endpoint.known_healthy };
        let turning = endpoint.checkers.iter().any(|checker| checker.healthy != endpoint.healthy);
        // Where nothing is built there is no endpoint: its failed checks are no news.
        let there = self.world.system.is_built(region);
        let (state, tone) = match (endpoint.healthy, answering) {
            (false, false) if !there => ("nothing to check", Tone::Muted),
            (false, false) => ("failed", Tone::Bad),
            (false, true) if endpoint.known_healthy => ("failed, answers not changed yet", Tone::Bad),
            (false, true) => ("failed, but answering", Tone::Bad),
            (true, true) if turning => ("answering, votes are turning", Tone::Warning),
            (true, true) if self.is_dark(region) => ("answering, though it is down", Tone::Warning),
            (true, true) => ("answering", Tone::Good),
            (true, false) if route53.pinned.is_some() && region == self.plan.blueprint.primary() => {
                ("healthy, not used: pinned", Tone::Muted)
            }
            (true, false) => ("healthy, waiting", Tone::Muted),
        };
        EndpointRow {
            region: region.index(),
            code: self.code(region).into(),
            votes: endpoint.checkers.iter().filter(|_| there).map(|checker| checker.healthy).collect(),
            state: state.into(),
            tone,
            answering,
        }
    }
}
