//! A topic in front of the queues of two regions: what it gives, and what it does not.

use crate::lab::{Lab, assert_close};
use crate::laws;
use crate::work_queues::writers;
use faultline::kernel::id::RegionId;
use faultline::model::QueueKind;
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Rate, Span};
use faultline::observer::ledger::Mark;
use faultline::run::report::{QueueReport, TopicReport};
use faultline::system::journal::What;

fn topic(idempotent: bool) -> Scenario {
    let mut scenario = writers(QueueKind::Topic, 60.0, 0.0);
    scenario.database.idempotent = idempotent;
    scenario
}

fn told(lab: &Lab) -> (TopicReport, QueueReport, QueueReport) {
    let report = lab.run.report();
    let [home, away] = &report.queues[..] else { panic!("two queues") };
    (report.topics[0].clone(), home.clone(), away.clone())
}

/// How many commits each write has, of those that a client asked for.
fn commits(lab: &Lab) -> Vec<u32> {
    let ledger = &lab.run.world().observer.ledger;
    let mut commits = Vec::new();
    for (_, line) in ledger.lines(1, ledger.len()).filter(|(_, line)| line.count > 0) {
        let write = line.write.0 as usize;
        if commits.len() <= write {
            commits.resize(write + 1, 0);
        }
        commits[write] += 1;
    }
    commits
}

#[test]
fn each_message_comes_to_two_queues_and_is_made_twice_unless_writes_are_idempotent() {
    for (idempotent, seed) in [(true, 3), (false, 3), (true, 5), (false, 5)] {
        let mut lab = Lab::new(&topic(idempotent), seed);
        lab.run_to(300.0);
        let (topic, home, away) = told(&lab);
        assert_close("published", topic.published as f64, 60.0 * 300.0, 0.05);
        assert_eq!(topic.delivered + topic.undelivered, 2 * topic.published, "seed {seed}: {topic:?}");
        assert_eq!(
            topic.tries,
            2 * topic.published - u64::from(topic.published - home.sent > 0),
            "{topic:?}"
        );
        assert!(topic.undelivered < 30 && home.sent.abs_diff(away.sent) < 30, "seed {seed}: {topic:?}");
        let (report, duplicates) = (lab.run.report(), home.duplicates + away.duplicates);
        assert_eq!(report.consistency.duplicates, duplicates, "seed {seed}");
        let commits = commits(&lab);
        let most = commits.iter().max().copied();
        if idempotent {
            assert_eq!((duplicates, most), (0, Some(1)), "seed {seed}: each write is made once");
        } else {
            assert!(topic.published - duplicates < 60, "seed {seed}: {duplicates} of {topic:?}");
            assert_eq!(most, Some(2), "seed {seed}: no write is in one transaction with its twin");
        }
        assert_eq!((report.loss.counts.missing(), laws::unlisted(&lab.run)), (0, vec![]), "seed {seed}");
    }
}

