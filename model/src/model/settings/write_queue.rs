//! A queue in front of the database's writes.

use crate::catalog::queue;
use crate::kernel::kinds::kinds;
use crate::model::setting::Setting;
use crate::model::table::settings;
use crate::model::unit::{Count, Rate, Span};

kinds! {
    /// What stands between servers and database.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum QueueKind {
        /// Nothing: servers write to the database, and a client is answered when its write is committed.
        None = "none",
        /// A standard queue in each region: each message at least once, in no order.
        Standard = "standard",
        /// A FIFO queue in each region: the messages of a key in order, one at a time; what is sent again within five minutes
        /// is known.
        Fifo = "fifo",
        /// A topic in each region, which feeds a standard queue there and one in the region to which its work would go.
        Topic = "topic",
    }
}

impl Setting for QueueKind {}

settings! {
    /// A queue between the servers and the database of each region. A write is answered when the queue has it, and made when a
    /// consumer commits it.
    pub struct WriteQueue {
        /// Which kind of queue, if any.
        kind: QueueKind = QueueKind::None;
        /// How long a message is kept that nobody takes, in seconds; then it is lost.
        retention_s: Span = queue::RETENTION, in 60..=1_209_600, "messages are kept for";
        /// How long a message that was received is hidden from other consumers, in seconds, once its own is gone or has failed.
        visibility_s: Span = queue::VISIBILITY, in 0..=43_200, "a received message is hidden for";
        /// How often a message is received before it is set aside as dead.
        receives: Count = queue::RECEIVES, in 1..=1000, "a message is received at most";
        /// Messages that the consumers of a region take in a second.
        consumed_per_s: Rate = queue::CONSUMED, in 0.1..=100_000, "consumers take a second";
        /// Whether messages are sent, received and deleted ten to a call. A FIFO queue takes 300 calls of a kind a second.
        batches: bool = true;
    }
}
