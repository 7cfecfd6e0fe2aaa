//! Facts about backups: how they are made and copied, and how long it takes to get one back.
use super::fact::facts;

const TIMED_COPIES: &str =
    "Amazon EBS User Guide, time-based copies: at least 15 min, and the size over 500 MiB/s";
const RETRIEVAL: &str = "Amazon S3 User Guide, restoring-objects-retrieval-options (2023-06-15)";
const OWN_PLAN: &str = "Our choice: AWS Backup runs plans from every hour on";
const INITIALIZE: &str = "Amazon EC2 User Guide, ebs-initialize (2023-06-15): 100 to 300 can be chosen";
const RESTORE: &str =
    "The Amazon RDS User Guide says only that a restored instance is there before its blocks are";
const FILL: &str = "AWS re:Post, aurora-mysql-snapshot-restore-options (read 2026-11): filled from S3 before it is there, hardly longer if larger";
const TABLE: &str = "The Amazon DynamoDB Developer Guide says only that 95 of 100 restores take less than an hour (CreateBackup, 2023-06-15)";
const PREPARED: &str = "Amazon EC2 User Guide, ebs-fast-snapshot-restore (2023-06-15)";
const CLASSES: &str = "Amazon S3 User Guide, storage-class-intro (2023-06-15): minimum storage duration";
const AUTOMATED: &str =
    "Amazon RDS User Guide, USER_WorkingWithAutomatedBackups (read 2026-11); Amazon Aurora has the same";
const LOG: &str = "Amazon RDS User Guide, USER_PIT (2023-06-15)";

facts! { "backup";
    INTERVAL = 14400.0 Seconds, Assumption, OWN_PLAN,
        "Time from one snapshot to the next";
    WINDOW = 600.0 Seconds, Assumption, OWN_PLAN,
        "Window in which a snapshot begins";
    RETENTION = 604800.0 Seconds, Assumption, "Our choice; Amazon RDS keeps backups for 1 to 35 days",
        "How long a snapshot is kept";
    SNAPSHOT_RATE = 100.0 MebibytesPerSecond, Assumption, "AWS publishes no number",
        "Rate at which a snapshot takes in what has changed";
    COPY_MIN = 900.0 Seconds, Documented, TIMED_COPIES,
        "Shortest time that can be chosen for a copy of a snapshot to another region";
    COPY_RATE = 500.0 MebibytesPerSecond, Documented, TIMED_COPIES,
        "Rate at which a snapshot is copied to another region, with a time chosen";
    LOG_INTERVAL = 300.0 Seconds, Documented, LOG,
        "Time between two uploads of the transaction log";
    RESTORE_MIN = 600.0 Seconds, Assumption, RESTORE,
        "Shortest plausible time until a database restored from a snapshot is there";
    RESTORE_TYPICAL = 1800.0 Seconds, Assumption, RESTORE,
        "Usual time until a database restored from a snapshot is there";
    RESTORE_MAX = 3600.0 Seconds, Assumption, RESTORE,
        "Longest plausible time until a database restored from a snapshot is there";
    FILL_MIN = 600.0 Seconds, Assumption, FILL,
        "Shortest plausible time until an Aurora cluster restored from a snapshot is there";
    FILL_TYPICAL = 1200.0 Seconds, Assumption, FILL,
        "Usual time until an Aurora cluster restored from a snapshot is there";
    FILL_MAX = 2400.0 Seconds, Assumption, FILL,
        "Longest plausible time until an Aurora cluster restored from a snapshot is there";
    TABLE_MIN = 300.0 Seconds, Assumption, TABLE,
        "Shortest plausible time until a restored DynamoDB table is active";
    TABLE_TYPICAL = 1200.0 Seconds, Assumption, TABLE,
        "Usual time until a restored DynamoDB table is active";
    TABLE_MAX = 4400.0 Seconds, Computed,
        "So that 95 of 100 restores of a table end within an hour: Amazon DynamoDB Developer Guide, CreateBackup (2023-06-15)",
        "Longest plausible time until a restored DynamoDB table is active";
    LOAD_RATE = 100.0 MebibytesPerSecond, Documented, INITIALIZE,
        "Rate at which the blocks of a restored volume are loaded";
    LOAD_BLOCK = 0.5 Mebibytes, Assumption, "One block of a snapshot, 512 KiB; AWS does not say what a read loads",
        "What a read of a restored volume loads that is not there yet";
    LOAD_PLACES = 3.0 Count, Assumption, "A leaf of an index, the row, and one row that it refers to: what all share is there soon",
        "Blocks at random places that a request reads, one after the other";
    LOAD_WAIT = 100.0 Milliseconds, Secondary,
        "Notes on Amazon S3's performance design patterns: 100 to 200 ms to the first byte; below 512 KB the median is tens of ms",
        "Wait for a block of a restored volume that is still in S3";
    CACHE_WAIT = 2.0 Milliseconds, Assumption, "No latency of Aurora's storage is published",
        "Wait for a page of an Aurora volume that is not in the instance's cache";
    PREPARE = 3600.0 Seconds, Documented, PREPARED,
        "Time to prepare a TiB of a snapshot for fast restores";
    EXPEDITED_MIN = 60.0 Seconds, Documented, RETRIEVAL,
        "Shortest expedited retrieval from Glacier Flexible Retrieval";
    EXPEDITED_MAX = 300.0 Seconds, Documented, RETRIEVAL,
        "Longest expedited retrieval from Glacier Flexible Retrieval";
    FLEXIBLE_MIN = 10800.0 Seconds, Documented, RETRIEVAL,
        "Shortest standard retrieval from Glacier Flexible Retrieval";
    FLEXIBLE_MAX = 18000.0 Seconds, Documented, RETRIEVAL,
        "Longest standard retrieval from Glacier Flexible Retrieval";
    BULK_MIN = 18000.0 Seconds, Documented, RETRIEVAL,
        "Shortest bulk retrieval from Glacier Flexible Retrieval";
    BULK_MAX = 43200.0 Seconds, Documented, RETRIEVAL,
        "Longest bulk retrieval from Glacier Flexible Retrieval";
    DEEP_MAX = 43200.0 Seconds, Documented, RETRIEVAL,
        "Longest standard retrieval from Glacier Deep Archive";
    DEEP_BULK_MAX = 172800.0 Seconds, Documented, RETRIEVAL,
        "Longest bulk retrieval from Glacier Deep Archive";
    FLEXIBLE_LEAST = 7776000.0 Seconds, Documented, CLASSES,
        "Least time that an object in Glacier Flexible Retrieval is paid for (90 days)";
    DEEP_LEAST = 15552000.0 Seconds, Documented, CLASSES,
        "Least time that an object in Glacier Deep Archive is paid for (180 days)";
    SERVICE_EVERY = 86400.0 Seconds, Documented, AUTOMATED,
        "Time between two automated backups that a database service takes of its own accord";
    SERVICE_KEEPS = 3024000.0 Seconds, Documented, AUTOMATED,
        "Longest time that a database service keeps its automated backups (35 days)";
}
