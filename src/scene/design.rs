//! What can be chosen: the strategy, the kind of database, who decides, what moves the clients, who may write where.

use super::panels::{Choice, Choices};
use super::parts::replicas;
use super::words::choice::{self, Row};
use super::words::number::span;
use crate::app::features::{self, FEATURES, Feature, Features};
use crate::app::named::{NAMED, Named};
use crate::app::{Msg, designing};
use crate::model::scenario::{Scenario, Strategy, WritePattern};
use crate::model::{Cutover, Decider, Depth, Engine, QueueKind, Rule, Session, SessionStore};

/// A choice from its parts.
fn choice(row: &Row, slug: &'static str, active: bool, msg: Msg) -> Choice {
    Choice { label: row.label.into(), hint: row.hint.into(), slug, active, refused: false, msg }
}

/// All that there is to choose.
pub(super) fn choices(scenario: &Scenario) -> Choices {
    Choices {
        strategies: strategies(scenario),
        engines: engines(scenario),
        deciders: deciders(scenario),
        cutovers: cutovers(scenario),
        depths: depths(scenario),
        features: features(scenario),
        writing: writing(scenario),
    }
}

/// Every strategy.
fn strategies(scenario: &Scenario) -> Vec<Choice> {
    let one = |strategy: Strategy| {
        let active = strategy == scenario.strategy;
        choice(choice::strategy(strategy), strategy.slug(), active, Msg::StrategyChosen(strategy))
    };
    Strategy::ALL.map(one).into()
}

/// The engines that go together with the strategy.
fn engines(scenario: &Scenario) -> Vec<Choice> {
    let fits = |engine: &Engine| designing::suits(scenario.strategy, *engine);
    // Who looks for multi-master finds that it is gone, and what to take instead.
    let hint = |engine: Engine| {
        let retired = "Aurora multi-master is retired; Aurora DSQL took its place.";
        if engine.replaces().is_some() { retired } else { engine.rules().service }
    };
    let one = |engine: Engine| {
        let row = Row { label: engine.short(), hint: hint(engine) };
        choice(&row, engine.slug(), engine == scenario.database.engine, Msg::EngineChosen(engine))
    };
    Engine::ALL.into_iter().filter(fits).map(one).collect()
}

/// Who may decide.
fn deciders(scenario: &Scenario) -> Vec<Choice> {
    let one = |decider: Decider| {
        let active = decider == scenario.recovery.decider;
        choice(choice::decider(decider), decider.slug(), active, Msg::DeciderChosen(decider))
    };
    Decider::ALL.map(one).into()
}

/// What may move the clients, each with what it costs by the numbers of the scenario.
fn cutovers(scenario: &Scenario) -> Vec<Choice> {
    let (dns, recovery) = (&scenario.dns, &scenario.recovery);
    let lives = format!("then the time to live of {}", span(*dns.ttl_s));
    let one = |cutover: Cutover| {
        let row = choice::cutover(cutover);
        let takes = match cutover {
            Cutover::HealthCheck => {
                let votes_s = dns.interval_s * f64::from(dns.failure_threshold);
                format!("{} until the checkers give up, {lives}.", span(votes_s))
            }
            Cutover::RecordChange => {
                let (change, region) = (span(*dns.change_s), &dns.control_plane_region);
                let most =
                    dns.control_plane_moves_s.map_or(String::new(), |it| format!(", at most {}", span(*it)));
                format!("It waits while {region} is dark{most}; {change} to take effect, {lives}.")
            }
            Cutover::RoutingControl => format!("{}, {lives}.", span(*recovery.routing_control_s)),
        };
        let usual = choice(row, cutover.slug(), cutover == recovery.cutover, Msg::CutoverChosen(cutover));
        match designing::why_no_cutover(scenario, cutover) {
            Some(why) => Choice { refused: true, hint: format!("Not possible: {why}."), ..usual },
            None => Choice { hint: format!("{} {takes}", row.hint), ..usual },
        }
    };
    Cutover::ALL.map(one).into()
}

/// How deep the health checks of Route 53 look.
fn depths(scenario: &Scenario) -> Vec<Choice> {
    let one = |depth: Depth| {
        let active = depth == scenario.dns.check;
        choice(choice::depth(depth), depth.slug(), active, Msg::DepthChosen(depth))
    };
    Depth::ALL.map(one).into()
}

