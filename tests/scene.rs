//! The page without a browser: what it shows in a calm moment, in a broken one, and afterwards.
#![cfg(not(target_arch = "wasm32"))]

use faultline::app::{App, Msg};
use faultline::model::FaultKind;
use faultline::model::fault::Needs;
use faultline::model::scenario::Scenario;
use faultline::scene::panels::{Headline, Score, Tone};
use faultline::scene::{Motion, Panels};

const BROKEN: &str = "fault=region-dark:us-east-1@60&paused=1&slowmo=0&seed=3";

fn shown(query: &str) -> Panels {
    App::new(&format!("#/?{query}"), None).panels()
}

fn score<'a>(panels: &'a Panels, slug: &str) -> &'a Score {
    let mut all = panels.objectives.iter().chain(&panels.scores);
    all.find(|score| score.slug == slug).unwrap_or_else(|| panic!("no score {slug}"))
}

fn says(headline: &Headline, words: &[&str]) {
    for word in words {
        let all = format!("{}. {}", headline.title, headline.body);
        assert!(all.contains(word), "\"{word}\" is not in: {all}");
    }
}

fn orders(panels: &Panels) -> Vec<String> {
    let chips = panels.faults.iter().flat_map(|group| &group.chips);
    let order = |msg: &Msg| if let Msg::Ordered(order) = msg { order.clone() } else { String::new() };
    chips.map(|chip| order(&chip.msg)).collect()
}

#[test]
fn first_view_is_alive_and_one_button_says_what_it_takes_down() {
    let app = App::new("", None);
    let panels = app.panels();
    assert_eq!(panels.transport.now_s, 45.0);
    assert!(panels.transport.playing && panels.transport.slow_motion.is_some());
    let button = panels.big_button.as_ref().expect("a button");
    assert_eq!(button.label, "Take us-east-1 down");
    assert_eq!(button.msg, Msg::Ordered("region-dark=us-east-1".into()));
    says(&panels.headline, &["all is well", "us-east-1 serves", "eu-west-1 stands by"]);
    assert_eq!((score(&panels, "served").value.as_str(), score(&panels, "rto").value.as_str()), ("100", "–"));
    assert_eq!(panels.places.len(), 14);
    assert!(panels.places.iter().all(|place| (0.0..1.0).contains(&place.x) && (0.0..1.0).contains(&place.y)));
    assert!(panels.clients.iter().all(|row| row.tone == Tone::Good));
    assert_eq!(panels.route53.endpoints[0].votes, [true; 16]);
    assert_eq!((panels.timeline.from_s, panels.timeline.rto.is_some()), (0.0, false));
    assert_eq!(panels, app.panels(), "the same moment is the same panels");
    let mut motion = Motion::default();
    app.motion_into(&mut motion);
    assert!(motion.flights.len() > 5 && motion.streams.is_empty());
    assert!(motion.rings.iter().all(|ring| ring.arcs.len() == 8));
    assert!(motion.grids[0].cells.iter().any(|cell| cell.writer == Some(0)));
}

#[test]
fn every_fault_can_be_reached_and_pressed() {
    let mut app = App::new("#/?paused=1", None);
    let panels = app.panels();
    let goes = |kind: &FaultKind| !matches!(kind.needs(), Needs::Queue | Needs::Volume);
    assert_eq!(panels.faults.len(), FaultKind::ALL.into_iter().filter(goes).count());
    for order in orders(&panels) {
        app.update(Msg::Ordered(order.clone()));
        assert_eq!(app.notice(), None, "{order}");
        let clear = format!("clear {order}");
        assert!(orders(&app.panels()).contains(&clear), "{clear} is not offered");
        app.update(Msg::Ordered(clear));
        assert_eq!(app.notice(), None, "{order}");
    }
    assert!(app.panels().faults.iter().flat_map(|group| &group.chips).all(|chip| !chip.active));
}

