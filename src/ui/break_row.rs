//! What can be broken, below the map: a menu for each area, and beside it what is asked for most.

use faultline::scene::panels::FaultGroup;
use faultline::scene::words::fault::Area;
use yew::prelude::*;

use super::ask::Ask;
use super::menu::{Menu, fault_menu};
use super::panel::{Around, Panel, panel};

/// "Break", and an area after the other.
pub(crate) static BREAK_ROW: Panel = panel!(break_row: panels.faults);

fn break_row(groups: &[FaultGroup], (_, on): Around<'_>) -> Html {
    html! {
        <section class="break-row" aria-label="Break something">
            <h2 class="quiet-label">{ "Break" }</h2>
            <div class="areas">{ for Area::ALL.into_iter().map(|one| area(one, groups, on)) }</div>
        </section>
    }
}

/// The menu of an area, and its faults that are in sight.
fn area(area: Area, groups: &[FaultGroup], on: &Callback<Ask>) -> Html {
    let (usual, other): (Vec<_>, Vec<_>) =
        groups.iter().filter(|group| group.area == area).partition(|group| group.usual);
    let active = other.iter().flat_map(|group| &group.chips).filter(|chip| chip.active).count();
    let id = format!("break-{}", area.slug());
    html! {
        <div key={area.slug()} class="area" role="group" aria-label={area.title()}>
            if other.is_empty() {
                <span class="area-name">{ area.title() }</span>
            } else {
                <button type="button" class={classes!("chip", "area-name", (active > 0).then_some("is-active"))} popovertarget={id.clone()}
                    aria-haspopup="true" data-test={format!("area-{}", area.slug())} title="What else can be broken here">
                    <span>{ area.title() }</span>
                    if active > 0 { { count(active) } }
                </button>
                <div {id} class="menu" popover="auto" role="group" aria-label={area.title()}>
                    <p class="menu-title">{ area.title() }</p>
                    <div class="break-chips">{ for other.into_iter().map(|group| chip(group, on)) }</div>
                </div>
            }
            { for usual.into_iter().map(|group| chip(group, on)) }
        </div>
    }
}

/// How many are in force.
fn count(active: usize) -> Html {
    html! { <span class="chip-count">{ format!("{active} on") }</span> }
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
            if active > 0 { { count(active) } }
        </>
    };
    html! { <key={group.slug}>{ fault_menu(menu, content, on) }</> }
}
