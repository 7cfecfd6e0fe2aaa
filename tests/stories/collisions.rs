//! Writes that meet: how often, what each rule makes of them, and that every copy ends up the same.

use faultline::kernel::clock::SimDuration;
use faultline::kernel::id::WriteId;
use faultline::model::scenario::{Scenario, Strategy, WritePattern};
use faultline::model::unit::{Factor, Millis, Ppm, Rate, Share, Span};
use faultline::model::{Engine, Population, Region, Rule, ScriptLine, Skew};
use faultline::observer::ledger::{Fate, NEVER};
use faultline::system::journal::What;

use super::lab::{Lab, assert_close};

/// Regions that all take writes, and one city beside each; nobody asks anything unless the script says so.
pub(crate) fn lab_of(regions: usize, rule: Rule) -> Scenario {
    let engine = if rule == Rule::Quorum { Engine::DynamodbStrong } else { Engine::SelfManaged };
    let mut scenario = Scenario::design(Strategy::MultiSite, engine);
    let places = [
        ("us-east-1", "New York"),
        ("eu-west-1", "London"),
        ("ap-south-1", "Mumbai"),
        ("sa-east-1", "São Paulo"),
        ("ap-northeast-1", "Tokyo"),
        ("ap-southeast-2", "Sydney"),
    ];
    scenario.regions = places[..regions].iter().map(|(code, _)| Region::named(code, 6)).collect();
    let people = |city: &str| Population {
        city: city.into(),
        requests_per_s: Rate(0.0),
        read_share: Share(0.0),
        timeout_s: None,
    };
    scenario.clients.populations = places[..regions].iter().map(|(_, city)| people(city)).collect();
    scenario.database.conflict = rule;
    scenario.database.keys = 8;
    scenario.weight = 1;
    scenario.servers.service_ms = Millis(1.0);
    scenario
}

/// A script of orders with their times.
pub(crate) fn script(lines: &[(f64, &str)]) -> Vec<ScriptLine> {
    lines.iter().map(|(at_s, order)| ScriptLine { at_s: *at_s, order: (*order).into() }).collect()
}

/// Two people take the same seat, 20 ms apart, before their regions have heard of each other.
pub(crate) fn two_take_a_seat(rule: Rule) -> Scenario {
    let mut scenario = lab_of(if rule == Rule::Quorum { 3 } else { 2 }, rule);
    scenario.script = script(&[(10.0, "write=New York:4"), (10.02, "write=London:4")]);
    scenario
}

/// What has become of the writes of a run, in the order in which clients asked for them.
pub(crate) fn fates(lab: &Lab) -> Vec<(WriteId, Fate)> {
    let world = lab.run.world();
    let fates = world.observer.ledger.fates(lab.run.plan().rule());
    let lines = world.observer.ledger.lines(1, world.observer.ledger.len());
    let mut all: Vec<_> = lines.zip(&fates).map(|((_, line), (fate, _))| (line.write, *fate)).collect();
    all.sort();
    all
}

/// What every copy shows, or which key they differ over.
pub(crate) fn agreed(lab: &Lab) -> Result<(), u16> {
    let world = lab.run.world();
    (0..lab.run.plan().scenario.database.keys as u16)
        .find(|key| faultline::observer::collisions::differs(lab.run.plan(), &world.system, *key))
        .map_or(Ok(()), Err)
}

fn rate(keys: u32, skew: Skew, (a, b): (f64, f64), both_ways_s: f64, seconds: f64) -> (f64, f64) {
    let mut scenario = lab_of(2, Rule::LastWriterWins);
    scenario.clients.populations[0].requests_per_s = Rate(a);
    scenario.clients.populations[1].requests_per_s = Rate(b);
    scenario.database.keys = keys;
    scenario.database.skew = skew;
    scenario.database.ship_interval_s = Span(0.01);
    scenario.network.jitter = Factor(0.0);
    let mut lab = Lab::new(&scenario, 7);
    let wire_s = lab.run.plan().region_round_trip_ms[0][1] / 1000.0;
    // A shipment waits half an interval in the mean.
    scenario.database.delay_s = Span((both_ways_s - wire_s - 0.01) / 2.0);
    lab = Lab::new(&scenario, 7);
    lab.run_to(seconds);
    let popularity = &lab.run.plan().key_popularity;
    let share = |index: usize| popularity[index] - if index > 0 { popularity[index - 1] } else { 0.0 };
    let squares: f64 = (0..popularity.len()).map(|index| share(index).powi(2)).sum();
    (lab.run.report().consistency.collision_pairs as f64 / seconds, a * b * both_ways_s * squares)
}

