//! Sources: every number of the real world with where it comes from, fetched when somebody asks for the first time.

use std::rc::Rc;

use gloo::events::EventListener;
use serde_json::Value;
use web_sys::{HtmlInputElement, XmlHttpRequest};
use yew::prelude::*;

use super::ask::{Ask, asks, hears};
use super::panel::{Around, Panel, panel};
use crate::ui::attribute::text;

/// The file, made from the catalogue by `tests/catalog.rs`.
const FILE: &str = concat!("facts.json?", env!("CARGO_PKG_VERSION"));

/// What the dialog shows.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Sources {
    /// The file, as far as it has come.
    pub(crate) file: File,
    /// Words that the rows shown hold; none for all.
    pub(crate) words: Rc<str>,
}

/// The file, as far as it has come.
#[derive(Clone, Default)]
pub(crate) enum File {
    /// Nobody has asked.
    #[default]
    Unasked,
    /// It is being fetched.
    Coming,
    /// A list of rows.
    Here(Rc<Value>),
    /// It did not come, or is none.
    Missing,
}

impl PartialEq for File {
    /// A list is the same if it came at the same time: nobody changes it.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Here(one), Self::Here(other)) => Rc::ptr_eq(one, other),
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// The dialog. What is in it is made when somebody asks.
pub(crate) static SOURCES: Panel = panel!(sources: sources);

fn sources(shown: &Sources, (nodes, on): Around<'_>) -> Html {
    let close = asks(on, Ask::CloseSources);
    let content = match &shown.file {
        File::Unasked => Html::default(),
        File::Coming => html! { <p role="status">{ "Fetching the list of numbers." }</p> },
        File::Missing => {
            html! { <p role="status">{ "The list of numbers could not be fetched. Look at the connection, close this and ask again." }</p> }
        }
        File::Here(facts) => list(facts, &shown.words, on),
    };
    html! {
        <dialog class="help sources" ref={nodes.sources.clone()} aria-labelledby="sources-title">
            <div class="help-head">
                <h2 id="sources-title">{ "Numbers, and who says so" }</h2>
                <button type="button" class="round" onclick={close} aria-label="Close sources">{ "×" }</button>
            </div>
            { content }
        </dialog>
    }
}

/// The rows that hold the words, and where those are typed.
fn list(facts: &Value, words: &str, on: &Callback<Ask>) -> Html {
    let facts = facts.as_array().map_or(&[][..], Vec::as_slice);
    let oninput = hears(on, |event: &InputEvent| {
        Some(Ask::Sought(event.target_dyn_into::<HtmlInputElement>()?.value().into()))
    });
    let found: Vec<&Value> = facts.iter().filter(|fact| has(fact, words)).collect();
    html! {
        <>
            <p class="note">{ "What we assume comes first: a class may well doubt it. Prices are those of the region named; where none was read, that of us-east-1 stands in and says so." }</p>
            <input type="search" class="sources-search" aria-label="Search the numbers" data-test="sources-search" value={text(words)} {oninput} />
            <p class="note" role="status" data-test="sources-count">{ format!("{} of {} numbers", found.len(), facts.len()) }</p>
            <ul class="facts-list" data-test="sources-list">{ for found.into_iter().map(row) }</ul>
        </>
    }
}

/// A text of a row: what it is the number of, its value; how far to trust it, where it was read, what it decides; the page that
/// the source names, or nothing; its name.
fn part<'a>(fact: &'a Value, name: &str) -> &'a str {
    fact[name].as_str().unwrap_or_default()
}

/// Whether each of some words is somewhere in a row.
fn has(fact: &Value, words: &str) -> bool {
    let row = ["what", "rest", "name"].map(|name| part(fact, name)).join(" ").to_ascii_lowercase();
    words.to_ascii_lowercase().split(' ').all(|word| row.contains(word))
}

fn row(fact: &Value) -> Html {
    let [what, value, rest, link] = ["what", "value", "rest", "link"].map(|name| text(part(fact, name)));
    html! {
        <li><b>{ value }</b><span>{ what }<small>{ rest }if link.is_some() { <a href={link} target="_blank" rel="noopener noreferrer">{ "Read it" }</a> }</small></span></li>
    }
}

/// Fetches the file and hands on what has come of it.
pub(crate) fn fetch(then: impl FnOnce(File) + 'static) {
    let Ok(request) = XmlHttpRequest::new() else { return then(File::Missing) };
    let answer = request.clone();
    EventListener::once(&request, "loadend", move |_| {
        let text = answer.response_text().ok().flatten().unwrap_or_default();
        let rows = serde_json::from_str(&text).ok().filter(Value::is_array);
        then(rows.map_or(File::Missing, |rows: Value| File::Here(Rc::new(rows))));
    })
    .forget();
    let _ = request.open("GET", FILE).and_then(|()| request.send());
}
