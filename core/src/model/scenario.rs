//! What a run starts from: a scenario, as data with a default for everything.
//!
//! Spans of time are numbers with their unit in the name (`interval_s`, `access_ms`), so that a file can be read
//! without this code. Defaults that are numbers of the real world are facts of the catalog, named where each type has
//! its `Default`; plain numbers there are sizes of an imagined application, and assumptions.

use super::{
    Backup, Balancer, Business, Clients, Database, Dns, FaultSettings, Network, Recovery, Region,
    RoutingPolicy, ScriptLine, Servers,
};
use crate::kernel::kinds::kinds;
use serde::{Deserialize, Serialize};

kinds! {
    /// How a workload comes back after a disaster.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Strategy {
        /// Nothing runs in the recovery region: backups are copied there, and everything else is made when it is needed.
        BackupRestore = "backup-restore",
        /// The data follows in the recovery region and the network is there; servers are switched off.
        PilotLight = "pilot-light",
        /// A smaller copy of everything runs in the recovery region and follows the primary's data.
        WarmStandby = "warm-standby",
        /// Every region serves the clients near it.
        MultiSite = "multi-site",
    }
}

impl Strategy {
    /// A copy of the data follows in the recovery region.
    pub const fn follows(self) -> bool {
        self.rules().follows
    }
}

kinds! {
    /// Who may write where.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum WritePattern {
        /// Reads are answered in the region that got them; one region takes all writes and the others forward them.
        WriteGlobal = "write-global",
        /// Reads are answered in the region that got them; every user, and every key, has a home region that takes the writes.
        WritePartitioned = "write-partitioned",
        /// Every region takes the writes of its own clients, and the copies exchange them.
        WriteLocal = "write-local",
    }
}

/// Everything that a run starts from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Scenario {
    /// A short name for files and commands: small letters, digits and hyphens.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 60)))]
    pub name: String,
    /// What a person reads.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 80)))]
    pub title: String,
    /// The recovery strategy.
    pub strategy: Strategy,
    /// The write pattern.
    pub write_pattern: WritePattern,
    /// The seed of all chance, where the one who runs it names no other.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 4_294_967_295u32)))]
    pub seed: u32,
    /// How long the run can last, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 60, max = 172_800)))]
    pub horizon_s: f64,
    /// How many real requests one simulated request stands for; load and capacity count the real ones.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10_000)))]
    pub weight: u32,
    /// How many times coarser than `weight` the traffic is simulated, for runs of many hours: one simulated request then
    /// stands for so many times more, and keeps a server's slot so many times as long, so that load and slots stay the
    /// same and only times to answer do not.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 20)))]
    pub grain: u32,
    /// The regions: the first is the primary, the second the recovery region. More than two need an engine that takes
    /// writes everywhere, or backup-restore.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 6)))]
    pub regions: Vec<Region>,
    /// The people who use it.
    pub clients: Clients,
    /// Distances and chance on the wires.
    pub network: Network,
    /// Route 53.
    pub dns: Dns,
    /// The load balancer of each region.
    pub balancer: Balancer,
    /// The servers of each region.
    pub servers: Servers,
    /// The database.
    pub database: Database,
    /// Backups.
    pub backup: Backup,
    /// The runbook.
    pub recovery: Recovery,
    /// What an outage costs the business.
    pub business: Business,
    /// What faults do when they are injected.
    pub faults: FaultSettings,
    /// Orders with times: the same that a person can give by hand.
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub script: Vec<ScriptLine>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            name: "warm-standby".into(),
            title: "Warm standby in Ireland".into(),
            strategy: Strategy::WarmStandby,
            write_pattern: WritePattern::WriteGlobal,
            seed: 11,
            horizon_s: 7200.0,
            weight: 2,
            grain: 1,
            regions: vec![Region::named("us-east-1", 6), Region::named("eu-west-1", 2)],
            clients: Clients::default(),
            network: Network::default(),
            dns: Dns::default(),
            balancer: Balancer::default(),
            servers: Servers::default(),
            database: Database::default(),
            backup: Backup::default(),
            recovery: Recovery::default(),
            business: Business::default(),
            faults: FaultSettings::default(),
            script: Vec::new(),
        }
    }
}

impl Scenario {
    /// Why a write pattern makes no sense with the strategy and the engine; `None` where it does.
    pub fn why_not(&self, pattern: WritePattern) -> Option<String> {
        if pattern == WritePattern::WriteGlobal {
            return None;
        }
        let (engine, word) = (self.database.engine, self.strategy.slug());
        let to_one_region = self.dns.policy == RoutingPolicy::Failover;
        if !self.strategy.rules().follows {
            Some("with backup-restore one region works".into())
        } else if !engine.writes_everywhere() {
            Some(format!("{} takes writes in one region only", engine.rules().service))
        } else if pattern == WritePattern::WritePartitioned && !self.strategy.rules().serves {
            Some(format!(
                "with {word} no servers run in the second region, where users could have their home"
            ))
        } else if pattern == WritePattern::WritePartitioned && to_one_region {
            Some(
                "with the failover policy all clients come to one region, and none is at home elsewhere"
                    .into(),
            )
        } else {
            None
        }
    }
}
