//! The page without a browser: what a person did ([`Msg`]) changes the [`App`], and nothing else does.

pub mod speed;
pub mod settings;
pub mod named;
pub mod features;
pub mod designing;
mod seeking;
mod playing;
mod left;
pub mod link;
pub mod happening;
pub mod pace;
pub mod lanes;
pub mod comparing;
pub mod microscope;
pub mod seat;
pub mod playback;
pub mod writes;
mod traffic;

use crate::history::History;
use crate::kernel::clock::SimTime;
use crate::model::scenario::{Scenario, Strategy, WritePattern};
use crate::model::{Cutover, Decider, Depth, Engine, QueueKind, Rule, Session, SessionStore};
use crate::observer::incident::Incident;
use crate::observer::ledger::Fate;
use lanes::{Addition, Design, Lanes};
use left::Left;
use link::Link;
use microscope::{Look, Microscope};
use pace::Pace;
use playback::Playback;
use settings::Settings;
use writes::Register;

/// Events that may be handled before the first view; what is missing then follows frame by frame.
const FIRST_EVENTS: u64 = 4_000_000;
/// Events that one seek may handle at once: less than 50 ms.
const SEEK_EVENTS: u64 = 120_000;
/// How far ahead the next happening is looked for, in seconds.
const QUEST_S: f64 = 900.0;

/// What the person did to the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Pressed play or pause.
    PlayToggled,
    /// Chose the next faster rung of the speed ladder.
    Faster,
    /// Chose the next slower rung.
    Slower,
    /// Chose a rung directly.
    SpeedChosen(usize),
    /// Moved to a moment, in seconds since the start.
    Scrubbed(f64),
    /// Asked for the next happening.
    NextHappening,
    /// Asked for the happening before.
    PreviousHappening,
    /// Jumped by this many seconds, forwards or back.
    Jumped(f64),
    /// Went to the start.
    ToStart,
    /// Went to the furthest moment computed.
    ToEnd,
    /// Asked for an order in the grammar of scripts: "region-dark=us-east-1", "clear region-dark=us-east-1".
    Ordered(String),
    /// Switched automatic slow motion on or off.
    SlowMotionToggled,
    /// Started the same run again, same seed.
    Restarted,
    /// Started again with another seed.
    Reseeded(u64),
    /// Read and closed the notice.
    NoticeClosed,
    /// Chose another strategy: its built-in scenario begins, with the same seed.
    StrategyChosen(Strategy),
    /// Chose another kind of database for this strategy.
    EngineChosen(Engine),
    /// Chose one of the scenarios about write patterns, an index into [`named::NAMED`].
    NamedChosen(usize),
    /// Chose who may write where.
    PatternChosen(WritePattern),
    /// Chose the rule for collisions.
    RuleChosen(Rule),
    /// Chose what sessions are promised.
    SessionChosen(Session),
    /// Chose where sessions of users are kept.
    StoreChosen(SessionStore),
    /// Chose how deep health checks look.
    DepthChosen(Depth),
    /// Begin the same with another queue in front of the writes, or none.
    QueueChosen(QueueKind),
    /// Chose one of [`features::FEATURES`]: group and row.
    FeatureChosen(usize, usize),
    /// Opened or closed the ledger of writes.
    WritesOpened(bool),
    /// Chose which fate the writes in the ledger have that are listed.
    FateChosen(Option<Fate>),
    /// Chose who decides on a failover.
    DeciderChosen(Decider),
    /// Chose what moves the clients.
    CutoverChosen(Cutover),
    /// Opened or closed the comparison of designs.
    ComparisonToggled,
    /// Chose another storm for the comparison, an index into the storms.
    StormChosen(usize),
    /// Entered a lane's run at a moment, in seconds after the storm began.
    LaneEntered(usize, f64),
    /// Asked what would be if some numbers of the scenario were others: path and value. The same run begins again with
    /// them, and the recovery as it was stays in sight.
    Tuned(Vec<(String, f64)>),
    /// Took all such changes back.
    Untuned,
    /// Asked for the same run at step 1: each request by itself.
    RunFinely,
    /// Chose the incident that scores, headline and timeline show, by its place in the list; `None` leaves that to the page.
    SelectIncident(Option<usize>),
    /// Did something at the collision microscope.
    Looked(Look),
    /// Went back to the run that was left; this one is kept in its place.
    Back,
    /// Compared another design too.
    LaneAdded(Addition),
    /// Took a lane out of the comparison.
    LaneRemoved(usize),
    /// Asked what would be in a lane if some numbers were others; none: took all that were changed there back.
    LaneTuned(usize, Vec<(String, f64)>),
}

