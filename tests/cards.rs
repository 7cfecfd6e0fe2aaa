//! The cards of the regions in every strategy: what is there, what is only a drawing, and what is on its way.
#![cfg(not(target_arch = "wasm32"))]

use faultline::app::{App, Msg};
use faultline::kernel::region_map::MOST_REGIONS;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::{Engine, Region, SessionStore};
use faultline::scene::Motion;
use faultline::scene::panels::{Panels, RegionCard, ServerLook, SnapshotLook, Tone};
use faultline::scene::words::Words;

const BROKEN: &str = "fault=region-dark:us-east-1@60&paused=1&slowmo=0";

fn app(query: &str) -> App {
    App::new(&format!("#/?{query}"), None)
}

fn shown(query: &str) -> Panels {
    app(query).panels()
}

fn servers(card: &RegionCard) -> Vec<ServerLook> {
    card.zones.iter().flat_map(|zone| &zone.servers).map(|server| server.state).collect()
}

fn facts(card: &RegionCard) -> String {
    card.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "\"{word}\" is not in: {text}");
    }
}

/// Plays until something is so, minute by minute.
fn play_until(app: &mut App, so: impl Fn(&Panels) -> bool, what: &str) -> Panels {
    for _ in 0..1440 {
        let panels = app.panels();
        if so(&panels) {
            return panels;
        }
        app.update(Msg::Jumped(20.0));
        while app.seeking() {
            app.frame(16.7);
        }
    }
    panic!("{what}: never, until {}", app.panels().transport.now_text);
}

#[test]
fn with_backups_alone_the_second_region_is_a_drawing() {
    let panels = shown("scenario=backup-restore&at=45&paused=1");
    let card = &panels.regions[1];
    assert_eq!((card.state.as_str(), card.built, card.tone), ("not built", false, Tone::Plain));
    says(&card.balancer, &["template"]);
    says(&facts(card), &["image v42"]);
    assert_eq!(servers(card), [ServerLook::Off; 6]);
    assert_eq!((card.database_role.as_str(), card.zones[0].grid), ("no database", None));
    assert!(card.shelf.name == "Copies" && card.shelf.boxes.len() > 2 && card.shelf.locked == Some(true));
    says(&card.label, &["not built", "no database", "Copies", " h", "locked"]);
    assert!(panels.regions[0].shelf.note.starts_with("log to "), "{}", panels.regions[0].shelf.note);
    says(&panels.headline.body, &["In eu-west-1 nothing runs", "copies of backups"]);
}

#[test]
fn a_pilot_light_has_the_data_and_servers_that_are_off() {
    let panels = shown("scenario=pilot-light&at=45&paused=1");
    let card = &panels.regions[1];
    assert_eq!((card.state.as_str(), card.built), ("servers off", true));
    assert_eq!(servers(card), [ServerLook::Off; 6]);
    assert!(card.database_role == "replica" && card.zones[0].grid.is_some());
    says(&panels.headline.body, &["has the data", "switched off"]);
}

#[test]
fn six_sites_have_a_card_an_endpoint_and_a_colour_each() {
    let panels = shown("scenario=six-regions&at=45&paused=1");
    let colours: Vec<usize> = panels.regions.iter().map(|card| card.index).collect();
    assert_eq!(colours, (0..MOST_REGIONS).collect::<Vec<_>>());
    for card in &panels.regions {
        assert_eq!(
            (card.state.as_str(), card.database_role.as_str()),
            ("serving", "takes writes"),
            "{}",
            card.code
        );
        says(&card.database_note, &["lag", "behind"]);
    }
    assert_eq!((panels.links.len(), panels.route53.endpoints.len()), (15, MOST_REGIONS));
    assert_eq!(panels.places.iter().filter(|place| place.region.is_some()).count(), MOST_REGIONS);
    says(&panels.headline.body, &["us-east-1", "ap-southeast-2", "each takes the writes of its clients"]);
    assert!(panels.choices.writing[3].iter().any(|choice| choice.slug == "whole-six" && choice.active));
}

