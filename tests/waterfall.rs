//! The waterfall and what can be answered: what each execution did, what waits says for what, a question has its answers,
//! and what moves the clients is chosen.
#![cfg(not(target_arch = "wasm32"))]

use faultline::app::{App, Msg};
use faultline::model::Cutover;
use faultline::scene::Panels;
use faultline::scene::panels::{Bar, Tone};

/// The page at a moment, however long it takes to get there.
fn at(query: &str, seconds: f64) -> App {
    let mut app = App::new(&format!("#/?paused=1&slowmo=0&seed=3&{query}"), None);
    go(&mut app, seconds);
    app
}

fn go(app: &mut App, seconds: f64) {
    app.update(Msg::Scrubbed(seconds));
    while app.seeking() {
        app.frame(16.7);
    }
}

fn bar<'a>(panels: &'a Panels, slug: &str) -> &'a Bar {
    let bars = &panels.timeline.bars;
    bars.iter().find(|bar| bar.slug == slug).unwrap_or_else(|| panic!("no bar {slug} in {bars:?}"))
}

#[test]
fn a_bar_that_waits_says_for_what() {
    let dark = "fault=region-dark:us-east-1@60";
    for (fault, slug, words) in [
        ("control-plane-slow:eu-west-1@70", "scale-out", "waits: throttled in eu-west-1"),
        ("control-plane:eu-west-1@70", "scale-out", "waits: control plane of eu-west-1"),
        ("capacity:eu-west-1@70", "scale-out", "waits: no spare capacity"),
    ] {
        let panels = at(&format!("{dark}&fault={fault}"), 180.0).panels();
        let waiting = bar(&panels, slug);
        assert_eq!((waiting.aside.as_str(), waiting.waiting, waiting.to_s), (words, true, None), "{fault}");
        assert!(panels.description.contains("it waits, because"), "{fault}: {}", panels.description);
    }
    // What waits no more does not say so on its bar, and still does in words.
    let mut later = at(&format!("{dark}&fault=control-plane-slow:eu-west-1@70"), 1500.0);
    later.update(Msg::SelectIncident(Some(0)));
    let after = later.panels();
    let done = bar(&after, "scale-out");
    assert_eq!((done.aside.as_str(), done.waiting), ("", false));
    assert!(done.note.contains("it had to wait, because"), "{}", done.note);
    assert!(bar(&after, "pin").aside.contains("Route 53's control plane"));
}

#[test]
fn executions_at_once_have_names_numbers_and_parts_of_their_own() {
    let query = "fault=corruption:us-east-1@60&fault=region-dark:us-east-1@120";
    let mut app = at(query, 600.0);
    let one = app.panels();
    assert!(one.timeline.runs.is_empty(), "one execution needs no name: {:?}", one.timeline.runs);
    // The data in the other region are ruined too: somebody is paged, a restore begins, and the failover is called off.
    go(&mut app, 2000.0);
    let panels = app.panels();
    let runs: Vec<_> = panels.timeline.runs.iter().filter(|run| run.number.is_some()).collect();
    let names: Vec<_> = runs.iter().map(|run| (run.number, run.name.as_str(), run.toward.as_str())).collect();
    let (over, back) =
        ((Some(1), "fail over", "to eu-west-1"), (Some(2), "restore in place", "in eu-west-1"));
    assert_eq!(names, if runs[0].number == Some(1) { [over, back] } else { [back, over] });
    assert_eq!(runs.iter().map(|run| run.shown).collect::<Vec<_>>(), [true, false], "the shown comes first");
    for run in &runs {
        let own = panels.timeline.bars.iter().filter(|bar| bar.run == run.number);
        assert!(own.clone().count() > 1, "{run:?} has no bars");
        assert!(own.clone().all(|bar| panels.timeline.runs[bar.lane].number == run.number));
        assert!(panels.description.contains(&run.note), "{} is not in the text", run.note);
    }
    assert!(panels.timeline.bars.windows(2).all(|pair| pair[0].lane <= pair[1].lane), "parts are in order");
    let left = panels.timeline.bars.iter().filter(|bar| bar.aside == "called off");
    assert!(left.clone().count() > 0 && left.clone().all(|bar| bar.undone && bar.run == Some(1)));
    let keys: std::collections::BTreeSet<_> = panels.timeline.bars.iter().map(|bar| &bar.key).collect();
    assert_eq!(keys.len(), panels.timeline.bars.len(), "no two bars are taken for one");
    // What was over before the left edge is not drawn at it.
    let from_s = panels.timeline.from_s;
    assert!(panels.timeline.bars.iter().all(|bar| bar.to_s.is_none_or(|to_s| to_s > from_s)));
}

