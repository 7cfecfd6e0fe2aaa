//! The runbook: who decides, and how long each step takes.

use crate::catalog::{Fact, database, dns, recovery};
use crate::kernel::kinds::kinds;
use crate::model::setting::Setting;
use crate::model::table::settings;
use crate::model::unit::{Count, Span};

kinds! {
    /// Who declares the disaster.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Decider {
        /// The health check's verdict starts the runbook.
        Automatic = "automatic",
        /// A person is paged, looks, and decides.
        Person = "person",
        /// The learner: the runbook waits at the decision, with the clock running, for the order to decide.
        Learner = "learner",
        /// Nobody, until someone orders it.
        Manual = "manual",
    }
}

kinds! {
    /// What moves the clients of a failover record. Other records always have their own health checks.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Cutover {
        /// The record has a health check, and its verdict changes the answer: the data plane alone.
        HealthCheck = "health-check",
        /// The record has no check, and the runbook changes it: the control plane is needed.
        RecordChange = "record-change",
        /// A routing control stands in place of the check, and the runbook turns it: the data plane alone, in seconds.
        RoutingControl = "routing-control",
    }
}

kinds! {
    /// How the home of a partition moves to another region.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Handover {
        /// The old home takes no more writes, the new one catches up, and then takes them.
        Freeze = "freeze",
        /// The new home takes writes at once, and the others learn of it as the news arrives.
        Live = "live",
    }
}

impl Setting for Decider {}
impl Setting for Cutover {}
impl Setting for Handover {}

/// The middle of what the facts give as the least and the most time of a person's step, in seconds.
const fn middle(least: Fact, most: Fact) -> f64 {
    (least.value + most.value) / 2.0
}

settings! {
    /// The runbook.
    pub struct Recovery {
        /// Who declares the disaster.
        decider: Decider = Decider::Automatic;
        /// What moves the clients.
        cutover: Cutover = Cutover::HealthCheck;
        /// From the alarm until a person has acknowledged the page, in seconds.
        page_s: Span = recovery::PAGE, in 0..=86_400, "time to acknowledge the page", spans [Page];
        /// How long that person looks at what it is, in seconds.
        triage_s: Span = middle(recovery::TRIAGE_MIN, recovery::TRIAGE_MAX), in 0..=86_400, "time to find out what it is",
            spans [Triage];
        /// How long the decision takes, in seconds.
        decide_s: Span = middle(recovery::DECIDE_MIN, recovery::DECIDE_MAX), in 0..=86_400, "time to decide",
            spans [Decide];
        /// How much longer the one who decides hesitates, in seconds.
        hesitation_s: Span = 0.0, in 0..=86_400, "hesitation", shapes [Decide];
        /// How long failing requests have to go on before an alarm pages someone, if no health check has, in seconds.
        alarm_s: Span = recovery::ALARM, in 10..=86_400, "alarm after", shapes [Detect];
        /// Least time to make network and balancer from templates, in seconds.
        network_min_s: Span = recovery::NETWORK_MIN, in 0..=86_400, "making the network takes at least",
            spans [BuildNetwork];
        /// Most time to make network and balancer from templates, in seconds.
        network_max_s: Span = recovery::NETWORK_MAX, in 0..=86_400, "making the network takes at most",
            spans [BuildNetwork];
        /// Time to bring another version of the application out, in seconds.
        deploy_s: Span = recovery::ROLLBACK, in 0..=86_400, "time to deploy", spans [Rollback, Deploy, Release];
        /// Least time to fence the old primary, in seconds.
        fence_min_s: Span = database::FENCE_MIN, in 0..=3600, "fencing takes at least", spans [Fence];
        /// Most time to fence the old primary, in seconds.
        fence_max_s: Span = database::FENCE_MAX, in 0..=3600, "fencing takes at most", spans [Fence];
        /// Least time to promote the replica, its restart included, in seconds.
        promote_min_s: Span = database::REPLICA_PROMOTION_MIN, in 1..=86_400, "a promotion takes at least",
            spans [Promote];
        /// Most likely time to promote the replica, in seconds.
        promote_typical_s: Span = database::REPLICA_PROMOTION, in 1..=86_400, "a promotion mostly takes",
            spans [Promote];
        /// Most time to promote the replica, in seconds.
        promote_max_s: Span = database::REPLICA_PROMOTION_MAX, in 1..=86_400, "a promotion takes at most",
            spans [Promote];
        /// How far behind a copy may be, in seconds, so that it is promoted without a person. If it is further behind, a person
        /// is asked. An assumption.
        promote_lag_s: Span = recovery::PROMOTE_LAG, in 0..=86_400, "promoted unasked if behind by at most";
        /// The last part of a promotion, in which the database restarts and cannot be read, in seconds. An assumption.
        promote_restart_s: Span = database::PROMOTION_RESTART, in 0..=3600, "restart at the end of a promotion";
        /// Servers wanted in the recovery region after a failover.
        servers: Count = 6, in 1..=200, "servers wanted", shapes [ScaleOut, ReplaceServers];
        /// Least time to validate with synthetic requests, in seconds.
        validate_min_s: Span = recovery::VALIDATE_MIN, in 0..=3600, "validation takes at least", spans [Try];
        /// Most time to validate with synthetic requests, in seconds.
        validate_max_s: Span = recovery::VALIDATE_MAX, in 0..=3600, "validation takes at most", spans [Try];
        /// Pin the record to the recovery region after a failover, so that Route 53 does not move clients back by
        /// itself when the primary's checks pass again. Needs the control plane.
        pin: bool = true;
        /// How long writes stop in a planned switchover, in seconds.
        switchover_s: Span = database::REPLICA_PROMOTION, in 1..=3600, "writes stop in a switchover for",
            spans [Switchover];
        /// From turning a routing control to the changed answers, in seconds. An assumption.
        routing_control_s: Span = dns::ROUTING_CONTROL, in 0..=3600, "a routing control takes", spans [RoutingControl];
        /// How the home of a partition moves to another region.
        handover: Handover = Handover::Freeze;
        /// Give the partitions of a dark region another home, once the disaster is declared.
        rehome: bool = true;
        /// How long it takes to give partitions another home, in seconds. An assumption.
        rehome_s: Span = recovery::REHOME, in 0..=86_400, "time to give partitions another home", spans [Rehome];
        /// The recovery time objective that the page shows, in seconds.
        objective_rto_s: Span = 900.0, in 1..=864_000, "recovery time objective";
        /// The recovery point objective that the page shows, in seconds.
        objective_rpo_s: Span = 5.0, in 0..=864_000, "recovery point objective";
    }
}
