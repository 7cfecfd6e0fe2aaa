//! When a fleet is full, and when the journal says so: spells that follow one another closely are one overload.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId};
use crate::system::context::Context;
use crate::system::journal::What;

/// A fleet has room again after so long without more than one refusal in twenty.
const QUIET: SimDuration = SimDuration::from_micros(30_000_000);
/// An overload that returns within so long after it ended is the same one.
const SAME: SimDuration = SimDuration::from_micros(300_000_000);

/// Whether a fleet is full, and what the journal has said of it.
#[derive(Clone, Debug, Default)]
pub struct Overload {
    /// The journal entry of the overload, while the fleet is full.
    pub full_by: Option<EntryId>,
    told: Option<Told>,
}

/// An overload of which the journal has told the beginning, and not yet the end.
#[derive(Clone, Debug)]
struct Told {
    entry: EntryId,
    cause: Option<EntryId>,
    since: SimTime,
    last_refusal: SimTime,
    times: u32,
}

impl Overload {
    /// Whether requests have been refused lately.
    pub const fn is_full(&self) -> bool {
        self.full_by.is_some()
    }

    /// A second in which too many requests were refused. `cause`: the youngest entry that helped to fill the fleet.
    pub(super) fn refused(&mut self, ctx: &mut Context<'_>, region: RegionId, cause: Option<EntryId>) {
        let full = self.is_full();
        match &mut self.told {
            // What is full because of something younger is another overload, and its line ends the one before.
            Some(told) if !follows(ctx, cause, told.cause) => {
                told.last_refusal = ctx.now;
                told.times += u32::from(!full);
                self.full_by = Some(told.entry);
            }
            Some(_) | None => {
                let entry = ctx.note(cause, What::Overloaded(region));
                self.told = Some(Told { entry, cause, since: ctx.now, last_refusal: ctx.now, times: 1 });
                self.full_by = Some(entry);
            }
        }
        debug_assert!(self.is_full() && self.told.is_some(), "an overload is in the journal");
    }

    /// A second in which hardly any request was refused.
    pub(super) fn quiet(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        debug_assert!(self.told.is_some() || !self.is_full(), "an overload is in the journal");
        let Some(told) = &self.told else { return };
        let quiet = ctx.now.since(told.last_refusal);
        if quiet > QUIET {
            self.full_by = None;
        }
        if quiet > QUIET + SAME {
            let lasted_s = told.last_refusal.since(told.since).secs().round() as u32;
            ctx.note(None, What::OverloadEnded { region, times: told.times, lasted_s });
            self.told = None;
        }
    }
}

/// Whether what fills a fleet has a younger trigger than what had filled it.
fn follows(ctx: &Context<'_>, cause: Option<EntryId>, before: Option<EntryId>) -> bool {
    let trigger = |entry: Option<EntryId>| entry.and_then(|entry| ctx.record.triggers.of(entry));
    debug_assert!(trigger(None).is_none(), "nothing has no trigger");
    trigger(cause) > trigger(before)
}
