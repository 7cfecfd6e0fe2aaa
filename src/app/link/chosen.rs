//! What an address chooses of a design, or what is allowed.

use crate::app::designing;
use crate::app::features::{self, FEATURES};
use crate::model::scenario::{Scenario, WritePattern};
use crate::model::{Cutover, Engine, Rule, Session};

/// The engine was taken before; here is what is wrong with it.
pub(super) fn engine_fits(slug: &str, scenario: &Scenario) -> Result<(), String> {
    let strategy = scenario.strategy;
    if Engine::named(slug).is_some_and(|engine| designing::suits(strategy, engine)) {
        return Ok(());
    }
    let suit = Engine::ALL.into_iter().filter(|engine| designing::suits(strategy, *engine));
    let slugs: Vec<_> = suit.map(Engine::slug).collect();
    Err(format!("the engines for {} are {}", strategy.slug(), slugs.join(", ")))
}

pub(super) fn pattern(slug: &str, scenario: &Scenario) -> Result<WritePattern, String> {
    let Some(pattern) = WritePattern::named(slug) else {
        return Err(format!("the patterns are {}", WritePattern::ALL.map(WritePattern::slug).join(", ")));
    };
    designing::why_not(scenario, pattern).map_or(Ok(pattern), Err)
}

pub(super) fn session(slug: &str, scenario: &Scenario) -> Result<Session, String> {
    let Some(session) = Session::named(slug) else {
        return Err(format!("the sessions are {}", Session::ALL.map(Session::slug).join(", ")));
    };
    designing::why_no_session(scenario, session).map_or(Ok(session), Err)
}

pub(super) fn cutover(slug: &str, scenario: &Scenario) -> Result<Cutover, String> {
    let Some(cutover) = Cutover::named(slug) else {
        return Err(format!("clients are moved by {}", Cutover::ALL.map(Cutover::slug).join(", ")));
    };
    designing::why_no_cutover(scenario, cutover).map_or(Ok(cutover), Err)
}

pub(super) fn feature(slug: &str, scenario: &Scenario) -> Result<(usize, usize), String> {
    let Some(place) = features::named(slug) else {
        let all = FEATURES.iter().flat_map(|group| group.rows).map(|row| row.slug);
        return Err(format!("one can choose {}", all.collect::<Vec<_>>().join(", ")));
    };
    features::with(scenario, place).map(|_| place)
}

pub(super) fn rule(slug: &str, scenario: &Scenario) -> Result<Rule, String> {
    let engine = scenario.database.engine;
    let rules = engine.conflict_rules();
    let known = rules.iter().copied().find(|rule| rule.slug() == slug).ok_or_else(|| {
        let slugs: Vec<_> = rules.iter().map(|rule| rule.slug()).collect();
        format!("the rules of {} are {}", engine.slug(), slugs.join(", "))
    })?;
    designing::why_no_rule(scenario, known).map_or(Ok(known), |why| Err(why.into()))
}