#[test]
fn collisions_come_as_often_as_the_formula_says() {
    // Gray and others (1996) in the form of the sum over keys; the settings are those of a published check of it.
    let (measured, formula) = rate(1000, Skew::Zipf(0.99), (20.0, 30.0), 1.9, 2000.0);
    assert_close("the formula itself", formula, 31.73, 0.01);
    println!("Zipf: {measured:.2} collisions a second, {formula:.2} by the formula");
    assert_close("collisions a second, Zipf", measured, formula, 0.1);
    let (measured, formula) = rate(100, Skew::Uniform, (5.0, 5.0), 0.4, 20_000.0);
    assert_close("the formula itself", formula, 0.1, 0.001);
    println!("uniform: {measured:.4} collisions a second, {formula:.4} by the formula");
    assert_close("collisions a second, uniform", measured, formula, 0.1);
}

#[test]
fn with_one_writer_or_a_home_for_every_key_nothing_collides() {
    for pattern in [WritePattern::WriteGlobal, WritePattern::WritePartitioned] {
        for seed in 0..500 {
            let mut scenario = lab_of(2 + (seed % 2) as usize, Rule::LastWriterWins);
            scenario.write_pattern = pattern;
            for population in &mut scenario.clients.populations {
                population.requests_per_s = Rate(10.0);
            }
            let mut lab = Lab::new(&scenario, seed);
            lab.run_to(20.0);
            let found = lab.run.report().consistency;
            assert_eq!((found.collisions, found.lost_updates), (0, 0), "{pattern:?}, seed {seed}");
            assert!(lab.run.world().observer.ledger.len() > 100, "{pattern:?}, seed {seed}: nobody wrote");
        }
    }
}

#[test]
fn the_same_two_writes_end_differently_under_each_rule() {
    let ends = |rule: Rule| {
        let mut lab = Lab::new(&two_take_a_seat(rule), 2);
        lab.run_to(30.0);
        assert_eq!(agreed(&lab), Ok(()), "{rule:?}");
        let [first, second] = fates(&lab)[..] else { panic!("{rule:?}: two writes") };
        (first.1, second.1)
    };
    assert_eq!(ends(Rule::LastWriterWins), (Fate::Lost, Fate::Stands));
    assert_eq!(ends(Rule::FirstRegionWins), (Fate::Stands, Fate::Lost));
    assert_eq!(ends(Rule::Conditional), (Fate::Stands, Fate::Refused));
    assert_eq!(ends(Rule::ConditionalLocal), (Fate::Lost, Fate::Stands));
    assert_eq!(ends(Rule::Siblings), (Fate::Kept, Fate::Kept));
    assert_eq!(ends(Rule::Merge), (Fate::Merged, Fate::Merged));
    // Who wrote first has the older round, and that goes first in every region.
    assert_eq!(ends(Rule::Quorum), (Fate::Stands, Fate::Refused));
}

#[test]
fn who_has_seen_a_write_overwrites_it_without_a_collision() {
    let mut scenario = two_take_a_seat(Rule::LastWriterWins);
    scenario.script[1].at_s = 15.0;
    let mut lab = Lab::new(&scenario, 1);
    lab.run_to(30.0);
    assert_eq!(lab.run.report().consistency.collisions, 0);
    assert_eq!(fates(&lab), [(WriteId(1), Fate::Overwritten), (WriteId(2), Fate::Stands)]);
}

#[test]
fn a_clock_that_is_ahead_lets_the_earlier_write_win() {
    let with_skew = |skew_ms: f64| {
        let mut scenario = two_take_a_seat(Rule::LastWriterWins);
        scenario.regions[0].clock_skew_ms = Millis(skew_ms);
        let mut lab = Lab::new(&scenario, 2);
        lab.run_to(30.0);
        fates(&lab)[1].1
    };
    assert_eq!(with_skew(0.0), Fate::Stands, "London wrote later");
    assert_eq!(with_skew(500.0), Fate::Lost, "Virginia's clock says that it wrote later");
    // Drift does the same, given time: 1,000 millionths of ten seconds are 10 ms, of which a tenth of a second needs 100 s.
    let drifting = |at_s: f64| {
        let mut scenario = two_take_a_seat(Rule::LastWriterWins);
        scenario.regions[0].clock_drift_ppm = Ppm(1000.0);
        (scenario.script[0].at_s, scenario.script[1].at_s) = (at_s, at_s + 0.1);
        let mut lab = Lab::new(&scenario, 2);
        lab.run_to(at_s + 20.0);
        fates(&lab)[1].1
    };
    assert_eq!((drifting(50.0), drifting(500.0)), (Fate::Stands, Fate::Lost));
}

