//! The scenarios that the page can begin with, by name, made without reading a file.

use crate::model::scenario::{Scenario, Strategy, WritePattern};
use crate::model::{Engine, Region};

/// A scenario that is there to show who may write where, or how many regions there can be.
pub struct Named {
    /// Its name: "write-local".
    pub name: &'static str,
    title: &'static str,
    /// The engine that it runs on.
    pub engine: Engine,
    /// Who may write where.
    pub pattern: WritePattern,
    /// Regions with their servers, in place of those that the strategy and the engine begin with; none: those.
    regions: &'static [(&'static str, u32)],
}

/// The scenarios about write patterns, and the largest; the strategies have one each besides.
pub const NAMED: [Named; 5] = [
    Named {
        name: "write-global",
        title: "Read local, write global",
        engine: Engine::AuroraGlobal,
        pattern: WritePattern::WriteGlobal,
        regions: &[],
    },
    Named {
        name: "write-partitioned",
        title: "Read local, write partitioned",
        engine: Engine::DynamodbGlobal,
        pattern: WritePattern::WritePartitioned,
        regions: &[],
    },
    Named {
        name: "write-local",
        title: "Read local, write local",
        engine: Engine::DynamodbGlobal,
        pattern: WritePattern::WriteLocal,
        regions: &[],
    },
    Named {
        name: "write-local-quorum",
        title: "Read local, write local, agreed by two of three",
        engine: Engine::DynamodbStrong,
        pattern: WritePattern::WriteLocal,
        regions: &[],
    },
    Named {
        name: "six-regions",
        title: "Six regions on five continents",
        engine: Engine::DynamodbGlobal,
        pattern: WritePattern::WriteLocal,
        regions: &[
            ("us-east-1", 6),
            ("eu-west-1", 6),
            ("ap-south-1", 3),
            ("sa-east-1", 3),
            ("ap-northeast-1", 3),
            ("ap-southeast-2", 3),
        ],
    },
];

impl Named {
    /// The scenario, the same as the built-in file of this name.
    pub fn scenario(&self) -> Scenario {
        let mut scenario = Scenario::design(Strategy::MultiSite, self.engine);
        (scenario.name, scenario.title) = (self.name.into(), self.title.into());
        scenario.write_pattern = self.pattern;
        if !self.regions.is_empty() {
            scenario.regions =
                self.regions.iter().map(|(code, servers)| Region::named(code, *servers)).collect();
        }
        scenario
    }
}

/// The scenario with a name: a strategy's, or one about write patterns.
pub fn scenario(name: &str) -> Option<Scenario> {
    let strategy = Strategy::ALL.into_iter().find(|strategy| strategy.slug() == name);
    let named = || NAMED.iter().find(|named| named.name == name).map(Named::scenario);
    strategy.map(Scenario::of).or_else(named)
}

/// Every name, with commas.
pub fn names() -> String {
    let strategies = Strategy::ALL.map(Strategy::slug);
    let names: Vec<_> = strategies.into_iter().chain(NAMED.iter().map(|named| named.name)).collect();
    names.join(", ")
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::model::{builtin, builtins};

    #[test]
    fn each_is_the_built_in_file_of_its_name() {
        for (name, _) in builtins() {
            assert_eq!(scenario(name), builtin(name), "{name}");
            assert!(names().contains(name));
        }
    }
}
