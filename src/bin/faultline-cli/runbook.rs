//! Runbooks in the terminal: their names, or one as a table.

use crate::load::load;
use faultline::model::plan::Plan;
use faultline::model::runbook::Need;
use faultline::model::runbooks::Step;
use faultline::model::{Place, Problem, Runbook};

/// The names of a scenario's runbooks with what starts them.
pub(crate) fn list(scenario: &str) -> Result<String, Vec<Problem>> {
    let plan = Plan::new(&load(scenario)?, 0);
    let rows = plan.runbooks.iter().map(|book| vec![book.name.clone(), starts(&plan, book)]);
    Ok(table(std::iter::once(vec!["runbook".into(), "starts".into()]).chain(rows).collect()))
}

/// One runbook as a table.
pub(crate) fn show(name: &str, scenario: &str) -> Result<String, Vec<Problem>> {
    let plan = Plan::new(&load(scenario)?, 0);
    let Some(book) = plan.runbooks.iter().find(|book| book.name == name) else {
        let names: Vec<&str> = plan.runbooks.iter().map(|book| book.name.as_str()).collect();
        let allowed = format!("a runbook of {scenario}: {}", names.join(", "));
        return Err(vec![Problem::new("runbook show", format!("\"{name}\""), allowed)]);
    };
    let head = ["step", "action", "on", "after", "needs", "takes", "if they are not met"].map(String::from);
    let rows = book.steps.iter().map(|step| row(&plan, book, step));
    let steps = table(std::iter::once(head.to_vec()).chain(rows).collect());
    Ok(format!(
        "{} ({}), starts {}, decided by {}\n{steps}",
        book.name,
        book.mode.slug(),
        starts(&plan, book),
        book.decider.slug()
    ))
}

fn starts(plan: &Plan, book: &Runbook) -> String {
    let orders: Vec<&str> = book.orders.iter().map(|order| order.slug()).collect();
    let orders = if orders.is_empty() { String::new() } else { format!(", by {}", orders.join(" or ")) };
    format!("{} ({}), given {}{orders}", book.when.slug(), place(plan, book.region), book.given.slug())
}

fn place(plan: &Plan, place: Place) -> String {
    match place {
        Place::Owner => "owner".into(),
        Place::Target => "target".into(),
        Place::AllOthers => "all-others".into(),
        Place::Region(region) => plan.region_code(region).into(),
    }
}

fn row(plan: &Plan, book: &Runbook, step: &Step) -> Vec<String> {
    let after: Vec<&str> = step.after.iter().map(|it| book.steps[usize::from(*it)].name.as_str()).collect();
    let needs: Vec<&str> = step.needs.iter().copied().map(Need::slug).collect();
    let takes: Vec<String> = step.takes_s.iter().map(|span| format!("{}", **span)).collect();
    let takes = if takes.is_empty() { "as set".into() } else { format!("{} s", takes.join(" to ")) };
    let past = if step.no_return { ", no return" } else { "" };
    let dash = |text: String| if text.is_empty() { "-".into() } else { text };
    vec![
        step.name.clone(),
        step.action.slug().into(),
        place(plan, step.on),
        dash(after.join(", ")),
        dash(needs.join(", ")),
        takes,
        format!("{}{past}", step.otherwise.slug()),
    ]
}

/// Columns as wide as what is widest in each.
fn table(rows: Vec<Vec<String>>) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let widest = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        format!("  {}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
