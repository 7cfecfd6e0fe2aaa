//! What answers requests in a region: the balancer and the servers behind it.

use crate::catalog::{balancer, compute, database, recovery};
use crate::kernel::kinds::kinds;
use crate::model::setting::Setting;
use crate::model::settings::check::Depth;
use crate::model::table::settings;
use crate::model::unit::{Count, Millis, Share, Span};

kinds! {
    /// What kind of balancer stands in front of the servers.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum BalancerKind {
        /// It opens connections itself, and passes on one request at a time, whoever sends it.
        Application = "application",
        /// It passes on connections: the server behind it opens them, or nobody does.
        Network = "network",
    }
}

impl Setting for BalancerKind {}

kinds! {
    /// Whether a balancer passes requests on to servers of other zones than that through which they came.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum CrossZone {
        /// An application balancer does, a network balancer does not.
        ByKind = "by-kind",
        /// It does.
        On = "on",
        /// It does not.
        Off = "off",
    }
}

impl Setting for CrossZone {}

settings! {
    /// The load balancer of each region.
    pub struct Balancer {
        /// Time between checks of a target, in seconds.
        interval_s: Span = balancer::CHECK_INTERVAL, in 1..=300, "time between checks of a target";
        /// Passed checks in a row that make a target healthy.
        healthy_threshold: Count = balancer::HEALTHY_THRESHOLD, in 1..=10, "passed checks in a row";
        /// Failed checks in a row that make a target unhealthy.
        unhealthy_threshold: Count = balancer::UNHEALTHY_THRESHOLD, in 1..=10, "failed checks in a row";
        /// How deep its check of a target looks.
        check: Depth = Depth::Shallow;
        /// How long it waits for a target's answer, in seconds.
        timeout_s: Span = balancer::CHECK_TIMEOUT, in 2..=120, "a balancer waits for a target";
        /// What kind of balancer it is.
        kind: BalancerKind = BalancerKind::Application;
        /// Whether what comes in through one zone goes to servers of every zone.
        cross_zone: CrossZone = CrossZone::ByKind;
        /// Its address in a zone leads nowhere while the zone has no power; if not, only its servers there are missed.
        falls_with_zone: bool = false;
        /// How long an address has to lead nowhere, or somewhere again, before its name says so, in seconds. An assumption.
        address_check_s: Span = balancer::ADDRESS_CHECK, in 0..=600, "an address is found dead after";
        /// How long a zonal shift lasts that is ordered, in seconds, if nobody ends it.
        shift_s: Span = balancer::SHIFT, in 60..=259_200, "a zonal shift lasts";
        /// How long a practice run lasts, in seconds.
        practice_s: Span = balancer::PRACTICE, in 60..=259_200, "a practice run lasts";
        /// AWS keeps traffic from a zone that it finds impaired (zonal autoshift).
        autoshift: bool = false;
        /// How long a zone has to be impaired before it does, in seconds. An assumption.
        autoshift_after_s: Span = balancer::AUTOSHIFT_AFTER, in 0..=3600, "AWS shifts away after";
    }
}

kinds! {
    /// Where the application keeps the sessions of users who have logged in.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum SessionStore {
        /// In a store that every server of every region reads, so that any of them knows every user.
        Shared = "shared",
        /// In the memory of the server at which the user logged in. The balancer sends the user there again, by a cookie. If
        /// the server stops, gets another release, or the user comes to another region, the session is gone: the next request
        /// fails, and the user logs in again.
        Local = "local",
    }
}

impl Setting for SessionStore {}

settings! {
    /// The servers of every region.
    pub struct Servers {
        /// Real requests that one server works on at a time; at least the weight.
        concurrency: Count = compute::SERVER_CONCURRENCY, in 1..=100_000, "a server works at a time on";
        /// Real requests that may wait at one server; one more is refused.
        queue: Count = compute::SERVER_QUEUE, in 0..=100_000, "requests that may wait at a server";
        /// Mean time that a server works on a request, in milliseconds (exponential), database apart.
        service_ms: Millis = compute::SERVICE_TIME, in 0.1..=60_000, "a server works on a request for";
        /// Least time from the launch call to an application that answers, in seconds.
        boot_min_s: Span = compute::READY_MIN, in 0..=3600, "a server boots in", shapes [ScaleOut, ReplaceServers];
        /// Most time from the launch call to an application that answers, in seconds.
        boot_max_s: Span = compute::READY_MAX, in 0..=3600, "a server boots in", shapes [ScaleOut, ReplaceServers];
        /// How often Auto Scaling compares what runs with what is wanted, in seconds.
        reconcile_s: Span = compute::RECONCILE, in 1..=3600, "Auto Scaling looks every";
        /// Use of the fleet above which Auto Scaling adds servers (0 to 1).
        scale_out_use: Share = compute::SCALE_OUT_USE, in 0.05..=1, "use above which servers are added";
        /// How long the use must be above that before servers are added, in seconds.
        scale_out_after_s: Span = recovery::ALARM, in 0..=3600, "servers are added after";
        /// A server that is full still answers health checks, ahead of its queue, as the Builders' Library advises. If
        /// not, an overloaded region looks dead to Route 53 and the answer flaps.
        health_checks_first: bool = true;
        /// How long a server keeps the address that it has found behind the name of a database's endpoint, in seconds; by default as
        /// long as the record's time to live allows. Some Java virtual machines keep it until they stop.
        endpoint_cache_s: Span = database::ENDPOINT_TTL, in 0..=172_800, "a server keeps the database's address";
        /// Where sessions of users are kept. Each connection of a population (`clients.connections`) is a user.
        sessions: SessionStore = SessionStore::Shared;
        /// How long a user stays, in seconds; whoever follows logs in anew, at any server. Until then no balancer sends them to
        /// a server that was added, if sessions are kept at servers.
        session_s: Span = compute::SESSION, in 1..=604_800, "a user stays for";
        /// The most servers that a region may run.
        most: Count = 12, in 1..=200, "most servers of a region";
    }
}
