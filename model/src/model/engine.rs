//! Databases that follow each other across regions: one mechanism with each engine's own rules and numbers.

use crate::catalog::{Fact, backup, controller, database, database as db, recovery};
use crate::kernel::kinds::kinds;
use crate::model::conflict::Rule;
use crate::model::inside::{self, Form, Inside};
pub use crate::model::rules::{QuorumReads, Restored, Rules, Spread, Witness, Writers};

kinds! {
    /// A kind of database.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Engine: Row {
        /// Amazon RDS with a cross-Region read replica: promotion is one-way and restarts the replica.
        Rds = "rds" => Row::of("RDS replica", RDS, CHECKED, inside::RDS),
        /// Amazon Aurora Global Database: managed failover; the old primary comes back as a secondary.
        AuroraGlobal = "aurora-global" => Row::of("Aurora Global", AURORA, CHECKED, inside::AURORA),
        /// Amazon DynamoDB global tables, eventually consistent: every copy takes writes, the last writer of an item wins.
        DynamodbGlobal = "dynamodb-global" => Row::of("DynamoDB Global", DYNAMODB, TABLE, inside::TABLE),
        /// Amazon DocumentDB global clusters.
        DocumentdbGlobal = "documentdb-global" => Row::of("DocumentDB Global", DOCUMENTDB, CHECKED, inside::DOCUMENTDB),
        /// Amazon ElastiCache Global Datastore: a person has to promote it.
        ElasticacheGlobal = "elasticache-global" =>
            Row::of("ElastiCache Global", ELASTICACHE, CHECKED, inside::NODES),
        /// Amazon S3 replication both ways: objects follow one by one, most within a quarter of an hour.
        S3Replication = "s3-replication" => Row::of("S3 replication", OBJECTS, CLOCKS, inside::OBJECTS),
        /// The same with Replication Time Control.
        S3TimeControl = "s3-time-control" =>
            Row::of("S3 with time control", TIMED_OBJECTS, CLOCKS, inside::TIMED_OBJECTS),
        /// Amazon DynamoDB global tables with multi-Region strong consistency: exactly three Regions agree on every write.
        DynamodbStrong = "dynamodb-strong" => Row::of("DynamoDB strong", STRONG, AGREEMENT, inside::STRONG),
        /// Amazon Aurora DSQL: two Regions serve, read locally, and agree on every commit with a witness that keeps the log. It took
        /// the place of Aurora multi-master.
        AuroraDsql = "aurora-dsql" =>
            Row { replaces: Some(MULTI_MASTER), ..Row::of("Aurora DSQL", DSQL, AGREEMENT, inside::DSQL) },
        /// A database of one's own with replication in both directions, where the application chooses the rule.
        SelfManaged = "self-managed" => Row::of("Your own", SELF_MANAGED, ANY, inside::OWN),
    }
}

