//! What crosses boundaries that are paid for, as the meters of each region count it, in simulated requests.

/// The meters of all regions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Meters {
    /// Answers to clients, by region.
    pub answers: [u64; 3],
    /// Reads that a region's database answered.
    pub reads: [u64; 3],
    /// Writes that a region's database committed for its clients.
    pub writes: [u64; 3],
    /// Requests that a region's servers passed to another region's database.
    pub forwards: [u64; 3],
    /// Writes that a region sent to others, once for each.
    pub replicated: [u64; 3],
    /// Reads that a session's token sent to another region.
    pub token_forwards: u64,
}
