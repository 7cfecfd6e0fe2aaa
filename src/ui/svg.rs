//! Numbers in drawings, pixels with one digit behind the point; and small drawings in lines.

use yew::prelude::*;

/// A number of pixels.
pub(crate) fn px(number: f64) -> String {
    format!("{number:.1}")
}

/// The words of a drawing, with the next number for each `#`: `draw("M# # V#", &[x, y, bottom])`.
pub(crate) fn draw(words: &str, numbers: &[f64]) -> String {
    let mut text = String::new();
    add(&mut text, words, numbers);
    text
}

/// Adds to a drawing.
pub(crate) fn add(text: &mut String, words: &str, numbers: &[f64]) {
    let mut numbers = numbers.iter();
    for letter in words.chars() {
        match letter {
            '#' => text.push_str(&px(numbers.next().copied().unwrap_or_default())),
            _ => text.push(letter),
        }
    }
}

/// A small drawing in lines, in the colour of the words beside it: its path, the box that it is drawn in, and its size in pixels.
pub(crate) fn icon(d: &'static str, view: &'static str, size: &'static str) -> Html {
    html! {
        <svg class="icon" viewBox={view} width={size} height={size} aria-hidden="true">
            <path {d} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}
