//! Pairs of runs that differ in one thing: they are the same, to the digit, until that acts, because a draw of chance
//! depends on what it is for and not on when it is drawn.

use crate::draw::stormy;
use crate::lab::{Lab, mean};
use faultline::kernel::clock::SimTime;
use faultline::model::aim::TargetKind;
use faultline::model::fault::Needs;
use faultline::model::runbook::StepName;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Gib, Span};
use faultline::model::{Cutover, Decider, Engine, FaultKind, Inside, QueueKind};
use faultline::run::report::IncidentReport;
use faultline::system::context::{Record, Sample};
use faultline::system::history::{Operation, Operations};
use faultline::system::journal::What;

const FAULT_S: f64 = 300.0;
const END_S: f64 = 2700.0;
const SEEDS: [u64; 3] = [1, 2, 3];

/// The built-in system, in which somebody is paged and decides.
fn paged() -> Scenario {
    let mut scenario = behind();
    scenario.recovery.decider = Decider::Person;
    scenario
}

/// us-east-1 goes dark after five minutes.
fn dark(scenario: &Scenario, seed: u64) -> Lab {
    let mut lab = Lab::new(scenario, seed);
    lab.run_to(FAULT_S).order("region-dark=us-east-1").run_to(END_S);
    lab
}

/// Two runs with the same seed, and the moment at which what they differ in acts: the first such entry in either.
struct Pair {
    a: Lab,
    b: Lab,
    acts: SimTime,
}

impl Pair {
    fn new(
        scenario: &Scenario,
        seed: u64,
        acts: impl Fn(&What) -> bool,
        change: impl Fn(&mut Scenario),
    ) -> Self {
        let mut changed = scenario.clone();
        change(&mut changed);
        let (a, b) = (dark(scenario, seed), dark(&changed, seed));
        let first = |lab: &Lab| lab.entries(&acts).next().map(|entry| entry.at).expect("it acts");
        let acts = first(&a).min(first(&b));
        Self { a, b, acts }
    }

    /// Every second and every line of the journal before that moment is the same.
    fn same_until_it_acts(&self) {
        let seconds = |lab: &Lab| {
            lab.record.samples.iter().copied().filter(|sample| sample.at < self.acts).collect::<Vec<_>>()
        };
        let lines = |lab: &Lab| {
            lab.record.journal.iter().copied().filter(|entry| entry.at < self.acts).collect::<Vec<_>>()
        };
        assert!(self.acts > SimTime::from_secs(120.0), "two minutes at least are compared: {:?}", self.acts);
        assert_eq!(seconds(&self.a), seconds(&self.b));
        assert_eq!(lines(&self.a), lines(&self.b));
    }

    fn incidents(&self) -> (IncidentReport, IncidentReport) {
        (self.a.incident(), self.b.incident())
    }

    /// What was lost was lost at the fault. Returns how many writes.
    fn same_loss(&self) -> u64 {
        let (a, b) = self.incidents();
        assert_eq!((a.rpo_s, a.lost_writes), (b.rpo_s, b.lost_writes));
        a.lost_writes
    }

    /// It does act: the service comes back at another time.
    fn another_recovery(&self) {
        let (a, b) = self.incidents();
        assert!(a.rto_s.is_some() && b.rto_s.is_some());
        assert_ne!(a.rto_s, b.rto_s);
    }

    /// Steps took as long in both.
    fn same_spans(&self, steps: &[&str]) {
        for step in steps {
            assert!((self.a.span(step) - self.b.span(step)).abs() < 1e-5, "{step}");
        }
    }
}

/// The default system whose commits wait a moment before they may leave, so that some are missing whenever its region goes dark.
fn behind() -> Scenario {
    let mut scenario = Scenario::default();
    scenario.database.delay_s = Span(0.3);
    scenario
}

/// What holds of each change that acts after the fault: the runs are the same until it acts, and lose the same writes at
/// the fault; then they recover at another time. The steps that it does not touch take as long.
fn differ_only_from_then_on(
    scenario: &Scenario,
    acts: impl Fn(&What) -> bool,
    change: impl Fn(&mut Scenario),
    same_steps: &[&str],
) -> Vec<Pair> {
    let pairs: Vec<Pair> = SEEDS.map(|seed| Pair::new(scenario, seed, &acts, &change)).into();
    for pair in &pairs {
        pair.same_until_it_acts();
        pair.another_recovery();
        pair.same_spans(same_steps);
    }
    let lost: u64 = pairs.iter().map(Pair::same_loss).sum();
    assert!(lost > 0, "in one of the runs something was on its way");
    pairs
}

fn verdict(what: &What) -> bool {
    matches!(what, What::CheckerTurned { .. })
}

