//! The help: the idea, what the shapes and colours mean, the keys, and the switch for them.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::ask::{Ask, asks};
use super::keys::SHORTCUTS;
use super::panel::{Around, Panel, panel};

/// Opens or closes the help. Whether it is open, only the browser knows: Escape closes it too.
pub(crate) fn show(dialog: &NodeRef, open: bool) {
    if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
        match (open, dialog.open()) {
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            (true, true) | (false, false) => {}
        }
    }
}

/// The browser's own dialog: it keeps the focus inside, closes with Escape and gives the focus back.
///
/// `keys_on` says whether single-key shortcuts are switched on.
pub(crate) static HELP: Panel = panel!(help: keys_on);

fn help(keys_on: &bool, (nodes, on): Around<'_>) -> Html {
    let keys_on = *keys_on;
    let close = asks(on, Ask::Help(false));
    let switch = asks(on, Ask::Keys(!keys_on));
    html! {
        <dialog class="help" ref={nodes.help.clone()} aria-labelledby="help-title">
            <div class="help-head">
                <h2 id="help-title">{ "How to read and drive this page" }</h2>
                <button type="button" class="round" onclick={close} aria-label="Close help">{ "×" }</button>
            </div>
            { for IDEA.iter().map(|(name, text)| html! { <p class="idea"><b>{ *name }</b>{ *text }</p> }) }
            <div class="help-columns">
                <section><h3>{ "What you see" }</h3>{ legend() }</section>
                <section>
                    <h3>{ "Keys" }</h3>
                    <dl class="keys">{ for SHORTCUTS.iter().map(|(key, what)| html! { <div><dt>{ *key }</dt><dd>{ *what }</dd></div> }) }</dl>
                    <label class="switch"><input type="checkbox" checked={keys_on} onchange={switch} />{ "Single-key shortcuts" }</label>
                </section>
            </div>
            <p class="help-foot">{ "AWS and its service names are used to name the thing. This project is not affiliated with AWS." }</p>
        </dialog>
    }
}

/// What one has to know first.
const IDEA: [(&str, &str); 4] = [
    (
        "A run",
        "simulates a web service in AWS regions, request by request. Nothing is scripted: machines and people react. Go back at any time and try something else.",
    ),
    ("First,", "press the red button, and watch who notices, what the recovery does, and what is lost."),
    ("RTO:", "how long people were without service; the objective is how long they may be."),
    ("RPO:", "how many seconds of the newest writes are missing; the objective is how many may be."),
];

/// Shape by shape, what things mean.
fn legend() -> Html {
    const LEGEND: [(&str, &str); 13] = [
        ("read", "A hollow dot is a read on its way."),
        ("write", "A filled square is a write, in the colour of the region that takes it."),
        ("lost", "A red cross stopped on its way: it never arrived."),
        (
            "ring",
            "The ring around a city: the colour says which region its cached DNS answers point to; it shrinks with the time to live.",
        ),
        ("stubborn", "A heavy arc belongs to a resolver that keeps answers longer than it was told to."),
        ("key", "A cell is a key, in the colour of the region that wrote it last."),
        ("stale", "A hatched cell is behind its writer."),
        ("gone", "A hollow red cell held an acknowledged write that is missing."),
        (
            "clash",
            "Two colours in an outline: two regions wrote the key, and neither has heard of the other.",
        ),
        ("half", "A hollow half is a write that the other one displaced; without an outline, both are kept."),
        ("joined", "Two colours with a core were merged."),
        ("home", "Pull a city onto another and its people travel; the dashed line leads home."),
        ("vote", "A tick is the vote of one Route 53 checker."),
    ];
    let row = |(slug, text): &(&'static str, &'static str)| html! { <li>{ sample(slug) }<span>{ *text }</span></li> };
    html! { <ul class="legend">{ for LEGEND.iter().map(row) }</ul> }
}

/// The shape itself, 18 by 18.
fn sample(slug: &str) -> Html {
    let (d, class) = match slug {
        "read" => ("M9 5 A4 4 0 1 1 9 13 A4 4 0 1 1 9 5", "line-0"),
        "write" => ("M5 5 H13 V13 H5 Z", "fill-0"),
        "lost" => ("M5 5 L13 13 M13 5 L5 13", "line-bad"),
        "ring" => ("M9 2 A7 7 0 1 1 2 9", "line-0"),
        "stubborn" => ("M9 3 A6 6 0 0 1 15 9", "line-1 heavy"),
        "key" => ("M4 4 H14 V14 H4 Z", "fill-1"),
        "stale" => ("M4 14 L14 4 M4 9 L9 4 M9 14 L14 9", "line-0"),
        "clash" => ("M4 4 H14 V14 H4 Z L14 14", "line-1"),
        "half" => ("M4 4 H14 V14 Z", "line-bad"),
        "joined" => ("M4 4 L14 14 M7 7 H11 V11 H7 Z", "line-0"),
        "home" => ("M3 14 A2 2 0 1 1 7 14 A2 2 0 1 1 3 14 M8 11 L10 9 M12 7 L15 4", "line-0"),
        "gone" => ("M4 4 H14 V14 H4 Z", "line-bad"),
        _ => ("M7 3 H11 V15 H7 Z", "fill-good"),
    };
    html! { <svg class="sample" viewBox="0 0 18 18" width="18" height="18" aria-hidden="true"><path {d} {class} /></svg> }
}
