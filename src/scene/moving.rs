//! What moves: messages in the air, rings, key grids and streams, written into buffers that are used again.

use super::motion::{Arc, Cell, Flight, FlightKind, KeyGrid, Motion, Ring};
use super::view::View;
use crate::app::seat::Taking;
use crate::app::speed::STREAMS_FROM;
use crate::kernel::id::{PopulationId, RegionId, WriteId};
use crate::model::plan::Site;
use crate::system::network;
use crate::system::network::{Cargo, Loss};
use crate::system::version::Content;

/// A message to a dark region dies here, at its edge.
const EDGE: f32 = 0.94;
/// A message on a cut link dies here.
const MIDDLE: f32 = 0.5;
/// A key that was written within this many seconds of real time is drawn brighter.
const FRESH_S: f64 = 0.8;

/// Missing writes whose keys are marked.
const MOST_GONE: usize = 512;

impl View<'_> {
    /// Fills in what moves.
    pub(super) fn motion_into(&self, motion: &mut Motion) {
        let seat = self.app.taking();
        let seat = seat.as_ref();
        motion.flights.clear();
        motion.streams.clear();
        if self.app.playback().speed() < STREAMS_FROM {
            motion
                .flights
                .extend(self.world.system.network.flights().map(|flight| self.flight(flight, seat)));
        } else {
            self.streams(&mut motion.streams);
        }
        self.rings(&mut motion.rings);
        self.grids(&mut motion.grids, seat.map(|taking| taking.key));
    }

    fn flight(&self, flight: &network::Flight, seat: Option<&Taking<'_>>) -> Flight {
        let span = flight.arrives.since(flight.sent).micros().max(1);
        let progress = (self.now.since(flight.sent).micros() as f64 / span as f64).min(1.0) as f32;
        let to_the_dark = matches!(flight.to, Site::Region(region) if self.is_dark(region));
        let end = match flight.loss {
            Loss::Cut => MIDDLE,
            // Anywhere, but always the same for the same message.
            Loss::Chance => 0.25 + (flight.sent.micros() % 512) as f32 / 1024.0,
            Loss::None if to_the_dark => EDGE,
            Loss::None => f32::INFINITY,
        };
        Flight {
            from: self.place(flight.from),
            to: self.place(flight.to),
            progress: progress.min(end),
            kind: kind(flight),
            colour: colour(flight).map_or(0, RegionId::index),
            lost: progress >= end,
            seat: seat.is_some_and(|it| it.takers.iter().any(|taker| self.carries(flight, taker.write))),
        }
    }

    /// Whether a message is about a write, or brings it to another region.
    fn carries(&self, flight: &network::Flight, write: WriteId) -> bool {
        let system = &self.world.system;
        if let Cargo::Ask(call) | Cargo::Answer(call) | Cargo::Forward(call) | Cargo::Reply(call) =
            flight.cargo
        {
            return system.calls.get(call).is_some_and(|call| call.attempt.write == Some(write));
        }
        let Cargo::Batch(first, end) = flight.cargo else { return false };
        system.streams.iter().any(|stream| {
            (flight.from, flight.to) == (Site::Region(stream.from), Site::Region(stream.to))
                && stream.carries(write, (first, end))
        })
    }

    fn rings(&self, rings: &mut Vec<Ring>) {
        let populations = &self.world.system.clients.populations;
        rings.resize_with(populations.len(), || Ring { place: 0, arcs: Vec::new(), failing: 0.0 });
        for (index, (ring, people)) in rings.iter_mut().zip(populations).enumerate() {
            ring.place = self.place(Site::City(PopulationId(index as u8)));
            ring.failing = self.world.observer.metrics.tallies[index].failing;
            ring.arcs.clear();
            ring.arcs.extend(people.resolvers.iter().map(|resolver| {
                let region = resolver.cached(self.now);
                let span = resolver.expires.since(resolver.since).micros().max(1);
                let left = resolver.expires.since(self.now).micros() as f32 / span as f32;
                Arc { region: region.map(RegionId::index), left: left.min(1.0), stubborn: resolver.extends }
            }));
        }
    }

    fn grids(&self, grids: &mut Vec<KeyGrid>, seat: Option<u16>) {
        let world = self.world;
        let fresh_s = FRESH_S * self.app.playback().speed().max(0.25);
        grids.resize_with(world.system.databases.len(), || KeyGrid {
            region: 0,
            unreadable: false,
            cells: Vec::new(),
            seat: None,
        });
        for (grid, database) in grids.iter_mut().zip(&world.system.databases) {
            grid.region = database.region.index();
            grid.unreadable = !database.readable() || self.is_dark(database.region);
            grid.cells.clear();
            grid.seat = seat;
            let holds = |key: usize| self.plan.holds(database.region, key as u16);
            grid.cells.extend(database.versions.iter().zip(&world.observer.newest).enumerate().map(
                |(key, (version, newest))| {
                    let age = self.now.since(version.at).secs() / fresh_s;
                    let written = version.id.is_written();
                    Cell {
                        writer: written.then_some(version.id.region.index()),
                        stale: holds(key) && world.observer.ledger.number(version.id) < *newest,
                        lost: version.content != Content::Good,
                        clash: None,
                        fresh: if written { ((1.0 - age).max(0.0) * 255.0) as u8 } else { 0 },
                    }
                },
            ));
        }
        self.clashes(grids);
        // A lost write shows in the database that serves, until its key is written anew.
        let acting = world.system.ownership.primary().index();
        let ledger = &world.observer.ledger;
        let missing = world.observer.losses.examples(MOST_GONE).into_iter();
        for commit in missing.filter_map(|missing| ledger.get(missing.number.into())) {
            let key = commit.key as usize;
            grids[acting].cells[key].lost |=
                world.observer.ledger.number(world.system.databases[acting].versions[key].id)
                    < world.observer.ledger.number(commit.id());
        }
    }
}

