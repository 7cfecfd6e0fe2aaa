//! What can be chosen: the strategy, the kind of database, who decides.

use super::panels::Choice;
use crate::app::Msg;
use crate::scenario::{Decider, Engine, Scenario, Strategy};

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
        msg: Msg::StrategyChosen(strategy),
    };
    Strategy::ALL.map(choice).into()
}

/// The engines that go together with the strategy.
pub(super) fn engines(scenario: &Scenario) -> Vec<Choice> {
    let fits = |engine: &Engine| {
        scenario.strategy.follows() || engine.rules().writers == crate::scenario::Writers::One
    };
    let choice = |engine: Engine| Choice {
        label: name(engine).into(),
        hint: engine.rules().service.into(),
        slug: engine.slug(),
        active: engine == scenario.database.engine,
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
