//! Draws systems and scripts from a seed: anything that a file may say and anything that a person may order.

use faultline::app::designing::why_no_session;
use faultline::catalog;
use faultline::kernel::chance::{Chance, Draws, Purpose};
use faultline::kernel::clock::SimTime;
use faultline::kernel::region_map::MOST_REGIONS;
use faultline::model::engine::Spread;
use faultline::model::read::why_one_copy;
use faultline::model::scenario::{Scenario, Strategy, WritePattern};
use faultline::model::unit::{Factor, Gib, Millis, Rate, Share, Span};
use faultline::model::{
    BalancerKind, CrossZone, Cutover, Decider, Depth, Engine, FaultKind, Handover, Order, QUORUM_REGIONS,
    QueueKind, QuorumReads, Region, Release, RoutingPolicy, Rule, ScaleBy, ScriptLine, ServiceTimes, Session,
    SessionStore, Waves, Witness,
};
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;

const CODES: [&str; 6] =
    ["us-east-1", "eu-west-1", "us-west-2", "ap-northeast-1", "sa-east-1", "ap-southeast-2"];
/// How long a script goes on, in seconds.
pub(crate) const SCRIPT_S: f64 = 900.0;

fn one<T: Copy>(random: &mut Draws, all: &[T]) -> T {
    all[random.below(all.len() as u32) as usize]
}

/// The built-in system of a strategy in heavy requests, in which everything that a storm can meet takes minutes and some
/// of it is refused.
pub(crate) fn stormy(strategy: Strategy) -> Scenario {
    let mut scenario = Scenario { weight: 40, grain: 1, ..Scenario::of(strategy) };
    (scenario.servers.concurrency, scenario.servers.service_ms, scenario.servers.queue) =
        (80, Millis(500.0), 320);
    scenario.database.size_gib = Gib(20.0);
    (scenario.database.standby_rebuild_s, scenario.database.change_s) = (Span(60.0), Span(30.0));
    scenario.recovery.hesitation_s = Span(10.0);
    (scenario.recovery.page_s, scenario.recovery.triage_s, scenario.recovery.decide_s) =
        (Span(10.0), Span(10.0), Span(10.0));
    (scenario.recovery.network_min_s, scenario.recovery.network_max_s) = (Span(10.0), Span(60.0));
    scenario.recovery.deploy_s = Span(30.0);
    let backup = &mut scenario.backup;
    (backup.interval_s, backup.window_s) = (Span(240.0), Span(30.0));
    (backup.copy_min_s, backup.log_interval_s) = (Span(30.0), Span(60.0));
    (backup.restore_min_s, backup.restore_typical_s, backup.restore_max_s) =
        (Span(10.0), Span(30.0), Span(60.0));
    (backup.copy_failures, backup.retention_s, backup.locked) = (Share(0.2), Span(1200.0), false);
    scenario.dns.control_plane_moves_s = Some(Span(120.0));
    scenario.regions[1].quota = scenario.regions[1].servers.max(5);
    if strategy != Strategy::MultiSite {
        // Where both serve, an older version would fail from the start.
        scenario.regions[1].version = "v41".into();
    }
    scenario
}

/// A system that a file could describe; what the reader refuses is drawn again.
pub(crate) fn system(seed: u64) -> Scenario {
    let mut random = Chance::new(seed).of(Purpose::Script, 98, 0, 0);
    loop {
        let mut scenario = attempt(&mut random);
        scaling(seed, &mut scenario);
        resets(seed, &mut scenario);
        let text = serde_json::to_string(&scenario).expect("a scenario is plain data");
        if let Ok(scenario) = Scenario::read(&text) {
            return scenario;
        }
    }
}

/// How long a network balancer leaves connections to an unhealthy server open. Drawn apart too.
fn resets(seed: u64, scenario: &mut Scenario) {
    let mut random = Chance::new(seed).of(Purpose::Script, 94, 0, 0);
    scenario.balancer.unhealthy_draining_s = one(&mut random, &[Some(Span(0.0)), Some(Span(45.0)), None]);
}

