//! A retry budget: the clients of a city may try again only as often as a share of their requests allows.

use crate::catalog::client::RETRY_BUDGET_SPAN;
use crate::model::plan::Plan;

/// A bucket of tokens: a request puts a part of one in, a retry takes one out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryBudget {
    left: f64,
    most: f64,
    each: f64,
    /// Retries that were not made because there was no token, in simulated ones.
    pub refused: u32,
}

impl RetryBudget {
    /// The budget of a population with so many simulated requests a second, as after a calm time; `None` without one.
    pub fn of(plan: &Plan, requests_per_s: f64) -> Option<Self> {
        let each = *plan.scenario.clients.retry_budget?;
        let saved = each * requests_per_s * RETRY_BUDGET_SPAN.value;
        // Who asks rarely saves for longer, or could never try again.
        Some(Self { left: saved, most: saved.max(1.0), each, refused: 0 })
    }

    /// A request begins.
    pub fn deposit(&mut self) {
        self.left = (self.left + self.each).min(self.most);
    }

    /// Whether a request may be tried again, which takes a token.
    pub fn withdraw(&mut self) -> bool {
        debug_assert!((0.0..=self.most).contains(&self.left), "no more than was saved");
        let may = self.left >= 1.0;
        if may {
            self.left -= 1.0;
        } else {
            self.refused += 1;
        }
        may
    }
}
