//! Backups: when they are made, where they are copied, how long they are kept, and what getting one back takes.

use serde::{Deserialize, Serialize};

use crate::catalog::backup;
use crate::kernel::kinds::kinds;

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

/// The backup plan of the database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Backup {
    /// The database carries the tag by which the plan finds what it protects. Where it was left out nothing is backed up.
    pub tagged: bool,
    /// Time from one snapshot to the next, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 60, max = 604_800)))]
    pub interval_s: f64,
    /// A snapshot begins at a random moment of this window after its time, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 86_400)))]
    pub window_s: f64,
    /// How long a snapshot is kept, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 60, max = 3_024_000)))]
    pub retention_s: f64,
    /// How fast a snapshot takes in what has changed, in MiB per second. An assumption.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100_000)))]
    pub snapshot_mib_per_s: f64,
    /// How much of the data changes in a day, in GiB: it is what an incremental snapshot holds. An assumption.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100_000)))]
    pub change_gib_per_day: f64,
    /// Snapshots are copied to a vault in the recovery region.
    pub copies: bool,
    /// Least time of a copy, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 172_800)))]
    pub copy_min_s: f64,
    /// How fast a copy is made, in MiB per second.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.1, max = 100_000)))]
    pub copy_mib_per_s: f64,
    /// Share of copies that fail and are made again (0 to 1).
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 0.99)))]
    pub copy_failures: f64,
    /// The vaults are locked: whoever holds the account's keys cannot delete what is in them.
    pub locked: bool,
    /// Storage class of the copies.
    pub storage_class: StorageClass,
    /// The log is kept too, so that the region's own backups can be restored to any moment that it covers.
    pub point_in_time: bool,
    /// Time between two uploads of the log, in seconds: the latest moment that can be restored is up to this old.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 3600)))]
    pub log_interval_s: f64,
    /// The log is copied to the recovery region too.
    pub log_copies: bool,
    /// Least time until a restored database is there, in seconds. An assumption.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 86_400)))]
    pub restore_min_s: f64,
    /// Most likely time until a restored database is there, in seconds. An assumption.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 86_400)))]
    pub restore_typical_s: f64,
    /// Most time until a restored database is there, in seconds. An assumption.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 86_400)))]
    pub restore_max_s: f64,
    /// How fast blocks of a restored volume are loaded, in MiB per second. Until a block is there, reading it waits.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100_000)))]
    pub load_mib_per_s: f64,
    /// What one real request reads that has to be loaded first, in MiB. An assumption.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1024)))]
    pub load_block_mib: f64,
}

impl Default for Backup {
    fn default() -> Self {
        Self {
            tagged: true,
            interval_s: backup::INTERVAL.value,
            window_s: backup::WINDOW.value,
            retention_s: backup::RETENTION.value,
            snapshot_mib_per_s: backup::SNAPSHOT_RATE.value,
            change_gib_per_day: 5.0,
            copies: true,
            copy_min_s: backup::COPY_MIN.value,
            copy_mib_per_s: backup::COPY_RATE.value,
            copy_failures: 0.0,
            locked: true,
            storage_class: StorageClass::Standard,
            point_in_time: true,
            log_interval_s: backup::LOG_INTERVAL.value,
            log_copies: false,
            restore_min_s: backup::RESTORE_MIN.value,
            restore_typical_s: backup::RESTORE_TYPICAL.value,
            restore_max_s: backup::RESTORE_MAX.value,
            load_mib_per_s: backup::LOAD_RATE.value,
            load_block_mib: backup::LOAD_BLOCK.value,
        }
    }
}
