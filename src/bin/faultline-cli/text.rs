//! The report for people: figures in columns, incidents with their steps, every city.

use std::fmt::Write;

use faultline::time::SimTime;
use serde_json::Value;

/// The whole report.
pub(crate) fn report(title: &str, until: SimTime, report: &Value) -> String {
    let mut text = String::new();
    line(
        &mut text,
        format_args!("{title} ({}), {} of simulated time", word(&report["scenario"]), span(until.secs())),
    );
    line(
        &mut text,
        format_args!(
            "engine {}, seed {}, digest {}",
            word(&report["engine"]),
            word(&report["seed"]),
            word(&report["digest"])
        ),
    );
    let (events, wall_ms) = (&report["events"], report["wall_ms"].as_f64().unwrap_or(0.0));
    let rate = events.as_f64().unwrap_or(0.0) / wall_ms.max(0.001) / 1000.0;
    let wall = span(wall_ms / 1000.0);
    line(&mut text, format_args!("{} events in {wall}, {rate:.1} million a second", count(events)));
    requests(&mut text, &report["requests"]);
    incidents(&mut text, &report["incidents"]);
    cities(&mut text, &report["by_client"]);
    consistency(&mut text, &report["consistency"]);
    text
}

fn requests(text: &mut String, requests: &Value) {
    heading(text, "Requests");
    for (name, shown) in [
        ("sent", count(&requests["sent"])),
        ("served", count(&requests["served"])),
        ("failed", count(&requests["failed"])),
        ("availability", percent(&requests["availability"])),
        ("half answered within", millis(&requests["p50_ms"])),
        ("99 % answered within", millis(&requests["p99_ms"])),
    ] {
        line(text, format_args!("  {name:<21}{shown:>14}"));
    }
}

fn incidents(text: &mut String, incidents: &Value) {
    let incidents = incidents.as_array().map_or(&[][..], Vec::as_slice);
    if incidents.is_empty() {
        heading(text, "No incidents");
    }
    for incident in incidents {
        let target = incident["target"].as_str().map_or(String::new(), |target| format!(" {target}"));
        let at = incident["at_s"].as_f64().unwrap_or(0.0);
        heading(text, &format!("Incident: {}{target} at {}", word(&incident["fault"]), span(at)));
        let moment = |name: &str| match incident[name].as_f64() {
            Some(secs) => format!("at {}, {} after the fault", span(secs), span(secs - at)),
            None => "not in this run".into(),
        };
        let length = |name: &str| incident[name].as_f64().map_or("not known".into(), span);
        for (name, shown) in [
            ("detected", moment("detected_s")),
            ("decided", moment("decided_s")),
            ("restored", moment("restored_s")),
            ("recovery time", length("rto_s")),
            ("recovery point", length("rpo_s")),
            ("writes lost", lost(&incident["lost_writes"])),
        ] {
            line(text, format_args!("  {name:<16}{shown}"));
        }
        steps(text, at, incident["steps"].as_array().map_or(&[], Vec::as_slice));
    }
}

fn steps(text: &mut String, fault_s: f64, steps: &[Value]) {
    if steps.is_empty() {
        return;
    }
    let widest = steps.iter().map(|step| width(&word(&step["name"]))).max().unwrap_or(0).max(4);
    line(text, format_args!("  {:<widest$}  {:>14}  {:>14}", "step", "begins after", "takes"));
    for step in steps {
        let begins = step["start_s"].as_f64();
        let takes = begins.zip(step["end_s"].as_f64()).map(|(start, end)| span(end - start));
        let begins = begins.map_or("–".into(), |start| span(start - fault_s));
        let takes = takes.unwrap_or("not over".into());
        line(text, format_args!("  {:<widest$}  {begins:>14}  {takes:>14}", word(&step["name"])));
    }
}

fn cities(text: &mut String, by_client: &Value) {
    let Some(cities) = by_client.as_object() else { return };
    heading(text, "By city");
    let widest = cities.keys().map(|name| width(name)).max().unwrap_or(0).max(4);
    line(
        text,
        format_args!(
            "  {:<widest$}{:>13}{:>13}{:>11}{:>11}{:>11}{:>11}",
            "city", "sent", "served", "failed", "available", "p50", "p99"
        ),
    );
    for (name, tally) in cities {
        line(
            text,
            format_args!(
                "  {name:<widest$}{:>13}{:>13}{:>11}{:>11}{:>11}{:>11}",
                count(&tally["sent"]),
                count(&tally["served"]),
                count(&tally["failed"]),
                percent(&tally["availability"]),
                millis(&tally["p50_ms"]),
                millis(&tally["p99_ms"])
            ),
        );
    }
}

