//! The incidents of a run, the newest last: one of them is what scores, headline and timeline show.

use faultline::scene::panels::{IncidentRow, Tone};
use yew::prelude::*;

use super::ask::{Ask, asks, hears};
use super::notice::focus;
use super::panel::{Around, Panel, panel};
use crate::ui::attribute::{text, truth};
use crate::ui::prose::prose;
use crate::ui::tone;

/// The list; nothing as long as there are not two to choose from: of one, headline and scores tell all.
pub(crate) static INCIDENTS: Panel = panel!(incidents: panels.incidents);

fn incidents(rows: &[IncidentRow], (_, on): Around<'_>) -> Html {
    if rows.len() < 2 {
        return Html::default();
    }
    html! {
        <div class="incidents" role="group" aria-label="Incidents, the newest last" data-test="incidents">
            { for rows.iter().map(|row| incident(row, rows.len(), on)) }
        </div>
    }
}

/// One of them. Arrow keys move between them.
fn incident(row: &IncidentRow, count: usize, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::App(row.msg.clone()));
    let number = row.number;
    let onkeydown = hears(on, move |event: &KeyboardEvent| {
        let next = match event.key().as_str() {
            "ArrowDown" | "ArrowRight" => number % count + 1,
            "ArrowUp" | "ArrowLeft" => (number + count - 2) % count + 1,
            _ => return None,
        };
        event.prevent_default();
        event.stop_propagation();
        focus(&id(next));
        None
    });
    let missing =
        (row.tone != Tone::Good || row.missing != "no write missing").then_some(row.missing.as_str());
    html! {
        <button key={row.number} type="button" id={id(row.number)} class={classes!("incident", tone::class(row.tone), row.shown.then_some("is-shown"))}
            aria-pressed={truth(row.shown)} title={text(&row.label)} {onclick} {onkeydown}>
            <span class="incident-number">{ row.number.to_string() }</span>
            <span class="incident-title">{ prose(&row.title) }</span>
            <span class="incident-state">{ tone::mark(row.tone) }{ row.state }</span>
            <span class="incident-figures"><span>{ &row.rto }</span><span>{ &row.rpo }</span>
                if let Some(missing) = missing { <span>{ missing }</span> }
            </span>
            <span class="incident-at">{ &row.at_text }</span>
        </button>
    }
}

fn id(number: usize) -> String {
    format!("incident-{number}")
}
