//! Answers to clients, judged by what they and others were told before: stale reads and session guarantees.

use super::Observer;
use crate::kernel::id::{EntryId, RegionId};
use crate::kernel::region_map::RegionMap;
use crate::model::Rule;
use crate::observer::metrics::Labels;
use crate::system::System;
use crate::system::context::Context;
use crate::system::failure::Failure;
use crate::system::history::{Heard, Outcome};
use crate::system::occurrence::{Answered, Asked};
use crate::system::storage::reads_own_copy;

impl Observer {
    /// A request has begun: what a read finds will be compared with what its session knows of the key now.
    pub(super) fn on_sent(&mut self, ctx: &mut Context<'_>, asked: &Asked) {
        debug_assert_eq!(asked.attempt, 0, "a request is heard of at its first attempt");
        self.metrics.sent(asked.population);
        self.service.seconds.sent(asked.population, asked.write.is_some(), ctx.now);
        if asked.write.is_none() {
            self.sessions.begin(asked);
            self.staleness.begin(asked.ticket.slot as usize, asked.key);
            if ctx.plan.has_queues() {
                self.queued.seek(asked.ticket.slot as usize, asked.key);
            }
        }
        if let Some(operations) = &mut ctx.record.operations {
            let session = (asked.population, asked.connection);
            let may_be_behind = asked.write.is_none() && reads_own_copy(ctx.plan, asked.population, asked.n);
            operations.begin(asked.ticket, session, ctx.now, (asked.key, asked.write), may_be_behind);
        }
    }

    /// A client is told that its request is done.
    pub(super) fn on_served(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        asked: &Asked,
        answered: &Answered,
    ) {
        debug_assert!(asked.began <= ctx.now, "an answer comes after its question");
        let number = self.ledger.number(answered.version);
        debug_assert!(asked.write.is_none() || number > 0, "a write that was done is in the ledger");
        let write = asked.write.unwrap_or(answered.found.write);
        let told = (answered.version, answered.found.seen);
        let mut labels = Labels::default();
        if asked.write.is_none() {
            let sight = self.staleness.judge(&self.ledger, asked.ticket.slot as usize, told);
            (labels.stale, labels.of_a_gap) = (sight.stale, sight.gap);
            // A session was told of nothing that nobody was told of.
            if !self.staleness.has_all(asked.key, told) {
                let broken = self.sessions.judge((&self.staleness, &self.ledger), asked, told);
                (labels.misses_own, labels.goes_back) = (broken.misses_own, broken.goes_back);
                labels.by_loss = !sight.stale && (broken.misses_own || broken.goes_back);
            }
            labels.misses_queued =
                ctx.plan.has_queues() && self.misses_queued(system, asked, &answered.found);
        }
        let value = Some(write).filter(|write| write.0 > 0);
        let side_by_side = matches!(ctx.plan.rule(), Rule::Siblings | Rule::Merge);
        let newest = |region| self.ledger.number(answered.found.seen.newest_of(region));
        let holds = (side_by_side && ctx.record.operations.is_some()).then(|| RegionMap::from_fn(newest));
        let heard = Heard { value, region: Some(answered.region), number, holds };
        record_end(ctx, asked, Outcome::Done, heard);
        let took = ctx.now.since(asked.began);
        self.metrics.served(asked.population, asked.write.is_some(), took, labels);
        self.metrics.took(asked.population, asked.write.is_some(), took);
        self.service.seconds.served(asked.population, asked.write.is_some(), asked.began);
        if asked.write.is_some() {
            let newest = &mut self.newest[usize::from(asked.key)];
            *newest = (*newest).max(number);
            self.ledger.acknowledge(number, ctx.now);
        }
        self.staleness.tell(&mut self.ledger, asked.key, told);
        self.sessions.tell((&self.staleness, &self.ledger), asked, told);
    }

    /// A client is told that its write was refused. An earlier attempt may have been done all the same.
    pub(super) fn on_refused(&mut self, ctx: &mut Context<'_>, asked: &Asked, region: RegionId) {
        debug_assert!(asked.write.is_some(), "only writes are refused");
        let outcome = if asked.attempt == 0 { Outcome::Failed } else { Outcome::Unknown };
        record_end(ctx, asked, outcome, Heard { region: Some(region), ..Heard::default() });
        self.service.seconds.served(asked.population, true, asked.began);
        self.metrics.served(asked.population, true, ctx.now.since(asked.began), Labels::default());
    }

    /// A client gives up. What it wanted to write may be written.
    pub(super) fn on_given_up(
        &mut self,
        ctx: &mut Context<'_>,
        asked: &Asked,
        cause: Option<EntryId>,
        failure: Failure,
    ) {
        debug_assert!(asked.began <= ctx.now, "nobody gives up before it has begun");
        let outcome = if asked.write.is_some() { Outcome::Unknown } else { Outcome::Failed };
        record_end(ctx, asked, outcome, Heard::default());
        self.metrics.failed(asked.population, cause, failure);
        let incident = self.incident_of(ctx, cause);
        if let (Failure::LoggedOut, Some(incident)) = (failure, incident) {
            self.incidents[incident].sessions_lost += 1;
        }
        self.service.failed(asked.population, asked.write.is_some(), asked.began, incident);
    }
}

fn record_end(ctx: &mut Context<'_>, asked: &Asked, outcome: Outcome, heard: Heard) {
    if let Some(operations) = &mut ctx.record.operations {
        operations.end(asked.ticket, (asked.population, asked.connection), ctx.now, outcome, heard);
    }
}