fn kind(flight: &network::Flight) -> FlightKind {
    match flight.cargo {
        Cargo::Connect(_) | Cargo::Accept(_) => FlightKind::Connect,
        Cargo::Ask(_) | Cargo::Forward(_) if flight.writes => FlightKind::Write,
        Cargo::Ask(_) | Cargo::Forward(_) => FlightKind::Read,
        Cargo::Answer(_) | Cargo::Reply(_) if flight.granted => FlightKind::Answer,
        Cargo::Answer(_) | Cargo::Reply(_) => FlightKind::Refusal,
        Cargo::Batch(..)
        | Cargo::Propose(..)
        | Cargo::Learn(_)
        | Cargo::CatchUp(_)
        | Cargo::Part(..)
        | Cargo::SnapshotPart(..)
        | Cargo::LogPart(_)
        | Cargo::Deliver(_) => FlightKind::Replicate,
        Cargo::AskCopy(_) if flight.writes => FlightKind::Replicate,
        Cargo::AskCopy(_) => FlightKind::Read,
        Cargo::CopyAnswers(_) => FlightKind::Acknowledge,
        Cargo::Inquire(..) | Cargo::Inform(..) | Cargo::Position(..) => FlightKind::Read,
        Cargo::Acknowledge(_)
        | Cargo::Vote(..)
        | Cargo::Promise(..)
        | Cargo::Outbid(..)
        | Cargo::Later(..)
        | Cargo::PartArrived(..)
        | Cargo::SnapshotPartArrived(..)
        | Cargo::AskLease
        | Cargo::GrantLease(_)
        | Cargo::CaughtUp(..)
        | Cargo::Delivered(_) => FlightKind::Acknowledge,
        // Small messages of the control plane.
        Cargo::Probe(..)
        | Cargo::ProbeAnswer(..)
        | Cargo::Canary(..)
        | Cargo::CanaryAnswer(..)
        | Cargo::Counted(..)
        | Cargo::Paged(..)
        | Cargo::Controller(_)
        | Cargo::ControlCall(..)
        | Cargo::ControlAnswer(..)
        | Cargo::Claim(..)
        | Cargo::Acknowledged(..) => FlightKind::Probe,
    }
}

/// The region whose colour a message wears: where a client is served, who wrote, whose health is checked. `None` if no
/// region takes part.
fn colour(flight: &network::Flight) -> Option<RegionId> {
    let sender_first = matches!(
        flight.cargo,
        Cargo::Batch(..)
            | Cargo::Reply(_)
            | Cargo::Propose(..)
            | Cargo::Inform(..)
            | Cargo::Part(..)
            | Cargo::SnapshotPart(..)
            | Cargo::LogPart(_)
            | Cargo::Deliver(_)
    );
    let (first, second) = if sender_first { (flight.from, flight.to) } else { (flight.to, flight.from) };
    match (first, second) {
        (Site::Region(region), _) | (_, Site::Region(region)) => Some(region),
        (Site::City(_) | Site::Checker(_) | Site::Desk, Site::City(_) | Site::Checker(_) | Site::Desk) => {
            None
        }
    }
}
