//! Facts about databases: failover inside a region, replication and promotion across regions.
use super::fact::facts;

const MULTI_AZ: &str = "Amazon RDS User Guide, Concepts.MultiAZSingleStandby (2023-06-15)";
const MULTI_AZ_CLUSTER: &str = "Amazon RDS User Guide, multi-az-db-clusters-concepts (2023-06-15)";
const AURORA: &str = "Amazon Aurora User Guide, Concepts.AuroraHighAvailability (2023-06-15)";
const PROMOTION: &str =
    "The Amazon RDS User Guide says several minutes or longer, depending on size; no benchmark is public";
const GLOBAL: &str = "AWS whitepaper Disaster Recovery of Workloads on AWS, on Aurora global databases";
const GLOBAL_BUDGET: &str =
    "Third-party notes on failover orchestration and on Aurora global databases (2026-09)";
const ORCHESTRATION: &str = "Third-party note on failover orchestration (2026-09-17)";
const BACKUPS: &str = "Amazon RDS User Guide, USER_PIT (2023-06-15)";
const OWN_SIZE: &str = "Our choice: the size of the imagined database, not a limit of AWS";

facts! { "database";
    STANDBY_FAILOVER_MIN = 60.0 Seconds, Documented, MULTI_AZ,
        "Shortest usual failover to the synchronous standby in another zone";
    STANDBY_FAILOVER_MAX = 120.0 Seconds, Documented, MULTI_AZ,
        "Longest usual failover to the synchronous standby in another zone";
    CLUSTER_FAILOVER = 35.0 Seconds, Documented, MULTI_AZ_CLUSTER,
        "Time within which a cluster with two readable standbys usually fails over";
    AURORA_FAILOVER = 30.0 Seconds, Documented, AURORA,
        "Time within which Aurora often fails over to a replica in the region";
    AURORA_FAILOVER_MAX = 60.0 Seconds, Documented, AURORA,
        "Time within which Aurora fails over to a replica in the region";
    REPLICA_PROMOTION = 300.0 Seconds, Assumption, PROMOTION,
        "Time to promote a replica in another region, with its reboot";
    REPLICA_PROMOTION_MIN = 120.0 Seconds, Assumption, PROMOTION,
        "Shortest plausible time to promote a replica in another region";
    REPLICA_PROMOTION_MAX = 900.0 Seconds, Assumption, PROMOTION,
        "Longest plausible time to promote a replica in another region";
    GLOBAL_PROMOTION = 60.0 Seconds, Documented, GLOBAL,
        "Time within which an Aurora global database promotes another region";
    GLOBAL_PROMOTION_MAX = 180.0 Seconds, Secondary, GLOBAL_BUDGET,
        "Time to plan for the unplanned failover of an Aurora global database";
    GLOBAL_LAG = 1.0 Seconds, Documented,
        "Amazon Aurora User Guide, aurora-global-database (2023-06-15)",
        "Lag below which an Aurora global database usually stays";
    FENCE_MIN = 60.0 Seconds, Secondary, ORCHESTRATION,
        "Shortest time to fence the old primary so that it takes no more writes";
    FENCE_MAX = 120.0 Seconds, Secondary, ORCHESTRATION,
        "Longest time to fence the old primary so that it takes no more writes";
    LOG_UPLOAD = 300.0 Seconds, Documented, BACKUPS,
        "Time between two uploads of the transaction log to the backups";
    KEYS = 96.0 Count, Assumption,
        "Chosen so that every key has a cell that can be seen",
        "Keys in the database";
    READ_TIME = 1.0 Milliseconds, Assumption, OWN_SIZE,
        "Time that the database works on one read";
    WRITE_TIME = 2.0 Milliseconds, Assumption, OWN_SIZE,
        "Time that the database works on one write, without the way to the standby";
    RESTART = 60.0 Seconds, Assumption, OWN_SIZE,
        "Time until a database answers again after its power has returned";
    SHIP_INTERVAL = 0.5 Seconds, Assumption,
        "Chosen so that the usual lag is under a second, as is documented of Aurora; of RDS no number is",
        "Time between two shipments of new writes to the replica in another region";
    COPY_RATE = 300.0 MebibytesPerSecond, Documented,
        "Amazon EC2 User Guide, ebs-initialize (2023-06-15): 100 to 300 can be chosen",
        "Rate at which a new copy is filled from a snapshot";
}
