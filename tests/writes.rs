//! Who may write where, on the page without a browser: what can be chosen, what collides, what became of each write.
#![cfg(not(target_arch = "wasm32"))]

use faultline::app::{App, Msg, designing};
use faultline::model::scenario::{Scenario, Strategy, WritePattern};
use faultline::model::{Cutover, Engine, QueueKind, Rule, Session};
use faultline::observer::ledger::Fate;
use faultline::scene::motion::ClashEnd;
use faultline::scene::panels::{Choice, Panels, Tone};
use faultline::scene::{Motion, words::fate};

fn app(query: &str) -> App {
    App::new(&format!("#/?paused=1&slowmo=0&seed=1&{query}"), None)
}

fn choice<'a>(panels: &'a Panels, group: usize, slug: &str) -> &'a Choice {
    let found = panels.choices.writing[group].iter().find(|choice| choice.slug == slug);
    found.unwrap_or_else(|| panic!("no choice {slug}"))
}

fn ledger(app: &mut App) -> faultline::scene::panels::Writes {
    app.update(Msg::WritesOpened(true));
    app.panels().writes.expect("the ledger is open")
}

/// Ends of collisions that some cell shows, over some seconds.
fn ends(app: &mut App, steps: usize) -> Vec<ClashEnd> {
    let (mut motion, mut seen) = (Motion::default(), Vec::new());
    for _ in 0..steps {
        app.update(Msg::Jumped(0.5));
        app.motion_into(&mut motion);
        let cells = motion.grids.iter().flat_map(|grid| &grid.cells);
        for cell in cells.filter(|cell| cell.clash.is_some()) {
            let clash = cell.clash.expect("there is one");
            assert_ne!(Some(clash.rival), cell.writer, "two halves of one colour");
            seen.push(clash.end);
        }
    }
    seen
}

#[test]
fn a_pattern_that_makes_no_sense_is_refused_with_the_reason() {
    let mut app = app("");
    let local = choice(&app.panels(), 0, "write-local").clone();
    assert!(local.refused && local.hint.contains("takes writes in one region only"), "{}", local.hint);
    app.update(local.msg);
    let panels = app.panels();
    assert!(panels.notice.is_some_and(|notice| notice.contains("one region only")));
    assert_eq!(app.history().shown().plan().scenario.write_pattern, WritePattern::WriteGlobal);
}

/// A design with one more choice of the page: its name, why the page strikes it out if it does, and what a file would say.
fn with_choices(base: &Scenario) -> Vec<(&'static str, Option<String>, Scenario)> {
    let mut all = Vec::new();
    let mut with = |name, why, set: &dyn Fn(&mut Scenario)| {
        let mut made = base.clone();
        set(&mut made);
        all.push((name, why, made));
    };
    for pattern in WritePattern::ALL {
        with(pattern.slug(), designing::why_not(base, pattern), &|it| it.write_pattern = pattern);
    }
    for rule in base.database.engine.conflict_rules() {
        let why = designing::why_no_rule(base, *rule).map(String::from);
        with(rule.slug(), why, &|it| it.database.conflict = *rule);
    }
    for session in Session::ALL {
        with(session.slug(), designing::why_no_session(base, session), &|it| it.clients.session = session);
    }
    for kind in QueueKind::ALL {
        let why = designing::why_no_queue(base, kind).map(String::from);
        with(kind.slug(), why, &|it| it.write_queue.kind = kind);
    }
    for cutover in Cutover::ALL {
        let why = designing::why_no_cutover(base, cutover);
        with(cutover.slug(), why, &|it| it.recovery.cutover = cutover);
    }
    all
}

