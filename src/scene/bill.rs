//! What the deployment costs in a month, line by line, and what the outages of the run have cost.

use super::panels::{Bill, BillLine};
use super::view::View;
use super::words::number::{self, dollars};
use crate::kernel::sorted::in_order;

/// Lines that cost less than this many dollars a month are summed up.
const SMALL_USD: f64 = 0.5;

impl View<'_> {
    /// The bill, the dearest line first.
    pub(super) fn bill(&self) -> Bill {
        let cost = self.app.history().shown().cost();
        let items = in_order(cost.items, |item| [-item.monthly_usd, 0.0]);
        let small: f64 = items.iter().map(|item| item.monthly_usd).filter(|usd| *usd < SMALL_USD).sum();
        let mut lines: Vec<BillLine> = items
            .iter()
            .filter(|item| item.monthly_usd >= SMALL_USD)
            .map(|item| BillLine {
                item: item.item,
                place: item.region.clone(),
                usd: dollars(item.monthly_usd),
                hint: format!(
                    "{} {} at {} USD each: {}.",
                    number::plain((item.quantity * 10.0).round() / 10.0),
                    item.unit,
                    number::plain(item.unit_usd),
                    item.confidence
                ),
            })
            .collect();
        if small > 0.0 {
            let hint = String::from("Lines of less than half a dollar a month.");
            lines.push(BillLine { item: "small things", place: String::new(), usd: dollars(small), hint });
        }
        let business = &self.plan.scenario.business;
        Bill {
            monthly: dollars(cost.monthly_usd),
            ratio: format!(
                "{:.2} × the same system in one region, {}",
                cost.ratio_to_single_region,
                dollars(cost.single_region_usd)
            ),
            outage: dollars(cost.outage_usd),
            outage_note: format!(
                "{} an hour without service and {} a lost write: your own rates",
                dollars(*business.outage_usd_per_h),
                dollars(*business.lost_write_usd)
            ),
            note: format!(
                "List prices of {}, on demand, for what ran and was asked before the first incident.",
                cost.as_of
            ),
            lines,
        }
    }
}
