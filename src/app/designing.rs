//! Choosing a design, comparing designs, and changing numbers of one.

use super::{App, FIRST_EVENTS, features};
use crate::history::History;
use crate::model::read::why_one_copy;
use crate::model::scenario::{Scenario, Strategy, WritePattern};
use crate::model::{
    Blueprint, Cutover, Decider, Depth, Engine, Inside, QueueKind, Rule, Session, SessionStore,
};
use crate::observer::incident::Incident;

/// Whether an engine goes together with a strategy.
pub fn suits(strategy: Strategy, engine: Engine) -> bool {
    strategy.rules().suits(engine)
}

/// Why a write pattern makes no sense in a scenario; `None` where it does.
pub fn why_not(scenario: &Scenario, pattern: WritePattern) -> Option<String> {
    if scenario.database.conflict == Rule::Quorum && pattern != WritePattern::WriteLocal {
        let service = scenario.database.engine.rules().service;
        return Some(format!("with {service} every region takes writes, and two of three agree on each"));
    }
    let with_rule = Scenario { write_pattern: pattern, ..scenario.clone() };
    let rule = why_no_rule(&with_rule, scenario.database.conflict);
    rule.map(String::from).or_else(|| scenario.why_not(pattern))
}

/// Why a rule for collisions makes no sense with a scenario's write pattern; `None` if it does.
pub fn why_no_rule(scenario: &Scenario, rule: Rule) -> Option<&'static str> {
    rule.why_local().filter(|_| scenario.write_pattern != WritePattern::WriteLocal)
}

/// Why something else than health checks does not move clients in a scenario; `None` if it does.
pub fn why_no_cutover(scenario: &Scenario, cutover: Cutover) -> Option<String> {
    let sites = Blueprint::of(scenario).writes_everywhere() && cutover != Cutover::HealthCheck;
    sites.then(|| {
        let service = scenario.database.engine.rules().service;
        format!("with {service} every region takes writes, and no runbook moves the clients of a failed one")
    })
}

/// Why this cannot stand in front of the writes; `None` if it can.
pub fn why_no_queue(scenario: &Scenario, kind: QueueKind) -> Option<&'static str> {
    crate::model::read::why_no_queue(scenario, kind).map(|(_, why)| why)
}

/// Why sessions cannot be promised this; `None` if they can.
pub fn why_no_session(scenario: &Scenario, session: Session) -> Option<String> {
    crate::model::read::why_no_session(scenario, session)
}

/// Numbers that were changed by hand, with others.
pub(super) fn changed(tuned: &[(String, f64)], values: Vec<(String, f64)>) -> Vec<(String, f64)> {
    let mut tuned = tuned.to_vec();
    for (place, value) in values {
        tuned.retain(|(known, _)| *known != place);
        tuned.push((place, value));
    }
    tuned
}

impl App {
    /// The recovery as it was before numbers were changed.
    pub fn before(&self) -> Option<&Incident> {
        self.before.as_ref()
    }

    /// The numbers that were changed by hand: path and value.
    pub fn tuned(&self) -> &[(String, f64)] {
        &self.tuned
    }

    /// Begins the same strategy with another engine or another one who decides.
    pub(super) fn redesign(&mut self, engine: Engine, decider: Decider) {
        let before = &self.base;
        let mut scenario = Scenario::design(before.strategy, engine);
        // What was chosen is kept where it still makes sense.
        let chosen = before.database.engine.writes_everywhere() == engine.writes_everywhere();
        if chosen && why_not(&scenario, before.write_pattern).is_none() {
            scenario.write_pattern = before.write_pattern;
        }
        if engine.conflict_rules().contains(&before.database.conflict) {
            scenario.database.conflict = before.database.conflict;
        }
        scenario.database.take_form(before.database.inside);
        if scenario.database.inside == Inside::Cluster {
            // What a cluster cannot have stays switched off.
            (scenario.backup.copies, scenario.backup.log_copies) =
                (before.backup.copies, before.backup.log_copies);
        }
        scenario.clients.session = before.clients.session;
        scenario.dns.check = before.dns.check;
        if why_no_cutover(&scenario, before.recovery.cutover).is_none() {
            scenario.recovery.cutover = before.recovery.cutover;
        }
        let (all, asked) = (scenario.regions.len() as u32, &before.database);
        scenario.database.replicas_read = asked.replicas_read.min(all);
        scenario.database.replicas_written = asked.replicas_written.min(all);
        scenario.database.read_repair = asked.read_repair;
        scenario.servers.sessions = before.servers.sessions;
        scenario.write_queue = before.write_queue.clone();
        if engine.rules().by_hand && decider == Decider::Automatic {
            // What only a person can start is not left to health checks.
            self.notice = Some(format!("{} is promoted by hand: a person decides.", engine.rules().service));
        } else {
            scenario.recovery.decider = decider;
        }
        self.begin_without_nonsense(features::keep(scenario, before));
    }

    /// Begins another scenario, without what stands in front of its database, a promise to sessions and copies that are asked too,
    /// if that makes no sense there.
    fn begin_without_nonsense(&mut self, mut scenario: Scenario) {
        if let Some(why) = why_no_session(&scenario, scenario.clients.session) {
            scenario.clients.session = Session::None;
            self.notice = Some(format!("Sessions are promised nothing any more: {why}."));
        }
        let kind = scenario.write_queue.kind;
        if let Some(why) = why_no_queue(&scenario, kind) {
            scenario.write_queue.kind = QueueKind::None;
            self.notice = Some(format!("Nothing stands in front of the database any more: {why}."));
        }
        let database = &scenario.database;
        let others = database.replicas_read.max(database.replicas_written) > 1 || database.read_repair;
        if let Some((_, why)) = why_one_copy(&scenario).filter(|_| others) {
            let database = &mut scenario.database;
            (database.replicas_read, database.replicas_written, database.read_repair) = (1, 1, false);
            self.notice = Some(format!("The copy that is asked answers alone: {why}."));
        }
        self.begin(scenario);
    }

