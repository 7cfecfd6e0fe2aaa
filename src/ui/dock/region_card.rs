//! The card of a region: balancer, zones, servers, database. What can be broken is where it is.

use faultline::scene::panels::{Note, RegionCard, Tone};
use yew::prelude::*;

use crate::ui::ask::Ask;
use crate::ui::attribute::text;
use crate::ui::menu::{Menu, fault_menu};
use crate::ui::parts::backups::shelf;
use crate::ui::parts::controller::controller;
use crate::ui::parts::database::engine;
use crate::ui::parts::work_queue::work_queue;
use crate::ui::parts::zone::zone;
use crate::ui::region::swatch;
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
    html! {
        <article key={card.code.as_str()} {class} ref={frame} data-test={format!("region-{}", card.code)} data-state={state_word(card)} aria-label={text(&card.label)}>
            { head(card, on) }
            <p class="balancer"><span>{ &card.balancer }</span>{ for card.notes.iter().map(note) }</p>
            <div class="zones">{ for zones }</div>
            if let Some(queue) = &card.queue { { work_queue(queue, &card.code) } }
            if let Some(line) = &card.controller { { controller(line) } }
            <p class="database">{ for card.engine.map(engine) }<b>{ &card.database_role }</b><span>{ &card.database_note }</span>{ for card.volume.iter().map(note) }</p>
            { shelf(&card.shelf) }
        </article>
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
            { swatch(card.index) }
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
