//! Drawings of parts: each is called as what it shows, in `scene/parts/`.

pub(crate) mod route53;
pub(crate) mod database;
pub(crate) mod work_queue;
pub(crate) mod controller;
pub(crate) mod backups;
pub(crate) mod zone;
