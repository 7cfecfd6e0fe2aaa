//! Route 53: the record, its health checks, its control plane.

use serde::{Deserialize, Serialize};

use crate::catalog::{Fact, dns, prices};
use crate::kernel::kinds::carriers;
use crate::model::setting::Setting;
use crate::model::settings::check::Depth;
use crate::model::table::settings;
use crate::model::unit::{Count, Millis, Share, Span};

carriers! {
    /// How Route 53 chooses a record.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum RoutingPolicy {
        /// The first region while it is healthy, else the second; the first if both are unhealthy.
        Failover = "failover" => prices::QUERIES,
        /// The healthy region with the least round trip from the client's city.
        Latency = "latency" => prices::QUERIES_LATENCY,
        /// By weight, one for each region, among the healthy ones. If all of these weigh nothing, each is as likely.
        Weighted(
            #[cfg_attr(
                feature = "schema",
                schemars(length(min = 1, max = 6), inner(range(min = 0, max = 255)))
            )]
            Vec<f64>,
        ) = "weighted" => prices::QUERIES,
        /// By place: the region given for the client's city, else the first.
        Geolocation(std::collections::BTreeMap<String, String>) = "geolocation" => prices::QUERIES_PLACE,
        /// Two levels: the region with the least round trip, and behind each name of a region a failover record with the region
        /// that stands in for it. A region that is not named has nobody who does.
        LatencyFailover(std::collections::BTreeMap<String, String>) = "latency-failover" => prices::QUERIES_LATENCY,
    }
    /// The kinds of routing policy, with the price of their queries.
    pub enum RoutingKind: Fact;
}

impl RoutingKind {
    /// What a million queries cost if there is more than one region to choose from.
    pub const fn query_price(self) -> Fact {
        *self.row()
    }
}

impl Setting for RoutingPolicy {}

settings! {
    /// Route 53: the hosted zone and its health checks.
    pub struct Dns {
        /// The routing policy of the record.
        policy: RoutingPolicy = RoutingPolicy::Failover;
        /// Time to live of an answer, in seconds.
        ttl_s: Span = dns::TIME_TO_LIVE, in 0..=172_800, "time to live", shapes [Cutover];
        /// Time from an answer of the endpoint to the same checker's next request, in seconds: 10 or 30.
        interval_s: Span = dns::CHECK_INTERVAL_FAST, in 10..=30, "time between checks", shapes [Detect];
        /// Failed (or passed) checks in a row that turn a checker's vote: 1 to 10.
        failure_threshold: Count = dns::FAILURE_THRESHOLD, in 1..=10, "failed checks in a row", shapes [Detect];
        /// Checkers per endpoint.
        checkers: Count = dns::CHECKERS, in 1..=64, "checkers";
        /// The endpoint is healthy while more than this share of its checkers say so.
        healthy_share: Share = dns::HEALTHY_SHARE, in 0..=1, "checkers that make it healthy";
        /// How long a checker waits for a connection, in seconds.
        connect_timeout_s: Span = dns::CONNECT_TIMEOUT, in 0.1..=60, "a checker waits for a connection";
        /// How long it then waits for the answer, in seconds, from when the connection is open.
        response_timeout_s: Span = dns::RESPONSE_TIMEOUT, in 0.1..=60, "a checker waits for the answer";
        /// How deep the check of an endpoint looks.
        check: Depth = Depth::Shallow;
        /// A region's check is calculated: for each of these depths it has a child check with checkers of its own, in place of one
        /// that looks as `check` says. If it is empty, it is not.
        children: Vec<Depth> = Vec::new(), length ..=3;
        /// How many child checks have to be healthy, so that a calculated one is. With 0 it always is, with more than there are
        /// never.
        healthy_children: Count = 1, in 0..=256, "healthy child checks needed";
        /// How long a checker waits for the connection of a `tcp` check, in seconds.
        tcp_timeout_s: Span = dns::TCP_TIMEOUT, in 0.1..=60, "a checker waits for a TCP connection";
        /// The record evaluates the health of its target too: it is taken for unhealthy while the region's balancer has no target
        /// that passes the balancer's own checks.
        evaluate_target_health: bool = false;
        /// From the changed verdict to the name servers' changed answers, in seconds. An assumption.
        propagation_s: Span = dns::AGGREGATION_DELAY, in 0..=600, "from the verdict to the changed answer";
        /// From an accepted change of records to the changed answers, in seconds.
        change_s: Span = dns::CHANGE_PROPAGATION, in 0..=600, "from a change to the changed answer",
            spans [ChangeRecord, Pin, ReturnRecord];
        /// How long a lookup takes that the resolver cannot answer itself, in milliseconds. An assumption.
        lookup_ms: Millis = 30.0, in 0..=5000, "a lookup takes";
        /// The region in which the control plane lives; while it is dark no record can be changed.
        control_plane_region: String = dns::CONTROL_PLANE_REGION, length 1..=20;
        /// The zone chose accelerated recovery: while that region is dark, the control plane comes back elsewhere after this
        /// many seconds; null: it does not.
        control_plane_moves_s: Option<Span> = None, in 0..=86_400, "the control plane comes back after";
    }
}
