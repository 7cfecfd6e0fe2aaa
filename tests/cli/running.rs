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
    let trigger = &incident["trigger"];
    assert_eq!(
        (trigger["kind"].as_str(), trigger["target"].as_str(), trigger["at_s"].as_f64()),
        (Some("region-dark"), Some("us-east-1"), Some(300.0))
    );
    assert_eq!((&incident["open"], &incident["cleared_s"]), (&true.into(), &Value::Null), "it is still dark");
    let (detected, decided) = (incident["detected_s"].as_f64(), incident["decided_s"].as_f64());
    assert!(detected > Some(300.0) && decided >= detected, "{incident}");
    assert!(incident["rto_s"].as_f64() > Some(60.0), "{incident}");
    assert!(incident["rpo_s"].is_number() && incident["rpo_at_recovery_s"].is_number(), "{incident}");
    assert_eq!(incident["rto_by_client"].as_object().unwrap().len(), 12, "every city");
    assert!(report["consistency"]["stale_reads"].is_number());
    assert_eq!(report["queues"], serde_json::json!([]));
}

#[test]
fn the_outage_is_that_of_the_incident_and_they_add_up() {
    let report = report(DARK);
    let (outage, incident) = (&report["outages"][0], &report["incidents"][0]);
    assert_eq!(report["outages"].as_array().unwrap().len(), 1);
    assert_eq!(incident["outages"], serde_json::json!([0]));
    let (start, end) = (outage["start_s"].as_f64().unwrap(), outage["end_s"].as_f64().unwrap());
    assert!((300.0..302.0).contains(&start) && outage["worst"] == 0.0, "{outage}");
    let near = |name: &str, wanted: f64| {
        let found = incident[name].as_f64().unwrap();
        assert!((found - wanted).abs() < 1e-5, "{name} is {found}, not {wanted}");
    };
    near("rto_s", end - start);
    near("hurt_after_s", start - 300.0);
    let failed =
        |list: &Value| list.as_array().unwrap().iter().filter_map(|it| it["failed"].as_u64()).sum::<u64>();
    assert_eq!(Some(failed(&outage["shares"])), outage["failed"].as_u64());
    let all = failed(&report["incidents"]) + report["no_incident"]["failed"].as_u64().unwrap();
    assert_eq!(Some(all), report["requests"]["failed"].as_u64());
    assert_eq!(outage["clients"].as_object().unwrap().len(), 12, "every city was out");
}

#[test]
fn the_execution_stands_under_its_incident_with_its_steps() {
    let incident = &report(DARK)["incidents"][0];
    let executions = incident["executions"].as_array().unwrap();
    assert_eq!(executions.len(), 1, "{incident}");
    let execution = &executions[0];
    for (name, wanted) in [
        ("runbook", "fail-over"),
        ("mode", "ungraceful"),
        ("from", "us-east-1"),
        ("to", "eu-west-1"),
        // Everything is done but for the record, which cannot be pinned while us-east-1 is dark.
        ("state", "waiting"),
    ] {
        assert_eq!(execution[name], wanted, "{name}");
    }
    let steps = execution["steps"].as_array().unwrap();
    let promote = steps.iter().find(|step| step["name"] == "promote").expect("a promotion");
    assert!(
        promote["end_s"].as_f64() > promote["start_s"].as_f64() && promote["state"] == "done",
        "{promote}"
    );
    let pin = steps.iter().find(|step| step["name"] == "pin").expect("a pin");
    assert_eq!((&pin["state"], &pin["waits_for"]["need"]), (&"waiting".into(), &"dns-control-plane".into()));
    assert_eq!((&pin["after"][0], &execution["end_s"]), (&"promote".into(), &Value::Null));
    assert_eq!(incident["by_themselves"][0]["name"], "detect");
}

