//! What the page says in figures and what the report says are the same, at any moment of any run: texts are read back.
#![cfg(not(target_arch = "wasm32"))]

#[path = "stories/draw.rs"]
#[allow(dead_code, reason = "the stories use the rest of it")]
mod draw;
#[path = "panels/reading.rs"]
mod reading;
#[path = "panels/forbidden.rs"]
mod forbidden;
#[path = "panels/clients.rs"]
mod clients;

use faultline::app::{App, Msg};
use faultline::model::ScriptLine;
use faultline::scene::Panels;
use faultline::scene::panels::{Score, Tone};
use reading::{after, before, clock_s, count, dollars, losses, near, span_s, to_its_end};
use serde_json::Value;

/// Runs that are drawn; ten times as many by night.
const RUNS: u64 = 30;
/// Moments at which each is looked at, in seconds: between two whole ones too.
const MOMENTS_S: [f64; 5] = [75.0, 240.5, 480.0, 905.25, 1300.0];

/// What can become of a write that nobody can read.
const MISSING: [&str; 4] = ["lost", "undone", "set_aside", "out_of_reach"];

/// A moment of a run: what the page shows of it, and what the report says.
struct Moment<'a> {
    app: &'a App,
    panels: Panels,
    report: Value,
    /// The incident that is shown, by its place in the list.
    shown: Option<usize>,
    now_s: f64,
    step: u64,
    at: String,
}

impl<'a> Moment<'a> {
    fn of(app: &'a App, at: &str) -> Self {
        let (panels, run) = (app.panels(), app.history().shown());
        let shown = panels.incidents.iter().position(|row| row.shown);
        let report = serde_json::to_value(run.report()).expect("plain data");
        let at = format!("{at} at {} s, incident {shown:?}", run.now().secs());
        Self { app, panels, report, shown, now_s: run.now().secs(), step: run.plan().step(), at }
    }

    fn incident(&self) -> Option<&Value> {
        self.shown.map(|index| &self.report["incidents"][index])
    }

    /// What is missing because of all incidents together.
    fn booked(&self) -> Value {
        let incidents = self.report["incidents"].as_array().expect("a list");
        let sum = |name: &str| -> u64 {
            incidents.iter().map(|incident| incident["loss"][name].as_u64().expect("a count")).sum()
        };
        let all = MISSING.map(|name| (name.to_string(), Value::from(sum(name))));
        Value::Object(all.into_iter().collect())
    }

    fn score(&self, slug: &str) -> &Score {
        let mut all = self.panels.objectives.iter().chain(&self.panels.scores);
        all.find(|score| score.slug == slug).expect("a score")
    }

    fn is(&self, told: u64, truth: &Value, what: &str) {
        assert_eq!(Some(told), truth.as_u64(), "{what}; {}", self.at);
    }

    fn is_near(&self, told: (f64, f64), truth_s: f64, what: &str) {
        assert!(near(told, truth_s), "{what}: {told:?} and {truth_s}; {}", self.at);
    }

    /// Everything that is compared.
    fn check(&self) {
        self.objectives();
        self.list();
        self.timeline();
        self.scores();
        self.missing();
        self.headline();
        self.story();
        self.forbidden();
        self.green();
        self.clients();
    }

    fn objectives(&self) {
        let (rto, rpo) = (self.score("rto"), self.score("rpo"));
        let Some(incident) = self.incident() else {
            assert_eq!((rto.value.as_str(), rpo.value.as_str()), ("–", "–"), "{}", self.at);
            return;
        };
        let so_far = if rto.label == "RTO so far" { " so far" } else { "" };
        self.rto(&format!("{}{so_far}", rto.value), incident);
        if rto.value == "0:00" {
            let nobody = rto.note.contains("nobody hurt");
            assert_eq!(nobody, incident["hurt_after_s"].is_null(), "{}; {}", rto.note, self.at);
        }
        if let Some(way_back) = before(&rto.note, " on the way back") {
            let way_back = way_back.rsplit(' ').next().expect("a span");
            self.is_near(clock_s(way_back), incident["return_s"].as_f64().expect("a span"), "the way back");
        }
        self.rpo(&format!("{} {}", rpo.value, rpo.unit), incident);
        let mut parts = rpo.note.split(" · ").skip(1);
        if rpo.value != "none" {
            self.losses(parts.next().expect("what is missing"), &incident["loss"]);
        }
        self.at_recovery(parts.find(|part| part.ends_with(" now")), incident);
    }