#[test]
fn one_of_six_goes_dark_and_the_others_have_its_clients() {
    let mut app = app("scenario=six-regions&at=59&paused=1&slowmo=0&fault=region-dark:ap-southeast-2@60");
    let panels = play_until(&mut app, |panels| panels.regions[5].dark, "dark");
    assert_eq!(panels.regions.iter().filter(|card| card.dark).count(), 1);
    let all_well = |panels: &Panels| panels.clients.iter().all(|row| row.tone == Tone::Good);
    let panels = play_until(&mut app, all_well, "served again");
    assert!(panels.regions[5].dark && !panels.regions[4].dark);
    let mut motion = Motion::default();
    app.motion_into(&mut motion);
    assert!(motion.flights.iter().all(|flight| flight.colour < MOST_REGIONS));
}

#[test]
fn two_sites_both_serve_and_both_write() {
    let panels = shown("scenario=multi-site&at=45&paused=1");
    for card in &panels.regions {
        assert_eq!(
            (card.state.as_str(), card.tone, card.database_role.as_str()),
            ("serving", Tone::Good, "takes writes")
        );
    }
    says(&panels.headline.body, &["us-east-1 and eu-west-1 serve", "each takes the writes"]);
    assert!(panels.actions.iter().all(|action| action.slug != "fail-over"));
}

#[test]
fn a_witness_is_said_to_vote_and_not_to_serve() {
    let panels = shown("scenario=multi-site&engine=aurora-dsql&paused=1&slowmo=0");
    let serve = "us-east-2 and us-east-1 serve the clients near them";
    says(&panels.headline.body, &[serve, "us-west-2 votes on every write."]);
    says(&panels.regions[2].database_role, &["witness"]);
    let of_witness = panels.links.iter().filter(|link| link.to == 2);
    assert!(
        of_witness.clone().count() == 2 && of_witness.map(|link| &link.lag_text).all(|text| text == "votes")
    );
}

#[test]
fn a_restore_is_seen_from_template_to_loaded_blocks() {
    let mut app = app(&format!("scenario=backup-restore&at=100&{BROKEN}"));
    let made = play_until(&mut app, |panels| panels.regions[1].state == "being made", "being made");
    says(&made.headline.body, &["made anew in eu-west-1"]);
    let restoring =
        play_until(&mut app, |panels| panels.regions[1].database_role == "restoring", "restoring");
    says(&restoring.regions[1].database_note, &["ago"]);
    let loading =
        play_until(&mut app, |panels| panels.regions[1].database_note.contains("loading blocks"), "loading");
    assert_eq!((loading.regions[1].built, loading.regions[1].database_role.as_str()), (true, "primary"));
}

#[test]
fn a_copy_is_seen_on_its_way_and_standing_still() {
    let mut app = app("scenario=backup-restore&at=60&paused=1&slowmo=0");
    let look = |panels: &Panels, look| panels.regions[1].shelf.boxes.iter().any(|one| one.look == look);
    play_until(&mut app, |panels| look(panels, SnapshotLook::Coming), "a copy on its way");
    app.update(Msg::Ordered("backup-copy".into()));
    play_until(&mut app, |panels| look(panels, SnapshotLook::Stalled), "a copy that stands still");
}

#[test]
fn after_a_mass_delete_the_restore_point_is_picked() {
    let mut app = app("at=600&paused=1&slowmo=0");
    assert!(app.panels().restore_points.is_empty(), "nothing to restore");
    app.update(Msg::Ordered("mass-delete=us-east-1".into()));
    app.update(Msg::Jumped(5.0));
    let panels = app.panels();
    assert_eq!(panels.regions[0].state, "data ruined");
    says(&panels.headline.body, &["Health checks see nothing", "every copy"]);
    let points = &panels.restore_points;
    says(&points[0].label, &["0:0", "newest good"]);
    says(&points[0].hint, &["Loses the last ", "write"]);
    assert!(points.len() > 2, "{points:?}");
    for point in points {
        let mut other = app.clone();
        other.update(point.msg.clone());
        let panels = other.panels();
        assert_eq!((panels.notice, panels.regions[0].state.as_str()), (None, "restoring"), "{}", point.label);
        assert!(panels.restore_points.is_empty());
    }
}

