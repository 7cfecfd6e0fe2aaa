//! The system itself: regions, network, Route 53, balancer, servers, database.

use serde::{Deserialize, Serialize};

use crate::catalog::{balancer, client, compute, database, dns, network, recovery};
use crate::model::conflict::Rule;
use crate::model::engine::Engine;

/// A region and what runs there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// A region of the catalog: "us-east-1".
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 20)))]
    pub code: String,
    /// Availability zones in use.
    #[serde(default = "three")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 6)))]
    pub zones: u32,
    /// Servers that run from the start, spread over the zones.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 200)))]
    pub servers: u32,
    /// Version of the application that is deployed here: a number, which may follow letters, as in "v42". Servers of an
    /// older version cannot read what newer ones wrote.
    #[serde(default = "version")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 20)))]
    pub version: String,
    /// The templates of network, balancer and servers can be read here. Without them nothing can be made here.
    #[serde(default = "yes")]
    pub templates: bool,
    /// The machine image is here. Without it no server can be launched here.
    #[serde(default = "yes")]
    pub image: bool,
    /// The most servers that the account may run here (its service quota).
    #[serde(default = "quota")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 10_000)))]
    pub quota: u32,
    /// How far the region's wall clock is ahead of the true time at the start, in milliseconds; behind where negative.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = -3_600_000, max = 3_600_000)))]
    pub clock_skew_ms: f64,
    /// How much faster the region's wall clock runs than the true time, in millionths; slower where negative.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = -1000, max = 1000)))]
    pub clock_drift_ppm: f64,
}

fn yes() -> bool {
    true
}

fn quota() -> u32 {
    compute::QUOTA.count()
}

fn three() -> u32 {
    3
}

fn version() -> String {
    "v42".into()
}

impl Region {
    /// A region of three zones with this many servers.
    pub fn named(code: &str, servers: u32) -> Self {
        Self {
            code: code.into(),
            zones: three(),
            servers,
            version: version(),
            templates: yes(),
            image: yes(),
            quota: quota(),
            clock_skew_ms: 0.0,
            clock_drift_ppm: 0.0,
        }
    }
}

/// Distances and chance on the wires. Round trips between regions come from the catalog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Network {
    /// What the last mile adds to a city's round trip, in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1000)))]
    pub access_ms: f64,
    /// Round trip between two zones of a region, in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.01, max = 50)))]
    pub zone_round_trip_ms: f64,
    /// Mean of the exponential jitter, as a share of the delay: 0.05 puts the 99th percentile 23 % above the least.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 2)))]
    pub jitter: f64,
    /// Share of messages lost between regions while nothing is broken (0 to 1).
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 0.5)))]
    pub loss: f64,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            access_ms: network::ACCESS_DELAY.value,
            zone_round_trip_ms: network::INTER_ZONE.value,
            jitter: 0.05,
            loss: 0.0,
        }
    }
}

/// How Route 53 chooses a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RoutingPolicy {
    /// The first region while it is healthy, else the second; the first where both are unhealthy.
    Failover,
    /// The healthy region with the least round trip from the client's city.
    Latency,
    /// By weight, one for each region, among the healthy ones.
    Weighted(
        #[cfg_attr(
            feature = "schema",
            schemars(length(min = 1, max = 6), inner(range(min = 0, max = 1000)))
        )]
        Vec<f64>,
    ),
    /// By place: the region given for the client's city, else the first.
    Geolocation(std::collections::BTreeMap<String, String>),
}

/// Route 53: the hosted zone and its health checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Dns {
    /// The routing policy of the record.
    pub policy: RoutingPolicy,
    /// Time to live of an answer, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 172_800)))]
    pub ttl_s: f64,
    /// Time from an answer of the endpoint to the same checker's next request, in seconds: 10 or 30.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 300)))]
    pub interval_s: f64,
    /// Failed (or passed) checks in a row that turn a checker's vote: 1 to 10.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10)))]
    pub failure_threshold: u32,
    /// Checkers per endpoint.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 64)))]
    pub checkers: u32,
    /// The endpoint is healthy while more than this share of its checkers say so.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub healthy_share: f64,
    /// How long a checker waits for a connection, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.1, max = 60)))]
    pub connect_timeout_s: f64,
    /// How long it then waits for the answer, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.1, max = 60)))]
    pub response_timeout_s: f64,
    /// From the changed verdict to the name servers' changed answers, in seconds. An assumption.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 600)))]
    pub propagation_s: f64,
    /// From an accepted change of records to the changed answers, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 600)))]
    pub change_s: f64,
    /// How long a lookup takes that the resolver cannot answer itself, in milliseconds. An assumption.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 5000)))]
    pub lookup_ms: f64,
    /// The region in which the control plane lives; while it is dark no record can be changed.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 20)))]
    pub control_plane_region: String,
    /// The zone chose accelerated recovery: while that region is dark, the control plane comes back elsewhere after this
    /// many seconds; null: it does not.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 86_400)))]
    pub control_plane_moves_s: Option<f64>,
}

impl Default for Dns {
    fn default() -> Self {
        Self {
            policy: RoutingPolicy::Failover,
            ttl_s: dns::TIME_TO_LIVE.value,
            interval_s: dns::CHECK_INTERVAL_FAST.value,
            failure_threshold: dns::FAILURE_THRESHOLD.count(),
            checkers: dns::CHECKERS.count(),
            healthy_share: dns::HEALTHY_SHARE.value,
            connect_timeout_s: dns::CONNECT_TIMEOUT.value,
            response_timeout_s: dns::RESPONSE_TIMEOUT.value,
            propagation_s: dns::AGGREGATION_DELAY.value,
            change_s: dns::CHANGE_PROPAGATION.value,
            lookup_ms: 30.0,
            control_plane_region: dns::CONTROL_PLANE_REGION.into(),
            control_plane_moves_s: None,
        }
    }
}

