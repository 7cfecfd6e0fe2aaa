//! What docs/scenario.md shows is true.

use super::*;

/// The fenced blocks of docs/scenario.md in this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let text = include_str!("../../docs/scenario.md");
    let fence = format!("```{language}\n");
    text.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn every_example_is_valid() {
    assert_eq!(blocks("json").len(), 6);
    for example in blocks("json") {
        assert!(Scenario::read(example).is_ok(), "{example}");
    }
}

#[test]
fn what_is_said_of_the_bad_example_is_what_is_printed() {
    let [file, said] = blocks("text")[..] else { panic!("a file and what is said of it") };
    let told: String = problems(file).iter().map(|problem| format!("bad.json: {problem}\n")).collect();
    assert_eq!(said, format!("$ faultline-cli validate bad.json\n{told}"));
}
