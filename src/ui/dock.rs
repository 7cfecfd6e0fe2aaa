//! The cards below the map: one per region, and Route 53.

mod region_card;

use faultline::scene::panels::{RegionCard, Route53Panel};
use yew::prelude::*;

use self::region_card::region_card;
use super::panel::{Around, Panel, panel};
use super::parts::route53::route53;

/// The row of cards. Leaders end at the cards' frames, one per region.
pub(crate) static DOCK: Panel = panel!(dock: panels.regions, panels.route53);

fn dock(regions: &[RegionCard], dns: &Route53Panel, (nodes, on): Around<'_>) -> Html {
    let cards = regions.iter().map(|card| {
        let frame = nodes.cards.get(card.index).cloned().unwrap_or_default();
        region_card(card, frame, &nodes.grids, on)
    });
    html! {
        <section class="dock" aria-label="Regions and DNS" tabindex="0">
            { for cards }
            { route53(dns, on) }
        </section>
    }
}
