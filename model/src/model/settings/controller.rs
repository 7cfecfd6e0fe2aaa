//! A failover controller of a database of one's own, as Orchestrator is for MySQL and Patroni for PostgreSQL.

use crate::catalog::controller;
use crate::model::table::settings;
use crate::model::unit::Span;

settings! {
    /// A failover controller. With it one region takes the writes, and a copy in another is promoted as soon as a majority of its
    /// nodes sees nothing of the primary, whatever clients see. Only with `self-managed`.
    pub struct Controller {
        /// The regions in which its nodes stand, one for each node, so that a region may be named twice: three to seven, an odd
        /// number. Empty: there is no controller.
        nodes: Vec<String> = Vec::new(), length ..=7;
        /// How often a node looks at the primary's database, in seconds.
        poll_s: Span = controller::POLL_INTERVAL, in 1..=300, "a node looks at the primary every";
        /// How long a node has to have seen nothing of the primary before it votes for a failover, in seconds.
        detection_s: Span = controller::DETECTION, in 1..=3600, "unseen for, before a node votes", shapes [Detect];
        /// How long the controller promotes nothing after the primary has changed, in seconds.
        cooldown_s: Span = controller::COOLDOWN, in 0..=172_800, "no failover so soon after another";
        /// A write is acknowledged once another copy has it: a round trip for each write.
        semi_synchronous: bool = false;
        /// How long a write waits for another copy, in seconds. Then writes are acknowledged without one, until a copy has
        /// everything again.
        semi_synchronous_timeout_s: Span = controller::SEMI_SYNC_TIMEOUT, in 0.1..=3600, "a write waits for a copy";
    }
}
