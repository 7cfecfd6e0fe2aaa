//! The report for people: figures in columns, incidents with their steps, every city.

use std::fmt::Write;

use faultline::run::cost::{Cost, CostItem};
use faultline::run::loss::IncidentLoss;
use faultline::run::report::incidents::{
    ExecutionReport, IncidentReport, NoIncident, OutageReport, ShareReport, StepReport, TriggerReport,
};
use faultline::run::report::requests::Requests;
use faultline::run::report::{Consistency, Report};

/// The whole report.
pub(crate) fn report(title: &str, report: &Report, wall_ms: f64, lost: &[String]) -> String {
    let mut text = String::new();
    let simulated = span(report.simulated_s);
    line(&mut text, format_args!("{title} ({}), {simulated} of simulated time", report.scenario));
    line(&mut text, format_args!("{}, seed {}, digest {}", report.engine, report.seed, report.digest));
    let rate = report.events as f64 / wall_ms.max(0.001) / 1000.0;
    let (events, wall) = (count(report.events), span(wall_ms / 1000.0));
    line(&mut text, format_args!("{events} events in {wall}, {rate:.1} million a second"));
    requests(&mut text, report.step, &report.requests);
    outages(&mut text, "Outage", &report.outages);
    outages(&mut text, "Degradation", &report.degradations);
    if report.incidents.is_empty() {
        heading(&mut text, "No incidents");
    }
    for incident in &report.incidents {
        self::incident(&mut text, incident);
    }
    no_incident(&mut text, &report.no_incident);
    heading(&mut text, "By city");
    let widest = report.by_client.keys().map(|name| width(name)).max().unwrap_or(0).max(4);
    row(&mut text, widest, "city", ["sent", "served", "failed", "available", "p50", "p99"].map(String::from));
    for (name, tally) in &report.by_client {
        row(&mut text, widest, name, figures(&tally.requests));
    }
    consistency(&mut text, &report.consistency);
    cost(&mut text, &report.cost);
    lost_writes(&mut text, lost);
    text
}

