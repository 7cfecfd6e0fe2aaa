//! A queue in front of the database's writes: what it takes, what waits in it, and what becomes of that.

use crate::lab::{Lab, assert_close, coarse};
use crate::laws;
use faultline::kernel::id::RegionId;
use faultline::model::scenario::{Scenario, Strategy, WritePattern};
use faultline::model::unit::{Rate, Share, Span};
use faultline::model::{Decider, Engine, QueueKind, Skew};
use faultline::observer::ledger::Mark;
use faultline::run::report::QueueReport;
use faultline::system::journal::What;
use faultline::system::work_queue::{Held, Hold};

const FIRST: RegionId = RegionId(0);

/// One city that writes so many times a second, and nobody who decides anything. The primary's region has one zone, so that a
/// database that is lost there stays lost.
pub(crate) fn writers(kind: QueueKind, writes_per_s: f64, reads: f64) -> Scenario {
    let mut scenario = Scenario { weight: 1, grain: 1, ..coarse() };
    scenario.clients.populations.truncate(1);
    scenario.clients.populations[0].requests_per_s = Rate(writes_per_s / (1.0 - reads));
    scenario.clients.populations[0].read_share = Share(reads);
    scenario.servers.service_ms = faultline::model::unit::Millis(20.0);
    scenario.regions[0].zones = 1;
    scenario.recovery.decider = Decider::Manual;
    scenario.database.skew = Skew::Uniform;
    scenario.write_queue.kind = kind;
    scenario
}

fn queue(lab: &Lab) -> QueueReport {
    lab.run.report().queues[0].clone()
}

#[test]
fn ten_minutes_without_a_database_are_taken_in_and_worked_off() {
    for (kind, seed) in [(QueueKind::Standard, 3), (QueueKind::Standard, 5), (QueueKind::Fifo, 3)] {
        let scenario = writers(kind, 60.0, 0.0);
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(300.0).order("primary-database=us-east-1").run_to(900.0);
        assert_close("backlog", queue(&lab).backlog as f64, 36_000.0, 0.02);
        let report = lab.run.report();
        assert_eq!(
            (lab.failed(300.0, 900.0), report.loss.counts.missing()),
            (0, 0),
            "{kind:?}: all were taken"
        );
        assert!(report.loss.queued >= queue(&lab).backlog, "{kind:?}: {:?}", report.loss);
        lab.order("clear primary-database=us-east-1");
        let mut now = 900.0;
        while lab.when(|what| matches!(what, What::ConsumersGoOn { .. })).is_none() {
            now += 1.0;
            lab.run_to(now);
            assert!(now < 1200.0, "{kind:?}: the database is back");
        }
        let (from, backlog) = (now, queue(&lab).backlog as f64);
        while queue(&lab).backlog > 60 {
            now += 1.0;
            lab.run_to(now);
            assert!(now < 2400.0, "{kind:?}: it is worked off");
        }
        let (consumed, sent) = (*scenario.write_queue.consumed_per_s, 60.0);
        assert_close("time to drain", now - from, backlog / (consumed - sent), 0.1);
        lab.run_to(now + 60.0);
        let report = lab.run.report();
        assert_eq!((report.loss.counts.missing(), report.consistency.duplicates), (0, 0), "{kind:?}");
        assert_eq!(laws::unlisted(&lab.run), [], "{kind:?}");
    }
}