    /// "1 min 20 s at recovery, 0 now", if the two differ.
    fn at_recovery(&self, told: Option<&str>, incident: &Value) {
        let (then_s, now_s) = (incident["rpo_at_recovery_s"].as_f64(), incident["rpo_s"].as_f64());
        let Some(told) = told else {
            // Rounded, the two may be the same.
            let alike = |then_s: f64| {
                now_s.is_some_and(|now_s| (then_s - now_s).abs() <= 60.0 && (then_s > 0.0) == (now_s > 0.0))
            };
            assert!(then_s.is_none_or(alike), "{then_s:?} at recovery, {now_s:?} now; {}", self.at);
            return;
        };
        let (then, now) = told.split_once(" at recovery, ").expect("then and now");
        let read = |told: &str| if told == "0" { (0.0, 0.0) } else { span_s(told) };
        self.is_near(read(then), then_s.expect("it has recovered"), told);
        match before(now, " now").expect("now") {
            "none" => {
                assert!(now_s.is_none() && incident["loss"]["everything"] == true, "{told}; {}", self.at);
            }
            now => self.is_near(read(now), now_s.unwrap_or(f64::NAN), told),
        }
    }

    /// "7:40", "2:14 so far", or "–" while nobody knows.
    fn rto(&self, told: &str, incident: &Value) {
        let truth_s = incident["rto_s"].as_f64();
        if told == "–" {
            let unknown = (incident["hurt_after_s"].is_null(), truth_s, &incident["open"]);
            assert_eq!(unknown, (true, Some(0.0), &Value::Bool(true)), "{}", self.at);
        } else if let Some(so_far) = before(told, " so far") {
            let hurt_s = incident["trigger"]["at_s"].as_f64().expect("a moment");
            let hurt_s = hurt_s + incident["hurt_after_s"].as_f64().expect("it hurts");
            assert_eq!(truth_s, None, "RTO {told}; {}", self.at);
            self.is_near(clock_s(so_far), self.now_s - hurt_s, "RTO so far");
        } else {
            self.is_near(clock_s(told), truth_s.unwrap_or(f64::NAN), "RTO");
        }
    }

    /// "0.84 s", "33:10", "none".
    fn rpo(&self, told: &str, incident: &Value) {
        let (told, truth_s) = (told.trim(), incident["rpo_s"].as_f64());
        if told == "none" {
            assert!(truth_s.is_none() && incident["loss"]["everything"] == true, "RPO; {}", self.at);
            return;
        }
        let read = if told.contains(':') { clock_s(told) } else { span_s(told) };
        self.is_near(read, truth_s.unwrap_or(f64::NAN), "RPO");
        let missing = missing(&incident["loss"]);
        assert_eq!(told == "0 s", missing == 0, "RPO {told} and {missing} missing; {}", self.at);
    }

    /// "12 out of reach, 3 set aside", "no write missing", "under 20 writes missing".
    fn losses(&self, told: &str, truth: &Value) {
        if let Some(none) = before(told, " writes missing").or_else(|| before(told, " write missing")) {
            let step = self.step.to_string();
            assert!(none == "no" || none == format!("under {step}"), "{told}; {}", self.at);
            assert_eq!(missing(truth), 0, "{told}; {}", self.at);
            return;
        }
        let read = losses(told);
        for (place, name) in MISSING.into_iter().enumerate() {
            self.is(read[place], &truth[name], &format!("{name} in \"{told}\""));
        }
    }

    fn list(&self) {
        let truth = self.report["incidents"].as_array().expect("a list");
        assert_eq!(self.panels.incidents.len(), truth.len(), "{}", self.at);
        for (row, incident) in self.panels.incidents.iter().zip(truth) {
            self.rto(row.rto.strip_prefix("RTO ").expect("RTO"), incident);
            self.rpo(row.rpo.strip_prefix("RPO ").expect("RPO"), incident);
            self.losses(&row.missing, &incident["loss"]);
            assert_eq!(row.state == "open", incident["open"] == true, "{}", self.at);
            assert_eq!(Some(row.at_s), incident["trigger"]["at_s"].as_f64(), "{}", self.at);
            assert_eq!(clock_s(&row.at_text).0, row.at_s.floor(), "{}", self.at);
            for part in [&row.rto, &row.rpo, &row.missing, &row.title] {
                assert!(row.label.contains(part.as_str()), "{} and {part}", row.label);
            }
            let hurts =
                row.tone == Tone::Good && (missing(&incident["loss"]) > 0 || incident["rto_s"].is_null());
            assert!(!hurts, "green: {}; {}", row.label, self.at);
        }
    }

