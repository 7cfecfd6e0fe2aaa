//! What crosses boundaries that are paid for, as the meters of each region count it, in simulated requests.

use crate::kernel::region_map::RegionMap;

/// The meters of all regions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Meters {
    /// Answers to clients, by region.
    pub answers: RegionMap<u64>,
    /// Reads that a region's database answered.
    pub reads: RegionMap<u64>,
    /// Reads that the item cache in front of a region's table answered.
    pub cache_hits: RegionMap<u64>,
    /// Capacity of a region's serverless database, in thousandths of a unit and seconds.
    pub acu_ms: RegionMap<u64>,
    /// Writes that a region's database committed for its clients.
    pub writes: RegionMap<u64>,
    /// Requests that a region's servers passed to another region's database.
    pub forwards: RegionMap<u64>,
    /// Writes that a region sent to others, once for each.
    pub replicated: RegionMap<u64>,
    /// Messages that were sent to a region's queue, received there, or deleted.
    pub queue_calls: RegionMap<u64>,
    /// Messages that were published to a region's topic.
    pub publishes: RegionMap<u64>,
    /// Messages that a region's topic sent to the queue of another region, once for each try.
    pub fanned_out: RegionMap<u64>,
    /// Batch jobs that somebody started for objects that replication does not copy.
    pub batch_jobs: RegionMap<u64>,
    /// Keys whose objects such jobs have copied, once for each copy.
    pub batch_keys: RegionMap<u64>,
    /// Reads that a session's token sent to another region.
    pub token_forwards: u64,
}
