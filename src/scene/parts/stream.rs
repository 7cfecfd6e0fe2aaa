//! What goes between regions: links with their lag, and streams instead of single messages if time runs fast.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::{PopulationId, RegionId};
use crate::kernel::region_map::RegionMap;
use crate::model::plan::Site;
use crate::scene::motion::Stream;
use crate::scene::panels::{FaultChip, RegionIndex, Tone};
use crate::scene::view::View;
use crate::scene::words::number;
use crate::system::stream::Replication;

/// Streams thinner than this many requests a second are not drawn.
const THINNEST: f32 = 0.2;

/// A link between two regions.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkView {
    /// One end.
    pub from: RegionIndex,
    /// The other end.
    pub to: RegionIndex,
    /// "lag 0.42 s".
    pub lag_text: String,
    /// What is waiting on it: "17 writes never sent", or empty.
    pub queue_text: String,
    /// What stands on its badge where many links crowd the map: "17 unsent", "cut"; empty if nothing is wrong with it, or an end is dark.
    pub short: String,
    /// "us-east-1 to eu-west-1: 70 ms, cut".
    pub label: String,
    /// How it is doing.
    pub tone: Tone,
    /// Messages from `from` to `to` are lost.
    pub cut_forward: bool,
    /// Messages from `to` to `from` are lost.
    pub cut_back: bool,
    /// What can be broken or mended here.
    pub faults: Vec<FaultChip>,
}

impl View<'_> {
    /// Every link between two regions.
    pub(in crate::scene) fn links(&self) -> Vec<LinkView> {
        let pairs = self.plan.region_ids().flat_map(|a| self.plan.region_ids().map(move |b| (a, b)));
        pairs.filter(|(a, b)| a < b).map(|(a, b)| self.link(a, b)).collect()
    }

    fn link(&self, a: RegionId, b: RegionId) -> LinkView {
        let network = &self.world.system.network;
        let (forward, back) = (network.direction(a, b), network.direction(b, a));
        let dead = self.is_dark(a) || self.is_dark(b);
        let streams = || {
            let all = self.world.system.streams.iter();
            all.filter(|s| (s.from, s.to) == (a, b) || (s.from, s.to) == (b, a))
        };
        let lag_s = streams().filter_map(|stream| self.lag_of(stream)).max().map(SimDuration::secs);
        let unsent = self.real(streams().map(|stream| stream.never_sent()).sum::<usize>() as u64);
        let (state, word, tone) = match (forward.cuts > 0, back.cuts > 0) {
            (true, true) => ("cut", "cut", Tone::Bad),
            (true, false) | (false, true) => ("cut one way", "one way", Tone::Bad),
            (false, false) if dead => ("one end is dark", "", Tone::Bad),
            (false, false) if forward.slowness > 1.0 => ("slow", "slow", Tone::Warning),
            (false, false) if forward.loss > self.plan.scenario.network.loss => {
                ("losing messages", "lossy", Tone::Warning)
            }
            (false, false) if streams().any(|stream| self.is_late(stream)) => {
                ("up, a copy is behind", "behind", Tone::Warning)
            }
            (false, false) => ("up", "", Tone::Good),
        };
        let round_trip =
            self.plan.region_round_trip_ms[a.index()][b.index()] * forward.slowness.max(back.slowness);
        let voting = [a, b].iter().any(|region| self.plan.blueprint.is_witness(*region));
        LinkView {
            from: a.index(),
            to: b.index(),
            lag_text: match lag_s {
                Some(lag) => format!("lag {}", number::span(lag)),
                None if voting => "votes".into(),
                None => "nothing replicates".into(),
            },
            queue_text: match (unsent, tone) {
                (0, _) | (_, Tone::Good) => String::new(),
                (count, _) => format!("{} never sent", number::counted(count, "write")),
            },
            // What a dark region has not sent is on its card: so many badges would hide the map.
            short: match (unsent, tone) {
                (0, _) | (_, Tone::Good) => word.into(),
                _ if dead => String::new(),
                (count, _) => format!("{} unsent", number::count(count)),
            },
            label: format!("{} to {}: {round_trip:.0} ms, {state}", self.code(a), self.code(b)),
            tone,
            cut_forward: forward.cuts > 0,
            cut_back: back.cuts > 0,
            faults: self.link_chips(a, b),
        }
    }

    /// Between cities and regions, and between databases in each direction.
    pub(in crate::scene) fn streams(&self, streams: &mut Vec<Stream>) {
        let step = self.plan.step() as f32;
        let mut writes = RegionMap::all(0.0);
        for (index, tally) in self.world.observer.metrics.tallies.iter().enumerate() {
            let from = self.place(Site::City(PopulationId(index as u8)));
            let read_share = self.plan.scenario.clients.populations[index].read_share.get() as f32;
            for region in self.plan.region_ids() {
                let rate = tally.rate_to[region.index()] * step;
                let dark = self.is_dark(region);
                if !dark {
                    writes[region] += rate * (1.0 - read_share) * (1.0 - tally.failing);
                }
                if rate >= THINNEST {
                    let failing = if dark { 1.0 } else { tally.failing };
                    let to = self.place(Site::Region(region));
                    streams.push(Stream { from, to, rate, failing, colour: region.index() });
                }
            }
        }
        streams.extend(self.world.system.streams.iter().map(|stream| self.replicating(stream, &writes)));
    }

    /// What one database sends to another; where one region takes all writes, those of all.
    fn replicating(&self, stream: &Replication, writes: &RegionMap<f32>) -> Stream {
        let local = self.plan.writes_everywhere();
        let rate = if local { writes[stream.from] } else { writes.values().sum() };
        let direction = self.world.system.network.direction(stream.from, stream.to);
        let dead = direction.cuts > 0 || self.is_dark(stream.from) || self.is_dark(stream.to);
        Stream {
            from: self.place(Site::Region(stream.from)),
            to: self.place(Site::Region(stream.to)),
            rate: rate.max(THINNEST),
            failing: if dead { 1.0 } else { direction.loss as f32 },
            colour: stream.from.index(),
        }
    }
}
