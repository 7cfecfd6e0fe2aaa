//! The design that runs, and what else could be chosen: a button for each choice, with its menu.

use faultline::scene::Panels;
use faultline::scene::panels::Choice;
use yew::prelude::*;

use super::ask::{Ask, asks};
use crate::ui::html::{html, truth};

/// Strategy, database, who decides.
pub(crate) fn design(panels: &Panels, on: &Callback<Ask>) -> Html {
    html! {
        <div class="design" role="group" aria-label={format!("Design: {}", panels.title)}>
            { chooser("strategy", "Recovery", &panels.strategies, on) }
            { chooser("engine", "Database", &panels.engines, on) }
            { chooser("decider", "Decided by", &panels.deciders, on) }
            <p class="design-writes"><span class="choice-name">{ "Writes" }</span><b>{ &panels.write_pattern }</b></p>
        </div>
    }
}

/// What is chosen, and the browser's own popover with everything that can be.
fn chooser(slug: &'static str, name: &'static str, choices: &[Choice], on: &Callback<Ask>) -> Html {
    let chosen = choices.iter().find(|choice| choice.active).map_or("", |choice| choice.label.as_str());
    let menu = format!("choose-{slug}");
    let heading = format!("{menu}-title");
    let items = choices.iter().map(|choice| item(choice, &menu, on));
    html! {
        <button type="button" class="chooser" popovertarget={&menu} aria-haspopup="true" data-test={&menu}>
            <span class="choice-name">{ name }</span><b>{ chosen }</b>
            <svg class="icon" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
                <path d="M1.5 3.5 L5 7 L8.5 3.5" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
            </svg>
        </button>
        <div id={&menu} class="menu" popover="auto" role="group" aria-labelledby={&heading}>
            <p class="menu-title" id={heading}>{ name }</p>
            <div class="menu-items">{ for items }</div>
        </div>
    }
}

/// One choice, and what it means.
fn item(choice: &Choice, menu: &str, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::App(choice.msg.clone()));
    html! {
        <button key={choice.slug} type="button" class="menu-item choice" {onclick} popovertarget={menu} popovertargetaction="hide"
            aria-pressed={truth(choice.active)} data-choice={choice.slug}>
            <span><b>{ &choice.label }</b><small>{ &choice.hint }</small></span>
        </button>
    }
}