/// What Auto Scaling does, in half of all systems. It is drawn apart, so that all else of a seed stays.
fn scaling(seed: u64, scenario: &mut Scenario) {
    let mut random = Chance::new(seed).of(Purpose::Script, 97, 0, 0);
    if random.below(2) == 0 {
        return;
    }
    let servers = &mut scenario.servers;
    servers.scale_by = one(&mut random, &ScaleBy::ALL);
    servers.scale_in = random.chance(0.7);
    servers.replace_unhealthy = random.chance(0.5);
    servers.least = random.below(3);
    (servers.scale_in_after_s, servers.cooldown_s) =
        (one(&mut random, &[Span(0.0), Span(30.0)]), one(&mut random, &[Span(0.0), Span(60.0)]));
    servers.warm_up_s = one(&mut random, &[Span(0.0), Span(120.0)]);
    servers.grace_s = one(&mut random, &[Span(0.0), Span(180.0)]);
    servers.deregistration_s = one(&mut random, &[Span(0.0), Span(2.0), Span(300.0)]);
    servers.service_times = one(&mut random, &ServiceTimes::ALL);
    scenario.faults.loss = one(&mut random, &[Share(0.2), Share(0.5), Share(1.0)]);
}

/// In how many regions: as many as the engine may have, up to the most that a scenario can.
fn regions(random: &mut Draws, engine: Engine) -> usize {
    if engine.conflict_rules().contains(&Rule::Quorum) {
        return QUORUM_REGIONS;
    }
    let most = (1 + engine.rules().most_copies).min(MOST_REGIONS as u32);
    2 + random.below(most - 1) as usize
}

/// What only some engines have.
fn of_engine(random: &mut Draws, scenario: &mut Scenario) {
    let rules = scenario.database.engine.rules();
    scenario.database.ship_interval_s = Span(rules.ship_s);
    if matches!(rules.spread, Spread::OneByOne { .. }) {
        (scenario.database.old_objects, scenario.database.objects_per_s) =
            (Share(one(random, &[0.0, 0.3])), Rate(one(random, &[0.0, 20.0, 400.0])));
    }
    scenario.servers.endpoint_cache_s = one(random, &[Span(5.0), Span(60.0), Span(86_400.0)]);
    if scenario.database.inside.has_readers() {
        scenario.database.reader_reads = Share(one(random, &[0.0, 0.5]));
    }
    if rules.serverless && random.below(2) == 0 {
        (scenario.database.acu_max, scenario.database.calls_per_acu) = (Factor(8.0), Rate(60.0));
    }
    if rules.item_cache {
        scenario.database.item_cache_s = one(random, &[Span(0.0), Span(30.0)]);
    }
    scenario.backup.fast_restore = rules.own_volumes && random.below(2) == 0;
    if matches!(rules.spread, Spread::OneByOne { .. }) {
        scenario.database.replication_fails = Share(one(random, &[0.0, 0.1]));
        scenario.database.one_way = random.below(3) == 0;
    }
}

