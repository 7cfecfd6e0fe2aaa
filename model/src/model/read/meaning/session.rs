//! What sessions are promised: which promise makes no sense with an engine.

use super::Finder;
use crate::model::scenario::Scenario;
use crate::model::{Engine, Forwarding, Session, Spread};

/// Why a scenario's engine cannot keep this promise; `None` if it can.
pub fn why_no_session(scenario: &Scenario, session: Session) -> Option<String> {
    let rules = scenario.database.engine.rules();
    let has_log = matches!(rules.spread, Spread::InOrder);
    (session == Session::Token && !has_log).then(|| {
        format!("a token is a position in a log, and {} has none: objects follow one by one", rules.service)
    })
}

impl Finder<'_> {
    /// A promise has to be one that the engine can keep.
    pub(super) fn session(&mut self) {
        let session = self.scenario.clients.session;
        if let Some(why) = why_no_session(self.scenario, session) {
            let others = Session::ALL.into_iter().filter(|it| why_no_session(self.scenario, *it).is_none());
            let others: Vec<String> = others.map(|session| format!("{:?}", session.slug())).collect();
            let allowed = format!("{}: {why}", others.join(" or "));
            self.say("clients.session", &["database.engine"], session.slug(), allowed);
        }
        let database = &self.scenario.database;
        if database.forwarding != Forwarding::Eventual && !database.engine.rules().waits_for_forwarded {
            let (others, engine) = (Forwarding::Eventual.slug(), Engine::AuroraGlobal.slug());
            let allowed = format!("{others:?}: only the write forwarding of {engine} lets reads wait");
            self.say("database.forwarding", &["database.engine"], database.forwarding.slug(), allowed);
        }
    }
}
