//! The people: populations in cities with their resolvers, connections, and requests under way.

use crate::kernel::arena::Arena;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{PopulationId, RegionId, Ticket, WriteId};
use crate::kernel::keyed::Keyed;
use crate::kernel::rng::{Purpose, Stream};
use crate::model::Session;
use crate::model::plan::Plan;
use crate::model::scenario::WritePattern;
use crate::system::context::Context;
use crate::system::event::Event;
use crate::system::sessions::Memory;

/// A caching resolver.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolver {
    /// The answer that it remembers.
    pub answer: Option<RegionId>,
    /// When it got the answer.
    pub since: SimTime,
    /// Until when it gives the answer without asking again.
    pub expires: SimTime,
    /// It keeps answers longer than it was told to.
    pub extends: bool,
}

impl Resolver {
    /// What it answers by itself now.
    pub fn cached(&self, now: SimTime) -> Option<RegionId> {
        self.answer.filter(|_| now < self.expires)
    }
}

/// A connection of a population, to be used again until it is too old or something times out on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Connection {
    /// Where it leads; closed where `None`.
    pub to: Option<RegionId>,
    /// The region that its session stays with, where sessions do.
    pub stays: Option<RegionId>,
    closes: SimTime,
}

/// What a client wants, through all its attempts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// Whose it is.
    pub population: PopulationId,
    /// The connection that it uses.
    pub connection: u16,
    /// It writes, and this is the write's identity.
    pub write: Option<WriteId>,
    /// The key that it reads or writes.
    pub key: u16,
    /// When the first attempt began.
    pub began: SimTime,
    /// Which attempt is under way, from 0.
    pub attempt: u8,
    /// What its session knew of the key when it began.
    pub memory: Memory,
    /// The commit that an attempt has made of it; 0 while none has.
    pub committed: u64,
}

/// People in one city.
#[derive(Clone, Debug)]
pub struct Population {
    /// Their resolvers.
    pub resolvers: Vec<Resolver>,
    /// Their connections; connection `i` asks resolver `i` modulo their number.
    pub connections: Vec<Connection>,
    traffic: Stream,
    backoff: Stream,
    mean_gap_s: f64,
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
    /// How many times as much everybody asks just now.
    pub surge: f64,
    /// Writes that were tried again, and the commits that they have made: an early attempt may still be under way.
    retried: Keyed<WriteId, u64>,
    writes: u32,
}

/// The key that a population means where every user has a home: the nearest of its own partition.
fn own_key(plan: &Plan, population: PopulationId, key: usize) -> usize {
    if plan.scenario.write_pattern != WritePattern::WritePartitioned {
        return key;
    }
    let regions = plan.regions();
    let own = key - key % regions + plan.home_regions[population.index()].index();
    if own < plan.scenario.database.keys as usize { own } else { own.saturating_sub(regions) }
}

impl Clients {
    /// Everybody, each with a first request to come.
    pub fn new(ctx: &mut Context<'_>) -> Self {
        let clients = &ctx.plan.scenario.clients;
        let seed = ctx.plan.seed;
        let mut populations = Vec::new();
        for (index, population) in clients.populations.iter().enumerate() {
            let mut random = Stream::new(seed, Purpose::Resolvers, index as u64);
            let resolver = |_| Resolver {
                answer: None,
                since: SimTime::ZERO,
                expires: SimTime::ZERO,
                extends: random.chance(clients.extending_share),
            };
            populations.push(Population {
                resolvers: (0..clients.resolvers).map(resolver).collect(),
                connections: vec![
                    Connection { to: None, stays: None, closes: SimTime::ZERO };
                    clients.connections as usize
                ],
                traffic: Stream::new(seed, Purpose::Traffic, index as u64),
                backoff: Stream::new(seed, Purpose::Backoff, index as u64),
                mean_gap_s: f64::from(ctx.plan.weight) / population.requests_per_s,
                read_share: *population.read_share,
            });
        }
        let mut all = Self {
            populations,
            requests: Arena::default(),
            surge: 1.0,
            retried: Keyed::default(),
            writes: 0,
        };
        for index in 0..all.populations.len() {
            all.expect_next(ctx, PopulationId(index as u8));
        }
        all
    }

    /// Begins as if the system had run for long: every resolver holds an answer and every connection is open, each
    /// somewhere in its lifetime. Without this all would expire together for the first ten minutes.
    pub fn settle(&mut self, plan: &Plan, mut answer: impl FnMut(PopulationId) -> RegionId) {
        let clients = &plan.scenario.clients;
        for (index, population) in self.populations.iter_mut().enumerate() {
            let mut random = Stream::new(plan.seed, Purpose::Settling, index as u64);
            for resolver in &mut population.resolvers {
                let factor = if resolver.extends { *clients.extension_factor } else { 1.0 };
                resolver.answer = Some(answer(PopulationId(index as u8)));
                resolver.expires = SimTime::from_secs(random.uniform() * plan.scenario.dns.ttl_s * factor);
            }
            let resolvers = population.resolvers.len();
            for (place, connection) in population.connections.iter_mut().enumerate() {
                connection.to = population.resolvers[place % resolvers].answer;
                connection.stays = connection.to;
                connection.closes = SimTime::from_secs(random.uniform() * clients.connection_lifetime_s);
            }
        }
    }

    fn expect_next(&mut self, ctx: &mut Context<'_>, id: PopulationId) {
        let population = &mut self.populations[id.index()];
        if population.mean_gap_s.is_finite() {
            let gap = population.traffic.exponential(population.mean_gap_s / self.surge);
            ctx.after_s(gap, Event::Arrive(id));
        }
    }

