//! Laws that take constant time, looked at after every event.

use super::Law;
use super::memory::{Laws, Moment};
use crate::kernel::clock::SimDuration;
use crate::kernel::id::{EntryId, RegionId, ZoneId};
use crate::model::aim::Target;
use crate::model::fault::FaultKind;
use crate::model::plan::Site;
use crate::observer::incident::Trigger;
use crate::system::copies::Copies;
use crate::system::database::{Database, Role};
use crate::system::entry::Entry;
use crate::system::journal::What;
use crate::system::triggers::is_trigger;

/// News that nothing keeps away has come everywhere after this time: told once a second, half round the world.
const NEWS: SimDuration = SimDuration::from_micros(3_000_000);

/// Everything that can have changed with one event.
pub(super) fn look(laws: &mut Laws, moment: &Moment<'_>) {
    requests(laws, moment);
    delivery(laws, moment);
    owners(laws, moment);
    volumes(laws, moment);
    let databases = &moment.world.system.databases;
    if !moment.news.is_empty() || laws.roles.iter().zip(databases).any(|(role, now)| *role != now.role) {
        roles(laws, moment);
    }
    for (index, entry) in moment.news.iter().enumerate() {
        let id = EntryId(moment.first_new + index as u32);
        causes(laws, moment, id, entry);
        backups(laws, moment, entry);
        takeovers(laws, moment, entry);
    }
}

/// Whoever answers in the place of a lost instance has power.
fn takeovers(laws: &mut Laws, moment: &Moment<'_>, entry: &Entry) {
    let zone = if let What::StandbyTookOver { region, zone } = entry.what {
        ZoneId { region, index: zone }
    } else if let What::InstanceMade(zone) = entry.what {
        zone
    } else {
        return;
    };
    let system = &moment.world.system;
    let dark = system.has_fault(FaultKind::ZonePower, Target::Zone(zone))
        || system.has_fault(FaultKind::RegionDark, Target::Region(zone.region));
    laws.check(moment.now, Law::TakeoversGoToTheLiving, !dark, || format!("{:?}", entry.what));
}

/// How many writes have come into a volume; none if there is no volume.
pub(super) fn written(database: &Database) -> u32 {
    database.copies.as_ref().map_or(0, Copies::writes)
}

/// What comes into a volume is in four copies: of those that are there, by the faults alone, and of those that have every write.
fn volumes(laws: &mut Laws, moment: &Moment<'_>) {
    let system = &moment.world.system;
    for (region, database) in system.databases.iter().enumerate() {
        let (before, now) = (laws.written[region], written(database));
        laws.written[region] = now;
        let Some(copies) = database.copies.as_ref().filter(|_| before != now) else { continue };
        let there = |index: u8| {
            let has = |kind| system.has_fault(kind, Target::Zone(ZoneId { region: database.region, index }));
            if has(FaultKind::ZonePower) { 0 } else { 2 - usize::from(has(FaultKind::VolumeCopy)) }
        };
        let all: usize = (0..3).map(there).sum();
        laws.check(moment.now, Law::WritesAreInFourCopies, copies.well().min(all) >= 4, || {
            format!("{} of {all} copies in region {region} had a write", copies.well())
        });
    }
}

fn requests(laws: &mut Laws, moment: &Moment<'_>) {
    let (mut sent, mut ended) = (0, 0);
    for tally in &moment.world.observer.metrics.tallies {
        sent += tally.sent;
        ended += tally.served + tally.failed;
    }
    let in_flight = moment.world.system.clients.requests.len() as u64;
    laws.check(moment.now, Law::RequestsAddUp, sent == ended + in_flight, || {
        format!("{sent} sent, {ended} ended, {in_flight} in flight")
    });
}

fn delivery(laws: &mut Laws, moment: &Moment<'_>) {
    let Some(flight) = laws.landing else { return };
    let Site::Region(from) = flight.from else { return };
    // At the same microsecond nobody can say which came first.
    let left_in =
        laws.dark[from.index()].iter().find(|span| span.since < flight.sent && flight.sent < span.until);
    if let Some(span) = left_in.copied() {
        laws.check(moment.now, Law::DarkIsSilent, false, || {
            let (sent, since) = (flight.sent.secs(), span.since.secs());
            format!("{:?} left region {} at {sent:.6}, dark since {since:.6}", flight.cargo, from.0)
        });
    }
    let Site::Region(to) = flight.to else { return };
    let middle = flight.middle();
    let cut =
        laws.cuts[from.index()][to.index()].iter().find(|span| span.since < middle && middle <= span.until);
    if let Some(span) = cut.copied() {
        laws.check(moment.now, Law::CutsHold, false, || {
            let (at, since) = (middle.secs(), span.since.secs());
            format!("{:?} was in the middle at {at:.6}, cut since {since:.6}", flight.cargo)
        });
    }
}

