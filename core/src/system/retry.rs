//! When a client tries again, and when it does not.

use crate::kernel::chance::Purpose;
use crate::kernel::id::Ticket;
use crate::system::call::request_thing;
use crate::system::clients::Clients;
use crate::system::context::Context;
use crate::system::retry_budget::RetryBudget;
use crate::system::timer::RequestTimer;

impl Clients {
    /// Plans another attempt after a capped exponential pause with full jitter. False if none is left, or the budget of its city
    /// is spent.
    pub fn retry(&mut self, ctx: &mut Context<'_>, ticket: Ticket) -> bool {
        let clients = &ctx.plan.scenario.clients;
        let Some(request) = self.requests.get_mut(ticket) else { return false };
        if u32::from(request.attempt) >= clients.retries {
            return false;
        }
        let budget = &mut self.populations[request.population.index()].budget;
        if !budget.as_mut().is_none_or(RetryBudget::withdraw) {
            return false;
        }
        debug_assert!(request.attempt < 32, "a pause is doubled once for each attempt");
        let pause = (clients.backoff_base_s * f64::from(1u32 << request.attempt)).min(*clients.backoff_cap_s);
        request.attempt += 1;
        if let Some(write) = request.write {
            self.retried.insert(write, request.committed);
        }
        let thing = request_thing(request.population, request.n);
        let jitter = ctx.chance(Purpose::Backoff, thing, request.attempt.into(), 0).uniform();
        ctx.after_s(pause * jitter, RequestTimer::Attempt.of(ticket));
        true
    }
}
