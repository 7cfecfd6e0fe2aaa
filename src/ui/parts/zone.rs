//! A zone in a card: its servers, and the copy of the keys that lives there.

use faultline::scene::panels::{ServerLook, ServerView, ZoneView};
use yew::prelude::*;

use crate::ui::ask::Ask;
use crate::ui::menu::{Menu, fault_menu};
use crate::ui::paint::ZONES;
use crate::ui::svg::draw;

/// The zone. `grids` are the canvases of the key grids, by number.
pub(crate) fn zone(zone: &ZoneView, grids: &[NodeRef], on: &Callback<Ask>) -> Html {
    let keys = match (zone.grid, zone.database.as_str()) {
        (None, _) => None,
        (Some(_), "standby" | "readable standby" | "reader" | "replica node") => Some("has-keys has-twin"),
        (Some(_), _) => Some("has-keys"),
    };
    let class = classes!("zone", zone.dark.then_some("is-dark"), zone.grey.then_some("is-grey"), keys);
    html! {
        <div key={zone.code.as_str()} {class}>
            { head(zone, on) }
            if let Some(grid) = zone.grid {
                <canvas class="grid" ref={grids.get(nth_grid(grid, zone.letter)).cloned().unwrap_or_default()} role="img"
                    aria-label={format!("Keys of the {} in {}", zone.database, zone.code)}></canvas>
            }
        </div>
    }
}

/// The head of the zone, its servers in it, is the button of its menu.
fn head(zone: &ZoneView, on: &Callback<Ask>) -> Html {
    let menu = Menu {
        id: format!("zone-{}", zone.code),
        title: &zone.code,
        chips: &zone.faults,
        class: "zone-head".into(),
        test: Some(format!("zone-{}", zone.code)),
        ..Menu::default()
    };
    let content = html! {
        <>
            <span class="zone-letter"><span class="for-readers">{ format!("Break or mend zone {}, ", zone.code) }</span>{ zone.letter.to_string() }</span>
            <svg class="servers" viewBox={format!("0 0 {} 12", zone.servers.len().max(1) * 14)} height="12" aria-hidden="true">
                { for zone.servers.iter().enumerate().map(|(index, server)| draw_server(index, *server)) }
            </svg>
            <span class="zone-note">{ zone.note }</span>
        </>
    };
    fault_menu(menu, content, on)
}

/// Which canvas: the copy in each zone has its own, see [`Painter`](crate::ui::paint::Painter).
fn nth_grid(grid: usize, letter: char) -> usize {
    grid * ZONES + (letter as usize).saturating_sub('a' as usize).min(ZONES - 1)
}

/// A server, 12 by 12: filled to its load.
fn draw_server(index: usize, server: ServerView) -> Html {
    let x = index * 14 + 1;
    let (class, filled) = match server.state {
        ServerLook::Serving => ("server", f64::from(server.load_percent.clamp(12, 100)) / 100.0),
        ServerLook::Unhealthy => ("server is-unhealthy", 0.5),
        ServerLook::Booting => ("server is-booting", 0.0),
        ServerLook::Full => ("server is-full", 1.0),
        ServerLook::Dead => ("server is-dead", 0.0),
        ServerLook::Off => ("server is-off", 0.0),
    };
    let high = (10.0_f64 * filled).round() as u32;
    html! {
        <g key={index} {class}>
            <rect class="server-ground" x={x.to_string()} y="1" width="10" height="10" rx="2.5" />
            <rect class="server-frame" x={x.to_string()} y="1" width="10" height="10" rx="2.5" />
            if high > 0 { <rect class="server-load" x={x.to_string()} y={(11 - high).to_string()} width="10" height={high.to_string()} rx="2" /> }
            if server.state == ServerLook::Dead { <path class="server-cross" d={draw("M# 3.5 l5 5 m0 -5 l-5 5", &[x as f64 + 2.5])} /> }
        </g>
    }
}
