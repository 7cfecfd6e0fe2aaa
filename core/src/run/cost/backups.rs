//! What backups cost: snapshots and their copies, the log, and snapshots that are kept prepared.

use super::{Bill, HOURS, KIB_IN_GIB, MONTH_S};
use crate::catalog::prices;
use crate::kernel::id::RegionId;
use crate::model::StorageClass;
use crate::model::price::Prices;
use crate::system::snapshot::prepare_s;

impl Bill<'_> {
    /// The plan protects the first database that may hold everything; the log itself is paid for if DynamoDB keeps it.
    pub(super) fn backups(&mut self) {
        let (backup, database) = (&self.scenario.backup, &self.scenario.database);
        if !backup.tagged {
            return;
        }
        let Prices { backup: price, log, .. } = *database.prices();
        let alone = self.regions.len() == 1;
        let keeper = self.placement.keeper(self.blueprint);
        let primary = if alone { self.blueprint.primary() } else { keeper };
        let stored = self.snapshots_gib();
        self.add("snapshots", Some(primary), stored, price);
        self.prepared(primary);
        if let Some(log) = log.filter(|_| backup.point_in_time) {
            self.add("point-in-time recovery", Some(primary), *database.size_gib, log);
        }
        let vault = self.placement.vault_of(self.blueprint, primary).filter(|_| !alone);
        if vault.is_none() {
            return;
        }
        if backup.copies {
            let archive = match backup.storage_class {
                StorageClass::Standard => price,
                StorageClass::FlexibleExpedited
                | StorageClass::FlexibleStandard
                | StorageClass::FlexibleBulk => prices::ARCHIVE_FLEXIBLE,
                StorageClass::DeepStandard | StorageClass::DeepBulk => prices::ARCHIVE_DEEP,
            };
            self.add("snapshot copies", vault, stored, archive);
            vault.into_iter().for_each(|vault| self.prepared(vault));
            let copied = backup.change_gib_per_day * HOURS / 24.0;
            self.add("transfer of snapshots", Some(primary), copied, self.between(primary));
        }
        if backup.point_in_time && backup.log_copies {
            let log = self.traffic.writes[primary] * self.write_kib() / KIB_IN_GIB;
            self.add("log copies", vault, log * backup.retention_s / MONTH_S, price);
            self.add("transfer of the log", Some(primary), log, self.between(primary));
        }
    }

    /// In each zone of an instance the newest snapshot is prepared for fast restores, and those that are being prepared (by Little's
    /// law, how long that takes over the time between two) are paid for as well.
    fn prepared(&mut self, region: RegionId) {
        let (settings, database) = (&self.scenario.backup, &self.scenario.database);
        if settings.fast_restore {
            let snapshots = 1.0 + prepare_s(self.scenario) / *settings.interval_s;
            let zones = 1.0 + f64::from(database.inside.standbys());
            self.add("fast snapshot restore", Some(region), snapshots * zones * HOURS, prices::FAST_RESTORE);
        }
    }

    /// What the snapshots of one vault take up, in GiB: one whole, the others what had changed.
    fn snapshots_gib(&self) -> f64 {
        let (backup, size_gib) = (&self.scenario.backup, self.scenario.database.size_gib);
        let kept = (backup.retention_s / backup.interval_s).floor().max(1.0);
        let changed = (backup.change_gib_per_day * backup.interval_s / 86_400.0).min(*size_gib);
        size_gib + (kept - 1.0) * changed
    }
}
