//! The database: its engine, its keys, its times.

use serde::{Deserialize, Serialize};

use crate::catalog::{client, database, network};
use crate::kernel::kinds::kinds;
use crate::model::conflict::Rule;
use crate::model::engine::Engine;
use crate::model::inside::{Form, Inside};
use crate::model::price::Prices;
use crate::model::setting::Setting;
use crate::model::table::settings;
use crate::model::unit::{Count, Factor, Gib, Millis, Rate, Share, Span, Throughput};

/// How popular the keys are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Skew {
    /// All alike.
    Uniform,
    /// Zipf: the i-th key is asked for in proportion to 1 / i^s.
    Zipf(#[cfg_attr(feature = "schema", schemars(range(min = 0, max = 3)))] f64),
}

kinds! {
    /// What a read in a region that forwards writes waits for, as Aurora's write forwarding has it.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Forwarding {
        /// Nothing: it is answered with what is there.
        Eventual = "eventual",
        /// The session's own forwarded writes.
        Session = "session",
        /// All that the writer's region had committed when it was asked, which takes a round trip there.
        Global = "global",
    }
}

impl Setting for Forwarding {}
impl Setting for Skew {}
impl Setting for Engine {}
impl Setting for Inside {}
impl Setting for Rule {}

settings! {
    /// The database: a primary with a synchronous standby, and what follows it in the other regions.
    pub struct Database {
        /// What kind of database it is, and with that how its copies follow.
        engine: Engine = Engine::Rds;
        /// What it is inside a region, of what its engine offers; by default the engine's own.
        inside: Inside = Inside::Standby;
        /// What becomes of two writes to one key of which neither could have seen the other; by default the engine's rule.
        conflict: Rule = Rule::LastWriterWins;
        /// A retry carries the identity of its write, and a copy that has the write already does not commit it again. True by default
        /// where two of three have to agree.
        idempotent: bool = false;
        /// While a region's own database does not answer, its servers turn to another region's. Off, as in an application
        /// whose client knows one endpoint.
        fallback: bool = false;
        /// The share of reads that ask a quorum for the newest value, at the price of a round trip. The others are answered by the
        /// region's own copy, which may be behind: they go on where nobody else can be reached.
        strongly_consistent_reads: Share = 1.0, in 0..=1, "strongly consistent reads";
        /// How many copies have to answer a read, the one in the region that was asked among them. All others are asked, and the
        /// first answers count; more than one only with `self-managed` and write-local. With 1 nobody else is asked.
        replicas_read: Count = 1, in 1..=6, "copies that answer a read";
        /// How many copies have to have a write before its client is told, the one in the region that was asked among them. It is
        /// sent to all others at once; more than one only with `self-managed` and write-local. With 1 it follows with the stream.
        replicas_written: Count = 1, in 1..=6, "copies that have a write";
        /// A read asks all copies, and one that answers with something older than another is sent what it lacks.
        read_repair: bool = false;
        /// The share of reads that go to the reader endpoint of a region's database: a reader, a readable standby or a replica node
        /// answers, with what the writer had some milliseconds ago, and goes on while the writer is replaced. Without one the writer
        /// answers. Of what `inside` has readers. An assumption.
        reader_reads: Share = 0.0, in 0..=1, "reads at the reader endpoint";
        /// The zone of a region whose reader takes over first if it is in step, counted from 1: that is of failover tier 0, and all others
        /// are of tier 1. With 0 all are of one tier. Of `inside` "volume-two-readers".
        first_tier_zone: Count = 0, in 0..=3, "zone of the first failover tier";
        /// Least time that a reader is behind its writer, in milliseconds.
        reader_lag_min_ms: Millis = database::READER_LAG_MIN, in 0..=10_000, "a reader is behind by at least";
        /// Most time that a reader is behind its writer, in milliseconds.
        reader_lag_max_ms: Millis = database::READER_LAG_MAX, in 0..=10_000, "a reader is behind by at most";
        /// The most Aurora capacity units (of about 2 GiB each) that an instance may have, as with Aurora Serverless v2; 0 if it has as much
        /// as it needs, and its price is that of an instance. Of `aurora-global`.
        acu_max: Factor = 0.0, in 0..=256, "most capacity units of an instance";
        /// The least capacity units that an instance keeps.
        acu_min: Factor = 0.5, in 0.5..=256, "least capacity units of an instance";
        /// Real reads and writes a second that one capacity unit does. An assumption.
        calls_per_acu: Rate = database::CALLS_PER_ACU, in 0.01..=1_000_000, "calls that a capacity unit does";
        /// The time in which the capacity can double, in seconds. An assumption.
        acu_doubles_s: Span = database::ACU_DOUBLES, in 1..=3600, "the capacity doubles in";
        /// The time in which it falls to half, in seconds. An assumption.
        acu_halves_s: Span = database::ACU_HALVES, in 1..=86_400, "the capacity halves in";
        /// How long an item cache in front of each region's table, as DynamoDB Accelerator (DAX) is, answers with what it has once read
        /// or written, in seconds; its default is 300. Writes of other regions go round it. 0 if there is none. Of `dynamodb-global`.
        item_cache_s: Span = 0.0, in 0..=172_800, "an item is cached for";
        /// How long a commit waits before it may leave for the other regions, in seconds, beside shipping and distance.
        delay_s: Span = 0.0, in 0..=3600, "a commit waits before it leaves";
        /// How many keys there are.
        keys: Count = database::KEYS, in 1..=4096, "keys";
        /// How popular they are.
        skew: Skew = Skew::Zipf(client::KEY_SKEW.value);
        /// Time to read a key, in milliseconds.
        read_ms: Millis = database::READ_TIME, in 0..=10_000, "a read takes";
        /// Time to commit a write if nothing waits for another zone, in milliseconds.
        commit_ms: Millis = database::WRITE_TIME, in 0..=10_000, "a commit takes";
        /// How long a server waits for the database, in seconds.
        timeout_s: Span = 1.0, in 0.01..=60, "a server waits for the database";
        /// Least time until what failed inside a region is replaced there, in seconds: a standby or a reader takes over, an
        /// instance is made anew, or partitions have other leaders. By default as the engine does with this `inside`.
        zone_failover_min_s: Span = database::STANDBY_FAILOVER_MIN, in 0..=3600, "a zone failover takes at least",
            spans [ZoneFailover, NewInstance];
        /// Most time until what failed inside a region is replaced there, in seconds. By default as the engine does with this
        /// `inside`.
        zone_failover_max_s: Span = database::STANDBY_FAILOVER_MAX, in 0..=3600, "a zone failover takes at most",
            spans [ZoneFailover, NewInstance];
        /// Time to start again after a crash or a return of power, in seconds. An assumption.
        restart_s: Span = database::RESTART, in 0..=3600, "a restart takes", spans [Rejoin];
        /// Time to bring a standby level that was away while writes went on, in seconds; until then nothing takes over if the
        /// instance fails. Where the data lie in a volume a reader has only to start again. An assumption.
        standby_rebuild_s: Span = database::STANDBY_REBUILD, in 0..=172_800, "a standby is brought level in";
        /// Time to change one instance, to another class or with a patch, in seconds: it is away for as long. An assumption.
        change_s: Span = database::INSTANCE_CHANGE, in 0..=172_800, "an instance is changed in";
        /// How often a copy ships what is new to the others, in seconds; by default the engine's. An assumption.
        ship_interval_s: Span = database::SHIP_INTERVAL, in 0.01..=300, "what is new is shipped every";
        /// Bytes of one real write in the replication stream; a simulated write carries those of all that it stands for.
        write_bytes: Count = 4_096, in 1..=100_000_000, "bytes of a write";
        /// The most bytes that may be under way unacknowledged: a stream carries no more than this in a round trip. It begins with
        /// less and grows while it has more to send, as a TCP connection does.
        window_bytes: Count = network::STREAM_BUFFER, in 1..=1_000_000_000, "bytes under way unacknowledged";
        /// What one replication stream carries, in MiB per second.
        stream_mib_per_s: Throughput = network::STREAM_BANDWIDTH, in 0.001..=100_000, "a stream carries";
        /// How many real writes a second a copy takes in; 0 if it takes them in as they come. What waits for that is on the copy
        /// already and is not lost with the source. By default the engine's.
        apply_per_s: Rate = database::APPLY_RATE, in 0..=10_000_000, "writes that a copy takes in";
        /// Share of the keys whose objects are older than the rule by which they would be replicated: only the first region has them,
        /// until they are written again. Of engines whose objects follow one by one.
        old_objects: Share = 0.0, in 0..=1, "objects older than the rule";
        /// Share of the objects whose replication fails for good, as with a right or a key that is missing: the rule never tries them
        /// again, and a copy lacks them until they are written again or `batch-replicate=` copies them. Of engines whose objects
        /// follow one by one.
        replication_fails: Share = 0.0, in 0..=1, "objects whose replication fails";
        /// The rule of replication goes from the first region to the others only: what is written elsewhere stays there until
        /// `batch-replicate=` copies it. Of engines whose objects follow one by one.
        one_way: bool = false;
        /// How many objects a second a region's replication sends at most; 0 if nothing holds it back. What waits is lost with the
        /// region. Of engines whose objects follow one by one.
        objects_per_s: Rate = 0.0, in 0..=10_000_000, "objects that are sent";
        /// Size of the data, in GiB: it decides how long a new replica takes.
        size_gib: Gib = 500.0, in 0..=100_000, "size of the data", shapes [Rebuild, Refill, LoadBlocks];
        /// How fast a new replica is filled, in MiB per second.
        copy_mib_per_s: Throughput = database::COPY_RATE, in 1..=10_000, "copied at", shapes [Rebuild, Refill];
        /// How fast each segment of a volume is mended from its other copies, in MiB per second. Of engines whose data lie in a volume.
        repair_mib_per_s: Throughput = database::SEGMENT_REPAIR, in 0.001..=100_000, "a volume's copy is mended at";
        /// What a read in a region that forwards its writes waits for: with `aurora-global` alone.
        forwarding: Forwarding = Forwarding::Eventual;
    }
}

impl Database {
    /// What it is inside a region, with what that brings.
    pub fn form(&self) -> &'static Form {
        self.engine.form(self.inside)
    }

    /// What it is paid for.
    pub fn prices(&self) -> &'static Prices {
        self.form().prices
    }
}
