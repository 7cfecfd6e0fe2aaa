//! The rules of an engine: how its copies replicate, fail over, answer and return.

/// Which copies take writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writers {
    /// The primary alone.
    One,
    /// Every copy; the rule for collisions says what becomes of two writes to one key.
    Every,
}

/// In which order, and after which delay, writes follow.
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

/// Whether a quorum's third region may be a witness, which votes and keeps what it voted for, but serves nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// There is no witness.
    Never,
    /// Three regions serve, or two and a witness.
    Possible,
    /// Two regions serve, and the third is the witness.
    Always,
}

/// How a quorum's regions answer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuorumReads {
    /// A region compares what it has with another: a round trip. A read that may be behind is answered by the region's own copy.
    Compared,
    /// A region's own copy answers as long as the other serving region ends no write without it (a read lease).
    Leased,
}

/// How a database that was made from a backup comes into service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restored {
    /// Early, and cold: its volume is there before its blocks are, and what is read that is not there waits for S3.
    Cold,
    /// Once its volume is filled, which hardly depends on its size; only the cache of its instance is empty.
    Filled,
    /// Whole.
    Whole,
    /// Whole, as a table with another name, which servers have to be told.
    NewTable,
}

/// How an engine's copies replicate, fail over and return.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// The service, by its name.
    pub service: &'static str,
    /// Which copies take writes.
    pub writers: Writers,
    /// How writes follow.
    pub spread: Spread,
    /// The application says how many copies answer a read, and how many have a write before its client is told.
    pub asks_copies: bool,
    /// How often a copy ships what is new, in seconds.
    pub ship_s: f64,
    /// Writes a second that a copy takes in; 0 if it takes them in as they come.
    pub apply_per_s: f64,
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
    /// The sets of regions of which all have to be in one; none if any regions go together.
    pub region_sets: &'static [&'static [&'static str]],
    /// Whether one of a quorum's regions may be a witness.
    pub witness: Witness,
    /// How a quorum's regions answer reads.
    pub reads: QuorumReads,
    /// Reads in a region that forwards its writes can wait for what is not there yet. Source: Aurora User Guide, "Using write forwarding".
    pub waits_for_forwarded: bool,
    /// How a database made from a backup comes into service.
    pub restored: Restored,
    /// Least, most likely and most time until it is there, in seconds.
    pub restore_s: [f64; 3],
    /// The service takes a backup each day of its own accord, and deletes that with the instance.
    pub backs_up_daily: bool,
    /// Copies of its backups are objects that S3 can archive: dumps of one's own, or objects themselves.
    pub archived: bool,
    /// Its instances can be serverless, with a range of capacity.
    pub serverless: bool,
    /// An item cache of the service's own can stand in front of it.
    pub item_cache: bool,
    /// It runs on instances and volumes of one's own: what snapshots those, and what watches those, can be chosen.
    pub own_volumes: bool,
}
