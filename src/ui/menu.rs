//! A button that opens a small menu with what can be broken or mended there.
//!
//! The menu is the browser's own popover: it closes with Escape or a click elsewhere and gives the focus back.

use faultline::scene::panels::FaultChip;
use yew::prelude::*;

use super::ask::Ask;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// A name for the menu that no other element has.
    pub(crate) id: AttrValue,
    /// What the menu says above its buttons.
    pub(crate) title: AttrValue,
    /// A sentence below the title, or empty.
    #[prop_or_default]
    pub(crate) hint: AttrValue,
    /// What can be broken or mended here.
    pub(crate) chips: Vec<FaultChip>,
    /// The classes of the button.
    #[prop_or_default]
    pub(crate) class: Classes,
    /// What a screen reader calls the button, where its content is not enough.
    #[prop_or_default]
    pub(crate) label: Option<AttrValue>,
    /// The hook for tests on the button.
    #[prop_or_default]
    pub(crate) test: Option<AttrValue>,
    pub(crate) on: Callback<Ask>,
    /// What the button shows.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// The button and its menu.
#[function_component(FaultMenu)]
pub(crate) fn fault_menu(props: &Props) -> Html {
    // What is in force comes first: most likely it is to be mended.
    let (active, idle): (Vec<_>, Vec<_>) = props.chips.iter().partition(|chip| chip.active);
    let chips = active.into_iter().chain(idle).map(|chip| chip_button(chip, &props.id, &props.on));
    let heading = format!("{}-title", props.id);
    html! {
        <>
            <button type="button" class={props.class.clone()} popovertarget={props.id.clone()} aria-label={props.label.clone()}
                aria-haspopup="true" data-test={props.test.clone()}>
                { props.children.clone() }
            </button>
            <div id={props.id.clone()} class="menu" popover="auto" role="group" aria-labelledby={heading.clone()}>
                <p class="menu-title" id={heading}>{ &props.title }</p>
                if !props.hint.is_empty() { <p class="menu-hint">{ &props.hint }</p> }
                <div class="menu-items">{ for chips }</div>
                if props.chips.is_empty() { <p class="menu-hint">{ "Nothing to break here just now." }</p> }
            </div>
        </>
    }
}

/// One fault at one place.
fn chip_button(chip: &FaultChip, menu: &AttrValue, on: &Callback<Ask>) -> Html {
    let onclick = on.reform({
        let msg = chip.msg.clone();
        move |_: MouseEvent| Ask::App(msg.clone())
    });
    let key = format!("{}={}", chip.slug, chip.target);
    html! {
        <button key={key.clone()} type="button" class={classes!("menu-item", chip.active.then_some("is-active"))} {onclick}
            popovertarget={menu.clone()} popovertargetaction="hide" aria-pressed={chip.active.to_string()} data-fault={key}>
            <span class="fault-dot" aria-hidden="true"></span>
            <span>{ &chip.label }</span>
            if chip.active { <span class="menu-state">{ "in force: mend" }</span> }
        </button>
    }
}
