//! What a database is inside its regions: what its engine offers, and what a cluster cannot do.

use super::Finder;
use crate::model::inside::Inside;
use crate::model::problem::{any_of, field, item};
use crate::model::scenario::Scenario;

/// Why a system cannot have a cluster: which setting else decides that, and the reason; `None` if it can.
///
/// Source: Amazon RDS User Guide, "Limitations of Multi-AZ DB clusters": no cross-Region automated backups, and no copies of its
/// snapshots. Amazon RDS API Reference, `CreateDBInstanceReadReplica`, `SourceDBClusterIdentifier`: a read replica of a cluster
/// is in the cluster's own Region, cross-Region replication is not supported (both read 2026-11).
fn why_no_cluster(scenario: &Scenario) -> Option<(&'static str, String)> {
    let Scenario { strategy, backup, .. } = scenario;
    if strategy.rules().follows {
        let reason =
            format!("with {} copies follow, and a cluster has no replica elsewhere", strategy.slug());
        Some(("strategy", reason))
    } else if backup.copies {
        Some(("backup.copies", "snapshots of a cluster cannot be copied, as backup.copies says".into()))
    } else if backup.log_copies {
        let reason = "a cluster has no automated backups elsewhere, as backup.log_copies says";
        Some(("backup.log_copies", reason.into()))
    } else {
        None
    }
}

impl Finder<'_> {
    /// What it is inside a region is what its engine offers, and goes with the rest.
    pub(super) fn inside(&mut self) {
        let Scenario { database, regions, .. } = self.scenario;
        let (place, inside, engine) = ("database.inside", database.inside, database.engine);
        let offered: Vec<Inside> = engine.forms().iter().map(|form| form.inside).collect();
        if !offered.contains(&inside) {
            let words: Vec<&str> = offered.iter().map(|form| form.slug()).collect();
            let allowed = format!("{}, as {} has it", any_of(&words), engine.rules().service);
            self.say(place, &["database.engine"], inside.slug(), allowed);
            return;
        }
        if *database.reader_reads > 0.0 && !inside.has_readers() {
            let allowed = format!("0: what is {} has no reader", inside.slug());
            self.say("database.reader_reads", &[place], *database.reader_reads, allowed);
        }
        if *database.acu_max > 0.0 && !engine.rules().serverless {
            let allowed = format!("0: {} has no capacity range of ours", engine.rules().service);
            self.say("database.acu_max", &["database.engine"], *database.acu_max, allowed);
        } else if *database.acu_max > 0.0 && *database.acu_min > *database.acu_max {
            let allowed = format!("at most database.acu_max, {}", *database.acu_max);
            self.say("database.acu_min", &["database.acu_max"], *database.acu_min, allowed);
        }
        if database.first_tier_zone > 0 && inside != Inside::TwoReaders {
            let allowed = format!("0: with {} nobody is chosen by a tier", inside.slug());
            self.say("database.first_tier_zone", &[place], database.first_tier_zone, allowed);
        }
        let why = (inside == Inside::Cluster).then(|| why_no_cluster(self.scenario)).flatten();
        if let Some((setting, why)) = why {
            let others = offered.iter().filter(|form| **form != Inside::Cluster);
            let words: Vec<&str> = others.map(|form| form.slug()).collect();
            self.say(
                place,
                &[setting, "database.engine"],
                inside.slug(),
                format!("{}: {why}", any_of(&words)),
            );
        }
        for (index, region) in regions.iter().enumerate() {
            let least = inside.least_zones();
            if region.zones < least {
                let allowed =
                    format!("at least {least}: each instance of a {} is in a zone of its own", inside.slug());
                let here = field(&item("regions", index), "zones");
                self.say(&here, &[place, "database.engine"], region.zones, allowed);
            }
        }
    }
}