/// Where the moment shown is being brought, over several frames if need be.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Goal {
    /// To a moment.
    At(SimTime),
    /// To the next happening after one moment, but not past another.
    Happening(SimTime, SimTime),
}

/// The page without a browser.
#[derive(Clone, Debug)]
pub struct App {
    /// The scenario before numbers of it were changed by hand.
    base: Scenario,
    /// Numbers changed by hand: path and value.
    tuned: Vec<(String, f64)>,
    /// The recovery as it was before they were changed.
    before: Option<Incident>,
    /// The incident that was chosen to be shown, by its place in the list.
    chosen: Option<usize>,
    /// The run that was left for this one.
    left: Option<Left>,
    /// What is compared, or would be, and under which storm.
    designs: Vec<Design>,
    storm: usize,
    /// The comparison, while it is open.
    lanes: Option<Lanes>,
    /// The collision microscope, while it is open.
    microscope: Option<Microscope>,
    /// The ledger of writes, while it is open.
    register: Option<Register>,
    seat: Option<seat::Seat>,
    scenario: Scenario,
    seed: u64,
    history: History,
    playback: Playback,
    pace: Pace,
    goal: Option<Goal>,
    settings: Settings,
    settings_changed: bool,
    notice: Option<String>,
    /// Journal entries that playing has passed; the next ones may slow time down.
    passed: usize,
    changed: bool,
}

impl App {
    /// Takes the page's address and what was stored; nonsense in either becomes a notice. It is still at the start of the run:
    /// [`Self::arrive`] takes it to the moment that the address names, or to one at which the system has come alive.
    pub fn starting(link: &str, stored: Option<&str>) -> Self {
        let mut scenario = link::scenario(link);
        let mut link = Link::parse(link, &scenario);
        link.design(&mut scenario);
        scenario.grain = link.grain.unwrap_or(scenario.grain);
        let (settings, bad_settings) = stored.map_or_else(Default::default, Settings::parse);
        scenario.script.extend(link.script.iter().cloned());
        if let Some(flights) = link.flights {
            traffic::scale(&mut scenario, flights);
        }
        let base = scenario;
        let (scenario, bad_numbers) = match base.with(&link.tuned) {
            Ok(scenario) => (scenario, None),
            Err(problems) => {
                link.tuned.clear();
                (base.clone(), problems.first().map(|problem| format!("The address says {problem}.")))
            }
        };
        let seed = link.seed.unwrap_or_else(|| scenario.seed.into());
        // Where flights are counted, they have to be drawn: slowly enough for single messages.
        let measuring = link.flights.map(|_| speed::nearest(0.25));
        let rung = link.speed.map(speed::nearest).or(measuring).or(settings.rung);
        let first = traffic::first_view_s(&scenario);
        let mut app = Self {
            history: History::new(&scenario, seed),
            playback: Playback::new(
                rung.unwrap_or(speed::DEFAULT_RUNG),
                !link.paused,
                link.slow_motion.unwrap_or(settings.slow_motion),
                rung.is_none(),
            ),
            base,
            tuned: link.tuned,
            before: None,
            chosen: None,
            left: None,
            designs: Design::strategies(),
            storm: link.storm,
            lanes: None,
            microscope: None,
            register: None,
            seat: None,
            scenario,
            seed,
            pace: Pace::default(),
            goal: None,
            settings,
            settings_changed: false,
            notice: link.problem.or(bad_numbers).or(bad_settings),
            passed: 0,
            changed: true,
        };
        if link.compare {
            app.compare(link.storm);
        }
        if link.collide {
            app.look(Look::Toggled);
        }
        app.go(SimTime::from_secs(link.at.unwrap_or(first)), 0);
        app
    }

