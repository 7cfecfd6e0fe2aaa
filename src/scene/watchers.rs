//! The failover controller of a database, as the cards of the regions show its nodes.

use super::panels::{ControllerLine, NodeLook, Tone};
use super::view::View;
use super::words::controller;
use crate::kernel::id::RegionId;
use crate::system::controller::{Stance, Watcher};

impl View<'_> {
    /// The nodes in a region, and what those say that have come furthest towards a failover.
    pub(super) fn controller_line(&self, region: RegionId) -> Option<ControllerLine> {
        let all: Vec<Watcher> = self.world.system.controller.watchers(self.plan, self.now).collect();
        let here = all.iter().filter(|node| node.region == region);
        let first = here.clone().max_by_key(|node| node.stance)?;
        let nodes: Vec<NodeLook> = here.map(look).collect();
        let alike = nodes.iter().filter(|node| **node == look(first)).count();
        let voting = all.iter().filter(|node| node.stance == Stance::Votes).count();
        let (text, hint) =
            controller::stands((alike, nodes.len(), first), |region| self.code(region), (voting, all.len()));
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
