//! The ways between zones of a region. While one of them is slow or loses messages, what goes over it takes longer: what is lost is
//! sent again by TCP, which waits longer each time.

use crate::catalog::network as facts;
use crate::kernel::chance::Draws;
use crate::kernel::clock::SimDuration;
use crate::kernel::id::ZoneId;
use crate::model::plan::Plan;

/// A way that is not as it should be, both ways.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bad {
    ends: (ZoneId, ZoneId),
    slowness: f64,
    loss: f64,
}

/// All ways that are not as they should be. All others are calm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ZoneLinks {
    bad: Vec<Bad>,
}

impl ZoneLinks {
    /// Whether every way is as it should be.
    #[inline]
    pub const fn are_calm(&self) -> bool {
        self.bad.is_empty()
    }

    /// Messages between two zones take so many times as long: once, if they are not slow any more.
    pub fn slow(&mut self, ends: (ZoneId, ZoneId), factor: f64) {
        debug_assert!(factor > 0.0, "a slow way still leads somewhere");
        self.change(ends, |way| way.slowness = factor);
    }

    /// This share of the messages between two zones is lost.
    pub fn lose(&mut self, ends: (ZoneId, ZoneId), share: f64) {
        debug_assert!((0.0..=1.0).contains(&share), "a share is lost");
        self.change(ends, |way| way.loss = share);
    }

    fn change(&mut self, ends: (ZoneId, ZoneId), change: impl FnOnce(&mut Bad)) {
        debug_assert!(ends.0 < ends.1 && ends.0.region == ends.1.region, "two zones of a region, in order");
        let known = self.bad.iter().position(|way| way.ends == ends);
        let index = known.unwrap_or_else(|| {
            self.bad.push(Bad { ends, slowness: 1.0, loss: 0.0 });
            self.bad.len() - 1
        });
        change(&mut self.bad[index]);
        self.bad.retain(|way| way.slowness != 1.0 || way.loss > 0.0);
    }

    /// Whether the way between two zones is not as it should be.
    #[inline]
    pub fn is_bad(&self, a: ZoneId, b: ZoneId) -> bool {
        self.of(a, b).is_some()
    }

    fn of(&self, a: ZoneId, b: ZoneId) -> Option<&Bad> {
        self.bad.iter().find(|way| way.ends == (a.min(b), a.max(b)))
    }

    /// How much longer than on a calm day a message takes from one zone to another. If it is lost again and again it comes only
    /// when nobody waits for it any more.
    pub fn wait(&self, plan: &Plan, draws: &mut Draws, a: ZoneId, b: ZoneId) -> SimDuration {
        let Some(way) = self.of(a, b) else { return SimDuration::ZERO };
        let one_way_ms = *plan.scenario.network.zone_round_trip_ms / 2.0;
        let mut wait_ms = one_way_ms * (way.slowness - 1.0);
        let (mut resend_ms, most_ms) = (facts::RESEND_AFTER.value, facts::RESEND_AFTER_MAX.value);
        for _ in 0..facts::RESENDS.count() {
            if way.loss == 0.0 || !draws.chance(way.loss) {
                break;
            }
            wait_ms += resend_ms;
            resend_ms = (resend_ms * 2.0).min(most_ms);
        }
        SimDuration::from_millis(wait_ms)
    }
}
