//! "Says who?": beside a number, the way to where it comes from.

use yew::prelude::*;

use super::ask::{Ask, asks};

/// The button. The row of the number holds these words.
pub(crate) fn says_who(words: &'static str, on: &Callback<Ask>) -> Html {
    html! { <button type="button" class="who" onclick={asks(on, Ask::Sources(words))}>{ "Says who?" }</button> }
}
