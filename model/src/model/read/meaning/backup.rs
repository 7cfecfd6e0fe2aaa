//! Backups: what makes them goes with the engine, and what is kept cold with what can be kept cold.

use super::Finder;
use crate::catalog::backup as facts;
use crate::model::inside::Inside;
use crate::model::{MadeBy, StorageClass};

/// For how long S3 bills for an archived object at least, however soon it is deleted, in seconds.
const fn least_s(class: StorageClass) -> f64 {
    match class {
        StorageClass::Standard => 0.0,
        StorageClass::FlexibleExpedited | StorageClass::FlexibleStandard | StorageClass::FlexibleBulk => {
            facts::FLEXIBLE_LEAST.value
        }
        StorageClass::DeepStandard | StorageClass::DeepBulk => facts::DEEP_LEAST.value,
    }
}

impl Finder<'_> {
    /// What makes the backups, how long they are kept, and where, can be had together.
    pub(super) fn backup(&mut self) {
        let (backup, database) = (&self.scenario.backup, &self.scenario.database);
        let rules = database.engine.rules();
        let service = rules.service;
        let kept_s = *backup.retention_s;
        let (maker, word) = ("backup.made_by", backup.made_by.slug());
        match backup.made_by {
            MadeBy::Plan => {}
            MadeBy::Service if !rules.backs_up_daily => {
                let allowed =
                    format!("\"plan\": {service} takes no automated backups that go with an instance");
                self.say(maker, &["database.engine"], word, allowed);
            }
            MadeBy::Service => {
                if (*backup.interval_s - facts::SERVICE_EVERY.value).abs() > 0.5 {
                    let allowed =
                        format!("{}, as the service takes one backup a day", facts::SERVICE_EVERY.value);
                    self.say("backup.interval_s", &[maker], *backup.interval_s, allowed);
                }
                if kept_s > facts::SERVICE_KEEPS.value {
                    let most = facts::SERVICE_KEEPS.value;
                    let allowed = format!("at most {most}: the service keeps backups for 35 days");
                    self.say("backup.retention_s", &[maker], kept_s, allowed);
                }
            }
            MadeBy::LifecycleManager if !rules.own_volumes => {
                let allowed = format!("\"plan\": Data Lifecycle Manager backs up volumes, and no {service}");
                self.say(maker, &["database.engine"], word, allowed);
            }
            MadeBy::LifecycleManager => {}
        }
        let cluster = database.inside == Inside::Cluster;
        if backup.retained && (backup.made_by != MadeBy::Service || cluster) {
            let allowed =
                "false, but for the automated backups (backup.made_by \"service\") of what is no cluster";
            self.say("backup.retained", &[maker, "database.inside"], true, allowed);
        }
        if backup.other_account && !backup.copies {
            let allowed = "false, as no copies are made (backup.copies)";
            self.say("backup.other_account", &["backup.copies"], true, allowed);
        }
        if backup.fast_restore && !rules.own_volumes {
            let allowed = format!(
                "false: fast snapshot restore is for EBS volumes of one's own, and not for {service}"
            );
            self.say("backup.fast_restore", &["database.engine"], true, allowed);
        }
        let (place, class) = ("backup.storage_class", backup.storage_class);
        if class != StorageClass::Standard && !rules.archived {
            let allowed =
                format!("\"standard\": AWS Backup has no cold storage for {service} whose retrieval we know");
            self.say(place, &["database.engine"], class.slug(), allowed);
        } else if kept_s < least_s(class) {
            let allowed = format!("at least {}: what is archived is paid for that long", least_s(class));
            self.say("backup.retention_s", &[place], kept_s, allowed);
        }
    }
}
