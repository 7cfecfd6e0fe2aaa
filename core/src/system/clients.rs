//! Clients: populations in cities with their resolvers, connections, and requests under way.

use crate::kernel::arena::Arena;
use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, PopulationId, RegionId, Ticket, VersionId, WriteId};
use crate::kernel::keyed::Keyed;
use crate::kernel::region_map::RegionMap;
use crate::model::plan::Plan;
use crate::model::scenario::WritePattern;
use crate::model::{Forwarding, Rule, Session};
use crate::system::breaker::Breakers;
use crate::system::client_cache::ClientCaches;
use crate::system::connection::Connection;
use crate::system::context::Context;
use crate::system::login::Logins;
use crate::system::resolver::Resolver;
use crate::system::retry_budget::RetryBudget;
use crate::system::shift::Zones;
use crate::system::surge::{ORDERED, SURGED, Surge};
use crate::system::timer::ClientTimer;
use crate::system::version::Seen;

/// A request of a client, through all its attempts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// The population that asks.
    pub population: PopulationId,
    /// Which of that population's requests, from 0; those that somebody ordered are counted from [`ORDERED`].
    pub n: u32,
    /// The connection that it uses.
    pub connection: u16,
    /// The identity of the write; `None` if it reads.
    pub write: Option<WriteId>,
    /// The key that it reads or writes.
    pub key: u16,
    /// When the first attempt began.
    pub began: SimTime,
    /// Which attempt is under way, from 0.
    pub attempt: u8,
    /// The changed answer that has sent this attempt where it goes, if it does not go where it would on a calm day.
    pub sent_by: Option<EntryId>,
    /// The journal entry because of which this attempt, or the one before, failed.
    pub failed_by: Option<EntryId>,
    /// This attempt, or the one before, was refused because all places were taken.
    pub full: bool,
    /// The version that an attempt has made of it.
    pub committed: Option<VersionId>,
}

/// People in one city.
#[derive(Clone, Debug)]
pub struct Population {
    /// How many attempts have gone to each region.
    pub tried: RegionMap<u32>,
    /// Their resolvers.
    pub resolvers: Vec<Resolver>,
    /// Their connections; connection `i` asks resolver `i` modulo their number.
    pub connections: Vec<Connection>,
    /// What clients keep beside their resolvers.
    pub caches: ClientCaches,
    /// How often they may try again, if that is limited.
    pub budget: Option<RetryBudget>,
    /// How many requests have come by themselves, and how many were ordered.
    asked: u32,
    ordered: u32,
    /// How many have come in surges.
    pub(super) surged: u32,
    pub(super) mean_gap_s: f64,
    read_share: f64,
}

/// How a client reaches a region for an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Over a connection that is open.
    Open(RegionId),
    /// Over a new connection, to the answer that the resolver has.
    Connect(RegionId),
    /// The resolver must ask the name servers first.
    Lookup,
}

/// All populations and their requests.
#[derive(Clone, Debug)]
pub struct Clients {
    /// The populations.
    pub populations: Vec<Population>,
    /// Requests under way.
    pub requests: Arena<Request>,
    /// Requests that come on top of the usual ones.
    pub surge: Surge,
    /// The tokens that clients hold, by connection of each population; none if sessions carry no token.
    pub(super) tokens: Vec<Seen>,
    /// The sessions of users, if they are kept at servers.
    pub logins: Logins,
    /// The token that each request under way carries, by its place; none if sessions carry no token.
    pub(super) carried: Vec<Seen>,
    /// Writes that were tried again, and the commits that they have made: an early attempt may still be under way.
    pub(super) retried: Keyed<WriteId, Option<VersionId>>,
    writes: u32,
    /// Which regions clients do not ask for a while.
    pub breakers: Breakers,
}

/// The key that a population means if every user has a home: the nearest one of its own partition.
fn own_key(plan: &Plan, population: PopulationId, key: usize) -> usize {
    debug_assert!(key < plan.scenario.database.keys as usize, "the database has this key");
    if plan.scenario.write_pattern != WritePattern::WritePartitioned {
        return key;
    }
    let regions = plan.regions();
    let own = key - key % regions + plan.home_regions[population.index()].index();
    if own < plan.scenario.database.keys as usize { own } else { own.saturating_sub(regions) }
}

