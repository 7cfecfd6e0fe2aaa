//! What can be chosen: the strategy, the kind of database, who decides, who may write where.

use super::panels::Choice;
use crate::app::named::NAMED;
use crate::app::{Msg, designing};
use crate::model::scenario::{Scenario, Strategy, WritePattern};
use crate::model::{Decider, Engine, Rule, Session};

/// Every strategy.
pub(super) fn strategies(scenario: &Scenario) -> Vec<Choice> {
    let hint = |strategy| match strategy {
        Strategy::BackupRestore => "Nothing runs in the second region; backups are copied there.",
        Strategy::PilotLight => "The data follows in the second region; servers are switched off.",
        Strategy::WarmStandby => "A smaller copy of everything runs in the second region.",
        Strategy::MultiSite => "Both regions serve the clients near them.",
    };
    let choice = |strategy: Strategy| Choice {
        label: super::strategy(strategy).into(),
        hint: hint(strategy).into(),
        slug: strategy.slug(),
        active: strategy == scenario.strategy,
        refused: false,
        msg: Msg::StrategyChosen(strategy),
    };
    Strategy::ALL.map(choice).into()
}

/// The engines that go together with the strategy.
pub(super) fn engines(scenario: &Scenario) -> Vec<Choice> {
    let fits = |engine: &Engine| designing::suits(scenario.strategy, *engine);
    // Who looks for multi-master finds that it is gone, and what to take instead.
    let hint = |engine: Engine| {
        let retired = "Aurora multi-master is retired; Aurora DSQL took its place.";
        if engine == Engine::AuroraDsql { retired } else { engine.rules().service }
    };
    let choice = |engine: Engine| Choice {
        label: name(engine).into(),
        hint: hint(engine).into(),
        slug: engine.slug(),
        active: engine == scenario.database.engine,
        refused: false,
        msg: Msg::EngineChosen(engine),
    };
    Engine::ALL.into_iter().filter(fits).map(choice).collect()
}

/// The engine in two or three words, for a button.
const fn name(engine: Engine) -> &'static str {
    match engine {
        Engine::Rds => "RDS replica",
        Engine::AuroraGlobal => "Aurora Global",
        Engine::DynamodbGlobal => "DynamoDB Global",
        Engine::DocumentdbGlobal => "DocumentDB Global",
        Engine::ElasticacheGlobal => "ElastiCache Global",
        Engine::S3Replication => "S3 replication",
        Engine::S3TimeControl => "S3 with time control",
        Engine::DynamodbStrong => "DynamoDB strong",
        Engine::AuroraDsql => "Aurora DSQL",
        Engine::SelfManaged => "Your own",
    }
}

/// Who may decide.
pub(super) fn deciders(scenario: &Scenario) -> Vec<Choice> {
    let choice = |(decider, label, slug, hint): (Decider, &str, &'static str, &str)| Choice {
        label: label.into(),
        hint: hint.into(),
        slug,
        active: decider == scenario.recovery.decider,
        refused: false,
        msg: Msg::DeciderChosen(decider),
    };
    [
        (
            Decider::Automatic,
            "Health checks",
            "automatic",
            "The verdict of the health checks starts the runbook.",
        ),
        (
            Decider::Person,
            "A person on call",
            "person",
            "Someone is paged, looks, and decides: that takes a while.",
        ),
        (Decider::Learner, "You", "learner", "The runbook waits for your decision, with the clock running."),
        (Decider::Manual, "Nobody", "manual", "Nothing starts until it is ordered."),
    ]
    .map(choice)
    .into()
}

/// Who may write where, what becomes of collisions, what sessions are promised, and whole designs.
pub(super) fn writing(scenario: &Scenario) -> [Vec<Choice>; 4] {
    [patterns(scenario), rules(scenario), sessions(scenario), whole(scenario)]
}

