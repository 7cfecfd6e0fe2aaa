//! Defaults that depend on the strategy and the engine: what a file is silent about is filled in before it is read.

use serde_json::{Map, Value};

use crate::catalog::{self, dns};
use crate::model::engine::{Engine, Witness, Writers};
use crate::model::inside::Inside;
use crate::model::scenario::{Scenario, Strategy, WritePattern};
use crate::model::unit::{Rate, Span};
use crate::model::{Cutover, Database, Decider, Region, RoutingPolicy, Rule};

/// Fills in what follows from the strategy and the engine, unless the (checked) tree says otherwise.
pub(crate) fn fill(tree: &mut Value) {
    let strategy = tree["strategy"].as_str().and_then(Strategy::named);
    let engine = tree["database"]["engine"].as_str().and_then(Engine::named);
    let strategy = strategy.unwrap_or(Strategy::WarmStandby);
    let inside = tree["database"]["inside"].as_str().and_then(Inside::named);
    let mut design = Scenario::design(strategy, engine.unwrap_or(strategy.rules().engine));
    if let Some(inside) = inside {
        design.database.take_form(inside);
    }
    if tree["controller"]["nodes"].as_array().is_some_and(|nodes| !nodes.is_empty()) {
        design.let_one_write();
    }
    if design.database.conflict == Rule::Quorum
        && let Some(title) = title_of_quorum(tree)
    {
        design.title = title;
    }
    let (Some(given), Ok(Value::Object(silent))) = (tree.as_object_mut(), serde_json::to_value(design))
    else {
        return;
    };
    for (part, value) in silent {
        match (given.get_mut(&part), value) {
            (Some(Value::Object(given)), Value::Object(silent)) => complete(given, silent),
            (Some(_), _) => {}
            (None, value) => drop(given.insert(part, value)),
        }
    }
}

/// "Ohio, Virginia and Oregon agree", if the regions are given.
fn title_of_quorum(tree: &Value) -> Option<String> {
    let regions = || tree["regions"].as_array().into_iter().flatten();
    let place = |region: &Value| {
        let index = region["code"].as_str().and_then(catalog::region_index)?;
        Some(catalog::REGIONS[index].place())
    };
    let is_witness = |region: &&Value| region["witness"] == Value::Bool(true);
    let serving: Vec<&str> = regions().filter(|region| !is_witness(region)).filter_map(place).collect();
    let [first @ .., last] = &serving[..] else { return None };
    let agree = format!("{} and {last} agree", first.join(", "));
    let witness = regions().find(is_witness).and_then(place);
    let witnessed = witness.map(|witness| format!("{agree}, {witness} is the witness"));
    (!first.is_empty()).then(|| witnessed.unwrap_or(agree))
}

/// Adds fields that are missing. The inside of a field that is given is left alone.
fn complete(given: &mut Map<String, Value>, silent: Map<String, Value>) {
    for (field, value) in silent {
        given.entry(field).or_insert(value);
    }
}

/// A strategy as a value: what stands in the other regions, and the defaults that go with it.
pub struct StrategyRules {
    /// A copy of the data follows in the other regions, and network, balancer and record are there: the runbook promotes.
    /// If not, it makes everything from a backup.
    pub follows: bool,
    /// Servers run in the other regions from the start.
    pub serves: bool,
    engine: Engine,
    /// Servers in the second region by default.
    servers: u32,
    by_person: bool,
    /// Other defaults than everybody's.
    design: fn(&mut Scenario),
}

const BACKUP_RESTORE: StrategyRules = StrategyRules {
    follows: false,
    serves: false,
    engine: Engine::Rds,
    servers: 0,
    by_person: true,
    design: |scenario| {
        scenario.title = "Backup and restore in Ireland".into();
        scenario.horizon_s = Span(86_400.0);
        scenario.grain = 6;
        // Otherwise a record cannot be created while the region of the control plane is dark.
        scenario.dns.control_plane_moves_s = Some(dns::MOVED.into());
        scenario.recovery.cutover = Cutover::RecordChange;
        (scenario.recovery.objective_rto_s, scenario.recovery.objective_rpo_s) =
            (Span(86_400.0), Span(14_400.0));
    },
};

const PILOT_LIGHT: StrategyRules = StrategyRules {
    follows: true,
    design: |scenario| {
        scenario.title = "Pilot light in Ireland".into();
        scenario.horizon_s = Span(10_800.0);
        (scenario.recovery.objective_rto_s, scenario.recovery.objective_rpo_s) = (Span(3600.0), Span(60.0));
    },
    ..BACKUP_RESTORE
};

