//! The collision under the microscope: the same two writes under every rule.
#![cfg(not(target_arch = "wasm32"))]

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
        assert_eq!(lost, matches!(end.rule, Rule::LastWriterWins | Rule::FirstRegionWins), "{:?}", end.rule);
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
fn probe() {
    for (w, keys, skew, delay) in [
        (30.0, 1024, 0.99, 500.0),
        (30.0, 256, 0.99, 500.0),
        (60.0, 1024, 0.0, 500.0),
        (60.0, 4096, 0.0, 2000.0),
        (10.0, 1024, 0.99, 500.0),
        (1.0, 1024, 0.99, 500.0),
        (60.0, 4, 1.5, 2000.0),
        (20.0, 64, 0.5, 0.0),
    ] {
        let often = HowOften { writes_per_s: w, keys, skew };
        let t = std::time::Instant::now();
        let r = often.rates(&Duel { delay_ms: delay, ..seat() });
        println!(
            "{w} {keys} {skew} {delay}: {:.4} {:.4} {:.4} {:?} {:?}",
            r.formula_per_s,
            r.pairs_per_s(),
            r.collisions_per_s(),
            (r.pairs, r.margin_per_s),
            t.elapsed()
        );
    }
    for rule in Rule::ALL {
        let t = std::time::Instant::now();
        println!("{rule:?} {:?} {:?}", seat().prices(rule), t.elapsed());
        let t = std::time::Instant::now();
        let d = seat().run(rule);
        println!("   {:?} {:?} {:?}", d.answers.map(|a| (a.yes, a.told_ms, a.fate)), d.shown, t.elapsed());
    }
}