#[test]
fn who_writes_after_a_collision_merges_what_was_kept() {
    let mut scenario = two_take_a_seat(Rule::Siblings);
    scenario.script.extend(script(&[(20.0, "write=London:4")]));
    let mut lab = Lab::new(&scenario, 1);
    lab.run_to(30.0);
    let all = fates(&lab).into_iter().map(|(_, fate)| fate).collect::<Vec<_>>();
    assert_eq!(all, [Fate::Merged, Fate::Merged, Fate::Stands]);
    assert_eq!(lab.run.report().consistency.merged, 2);
}

/// Writes everywhere, at random, with links that are cut meanwhile; then silence.
fn storm(rule: Rule, seed: u64) -> Scenario {
    let count = if rule == Rule::Quorum { 3 } else { 2 + seed as usize % 5 };
    let mut scenario = lab_of(count, rule);
    let cities: Vec<String> = scenario.clients.populations.iter().map(|people| people.city.clone()).collect();
    let codes: Vec<String> = scenario.regions.iter().map(|region| region.code.clone()).collect();
    let cuts = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for (index, region) in scenario.regions.iter_mut().enumerate() {
        region.clock_skew_ms = Millis([0.0, 700.0, -300.0, 20.0, -900.0, 400.0][index]);
    }
    let mut lines = Vec::new();
    for _ in 0..250 {
        let at_s = 1.0 + draw(120_000) as f64 / 1000.0;
        lines.push((at_s, format!("write={}:{}", cities[draw(count as u64) as usize], draw(6))));
    }
    for (a, b) in cuts {
        let cut = format!("{}:{}", codes[a], codes[b]);
        let at_s = draw(60) as f64;
        lines.push((at_s, format!("link-cut={cut}")));
        lines.push((at_s + draw(70) as f64, format!("clear link-cut={cut}")));
    }
    lines.sort_by(|a, b| a.0.total_cmp(&b.0));
    scenario.script = lines.into_iter().map(|(at_s, order)| ScriptLine { at_s, order }).collect();
    scenario
}

/// The definition by brute force, without a version vector: a writer has seen what had come to its region by then, and
/// whatever the writers of that had seen. Writes that had not seen an earlier one from another region, and all such pairs.
fn brute_force(lab: &Lab) -> (u64, u64) {
    let ledger = &lab.run.world().observer.ledger;
    let lines: Vec<_> =
        ledger.lines(1, ledger.len()).map(|(_, line)| *line).filter(|l| l.count > 0).collect();
    let mut seen: Vec<Vec<bool>> = Vec::new();
    let (mut collisions, mut pairs) = (0, 0);
    for (place, line) in lines.iter().enumerate() {
        let mut sees = vec![false; place];
        for (earlier, before) in lines[..place].iter().enumerate().filter(|(_, it)| it.key == line.key) {
            let after = before.reached[line.region];
            let came = after != NEVER && before.at + SimDuration::from_micros(after.into()) <= line.at;
            if came || before.region == line.region {
                sees[earlier] = true;
                for (told, known) in seen[earlier].iter().enumerate() {
                    sees[told] |= *known;
                }
            }
        }
        let rival = |it: usize| (lines[it].key, true) == (line.key, lines[it].region != line.region);
        let unseen = (0..place).filter(|it| rival(*it) && !sees[*it]).count() as u64;
        collisions += u64::from(unseen > 0);
        pairs += unseen;
        seen.push(sees);
    }
    (collisions, pairs)
}

#[test]
fn collisions_are_counted_as_the_definition_says_whatever_has_lost_before() {
    for rule in Rule::ALL.into_iter().filter(|rule| !matches!(rule, Rule::Conditional | Rule::Quorum)) {
        for seed in 0..25 {
            let mut lab = Lab::new(&storm(rule, seed), seed);
            lab.run_to(400.0);
            let found = lab.run.report().consistency;
            let told = (found.collisions, found.collision_pairs);
            assert_eq!(told, brute_force(&lab), "{rule:?}, seed {seed}");
        }
    }
}

#[test]
fn a_write_that_has_lost_elsewhere_before_it_arrives_collides_too() {
    // Ireland's and Virginia's writes meet at once, and Virginia's wins by its clock in both. Mumbai is cut off from Ireland
    // and has seen Virginia's alone when it writes: it has not seen Ireland's, which stands nowhere any more.
    let mut scenario = lab_of(3, Rule::LastWriterWins);
    scenario.regions[0].clock_skew_ms = Millis(500.0);
    let cut = "link-cut=eu-west-1:ap-south-1";
    scenario.script = script(&[
        (1.0, cut),
        (10.0, "write=London:4"),
        (10.02, "write=New York:4"),
        (15.0, "write=Mumbai:4"),
    ]);
    let mut lab = Lab::new(&scenario, 2);
    lab.run_to(30.0);
    let found = lab.run.report().consistency;
    // New York's write had not seen London's, nor had Mumbai's.
    assert_eq!((found.collisions, found.collision_pairs), (2, 2));
    assert_eq!(brute_force(&lab), (2, 2));
}