fn attempt(random: &mut Draws) -> Scenario {
    let strategy = one(random, &Strategy::ALL);
    let mut scenario = stormy(strategy);
    let engine = one(random, &Engine::ALL);
    let count = regions(random, engine);
    for code in &CODES[scenario.regions.len()..count.max(scenario.regions.len())] {
        let servers = match strategy {
            Strategy::BackupRestore | Strategy::PilotLight => 0,
            Strategy::WarmStandby => random.below(3),
            Strategy::MultiSite => 4,
        };
        scenario
            .regions
            .push(Region { version: scenario.regions[1].version.clone(), ..Region::named(code, servers) });
    }
    scenario.regions.truncate(count);
    if engine.conflict_rules().contains(&Rule::Quorum) {
        let set = one(random, engine.rules().region_sets);
        for (region, code) in scenario.regions.iter_mut().zip(set) {
            region.code = (*code).into();
        }
        let rules = engine.rules();
        let witnessed = rules.witness == Witness::Always || random.chance(0.3);
        if witnessed {
            scenario.regions[2] = Region::as_witness(set[2]);
        }
        if rules.reads == QuorumReads::Compared && random.chance(0.3) {
            scenario.database.strongly_consistent_reads = Share(random.uniform());
        }
    }
    (scenario.database.engine, scenario.database.inside) = (engine, engine.forms()[0].inside);
    scenario.database.conflict = one(random, engine.conflict_rules());
    of_engine(random, &mut scenario);
    scenario.database.idempotent = random.chance(0.5);
    scenario.database.keys = one(random, &[4, 64, 512]);
    scenario.write_pattern = one(random, &WritePattern::ALL);
    scenario.clients.session = one(random, &Session::ALL);
    if why_no_session(&scenario, scenario.clients.session).is_some() {
        scenario.clients.session = Session::None;
    }
    scenario.recovery.decider =
        one(random, &[Decider::Automatic, Decider::Person, Decider::Learner, Decider::Manual]);
    scenario.recovery.cutover = one(random, &[Cutover::HealthCheck, Cutover::RecordChange]);
    scenario.recovery.handover = one(random, &[Handover::Freeze, Handover::Live]);
    scenario.recovery.rehome = random.chance(0.5);
    if strategy == Strategy::MultiSite {
        scenario.dns.policy = match random.below(3) {
            0 => RoutingPolicy::Failover,
            1 => RoutingPolicy::Latency,
            _ => RoutingPolicy::Weighted(vec![1.0; count]),
        };
    }
    scenario.rollout.order = one(random, &Waves::ALL);
    scenario.rollout.bake_s = Span(60.0);
    scenario.rollout.releases.push(Release { name: "v45".into(), fails: Share(0.0), rubbish: true });
    (scenario.servers.sessions, scenario.servers.session_s) = (one(random, &SessionStore::ALL), Span(300.0));
    scenario.write_queue.kind = one(
        random,
        &[QueueKind::None, QueueKind::None, QueueKind::Standard, QueueKind::Fifo, QueueKind::Topic],
    );
    scenario.write_queue.retention_s = one(random, &[Span(60.0), Span(345_600.0)]);
    (scenario.write_queue.visibility_s, scenario.write_queue.receives) = (Span(10.0), 2);
    if why_one_copy(&scenario).is_none() {
        let copies = |random: &mut Draws| 1 + random.below(count as u32);
        (scenario.database.replicas_read, scenario.database.replicas_written) =
            (copies(random), copies(random));
        scenario.database.read_repair = random.chance(0.5);
    }
    of_service(random, &mut scenario);
    scenario.name = "drawn".into();
    scenario
}

/// What stands between people and the servers.
fn of_service(random: &mut Draws, scenario: &mut Scenario) {
    of_checks(random, scenario);
    of_clients(random, scenario);
    of_parents(random, scenario);
}

/// How deep checks look, and what kind of balancer there is.
fn of_checks(random: &mut Draws, scenario: &mut Scenario) {
    scenario.dns.check = one(random, &Depth::ALL);
    scenario.dns.evaluate_target_health = random.chance(0.3);
    let balancer = &mut scenario.balancer;
    (balancer.check, balancer.kind) = (one(random, &Depth::ALL), one(random, &BalancerKind::ALL));
    balancer.cross_zone = one(random, &CrossZone::ALL);
    (balancer.falls_with_zone, balancer.autoshift) = (random.chance(0.5), random.chance(0.3));
}

/// Calculated and inverted checks, and what is done about zones by itself.
fn of_parents(random: &mut Draws, scenario: &mut Scenario) {
    let children: [&[Depth]; 4] =
        [&[], &[], &[Depth::Shallow, Depth::Deep], &[Depth::Tcp, Depth::Shallow, Depth::Deep]];
    scenario.dns.children = one(random, &children).to_vec();
    scenario.dns.healthy_children = random.below(4);
    let region = random.below(scenario.regions.len() as u32) as usize;
    scenario.regions[region].inverted_check = random.chance(0.1);
    scenario.balancer.practice_at_s = one(random, &[None, Some(Span(120.0))]);
    scenario.balancer.autoshift_hold_s = one(random, &[Span(0.0), Span(60.0), Span(900.0)]);
}

/// What clients keep, and what holds them back.
fn of_clients(random: &mut Draws, scenario: &mut Scenario) {
    let clients = &mut scenario.clients;
    clients.caching_share = Share(one(random, &[0.0, 0.0, 0.5, 1.0]));
    clients.cache_s = one(random, &[Span(30.0), Span(172_800.0)]);
    clients.retry_budget = one(random, &[None, None, Some(Share(0.1))]);
    clients.breaker_share = one(random, &[None, None, Some(Share(0.5))]);
    clients.breaker_calls = 200;
    clients.populations[0].timeout_s = one(random, &[None, Some(Span(1.0)), Some(Span(10.0))]);
}

