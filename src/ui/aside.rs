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

use faultline::scene::panels::{Action, Headline, JournalLine, Tone};
use faultline::scene::words::number;
use yew::prelude::*;

use self::bill::bill;
use self::cities::cities;
use self::figures::figures;
use self::headline::headline_box;
use self::journal::journal;
use self::lost::lost_writes;
use self::objectives::OBJECTIVES;
use self::writes::writes;
use super::ask::{Ask, Tab, asks, hears};
use super::panel::{Around, Given, Panel, panel, show};
use super::prose::prose;
use crate::ui::attribute::{text, truth};
use crate::ui::tone;

/// The column.
pub(crate) fn aside(given: &Given) -> Html {
    let shown = given.tab;
    html! {
        <aside class="side" aria-label="What is happening and how it goes">
            { show(&HEADLINE, given) }
            { show(&OBJECTIVES, given) }
            { show(&STEPS, given) }
            { show(&TABS, given) }
            { for Tab::ALL.into_iter().map(|tab| tab_panel(tab, tab == shown, show(content(tab), given))) }
        </aside>
    }
}

static HEADLINE: Panel = panel!(headline: panels.headline, panels.journal);
static STEPS: Panel = panel!(steps: panels.counting, panels.finely);
static TABS: Panel = panel!(tabs: tab, panels.lost_writes_total);
static FIGURES: Panel = panel!(figures: panels.scores, panels.journal);
static JOURNAL: Panel = panel!(journal: panels.journal);
static CITIES: Panel = panel!(cities: panels.clients);
static COST: Panel = panel!(bill: panels.bill);
static WRITES: Panel = panel!(writes: panels.writes);
static LOST: Panel =
    panel!(lost_writes: panels.lost_writes, panels.lost_writes_note, panels.lost_writes_more);
static TEXT: Panel = panel!(description: panels.description);

/// What a tab shows.
fn content(tab: Tab) -> &'static Panel {
    match tab {
        Tab::Figures => &FIGURES,
        Tab::Journal => &JOURNAL,
        Tab::Cities => &CITIES,
        Tab::Cost => &COST,
        Tab::Writes => &WRITES,
        Tab::Lost => &LOST,
        Tab::Text => &TEXT,
    }
}

fn description(words: &str, _: Around<'_>) -> Html {
    html! { <p class="description">{ prose(words) }</p> }
}

/// What happens now. Why it is so: the chain of the newest line of the journal that has one.
fn headline(headline: &Headline, journal: &[JournalLine], _: Around<'_>) -> Html {
    let chain = journal.iter().map(|line| line.why.as_slice()).find(|why| !why.is_empty());
    headline_box(headline, chain.unwrap_or_default())
}

fn tabs(shown: &Tab, missing: &u64, (_, on): Around<'_>) -> Html {
    html! {
        <div class="tabs" role="tablist" aria-label="More">{ for Tab::ALL.into_iter().map(|tab| tab_button(tab, tab == *shown, *missing, on)) }</div>
    }
}

/// In which steps it is counted, and the button that leaves them.
fn steps(counting: &Option<String>, finely: &Option<Action>, (_, on): Around<'_>) -> Html {
    let Some((counting, finely)) = counting.as_ref().zip(finely.as_ref()) else { return Html::default() };
    let onclick = asks(on, Ask::App(finely.msg.clone()));
    html! {
        <div class="counting">
            <span data-test="counting">{ counting }</span>
            <button type="button" class="chip" title={text(&finely.hint)} data-test="run-finely" {onclick}>{ &finely.label }</button>
        </div>
    }
}

/// A tab. Arrow keys move between them, as everywhere.
fn tab_button(tab: Tab, chosen: bool, missing: u64, on: &Callback<Ask>) -> Html {
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
        Tab::Lost if missing > 0 => {
            let count = number::count(missing);
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
fn tab_panel(tab: Tab, chosen: bool, content: Html) -> Html {
    html! {
        <div role="tabpanel" id={format!("panel-{}", tab.slug())} class={classes!("tab-panel", tab.slug())} aria-labelledby={format!("tab-{}", tab.slug())}
            hidden={!chosen} tabindex="0">{ content }</div>
    }
}
