//! Machines: clients, name servers, balancers, servers, databases, the wires between them.

pub mod version;
pub mod journal;
pub mod sessions;
pub mod history;
pub mod event;
pub mod context;
pub mod backups;
pub mod network;
pub mod route53;
pub mod clients;
pub mod fleet;
pub mod quorum;
pub mod database;
pub mod stream;