    fn timeline(&self) {
        let timeline = &self.panels.timeline;
        if let (Some(bracket), Some(incident)) = (&timeline.rto, self.incident()) {
            let label = bracket.label.strip_prefix("RTO ").expect("RTO").replace(" and counting", " so far");
            self.rto(&label, incident);
            assert_eq!(bracket.open, incident["rto_s"].is_null(), "{}", self.at);
            let hurt_s = incident["hurt_after_s"].as_f64().expect("it hurt");
            let from_s = incident["trigger"]["at_s"].as_f64().expect("a moment") + hurt_s;
            let length_s = incident["rto_s"].as_f64().unwrap_or(self.now_s - from_s);
            let drawn = (bracket.from_s - from_s).abs() + (bracket.to_s - bracket.from_s - length_s).abs();
            assert!(drawn < 1e-5, "{bracket:?}; {}", self.at);
        }
        if let (Some(bracket), Some(incident)) = (&timeline.rpo, self.incident()) {
            let label = bracket.label.trim_start_matches("RPO ").trim_end_matches(" of writes at risk");
            self.rpo(label, incident);
            let length_s = incident["rpo_s"].as_f64().expect("a span");
            assert!((bracket.to_s - bracket.from_s - length_s).abs() < 1e-5, "{bracket:?}; {}", self.at);
        }
        for trigger in &timeline.triggers {
            let truth = &self.report["incidents"][trigger.number - 1]["trigger"]["at_s"];
            assert_eq!(Some(trigger.at_s), truth.as_f64(), "{}", self.at);
        }
        for (outage, name) in [(true, "outages"), (false, "degradations")] {
            let truth = self.report[name].as_array().expect("a list");
            let inside = |spell: &&Value| {
                spell["start_s"].as_f64().expect("a moment") <= timeline.to_s
                    && spell["end_s"].as_f64().is_none_or(|end_s| end_s >= timeline.from_s)
            };
            let truth: Vec<&Value> = truth.iter().filter(inside).collect();
            let told: Vec<_> = timeline.spells.iter().filter(|spell| spell.outage == outage).collect();
            assert_eq!(told.len(), truth.len(), "{name}; {}", self.at);
            for (band, spell) in told.into_iter().zip(truth) {
                let (start_s, end_s) =
                    (spell["start_s"].as_f64().expect("a moment"), spell["end_s"].as_f64());
                assert_eq!((band.from_s, band.to_s), (start_s, end_s), "{}", self.at);
                let (length, failed) = band.label.split_once(", ").expect("two parts");
                let length = after(length, " of ").expect("a span").trim_end_matches(" so far");
                self.is_near(span_s(length), end_s.unwrap_or(self.now_s) - start_s, name);
                self.is(count(failed), &spell["failed"], &band.label);
            }
        }
    }

    fn scores(&self) {
        let requests = &self.report["requests"];
        let note = &self.score("served").note;
        let since = after(note, "; ").and_then(|it| before(it, " % since")).expect("a share");
        match requests["availability"].as_f64() {
            // Cut off, so that only all of them are 100.
            Some(share) => {
                let less = share * 100.0 - since.parse::<f64>().expect("a share");
                assert!((-1e-9..0.1001).contains(&less), "{note} and {share}; {}", self.at);
            }
            None => assert_eq!(since, "–", "{}", self.at),
        }
        let millis = |value: &Value| value.as_f64().map_or("–".into(), |value| format!("{value:.0}"));
        for kind in ["read", "write"] {
            let told = ["p50_ms", "p99_ms"].map(|share| millis(&requests[kind][share]));
            assert_eq!(self.score(&format!("{kind}s")).value, told.join(" / "), "{}", self.at);
        }
        self.is(count(&self.score("stale").value), &self.report["consistency"]["stale_reads"], "stale");
        let cost_usd = self.report["cost_usd"].as_f64().expect("money");
        self.is_near(dollars(&self.panels.bill.outage), cost_usd, "what outages have cost");
    }

    fn missing(&self) {
        let (lost, loss) = (self.score("lost"), &self.booked());
        let truth = missing(loss);
        assert_eq!(Some(truth), self.report["consistency"]["lost_writes"].as_u64(), "{}", self.at);
        for name in MISSING {
            assert_eq!(loss[name], self.report["loss"][name], "{name}; {}", self.at);
        }
        assert_eq!(self.panels.lost_writes_total, truth, "{}", self.at);
        let named = self.panels.lost_writes.len() as u64 * self.step;
        assert_eq!(self.panels.lost_writes_more, truth.saturating_sub(named), "{}", self.at);
        match before(&format!("{}.", lost.value), ".").and_then(|told| told.strip_prefix("under ")) {
            Some(step) => assert_eq!((count(step), truth), (self.step, 0), "{}", self.at),
            None => assert_eq!(count(&lost.value), truth, "{}", self.at),
        }
        if truth > 0 {
            self.losses(&lost.note, loss);
        }
        let counting = self.panels.counting.as_deref().map(count);
        assert_eq!(counting, (self.step > 1).then_some(self.step), "{}", self.at);
    }

