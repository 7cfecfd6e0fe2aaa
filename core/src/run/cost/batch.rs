//! What batch jobs cost that copy objects which the rule of replication does not: once, for the jobs that a run has had.

use super::{Bill, CostItem, KIB_IN_GIB, Traffic};
use crate::catalog::prices;
use crate::model::plan::Plan;
use crate::observer::metrics::Usage;
use crate::system::meters::Meters;

/// The lines of all jobs until now. A key stands for so many objects as have the size of a write, and each is written again.
pub(super) fn once(plan: &Plan, meters: &Meters) -> Vec<CostItem> {
    let traffic = Traffic::of(plan, &Usage::default());
    let mut bill = Bill {
        scenario: &plan.scenario,
        blueprint: &plan.blueprint,
        placement: &plan.placement,
        regions: plan.region_ids().collect(),
        traffic: &traffic,
        items: Vec::new(),
    };
    let database = &plan.scenario.database;
    let gib_of_key = *database.size_gib / f64::from(database.keys);
    for region in plan.region_ids() {
        let (at, gib) = (Some(region), meters.batch_keys[region] as f64 * gib_of_key);
        let million = gib * KIB_IN_GIB / bill.write_kib() / 1e6;
        bill.add("batch jobs", at, meters.batch_jobs[region] as f64, prices::BATCH_JOB);
        bill.add("objects of batch jobs", at, million, prices::BATCH_OBJECTS);
        if let Some(written) = database.prices().replicated {
            bill.add("writes of batch jobs", at, million, written);
        }
        bill.add("transfer of batch jobs", at, gib, bill.between(region));
    }
    bill.items
}
