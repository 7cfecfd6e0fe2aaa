//! The report for people: figures in columns, incidents with their steps, every city.

use faultline::run::cost::{Cost, CostItem};
use faultline::run::report::requests::Requests;
use faultline::run::report::{Consistency, Report};

use crate::backups::{backups, not_copied};
use crate::clients::{old_answers, retries};
use crate::figures::{count, dollars, heading, line, millis, percent, span, width};
use crate::incidents::{incident, no_incident, outages};

/// The whole report, with missing writes by name. `none` is what is said if no write is missing: "0", or "under 20".
pub(crate) fn report(title: &str, report: &Report, lost: &[String], none: &str) -> String {
    let mut text = String::new();
    let simulated = span(report.simulated_s);
    line(&mut text, format_args!("{title} ({}), {simulated} of simulated time", report.scenario));
    line(&mut text, format_args!("{}, seed {}, digest {}", report.engine, report.seed, report.digest));
    let wall_ms = report.wall_ms.unwrap_or_default();
    let rate = report.events as f64 / wall_ms.max(0.001) / 1000.0;
    let (events, wall) = (count(report.events), span(wall_ms / 1000.0));
    line(&mut text, format_args!("{events} events in {wall}, {rate:.1} million a second"));
    requests(&mut text, report.step, &report.requests);
    retries(&mut text, &report.retries);
    outages(&mut text, "Outage", &report.outages);
    outages(&mut text, "Degradation", &report.degradations);
    if report.incidents.is_empty() {
        heading(&mut text, "No incidents");
    }
    for incident in &report.incidents {
        self::incident(&mut text, incident, none);
    }
    no_incident(&mut text, &report.no_incident);
    heading(&mut text, "By city");
    let widest = report.by_client.keys().map(|name| width(name)).max().unwrap_or(0).max(4);
    let heads = ["sent", "served", "failed", "available", "p50", "p99"].map(String::from);
    row(&mut text, widest, report.step, "city", heads);
    for (name, tally) in &report.by_client {
        row(&mut text, widest, report.step, name, figures(&tally.requests));
    }
    old_answers(&mut text, &report.old_answers);
    consistency(&mut text, &report.consistency, none);
    backups(&mut text, &report.backups);
    not_copied(&mut text, &report.not_copied);
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
    for (name, shown) in names.into_iter().zip(figures(requests)).take(told(step)) {
        line(text, format_args!("  {name:<21}{shown:>14}"));
    }
    if requests.sessions_lost > 0 {
        line(text, format_args!("  {:<21}{:>14}", "sessions lost", count(requests.sessions_lost)));
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

/// How many of the figures are told: if one request stands for several, times to answer are not those of real ones.
const fn told(step: u64) -> usize {
    if step > 1 { 4 } else { 6 }
}

fn row(text: &mut String, widest: usize, step: u64, name: &str, figures: [String; 6]) {
    let columns = figures.iter().zip([13, 13, 11, 11, 12, 12]).take(told(step));
    let cells: String = columns.map(|(figure, wide)| format!("{figure:>wide$}")).collect();
    line(text, format_args!("  {name:<widest$}{cells}"));
}

/// Reads of the two kinds before that broke nothing but for a loss: told of only if there are some.
const BY_LOSS: &str = "of these, for a loss";

fn consistency(text: &mut String, consistency: &Consistency, none: &str) {
    heading(text, "Consistency");
    for (name, number) in [
        ("stale reads", consistency.stale_reads),
        ("own writes not found", consistency.read_your_writes_violations),
        ("reads back in time", consistency.monotonic_violations),
        (BY_LOSS, consistency.violations_by_loss),
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
        if (name, number) == (BY_LOSS, 0) {
            continue;
        }
        let shown = if (name, number) == ("missing writes", 0) { none.into() } else { count(number) };
        line(text, format_args!("  {name:<21}{shown:>14}"));
    }
    line(text, format_args!("  {:<21}{:>14}", "longest difference", span(consistency.max_divergence_s)));
}

/// The bill of a month beside what the outages have cost.
fn cost(text: &mut String, cost: &Cost) {
    let Cost { monthly_usd, single_region_usd, ratio_to_single_region: ratio, as_of, outage_usd, .. } = cost;
    let [monthly, single, outage] = [*monthly_usd, *single_region_usd, *outage_usd].map(dollars);
    heading(
        text,
        &format!(
            "Cost: {monthly} a month, {ratio:.2} × the same system in one region, {single} (prices of {as_of}); outages cost {outage}"
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
        // A price for a row is worked out, and has no last digit.
        let unit_usd = (unit_usd * 1e6).round() / 1e6;
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

#[cfg(test)]
mod tests {
    use super::*;
    use faultline::model::runbook::Mode;
    use faultline::observer::loss::Loss;
    use faultline::run::loss::{IncidentLoss, RunLoss};
    use faultline::run::report::executions::{ExecutionReport, ExecutionState, StepReport, StepState};
    use faultline::run::report::incidents::{
        IncidentReport, NoIncident, OutageReport, ShareReport, TriggerReport,
    };
    use faultline::run::report::requests::Latency;
    use faultline::run::report::{CityRequests, OldAnswersReport, Retries};
    use std::collections::BTreeMap;

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

    fn tally() -> Requests {
        Requests {
            sent: 1_234_568,
            attempts: 1_234_600,
            served: 1_234_560,
            failed: 8,
            sessions_lost: 0,
            in_flight: 0,
            availability: Some(0.999_993_5),
            p50_ms: Some(88.12),
            p99_ms: None,
            read: Latency::default(),
            write: Latency::default(),
        }
    }

    fn step(name: &'static str, start_s: f64, end_s: Option<f64>) -> StepReport {
        StepReport {
            name: name.into(),
            action: name,
            on: None,
            after: Vec::new(),
            start_s,
            end_s,
            state: StepState::Running,
            why: None,
            waits_for: None,
        }
    }

    fn failover() -> ExecutionReport {
        ExecutionReport {
            id: 1,
            runbook: "fail-over".into(),
            mode: Mode::Ungraceful,
            from: "us-east-1".into(),
            to: "eu-west-1".into(),
            start_s: 631.5,
            end_s: None,
            state: ExecutionState::Running,
            steps: vec![step("promote", 700.0, None)],
        }
    }

    fn darkness() -> IncidentReport {
        let target = Some("us-east-1".into());
        IncidentReport {
            id: 0,
            trigger: TriggerReport { kind: "region-dark".into(), target, at_s: 600.0 },
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
            sessions_lost: 0,
            rpo_at_recovery_s: Some(80.0),
            loss: IncidentLoss {
                counts: Loss { set_aside: 9, out_of_reach: 3, ..Loss::default() },
                ..IncidentLoss::default()
            },
            lost_writes: 12,
            unserved_s: 630.0,
            cost_usd: 1774.4,
            outages: vec![0],
            executions: vec![failover()],
            by_themselves: vec![step("detect", 600.0, Some(631.5))],
            restore_point_age_s: Some(4200.0),
        }
    }

    fn outage() -> OutageReport {
        OutageReport {
            id: 0,
            start_s: 600.25,
            end_s: None,
            worst: 0.25,
            failed: 8,
            clients: BTreeMap::new(),
            shares: vec![ShareReport { incident: Some(0), failed: 8 }],
        }
    }

    fn sample() -> Report {
        let city = CityRequests { requests: tally(), failed_by: BTreeMap::new() };
        Report {
            scenario: "warm-standby".into(),
            engine: "faultline 0.1.0",
            seed: 7,
            digest: "00ff".into(),
            simulated_s: 7200.0,
            events: 12_000_000,
            wall_ms: Some(1000.0),
            step: 4,
            requests: tally(),
            retries: Retries {
                attempts_per_request: Some(1.265),
                worst_minute: Some(2.984),
                worst_minute_end_s: Some(700.0),
                held_by_budget: 0,
                held_by_breaker: 12_000,
            },
            old_answers: OldAnswersReport {
                resolvers: 3,
                clients: 24,
                until_restarted: true,
                ..Default::default()
            },
            by_client: [("São Paulo".to_string(), city)].into(),
            outages: vec![outage()],
            degradations: Vec::new(),
            incidents: vec![darkness()],
            no_incident: NoIncident { failed: 0, unserved_s: 0.0, cost_usd: 0.0 },
            unserved_s: 630.0,
            cost_usd: 1774.4,
            loss: RunLoss::default(),
            queues: Vec::new(),
            topics: Vec::new(),
            backups: Vec::new(),
            not_copied: BTreeMap::new(),
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
        let text = report("Warm standby in Ireland", &sample(), &["write 7 by Mumbai".into()], "under 4");
        for wanted in [
            "Warm standby in Ireland (warm-standby), 2 h 0 min of simulated time\n",
            "faultline 0.1.0, seed 7, digest 00ff\n",
            "12,000,000 events in 1.0 s, 12.0 million a second\n",
            "Requests, counted in steps of 4\n",
            "  sent                      1,234,568\n",
            "  available                  99.999 %\n",
            "  attempts a request             1.26\n  in the worst minute            2.98\n",
            "  held by a breaker            12,000\n\nOutage at 10 min 0 s: not over\n",
            "Old answers at the end\n  resolvers                         3\n  clients                          24\n",
            "  open connections                  0\n  the last until            restarted\n",
            "  because         8 of incident 1\n",
            "Incident 1: region-dark us-east-1 at 10 min 0 s\n",
            "  detected        31.5 s later, at 10 min 32 s\n",
            "  recovery time   not over\n",
            "  recovery point  1 min 20 s at recovery, 750 ms now\n",
            "  writes missing  12: 9 set aside, 3 out of reach\n",
            "  nobody served   10 min 30 s\n",
            "  cost            1,774 USD\n",
            "  backup used     1 h 10 min old\n",
            "  keys in ruins                     3\n",
            "  detect              0.0 s          31.5 s\n",
            "  fail-over from us-east-1 to eu-west-1, ungraceful: running\n",
            "  promote      1 min 40 s        not over\n",
            "  São Paulo    1,234,568    1,234,560          8   99.999 %\n",
            "  stale reads                   1,234\n",
            "Cost: 2,345 USD a month, 1.39 × the same system in one region, 1,687 USD (prices of 2026-09); outages cost 1,774 USD\n",
            "  item     region                     a month    USD each           USD\n",
            "  servers  us-east-1                 4380.0 h       0.096        420.48\n",
            "Acknowledged writes that are missing\n  write 7 by Mumbai\n",
        ] {
            assert!(text.contains(wanted), "{wanted} in\n{text}");
        }
        assert!(!text.contains("answered within") && !text.contains("p99"), "in steps of 4:\n{text}");
    }

    #[test]
    fn at_step_1_times_to_answer_are_told_and_in_coarser_ones_none_is_under_one_step() {
        let mut sample = Report { step: 1, ..sample() };
        (sample.incidents[0].loss, sample.consistency.lost_writes) = (IncidentLoss::default(), 0);
        let text = report("", &sample, &[], "0");
        for wanted in [
            "  half answered within        88.1 ms\n",
            "  São Paulo    1,234,568    1,234,560          8   99.999 %     88.1 ms           –\n",
            "  writes missing  0\n",
            "  missing writes                    0\n",
        ] {
            assert!(text.contains(wanted), "{wanted} in\n{text}");
        }
        let text = report("", &Report { step: 20, ..sample }, &[], "under 20");
        for wanted in
            ["  writes missing  under 20\n", "  missing writes             under 20\n", "in steps of 20\n"]
        {
            assert!(text.contains(wanted), "{wanted} in\n{text}");
        }
    }
}
