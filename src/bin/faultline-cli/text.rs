//! The report for people: figures in columns, incidents with their steps, every city.

use std::fmt::Write;

use faultline::run::cost::{Cost, CostItem};
use faultline::run::loss::IncidentLoss;
use faultline::run::report::Report;
use faultline::run::report::{Consistency, IncidentReport, Requests, StepReport};

/// The whole report.
pub(crate) fn report(title: &str, report: &Report, wall_ms: f64, lost: &[String]) -> String {
    let mut text = String::new();
    let simulated = span(report.simulated_s);
    line(&mut text, format_args!("{title} ({}), {simulated} of simulated time", report.scenario));
    line(&mut text, format_args!("{}, seed {}, digest {}", report.engine, report.seed, report.digest));
    let rate = report.events as f64 / wall_ms.max(0.001) / 1000.0;
    let (events, wall) = (count(report.events), span(wall_ms / 1000.0));
    line(&mut text, format_args!("{events} events in {wall}, {rate:.1} million a second"));
    requests(&mut text, report.weight, &report.requests);
    if report.incidents.is_empty() {
        heading(&mut text, "No incidents");
    }
    for incident in &report.incidents {
        self::incident(&mut text, incident);
    }
    heading(&mut text, "By city");
    let widest = report.by_client.keys().map(|name| width(name)).max().unwrap_or(0).max(4);
    row(&mut text, widest, "city", ["sent", "served", "failed", "available", "p50", "p99"].map(String::from));
    for (name, tally) in &report.by_client {
        row(&mut text, widest, name, figures(tally));
    }
    consistency(&mut text, &report.consistency);
    cost(&mut text, &report.cost);
    lost_writes(&mut text, lost);
    text
}

fn requests(text: &mut String, weight: u32, requests: &Requests) {
    heading(
        text,
        &match weight {
            1 => "Requests".into(),
            many => format!("Requests, of which each stands for {many}"),
        },
    );
    let names = ["sent", "served", "failed", "available", "half answered within", "99 % answered within"];
    for (name, shown) in names.into_iter().zip(figures(requests)) {
        line(text, format_args!("  {name:<21}{shown:>14}"));
    }
}

/// The figures of requests, in the order of the columns.
fn figures(requests: &Requests) -> [String; 6] {
    [
        count(requests.sent),
        count(requests.served),
        count(requests.failed),
        percent(requests.availability),
        millis(requests.p50_ms),
        millis(requests.p99_ms),
    ]
}

fn row(text: &mut String, widest: usize, name: &str, figures: [String; 6]) {
    let [sent, served, failed, available, p50, p99] = figures;
    line(
        text,
        format_args!("  {name:<widest$}{sent:>13}{served:>13}{failed:>11}{available:>11}{p50:>12}{p99:>12}"),
    );
}

fn incident(text: &mut String, incident: &IncidentReport) {
    let IncidentReport { fault, target, at_s, .. } = incident;
    let target = if target.is_empty() { String::new() } else { format!(" {target}") };
    heading(text, &format!("Incident: {fault}{target} at {}", span(*at_s)));
    let moment = |secs: Option<f64>| match secs {
        Some(secs) => format!("{} later, at {}", span(secs - at_s), span(secs)),
        None => "not in this run".into(),
    };
    let length = |secs: Option<f64>| secs.map_or("not known".into(), span);
    for (name, shown) in [
        ("detected", moment(incident.detected_s)),
        ("decided", moment(incident.decided_s)),
        ("restored", moment(incident.restored_s)),
        ("recovery time", length(incident.rto_s)),
        (
            "recovery point",
            if incident.loss.everything { "nothing is left".into() } else { length(incident.rpo_s) },
        ),
        ("writes missing", missing(&incident.loss)),
        ("nobody served", span(incident.unserved_s)),
        ("cost", dollars(incident.outage_usd)),
    ] {
        line(text, format_args!("  {name:<16}{shown}"));
    }
    if let Some(age_s) = incident.restore_point_age_s {
        line(text, format_args!("  {:<16}{} old", "backup used", span(age_s)));
    }
    steps(text, *at_s, &incident.steps);
}

