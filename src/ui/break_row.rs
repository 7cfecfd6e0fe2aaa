//! The row of chips below the map: every fault there is, for people who look for buttons and for keyboards.

use faultline::scene::panels::FaultGroup;
use yew::prelude::*;

use super::ask::Ask;
use super::menu::FaultMenu;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) groups: Vec<FaultGroup>,
    pub(crate) on: Callback<Ask>,
}

/// "Break", and one chip for each kind of fault.
#[function_component(BreakRow)]
pub(crate) fn break_row(props: &Props) -> Html {
    let chips = props.groups.iter().map(|group| chip(group, &props.on));
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
    html! {
        <FaultMenu key={group.slug} id={format!("break-{}", group.slug)} title={group.label.clone()} hint={group.hint.clone()}
            chips={group.chips.clone()} class={classes!("chip", (active > 0).then_some("is-active"))}
            test={format!("fault-{}", group.slug)} on={on.clone()}>
            <span class="fault-dot" aria-hidden="true"></span>
            <span>{ short(group) }</span>
            if active > 0 { <span class="chip-count">{ format!("{active} on") }</span> }
        </FaultMenu>
    }
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
