//! The runbook: who decides, and how long each step takes.

use serde::{Deserialize, Serialize};

use crate::catalog::{database, recovery};
use crate::kernel::kinds::kinds;

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
    /// What moves the clients.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Cutover {
        /// The failover record and its health check: the data plane alone.
        HealthCheck = "health-check",
        /// The runbook changes the record: the control plane is needed.
        RecordChange = "record-change",
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

/// The runbook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Recovery {
    /// Who declares the disaster.
    pub decider: Decider,
    /// What moves the clients.
    pub cutover: Cutover,
    /// From the alarm until a person has acknowledged the page, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 86_400)))]
    pub page_s: f64,
    /// How long that person looks at what it is, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 86_400)))]
    pub triage_s: f64,
    /// How long the decision takes, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 86_400)))]
    pub decide_s: f64,
    /// How much longer the one who decides hesitates, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 86_400)))]
    pub hesitation_s: f64,
    /// How long failing requests have to go on before an alarm pages someone, where no health check has, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 10, max = 86_400)))]
    pub alarm_s: f64,
    /// Least time to make network and balancer from templates, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 86_400)))]
    pub network_min_s: f64,
    /// Most time to make network and balancer from templates, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 86_400)))]
    pub network_max_s: f64,
    /// Time to bring another version of the application out, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 86_400)))]
    pub deploy_s: f64,
    /// Least time to fence the old primary, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3600)))]
    pub fence_min_s: f64,
    /// Most time to fence the old primary, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3600)))]
    pub fence_max_s: f64,
    /// Least time to promote the replica, its restart included, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 86_400)))]
    pub promote_min_s: f64,
    /// Most likely time to promote the replica, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 86_400)))]
    pub promote_typical_s: f64,
    /// Most time to promote the replica, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 86_400)))]
    pub promote_max_s: f64,
    /// The last part of a promotion, in which the database restarts and cannot be read, in seconds. An assumption.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3600)))]
    pub promote_restart_s: f64,
    /// Servers wanted in the recovery region after a failover.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 200)))]
    pub servers: u32,
    /// Least time to validate with synthetic requests, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3600)))]
    pub validate_min_s: f64,
    /// Most time to validate with synthetic requests, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3600)))]
    pub validate_max_s: f64,
    /// Pin the record to the recovery region after a failover, so that Route 53 does not move clients back by
    /// itself when the primary's checks pass again. Needs the control plane.
    pub pin: bool,
    /// How long writes stop in a planned switchover, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 3600)))]
    pub switchover_s: f64,
    /// How the home of a partition moves to another region.
    pub handover: Handover,
    /// Give the partitions of a dark region another home, once the disaster is declared.
    pub rehome: bool,
    /// How long it takes to give partitions another home, in seconds. An assumption.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 86_400)))]
    pub rehome_s: f64,
    /// The recovery time objective that the page shows, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 864_000)))]
    pub objective_rto_s: f64,
    /// The recovery point objective that the page shows, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 864_000)))]
    pub objective_rpo_s: f64,
}

impl Default for Recovery {
    fn default() -> Self {
        Self {
            decider: Decider::Automatic,
            cutover: Cutover::HealthCheck,
            page_s: recovery::PAGE.value,
            triage_s: (recovery::TRIAGE_MIN.value + recovery::TRIAGE_MAX.value) / 2.0,
            decide_s: (recovery::DECIDE_MIN.value + recovery::DECIDE_MAX.value) / 2.0,
            hesitation_s: 0.0,
            alarm_s: recovery::ALARM.value,
            network_min_s: recovery::NETWORK_MIN.value,
            network_max_s: recovery::NETWORK_MAX.value,
            deploy_s: recovery::ROLLBACK.value,
            fence_min_s: database::FENCE_MIN.value,
            fence_max_s: database::FENCE_MAX.value,
            promote_min_s: database::REPLICA_PROMOTION_MIN.value,
            promote_typical_s: database::REPLICA_PROMOTION.value,
            promote_max_s: database::REPLICA_PROMOTION_MAX.value,
            promote_restart_s: database::PROMOTION_RESTART.value,
            servers: 6,
            validate_min_s: recovery::VALIDATE_MIN.value,
            validate_max_s: recovery::VALIDATE_MAX.value,
            pin: true,
            switchover_s: database::REPLICA_PROMOTION.value,
            handover: Handover::Freeze,
            rehome: true,
            rehome_s: recovery::REHOME.value,
            objective_rto_s: 900.0,
            objective_rpo_s: 5.0,
        }
    }
}
