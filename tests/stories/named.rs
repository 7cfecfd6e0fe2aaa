//! Runbooks that are started by name: a learner's own and built-in ones, between which regions, and what is refused.

use crate::lab::{Lab, coarse};
use crate::runbooks::{executions, refused, with_runbooks};
use crate::{draw, laws};
use faultline::kernel::chance::{Chance, Purpose};
use faultline::kernel::id::RegionId;
use faultline::model::runbook::Given;
use faultline::model::scenario::{Scenario, Strategy, WritePattern};
use faultline::model::{Decider, Order};
use faultline::run::report::executions::{ExecutionState, StepState};
use faultline::scene::words::order;
use faultline::system::journal::What;
use faultline::system::refusal::Refusal;
use serde_json::{Value, json};

const FIRST: RegionId = RegionId(0);
const SECOND: RegionId = RegionId(1);

/// A game day of one's own: servers are added in the other region, tried, and nothing else.
fn drill() -> Value {
    json!([{ "name": "drill", "starts": { "when": "order" }, "decider": "manual", "steps": [
        { "name": "scale", "action": "add-capacity", "servers": 5 },
        { "name": "look", "action": "try", "after": ["scale"], "takes_s": [40] }
    ] }])
}

/// What an order means in a run, or why it means nothing.
fn resolved(lab: &Lab, text: &str) -> Result<String, String> {
    let order = Order::parse(text)?;
    lab.run.resolve(&order).map(|command| lab.run.plan().order_text(command))
}

