//! What a person may ask for, and what a runbook asks.

use crate::app::Msg;

/// Something that a person may ask for, ready to be shown as a button.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// What the button says: "Take us-east-1 down".
    pub label: String,
    /// One sentence about what will happen.
    pub hint: String,
    /// What is sent when it is pressed.
    pub msg: Msg,
    /// A stable name for tests and keys: "region-dark".
    pub slug: String,
}

/// What a runbook asks: it goes on as it is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// "Promote the copy in eu-west-1?"
    pub title: String,
    /// Why it asks.
    pub text: String,
    /// The answers, each with its consequence as the hint.
    pub answers: Vec<Action>,
}
