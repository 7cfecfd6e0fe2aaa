//! What an idempotent database knows a write by that is asked for again: a token that came with the write and is kept with its
//! version. A copy knows those of the versions that it has.

use super::System;
use crate::kernel::id::{VersionId, WriteId};
use crate::kernel::pieces::Pieces;
use crate::model::Rule;
use crate::model::plan::Plan;
use crate::system::call::{Attempt, Call};
use crate::system::context::Context;
use crate::system::occurrence::Occurrence;
use crate::system::version::Seen;

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
        if plan.has_queues() || plan.rule() == Rule::Quorum {
            self.tokens.note(plan, write, version);
        }
    }

    /// A version of a write was given up: no copy will ever have it.
    pub(super) fn forget_token(&mut self, write: WriteId, version: VersionId) {
        self.tokens.again.retain(|known| *known != (write, version));
        let place = (write.0 as usize).checked_sub(1);
        if let Some(first) =
            place.and_then(|place| self.tokens.first.get_mut(place)).filter(|it| **it == Some(version))
        {
            let next = self.tokens.again.iter().position(|(known, _)| *known == write);
            *first = next.map(|next| self.tokens.again.remove(next).1);
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
        let first = self.versions_of(&call.attempt, write).next()?;
        debug_assert!(first.is_written(), "what was committed has a number");
        let here = self.known_in(ctx.plan, &call.attempt, write, seen);
        if here.is_none() {
            self.count_duplicate(call);
            ctx.tell(Occurrence::Duplicated(write));
        }
        here
    }

    fn versions_of(&self, attempt: &Attempt, write: WriteId) -> impl Iterator<Item = VersionId> + '_ {
        self.tokens.of(write).chain(self.clients.earlier(attempt.request, write))
    }

    /// The version as which something that has seen this has a write already, if writes are idempotent.
    pub(super) fn known_in(
        &self,
        plan: &Plan,
        attempt: &Attempt,
        write: WriteId,
        seen: Seen,
    ) -> Option<VersionId> {
        let idempotent = plan.scenario.database.idempotent;
        self.versions_of(attempt, write).find(|version| idempotent && seen.covers(*version))
    }
}
