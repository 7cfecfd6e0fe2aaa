//! What regions of a quorum hear over the wires: what rounds ask, what is answered, and what was chosen.

use super::System;
use crate::kernel::id::{RegionId, Ticket};
use crate::model::Rule;
use crate::model::plan::{Plan, Site};
use crate::system::consensus::{Ballot, Phase};
use crate::system::context::Context;
use crate::system::database::Status;
use crate::system::network::{Cargo, Flight, Shown};
use crate::system::occurrence::{Occurrence, Placed};
use crate::system::quorum::Talk;
use crate::system::registers::Refusal;
use crate::system::version::Version;

impl System {
    /// A message of a round has come.
    pub(super) fn on_round(&mut self, ctx: &mut Context<'_>, flight: &Flight) {
        let Site::Region(from) = flight.from else { return };
        if let Cargo::Propose(id, ballot, proposes) = flight.cargo {
            self.on_asked(ctx, id, (ballot, proposes), flight.to);
        } else if let Cargo::Promise(id, shown) = flight.cargo {
            if let Some(Shown { ballot, accepted, version, .. }) = self.network.take_aside(shown) {
                self.on_promised(ctx, id, from, (ballot, (accepted, version)));
            }
        } else if let Cargo::Vote(id, ballot) = flight.cargo {
            self.on_vote(ctx, id, from, ballot);
        } else if let Cargo::Outbid(id, ballot, promised) = flight.cargo {
            self.on_refused(ctx, id, from, (ballot, Refusal::Outbid(promised)));
        } else if let Cargo::Later(id, ballot, first) = flight.cargo {
            self.on_refused(ctx, id, from, (ballot, Refusal::Later(first)));
        }
    }

    /// A round of another region asks this one for a promise, or to accept what it proposes.
    fn on_asked(&mut self, ctx: &mut Context<'_>, id: Ticket, (ballot, proposes): (Ballot, bool), to: Site) {
        let (Some(&proposal), Site::Region(here)) = (self.proposals.get(id), to) else { return };
        let (round, key) = (proposal.round, proposal.key);
        let database = &self.databases[here.index()];
        // What belongs to an earlier turn of the round is as good as lost.
        if round.ballot() != ballot
            || database.status != Status::Up
            || self.abstains(ctx, here, proposal.region)
        {
            return;
        }
        let own = &mut self.databases[here.index()].registers;
        let cargo = match *round.phase() {
            Phase::Accept(value) if proposes => match own.accept(key, (ballot, value, round.next())) {
                Ok(()) => {
                    self.note_accepted(ctx, (here, proposal.region), (key, ballot));
                    Cargo::Vote(id, ballot)
                }
                Err(promised) => Cargo::Outbid(id, ballot, promised),
            },
            Phase::Prepare(_) | Phase::Accept(_) => {
                match own.prepare(ctx.now, key, (id, proposal.age(), ballot)) {
                    Ok((accepted, version)) => {
                        Cargo::Promise(id, self.network.keep_aside(Shown { ballot, key, accepted, version }))
                    }
                    Err(Refusal::Outbid(promised)) => Cargo::Outbid(id, ballot, promised),
                    Err(Refusal::Later(first)) => Cargo::Later(id, ballot, first),
                }
            }
        };
        let ends = (Site::Region(here), Site::Region(proposal.region));
        let yes = !matches!(cargo, Cargo::Outbid(..) | Cargo::Later(..));
        let draws = proposal.draws(ctx, Talk::Answer(here));
        self.network.send_request(ctx, draws, ends, cargo, proposal.version.is_some(), yes);
    }

    /// A region has shown what it has accepted, or what was chosen.
    pub(super) fn on_shown(&mut self, ctx: &mut Context<'_>, flight: &Flight, shown: &Shown) {
        if let Cargo::Inquire(inquiry, _) = flight.cargo {
            self.on_inquiry(ctx, inquiry, shown, flight.to);
        } else if let Cargo::Inform(inquiry, _) = flight.cargo {
            self.on_informed(ctx, inquiry, shown, flight.from);
        } else {
            self.on_learned(ctx, shown, flight.to);
        }
    }

    /// Another region says what was chosen.
    fn on_learned(&mut self, ctx: &mut Context<'_>, shown: &Shown, to: Site) {
        let Site::Region(here) = to else { return };
        let database = &mut self.databases[here.index()];
        if database.status != Status::Up {
            return;
        }
        // One that has promised more since keeps what it has.
        let _kept = database.registers.accept(shown.key, (shown.accepted, shown.version, shown.accepted));
        self.learn(ctx, here, shown.key, shown.version);
    }

    /// A region hears that a version was chosen.
    pub(super) fn learn(&mut self, ctx: &mut Context<'_>, region: RegionId, key: u16, version: Version) {
        let database = &mut self.databases[region.index()];
        database.registers.lease.learned(key);
        if database.seen[usize::from(key)].covers(version.id) {
            return;
        }
        ctx.tell(Occurrence::Agreed(version.id, None));
        database.take(key, version, ctx.plan.rule());
        ctx.tell(Occurrence::TakenIn(Placed { key, region, version: version.id }, false));
    }

    /// What stands under a key was put there in every region at once, by whoever runs or ruins the service: a restore, or data
    /// that is ruined. Rounds that are under way find it when they ask. A region that does not answer hears of it later.
    pub(super) fn overwrite(&mut self, plan: &Plan, region: RegionId, key: u16) {
        if plan.rule() != Rule::Quorum {
            return;
        }
        let place = usize::from(key);
        let version = self.databases[region.index()].versions[place];
        let highest = self.databases.iter().map(|database| database.registers.of(key).promised()).max();
        let own = self.databases[region.index()].registers.of_mut(key);
        let ballot = own.draw(region, highest.unwrap_or_default());
        for database in self.databases.iter_mut().filter(|database| database.status == Status::Up) {
            let taken = database.registers.accept(key, (ballot, version, ballot));
            debug_assert_eq!(taken, Ok(()), "nobody has promised a higher ballot");
        }
    }
}