#[test]
fn whatever_the_page_offers_may_stand_in_a_file_and_nothing_else_is_struck_out() {
    let allowed = |scenario: &Scenario| {
        Scenario::read(&serde_json::to_string(scenario).expect("a scenario is data")).map(drop)
    };
    let (mut taken, mut refused, mut wrong) = (0, 0, Vec::new());
    for strategy in Strategy::ALL {
        for engine in Engine::ALL.into_iter().filter(|engine| designing::suits(strategy, *engine)) {
            let plain = Scenario::design(strategy, engine);
            let patterns = WritePattern::ALL.into_iter();
            let bases = patterns.filter(|pattern| designing::why_not(&plain, *pattern).is_none());
            for write_pattern in bases {
                for (name, why, made) in with_choices(&Scenario { write_pattern, ..plain.clone() }) {
                    let what = [strategy.slug(), engine.slug(), write_pattern.slug(), name].join(", ");
                    match (why, allowed(&made)) {
                        (None, Ok(())) => taken += 1,
                        (Some(_), Err(_)) => refused += 1,
                        // A file may: it may have runbooks of its own, which move clients so.
                        (Some(_), Ok(())) if Cutover::named(name).is_some() => refused += 1,
                        (None, Err(problems)) => wrong.push(format!("{what}: {problems:?}")),
                        (Some(why), Ok(())) => wrong.push(format!("{what} is struck out: {why}")),
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong: {}", wrong.len(), wrong.join("\n"));
    assert!(taken > 500 && refused > 100, "{taken} taken, {refused} refused");
}

#[test]
fn what_was_chosen_outlives_another_engine_where_it_makes_sense() {
    let mut app = app("scenario=write-local");
    app.update(Msg::PatternChosen(WritePattern::WritePartitioned));
    app.update(Msg::RuleChosen(Rule::Conditional));
    app.update(Msg::SessionChosen(Session::Sticky));
    app.update(Msg::RuleChosen(Rule::Siblings));
    app.update(Msg::EngineChosen(Engine::SelfManaged));
    let scenario = &app.history().shown().plan().scenario;
    assert_eq!(scenario.write_pattern, WritePattern::WritePartitioned);
    assert_eq!((scenario.database.conflict, scenario.clients.session), (Rule::Conditional, Session::Sticky));
    app.update(Msg::EngineChosen(Engine::AuroraGlobal));
    assert_eq!(app.history().shown().plan().scenario.write_pattern, WritePattern::WriteGlobal);
}

#[test]
fn conditions_of_each_region_go_with_no_other_pattern_and_say_so() {
    let mut app = app("scenario=write-local&engine=dynamodb-global&rule=conditional-local");
    let panels = app.panels();
    assert!(choice(&panels, 1, "conditional-local").active);
    for pattern in ["write-global", "write-partitioned"] {
        let row = choice(&panels, 0, pattern);
        assert!(row.refused && row.hint.contains("each region checks"), "{}", row.hint);
    }
    app.update(Msg::PatternChosen(WritePattern::WritePartitioned));
    assert_eq!(app.history().shown().plan().scenario.write_pattern, WritePattern::WriteLocal);
    app.update(Msg::RuleChosen(Rule::Conditional));
    app.update(Msg::PatternChosen(WritePattern::WritePartitioned));
    let panels = app.panels();
    assert!(choice(&panels, 1, "conditional-local").refused && choice(&panels, 1, "conditional").active);
    app.update(Msg::RuleChosen(Rule::ConditionalLocal));
    assert_eq!(app.history().shown().plan().rule(), Rule::Conditional);
    assert!(app.panels().notice.is_some_and(|said| said.contains("conditional-local is not possible")));
    // In an address either may come first.
    for query in [
        "pattern=write-partitioned&rule=conditional-local",
        "rule=conditional-local&pattern=write-partitioned",
    ] {
        let app = self::app(&format!("scenario=write-local&engine=dynamodb-global&{query}"));
        let scenario = &app.history().shown().plan().scenario;
        let both = (scenario.write_pattern, scenario.database.conflict);
        assert_ne!(both, (WritePattern::WritePartitioned, Rule::ConditionalLocal), "{query}");
    }
}

#[test]
fn a_quorum_leaves_no_choice_of_pattern() {
    let panels = app("scenario=write-local-quorum").panels();
    assert!(choice(&panels, 0, "write-global").refused && choice(&panels, 0, "write-partitioned").refused);
    assert!(choice(&panels, 0, "write-local").active && choice(&panels, 3, "whole-quorum").active);
    assert_eq!((panels.regions.len(), panels.links.len()), (3, 3));
}

#[test]
fn streams_go_both_ways_between_all() {
    for (query, streams) in [
        ("scenario=write-local", 2),
        ("scenario=write-local-quorum", 6),
        ("scenario=six-regions", 30),
        ("", 1),
    ] {
        let app = app(&format!("{query}&speed=600&at=60"));
        let mut motion = Motion::default();
        app.motion_into(&mut motion);
        let cities = app.panels().clients.len() as u16;
        let between = motion.streams.iter().filter(|stream| stream.from >= cities && stream.to >= cities);
        assert_eq!(between.count(), streams, "{query}");
    }
}

#[test]
fn cells_show_collisions_and_their_ends() {
    let cut = "at=100&speed=10&fault=link-cut:us-east-1:eu-west-1@90";
    let seen = ends(&mut app(&format!("scenario=write-local&{cut}")), 20);
    assert!(seen.contains(&ClashEnd::Open), "regions that differ show it");
    for (rule, end) in
        [("last-writer-wins", ClashEnd::Lost), ("siblings", ClashEnd::Kept), ("merge", ClashEnd::Merged)]
    {
        let query = format!("scenario=multi-site&engine=self-managed&rule={rule}&at=100&speed=10");
        let seen = ends(&mut app(&query), 60);
        assert!(seen.contains(&end), "{rule}: {seen:?}");
    }
}

#[test]
fn the_ledger_names_each_write_and_its_fate() {
    let mut app = app("scenario=write-local&at=200");
    assert_eq!(app.panels().writes, None, "nothing is worked out while nobody reads it");
    let all = ledger(&mut app);
    assert_eq!(all.lines.len(), 60);
    let first = &all.lines[0];
    assert!(first.name.starts_with("Write ") && first.name.contains(" to key "), "{}", first.name);
    app.update(Msg::FateChosen(Some(Fate::Lost)));
    let lost = app.panels().writes.expect("the ledger is open");
    let active = lost.filters.iter().find(|filter| filter.active).expect("a filter is active");
    assert_eq!(active.label, "Lost");
    let line = &lost.lines[0];
    assert!(line.fate.contains("Lost to write") && line.fate.contains("nobody was told"), "{}", line.fate);
    app.update(Msg::Scrubbed(line.at_s));
    assert!((app.panels().transport.now_s - line.at_s).abs() < 1e-3);
}

#[test]
fn every_pattern_says_what_it_gives_up() {
    for pattern in WritePattern::ALL {
        for rule in Rule::ALL {
            for cut in [false, true] {
                let words = fate::gives_up(pattern, rule, cut);
                assert!(words.ends_with('.') && words.contains("consisten"), "{words}");
            }
        }
    }
    for kind in Fate::ALL {
        for told in [false, true] {
            let words = fate::sentence(kind, "write 3 from us-east-1", "in eu-west-1 after 40 ms", told);
            assert!(words.ends_with('.') && !words.contains("  "), "{words}");
        }
    }
}

#[test]
fn people_travel_and_their_dot_goes_with_them() {
    let mut app = app("scenario=write-local&at=60");
    let before = app.panels();
    app.update(Msg::Ordered("travel=New York>Mumbai".into()));
    app.update(Msg::Jumped(10.0));
    let after = app.panels();
    let index = before.places.iter().position(|place| place.name == "New York").expect("it is there");
    let mumbai = before.places.iter().find(|place| place.name == "Mumbai").expect("it is there");
    let place = &after.places[index];
    assert_eq!((place.name.as_str(), place.x, place.y), ("New York in Mumbai", mumbai.x, mumbai.y));
    assert_eq!(place.home, Some((before.places[index].x, before.places[index].y)));
    let row = &after.clients[index];
    assert!(row.answers.starts_with("reads ") && row.answers.contains("writes "), "{}", row.answers);
    app.update(Msg::Ordered("travel=New York>New York".into()));
    assert_eq!(app.panels().places[index].home, None, "and come home");
}

#[test]
fn homes_move_where_there_are_homes() {
    let moves = |query: &str| app(query).panels().homes;
    assert!(moves("scenario=write-local").is_empty() && moves("scenario=write-global").is_empty());
    let both = moves("scenario=write-partitioned");
    assert_eq!(both[0].label, "Move the users of us-east-1 to eu-west-1");
    assert_eq!(both[1].label, "Move the users of eu-west-1 to us-east-1");
    let mut app = app("scenario=write-partitioned");
    app.update(both[0].msg.clone());
    app.update(Msg::Jumped(20.0));
    let journal = app.panels().journal;
    assert!(journal.iter().any(|line| line.text.contains("have their home in eu-west-1 now")));
}

/// Plays on, half a minute at a time, until something is so.
fn until(app: &mut App, so: impl Fn(&Panels) -> bool) -> Panels {
    for _ in 0..40 {
        let panels = app.panels();
        if so(&panels) {
            return panels;
        }
        app.update(Msg::Jumped(30.0));
    }
    panic!("it never is so: {:?}", app.panels().regions[0]);
}

#[test]
fn a_topic_is_chosen_and_its_card_says_what_it_cannot_deliver() {
    let mut app = app("at=30");
    app.update(Msg::QueueChosen(QueueKind::Topic));
    app.update(Msg::Ordered("link-cut=us-east-1:eu-west-1".into()));
    let line = |panels: &Panels, region: usize| panels.regions[region].queue.clone().expect("a queue");
    let panels = until(&mut app, |panels| line(panels, 0).text.contains(" to deliver"));
    assert_eq!(line(&panels, 0).tone, Tone::Warning);
    assert!(line(&panels, 0).hint.contains("tries again"), "{}", line(&panels, 0).hint);
    assert!(panels.journal.iter().any(|line| line.text.contains("does not answer the topic")));
    app.update(Msg::Ordered("clear link-cut=us-east-1:eu-west-1".into()));
    until(&mut app, |panels| !line(panels, 0).text.contains(" to deliver"));
}

#[test]
fn another_design_keeps_the_queue_where_that_makes_sense() {
    let mut app = app("at=30");
    app.update(Msg::QueueChosen(QueueKind::Topic));
    app.update(Msg::EngineChosen(Engine::AuroraGlobal));
    assert!(app.panels().regions.iter().all(|card| card.queue.is_some()), "kept");
    app.update(Msg::EngineChosen(Engine::DynamodbGlobal));
    assert!(app.panels().regions.iter().all(|card| card.queue.is_none()), "every region takes every write");
    let notice = app.panels().notice.clone();
    assert!(notice.as_ref().is_some_and(|said| said.contains("collide with itself")), "{notice:?}");
}

#[test]
fn a_queue_is_chosen_and_its_card_says_what_waits_and_what_is_dead() {
    let mut app = app("at=30");
    assert!(app.panels().regions.iter().all(|card| card.queue.is_none()), "off by default");
    app.update(Msg::QueueChosen(QueueKind::Fifo));
    app.update(Msg::Ordered("consumers-stop=us-east-1".into()));
    let line = |panels: &Panels| panels.regions[0].queue.clone().expect("a queue");
    let panels = until(&mut app, |panels| line(panels).text.contains(" min"));
    assert!(line(&panels).text.contains(" waiting, oldest "), "{}", line(&panels).text);
    assert!(panels.regions[0].label.contains("Queue: "), "{}", panels.regions[0].label);
    assert_eq!((line(&panels).tone, panels.lost_writes_total), (Tone::Warning, 0));
    let waits = panels.timeline.queued.last().expect("a lane").1;
    assert!(waits > 1000 && panels.timeline.queued_note.starts_with("at most "), "{waits}");
    app.update(Msg::Ordered("clear consumers-stop=us-east-1".into()));
    app.update(Msg::Ordered("poison-message=us-east-1".into()));
    let panels = until(&mut app, |panels| line(panels).text.contains(" dead"));
    assert_eq!((line(&panels).tone, panels.lost_writes_total), (Tone::Bad, 1));
    let again = panels.actions.iter().find(|action| action.label == "Send 1 dead message again");
    app.update(again.expect("a button").msg.clone());
    // What a consumer has committed is listed once, as that commit.
    let writes = ledger(&mut app);
    let labels: Vec<&str> = writes.filters.iter().map(|filter| filter.label).collect();
    assert!(labels.contains(&"Worked off") && labels.contains(&"Stand"), "{labels:?}");
    assert!(
        !writes.lines.is_empty() && writes.lines.iter().all(|line| !line.fate.contains("was in the queue"))
    );
    assert!(!line(&app.panels()).text.contains("dead"), "{}", line(&app.panels()).text);
}
