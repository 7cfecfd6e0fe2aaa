//! Beside the map: the two objectives, what is happening now, and tabs for the rest.

mod objectives;
mod headline;
mod figures;
mod journal;
mod cities;
mod lost;
mod why;

use std::rc::Rc;

use faultline::scene::Panels;
use yew::prelude::*;

use self::cities::Cities;
use self::figures::{Figures, LATEST};
use self::headline::HeadlineBox;
use self::journal::Journal;
use self::lost::LostWrites;
use self::objectives::Objectives;
use super::ask::{Ask, Tab};
use super::prose::prose;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) panels: Rc<Panels>,
    pub(crate) tab: Tab,
    pub(crate) on: Callback<Ask>,
}

/// The column.
#[function_component(Aside)]
pub(crate) fn aside(props: &Props) -> Html {
    let panels = &props.panels;
    html! {
        <aside class="side" aria-label="What is happening and how it goes">
            <HeadlineBox headline={panels.headline.clone()} why={why_now(panels)} />
            <Objectives scores={panels.objectives.clone()} rto={panels.timeline.rto.clone()} rpo={panels.timeline.rpo.clone()} />
            <div class="tabs" role="tablist" aria-label="More">{ for Tab::ALL.into_iter().map(|tab| tab_button(tab, props)) }</div>
            { panel(Tab::Figures, props, html! { <Figures scores={panels.scores.clone()} latest={panels.journal.iter().take(LATEST).cloned().collect::<Vec<_>>()} /> }) }
            { panel(Tab::Journal, props, html! { <Journal lines={panels.journal.clone()} on={props.on.clone()} /> }) }
            { panel(Tab::Cities, props, html! { <Cities rows={panels.clients.clone()} /> }) }
            { panel(Tab::Lost, props, html! { <LostWrites names={panels.lost_writes.clone()} total={panels.lost_writes_total} /> }) }
            { panel(Tab::Text, props, html! { <p class="description">{ prose(&panels.description) }</p> }) }
        </aside>
    }
}

/// Why it is so: the chain of the newest line of the journal that has one.
fn why_now(panels: &Panels) -> Vec<String> {
    panels.journal.iter().find(|line| !line.why.is_empty()).map(|line| line.why.clone()).unwrap_or_default()
}

/// A tab. Arrow keys move between them, as everywhere.
fn tab_button(tab: Tab, props: &Props) -> Html {
    let chosen = tab == props.tab;
    let onclick = props.on.reform(move |_: MouseEvent| Ask::Tab(tab));
    let onkeydown = {
        let on = props.on.clone();
        Callback::from(move |event: KeyboardEvent| {
            let here = Tab::ALL.iter().position(|other| *other == tab).unwrap_or(0);
            let count = Tab::ALL.len();
            let next = match event.key().as_str() {
                "ArrowRight" => Tab::ALL[(here + 1) % count],
                "ArrowLeft" => Tab::ALL[(here + count - 1) % count],
                _ => return,
            };
            event.prevent_default();
            super::notice::focus(&format!("tab-{}", next.slug()));
            on.emit(Ask::Tab(next));
        })
    };
    let count = match tab {
        Tab::Lost if props.panels.lost_writes_total > 0 => {
            html! { <span class="tab-count">{ props.panels.lost_writes_total }</span> }
        }
        Tab::Lost | Tab::Figures | Tab::Journal | Tab::Cities | Tab::Text => Html::default(),
    };
    html! {
        <button key={tab.slug()} type="button" role="tab" id={format!("tab-{}", tab.slug())} class="tab" aria-selected={chosen.to_string()}
            aria-controls={format!("panel-{}", tab.slug())} tabindex={if chosen { "0" } else { "-1" }} {onclick} {onkeydown}>{ tab.label() }{ count }</button>
    }
}

/// What a tab shows. All are there, so that the text twin and the journal can be read without looking for them.
fn panel(tab: Tab, props: &Props, content: Html) -> Html {
    html! {
        <div role="tabpanel" id={format!("panel-{}", tab.slug())} class={classes!("tab-panel", tab.slug())} aria-labelledby={format!("tab-{}", tab.slug())}
            hidden={tab != props.tab} tabindex="0">{ content }</div>
    }
}