#[test]
fn an_outage_is_told_while_it_lasts() {
    let early = shown(&format!("at=75&{BROKEN}"));
    says(&early.headline, &["us-east-1 went dark", "three failed checks, 10 s apart"]);
    assert_eq!((early.big_button.is_none(), early.headline.tone), (true, Tone::Bad));
    assert!(early.regions[0].dark && early.regions[0].state == "region down");
    assert_eq!(score(&early, "rto").value, "0:15");
    assert!(score(&early, "rpo").label.contains("at risk"));
    assert!(early.clients.iter().all(|row| row.tone == Tone::Bad));

    let late = shown(&format!("at=300&{BROKEN}"));
    says(&late.headline, &["Route 53 saw three failed checks", "eu-west-1 is taking over writes"]);
    assert!(late.route53.endpoints[1].answering && !late.route53.endpoints[0].answering);
    assert_eq!(late.regions[1].state, "taking over");
    let bracket = late.timeline.rto.as_ref().expect("a bracket");
    assert!(bracket.open && bracket.label == "RTO 4:00 and counting", "{}", bracket.label);
    assert_eq!((late.timeline.from_s, late.timeline.to_s, late.timeline.origin_s), (0.0, 360.0, 60.0));
    let labels: Vec<_> = late.timeline.bars.iter().map(|bar| bar.slug).collect();
    assert!(labels.starts_with(&["detect"]) && labels.contains(&"promote"), "{labels:?}");
    assert_eq!(late.timeline.bars.iter().filter(|bar| bar.longest).count(), 1);
    assert!(late.timeline.ticks.iter().any(|(at, label)| *at == 60.0 && label == "0:00"));
}

#[test]
fn afterwards_the_score_is_settled_and_lost_writes_have_names() {
    let panels = shown(&format!("at=1400&{BROKEN}"));
    says(&panels.headline, &["whole again", "eu-west-1"]);
    let (rto, rpo) = (&panels.timeline.rto, &panels.timeline.rpo);
    let (rto, rpo) = (rto.as_ref().expect("a bracket"), rpo.as_ref().expect("a bracket"));
    assert!(!rto.open && !rpo.open && rto.to_s - rto.from_s > 60.0);
    assert_eq!(panels.lost_writes.len() as u64, panels.lost_writes_total.min(60));
    assert_eq!(panels.lost_writes_more, panels.lost_writes_total - panels.lost_writes.len() as u64);
    assert!(panels.lost_writes_total > 0);
    for name in &panels.lost_writes {
        assert!(
            name.starts_with("write ") && name.contains(" to key ") && name.contains("in us-east-1"),
            "{name}"
        );
    }
    assert_eq!(score(&panels, "lost").value, panels.lost_writes_total.to_string());
    assert!(score(&panels, "lost").why[0].contains("went dark"), "{:?}", score(&panels, "lost").why);
    assert!(
        panels.description.contains("cannot be read now") && panels.description.contains("Recovery, promote")
    );
    assert!(panels.timeline.availability.len() <= 300 && panels.timeline.availability.len() > 100);
}

#[test]
fn a_fault_that_nobody_feels_is_told_as_a_risk() {
    // Two minutes of counts are missing by then: nobody is paged for another.
    let panels = shown("fault=link-cut:us-east-1:eu-west-1@60&at=150&paused=1");
    says(&panels.headline, &["the link between us-east-1 and eu-west-1 was cut", "notice nothing", "behind"]);
    assert_eq!((panels.headline.tone, panels.timeline.rto.is_none()), (Tone::Warning, true));
    assert!(panels.links[0].cut_forward && panels.links[0].cut_back && panels.links[0].tone == Tone::Bad);
    assert!(panels.big_button.is_some());
    assert_eq!(panels.regions[0].state, "serving");
}

