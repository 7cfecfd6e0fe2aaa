//! Facts about prices: list prices on demand in US dollars, of us-east-1 unless the label names another region.
//!
//! A region without a price of its own here is priced as us-east-1; what leaves a region is in [`super::transfer`].
//! Prices name gigabytes; they are taken for GiB.
use super::fact::{Fact, facts};

/// When the prices were read; the source of each says its own date.
pub const AS_OF: &str = "2024-07 to 2026-09";

const TABLE: &str = "Third-party table of on-demand prices in us-east-1 (2026-09), and infracost @ 95ba4f4";
const FEED: &str = "Third-party note on Aurora and RDS that read AWS's price feed (2026-09-11)";
const FEED_AND_TESTS: &str = "AWS's price feed of 2026-09-11 in a third-party note, and infracost @ 95ba4f4";
const BACKUP_TESTS: &str = "infracost @ 95ba4f4, db_instance_test.golden (2026-05)";
const RECORD_TESTS: &str = "infracost @ 95ba4f4, route53_record_test.golden (2024-07)";
const CHECK_TESTS: &str = "infracost @ 95ba4f4, route53_health_check_test.golden (2024-07)";
const TABLE_TESTS: &str = "infracost @ 95ba4f4, dynamodb_table_test.golden (2024-11)";
const CACHE_TESTS: &str = "infracost @ 95ba4f4, backup prices of ElastiCache (2024-07)";
const DSQL: &str = "Amazon Aurora pricing page, on Aurora DSQL, as quoted by practitioners (2026)";
const DSQL_WORK: &str = "Not published. Remembered is that 100,000 DPU are about 700,000 transactions of TPC-C, which read and \
    write some 47 rows each";
const OBJECTS: &str = "Remembered of the price list of Amazon S3, without a date";
const BATCH: &str = "Third-party guide to S3's prices that read AWS's price list of 2026-09-28 (2026-10-03)";
const LIKE_AURORA: &str = "No price of DocumentDB was read: that of Aurora PostgreSQL (2026-09-11)";
const OWN_SIZE: &str = "Our choice: the size of the imagined application, not a limit of AWS";

