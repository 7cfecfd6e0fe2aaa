//! The row of chips below the map: every fault there is, for people who look for buttons and for keyboards.

use faultline::scene::panels::FaultGroup;
use yew::prelude::*;

use super::ask::Ask;
use super::menu::{Menu, fault_menu};
use crate::ui::html::{classes, html};

/// "Break", and one chip for each kind of fault.
pub(crate) fn break_row(groups: &[FaultGroup], on: &Callback<Ask>) -> Html {
    let chips = groups.iter().map(|group| chip(group, on));
    html! {
        <section class="break-row" aria-label="Break something">
            <h2 class="quiet-label">{ "Break" }</h2>
            <div class="break-chips">{ for chips }</div>
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
            <span>{ short(group) }</span>
            if active > 0 { <span class="chip-count">{ format!("{active} on") }</span> }
        </>
    };
    html! { <key={group.slug}>{ fault_menu(menu, content, on) }</> }
}

/// What fits on a chip; the menu has the whole name.
fn short(group: &FaultGroup) -> &str {
    match group.slug {
        "region-dark" => "Region",
        "primary-database" => "Database",
        "link-cut" => "Cut link",
        "link-slow" => "Slow link",
        "dns-control-plane" => "DNS control",
        "load-surge" => "Surge",
        "bad-deploy" => "Bad deploy",
        _ => &group.label,
    }
}
