//! The card of a region: balancer, zones, servers, database. What can be broken is where it is.

use faultline::scene::panels::{RegionCard, Tone};
use yew::prelude::*;

use super::zone::Zone;
use crate::ui::ask::Ask;
use crate::ui::menu::FaultMenu;
use crate::ui::tone::{self, ToneMark};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) card: RegionCard,
    pub(crate) frame: NodeRef,
    pub(crate) grids: Vec<NodeRef>,
    pub(crate) on: Callback<Ask>,
}

/// The card.
#[function_component(RegionCardView)]
pub(crate) fn region_card(props: &Props) -> Html {
    let card = &props.card;
    let zones = card.zones.iter().map(|zone| {
        html! { <Zone key={zone.code.clone()} zone={zone.clone()} region={card.index} grids={props.grids.clone()} on={props.on.clone()} /> }
    });
    let class = classes!(
        "card",
        "region-card",
        format!("region-{}", card.index),
        tone::class(card.tone),
        card.dark.then_some("is-dark")
    );
    html! {
        <article {class} ref={props.frame.clone()} data-test={format!("region-{}", card.code)} data-state={state_word(card)} aria-label={card.label.clone()}>
            <FaultMenu id={format!("region-menu-{}", card.code)} title={card.code.clone()} hint="What should happen to this region?"
                chips={card.faults.clone()} class="card-head" on={props.on.clone()}>
                <span class="card-swatch" aria-hidden="true"></span>
                <span class="card-code">{ &card.code }</span>
                <span class="card-name">{ &card.name }</span>
                <span class={classes!("pill", tone::class(card.tone))}><ToneMark tone={card.tone} />{ &card.state }</span>
                <span class="for-readers">{ "Break or mend" }</span>
            </FaultMenu>
            <p class="balancer">{ &card.balancer }</p>
            <div class="zones">{ for zones }</div>
            <p class="database"><b>{ &card.database_role }</b><span>{ &card.database_note }</span></p>
        </article>
    }
}

/// The card's state in one word, for tests.
fn state_word(card: &RegionCard) -> &'static str {
    match (card.dark, card.tone) {
        (true, _) => "dark",
        (false, Tone::Warning | Tone::Bad) => "degraded",
        (false, Tone::Plain | Tone::Muted | Tone::Good) => "healthy",
    }
}
