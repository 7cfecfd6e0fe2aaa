//! Backups: when they are made, where they are copied, how long they are kept, and what getting one back takes.

use crate::catalog::backup;
use crate::kernel::kinds::kinds;
use crate::model::setting::Setting;
use crate::model::table::settings;
use crate::model::unit::{Count, GibPerDay, Mib, Millis, Share, Span, Throughput};

kinds! {
    /// How copies in the recovery region's vault are stored; those in the region itself are always at hand.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum StorageClass {
        /// At hand at once.
        Standard = "standard",
        /// S3 Glacier Flexible Retrieval, expedited: 1 to 5 minutes.
        FlexibleExpedited = "flexible-expedited",
        /// S3 Glacier Flexible Retrieval, standard: 3 to 5 hours.
        FlexibleStandard = "flexible-standard",
        /// S3 Glacier Flexible Retrieval, bulk: 5 to 12 hours.
        FlexibleBulk = "flexible-bulk",
        /// S3 Glacier Deep Archive, standard: within 12 hours.
        DeepStandard = "deep-standard",
        /// S3 Glacier Deep Archive, bulk: within 48 hours.
        DeepBulk = "deep-bulk",
    }
}

impl StorageClass {
    /// Least and most time until an archived backup can be read, in seconds. Sources are with the facts.
    pub const fn retrieval_s(self) -> (f64, f64) {
        match self {
            Self::Standard => (0.0, 0.0),
            Self::FlexibleExpedited => (backup::EXPEDITED_MIN.value, backup::EXPEDITED_MAX.value),
            Self::FlexibleStandard => (backup::FLEXIBLE_MIN.value, backup::FLEXIBLE_MAX.value),
            Self::FlexibleBulk => (backup::BULK_MIN.value, backup::BULK_MAX.value),
            Self::DeepStandard => (backup::DEEP_MAX.value / 2.0, backup::DEEP_MAX.value),
            Self::DeepBulk => (backup::DEEP_BULK_MAX.value / 2.0, backup::DEEP_BULK_MAX.value),
        }
    }
}

impl Setting for StorageClass {}

kinds! {
    /// What makes the snapshots: it decides what else goes if the database's instance is deleted.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum MadeBy {
        /// A plan of AWS Backup, or a scheduled job of one's own: snapshots stay when the instance is deleted.
        Plan = "plan",
        /// The automated backups of the database service, one a day: they are deleted with their instance unless
        /// `backup.retained` says otherwise.
        Service = "service",
        /// Amazon Data Lifecycle Manager: snapshots of the volumes under a database of one's own.
        LifecycleManager = "lifecycle-manager",
    }
}

impl Setting for MadeBy {}

settings! {
    /// The backup plan of the database.
    pub struct Backup {
        /// The database carries the tag by which the plan finds what it protects. If it was left out nothing is backed up.
        tagged: bool = true;
        /// Time from one snapshot to the next, in seconds.
        interval_s: Span = backup::INTERVAL, in 60..=604_800, "a copy every", shapes [Restore];
        /// A snapshot begins at a random moment of this window after its time, in seconds.
        window_s: Span = backup::WINDOW, in 0..=86_400, "window in which a copy begins";
        /// How long a snapshot is kept, in seconds.
        retention_s: Span = backup::RETENTION, in 60..=315_360_000, "copies are kept for";
        /// How fast a snapshot takes in what has changed, in MiB per second. An assumption.
        snapshot_mib_per_s: Throughput = backup::SNAPSHOT_RATE, in 1..=100_000, "a snapshot takes in";
        /// How much of the data changes in a day, in GiB: it is what an incremental snapshot holds. An assumption.
        change_gib_per_day: GibPerDay = 5.0, in 0..=100_000, "data that changes";
        /// Snapshots are copied to a vault in the recovery region.
        copies: bool = true;
        /// Least time of a copy, in seconds.
        copy_min_s: Span = backup::COPY_MIN, in 0..=172_800, "least time of a copy", spans [CopyImage];
        /// How fast a copy is made, in MiB per second.
        copy_mib_per_s: Throughput = backup::COPY_RATE, in 0.1..=100_000, "backups are copied at";
        /// Share of copies that fail and are made again (0 to 1).
        copy_failures: Share = 0.0, in 0..=0.99, "copies that fail";
        /// What makes the snapshots.
        made_by: MadeBy = MadeBy::Plan;
        /// The service's automated backups are kept when their instance is deleted, for as long as they would have been.
        retained: bool = false;
        /// Copies go to a vault in another account, which nobody can reach with the keys of the first.
        other_account: bool = false;
        /// Copies are encrypted with another key, so that each is a copy of the whole and none of what has changed.
        other_key: bool = false;
        /// Each snapshot is restored for a test when it is whole. One that is empty is found then, and not when it is needed.
        tested: bool = false;
        /// For so long before the start no snapshot was made, in seconds, and nobody has noticed: nor is any made in the run.
        failed_for_s: Span = 0.0, in 0..=31_536_000, "no snapshot was made for";
        /// For so long before the start snapshots have been empty, in seconds, and nobody has noticed: nor is any good in the run.
        empty_for_s: Span = 0.0, in 0..=31_536_000, "snapshots have been empty for";
        /// The vaults are locked: even with the account's keys nobody can delete what is in them.
        locked: bool = true;
        /// Storage class of the copies.
        storage_class: StorageClass = StorageClass::Standard;
        /// The log is kept too, so that the region's own backups can be restored to any moment that it covers.
        point_in_time: bool = true;
        /// Time between two uploads of the log, in seconds: the latest moment that can be restored is up to this old.
        log_interval_s: Span = backup::LOG_INTERVAL, in 1..=3600, "time between uploads of the log";
        /// The log is copied to the recovery region too.
        log_copies: bool = false;
        /// Least time until a restored database is there, in seconds. An assumption.
        restore_min_s: Span = backup::RESTORE_MIN, in 1..=86_400, "a restore takes at least", spans [Restore];
        /// Most likely time until a restored database is there, in seconds. An assumption.
        restore_typical_s: Span = backup::RESTORE_TYPICAL, in 1..=86_400, "a restore mostly takes", spans [Restore];
        /// Most time until a restored database is there, in seconds. An assumption.
        restore_max_s: Span = backup::RESTORE_MAX, in 1..=86_400, "a restore takes at most", spans [Restore];
        /// How fast blocks of a restored volume are loaded, in MiB per second, if the engine is there before they are.
        load_mib_per_s: Throughput = backup::LOAD_RATE, in 1..=100_000, "blocks are loaded at", shapes [LoadBlocks];
        /// Size of a block that has to be loaded before it can be read, in MiB. An assumption.
        load_block_mib: Mib = backup::LOAD_BLOCK, in 0..=1024, "a block loads";
        /// How many blocks at random places a request reads, one after the other. An assumption.
        load_places: Count = backup::LOAD_PLACES, in 0..=32, "blocks that a request reads";
        /// How long a request waits for each of them that is still in S3, in milliseconds.
        load_wait_ms: Millis = backup::LOAD_WAIT, in 0..=10_000, "wait for a block in S3";
        /// Snapshots of one's own volumes are prepared for fast restores: one that has been prepared brings all of its blocks.
        fast_restore: bool = false;
    }
}
