//! Route 53: one row of votes per endpoint.

use faultline::scene::panels::{EndpointRow, Route53Panel, Tone};
use yew::prelude::*;

use crate::ui::ask::Ask;
use crate::ui::attribute::text;
use crate::ui::menu::{Menu, fault_menu};
use crate::ui::region::swatch;
use crate::ui::tone;
use crate::ui::who::says_who;

/// The panel of checkers.
pub(crate) fn route53(panel: &Route53Panel, on: &Callback<Ask>) -> Html {
    html! {
        <article class="card route53" data-test="route53" aria-label={text(&panel.label)}>
            { head(panel, on) }
            <div class="endpoints">{ for panel.endpoints.iter().map(endpoint) }</div>
            { foot(panel, on) }
        </article>
    }
}

/// What matters most: a frozen control plane, then who holds an old answer, else how the verdict comes about.
fn foot(panel: &Route53Panel, on: &Callback<Ask>) -> Html {
    if !panel.control_plane {
        return html! { <p class="card-foot is-bad"><span>{ "Control plane frozen: answers and checks go on, but no record can be changed." }</span></p> };
    }
    let usual = "Sixteen checkers vote. An endpoint has failed when fewer than 18 % reach it.";
    match &panel.old_answers {
        Some(line) => html! { <p class="card-foot" data-test="route53-foot">{ line }</p> },
        None => {
            html! { <p class="card-foot" data-test="route53-foot">{ usual }{ " " }{ says_who("checkers", on) }</p> }
        }
    }
}

/// The head of the panel is the button of its menu.
fn head(panel: &Route53Panel, on: &Callback<Ask>) -> Html {
    let menu = Menu {
        id: "route53-menu".to_owned(),
        title: "Route 53",
        hint: "The hosted zone and its checkers",
        chips: &panel.faults,
        class: "card-head".into(),
        ..Menu::default()
    };
    let content = html! {
        <>
            <span class="card-code">{ "Route 53" }</span>
            <span class="card-name">{ &panel.policy }</span>
            if !panel.control_plane { <span class="pill is-bad">{ tone::mark(Tone::Bad) }{ "frozen" }</span> }
            <span class="for-readers">{ "Break or mend" }</span>
        </>
    };
    fault_menu(menu, content, on)
}

/// One endpoint: its code, its votes, what follows from them.
fn endpoint(row: &EndpointRow) -> Html {
    let failed = row.votes.iter().filter(|vote| !**vote).count();
    let votes = row.votes.iter().enumerate().map(|(index, vote)| {
        let x = index * 12;
        if *vote {
            html! { <rect key={index} class="vote is-good" x={(x + 1).to_string()} y="1" width="8" height="16" rx="2" /> }
        } else {
            html! { <path key={index} class="vote is-bad" d={format!("M{} 5 l6 8 m0 -8 l-6 8", x + 2)} /> }
        }
    });
    html! {
        <div key={row.code.as_str()} class={classes!("endpoint", format!("region-{}", row.region))} data-failed={failed.to_string()}>
            <p class="endpoint-head">
                { swatch(row.region) }<b>{ &row.code }</b>
                <span class={classes!("endpoint-state", tone::class(row.tone))}>{ tone::mark(row.tone) }{ &row.state }</span>
            </p>
            if !row.votes.is_empty() {
            <svg class="votes" viewBox={format!("0 0 {} 18", row.votes.len().max(1) * 12)} role="img" preserveAspectRatio="none"
                aria-label={format!("{} of {} checkers reach {}", row.votes.len() - failed, row.votes.len(), row.code)}>{ for votes }</svg>
            }
        </div>
    }
}
