//! Quorums: how many regions agree, which go together, which may be the witness, and how they are read.

use super::Finder;
use crate::catalog;
use crate::model::engine::{QuorumReads, Witness};
use crate::model::problem::{field, item};
use crate::model::scenario::Scenario;
use crate::model::{QUORUM_REGIONS, Rule};

impl Finder<'_> {
    pub(super) fn quorum(&mut self) {
        let Scenario { database, regions, .. } = self.scenario;
        let rules = database.engine.rules();
        let agrees = database.conflict == Rule::Quorum;
        if agrees && regions.len() != QUORUM_REGIONS {
            let allowed = format!("exactly three regions, so that two of them can agree: {}", rules.service);
            self.tell("regions", &["database.engine"], format!("a list of {}", regions.len()), allowed);
        }
        self.region_set();
        self.witness();
        let share = database.strongly_consistent_reads;
        if *share < 1.0 && !(agrees && rules.reads == QuorumReads::Compared) {
            let allowed = if agrees {
                format!("1: every read of {} is strongly consistent, and local", rules.service)
            } else {
                format!("1: {} does not let a read choose", rules.service)
            };
            self.say("database.strongly_consistent_reads", &["database.engine"], *share, allowed);
        }
    }

    /// Some engines go only over regions of one set.
    fn region_set(&mut self) {
        let Scenario { database, regions, .. } = self.scenario;
        let rules = database.engine.rules();
        let codes = || regions.iter().map(|region| region.code.as_str());
        let within = |set: &&[&str]| codes().all(|code| set.contains(&code));
        let known = codes().all(|code| catalog::region_index(code).is_some());
        let right = known && regions.len() == QUORUM_REGIONS;
        if right && !rules.region_sets.is_empty() && !rules.region_sets.iter().any(within) {
            let sets: Vec<String> = rules.region_sets.iter().map(|set| set.join(", ")).collect();
            let allowed = format!("regions of one set of {}: {}", rules.service, sets.join("; or "));
            let found = codes().collect::<Vec<&str>>().join(", ");
            self.tell("regions", &["database.engine"], found, allowed);
        }
    }

    /// Which region may be a witness, and that nothing stands there.
    fn witness(&mut self) {
        let Scenario { database, regions, .. } = self.scenario;
        let (rules, count) = (database.engine.rules(), regions.len());
        let service = rules.service;
        let witnesses: Vec<usize> = (0..count).filter(|index| regions[*index].witness).collect();
        let wrong = match (rules.witness, &witnesses[..]) {
            (Witness::Never, [first, ..]) => Some((*first, format!("false: {service} has no witness"))),
            (Witness::Possible | Witness::Always, [0, ..]) => {
                Some((0, "false: the first region serves; a witness comes after it".into()))
            }
            (Witness::Possible | Witness::Always, [_, second, ..]) => {
                Some((*second, format!("false: {service} has one witness at most")))
            }
            (Witness::Possible | Witness::Always, [_]) | (Witness::Never | Witness::Possible, []) => None,
            // With another number of regions that is what is wrong.
            (Witness::Always, []) if count != QUORUM_REGIONS => None,
            (Witness::Always, []) => {
                let allowed = format!("two that serve and one with \"witness\": true: {service}");
                self.tell("regions", &["database.engine"], format!("{count} that serve"), allowed);
                None
            }
        };
        if let Some((index, allowed)) = wrong {
            let place = field(&item("regions", index), "witness");
            self.say(&place, &["database.engine", "regions"], true, allowed);
        }
        for index in witnesses {
            let servers = regions[index].servers;
            if servers > 0 {
                let place = field(&item("regions", index), "servers");
                self.say(&place, &["regions"], servers, "0: a witness has no servers");
            }
        }
    }
}
