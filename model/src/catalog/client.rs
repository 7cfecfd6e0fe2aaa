//! Facts about clients: how they ask, wait and try again.
use super::fact::facts;

const OWN_CLIENT: &str = "Our choice for the imagined application; every client has its own settings";
const SDK_RETRIES: &str = "Remembered from the standard retry mode of the AWS SDKs, not confirmed";
const OLD_JVM: &str = "With a security manager networkaddress.cache.ttl is -1, for ever, by default: Java networking properties, as \
     Elasticsearch's reference (DNS cache settings) and issues 314 and 1075 of HikariCP tell; here that is the longest run";
const FINAGLE: &str =
    "Finagle, \"Retry Budgets\", 8 February 2016: tokens expire after 10 s, 20 % of requests may be retried";
const HYSTRIX: &str = "Defaults of Hystrix, as texts about its configuration give them";
const YCSB: &str = "Remembered from Cooper et al., YCSB, SoCC 2010, not confirmed";

facts! { "client";
    REQUEST_TIMEOUT = 3.0 Seconds, Assumption, OWN_CLIENT,
        "Time that a client waits for an answer before it gives the attempt up";
    ATTEMPTS = 3.0 Count, Memory, SDK_RETRIES,
        "Attempts at one request, the first included";
    BACKOFF_BASE = 0.1 Seconds, Assumption, OWN_CLIENT,
        "Longest wait before the second attempt; it doubles with each further one";
    BACKOFF_CAP = 20.0 Seconds, Memory, SDK_RETRIES,
        "Longest wait between two attempts";
    READ_SHARE = 0.9 Share, Assumption,
        "Lower end of the 90 to 95 % reads for which read local, write global is advised",
        "Share of the requests that only read";
    RESOLVERS = 8.0 Count, Assumption,
        "Chosen so that a ring on the map shows the spread of expiry times",
        "Resolvers that the clients of one population share";
    CONNECTIONS = 24.0 Count, Assumption, OWN_CLIENT,
        "Connections that one population keeps open";
    CACHE_FOR_EVER = 172800.0 Seconds, Secondary, OLD_JVM,
        "Span from which on a client with a cache of its own keeps an address until it is restarted";
    RETRY_BUDGET_SPAN = 10.0 Seconds, Documented, FINAGLE,
        "Requests of so long a time at most allow retries that were not made yet";
    BREAKER_WINDOW = 10.0 Seconds, Secondary, HYSTRIX,
        "Attempts of so long a time are counted by a circuit breaker";
    BREAKER_PAUSE = 5.0 Seconds, Secondary, HYSTRIX,
        "Time from the opening of a circuit breaker to its next trial";
    BREAKER_CALLS = 20.0 Count, Secondary, HYSTRIX,
        "Attempts of which a circuit breaker must know before it opens";
    KEY_SKEW = 0.99 Exponent, Memory, YCSB,
        "Exponent of the Zipf distribution of the keys' popularity";
}
