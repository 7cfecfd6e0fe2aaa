//! Streams instead of single messages, when time runs fast.

use super::motion::Stream;
use super::view::View;
use crate::kernel::id::PopulationId;
use crate::kernel::region_map::RegionMap;
use crate::model::plan::Site;
use crate::system::stream::Replication;

/// Streams thinner than this many requests a second are not drawn.
const THINNEST: f32 = 0.2;

impl View<'_> {
    /// Between cities and regions, and between databases in each direction.
    pub(super) fn streams(&self, streams: &mut Vec<Stream>) {
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