#[test]
fn every_acknowledged_write_is_in_one_state_and_what_is_missing_is_named() {
    let report = report("run warm-standby --seed 4 --until 30m --at 10m region-dark=us-east-1 --json");
    let (all, of_it) = (&report["loss"], &report["incidents"][0]["loss"]);
    let of = |loss: &Value, name: &str| loss[name].as_u64().unwrap();
    let states = ["present", "queued", "lost", "out_of_reach", "set_aside", "undone", "in_collisions"];
    assert_eq!(states.iter().map(|name| of(all, name)).sum::<u64>(), of(all, "acknowledged"));
    assert!(of(all, "acknowledged") > 5000 && of(all, "set_aside") > 0, "{all}");
    for name in &states[2..] {
        assert_eq!(of(all, name), of(of_it, name), "{name}: one incident, so all is its");
    }
    let first = &all["examples"][0];
    assert_eq!((&first["state"], &first["region"]), (&"set-aside".into(), &"us-east-1".into()));
    assert!(first["at_s"].as_f64() < Some(601.0) && first["client"].is_string(), "{first}");
    assert!(report["incidents"][0]["rpo_s"].as_f64() > Some(0.0), "missing writes have an age");
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
    for name in ["cleared_s", "detected_s", "decided_s", "restored_s", "rpo_at_recovery_s"] {
        assert!(report["incidents"][0][name].is_null(), "{name}");
    }
    // One second is too short for anybody to have judged it an outage.
    assert_eq!(report["outages"], serde_json::json!([]));
    assert_eq!(report["incidents"][0]["executions"], serde_json::json!([]));
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
    for wanted in [
        "Warm standby in Ireland",
        "Outage at 5 min 0 s",
        "Incident 1: region-dark us-east-1 at 5 min 0 s",
        "fail-over from us-east-1 to eu-west-1, ungraceful: waiting",
        "promote",
        "Mumbai",
    ] {
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
    let mut happened = std::collections::BTreeMap::<String, u64>::new();
    for line in text.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        if event["process"].is_null() {
            let kind = event["type"].as_str().unwrap();
            assert!(["commit", "duplicate", "missing", "back"].contains(&kind), "{line}");
            assert!(event["number"].as_u64() > Some(0) && event["region"].is_string(), "{line}");
            assert_eq!(kind == "missing", event["state"].is_string(), "{line}");
            // Every number of a commit is that of one version, and whoever wrote it has seen it.
            let seen = event["seen"].as_object().map(|seen| &seen[event["region"].as_str().unwrap()]);
            assert_eq!(kind == "commit", seen.is_some(), "{line}");
            assert!(seen.is_none_or(|seen| *seen == event["number"]), "{line}");
            *happened.entry(kind.to_string()).or_default() += 1;
            continue;
        }
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
    // Every simulated request is in the history; the report counts what they stand for.
    let step = told["step"].as_u64().unwrap();
    ends.values_mut().for_each(|count| *count *= step);
    assert_eq!(Some(ends["ok"]), told["requests"]["served"].as_u64());
    assert_eq!(Some(ends["invoke"]), told["requests"]["sent"].as_u64());
    assert_eq!(Some(ends["fail"] + ends["info"]), told["requests"]["failed"].as_u64());
    let counted = |kind: &str| Some(happened.get(kind).copied().unwrap_or(0) * step);
    assert_eq!(counted("duplicate"), told["consistency"]["duplicates"].as_u64());
    assert!(counted("commit") >= told["loss"]["acknowledged"].as_u64(), "{happened:?}");
    assert!(counted("missing") >= told["consistency"]["lost_writes"].as_u64(), "{happened:?}");
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
        assert_eq!(report["incidents"][0]["trigger"]["at_s"], 600.0);
        assert_eq!(report["incidents"][0]["trigger"]["kind"], "region-dark");
        assert!(report["cost"]["monthly_usd"].as_f64().unwrap() > 1000.0);
        assert!(report["cost"]["ratio_to_single_region"].as_f64().unwrap() > 1.0);
        assert!(!report["cost"]["items"].as_array().unwrap().is_empty());
    }
    // The same traffic: what was sent before the storm hangs on the seed and not on the strategy.
    assert_eq!(all[0]["step"], all[1]["step"]);
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
