//! The shape and the class that go with a tone: state is never colour alone.

use faultline::scene::panels::Tone;
use yew::prelude::*;

/// The class that colours it.
pub(crate) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "is-plain",
        Tone::Muted => "is-muted",
        Tone::Good => "is-good",
        Tone::Warning => "is-warning",
        Tone::Bad => "is-bad",
    }
}

/// A disc, a triangle, a cross or a ring, 10 by 10.
pub(crate) fn mark(tone: Tone) -> Html {
    let shape = match tone {
        Tone::Plain | Tone::Muted => {
            html! { <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" stroke-width="1.6" /> }
        }
        Tone::Good => html! { <circle cx="5" cy="5" r="4" fill="currentColor" /> },
        Tone::Warning => html! { <path d="M5 0.8 L9.6 9 L0.4 9 Z" fill="currentColor" /> },
        Tone::Bad => {
            html! { <path d="M1.2 1.2 L8.8 8.8 M8.8 1.2 L1.2 8.8" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" /> }
        }
    };
    html! {
        <svg class={classes!("tone-mark", class(tone))} viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">{ shape }</svg>
    }
}
