//! Facts about Route 53 and about the resolvers between it and the clients.
use super::fact::facts;

const CHECK_VALUES: &str = "Amazon Route 53 Developer Guide, health-checks-creating-values (2023-06-15)";
const ENDPOINT_HEALTH: &str =
    "Amazon Route 53 Developer Guide, dns-failover-determining-health-of-endpoints (2023-06-15)";
const BEST_PRACTICES: &str = "Amazon Route 53 Developer Guide, best-practices-dns (2023-06-15)";
const ALIAS_VALUES: &str =
    "Amazon Route 53 Developer Guide, resource-record-sets-values-weighted (2023-06-15)";
const CHECKERS_NOTE: &str =
    "Third-party note on Route 53 quoting an AWS blog on recovery mechanisms (2026-09-16)";
const RECOVERY_NOTE: &str = "Third-party note on Route 53 across regions (2026-09-16)";
const TTL_STUDY: &str = "Bhowmick et al., TTL Violation of DNS Resolvers in the Wild, PAM 2023, abstract";

/// The region that Route 53's control plane runs in: without it no record can be changed, while answers
/// go on.
///
/// Source: Amazon Route 53 Developer Guide, route-53-concepts (2023-06-15).
pub const CONTROL_PLANE_REGION: &str = "us-east-1";

facts! { "dns";
    CHECK_INTERVAL = 30.0 Seconds, Documented, CHECK_VALUES,
        "Time from an answer to the same checker's next request, standard health check";
    CHECK_INTERVAL_FAST = 10.0 Seconds, Documented, CHECK_VALUES,
        "Time from an answer to the same checker's next request, fast health check";
    CHECKERS = 16.0 Count, Secondary, CHECKERS_NOTE,
        "Health checkers that watch one endpoint, in eight regions, without coordination";
    FAILURE_THRESHOLD = 3.0 Count, Memory,
        "The guide explains the threshold and an example there uses 3; that 3 is the default is remembered",
        "Failed requests on end after which a checker's vote turns, and passed ones to turn it back";
    FAILURE_THRESHOLD_MAX = 10.0 Count, Memory,
        "The guide explains the threshold; that it goes from 1 to 10 is remembered",
        "Largest failure threshold that can be set";
    HEALTHY_SHARE = 0.18 Share, Documented, ENDPOINT_HEALTH,
        "An endpoint is healthy while more than this share of its checkers says so";
    CONNECT_TIMEOUT = 4.0 Seconds, Documented, ENDPOINT_HEALTH,
        "A checker's limit for opening the connection of an HTTP or HTTPS check";
    RESPONSE_TIMEOUT = 2.0 Seconds, Documented, ENDPOINT_HEALTH,
        "A checker's limit for the answer after an HTTP or HTTPS connection is open";
    TCP_TIMEOUT = 10.0 Seconds, Documented, ENDPOINT_HEALTH,
        "A checker's limit for opening the connection of a TCP check";
    AGGREGATION_DELAY = 5.0 Seconds, Assumption,
        "AWS documents no number; 5 to 10 s is plausible",
        "Time from the vote that decides to changed answers at the name servers";
    TIME_TO_LIVE = 60.0 Seconds, Documented, BEST_PRACTICES,
        "Time to live advised for a record with failover";
    TIME_TO_LIVE_MAX = 172800.0 Seconds, Documented, BEST_PRACTICES,
        "Longest time to live in the advised range";
    ALIAS_TIME_TO_LIVE = 60.0 Seconds, Documented, ALIAS_VALUES,
        "Time to live of an alias to a load balancer, which cannot be changed";
    CHANGE_PROPAGATION = 60.0 Seconds, Documented, BEST_PRACTICES,
        "Time within which a changed record has generally reached all name servers";
    ROUTING_CONTROL = 5.0 Seconds, Assumption,
        "AWS says that a turned control reaches Route 53 within seconds",
        "Time from turning a routing control to changed answers at the name servers";
    MOVED = 3600.0 Seconds, Secondary, RECOVERY_NOTE,
        "Time in which the control plane moves to us-west-2, for zones that chose accelerated recovery";
    EXTENDING_RESOLVERS = 0.0874 Share, Documented, TTL_STUDY,
        "Share of resolvers that keep an answer longer than its time to live";
    EXTENSION_FACTOR = 5.0 Factor, Assumption,
        "The study that counted the resolvers gives no factor in what we read",
        "How many times the time to live such a resolver keeps an answer";
}