#[test]
fn the_learner_owes_the_decision_while_the_clock_runs() {
    let mut app = app("paused=1&slowmo=0");
    app.update(Msg::DeciderChosen(faultline::model::Decider::Learner));
    app.update(Msg::Ordered("region-dark=us-east-1".into()));
    assert_eq!(app.panels().decision, None);
    let panels = play_until(&mut app, |panels| panels.decision.is_some(), "the decision");
    let owed = panels.decision.expect("a decision");
    assert_eq!(owed.label, "Fail over to eu-west-1");
    says(&owed.hint, &["You decide", "the clock has been running for"]);
    says(&panels.headline.body, &["waits for you"]);
    app.update(owed.msg);
    let panels = app.panels();
    assert_eq!((panels.decision, panels.regions[1].state.as_str()), (None, "taking over"));
}

#[test]
fn an_image_that_is_missing_is_said() {
    let mut app = app("scenario=pilot-light&at=45&paused=1");
    app.update(Msg::Ordered("control-plane=eu-west-1".into()));
    says(&facts(&app.panels().regions[1]), &["control plane down", "image v42"]);
}

#[test]
fn a_step_is_tuned_and_what_it_was_stays_in_sight() {
    let mut app = app(&format!("at=900&seed=3&{BROKEN}"));
    let bars = app.panels().timeline.bars;
    let detect = bars.iter().find(|bar| bar.slug == "detect").expect("a bar");
    let took = |bar: &faultline::scene::panels::Bar| bar.to_s.expect("an end") - bar.from_s;
    let knob = detect.knobs.iter().find(|knob| knob.label == "time between checks").expect("a knob");
    let tuned = knob.places.iter().map(|place| ((*place).to_owned(), 30.0)).collect();
    app.update(Msg::Tuned(tuned));
    while app.seeking() {
        app.frame(16.7);
    }
    let after = app.panels();
    let later = after.timeline.bars.iter().find(|bar| bar.slug == "detect").expect("a bar");
    assert!(took(later) > took(detect) + 20.0, "{} before, {} after", took(detect), took(later));
    let ghost = after.timeline.before.iter().find(|bar| bar.slug == "detect").expect("a ghost");
    assert_eq!(took(ghost), took(detect));
    says(&after.timeline.before_note, &["RTO", "before", "now"]);
    assert_eq!(after.tuned, ["time between checks: 30 s"]);
    app.update(Msg::Untuned);
    let back = app.panels();
    assert_eq!((back.timeline.bars, back.tuned.len(), back.timeline.before.len()), (bars, 0, 0));
}

#[test]
fn nonsense_is_told_and_changes_nothing() {
    let mut app = app(&format!("at=300&{BROKEN}"));
    let before = app.panels();
    for (place, value) in [("dns.interval_s", f64::NAN), ("dns.interval_s", -5.0), ("dns.nowhere", 5.0)] {
        app.update(Msg::Tuned(vec![(place.into(), value)]));
        assert!(app.notice().is_some_and(|notice| notice.contains(place)), "{:?}", app.notice());
        app.update(Msg::NoticeClosed);
    }
    assert_eq!(app.panels(), before);
}

/// A strategy on an engine with one writer, in so many regions.
fn standbys(strategy: Strategy, count: usize) -> App {
    let mut scenario = Scenario { grain: 8, ..Scenario::design(strategy, Engine::AuroraGlobal) };
    let servers = scenario.regions[1].servers;
    for code in ["us-west-2", "ap-south-1", "sa-east-1", "ap-northeast-1"].into_iter().take(count - 2) {
        scenario.regions.push(Region::named(code, servers));
    }
    let text = serde_json::to_string(&scenario).expect("plain data");
    let mut app = app("paused=1&slowmo=0&speed=60");
    app.begin(Scenario::read(&text).expect("a good scenario"));
    go(&mut app, 60.0);
    app
}

