//! The blueprint: which parts stand in which region at the start, and which send commits to which, as data. It follows from
//! the strategy and the engine. Machines and operations ask it, and never which strategy it was made from.

use crate::kernel::id::RegionId;
use crate::kernel::region_map::RegionMap;
use crate::model::engine::Writers;
use crate::model::scenario::Scenario;

/// What a region is for at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RegionRole {
    /// Its database takes all writes.
    Primary,
    /// Its copy follows the primary's and can be promoted; network, balancer and record are there.
    Standby,
    /// It takes writes, and exchanges them with the other sites.
    Site,
    /// It votes in a quorum and keeps what it voted for; nothing else is there, and nobody is served.
    Witness,
    /// It has templates, and copies of backups if they are made; nothing else.
    #[default]
    Cold,
}

/// The parts of a system at the start of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blueprint {
    regions: u8,
    primary: RegionId,
    roles: RegionMap<RegionRole>,
    /// Sites send to each other only from the first.
    one_way: bool,
}

impl Blueprint {
    /// The blueprint of a scenario: the region that it names first is the primary. Nowhere else has an index a meaning.
    pub fn of(scenario: &Scenario) -> Self {
        let (regions, primary) = (scenario.regions.len() as u8, RegionId::FIRST);
        let follows = scenario.strategy.rules().follows;
        let every = scenario.database.engine.rules().writers == Writers::Every && !scenario.has_controller();
        let roles = RegionMap::from_fn(|region| match region {
            _ if region.0 >= regions => RegionRole::Cold,
            _ if scenario.regions[region.index()].witness => RegionRole::Witness,
            _ if follows && every => RegionRole::Site,
            _ if region == primary => RegionRole::Primary,
            _ if follows => RegionRole::Standby,
            _ => RegionRole::Cold,
        });
        Self { regions, primary, roles, one_way: scenario.database.one_way }
    }

    /// What a region is for at the start.
    pub fn role(&self, region: RegionId) -> RegionRole {
        self.roles[region]
    }

    /// The region that has the work of all at the start; of several sites, the one whose database is backed up.
    pub const fn primary(&self) -> RegionId {
        self.primary
    }

    /// The regions in the order in which work goes to them: the primary, then the others as the scenario names them. None goes to
    /// a witness.
    pub fn order(&self) -> impl Iterator<Item = RegionId> + Clone + use<> {
        let (regions, primary, roles) = (self.regions, self.primary, self.roles);
        let works = move |region: &RegionId| *region != primary && roles[*region] != RegionRole::Witness;
        std::iter::once(primary).chain((0..regions).map(RegionId).filter(works))
    }

    /// The region that the work of another goes to first, and the copies of its backups; `None` if there is no other.
    pub fn other_than(&self, region: RegionId) -> Option<RegionId> {
        self.order().find(|other| *other != region)
    }

    /// The recovery region: where the primary's work goes first, and the copies of its backups; `None` if it is alone.
    pub fn recovery(&self) -> Option<RegionId> {
        self.other_than(self.primary)
    }

    /// Whether network, balancer, record and a copy of the data are there from the start.
    pub fn is_built(&self, region: RegionId) -> bool {
        !matches!(self.roles[region], RegionRole::Cold | RegionRole::Witness)
    }

    /// Whether it is a quorum's witness.
    pub fn is_witness(&self, region: RegionId) -> bool {
        self.roles[region] == RegionRole::Witness
    }

    /// Whether other regions have a copy of the data from the start, so that a failover promotes one of them. If not, it
    /// makes everything there from a backup, and a failback takes that down again.
    pub fn copies_follow(&self) -> bool {
        self.streams().next().is_some()
    }

    /// Whether every copy takes writes.
    #[inline]
    pub fn writes_everywhere(&self) -> bool {
        self.roles[self.primary] == RegionRole::Site
    }

    /// Replication streams, from and to: sites to each other, or the first to the others; the primary to every standby.
    pub fn streams(&self) -> impl Iterator<Item = (RegionId, RegionId)> + '_ {
        let regions = || (0..self.regions).map(RegionId);
        let pairs = regions().flat_map(move |from| regions().map(move |to| (from, to)));
        pairs.filter(|(from, to)| {
            let sends = match self.roles[*to] {
                RegionRole::Site => {
                    self.roles[*from] == RegionRole::Site && (!self.one_way || *from == self.primary)
                }
                RegionRole::Standby => *from == self.primary,
                RegionRole::Primary | RegionRole::Witness | RegionRole::Cold => false,
            };
            sends && from != to
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Engine, Region, Strategy};

    fn blueprint(strategy: Strategy, engine: Engine, regions: usize) -> Blueprint {
        let mut scenario = Scenario::design(strategy, engine);
        scenario.regions = (0..regions).map(|_| Region::named("us-east-1", 1)).collect();
        Blueprint::of(&scenario)
    }

    #[test]
    fn sites_send_to_each_other_and_a_primary_to_its_standbys() {
        let sites = blueprint(Strategy::MultiSite, Engine::DynamodbGlobal, 6);
        assert!(sites.writes_everywhere());
        assert_eq!(sites.streams().count(), 30);
        let standbys = blueprint(Strategy::WarmStandby, Engine::AuroraGlobal, 4);
        assert!(standbys.streams().all(|(from, to)| from == standbys.primary() && from != to));
        assert_eq!(standbys.streams().count(), 3);
        let cold = blueprint(Strategy::BackupRestore, Engine::Rds, 3);
        assert_eq!(cold.streams().count(), 0);
        assert!(sites.copies_follow() && standbys.copies_follow() && !cold.copies_follow());
        assert_eq!(cold.order().filter(|region| cold.is_built(*region)).count(), 1);
    }

    #[test]
    fn work_goes_to_the_primary_and_else_down_the_list() {
        let blueprint = blueprint(Strategy::MultiSite, Engine::DynamodbGlobal, 4);
        assert_eq!(blueprint.order().map(|region| region.0).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!(blueprint.other_than(RegionId(0)), Some(RegionId(1)));
        assert_eq!(blueprint.other_than(RegionId(3)), Some(RegionId(0)));
        assert_eq!(
            super::tests::blueprint(Strategy::BackupRestore, Engine::Rds, 1).other_than(RegionId(0)),
            None
        );
    }

    #[test]
    fn a_witness_votes_and_no_work_and_no_stream_goes_to_it() {
        let witnessed = Blueprint::of(&Scenario::design(Strategy::MultiSite, Engine::AuroraDsql));
        let witness = RegionId(2);
        assert!(witnessed.is_witness(witness) && !witnessed.is_built(witness));
        assert_eq!(witnessed.order().map(|region| region.0).collect::<Vec<_>>(), [0, 1]);
        assert!(witnessed.streams().all(|(from, to)| from != witness && to != witness));
        assert_eq!(witnessed.streams().count(), 2);
    }
}
