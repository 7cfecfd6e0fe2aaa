//! The row of chips below the map: every fault there is, for people who look for buttons and for keyboards.

use faultline::scene::panels::FaultGroup;
use yew::prelude::*;

use super::ask::Ask;
use super::menu::{Menu, fault_menu};

/// "Break", and one chip for each kind of fault; those that are seldom asked for are behind one more.
pub(crate) fn break_row(groups: &[FaultGroup], on: &Callback<Ask>) -> Html {
    let (rare, usual): (Vec<_>, Vec<_>) = groups.iter().partition(|group| group.rare);
    let active = rare.iter().flat_map(|group| &group.chips).filter(|chip| chip.active).count();
    html! {
        <section class="break-row" aria-label="Break something">
            <h2 class="quiet-label">{ "Break" }</h2>
            <div class="break-chips">
                { for usual.into_iter().map(|group| chip(group, on)) }
                <button type="button" class={classes!("chip", (active > 0).then_some("is-active"))} popovertarget="break-more"
                    aria-haspopup="true" data-test="fault-more">
                    <span>{ "More…" }</span>
                    if active > 0 { <span class="chip-count">{ format!("{active} on") }</span> }
                </button>
                <div id="break-more" class="menu" popover="auto" role="group" aria-label="More to break">
                    <p class="menu-title">{ "Checks, backups, zones" }</p>
                    <div class="break-chips">{ for rare.into_iter().map(|group| chip(group, on)) }</div>
                </div>
            </div>
        </section>
    }
}

/// The chip of a kind of fault: its menu lists the places.
fn chip(group: &FaultGroup, on: &Callback<Ask>) -> Html {
    let active = group.chips.iter().filter(|chip| chip.active).count();
    let menu = Menu {
        id: format!("break-{}", group.slug),
        title: &group.label,
        hint: &group.hint,
        chips: &group.chips,
        class: classes!("chip", (active > 0).then_some("is-active")),
        label: None,
        test: Some(format!("fault-{}", group.slug)),
    };
    let content = html! {
        <>
            <span class="fault-dot" aria-hidden="true"></span>
            <span>{ group.short }</span>
            if active > 0 { <span class="chip-count">{ format!("{active} on") }</span> }
        </>
    };
    html! { <key={group.slug}>{ fault_menu(menu, content, on) }</> }
}
