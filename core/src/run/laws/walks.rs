//! Laws that need a walk: over the keys of every copy, over the incidents, over the ledger.

use super::Law;
use super::memory::{Laws, Moment};
use crate::kernel::id::{RegionId, VersionId};
use crate::observer::ledger::{Line, Mark, STANDS};
use crate::observer::states::States;
use crate::observer::walk::Walk;
use crate::system::backups::Backups;
use crate::system::database::{Database, Role};
use crate::system::version::Seen;
use crate::system::write_state::WriteState;

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

/// No copy and no backup has a key that its region may not hold, and homes are where they may be.
pub(super) fn placement(laws: &mut Laws, moment: &Moment<'_>) {
    let (plan, system) = (moment.plan, &moment.world.system);
    if plan.placement.is_free() {
        return;
    }
    let keys = 0..plan.scenario.database.keys as u16;
    let wrong_in = |seen: &[Seen], region| {
        let has = |key: u16| seen.get(usize::from(key)).is_some_and(|seen| *seen != Seen::default());
        keys.clone().find(|key| has(*key) && !plan.holds(region, *key))
    };
    let copy = system
        .databases
        .iter()
        .find_map(|db| Some(format!("key {} in region {}", wrong_in(&db.seen, db.region)?, db.region.0)));
    let everywhere = || plan.region_ids().filter(|region| !plan.placement.may_hold_all(*region));
    let backup = system.backups.shelf.iter().find_map(|snapshot| {
        let held = |region: &RegionId| Backups::held_in(snapshot, *region).is_some();
        everywhere().filter(held).find_map(|region| {
            let key = wrong_in(&snapshot.image.seen, region)?;
            Some(format!("key {key} in a backup in region {}", region.0))
        })
    });
    let home = (0..system.ownership.partitions()).find_map(|partition| {
        let owner = system.ownership.newest(partition).owner;
        let wrong = !plan.placement.may_hold(owner, partition);
        wrong.then(|| format!("partition {partition} at home in region {}", owner.0))
    });
    let found = copy.or(backup).or(home);
    laws.check(moment.now, Law::PlacementIsKept, found.is_none(), || found.unwrap_or_default());
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
    // Between two seconds a write that was acknowledged too late is not booked yet.
    // While nothing has ever happened the walk over the ledger once a minute is enough.
    if losses.reviewed == moment.now && !incidents.is_empty() {
        let booked: u64 = incidents.iter().map(|incident| u64::from(incident.lost_writes)).sum();
        let states = moment.world.observer.states(moment.plan, &moment.world.system);
        laws.check(moment.now, Law::LossesAddUp, booked == states.missing(), || {
            format!("{booked} on incidents, {} by the books; found: {states:?}", losses.total().missing())
        });
    }
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

/// Each acknowledged write is looked for in every copy: it is in one state, and that is how states are counted.
pub(super) fn states(laws: &mut Laws, moment: &Moment<'_>) {
    let (system, observer) = (&moment.world.system, &moment.world.observer);
    let walk = Walk::new(observer, moment.plan, system);
    let (mut one_by_one, counted) = (States::default(), walk.states());
    walk.each_write(|_, state| one_by_one.add(state, 1));
    // Each message is somewhere: what queues have adds up to what the ledger says of them.
    walk.messages(|_, state, _| one_by_one.add(state, 1));
    walk.queued_again(|_, state| one_by_one.change(state, WriteState::Queued));
    let writes = one_by_one.total();
    if let Some(before) = walk.before() {
        one_by_one.add(before.state, before.count.into());
    }
    laws.check(moment.now, Law::StatesAddUp, counted == one_by_one, || {
        format!("counted {counted:?}, one by one {one_by_one:?}")
    });
    laws.check(moment.now, Law::StatesAddUp, writes == observer.ledger.acknowledged, || {
        format!("{writes} acknowledged writes have a state, of {}", observer.ledger.acknowledged)
    });
    let (collided, lost) = (counted.of(WriteState::InCollision), observer.ledger.lost);
    laws.check(moment.now, Law::StatesAddUp, collided == lost, || {
        format!("{collided} writes are in collisions, {lost} updates were lost")
    });
}

/// What has come into each queue, against what is there and what has left it; and what each topic owes.
pub(super) fn messages(laws: &mut Laws, moment: &Moment<'_>) {
    let system = &moment.world.system;
    let torn = system.queues.iter().find(|queue| {
        let there = queue.backlog() + queue.held.len() + queue.dead.len();
        queue.through.sent != queue.through.consumed + queue.through.expired + there as u64
    });
    laws.check(moment.now, Law::MessagesAddUp, torn.is_none(), || {
        let told = torn.map(|queue| (queue.through, queue.backlog(), queue.held.len(), queue.dead.len()));
        format!("gone through, waiting, held and dead: {told:?}")
    });
    for (region, topic) in moment.plan.region_ids().zip(&system.topics) {
        let owed = system.deliveries.iter().filter(|it| it.from == region && !it.done).count();
        let right = owed == topic.owed as usize && topic.delivered + owed as u64 == topic.published * 2;
        laws.check(moment.now, Law::MessagesAddUp, right, || format!("{owed} are owed by {topic:?}"));
    }
}

/// Every line of the ledger against the copies and the counts.
pub(super) fn ledger(laws: &mut Laws, moment: &Moment<'_>) {
    let (system, observer) = (&moment.world.system, &moment.world.observer);
    let every = moment.plan.writes_everywhere();
    let acting = &system.databases[system.ownership.primary().index()];
    let version = |line: &Line| VersionId { region: line.region, count: line.count };
    let has = |database: &Database, line: &Line| database.seen[usize::from(line.key)].covers(version(line));
    let (mut lost, mut merged, mut refused) = (0, 0, 0);
    let (mut absent, mut both) = (None, None);
    for (number, line) in observer.ledger.lines(1, observer.ledger.len()) {
        let stands = line.undone == STANDS;
        lost += u64::from(line.is_collided());
        merged += u64::from(line.mark == Mark::Merged);
        refused += u64::from(line.mark == Mark::Refused);
        if !line.acknowledged || line.count == 0 {
            continue;
        }
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
}