impl Clients {
    /// All populations, each with its first request scheduled.
    pub fn new(ctx: &mut Context<'_>) -> Self {
        let clients = &ctx.plan.scenario.clients;
        debug_assert!(clients.resolvers > 0 && clients.connections > 0, "people reach the name servers");
        let mut populations = Vec::new();
        for (index, population) in clients.populations.iter().enumerate() {
            let extends = |place: u32| {
                let mut draws = ctx.chance(Purpose::Resolver, index as u64, place.into(), 0);
                draws.chance(clients.extending_share)
            };
            let resolver = |place| Resolver {
                answer: None,
                because: None,
                since: SimTime::ZERO,
                expires: SimTime::ZERO,
                extends: extends(place),
                zones: Zones::MAX,
            };
            let mean_gap_s = f64::from(ctx.plan.weight) / population.requests_per_s;
            populations.push(Population {
                caches: ClientCaches::new(ctx.plan, index as u64),
                budget: RetryBudget::of(ctx.plan, 1.0 / mean_gap_s),
                tried: RegionMap::all(0),
                resolvers: (0..clients.resolvers).map(resolver).collect(),
                connections: vec![Connection::CLOSED; clients.connections as usize],
                asked: 0,
                ordered: 0,
                surged: 0,
                mean_gap_s,
                read_share: *population.read_share,
            });
        }
        let mut all = Self {
            populations,
            requests: Arena::default(),
            surge: Surge::default(),
            carried: Vec::new(),
            logins: Logins::new(ctx.plan),
            tokens: match clients.session {
                // Of what a session has forwarded its token says how far that is.
                Session::None | Session::Sticky
                    if ctx.plan.scenario.database.forwarding == Forwarding::Session =>
                {
                    vec![Seen::NOTHING; clients.populations.len() * clients.connections as usize]
                }
                // A quorum answers whom it promised something with the newest that anybody was told of, and needs none.
                Session::Token if ctx.plan.rule() != Rule::Quorum => {
                    vec![Seen::NOTHING; clients.populations.len() * clients.connections as usize]
                }
                Session::None | Session::Sticky | Session::Token => Vec::new(),
            },
            retried: Keyed::default(),
            writes: 0,
            breakers: Breakers::new(ctx.plan),
        };
        for index in 0..all.populations.len() {
            all.expect_next(ctx, PopulationId(index as u8));
        }
        all
    }

    /// Begins as if the system had run for long: every resolver holds an answer and every connection is open, each
    /// somewhere in its lifetime. Without this all would expire together for the first ten minutes.
    pub fn settle(&mut self, plan: &Plan, answer: impl Fn(PopulationId, Draws) -> RegionId) {
        debug_assert!(self.requests.is_empty(), "clients settle before anyone asks");
        let clients = &plan.scenario.clients;
        for (index, population) in self.populations.iter_mut().enumerate() {
            let draws = |purpose, place: usize| plan.chance.of(purpose, index as u64, place as u64, 0);
            for (place, resolver) in population.resolvers.iter_mut().enumerate() {
                let factor = if resolver.extends { *clients.extension_factor } else { 1.0 };
                let first = draws(Purpose::FirstAnswer, place);
                resolver.answer = Some(answer(PopulationId(index as u8), first));
                let share = draws(Purpose::OldAnswer, place).uniform();
                resolver.expires = SimTime::from_secs(share * plan.scenario.dns.ttl_s * factor);
            }
            let resolvers = population.resolvers.len();
            for (place, connection) in population.connections.iter_mut().enumerate() {
                connection.to = population.resolvers[place % resolvers].answer;
                connection.stays = connection.to;
                if let Some(to) = connection.to {
                    population.caches.settle(plan, index as u64, place, to);
                }
                let share = draws(Purpose::OldConnection, place).uniform();
                connection.closes = SimTime::from_secs(share * clients.connection_lifetime_s);
            }
        }
    }

    #[inline]
    fn expect_next(&mut self, ctx: &mut Context<'_>, id: PopulationId) {
        let population = &self.populations[id.index()];
        if population.mean_gap_s.is_finite() {
            let mut draws = ctx.chance(Purpose::Arrival, id.0.into(), population.asked.into(), 0);
            let gap = draws.exponential(population.mean_gap_s);
            ctx.round_s(gap, ClientTimer::Arrive(id));
        }
    }

    /// A population asks for something; the next time is planned too.
    pub fn arrive(&mut self, ctx: &mut Context<'_>, id: PopulationId) -> Ticket {
        let n = self.populations[id.index()].asked;
        debug_assert!(n < SURGED, "other requests have numbers of their own");
        self.populations[id.index()].asked += 1;
        self.expect_next(ctx, id);
        self.wish(ctx, id, n)
    }

    /// A population's n-th request: what it asks for.
    #[inline]
    pub(super) fn wish(&mut self, ctx: &Context<'_>, id: PopulationId, n: u32) -> Ticket {
        let population = &self.populations[id.index()];
        let mut draws = ctx.chance(Purpose::Wish, id.0.into(), n.into(), 0);
        let writes = !draws.chance(population.read_share);
        let draw = draws.uniform();
        let key =
            ctx.plan.key_popularity.partition_point(|sum| *sum < draw).min(ctx.plan.key_popularity.len() - 1);
        let key = own_key(ctx.plan, id, key);
        let connection = draws.below(population.connections.len() as u32) as u16;
        self.begin(ctx, (id, n), connection, writes, key as u16)
    }

