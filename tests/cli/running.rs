//! Runs, as a person starts them.

use serde_json::Value;

use super::{cli, cli_with};

/// The JSON object that a run prints.
fn report(line: &str) -> Value {
    let (code, out, err) = cli(line);
    assert_eq!((code, err.as_str()), (0, ""), "{line}");
    assert_eq!(out.lines().count(), 1, "one object, one line");
    serde_json::from_str(&out).unwrap()
}

const DARK: &str = "run warm-standby --until 40m --at 5m region-dark=us-east-1 --json";

#[test]
fn a_disaster_is_reported_with_every_figure() {
    let report = report(DARK);
    assert_eq!((report["scenario"].as_str(), report["seed"].as_u64()), (Some("warm-standby"), Some(11)));
    for name in ["engine", "digest"] {
        assert!(report[name].is_string(), "{name}");
    }
    assert!(report["events"].as_u64() > Some(100_000) && report["wall_ms"].as_f64() > Some(0.0));
    let requests = &report["requests"];
    for name in ["sent", "served", "failed", "availability", "p50_ms", "p99_ms"] {
        assert!(requests[name].is_number(), "{name}");
        assert!(report["by_client"]["São Paulo"][name].is_number(), "{name}");
    }
    assert_eq!(report["by_client"].as_object().unwrap().len(), 12);
    let incident = &report["incidents"][0];
    assert_eq!(
        (incident["fault"].as_str(), incident["target"].as_str()),
        (Some("region-dark"), Some("us-east-1"))
    );
    assert_eq!(incident["at_s"].as_f64(), Some(300.0));
    let (detected, decided) = (incident["detected_s"].as_f64(), incident["decided_s"].as_f64());
    assert!(detected > Some(300.0) && decided >= detected, "{incident}");
    assert!(incident["rto_s"].as_f64() > Some(60.0), "{incident}");
    assert!(incident["rpo_s"].is_number() && incident["lost_writes"].is_number(), "{incident}");
    for name in ["name", "start_s", "end_s"] {
        assert!(incident["steps"][0].get(name).is_some(), "{name}");
    }
    assert!(report["consistency"]["stale_reads"].is_number());
}

#[test]
fn the_same_seed_is_the_same_run_and_another_is_not() {
    let digest = |line: String| report(&line)["digest"].clone();
    let first = digest(DARK.into());
    assert_eq!(digest(DARK.into()), first);
    assert_eq!(digest(format!("{DARK} --seed 11")), first);
    assert_ne!(digest(format!("{DARK} --seed 8")), first);
}

#[test]
fn a_script_in_a_file_is_the_same_as_orders_on_the_command_line() {
    let file = br#"{ "script": [{ "at_s": 300, "order": "region-dark=us-east-1" }] }"#;
    let (code, out, _) = cli_with("run - --until 40m --json", file);
    assert_eq!(code, 0);
    let by_file: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(by_file["digest"], report(DARK)["digest"]);
}

#[test]
fn what_has_not_happened_is_null() {
    let report = report("run warm-standby --until 5m --at 299s region-dark=us-east-1 --json");
    for name in ["detected_s", "decided_s", "restored_s", "rto_s"] {
        assert!(report["incidents"][0][name].is_null(), "{name}");
    }
}

#[test]
fn a_run_can_go_on_past_the_horizon_of_its_scenario() {
    let (code, out, _) = cli_with("run - --until 10m --json", br#"{ "horizon_s": 60 }"#);
    assert_eq!(code, 0);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["simulated_s"].as_f64(), Some(600.0));
}

#[test]
fn the_text_tells_the_same_story() {
    let (code, out, err) = cli(DARK.trim_end_matches(" --json"));
    assert_eq!((code, err.as_str()), (0, ""));
    for wanted in
        ["Warm standby in Ireland", "Incident: region-dark us-east-1 at 5 min 0 s", "promote", "Mumbai"]
    {
        assert!(out.contains(wanted), "{wanted} in\n{out}");
    }
}

#[test]
fn the_journal_is_one_entry_a_line_and_causes_come_first() {
    let path = std::env::temp_dir().join(format!("faultline-journal-{}.jsonl", std::process::id()));
    report(&format!("{DARK} --journal {}", path.display()));
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let mut before = 0;
    for (index, line) in text.lines().enumerate() {
        let entry: Value = serde_json::from_str(line).unwrap();
        assert_eq!(entry["id"].as_u64(), Some(index as u64));
        assert!(entry["cause"].is_null() || entry["cause"].as_u64() < Some(index as u64), "{line}");
        let at = entry["at_us"].as_u64().unwrap();
        assert!(at >= before, "{line}");
        before = at;
        assert!(!entry["what"].is_null(), "{line}");
    }
    assert!(text.contains("\"fault-injected\"") && text.contains("\"promoted\""));
}