#[test]
fn messages_of_a_dark_region_are_out_of_reach_and_come_back_with_it() {
    for seed in [3, 5] {
        let mut lab = Lab::new(&writers(QueueKind::Standard, 60.0, 0.5), seed);
        lab.run_to(60.0).order("consumers-stop=us-east-1").run_to(180.0);
        let waits = queue(&lab).backlog;
        assert_close("backlog", waits as f64, 60.0 * 120.0, 0.05);
        lab.order("region-dark=us-east-1").run_to(240.0);
        let loss = lab.run.report().loss;
        // Of a few no client had been told. What waits now is in the other region, to which clients have been sent.
        let (gone, elsewhere) = (loss.counts.out_of_reach, lab.run.report().queues[1].clone());
        assert!(gone <= waits && waits < gone + 5, "seed {seed}: {gone} of {waits}");
        assert!(loss.queued <= elsewhere.backlog + elsewhere.in_flight, "seed {seed}: {elsewhere:?}");
        lab.order("clear region-dark=us-east-1").order("clear consumers-stop=us-east-1").run_to(900.0);
        let loss = lab.run.report().loss;
        assert_eq!((loss.counts.missing(), loss.counts.lost), (0, 0), "seed {seed}: {loss:?}");
        assert!(queue(&lab).consumed + 300 > queue(&lab).sent, "seed {seed}: {:?}", queue(&lab));
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_consumer_that_dies_after_its_commit_gives_a_duplicate_unless_writes_are_idempotent() {
    for (idempotent, seed) in [(false, 3), (false, 5), (true, 3), (true, 5)] {
        let mut scenario = writers(QueueKind::Standard, 600.0, 0.0);
        scenario.write_queue.consumed_per_s = Rate(1000.0);
        scenario.database.idempotent = idempotent;
        let mut lab = Lab::new(&scenario, seed);
        let (mut committed, mut now) = (0, 60.0);
        for _ in 0..4 {
            lab.run_to(now).order("consumers-stop=us-east-1").run_to(now + 2.0);
            let system = &lab.run.world().system;
            let done = |held| {
                let held: Option<&Held> = system.held.get(held);
                held.is_some_and(|held| {
                    let write = held.message.attempt.write.expect("a message writes");
                    system.tokens.of(write).next().is_some() && matches!(held.hold, Hold::Hidden(_))
                })
            };
            committed += system.queues[0].held.iter().filter(|held| done(**held)).count() as u64;
            lab.order("clear consumers-stop=us-east-1");
            now += 45.0;
        }
        lab.run_to(now);
        let report = lab.run.report();
        assert!(committed > 4, "seed {seed}: some were committed and not deleted: {committed}");
        let expected = if idempotent { 0 } else { committed };
        assert_eq!(report.queues[0].duplicates, expected, "seed {seed}, idempotent {idempotent}");
        assert_eq!(report.consistency.duplicates, expected, "seed {seed}, idempotent {idempotent}");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_poison_message_holds_its_group_up_until_it_is_set_aside_and_can_be_sent_again() {
    for (kind, seed) in [(QueueKind::Fifo, 3), (QueueKind::Fifo, 8), (QueueKind::Standard, 3)] {
        let mut scenario = writers(kind, 60.0, 0.0);
        scenario.database.keys = 20;
        (scenario.write_queue.visibility_s, scenario.write_queue.receives) = (Span(20.0), 3);
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(60.0).order("poison-message=us-east-1").run_to(110.0);
        // One key of twenty: 3 writes a second for 50 s.
        let backlog = queue(&lab).backlog as f64;
        if kind == QueueKind::Fifo {
            assert!((100.0..200.0).contains(&backlog), "{kind:?}, seed {seed}: {backlog} wait behind it");
        } else {
            assert!(backlog < 30.0, "{kind:?}: nothing waits for it: {backlog}");
        }
        lab.run_to(60.0 + 3.0 * 20.0 + 15.0);
        let (dead, report) = (queue(&lab).dead, lab.run.report());
        assert_eq!((dead, report.loss.counts.set_aside), (1, 1), "{kind:?}, seed {seed}");
        assert_eq!(report.incidents[0].loss.counts.set_aside, 1, "on the incident of the poison");
        assert!(queue(&lab).backlog < 30, "{kind:?}, seed {seed}: the group goes on: {:?}", queue(&lab));
        lab.order("clear poison-message=us-east-1").order("redrive=us-east-1").run_to(200.0);
        assert_eq!(
            (queue(&lab).dead, lab.run.report().loss.counts.missing()),
            (0, 0),
            "{kind:?}, seed {seed}"
        );
        lab.order("redrive=us-east-1");
        let redriven = lab.entries(|what| matches!(what, What::MessagesRedriven(_))).count();
        assert_eq!(redriven, 1, "nothing is left to be sent again");
        assert!(matches!(lab.record.journal.last().map(|entry| entry.what), Some(What::OrderRefused(..))));
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_fifo_queue_keeps_the_order_of_each_key_and_a_standard_one_does_not() {
    let out_of_order = |kind: QueueKind, seed: u64| {
        let mut scenario = writers(kind, 60.0, 0.0);
        scenario.database.keys = 5;
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(60.0).order("consumers-stop=us-east-1").run_to(120.0);
        lab.order("clear consumers-stop=us-east-1").run_to(240.0);
        let ledger = &lab.run.world().observer.ledger;
        let mut last = [0; 5];
        // In the order in which the queue had accepted them.
        let messages = ledger.lines(1, ledger.len()).filter(|(_, line)| line.mark == Mark::Consumed);
        messages
            .filter(|(_, line)| {
                let before = &mut last[usize::from(line.key)];
                let earlier = line.by < *before;
                *before = line.by.max(*before);
                earlier
            })
            .count()
    };
    for seed in [3, 5] {
        assert_eq!(out_of_order(QueueKind::Fifo, seed), 0, "seed {seed}");
        assert!(out_of_order(QueueKind::Standard, seed) > 100, "seed {seed}");
    }
}

#[test]
fn what_is_kept_for_too_long_is_lost_and_booked_on_what_kept_it() {
    for seed in [3, 5] {
        let mut scenario = writers(QueueKind::Standard, 60.0, 0.0);
        scenario.write_queue.retention_s = Span(60.0);
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(60.0).order("consumers-stop=us-east-1").run_to(360.0);
        let report = lab.run.report();
        assert_close("lost", report.loss.counts.lost as f64, 60.0 * 240.0, 0.03);
        let expired = report.queues[0].expired;
        assert!(
            (report.loss.counts.lost..report.loss.counts.lost + 5).contains(&expired),
            "seed {seed}: {expired}"
        );
        let incident = &report.incidents[0];
        assert_eq!(incident.loss.counts.lost, report.loss.counts.lost, "seed {seed}: {:?}", incident.trigger);
        assert!(incident.rpo_s.is_some_and(|rpo_s| (230.0..250.0).contains(&rpo_s)), "{:?}", incident.rpo_s);
        lab.order("clear consumers-stop=us-east-1").run_to(480.0);
        assert!(lab.run.report().loss.counts.lost < 60 * 250, "nothing more is lost");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_queue_may_lose_what_waits_for_planned_work_without_any_fault() {
    let mut scenario = writers(QueueKind::Standard, 20.0, 0.0);
    scenario.regions[0].zones = 2;
    scenario.write_queue.retention_s = Span(60.0);
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(300.0).order("reboot=us-east-1").run_to(700.0);
    let back = lab.when(|what| matches!(what, What::StandbyTookOver { .. }));
    let down_s = back.expect("it takes over") - 300.0;
    let expired = queue(&lab).expired as f64;
    assert!(down_s > 62.0, "the standby takes over after {down_s} s");
    assert_close("too old", expired, 20.0 * (down_s - 60.0), 0.2);
    assert!(lab.run.world().observer.may_lose());
    assert_close("missing", lab.run.report().loss.counts.lost as f64, expired, 0.01);
}

#[test]
fn a_write_in_a_queue_is_not_yet_visible_and_makes_no_read_stale() {
    for seed in [3, 5] {
        let mut scenario = writers(QueueKind::Standard, 30.0, 0.5);
        scenario.database.keys = 10;
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(60.0);
        let before = lab.run.report().consistency;
        lab.order("consumers-stop=us-east-1").run_to(180.0);
        let after = lab.run.report().consistency;
        // Nearly every key has a write that waits, and nearly every read misses one.
        let missed = after.not_yet_visible - before.not_yet_visible;
        assert!(missed > 30 * 120 * 9 / 10, "seed {seed}: {missed}");
        assert_eq!((before.stale_reads, after.stale_reads), (0, 0), "seed {seed}: one copy is never stale");
        lab.order("clear consumers-stop=us-east-1").run_to(300.0);
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_fifo_queue_takes_three_hundred_calls_a_second_and_ten_times_as_many_messages_in_batches() {
    for (batches, seed) in [(false, 3), (true, 3), (false, 5)] {
        let mut scenario = writers(QueueKind::Fifo, 400.0, 0.0);
        scenario.write_queue.batches = batches;
        scenario.write_queue.consumed_per_s = Rate(2000.0);
        scenario.clients.retries = 0;
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(120.0);
        let taken = queue(&lab).sent as f64 / 120.0;
        if batches {
            assert_eq!(lab.failed(10.0, 120.0), 0);
            assert_close("accepted a second", taken, 400.0, 0.03);
        } else {
            assert_close("accepted a second", taken, 300.0, 0.03);
            assert!(lab.failed(10.0, 120.0) > 80 * 110, "the rest is refused");
        }
        assert!(lab.run.world().system.queues[FIRST.index()].backlog() < 60, "consumers keep up");
    }
}

#[test]
fn a_commit_of_which_the_answer_is_lost_is_made_again_unless_writes_are_idempotent() {
    for (idempotent, seed) in [(false, 3), (true, 3), (false, 5), (true, 5)] {
        // London's writes wait in Ireland, whose consumers commit them in Virginia.
        let mut scenario = Scenario::of(Strategy::MultiSite);
        scenario.database.engine = Engine::AuroraGlobal;
        scenario.database.conflict = Engine::AuroraGlobal.conflict_rules()[0];
        scenario.write_pattern = WritePattern::WriteGlobal;
        scenario.weight = 8;
        scenario.write_queue.kind = QueueKind::Standard;
        scenario.database.idempotent = idempotent;
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(60.0).order("link-lossy=us-east-1:eu-west-1").run_to(360.0);
        lab.order("clear link-lossy=us-east-1:eu-west-1").run_to(480.0);
        let report = lab.run.report();
        let [home, away] = &report.queues[..] else { panic!("two queues") };
        assert!(away.consumed > 1000 && home.duplicates == 0, "seed {seed}: {home:?} {away:?}");
        assert_eq!(away.duplicates > 0, !idempotent, "seed {seed}, idempotent {idempotent}: {away:?}");
        assert_eq!(report.consistency.duplicates, away.duplicates, "seed {seed}, idempotent {idempotent}");
        assert_eq!((report.loss.counts.missing(), laws::unlisted(&lab.run)), (0, vec![]), "seed {seed}");
    }
}

#[test]
fn a_dead_message_is_missing_and_not_yet_to_come() {
    for seed in [3, 5] {
        let mut scenario = writers(QueueKind::Standard, 30.0, 0.5);
        scenario.database.keys = 1;
        (scenario.write_queue.visibility_s, scenario.write_queue.receives) = (Span(5.0), 1);
        let mut lab = Lab::new(&scenario, seed);
        let of = |lab: &Lab| lab.run.report().consistency.not_yet_visible;
        lab.run_to(60.0);
        let calm = of(&lab);
        lab.order("poison-message=us-east-1").run_to(64.0);
        assert!(of(&lab) - calm > 60, "seed {seed}: while it is hidden it is still to come");
        lab.run_to(70.0);
        let before = of(&lab);
        lab.run_to(160.0);
        assert_eq!(lab.run.report().loss.counts.set_aside, 1, "seed {seed}");
        assert!(of(&lab) - before < 20, "seed {seed}: {}", of(&lab) - before);
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_write_that_its_client_has_sent_several_times_is_made_once_if_writes_are_idempotent() {
    for (idempotent, seed) in [(true, 3), (false, 3), (true, 5), (false, 5)] {
        let mut scenario = writers(QueueKind::Standard, 20.0, 0.0);
        scenario.database.idempotent = idempotent;
        // Servers send each write on, and answer when nobody waits any more.
        scenario.servers.service_ms = faultline::model::unit::Millis(*scenario.clients.timeout_s * 1100.0);
        scenario.servers.concurrency = 1000;
        let mut lab = Lab::new(&scenario, seed);
        // No consumer takes anything until all of these clients are gone.
        lab.order("consumers-stop=us-east-1")
            .run_to(300.0)
            .order("clear consumers-stop=us-east-1")
            .run_to(400.0);
        let ledger = &lab.run.world().observer.ledger;
        let mut writes: Vec<u32> = ledger
            .lines(1, ledger.len())
            .filter(|(_, line)| line.count > 0)
            .map(|(_, line)| line.write.0)
            .collect();
        let commits = writes.len();
        writes.sort_unstable();
        writes.dedup();
        let duplicates = lab.run.report().consistency.duplicates;
        assert!(writes.len() > 20 * 250, "seed {seed}: {} writes", writes.len());
        assert_eq!(commits - writes.len(), duplicates as usize, "seed {seed}, idempotent {idempotent}");
        assert_eq!(duplicates > 1000, !idempotent, "seed {seed}: {duplicates} of {commits}");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}