    /// Begins the same with another write pattern, or says why not.
    pub(super) fn choose_pattern(&mut self, pattern: WritePattern) {
        match why_not(&self.base, pattern) {
            Some(why) => self.notice = Some(format!("{} is not possible: {why}.", pattern.slug())),
            None => self.begin_without_nonsense(Scenario { write_pattern: pattern, ..self.base.clone() }),
        }
    }

    /// Begins the same with another rule for collisions if the engine has it, or says why not.
    pub(super) fn choose_rule(&mut self, rule: Rule) {
        if let Some(why) = why_no_rule(&self.base, rule) {
            self.notice = Some(format!("{} is not possible: {why}.", rule.slug()));
        } else if self.base.database.engine.conflict_rules().contains(&rule) {
            let mut scenario = self.base.clone();
            scenario.database.conflict = rule;
            self.begin_without_nonsense(scenario);
        }
    }

    /// Begins the same with another promise to sessions, or says why not.
    pub(super) fn choose_session(&mut self, session: Session) {
        match why_no_session(&self.base, session) {
            Some(why) => self.notice = Some(format!("{} is not possible: {why}.", session.slug())),
            None => {
                let mut scenario = self.base.clone();
                scenario.clients.session = session;
                self.begin(scenario);
            }
        }
    }

    /// Begins the same with something else that moves the clients, or says why not.
    pub(super) fn choose_cutover(&mut self, cutover: Cutover) {
        match why_no_cutover(&self.base, cutover) {
            Some(why) => self.notice = Some(format!("{} is not possible: {why}.", cutover.slug())),
            None => {
                let mut scenario = self.base.clone();
                scenario.recovery.cutover = cutover;
                self.begin(scenario);
            }
        }
    }

    /// Begins the same with sessions of users kept elsewhere.
    pub(super) fn choose_store(&mut self, store: SessionStore) {
        let mut scenario = self.base.clone();
        scenario.servers.sessions = store;
        self.begin(scenario);
    }

    /// Begins the same with health checks that look deeper, or less deep.
    pub(super) fn choose_depth(&mut self, depth: Depth) {
        let mut scenario = self.base.clone();
        scenario.dns.check = depth;
        self.begin(scenario);
    }

    /// Begins the same with another feature, or says why not.
    pub(super) fn choose_feature(&mut self, place: (usize, usize)) {
        match features::with(&self.base, place) {
            Ok(scenario) => self.begin(scenario),
            Err(why) => self.notice = Some(format!("That is not possible: {why}.")),
        }
    }

    /// Begins the same with another queue in front of the writes, or says why not.
    pub(super) fn choose_queue(&mut self, kind: QueueKind) {
        match why_no_queue(&self.base, kind) {
            Some(why) => {
                let what = kind.slug();
                self.notice = Some(format!("{what} in front of the database is not possible: {why}."));
            }
            None => {
                let mut scenario = self.base.clone();
                scenario.write_queue.kind = kind;
                self.begin(scenario);
            }
        }
    }

    /// Begins another scenario.
    pub fn begin(&mut self, scenario: Scenario) {
        self.begin_with(scenario.clone(), Vec::new(), scenario);
    }

    /// The same, with numbers that were changed: what it is without them, they, and what it is with them.
    pub(super) fn begin_with(&mut self, base: Scenario, tuned: Vec<(String, f64)>, scenario: Scenario) {
        self.leave();
        (self.base, self.tuned, self.scenario) = (base, tuned, scenario);
        self.before = None;
        self.lanes = None;
        self.restart(self.seed);
    }

    /// Runs the same again with each request by itself, to the moment shown.
    pub(super) fn run_finely(&mut self) {
        let fine = [("weight".to_string(), 1.0), ("grain".to_string(), 1.0)];
        match (self.base.with(&fine), self.scenario.with(&fine)) {
            (Ok(base), Ok(scenario)) => {
                self.base = base;
                self.tuned.retain(|(place, _)| !["weight", "grain"].contains(&place.as_str()));
                self.run_again(scenario);
            }
            // It is too much for a machine.
            (Err(problems), _) | (_, Err(problems)) => {
                self.notice = problems.first().map(ToString::to_string);
            }
        }
    }

    /// Another scenario under the same seed and commands, to the moment shown.
    fn run_again(&mut self, scenario: Scenario) {
        let moment = self.history.now();
        self.history = History::again(&scenario, self.seed, self.history.commands());
        self.scenario = scenario;
        self.passed = 0;
        self.playback.end_calm();
        self.go(moment, FIRST_EVENTS);
    }

    /// Takes all changes of numbers back.
    pub(super) fn untune(&mut self) {
        self.tuned.clear();
        self.tune(Vec::new());
        self.before = None;
    }

    /// Runs the same again with some numbers changed, to the moment shown.
    pub(super) fn tune(&mut self, values: Vec<(String, f64)>) {
        let tuned = changed(&self.tuned, values);
        let scenario = match self.base.with(&tuned) {
            Ok(scenario) => scenario,
            Err(problems) => {
                self.notice = problems.first().map(ToString::to_string);
                return;
            }
        };
        self.tuned = tuned;
        if self.before.is_none() {
            let incidents = &self.history.shown().world().observer.incidents;
            let chosen = self.chosen.and_then(|index| incidents.get(index));
            let last = incidents.iter().rev().find(|incident| !incident.steps.is_empty());
            self.before = chosen.or(last).cloned();
        }
        self.run_again(scenario);
    }
}
