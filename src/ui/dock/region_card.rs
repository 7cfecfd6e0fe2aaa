//! The card of a region: balancer, zones, servers, database. What can be broken is where it is.

use faultline::scene::panels::{ControllerLine, NodeLook, Note, RegionCard, Tone};
use yew::prelude::*;

use super::shelf::shelf;
use super::zone::zone;
use crate::ui::ask::Ask;
use crate::ui::attribute::text;
use crate::ui::menu::{Menu, fault_menu};
use crate::ui::tone;

/// The card.
pub(crate) fn region_card(card: &RegionCard, frame: NodeRef, grids: &[NodeRef], on: &Callback<Ask>) -> Html {
    let zones = card.zones.iter().map(|one| zone(one, grids, on));
    let class = classes!(
        "card",
        "region-card",
        format!("region-{}", card.index),
        tone::class(card.tone),
        card.dark.then_some("is-dark"),
        (!card.built).then_some("is-drawing")
    );
    let marked = |tone: Tone| matches!(tone, Tone::Warning | Tone::Bad).then(|| tone::mark(tone));
    let queued = card.queue.as_ref().map(|queue| (queue, marked(queue.tone)));
    html! {
        <article key={card.code.as_str()} {class} ref={frame} data-test={format!("region-{}", card.code)} data-state={state_word(card)} aria-label={text(&card.label)}>
            { head(card, on) }
            <p class="balancer"><span>{ &card.balancer }</span>{ for card.notes.iter().map(note) }</p>
            <div class="zones">{ for zones }</div>
            if let Some((queue, mark)) = queued {
                <p class={classes!("work-queue", tone::class(queue.tone))} title={text(&queue.hint)} data-test={format!("queue-{}", card.code)}><b>{ "queue" }</b><span>{ &queue.text }</span>{ mark }</p>
            }
            if let Some(line) = &card.controller { { controller(line) } }
            <p class="database"><b>{ &card.database_role }</b><span>{ &card.database_note }</span>{ for card.volume.iter().map(note) }</p>
            { shelf(&card.shelf) }
        </article>
    }
}

/// The nodes of the failover controller, and what they say.
fn controller(line: &ControllerLine) -> Html {
    let node = |(index, node): (usize, &NodeLook)| {
        let d = match node {
            NodeLook::Sees => "M2 6 a4 4 0 1 1 8 0 a4 4 0 1 1 -8 0 M4 6 a2 2 0 1 1 4 0 a2 2 0 1 1 -4 0",
            NodeLook::Rests => "M4 2 V10 M8 2 V10",
            NodeLook::Blind => "M2 6 a4 4 0 1 1 8 0 a4 4 0 1 1 -8 0",
            NodeLook::Votes => "M1.5 6.5 L4.5 9.5 L10.5 2.5",
            NodeLook::Decided => "M1 6 H11 M7 2 L11 6 L7 10",
            NodeLook::Dark => "M2.5 2.5 L9.5 9.5 M9.5 2.5 L2.5 9.5",
        };
        html! {
            <svg key={index} class="icon" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
                <path {d} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" />
            </svg>
        }
    };
    html! {
        <p class={classes!("work-queue", "controller", tone::class(line.tone))} title={text(&line.hint)}>
            <b>{ "controller" }</b><i>{ for line.nodes.iter().enumerate().map(node) }</i><span>{ &line.text }</span>
        </p>
    }
}

/// A short word about what the region has or lacks.
fn note(note: &Note) -> Html {
    let marked = matches!(note.tone, Tone::Warning | Tone::Bad).then(|| tone::mark(note.tone));
    html! { <b class={classes!("fact", tone::class(note.tone))} title={text(&note.hint)}>{ marked }{ &note.text }</b> }
}

/// The head of the card is the button of its menu.
fn head(card: &RegionCard, on: &Callback<Ask>) -> Html {
    let menu = Menu {
        id: format!("region-menu-{}", card.code),
        title: &card.code,
        hint: "What should happen to this region?",
        chips: &card.faults,
        class: "card-head".into(),
        ..Menu::default()
    };
    let content = html! {
        <>
            <span class="card-swatch" aria-hidden="true"></span>
            <span class="card-code">{ &card.code }</span>
            <span class="card-name">{ &card.name }</span>
            <span class={classes!("pill", tone::class(card.tone))}>{ tone::mark(card.tone) }{ &card.state }</span>
            <span class="for-readers">{ "Break or mend" }</span>
        </>
    };
    fault_menu(menu, content, on)
}

/// The card's state in one word, for tests.
fn state_word(card: &RegionCard) -> &'static str {
    match (card.dark, card.tone) {
        (true, _) => "dark",
        (false, Tone::Warning | Tone::Bad) => "degraded",
        (false, Tone::Plain | Tone::Muted | Tone::Good) => "healthy",
    }
}
