//! Reads by lease: a region's own copy answers, and once a second the region asks for its lease. What a lease is, and why such reads
//! are the newest, is said in `system::read_lease`.

use super::System;
use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{RegionId, Ticket, VersionId};
use crate::model::plan::{Plan, Site};
use crate::system::call::{Call, State};
use crate::system::consensus::{Ballot, Phase};
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::network::{Cargo, Flight, Shown};
use crate::system::quorum::Proposal;
use crate::system::timer::RequestTimer;

/// How long a lease lasts. Writes of one region stand still for so long if the other vanishes.
const LEASE: SimDuration = SimDuration::from_micros(3_000_000);
/// A round that has waited for so long for the other region keeps its lease from being renewed.
const PATIENCE: SimDuration = SimDuration::from_micros(500_000);
/// With less of its lease left a region asks the witness too.
const LATE: SimDuration = SimDuration::from_micros(1_500_000);
/// How often a read looks again whether that has come.
const LOOK: SimDuration = SimDuration::from_micros(2_000);
/// The most keys that are sent at once to a region that was away.
const AT_ONCE: usize = 256;

/// What a message about leases is for.
enum Kind {
    Ask,
    Grant,
    CatchUp,
    CaughtUp,
}

fn draws(ctx: &Context<'_>, kind: Kind, region: RegionId, key: u16) -> Draws {
    let thing = (kind as u64) << 8 | u64::from(region.0);
    ctx.chance(Purpose::ReadLease, thing, ctx.now.micros() / 1_000_000, key.into())
}

impl System {
    /// The region that may be reading what it has by itself, so that a round of this one needs it.
    pub(super) fn reader_beside(&self, ctx: &Context<'_>, region: RegionId) -> Option<RegionId> {
        self.databases[region.index()].registers.lease.reader(ctx.now)
    }

    /// Whether a witness has promised to another region to vote in no round of this one.
    pub(super) fn abstains(&self, ctx: &Context<'_>, here: RegionId, from: RegionId) -> bool {
        let promised = self.databases[here.index()].registers.lease.reader(ctx.now);
        ctx.plan.blueprint.is_witness(here) && promised.is_some_and(|reader| reader != from)
    }

    /// A region has accepted what a round of another proposes. A witness owes that to the one that serves beside it.
    pub(super) fn note_accepted(
        &mut self,
        ctx: &Context<'_>,
        (here, from): (RegionId, RegionId),
        (key, ballot): (u16, Ballot),
    ) {
        let Some(peer) = ctx.plan.lease_peer(from) else { return };
        let lease = &mut self.databases[here.index()].registers.lease;
        if ctx.plan.blueprint.is_witness(here) {
            lease.owed.insert((peer, key), ballot);
            lease.has(from, key, ballot);
        } else {
            lease.accepted(key, ctx.now);
        }
    }

    /// A round has ended. If the other region that serves has not accepted what it chose, that is owed to it.
    pub(super) fn note_owed(&mut self, plan: &Plan, proposal: &Proposal) {
        let Proposal { key, region, round, .. } = *proposal;
        let Some(peer) = plan.lease_peer(region) else { return };
        let lease = &mut self.databases[region.index()].registers.lease;
        debug_assert!(matches!(round.phase(), Phase::Accept(_)), "what was chosen was proposed");
        if round.asks(peer) {
            lease.owed.insert((peer, key), round.ballot());
        } else {
            lease.has(peer, key, round.ballot());
        }
    }

    /// A read is answered by the region's own copy if it has a lease. Under a key where it has accepted what it does not know to be
    /// chosen, it waits for that.
    pub(super) fn read_by_lease(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call) {
        let (key, database) = (call.attempt.key, &self.databases[call.to.index()]);
        let (lease, version) = (&database.registers.lease, database.versions[usize::from(key)]);
        let (ballot, accepted) = database.registers.of(key).shown();
        // What this region itself is writing is not there yet: nobody ends that but this region, or with what it accepts later. If
        // its round has begun again, it may have accepted that already.
        let writes = database.registers.tentative.get(key).and_then(|id| self.proposals.get(*id));
        let knows = |id: VersionId| database.seen[usize::from(key)].covers(id);
        // But what it builds on may have been chosen, by another that this region has only accepted.
        let own = writes.is_some_and(|write| {
            !write.renewed
                && write.round.ballot() == ballot
                && write.round.base().is_none_or(|base| knows(base.id))
        });
        let known = own || knows(accepted.id);
        let comes = lease.is_about_to_learn(key, ctx.now);
        if lease.held <= ctx.now || !(known || comes) {
            self.read_by_round(ctx, ticket, call);
        } else if known {
            self.done_storing(ctx, ticket, Self::read_of(&version));
        } else {
            if let Some(call) = self.calls.get_mut(ticket) {
                call.state = State::Lagging;
            }
            ctx.after(LOOK, RequestTimer::Stored.of(ticket));
        }
    }

