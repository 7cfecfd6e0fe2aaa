//! Parts as one sees them, called as they are in `system/`: what there is to draw of each, as comparable data, and its words.
//! What draws one is called alike in `ui/parts/`.

pub(in crate::scene) mod route53;
pub(in crate::scene) mod entrance;
pub(in crate::scene) mod work_queue;
pub(in crate::scene) mod inside;
pub(in crate::scene) mod volume;
pub(in crate::scene) mod database;
pub(in crate::scene) mod controller;
pub(in crate::scene) mod replicas;
pub(in crate::scene) mod stream;
pub(in crate::scene) mod backups;
pub(in crate::scene) mod release;
pub(in crate::scene) mod zone;