    /// Somebody of a population writes to a key.
    pub fn stage_write(&mut self, ctx: &Context<'_>, id: PopulationId, key: u16) -> Ticket {
        debug_assert!(usize::from(key) < ctx.plan.key_popularity.len(), "the database has this key");
        let population = &mut self.populations[id.index()];
        let connection = (usize::from(key) % population.connections.len()) as u16;
        let n = ORDERED + population.ordered;
        population.ordered += 1;
        self.begin(ctx, (id, n), connection, true, key)
    }

    #[inline]
    fn begin(
        &mut self,
        ctx: &Context<'_>,
        (population, n): (PopulationId, u32),
        connection: u16,
        writes: bool,
        key: u16,
    ) -> Ticket {
        let people = &mut self.populations[population.index()];
        let known = people.connections.len();
        debug_assert!(usize::from(connection) < known, "a request has one of its population's connections");
        if let Some(budget) = &mut people.budget {
            budget.deposit();
        }
        let write = writes.then(|| {
            self.writes += 1;
            WriteId(self.writes)
        });
        let request = Request {
            population,
            n,
            connection,
            write,
            key,
            began: ctx.now,
            attempt: 0,
            sent_by: None,
            failed_by: None,
            full: false,
            committed: None,
        };
        self.requests.insert(request)
    }

    /// A population has travelled: its connections are closed, and the resolvers are others. Processes go on, with what they keep.
    pub fn travel(&mut self, id: PopulationId) {
        let population = &mut self.populations[id.index()];
        for connection in &mut population.connections {
            connection.to = None;
        }
        for resolver in &mut population.resolvers {
            resolver.answer = None;
        }
    }

    /// The processes of a population's clients, or of all, are started again: what they had kept is forgotten, and connections are
    /// closed. What they wait for is answered all the same.
    pub fn restart(&mut self, people: Option<PopulationId>) {
        let range = people.map_or(0..self.populations.len(), |it| it.index()..it.index() + 1);
        for population in &mut self.populations[range] {
            population.caches.forget();
            population.connections.iter_mut().for_each(Connection::close);
        }
    }

    /// A database has committed a write: its version is remembered, in case the write is tried again.
    pub fn committed(&mut self, request: Ticket, write: WriteId, version: VersionId) {
        debug_assert!(version.is_written(), "a commit has a number");
        if let Some(known) = self.requests.get_mut(request).filter(|known| known.write == Some(write)) {
            known.committed = Some(version);
        }
        if let Some(known) = self.retried.get_mut(write) {
            *known = Some(version);
        }
    }

    /// The commit that an earlier attempt has made of a write.
    pub fn earlier(&self, request: Ticket, write: WriteId) -> Option<VersionId> {
        let request = self.requests.get(request).filter(|known| known.write == Some(write));
        let known = request.map(|request| request.committed).or_else(|| self.retried.get(write).copied());
        known.flatten()
    }

    /// Forgets writes that were tried again so long ago that no attempt can be under way any more.
    pub fn forget_retried(&mut self, most: usize) {
        self.retried.keep_last(most);
    }

    /// How this request can reach a region now.
    pub fn route(&mut self, ctx: &Context<'_>, request: &Request) -> Route {
        let population = &mut self.populations[request.population.index()];
        let connection = &mut population.connections[request.connection as usize];
        debug_assert!(
            connection.to.is_none() || connection.stays == connection.to,
            "it stays where it leads"
        );
        if let Some(region) = connection.to {
            if ctx.now < connection.closes {
                return Route::Open(region);
            }
            connection.to = None;
        }
        if let Some(region) =
            connection.stays.filter(|_| ctx.plan.scenario.clients.session == Session::Sticky)
        {
            return Route::Connect(region);
        }
        let place = request.connection as usize;
        if let Some(kept) = population.caches.kept(place, ctx.now) {
            return Route::Connect(kept.to);
        }
        let resolver = &population.resolvers[place % population.resolvers.len()];
        let Some(answer) = resolver.cached(ctx.now) else { return Route::Lookup };
        population.caches.keep(ctx.plan, ctx.now, place, (answer, resolver.because));
        Route::Connect(answer)
    }

    /// The resolver behind a request has asked, and caches the answer for its time to live; the client may keep it too.
    pub fn remember(
        &mut self,
        ctx: &Context<'_>,
        request: &Request,
        (answer, because, zones): (RegionId, Option<EntryId>, Zones),
    ) {
        debug_assert!(answer.index() < ctx.plan.regions(), "an answer is one of the regions");
        let clients = &ctx.plan.scenario.clients;
        let population = &mut self.populations[request.population.index()];
        let place = request.connection as usize;
        population.caches.keep(ctx.plan, ctx.now, place, (answer, because));
        let index = place % population.resolvers.len();
        let resolver = &mut population.resolvers[index];
        let factor = if resolver.extends { *clients.extension_factor } else { 1.0 };
        resolver.answer = Some(answer);
        resolver.because = because;
        resolver.zones = zones;
        resolver.since = ctx.now;
        resolver.expires = ctx.now + SimDuration::from_secs(ctx.plan.scenario.dns.ttl_s * factor);
    }
}
