//! What is happening now, in words.

use faultline::scene::panels::Headline;
use yew::prelude::*;

use super::why::Why;
use crate::ui::prose::prose;
use crate::ui::tone::{self, ToneMark};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) headline: Headline,
    /// The causal chain, oldest first.
    pub(crate) why: Vec<String>,
}

/// The box.
#[function_component(HeadlineBox)]
pub(crate) fn headline_box(props: &Props) -> Html {
    let Headline { tone, title, body } = &props.headline;
    html! {
        <section class={classes!("headline", tone::class(*tone))} aria-label="What is happening now">
            <h2 data-test="headline"><ToneMark tone={*tone} /><span>{ prose(title) }</span></h2>
            <p>{ prose(body) }</p>
            <Why chain={props.why.clone()} />
        </section>
    }
}
