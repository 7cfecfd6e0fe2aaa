//! The people who use the system: populations in cities, their resolvers and their connections.

use crate::catalog::{client, dns};
use crate::kernel::kinds::kinds;
use crate::model::setting::Setting;
use crate::model::table::settings;
use crate::model::unit::{Count, Factor, Rate, Share, Span};

kinds! {
    /// What a session, a client on its connection, is promised about what it reads.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Session {
        /// Nothing.
        None = "none",
        /// It stays with the region that it first used while that answers, wherever it is and whatever DNS says.
        Sticky = "sticky",
        /// It carries a token, how far in each region's log it has written and read; a copy that is not as far yet passes
        /// the read on to one that is.
        Token = "token",
    }
}

impl Setting for Session {}

settings! {
    /// Every population, and how all of them behave.
    pub struct Clients {
        /// One population per city.
        populations: Vec<Population> = twelve_cities(), length 1..=40;
        /// Resolvers of each population; each has a cache of its own.
        resolvers: Count = client::RESOLVERS, in 1..=64, "resolvers in each city";
        /// Share of resolvers that keep an answer longer than its time to live says (0 to 1).
        extending_share: Share = dns::EXTENDING_RESOLVERS, in 0..=1, "stubborn resolvers";
        /// How many times longer those resolvers keep an answer. An assumption: no published figure was found.
        extension_factor: Factor = dns::EXTENSION_FACTOR, in 1..=1000, "stubborn resolvers keep it times",
            shapes [Cutover];
        /// Connections that a population keeps open; each request uses one of them.
        connections: Count = client::CONNECTIONS, in 1..=4096, "connections of each city";
        /// A connection is closed when it has been open this long, in seconds; 0 opens one for each request.
        connection_lifetime_s: Span = 60.0, in 0..=86_400, "a connection stays open for";
        /// How long an attempt waits for its answer, in seconds.
        timeout_s: Span = client::REQUEST_TIMEOUT, in 0.05..=120, "a client waits for";
        /// Further attempts after the first.
        retries: Count = client::ATTEMPTS.count() - 1, in 0..=10, "retries";
        /// The first pause before another attempt, in seconds; it doubles each time and full jitter is applied.
        backoff_base_s: Span = client::BACKOFF_BASE, in 0.001..=60, "first pause before a retry";
        /// The longest pause before another attempt, in seconds.
        backoff_cap_s: Span = client::BACKOFF_CAP, in 0.001..=600, "longest pause before a retry";
        /// What a session is promised about what it reads.
        session: Session = Session::None;
        /// Share of clients, each on its connection, that have a cache of their own beside the resolver's, as an old JVM has (0 to 1).
        caching_share: Share = 0.0, in 0..=1, "clients with a cache of their own", shapes [Cutover];
        /// How long such a client keeps an address, whatever its time to live, timeouts and closed connections, in seconds; 172800:
        /// until it is restarted, which nobody does here.
        cache_s: Span = client::CACHE_FOR_EVER, in 0..=172_800, "such a client keeps an address for", shapes [Cutover];
        /// Retries allowed as a share of a city's requests, saved up over at most ten seconds; null: as many as `retries` says.
        retry_budget: Option<Share> = None, in 0..=1, "retries allowed per request";
        /// Share of a city's attempts at a region from which on its circuit breaker opens: who would ask the region fails at once and
        /// does not try again; null: there is none.
        breaker_share: Option<Share> = None, in 0.01..=1, "failures that open a circuit breaker";
        /// The attempts of so many seconds are counted by a circuit breaker.
        breaker_window_s: Span = client::BREAKER_WINDOW, in 1..=600, "a circuit breaker counts the last";
        /// Of so many attempts in that time a circuit breaker must know the end before it opens.
        breaker_calls: Count = client::BREAKER_CALLS, in 1..=10_000, "attempts before a circuit breaker opens";
        /// So many seconds after it has opened, or its last trial has failed, a circuit breaker lets one attempt through; if that is
        /// answered it closes.
        breaker_pause_s: Span = client::BREAKER_PAUSE, in 0.1..=3600, "a circuit breaker stays open for";
    }
}

settings! {
    /// People in one city.
    pub struct Population given {
        /// A city of the catalog.
        city: String, length 1..=40;
        /// Real requests per second.
        requests_per_s: Rate, in 0..=100_000, "requests";
        /// Share of requests that only read (0 to 1).
        #[serde(default = "Population::read_share")]
        read_share: Share = client::READ_SHARE, in 0..=1, "requests that only read";
        /// How long an attempt from here waits for its answer, in seconds; null: as long as `clients.timeout_s` says.
        #[serde(default)]
        timeout_s: Option<Span>, in 0.05..=120, "a client here waits for";
    }
}

/// A world in small: 610 requests a second over six continents, an assumption.
fn twelve_cities() -> Vec<Population> {
    let cities = [
        ("Los Angeles", 60.0),
        ("New York", 90.0),
        ("Mexico City", 40.0),
        ("São Paulo", 50.0),
        ("London", 70.0),
        ("Frankfurt", 60.0),
        ("Lagos", 30.0),
        ("Johannesburg", 30.0),
        ("Mumbai", 60.0),
        ("Singapore", 40.0),
        ("Tokyo", 50.0),
        ("Sydney", 30.0),
    ];
    let population = |(city, requests_per_s): (&str, f64)| Population {
        city: city.into(),
        requests_per_s: Rate(requests_per_s),
        read_share: Population::read_share(),
        timeout_s: None,
    };
    cities.into_iter().map(population).collect()
}