/// Region sets for strong consistency, as the guide of DynamoDB global tables lists them (2026-09). Of Aurora DSQL we have read
/// only that its clusters are peered over three regions of the first: it is held to the same sets.
const REGION_SETS: &[&[&str]] = &[
    &["us-east-1", "us-east-2", "us-west-2"],
    &["eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"],
    &["ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
];

/// Objects that follow one by one, half of them within this time.
const fn one_by_one(median: Fact) -> Spread {
    Spread::OneByOne { median_s: median.value, sigma: database::OBJECT_SPREAD.value }
}

const AURORA: Rules = Rules {
    service: "Amazon Aurora Global Database",
    writers: Writers::One,
    spread: Spread::InOrder,
    asks_copies: false,
    ship_s: db::GLOBAL_SHIP.value,
    apply_per_s: db::AT_ONCE.value,
    promote_s: [
        db::GLOBAL_PROMOTION.value,
        db::GLOBAL_PROMOTION_TYPICAL.value,
        db::GLOBAL_PROMOTION_MAX.value,
    ],
    restart_s: db::NO_RESTART.value,
    one_way: false,
    by_hand: false,
    switchover_s: db::GLOBAL_SWITCHOVER.value,
    most_copies: db::GLOBAL_COPIES.count(),
    region_sets: &[],
    witness: Witness::Never,
    reads: QuorumReads::Compared,
    waits_for_forwarded: true,
    restored: Restored::Filled,
    restore_s: [backup::FILL_MIN.value, backup::FILL_TYPICAL.value, backup::FILL_MAX.value],
    backs_up_daily: true,
    archived: false,
    serverless: true,
    item_cache: false,
    own_volumes: false,
};

/// If every copy takes writes nothing has to be promoted.
const EVERY: Rules = Rules {
    serverless: false,
    writers: Writers::Every,
    promote_s: [db::NO_RESTART.value, db::NO_RESTART.value, db::NO_RESTART.value],
    switchover_s: db::NO_RESTART.value,
    waits_for_forwarded: false,
    restored: Restored::Whole,
    backs_up_daily: false,
    ..AURORA
};

const COLD_S: [f64; 3] =
    [backup::RESTORE_MIN.value, backup::RESTORE_TYPICAL.value, backup::RESTORE_MAX.value];

const RDS: Rules = Rules {
    serverless: false,
    service: "Amazon RDS with a cross-Region read replica",
    ship_s: db::SHIP_INTERVAL.value,
    apply_per_s: db::APPLY_RATE.value,
    promote_s: [
        db::REPLICA_PROMOTION_MIN.value,
        db::REPLICA_PROMOTION.value,
        db::REPLICA_PROMOTION_MAX.value,
    ],
    restart_s: db::PROMOTION_RESTART.value,
    one_way: true,
    switchover_s: db::REPLICA_PROMOTION.value,
    most_copies: db::REPLICA_COPIES.count(),
    waits_for_forwarded: false,
    restored: Restored::Cold,
    restore_s: COLD_S,
    ..AURORA
};

const DOCUMENTDB: Rules = Rules {
    serverless: false,
    service: "Amazon DocumentDB global clusters",
    ship_s: db::SHIP_INTERVAL.value,
    promote_s: [db::CACHE_PROMOTION_MIN.value, db::DOCUMENT_PROMOTION.value, db::DOCUMENT_PROMOTION.value],
    waits_for_forwarded: false,
    ..AURORA
};

const ELASTICACHE: Rules = Rules {
    serverless: false,
    service: "Amazon ElastiCache Global Datastore",
    ship_s: db::SHIP_INTERVAL.value,
    promote_s: [db::CACHE_PROMOTION_MIN.value, db::CACHE_PROMOTION.value, db::CACHE_PROMOTION.value],
    by_hand: true,
    most_copies: db::CACHE_COPIES.count(),
    waits_for_forwarded: false,
    restored: Restored::Whole,
    restore_s: COLD_S,
    ..AURORA
};

const DYNAMODB: Rules = Rules {
    service: "Amazon DynamoDB global tables",
    ship_s: db::TABLE_SHIP.value,
    item_cache: true,
    most_copies: db::TABLE_COPIES.count(),
    restored: Restored::NewTable,
    restore_s: [backup::TABLE_MIN.value, backup::TABLE_TYPICAL.value, backup::TABLE_MAX.value],
    ..EVERY
};

const OBJECTS: Rules = Rules {
    service: "Amazon S3 replication",
    spread: one_by_one(db::OBJECT_DELAY),
    ship_s: db::GLOBAL_SHIP.value,
    switchover_s: recovery::ACCESS_POINT_SHIFT.value,
    most_copies: db::TABLE_COPIES.count(),
    restore_s: COLD_S,
    archived: true,
    ..EVERY
};

const TIMED_OBJECTS: Rules = Rules {
    service: "Amazon S3 replication with Replication Time Control",
    spread: one_by_one(db::OBJECT_TIMED_DELAY),
    ship_s: db::GLOBAL_SHIP.value,
    switchover_s: recovery::ACCESS_POINT_SHIFT.value,
    most_copies: db::TABLE_COPIES.count(),
    restore_s: COLD_S,
    archived: true,
    ..EVERY
};

const STRONG: Rules = Rules {
    service: "Amazon DynamoDB global tables with strong consistency",
    ship_s: db::TABLE_SHIP.value,
    most_copies: db::STRONG_COPIES.count(),
    region_sets: REGION_SETS,
    witness: Witness::Possible,
    restored: Restored::NewTable,
    restore_s: DYNAMODB.restore_s,
    ..EVERY
};

const DSQL: Rules = Rules {
    service: "Amazon Aurora DSQL",
    witness: Witness::Always,
    reads: QuorumReads::Leased,
    restored: Restored::Whole,
    restore_s: COLD_S,
    ..STRONG
};

/// Promoted by a failover controller, or by a person if there is one: without it every copy takes writes. An old primary that has
/// been replaced is left as it is, and is filled anew by hand.
const SELF_MANAGED: Rules = Rules {
    service: "a database of your own",
    apply_per_s: RDS.apply_per_s,
    asks_copies: true,
    promote_s: [
        controller::PROMOTION_MIN.value,
        controller::PROMOTION.value,
        controller::PROMOTION_MAX.value,
    ],
    switchover_s: controller::PROMOTION.value,
    one_way: true,
    restored: Restored::Cold,
    restore_s: COLD_S,
    archived: true,
    own_volumes: true,
    item_cache: false,
    ..DYNAMODB
};

/// What is known of an engine.
struct Row {
    short: &'static str,
    rules: Rules,
    conflict_rules: &'static [Rule],
    forms: &'static [Form],
    replaces: Option<(&'static str, &'static str)>,
}

impl Row {
    const fn of(
        short: &'static str,
        rules: Rules,
        conflict_rules: &'static [Rule],
        forms: &'static [Form],
    ) -> Self {
        Self { short, rules, conflict_rules, forms, replaces: None }
    }
}

/// The later write wins, unless an application checks versions. With one writer only that check can settle anything.
const CHECKED: &[Rule] = &[Rule::LastWriterWins, Rule::Conditional];
/// Conditions are the service's own where a write is made; that all of a key go to one home is up to the application.
const TABLE: &[Rule] = &[Rule::LastWriterWins, Rule::Conditional, Rule::ConditionalLocal];
const CLOCKS: &[Rule] = &[Rule::LastWriterWins];
const AGREEMENT: &[Rule] = &[Rule::Quorum];
/// Every rule that an application can follow.
const ANY: &[Rule] = &[
    Rule::LastWriterWins,
    Rule::FirstRegionWins,
    Rule::Conditional,
    Rule::ConditionalLocal,
    Rule::Siblings,
    Rule::Merge,
];

/// Source: Amazon Aurora User Guide, "Multi-master clusters": one Region, Aurora MySQL version 1 only, with which they ended.
const MULTI_MASTER: (&str, &str) = (
    "aurora-multi-master",
    "Aurora multi-master was for one Region and is retired; aurora-dsql took its place",
);

impl Engine {
    /// Its name in two or three words, for a button: "Aurora Global".
    pub const fn short(self) -> &'static str {
        self.row().short
    }

    /// What it can be inside a region; the first is its own.
    pub const fn forms(self) -> &'static [Form] {
        self.row().forms
    }

    /// One of these. The engine's own stands in for what it does not offer: files that name that are refused.
    pub fn form(self, inside: Inside) -> &'static Form {
        let forms = self.forms();
        forms.iter().find(|form| form.inside == inside).unwrap_or(&forms[0])
    }

    /// How its copies replicate, fail over and return. Sources are with the facts.
    pub const fn rules(self) -> Rules {
        self.row().rules
    }

    /// The rules that the engine, or an application on it, can follow; the first is its own.
    ///
    /// Source: Amazon DynamoDB Developer Guide, "Global tables: how it works" (last writer wins; conditions are evaluated
    /// in the Region that gets the write; strong consistency refuses a concurrent write); Amazon S3 User Guide,
    /// "Replication" (the latest time stamp wins); Aurora DSQL User Guide (optimistic concurrency).
    pub const fn conflict_rules(self) -> &'static [Rule] {
        self.row().conflict_rules
    }

    /// Whether all of its copies take writes.
    pub const fn writes_everywhere(self) -> bool {
        matches!(self.rules().writers, Writers::Every)
    }

    /// The retired engine that it took the place of: the word that a file might have for it, and what to say of it.
    pub const fn replaces(self) -> Option<(&'static str, &'static str)> {
        self.row().replaces
    }
}

/// What to say if a file names a retired engine.
pub(crate) fn successor(word: &str) -> Option<&'static str> {
    let retired = |engine: Engine| engine.replaces().filter(|(gone, _)| *gone == word);
    Engine::ALL.into_iter().find_map(retired).map(|(_, why)| why)
}