#[test]
fn one_of_several_incidents_is_shown_and_the_timeline_has_them_all() {
    let two = "fault=region-dark:us-east-1@60&fault=capacity:eu-west-1@70&paused=1&slowmo=0";
    let mut app = App::new(&format!("#/?at=900&{two}"), None);
    let panels = app.panels();
    let titles: Vec<&str> = panels.incidents.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["us-east-1 went dark", "eu-west-1 ran out of spare capacity"]);
    // Which is shown is left to the page: the one that hurts.
    assert_eq!(panels.incidents.iter().map(|row| row.shown).collect::<Vec<_>>(), [true, false]);
    assert!(score(&panels, "rto").label == "RTO so far" && !panels.timeline.bars.is_empty());
    app.update(panels.incidents[1].msg.clone());
    let other = app.panels();
    assert!(other.incidents[1].shown && !other.incidents[0].shown);
    assert_eq!(other.incidents[0].rto, panels.incidents[0].rto, "the other keeps its score");
    assert_eq!(score(&other, "rto").value, "0:00");
    says(&other.headline, &["ran out of spare capacity", "the outage that lasts comes from something else"]);
    assert!(other.timeline.rto.is_none() && other.timeline.bars.is_empty());
    for timeline in [&panels.timeline, &other.timeline] {
        assert_eq!(timeline.triggers.iter().map(|it| it.at_s).collect::<Vec<_>>(), [60.0, 70.0]);
        assert!(timeline.spells.iter().any(|spell| spell.outage && spell.to_s.is_none()));
    }
    assert_eq!((panels.timeline.origin_s, other.timeline.origin_s), (60.0, 70.0));
    // Pressed again, and whenever something new is begun, it is left to the page again.
    app.update(other.incidents[1].msg.clone());
    assert_eq!(app.chosen_incident(), None);
    app.update(Msg::SelectIncident(Some(1)));
    app.update(Msg::Ordered("load-surge".into()));
    assert_eq!(app.chosen_incident(), None);
    // Before it has happened, nothing is chosen of what was.
    app.update(Msg::SelectIncident(Some(1)));
    app.update(Msg::Scrubbed(65.0));
    assert!(app.panels().incidents.len() == 1 && app.panels().incidents[0].shown);
}

#[test]
fn looking_back_shows_what_was_known_then() {
    let mut app = App::new(&format!("#/?at=600&{BROKEN}"), None);
    app.update(Msg::Scrubbed(50.0));
    let panels = app.panels();
    assert!(panels.transport.in_the_past && !panels.transport.playing);
    assert_eq!((panels.transport.now_s, panels.transport.end_s), (50.0, 600.0));
    says(&panels.headline, &["all is well"]);
    assert!(panels.journal.iter().all(|line| line.at_s <= 50.0));
    app.update(Msg::NextHappening);
    assert_eq!(app.panels().transport.now_s, 60.0);
    app.update(Msg::PreviousHappening);
    app.update(Msg::ToEnd);
    assert_eq!(app.panels().transport.now_s, 600.0);
    app.update(Msg::Jumped(-5.5));
    assert_eq!(app.panels().transport.now_s, 594.5);
}

#[test]
fn messages_to_a_dark_region_stop_at_its_edge() {
    let mut motion = Motion::default();
    App::new(&format!("#/?at=60.05&speed=1&{BROKEN}"), None).motion_into(&mut motion);
    let dark = 12;
    let lost: Vec<_> = motion.flights.iter().filter(|flight| flight.lost).collect();
    assert!(motion.flights.iter().filter(|flight| flight.to == dark).all(|flight| flight.progress < 0.95));
    assert!(lost.iter().all(|flight| flight.to == dark || flight.from == dark));
    // One that is lost shows for an instant before it ends: of some moments, one has it.
    let shows = |at: &str| {
        let mut motion = Motion::default();
        App::new(&format!("#/?at={at}&speed=1&{BROKEN}"), None).motion_into(&mut motion);
        motion.flights.iter().any(|flight| flight.lost && flight.to == dark)
    };
    assert!(["60.2", "60.5", "61", "61.5"].into_iter().any(shows));
    App::new(&format!("#/?at=61&speed=60&{BROKEN}"), None).motion_into(&mut motion);
    assert!(motion.flights.is_empty() && motion.streams.iter().any(|stream| stream.failing == 1.0));
}

#[test]
fn a_whole_recovery_takes_a_minute_or_two_on_the_wall() {
    // A seed at which no write is lost: two that met would be told of in the promotion's place.
    let mut app = App::new("#/?seed=2", None);
    let button = app.panels().big_button.expect("a button");
    app.update(button.msg);
    let mut slow = std::collections::BTreeSet::new();
    let mut frames = 0;
    while app.panels().timeline.rto.is_none_or(|rto| rto.open) {
        for _ in 0..10 {
            app.frame(16.7);
            frames += 1;
        }
        slow.extend(app.panels().transport.slow_motion);
        assert!(frames < 10_000, "never restored");
    }
    let wall_s = f64::from(frames) * 0.0167;
    assert!((40.0..120.0).contains(&wall_s), "{wall_s} s");
    for words in ["us-east-1 went dark", "a first checker gave up", "Route 53 gave up", "became the primary"]
    {
        assert!(slow.iter().any(|reason| reason.contains(words)), "no slow motion for {words}: {slow:?}");
    }
}

