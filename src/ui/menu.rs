//! A button that opens a small menu with what can be broken or mended there.
//!
//! The menu is the browser's own popover: it closes with Escape or a click elsewhere and gives the focus back.

use faultline::scene::panels::{Action, FaultChip};
use yew::prelude::*;

use super::ask::{Ask, asks};
use crate::ui::attribute::{text, truth};

/// What a menu says, and the button that opens it.
#[derive(Default)]
pub(crate) struct Menu<'a> {
    /// A name for the menu that no other element has.
    pub(crate) id: String,
    /// What the menu says above its buttons.
    pub(crate) title: &'a str,
    /// A sentence below the title, or empty.
    pub(crate) hint: &'a str,
    /// What can be broken or mended here.
    pub(crate) chips: &'a [FaultChip],
    /// The classes of the button.
    pub(crate) class: Classes,
    /// What a screen reader calls the button, where its content is not enough.
    pub(crate) label: Option<String>,
    /// The hook for tests on the button.
    pub(crate) test: Option<String>,
}

/// The button, with what it shows, and its menu.
pub(crate) fn fault_menu(menu: Menu<'_>, content: Html, on: &Callback<Ask>) -> Html {
    let Menu { id, title, hint, chips, class, label, test } = menu;
    // What is in force comes first: most likely it is to be mended.
    let (active, idle): (Vec<_>, Vec<_>) = chips.iter().partition(|chip| chip.active);
    let buttons = active.into_iter().chain(idle).map(|chip| chip_button(chip, &id, on));
    html! {
        <>
            <button type="button" {class} popovertarget={text(&id)} aria-label={label}
                aria-haspopup="true" data-test={test}>
                { content }
            </button>
            { sheet(&id, title, hint, buttons.collect(), "Nothing to break here just now.") }
        </>
    }
}

/// What a menu opens; `nothing` is said where it has no items.
fn sheet(id: &str, title: &str, hint: &str, items: Vec<Html>, nothing: &'static str) -> Html {
    let heading = format!("{id}-title");
    let empty = items.is_empty();
    html! {
        <div id={text(id)} class="menu" popover="auto" role="group" aria-labelledby={text(&heading)}>
            <p class="menu-title" id={heading}>{ title }</p>
            if !hint.is_empty() { <p class="menu-hint">{ hint }</p> }
            <div class="menu-items">{ for items }</div>
            if empty { <p class="menu-hint">{ nothing }</p> }
        </div>
    }
}

/// A button that opens a menu of orders, each with a sentence about what it costs.
pub(crate) fn order_menu(
    id: &'static str,
    label: &'static str,
    hint: &str,
    orders: &[Action],
    on: &Callback<Ask>,
) -> Html {
    let item = |order: &Action| {
        html! {
            <button key={order.slug.as_str()} type="button" class="menu-item is-order" popovertarget={id} popovertargetaction="hide"
                data-test={format!("order-{}", order.slug)} onclick={asks(on, Ask::App(order.msg.clone()))}>
                <b>{ &order.label }</b><span>{ &order.hint }</span>
            </button>
        }
    };
    html! {
        <>
            <button type="button" class="action" popovertarget={id} aria-haspopup="true" data-test={id}>{ label }</button>
            { sheet(id, label, hint, orders.iter().map(item).collect(), "") }
        </>
    }
}

/// One fault at one place.
fn chip_button(chip: &FaultChip, menu: &str, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::App(chip.msg.clone()));
    let key = format!("{}={}", chip.slug, chip.target);
    html! {
        <button key={key.as_str()} type="button" class={classes!("menu-item", chip.active.then_some("is-active"))} {onclick}
            popovertarget={text(menu)} popovertargetaction="hide" aria-pressed={truth(chip.active)} data-fault={key}>
            <span class="fault-dot" aria-hidden="true"></span>
            <span>{ &chip.label }</span>
            if chip.active { <span class="menu-state">{ "in force: mend" }</span> }
        </button>
    }
}
