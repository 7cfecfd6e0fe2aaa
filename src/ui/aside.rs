//! Beside the map: the two objectives, what is happening now, and tabs for the rest.

mod objectives;
mod bill;
mod headline;
mod figures;
mod journal;
mod cities;
mod lost;
mod writes;
mod why;

use faultline::scene::Panels;
use faultline::scene::panels::{Action, Tone};
use faultline::scene::words::number;
use yew::prelude::*;

use self::bill::bill;
use self::cities::cities;
use self::figures::figures;
use self::headline::headline_box;
use self::journal::journal;
use self::lost::lost_writes;
use self::objectives::objectives;
use self::writes::writes;
use super::ask::{Ask, Tab, asks, hears};
use super::prose::prose;
use crate::ui::attribute::{text, truth};
use crate::ui::tone;

/// The column.
pub(crate) fn aside(panels: &Panels, shown: Tab, on: &Callback<Ask>) -> Html {
    html! {
        <aside class="side" aria-label="What is happening and how it goes">
            { headline_box(&panels.headline, why_now(panels)) }
            { objectives(&panels.objectives, &panels.timeline) }
            if let (Some(counting), Some(finely)) = (&panels.counting, &panels.finely) { { steps(counting, finely, on) } }
            <div class="tabs" role="tablist" aria-label="More">{ for Tab::ALL.into_iter().map(|tab| tab_button(tab, tab == shown, panels, on)) }</div>
            { for Tab::ALL.into_iter().map(|tab| panel(tab, tab == shown, content(tab, panels, on))) }
        </aside>
    }
}

/// In which steps it is counted, and the button that leaves them.
fn steps(counting: &str, finely: &Action, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::App(finely.msg.clone()));
    html! {
        <div class="counting">
            <span data-test="counting">{ counting }</span>
            <button type="button" class="chip" title={text(&finely.hint)} data-test="run-finely" {onclick}>{ &finely.label }</button>
        </div>
    }
}

/// What a tab shows.
fn content(tab: Tab, panels: &Panels, on: &Callback<Ask>) -> Html {
    match tab {
        Tab::Figures => figures(&panels.scores, &panels.journal),
        Tab::Journal => journal(&panels.journal, on),
        Tab::Cities => cities(&panels.clients, on),
        Tab::Cost => bill(&panels.bill),
        Tab::Writes => panels.writes.as_ref().map(|ledger| writes(ledger, on)).unwrap_or_default(),
        Tab::Lost => lost_writes(&panels.lost_writes, &panels.lost_writes_note, panels.lost_writes_more),
        Tab::Text => html! { <p class="description">{ prose(&panels.description) }</p> },
    }
}

/// Why it is so: the chain of the newest line of the journal that has one.
fn why_now(panels: &Panels) -> &[String] {
    panels.journal.iter().map(|line| line.why.as_slice()).find(|why| !why.is_empty()).unwrap_or_default()
}

/// A tab. Arrow keys move between them, as everywhere.
fn tab_button(tab: Tab, chosen: bool, panels: &Panels, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::Tab(tab));
    let onkeydown = hears(on, move |event: &KeyboardEvent| {
        let here = Tab::ALL.iter().position(|other| *other == tab).unwrap_or(0);
        let count = Tab::ALL.len();
        let next = match event.key().as_str() {
            "ArrowRight" => Tab::ALL[(here + 1) % count],
            "ArrowLeft" => Tab::ALL[(here + count - 1) % count],
            _ => return None,
        };
        event.prevent_default();
        super::notice::focus(&format!("tab-{}", next.slug()));
        Some(Ask::Tab(next))
    });
    let count = match tab {
        Tab::Lost if panels.lost_writes_total > 0 => {
            let count = number::count(panels.lost_writes_total);
            html! { <><span class="tab-mark">{ tone::mark(Tone::Bad) }</span><span class="for-readers">{ count }</span></> }
        }
        Tab::Lost | Tab::Figures | Tab::Journal | Tab::Cities | Tab::Writes | Tab::Cost | Tab::Text => {
            Html::default()
        }
    };
    html! {
        <button key={tab.slug()} type="button" role="tab" id={format!("tab-{}", tab.slug())} class="tab" aria-selected={truth(chosen)}
            aria-controls={format!("panel-{}", tab.slug())} tabindex={if chosen { "0" } else { "-1" }} {onclick} {onkeydown}>{ tab.label() }{ count }</button>
    }
}

/// The panel of a tab. All are there, so that the text twin and the journal can be read without looking for them.
fn panel(tab: Tab, chosen: bool, content: Html) -> Html {
    html! {
        <div role="tabpanel" id={format!("panel-{}", tab.slug())} class={classes!("tab-panel", tab.slug())} aria-labelledby={format!("tab-{}", tab.slug())}
            hidden={!chosen} tabindex="0">{ content }</div>
    }
}
