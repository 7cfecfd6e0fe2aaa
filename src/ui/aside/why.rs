//! "Why?": the causal chain behind a line, folded away until asked for.

use yew::prelude::*;

use crate::ui::prose::prose;

/// The chain, oldest first, or nothing where there is none.
pub(crate) fn why(chain: &[String]) -> Html {
    if chain.is_empty() {
        return Html::default();
    }
    html! {
        <details class="why">
            <summary>{ "Why?" }</summary>
            <ol>{ for chain.iter().map(|step| html! { <li>{ prose(step) }</li> }) }</ol>
        </details>
    }
}