fn go(app: &mut App, at_s: f64) {
    app.update(Msg::Jumped(at_s - app.panels().transport.now_s));
    while app.seeking() {
        app.frame(16.7);
    }
    assert_eq!(app.panels().transport.now_s, at_s);
}

#[test]
fn each_of_several_standbys_is_shown_and_one_that_is_left_is_filled_anew() {
    let mut app = standbys(Strategy::WarmStandby, 3);
    let calm = app.panels();
    says(
        &calm.headline.body,
        &["us-east-1 serves every client", "eu-west-1 and us-west-2 stand by, ", " behind"],
    );
    let states: Vec<&str> = calm.regions.iter().map(|card| card.state.as_str()).collect();
    assert_eq!(states, ["serving", "standing by", "standing by"]);
    says(&calm.regions[2].label, &["replica", "lag", "behind"]);
    let mut motion = Motion::default();
    app.motion_into(&mut motion);
    let first = calm.places.len() as u16 - 3;
    let between = |from: u16, to: u16| {
        motion.streams.iter().filter(move |it| (it.from, it.to) == (first + from, first + to)).count()
    };
    assert_eq!([between(0, 1), between(0, 2), between(1, 2), between(2, 1)], [1, 1, 0, 0]);
    says(&calm.links[1].lag_text, &["lag"]);
    assert_eq!(calm.links[2].lag_text, "nothing replicates");

    // The copy that takes over is behind, the other is not.
    app.update(Msg::Ordered("link-cut=us-east-1:eu-west-1".into()));
    go(&mut app, 80.0);
    app.update(Msg::Ordered("region-dark=us-east-1".into()));
    go(&mut app, 90.0);
    // The other copy lacks what was on its way at most, and nothing was put in the place of what is dark.
    let calm = app.panels().objectives[1].clone();
    let at_risk_s: f64 = calm.value.trim_start_matches("under ").parse().expect("seconds");
    assert!(at_risk_s < 0.2, "{} {} of the ten seconds that the first copy lacks", calm.label, calm.value);
    go(&mut app, 1500.0);
    // What the copy that was promoted lacks is set aside, and belongs to what made the promotion necessary.
    let dark = app.panels().incidents.iter().position(|row| row.title == "us-east-1 went dark");
    app.update(Msg::SelectIncident(dark));
    let lost = app.panels().objectives[1].clone();
    assert!(lost.value.starts_with("19.") && lost.note.contains("set aside"), "{} {}", lost.value, lost.note);
    let after = app.panels();
    assert_eq!(
        (after.regions[1].state.as_str(), after.regions[1].tone, after.regions[2].state.as_str()),
        ("lacks writes", Tone::Warning, "standing by")
    );
    says(&after.regions[2].label, &["replica", "lag", "behind"]);
    let told =
        "The replica in us-west-2 follows nobody any more: another than its source is the primary now.";
    let (plan, record) = (app.history().shown().plan(), app.history().record());
    let words = Words { plan, lost: &[] };
    let copied = "The data of eu-west-1 begin to be copied to us-west-2.";
    for told in [told, copied] {
        assert!(record.journal.iter().any(|entry| words.sentence(&entry.what) == told), "{told}");
    }
}

#[test]
fn the_page_shows_every_strategy_in_three_and_in_six_regions() {
    for strategy in Strategy::ALL {
        for count in [3, MOST_REGIONS] {
            let mut app = standbys(strategy, count);
            for at_s in [60.0, 200.0, 1500.0] {
                go(&mut app, at_s);
                let (panels, mut motion) = (app.panels(), Motion::default());
                app.motion_into(&mut motion);
                assert_eq!((panels.regions.len(), motion.grids.len()), (count, count), "{strategy:?}");
                assert!(!panels.description.is_empty() && !motion.streams.is_empty(), "{strategy:?}");
                if at_s == 60.0 {
                    app.update(Msg::Ordered("region-dark=us-east-1".into()));
                }
            }
        }
    }
}