#[test]
fn a_question_has_its_answers_with_their_consequences_and_goes_when_it_is_answered() {
    let cut = "fault=link-cut:us-east-1:eu-west-1@60&fault=region-dark:us-east-1@300";
    let panels = at(cut, 560.0).panels();
    let asked = panels.question.as_ref().expect("a question");
    assert_eq!(asked.title, "Promote the copy in eu-west-1?");
    assert!(asked.text.contains("4 min behind us-east-1"), "{}", asked.text);
    let [promote, wait] = asked.answers.as_slice() else { panic!("two answers: {asked:?}") };
    assert_eq!(
        (promote.label.as_str(), wait.label.as_str()),
        ("Promote the copy of 0:01:00", "Wait for us-east-1")
    );
    // What is announced is, to a tenth, what becomes of it.
    let about = promote.hint.split(' ').nth(3).map(|count| count.replace(',', ""));
    let told: f64 = about.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("{}", promote.hint));
    assert!(bar(&panels, "promote").aside.contains("a decision about the copy in eu-west-1"));
    assert!(panels.description.contains(&promote.label) && panels.description.contains(&wait.hint));
    for (answer, missing) in [(promote, true), (wait, false)] {
        let mut app = at(cut, 560.0);
        app.update(answer.msg.clone());
        assert_eq!((app.notice(), app.panels().question), (None, None), "{}", answer.label);
        go(&mut app, 1500.0);
        let report = app.history().shown().report();
        let aside = report.loss.counts.set_aside as f64;
        let wanted = if missing { told } else { 0.0 };
        assert!(
            (aside - wanted).abs() <= told * 0.1,
            "{}: {aside} set aside, {told} announced",
            answer.label
        );
    }
}

#[test]
fn what_moves_the_clients_is_chosen_and_begins_the_run_again() {
    let mut app = at("fault=region-dark:us-east-1@60", 400.0);
    let offered = app.panels().choices.cutovers;
    let labels: Vec<_> = offered.iter().map(|choice| (choice.label.as_str(), choice.active)).collect();
    assert_eq!(labels, [("Health check", true), ("Record change", false), ("Routing control", false)]);
    for (choice, words) in offered.iter().zip([
        &["30 s until the checkers give up", "the time to live of 1 min"][..],
        &["waits while us-east-1 is dark", "1 min to take effect"],
        &["data plane", "5 s, then the time to live of 1 min"],
    ]) {
        assert!(words.iter().all(|words| choice.hint.contains(words)), "{}", choice.hint);
    }
    app.update(offered[2].msg.clone());
    let scenario = &app.history().shown().plan().scenario;
    assert_eq!((scenario.recovery.cutover, app.history().now().secs()), (Cutover::RoutingControl, 45.0));
    // Another database keeps what was chosen.
    let aurora = app
        .panels()
        .choices
        .engines
        .iter()
        .find(|choice| choice.slug == "aurora-global")
        .map(|it| it.msg.clone());
    app.update(aurora.expect("an engine"));
    assert!(app.panels().choices.cutovers[2].active);
    // Where every region serves its own, no runbook moves anybody.
    let sites = at("scenario=multi-site", 45.0).panels().choices.cutovers;
    let refused: Vec<_> = sites.iter().map(|choice| choice.refused).collect();
    assert_eq!(refused, [false, true, true], "{sites:?}");
}

#[test]
fn a_recovery_whose_last_step_waits_is_not_green() {
    // Nothing was lost and the objective was met, but the record cannot be pinned while us-east-1 is dark.
    let dark = "at=900&fault=region-dark:us-east-1@60&paused=1&slowmo=0";
    let mut runs = (1..=20).map(|seed| App::new(&format!("#/?{dark}&seed={seed}"), None).panels());
    let panels = runs.find(|panels| panels.lost_writes_total == 0).expect("a run without a loss");
    assert!(panels.timeline.bars.iter().any(|bar| bar.waiting), "a step waits");
    let rto = &panels.objectives[0];
    assert_eq!((rto.label.as_str(), rto.tone), ("RTO", Tone::Plain), "{}", rto.value);
    assert_eq!((panels.headline.tone, panels.incidents[0].tone), (Tone::Warning, Tone::Warning));
}
