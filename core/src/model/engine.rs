//! Databases that follow each other across regions: one mechanism with each engine's own rules and numbers.

use serde::{Deserialize, Serialize};

use crate::catalog::{Fact, database, database as db, recovery};

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// Amazon RDS with a cross-Region read replica: promotion is one-way and restarts the replica.
    Rds,
    /// Amazon Aurora Global Database: managed failover; the old primary comes back as a secondary.
    AuroraGlobal,
    /// Amazon DynamoDB global tables, eventually consistent: every copy takes writes, the last writer of an item wins.
    DynamodbGlobal,
    /// Amazon DocumentDB global clusters.
    DocumentdbGlobal,
    /// Amazon ElastiCache Global Datastore: a person has to promote it.
    ElasticacheGlobal,
    /// Amazon S3 replication both ways: objects follow one by one, most within a quarter of an hour.
    S3Replication,
    /// The same with Replication Time Control.
    S3TimeControl,
    /// Amazon DynamoDB global tables with multi-Region strong consistency: exactly three Regions agree on every write.
    DynamodbStrong,
    /// Amazon Aurora DSQL: two Regions and a witness agree on every commit. It took the place of Aurora multi-master.
    AuroraDsql,
    /// A database of one's own with replication in both directions, where the application chooses the rule.
    SelfManaged,
}

/// Which copies take writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writers {
    /// The primary alone.
    One,
    /// Every copy; the rule for collisions says what becomes of two writes to one key.
    Every,
}

/// In which order, and after what delay of their own, writes follow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// In the order of their commits, as soon as they can be sent.
    InOrder,
    /// Each by itself, after a delay with a log-normal distribution.
    OneByOne {
        /// Half of them have left by then, in seconds.
        median_s: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
}

/// What an engine's copies do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// The service, by its name.
    pub service: &'static str,
    /// Which copies take writes.
    pub writers: Writers,
    /// How writes follow.
    pub spread: Spread,
    /// How often a copy ships what is new, in seconds.
    pub ship_s: f64,
    /// Least, most likely and most time to promote a copy, in seconds.
    pub promote_s: [f64; 3],
    /// How long of that the copy restarts and cannot be read, in seconds.
    pub restart_s: f64,
    /// The promoted copy is on its own: the old primary has to be filled anew before it can follow.
    pub one_way: bool,
    /// Only a person starts a failover to another region.
    pub by_hand: bool,
    /// How long writes stop when the roles change on purpose, in seconds.
    pub switchover_s: f64,
    /// The most copies in other regions.
    pub most_copies: u32,
}

/// Objects that follow one by one, half of them within this time.
const fn one_by_one(median: Fact) -> Spread {
    Spread::OneByOne { median_s: median.value, sigma: database::OBJECT_SPREAD.value }
}

const AURORA: Rules = Rules {
    service: "Amazon Aurora Global Database",
    writers: Writers::One,
    spread: Spread::InOrder,
    ship_s: db::GLOBAL_SHIP.value,
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
};

/// Where every copy takes writes nothing has to be promoted.
const EVERY: Rules = Rules {
    writers: Writers::Every,
    promote_s: [db::NO_RESTART.value, db::NO_RESTART.value, db::NO_RESTART.value],
    switchover_s: db::NO_RESTART.value,
    ..AURORA
};

const RDS: Rules = Rules {
    service: "Amazon RDS with a cross-Region read replica",
    ship_s: db::SHIP_INTERVAL.value,
    promote_s: [
        db::REPLICA_PROMOTION_MIN.value,
        db::REPLICA_PROMOTION.value,
        db::REPLICA_PROMOTION_MAX.value,
    ],
    restart_s: db::PROMOTION_RESTART.value,
    one_way: true,
    switchover_s: db::REPLICA_PROMOTION.value,
    most_copies: db::REPLICA_COPIES.count(),
    ..AURORA
};

const DOCUMENTDB: Rules = Rules {
    service: "Amazon DocumentDB global clusters",
    ship_s: db::SHIP_INTERVAL.value,
    promote_s: [db::CACHE_PROMOTION_MIN.value, db::DOCUMENT_PROMOTION.value, db::DOCUMENT_PROMOTION.value],
    ..AURORA
};

