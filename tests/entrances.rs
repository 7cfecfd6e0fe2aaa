//! What the page says of balancers' addresses, zonal shifts and how deep health checks look.
#![cfg(not(target_arch = "wasm32"))]

use faultline::app::features::{self, FEATURES};
use faultline::app::{App, Msg};
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::{Depth, Engine};
use faultline::scene::panels::{NodeLook, Panels, Tone};

fn app() -> App {
    App::new("#/?scenario=multi-site&paused=1&slowmo=0&at=60", None)
}

fn notes(panels: &Panels) -> Vec<String> {
    panels.regions[0].notes.iter().map(|note| note.text.clone()).collect()
}

#[test]
fn the_card_says_which_zone_traffic_is_kept_from_and_which_address_is_dead() {
    let mut app = app();
    assert_eq!(notes(&app.panels()), ["v42"]);
    app.update(Msg::Ordered("zonal-shift=us-east-1b".into()));
    let panels = app.panels();
    assert_eq!(notes(&panels), ["shifted away from us-east-1b", "v42"]);
    assert_eq!(panels.regions[0].zones[1].note, "shifted");
    assert!(
        panels.regions[0].label.contains("shifted away from us-east-1b"),
        "said to whoever cannot see it"
    );
    app.update(Msg::Ordered("end-zonal-shift=us-east-1".into()));
    app.update(Msg::Ordered("balancer-address=us-east-1c".into()));
    assert_eq!(notes(&app.panels()), ["address in us-east-1c dead", "v42"]);
    app.update(Msg::Ordered("practice-run=us-east-1a".into()));
    app.update(Msg::Ordered("balancer-address=us-east-1b".into()));
    assert_eq!(notes(&app.panels()), ["practice without us-east-1a", "address in us-east-1b, c dead", "v42"]);
    app.update(Msg::Ordered("security-group-database=us-east-1".into()));
    assert_eq!(app.panels().regions[0].database_role, "shut off");
}

#[test]
fn how_deep_checks_look_can_be_chosen_and_is_said() {
    let mut app = app();
    let active =
        |app: &App| app.panels().choices.depths.iter().find(|choice| choice.active).map(|it| it.slug);
    assert_eq!(active(&app), Some("shallow"));
    for (depth, said) in
        [(Depth::Deep, " · deep checks"), (Depth::Tcp, " · TCP checks"), (Depth::Shallow, " s")]
    {
        app.update(Msg::DepthChosen(depth));
        assert_eq!(active(&app), Some(depth.slug()));
        let policy = app.panels().route53.policy.clone();
        assert!(policy.ends_with(said), "{policy}");
    }
}

/// Every feature, by group and row.
fn every_feature() -> impl Iterator<Item = (usize, usize)> {
    FEATURES.iter().enumerate().flat_map(|(group, it)| (0..it.rows.len()).map(move |row| (group, row)))
}

#[test]
fn what_cannot_be_chosen_is_what_a_file_may_not_say_and_for_its_reason() {
    let (mut refused, mut taken) = (0, 0);
    for strategy in Strategy::ALL {
        for engine in Engine::ALL.into_iter().filter(|engine| strategy.rules().suits(*engine)) {
            let base = Scenario::design(strategy, engine);
            for place in every_feature() {
                let design = format!("{} on {}, {place:?}", strategy.slug(), engine.slug());
                match features::with(&base, place) {
                    Ok(scenario) => {
                        let text = serde_json::to_string(&scenario).expect("a scenario is data");
                        Scenario::read(&text).unwrap_or_else(|problems| panic!("{design}: {problems:?}"));
                        assert_eq!(FEATURES[place.0].chosen(&scenario), place.1, "{design}");
                        taken += 1;
                    }
                    Err(why) => {
                        // A file says of the first region that names are answered by its weight, or that it has nodes.
                        let mut tree = serde_json::to_value(&base).expect("a scenario is data");
                        match FEATURES[place.0].rows[place.1].slug {
                            "policy-latency" => tree["dns"]["policy"] = "latency".into(),
                            "controller" => tree["controller"]["nodes"] = vec!["us-east-1"; 3].into(),
                            _ => continue,
                        }
                        let problems = Scenario::read(&tree.to_string()).expect_err(&design);
                        assert!(
                            problems.iter().any(|it| it.allowed.contains(&why)),
                            "{design}: {problems:?}, {why}"
                        );
                        refused += 1;
                    }
                }
            }
        }
    }
    assert!(taken > 400 && refused > 20, "{taken} taken, {refused} refused");
}

