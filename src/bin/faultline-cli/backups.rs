//! Backups for people, where something is wrong with them.

use faultline::run::report::BackupReport;
use std::collections::BTreeMap;

use crate::figures::{count, heading, line, span};

/// Backups of which something is wrong: some are empty, or the next is overdue.
pub(crate) fn backups(text: &mut String, backups: &[BackupReport]) {
    for backup in backups.iter().filter(|backup| backup.empty > 0 || backup.overdue) {
        heading(text, &format!("Backups in {}", backup.region));
        let good = backup.newest_good_s.map_or("none".into(), span);
        line(text, format_args!("  {:<21}{:>14}", "whole snapshots", count(backup.snapshots)));
        line(text, format_args!("  {:<21}{:>14}", "of these, empty", count(backup.empty)));
        line(text, format_args!("  {:<21}{:>14}", "newest, age", span(backup.newest_s)));
        line(text, format_args!("  {:<21}{good:>14}", "newest good, age"));
    }
}

/// Objects that the rule of replication does not copy, where any is missing.
pub(crate) fn not_copied(text: &mut String, regions: &BTreeMap<String, u64>) {
    for (region, keys) in regions {
        heading(text, &format!("Not copied by the rule: {} keys not in {region}", count(*keys)));
    }
}
