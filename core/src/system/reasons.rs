//! Why something does not work, for the journal: the entry of the fault or event that stopped it. No machine decides
//! anything by this.

use super::System;
use crate::kernel::chance::Purpose;
use crate::kernel::id::{EntryId, RegionId, Ticket};
use crate::model::aim::Target;
use crate::model::fault::{Fault, FaultKind};
use crate::model::obstacle::Obstacle;
use crate::model::plan::Site;
use crate::system::call::Call;
use crate::system::causes::Brought;
use crate::system::clients::Request;
use crate::system::context::Context;
use crate::system::copies::Does;
use crate::system::database::{Role, Status};
use crate::system::failure::Failure;
use crate::system::leaders::Leaders;
use crate::system::network::Flight;
use crate::system::stream::Replication;

impl System {
    /// The entry of a fault that is in force.
    pub fn entry_of(&self, kind: FaultKind, target: Target) -> Option<EntryId> {
        let mine = |fault: Fault| fault.kind() == kind && fault.target() == target;
        self.faults.iter().find(|active| mine(active.fault)).map(|active| active.entry)
    }

    /// Why a place does not answer at all.
    pub(super) fn why_dark(&self, site: Site) -> Option<EntryId> {
        match site {
            Site::Region(region) => self.entry_of(FaultKind::RegionDark, Target::Region(region)),
            Site::City(_) | Site::Checker(_) | Site::Desk => None,
        }
    }

    /// Why a message on a link is lost.
    pub(super) fn why_lost(&self, flight: &Flight) -> Option<EntryId> {
        match (flight.from, flight.to) {
            (Site::Region(from), Site::Region(to)) => self.why_closed(from, to),
            _ => None,
        }
    }

    /// Why a link does not carry what it should: the youngest of what cuts it, slows it down, or loses messages.
    pub fn why_closed(&self, from: RegionId, to: RegionId) -> Option<EntryId> {
        let (link, direction) = (Target::link(from, to), Target::Direction(from, to));
        let faults = [
            (FaultKind::LinkCut, link),
            (FaultKind::LinkCutOneWay, direction),
            (FaultKind::LinkLossy, link),
            (FaultKind::LinkSlow, link),
        ];
        faults.into_iter().map(|(kind, target)| self.entry_of(kind, target)).max().flatten()
    }

    /// Why consumers cannot keep up though nothing has stopped them: what broke last and lasts, a surge, or what people do. That is
    /// a guess, as several may be to blame; a fault that has nothing to do with it is named if it is the youngest.
    pub(super) fn why_slow_to_work(&self, ctx: &Context<'_>) -> Option<EntryId> {
        let faults = self.faults.iter().map(|active| Some(active.entry));
        ctx.youngest(faults.chain([self.clients.surge.entry, self.control.entry]))
    }

    /// Why no server of a region serves: a bad release, full servers, or servers that stopped.
    pub(super) fn why_unserved(&self, region: RegionId) -> Option<EntryId> {
        let fleet = &self.fleets.regions[region.index()];
        self.entry_of(FaultKind::BadDeploy, Target::Region(region))
            .or_else(|| self.why_failing(region))
            .or(fleet.overload.full_by)
            .or(fleet.lost_by)
    }

    /// Why a region has fewer servers than it wants: some stopped, or those that are left are full.
    pub fn why_short(&self, ctx: &Context<'_>, region: RegionId) -> Option<EntryId> {
        let fleet = &self.fleets.regions[region.index()];
        ctx.younger(fleet.lost_by, fleet.overload.full_by)
    }