/// A script for a system: any order at any second. What the system does not know is drawn again.
pub(crate) fn script(scenario: &Scenario, seed: u64) -> Vec<ScriptLine> {
    let mut random = Chance::new(seed).of(Purpose::Script, 99, 0, 0);
    let run = Simulation::new(scenario, seed);
    let (mut lines, mut active) = (Vec::new(), Vec::new());
    let mut at_s = 20.0;
    while at_s < SCRIPT_S {
        let order = order(&mut random, &run, scenario, &mut active, at_s);
        if Order::parse(&order).and_then(|order| run.resolve(&order)).is_ok() {
            lines.push(ScriptLine { at_s, order });
            at_s += random.between(5.0, 60.0).floor();
        }
    }
    lines
}

/// A random order: any fault that the system can have, its end, or anything else that a person can order.
fn order(
    random: &mut Draws,
    run: &Simulation,
    scenario: &Scenario,
    active: &mut Vec<String>,
    now_s: f64,
) -> String {
    let code = |random: &mut Draws| {
        scenario.regions[random.below(scenario.regions.len() as u32) as usize].code.clone()
    };
    let people = &scenario.clients.populations;
    let city = |random: &mut Draws| people[random.below(people.len() as u32) as usize].city.clone();
    match random.below(30) {
        0 => format!("fail-over={}", code(random)),
        1 => "fail-back".into(),
        2 => "decide".into(),
        3 => format!("restore={}", code(random)),
        4 => format!("restore={}@{}", code(random), now_s as i32 - random.below(1200) as i32),
        5 => format!("raise-quota={}", code(random)),
        6 => format!("move-home={}>{}", code(random), code(random)),
        7 => format!("travel={}>{}", city(random), one(random, catalog::CITIES).name),
        8 => format!("write={}:{}", city(random), random.below(scenario.database.keys)),
        20 => {
            let releases = &scenario.rollout.releases;
            format!("deploy={}", releases[random.below(releases.len() as u32) as usize].name)
        }
        21 => format!("roll-back={}", code(random)),
        22 => format!("redrive={}", code(random)),
        23 => format!("snapshot={}", code(random)),
        24 => format!("reboot={}", code(random)),
        25 => format!("change-instances={}", code(random)),
        26 => format!("zonal-shift={}{}", code(random), one(random, &["a", "b", "c"])),
        27 => format!("practice-run={}{}", code(random), one(random, &["a", "b", "c"])),
        28 => format!("end-zonal-shift={}", code(random)),
        29 => "restart-clients".into(),
        9..=12 if !active.is_empty() => {
            let fault = active.remove(random.below(active.len() as u32) as usize);
            format!("clear {fault}")
        }
        _ => {
            let possible = run.plan().possible(one(random, &FaultKind::ALL));
            if possible.is_empty() {
                return String::new();
            }
            let order =
                run.plan().order_text(faultline::model::command::Command::Inject(one(random, &possible)));
            if !active.contains(&order) {
                active.push(order.clone());
            }
            order
        }
    }
}

/// Runs a script as the terminal program does.
pub(crate) fn run(
    scenario: &Scenario,
    seed: u64,
    script: &[ScriptLine],
    until_s: f64,
) -> (Simulation, Record) {
    let (mut run, mut record) = (Simulation::new(scenario, seed), Record::default());
    for line in script {
        let command = Order::parse(&line.order).and_then(|order| run.resolve(&order)).expect("an order");
        run.schedule(SimTime::from_secs(line.at_s), command);
    }
    assert!(run.run_until(SimTime::from_secs(until_s), u64::MAX, &mut record));
    (run, record)
}

/// A script as the terminal program takes it.
pub(crate) fn in_words(script: &[ScriptLine]) -> String {
    let words = |line: &ScriptLine| format!("--at {} '{}'", line.at_s, line.order);
    script.iter().map(words).collect::<Vec<_>>().join(" ")
}

/// `10m region-dark=us-east-1; 35m clear region-dark=us-east-1`, as lines.
pub(crate) fn lines(text: &str) -> Vec<ScriptLine> {
    let line = |text: &str| {
        let (at, order) = text.trim().split_once(' ').expect("a time and an order");
        let (number, unit) = match at.strip_suffix('m') {
            Some(minutes) => (minutes, 60.0),
            None => (at.trim_end_matches('s'), 1.0),
        };
        ScriptLine { at_s: number.parse::<f64>().expect("a time") * unit, order: order.into() }
    };
    text.split(';').map(line).collect()
}
