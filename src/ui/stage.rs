//! The map: land and moving things on canvases, links, leaders and names in SVG, buttons where something can be broken.

pub(crate) mod curve;
pub(crate) mod geometry;
pub(crate) mod labels;
mod drawing;
mod travel;

use std::rc::Rc;

use faultline::scene::Panels;
use faultline::scene::panels::{Action, ClientRow, LinkView, Place, Question, RegionCard, Tone};
use web_sys::HtmlElement;
use yew::prelude::*;

use self::drawing::{names, ways};
use self::geometry::Geometry;
use super::ask::{Ask, asks, hears};
use super::menu::{Menu, fault_menu, order_menu};
use super::nodes::Nodes;
use super::panel::{Around, Given, Panel, panel, show};
use super::prose::prose;
use super::svg::{draw, icon};
use super::tone;
use crate::ui::attribute::text;

/// The map, and what can be done beside it.
pub(crate) fn stage(given: &Given) -> Html {
    html! { <section class="stage" aria-label="Map">{ show(&MAP, given) }{ show(&LEVER, given) }</section> }
}

static MAP: Panel = panel!(map: [panels.regions, panels.places, panels.links], [panels.clients, panels.transport.slow_motion, panels.welcome], [geometry]);
static LEVER: Panel = panel!(
    lever: [panels.question, panels.decision, panels.big_button], [panels.restore_points, panels.homes, panels.actions],
    [panels.moves, panels.releases, panels.mends], [panels.welcome]
);

/// What is on the map: regions, places, links.
type OnMap<'a> = (&'a Vec<RegionCard>, &'a Vec<Place>, &'a Vec<LinkView>);

/// The map and what lies on it.
fn map(
    on_map: OnMap<'_>,
    (clients, slow, welcome): (&Vec<ClientRow>, &Option<String>, &bool),
    geometry: &Rc<Geometry>,
    around: Around<'_>,
) -> Html {
    let ((regions, places, links), (nodes, on)) = (on_map, around);
    let marks = regions.iter().filter_map(|card| region_pin(card, places, geometry, around));
    let badges = links.iter().enumerate().filter_map(|(index, link)| link_pin(index, link, geometry, around));
    let pull = travel::pulling(clients, geometry, &nodes.stage, on);
    html! {
            <div class="map" ref={nodes.stage.clone()} onpointerdown={pull.clone()} onpointermove={pull.clone()} onpointerup={pull}>
                <canvas class="layer" ref={nodes.land.clone()} aria-hidden="true"></canvas>
                { ways(on_map, geometry) }
                <canvas class="layer moving" ref={nodes.moving.clone()} data-test="stage" aria-hidden="true"></canvas>
                { names(on_map, geometry) }
                <div class="pins">{ for marks }{ for badges }</div>
                if *welcome {
                    <p class="slow-motion is-welcome" role="note" data-test="welcome">{ "A simulation for teams on AWS: break a region, watch the recovery, see what it costs." }</p>
                } else if let Some(why) = slow { <p class="slow-motion" role="note">{ clock() }{ why }</p> }
            </div>
    }
}

/// More buttons that mend than these are in a menu; beside a question more than one.
const MOST_MENDS: usize = 2;

/// Puts the pins where they belong. Positions go through the CSSOM: the page's policy forbids style attributes.
pub(crate) fn place_pins(panels: &Panels, geometry: &Geometry, nodes: &Nodes) {
    for (card, pin) in panels.regions.iter().zip(&nodes.pins) {
        if let Some(spot) = region_spot(card, &panels.places, geometry) {
            place_pin(pin, spot);
        }
    }
    for (spot, badge) in geometry.links.iter().zip(&nodes.badges) {
        place_pin(badge, *spot);
    }
}

/// Centres a pin on a point of the map.
fn place_pin(pin: &NodeRef, (x, y): (f64, f64)) {
    if let Some(element) = pin.cast::<HtmlElement>() {
        let style = element.style();
        let _ = style.set_property("left", &draw("#px", &[x]));
        let _ = style.set_property("top", &draw("#px", &[y]));
    }
}