#[test]
fn paused_means_that_nothing_changes() {
    let mut app = App::new(&format!("#/?at=100&{BROKEN}"), None);
    app.frame(16.7);
    let before = app.panels();
    assert!((0..50).all(|_| !app.frame(16.7)));
    assert_eq!(app.panels(), before);
}

#[test]
fn choices_are_remembered_and_nonsense_is_told_once() {
    let mut app = App::new("#/?speed=60", None);
    assert_eq!(app.settings(), None, "what the address says is not remembered");
    app.update(Msg::Slower);
    let stored = app.settings().expect("something to store");
    assert_eq!(App::new("", Some(&stored)).panels().transport.speed_text, "30 seconds a second");
    let mut app = App::new("#/?at=never", Some("{]"));
    assert!(app.panels().notice.is_some_and(|notice| notice.contains("at=never")));
    app.update(Msg::NoticeClosed);
    assert_eq!(app.panels().notice, None);
    app.update(Msg::Ordered("region-dark=mars-1".into()));
    assert!(app.notice().is_some_and(|notice| notice.contains("mars-1") && notice.contains("us-east-1")));
}

#[test]
fn time_stops_at_the_horizon_and_a_press_starts_over() {
    let mut app = App::new("#/?at=7199&speed=3600&slowmo=0", None);
    for _ in 0..2000 {
        app.frame(16.7);
    }
    let transport = app.panels().transport;
    assert_eq!((transport.now_s, transport.playing), (7200.0, false));
    app.update(Msg::Restarted);
    assert_eq!(app.panels().transport.now_s, 45.0);
}

/// The page in steps of 20, and the same page afterwards at step 1.
fn coarse_then_fine(query: &str) -> (Panels, Panels) {
    let mut app = App::new(&format!("#/?{query}&grain=20"), None);
    let settle = |app: &mut App| {
        while app.seeking() {
            app.frame(16.0);
        }
        app.panels()
    };
    let coarse = settle(&mut app);
    app.update(coarse.finely.as_ref().expect("a button").msg.clone());
    let fine = settle(&mut app);
    assert_eq!((fine.counting.as_deref(), &fine.finely), (None, &None), "each stands for itself");
    assert_eq!((app.history().shown().plan().step(), fine.transport.now_s), (1, coarse.transport.now_s));
    (coarse, fine)
}

#[test]
fn in_coarse_steps_no_write_is_named_and_no_time_to_answer_told_until_it_is_run_finely() {
    // Some seconds of writes are on no other copy when the region goes dark: several steps of 20.
    let cut = "fault=link-cut:us-east-1:eu-west-1@55";
    let (coarse, fine) = coarse_then_fine(&format!("at=1400&{cut}&{BROKEN}"));
    assert!(coarse.lost_writes_total > 0 && coarse.lost_writes_note.contains("Run finely"));
    assert_eq!(coarse.counting.as_deref(), Some("Counted in steps of 20"));
    assert!(coarse.lost_writes.is_empty(), "{:?}", coarse.lost_writes);
    let single = |panels: &Panels| {
        let lines = panels.journal.iter().map(|line| line.text.as_str());
        let all = lines.chain([panels.description.as_str()]).collect::<Vec<_>>().join("\n");
        all.contains(" to key ") || all.contains(" p99 of ")
    };
    assert!(!single(&coarse), "{}", coarse.description);
    assert!(coarse.places.iter().all(|place| !place.label.contains("p99")));
    assert!(coarse.clients.iter().all(|row| (row.reads.as_str(), row.writes.as_str()) == ("– / –", "– / –")));
    let latency = score(&coarse, "reads");
    assert!(latency.value == "– / –" && latency.note.contains("stands for 20"), "{latency:?}");

    assert!(single(&fine) && fine.clients.iter().all(|row| row.reads.starts_with(char::is_numeric)));
    assert!(fine.lost_writes_total > 0, "the same were on no other copy");
    assert_eq!(fine.lost_writes.len() as u64, fine.lost_writes_total.min(60));
    assert_eq!(fine.incidents.len(), 2, "what was broken is broken again");
}

#[test]
fn none_is_under_one_step_if_a_write_could_go_missing() {
    let lost = |panels: &Panels| (score(panels, "lost").value.clone(), panels.lost_writes_note.clone());
    let none = ("0".to_string(), "No acknowledged write is missing.".to_string());
    let few = ("under 20".to_string(), "Under 20 acknowledged writes are missing.".to_string());
    for (fault, coarse) in [
        ("", &none),
        ("&fault=zone-grey:us-east-1a@60", &none),
        ("&fault=link-cut:us-east-1:eu-west-1@60", &few),
    ] {
        let shown = coarse_then_fine(&format!("at=70&paused=1&slowmo=0{fault}"));
        assert_eq!((&lost(&shown.0), &lost(&shown.1)), (coarse, &none), "{fault}");
    }
}