fn begins(step: StepName) -> impl Fn(&What) -> bool {
    move |what| *what == What::StepBegan(step)
}

#[test]
fn another_check_interval_changes_nothing_before_the_first_checker_turns() {
    let slower = |it: &mut Scenario| it.dns.interval_s = Span(30.0);
    differ_only_from_then_on(&behind(), verdict, slower, &["fence", "promote"]);
}

#[test]
fn another_failure_threshold_changes_nothing_before_the_first_checker_turns() {
    let higher = |it: &mut Scenario| it.dns.failure_threshold = 6;
    differ_only_from_then_on(&behind(), verdict, higher, &["fence", "promote"]);
}

#[test]
fn a_longer_promotion_changes_nothing_before_it_begins() {
    let longer = |it: &mut Scenario| {
        it.recovery.promote_min_s += 300.0;
        it.recovery.promote_typical_s += 300.0;
        it.recovery.promote_max_s += 300.0;
    };
    let begins = begins(StepName::Promote);
    for pair in differ_only_from_then_on(&behind(), begins, longer, &["fence"]) {
        let longer = pair.b.span("promote") - pair.a.span("promote");
        assert!((longer - 300.0).abs() < 1e-5, "the same draw, five minutes on top: {longer}");
    }
}

#[test]
fn a_longer_fence_changes_nothing_before_it_begins() {
    let longer = |it: &mut Scenario| {
        it.recovery.fence_min_s += 120.0;
        it.recovery.fence_max_s += 120.0;
    };
    let begins = begins(StepName::Fence);
    for pair in differ_only_from_then_on(&behind(), begins, longer, &["promote"]) {
        let longer = pair.b.span("fence") - pair.a.span("fence");
        assert!((longer - 120.0).abs() < 1e-5, "the same draw, two minutes on top: {longer}");
    }
}

#[test]
fn a_slower_answer_to_the_page_changes_nothing_before_somebody_is_paged() {
    let slower = |it: &mut Scenario| it.recovery.page_s += 240.0;
    differ_only_from_then_on(&paged(), begins(StepName::Page), slower, &["fence", "promote"]);
}

#[test]
fn another_backup_interval_changes_no_request_at_all() {
    let backup = |what: &What| {
        matches!(what, What::BackupTaken { .. } | What::BackupCopied { .. } | What::BackupCopyDelayed { .. })
    };
    let mut lost = 0;
    for seed in SEEDS {
        let mut often = behind();
        (often.backup.interval_s, often.backup.window_s) = (Span(120.0), Span(30.0));
        often.database.size_gib = Gib(20.0);
        let pair = Pair::new(&often, seed, backup, |it| it.backup.interval_s = Span(180.0));
        assert_eq!(pair.a.record.samples, pair.b.record.samples, "a backup takes nothing from requests");
        let lines = |lab: &Lab| {
            let others = lab.record.journal.iter().filter(|entry| !backup(&entry.what));
            others.map(|entry| (entry.at, entry.what)).collect::<Vec<_>>()
        };
        assert_eq!(lines(&pair.a), lines(&pair.b));
        lost += pair.same_loss();
        assert_eq!(pair.incidents().0.rto_s, pair.incidents().1.rto_s);
    }
    assert!(lost > 0, "in one of the runs something was on its way");
}

/// What was asked in a run, and how each request ended.
fn asked(scenario: &Scenario, seed: u64, orders: &[(f64, &str)], end_s: f64) -> Vec<Operation> {
    let mut lab = Lab::new(scenario, seed);
    lab.record = Record { operations: Some(Operations::default()), ..Record::default() };
    for (at_s, order) in orders {
        lab.run_to(*at_s).order(order);
    }
    lab.run_to(end_s);
    lab.record.operations.expect("it was asked for").list
}

/// When, whether it writes, and the key.
fn wishes(asked: &[Operation]) -> Vec<(SimTime, bool, u16)> {
    asked.iter().map(|one| (one.invoked, one.writes, one.key)).collect()
}

#[test]
fn another_time_to_live_leaves_requests_and_jitter_as_they_are() {
    for seed in SEEDS {
        let orders = [(FAULT_S, "region-dark=us-east-1")];
        let mut long = Scenario::default();
        long.dns.ttl_s *= 5.0;
        let (a, b) = (asked(&Scenario::default(), seed, &orders, 900.0), asked(&long, seed, &orders, 900.0));
        assert_eq!(wishes(&a), wishes(&b), "seed {seed}");
        // Before the fault only those who look up a name take another time, and who meets them in a queue.
        let calm: Vec<bool> = a
            .iter()
            .zip(&b)
            .filter(|(one, _)| one.invoked < SimTime::from_secs(FAULT_S - 10.0))
            .map(|(one, other)| one.ended == other.ended)
            .collect();
        let same = calm.iter().filter(|same| **same).count() as f64 / calm.len() as f64;
        assert!(
            calm.len() > 50_000 && same > 0.85,
            "{} requests, {same:.4} of them to the microsecond",
            calm.len()
        );
    }
}

