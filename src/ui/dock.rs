//! The cards below the map: one per region, and Route 53.

mod region_card;
mod zone;
mod shelf;
mod route53;

use faultline::scene::Panels;
use yew::prelude::*;

use self::region_card::region_card;
use self::route53::route53;
use super::ask::Ask;

/// The row of cards. Leaders end at `frames`, one per region; `grids` are the canvases of the key grids, by number.
pub(crate) fn dock(panels: &Panels, frames: &[NodeRef], grids: &[NodeRef], on: &Callback<Ask>) -> Html {
    let cards = panels.regions.iter().map(|card| {
        let frame = frames.get(card.index).cloned().unwrap_or_default();
        region_card(card, frame, grids, on)
    });
    html! {
        <section class="dock" aria-label="Regions and DNS" tabindex="0">
            { for cards }
            { route53(&panels.route53, on) }
        </section>
    }
}
