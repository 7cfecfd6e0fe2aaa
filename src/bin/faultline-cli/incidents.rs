//! Outages and incidents for people.

use faultline::observer::loss::Loss;
use faultline::run::report::executions::{ExecutionReport, StepReport};
use faultline::run::report::incidents::{
    IncidentReport, NoIncident, OutageReport, ShareReport, TriggerReport,
};

use crate::figures::{count, dollars, heading, line, percent, span, width};

/// Outages, or degradations: when, how bad, whose.
pub(crate) fn outages(text: &mut String, kind: &str, outages: &[OutageReport]) {
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

/// What belongs to no incident, if anything does.
pub(crate) fn no_incident(text: &mut String, none: &NoIncident) {
    if none.failed > 0 {
        heading(text, "Without an incident");
        line(text, format_args!("  {:<16}{}", "failed", count(none.failed)));
        line(text, format_args!("  {:<16}{}", "nobody served", span(none.unserved_s)));
        line(text, format_args!("  {:<16}{}", "cost", dollars(none.cost_usd)));
    }
}

/// One incident: its figures, what became of writes, and what was done.
pub(crate) fn incident(text: &mut String, incident: &IncidentReport, none: &str) {
    let TriggerReport { kind, target, at_s } = &incident.trigger;
    let target = target.as_ref().map_or(String::new(), |target| format!(" {target}"));
    heading(text, &format!("Incident {}: {kind}{target} at {}", incident.id + 1, span(*at_s)));
    let moment = |secs: Option<f64>| match secs {
        Some(secs) => format!("{} later, at {}", span(secs - at_s), span(secs)),
        None => "not in this run".into(),
    };
    for (name, shown) in [
        ("detected", moment(incident.detected_s)),
        ("decided", moment(incident.decided_s)),
        ("hurt", incident.hurt_after_s.map_or("nobody".into(), |after| format!("{} later", span(after)))),
        ("recovery time", incident.rto_s.map_or("not over".into(), span)),
        ("recovery point", recovery_point(incident)),
        ("writes missing", missing(&incident.loss.counts, none)),
        ("failed", count(incident.failed)),
        ("nobody served", span(incident.unserved_s)),
        ("cost", dollars(incident.cost_usd)),
    ] {
        line(text, format_args!("  {name:<16}{shown}"));
    }
    if incident.sessions_lost > 0 {
        line(text, format_args!("  {:<16}{}", "sessions lost", count(incident.sessions_lost)));
    }
    if incident.return_s > 0.0 {
        line(text, format_args!("  {:<16}{}", "way back", span(incident.return_s)));
    }
    if let Some(age_s) = incident.restore_point_age_s {
        line(text, format_args!("  {:<16}{} old", "backup used", span(age_s)));
    }
    steps(text, *at_s, "by itself", &incident.by_themselves);
    for ExecutionReport { runbook, mode, from, to, state, steps, .. } in &incident.executions {
        line(text, format_args!("  {runbook} from {from} to {to}, {}: {}", mode.slug(), state.slug()));
        self::steps(text, *at_s, "step", steps);
    }
}

/// "750 ms"; "1 min 20 s at recovery, 0.0 s now" if it is another than at the end of the outages.
fn recovery_point(incident: &IncidentReport) -> String {
    let now = match incident.rpo_s {
        None if incident.loss.counts.everything => "nothing is left".into(),
        None => "not known".into(),
        Some(now_s) => span(now_s),
    };
    match incident.rpo_at_recovery_s.map(span).filter(|then| *then != now) {
        Some(then) => format!("{then} at recovery, {now} now"),
        None => now,
    }
}

/// "12: 9 set aside, 3 out of reach".
fn missing(loss: &Loss, none: &str) -> String {
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
    if parts.is_empty() {
        return none.into();
    }
    format!("{}: {}", count(all.iter().map(|(writes, _)| writes).sum()), parts.join(", "))
}

fn steps(text: &mut String, fault_s: f64, head: &str, steps: &[StepReport]) {
    if steps.is_empty() {
        return;
    }
    let widest = steps.iter().map(|step| width(&step.name)).max().unwrap_or(0).max(width(head));
    line(text, format_args!("  {head:<widest$}  {:>14}  {:>14}", "begins after", "takes"));
    for step in steps {
        let begins = span(step.start_s - fault_s);
        let takes = step.end_s.map_or("not over".into(), |end| span(end - step.start_s));
        let waited = step.waits_for.as_ref().map_or(String::new(), |it| format!("  waited for {}", it.text));
        let why = step.why.as_ref().map_or(String::new(), |why| format!("  {why}"));
        line(text, format_args!("  {:<widest$}  {begins:>14}  {takes:>14}{waited}{why}", step.name));
    }
}
