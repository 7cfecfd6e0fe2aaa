//! Facts about failover controllers of databases that one runs oneself, and about semi-synchronous replication.
use super::fact::facts;

const POLL: &str =
    "Orchestrator, docs/configuration-sample (openark/orchestrator, read 2026-11): InstancePollSeconds 5";
const RECOVERY: &str = "Orchestrator, docs/configuration-recovery (openark/orchestrator, read 2026-11): RecoveryPeriodBlockSeconds 3600";
const OUTAGE: &str = "GitHub's blog, 2018-06-20, on MySQL high availability: 10 to 13 s from a failure to a new primary in most cases";
const SEMI_SYNC: &str = "MySQL Replication, Semisynchronous Replication Administrative Interface (read 2026-11): 10000 ms, then asynchronous";

facts! { "controller";
    POLL_INTERVAL = 5.0 Seconds, Documented, POLL,
        "How often a node of a failover controller looks at the primary";
    DETECTION = 12.0 Seconds, Assumption, OUTAGE,
        "How long a node of a failover controller has seen nothing of a primary that it votes against: two looks in a row";
    COOLDOWN = 3600.0 Seconds, Documented, RECOVERY,
        "How long a failover controller promotes nothing after a primary has changed";
    ELECTION = 1.0 Seconds, Assumption, OUTAGE,
        "How long a node that asks for votes waits for the answers of the others";
    PROMOTION_MIN = 1.0 Seconds, Assumption, OUTAGE,
        "Shortest plausible promotion of a copy that only has to stop following and to take writes";
    PROMOTION = 2.0 Seconds, Assumption, OUTAGE,
        "Most likely promotion of a copy that only has to stop following and to take writes";
    PROMOTION_MAX = 5.0 Seconds, Assumption, OUTAGE,
        "Longest plausible promotion of a copy that only has to stop following and to take writes";
    SEMI_SYNC_TIMEOUT = 10.0 Seconds, Documented, SEMI_SYNC,
        "How long a semi-synchronous primary waits for a copy before it goes on without";
}