    /// Regions that read by themselves ask each other for a lease, once a second; and the witness, if the other does not answer.
    pub(crate) fn ask_for_leases(&mut self, ctx: &mut Context<'_>) {
        for region in ctx.plan.region_ids() {
            let Some(peer) = ctx.plan.lease_peer(region) else { continue };
            let database = &self.databases[region.index()];
            if database.status != Status::Up {
                continue;
            }
            let witness = self.others(region).find(|other| *other != peer);
            let late = database.registers.lease.held < ctx.now + LATE;
            for grantor in witness.filter(|_| late).into_iter().chain([peer]) {
                let draws = draws(ctx, Kind::Ask, region, u16::from(grantor.0));
                self.send_lease(ctx, (region, grantor), Cargo::AskLease, draws);
            }
        }
    }

    fn send_lease(
        &mut self,
        ctx: &mut Context<'_>,
        (from, to): (RegionId, RegionId),
        cargo: Cargo,
        draws: Draws,
    ) {
        self.network.send(ctx, draws, Site::Region(from), Site::Region(to), cargo);
    }

    /// A message about leases has come.
    pub(super) fn on_lease_message(&mut self, ctx: &mut Context<'_>, flight: &Flight) {
        let (Site::Region(from), Site::Region(here)) = (flight.from, flight.to) else { return };
        let up = self.databases[here.index()].status == Status::Up;
        if let Cargo::CatchUp(shown) = flight.cargo {
            if let Some(shown) = self.network.take_aside(shown).filter(|_| up) {
                self.catch_up(ctx, &shown, (from, here));
            }
            return;
        }
        if !up {
            return;
        }
        let lease = &mut self.databases[here.index()].registers.lease;
        if let Cargo::GrantLease(until) = flight.cargo {
            lease.held = lease.held.max(until);
        } else if let Cargo::CaughtUp(key, ballot) = flight.cargo {
            lease.has(from, key, ballot);
        } else {
            self.on_lease_asked(ctx, (from, here), flight.sent);
        }
    }

    /// A region hears what it lacks under a key.
    fn catch_up(&mut self, ctx: &mut Context<'_>, shown: &Shown, (from, here): (RegionId, RegionId)) {
        let Shown { ballot, key, accepted, version } = *shown;
        let own = &mut self.databases[here.index()].registers;
        let has = own.accept(key, (accepted, version, accepted)).is_ok() || own.of(key).shown().0 >= accepted;
        let chosen = ballot == accepted;
        if chosen {
            self.learn(ctx, here, key, version);
        }
        if has || chosen {
            let cargo = Cargo::CaughtUp(key, accepted);
            self.send_lease(ctx, (here, from), cargo, draws(ctx, Kind::CaughtUp, here, key));
        }
    }

    /// A region asks for a lease, at a moment of its own. It gets what it lacks first, and nothing while a round waits for it in
    /// vain, or while another has the promise.
    fn on_lease_asked(&mut self, ctx: &mut Context<'_>, (from, here): (RegionId, RegionId), asked: SimTime) {
        let majority = self.majority();
        let waits = |it: &Proposal| {
            let old = ctx.now.since(it.began) >= PATIENCE;
            old && it.region == here && it.round.is_accepted(majority) && it.round.asks(from)
        };
        let lease = &self.databases[here.index()].registers.lease;
        let taken = lease.reader(ctx.now).is_some_and(|reader| reader != from);
        if taken || self.proposals.iter().any(waits) {
            return;
        }
        let keys: Vec<u16> = lease.owed_to(from).map(|(key, _)| key).take(AT_ONCE).collect();
        if keys.is_empty() {
            self.databases[here.index()].registers.lease.promised = Some((from, ctx.now + LEASE));
            let cargo = Cargo::GrantLease(asked + LEASE);
            self.send_lease(ctx, (here, from), cargo, draws(ctx, Kind::Grant, here, from.0.into()));
        }
        for key in keys {
            let database = &self.databases[here.index()];
            let (accepted, version) = database.registers.of(key).shown();
            // It may be that of a round which has not ended.
            let chosen = database.seen[usize::from(key)].covers(version.id);
            let ballot = if chosen { accepted } else { Ballot::NONE };
            let shown = Shown { ballot, key, accepted, version };
            let cargo = Cargo::CatchUp(self.network.keep_aside(shown));
            self.send_lease(ctx, (here, from), cargo, draws(ctx, Kind::CatchUp, here, key));
        }
    }
}