/// What a design has one of beside that: a list for each group of features.
fn features(scenario: &Scenario) -> Vec<Vec<Choice>> {
    let list = |(group, features): (usize, &Features)| {
        let active = features.chosen(scenario);
        let one = |(row, feature): (usize, &Feature)| {
            let words = Row { label: feature.label, hint: feature.hint };
            let usual = choice(&words, feature.slug, row == active, Msg::FeatureChosen(group, row));
            match features::why_not(scenario, (group, row)) {
                Some(why) => Choice { refused: true, hint: format!("Not possible: {why}."), ..usual },
                None => usual,
            }
        };
        features.rows.iter().enumerate().map(one).collect()
    };
    FEATURES.iter().enumerate().map(list).collect()
}

/// Who may write where, what becomes of collisions, what sessions are promised, whole designs, where sessions are kept, and
/// what stands in front of the database.
fn writing(scenario: &Scenario) -> [Vec<Choice>; 6] {
    let (patterns, rules, sessions) = (patterns(scenario), rules(scenario), sessions(scenario));
    [patterns, rules, sessions, whole(scenario), stores(scenario), queues(scenario)]
}

/// All three patterns; one that makes no sense here says why.
fn patterns(scenario: &Scenario) -> Vec<Choice> {
    let one = |pattern: WritePattern| {
        let active = pattern == scenario.write_pattern;
        let usual = choice(choice::pattern(pattern), pattern.slug(), active, Msg::PatternChosen(pattern));
        match designing::why_not(scenario, pattern) {
            Some(why) => Choice { refused: true, hint: format!("Not possible: {why}."), ..usual },
            None if active => {
                Choice { hint: format!("{}{}", usual.hint, replicas::waits_for(scenario)), ..usual }
            }
            None => usual,
        }
    };
    WritePattern::ALL.map(one).into()
}

/// The rules that the engine can follow; one that makes no sense here says why.
fn rules(scenario: &Scenario) -> Vec<Choice> {
    let one = |rule: &Rule| {
        let active = *rule == scenario.database.conflict;
        let usual = choice(choice::rule(*rule), rule.slug(), active, Msg::RuleChosen(*rule));
        match designing::why_no_rule(scenario, *rule) {
            Some(why) => Choice { refused: true, hint: format!("Not possible: {why}."), ..usual },
            None => usual,
        }
    };
    scenario.database.engine.conflict_rules().iter().map(one).collect()
}

/// What a session can be promised.
fn sessions(scenario: &Scenario) -> Vec<Choice> {
    let one = |session: Session| {
        let active = session == scenario.clients.session;
        let usual = choice(choice::session(session), session.slug(), active, Msg::SessionChosen(session));
        match designing::why_no_session(scenario, session) {
            Some(why) => Choice { refused: true, hint: format!("Not possible: {why}."), ..usual },
            None => usual,
        }
    };
    Session::ALL.map(one).into()
}

/// Where sessions of users can be kept.
fn stores(scenario: &Scenario) -> Vec<Choice> {
    let one = |store: SessionStore| {
        let active = store == scenario.servers.sessions;
        choice(choice::store(store), store.slug(), active, Msg::StoreChosen(store))
    };
    SessionStore::ALL.map(one).into()
}

/// What can stand in front of the database's writes.
fn queues(scenario: &Scenario) -> Vec<Choice> {
    let one = |kind: QueueKind| {
        let active = kind == scenario.write_queue.kind;
        let slug = ["queue-none", "queue-standard", "queue-fifo", "queue-topic"][kind as usize];
        let usual = choice(choice::queue(kind), slug, active, Msg::QueueChosen(kind));
        match designing::why_no_queue(scenario, kind) {
            Some(why) => Choice { refused: true, hint: format!("Not possible: {why}."), ..usual },
            None => usual,
        }
    };
    QueueKind::ALL.map(one).into()
}

/// The scenarios about write patterns.
fn whole(scenario: &Scenario) -> Vec<Choice> {
    let one = |(index, named): (usize, &Named)| {
        let label = match named.name {
            "write-local-quorum" => "Write local, agreed",
            "six-regions" => "Six regions",
            _ => choice::pattern(named.pattern).label,
        };
        let slug = ["whole-global", "whole-partitioned", "whole-local", "whole-quorum", "whole-six"][index];
        let usual =
            choice(&Row { label, hint: "" }, slug, named.name == scenario.name, Msg::NamedChosen(index));
        Choice { hint: format!("Multi-site on {}.", named.engine.short()), ..usual }
    };
    NAMED.iter().enumerate().map(one).collect()
}