/// The big red button; once it is pressed, what else can be asked for.
fn lever(
    (asked, decision, big): (&Option<Question>, &Option<Action>, &Option<Action>),
    (restore_points, homes, actions): (&Vec<Action>, &Vec<Action>, &Vec<Action>),
    (moves, releases, mends): (&Vec<Action>, &Vec<Action>, &Vec<Action>),
    welcome: &bool,
    (nodes, on): Around<'_>,
) -> Html {
    // The button goes away once it is pressed; the focus stays where what can be done next appears.
    let onclick = hears(on, |_: &MouseEvent| {
        super::notice::focus("lever");
        Some(Ask::BigButton)
    });
    let more = [moves.as_slice(), releases.as_slice()].concat();
    let most_mends = MOST_MENDS - usize::from(asked.is_some());
    html! {
        <div class="lever" id="lever" ref={nodes.lever.clone()} tabindex="-1" role="group" aria-label="What to do now">
            if let Some(asked) = asked { { question(asked, on) } }
            // Where data is ruined, the restore is what the stage is about.
            if let Some(owed) = decision {
                <button type="button" class="big-button is-decision" data-test="action-decide" onclick={asks(on, Ask::App(owed.msg.clone()))}>{ &owed.label }</button>
                <p class="lever-hint is-owed">{ prose(&owed.hint) }</p>
            } else {
                if let Some(action) = big.as_ref().filter(|_| restore_points.is_empty()) {
                    <button type="button" class="big-button" data-test="break-button" {onclick}>
                        if *welcome { <small>{ "Start here" }</small> }
                        { &action.label }
                    </button>
                    <p class="lever-hint">{ &action.hint }</p>
                }
            }
            if !restore_points.is_empty() {
                { order_menu("restore", "Restore from a backup…", "Each moment, and what going back to it loses.", restore_points, on) }
            }
            if !homes.is_empty() {
                { order_menu("move-home", "Move a home…", "Whose users, and where their writes go from then on.", homes, on) }
            }
            { for actions.iter().map(|action| action_button(action, on)) }
            if !more.is_empty() {
                { order_menu("more", "More orders…", "Regions to leave, clients to send elsewhere, releases, runbooks.", &more, on) }
            }
            if mends.len() > most_mends {
                { order_menu("mend", "Mend…", "What was broken, to be put right.", mends, on) }
            } else {
                { for mends.iter().map(|action| action_button(action, on)) }
            }
        </div>
    }
}

/// What a runbook asks: each answer with its consequence.
fn question(asked: &Question, on: &Callback<Ask>) -> Html {
    let answer = |answer: &Action| {
        html! {
            <button key={answer.slug.as_str()} type="button" class="answer" data-test={format!("action-{}", answer.slug)} onclick={asks(on, Ask::App(answer.msg.clone()))}>
                <b>{ prose(&answer.label) }</b><span>{ prose(&answer.hint) }</span>
            </button>
        }
    };
    html! {
        <div class="question" role="group" aria-labelledby="question-title" data-test="question">
            <h2 id="question-title">{ tone::mark(Tone::Warning) }<span>{ prose(&asked.title) }</span></h2>
            <p>{ prose(&asked.text) }</p>
            { for asked.answers.iter().map(answer) }
        </div>
    }
}

/// Something that can be asked for now.
fn action_button(action: &Action, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::App(action.msg.clone()));
    html! {
        <button key={action.slug.as_str()} type="button" class="action" title={text(&action.hint)} data-test={format!("action-{}", action.slug)} {onclick}>
            { prose(&action.label) }
        </button>
    }
}

/// Where a region is on the map.
fn region_spot(card: &RegionCard, places: &[Place], geometry: &Geometry) -> Option<(f64, f64)> {
    let place = places.iter().position(|place| place.region == Some(card.index))?;
    geometry.spots.get(place).map(|spot| (spot.x, spot.y))
}

/// The place of a region: a button with its faults.
fn region_pin(
    card: &RegionCard,
    places: &[Place],
    geometry: &Geometry,
    (nodes, on): Around<'_>,
) -> Option<Html> {
    region_spot(card, places, geometry)?;
    let menu = Menu {
        id: format!("place-{}", card.code),
        title: &card.code,
        hint: &card.name,
        chips: &card.faults,
        class: classes!("region-pin", format!("region-{}", card.index)),
        label: Some(format!("Break {}", card.code)),
        test: None,
    };
    let pin = nodes.pins.get(card.index)?.clone();
    Some(
        html! { <div key={card.code.as_str()} class="pin" ref={pin}>{ fault_menu(menu, Html::default(), on) }</div> },
    )
}

/// The badge of a link: its lag or what was never sent; a button with its faults. Where links crowd the map it is a dot
/// while all is well, and where there is no room either, it is not there.
fn link_pin(index: usize, link: &LinkView, geometry: &Geometry, (nodes, on): Around<'_>) -> Option<Html> {
    geometry.links.get(index)?;
    let calm = link.tone == Tone::Good;
    if geometry.crowded && geometry.narrow && calm {
        return None;
    }
    let text = if link.queue_text.is_empty() { &link.lag_text } else { &link.queue_text };
    let shown = match (geometry.crowded, geometry.narrow) {
        (false, _) => text.as_str(),
        (true, false) => &link.short,
        (true, true) => "",
    };
    let id = format!("link-{index}");
    let menu = Menu {
        id: id.clone(),
        title: &link.label,
        hint: if geometry.crowded { text } else { "" },
        chips: &link.faults,
        class: classes!("link-badge", tone::class(link.tone), shown.is_empty().then_some("is-dot")),
        label: Some(format!("Link {}. {}", link.label, if shown.is_empty() { text } else { shown })),
        test: Some(id.clone()),
    };
    let pin = nodes.badges.get(index)?.clone();
    Some(html! { <div key={id} class="pin" ref={pin}>{ fault_menu(menu, html! { { shown } }, on) }</div> })
}

/// A small clock for slow motion.
fn clock() -> Html {
    icon("M8 1.8 A6.2 6.2 0 1 1 8 14.2 A6.2 6.2 0 1 1 8 1.8 M8 4.6 V8 L10.4 9.6", "0 0 16 16", "14")
}