/// One owner for a partition and an epoch; and who was replaced hears of it, if anybody who tells it can be heard.
fn owners(laws: &mut Laws, moment: &Moment<'_>) {
    let system = &moment.world.system;
    let ownership = &system.ownership;
    if !moment.plan.writes_everywhere() && ownership.newest(0).epoch == 0 {
        return;
    }
    for partition in 0..ownership.partitions() {
        let owners = || moment.plan.region_ids().filter(|region| ownership.takes(*region, partition));
        let epoch = |region: RegionId| ownership.known(region, partition).claim.epoch;
        let twice =
            owners().find(|region| owners().any(|other| other != *region && epoch(other) == epoch(*region)));
        laws.check(moment.now, Law::OneOwner, twice.is_none(), || {
            format!("regions {:?} own partition {partition} in one epoch", owners().collect::<Vec<_>>())
        });
        let fails = || system.has_fault(FaultKind::FenceFails, Target::Nothing);
        let can_hear = |region: RegionId| {
            let open = |from: Site| match from {
                Site::Region(from) => {
                    // Over a lossy link it is told again and again, for as long as chance will have it; over a slow one a
                    // single message may be on its way for longer than that.
                    let link = system.network.direction(from, region);
                    !system.dark[from.index()]
                        && link.cuts == 0
                        && link.slowness <= 1.0
                        && link.loss <= *moment.plan.scenario.network.loss
                }
                Site::Desk | Site::City(_) | Site::Checker(_) => true,
            };
            let mut news = ownership.news.iter().filter(|news| news.partition == partition);
            !system.dark[region.index()] && news.any(|news| news.unaware.contains(region) && open(news.from))
        };
        let old = owners().find(|region| !ownership.is_told(*region, partition) && can_hear(*region));
        let Some(region) = old.filter(|_| !fails()) else {
            laws.unaware[partition] = None;
            continue;
        };
        let since = *laws.unaware[partition].get_or_insert(moment.now);
        laws.check(moment.now, Law::OldOwnersHear, moment.now.since(since) <= NEWS, || {
            format!(
                "region {} has not heard since {:.3} who owns partition {partition}",
                region.0,
                since.secs()
            )
        });
    }
}

/// The copy in a region becomes something else.
fn roles(laws: &mut Laws, moment: &Moment<'_>) {
    let system = &moment.world.system;
    for ((answered, until), database) in laws.answered.iter_mut().zip(&system.databases) {
        // Whatever stops a database writes a line, and there is a look at each: it answered until this one.
        let before = std::mem::replace(answered, system.answers(database.region));
        *until = if before || *answered { moment.now } else { *until };
    }
    for (region, database) in system.databases.iter().enumerate() {
        let before = std::mem::replace(&mut laws.roles[region], database.role);
        let restored = |entry: &Entry| matches!(entry.what, What::DatabaseRestored { region, .. } if region == database.region);
        let copied =
            |entry: &Entry| matches!(entry.what, What::CopyBegan { to, .. } if to == database.region);
        let said = moment.news.iter().any(copied);
        let kept = |entry: &Entry| entry.what == What::OldCopyKept(database.region);
        // It may have been waiting to be made anew already.
        laws.made_anew[region] |= moment.news.iter().any(|entry| restored(entry) || kept(entry))
            || (database.role == Role::Rebuilding && said);
        if before == database.role {
            continue;
        }
        let begins = database.role == Role::Rebuilding && said;
        let ends = before == Role::Rebuilding && !moment.news.iter().any(|it| restored(it) || kept(it));
        let begun = moment.news.iter().find_map(|entry| {
            let What::CopyBegan { from, to } = entry.what else { return None };
            (to == database.region).then_some(from)
        });
        let arrived = laws.landing.and_then(|flight| match flight.from {
            Site::Region(from) => Some(from),
            Site::City(_) | Site::Checker(_) | Site::Desk => None,
        });
        let from = if begins { begun } else { arrived };
        if let (true, Some(from)) = (begins || ends, from) {
            let source = &system.databases[from.index()];
            // The last part of a copy may have left a moment before its source stopped.
            let left = laws.landing.map_or(moment.now, |flight| flight.sent);
            let (answers, until) = laws.answered[from.index()];
            let answers = if ends { until >= left } else { answers };
            laws.check(moment.now, Law::CopiesComeFromTheLiving, answers, || {
                let what = if begins { "begins" } else { "ends" };
                format!(
                    "the copy of region {} for region {region} {what}; the source is {:?}",
                    from.0, source.status
                )
            });
        }
    }
}

