//! Sentences for people: the code of a region or zone is never broken at its hyphens.

use yew::prelude::*;

/// The sentence, with codes such as "eu-west-1" kept whole.
pub(crate) fn prose(text: &str) -> Html {
    let mut parts: Vec<Html> = Vec::new();
    let mut plain = String::new();
    for word in text.split_inclusive(' ') {
        let code = word.trim_end();
        if code.contains('-') && code.bytes().any(|byte| byte.is_ascii_digit()) {
            parts.push(std::mem::take(&mut plain).into());
            parts.push(html! { <span class="whole">{ code.to_owned() }</span> });
            plain.push_str(&word[code.len()..]);
        } else {
            plain.push_str(word);
        }
    }
    parts.push(plain.into());
    parts.into_iter().collect()
}
