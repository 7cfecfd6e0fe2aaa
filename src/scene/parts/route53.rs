//! Route 53: policy, votes, verdicts, which answer is given, and who still holds an old one.

use crate::kernel::clock::SimTime;
use crate::kernel::id::RegionId;
use crate::model::fault::FaultKind;
use crate::model::{Depth, RoutingPolicy};
use crate::scene::panels::{FaultChip, RegionIndex, Tone};
use crate::scene::view::View;
use crate::scene::words::number;
use crate::system::old_answers::OldAnswers;

/// Route 53.
#[derive(Clone, Debug, PartialEq)]
pub struct Route53Panel {
    /// "failover · TTL 60 s".
    pub policy: String,
    /// The control plane can be reached.
    pub control_plane: bool,
    /// Who still holds an old answer, and until when: "3 resolvers hold an old answer, the last until 0:17:03".
    pub old_answers: Option<String>,
    /// One row per health-checked record.
    pub endpoints: Vec<EndpointRow>,
    /// What can be broken or mended here.
    pub faults: Vec<FaultChip>,
    /// For a screen reader.
    pub label: String,
}

/// A record with a health check.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointRow {
    /// The region it points to.
    pub region: RegionIndex,
    /// "us-east-1".
    pub code: String,
    /// One per checker: does it vote healthy?
    pub votes: Vec<bool>,
    /// "primary, answering", "failed" …
    pub state: String,
    /// How it is doing.
    pub tone: Tone,
    /// The name servers give this answer now.
    pub answering: bool,
}

impl View<'_> {
    /// The panel of checkers.
    pub(in crate::scene) fn route53(&self) -> Route53Panel {
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
        let old_answers = holders(&self.world.system.old_answers(self.plan, self.now));
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

/// "3 resolvers and 24 clients hold an old answer, the last until 0:17:03"; nothing if nobody does.
fn holders(found: &OldAnswers) -> Option<String> {
    let counts =
        [(found.resolvers, "resolver"), (found.clients, "client"), (found.connections, "open connection")];
    let some = counts.iter().filter(|(count, _)| *count > 0);
    let named: Vec<String> = some.map(|(count, name)| number::counted(*count as u64, name)).collect();
    let verb = if found.resolvers + found.clients + found.connections == 1 { "holds" } else { "hold" };
    let all = number::list(&named.iter().map(String::as_str).collect::<Vec<_>>());
    (!named.is_empty()).then(|| format!("{all} {verb} an old answer, the last until {}", end(found.until)))
}

/// When it is forgotten: "0:17:03", "it is restarted".
fn end(until: SimTime) -> String {
    if until == SimTime::NEVER { "it is restarted".into() } else { number::clock(until.secs()) }
}

/// Who keeps one beside the resolvers: "24 clients keep an old address, the last until it is restarted."
pub(in crate::scene) fn keepers(found: &OldAnswers) -> Option<String> {
    let verb = if found.clients == 1 { "keeps" } else { "keep" };
    let named = number::counted(found.clients as u64, "client");
    (found.clients > 0)
        .then(|| format!("{named} {verb} an old address, the last until {}.", end(found.until)))
}