#[test]
fn a_choice_begins_the_same_with_it_and_stays_while_other_things_are_chosen() {
    let mut app = app();
    let active = |app: &App, group: usize| {
        let panels = app.panels();
        panels.choices.features[group]
            .iter()
            .filter(|choice| choice.active)
            .map(|it| it.slug)
            .collect::<Vec<_>>()
    };
    for (group, row) in every_feature()
        .filter(|place| features::why_not(&Scenario::of(Strategy::MultiSite), *place).is_none())
    {
        app.update(Msg::FeatureChosen(group, row));
        assert_eq!(active(&app, group), [FEATURES[group].rows[row].slug], "exactly one of each group runs");
    }
    assert!(app.panels().route53.policy.starts_with("latency-failover"));
    assert!(app.panels().regions[0].balancer.ends_with("network balancer"));
    app.update(Msg::EngineChosen(Engine::AuroraGlobal));
    assert_eq!(active(&app, 2), ["balancer-network-across"]);
    assert_eq!(active(&app, 0), ["policy-latency-failover"]);
    // Who asks for something impossible is told why, and the run goes on.
    let place = features::named("controller").expect("it is one");
    let refused = &app.panels().choices.features[place.0][place.1];
    assert!(
        refused.refused && refused.hint.contains("only self-managed has a controller"),
        "{}",
        refused.hint
    );
    app.update(refused.msg.clone());
    assert!(app.panels().notice.is_some_and(|notice| notice.contains("only self-managed")));
}

#[test]
fn open_breakers_and_retries_that_were_not_made_are_said() {
    let mut app = App::new(
        "#/?scenario=multi-site&paused=1&slowmo=0&at=100&choose=retries-both&fault=bad-deploy:eu-west-1@80",
        None,
    );
    let panels = app.panels();
    assert_eq!(panels.notice, None);
    let note = panels.regions[1].notes.iter().find(|note| note.text.starts_with("breakers open: "));
    let note = note.expect("every request there fails");
    let cities =
        panels.clients.iter().filter(|row| row.answers.contains("circuit breaker open to eu-west-1"));
    assert!(note.text.contains(&format!(": {} cit", cities.count())), "{}", note.text);
    assert!(panels.regions[1].label.contains(&note.text), "said to whoever cannot see it");
    assert!(panels.regions[0].notes.iter().all(|note| !note.text.contains("breakers")));
    app.update(Msg::FeatureChosen(3, 1));
    app.update(Msg::Ordered("bad-deploy=eu-west-1".into()));
    app.update(Msg::Jumped(20.0));
    while app.seeking() {
        app.frame(16.7);
    }
    let kept = app.panels().clients.iter().filter(|row| row.answers.contains("not made: no budget")).count();
    assert!(kept > 0, "a tenth of the requests does not pay for every retry");
}

#[test]
fn the_failover_controller_is_on_the_cards_until_it_rests() {
    let design = "scenario=warm-standby&engine=self-managed&choose=controller&paused=1&slowmo=0";
    let shown =
        |at: u32| App::new(&format!("#/?{design}&fault=region-dark:us-east-1@60&at={at}"), None).panels();
    let line = |panels: &Panels, region: usize| {
        panels.regions[region].controller.clone().expect("nodes stand there")
    };
    let calm = shown(50);
    assert_eq!((calm.notice.as_ref(), line(&calm, 0).text.as_str()), (None, "1 node sees us-east-1"));
    assert_eq!(line(&calm, 1).nodes, [NodeLook::Sees; 2]);
    assert!(calm.regions[1].label.contains("Failover controller: 2 nodes see us-east-1."));
    let dark = shown(66);
    assert_eq!((line(&dark, 0).nodes, line(&dark, 0).tone), (vec![NodeLook::Dark], Tone::Bad));
    let blind = (66..72).map(|at| line(&shown(at), 1)).find(|line| line.nodes == [NodeLook::Blind; 2]);
    let blind = blind.expect("they look every 5 s").text;
    assert!(blind.starts_with("2 nodes blind to us-east-1 for "), "{blind}");
    let votes = (66..90).map(|at| line(&shown(at), 1)).find(|line| line.nodes.contains(&NodeLook::Votes));
    let votes = votes.expect("both are blind for 12 s").text;
    let words = [
        "1 of 2 nodes votes against us-east-1 · 1 of 2 votes",
        "2 nodes vote against us-east-1 · 2 of 2 votes",
    ];
    assert!(words.contains(&votes.as_str()), "{votes}");
    let decided =
        (66..120).map(|at| line(&shown(at), 1)).find(|line| line.nodes.contains(&NodeLook::Decided));
    assert!(decided.is_some_and(|line| line.text.ends_with("told eu-west-1 to take over")));
    let rests = line(&shown(240), 1);
    assert_eq!(rests.nodes, [NodeLook::Rests; 2]);
    assert!(
        rests.text.starts_with("2 nodes rest until 1:0") && rests.text.ends_with(" · see eu-west-1"),
        "{}",
        rests.text
    );
}