#[test]
fn what_waits_in_a_dark_region_is_in_the_other_queue_too_and_is_made_there() {
    for (kind, seed) in [(QueueKind::Topic, 3), (QueueKind::Topic, 5), (QueueKind::Standard, 3)] {
        let mut scenario = topic(true);
        scenario.write_queue.kind = kind;
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(60.0).order("primary-database=us-east-1").run_to(120.0);
        assert_close("backlog", lab.run.report().queues[0].backlog as f64, 60.0 * 60.0, 0.05);
        lab.order("region-dark=us-east-1").run_to(150.0);
        let loss = lab.run.report().loss;
        if kind == QueueKind::Standard {
            assert!(loss.counts.out_of_reach > 3000, "seed {seed}: {loss:?}");
            continue;
        }
        // What a consumer had committed just before the database was lost is another matter.
        assert!(loss.counts.missing() < 60, "seed {seed}: {loss:?}");
        assert!(loss.queued > 3000, "seed {seed}: {loss:?}");
        lab.order("fail-over=eu-west-1").run_to(1500.0);
        let promoted = lab.when(|what| matches!(what, What::Promoted { .. })).expect("promoted");
        let (_, _, away) = told(&lab);
        assert!(away.backlog + away.in_flight < 60, "seed {seed}: made since {promoted}: {away:?}");
        lab.order("clear region-dark=us-east-1").order("clear primary-database=us-east-1").run_to(2400.0);
        let (report, most) = (lab.run.report(), commits(&lab).iter().max().copied());
        assert!(report.loss.counts.missing() < 60, "seed {seed}: {:?}", report.loss);
        assert!(most <= Some(2), "seed {seed}");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn what_replication_had_not_brought_is_made_again_from_the_other_queue() {
    for seed in [3, 5] {
        let mut scenario = topic(true);
        scenario.database.delay_s = Span(20.0);
        let mut lab = Lab::new(&scenario, seed);
        // The other region's queue keeps everything since then.
        lab.run_to(30.0)
            .order("consumers-stop=eu-west-1")
            .run_to(90.0)
            .order("region-dark=us-east-1")
            .run_to(120.0);
        // Some 1,200 were committed and not replicated: the other queue has them still, in reach.
        let (loss, away) = (lab.run.report().loss, told(&lab).2);
        assert_eq!(loss.counts.missing(), 0, "seed {seed}: {loss:?}");
        assert!(loss.queued > 1000 && loss.queued <= away.backlog + away.in_flight, "seed {seed}: {loss:?}");
        lab.order("fail-over=eu-west-1").order("clear consumers-stop=eu-west-1").run_to(1500.0);
        assert!(lab.when(|what| matches!(what, What::Promoted { .. })).is_some(), "seed {seed}");
        let loss = lab.run.report().loss;
        assert_eq!(loss.counts.missing(), 0, "seed {seed}: {loss:?}");
        let incident = &lab.run.report().incidents[0];
        assert_eq!(incident.rpo_s, Some(0.0), "seed {seed}: {:?}", incident.trigger);
        // The first commit of each is still in the dark region, and stands for nothing any more.
        let twice = commits(&lab).iter().filter(|commits| **commits == 2).count() as u64;
        assert!((1000..1800).contains(&twice), "seed {seed}: {twice} were made again");
        lab.order("clear region-dark=us-east-1").run_to(1800.0);
        assert_eq!((lab.run.report().loss.counts.missing(), laws::unlisted(&lab.run)), (0, vec![]));
    }
}

#[test]
fn a_delivery_over_a_cut_link_is_tried_again_until_it_has_come() {
    for seed in [3, 5, 8] {
        let mut lab = Lab::new(&topic(true), seed);
        lab.run_to(60.0).order("link-cut=us-east-1:eu-west-1").run_to(360.0);
        let (cut, home, away) = told(&lab);
        assert_close("undelivered", cut.undelivered as f64, 60.0 * 300.0, 0.03);
        assert!(home.sent - away.sent >= cut.undelivered - 5, "seed {seed}: {home:?} {away:?}");
        // Fifteen tries in the first two minutes, then one in ten to twenty seconds.
        let (calm, tries) = (2 * 60 * 60, cut.tries);
        assert!(tries > calm + 10 * cut.undelivered && tries < calm + 40 * cut.undelivered, "{tries}");
        let waits = lab.entries(|what| matches!(what, What::DeliveriesWait { .. })).count();
        assert_eq!((waits, lab.run.report().loss.counts.missing()), (1, 0), "seed {seed}: told once");
        lab.order("clear link-cut=us-east-1:eu-west-1").run_to(383.0);
        let (mended, _, away) = told(&lab);
        assert!(mended.undelivered < 30, "seed {seed}: the longest pause is 20 s: {mended:?}");
        assert!(lab.when(|what| matches!(what, What::DeliveriesGoOn { .. })).is_some());
        lab.run_to(720.0);
        let after = told(&lab).2;
        assert!(after.backlog < 30 && after.sent > away.sent, "seed {seed}: {after:?}");
        let (report, commits) = (lab.run.report(), commits(&lab));
        assert_eq!((report.consistency.duplicates, commits.iter().max().copied()), (0, Some(1)));
        assert_eq!((report.loss.counts.missing(), laws::unlisted(&lab.run)), (0, vec![]), "seed {seed}");
    }
}

#[test]
fn what_comes_all_at_once_and_waits_for_too_long_is_booked_on_what_had_kept_it_back() {
    for seed in [3, 5] {
        let mut scenario = topic(true);
        scenario.write_queue.retention_s = Span(60.0);
        scenario.write_queue.consumed_per_s = Rate(61.0);
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(60.0).order("link-cut=us-east-1:eu-west-1").run_to(360.0);
        lab.order("clear link-cut=us-east-1:eu-west-1").run_to(480.0);
        let expired = lab.entries(|what| matches!(what, What::MessagesExpired(_)));
        let causes: Vec<_> = expired.map(|entry| entry.cause).collect();
        assert!(told(&lab).2.expired > 5000, "seed {seed}: consumers there cannot keep up: {:?}", told(&lab));
        assert!(!causes.is_empty() && causes.iter().all(Option::is_some), "seed {seed}: {causes:?}");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_queue_whose_answer_is_lost_has_a_message_twice() {
    for seed in [3, 5] {
        let mut lab = Lab::new(&topic(true), seed);
        lab.run_to(60.0).order("link-lossy=us-east-1:eu-west-1").run_to(360.0);
        lab.order("clear link-lossy=us-east-1:eu-west-1").run_to(480.0);
        let (topic, home, away) = told(&lab);
        assert_eq!(topic.undelivered, topic.published * 2 - topic.delivered, "seed {seed}");
        assert!(home.sent < topic.published + 1 && away.sent > topic.published + 100, "{home:?} {away:?}");
        assert_eq!(commits(&lab).iter().max().copied(), Some(1), "seed {seed}: idempotent all the same");
        assert_eq!((lab.run.report().loss.counts.missing(), laws::unlisted(&lab.run)), (0, vec![]));
    }
}

#[test]
fn what_only_the_topic_of_a_dark_region_has_is_out_of_reach_until_it_is_back() {
    for seed in [3, 5] {
        let mut lab = Lab::new(&topic(true), seed);
        lab.run_to(60.0)
            .order("consumers-stop=us-east-1")
            .order("link-cut=us-east-1:eu-west-1")
            .run_to(120.0);
        lab.order("region-dark=us-east-1").run_to(150.0);
        let gone = lab.run.report().loss.counts.out_of_reach;
        assert_close("out of reach", gone as f64, 60.0 * 60.0, 0.05);
        let tries = told(&lab).0.tries;
        lab.run_to(300.0);
        assert_eq!(told(&lab).0.tries, tries, "seed {seed}: nothing leaves a dark region");
        for fault in ["region-dark=us-east-1", "link-cut=us-east-1:eu-west-1"] {
            lab.order(&format!("clear {fault}"));
        }
        lab.run_to(600.0);
        let (topic, home, _) = told(&lab);
        assert!(topic.undelivered < 30, "seed {seed}: {topic:?}");
        // Those of the other region have made them all, while the queue at home keeps its own.
        assert!(home.backlog > 3000, "seed {seed}: {home:?}");
        assert_eq!(lab.run.report().loss.counts.missing(), 0, "seed {seed}: {:?}", lab.run.report().loss);
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_message_is_lost_only_if_both_queues_have_kept_it_for_too_long() {
    for (both, seed) in [(false, 3), (true, 3), (false, 5), (true, 5)] {
        let mut scenario = topic(true);
        scenario.write_queue.retention_s = Span(60.0);
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(60.0).order("consumers-stop=us-east-1");
        if both {
            lab.order("consumers-stop=eu-west-1");
        }
        lab.run_to(240.0);
        let (report, home) = (lab.run.report(), told(&lab).1);
        assert_close("expired at home", home.expired as f64, 60.0 * 120.0, 0.05);
        let lost = report.loss.counts.lost;
        if both {
            assert_close("lost", lost as f64, home.expired as f64, 0.02);
        } else {
            assert_eq!(lost, 0, "seed {seed}: the other region's consumers have made them");
        }
        let ledger = &lab.run.world().observer.ledger;
        let expired = ledger.lines(1, ledger.len()).filter(|(_, line)| line.mark == Mark::Expired).count();
        assert!(expired as u64 >= lost && (both || expired == 0), "seed {seed}: {expired}");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn a_poison_message_is_one_in_both_regions() {
    for seed in [3, 5] {
        let mut scenario = topic(true);
        (scenario.write_queue.visibility_s, scenario.write_queue.receives) = (Span(10.0), 3);
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(60.0).order("poison-message=us-east-1").run_to(120.0);
        let (_, home, away) = told(&lab);
        assert_eq!((home.dead, away.dead), (1, 1), "seed {seed}");
        assert_eq!(lab.run.report().loss.counts.set_aside, 1, "seed {seed}: one write");
        lab.order("clear poison-message=us-east-1").order("redrive=eu-west-1").run_to(130.0);
        assert_eq!(lab.run.report().loss.counts.missing(), 0, "seed {seed}: one of the two is enough");
        assert_eq!((told(&lab).1.dead, laws::unlisted(&lab.run)), (1, vec![]), "seed {seed}");
    }
}

#[test]
fn a_topic_is_paid_for_by_what_is_published_and_what_leaves_its_region() {
    let mut scenario = topic(true);
    scenario.clients.populations[0].requests_per_s = Rate(60.0);
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(600.0);
    let report = lab.run.report();
    let row = |item: &str| {
        let rows = report.cost.items.iter().filter(|row| row.item == item);
        rows.fold((0.0, 0.0), |sum, row| (sum.0 + row.quantity, sum.1 + row.monthly_usd))
    };
    // 730 hours of 60 a second are 157.7 million; at $0.50 a million that is $78.84.
    let (millions, usd) = row("topic publishes");
    assert_close("publishes", millions, 157.68, 0.03);
    assert_close("price", usd, 78.84, 0.03);
    // Each is sent, received and deleted in two queues, ten to a call.
    assert_close("queue calls", row("queue calls").0, 157.68 * 6.0 / 10.0, 0.03);
    let kib = f64::from(scenario.database.write_bytes) / 1024.0;
    assert_close("transfer", row("topic transfer").0, 157.68e6 * kib / 1024.0 / 1024.0, 0.03);
    assert_eq!(lab.run.world().system.queues[RegionId(0).index()].dead.len(), 0);
}
