//! What answers requests in a region: the balancer and the servers behind it.

use crate::catalog::{balancer, compute, database, recovery};
use crate::kernel::kinds::kinds;
use crate::model::setting::Setting;
use crate::model::settings::check::Depth;
use crate::model::table::settings;
use crate::model::unit::{Count, Factor, Millis, Rate, Share, Span};

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
        /// How long a zone has to be well again before AWS ends its shift, in seconds. An assumption.
        autoshift_hold_s: Span = balancer::AUTOSHIFT_HOLD, in 0..=86_400, "AWS keeps its shift for";
        /// When the week's practice run is due, in seconds since the start; null: none is. It begins once nothing is in its way, in
        /// each region that serves, without a zone that chance chooses. No run is longer than two days, so there is one.
        practice_at_s: Option<Span> = None, in 0..=172_800, "a practice run is due at";
        /// How long a network balancer leaves connections open to a server that it has found unhealthy, in seconds, before it resets
        /// them; 0: not at all, as AWS does unless it is told otherwise; null: until they end by themselves.
        unhealthy_draining_s: Option<Span> = balancer::UNHEALTHY_DRAINING, in 0..=360_000,
            "connections to an unhealthy server stay for";
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

kinds! {
    /// What of a fleet is measured for Auto Scaling.
    pub enum Metric {
        /// The share of slots in use, by work or by waiting.
        Slots = "slots",
        /// The share of slots in which a server really works. Waiting for a database or a network uses no processor.
        Cpu = "cpu",
        /// Requests that come to each server in a second.
        Requests = "requests",
    }
}

/// What one word of `scale_by` stands for.
struct Metrics(&'static [Metric]);

kinds! {
    /// What Auto Scaling goes by. Of two metrics the one that asks for more servers decides; the second adds servers only.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum ScaleBy: Metrics {
        /// Slots in use.
        Slots = "slots" => Metrics(&[Metric::Slots]),
        /// Use of processors.
        Cpu = "cpu" => Metrics(&[Metric::Cpu]),
        /// Requests for each server.
        Requests = "requests" => Metrics(&[Metric::Requests]),
        /// Use of processors, and slots in use to add servers.
        CpuOrSlots = "cpu-or-slots" => Metrics(&[Metric::Cpu, Metric::Slots]),
        /// Use of processors, and requests for each server to add servers.
        CpuOrRequests = "cpu-or-requests" => Metrics(&[Metric::Cpu, Metric::Requests]),
    }
}

impl Setting for ScaleBy {}

impl ScaleBy {
    /// The metrics, the one first that may also take servers out.
    pub const fn metrics(self) -> &'static [Metric] {
        self.row().0
    }
}

kinds! {
    /// How the time is spread that a server works on a request, around its mean.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum ServiceTimes {
        /// Exponential: one in a hundred takes 6.6 times as long as the median.
        Exponential = "exponential",
        /// Lognormal, with a tail as long as `service_tail` says.
        Lognormal = "lognormal",
    }
}

impl Setting for ServiceTimes {}

settings! {
    /// The servers of every region.
    pub struct Servers {
        /// Real requests that one server works on at a time; at least the weight.
        concurrency: Count = compute::SERVER_CONCURRENCY, in 1..=100_000, "a server works at a time on";
        /// Real requests that may wait at one server; one more is refused.
        queue: Count = compute::SERVER_QUEUE, in 0..=100_000, "requests that may wait at a server";
        /// Mean time that a server works on a request, in milliseconds, database apart.
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
        /// What Auto Scaling goes by.
        scale_by: ScaleBy = ScaleBy::Slots;
        /// Mean use of processors that Auto Scaling keeps, if it goes by that (0 to 1).
        cpu_target: Share = compute::CPU_TARGET, in 0.05..=1, "use of processors that is kept";
        /// Requests a second that Auto Scaling keeps at each server, if it goes by that.
        requests_target: Rate = compute::REQUESTS_TARGET, in 0.1..=100_000, "requests a second kept at a server";
        /// Auto Scaling also takes servers out. If not, only those go that were added for a disaster.
        scale_in: bool = false;
        /// Servers are taken out if the metric is below this share of its target (0 to 1).
        scale_in_below: Share = compute::SCALE_IN_BELOW, in 0..=1, "servers go if the metric is below";
        /// How long the metric has to be below that before servers are taken out, in seconds.
        scale_in_after_s: Span = compute::SCALE_IN_AFTER, in 0..=3600, "servers are taken out after";
        /// How long after a change of the wanted number no servers are taken out, in seconds.
        cooldown_s: Span = compute::SCALING_COOLDOWN, in 0..=3600, "no servers are taken out for";
        /// How long a server that was added does not count in the metrics after it began to run, in seconds.
        warm_up_s: Span = 0.0, in 0..=3600, "a new server does not count for";
        /// The fewest servers that Auto Scaling leaves in a region; 0 for as many as it begins with.
        least: Count = 0, in 0..=200, "fewest servers of a region";
        /// With `scale_in`: how long a server that is taken out, and gets no new requests, may go on with those that it has, in
        /// seconds.
        deregistration_s: Span = balancer::DEREGISTRATION_DELAY, in 0..=3600, "a server that goes may work for";
        /// Auto Scaling replaces servers that fail the balancer's checks, and not only those that have stopped.
        replace_unhealthy: bool = false;
        /// How long after it began to run a server is not replaced for that, in seconds.
        grace_s: Span = compute::HEALTH_GRACE, in 0..=7200, "a new server is not replaced for";
        /// How the times are spread that a server works on a request.
        service_times: ServiceTimes = ServiceTimes::Exponential;
        /// 99th percentile of the time that a server works on a request over its median, if it is lognormal. The mean stays.
        service_tail: Factor = compute::SERVICE_TAIL, in 1..=1000, "one request in a hundred takes longer by";
    }
}
