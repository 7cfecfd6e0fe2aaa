//! What clients hold between requests: tokens of what they have been told; and, for the journal, why their requests go where
//! they go and why they fail.

use crate::kernel::clock::SimTime;
use crate::kernel::id::{EntryId, RegionId, Ticket};
use crate::kernel::region_map::RegionSet;
use crate::model::Rule;
use crate::system::call::Answer;
use crate::system::clients::{Clients, Request, Route};
use crate::system::version::Seen;

impl Request {
    /// What its attempt is booked on that failed because of an entry: that entry, unless a changed answer had sent it to
    /// what was broken already.
    pub fn booked_on(&self, failed_by: Option<EntryId>) -> Option<EntryId> {
        debug_assert!(self.attempt < 32, "attempts are few");
        // The journal is in the order of time.
        failed_by.map(|broken| self.sent_by.filter(|sent| broken < *sent).unwrap_or(broken))
    }
}

impl Clients {
    fn token(&mut self, request: &Request) -> Option<&mut Seen> {
        let each = self.populations[request.population.index()].connections.len();
        debug_assert!(usize::from(request.connection) < each, "a connection is one of its population's");
        self.tokens.get_mut(request.population.index() * each + usize::from(request.connection))
    }

    /// A client sends its token along: how far in each region's log it has written or read, whatever the key.
    #[inline]
    pub fn bring_token(&mut self, ticket: Ticket) {
        if self.tokens.is_empty() {
            return;
        }
        let Some(&request) = self.requests.get(ticket) else { return };
        debug_assert_eq!(request.attempt, 0, "a token is brought to the first attempt");
        let Some(token) = self.token(&request).copied() else { return };
        self.carry(ticket, token);
    }

    /// How far a copy must have come in each region's log to answer a request; `None` if it carries no token, or is not waited
    /// for any more.
    pub fn carried(&self, request: Ticket) -> Option<Seen> {
        let token = self.carried.get(request.slot as usize)?;
        self.requests.get(request).map(|_| *token)
    }

    /// A request is to wait until a copy has this, and for nothing else.
    pub fn carry(&mut self, request: Ticket, token: Seen) {
        let slot = request.slot as usize;
        if self.carried.len() <= slot {
            self.carried.resize(slot + 1, Seen::default());
        }
        self.carried[slot] = token;
    }

    /// A client keeps the position of what it has been told: its token grows.
    #[inline]
    pub fn keep_token(&mut self, rule: Rule, request: &Request, answer: &Answer) {
        debug_assert!(answer.is_yes(), "a client keeps what it was granted");
        let Some(token) = self.token(request) else { return };
        match answer {
            Answer::Written(version) => {
                debug_assert!(version.is_written(), "a write that was granted has a version");
                token.add(*version);
            }
            // Of what stands side by side a reader gets all.
            Answer::Read(_, found) if matches!(rule, Rule::Siblings | Rule::Merge) => token.join(found.seen),
            Answer::Read(version, _) => token.add(*version),
            Answer::No | Answer::Outrun | Answer::Queued(_) => {}
        }
    }

    /// The changed answer because of which this request goes where it goes, if one has sent it there: that behind its
    /// connection, or its resolver's.
    pub fn sent_by(&self, request: &Request, route: Route) -> Option<EntryId> {
        let population = &self.populations[request.population.index()];
        let connection = &population.connections[usize::from(request.connection)];
        let resolver = &population.resolvers[usize::from(request.connection) % population.resolvers.len()];
        match route {
            Route::Open(region) => {
                debug_assert_eq!(connection.to, Some(region), "what is open leads there");
                connection.because
            }
            Route::Connect(region) => match population.caches.newest(usize::from(request.connection)) {
                Some(kept) if kept.to == region => kept.because,
                // A session that stays with its region has not asked again.
                _ if resolver.answer != Some(region) => connection.because,
                _ => resolver.because,
            },
            Route::Lookup => resolver.because,
        }
    }

    /// How many resolvers of all populations would still answer with this region.
    pub fn resolvers_pointing_to(&self, region: RegionId, now: SimTime) -> usize {
        let resolvers = self.populations.iter().flat_map(|population| &population.resolvers);
        resolvers.filter(|resolver| resolver.cached(now) == Some(region)).count()
    }

    /// How many clients of all populations keep an address of this region in a cache of their own.
    pub fn caches_pointing_to(&self, region: RegionId, now: SimTime) -> usize {
        let kept = self.populations.iter().flat_map(|population| population.caches.all(now));
        kept.filter(|kept| kept.to == region).count()
    }

    /// Whether no resolver of any population would still answer with one of these regions, and no client keeps one.
    pub fn point_to_none(&self, regions: RegionSet, now: SimTime) -> bool {
        let none = |region| {
            self.resolvers_pointing_to(region, now) == 0 && self.caches_pointing_to(region, now) == 0
        };
        regions.iter().all(none)
    }

    /// The region that a request is on its way to: that of its connection, or the last answer of its client or the resolver.
    pub fn heading(&self, request: &Request) -> Option<RegionId> {
        let population = &self.populations[request.population.index()];
        let resolver = usize::from(request.connection) % population.resolvers.len();
        let connection = &population.connections[usize::from(request.connection)];
        let kept = population.caches.newest(usize::from(request.connection)).map(|kept| kept.to);
        connection.to.or(connection.stays).or(kept).or(population.resolvers[resolver].answer)
    }

    /// An attempt of a request begins, sent by a changed answer or by none: nothing has gone wrong with it yet.
    pub fn begin_attempt(&mut self, request: Ticket, sent_by: Option<EntryId>) {
        if let Some(request) = self.requests.get_mut(request) {
            (request.sent_by, request.failed_by, request.full) = (sent_by, None, false);
        }
    }

    /// An attempt of a request was refused because all places were taken.
    pub fn refused_as_full(&mut self, request: Ticket, attempt: u8) {
        if let Some(request) = self.requests.get_mut(request).filter(|it| it.attempt == attempt) {
            request.full = true;
        }
    }

    /// An attempt of a request has failed, or will, because of an entry.
    pub fn failed_by(&mut self, request: Ticket, attempt: u8, cause: Option<EntryId>) {
        if let Some(request) = self.requests.get_mut(request).filter(|it| it.attempt == attempt) {
            request.failed_by = cause;
        }
    }
}
