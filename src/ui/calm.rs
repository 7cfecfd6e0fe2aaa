//! For people who asked for less motion: no moving dots, but where traffic goes and where it fails.

use faultline::scene::Motion;
use faultline::scene::motion::{Flight, FlightKind, Stream};

/// How many requests a second one visible flight stands for when it is drawn as part of a stream.
const PER_FLIGHT: f32 = 6.0;

/// Turns single messages into still streams between the places that talk.
pub(crate) fn settle(motion: &mut Motion) {
    let mut streams = std::mem::take(&mut motion.streams);
    for flight in motion.flights.drain(..) {
        add(&mut streams, flight);
    }
    motion.streams = streams;
}

/// Counts a message into the stream of its two ends, whichever way it goes.
fn add(streams: &mut Vec<Stream>, flight: Flight) {
    if matches!(flight.kind, FlightKind::Probe | FlightKind::Acknowledge) {
        return;
    }
    let (from, to) = (flight.from.min(flight.to), flight.from.max(flight.to));
    let failed = f32::from(u8::from(flight.lost || flight.kind == FlightKind::Refusal));
    let same = |stream: &&mut Stream| (stream.from, stream.to, stream.colour) == (from, to, flight.colour);
    match streams.iter_mut().find(same) {
        Some(stream) => {
            let failing = stream.failing * stream.rate + failed * PER_FLIGHT;
            stream.rate += PER_FLIGHT;
            stream.failing = failing / stream.rate;
        }
        None => streams.push(Stream { from, to, rate: PER_FLIGHT, failing: failed, colour: flight.colour }),
    }
}
