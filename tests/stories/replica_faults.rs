//! Several copies answer a read or have a write, and one of them is away: who is refused, what is lost, and what read repair does.

use crate::lab::Lab;
use crate::replicas::{far_apart, few, older_than_acknowledged, operations, run};
use faultline::kernel::id::{PopulationId, RegionId};
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Rate, Share, Span};
use faultline::system::history::{Operation, Outcome};

/// The three places of [`few`], in the order of the scenario.
const PLACES: [&str; 3] = ["ap-southeast-1", "eu-south-1", "us-west-2"];

/// The link of a place to each of the others is cut, or mended.
fn links(place: usize, at_s: f64, word: &str) -> Vec<(f64, String)> {
    let others = (0..3).filter(|other| *other != place);
    others.map(|other| (at_s, format!("{word}link-cut={}:{}", PLACES[place], PLACES[other]))).collect()
}

/// Of operations that began between two seconds, in the places that are named first: those that were done, and those that were not.
fn ended(lab: &Lab, places: &[u8], (from_s, to_s): (f64, f64), writes: bool) -> (usize, usize) {
    let mine = |it: &&Operation| {
        let began = it.invoked.secs();
        let here = places.contains(&it.population.0);
        here && from_s < began && began < to_s && it.writes == writes && it.outcome != Outcome::Open
    };
    let all: Vec<&Operation> = operations(lab).iter().filter(mine).collect();
    let done = all.iter().filter(|it| it.outcome == Outcome::Done).count();
    (done, all.len() - done)
}

#[test]
fn a_copy_that_is_dark_is_missed_by_those_who_wait_for_all_and_by_nobody_else() {
    let dark = [(30.0, format!("region-dark={}", PLACES[2]))];
    for (read, written) in [(1, 3), (3, 1), (2, 2), (1, 2), (2, 1)] {
        let lab = Lab::with_history(&few(read, written), 5, &dark, 60.0);
        for (asked, writes) in [(read, false), (written, true)] {
            // Retries of what was under way at the first are over by then.
            let (done, failed) = ended(&lab, &[0, 1], (32.0, 50.0), writes);
            let what = format!("R={read}, W={written}, {asked} copies: {done} done, {failed} failed");
            assert!(if asked == 3 { done == 0 && failed > 100 } else { done > 100 && failed == 0 }, "{what}");
        }
        let report = lab.run.report();
        if read.max(written) == 3 {
            let refused = report.by_client["Milan"].failed_by["refused"];
            assert!(refused > 50, "who waits in vain is refused: {refused}");
            assert_eq!(report.no_incident.failed, 0, "and the dark region is to blame for each");
            assert_eq!(report.incidents[0].failed, report.requests.failed);
        }
    }
}

#[test]
fn a_write_that_too_few_have_is_in_no_book_and_may_be_read_later() {
    // Milan can reach nobody. What it takes it has, its clients are not told, and the others hear of it when the links are mended.
    let orders: Vec<(f64, String)> = [links(1, 30.0, ""), links(1, 40.0, "clear ")].concat();
    let mut scenario = few(1, 2);
    // Hardly any key is written again before somebody reads it.
    scenario.database.keys = 512;
    let lab = Lab::with_history(&scenario, 5, &orders, 60.0);
    let milan = |it: &&Operation| it.population == PopulationId(1) && it.writes;
    let lost: Vec<&Operation> = operations(&lab)
        .iter()
        .filter(milan)
        .filter(|it| it.invoked.secs() > 31.0 && it.invoked.secs() < 35.0)
        .collect();
    assert!(lost.len() > 10 && lost.iter().all(|it| it.outcome == Outcome::Unknown), "{lost:?}");
    let ledger = &lab.run.world().observer.ledger;
    for (number, line) in ledger.lines(1, ledger.len()) {
        let told = operations(&lab)
            .iter()
            .any(|it| it.writes && it.value == Some(line.write) && it.outcome == Outcome::Done);
        assert!(told || !line.acknowledged, "write {number}");
    }
    let seen_elsewhere = operations(&lab).iter().filter(|it| {
        let theirs = lost.iter().any(|write| write.value == it.value);
        !it.writes && it.region != Some(RegionId(1)) && theirs
    });
    assert!(seen_elsewhere.count() > 0, "the streams bring what the letters did not");
    let differ = lab.run.report().consistency.diverged_keys_at_end;
    assert!(differ < 5, "{differ} keys");
    let books = lab.run.report().loss;
    assert_eq!(books.acknowledged, books.present + books.counts.in_collisions, "{books:?}");
}

#[test]
fn with_two_copies_a_dark_region_takes_nothing_with_it_that_was_acknowledged() {
    let dark = [(30.0, format!("region-dark={}", PLACES[0]))];
    let mut alone = 0;
    for seed in 0..8 {
        let mut scenario = few(1, 1);
        // What is shipped once a second is missing for half of that.
        scenario.database.ship_interval_s = Span(1.0);
        let report = Lab::with_history(&scenario, seed, &dark, 60.0).run.report();
        alone += report.loss.counts.out_of_reach;
        scenario.database.replicas_written = 2;
        let report = Lab::with_history(&scenario, seed, &dark, 60.0).run.report();
        let loss = &report.loss;
        assert_eq!(
            (loss.counts.out_of_reach, report.incidents[0].rpo_s),
            (0, Some(0.0)),
            "seed {seed}: {loss:?}"
        );
    }
    // Six writes a second under eight keys, of which the newest of each counts.
    assert!(alone > 8, "with one copy it does: {alone}");
}

