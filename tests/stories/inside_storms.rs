//! Random scripts over what a database can be inside its region: no law breaks, and inside a region nothing is lost.

use crate::{draw, laws};
use faultline::kernel::chance::{Chance, Draws, Purpose};
use faultline::kernel::id::RegionId;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::Share;
use faultline::model::{Decider, Engine, Inside, ScriptLine};
use faultline::system::copies::Does;
use faultline::system::database::Status;
use faultline::system::journal::What;

const HOME: RegionId = RegionId(0);

/// A drawn system of heavy requests with one of the forms, which take turns.
fn stormy(random: &mut Draws, seed: u64) -> Scenario {
    let forms = [
        (Engine::Rds, Inside::Cluster),
        (Engine::Rds, Inside::Single),
        (Engine::SelfManaged, Inside::Single),
        (Engine::AuroraGlobal, Inside::Alone),
        (Engine::DocumentdbGlobal, Inside::Alone),
        (Engine::AuroraGlobal, Inside::Volume),
        (Engine::DocumentdbGlobal, Inside::Volume),
        (Engine::AuroraGlobal, Inside::TwoReaders),
    ];
    let (engine, inside) = forms[seed as usize % forms.len()];
    loop {
        let strategy = Strategy::ALL[random.below(4) as usize];
        let mut scenario = draw::stormy(strategy);
        scenario.database.engine = engine;
        scenario.database.take_form(inside);
        scenario.database.keys = 64;
        scenario.database.reader_reads = Share(if inside.has_readers() { 0.5 } else { 0.0 });
        scenario.backup.copies = inside != Inside::Cluster;
        let text = serde_json::to_string(&scenario).expect("a scenario is plain data");
        if let Ok(scenario) = Scenario::read(&text) {
            return scenario;
        }
    }
}

/// What can happen inside the first region, and an order for it, every few seconds.
fn inside_orders(random: &mut Draws, scenario: &Scenario) -> Vec<ScriptLine> {
    let (mut lines, mut at_s) = (Vec::new(), 20.0);
    let inside = scenario.database.inside;
    let kinds = if inside.has_volume() { 10 + 2 * u32::from(inside == Inside::Alone) } else { 8 };
    while at_s < draw::SCRIPT_S {
        let zone = ['a', 'b', 'c'][random.below(3) as usize];
        let order = match random.below(kinds) {
            0 | 1 => format!("zone-power=us-east-1{zone}"),
            2 | 3 => format!("clear zone-power=us-east-1{zone}"),
            4 => "primary-database=us-east-1".into(),
            5 => "clear primary-database=us-east-1".into(),
            6 => "reboot=us-east-1".into(),
            7 => "change-instances=us-east-1".into(),
            8 => format!("volume-copy=us-east-1{zone}"),
            9 => format!("clear volume-copy=us-east-1{zone}"),
            _ => "new-instance=us-east-1".into(),
        };
        lines.push(ScriptLine { at_s, order });
        at_s += random.between(3.0, 30.0).floor();
    }
    lines
}

#[test]
fn no_form_breaks_a_law_whatever_happens() {
    let mut found = Vec::new();
    for seed in 0..40 {
        let mut random = Chance::new(seed).of(Purpose::Script, 97, 0, 0);
        let scenario = stormy(&mut random, seed);
        let mut script = draw::script(&scenario, seed);
        script.extend(inside_orders(&mut random, &scenario));
        script.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
        let (run, _) = draw::run(&scenario, seed, &script, draw::SCRIPT_S);
        for broken in laws::unlisted(&run) {
            let form = scenario.database.inside.slug();
            found.push(format!("seed {seed}, {form}: {broken}\n  {}", draw::in_words(&script)));
        }
    }
    assert!(found.is_empty(), "{} laws are broken:\n{}", found.len(), found[..found.len().min(3)].join("\n"));
}

#[test]
fn nothing_is_lost_inside_a_region_and_it_comes_back_when_all_is_mended() {
    for seed in 0..40 {
        let mut random = Chance::new(seed).of(Purpose::Script, 96, 0, 0);
        let mut scenario = stormy(&mut random, seed);
        scenario.recovery.decider = Decider::Manual;
        let mut script = inside_orders(&mut random, &scenario);
        let end_s = draw::SCRIPT_S;
        let volume = scenario.database.inside.has_volume();
        let copies = ["volume-copy=us-east-1a", "volume-copy=us-east-1b", "volume-copy=us-east-1c"];
        let others = [
            "zone-power=us-east-1a",
            "zone-power=us-east-1b",
            "zone-power=us-east-1c",
            "primary-database=us-east-1",
        ];
        for order in copies.into_iter().filter(|_| volume).chain(others) {
            script.push(ScriptLine { at_s: end_s, order: format!("clear {order}") });
        }
        let (run, record) = draw::run(&scenario, seed, &script, end_s + 700.0);
        let database = &run.world().system.databases[HOME.index()];
        let told = format!("seed {seed}, {}: {}", scenario.database.inside.slug(), draw::in_words(&script));
        assert_eq!(laws::unlisted(&run), [], "{told}");
        assert_eq!(database.status, Status::Up, "{told}");
        assert!(database.copies.as_ref().is_none_or(|copies| copies.does() == Does::All), "{told}");
        assert_eq!(run.report().loss.counts.missing(), 0, "{told}");
        assert!(record.journal.iter().any(|entry| matches!(entry.what, What::DatabaseLost(HOME))), "{told}");
    }
}
