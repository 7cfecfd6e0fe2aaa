//! Sentences about the failover controller of the database, and about writes that wait for a copy.

use super::Words;
use super::number;
use crate::kernel::id::RegionId;
use crate::system::controller::{Stance, Watcher};

/// What so many of the nodes in a region make of the primary, and what that means; of all nodes some vote against it.
pub fn stands<'a>(
    (alike, here, node): (usize, usize, &Watcher),
    code: impl Fn(RegionId) -> &'a str,
    (voting, all): (usize, usize),
) -> (String, String) {
    let (primary, majority) = (code(node.watches), all / 2 + 1);
    let nodes = number::counted(here as u64, "node");
    let nodes = if alike < here { format!("{alike} of {nodes}") } else { nodes };
    let verb = |one: &'static str, more: &'static str| if alike == 1 { one } else { more };
    let rests =
        node.rests.map(|until| format!(" {} until {} ·", verb("rests", "rest"), number::clock(until.secs())));
    let rests = rests.unwrap_or_default();
    match node.stance {
        Stance::Sees => (
            format!("{nodes}{rests} {} {primary}", verb("sees", "see")),
            format!(
                "If {majority} of {all} see nothing of the primary, a copy is promoted; not while they rest."
            ),
        ),
        Stance::Dark => {
            (format!("{nodes} out of reach"), "Their region is dark: they neither see nor vote.".into())
        }
        Stance::Blind(span) => (
            format!("{nodes}{rests} blind to {primary} for {}", number::span(span.secs().floor())),
            format!("They see nothing of the primary. It takes {majority} of {all} to replace it."),
        ),
        Stance::Votes => (
            format!("{nodes} {} against {primary} · {voting} of {majority} votes", verb("votes", "vote")),
            "They have seen nothing of the primary for long enough, and vote for a failover.".into(),
        ),
        Stance::Decided(to) => (
            format!("{nodes} told {} to take over", code(to)),
            format!("A majority of {all} has decided. It asks neither clients nor health checks."),
        ),
    }
}

impl Words<'_> {
    pub(super) fn take_over_decided(self, from: RegionId, to: RegionId) -> String {
        let (from, to) = (self.plan.region_code(from), self.plan.region_code(to));
        format!(
            "The failover controller sees nothing of {from} by a majority, and tells the copy in {to} to take over."
        )
    }

    pub(super) fn semi_synchronous(self, region: RegionId, waits: bool) -> String {
        let did = if waits {
            "acknowledges a write only once a copy has it again"
        } else {
            "acknowledges writes that no copy has: none has answered in time"
        };
        self.about("The primary", "in", region, did)
    }
}