#[test]
fn a_learners_own_runbook_is_started_by_its_name_and_does_its_steps() {
    for seed in [3, 5] {
        let mut lab = Lab::new(&with_runbooks(&coarse(), drill()), seed);
        let serving = |lab: &Lab| lab.run.world().system.fleets.serving(SECOND);
        lab.run_to(60.0).order("run=drill");
        assert_eq!((serving(&lab), refused(&lab)), (2, None), "seed {seed}");
        lab.run_to(900.0);
        let [execution] = &executions(&lab)[..] else { panic!("seed {seed}: one execution") };
        let told =
            (execution.runbook.as_str(), execution.from.as_str(), execution.to.as_str(), execution.state);
        assert_eq!(told, ("drill", "us-east-1", "eu-west-1", ExecutionState::Done), "seed {seed}");
        let [scale, look] = &execution.steps[..] else { panic!("seed {seed}: two steps") };
        assert_eq!((scale.state, look.state), (StepState::Done, StepState::Done), "seed {seed}");
        assert_eq!(
            (scale.start_s, scale.end_s),
            (60.0, Some(look.start_s)),
            "seed {seed}: one after the other"
        );
        assert_eq!(look.end_s, Some(look.start_s + 40.0), "seed {seed}");
        assert_eq!(serving(&lab), 5, "seed {seed}: the servers are there");
        let incident = lab.incident();
        assert_eq!((incident.trigger.kind, incident.rto_s), ("run".into(), Some(0.0)), "seed {seed}");
        let ordered = lab.entries(|what| matches!(what, What::Ordered(_))).next().expect("a line");
        let What::Ordered(command) = ordered.what else { panic!("it was ordered") };
        assert_eq!(order::thing(lab.run.plan(), command), "The runbook \"drill\"");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn the_regions_may_be_named_and_an_order_reads_back_as_it_was_written() {
    let mut lab = Lab::new(&with_runbooks(&coarse(), drill()), 3);
    for text in ["run=drill", "run=drill:eu-west-1", "run=drill:eu-west-1>us-east-1"] {
        assert_eq!(resolved(&lab, text).as_deref(), Ok(text));
    }
    assert_eq!(
        resolved(&lab, " run = drill : eu-west-1 > us-east-1 ").as_deref(),
        Ok("run=drill:eu-west-1>us-east-1")
    );
    lab.run_to(60.0).order("run=drill:eu-west-1>us-east-1").run_to(900.0);
    let execution = &executions(&lab)[0];
    assert_eq!((execution.from.as_str(), execution.to.as_str()), ("eu-west-1", "us-east-1"));
    assert_eq!(execution.steps[0].on.as_deref(), Some("us-east-1"), "the target");
}

#[test]
fn a_built_in_runbook_by_its_name_is_what_its_order_starts() {
    for seed in [3, 8] {
        let told = |order: &str| {
            let mut lab = Lab::new(&coarse(), seed);
            // A copy that is not level is promoted ungracefully.
            lab.run_to(300.0).order("link-cut=us-east-1:eu-west-1").run_to(360.0).order(order).run_to(2400.0);
            assert_eq!(lab.run.world().system.ownership.primary(), SECOND, "seed {seed}: {order}");
            (executions(&lab), lab.record.samples)
        };
        let by_order = told("fail-over=eu-west-1");
        assert!(told("run=fail-over") == by_order, "seed {seed}");
        assert!(told("run=fail-over:us-east-1>eu-west-1") == by_order, "seed {seed}");
    }
    let mut lab = Lab::new(&coarse(), 3);
    lab.run_to(60.0).order("bad-deploy=us-east-1").run_to(70.0).order("run=roll-back").run_to(900.0);
    let execution = executions(&lab).into_iter().find(|it| it.runbook == "roll-back").expect("it ran");
    let told = (execution.from.as_str(), execution.to.as_str(), execution.state);
    assert_eq!(told, ("us-east-1", "us-east-1", ExecutionState::Done), "it is mended where it is");
}

#[test]
fn what_cannot_be_run_is_refused_with_the_reason() {
    let mut lab = Lab::new(&with_runbooks(&coarse(), drill()), 3);
    lab.run_to(60.0);
    let unknown = resolved(&lab, "run=dril").expect_err("no such runbook");
    assert!(
        unknown.starts_with(
            "\"run=dril\" is not allowed; allowed: a runbook of the scenario: drill, rehome, evacuate,"
        ),
        "{unknown}"
    );
    assert!(resolved(&lab, "run").is_err() && resolved(&lab, "run=drill:mars").is_err());
    for (text, why) in [
        ("run=rehome", Refusal::NotGiven(Given::Homes)),
        ("run=evacuate", Refusal::NotGiven(Given::Sites)),
        ("run=restore-in-place", Refusal::NotGiven(Given::Ruin)),
        ("run=rebuild-from-backup", Refusal::NotGiven(Given::NoCopy)),
        ("run=fail-over:eu-west-1>us-east-1", Refusal::NotThere(SECOND)),
        ("run=fail-over:us-east-1", Refusal::There(FIRST)),
    ] {
        lab.order(text);
        assert_eq!(refused(&lab), Some(why), "{text}");
    }
    assert!(executions(&lab).is_empty());
    lab.order("region-dark=eu-west-1").order("run=roll-back:eu-west-1");
    assert_eq!(refused(&lab), Some(Refusal::Dark(SECOND)));
    lab.order("clear region-dark=eu-west-1").run_to(300.0);
    lab.order("run=planned-failover").run_to(310.0).order("run=fail-over");
    assert!(matches!(refused(&lab), Some(Refusal::Busy(_))), "{:?}", refused(&lab));
    lab.order("call-off").order("run=fail-over");
    assert_eq!(refused(&lab), None, "what was called off is in nobody's way");
    assert_eq!(laws::unlisted(&lab.run), []);
}

#[test]
fn who_is_still_to_decide_about_a_runbook_need_not_if_it_is_ordered() {
    let mut scenario = coarse();
    scenario.recovery.decider = faultline::model::Decider::Person;
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(60.0).order("region-dark=us-east-1").run_to(110.0);
    let decided = |lab: &Lab| executions(lab)[0].steps.iter().any(|step| step.name == "promote");
    assert!(!decided(&lab) && executions(&lab).len() == 1, "somebody was paged: {:?}", executions(&lab));
    lab.order("run=fail-over").run_to(1500.0);
    assert_eq!((executions(&lab).len(), decided(&lab)), (1, true), "the same execution goes on");
}

#[test]
fn an_order_starts_the_runbooks_that_name_it_in_their_turn() {
    let own = |name: &str, given: &str, orders: Value| {
        json!([{ "name": name, "starts": { "when": "order", "given": given, "orders": orders }, "steps": [
            { "name": "fence", "action": "fence", "on": "owner" },
            { "name": "promote", "action": "promote", "after": ["fence"], "needs": ["copy"], "no_return": true }
        ] }])
    };
    for (runbooks, started) in [
        (json!([]), "planned-failover"),
        (own("quick", "copy", json!(["fail-over"])), "quick"),
        (own("quick", "no-copy", json!(["fail-over"])), "planned-failover"),
        (own("quick", "copy", json!([])), "planned-failover"),
        // What takes the place of a built-in one has its orders and its turn.
        (own("fail-over", "copy", json!([])), "planned-failover"),
        (own("planned-failover", "copy", json!([])), "planned-failover"),
    ] {
        let mut lab = Lab::new(&with_runbooks(&coarse(), runbooks.clone()), 3);
        lab.run_to(300.0).order("fail-over=eu-west-1").run_to(310.0);
        assert_eq!(executions(&lab)[0].runbook, started, "{runbooks}");
    }
}

#[test]
fn a_restore_that_is_started_from_elsewhere_leaves_no_other_copy_with_what_it_undid() {
    let mut scenario: Scenario = draw::stormy(Strategy::MultiSite);
    scenario.recovery.decider = Decider::Manual;
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(20.0).order("corruption=us-east-1");
    lab.run_to(40.0).order("run=restore-in-place:eu-west-1>us-east-1").run_to(4000.0);
    let restored = |what: &What| matches!(what, What::DatabaseRestored { region: RegionId(0), .. });
    assert!(lab.when(restored).is_some());
    let filled = |what: &What| matches!(what, What::CopyBegan { to: RegionId(1), .. });
    assert!(lab.when(filled).is_some(), "the other is filled from it");
    assert_eq!(laws::unlisted(&lab.run), []);
}

#[test]
fn any_runbook_between_any_regions_breaks_no_law() {
    let count = if std::env::var_os("FAULTLINE_NIGHT").is_some() { 2000 } else { 200 };
    let mut found = Vec::new();
    // In the last one a region goes dark in the second in which the last part of a copy has left it.
    for seed in (0..count).chain([1359]) {
        let strategy = Strategy::ALL[seed as usize % 4];
        let mut random = Chance::new(seed).of(Purpose::Script, 97, 0, 0);
        let mut scenario: Scenario = draw::stormy(strategy);
        scenario.regions[1].quota = 8;
        if strategy == Strategy::MultiSite && random.chance(0.5) {
            scenario.write_pattern = WritePattern::WritePartitioned;
        }
        let mut lab = Lab::new(&with_runbooks(&scenario, drill()), seed);
        let names: Vec<String> = lab.run.plan().runbooks.iter().map(|book| book.name.clone()).collect();
        let (mut at_s, mut said) = (20.0, Vec::new());
        while at_s < 900.0 {
            lab.run_to(at_s);
            let name = &names[random.below(names.len() as u32) as usize];
            let code = |place: u32| lab.run.plan().region_code(RegionId(place as u8));
            let text = match random.below(8) {
                0 => "region-dark=us-east-1".into(),
                1 => "clear region-dark=us-east-1".into(),
                5 => "call-off".into(),
                6 => "corruption=us-east-1".into(),
                2 => format!("run={name}"),
                3 => format!("run={name}:{}", code(random.below(2))),
                4 => format!("run={name}:{}>{}", code(random.below(2)), code(random.below(2))),
                _ => "mass-delete=us-east-1".into(),
            };
            lab.order(&text);
            said.push(format!("--at {at_s} '{text}'"));
            at_s += random.between(5.0, 90.0).floor();
        }
        for broken in laws::unlisted(&lab.run) {
            found.push(format!("{strategy:?}, seed {seed}: {broken}: {}", said.join(" ")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
