//! What the journal says of missing writes: each by name, up to a number, then how many more; and how many are there again.

use super::Observer;
use crate::kernel::clock::SimDuration;
use crate::observer::ledger::Line;
use crate::system::context::Context;
use crate::system::journal::What;
use std::sync::Arc;

/// Missing writes that get a line each in the journal, for each reason; of more there is one line with their number.
const NAMED_EACH: usize = 40;
/// Writes that go missing one by one are told of when none has for this long.
const CALM: SimDuration = SimDuration::from_micros(60_000_000);

impl Observer {
    /// A second has passed: the journal says which writes have gone missing in it and stayed so, and how many are there
    /// again. What was on its way to a copy when its region went dark has arrived by then.
    pub(super) fn tell_losses(&mut self, ctx: &mut Context<'_>) {
        let untold = self.losses.reasons.iter().any(|reason| reason.untold > 0);
        if !std::mem::take(&mut self.losses.changed) && !untold {
            return;
        }
        let missing = self.losses.missing();
        let told = std::mem::take(&mut self.losses.told);
        let mut told = told.iter().copied().peekable();
        let mut returned = 0;
        // In coarse steps no single write is named.
        let named_each = if ctx.plan.step() == 1 { NAMED_EACH } else { 0 };
        let lost_otherwise =
            |observer: &Self, number: u32| observer.ledger.get(number.into()).is_some_and(Line::is_collided);
        for missing in &missing {
            while let Some(number) = told.next_if(|number| *number < missing.number) {
                returned += u32::from(!lost_otherwise(self, number));
            }
            if told.next_if(|number| *number == missing.number).is_some() {
                continue;
            }
            let place = usize::from(missing.reason);
            let Some(commit) = self.ledger.get(missing.number.into()).map(Line::commit) else { continue };
            debug_assert!(commit.acknowledged && commit.at <= ctx.now, "what was acknowledged is missed");
            let reason = &mut self.losses.reasons[place];
            reason.newest = ctx.now;
            if reason.named < named_each {
                reason.named += 1;
                ctx.note(reason.because.or(ctx.cause()), What::WriteMissing(commit.write, missing.state));
                self.losses.keep_name(commit);
            } else {
                reason.untold += 1;
            }
        }
        for number in told {
            returned += u32::from(!lost_otherwise(self, number));
        }
        self.losses.told = Arc::new(missing.iter().map(|missing| missing.number).collect());
        if returned > 0 {
            ctx.note(None, What::WritesReturned(returned));
        }
        // Those that go missing one by one are told of when that ends.
        for reason in &mut self.losses.reasons {
            let at_once = std::mem::replace(&mut reason.is_new, false);
            if reason.untold > 0 && (at_once || ctx.now.since(reason.newest) >= CALM) {
                let more = std::mem::take(&mut reason.untold);
                ctx.note(reason.because.or(ctx.cause()), What::MoreWritesMissing(more, reason.state));
            }
        }
    }
}