#[test]
fn a_history_is_one_beginning_or_end_a_line_and_a_process_does_one_thing_after_the_other() {
    let path = std::env::temp_dir().join(format!("faultline-history-{}.jsonl", std::process::id()));
    let told = report(&format!("{DARK} --history {}", path.display()));
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let mut waits = std::collections::BTreeMap::new();
    let (mut before, mut ends) = (0, std::collections::BTreeMap::<String, u64>::new());
    for line in text.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        let (process, kind) = (event["process"].as_u64().unwrap(), event["type"].as_str().unwrap());
        let (at, what) = (event["time_us"].as_u64().unwrap(), (event["f"].clone(), event["key"].clone()));
        assert!(at >= before, "{line}");
        before = at;
        if kind == "invoke" {
            assert_eq!(event["value"].is_null(), event["f"] == "read", "{line}");
            assert!(event["region"].is_null(), "{line}");
            assert_eq!(waits.insert(process, Some(what)).flatten(), None, "{line}");
        } else {
            assert_eq!(waits.get(&process), Some(&Some(what)), "{line}");
            // Who does not know what came of it asks no more: it keeps waiting.
            waits.insert(process, None.or((kind == "info").then_some((Value::Null, Value::Null))));
        }
        assert_eq!(kind == "ok", event["region"].is_string(), "{line}");
        *ends.entry(kind.to_string()).or_default() += 1;
    }
    assert_eq!(Some(ends["ok"]), told["requests"]["served"].as_u64());
    assert_eq!(Some(ends["invoke"]), told["requests"]["sent"].as_u64());
    assert_eq!(Some(ends["fail"] + ends["info"]), told["requests"]["failed"].as_u64());
}

#[test]
fn a_history_that_cannot_be_written_ends_with_one_before_the_run() {
    let (code, out, err) = cli("run warm-standby --until 1m --history /no/such/folder/history.jsonl");
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.starts_with("--history: \"/no/such/folder/history.jsonl\""), "{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
}

#[test]
fn a_journal_that_cannot_be_written_ends_with_one_before_the_run() {
    let (code, out, err) = cli("run warm-standby --until 1m --journal /no/such/folder/journal.jsonl");
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.starts_with("--journal: \"/no/such/folder/journal.jsonl\""), "{err}");
}

#[test]
fn a_comparison_is_one_array_on_one_seed() {
    let line = "compare backup-restore multi-site --seed 5 --until 12m --storm region --grain 20 --json";
    let (code, out, err) = cli(line);
    assert_eq!((code, err.as_str()), (0, ""));
    let reports: serde_json::Value = serde_json::from_str(&out).unwrap();
    let all = reports.as_array().unwrap();
    let names: Vec<_> = all.iter().map(|report| report["scenario"].as_str().unwrap()).collect();
    assert_eq!(names, ["backup-restore", "multi-site"]);
    for report in all {
        assert_eq!((&report["seed"], &report["simulated_s"]), (&5.into(), &720.0.into()));
        assert_eq!(report["incidents"][0]["at_s"], 600.0);
        assert_eq!(report["incidents"][0]["strategy"], report["scenario"]);
        assert!(report["cost"]["monthly_usd"].as_f64().unwrap() > 1000.0);
        assert!(report["cost"]["ratio_to_single_region"].as_f64().unwrap() > 1.0);
        assert!(!report["cost"]["items"].as_array().unwrap().is_empty());
    }
    // The same traffic: what was sent before the storm hangs on the seed and not on the strategy.
    assert_eq!(all[0]["weight"], all[1]["weight"]);
    let (code, table, _) = cli("compare pilot-light --until 5m --at 1m zone-power=us-east-1a --grain 20");
    assert_eq!(code, 0);
    assert!(table.contains("pilot-light") && table.contains('$'), "{table}");
}

#[test]
fn a_comparison_refuses_what_one_of_its_scenarios_cannot_do() {
    let (code, _, err) = cli("compare pilot-light multi-site --at 1m region-dark=eu-central-1");
    assert_eq!(code, 1);
    assert!(err.contains("--at") && err.contains("us-east-1 or eu-west-1"), "{err}");
}