/// "12: 9 set aside, 3 out of reach".
fn missing(loss: &IncidentLoss) -> String {
    let all = [
        (loss.lost, "lost"),
        (loss.undone, "undone"),
        (loss.set_aside, "set aside"),
        (loss.out_of_reach, "out of reach"),
    ];
    let parts: Vec<String> = all
        .iter()
        .filter(|(writes, _)| *writes > 0)
        .map(|(writes, state)| format!("{} {state}", count(*writes)))
        .collect();
    let missing = count(all.iter().map(|(writes, _)| writes).sum());
    if parts.is_empty() { missing } else { format!("{missing}: {}", parts.join(", ")) }
}

fn steps(text: &mut String, fault_s: f64, steps: &[StepReport]) {
    if steps.is_empty() {
        return;
    }
    let widest = steps.iter().map(|step| width(&step.name)).max().unwrap_or(0).max(4);
    line(text, format_args!("  {:<widest$}  {:>14}  {:>14}", "step", "begins after", "takes"));
    for step in steps {
        let begins = span(step.start_s - fault_s);
        let takes = step.end_s.map_or("not over".into(), |end| span(end - step.start_s));
        let waited = step.blocked_by.as_ref().map_or(String::new(), |cause| format!("  waited for {cause}"));
        line(text, format_args!("  {:<widest$}  {begins:>14}  {takes:>14}{waited}", step.name));
    }
}

fn consistency(text: &mut String, consistency: &Consistency) {
    heading(text, "Consistency");
    for (name, number) in [
        ("stale reads", consistency.stale_reads),
        ("own writes not found", consistency.read_your_writes_violations),
        ("reads back in time", consistency.monotonic_violations),
        ("reads sent by tokens", consistency.token_forwards),
        ("collisions", consistency.collisions),
        ("pairs that collided", consistency.collision_pairs),
        ("lost updates", consistency.lost_updates),
        ("written twice", consistency.duplicates),
        ("refused writes", consistency.refused_writes),
        ("merged writes", consistency.merged),
        ("keys that differ", consistency.diverged_keys_at_end),
        ("missing writes", consistency.lost_writes),
        ("stranded writes", consistency.stranded_writes),
        ("keys in ruins", consistency.corrupt_keys),
    ] {
        line(text, format_args!("  {name:<21}{:>14}", count(number)));
    }
    line(text, format_args!("  {:<21}{:>14}", "longest difference", span(consistency.max_divergence_s)));
}

/// The bill of a month beside what the outages have cost.
fn cost(text: &mut String, cost: &Cost) {
    let Cost { monthly_usd, ratio_to_single_region: ratio, as_of, outage_usd, .. } = cost;
    let (monthly, outage) = (dollars(*monthly_usd), dollars(*outage_usd));
    heading(
        text,
        &format!(
            "Cost: {monthly} a month, {ratio:.2} times one region (prices of {as_of}); outages cost {outage}"
        ),
    );
    let widest = cost.items.iter().map(|item| width(item.item)).max().unwrap_or(0).max(4);
    line(
        text,
        format_args!(
            "  {:<widest$}  {:<14}{:>20}{:>12}{:>14}",
            "item", "region", "a month", "USD each", "USD"
        ),
    );
    for CostItem { item, region, quantity, unit, unit_usd, monthly_usd, .. } in &cost.items {
        let quantity = format!("{quantity:.1} {unit}");
        let quantity = quantity.trim_end();
        line(
            text,
            format_args!("  {item:<widest$}  {region:<14}{quantity:>20}{unit_usd:>12}{monthly_usd:>14.2}"),
        );
    }
}