    /// Does what the person wants.
    pub fn update(&mut self, msg: Msg) {
        self.changed = true;
        match msg {
            Msg::PlayToggled => self.toggle_playing(),
            Msg::Faster => self.choose_rung(self.playback.rung() + 1),
            Msg::Slower => self.choose_rung(self.playback.rung().saturating_sub(1)),
            Msg::SpeedChosen(rung) => self.choose_rung(rung),
            Msg::Scrubbed(seconds) => {
                self.playback.set_playing(false);
                self.go(SimTime::from_secs(seconds), SEEK_EVENTS);
            }
            Msg::NextHappening => self.next_happening(),
            Msg::PreviousHappening => self.previous_happening(),
            Msg::Jumped(seconds) => {
                self.go(SimTime::from_secs(self.history.now().secs() + seconds), SEEK_EVENTS);
            }
            Msg::ToStart => self.go(SimTime::ZERO, SEEK_EVENTS),
            Msg::ToEnd => self.go(self.history.furthest(), SEEK_EVENTS),
            Msg::Ordered(order) => self.order(&order),
            Msg::SlowMotionToggled => {
                self.playback.toggle_slow_motion();
                self.settings.slow_motion = self.playback.slow_motion();
                self.settings_changed = true;
            }
            Msg::Restarted => self.start_again(self.seed),
            Msg::Reseeded(seed) => self.start_again(seed),
            Msg::Back => self.go_back(),
            Msg::LaneAdded(addition) => self.add_lane(addition),
            Msg::LaneRemoved(lane) => self.remove_lane(lane),
            Msg::LaneTuned(lane, values) => self.tune_lane(lane, values),
            Msg::NoticeClosed => self.notice = None,
            Msg::StrategyChosen(strategy) => self.begin(Scenario::of(strategy)),
            Msg::NamedChosen(index) => self.begin(named::NAMED[index].scenario()),
            Msg::PatternChosen(pattern) => self.choose_pattern(pattern),
            Msg::RuleChosen(rule) => self.choose_rule(rule),
            Msg::SessionChosen(session) => self.choose_session(session),
            Msg::StoreChosen(store) => self.choose_store(store),
            Msg::DepthChosen(depth) => self.choose_depth(depth),
            Msg::QueueChosen(kind) => self.choose_queue(kind),
            Msg::FeatureChosen(group, row) => self.choose_feature((group, row)),
            Msg::WritesOpened(open) => self.open_writes(open),
            Msg::FateChosen(fate) => self.choose_fate(fate),
            Msg::EngineChosen(engine) => self.redesign(engine, self.base.recovery.decider),
            Msg::DeciderChosen(decider) => self.redesign(self.base.database.engine, decider),
            Msg::CutoverChosen(cutover) => self.choose_cutover(cutover),
            Msg::ComparisonToggled => self.toggle_comparison(),
            Msg::StormChosen(storm) => self.compare(storm),
            Msg::LaneEntered(lane, after_s) => self.enter(lane, after_s),
            Msg::Tuned(values) => self.tune(values),
            Msg::RunFinely => self.run_finely(),
            Msg::SelectIncident(index) => self.chosen = index,
            Msg::Looked(look) => self.look(look),
            Msg::Untuned => self.untune(),
        }
    }

    /// Real time passes. True where the picture has changed since the last frame.
    pub fn frame(&mut self, elapsed_ms: f64) -> bool {
        let before = self.history.now();
        self.pace.frame(elapsed_ms);
        if let Some(lanes) = &mut self.lanes {
            // While designs are compared, the run behind stands still.
            let changed = lanes.frame(elapsed_ms) || self.changed;
            self.changed = false;
            return changed;
        }
        if self.microscope.is_some() {
            return std::mem::take(&mut self.changed);
        }
        if let Some(goal) = self.goal {
            self.pursue(goal);
        } else if self.playback.playing() {
            self.play(elapsed_ms);
        }
        self.changed |= self.keep_register(elapsed_ms);
        let changed = self.changed || self.history.now() != before;
        self.changed = false;
        changed
    }

    /// What to store, where the person has chosen something in this visit.
    pub fn settings(&self) -> Option<String> {
        self.settings_changed.then(|| self.settings.to_json())
    }

    /// The run, past and present.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// How fast time runs.
    pub fn playback(&self) -> &Playback {
        &self.playback
    }

    /// The incident that was chosen to be shown, by its place in the list.
    pub fn chosen_incident(&self) -> Option<usize> {
        self.chosen
    }

    /// Something from outside that could not be used.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// Whether a moment is still being computed that the person wants to see.
    pub fn seeking(&self) -> bool {
        self.goal.is_some()
    }

    fn order(&mut self, text: &str) {
        match self.history.resolve(text) {
            Ok(command) => {
                self.goal = None;
                // What is begun now is what one wants to see.
                self.chosen = None;
                self.history.fork(command);
                self.passed = self.passed.min(self.history.record().journal.len());
                self.playback.end_calm();
                self.slow_down_for_news();
                self.playback.set_playing(true);
                self.settings_changed |= !std::mem::replace(&mut self.settings.met, true);
            }
            Err(problem) => self.notice = Some(problem),
        }
    }
}
