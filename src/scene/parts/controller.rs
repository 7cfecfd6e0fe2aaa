//! The failover controller of a database: its nodes on the cards of the regions, and what it does in sentences.

use crate::kernel::id::RegionId;
use crate::scene::panels::Tone;
use crate::scene::view::View;
use crate::scene::words::{Words, number};
use crate::system::controller::{Stance, Watcher};

/// The nodes that stand in a region.
#[derive(Clone, Debug, PartialEq)]
pub struct ControllerLine {
    /// One for each.
    pub nodes: Vec<NodeLook>,
    /// "2 nodes see us-east-1".
    pub text: String,
    /// How it is doing.
    pub tone: Tone,
    /// What that means, in a sentence.
    pub hint: String,
}

/// How a node is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeLook {
    /// It sees the primary: a full disc.
    Sees,
    /// It rests after a failover: two bars.
    Rests,
    /// It sees nothing of the primary: a ring.
    Blind,
    /// It votes against it: a tick.
    Votes,
    /// It has told a copy to take over: an arrow.
    Decided,
    /// It is in the dark: a cross.
    Dark,
}

impl View<'_> {
    /// The nodes in a region, and what those say that have come furthest towards a failover.
    pub(in crate::scene) fn controller_line(&self, region: RegionId) -> Option<ControllerLine> {
        let all: Vec<Watcher> = self.world.system.controller.watchers(self.plan, self.now).collect();
        let here = all.iter().filter(|node| node.region == region);
        let first = here.clone().max_by_key(|node| node.stance)?;
        let nodes: Vec<NodeLook> = here.map(look).collect();
        let alike = nodes.iter().filter(|node| **node == look(first)).count();
        let voting = all.iter().filter(|node| node.stance == Stance::Votes).count();
        let (text, hint) =
            stands((alike, nodes.len(), first), |region| self.code(region), (voting, all.len()));
        let tone = match first.stance {
            Stance::Sees => Tone::Plain,
            Stance::Blind(_) => Tone::Warning,
            Stance::Dark | Stance::Votes | Stance::Decided(_) => Tone::Bad,
        };
        Some(ControllerLine { nodes, text, tone, hint })
    }
}

const fn look(node: &Watcher) -> NodeLook {
    match node.stance {
        Stance::Sees if node.rests.is_some() => NodeLook::Rests,
        Stance::Sees => NodeLook::Sees,
        Stance::Dark => NodeLook::Dark,
        Stance::Blind(_) => NodeLook::Blind,
        Stance::Votes => NodeLook::Votes,
        Stance::Decided(_) => NodeLook::Decided,
    }
}

/// What so many of the nodes in a region make of the primary, and what that means; of all nodes some vote against it.
fn stands<'a>(
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
    pub(in crate::scene) fn take_over_decided(self, from: RegionId, to: RegionId) -> String {
        let (from, to) = (self.plan.region_code(from), self.plan.region_code(to));
        format!(
            "The failover controller sees nothing of {from} by a majority, and tells the copy in {to} to take over."
        )
    }

    pub(in crate::scene) fn semi_synchronous(self, region: RegionId, waits: bool) -> String {
        let did = if waits {
            "acknowledges a write only once a copy has it again"
        } else {
            "acknowledges writes that no copy has: none has answered in time"
        };
        self.about("The primary", "in", region, did)
    }
}
