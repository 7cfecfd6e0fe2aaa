//! The cards below the map: one per region, and Route 53.

mod region_card;
mod zone;
mod route53;

use faultline::scene::panels::{RegionCard, Route53Panel};
use yew::prelude::*;

use self::region_card::RegionCardView;
use self::route53::Route53View;
use super::ask::Ask;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) regions: Vec<RegionCard>,
    pub(crate) route53: Route53Panel,
    /// Where leaders end: one per region.
    pub(crate) cards: Vec<NodeRef>,
    /// The canvases of the key grids, by number.
    pub(crate) grids: Vec<NodeRef>,
    pub(crate) on: Callback<Ask>,
}

/// The row of cards.
#[function_component(Dock)]
pub(crate) fn dock(props: &Props) -> Html {
    let cards = props.regions.iter().map(|card| {
        let frame = props.cards.get(card.index).cloned().unwrap_or_default();
        html! {
            <RegionCardView key={card.code.clone()} card={card.clone()} {frame} grids={props.grids.clone()} on={props.on.clone()} />
        }
    });
    html! {
        <section class="dock" aria-label="Regions and DNS" tabindex="0">
            { for cards }
            <Route53View panel={props.route53.clone()} on={props.on.clone()} />
        </section>
    }
}