#[test]
fn a_card_says_until_when_nobody_could_take_over() {
    let mut app = App::new("#/?at=500&paused=1&slowmo=0&fault=zone-power:us-east-1a@60", None);
    let told = |app: &App| {
        let card = app.panels().regions[0].clone();
        (card.database_note, card.zones[0].note)
    };
    assert_eq!(told(&app), ("no standby".into(), "no power"));
    app.update(Msg::Ordered("clear zone-power=us-east-1a".into()));
    assert_eq!(told(&app), ("no standby until 0:23:20".into(), "standby behind"));
}

#[test]
fn capacity_units_stand_alone_until_a_copy_of_the_volume_is_gone() {
    let query = "#/?scenario=warm-standby&engine=aurora-global&database.acu_max=16&paused=1&slowmo=0";
    let mut app = App::new(query, None);
    let chip = |app: &App| app.panels().regions[0].volume.clone().expect("a volume").text;
    assert!(chip(&app).ends_with(" ACU") && !chip(&app).contains('●'), "{}", chip(&app));
    app.update(Msg::Ordered("volume-copy=us-east-1b".into()));
    assert!(chip(&app).starts_with("●● ○● ●● ") && chip(&app).ends_with(" ACU"), "{}", chip(&app));
}

#[test]
fn what_a_database_is_inside_its_region_is_on_its_card() {
    for (engine, inside, note, beside) in [
        ("rds", "standby", "standby in us-east-1b in step", "standby"),
        ("rds", "single", "no standby", ""),
        ("rds", "cluster", "2 readable standbys in step", "readable standby"),
        ("aurora-global", "volume", "reader in us-east-1b in step", "reader"),
        ("aurora-global", "volume-alone", "writer alone", ""),
    ] {
        let (strategy, servers) =
            if inside == "cluster" { ("backup-restore", 0) } else { ("warm-standby", 2) };
        let text = format!(
            r#"{{ "name": "inside", "title": "Inside a region", "strategy": "{strategy}", "backup": {{ "copies": false }},
                "regions": [{{ "code": "us-east-1", "servers": 6 }}, {{ "code": "eu-west-1", "servers": {servers} }}],
                "database": {{ "engine": "{engine}", "inside": "{inside}" }}, "recovery": {{ "decider": "manual" }} }}"#
        );
        let mut app = App::new("#/?paused=1&slowmo=0", None);
        app.begin(Scenario::read(&text).unwrap_or_else(|problems| panic!("{problems:?}")));
        let card = app.panels().regions[0].clone();
        assert_eq!(
            (card.database_note.as_str(), card.zones[1].database.as_str()),
            (note, beside),
            "{inside}"
        );
        let volume = card.volume.map(|volume| (volume.text, volume.tone));
        let whole = ("●● ●● ●●".to_string(), Tone::Good);
        assert_eq!(volume, (engine == "aurora-global").then_some(whole), "{inside}");
        if engine == "aurora-global" {
            let mut app = App::new("#/?paused=1&slowmo=0", None);
            app.begin(Scenario::read(&text).unwrap_or_else(|problems| panic!("{problems:?}")));
            app.update(Msg::Ordered("zone-power=us-east-1a".into()));
            app.update(Msg::Ordered("volume-copy=us-east-1b".into()));
            let card = app.panels().regions[0].clone();
            let volume = card.volume.expect("a volume");
            assert_eq!((volume.text.as_str(), volume.tone), ("○○ ○● ●●", Tone::Bad));
            assert_eq!(volume.hint, "the volume has three of six copies: reads only");
            assert!(card.label.contains(&volume.hint), "{}", card.label);
        }
        app.update(Msg::Ordered("primary-database=us-east-1".into()));
        let role = app.panels().regions[0].database_role.clone();
        let wanted = match inside {
            "single" => "database down",
            "volume-alone" => "instance being made anew",
            "volume" => "reader taking over",
            _ => "standby taking over",
        };
        assert_eq!(role, wanted, "{inside}");
    }
}
