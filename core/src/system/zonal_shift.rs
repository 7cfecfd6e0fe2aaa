//! Zonal shifts: traffic is kept from one zone of a region, by hand, by AWS, or to practise.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId, ZoneId};
use crate::model::BalancerKind;
use crate::model::command::Command;
use crate::model::plan::Plan;
use crate::system::context::Context;
use crate::system::entrance::Shift;
use crate::system::journal::What;
use crate::system::occurrence::Occurrence;
use crate::system::refusal::Refusal;
use crate::system::shift::{Practice, ShiftedBy};

impl System {
    /// Why traffic cannot be kept from a zone now; `None` if it can. There is one shift at a time: what people order goes before what
    /// AWS does, and both before a practice run. A network balancer that crosses zones may not reset connections at once.
    pub fn why_no_shift(&self, plan: &Plan, zone: ZoneId, by: ShiftedBy) -> Option<Refusal> {
        let region = zone.region;
        let balancer = &plan.scenario.balancer;
        let resets = balancer.unhealthy_draining_s.is_some_and(|kept| *kept <= 0.0);
        if self.dark[region.index()] {
            Some(Refusal::Dark(region))
        } else if self.entrances[region.index()].shift.is_some_and(|shift| !by.goes_before(shift.by)) {
            Some(Refusal::ShiftInForce(region))
        } else if self.zones_dark[region.index()].len() < 2 {
            Some(Refusal::OneZone(region))
        } else if balancer.kind == BalancerKind::Network && plan.crosses_zones() && resets {
            Some(Refusal::Resets)
        } else {
            None
        }
    }

    /// Why no zonal shift can be ended in a region; `None` if one can.
    pub fn why_no_shift_back(&self, region: RegionId) -> Option<Refusal> {
        self.entrances[region.index()].shift.is_none().then_some(Refusal::NoShift(region))
    }

    /// Somebody keeps traffic from a zone, or practises that.
    pub fn order_shift(&mut self, ctx: &mut Context<'_>, zone: ZoneId, entry: EntryId, by: ShiftedBy) {
        let balancer = &ctx.plan.scenario.balancer;
        let (command, lasts_s) = match by {
            ShiftedBy::Practice => (Command::PracticeRun(zone), balancer.practice_s),
            ShiftedBy::Order | ShiftedBy::Aws => (Command::ZonalShift(zone), balancer.shift_s),
        };
        ctx.because(Some(entry));
        ctx.tell(Occurrence::Maintained(command, entry));
        self.shift(ctx, zone, SimDuration::from_secs(lasts_s), by);
    }

    /// Traffic is kept from a zone. Returns the journal's line about it.
    fn shift(&mut self, ctx: &mut Context<'_>, zone: ZoneId, lasts: SimDuration, by: ShiftedBy) -> EntryId {
        debug_assert!(self.why_no_shift(ctx.plan, zone, by).is_none(), "one shift at a time");
        self.shift_back(ctx, zone.region, ctx.cause(), true);
        let entry = ctx.note(ctx.cause(), What::ZoneShifted(zone, by));
        let entrance = &mut self.entrances[zone.region.index()];
        let until = ctx.now + lasts;
        entrance.shift = Some(Shift { zone: zone.index, until, entry, by, well: None });
        entry
    }

    /// A zonal shift is over, because of an entry; if it was a practice run, whether the other zones carried everything.
    pub fn shift_back(
        &mut self,
        ctx: &mut Context<'_>,
        region: RegionId,
        because: Option<EntryId>,
        carried: bool,
    ) {
        let Some(shift) = self.entrances[region.index()].shift.take() else { return };
        let zone = ZoneId { region, index: shift.zone };
        let failed = shift.by == ShiftedBy::Practice && !carried;
        ctx.note(because.or(Some(shift.entry)), What::ZoneShiftedBack(zone, shift.by, failed));
    }

    /// Once a second: shifts whose time is over end, a practice run that hurts is broken off, AWS keeps traffic from a zone that it
    /// has seen impaired for long enough, if it may, and practice runs that are due begin.
    pub(crate) fn mind_shifts(&mut self, ctx: &mut Context<'_>) {
        let balancer = &ctx.plan.scenario.balancer;
        for region in ctx.plan.region_ids() {
            self.mind_shift(ctx, region);
            if balancer.autoshift && !self.dark[region.index()] {
                self.shift_by_itself(ctx, region);
            }
            if balancer.practice_at_s.is_some_and(|due| ctx.now >= SimTime::from_secs(*due)) {
                self.practise(ctx, region);
            }
        }
    }