facts! { "prices";
    MONTH = 730.0 Count, Computed, "365 days of 24 hours over 12, as price calculators count",
        "Hours in a month";
    SERVER = 0.096 UsdPerHour, Documented, TABLE,
        "A server: m6i.large, Linux";
    BALANCER = 0.0225 UsdPerHour, Documented, TABLE,
        "An application load balancer";
    BALANCER_UNIT = 0.008 UsdPerHour, Documented, TABLE,
        "A capacity unit of an application load balancer";
    BALANCER_UNIT_CARRIES = 1.0 Count, Memory,
        "Remembered of the price list of Elastic Load Balancing, without a date",
        "GiB that a capacity unit of a balancer carries in an hour";
    NAT_GATEWAY = 0.045 UsdPerHour, Documented, TABLE,
        "A NAT gateway, without what goes through it";
    NAT_GATEWAYS = 2.0 Count, Assumption, "Our choice, as in the example that the notes work out",
        "NAT gateways of a region in which servers run";
    DATABASE = 0.45 UsdPerHour, Secondary, FEED,
        "RDS PostgreSQL db.r6g.large with a standby in another zone";
    DATABASE_IRELAND = 0.504 UsdPerHour, Secondary, FEED,
        "RDS PostgreSQL db.r6g.large with a standby in another zone, in eu-west-1";
    DATABASE_LONDON = 0.529 UsdPerHour, Secondary, FEED,
        "RDS PostgreSQL db.r6g.large with a standby in another zone, in eu-west-2";
    DATABASE_SINGLE = 0.225 UsdPerHour, Secondary, FEED,
        "RDS PostgreSQL db.r6g.large without standby";
    DATABASE_SINGLE_IRELAND = 0.252 UsdPerHour, Secondary, FEED,
        "RDS PostgreSQL db.r6g.large without standby, in eu-west-1";
    DATABASE_SINGLE_LONDON = 0.264 UsdPerHour, Secondary, FEED,
        "RDS PostgreSQL db.r6g.large without standby, in eu-west-2";
    DATABASE_SINGLE_STORAGE = 0.115 UsdPerGibMonth, Documented, TABLE,
        "gp3 storage of RDS without standby";
    DATABASE_STORAGE = 0.23 UsdPerGibMonth, Documented, TABLE,
        "gp3 storage of RDS with a standby in another zone";
    DATABASE_BACKUP = 0.095 UsdPerGibMonth, Documented, BACKUP_TESTS,
        "Snapshots of RDS";
    AURORA = 0.26 UsdPerHour, Secondary, FEED,
        "An instance of Aurora PostgreSQL, db.r6g.large";
    AURORA_IRELAND = 0.286 UsdPerHour, Secondary, FEED,
        "An instance of Aurora PostgreSQL, db.r6g.large, in eu-west-1";
    AURORA_LONDON = 0.304 UsdPerHour, Secondary, FEED,
        "An instance of Aurora PostgreSQL, db.r6g.large, in eu-west-2";
    AURORA_STORAGE = 0.1 UsdPerGibMonth, Documented, FEED_AND_TESTS,
        "Storage of Aurora";
    AURORA_REQUESTS = 0.2 UsdPerMillion, Documented, FEED_AND_TESTS,
        "Reads and writes of Aurora's storage";
    AURORA_REPLICATED = 0.2 UsdPerMillion, Secondary, FEED,
        "Writes that an Aurora global database replicates, without the transfer";
    AURORA_BACKUP = 0.021 UsdPerGibMonth, Documented, FEED_AND_TESTS,
        "Snapshots of Aurora";
    STORAGE_READS = 0.1 Share, Assumption, OWN_SIZE,
        "Reads of Aurora or DocumentDB that go to storage; the others are answered from memory";
    DOCUMENT = 0.26 UsdPerHour, Assumption, LIKE_AURORA,
        "An instance of DocumentDB";
    DOCUMENT_STORAGE = 0.1 UsdPerGibMonth, Assumption, LIKE_AURORA,
        "Storage of DocumentDB";
    DOCUMENT_REQUESTS = 0.2 UsdPerMillion, Assumption, LIKE_AURORA,
        "Reads and writes of DocumentDB's storage, and writes that it replicates";
    DOCUMENT_BACKUP = 0.021 UsdPerGibMonth, Assumption, LIKE_AURORA,
        "Snapshots of DocumentDB";
    CACHE = 0.225 UsdPerHour, Assumption,
        "No price of ElastiCache was read: that of RDS db.r6g.large without a standby (2026-09-11)",
        "A node of ElastiCache";
    CACHE_HOLDS = 13.0 Count, Memory, "Remembered of cache.r6g.large, which has 13.07 GiB",
        "GiB that a node of ElastiCache holds";
    CAPACITY_UNIT = 0.12 UsdPerHour, Secondary, FEED,
        "A capacity unit of Aurora Serverless v2";
    ITEM_CACHE = 0.269 UsdPerHour, Secondary,
        "A glossary of AWS services, article on DAX, read 2026-11-28; for every region alike",
        "A node of DynamoDB Accelerator, dax.r5.large";
    ITEM_CACHE_NODES = 3.0 Count, Documented,
        "Amazon DynamoDB Developer Guide, DAX.consistency, read 2026-11-28: at least three nodes, in several zones",
        "Nodes of an item cache in a region";
    CACHE_BACKUP = 0.085 UsdPerGibMonth, Documented, CACHE_TESTS,
        "Snapshots of ElastiCache";
    TABLE_WRITES = 0.625 UsdPerMillion, Documented, TABLE_TESTS,
        "Write units of DynamoDB on demand, those of replicated writes too";
    TABLE_READS = 0.125 UsdPerMillion, Documented, TABLE_TESTS,
        "Read units of DynamoDB on demand";
    TABLE_WRITE_COVERS = 1.0 Count, Memory, "Remembered of the Amazon DynamoDB Developer Guide, without a date",
        "KiB of an item that a write unit covers";
    TABLE_READ_COVERS = 4.0 Count, Memory, "Remembered of the Amazon DynamoDB Developer Guide, without a date",
        "KiB of an item that a read unit covers, strongly consistent";
    TABLE_READ_EVENTUAL = 0.5 Share, Memory, "Remembered of the Amazon DynamoDB Developer Guide, without a date",
        "Of a read unit that an eventually consistent read takes";
    TABLE_STORAGE = 0.25 UsdPerGibMonth, Documented, TABLE_TESTS,
        "Storage of DynamoDB";
    TABLE_LOG = 0.2 UsdPerGibMonth, Documented, TABLE_TESTS,
        "Point-in-time recovery of DynamoDB, for each GiB of the table";
    TABLE_BACKUP = 0.1 UsdPerGibMonth, Documented, TABLE_TESTS,
        "Backups of DynamoDB";
    DSQL_UNIT = 8.0 UsdPerMillion, Secondary, DSQL,
        "Units of work (DPU) of Aurora DSQL";
    DSQL_ROWS = 330.0 Count, Assumption, DSQL_WORK,
        "Rows that are read or written for a unit of work (DPU) of Aurora DSQL";
    DSQL_STORAGE = 0.33 UsdPerGibMonth, Secondary, DSQL,
        "Storage of Aurora DSQL, in each region that serves";
    DSQL_BACKUP = 0.1 UsdPerGibMonth, Assumption, "No price was read: that of DynamoDB (2024-11)",
        "Backups of Aurora DSQL";
    OBJECT_STORAGE = 0.023 UsdPerGibMonth, Documented, TABLE,
        "S3 Standard";
    OBJECT_BACKUP = 0.023 UsdPerGibMonth, Assumption,
        "No price of S3 in AWS Backup was read: that of S3 Standard (2026-09)",
        "Backups of S3";
    OBJECT_WRITES = 5.0 UsdPerMillion, Memory, OBJECTS,
        "Objects written to S3 Standard, by clients or by replication";
    OBJECT_READS = 0.4 UsdPerMillion, Memory, OBJECTS,
        "Objects read from S3 Standard";
    OBJECT_TIMED = 0.015 UsdPerGib, Memory, OBJECTS,
        "What S3 replicates with Replication Time Control";
    BATCH_JOB = 0.25 Usd, Secondary, BATCH,
        "A job of S3 Batch Operations";
    BATCH_OBJECTS = 1.0 UsdPerMillion, Secondary, BATCH,
        "Objects that a job of S3 Batch Operations works on";
    FAST_RESTORE = 0.75 UsdPerHour, Documented, TABLE,
        "A snapshot that is prepared for fast restores in one zone";
    ARCHIVE_FLEXIBLE = 0.0036 UsdPerGibMonth, Documented, TABLE,
        "S3 Glacier Flexible Retrieval";
    ARCHIVE_DEEP = 0.00099 UsdPerGibMonth, Documented, TABLE,
        "S3 Glacier Deep Archive";
    IMAGE = 0.05 UsdPerGibMonth, Documented, TABLE,
        "Snapshots of EBS, which machine images are made of";
    IMAGE_SIZE = 20.0 Count, Assumption, OWN_SIZE,
        "GiB of a machine image";
    QUEUE_CALLS = 0.4 UsdPerMillion, Documented, "infracost @ 95ba4f4, sqs_queue_test.golden (2024-07)",
        "Calls to a standard queue of SQS, ten messages at most in each";
    QUEUE_CALLS_FIFO = 0.5 UsdPerMillion, Documented, "infracost @ 95ba4f4, sqs_queue_test.golden (2024-07)",
        "Calls to a FIFO queue of SQS, ten messages at most in each";
    PUBLISHES = 0.5 UsdPerMillion, Documented, "infracost @ 16e91f1, sns_topic_test.golden (2026)",
        "Messages that a topic of SNS accepts, above the first million; delivering them to queues of SQS costs nothing more";
    TRANSFER_NEAR = 0.01 UsdPerGib, Documented,
        "infracost @ 95ba4f4, data_transfer_test.golden (2024-09-25)",
        "What is sent between us-east-1 and us-east-2";
    ZONE = 0.5 UsdPerMonth, Documented, RECORD_TESTS,
        "A hosted zone of Route 53";
    QUERIES = 0.4 UsdPerMillion, Documented, RECORD_TESTS,
        "Queries to Route 53, failover and weighted records";
    QUERIES_LATENCY = 0.6 UsdPerMillion, Documented, RECORD_TESTS,
        "Queries to Route 53, records by latency";
    QUERIES_PLACE = 0.7 UsdPerMillion, Documented, RECORD_TESTS,
        "Queries to Route 53, records by geolocation";
    CHECK = 0.5 UsdPerMonth, Documented, CHECK_TESTS,
        "A health check of Route 53 of an endpoint in AWS";
    CHECK_OPTION = 1.0 UsdPerMonth, Documented, CHECK_TESTS,
        "An option of such a check; the fast interval is one";
}

/// An RDS database with its standby, in a region.
pub fn database(region: &str) -> Fact {
    match region {
        "eu-west-1" => DATABASE_IRELAND,
        "eu-west-2" => DATABASE_LONDON,
        _ => DATABASE,
    }
}

/// An RDS database without standby, in a region.
pub fn single(region: &str) -> Fact {
    match region {
        "eu-west-1" => DATABASE_SINGLE_IRELAND,
        "eu-west-2" => DATABASE_SINGLE_LONDON,
        _ => DATABASE_SINGLE,
    }
}

/// An instance of Aurora, in a region.
pub fn aurora(region: &str) -> Fact {
    match region {
        "eu-west-1" => AURORA_IRELAND,
        "eu-west-2" => AURORA_LONDON,
        _ => AURORA,
    }
}