const WARM_STANDBY: StrategyRules =
    StrategyRules { serves: true, servers: 2, by_person: false, design: |_| {}, ..PILOT_LIGHT };

const MULTI_SITE: StrategyRules = StrategyRules {
    // Several sites want a database that takes writes everywhere.
    engine: Engine::DynamodbGlobal,
    servers: 6,
    design: |scenario| {
        scenario.title = "Virginia and Ireland both serve".into();
        scenario.dns.policy = RoutingPolicy::Latency;
        (scenario.recovery.objective_rto_s, scenario.recovery.objective_rpo_s) = (Span(300.0), Span(5.0));
    },
    ..WARM_STANDBY
};

impl StrategyRules {
    /// Whether an engine goes together with it: if nothing follows, there is nothing to write to in other regions.
    pub const fn suits(&self, engine: Engine) -> bool {
        self.follows || !engine.writes_everywhere()
    }
}

impl Strategy {
    /// Its values: everything about a strategy follows from these.
    pub const fn rules(self) -> &'static StrategyRules {
        match self {
            Self::BackupRestore => &BACKUP_RESTORE,
            Self::PilotLight => &PILOT_LIGHT,
            Self::WarmStandby => &WARM_STANDBY,
            Self::MultiSite => &MULTI_SITE,
        }
    }
}

impl Scenario {
    /// The scenario of a strategy with everything else by default.
    pub fn of(strategy: Strategy) -> Self {
        Self::design(strategy, strategy.rules().engine)
    }

    /// The scenario of a strategy on an engine, with everything else by default.
    pub fn design(strategy: Strategy, engine: Engine) -> Self {
        let mut scenario = Self { name: strategy.slug().into(), strategy, ..Self::default() };
        let rules = strategy.rules();
        (rules.design)(&mut scenario);
        scenario.regions = vec![Region::named("us-east-1", 6), Region::named("eu-west-1", rules.servers)];
        scenario.run_on(engine);
        if !rules.serves {
            // The engine's regions have copies, and no servers before a disaster.
            scenario.regions.iter_mut().skip(1).for_each(|region| region.servers = 0);
        }
        if rules.by_person || engine.rules().by_hand {
            scenario.recovery.decider = Decider::Person;
        }
        scenario
    }

    /// Takes over what an engine does by default.
    fn run_on(&mut self, engine: Engine) {
        let rules = engine.rules();
        self.database.engine = engine;
        (self.database.ship_interval_s, self.database.apply_per_s) =
            (Span(rules.ship_s), Rate(rules.apply_per_s));
        [self.backup.restore_min_s, self.backup.restore_typical_s, self.backup.restore_max_s] =
            rules.restore_s.map(Span);
        self.database.take_form(engine.forms()[0].inside);
        self.database.conflict = engine.conflict_rules()[0];
        if engine.conflict_rules().contains(&Rule::Quorum) {
            // A region set of the service: three regions that are near each other. Any two of them can carry everybody.
            self.title = "Ohio, Virginia and Oregon agree".into();
            // A retry that is done twice would stand over what others wrote in between.
            self.database.idempotent = true;
            self.regions = ["us-east-2", "us-east-1", "us-west-2"].map(|code| Region::named(code, 10)).into();
            if rules.witness == Witness::Always {
                self.title = "Ohio and Virginia agree, Oregon is the witness".into();
                // Either of the two that serve can carry everybody.
                self.regions = ["us-east-2", "us-east-1"].map(|code| Region::named(code, 20)).into();
                self.regions.push(Region::as_witness("us-west-2"));
                self.servers.most = 20;
            }
        }
        if rules.writers == Writers::Every {
            self.write_pattern = WritePattern::WriteLocal;
            return;
        }
        self.let_one_write();
    }

    /// One region takes the writes, and a copy in another is promoted as the engine does that by default.
    pub fn let_one_write(&mut self) {
        let (rules, recovery) = (self.database.engine.rules(), &mut self.recovery);
        self.write_pattern = WritePattern::WriteGlobal;
        [recovery.promote_min_s, recovery.promote_typical_s, recovery.promote_max_s] =
            rules.promote_s.map(Span);
        (recovery.promote_restart_s, recovery.switchover_s) =
            (Span(rules.restart_s), Span(rules.switchover_s));
    }
}

impl Database {
    /// Is this inside a region, with the time that a takeover has there by default; what the engine does not offer stays as it is.
    pub fn take_form(&mut self, inside: Inside) {
        let offered = self.engine.forms().iter().find(|form| form.inside == inside);
        if let Some(form) = offered {
            let [least, most] = form.takeover_s.map(Span);
            self.inside = inside;
            (self.zone_failover_min_s, self.zone_failover_max_s) = (least, most);
        }
    }
}