/// A choice from its parts.
fn choice(label: &str, hint: String, slug: &'static str, active: bool, msg: Msg) -> Choice {
    Choice { label: label.into(), hint, slug, active, refused: false, msg }
}

/// All three patterns; one that makes no sense here says why.
fn patterns(scenario: &Scenario) -> Vec<Choice> {
    let pattern = |(pattern, hint): (WritePattern, &str)| {
        let why = designing::why_not(scenario, pattern);
        let (refused, active) = (why.is_some(), pattern == scenario.write_pattern);
        let hint = why.map_or_else(|| hint.into(), |why| format!("Not possible: {why}."));
        Choice {
            refused,
            ..choice(short_pattern(pattern), hint, pattern.slug(), active, Msg::PatternChosen(pattern))
        }
    };
    [
        (WritePattern::WriteGlobal, "One region takes all writes; the others forward them."),
        (
            WritePattern::WritePartitioned,
            "Every user, and every key, has a home region that takes the writes.",
        ),
        (WritePattern::WriteLocal, "Every region takes the writes of its own clients."),
    ]
    .map(pattern)
    .into()
}

/// The rules that the engine can follow.
fn rules(scenario: &Scenario) -> Vec<Choice> {
    let rule = |rule: &Rule| {
        let hint = match rule {
            Rule::LastWriterWins => {
                "The write with the later clock stays; the other disappears, and nobody is told."
            }
            Rule::FirstRegionWins => {
                "The first region's write stays, whatever the clocks say; the other disappears."
            }
            Rule::Conditional => {
                "A write goes to the home of its key; it is refused where its client had not seen the newest."
            }
            Rule::Siblings => "Both stay side by side until the application merges them.",
            Rule::Merge => "Values merge by themselves: counters add up, sets unite.",
            Rule::Quorum => "Two of three regions agree first; a write that meets another is refused.",
        };
        let active = *rule == scenario.database.conflict;
        choice(rule_name(*rule), hint.into(), rule.slug(), active, Msg::RuleChosen(*rule))
    };
    scenario.database.engine.conflict_rules().iter().map(rule).collect()
}

/// A rule in a few words.
pub(super) const fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::LastWriterWins => "Last writer wins",
        Rule::FirstRegionWins => "First region wins",
        Rule::Conditional => "Conditional",
        Rule::Siblings => "Keep both",
        Rule::Merge => "Merge",
        Rule::Quorum => "Quorum",
    }
}

/// What a session can be promised.
fn sessions(scenario: &Scenario) -> Vec<Choice> {
    let session = |session: Session| {
        let (label, hint) = match session {
            Session::None => ("Nothing", "A client may not even see what it wrote itself."),
            Session::Sticky => ("Stays", "A client stays with the region it first used, while that answers."),
            Session::Token => ("Token", "A copy that lacks what the client has seen asks one that has it."),
        };
        let active = session == scenario.clients.session;
        choice(label, hint.into(), session.slug(), active, Msg::SessionChosen(session))
    };
    Session::ALL.map(session).into()
}

/// The scenarios about write patterns.
fn whole(scenario: &Scenario) -> Vec<Choice> {
    let one = |(index, named): (usize, &crate::app::named::Named)| {
        let label = match named.name {
            "write-local-quorum" => "Write local, agreed",
            "six-regions" => "Six regions",
            _ => short_pattern(named.pattern),
        };
        let hint = format!("Multi-site on {}.", name(named.engine));
        let slug = ["whole-global", "whole-partitioned", "whole-local", "whole-quorum", "whole-six"][index];
        choice(label, hint, slug, named.name == scenario.name, Msg::NamedChosen(index))
    };
    NAMED.iter().enumerate().map(one).collect()
}

/// A write pattern in two words.
const fn short_pattern(pattern: WritePattern) -> &'static str {
    match pattern {
        WritePattern::WriteGlobal => "Write global",
        WritePattern::WritePartitioned => "Write partitioned",
        WritePattern::WriteLocal => "Write local",
    }
}