fn consistency(text: &mut String, consistency: &Value) {
    let Some(figures) = consistency.as_object() else { return };
    heading(text, "Consistency");
    for (name, value) in figures {
        line(text, format_args!("  {:<21}{:>14}", name.replace('_', " "), count(value)));
    }
}

fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{words}");
}

fn heading(text: &mut String, words: &str) {
    line(text, format_args!("\n{words}"));
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// A text without its quotes, a number as it is, a dash for what is not there.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "–".into(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// A whole number with commas between the thousands.
fn count(value: &Value) -> String {
    let Some(number) = value.as_u64() else { return word(value) };
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How many writes were lost, whether they are counted or listed.
fn lost(value: &Value) -> String {
    value.as_array().map_or_else(|| count(value), |writes| writes.len().to_string())
}

fn percent(share: &Value) -> String {
    // Rounded down: what was not perfect shall not read 100 %.
    share.as_f64().map_or("–".into(), |share| format!("{:.3} %", (share * 1e5).floor() / 1e3))
}

fn millis(value: &Value) -> String {
    value.as_f64().map_or("–".into(), |millis| format!("{millis:.1} ms"))
}

/// A span of time in the two units that matter: "1 h 5 min", "5 min 2 s", "12.3 s", "80 ms".
fn span(secs: f64) -> String {
    let sign = if secs < 0.0 { "-" } else { "" };
    let secs = secs.abs();
    let whole = secs.round() as u64;
    if secs < 1.0 && secs > 0.0 {
        format!("{sign}{:.0} ms", secs * 1000.0)
    } else if secs < 59.95 {
        format!("{sign}{secs:.1} s")
    } else if whole < 3600 {
        format!("{sign}{} min {} s", whole / 60, whole % 60)
    } else {
        let minutes = (secs / 60.0).round() as u64;
        format!("{sign}{} h {} min", minutes / 60, minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spans_are_told_in_the_units_that_matter() {
        let told = [0.0, 0.08, 12.34, 59.96, 302.4, 3599.6, 7260.0, -2.0].map(span);
        assert_eq!(
            told,
            ["0.0 s", "80 ms", "12.3 s", "1 min 0 s", "5 min 2 s", "1 h 0 min", "2 h 1 min", "-2.0 s"]
        );
    }

    #[test]
    fn a_report_reads_as_lines_of_figures() {
        let tally = json!({
            "sent": 1_234_567, "served": 1_234_560, "failed": 7, "availability": 0.999_994_3,
            "p50_ms": 88.12, "p99_ms": 312.0
        });
        let text = report(
            "Warm standby in Ireland",
            SimTime::from_secs(7200.0),
            &json!({
                "scenario": "warm-standby", "engine": "0.1.0", "seed": 7, "digest": "00ff", "events": 12_000_000,
                "requests": tally, "by_client": { "São Paulo": tally }, "wall_ms": 1000.0,
                "incidents": [{
                    "fault": "region-dark", "target": "us-east-1", "at_s": 600.0, "detected_s": 631.5,
                    "decided_s": 631.5, "restored_s": null, "rto_s": null, "rpo_s": 0.75, "lost_writes": 12,
                    "steps": [
                        { "name": "detect", "start_s": 600.0, "end_s": 631.5 },
                        { "name": "promote", "start_s": 700.0, "end_s": null }
                    ]
                }],
                "consistency": { "stale_reads": 1234 }
            }),
        );
        for wanted in [
            "Warm standby in Ireland (warm-standby), 2 h 0 min of simulated time\n",
            "engine 0.1.0, seed 7, digest 00ff\n",
            "12,000,000 events in 1.0 s, 12.0 million a second\n",
            "  sent                      1,234,567\n",
            "  availability               99.999 %\n",
            "Incident: region-dark us-east-1 at 10 min 0 s\n",
            "  detected        at 10 min 32 s, 31.5 s after the fault\n",
            "  restored        not in this run\n",
            "  recovery point  750 ms\n",
            "  writes lost     12\n",
            "  detect            0.0 s          31.5 s\n",
            "  promote      1 min 40 s        not over\n",
            "  São Paulo    1,234,567    1,234,560          7   99.999 %    88.1 ms   312.0 ms\n",
            "  stale reads                   1,234\n",
        ] {
            assert!(text.contains(wanted), "{wanted} in\n{text}");
        }
    }
}
