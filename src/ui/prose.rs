//! Sentences for people: the code of a region or zone is never broken at its hyphens.

use yew::Html;

use super::html::Builder;

/// The sentence, with codes such as "eu-west-1" kept whole.
pub(crate) fn prose(text: &str) -> Html {
    let mut sentence = Builder::new();
    let mut plain = String::new();
    for word in text.split_inclusive(' ') {
        let code = word.trim_end();
        if code.contains('-') && code.bytes().any(|byte| byte.is_ascii_digit()) {
            sentence.text(&plain);
            sentence.open("span\nclass\nwhole");
            sentence.text(code);
            sentence.close();
            plain.clear();
            plain.push_str(&word[code.len()..]);
        } else {
            plain.push_str(word);
        }
    }
    sentence.text(&plain);
    sentence.done()
}
