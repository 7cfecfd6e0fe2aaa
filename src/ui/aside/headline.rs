//! What is happening now, in words.

use faultline::scene::panels::Headline;
use yew::prelude::*;

use super::why::why;
use crate::ui::prose::prose;
use crate::ui::tone;

/// The box; `chain` is why it is so, oldest first.
pub(crate) fn headline_box(headline: &Headline, chain: &[String]) -> Html {
    let Headline { tone, title, body } = headline;
    html! {
        <section class={classes!("headline", tone::class(*tone))} aria-label="What is happening now">
            <h2 data-test="headline">{ tone::mark(*tone) }<span>{ prose(title) }</span></h2>
            <p>{ prose(body) }</p>
            { why(chain) }
        </section>
    }
}
