//! Conditional writes where each region checks them on its own copy, as DynamoDB's global tables do.

use faultline::kernel::id::WriteId;
use faultline::model::scenario::Scenario;
use faultline::model::unit::{Factor, Millis, Rate, Share};
use faultline::model::{Engine, Rule};
use faultline::observer::ledger::Fate;
use faultline::system::journal::What;

use super::collisions::{agreed, fates, lab_of, script, two_take_a_seat};
use super::lab::Lab;

/// A global table in two regions, and what its clients write when.
fn table(rule: Rule, writes: &[(f64, &str)]) -> Scenario {
    let mut scenario = lab_of(2, rule);
    scenario.database.engine = Engine::DynamodbGlobal;
    scenario.network.jitter = Factor(0.0);
    scenario.servers.service_ms = Millis(0.01);
    scenario.script = script(writes);
    scenario
}

pub(crate) fn ends(scenario: &Scenario) -> (Lab, Vec<Fate>) {
    let mut lab = Lab::new(scenario, 2);
    lab.run_to(30.0);
    assert_eq!(agreed(&lab), Ok(()));
    let fates = fates(&lab).into_iter().map(|(_, fate)| fate).collect();
    (lab, fates)
}

#[test]
fn two_regions_both_say_yes_and_one_of_the_two_writes_is_lost_by_name() {
    let (lab, fates) =
        ends(&table(Rule::ConditionalLocal, &[(10.0, "write=London:4"), (10.049, "write=New York:4")]));
    let report = lab.run.report();
    assert_eq!((report.loss.acknowledged, report.consistency.refused_writes), (2, 0), "both are told yes");
    assert_eq!(fates, [Fate::Lost, Fate::Stands], "the later stamp wins between the copies");
    let found = &report.consistency;
    assert_eq!((found.collisions, found.collision_pairs, found.lost_updates), (1, 1, 1));
    let told: Vec<&What> =
        lab.entries(|what| matches!(what, What::UpdateLost { .. })).map(|entry| &entry.what).collect();
    assert!(
        matches!(told[..], [What::UpdateLost { key: 4, lost: WriteId(1), kept: WriteId(2) }]),
        "loser and winner are named: {told:?}"
    );
}

#[test]
fn a_clock_that_is_ahead_lets_the_earlier_of_the_two_stand() {
    let mut scenario =
        table(Rule::ConditionalLocal, &[(10.0, "write=London:4"), (10.049, "write=New York:4")]);
    scenario.regions[1].clock_skew_ms = Millis(200.0);
    assert_eq!(ends(&scenario).1, [Fate::Stands, Fate::Lost], "London's clock is 200 ms ahead");
}

#[test]
fn in_one_region_the_second_of_two_is_refused() {
    // Both servers look before either write is durable: a commit takes 2 ms.
    for rule in [Rule::ConditionalLocal, Rule::Conditional] {
        let (lab, fates) = ends(&table(rule, &[(10.0, "write=New York:4"), (10.001, "write=New York:4")]));
        let report = lab.run.report();
        assert_eq!(fates, [Fate::Stands, Fate::Refused], "{rule:?}");
        assert_eq!((report.loss.acknowledged, report.consistency.refused_writes), (1, 1), "{rule:?}");
        assert_eq!((report.consistency.collisions, report.consistency.lost_updates), (0, 0), "{rule:?}");
    }
    let (lab, _) =
        ends(&table(Rule::LastWriterWins, &[(10.0, "write=New York:4"), (10.001, "write=New York:4")]));
    assert_eq!(lab.run.report().consistency.refused_writes, 0, "without a condition nobody is refused");
}

#[test]
fn seconds_later_the_first_was_seen_and_nothing_collides() {
    for rule in [Rule::ConditionalLocal, Rule::Conditional] {
        let (lab, fates) = ends(&table(rule, &[(10.0, "write=London:4"), (13.0, "write=New York:4")]));
        let found = lab.run.report().consistency;
        assert_eq!((found.collisions, found.lost_updates, found.refused_writes), (0, 0, 0), "{rule:?}");
        // The condition names what New York was shown, and that is London's write: it is written over knowingly.
        assert_eq!(fates, [Fate::Overwritten, Fate::Stands], "{rule:?}");
    }
}

#[test]
fn what_arrives_between_looking_and_writing_is_found_out_too() {
    // Virginia's server has looked, and London's write comes in before Virginia's is durable.
    let arrives = {
        let (lab, _) = ends(&table(Rule::ConditionalLocal, &[(10.0, "write=London:4")]));
        let line = *lab.run.world().observer.ledger.get(1).expect("one write");
        line.at.secs() + f64::from(line.reached[0]) / 1e6
    };
    let commits_after = {
        let (lab, _) = ends(&table(Rule::ConditionalLocal, &[(10.0, "write=New York:4")]));
        lab.run.world().observer.ledger.get(1).expect("one write").at.secs() - 10.0
    };
    // A millisecond before it would be durable.
    let asks = format!("{:.4}", arrives - commits_after + 0.001).parse().expect("a number");
    let (lab, fates) =
        ends(&table(Rule::ConditionalLocal, &[(10.0, "write=London:4"), (asks, "write=New York:4")]));
    assert_eq!(fates, [Fate::Stands, Fate::Refused]);
    assert_eq!(lab.run.report().consistency.collisions, 0);
}

#[test]
fn the_journal_names_what_a_person_ordered_however_many_have_collided_before() {
    for rule in [Rule::ConditionalLocal, Rule::LastWriterWins] {
        let mut scenario = table(rule, &[]);
        scenario.database.keys = 64;
        for population in &mut scenario.clients.populations {
            (population.requests_per_s, population.read_share) = (Rate(20.0), Share(0.0));
        }
        let mut lab = Lab::new(&scenario, 3);
        lab.run_to(60.0);
        assert!(lab.run.report().consistency.lost_updates > 40, "more than are named");
        let named = |lab: &Lab| lab.entries(|what| matches!(what, What::UpdateLost { .. })).count();
        let before = named(&lab);
        lab.order("write=New York:63").order("write=London:63").run_to(90.0);
        let told: Vec<&What> = lab
            .entries(|what| matches!(what, What::WritesCollided { .. } | What::UpdateLost { .. }))
            .map(|entry| &entry.what)
            .collect();
        assert!(named(&lab) > before, "{rule:?}: nobody says who lost");
        let of_key = |what: &&&What| matches!(what, What::UpdateLost { key: 63, .. });
        assert!(told.iter().rev().take(3).any(|what| of_key(&what)), "{rule:?}: {told:?}");
    }
}

#[test]
fn home_and_quorum_refuse_what_local_checks_let_through() {
    let of = |rule: Rule| {
        let mut lab = Lab::new(&two_take_a_seat(rule), 2);
        lab.run_to(30.0);
        let report = lab.run.report();
        (report.consistency.refused_writes, report.consistency.lost_updates)
    };
    assert_eq!(of(Rule::ConditionalLocal), (0, 1));
    assert_eq!(of(Rule::Conditional), (1, 0));
    assert_eq!(of(Rule::Quorum), (1, 0));
}
