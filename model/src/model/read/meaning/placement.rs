//! Placement rules of a scenario file: what they name, and whether the system keeps them from the start.

use super::{Finder, known_regions};
use crate::catalog::{self, Continent};
use crate::kernel::id::RegionId;
use crate::model::blueprint::Blueprint;
use crate::model::placement::Placement;
use crate::model::problem::{any_of, field, item, shortened};
use crate::model::scenario::Scenario;
use crate::model::settings::placement::PlacementRule;

/// What decides what stands where.
const BLUEPRINT: [&str; 5] = ["placement", "regions", "strategy", "database", "write_pattern"];

impl Finder<'_> {
    /// Everything that is wrong with placement rules; then everything in the system that would break one.
    pub(super) fn placement(&mut self) {
        let scenario = self.scenario;
        let mut sound = true;
        for (index, rule) in scenario.placement.iter().enumerate() {
            let before = self.problems.len();
            self.rule(&item("placement", index), rule);
            sound &= before == self.problems.len();
        }
        if sound && !scenario.placement.is_empty() {
            self.copies_and_homes();
            self.backups();
        }
    }

    /// What a rule names has to exist, and has to leave a place for the data.
    fn rule(&mut self, here: &str, rule: &PlacementRule) {
        let scenario = self.scenario;
        let at = |name: &str| field(here, name);
        if rule.law.trim().is_empty() {
            self.say(&at("law"), &[], rule.law.as_str(), "a name by which it can be told, such as GDPR");
        }
        let home = rule.partition.as_str();
        if !home.is_empty() && !scenario.has_partitions() {
            let allowed = "empty: without write_pattern \"write-partitioned\" no key has a home of its own, and a law \
                           binds all data";
            self.say(&at("partition"), &["strategy", "database", "write_pattern"], home, allowed);
        } else if !home.is_empty() && !scenario.regions.iter().any(|known| known.code == home) {
            let allowed = format!("empty, or the home of a partition, {}", scenario.own_regions());
            self.say(&at("partition"), &["regions"], home, allowed);
        }
        let (continent, regions) = (rule.continent.as_str(), &rule.regions);
        if continent.is_empty() == regions.is_empty() {
            let found = if continent.is_empty() { "neither a continent nor regions" } else { "both" };
            self.tell(here, &[], found.into(), "either a continent, or a list of regions");
            return;
        }
        if !continent.is_empty() && Continent::named(continent).is_none() {
            let names = any_of(&Continent::ALL.map(Continent::slug));
            self.say(&at("continent"), &[], continent, format!("a continent: {names}"));
            return;
        }
        for (place, code) in regions.iter().enumerate() {
            if catalog::region(code).is_none() {
                self.say(&item(&at("regions"), place), &[], code.as_str(), known_regions());
            }
        }
        let known = regions.iter().all(|code| catalog::region(code).is_some());
        if known && !scenario.regions.iter().any(|region| rule.lets(&region.code)) {
            let name = if continent.is_empty() { "regions" } else { "continent" };
            let allowed = format!(
                "what holds for at least one of the regions, or {} lets none hold the data",
                rule.law
            );
            let found = if continent.is_empty() { any_of(regions) } else { continent.into() };
            self.tell(&at(name), &["regions"], shortened(&found), allowed);
        }
    }

    /// Copies of all data, and homes of partitions, stand only where each rule lets them.
    fn copies_and_homes(&mut self) {
        let scenario = self.scenario;
        let blueprint = Blueprint::of(scenario);
        for (index, rule) in scenario.placement.iter().enumerate() {
            let says =
                |what: &str| format!("{}: {} ({}) {what}", words(rule), rule.law, item("placement", index));
            if !rule.partition.is_empty() {
                if !rule.lets(&rule.partition) {
                    let place = field(&item("placement", index), "partition");
                    self.say(
                        &place,
                        &BLUEPRINT,
                        rule.partition.as_str(),
                        says("binds what is at home there"),
                    );
                }
                continue;
            }
            let built = blueprint.order().filter(|region| blueprint.is_built(*region));
            for region in built.filter(|region| !rule.lets(code(scenario, *region))) {
                let place = field(&item("regions", region.index()), "code");
                let allowed = says("binds all data, and the region has a copy");
                self.say(&place, &BLUEPRINT, code(scenario, region), allowed);
            }
        }
    }

    /// A backup has all data: it is made, and copied, where every rule lets all of it be.
    fn backups(&mut self) {
        let scenario = self.scenario;
        let (backup, blueprint) = (&scenario.backup, Blueprint::of(scenario));
        let placement = Placement::of(scenario, &blueprint);
        let laws: Vec<String> = scenario.placement.iter().map(|rule| rule.law.clone()).collect();
        let also = [&BLUEPRINT[..], &["backup"]].concat();
        let built = |region: &RegionId| blueprint.is_built(*region);
        if backup.tagged && !blueprint.order().filter(built).any(|region| placement.may_hold_all(region)) {
            let allowed = format!(
                "false: a backup has all data, and no region may hold all, by {}",
                laws.join(" and ")
            );
            self.say("backup.tagged", &also, true, allowed);
            return;
        }
        let keeper = placement.keeper(&blueprint);
        let copied = backup.tagged && backup.copies && scenario.regions.len() > 1;
        if copied && placement.vault_of(&blueprint, keeper).is_none() {
            let place = code(scenario, keeper);
            let allowed = format!("false: by {} no region but {place} may hold a copy", laws.join(" and "));
            self.say("backup.copies", &also, true, allowed);
        }
    }
}

fn code(scenario: &Scenario, region: RegionId) -> &str {
    &scenario.regions[region.index()].code
}

/// What a rule lets: "a region in Europe", or "eu-west-1 or eu-central-1".
fn words(rule: &PlacementRule) -> String {
    if rule.continent.is_empty() { any_of(&rule.regions) } else { format!("a region in {}", rule.continent) }
}
