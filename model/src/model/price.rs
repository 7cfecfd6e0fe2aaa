//! What each kind of database is paid for: the sorts of price, and which an engine has.

use crate::catalog::{Confidence, Fact, prices};

/// What a copy of the data, its writes to other copies and its backups are paid by. Sources are with the facts.
#[derive(Clone, Copy, Debug)]
pub struct Prices {
    /// Instances that run all the time, if there are any.
    pub instances: Option<Instances>,
    /// What is paid for reads and writes.
    pub calls: Calls,
    /// A month of a GiB.
    pub storage: Option<Fact>,
    /// A million writes that were sent to another copy, the transfer apart; in units if its own writes are.
    pub replicated: Option<Fact>,
    /// A GiB that was sent to another copy within a promised time, beside that.
    pub timed: Option<Fact>,
    /// A month of a GiB of a snapshot that is at hand at once.
    pub backup: Fact,
    /// A month of a GiB of the table whose log is kept, if the log is paid for apart.
    pub log: Option<Fact>,
}

/// Instances of a copy.
#[derive(Clone, Copy, Debug)]
pub struct Instances {
    /// An hour of one in a region, by the region's code.
    pub hour: fn(&str) -> Fact,
    /// How many are paid for: two if the standby in another zone is paid for apart, three in a cluster.
    pub of_each: f64,
    /// How much data one holds, if it does not hold any amount.
    pub holds: Option<Fact>,
}

/// How reads and writes are paid for.
#[derive(Clone, Copy, Debug)]
pub enum Calls {
    /// They are in the price of the instance.
    Free,
    /// By a million requests to the storage, of which a write is one and a read a part of one.
    Storage(Fact),
    /// By the million, each kind at a price of its own.
    Each {
        /// A million reads, or units of them.
        reads: Fact,
        /// A million writes, or units of them.
        writes: Fact,
        /// How many KiB a unit of reads and a unit of writes cover; `None` if a call is one whatever its size.
        unit_kib: Option<[Fact; 2]>,
    },
}

impl Calls {
    /// How many units a read and a write of so many KiB take.
    pub fn units(&self, kib: f64) -> [f64; 2] {
        match self {
            Self::Each { unit_kib: Some(covers), .. } => covers.map(|covers| (kib / covers.value).ceil()),
            Self::Free | Self::Storage(_) | Self::Each { unit_kib: None, .. } => [1.0; 2],
        }
    }
}

/// Instances of a database with a standby, if each is paid for apart: the one in use and the one that waits.
const WITH_STANDBY: f64 = 2.0;

/// One price for the instance and its standby.
pub(super) const RDS: Prices = Prices {
    instances: Some(Instances { hour: prices::database, of_each: 1.0, holds: None }),
    calls: Calls::Free,
    storage: Some(prices::DATABASE_STORAGE),
    replicated: None,
    timed: None,
    backup: prices::DATABASE_BACKUP,
    log: None,
};

/// The instance alone, and its storage once.
pub(super) const SINGLE: Prices = Prices {
    instances: Some(Instances { hour: prices::single, of_each: 1.0, holds: None }),
    storage: Some(prices::DATABASE_SINGLE_STORAGE),
    ..RDS
};

/// Instances of a cluster: the writer and two readable standbys, each with storage of its own.
const IN_CLUSTER: f64 = 3.0;
const CLUSTER_PRICE: &str = "No price of an RDS cluster was read: that of single instances (2026-09-11)";

/// Three single instances, as long as nobody has read what a cluster costs.
pub(super) const CLUSTER: Prices = Prices {
    instances: Some(Instances {
        hour: |region| Fact {
            source: CLUSTER_PRICE,
            confidence: Confidence::Assumption,
            ..prices::single(region)
        },
        of_each: IN_CLUSTER,
        holds: None,
    }),
    storage: Some(Fact {
        value: IN_CLUSTER * prices::DATABASE_SINGLE_STORAGE.value,
        source: CLUSTER_PRICE,
        confidence: Confidence::Assumption,
        ..prices::DATABASE_SINGLE_STORAGE
    }),
    ..RDS
};