/// The load balancer of each region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Balancer {
    /// Time between checks of a target, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 300)))]
    pub interval_s: f64,
    /// Passed checks in a row that make a target healthy.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10)))]
    pub healthy_threshold: u32,
    /// Failed checks in a row that make a target unhealthy.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10)))]
    pub unhealthy_threshold: u32,
}

impl Default for Balancer {
    fn default() -> Self {
        Self {
            interval_s: balancer::CHECK_INTERVAL.value,
            healthy_threshold: balancer::HEALTHY_THRESHOLD.count(),
            unhealthy_threshold: balancer::UNHEALTHY_THRESHOLD.count(),
        }
    }
}

/// The servers of every region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Servers {
    /// Real requests that one server works on at a time; at least the weight.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100_000)))]
    pub concurrency: u32,
    /// Real requests that may wait at one server; one more is refused.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100_000)))]
    pub queue: u32,
    /// Mean time that a server works on a request, in milliseconds (exponential), database apart.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.1, max = 60_000)))]
    pub service_ms: f64,
    /// Least time from the launch call to an application that answers, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3600)))]
    pub boot_min_s: f64,
    /// Most time from the launch call to an application that answers, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3600)))]
    pub boot_max_s: f64,
    /// How often Auto Scaling compares what runs with what is wanted, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 3600)))]
    pub reconcile_s: f64,
    /// Use of the fleet above which Auto Scaling adds servers (0 to 1).
    #[cfg_attr(feature = "schema", schemars(range(min = 0.05, max = 1)))]
    pub scale_out_use: f64,
    /// How long the use must be above that before servers are added, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3600)))]
    pub scale_out_after_s: f64,
    /// A server that is full still answers health checks, ahead of its queue, as the Builders' Library advises. Where
    /// not, an overloaded region looks dead to Route 53 and the answer flaps.
    pub health_checks_first: bool,
    /// The most servers that a region may run.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 200)))]
    pub most: u32,
}

impl Default for Servers {
    fn default() -> Self {
        Self {
            concurrency: compute::SERVER_CONCURRENCY.count(),
            queue: compute::SERVER_QUEUE.count(),
            service_ms: compute::SERVICE_TIME.value,
            boot_min_s: compute::READY_MIN.value,
            boot_max_s: compute::READY_MAX.value,
            reconcile_s: compute::RECONCILE.value,
            scale_out_use: compute::SCALE_OUT_USE.value,
            scale_out_after_s: recovery::ALARM.value,
            health_checks_first: true,
            most: 12,
        }
    }
}

/// How popular the keys are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Skew {
    /// All alike.
    Uniform,
    /// Zipf: the i-th key is asked for in proportion to 1 / i^s.
    Zipf(#[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3)))] f64),
}

/// The database: a primary with a synchronous standby, and what follows it in the other regions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// What kind of database it is, and with that how its copies follow.
    pub engine: Engine,
    /// What becomes of two writes to one key of which neither could have seen the other; by default the engine's rule.
    pub conflict: Rule,
    /// A retry carries the identity of its write, and a copy that has the write already does not commit it again.
    pub idempotent: bool,
    /// How long a commit waits before it may leave for the other regions, in seconds, beside shipping and distance.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3600)))]
    pub delay_s: f64,
    /// How many keys there are.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4096)))]
    pub keys: u32,
    /// How popular they are.
    pub skew: Skew,
    /// Time to read a key, in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 10_000)))]
    pub read_ms: f64,
    /// Time to commit a write where nothing waits for another zone, in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 10_000)))]
    pub commit_ms: f64,
    /// How long a server waits for the database, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.01, max = 60)))]
    pub timeout_s: f64,
    /// Least time until the standby in the other zone has taken over, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 3600)))]
    pub zone_failover_min_s: f64,
    /// Most time until the standby in the other zone has taken over, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 3600)))]
    pub zone_failover_max_s: f64,
    /// Time to start again after a crash or a return of power, in seconds. An assumption.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3600)))]
    pub restart_s: f64,
    /// How often a copy ships what is new to the others, in seconds; by default the engine's. An assumption.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.01, max = 300)))]
    pub ship_interval_s: f64,
    /// Bytes of one simulated write in the replication stream: those of all the writes it stands for.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100_000_000)))]
    pub write_bytes: u32,
    /// Bytes that may be under way unacknowledged; with the round trip it limits the stream.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000_000_000)))]
    pub window_bytes: u32,
    /// Size of the data, in GiB: it decides how long a new replica takes.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100_000)))]
    pub size_gib: f64,
    /// How fast a new replica is filled, in MiB per second.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10_000)))]
    pub copy_mib_per_s: f64,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            engine: Engine::Rds,
            conflict: Rule::LastWriterWins,
            idempotent: false,
            delay_s: 0.0,
            keys: database::KEYS.count(),
            skew: Skew::Zipf(client::KEY_SKEW.value),
            read_ms: database::READ_TIME.value,
            commit_ms: database::WRITE_TIME.value,
            timeout_s: 1.0,
            zone_failover_min_s: database::STANDBY_FAILOVER_MIN.value,
            zone_failover_max_s: database::STANDBY_FAILOVER_MAX.value,
            restart_s: database::RESTART.value,
            ship_interval_s: database::SHIP_INTERVAL.value,
            write_bytes: 8_192,
            window_bytes: 262_144,
            size_gib: 500.0,
            copy_mib_per_s: database::COPY_RATE.value,
        }
    }
}