/// Missing writes by name, as many as fit on a screen.
fn lost_writes(text: &mut String, lost: &[String]) {
    const SHOWN: usize = 20;
    if lost.is_empty() {
        return;
    }
    heading(text, "Acknowledged writes that are missing");
    for name in lost.iter().take(SHOWN) {
        line(text, format_args!("  {name}"));
    }
    if let Some(more) = lost.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        line(text, format_args!("  and {more} more"));
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

/// A whole number with commas between the thousands.
pub(crate) fn count(number: u64) -> String {
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

/// Whole US dollars.
fn dollars(usd: f64) -> String {
    format!("{} USD", count(usd.round() as u64))
}

fn percent(share: Option<f64>) -> String {
    // Rounded down: what was not perfect shall not read 100 %.
    share.map_or("–".into(), |share| format!("{:.3} %", (share * 1e5).floor() / 1e3))
}

fn millis(millis: Option<f64>) -> String {
    millis.map_or("–".into(), |millis| format!("{millis:.1} ms"))
}

/// A span of time in the two units that matter: "1 h 5 min", "5 min 2 s", "12.3 s", "80 ms".
pub(crate) fn span(secs: f64) -> String {
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
    use super::*;
    use faultline::run::loss::RunLoss;

    #[test]
    fn spans_are_told_in_the_units_that_matter() {
        let told = [0.0, 0.08, 12.34, 59.96, 302.4, 3599.6, 7260.0, -2.0].map(span);
        assert_eq!(
            told,
            ["0.0 s", "80 ms", "12.3 s", "1 min 0 s", "5 min 2 s", "1 h 0 min", "2 h 1 min", "-2.0 s"]
        );
    }

    fn bill() -> Cost {
        Cost {
            as_of: "2026-09",
            monthly_usd: 2345.4,
            single_region_usd: 1687.0,
            ratio_to_single_region: 1.3903,
            items: vec![CostItem {
                item: "servers",
                region: "us-east-1".into(),
                quantity: 4380.0,
                unit: "h",
                unit_usd: 0.096,
                monthly_usd: 420.48,
                source: "a table of prices",
                confidence: "documented",
            }],
            outage_usd: 1774.4,
        }
    }

    fn sample() -> Report {
        let tally = Requests {
            sent: 1_234_567,
            served: 1_234_560,
            failed: 7,
            availability: Some(0.999_994_3),
            p50_ms: Some(88.12),
            p99_ms: None,
        };
        let step =
            |name: &str, start_s, end_s| StepReport { name: name.into(), start_s, end_s, blocked_by: None };
        let incident = IncidentReport {
            fault: "region-dark".into(),
            target: "us-east-1".into(),
            at_s: 600.0,
            detected_s: Some(631.5),
            decided_s: Some(631.5),
            restored_s: None,
            rto_s: None,
            rpo_s: Some(0.75),
            rpo_at_recovery_s: None,
            loss: IncidentLoss { set_aside: 9, out_of_reach: 3, ..IncidentLoss::default() },
            lost_writes: 12,
            unserved_s: 630.0,
            outage_usd: 1774.4,
            strategy: "backup-restore",
            restore_point_age_s: Some(4200.0),
            blocked_steps: Vec::new(),
            steps: vec![step("detect", 600.0, Some(631.5)), step("promote", 700.0, None)],
        };
        Report {
            scenario: "warm-standby".into(),
            engine: "faultline 0.1.0",
            seed: 7,
            digest: "00ff".into(),
            simulated_s: 7200.0,
            events: 12_000_000,
            weight: 4,
            requests: tally.clone(),
            by_client: [("São Paulo".to_string(), tally)].into(),
            incidents: vec![incident],
            loss: RunLoss::default(),
            consistency: Consistency {
                stale_reads: 1234,
                lost_writes: 12,
                stranded_writes: 0,
                corrupt_keys: 3,
                ..Consistency::default()
            },
            cost: bill(),
        }
    }

    #[test]
    fn a_report_reads_as_lines_of_figures() {
        let text = report("Warm standby in Ireland", &sample(), 1000.0, &["write 7 by Mumbai".into()]);
        for wanted in [
            "Warm standby in Ireland (warm-standby), 2 h 0 min of simulated time\n",
            "faultline 0.1.0, seed 7, digest 00ff\n",
            "12,000,000 events in 1.0 s, 12.0 million a second\n",
            "Requests, of which each stands for 4\n",
            "  sent                      1,234,567\n",
            "  available                  99.999 %\n",
            "Incident: region-dark us-east-1 at 10 min 0 s\n",
            "  detected        31.5 s later, at 10 min 32 s\n",
            "  restored        not in this run\n",
            "  recovery point  750 ms\n",
            "  writes missing  12: 9 set aside, 3 out of reach\n",
            "  nobody served   10 min 30 s\n",
            "  cost            1,774 USD\n",
            "  backup used     1 h 10 min old\n",
            "  keys in ruins                     3\n",
            "  detect            0.0 s          31.5 s\n",
            "  promote      1 min 40 s        not over\n",
            "  São Paulo    1,234,567    1,234,560          7   99.999 %     88.1 ms           –\n",
            "  stale reads                   1,234\n",
            "Cost: 2,345 USD a month, 1.39 times one region (prices of 2026-09); outages cost 1,774 USD\n",
            "  item     region                     a month    USD each           USD\n",
            "  servers  us-east-1                 4380.0 h       0.096        420.48\n",
            "Acknowledged writes that are missing\n  write 7 by Mumbai\n",
        ] {
            assert!(text.contains(wanted), "{wanted} in\n{text}");
        }
    }
}