#[test]
fn a_release_is_deployed_and_taken_back_by_a_button_and_the_card_says_what_runs() {
    let mut app = app("scenario=multi-site&paused=1&slowmo=0");
    let labels = |app: &App| app.panels().releases.iter().map(|it| it.label.clone()).collect::<Vec<_>>();
    assert_eq!(labels(&app), ["Deploy v43", "Deploy v44"]);
    let hint = app.panels().releases[1].hint.clone();
    says(&hint, &["Region by region", "100 %"]);
    let note = |app: &App| facts(&app.panels().regions[1]);
    assert!(note(&app).contains("v42"), "{}", note(&app));
    app.update(app.panels().releases[0].msg.clone());
    assert_eq!(labels(&app), Vec::<String>::new(), "one at a time");
    let off = |panels: &Panels| panels.actions.iter().any(|action| action.label == "Call off: deploy");
    assert!(off(&app.panels()), "{:?}", app.panels().actions);
    let panels = play_until(&mut app, |panels| !off(panels), "the rollout is over");
    says(&note(&app), &["v43"]);
    assert_eq!(labels(&app)[0], "Deploy v44");
    assert!(panels.releases.iter().any(|it| it.label == "Take v43 back in eu-west-1"), "{:?}", labels(&app));
    let told = panels.journal.iter().any(|line| line.text.contains("Release v43 is out in eu-west-1."));
    assert!(told, "{:?}", panels.journal.first());
}

#[test]
fn a_region_is_left_and_clients_are_sent_elsewhere_by_buttons() {
    for (scenario, offered) in [
        ("warm-standby", vec!["Evacuate us-east-1", "Send clients of us-east-1 to eu-west-1"]),
        ("pilot-light", vec!["Evacuate us-east-1"]),
        ("backup-restore", vec![]),
        (
            "multi-site",
            vec![
                "Evacuate us-east-1",
                "Evacuate eu-west-1",
                "Send clients of us-east-1 to eu-west-1",
                "Send clients of eu-west-1 to us-east-1",
            ],
        ),
    ] {
        let mut app = app(&format!("scenario={scenario}&paused=1&slowmo=0&at=60"));
        let moves = app.panels().moves;
        assert_eq!(moves.iter().map(|it| it.label.as_str()).collect::<Vec<_>>(), offered, "{scenario}");
        for order in moves.iter().filter(|it| it.slug == "evacuate-us-east-1") {
            app.update(order.msg.clone());
            assert!(app.panels().notice.is_none(), "{scenario}: {:?}", app.panels().notice);
            let off = app.panels().actions.into_iter().find(|action| action.label.starts_with("Call off: "));
            assert!(off.is_some(), "{scenario}: it is under way");
        }
    }
}

#[test]
fn sessions_are_kept_where_one_chooses_and_the_page_says_how_many_were_lost() {
    let mut app = app("scenario=multi-site&paused=1&slowmo=0&at=60");
    let active = |app: &App| {
        let choices = app.panels().choices.writing[4].clone();
        choices.into_iter().filter(|choice| choice.active).map(|it| it.slug).collect::<Vec<_>>()
    };
    assert_eq!(active(&app), ["shared"]);
    app.update(Msg::StoreChosen(SessionStore::Local));
    assert_eq!(active(&app), ["local"]);
    let note = |panels: &Panels| {
        let served = panels.scores.iter().find(|score| score.slug == "served").expect("how many are served");
        served.note.clone()
    };
    assert!(!note(&app.panels()).contains("lost"), "{}", note(&app.panels()));
    app.update(Msg::Ordered("evacuate=us-east-1".into()));
    let panels =
        play_until(&mut app, |panels| note(panels).contains(" sessions were lost"), "who comes is unknown");
    assert!(note(&panels).contains("since the start; "), "{}", note(&panels));
}
