//! The net under every rebuilding: what the eight built-in systems say under the ten storms, as text.
//!
//! Taken over sentences and figures, never over types, so that a part may be moved or renamed and the net still holds.
//! `FAULTLINE_BLESS=1` writes `tests/golden/net.txt` anew; that belongs into a commit of its own with the reason.
#![cfg(not(target_arch = "wasm32"))]

use faultline::kernel::clock::SimTime;
use faultline::model::Order;
use faultline::model::builtin;
use faultline::model::scenario::Scenario;
use faultline::model::storm::{STORMS, Storm};
use faultline::run::simulation::Simulation;
use faultline::scene::words::Words;
use faultline::system::context::Record;
use faultline::system::context::Sample;
use std::fmt::Write;
use std::path::PathBuf;

/// When a storm begins, in seconds, and how long a run goes on after its last order.
const BEGINS_S: f64 = 120.0;
const AFTER_S: f64 = 7200.0;
/// The built-ins are run in steps of 24: all eighty together take about a minute.
const WEIGHT: u32 = 2;
const GRAIN: u32 = 12;
const SEED: u64 = 11;
/// A mark stands in the net after so many lines, so that a difference is found without the text of before.
const MARK_LINES: usize = 128;

/// FNV-1a, 64 bits.
fn fnv(mut hash: u64, text: &str) -> u64 {
    for byte in text.bytes().chain([b'\n']) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash
}

/// Everything that a run says: seconds and journal lines in their order, and the requests of its report.
fn told(scenario: &Scenario, storm: &Storm) -> Vec<String> {
    let scenario = Scenario { weight: WEIGHT, grain: GRAIN, ..scenario.clone() };
    let (mut run, mut record) = (Simulation::new(&scenario, SEED), Record::default());
    let script = storm.script(&scenario, BEGINS_S);
    for line in &script {
        assert!(run.run_until(SimTime::from_secs(line.at_s), u64::MAX, &mut record));
        let command = Order::parse(&line.order).and_then(|order| run.resolve(&order)).expect("an order");
        run.apply(command, &mut record);
    }
    let last_s = script.last().map_or(BEGINS_S, |line| line.at_s);
    assert!(run.run_until(SimTime::from_secs(last_s + AFTER_S), u64::MAX, &mut record));
    lines(&run, &record)
}

fn lines(run: &Simulation, record: &Record) -> Vec<String> {
    let words = Words { plan: run.plan(), lost: &run.world().observer.losses.named };
    let mut all = Vec::new();
    let mut samples = record.samples.iter().peekable();
    for entry in &record.journal {
        while let Some(sample) = samples.next_if(|sample| sample.at <= entry.at) {
            all.push(second(sample));
        }
        all.push(format!("{:.6} {}", entry.at.secs(), words.sentence(&entry.what)));
    }
    all.extend(samples.map(second));
    all.push(serde_json::to_string(&run.report().requests).expect("a report can be written"));
    all
}

fn second(sample: &Sample) -> String {
    let Sample { at, sent, served, failed, attempts: _, lag_us, behind, mean_latency_us, queued } = sample;
    assert_eq!(*queued, None, "no built-in scenario has a queue");
    let lag = lag_us.map_or("-".into(), |lag| lag.to_string());
    format!("{:.0} {sent} {served} {failed} {lag} {behind} {mean_latency_us}", at.secs())
}

/// One run as a line of the net: its name, how many lines it has, their digest, and the marks on the way.
fn knot(name: &str, lines: &[String]) -> String {
    let (mut hash, mut marks) = (0xcbf2_9ce4_8422_2325, String::new());
    for (index, line) in lines.iter().enumerate() {
        hash = fnv(hash, line);
        if (index + 1) % MARK_LINES == 0 {
            let _ = write!(marks, "{:04x}", hash & 0xffff);
        }
    }
    format!("{name} {} {hash:016x} {marks}", lines.len())
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("net")
}

fn net() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/net.txt")
}

/// Where two texts part: from the text of the last run that held, if it is still there, else from the marks.
fn first_difference(name: &str, held: &str, lines: &[String]) -> String {
    if let Ok(before) = std::fs::read_to_string(folder().join(name)) {
        let before: Vec<String> = before.lines().map(String::from).collect();
        if knot(name, &before) == held {
            let same = before.iter().zip(lines).take_while(|(before, now)| before == now).count();
            let line = |lines: &[String]| lines.get(same).cloned().unwrap_or_else(|| "(the end)".into());
            return format!("line {}\n  was: {}\n  is:  {}", same + 1, line(&before), line(lines));
        }
    }
    let marks = |knot: &str| knot.split(' ').nth(3).unwrap_or_default().to_string();
    let (was, is) = (marks(held), marks(&knot(name, lines)));
    let same = was.as_bytes().chunks(4).zip(is.as_bytes().chunks(4)).take_while(|(a, b)| a == b).count();
    let line = lines.get(same * MARK_LINES).cloned().unwrap_or_default();
    format!("within {MARK_LINES} lines from line {}: {line}", same * MARK_LINES + 1)
}

/// Every storm on one built-in.
fn holds(system: &str) {
    let scenario = builtin(system).expect("a built-in");
    let net = std::fs::read_to_string(net()).unwrap_or_default();
    std::fs::create_dir_all(folder()).expect("a folder for texts");
    let (mut differences, mut knots) = (Vec::new(), String::new());
    for storm in &STORMS {
        let name = format!("{system}.{}", storm.slug);
        let lines = told(&scenario, storm);
        let now = knot(&name, &lines);
        let held = net.lines().find(|line| line.split(' ').next() == Some(&name)).unwrap_or_default();
        if now != held {
            differences.push(format!("{name}: {}", first_difference(&name, held, &lines)));
        }
        if now == held || blesses() {
            std::fs::write(folder().join(&name), lines.join("\n")).expect("written");
        }
        let _ = writeln!(knots, "{now}");
    }
    if blesses() {
        std::fs::write(folder().join(format!("{system}.knots")), knots).expect("written");
    } else {
        assert!(differences.is_empty(), "what is told has changed:\n{}", differences.join("\n"));
    }
}

fn blesses() -> bool {
    std::env::var_os("FAULTLINE_BLESS").is_some()
}

const SYSTEMS: [&str; 8] = [
    "backup-restore",
    "pilot-light",
    "warm-standby",
    "multi-site",
    "write-global",
    "write-local",
    "write-partitioned",
    "write-local-quorum",
];

#[test]
fn the_built_ins_tell_what_they_told() {
    // Two at a time: the machine of the tests has two cores.
    std::thread::scope(|scope| {
        for first in 0..2 {
            scope.spawn(move || SYSTEMS.iter().skip(first).step_by(2).for_each(|system| holds(system)));
        }
    });
    if blesses() {
        let knots = |system: &&str| std::fs::read_to_string(folder().join(format!("{system}.knots")));
        let all: Result<String, _> = SYSTEMS.iter().map(knots).collect();
        std::fs::write(net(), all.expect("every built-in was run")).expect("written");
    }
}
