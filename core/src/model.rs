//! What a run starts from, as data: the scenario and its parts, faults and orders, and the plan that looks everything up.

pub mod problem;
pub mod conflict;
pub mod engine;
pub mod aim;
pub mod fault;
pub mod order;
pub mod settings;
pub mod scenario;
pub mod strategies;
pub mod target;
pub mod read;
pub mod tune;
pub mod builtin;
pub mod storm;
pub mod runbook;
pub mod plan;
pub mod resolve;

pub use aim::{Target, TargetKind};
pub use builtin::{builtin, builtins};
pub use conflict::Rule;
pub use engine::{Engine, Spread, Writers};
pub use fault::{Fault, FaultKind, Verb};
pub use order::{Order, ScriptLine};
pub use problem::Problem;
pub use read::check::SCHEMA;
pub use read::meaning::{MOST_REQUESTS_PER_S, version_number};
pub use read::{MOST_BYTES, too_long};
pub use scenario::{Scenario, Strategy, WritePattern};
pub use settings::backup::{Backup, StorageClass};
pub use settings::business::Business;
pub use settings::clients::{Clients, Population, Session};
pub use settings::faults::FaultSettings;
pub use settings::recovery::{Cutover, Decider, Handover, Recovery};
pub use settings::system::{Balancer, Database, Dns, Network, Region, RoutingPolicy, Servers, Skew};
pub use storm::{STORMS, Storm};
