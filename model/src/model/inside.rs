//! What a database is inside its region: the forms, and what each engine offers of them.

use crate::catalog::database as db;
use crate::kernel::kinds::kinds;
use crate::model::price::{self, Prices};

kinds! {
    /// What a database is inside its region: with that, what goes on if a machine or a zone of it fails.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Inside: Row {
        /// An instance, and a standby in another zone that has every commit and cannot be read.
        Standby = "standby" => Row { standbys: 1, volume: false, readers: false },
        /// A volume with copies in three zones, an instance that writes to it, and a reader in another zone that can take over.
        Volume = "volume" => Row { standbys: 1, volume: true, readers: true },
        /// A node that takes writes, and a replica in another zone.
        Nodes = "nodes" => Row { standbys: 1, volume: false, readers: true },
        /// Partitions in three zones: there is no instance that could fail. Whatever one zone led is led by another soon.
        Partitions = "partitions" => Row { standbys: 1, volume: false, readers: false },
        /// A writer and two readable standbys in three zones, as in a Multi-AZ DB cluster of Amazon RDS: a commit waits for one of
        /// the two.
        Cluster = "cluster" => Row { standbys: 2, volume: false, readers: true },
        /// One instance without standby: if it fails, or its zone, the database is down until that is mended.
        Single = "single" => Row { standbys: 0, volume: false, readers: false },
        /// A volume with copies in three zones and a writer without reader: a writer that fails is made anew in its own zone, and
        /// in another only if somebody orders it.
        Alone = "volume-alone" => Row { standbys: 0, volume: true, readers: false },
        /// A volume with copies in three zones, a writer, and a reader in each other zone: which of them takes over is up to their
        /// tiers.
        TwoReaders = "volume-two-readers" => Row { standbys: 2, volume: true, readers: true },
    }
}

/// What is known of a form.
struct Row {
    standbys: u8,
    volume: bool,
    readers: bool,
}

impl Inside {
    /// Whether there is an instance that can fail by itself.
    pub const fn has_instance(self) -> bool {
        !matches!(self, Self::Partitions)
    }

    /// Whether its data lie in a volume of six copies, apart from the instances.
    pub const fn has_volume(self) -> bool {
        self.row().volume
    }

    /// Whether those that can take over can be read meanwhile.
    pub const fn has_readers(self) -> bool {
        self.row().readers
    }

    /// How many others have every commit and can take over, if the region has zones enough.
    pub const fn standbys(self) -> u8 {
        self.row().standbys
    }

    /// The least zones that a region has to have.
    pub const fn least_zones(self) -> u32 {
        if self.standbys() == 2 { 3 } else { 1 }
    }
}

/// A form that an engine offers, with what it brings.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Which.
    pub inside: Inside,
    /// Least and most time until what failed in a region has been replaced there, in seconds.
    pub takeover_s: [f64; 2],
    /// What it is paid for.
    pub prices: &'static Prices,
}

/// A standby that cannot be read: what each engine like this has by default.
const STANDBY: Form = Form {
    inside: Inside::Standby,
    takeover_s: [db::STANDBY_FAILOVER_MIN.value, db::STANDBY_FAILOVER_MAX.value],
    prices: &price::RDS,
};

const SINGLE: Form = Form {
    inside: Inside::Single,
    takeover_s: [db::NOBODY_TAKES_OVER.value, db::NOBODY_TAKES_OVER.value],
    prices: &price::SINGLE,
};

const CLUSTER: Form = Form {
    inside: Inside::Cluster,
    takeover_s: [db::CLUSTER_FAILOVER_MIN.value, db::CLUSTER_FAILOVER.value],
    prices: &price::CLUSTER,
};

/// Amazon RDS.
pub(super) const RDS: &[Form] = &[STANDBY, CLUSTER, SINGLE];

/// A database of one's own.
pub(super) const OWN: &[Form] = &[STANDBY, SINGLE];

/// Amazon Aurora.
pub(super) const AURORA: &[Form] = &[
    Form {
        inside: Inside::Volume,
        takeover_s: [db::AURORA_FAILOVER_MIN.value, db::AURORA_FAILOVER.value],
        prices: &price::AURORA,
    },
    Form {
        inside: Inside::Alone,
        takeover_s: [db::INSTANCE_MADE_MIN.value, db::INSTANCE_MADE_MAX.value],
        prices: &price::AURORA_ALONE,
    },
    Form {
        inside: Inside::TwoReaders,
        takeover_s: [db::AURORA_FAILOVER_MIN.value, db::AURORA_FAILOVER.value],
        prices: &price::AURORA_TWO_READERS,
    },
];

/// Amazon DocumentDB.
pub(super) const DOCUMENTDB: &[Form] = &[
    Form {
        inside: Inside::Volume,
        takeover_s: [db::DOCUMENT_FAILOVER_MIN.value, db::DOCUMENT_FAILOVER_MAX.value],
        prices: &price::DOCUMENTDB,
    },
    Form {
        inside: Inside::Alone,
        takeover_s: [db::INSTANCE_MADE_MIN.value, db::DOCUMENT_MADE_MAX.value],
        prices: &price::DOCUMENTDB_ALONE,
    },
    Form {
        inside: Inside::TwoReaders,
        takeover_s: [db::DOCUMENT_FAILOVER_MIN.value, db::DOCUMENT_FAILOVER_MAX.value],
        prices: &price::DOCUMENTDB_TWO_READERS,
    },
];

/// Amazon ElastiCache.
pub(super) const NODES: &[Form] = &[Form {
    inside: Inside::Nodes,
    takeover_s: [db::CACHE_FAILOVER_MIN.value, db::CACHE_FAILOVER_MAX.value],
    prices: &price::ELASTICACHE,
}];

/// How long partitions whose leader was lost wait for another.
const ELECTION_S: [f64; 2] = [db::LEADER_ELECTION_MIN.value, db::LEADER_ELECTION_MAX.value];
/// Where any zone answers at once nothing waits.
const AT_ONCE_S: [f64; 2] = [db::NO_FAILOVER.value, db::NO_FAILOVER.value];

const fn partitions(takeover_s: [f64; 2], prices: &'static Prices) -> Form {
    Form { inside: Inside::Partitions, takeover_s, prices }
}

/// Amazon DynamoDB.
pub(super) const TABLE: &[Form] = &[partitions(ELECTION_S, &price::DYNAMODB)];
/// The same where three regions agree.
pub(super) const STRONG: &[Form] = &[partitions(ELECTION_S, &price::STRONG)];
/// Amazon Aurora DSQL.
pub(super) const DSQL: &[Form] = &[partitions(AT_ONCE_S, &price::DSQL)];
/// Amazon S3.
pub(super) const OBJECTS: &[Form] = &[partitions(AT_ONCE_S, &price::OBJECTS)];
/// The same with Replication Time Control.
pub(super) const TIMED_OBJECTS: &[Form] = &[partitions(AT_ONCE_S, &price::TIMED_OBJECTS)];
