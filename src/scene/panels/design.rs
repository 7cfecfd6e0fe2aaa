//! What can be chosen.

use crate::app::Msg;

/// One of several designs.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// "Pilot light".
    pub label: String,
    /// A sentence about it; where it is not possible, why not.
    pub hint: String,
    /// A stable name: "pilot-light".
    pub slug: &'static str,
    /// It is the one that runs.
    pub active: bool,
    /// It makes no sense with the rest of the design: the hint says why.
    pub refused: bool,
    /// What is sent when it is chosen.
    pub msg: Msg,
}

/// All that there is to choose of a design.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// The strategies, and the one that runs.
    pub strategies: Vec<Choice>,
    /// The engines.
    pub engines: Vec<Choice>,
    /// Who may decide.
    pub deciders: Vec<Choice>,
    /// What may move the clients.
    pub cutovers: Vec<Choice>,
    /// How deep health checks look.
    pub depths: Vec<Choice>,
    /// What a design has one of beside that, in the order of [`crate::app::features::FEATURES`].
    pub features: Vec<Vec<Choice>>,
    /// Who may write where, what becomes of collisions, what sessions are promised, whole designs, and where sessions are kept.
    pub writing: [Vec<Choice>; 6],
}
