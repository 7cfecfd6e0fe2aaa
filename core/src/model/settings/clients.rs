//! The people who use the system: populations in cities, their resolvers and their connections.

use serde::{Deserialize, Serialize};

use crate::catalog::{client, dns};
use crate::kernel::kinds::kinds;

kinds! {
    /// What a session, a client on its connection, is promised about what it reads.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Session {
        /// Nothing.
        None = "none",
        /// It stays with the region that it first used while that answers, wherever it is and whatever DNS says.
        Sticky = "sticky",
        /// It carries a token of what it has written and read; a copy that does not have that yet passes the read on to one
        /// that does.
        Token = "token",
    }
}

/// Every population, and how all of them behave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Clients {
    /// One population per city.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 40)))]
    pub populations: Vec<Population>,
    /// Resolvers of each population; each has a cache of its own.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 64)))]
    pub resolvers: u32,
    /// Share of resolvers that keep an answer longer than its time to live says (0 to 1).
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub extending_share: f64,
    /// How many times longer those resolvers keep an answer. An assumption: no published figure was found.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1000)))]
    pub extension_factor: f64,
    /// Connections that a population keeps open; each request uses one of them.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4096)))]
    pub connections: u32,
    /// A connection is closed when it has been open this long, in seconds; 0 opens one for each request.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 86_400)))]
    pub connection_lifetime_s: f64,
    /// How long an attempt waits for its answer, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.05, max = 120)))]
    pub timeout_s: f64,
    /// Further attempts after the first.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 10)))]
    pub retries: u32,
    /// The first pause before another attempt, in seconds; it doubles each time and full jitter is applied.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.001, max = 60)))]
    pub backoff_base_s: f64,
    /// The longest pause before another attempt, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.001, max = 600)))]
    pub backoff_cap_s: f64,
    /// What a session is promised about what it reads.
    pub session: Session,
}

/// People in one city.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// A city of the catalog.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 40)))]
    pub city: String,
    /// Real requests per second.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100_000)))]
    pub requests_per_s: f64,
    /// Share of requests that only read (0 to 1).
    #[serde(default = "read_share")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub read_share: f64,
}

fn read_share() -> f64 {
    client::READ_SHARE.value
}

impl Default for Clients {
    fn default() -> Self {
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
            requests_per_s,
            read_share: read_share(),
        };
        Self {
            populations: cities.into_iter().map(population).collect(),
            resolvers: client::RESOLVERS.count(),
            extending_share: dns::EXTENDING_RESOLVERS.value,
            extension_factor: dns::EXTENSION_FACTOR.value,
            connections: client::CONNECTIONS.count(),
            connection_lifetime_s: 60.0,
            timeout_s: client::REQUEST_TIMEOUT.value,
            retries: client::ATTEMPTS.count() - 1,
            backoff_base_s: client::BACKOFF_BASE.value,
            backoff_cap_s: client::BACKOFF_CAP.value,
            session: Session::None,
        }
    }
}