    /// A population asks for something; the next time is planned too.
    pub fn arrive(&mut self, ctx: &mut Context<'_>, id: PopulationId) -> Ticket {
        self.expect_next(ctx, id);
        let population = &mut self.populations[id.index()];
        let writes = !population.traffic.chance(population.read_share);
        let draw = population.traffic.uniform();
        let key =
            ctx.plan.key_popularity.partition_point(|sum| *sum < draw).min(ctx.plan.key_popularity.len() - 1);
        let key = own_key(ctx.plan, id, key);
        let connection = population.traffic.below(population.connections.len() as u32) as u16;
        self.begin(ctx, id, connection, writes, key as u16)
    }

    /// Somebody of a population writes to a key.
    pub fn stage_write(&mut self, ctx: &Context<'_>, id: PopulationId, key: u16) -> Ticket {
        let connections = self.populations[id.index()].connections.len();
        let connection = (usize::from(key) % connections) as u16;
        self.begin(ctx, id, connection, true, key)
    }

    fn begin(
        &mut self,
        ctx: &Context<'_>,
        population: PopulationId,
        connection: u16,
        writes: bool,
        key: u16,
    ) -> Ticket {
        let write = writes.then(|| {
            self.writes += 1;
            WriteId(self.writes)
        });
        let request = Request {
            population,
            connection,
            write,
            key,
            began: ctx.now,
            attempt: 0,
            memory: Memory::default(),
            committed: 0,
        };
        self.requests.insert(request)
    }

    /// A population has travelled: its connections are closed, and the resolvers are others.
    pub fn travel(&mut self, id: PopulationId) {
        let population = &mut self.populations[id.index()];
        for connection in &mut population.connections {
            connection.to = None;
        }
        for resolver in &mut population.resolvers {
            resolver.answer = None;
        }
    }

    /// A database has committed a write.
    pub fn committed(&mut self, request: Ticket, write: WriteId, number: u64) {
        if let Some(known) = self.requests.get_mut(request).filter(|known| known.write == Some(write)) {
            known.committed = number;
        }
        if let Some(known) = self.retried.get_mut(write) {
            *known = number;
        }
    }

    /// The commit that an earlier attempt has made of a write.
    pub fn earlier(&self, request: Ticket, write: WriteId) -> Option<u64> {
        let request = self.requests.get(request).filter(|known| known.write == Some(write));
        let known = request.map(|request| request.committed).or_else(|| self.retried.get(write).copied());
        known.filter(|number| *number > 0)
    }

    /// Forgets writes that were tried again so long ago that no attempt can be under way any more.
    pub fn forget_retried(&mut self, most: usize) {
        self.retried.keep_last(most);
    }

    /// How this request can reach a region now.
    pub fn route(&mut self, ctx: &Context<'_>, request: &Request) -> Route {
        let population = &mut self.populations[request.population.index()];
        let connection = &mut population.connections[request.connection as usize];
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
        let resolver = request.connection as usize % population.resolvers.len();
        population.resolvers[resolver].cached(ctx.now).map_or(Route::Lookup, Route::Connect)
    }

    /// The resolver behind a request has asked and keeps the answer.
    pub fn remember(&mut self, ctx: &Context<'_>, request: &Request, answer: RegionId) {
        let clients = &ctx.plan.scenario.clients;
        let population = &mut self.populations[request.population.index()];
        let index = request.connection as usize % population.resolvers.len();
        let resolver = &mut population.resolvers[index];
        let factor = if resolver.extends { *clients.extension_factor } else { 1.0 };
        resolver.answer = Some(answer);
        resolver.since = ctx.now;
        resolver.expires = ctx.now + SimDuration::from_secs(ctx.plan.scenario.dns.ttl_s * factor);
    }

    /// A connection of this request's is open now.
    pub fn opened(&mut self, ctx: &Context<'_>, request: &Request, to: RegionId) {
        let population = &mut self.populations[request.population.index()];
        let lifetime = SimDuration::from_secs(ctx.plan.scenario.clients.connection_lifetime_s);
        population.connections[request.connection as usize] =
            Connection { to: Some(to), stays: Some(to), closes: ctx.now + lifetime };
    }

    /// Something timed out: the client does not trust the connection any more.
    pub fn close(&mut self, request: &Request) {
        let connection =
            &mut self.populations[request.population.index()].connections[request.connection as usize];
        (connection.to, connection.stays) = (None, None);
    }

    /// Plans another attempt after a capped exponential pause with full jitter. False where none is left.
    pub fn retry(&mut self, ctx: &mut Context<'_>, ticket: Ticket) -> bool {
        let clients = &ctx.plan.scenario.clients;
        let Some(request) = self.requests.get_mut(ticket) else { return false };
        if u32::from(request.attempt) >= clients.retries {
            return false;
        }
        let pause = (clients.backoff_base_s * f64::from(1u32 << request.attempt)).min(*clients.backoff_cap_s);
        request.attempt += 1;
        if let Some(write) = request.write {
            self.retried.insert(write, request.committed);
        }
        let jitter = self.populations[request.population.index()].backoff.uniform();
        ctx.after_s(pause * jitter, Event::Attempt(ticket));
        true
    }

    /// How many resolvers of everybody would still answer with this region.
    pub fn resolvers_pointing_to(&self, region: RegionId, now: SimTime) -> usize {
        let resolvers = self.populations.iter().flat_map(|population| &population.resolvers);
        resolvers.filter(|resolver| resolver.cached(now) == Some(region)).count()
    }
}