    /// Why a region's database does not answer.
    pub(super) fn why_no_database(&self, region: RegionId) -> Option<EntryId> {
        let database = &self.databases[region.index()];
        let lost_by = match (database.status, database.role) {
            (Status::Up, Role::Rebuilding | Role::Absent) => self.control.entry,
            // An old primary serves nobody once its region knows of another.
            (Status::Up, Role::Primary) => {
                let partition = self.ownership.partition_of_region(region);
                let known = self.ownership.known(region, partition);
                known.because.filter(|_| !self.ownership.takes(region, partition))
            }
            (Status::Up, Role::Replica | Role::Promoting | Role::Witness) => None,
            (Status::FailingOver | Status::Restarting | Status::Down | Status::Anew, _) => database.lost_by,
        };
        let elects = database.leaders.as_ref().is_some_and(Leaders::elects);
        let no_leader = database.lost_by.filter(|_| elects);
        let dark = self.entry_of(FaultKind::RegionDark, Target::Region(region));
        let no_volume = if database.copies.as_ref().is_some_and(|copies| copies.does() < Does::Reads) {
            self.why_reads_only(region)
        } else {
            None
        };
        let short = database.capacity.as_ref().and_then(|capacity| capacity.short_by);
        dark.or(lost_by).or(database.unreachable).or(no_leader).or(no_volume).or(short)
    }

    /// Why the volume of a region keeps no writes: the line about how few of its copies are left; none if it does.
    pub(super) fn why_reads_only(&self, region: RegionId) -> Option<EntryId> {
        let copies = self.databases[region.index()].copies.as_ref();
        copies.filter(|copies| copies.does() < Does::Writes)?.because
    }

    /// Why too few other copies have answered the region that was called: the youngest of what stops one, or closes its link.
    pub(super) fn why_too_few(&self, ctx: &Context<'_>, query: &Call) -> Option<EntryId> {
        let writes = query.attempt.writes();
        let held = writes && ctx.plan.scenario.controller.semi_synchronous;
        if ctx.plan.copies_asked(writes) == 1 && !held {
            return None;
        }
        let why = |other| {
            [self.why_no_database(other), self.why_closed(query.to, other), self.why_closed(other, query.to)]
        };
        ctx.youngest(self.others(query.to).flat_map(why))
    }

    /// Why the servers of a region know no database that takes their writes: they were told to stop, or the one that they
    /// know does not answer.
    pub(super) fn why_no_writer(&self, region: RegionId) -> Option<EntryId> {
        let known = self.ownership.known(region, self.ownership.partition_of_region(region));
        known.because.filter(|_| !known.claim.open).or_else(|| self.why_no_database(known.claim.owner))
    }

    /// Why the servers of a region are slow: what fills them, a database that does not answer or still loads what was
    /// restored, or a grey zone.
    pub fn why_slow(&self, ctx: &Context<'_>, region: RegionId) -> Option<EntryId> {
        let partition = self.ownership.partition_of_region(region);
        let known = self.ownership.writer(region, partition).unwrap_or(region);
        let loads = |region: RegionId| self.databases[region.index()].loading.is_some();
        let loading = if loads(region) || loads(known) { self.control.entry } else { None };
        let grey = |kind| matches!(kind, FaultKind::ZoneGrey | FaultKind::RegionGrey);
        let grey = self.faults.iter().filter(|it| grey(it.fault.kind()));
        let grey = grey.filter(|it| it.fault.region() == Some(region)).map(|it| it.entry).max();
        let databases = [region, known].map(|region| self.why_no_database(region));
        let fleet = &self.fleets.regions[region.index()];
        let zones = self.why_zones_slow(region);
        ctx.youngest(databases.into_iter().chain([loading, grey, zones, fleet.burdened_by]))
    }

    /// Why a client has heard nothing from a region.
    pub(super) fn why_silent(&self, ctx: &Context<'_>, region: RegionId) -> Option<EntryId> {
        let dark = self.entry_of(FaultKind::RegionDark, Target::Region(region));
        let full = self.fleets.regions[region.index()].overload.full_by;
        dark.or_else(|| ctx.younger(full, self.why_slow(ctx, region)))
    }

    /// Why a copy is behind: the youngest of what is wrong with the link, with either end, and of what brought at least a
    /// twentieth of the commits that it does not have.
    pub fn why_behind(&self, ctx: &Context<'_>, stream: &Replication) -> Option<EntryId> {
        let filled = self.databases[stream.to.index()].role == Role::Rebuilding;
        let filled = if filled { self.control.entry } else { None };
        let mut brought = Brought::default();
        stream.missing().for_each(|commit| brought.add(commit.because));
        let ends = [stream.from, stream.to].map(|region| self.why_no_database(region));
        let closed = self.why_closed(stream.from, stream.to);
        ctx.youngest(ends.into_iter().chain([closed, filled, brought.youngest(ctx)]))
    }

