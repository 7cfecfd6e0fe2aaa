//! The design that runs, and what else could be chosen: a button for each choice, with its menu.

use faultline::app::features::FEATURES;
use faultline::scene::panels::{Choice, Choices};
use yew::prelude::*;

use super::ask::{Ask, asks};
use super::svg::icon;
use crate::ui::attribute::{text, truth};

/// Strategy, database, who decides, what moves the clients, who may write where, what traffic meets.
pub(crate) fn design(title: &str, choices: &Choices, on: &Callback<Ask>) -> Html {
    let [patterns, rules, sessions, whole, stores, queues] = choices.writing.each_ref().map(Vec::as_slice);
    let feature = |group: usize| (FEATURES[group].title, choices.features[group].as_slice());
    html! {
        <div class="design" role="group" aria-label={format!("Design: {}", title)}>
            { chooser("strategy", "Recovery", "", &[("Recovery", &choices.strategies)], on) }
            { chooser("engine", "Database", "", &[("Database", &choices.engines)], on) }
            { chooser("decider", "Decided by", "", &[("Decided by", &choices.deciders), feature(1)], on) }
            { chooser("cutover", "Clients move by", "", &[("What moves the clients", &choices.cutovers), ("What health checks ask for", &choices.depths), feature(0)], on) }
            { chooser("writes", "Writes", chosen(rules), &[
                ("Who may write where", patterns), ("When two writes collide", rules),
                ("What a session is promised", sessions), ("Where sessions are kept", stores), ("In front of the database", queues), ("Whole designs", whole),
            ], on) }
            { chooser("traffic", "Traffic", "", &[feature(2), feature(3), feature(4)], on) }
        </div>
    }
}

/// What the one that runs is called.
fn chosen(choices: &[Choice]) -> &str {
    choices.iter().find(|choice| choice.active).map_or("", |choice| choice.label.as_str())
}

/// What is chosen, with a little more of it, and the browser's own popover with everything that can be.
fn chooser(
    slug: &'static str,
    name: &'static str,
    more: &str,
    groups: &[(&'static str, &[Choice])],
    on: &Callback<Ask>,
) -> Html {
    let menu = format!("choose-{slug}");
    html! {
        <>
            <button type="button" class="chooser" popovertarget={text(&menu)} aria-haspopup="true" data-test={text(&menu)}>
                <span class="choice-name">{ name }</span><b>{ chosen(groups[0].1) }</b>
                if !more.is_empty() { <span class="choice-more">{ more }</span> }
                { icon("M1.5 3.5 L5 7 L8.5 3.5", "0 0 10 10", "10") }
            </button>
            { sheet(&menu, name, groups, on) }
        </>
    }
}

/// The popover with these choices.
pub(crate) fn sheet(
    menu: &str,
    name: &'static str,
    groups: &[(&'static str, &[Choice])],
    on: &Callback<Ask>,
) -> Html {
    let group = |(title, choices): &(&'static str, &[Choice])| {
        let heading = format!("{menu}-{}", choices.first().map_or("", |choice| choice.slug));
        html! {
            <div key={*title} role="group" aria-labelledby={text(&heading)}>
                <p class="menu-title" id={text(&heading)}>{ *title }</p>
                <div class="menu-items">{ for choices.iter().map(|choice| item(choice, menu, on)) }</div>
            </div>
        }
    };
    html! { <div id={text(menu)} class="menu choices" popover="auto" role="group" aria-label={name}>{ for groups.iter().map(group) }</div> }
}

/// One choice, and what it means. One that is not possible can be read, but not chosen.
fn item(choice: &Choice, menu: &str, on: &Callback<Ask>) -> Html {
    let onclick = (!choice.refused).then(|| asks(on, Ask::App(choice.msg.clone())));
    html! {
        <button key={choice.slug} type="button" class="menu-item choice" {onclick} popovertarget={text(if choice.refused { "" } else { menu })} popovertargetaction="hide"
            aria-pressed={truth(choice.active)} aria-disabled={choice.refused.then_some("true")} data-choice={choice.slug}>
            <span><b>{ &choice.label }</b><small>{ &choice.hint }</small></span>
        </button>
    }
}
