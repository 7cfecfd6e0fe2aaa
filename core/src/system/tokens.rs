//! What an idempotent database knows a write by that is asked for again: a token that came with the write and is kept with its
//! version. A copy knows those of the versions that it has.

use super::System;
use crate::kernel::id::{VersionId, WriteId};
use crate::kernel::pieces::Pieces;
use crate::model::plan::Plan;
use crate::system::call::Call;
use crate::system::context::Context;
use crate::system::occurrence::Occurrence;

/// The versions that writes were committed as. Only what went through a queue is kept: what a client writes is asked for again
/// by that client alone, which is still there.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// The first version of each write, by the number of the write less one.
    first: Pieces<Option<VersionId>>,
    /// Later versions of the same writes. Nobody asks for these if writes are not idempotent, and then there are none.
    again: Vec<(WriteId, VersionId)>,
}

impl Tokens {
    /// A write was committed as a version.
    fn note(&mut self, plan: &Plan, write: WriteId, version: VersionId) {
        debug_assert!(write.0 > 0 && version.is_written(), "a client's write was committed");
        let place = (write.0 - 1) as usize;
        while self.first.len() <= place {
            self.first.push(None);
        }
        match self.first.get_mut(place) {
            Some(first @ None) => *first = Some(version),
            Some(Some(first)) if plan.scenario.database.idempotent && *first != version => {
                self.again.push((write, version));
            }
            Some(Some(_)) | None => {}
        }
    }

    /// The versions of a write, in the order in which they were committed.
    pub fn of(&self, write: WriteId) -> impl Iterator<Item = VersionId> + '_ {
        let first = (write.0 as usize).checked_sub(1).and_then(|place| self.first.get(place)).copied();
        let again = self.again.iter().filter(move |(other, _)| *other == write).map(|(_, version)| *version);
        first.flatten().into_iter().chain(again)
    }
}

impl System {
    /// A write was committed as a version, and may come once more out of a queue.
    pub(super) fn note_token(&mut self, plan: &Plan, write: WriteId, version: VersionId) {
        if plan.has_queues() {
            self.tokens.note(plan, write, version);
        }
    }

    /// The version, if an earlier attempt, or an earlier delivery, has committed the same write. With idempotent writes, and if
    /// this copy has it, it is not committed again; else it is, and that is told.
    pub(super) fn committed_before(
        &mut self,
        ctx: &mut Context<'_>,
        call: &Call,
        write: WriteId,
    ) -> Option<VersionId> {
        let seen = self.databases[call.to.index()].seen[usize::from(call.attempt.key)];
        let idempotent = ctx.plan.scenario.database.idempotent;
        let versions = || self.tokens.of(write).chain(self.clients.earlier(call.attempt.request, write));
        let first = versions().next()?;
        debug_assert!(first.is_written(), "what was committed has a number");
        let here = versions().find(|version| idempotent && seen.covers(*version));
        if here.is_some() {
            return here;
        }
        self.count_duplicate(call);
        ctx.tell(Occurrence::Duplicated(write));
        None
    }
}
