//! One server of a fleet.

use crate::kernel::id::{EntryId, RegionId, Ticket};
use std::collections::VecDeque;

/// What a server is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerState {
    /// Not there.
    Off,
    /// Launched, and not answering yet.
    Booting,
    /// Working.
    Running,
    /// Without power: it was there, and the balancer may still think so.
    Dead,
}

/// One server.
#[derive(Clone, Debug)]
pub struct Server {
    /// Its region.
    pub region: RegionId,
    /// Its zone's index.
    pub zone: u8,
    /// What it is doing.
    pub state: ServerState,
    /// Whether the balancer sends it requests.
    pub healthy: bool,
    /// Slots in use.
    pub busy: u16,
    /// Jobs that wait for a slot.
    pub queue: VecDeque<Ticket>,
    /// Counts starts and stops, so that events of an earlier life are recognised.
    pub life: u16,
    /// The entry that it stopped for, while it is dead.
    pub stopped_by: Option<EntryId>,
    /// The entry because of which it last stopped, or was found unhealthy: what was kept there is gone since, or out of reach.
    pub gone_by: Option<EntryId>,
    /// Checks in a row that speak against the balancer's verdict on it.
    pub streak: u8,
}

impl Server {
    /// A server that is switched off, in a zone of a region.
    pub fn at(region: RegionId, zone: u8) -> Self {
        Self {
            region,
            zone,
            state: ServerState::Off,
            healthy: false,
            busy: 0,
            queue: VecDeque::new(),
            life: 0,
            stopped_by: None,
            gone_by: None,
            streak: 0,
        }
    }

    /// Whether it runs or boots.
    pub fn is_alive(&self) -> bool {
        matches!(self.state, ServerState::Running | ServerState::Booting)
    }

    /// Whether the balancer of a region knows it: it works there, or did until it lost its power.
    pub fn is_known_in(&self, region: RegionId) -> bool {
        self.region == region && matches!(self.state, ServerState::Running | ServerState::Dead)
    }

    /// It is terminated.
    pub fn switch_off(&mut self) {
        debug_assert!(self.busy == 0 && self.queue.is_empty(), "who goes has no work left");
        self.state = ServerState::Off;
        self.healthy = false;
        self.life += 1;
    }
}
