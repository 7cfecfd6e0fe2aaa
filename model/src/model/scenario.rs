//! What a run starts from: a scenario, as data with a default for everything.
//!
//! Spans of time are numbers with their unit in the name (`interval_s`, `access_ms`), so that a file can be read
//! without this code. Each setting is a row of its type ([`Field`](crate::model::field::Field)). Defaults that are numbers
//! of the real world are facts of the catalog; plain numbers are sizes of an imagined application, and assumptions.

use super::{
    Backup, Balancer, Business, Clients, Controller, Database, Dns, FaultSettings, Monitoring, Network,
    PlacementRule, Recovery, Region, Rollout, RoutingPolicy, RunbookText, ScriptLine, Servers, WriteQueue,
};
use crate::kernel::kinds::kinds;
use crate::model::setting::Setting;
use crate::model::table::settings;
use crate::model::unit::{Count, Span};

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

impl Setting for Strategy {}
impl Setting for WritePattern {}

settings! {
    /// Everything that a run starts from.
    pub struct Scenario {
        /// A short name for files and commands: small letters, digits and hyphens.
        name: String = "warm-standby", length 1..=60;
        /// What a person reads.
        title: String = "Warm standby in Ireland", length 1..=80;
        /// The recovery strategy.
        strategy: Strategy = Strategy::WarmStandby;
        /// The write pattern.
        write_pattern: WritePattern = WritePattern::WriteGlobal;
        /// The seed of all chance, unless another is given when it is run.
        seed: Count = 11, in 0..=4_294_967_295u32, "seed";
        /// How long the run can last, in seconds.
        horizon_s: Span = 7200.0, in 60..=172_800, "the run lasts";
        /// How many real requests one simulated request stands for; load and capacity count the real ones.
        weight: Count = 1, in 1..=10_000, "one request stands for";
        /// How many times coarser than `weight` the traffic is simulated, for runs of many hours: one simulated request then
        /// stands for so many times more, and keeps a server's slot so many times as long, so that load and slots stay the
        /// same and only times to answer do not.
        grain: Count = 1, in 1..=20, "traffic is coarser by";
        /// The regions: the first is the primary, the second the recovery region; the others stand by too, or serve too if
        /// the strategy is multi-site. The engine says how many may have a copy.
        regions: Vec<Region> = vec![Region::named("us-east-1", 6), Region::named("eu-west-1", 2)], length 1..=6;
        /// Laws about where data may be held: what would break one is refused by its name.
        placement: Vec<PlacementRule> = Vec::new(), length ..=20;
        /// The people who use it.
        clients: Clients = Clients::default();
        /// Distances and chance on the wires.
        network: Network = Network::default();
        /// Route 53.
        dns: Dns = Dns::default();
        /// The load balancer of each region.
        balancer: Balancer = Balancer::default();
        /// The servers of each region.
        servers: Servers = Servers::default();
        /// A queue in front of the database's writes.
        write_queue: WriteQueue = WriteQueue::default();
        /// The database.
        database: Database = Database::default();
        /// A failover controller of the database.
        controller: Controller = Controller::default();
        /// Backups.
        backup: Backup = Backup::default();
        /// The runbook.
        recovery: Recovery = Recovery::default();
        /// How releases are brought out.
        rollout: Rollout = Rollout::default();
        /// Monitoring.
        operations: Monitoring = Monitoring::default();
        /// Runbooks of its own, beside or instead of the built-in ones.
        runbooks: Vec<RunbookText> = Vec::new(), length ..=20;
        /// What an outage costs the business.
        business: Business = Business::default();
        /// What faults do when they are injected.
        faults: FaultSettings = FaultSettings::default();
        /// Orders with times: the same that a person can give by hand.
        script: Vec<ScriptLine> = Vec::new(), length ..=200;
    }
}

impl Scenario {
    /// Whether a failover controller watches the database: then one region takes the writes.
    pub const fn has_controller(&self) -> bool {
        !self.controller.nodes.is_empty()
    }

    /// Why a write pattern makes no sense with the strategy and the engine; `None` if it does.
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
        } else if self.has_controller() {
            Some("with a failover controller one region takes the writes".into())
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
