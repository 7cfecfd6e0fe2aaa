//! Acknowledged writes that are missing, by name, each with what became of it.

use faultline::scene::words::number;
use yew::prelude::*;

use crate::ui::panel::Around;

/// The list, and how many it leaves out; a note if it is empty.
pub(crate) fn lost_writes(names: &[String], note: &str, left_out: &u64, _: Around<'_>) -> Html {
    let left_out = *left_out;
    if names.is_empty() {
        return html! { <p class="empty">{ note }</p> };
    }
    html! {
        <>
            <p class="lost-intro">{ "These clients were told that their write was safe. Nobody can read it now." }</p>
            <ul class="lost-list" data-test="lost-writes">{ for names.iter().map(|name| html! { <li key={name.as_str()}>{ name }</li> }) }</ul>
            if left_out > 0 { <p class="empty">{ format!("and {} more", number::count(left_out)) }</p> }
        </>
    }
}