#[test]
fn another_time_to_live_moves_the_recovery_point_by_less_than_50_ms() {
    let off_s = |seed| {
        let mut long = behind();
        long.dns.ttl_s *= 5.0;
        let rpo_s = |scenario: &Scenario| dark(scenario, seed).incident().rpo_s.expect("it was promoted");
        (rpo_s(&behind()) - rpo_s(&long)).abs()
    };
    let off: Vec<f64> = (0..16).map(off_s).collect();
    let near = off.iter().filter(|off| **off < 0.05).count();
    println!("{near} of 16: {off:.3?}");
    // In two of them a write that took some milliseconds longer, or less, just caught or just missed a shipment.
    let shipment = *behind().database.ship_interval_s + 0.05;
    assert!(mean(&off) < 0.05, "{off:?}");
    assert!(near >= 14 && off.iter().all(|off| *off < shipment), "{off:?}");
}

#[test]
fn a_fault_elsewhere_changes_nobodys_wishes() {
    let orders = [(200.0, "zone-grey=us-east-1a"), (FAULT_S, "region-dark=us-east-1")];
    let more = [orders[0], (250.0, "link-lossy=us-east-1:eu-west-1"), orders[1]];
    for seed in SEEDS {
        let runs =
            [&orders[..], &more[..], &[]].map(|orders| asked(&Scenario::default(), seed, orders, 900.0));
        assert_eq!(wishes(&runs[0]), wishes(&runs[1]), "seed {seed}");
        assert_eq!(wishes(&runs[0]), wishes(&runs[2]), "seed {seed}, without any");
    }
}

#[test]
fn a_write_that_somebody_orders_leaves_all_others_as_they_are() {
    let scenario = Scenario::default();
    let (a, b) = (asked(&scenario, 1, &[], 300.0), asked(&scenario, 1, &[(100.0, "write=London:7")], 300.0));
    let without = wishes(&b).into_iter().filter(|(at, ..)| *at != SimTime::from_secs(100.0));
    assert_eq!(wishes(&a), without.collect::<Vec<_>>());
    assert_eq!(b.len(), a.len() + 1);
}

/// What was served and what happened in an afternoon of trouble, apart from the lines that only say that a fault came,
/// went or is over: us-east-1 goes dark and comes back, backups are taken, and the record is changed by hand.
fn afternoon(order: Option<&str>, kind: FaultKind) -> (Vec<Sample>, Vec<(SimTime, What)>) {
    let mut scenario = stormy(Strategy::WarmStandby);
    if kind.needs() == Needs::Queue {
        scenario.write_queue.kind = QueueKind::Fifo;
    }
    if kind.needs() == Needs::Volume {
        scenario.database.engine = Engine::AuroraGlobal;
        scenario.database.take_form(Inside::Volume);
    }
    // Nobody but who restores from it finds a snapshot empty.
    scenario.backup.tested = kind == FaultKind::BackupEmpty;
    scenario.recovery.cutover = Cutover::RecordChange;
    let mut lab = Lab::new(&scenario, 1);
    lab.run_to(60.0);
    if let Some(order) = order {
        lab.order(order);
    }
    lab.run_to(600.0).order("region-dark=us-east-1").run_to(1200.0);
    lab.order("clear region-dark=us-east-1").run_to(1800.0);
    let announces = |what: &What| {
        use What::{FaultCleared, FaultInjected, OrderRefused, Ordered, OutageEnded};
        matches!(
            what,
            FaultInjected(_) | FaultCleared(_) | Ordered(_) | OrderRefused(..) | OutageEnded { .. }
        )
    };
    let others = lab.record.journal.iter().filter(|entry| !announces(&entry.what));
    (lab.record.samples.clone(), others.map(|entry| (entry.at, entry.what)).collect())
}

#[test]
fn each_kind_of_fault_changes_what_happens() {
    // No capacity hurts where servers are wanted, which is the recovery region.
    let acts = |kind: &FaultKind| {
        let here = kind.example();
        let there = here.replace("us-east-1", "eu-west-1");
        let has_region = kind.target_kind() == TargetKind::Region;
        let calm = afternoon(None, *kind);
        afternoon(Some(&here), *kind) != calm || has_region && afternoon(Some(&there), *kind) != calm
    };
    let idle: Vec<_> = FaultKind::ALL.iter().filter(|kind| !acts(kind)).collect();
    assert!(idle.is_empty(), "nothing comes of {idle:?}");
}
