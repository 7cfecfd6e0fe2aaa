//! The collision under the microscope: the same two writes under every rule.
#![cfg(not(target_arch = "wasm32"))]

use faultline::app::microscope::round_trip_ms;
use faultline::catalog;
use faultline::model::Rule;
use faultline::observer::ledger::Fate;
use faultline::run::conflict::Duel;
use faultline::run::how_often::HowOften;

fn seat() -> Duel {
    Duel { regions: ["us-east-1".into(), "eu-west-1".into()], delay_ms: 500.0, skew_ms: 0.0, gap_ms: 20.0 }
}

#[test]
fn both_are_told_yes_and_one_is_lost_without_a_word() {
    let end = seat().run(Rule::LastWriterWins);
    assert!(end.answers.iter().all(|answer| answer.yes));
    assert_eq!([end.answers[0].fate, end.answers[1].fate], [Fate::Lost, Fate::Stands]);
    assert_eq!(end.shown, [vec![1], vec![1]]);
    // Neither knows until the first write has come: the delay, a shipment, and the wire.
    assert!(end.blind_ms > 500.0 && end.blind_ms < 580.0, "{}", end.blind_ms);
    let ahead = Duel { skew_ms: -100.0, ..seat() }.run(Rule::LastWriterWins);
    assert_eq!(ahead.shown, [vec![0], vec![0]], "the second clock is behind: the earlier write stays");
}

#[test]
fn each_rule_has_its_price() {
    let ends: Vec<_> = Rule::ALL.iter().map(|rule| seat().run(*rule)).collect();
    for end in &ends {
        assert_eq!(end.shown[0], end.shown[1], "{:?}: both regions say the same in the end", end.rule);
        assert!(end.answers.iter().all(|answer| answer.told_ms.is_some()), "{:?}", end.rule);
        let lost = end.answers.iter().any(|answer| answer.fate == Fate::Lost);
        let silent =
            matches!(end.rule, Rule::LastWriterWins | Rule::FirstRegionWins | Rule::ConditionalLocal);
        assert_eq!(lost, silent, "{:?}", end.rule);
        let refused = end.answers.iter().filter(|answer| !answer.yes).count();
        assert_eq!(
            refused,
            usize::from(matches!(end.rule, Rule::Conditional | Rule::Quorum)),
            "{:?}",
            end.rule
        );
        assert!(end.messages.iter().all(|message| message.arrived_ms > message.sent_ms));
        assert!(!end.messages.is_empty(), "{:?}: nothing was said", end.rule);
    }
    let told = |rule: Rule| {
        let end = ends.iter().find(|end| end.rule == rule).expect("every rule");
        end.answers[1].told_ms.expect("told") - end.answers[1].asked_ms
    };
    assert!(told(Rule::Quorum) > told(Rule::LastWriterWins) + 50.0, "agreeing takes a round trip");
    assert!(told(Rule::Conditional) > told(Rule::LastWriterWins) + 50.0, "home is across the ocean");
}

#[test]
fn a_write_costs_the_round_trips_that_its_rule_has_to_wait_for() {
    let trip = |a: &str, b: &str| {
        let index = |code: &str| catalog::region_index(code).expect("a region");
        // Each way takes half of what was measured in its direction.
        (catalog::round_trip_ms(index(a), index(b)) + catalog::round_trip_ms(index(b), index(a))) / 2.0
    };
    for second in ["eu-west-1", "ap-south-1"] {
        let regions = ["us-east-1".to_owned(), second.to_owned()];
        let duel = Duel { regions: regions.clone(), ..seat() };
        let base = duel.prices(Rule::LastWriterWins).map(|price| price.expect("a yes"));
        // What a rule adds to each region's write, to a key that is new to it and to one that it wrote last.
        let adds = |rule: Rule| {
            let found = duel.prices(rule).map(|price| price.expect("a yes"));
            [0, 1].map(|at| (found[at].first_ms - base[at].first_ms, found[at].again_ms - base[at].again_ms))
        };
        let same = |rule: Rule, wanted: [(f64, f64); 2]| {
            for (found, wanted) in adds(rule).into_iter().zip(wanted) {
                let near = (found.0 - wanted.0).abs() < 0.1 && (found.1 - wanted.1).abs() < 0.1;
                assert!(near, "{second}, {rule:?}: {found:?} and not {wanted:?}");
            }
        };
        for rule in [Rule::FirstRegionWins, Rule::ConditionalLocal, Rule::Siblings, Rule::Merge] {
            same(rule, [(0.0, 0.0); 2]);
        }
        // The key is at home in the first region: the second asks there.
        let across = trip(&regions[0], second);
        same(Rule::Conditional, [(0.0, 0.0), (across, across)]);
        // The nearest of the two others: a promise and an acceptance, or the acceptance alone.
        let nearest = |region: &str| {
            let others = [regions[0].as_str(), second, "us-west-2"].into_iter().filter(|it| *it != region);
            others.map(|other| trip(region, other)).fold(f64::INFINITY, f64::min)
        };
        let [first, other] = [nearest(&regions[0]), nearest(second)];
        same(Rule::Quorum, [(2.0 * first, first), (2.0 * other, other)]);
    }
}

#[test]
fn how_often_is_counted_beside_the_formula() {
    let seat = seat();
    for (writes_per_s, keys, skew) in
        [(30.0, 1024, 0.99), (30.0, 256, 0.99), (10.0, 1024, 0.99), (60.0, 4, 1.5)]
    {
        let often = HowOften { writes_per_s, keys, skew };
        let found = often.rates(&seat);
        let (formula, counted) = (found.formula_per_s, found.pairs_per_s());
        assert!((counted - formula).abs() < 0.1 * formula, "{often:?}: {counted} and {formula}");
        assert!((counted - formula).abs() < 2.0 * found.margin_per_s, "{often:?}: {found:?}");
        // The formula in the settings of the microscope: a shipment leaves every 10 ms.
        let (mut squares, mut all) = (0.0, 0.0);
        for rank in 1..=keys {
            let share = f64::from(rank).powf(-skew);
            (squares, all) = (squares + share * share, all + share);
        }
        let both_ways_s = 2.0 * 0.5 + 0.01 + round_trip_ms(&seat) / 1000.0;
        let by_hand = writes_per_s * writes_per_s * both_ways_s * squares / (all * all);
        assert!((by_hand - formula).abs() < 1e-3 * formula, "{by_hand} and {formula}");
        // Every pair has a second write, and a write that missed several is counted once.
        assert!(found.collisions <= found.pairs, "{found:?}");
        assert!(found.collisions_per_s() <= 2.0 * writes_per_s * 1.1, "no more than there are writes");
    }
    // With hot keys a write misses many: the two counts are not the same thing.
    let hot = HowOften { writes_per_s: 60.0, keys: 4, skew: 1.5 }.rates(&seat);
    assert!(hot.pairs > 10 * hot.collisions, "{hot:?}");
}
