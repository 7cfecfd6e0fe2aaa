//! Numbers of a scenario that a page offers to change where their effect is drawn, by their paths.
//!
//! [`Scenario::with`] can change any number, by way of JSON and its schema; here is the short way for these few.

use crate::model::scenario::Scenario;
use crate::model::{Backup, Database, Problem, Recovery};

/// A number, wherever it stands.
enum Slot<'a> {
    Span(&'a mut f64),
    Count(&'a mut u32),
}

const DAY_S: f64 = 86_400.0;
const HOUR_S: f64 = 3600.0;

/// A number with at most one digit behind the point: the page has no room for the code that writes any number.
fn plain(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    if tenths % 10 == 0 {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, (tenths % 10).abs())
    }
}

impl Scenario {
    /// Changes numbers: paths and values.
    ///
    /// # Errors
    /// The first place or value that cannot be; the scenario is then as it was for those before it.
    pub fn tune(&mut self, values: &[(String, f64)]) -> Result<(), Problem> {
        for (place, value) in values {
            let Some((slot, least, most)) = self.slot(place) else {
                return Err(Problem::new(
                    place,
                    "a place",
                    "the path of a number that a step of the recovery shows",
                ));
            };
            let whole = matches!(slot, Slot::Count(_));
            if !(least..=most).contains(value) || (whole && value.fract() != 0.0) {
                let kind = if whole { "a whole number" } else { "a number" };
                let allowed = format!("{kind} from {} to {}", plain(least), plain(most));
                return Err(Problem::new(place, plain(*value), allowed));
            }
            match slot {
                Slot::Span(number) => *number = *value,
                Slot::Count(number) => *number = *value as u32,
            }
        }
        Ok(())
    }

    /// The number at a path, and the least and the most that it may be, given the rest.
    pub fn number(&mut self, place: &str) -> Option<(f64, f64, f64)> {
        self.slot(place).map(|(slot, least, most)| match slot {
            Slot::Span(number) => (*number, least, most),
            Slot::Count(number) => (f64::from(*number), least, most),
        })
    }

    /// The number at a path, and what it may be from and to, given the rest.
    fn slot(&mut self, place: &str) -> Option<Limited<'_>> {
        let (part, name) = place.split_once('.')?;
        match part {
            "recovery" => recovery(&mut self.recovery, f64::from(self.servers.most), name),
            "backup" => backup(&mut self.backup, name),
            "database" => database(&mut self.database, name),
            "dns" => match name {
                "interval_s" => span(&mut self.dns.interval_s, 1.0, 300.0),
                "failure_threshold" => count(&mut self.dns.failure_threshold, 1.0, 10.0),
                "ttl_s" => span(&mut self.dns.ttl_s, 0.0, 2.0 * DAY_S),
                "change_s" => span(&mut self.dns.change_s, 0.0, 600.0),
                _ => None,
            },
            "servers" => match name {
                "boot_min_s" => span(&mut self.servers.boot_min_s, 0.0, HOUR_S),
                "boot_max_s" => span(&mut self.servers.boot_max_s, 0.0, HOUR_S),
                _ => None,
            },
            "clients" if name == "extension_factor" => span(&mut self.clients.extension_factor, 1.0, 1000.0),
            "business" => match name {
                "outage_usd_per_h" => span(&mut self.business.outage_usd_per_h, 0.0, 1e9),
                "lost_write_usd" => span(&mut self.business.lost_write_usd, 0.0, 1e6),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A number with what it may be from and to.
type Limited<'a> = (Slot<'a>, f64, f64);

fn span(number: &mut f64, least: f64, most: f64) -> Option<Limited<'_>> {
    Some((Slot::Span(number), least, most))
}

fn count(number: &mut u32, least: f64, most: f64) -> Option<Limited<'_>> {
    Some((Slot::Count(number), least, most))
}

fn recovery<'a>(it: &'a mut Recovery, most: f64, name: &str) -> Option<Limited<'a>> {
    let restart_s = it.promote_restart_s.max(1.0);
    match name {
        "servers" => count(&mut it.servers, 1.0, most),
        "alarm_s" => span(&mut it.alarm_s, 10.0, DAY_S),
        "page_s" => span(&mut it.page_s, 0.0, DAY_S),
        "triage_s" => span(&mut it.triage_s, 0.0, DAY_S),
        "decide_s" => span(&mut it.decide_s, 0.0, DAY_S),
        "hesitation_s" => span(&mut it.hesitation_s, 0.0, DAY_S),
        "fence_min_s" => span(&mut it.fence_min_s, 0.0, HOUR_S),
        "fence_max_s" => span(&mut it.fence_max_s, 0.0, HOUR_S),
        "rehome_s" => span(&mut it.rehome_s, 0.0, DAY_S),
        "promote_min_s" => span(&mut it.promote_min_s, restart_s, DAY_S),
        "promote_typical_s" => span(&mut it.promote_typical_s, restart_s, DAY_S),
        "promote_max_s" => span(&mut it.promote_max_s, restart_s, DAY_S),
        "validate_min_s" => span(&mut it.validate_min_s, 0.0, HOUR_S),
        "validate_max_s" => span(&mut it.validate_max_s, 0.0, HOUR_S),
        "switchover_s" => span(&mut it.switchover_s, 1.0, HOUR_S),
        "network_min_s" => span(&mut it.network_min_s, 0.0, DAY_S),
        "network_max_s" => span(&mut it.network_max_s, 0.0, DAY_S),
        "deploy_s" => span(&mut it.deploy_s, 0.0, DAY_S),
        _ => None,
    }
}

fn backup<'a>(it: &'a mut Backup, name: &str) -> Option<Limited<'a>> {
    match name {
        "copy_min_s" => span(&mut it.copy_min_s, 0.0, 2.0 * DAY_S),
        "restore_min_s" => span(&mut it.restore_min_s, 1.0, DAY_S),
        "restore_typical_s" => span(&mut it.restore_typical_s, 1.0, DAY_S),
        "restore_max_s" => span(&mut it.restore_max_s, 1.0, DAY_S),
        "load_mib_per_s" => span(&mut it.load_mib_per_s, 1.0, 100_000.0),
        "interval_s" => {
            let (least, most) = (it.window_s.max(60.0), it.retention_s.min(7.0 * DAY_S));
            span(&mut it.interval_s, least, most)
        }
        _ => None,
    }
}

fn database<'a>(it: &'a mut Database, name: &str) -> Option<Limited<'a>> {
    match name {
        "size_gib" => span(&mut it.size_gib, 0.0, 100_000.0),
        "copy_mib_per_s" => span(&mut it.copy_mib_per_s, 1.0, 10_000.0),
        "restart_s" => span(&mut it.restart_s, 0.0, HOUR_S),
        "zone_failover_min_s" => span(&mut it.zone_failover_min_s, 1.0, HOUR_S),
        "zone_failover_max_s" => span(&mut it.zone_failover_max_s, 1.0, HOUR_S),
        _ => None,
    }
}
