//! How connections of clients are opened, used and closed.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, Ticket};
use crate::system::clients::{Clients, Request};
use crate::system::connection::Connection;
use crate::system::context::Context;
use crate::system::shift::Zones;

impl Clients {
    /// A connection of this request's is open now.
    pub fn opened(
        &mut self,
        ctx: &Context<'_>,
        request: &Request,
        (to, because): (RegionId, Option<EntryId>),
    ) {
        let population = &mut self.populations[request.population.index()];
        let lifetime = SimDuration::from_secs(ctx.plan.scenario.clients.connection_lifetime_s);
        let connection = &mut population.connections[request.connection as usize];
        *connection =
            Connection { to: Some(to), because, stays: Some(to), closes: ctx.now + lifetime, ..*connection };
    }

    /// The connection that a request uses.
    #[inline]
    pub fn connection_of(&self, request: Ticket) -> Option<&Connection> {
        let request = self.requests.get(request)?;
        self.populations[request.population.index()].connections.get(usize::from(request.connection))
    }

    /// The same, to change it.
    #[inline]
    pub fn connection_of_mut(&mut self, request: Ticket) -> Option<&mut Connection> {
        let request = self.requests.get(request)?;
        self.populations[request.population.index()].connections.get_mut(usize::from(request.connection))
    }

    /// The zones of a region in which a request's resolver knows an address: all, if it has no answer for that region.
    #[inline]
    pub fn told(&self, request: Ticket, region: RegionId) -> Zones {
        let Some(request) = self.requests.get(request) else { return Zones::MAX };
        let resolvers = &self.populations[request.population.index()].resolvers;
        let resolver = &resolvers[usize::from(request.connection) % resolvers.len()];
        if resolver.answer == Some(region) { resolver.zones } else { Zones::MAX }
    }

    /// Something timed out: the client does not trust the connection any more.
    pub fn close(&mut self, request: &Request) {
        self.populations[request.population.index()].connections[request.connection as usize].close();
    }
}
