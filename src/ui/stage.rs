//! The map: land and moving things on canvases, links, leaders and names in SVG, buttons where something can be broken.

pub(crate) mod curve;
pub(crate) mod geometry;
pub(crate) mod labels;
mod drawing;
mod pin;

use std::rc::Rc;

use faultline::scene::panels::{Action, LinkView, Place, RegionCard};
use yew::prelude::*;

use self::drawing::{Names, Ways};
use self::geometry::Geometry;
use self::pin::Pin;
use super::ask::Ask;
use super::menu::FaultMenu;
use super::prose::prose;
use super::tone;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) places: Vec<Place>,
    pub(crate) links: Vec<LinkView>,
    pub(crate) regions: Vec<RegionCard>,
    pub(crate) big_button: Option<Action>,
    pub(crate) actions: Vec<Action>,
    pub(crate) slow_motion: Option<AttrValue>,
    pub(crate) geometry: Rc<Geometry>,
    /// The box that holds it all; its size is measured.
    pub(crate) frame: NodeRef,
    /// The canvas of the land.
    pub(crate) land: NodeRef,
    /// The canvas of what moves.
    pub(crate) moving: NodeRef,
    pub(crate) on: Callback<Ask>,
}

/// The map and what lies on it.
#[function_component(Stage)]
pub(crate) fn stage(props: &Props) -> Html {
    let dark: Vec<bool> = props.regions.iter().map(|card| card.dark).collect();
    let marks = props.regions.iter().filter_map(|card| region_pin(card, props));
    let badges = props.links.iter().enumerate().filter_map(|(index, link)| link_pin(index, link, props));
    html! {
        <section class="stage" aria-label="Map">
            <div class="map" ref={props.frame.clone()}>
                <canvas class="layer" ref={props.land.clone()} aria-hidden="true"></canvas>
                <Ways dark={dark.clone()} places={props.places.clone()} links={props.links.clone()} geometry={props.geometry.clone()} />
                <canvas class="layer moving" ref={props.moving.clone()} data-test="stage" aria-hidden="true"></canvas>
                <Names {dark} places={props.places.clone()} links={props.links.clone()} geometry={props.geometry.clone()} />
                <div class="pins">{ for marks }{ for badges }</div>
                if let Some(why) = &props.slow_motion { <p class="slow-motion" role="note">{ clock() }{ why }</p> }
            </div>
            { lever(props) }
        </section>
    }
}

/// The big red button; once it is pressed, what else can be asked for.
fn lever(props: &Props) -> Html {
    html! {
        <div class="lever" id="lever" tabindex="-1" role="group" aria-label="What to do now">
            if let Some(action) = &props.big_button {
                <button type="button" class="big-button" data-test="break-button" onclick={props.on.reform(|_: MouseEvent| {
                    // The button goes away once it is pressed; the focus stays where what can be done next appears.
                    super::notice::focus("lever");
                    Ask::BigButton
                })}>
                    { &action.label }
                </button>
                <p class="lever-hint">{ &action.hint }</p>
            }
            { for props.actions.iter().map(|action| action_button(action, &props.on)) }
        </div>
    }
}

/// Something that can be asked for now.
fn action_button(action: &Action, on: &Callback<Ask>) -> Html {
    let msg = action.msg.clone();
    let onclick = on.reform(move |_: MouseEvent| Ask::App(msg.clone()));
    html! {
        <button key={action.slug.clone()} type="button" class="action" title={action.hint.clone()} data-test={format!("action-{}", action.slug)} {onclick}>
            { prose(&action.label) }
        </button>
    }
}

/// The place of a region: a button with its faults.
fn region_pin(card: &RegionCard, props: &Props) -> Option<Html> {
    let place = props.places.iter().position(|place| place.region == Some(card.index))?;
    let spot = props.geometry.spots.get(place)?;
    Some(html! {
        <Pin key={card.code.clone()} x={spot.x} y={spot.y}>
            <FaultMenu id={format!("place-{}", card.code)} title={card.code.clone()} hint={card.name.clone()} chips={card.faults.clone()}
                class={classes!("region-pin", format!("region-{}", card.index))} label={format!("Break {}", card.code)} on={props.on.clone()} />
        </Pin>
    })
}

/// The badge of a link: its lag or what was never sent; a button with its faults.
fn link_pin(index: usize, link: &LinkView, props: &Props) -> Option<Html> {
    let (x, y) = *props.geometry.links.get(index)?;
    let text = if link.queue_text.is_empty() { &link.lag_text } else { &link.queue_text };
    Some(html! {
        <Pin key={format!("link-{index}")} {x} {y}>
            <FaultMenu id={format!("link-{index}")} title={link.label.clone()} chips={link.faults.clone()}
                class={classes!("link-badge", tone::class(link.tone))} label={format!("Link {}. {text}", link.label)}
                test={format!("link-{index}")} on={props.on.clone()}>
                { text }
            </FaultMenu>
        </Pin>
    })
}

/// A small clock for slow motion.
fn clock() -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <path d="M8 1.8 A6.2 6.2 0 1 1 8 14.2 A6.2 6.2 0 1 1 8 1.8 M8 4.6 V8 L10.4 9.6" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" />
        </svg>
    }
}
