//! Clients for people: how often they asked, and who still holds an old answer.

use faultline::run::report::{OldAnswersReport, Retries};

use crate::figures::{count, heading, line, span};

/// How often clients asked for the same, if they did.
pub(crate) fn retries(text: &mut String, retries: &Retries) {
    let shown = |ratio: Option<f64>| ratio.map_or("–".into(), |ratio| format!("{ratio:.2}"));
    if retries.worst_minute.is_some_and(|ratio| ratio >= 1.005) {
        line(text, format_args!("  {:<21}{:>14}", "attempts a request", shown(retries.attempts_per_request)));
        line(text, format_args!("  {:<21}{:>14}", "in the worst minute", shown(retries.worst_minute)));
    }
    for (name, held) in
        [("held by the budget", retries.held_by_budget), ("held by a breaker", retries.held_by_breaker)]
    {
        if held > 0 {
            line(text, format_args!("  {name:<21}{:>14}", count(held)));
        }
    }
}

/// Who still holds an old answer at the end, if anybody does.
pub(crate) fn old_answers(text: &mut String, held: &OldAnswersReport) {
    let counts =
        [("resolvers", held.resolvers), ("clients", held.clients), ("open connections", held.connections)];
    if counts.iter().all(|(_, count)| *count == 0) {
        return;
    }
    let until = held.until_s.map_or("restarted".into(), span);
    heading(text, "Old answers at the end");
    for (name, held) in counts {
        line(text, format_args!("  {name:<21}{:>14}", count(held)));
    }
    line(text, format_args!("  {:<21}{until:>14}", "the last until"));
}
