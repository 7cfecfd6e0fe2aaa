//! What comes to machines: each timer and each message goes to the part that it is for. A lost message is reported to
//! nobody: its sender times out.

use super::System;
use crate::kernel::id::{EntryId, FlightId};
use crate::model::plan::Site;
use crate::system::context::Context;
use crate::system::event::Timer;
use crate::system::network::{Cargo, Flight, Loss};

impl System {
    /// A timer is over: the part that asked for it wakes.
    pub(crate) fn wake(&mut self, ctx: &mut Context<'_>, timer: Timer) {
        match timer {
            Timer::Request(timer, ticket) => self.on_request_timer(ctx, timer, ticket),
            Timer::Clients(timer) => self.on_client_timer(ctx, timer),
            Timer::Fleet(timer) => self.on_fleet_timer(ctx, timer),
            Timer::Route53(timer) => self.on_route53_timer(ctx, timer),
            Timer::Database(timer) => self.on_database_timer(ctx, timer),
            Timer::Backups(timer) => self.on_backup_timer(ctx, timer),
            Timer::Queue(timer) => self.on_queue_timer(ctx, timer),
            Timer::Controller(timer) => self.on_controller_timer(ctx, timer),
        }
    }

    /// A message arrives, or is found lost.
    pub(crate) fn land(&mut self, ctx: &mut Context<'_>, id: FlightId) {
        let Some(&flight) = self.network.land(ctx, id) else { return };
        debug_assert!(flight.sent <= ctx.now && flight.from != flight.to, "it has come from elsewhere");
        let dark = match flight.to {
            Site::Region(region) => self.dark[region.index()],
            Site::City(_) | Site::Checker(_) | Site::Desk => false,
        };
        if dark || flight.loss != Loss::None {
            let why = if dark { self.why_dark(flight.to) } else { self.why_lost(&flight) };
            self.lose(&flight, why);
            return;
        }
        match flight.cargo {
            Cargo::Connect(call) => self.accept(ctx, call),
            Cargo::Accept(call) => self.on_accepted(ctx, call),
            Cargo::Ask(call) => self.balance(ctx, call),
            Cargo::Answer(call) => self.on_answer(ctx, call),
            Cargo::Forward(call) => self.on_forwarded(ctx, call),
            Cargo::Reply(call) => self.on_reply(ctx, call),
            Cargo::Batch(first, end) => self.on_batch(ctx, &flight, (first, end)),
            Cargo::Acknowledge(position) => self.on_acknowledged(ctx, &flight, position),
            Cargo::Propose(..)
            | Cargo::Promise(..)
            | Cargo::Vote(..)
            | Cargo::Outbid(..)
            | Cargo::Later(..) => {
                self.on_round(ctx, &flight);
            }
            Cargo::Learn(shown) | Cargo::Inquire(_, shown) | Cargo::Inform(_, shown) => {
                if let Some(shown) = self.network.take_aside(shown) {
                    self.on_shown(ctx, &flight, &shown);
                }
            }
            Cargo::Probe(endpoint, checker, serial) => {
                self.on_probe(ctx, endpoint, checker, serial, flight.from);
            }
            Cargo::ProbeAnswer(endpoint, checker, serial, passed) => {
                self.judged(ctx, endpoint, |route53, ctx| {
                    route53.judge(ctx, endpoint, checker, serial, passed);
                });
            }
            Cargo::Canary(round, place) => self.on_canary(ctx, &flight, round, place),
            Cargo::CanaryAnswer(round, well) => self.on_canary_answer(round, well),
            Cargo::Counted(period, served, failed) => {
                if let Site::Region(region) = flight.from {
                    self.on_counted(region, flight.writes, (period, served, failed));
                }
            }
            Cargo::Paged(region, on) => self.on_paged(ctx, region, on),
            Cargo::ControlCall(name, asks) => self.on_control_call(ctx, &flight, name, asks),
            Cargo::ControlAnswer(name, reply) => self.on_control_answer(ctx, &flight, name, reply),
            Cargo::Part(number, part) => self.on_part(ctx, &flight, number, part),
            Cargo::PartArrived(number, part) => self.on_part_arrived(number, part),
            Cargo::SnapshotPart(name, part) => self.on_snapshot_part(ctx, &flight, name, part),
            Cargo::SnapshotPartArrived(name, part) => self.backups.part_acknowledged(name, part),
            Cargo::LogPart(until_us) => {
                if let Site::Region(region) = flight.from {
                    self.backups.log_copied(region, until_us);
                }
            }
            Cargo::Claim(partition, claim) => self.on_claim(ctx, &flight, partition, claim),
            Cargo::Acknowledged(partition, epoch) => self.on_claim_acknowledged(&flight, partition, epoch),
            Cargo::Deliver(delivery) => self.on_delivery(ctx, &flight, delivery),
            Cargo::Delivered(delivery) => self.delivered(ctx, delivery),
            Cargo::AskLease | Cargo::GrantLease(_) | Cargo::CatchUp(_) | Cargo::CaughtUp(..) => {
                self.on_lease_message(ctx, &flight);
            }
            Cargo::AskCopy(letter) | Cargo::CopyAnswers(letter) => self.on_letter(ctx, &flight, letter),
            Cargo::Position(call, position) => self.on_position(ctx, &flight, (call, position)),
            Cargo::Controller(word) => self.on_controller_word(ctx, &flight, word),
        }
    }

    /// A message did not arrive. Nobody is told: its sender waits until it times out.
    fn lose(&mut self, flight: &Flight, why: Option<EntryId>) {
        match flight.cargo {
            Cargo::Connect(call) | Cargo::Accept(call) | Cargo::Ask(call) | Cargo::Answer(call) => {
                self.blame(call, why);
                self.end(call);
            }
            Cargo::Forward(call) | Cargo::Reply(call) | Cargo::Position(call, _) => {
                self.blame(call, why);
                self.fall_silent(call);
            }
            Cargo::Probe(endpoint, checker, serial) | Cargo::ProbeAnswer(endpoint, checker, serial, _) => {
                self.route53.lost(endpoint, checker, serial, why);
            }
            Cargo::Inquire(_, shown)
            | Cargo::Inform(_, shown)
            | Cargo::Promise(_, shown)
            | Cargo::Learn(shown)
            | Cargo::CatchUp(shown) => {
                let _landed = self.network.take_aside(shown);
            }
            Cargo::Deliver(delivery) => self.landed(delivery),
            Cargo::AskCopy(letter) | Cargo::CopyAnswers(letter) => drop(self.letters.remove(letter)),
            Cargo::Controller(word) => self.lose_controller_word(word, why),
            Cargo::Batch(..)
            | Cargo::Acknowledge(_)
            | Cargo::Propose(..)
            | Cargo::Vote(..)
            | Cargo::Outbid(..)
            | Cargo::Later(..)
            | Cargo::Canary(..)
            | Cargo::CanaryAnswer(..)
            | Cargo::Counted(..)
            | Cargo::Paged(..)
            | Cargo::ControlCall(..)
            | Cargo::ControlAnswer(..)
            | Cargo::Part(..)
            | Cargo::PartArrived(..)
            | Cargo::SnapshotPart(..)
            | Cargo::SnapshotPartArrived(..)
            | Cargo::LogPart(_)
            // Who tells of a change tells again until it is acknowledged.
            | Cargo::Claim(..)
            | Cargo::Acknowledged(..)
            | Cargo::Delivered(_)
            // A lease is asked for once a second.
            | Cargo::AskLease
            | Cargo::GrantLease(_)
            | Cargo::CaughtUp(..) => {}
        }
    }
}