    fn headline(&self) {
        let (title, body) = (&self.panels.headline.title, &self.panels.headline.body);
        let Some(incident) = self.incident() else { return };
        let rto_s = incident["rto_s"].as_f64().unwrap_or(f64::NAN);
        if let Some(told) = after(title, "whole again after ").or_else(|| after(title, "after an outage of "))
        {
            self.is_near(clock_s(told), rto_s, title);
        }
        let outage = after(body, "after an outage of ").map(to_its_end);
        let outage = outage.or_else(|| after(body, "That outage lasted ").and_then(|rest| before(rest, ";")));
        if let Some(told) = outage {
            self.is_near(span_s(told), rto_s, body);
        }
        if let Some(told) = after(body, "The way back hurt for ").map(to_its_end) {
            self.is_near(span_s(told), incident["return_s"].as_f64().expect("a span"), body);
        }
        if let Some(told) = before(body, " failed because of it") {
            self.is(count(told), &incident["failed"], body);
        }
        let told = reading::sentence_losses(body);
        if told.iter().sum::<u64>() > 0 {
            let calm = body.contains("But ");
            let loss = if calm { &self.booked() } else { &incident["loss"] };
            for (place, name) in MISSING.into_iter().enumerate() {
                self.is(told[place], &loss[name], body);
            }
        }
    }

    fn story(&self) {
        let text = &self.panels.description;
        for row in &self.panels.incidents {
            assert!(text.contains(&row.label), "{}; {}", row.label, self.at);
        }
        for spell in &self.panels.timeline.spells {
            assert!(text.contains(&spell.label), "{}; {}", spell.label, self.at);
        }
        for score in self.panels.objectives.iter().chain(&self.panels.scores) {
            let said = format!("{}: {}", score.label, score.value);
            assert!(text.contains(&said), "{said}; {}", self.at);
        }
        let times = text.matches("ounted in steps of").count();
        assert_eq!(times, usize::from(self.step > 1), "{}", self.at);
        let told = text.lines().find_map(|line| before(line, " cannot be read now"));
        let missing = missing(&self.booked());
        assert_eq!(told.map(count), (missing > 0).then_some(missing), "{}", self.at);
    }
}

/// Acknowledged writes that nobody can read.
fn missing(loss: &Value) -> u64 {
    ["lost", "undone", "set_aside", "out_of_reach"]
        .iter()
        .map(|name| loss[name].as_u64().expect("a count"))
        .sum()
}

fn go(app: &mut App, at_s: f64) {
    app.update(Msg::Scrubbed(at_s));
    while app.seeking() {
        app.frame(16.7);
    }
    assert_eq!(app.panels().transport.now_s, at_s);
}

/// Looks at a moment, with each incident in turn.
fn look(app: &mut App, at: &str) -> usize {
    let incidents = app.panels().incidents.len();
    for chosen in std::iter::once(None).chain((0..incidents).map(Some)) {
        app.update(Msg::SelectIncident(chosen));
        let moment = Moment::of(app, at);
        assert!(chosen.is_none() || moment.shown == chosen, "{at}: {chosen:?} is shown");
        moment.check();
    }
    app.update(Msg::SelectIncident(None));
    incidents
}

#[test]
fn night_what_the_page_says_is_what_the_report_says() {
    let runs = if std::env::var_os("FAULTLINE_NIGHT").is_some() { 10 * RUNS } else { RUNS };
    let mut app = App::new("#/?paused=1&slowmo=0", None);
    let mut seen = 0;
    for seed in 1..=runs {
        let mut scenario = draw::system(seed);
        scenario.script = draw::script(&scenario, seed);
        let at = format!("run {seed}: {}", draw::in_words(&scenario.script));
        app.begin(scenario);
        app.update(Msg::Reseeded(seed));
        for at_s in MOMENTS_S {
            go(&mut app, at_s);
            seen += look(&mut app, &at);
        }
    }
    let moments = runs * MOMENTS_S.len() as u64;
    println!(
        "figure: the page's texts read back at {moments} moments of {runs} random runs, with {seen} incidents: no other than the report's"
    );
    assert!(seen as u64 > 10 * runs, "{seen} incidents were looked at");
}

#[test]
fn the_built_in_systems_say_the_same_at_steps_of_their_own() {
    for query in ["scenario=warm-standby", "scenario=warm-standby&grain=10", "scenario=multi-site&grain=4"] {
        let mut app = App::new(&format!("#/?{query}&paused=1&slowmo=0"), None);
        let mut scenario = app.history().shown().plan().scenario.clone();
        for (at_s, order) in [(60.0, "region-dark=us-east-1"), (70.0, "capacity=eu-west-1")] {
            scenario.script.push(ScriptLine { at_s, order: order.into() });
        }
        app.begin(scenario);
        for at_s in [59.0, 66.0, 80.0, 200.0, 700.0, 1500.0] {
            go(&mut app, at_s);
            look(&mut app, query);
        }
    }
}