fn backups(laws: &mut Laws, moment: &Moment<'_>, entry: &Entry) {
    let holds = if let What::BackupTaken { region, .. } = entry.what {
        !moment.world.system.dark[region.index()]
    } else if let What::BackupCopied { region, .. } = entry.what {
        // The last part of a copy may have left a moment before its region went dark.
        laws.landing.is_some_and(|flight| flight.from == Site::Region(region))
    } else {
        return;
    };
    laws.check(moment.now, Law::BackupsComeFromTheLiving, holds, || format!("{:?}", entry.what));
}

/// Whatever a reader sees in red has a cause, unless nothing was wrong.
fn causes(laws: &mut Laws, moment: &Moment<'_>, id: EntryId, entry: &Entry) {
    if !is_red(&entry.what) {
        return;
    }
    let Some(root) = Laws::root(moment.journal, id) else { return };
    let incident = moment.world.observer.blame.follows_from(moment.journal, id);
    let way = || {
        let lines = std::iter::successors(Some(id), |id| moment.journal[id.0 as usize].cause);
        lines.map(|id| moment.journal[id.0 as usize].what)
    };
    // An outage to which nothing led is the incident of what follows from it.
    let is_outage = |index: usize| moment.world.observer.incidents[index].trigger == Trigger::Outage;
    let holds = if matches!(root.what, What::FaultInjected(_)) {
        incident.is_some()
    } else {
        // An alarm may go off by chance where few come; what a person then does is an incident of its own.
        let alarm = matches!(root.what, What::AlarmRaised(_));
        let paged = |index: usize| {
            let entry = moment.world.observer.incidents[index].entry;
            matches!(moment.journal[entry.0 as usize].what, What::AlarmRaised(_))
        };
        let own = |index| is_outage(index) || paged(index);
        // So may a verdict; a runbook that it starts joins an incident that its region is in.
        let verdict = way().any(|what| matches!(what, What::EndpointTurned { healthy: false, .. }));
        is_trigger(&root.what) || alarm || (by_chance(&root.what) && (verdict || incident.is_none_or(own)))
    };
    laws.check(moment.now, Law::CausesEndInATrigger, holds, || {
        let way: Vec<What> = way().collect();
        format!("incident {incident:?} has what goes back to no trigger: {way:?}")
    });
}

/// It may come about with nothing wrong: what follows from it is booked on no incident.
fn by_chance(what: &What) -> bool {
    matches!(
        what,
        What::Overloaded(_)
            | What::DatabaseShort(_)
            | What::CheckerTurned { healthy: false, .. }
            | What::TargetsEvaluated(_, false)
            | What::ReplicaFellBehind(_)
            | What::LaunchRefused { .. }
            // It has been empty since before the start.
            | What::BackupFoundEmpty(_)
            // Three calls in a row that were lost, or lost a race.
            | What::ConsumersWait(_)
            | What::DeliveriesWait { .. }
    )
}

/// The page shows it in red.
fn is_red(what: &What) -> bool {
    let turned_ill = matches!(
        what,
        What::EndpointTurned { healthy: false, .. }
            | What::TargetTurned { healthy: false, .. }
            | What::CheckerTurned { healthy: false, .. }
    );
    turned_ill
        || matches!(
            what,
            What::PopulationHurt(_)
                | What::ServersLost { .. }
                | What::LaunchRefused { .. }
                | What::Overloaded(_)
                | What::DatabaseShort(_)
                | What::DatabaseLost(_)
                | What::ReplicaFellBehind(_)
                | What::StepBlocked(..)
                | What::WriteMissing(..)
                | What::MoreWritesMissing(..)
                | What::DataRuined { .. }
                | What::BackupsDeleted(_)
                | What::DatabaseDeleted(..)
                | What::BackupFoundEmpty(_)
        )
}
