//! Requests on top of the usual ones, while a surge lasts.

use crate::kernel::chance::Purpose;
use crate::kernel::id::{EntryId, PopulationId, Ticket};
use crate::system::clients::Clients;
use crate::system::context::Context;
use crate::system::surge::{ORDERED, SURGED, Surge};
use crate::system::timer::ClientTimer;

impl Clients {
    /// Every population asks this many times as much from now on.
    pub fn begin_surge(&mut self, ctx: &mut Context<'_>, factor: f64, entry: EntryId) {
        debug_assert!(factor >= 1.0, "a surge stops nobody");
        let turn = self.surge.turn.wrapping_add(1);
        self.surge = Surge { more: factor - 1.0, turn, entry: Some(entry) };
        for index in 0..self.populations.len() {
            self.expect_surged(ctx, PopulationId(index as u8));
        }
    }

    /// Nobody asks more than usual any more.
    pub fn end_surge(&mut self) {
        debug_assert!(self.surge.entry.is_some(), "what ends has begun");
        self.surge.more = 0.0;
    }

    fn expect_surged(&self, ctx: &mut Context<'_>, id: PopulationId) {
        let population = &self.populations[id.index()];
        if self.surge.more > 0.0 && population.mean_gap_s.is_finite() {
            let n = SURGED + population.surged;
            let mut draws = ctx.chance(Purpose::Arrival, id.0.into(), n.into(), 0);
            let gap = draws.exponential(population.mean_gap_s / self.surge.more);
            ctx.round_s(gap, ClientTimer::Surged(id, self.surge.turn));
        }
    }

    /// A population asks for something more; the next time is planned too. `None` if that surge is over.
    pub fn arrive_surged(&mut self, ctx: &mut Context<'_>, id: PopulationId, turn: u16) -> Option<Ticket> {
        if self.surge.more <= 0.0 || self.surge.turn != turn {
            return None;
        }
        let n = SURGED + self.populations[id.index()].surged;
        debug_assert!(n < ORDERED, "ordered requests have numbers of their own");
        self.populations[id.index()].surged += 1;
        self.expect_surged(ctx, id);
        Some(self.wish(ctx, id, n))
    }
}
