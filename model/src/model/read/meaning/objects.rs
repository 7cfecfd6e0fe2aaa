//! Objects that follow one by one, and tables with a cache in front: what is said of them means something for no other engine.

use super::Finder;
use crate::model::engine::Spread;

impl Finder<'_> {
    /// Only a table has an item cache. Only objects can be older than the rule of their replication, or wait to be sent one by one.
    pub(super) fn objects(&mut self) {
        let database = &self.scenario.database;
        if *database.item_cache_s > 0.0 && !database.engine.rules().item_cache {
            let allowed = format!("0: {} has no item cache", database.engine.rules().service);
            self.say("database.item_cache_s", &["database.engine"], *database.item_cache_s, allowed);
        }
        if matches!(database.engine.rules().spread, Spread::OneByOne { .. }) {
            return;
        }
        let service = database.engine.rules().service;
        let said = [
            ("database.old_objects", *database.old_objects),
            ("database.objects_per_s", *database.objects_per_s),
            ("database.replication_fails", *database.replication_fails),
        ];
        for (place, value) in said.into_iter().filter(|(_, value)| *value > 0.0) {
            let allowed = format!("0: {service} does not replicate object by object");
            self.say(place, &["database.engine"], value, allowed);
        }
        if database.one_way {
            let allowed = format!("false: {service} does not replicate object by object");
            self.say("database.one_way", &["database.engine"], true, allowed);
        }
    }
}
