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
const CREATED: &str = "Amazon Aurora User Guide, Concepts.AuroraHighAvailability, and the DocumentDB guide: minutes, no shortest time is given";
const STORAGE: &str =
    "Verbitski and others, Amazon Aurora: Design Considerations (SIGMOD 2017), sections 2.1 and 2.2";
const BACKUPS: &str = "Amazon RDS User Guide, USER_PIT (2023-06-15)";
const READER_LAG: &str =
    "Amazon Aurora User Guide, aurora-poc (2023-06-15): usually 10 to 20, and well under 100";
const OWN_SIZE: &str = "Our choice: the size of the imagined database, not a limit of AWS";

facts! { "database";
    STANDBY_FAILOVER_MIN = 60.0 Seconds, Documented, MULTI_AZ,
        "Shortest usual failover to the synchronous standby in another zone";
    STANDBY_FAILOVER_MAX = 120.0 Seconds, Documented, MULTI_AZ,
        "Longest usual failover to the synchronous standby in another zone";
    CLUSTER_FAILOVER = 35.0 Seconds, Documented, MULTI_AZ_CLUSTER,
        "Time within which a cluster with two readable standbys usually fails over";
    CLUSTER_FAILOVER_MIN = 10.0 Seconds, Assumption,
        "As measured of Aurora with a reader; of RDS clusters the guide says only typically under 35 s",
        "Shortest plausible failover of a cluster with two readable standbys";
    AURORA_FAILOVER = 30.0 Seconds, Documented, AURORA,
        "Time within which Aurora often fails over to a replica in the region";
    AURORA_FAILOVER_MAX = 60.0 Seconds, Documented, AURORA,
        "Time within which Aurora fails over to a replica in the region";
    AURORA_FAILOVER_MIN = 10.0 Seconds, Secondary,
        "Five measured failovers of Aurora with a reader, 10 to 16 s: zatoima.github.io, aws-aurora-failover-time-test",
        "Shortest of five measured failovers of Aurora to a reader in the region";
    DOCUMENT_FAILOVER_MIN = 10.0 Seconds, Assumption,
        "As measured of Aurora; the guide (db-cluster-fault-tolerance, read 2026-11) says typically less than 30 s",
        "Shortest plausible failover of DocumentDB to a replica in the region";
    DOCUMENT_FAILOVER_MAX = 60.0 Seconds, Documented,
        "Amazon DocumentDB Developer Guide, db-cluster-fault-tolerance (read 2026-11): often under 60 s, under 120 s",
        "Time within which service is often restored after a failure of DocumentDB's primary";
    CACHE_FAILOVER_MIN = 10.0 Seconds, Assumption,
        "The guide says only that it is minimized; an edition of 2015 said a few minutes",
        "Shortest plausible failover of a cache to its replica in another zone";
    CACHE_FAILOVER_MAX = 60.0 Seconds, Assumption,
        "The guide says only that it is minimized; an edition of 2015 said a few minutes",
        "Longest plausible failover of a cache to its replica in another zone";
    TABLE_FOLLOWERS = 2.0 Count, Secondary,
        "Elhemali and others, Amazon DynamoDB (USENIX ATC 2022): a write is in the logs of two of three replicas, in three zones",
        "Replicas of a table's partition beside its leader, of which one has to have a write";
    LEADER_ELECTION_MIN = 1.0 Seconds, Assumption,
        "Elhemali and others, Amazon DynamoDB (USENIX ATC 2022): the old leader's lease has to expire; no time is given",
        "Shortest plausible time until another replica leads a partition of a table";
    LEADER_ELECTION_MAX = 5.0 Seconds, Assumption,
        "Elhemali and others, Amazon DynamoDB (USENIX ATC 2022): the old leader's lease has to expire; no time is given",
        "Longest plausible time until another replica leads a partition of a table";
    APPLY_RATE = 5000.0 PerSecond, Assumption,
        "No figure for RDS is public: a copy that commits one write after the other, each in 0.2 ms on solid state disks",
        "Writes a second that a replica of RDS in another region takes in";
    AT_ONCE = 0.0 PerSecond, Computed,
        "Copies are made by the storage, or by many machines: no one queue of writes to take in is described",
        "Stands for a copy that takes in writes as they come";
    NO_FAILOVER = 0.0 Seconds, Computed,
        "Requests are answered from the zones that are left: there is no one machine to replace",
        "Time in which a service without instances or leaders that are known answers nobody after a zone was lost";
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
    PROMOTION_RESTART = 30.0 Seconds, Assumption, PROMOTION,
        "Part of a replica's promotion in which it restarts and cannot be read";
    NO_RESTART = 0.0 Seconds, Computed, "Nothing has to be done: the copy is already what it has to be",
        "Time to promote, restart or switch a copy that takes writes anyway";
    REPLICA_COPIES = 15.0 Count, Memory, "The guide says five or fifteen, by the kind of database",
        "Read replicas that an RDS database can have";
    GLOBAL_SHIP = 0.2 Seconds, Assumption,
        "Chosen so that the lag is well under a second, as is documented of Aurora",
        "Time between two shipments of an Aurora global database to another region";
    GLOBAL_PROMOTION_TYPICAL = 120.0 Seconds, Secondary, GLOBAL_BUDGET,
        "Usual time of the unplanned failover of an Aurora global database, from end to end";
    GLOBAL_SWITCHOVER = 60.0 Seconds, Secondary, GLOBAL_BUDGET,
        "Time in which an Aurora global database takes no writes while its roles change on purpose";
    GLOBAL_COPIES = 10.0 Count, Secondary, GLOBAL_BUDGET,
        "Regions that can follow in an Aurora global database";
    CACHE_PROMOTION_MIN = 30.0 Seconds, Assumption, "Half of what is documented as the most",
        "Shortest plausible time to promote a cache or a document cluster in another region";
    CACHE_PROMOTION = 60.0 Seconds, Documented,
        "Amazon ElastiCache User Guide, Redis-Global-Datastores-Getting-Started (2023-06-15)",
        "Time within which a global datastore is promoted, by hand";
    CACHE_COPIES = 2.0 Count, Documented,
        "Amazon ElastiCache User Guide, Redis-Global-Datastore (2023-06-15)",
        "Regions that can follow in a global datastore";
    DOCUMENT_PROMOTION = 60.0 Seconds, Secondary,
        "Third-party note on replication mechanisms quoting the Amazon DocumentDB guide (2026-09)",
        "Time within which a DocumentDB global cluster is typically promoted";
    TABLE_SHIP = 1.0 Seconds, Documented,
        "Amazon DynamoDB Developer Guide, V2globaltables_HowItWorks (2023-06-15): usually within a second",
        "Time between two shipments of a global table to another region";
    TABLE_COPIES = 33.0 Count, Assumption, "Any Region; the catalog here has 34",
        "Other regions that a global table or a bucket can be copied to";
    STRONG_COPIES = 2.0 Count, Secondary,
        "Third-party decision record quoting the Amazon DynamoDB global-tables pages (2026-09): exactly three Regions",
        "Other regions of a global table with strong consistency";
    OBJECT_DELAY = 60.0 Seconds, Assumption,
        "Chosen so that 95 % follow within 15 min; the Amazon S3 User Guide says most",
        "Half of the objects of a replicated bucket have followed by then";
    OBJECT_TIMED_DELAY = 5.0 Seconds, Assumption,
        "Chosen so that 99.9 % follow within 15 min, as Replication Time Control promises",
        "Half of the objects have followed by then, with Replication Time Control";
    OBJECT_SPREAD = 1.68 Exponent, Computed,
        "The logarithm of 15 min over 5 s divided by the normal distribution's 99.9th percentile, 3.09",
        "Standard deviation of the logarithm of an object's delay";
    RESTART = 60.0 Seconds, Assumption, OWN_SIZE,
        "Time until a database answers again after its power has returned";
    STANDBY_REBUILD = 900.0 Seconds, Assumption,
        "Not published: the host is recovered or replaced, and its volume takes in what it missed",
        "Time until a standby that was away has every commit again";
    READER_LAG_MIN = 10.0 Milliseconds, Documented, READER_LAG,
        "Usual time by which the cache of an Aurora reader is behind its writer, at least";
    READER_LAG_MAX = 20.0 Milliseconds, Documented, READER_LAG,
        "Usual time by which the cache of an Aurora reader is behind its writer, at most";
    CALLS_PER_ACU = 100.0 PerSecond, Assumption, OWN_SIZE,
        "Reads and writes that one Aurora capacity unit does";
    ACU_DOUBLES = 30.0 Seconds, Assumption,
        "The guide says that more capacity scales faster and gives no time; an article of others says 15 to 90 for a step",
        "Time in which the capacity of Aurora Serverless v2 doubles";
    ACU_HALVES = 120.0 Seconds, Assumption,
        "The AWS Database Blog (2024-11-25) says that it scales down gradually, and gives no time",
        "Time in which the capacity of Aurora Serverless v2 falls to half";
    ACU_USE = 0.7 Share, Assumption,
        "Nothing is published of what Aurora Serverless v2 aims at",
        "Use of its capacity that Aurora Serverless v2 aims at";
    ACU_LOOKS_BACK = 5.0 Seconds, Assumption,
        "Nothing is published: the load of some seconds, so that chance in one of them decides nothing",
        "Time of whose load the capacity of Aurora Serverless v2 takes account";
    INSTANCE_CHANGE = 300.0 Seconds, Assumption,
        "Not published: it depends on the class and on how much has to be recovered at its start",
        "Time in which an instance gets another class, or a patch";
    ENDPOINT_TTL = 5.0 Seconds, Memory,
        "Answers of Amazon RDS and Aurora endpoints; the guides ask clients to keep them for less than 30 s",
        "Time to live of the record of a database's endpoint";
    SHIP_INTERVAL = 0.5 Seconds, Assumption,
        "Chosen so that the usual lag is under a second, as is documented of Aurora; of RDS no number is",
        "Time between two shipments of new writes to the replica in another region";
    COPY_RATE = 300.0 MebibytesPerSecond, Documented,
        "Amazon EC2 User Guide, ebs-initialize (2023-06-15): 100 to 300 can be chosen",
        "Rate at which a new copy is filled from a snapshot";
    INSTANCE_MADE_MIN = 180.0 Seconds, Assumption, CREATED,
        "Shortest plausible time to make the instance of a volume anew if it has no reader";
    INSTANCE_MADE_MAX = 600.0 Seconds, Documented,
        "Amazon Aurora User Guide, Concepts.AuroraHighAvailability (2023-06-15): in the same zone, typically under 10 min",
        "Time within which Aurora makes its writer anew if there is no reader";
    DOCUMENT_MADE_MAX = 600.0 Seconds, Documented,
        "Amazon DocumentDB Developer Guide, db-cluster-fault-tolerance (read 2026-11): typically under 10 min",
        "Time within which DocumentDB makes its primary anew if there is no replica";
    VOLUME_COPIES = 6.0 Count, Documented, STORAGE,
        "Copies of a volume, two in each of three zones";
    VOLUME_WRITES = 4.0 Count, Documented, STORAGE,
        "Copies of a volume that have to have a write before it is acknowledged";
    VOLUME_READS = 3.0 Count, Documented, STORAGE,
        "Copies of a volume that are enough to read it, and to build another copy";
    SEGMENT = 10.0 Gibibytes, Documented, STORAGE,
        "Size of a segment, the part of a volume whose copies are mended by themselves";
    SEGMENT_REPAIR = 1024.0 MebibytesPerSecond, Computed,
        "A segment of 10 GB is repaired in 10 s on a 10 Gbit/s line: Verbitski and others (SIGMOD 2017), section 2.2",
        "Rate at which a copy of a segment is built from the others";
    NOBODY_TAKES_OVER = 0.0 Seconds, Computed,
        "There is nobody to take over: it is down until it is mended",
        "Time in which somebody takes over from an instance without standby";
}