const ELASTICACHE: Rules = Rules {
    service: "Amazon ElastiCache Global Datastore",
    ship_s: db::SHIP_INTERVAL.value,
    promote_s: [db::CACHE_PROMOTION_MIN.value, db::CACHE_PROMOTION.value, db::CACHE_PROMOTION.value],
    by_hand: true,
    most_copies: db::CACHE_COPIES.count(),
    ..AURORA
};

const DYNAMODB: Rules = Rules {
    service: "Amazon DynamoDB global tables",
    ship_s: db::TABLE_SHIP.value,
    most_copies: db::TABLE_COPIES.count(),
    ..EVERY
};

const OBJECTS: Rules = Rules {
    service: "Amazon S3 replication",
    spread: one_by_one(db::OBJECT_DELAY),
    ship_s: db::GLOBAL_SHIP.value,
    switchover_s: recovery::ACCESS_POINT_SHIFT.value,
    most_copies: db::TABLE_COPIES.count(),
    ..EVERY
};

const TIMED_OBJECTS: Rules = Rules {
    service: "Amazon S3 replication with Replication Time Control",
    spread: one_by_one(db::OBJECT_TIMED_DELAY),
    ship_s: db::GLOBAL_SHIP.value,
    switchover_s: recovery::ACCESS_POINT_SHIFT.value,
    most_copies: db::TABLE_COPIES.count(),
    ..EVERY
};

const STRONG: Rules = Rules {
    service: "Amazon DynamoDB global tables with strong consistency",
    ship_s: db::TABLE_SHIP.value,
    most_copies: db::STRONG_COPIES.count(),
    ..EVERY
};

const DSQL: Rules = Rules { service: "Amazon Aurora DSQL", ..STRONG };

const SELF_MANAGED: Rules =
    Rules { service: "a database of your own", most_copies: db::TABLE_COPIES.count(), ..DYNAMODB };

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 10] = [
        Self::Rds,
        Self::AuroraGlobal,
        Self::DynamodbGlobal,
        Self::DocumentdbGlobal,
        Self::ElasticacheGlobal,
        Self::S3Replication,
        Self::S3TimeControl,
        Self::DynamodbStrong,
        Self::AuroraDsql,
        Self::SelfManaged,
    ];

    /// The word for it in files: "aurora-global".
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Rds => "rds",
            Self::AuroraGlobal => "aurora-global",
            Self::DynamodbGlobal => "dynamodb-global",
            Self::DocumentdbGlobal => "documentdb-global",
            Self::ElasticacheGlobal => "elasticache-global",
            Self::S3Replication => "s3-replication",
            Self::S3TimeControl => "s3-time-control",
            Self::DynamodbStrong => "dynamodb-strong",
            Self::AuroraDsql => "aurora-dsql",
            Self::SelfManaged => "self-managed",
        }
    }

    /// What its copies do. Sources are with the facts.
    pub const fn rules(self) -> Rules {
        match self {
            Self::Rds => RDS,
            Self::AuroraGlobal => AURORA,
            Self::DocumentdbGlobal => DOCUMENTDB,
            Self::ElasticacheGlobal => ELASTICACHE,
            Self::DynamodbGlobal => DYNAMODB,
            Self::S3Replication => OBJECTS,
            Self::S3TimeControl => TIMED_OBJECTS,
            Self::DynamodbStrong => STRONG,
            Self::AuroraDsql => DSQL,
            Self::SelfManaged => SELF_MANAGED,
        }
    }
}

/// What took the place of an engine that can be had no more, by the word that somebody might write for it.
///
/// Source: Amazon Aurora User Guide, "Multi-master clusters": one Region, Aurora MySQL version 1 only, with which they ended.
pub(crate) fn successor(word: &str) -> Option<&'static str> {
    (word == "aurora-multi-master")
        .then_some("Aurora multi-master was for one Region and is retired; aurora-dsql took its place")
}
