//! Words for what can be chosen of a design: a row for each strategy, decider, way of moving clients, pattern, rule,
//! promise and store.

use crate::app::named::{NAMED, Named};
use crate::model::scenario::{Scenario, Strategy, WritePattern};
use crate::model::{Cutover, Decider, Depth, QueueKind, Rule, Session, SessionStore};

/// What is said of something that can be chosen.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// On its button.
    pub label: &'static str,
    /// What it means, in a sentence.
    pub hint: &'static str,
}

/// What is said of a strategy.
pub const fn strategy(strategy: Strategy) -> &'static Row {
    match strategy {
        Strategy::BackupRestore => &Row {
            label: "Backup and restore",
            hint: "Nothing runs in the second region; backups are copied there.",
        },
        Strategy::PilotLight => &Row {
            label: "Pilot light",
            hint: "The data follows in the second region; servers are switched off.",
        },
        Strategy::WarmStandby => {
            &Row { label: "Warm standby", hint: "A smaller copy of everything runs in the second region." }
        }
        Strategy::MultiSite => {
            &Row { label: "Multi-site", hint: "Both regions serve the clients near them." }
        }
    }
}

/// What is said of who may decide.
pub const fn decider(decider: Decider) -> &'static Row {
    match decider {
        Decider::Automatic => {
            &Row { label: "Health checks", hint: "The verdict of the health checks starts the runbook." }
        }
        Decider::Person => &Row {
            label: "A person on call",
            hint: "Someone is paged, looks, and decides: that takes a while.",
        },
        Decider::Learner => {
            &Row { label: "You", hint: "The runbook waits for your decision, with the clock running." }
        }
        Decider::Manual => &Row { label: "Nobody", hint: "Nothing starts until it is ordered." },
    }
}

/// What is said of what moves the clients; what it costs depends on the scenario's numbers and follows that.
pub const fn cutover(cutover: Cutover) -> &'static Row {
    match cutover {
        Cutover::HealthCheck => &Row {
            label: "Health check",
            hint: "The record's own check. A region that passes it keeps its clients.",
        },
        Cutover::RecordChange => &Row {
            label: "Record change",
            hint: "The record has no check. The runbook changes it, in Route 53's control plane.",
        },
        Cutover::RoutingControl => &Row {
            label: "Routing control",
            hint: "A switch in place of the check, which the runbook turns in the data plane.",
        },
    }
}

/// What is said of who may write where.
pub const fn pattern(pattern: WritePattern) -> &'static Row {
    match pattern {
        WritePattern::WriteGlobal => {
            &Row { label: "Write global", hint: "One region takes all writes; the others forward them." }
        }
        WritePattern::WritePartitioned => &Row {
            label: "Write partitioned",
            hint: "Every user, and every key, has a home region that takes the writes.",
        },
        WritePattern::WriteLocal => {
            &Row { label: "Write local", hint: "Every region takes the writes of its own clients." }
        }
    }
}

/// A pattern with what becomes of reads: "Read local, write global".
pub fn pattern_in_full(which: WritePattern) -> String {
    format!("Read local, {}", pattern(which).label.to_ascii_lowercase())
}

/// What a design is called: "Pilot light on RDS", "Read local, write global".
pub fn design(scenario: &Scenario) -> String {
    let (engine, pattern) = (scenario.database.engine, scenario.write_pattern);
    let is = |named: &&Named| (named.name, named.engine, named.pattern) == (&*scenario.name, engine, pattern);
    if NAMED.iter().any(|named| is(&named)) {
        return scenario.title.clone();
    }
    let mut name = String::from(strategy(scenario.strategy).label);
    if engine != Scenario::of(scenario.strategy).database.engine {
        name += " on ";
        name += engine.short();
    }
    if pattern != Scenario::design(scenario.strategy, engine).write_pattern {
        name += ", ";
        name += &self::pattern(pattern).label.to_ascii_lowercase();
    }
    name
}

/// What is said of a rule for collisions.
pub const fn rule(rule: Rule) -> &'static Row {
    match rule {
        Rule::LastWriterWins => &Row {
            label: "Last writer wins",
            hint: "The write with the later clock stays; the other disappears, and nobody is told.",
        },
        Rule::FirstRegionWins => &Row {
            label: "First region wins",
            hint: "The first region's write stays, whatever the clocks say; the other disappears.",
        },
        Rule::Conditional => &Row {
            label: "Conditional at home",
            hint: "A write goes to the home of its key; it is refused if its client had not seen the newest.",
        },
        Rule::ConditionalLocal => &Row {
            label: "Conditional, local",
            hint: "Each region checks on its own copy: two regions may both say yes, and the later write wins.",
        },
        Rule::Siblings => {
            &Row { label: "Keep both", hint: "Both stay side by side until the application merges them." }
        }
        Rule::Merge => &Row {
            label: "Merge",
            hint: "Counters add up, sets unite. One thing that two people take ends up with two owners.",
        },
        Rule::Quorum => &Row {
            label: "Quorum",
            hint: "Two of three regions agree first; a write that meets another is refused.",
        },
    }
}

/// What is said of what a session is promised.
pub const fn session(session: Session) -> &'static Row {
    match session {
        Session::None => &Row { label: "Nothing", hint: "A client may not even see what it wrote itself." },
        Session::Sticky => {
            &Row { label: "Stays", hint: "A client stays with the region it first used, while that answers." }
        }
        Session::Token => {
            &Row { label: "Token", hint: "A copy that lacks what the client has seen asks one that has it." }
        }
    }
}

/// What is said of how deep health checks look.
pub const fn depth(depth: Depth) -> &'static Row {
    match depth {
        Depth::Tcp => {
            &Row { label: "Connection", hint: "Whoever accepts a connection passes; a balancer does." }
        }
        Depth::Shallow => &Row {
            label: "A server's page",
            hint: "A server says that it is there, in the time of a request.",
        },
        Depth::Deep => &Row {
            label: "Through to the database",
            hint: "The page does what a request does. Where the database fails, the region does.",
        },
    }
}

/// What is said of where sessions of users are kept.
pub const fn store(store: SessionStore) -> &'static Row {
    match store {
        SessionStore::Shared => &Row { label: "Shared", hint: "Every server knows every user." },
        SessionStore::Local => {
            &Row { label: "At the server", hint: "Who loses the server or its region has to log in again." }
        }
    }
}

/// What is said of what stands in front of the database's writes.
pub const fn queue(kind: QueueKind) -> &'static Row {
    match kind {
        QueueKind::None => {
            &Row { label: "Nothing", hint: "A write is answered when the database has committed it." }
        }
        QueueKind::Standard => &Row {
            label: "A queue",
            hint: "A write is answered when the queue has it. At least once, in no order.",
        },
        QueueKind::Fifo => &Row {
            label: "A FIFO queue",
            hint: "The same, in order for each key; a message that is stuck holds its key up.",
        },
        QueueKind::Topic => &Row {
            label: "A topic, two queues",
            hint: "Each write goes to the queues of two regions, and consumers of both make it: twice, unless writes are idempotent.",
        },
    }
}
