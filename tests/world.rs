//! Stories about the simulated world: build, break, run, expect. Figures are compared with formulae and with published
//! ranges, never with an earlier run of our own.
#![cfg(not(target_arch = "wasm32"))]

#[path = "stories/lab.rs"]
mod lab;
#[path = "stories/draw.rs"]
mod draw;
#[path = "stories/known.rs"]
mod known;
#[path = "stories/laws.rs"]
mod laws;
#[path = "stories/backups.rs"]
mod backups;
#[path = "stories/bad_backups.rs"]
mod bad_backups;
#[path = "stories/restores.rs"]
mod restores;
#[path = "stories/old_objects.rs"]
mod old_objects;
#[path = "stories/commits.rs"]
mod commits;
#[path = "stories/blame.rs"]
mod blame;
#[path = "stories/checks.rs"]
mod checks;
#[path = "stories/calculated.rs"]
mod calculated;
#[path = "stories/entrances.rs"]
mod entrances;
#[path = "stories/other_inputs.rs"]
mod other_inputs;
#[path = "stories/resets.rs"]
mod resets;
#[path = "stories/practice.rs"]
mod practice;
#[path = "stories/clients.rs"]
mod clients;
#[path = "stories/client_caches.rs"]
mod client_caches;
#[path = "stories/retries.rs"]
mod retries;
#[path = "stories/collisions.rs"]
mod collisions;
#[path = "stories/conditions.rs"]
mod conditions;
#[path = "stories/consistency.rs"]
mod consistency;
#[path = "stories/control_planes.rs"]
mod control_planes;
#[path = "stories/controllers.rs"]
mod controllers;
#[path = "stories/corruption.rs"]
mod corruption;
#[path = "stories/cost.rs"]
mod cost;
#[path = "stories/detection.rs"]
mod detection;
#[path = "stories/disaster.rs"]
mod disaster;
#[path = "stories/engines.rs"]
mod engines;
#[path = "stories/homes.rs"]
mod homes;
#[path = "stories/logins.rs"]
mod logins;
#[path = "stories/monitoring.rs"]
mod monitoring;
#[path = "stories/named.rs"]
mod named;
#[path = "stories/noise.rs"]
mod noise;
#[path = "stories/off_the_road.rs"]
mod off_the_road;
#[path = "stories/loss.rs"]
mod loss;
#[path = "stories/orders.rs"]
mod orders;
#[path = "stories/incidents.rs"]
mod incidents;
#[path = "stories/money.rs"]
mod money;
#[path = "stories/outages.rs"]
mod outages;
#[path = "stories/pairs.rs"]
mod pairs;
#[path = "stories/witness.rs"]
mod witness;
#[path = "stories/endpoint.rs"]
mod endpoint;
#[path = "stories/zones.rs"]
mod zones;
#[path = "stories/insides.rs"]
mod insides;
#[path = "stories/volumes.rs"]
mod volumes;
#[path = "stories/forwarding.rs"]
mod forwarding;
#[path = "stories/inside_storms.rs"]
mod inside_storms;
#[path = "stories/work_queues.rs"]
mod work_queues;
#[path = "stories/topics.rs"]
mod topics;
#[path = "stories/questions.rs"]
mod questions;
#[path = "stories/placement.rs"]
mod placement;
#[path = "stories/queueing.rs"]
mod queueing;
#[path = "stories/scaling.rs"]
mod scaling;
#[path = "stories/zone_links.rs"]
mod zone_links;
#[path = "stories/quorum.rs"]
mod quorum;
#[path = "stories/elsewhere.rs"]
mod elsewhere;
#[path = "stories/regions.rs"]
mod regions;
#[path = "stories/replicas.rs"]
mod replicas;
#[path = "stories/replica_faults.rs"]
mod replica_faults;
#[path = "stories/replication.rs"]
mod replication;
#[path = "stories/rescue.rs"]
mod rescue;
#[path = "stories/serverless.rs"]
mod serverless;
#[path = "stories/item_cache.rs"]
mod item_cache;
#[path = "stories/readers.rs"]
mod readers;
#[path = "stories/maintenance.rs"]
mod maintenance;
#[path = "stories/unprotected.rs"]
mod unprotected;
#[path = "stories/rollouts.rs"]
mod rollouts;
#[path = "stories/runbooks.rs"]
mod runbooks;
#[path = "stories/sessions.rs"]
mod sessions;
#[path = "stories/recount.rs"]
mod recount;
#[path = "stories/histories.rs"]
mod histories;
#[path = "stories/staleness.rs"]
mod staleness;
#[path = "stories/standbys.rs"]
mod standbys;
#[path = "stories/storms.rs"]
mod storms;
#[path = "stories/strategies.rs"]
mod strategies;
#[path = "stories/validation.rs"]
mod validation;
