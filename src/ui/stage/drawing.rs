//! What stands still on the map: links, leader lines, marks of regions, names.

use faultline::scene::panels::{LinkView, Place, RegionCard, Tone};
use yew::prelude::*;

use super::OnMap;
use super::geometry::Geometry;
use crate::ui::attribute::text;
use crate::ui::region::shape;
use crate::ui::svg::{draw, px};
use crate::ui::tone;

/// Whether nothing in the region with this number runs or can be reached.
fn is_dark(region: usize, regions: &[RegionCard]) -> bool {
    regions.get(region).is_some_and(|card| card.dark)
}

/// Links and leader lines: under what moves.
pub(crate) fn ways((regions, places, links): OnMap<'_>, map: &Geometry) -> Html {
    let leaders = places.iter().enumerate().filter_map(|(index, place)| leader(index, place, regions, map));
    let homes = places.iter().enumerate().filter_map(|(index, place)| home(index, place, map));
    let links = links.iter().filter_map(|link| link_path(link, places, map));
    html! {
        <svg class="drawing" width={map.width.to_string()} height={map.height.to_string()} role="group" aria-label="Links">
            <g class="leaders" aria-hidden="true">{ for leaders }</g>
            <g class="links">{ for links }</g>
            <g class="homes" aria-hidden="true">{ for homes }<path class="travel-line" /></g>
        </svg>
    }
}

/// Marks of regions and names: over what moves, so that they can be read.
pub(crate) fn names((regions, places, _): OnMap<'_>, map: &Geometry) -> Html {
    let names = places.iter().enumerate().filter_map(|(index, place)| name(index, place, map));
    let marks = places.iter().enumerate().filter_map(|(index, place)| mark(index, place, regions, map));
    html! {
        <svg class="drawing over" width={map.width.to_string()} height={map.height.to_string()} role="group" aria-label="Places">
            <g class="marks">{ for marks }</g>
            <g class="names">{ for names }</g>
        </svg>
    }
}

/// The dotted line from a region to its card.
fn leader(index: usize, place: &Place, regions: &[RegionCard], map: &Geometry) -> Option<Html> {
    let region = place.region?;
    let (x, bottom) = (*map.anchors.get(region)?)?;
    let spot = map.spots.get(index)?;
    let elbow = bottom - 12.0;
    let d = if (spot.x - x).abs() < 1.0 {
        draw("M# # V#", &[x, spot.y + 8.0, bottom])
    } else {
        draw("M# # V# H# V#", &[spot.x, spot.y + 8.0, elbow, x, bottom])
    };
    let down = is_dark(region, regions);
    let middle = (spot.y + bottom) / 2.0;
    Some(html! {
        <g key={index}>
            <path class={classes!("leader", format!("region-{region}"), down.then_some("is-bad"))} {d} />
            if down { <path class="leader-cross" d={draw("M# # l12 12 m0 -12 l-12 12", &[spot.x - 6.0, middle - 6.0])} /> }
        </g>
    })
}

/// Where people who travel come from: a thin line home.
fn home(index: usize, place: &Place, map: &Geometry) -> Option<Html> {
    let (x, y) = place.home?;
    let ((x, y), spot) = (map.project(x, y), map.spots.get(index)?);
    let d = draw("M# # L# # m-4 0 a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0", &[spot.x, spot.y, x, y]);
    Some(html! { <path key={index} class="home-line" {d} /> })
}

/// A link as an arc.
fn link_path(link: &LinkView, places: &[Place], map: &Geometry) -> Option<Html> {
    let curve = map.link_curve(link, places)?;
    let cut = link.cut_forward || link.cut_back;
    Some(html! {
        <g key={format!("{}-{}", link.from, link.to)} class={classes!("link", tone::class(link.tone), cut.then_some("is-cut"))}>
            <title>{ &link.label }</title>
            <path d={curve.path()} />
        </g>
    })
}

/// A region has its own shape and colour; one in trouble has a ring of dashes, a dark one is crossed out.
fn mark(index: usize, place: &Place, regions: &[RegionCard], map: &Geometry) -> Option<Html> {
    let region = place.region?;
    let spot = map.spots.get(index)?;
    let transform = draw("translate(# #)", &[spot.x, spot.y]);
    let down = is_dark(region, regions);
    Some(html! {
        <g key={index} class={classes!("mark", format!("region-{region}"), down.then_some("is-down"))} {transform} role="img" aria-label={text(&place.label)}>
            <title>{ &place.label }</title>
            if down { <circle class="mark-ground" r="15" /> }
            if !down && place.tone == Tone::Bad { <circle class="mark-hurt" r="14" /> }
            <path class="mark-body" d={shape(region)} />
            if down { <path class="mark-cross" d="M-10 -10 L10 10 M10 -10 L-10 10" /> }
        </g>
    })
}

/// The name of a place.
fn name(index: usize, place: &Place, map: &Geometry) -> Option<Html> {
    let label = map.spots.get(index)?.label.as_ref()?;
    let kind = if place.region.is_some() { "region-name" } else { "city-name" };
    Some(html! {
        <text key={index} class={classes!(kind, tone::class(place.tone))} x={px(label.x)} y={px(label.y)}
            text-anchor={label.anchor}>{ &place.name }</text>
    })
}