    fn mind_shift(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let Some(shift) = self.entrances[region.index()].shift else { return };
        let impaired = self.impaired_since(region, shift.zone).is_some();
        let well = if impaired { None } else { shift.well.or(Some(ctx.now)) };
        self.entrances[region.index()].shift = Some(Shift { well, ..shift });
        let hold = SimDuration::from_secs(ctx.plan.scenario.balancer.autoshift_hold_s);
        let over = shift.by == ShiftedBy::Aws && well.is_some_and(|since| ctx.now.since(since) >= hold);
        let practised = shift.by == ShiftedBy::Practice;
        let full = &self.fleets.regions[region.index()].overload;
        if practised && full.is_full() {
            self.shift_back(ctx, region, full.full_by, false);
        } else if practised && self.monitoring.alarms.contains(region) {
            self.shift_back(ctx, region, self.monitoring.raised_by(region), false);
        } else if ctx.now >= shift.until || over {
            self.shift_back(ctx, region, None, true);
        }
    }

    /// The week's practice run of a region is due: it begins, unless something is in its way.
    fn practise(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let practice = self.entrances[region.index()].practice;
        if practice == Practice::Done || self.fleets.alive(region) == 0 || ctx.plan.zones(region) < 2 {
            return;
        }
        let mut draws = ctx.chance(Purpose::Practice, region.0.into(), 0, 0);
        let zone = ZoneId { region, index: draws.below(ctx.plan.zones(region).into()) as u8 };
        let why = self.why_no_practice(ctx, zone);
        if let (Some(why), Practice::Due) = (why, practice) {
            ctx.note(None, What::PracticePutOff(zone, why));
        } else if why.is_none() {
            let lasts = SimDuration::from_secs(ctx.plan.scenario.balancer.practice_s);
            ctx.because(None);
            // Nobody has ordered it: what it does to people follows from itself.
            let entry = self.shift(ctx, zone, lasts, ShiftedBy::Practice);
            ctx.because(Some(entry));
            ctx.tell(Occurrence::Maintained(Command::PracticeRun(zone), entry));
        }
        let next = if why.is_some() { Practice::PutOff } else { Practice::Done };
        self.entrances[region.index()].practice = next;
    }

    /// What keeps AWS from practising: a shift, an alarm or a zone that is impaired already.
    fn why_no_practice(&self, ctx: &Context<'_>, zone: ZoneId) -> Option<Refusal> {
        let region = zone.region;
        let impaired = (0..ctx.plan.zones(region)).any(|index| self.impaired_since(region, index).is_some());
        let alarm = self.monitoring.alarms.contains(region).then_some(Refusal::AlarmOn(region));
        let ill = !self.route53.endpoints[region.index()].healthy;
        self.why_no_shift(ctx.plan, zone, ShiftedBy::Practice)
            .or(alarm)
            .or(impaired.then_some(Refusal::ImpairedZone(region)))
            .or(ill.then_some(Refusal::Unhealthy(region)))
    }

    fn shift_by_itself(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        let balancer = &ctx.plan.scenario.balancer;
        let after = SimDuration::from_secs(balancer.autoshift_after_s);
        for index in 0..ctx.plan.zones(region) {
            let zone = ZoneId { region, index };
            let Some((since, entry)) = self.impaired_since(region, index) else { continue };
            if ctx.now.since(since) >= after && self.why_no_shift(ctx.plan, zone, ShiftedBy::Aws).is_none() {
                ctx.because(Some(entry));
                self.shift(ctx, zone, SimDuration::from_secs(balancer.shift_s), ShiftedBy::Aws);
            }
        }
    }

    /// Since when a zone has been impaired by itself, and the entry of that.
    fn impaired_since(&self, region: RegionId, zone: u8) -> Option<(SimTime, EntryId)> {
        let here = |target| self.faults.iter().filter(move |it| it.fault.target() == target);
        let zone = crate::model::aim::Target::Zone(ZoneId { region, index: zone });
        here(zone).find(|it| it.fault.kind().impairs_zone()).map(|it| (it.since, it.entry))
    }
}