#[test]
fn two_dark_regions_take_what_only_they_have() {
    let mut missing = 0;
    for seed in 0..8 {
        let mut scenario = few(1, 2);
        scenario.database.ship_interval_s = Span(5.0);
        // Those who are left cannot reach the third either: it has what came before.
        let orders = [
            links(2, 28.0, ""),
            vec![(30.0, format!("region-dark={}", PLACES[0])), (30.0, format!("region-dark={}", PLACES[1]))],
        ];
        let lab = Lab::with_history(&scenario, seed, &orders.concat(), 60.0);
        let world = lab.run.world();
        let third = &world.system.databases[2];
        let ledger = &world.observer.ledger;
        let lines = ledger.lines(1, ledger.len());
        let gone = lines.filter(|(_, line)| {
            line.acknowledged && !line.is_collided() && !third.seen[usize::from(line.key)].covers(line.id())
        });
        let (gone, booked) = (gone.count() as u64, lab.run.report().loss.counts.out_of_reach);
        assert_eq!(booked, gone, "seed {seed}");
        missing += booked;
    }
    assert!(missing > 50, "{missing}");
}

/// Stale reads between two seconds.
fn stale(scenario: &Scenario, orders: &[(f64, String)], (from_s, to_s): (f64, f64)) -> u64 {
    let count = |until_s: f64| {
        let upto: Vec<(f64, String)> = orders.iter().filter(|it| it.0 <= until_s).cloned().collect();
        Lab::with_history(scenario, 5, &upto, until_s).run.report().consistency.stale_reads
    };
    count(to_s) - count(from_s)
}

#[test]
fn read_repair_brings_a_copy_level_as_soon_as_the_link_is_mended_and_around_a_link_that_is_not() {
    let mended: Vec<(f64, String)> = [links(0, 30.0, ""), links(0, 60.0, "clear ")].concat();
    let one = vec![(30.0, format!("link-cut={}:{}", PLACES[0], PLACES[1]))];
    let plain = far_apart(1, 1);
    let mut repaired = plain.clone();
    repaired.database.read_repair = true;
    for (what, orders, span) in
        [("after a mended link", &mended, (60.2, 63.0)), ("around a cut link", &one, (35.0, 55.0))]
    {
        let (without, with) = (stale(&plain, orders, span), stale(&repaired, orders, span));
        println!("figure: {what}: {without} stale reads, {with} with read repair");
        assert!(without > 50 && with * 2 < without, "{what}: {without}, {with}");
    }
    // Nobody reads more than one copy of what is calm: the answers do not change.
    let (calm, same) = (run(&plain, 5, 30.0), run(&repaired, 5, 30.0));
    let times = |lab: &Lab| operations(lab).iter().map(|it| it.ended).collect::<Vec<_>>();
    assert_eq!(times(&calm), times(&same), "it is done behind the client's back");
}

#[test]
fn messages_that_are_lost_make_two_of_three_forget_what_was_read_and_never_what_was_acknowledged() {
    let pairs = [(0, 1), (0, 2), (1, 2)];
    let lossy = pairs.map(|(a, b)| (10.0, format!("link-lossy={}:{}", PLACES[a], PLACES[b])));
    let mut scenario = few(2, 2);
    // What was lost is shipped again once in so many seconds.
    scenario.database.ship_interval_s = Span(5.0);
    let lab = Lab::with_history(&scenario, 5, &lossy, 120.0);
    let stale = lab.run.report().consistency.stale_reads;
    println!("figure: R=W=2 over lossy links: {stale} stale reads");
    assert_eq!(older_than_acknowledged(&lab), 0);
    assert!(stale > 0, "no register: one of three may have what one client reads and the next does not");
}

#[test]
fn read_repair_reaches_copies_that_nobody_reads() {
    // Milan writes, Seattle reads, and Singapore, where nobody reads, cannot hear of it but from Seattle.
    let lacking = |repairs: bool| {
        let mut scenario = few(1, 1);
        scenario.database.read_repair = repairs;
        for (population, share) in scenario.clients.populations.iter_mut().zip([0.0, 0.0, 1.0]) {
            population.read_share = Share(share);
        }
        scenario.clients.populations[0].requests_per_s = Rate(0.0);
        scenario.clients.populations[1].requests_per_s = Rate(1.0);
        let cut = [(30.0, format!("link-cut={}:{}", PLACES[0], PLACES[1]))];
        let lab = Lab::with_history(&scenario, 5, &cut, 90.0);
        let databases = &lab.run.world().system.databases;
        let lacks = |key: &usize| !databases[0].seen[*key].includes(databases[1].seen[*key]);
        (0..8).filter(lacks).count()
    };
    let (without, with) = (lacking(false), lacking(true));
    assert!(without == 8 && with <= 1, "keys of which it lacks the newest: {without}, {with}");
}