fn requests(text: &mut String, step: u64, requests: &Requests) {
    heading(
        text,
        &match step {
            1 => "Requests".into(),
            step => format!("Requests, counted in steps of {step}"),
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

/// Outages, or degradations: when, how bad, whose.
fn outages(text: &mut String, kind: &str, outages: &[OutageReport]) {
    for outage in outages {
        let OutageReport { start_s, end_s, worst, failed, clients, shares, .. } = outage;
        let lasted = end_s.map_or("not over".into(), |end| span(end - start_s));
        heading(text, &format!("{kind} at {}: {lasted}", span(*start_s)));
        let share = |share: &ShareReport| match share.incident {
            Some(incident) => format!("{} of incident {}", count(share.failed), incident + 1),
            None => format!("{} of none", count(share.failed)),
        };
        let shares: Vec<String> = shares.iter().map(share).collect();
        for (name, shown) in [
            ("failed", count(*failed)),
            ("because", shares.join(", ")),
            ("worst", format!("{} served in ten seconds", percent(Some(*worst)))),
            ("cities", clients.keys().cloned().collect::<Vec<_>>().join(", ")),
        ] {
            if !shown.is_empty() {
                line(text, format_args!("  {name:<16}{shown}"));
            }
        }
    }
}

fn no_incident(text: &mut String, none: &NoIncident) {
    if none.failed > 0 {
        heading(text, "Without an incident");
        line(text, format_args!("  {:<16}{}", "failed", count(none.failed)));
        line(text, format_args!("  {:<16}{}", "nobody served", span(none.unserved_s)));
        line(text, format_args!("  {:<16}{}", "cost", dollars(none.cost_usd)));
    }
}

fn incident(text: &mut String, incident: &IncidentReport) {
    let TriggerReport { kind, target, at_s } = &incident.trigger;
    let target = target.as_ref().map_or(String::new(), |target| format!(" {target}"));
    heading(text, &format!("Incident {}: {kind}{target} at {}", incident.id + 1, span(*at_s)));
    let moment = |secs: Option<f64>| match secs {
        Some(secs) => format!("{} later, at {}", span(secs - at_s), span(secs)),
        None => "not in this run".into(),
    };
    let length = |secs: Option<f64>| secs.map_or("not known".into(), span);
    for (name, shown) in [
        ("detected", moment(incident.detected_s)),
        ("decided", moment(incident.decided_s)),
        ("hurt", incident.hurt_after_s.map_or("nobody".into(), |after| format!("{} later", span(after)))),
        ("recovery time", incident.rto_s.map_or("not over".into(), span)),
        (
            "recovery point",
            if incident.loss.everything { "nothing is left".into() } else { length(incident.rpo_s) },
        ),
        ("writes missing", missing(&incident.loss)),
        ("failed", count(incident.failed)),
        ("nobody served", span(incident.unserved_s)),
        ("cost", dollars(incident.cost_usd)),
    ] {
        line(text, format_args!("  {name:<16}{shown}"));
    }
    if incident.return_s > 0.0 {
        line(text, format_args!("  {:<16}{}", "way back", span(incident.return_s)));
    }
    if let Some(age_s) = incident.restore_point_age_s {
        line(text, format_args!("  {:<16}{} old", "backup used", span(age_s)));
    }
    steps(text, *at_s, "by itself", &incident.by_themselves);
    for ExecutionReport { runbook, mode, from, to, state, steps, .. } in &incident.executions {
        line(text, format_args!("  {runbook} from {from} to {to}, {mode}: {state}"));
        self::steps(text, *at_s, "step", steps);
    }
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

fn steps(text: &mut String, fault_s: f64, head: &str, steps: &[StepReport]) {
    if steps.is_empty() {
        return;
    }
    let widest = steps.iter().map(|step| width(step.name)).max().unwrap_or(0).max(width(head));
    line(text, format_args!("  {head:<widest$}  {:>14}  {:>14}", "begins after", "takes"));
    for step in steps {
        let begins = span(step.start_s - fault_s);
        let takes = step.end_s.map_or("not over".into(), |end| span(end - step.start_s));
        let waited = step.waits_for.as_ref().map_or(String::new(), |it| format!("  waited for {}", it.text));
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
    use faultline::run::report::CityRequests;
    use faultline::run::report::requests::Latency;
    use std::collections::BTreeMap;

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
            sent: 1_234_568,
            attempts: 1_234_600,
            served: 1_234_560,
            failed: 8,
            in_flight: 0,
            availability: Some(0.999_993_5),
            p50_ms: Some(88.12),
            p99_ms: None,
            read: Latency::default(),
            write: Latency::default(),
        };
        let step = |name, start_s, end_s| StepReport {
            name,
            action: name,
            on: None,
            after: Vec::new(),
            start_s,
            end_s,
            state: "running",
            why: None,
            waits_for: None,
        };
        let execution = ExecutionReport {
            id: 1,
            runbook: "fail-over",
            mode: "ungraceful",
            from: "us-east-1".into(),
            to: "eu-west-1".into(),
            start_s: 631.5,
            end_s: None,
            state: "running",
            steps: vec![step("promote", 700.0, None)],
        };
        let incident = IncidentReport {
            id: 0,
            trigger: TriggerReport {
                kind: "region-dark".into(),
                target: Some("us-east-1".into()),
                at_s: 600.0,
            },
            after: None,
            open: true,
            cleared_s: None,
            detected_s: Some(631.5),
            decided_s: Some(631.5),
            restored_s: None,
            hurt_after_s: Some(0.25),
            rto_s: None,
            return_s: 0.0,
            rto_by_client: BTreeMap::new(),
            rpo_s: Some(0.75),
            failed: 8,
            rpo_at_recovery_s: None,
            loss: IncidentLoss { set_aside: 9, out_of_reach: 3, ..IncidentLoss::default() },
            lost_writes: 12,
            unserved_s: 630.0,
            cost_usd: 1774.4,
            outages: vec![0],
            executions: vec![execution],
            by_themselves: vec![step("detect", 600.0, Some(631.5))],
            restore_point_age_s: Some(4200.0),
        };
        let outage = OutageReport {
            id: 0,
            start_s: 600.25,
            end_s: None,
            worst: 0.25,
            failed: 8,
            clients: BTreeMap::new(),
            shares: vec![ShareReport { incident: Some(0), failed: 8 }],
        };
        let city = CityRequests { requests: tally.clone(), failed_by: BTreeMap::new() };
        Report {
            scenario: "warm-standby".into(),
            engine: "faultline 0.1.0",
            seed: 7,
            digest: "00ff".into(),
            simulated_s: 7200.0,
            events: 12_000_000,
            step: 4,
            requests: tally,
            by_client: [("São Paulo".to_string(), city)].into(),
            outages: vec![outage],
            degradations: Vec::new(),
            incidents: vec![incident],
            no_incident: NoIncident { failed: 0, unserved_s: 0.0, cost_usd: 0.0 },
            unserved_s: 630.0,
            cost_usd: 1774.4,
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
            "Requests, counted in steps of 4\n",
            "  sent                      1,234,568\n",
            "  available                  99.999 %\n",
            "Outage at 10 min 0 s: not over\n",
            "  because         8 of incident 1\n",
            "Incident 1: region-dark us-east-1 at 10 min 0 s\n",
            "  detected        31.5 s later, at 10 min 32 s\n",
            "  recovery time   not over\n",
            "  recovery point  750 ms\n",
            "  writes missing  12: 9 set aside, 3 out of reach\n",
            "  nobody served   10 min 30 s\n",
            "  cost            1,774 USD\n",
            "  backup used     1 h 10 min old\n",
            "  keys in ruins                     3\n",
            "  detect              0.0 s          31.5 s\n",
            "  fail-over from us-east-1 to eu-west-1, ungraceful: running\n",
            "  promote      1 min 40 s        not over\n",
            "  São Paulo    1,234,568    1,234,560          8   99.999 %     88.1 ms           –\n",
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
