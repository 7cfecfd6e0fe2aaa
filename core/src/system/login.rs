//! Sessions of users who have logged in, if the application keeps them in the memory of servers: each user holds a cookie
//! that names the server of the session.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, PopulationId, RegionId, ServerId};
use crate::model::SessionStore;
use crate::model::plan::Plan;

/// A session as its user's cookie names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Login {
    /// The region in which it was begun.
    pub region: RegionId,
    /// The server that keeps it.
    pub server: ServerId,
    /// The life of that server in which it was begun.
    pub life: u16,
    /// How often the application of the region had been replaced by then.
    pub replaced: u16,
    /// Until when its user stays. Who comes after that is somebody else, who has not logged in yet.
    pub until: SimTime,
    /// The entry that led the user there, if it is not where it would be on a calm day.
    pub because: Option<EntryId>,
}

impl Login {
    /// Whether the session is kept where another one would be begun.
    pub fn is_kept_with(&self, other: &Self) -> bool {
        debug_assert!(self.server != other.server || self.region == other.region, "a server has one region");
        (self.server, self.life, self.replaced) == (other.server, other.life, other.replaced)
    }
}

/// The session of each user, by connection of each population; none if all servers know every user.
#[derive(Clone, Debug, Default)]
pub struct Logins {
    sessions: Vec<Option<Login>>,
    /// How many users a population has.
    each: usize,
}

impl Logins {
    /// Nobody has logged in.
    pub fn new(plan: &Plan) -> Self {
        let each = plan.scenario.clients.connections as usize;
        match plan.scenario.servers.sessions {
            SessionStore::Shared => Self::default(),
            SessionStore::Local => Self { sessions: vec![None; each * plan.populations()], each },
        }
    }

    /// Sessions are kept at servers.
    #[inline]
    pub const fn are_local(&self) -> bool {
        self.each > 0
    }

    /// The session of a user, if sessions are kept at servers.
    pub fn of(&mut self, population: PopulationId, connection: u16) -> Option<&mut Option<Login>> {
        debug_assert!(!self.are_local() || usize::from(connection) < self.each, "a user of the population");
        self.sessions.get_mut(population.index() * self.each + usize::from(connection))
    }

    /// Every session there is, in the order of populations and connections.
    pub fn sessions(&self) -> impl Iterator<Item = Login> {
        self.sessions.iter().flatten().copied()
    }
}