    /// Why copies of backups from one region to another stand still.
    pub fn why_copies_stand(&self, ctx: &Context<'_>, from: RegionId, to: RegionId) -> Option<EntryId> {
        let planes = [from, to].map(|region| self.why_no_control_plane(region));
        let copies = self.entry_of(FaultKind::BackupCopy, Target::Nothing);
        ctx.youngest(planes.into_iter().chain([copies, self.why_closed(from, to)]))
    }

    pub(super) fn why_no_control_plane(&self, region: RegionId) -> Option<EntryId> {
        self.entry_of(FaultKind::RegionDark, Target::Region(region))
            .or(self.entry_of(FaultKind::ControlPlane, Target::Region(region)))
    }

    /// Why a step has to wait for something; none if it was like that from the start.
    pub fn why_blocked(&self, obstacle: Obstacle) -> Option<EntryId> {
        match obstacle {
            Obstacle::DnsControlPlane => {
                let dark = self.faults.iter().rev().find(|it| it.fault.kind() == FaultKind::RegionDark);
                self.entry_of(FaultKind::DnsControlPlane, Target::Nothing).or(dark.map(|active| active.entry))
            }
            Obstacle::Capacity => {
                let full = self.faults.iter().rev().find(|it| it.fault.kind() == FaultKind::Capacity);
                full.map(|active| active.entry)
            }
            Obstacle::RegionDark(region) | Obstacle::ControlPlane(region) | Obstacle::Blind(region) => {
                self.why_no_control_plane(region)
            }
            Obstacle::Throttled(region) => self.entry_of(FaultKind::ControlPlaneSlow, Target::Region(region)),
            Obstacle::NoReplica(region) => self.why_no_database(region),
            Obstacle::Behind(region) => {
                self.stream_to(region).and_then(|stream| self.why_closed(stream.from, stream.to))
            }
            Obstacle::LinkCut(from, to) => self.why_closed(from, to),
            Obstacle::Before(_) | Obstacle::Canary | Obstacle::Lease(_) => None,
            Obstacle::Alarm(region) => self.monitoring.raised_by(region),
            Obstacle::Unserved(region) => self.fleets.regions[region.index()].burdened_by,
            // Whatever keeps the copy's source from being heard.
            Obstacle::Decision(_) => self.why_no_database(self.ownership.primary()),
            Obstacle::Quota(_)
            | Obstacle::NoImage(_)
            | Obstacle::NoTemplates(_)
            | Obstacle::NoBackup(_)
            | Obstacle::Law(..)
            | Obstacle::NoLawfulHome(_) => None,
        }
    }

    /// The attempt behind a call has failed, or will, because of an entry.
    pub(super) fn blame(&mut self, call: Ticket, cause: Option<EntryId>) {
        if let Some(Call { attempt, .. }) = self.calls.get(call) {
            self.clients.failed_by(attempt.request, attempt.number, cause);
        }
    }
}

/// What failed a request.
impl System {
    /// Why an attempt failed that went to a region; `None` if no region is known. `answered`: somebody said no.
    pub(super) fn failure(
        &self,
        ctx: &Context<'_>,
        request: &Request,
        region: Option<RegionId>,
        answered: bool,
    ) -> Failure {
        debug_assert!(answered || !request.full, "who is full says so");
        let points = |region: &RegionId| {
            let draws = ctx.chance(Purpose::Wish, request.population.0.into(), request.n.into(), 1);
            self.route53.may_answer(ctx.plan, &self.network.places, request.population, *region, draws)
        };
        match region {
            Some(region) if !points(&region) => Failure::StaleDns,
            Some(region) if self.dark[region.index()] => Failure::RegionDark,
            _ if request.full => Failure::Full,
            _ if answered => Failure::Refused,
            Some(_) => Failure::TimedOut,
            None => Failure::Other,
        }
    }
}
