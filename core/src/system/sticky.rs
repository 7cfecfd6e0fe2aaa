//! Sticky sessions: the balancer sends a user to the server that keeps the session, and what becomes of those whose server is
//! gone. Nothing of this happens if sessions are kept in a store that all servers share.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, PopulationId, RegionId, ServerId, Ticket};
use crate::model::plan::Plan;
use crate::system::clients::Request;
use crate::system::context::Context;
use crate::system::login::Login;
use crate::system::server::ServerState;

impl System {
    /// Everybody has logged in before the start, at one of the servers of the region that their connection leads to.
    pub(super) fn log_in_before_the_start(&mut self, plan: &Plan) {
        if !self.clients.logins.are_local() {
            return;
        }
        for population in 0..self.clients.populations.len() {
            for connection in 0..self.clients.populations[population].connections.len() {
                let leads_to = self.clients.populations[population].connections[connection].to;
                let here = |index: &usize| {
                    leads_to.is_some_and(|region| self.fleets.servers[*index].is_known_in(region))
                };
                let servers: Vec<usize> = (0..self.fleets.servers.len()).filter(here).collect();
                let mut draws = plan.chance.of(Purpose::Login, population as u64, connection as u64, 0);
                let chosen = servers.get(draws.below(servers.len() as u32) as usize);
                let stays_s = draws.uniform() * plan.scenario.servers.session_s;
                let until = SimTime::from_secs(stays_s);
                let login = chosen.map(|index| self.login_at(ServerId(*index as u16), until));
                let who = (PopulationId(population as u8), connection as u16);
                if let Some(session) = self.clients.logins.of(who.0, who.1) {
                    *session = login;
                }
            }
        }
    }

    /// A session at a server, whose user stays until a moment.
    fn login_at(&self, id: ServerId, until: SimTime) -> Login {
        let server = &self.fleets.servers[id.index()];
        debug_assert!(server.is_there(), "who answers keeps a session");
        let (replaced, _) = self.fleets.regions[server.region.index()].replaced;
        Login { region: server.region, server: id, life: server.life, replaced, until, because: None }
    }

    /// A request with the session of its user, if sessions are kept at servers.
    fn login_of(&mut self, request: Ticket) -> Option<(Request, &mut Option<Login>)> {
        let request = *self.clients.requests.get(request)?;
        let session = self.clients.logins.of(request.population, request.connection)?;
        Some((request, session))
    }

    /// The server that a user's cookie names, as long as the balancer takes it for a target. It may be dead already.
    #[inline]
    pub(super) fn sticks_to(&mut self, now: SimTime, region: RegionId, request: Ticket) -> Option<ServerId> {
        if !self.clients.logins.are_local() {
            return None;
        }
        let here = |login: &Login| login.region == region && now < login.until;
        let login = (*self.login_of(request)?.1).filter(here)?;
        let server = &self.fleets.servers[login.server.index()];
        debug_assert_eq!(server.region, region, "a server stays in its region");
        // A server that stops has another life from then on, and one that boots in its place is another server.
        let life = if server.state == ServerState::Dead { login.life.wrapping_add(1) } else { login.life };
        (server.life == life && self.fleets.is_target(region, login.server)).then_some(login.server)
    }

    /// Whether a server does not know the user of a request, who had logged in elsewhere: this request fails because of what
    /// took the session away, and from then on there is a new one here. Who has none logs in without that.
    pub(super) fn is_logged_out(&mut self, ctx: &mut Context<'_>, request: Ticket, id: ServerId) -> bool {
        if !self.clients.logins.are_local() {
            return false;
        }
        let until = ctx.now + SimDuration::from_secs(ctx.plan.scenario.servers.session_s);
        let new = self.login_at(id, until);
        let Some((request, session)) = self.login_of(request) else { return false };
        let known = session.filter(|old| ctx.now < old.until);
        if known.is_some_and(|old| old.is_kept_with(&new)) {
            return false;
        }
        *session = Some(Login { because: request.sent_by, ..new });
        let Some(old) = known else { return false };
        ctx.because(self.why_logged_out(old, new, &request));
        true
    }

    /// What took a session away: its server has stopped or was found unhealthy, another release has come, or a changed answer
    /// has sent the user elsewhere.
    fn why_logged_out(&self, old: Login, new: Login, request: &Request) -> Option<EntryId> {
        debug_assert!(!old.is_kept_with(&new), "who is known is not logged out");
        let server = &self.fleets.servers[old.server.index()];
        let (replaced, released) = self.fleets.regions[old.region.index()].replaced;
        if server.life != old.life {
            server.gone_by
        } else if replaced != old.replaced {
            released
        } else if old.region == new.region {
            server.gone_by
        } else {
            // Who goes where it would be on a calm day comes back from where it had been sent.
            request.sent_by.or(old.because)
        }
    }
}
