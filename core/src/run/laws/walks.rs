//! Laws that need a walk: over the keys of every copy, over the incidents, over the ledger.

use super::Law;
use super::memory::{Laws, Moment};
use crate::kernel::id::VersionId;
use crate::observer::ledger::{Line, Mark, STANDS};
use crate::system::database::{Database, Role};

/// Every copy has seen what it had seen at the last walk, unless it was made anew.
pub(super) fn copies(laws: &mut Laws, moment: &Moment<'_>) {
    for (region, database) in moment.world.system.databases.iter().enumerate() {
        let made_anew = std::mem::take(&mut laws.made_anew[region]);
        let before = &laws.seen[region];
        let back = before.iter().zip(&database.seen).position(|(before, now)| !now.includes(*before));
        let back = back.filter(|_| !made_anew);
        laws.check(moment.now, Law::VersionsGoForward, back.is_none(), || {
            format!("key {back:?} went back in region {region}, {:?}", database.role)
        });
        laws.seen[region].copy_from_slice(&database.seen);
    }
}

/// The figures of incidents.
pub(super) fn incidents(laws: &mut Laws, moment: &Moment<'_>) {
    let incidents = &moment.world.observer.incidents;
    let losses = &moment.world.observer.losses;
    let torn = incidents
        .iter()
        .find(|incident| incident.rpo.is_some_and(|rpo| (rpo.micros() == 0) != (incident.lost_writes == 0)));
    laws.check(moment.now, Law::ZeroMeansNothingMissing, torn.is_none(), || {
        let told =
            torn.map(|incident| (incident.trigger, incident.rpo.map(|rpo| rpo.secs()), incident.lost_writes));
        format!("{told:?}")
    });
    let booked: u64 = incidents.iter().map(|incident| u64::from(incident.lost_writes)).sum();
    let missing = losses.lost_writes + losses.unseen.len() as u64;
    laws.check(moment.now, Law::LossesAddUp, booked == missing, || {
        format!("{booked} on incidents, {} lost, {} out of reach", losses.lost_writes, losses.unseen.len())
    });
    let service = &moment.world.observer.service;
    let incidents = (0..incidents.len()).map(Some).chain([None]);
    let shares: u64 = incidents.map(|incident| u64::from(service.share_of(incident).failed)).sum();
    let failed: u64 = moment.world.observer.metrics.tallies.iter().map(|tally| tally.failed).sum();
    laws.check(moment.now, Law::HarmAddsUp, shares == failed, || {
        format!("{shares} booked on incidents and on none, {failed} failed")
    });
    let odd =
        service.outages.told().chain(service.degradations.told()).find(|spell| {
            spell.end.is_some_and(|end| end <= spell.start) || !(0.0..=1.0).contains(&spell.worst)
        });
    laws.check(moment.now, Law::HarmAddsUp, odd.is_none(), || format!("{odd:?}"));
}

/// Every line of the ledger against the copies and the counts.
pub(super) fn ledger(laws: &mut Laws, moment: &Moment<'_>) {
    let (system, observer) = (&moment.world.system, &moment.world.observer);
    let losses = &moment.world.observer.losses;
    let every = moment.plan.writes_everywhere();
    let acting = &system.databases[system.acting.index()];
    let version = |line: &Line| VersionId { region: line.region, count: line.count };
    let has = |database: &Database, line: &Line| database.seen[usize::from(line.key)].covers(version(line));
    let (mut lost, mut merged, mut refused, mut undone) = (0, 0, 0, 0);
    let (mut absent, mut both) = (None, None);
    for (number, line) in observer.ledger.lines(1, observer.ledger.len()) {
        let stands = line.undone == STANDS;
        lost += u64::from(line.mark == Mark::Lost && line.acknowledged && stands);
        merged += u64::from(line.mark == Mark::Merged);
        refused += u64::from(line.mark == Mark::Refused);
        if !line.acknowledged || line.mark == Mark::Refused {
            continue;
        }
        undone += u64::from(!stands);
        let present = if every {
            system.databases.iter().any(|database| has(database, line))
        } else {
            has(acting, line)
        };
        if stands && !present && acting.role != Role::Rebuilding {
            absent = absent.or(Some(number));
        }
        if !stands && acting.versions[usize::from(line.key)].id == version(line) {
            both = both.or(Some(number));
        }
    }
    let counted = (observer.ledger.lost, observer.ledger.merged, observer.ledger.refused);
    laws.check(moment.now, Law::LedgerAddsUp, counted == (lost, merged, refused), || {
        format!("counted {counted:?}, found {:?}", (lost, merged, refused))
    });
    laws.check(moment.now, Law::AcknowledgedIsPresent, absent.is_none(), || {
        format!("commit {absent:?} stands, and no copy that should have it has")
    });
    laws.check(moment.now, Law::LostIsNotPresent, both.is_none(), || {
        format!("commit {both:?} was undone, and the primary shows it")
    });
    // A restore also loses what was written before the run began, which has no line.
    let counted = losses.lost_writes;
    let adds_up = if laws.restored_once { counted >= undone } else { counted == undone };
    laws.check(moment.now, Law::UndoneIsLost, adds_up, || {
        format!("{undone} were undone, {counted} are lost")
    });
}
