//! Facts about failover controllers of databases that one runs oneself, and about semi-synchronous replication.
use super::fact::facts;

const POLL: &str =
    "Orchestrator, docs/configuration-sample (openark/orchestrator, read 2026-11): InstancePollSeconds 5";
const RECOVERY: &str = "Orchestrator, docs/configuration-recovery (openark/orchestrator, read 2026-11): RecoveryPeriodBlockSeconds 3600";
const OUTAGE: &str = "GitHub's blog, 2018-06-20, on MySQL high availability: 10 to 13 s from a failure to a new primary in most cases";
const SEMI_SYNC: &str = "MySQL Replication, Semisynchronous Replication Administrative Interface (read 2026-11): 10000 ms, then asynchronous";
const OWN_VOTE: &str = "No source found; longer than the wait for the answers and a round trip, so that the first that asks can decide";
const OWN_TOLD: &str = "No source found; long against a message that was lost, short against the cooldown";

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
    VOTE_BINDS = 3.0 Seconds, Assumption, OWN_VOTE,
        "How long a node of a failover controller that has voted for one votes for no other";
    TOLD_AGAIN = 30.0 Seconds, Assumption, OWN_TOLD,
        "How long a failover controller tells a copy again to take over, if the primary does not change";
}
