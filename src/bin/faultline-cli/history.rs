//! A history as a file: what clients asked and were told, and what has happened to versions, one line of JSON each.

use std::collections::BTreeMap;
use std::io::{self, Write};

use faultline::kernel::region_map::RegionMap;
use faultline::model::plan::Plan;
use faultline::system::history::{Event, Gone, Made, Note, Noted, Operation, Operations, Outcome as End};
use serde::Serialize;

use crate::world::Outcome;

/// The beginning or the end of what a client does.
#[derive(Serialize)]
struct Told<'a> {
    process: u32,
    r#type: &'static str,
    f: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    eventual: bool,
    key: u16,
    value: Option<u32>,
    time_us: u64,
    region: Option<&'a str>,
    client: &'a str,
    session: u16,
    number: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holds: Option<BTreeMap<&'a str, u64>>,
}

/// Something that has happened to a version.
#[derive(Serialize)]
struct Happened<'a> {
    r#type: &'static str,
    key: u16,
    value: Option<u32>,
    time_us: u64,
    region: &'a str,
    client: Option<&'a str>,
    session: Option<u16>,
    number: u64,
    #[serde(flatten)]
    more: More<'a>,
}

/// What only some have.
#[derive(Serialize)]
#[serde(untagged)]
enum More<'a> {
    Made { stamp_us: i64, seen: BTreeMap<&'a str, u64> },
    Missing { state: &'static str },
    Nothing {},
}

/// A history that is being written.
struct Writer<'a> {
    plan: &'a Plan,
    operations: &'a Operations,
}

impl Outcome {
    /// Writes what clients asked and were told, and what has happened to versions, in the order in which it did.
    pub(crate) fn write_history(&self, mut to: impl Write) -> io::Result<()> {
        let Some(operations) = &self.record.operations else { return to.flush() };
        let writer = Writer { plan: self.simulation.plan(), operations };
        let mut made = BTreeMap::new();
        let mut notes = operations.notes.iter().peekable();
        for place in 0..=operations.events.len() {
            while let Some(noted) = notes.next_if(|noted| noted.after <= place) {
                if let Note::Made(version) = &noted.note {
                    made.insert(version.number, *version);
                }
                if let Some(line) = writer.happened(noted, &made) {
                    put(&mut to, &line)?;
                }
            }
            if let Some(event) = operations.events.get(place) {
                put(&mut to, &writer.told(event))?;
            }
        }
        to.flush()
    }
}

fn put(to: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *to, line)?;
    to.write_all(b"\n")
}

impl<'a> Writer<'a> {
    fn city(&self, operation: &Operation) -> &'a str {
        &self.plan.scenario.clients.populations[operation.population.index()].city
    }

    /// The newest version of each region that has one, by its code.
    fn by_region(&self, numbers: &RegionMap<u64>) -> BTreeMap<&'a str, u64> {
        let written = numbers.iter().filter(|(_, number)| **number > 0);
        written.map(|(region, number)| (self.plan.region_code(region), *number)).collect()
    }

    fn told(&self, event: &Event) -> Told<'a> {
        let operation = &self.operations.list[event.operation as usize];
        let r#type = match operation.outcome {
            _ if !event.end => "invoke",
            End::Open => "invoke",
            End::Done => "ok",
            End::Failed => "fail",
            End::Unknown => "info",
        };
        // What a read finds is not known when it begins.
        let known = event.end || operation.writes;
        Told {
            process: operation.process,
            r#type,
            f: if operation.writes { "write" } else { "read" },
            eventual: operation.may_be_behind,
            key: operation.key,
            value: operation.value.filter(|_| known).map(|write| write.0),
            time_us: if event.end { operation.ended } else { operation.invoked }.micros(),
            region: operation.region.filter(|_| event.end).map(|region| self.plan.region_code(region)),
            client: self.city(operation),
            session: operation.connection,
            number: Some(operation.number).filter(|number| event.end && *number > 0),
            holds: operation.holds.filter(|_| event.end).map(|holds| self.by_region(&holds)),
        }
    }

    fn happened(&self, noted: &Noted, all: &BTreeMap<u64, Made>) -> Option<Happened<'a>> {
        let (r#type, number, write, key, region, more) = match noted.note {
            Note::Made(Made { number, write, key, region, stamp, seen, proposed, .. }) => {
                let seen = self.by_region(&seen);
                let r#type = if proposed { "proposal" } else { "commit" };
                (r#type, number, write, key, region, More::Made { stamp_us: stamp, seen })
            }
            Note::Again(number, write) => {
                let Made { key, region, .. } = *all.get(&number)?;
                ("duplicate", number, write, key, region, More::Nothing {})
            }
            Note::Gone(Gone { number, write, key, region, state: Some(state) }) => {
                ("missing", number, write, key, region, More::Missing { state: state.slug() })
            }
            Note::Gone(Gone { number, write, key, region, state: None }) => {
                ("back", number, write, key, region, More::Nothing {})
            }
        };
        let writer = self.operations.writer(write);
        Some(Happened {
            r#type,
            key,
            value: Some(write.0).filter(|value| *value > 0),
            time_us: noted.at.micros(),
            region: self.plan.region_code(region),
            client: writer.map(|operation| self.city(operation)),
            session: writer.map(|operation| operation.connection),
            number,
            more,
        })
    }
}