#[test]
fn after_healing_and_silence_all_copies_are_the_same_and_every_write_has_one_fate() {
    for rule in Rule::ALL {
        for seed in 0..25 {
            let mut lab = Lab::new(&storm(rule, seed), seed);
            lab.run_to(400.0);
            let told = format!("{rule:?}, seed {seed}");
            assert_eq!(agreed(&lab), Ok(()), "{told}");
            let world = lab.run.world();
            assert!(
                world.system.proposals.is_empty()
                    && world.system.databases.iter().all(|db| db.registers.tentative.is_empty())
                    && world.observer.collisions.open.is_empty(),
                "{told}: something is open"
            );
            let fates = world.observer.ledger.fates(rule);
            let shown = |number: u64, key: u16| {
                world.system.databases.iter().all(|db| {
                    db.all_versions(key).next().is_some_and(|v| world.observer.ledger.number(v.id) == number)
                })
            };
            let kept = |number: u64, key: u16| {
                world.system.databases[0].all_versions(key).count() > 1
                    && world.system.databases[0]
                        .all_versions(key)
                        .any(|v| world.observer.ledger.number(v.id) == number)
            };
            let mut lost = 0;
            for ((number, line), (fate, by)) in
                world.observer.ledger.lines(1, world.observer.ledger.len()).zip(&fates)
            {
                let what = format!("{told}: commit {number} {line:?} {fate:?}");
                let is_shown = shown(number, line.key);
                match fate {
                    Fate::Stands => assert!(is_shown, "{what}"),
                    Fate::Merged => assert!(*by > 0, "{what}"),
                    Fate::Kept => assert!(kept(number, line.key), "{what}"),
                    Fate::Overwritten | Fate::Lost => {
                        assert!(!is_shown && *by > 0, "{what}");
                        lost += u64::from(*fate == Fate::Lost && line.acknowledged);
                    }
                    Fate::Refused => assert!(!is_shown && !line.acknowledged, "{what}"),
                    Fate::Undone => assert!(!line.acknowledged, "{what}: nothing was undone here"),
                    Fate::Queued | Fate::Consumed | Fate::Expired => panic!("{what}: there is no queue"),
                }
            }
            let report = lab.run.report().consistency;
            assert_eq!(report.lost_updates, lost, "{told}");
            assert_eq!(report.diverged_keys_at_end, 0, "{told}");
            let silent =
                matches!(rule, Rule::LastWriterWins | Rule::FirstRegionWins | Rule::ConditionalLocal);
            assert_eq!(report.lost_updates > 0, silent, "{told}: only these rules lose without a word");
            let refuses = matches!(rule, Rule::Conditional | Rule::Quorum);
            assert!(report.refused_writes == 0 || refuses || rule == Rule::ConditionalLocal, "{told}");
            assert_eq!(report.collisions > 0, !refuses, "{told}");
        }
    }
}

#[test]
fn of_two_writes_that_meet_the_journal_names_the_one_that_is_gone() {
    // A constructed case of a global table: an address in London, and a job in Virginia that writes the same item.
    for (gap_ms, lost) in [(49.0, 1), (3000.0, 0)] {
        let mut scenario = Scenario { weight: 1, grain: 1, ..Scenario::of(Strategy::MultiSite) };
        scenario.regions[1].code = "eu-west-2".into();
        scenario.write_pattern = WritePattern::WriteLocal;
        for population in &mut scenario.clients.populations {
            population.requests_per_s = Rate(0.0);
        }
        let mut lab = Lab::new(&scenario, 1);
        lab.run_to(60.0).order("write=London:14").run_to(60.0 + gap_ms / 1000.0).order("write=New York:14");
        lab.run_to(120.0);
        let gone: Vec<String> = lab
            .entries(|what| matches!(what, What::UpdateLost { .. }))
            .map(|entry| format!("{:?}", entry.what))
            .collect();
        assert_eq!(gone.len(), lost, "{gap_ms} ms: {gone:?}");
        assert_eq!(lab.run.report().consistency.lost_updates, lost as u64, "{gap_ms} ms");
        for line in gone {
            assert_eq!(line, "UpdateLost { key: 14, lost: WriteId(1), kept: WriteId(2) }");
        }
    }
}
