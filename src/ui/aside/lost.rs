//! Acknowledged writes that are missing, by name, each with what became of it.

use crate::ui::html::html;
use faultline::scene::words::number;
use yew::prelude::*;

/// The list, and how many it leaves out.
pub(crate) fn lost_writes(names: &[String], total: u64, left_out: u64) -> Html {
    if total == 0 {
        return html! { <p class="empty">{ "No acknowledged write is missing." }</p> };
    }
    html! {
        <>
            <p class="lost-intro">{ "These clients were told that their write was safe. Nobody can read it now." }</p>
            <ul class="lost-list" data-test="lost-writes">{ for names.iter().map(|name| html! { <li key={name.as_str()}>{ name }</li> }) }</ul>
            if left_out > 0 { <p class="empty">{ format!("and {} more", number::count(left_out)) }</p> }
        </>
    }
}