pub(super) const AURORA: Prices = Prices {
    instances: Some(Instances { hour: prices::aurora, of_each: WITH_STANDBY, holds: None }),
    calls: Calls::Storage(prices::AURORA_REQUESTS),
    storage: Some(prices::AURORA_STORAGE),
    replicated: Some(prices::AURORA_REPLICATED),
    backup: prices::AURORA_BACKUP,
    ..RDS
};

/// The writer alone; the volume costs the same.
pub(super) const AURORA_ALONE: Prices =
    Prices { instances: Some(Instances { hour: prices::aurora, of_each: 1.0, holds: None }), ..AURORA };

/// The writer and two readers.
pub(super) const AURORA_TWO_READERS: Prices = Prices {
    instances: Some(Instances { hour: prices::aurora, of_each: IN_CLUSTER, holds: None }),
    ..AURORA
};

pub(super) const DOCUMENTDB: Prices = Prices {
    instances: Some(Instances { hour: |_| prices::DOCUMENT, of_each: WITH_STANDBY, holds: None }),
    calls: Calls::Storage(prices::DOCUMENT_REQUESTS),
    storage: Some(prices::DOCUMENT_STORAGE),
    replicated: Some(prices::DOCUMENT_REQUESTS),
    backup: prices::DOCUMENT_BACKUP,
    ..RDS
};

pub(super) const DOCUMENTDB_ALONE: Prices = Prices {
    instances: Some(Instances { hour: |_| prices::DOCUMENT, of_each: 1.0, holds: None }),
    ..DOCUMENTDB
};

pub(super) const DOCUMENTDB_TWO_READERS: Prices = Prices {
    instances: Some(Instances { hour: |_| prices::DOCUMENT, of_each: IN_CLUSTER, holds: None }),
    ..DOCUMENTDB
};

/// Data is held in the memory of as many nodes as it takes.
pub(super) const ELASTICACHE: Prices = Prices {
    instances: Some(Instances {
        hour: |_| prices::CACHE,
        of_each: WITH_STANDBY,
        holds: Some(prices::CACHE_HOLDS),
    }),
    storage: None,
    backup: prices::CACHE_BACKUP,
    ..RDS
};

/// A table whose three regions agree.
pub(super) const STRONG: Prices = Prices {
    instances: None,
    calls: Calls::Each {
        reads: prices::TABLE_READS,
        writes: prices::TABLE_WRITES,
        unit_kib: Some([prices::TABLE_READ_COVERS, prices::TABLE_WRITE_COVERS]),
    },
    storage: Some(prices::TABLE_STORAGE),
    replicated: Some(prices::TABLE_WRITES),
    backup: prices::TABLE_BACKUP,
    ..RDS
};

/// A million rows, at the price of the units that they take: what that is, is an assumption, and so is the price.
const DSQL_ROWS: Fact = Fact {
    value: prices::DSQL_UNIT.value / prices::DSQL_ROWS.value,
    unit: prices::DSQL_UNIT.unit,
    ..prices::DSQL_ROWS
};

/// All work is paid for in one unit; writes once more for the other region that serves.
pub(super) const DSQL: Prices = Prices {
    calls: Calls::Each { reads: DSQL_ROWS, writes: DSQL_ROWS, unit_kib: None },
    storage: Some(prices::DSQL_STORAGE),
    replicated: Some(DSQL_ROWS),
    backup: prices::DSQL_BACKUP,
    ..STRONG
};

pub(super) const DYNAMODB: Prices = Prices { log: Some(prices::TABLE_LOG), ..STRONG };

pub(super) const OBJECTS: Prices = Prices {
    instances: None,
    calls: Calls::Each { reads: prices::OBJECT_READS, writes: prices::OBJECT_WRITES, unit_kib: None },
    storage: Some(prices::OBJECT_STORAGE),
    replicated: Some(prices::OBJECT_WRITES),
    backup: prices::OBJECT_BACKUP,
    ..RDS
};

pub(super) const TIMED_OBJECTS: Prices = Prices { timed: Some(prices::OBJECT_TIMED), ..OBJECTS };
