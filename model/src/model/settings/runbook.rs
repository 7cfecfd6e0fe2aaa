//! A runbook as a scenario file has it.

use crate::model::runbook::{Action, By, DecidedBy, Given, Mode, Need, OrderedBy, Otherwise, When};
use crate::model::setting::Setting;
use crate::model::table::settings;
use crate::model::unit::{Count, Span};

impl Setting for When {}
impl Setting for Given {}
impl Setting for Mode {}
impl Setting for DecidedBy {}
impl Setting for Otherwise {}
impl Setting for By {}
impl Setting for Action {}
impl Setting for Starts {}
impl Setting for Vec<Need> {}
impl Setting for Vec<String> {}
impl Setting for Vec<Span> {}

/// What starts a runbook.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Starts {
    /// What has to happen.
    pub when: When,
    /// To which region: "owner" is any that takes writes; else a region of the scenario.
    #[serde(default = "Starts::owner")]
    pub region: String,
    /// What has to be so at that time.
    #[serde(default = "Starts::anything")]
    pub given: Given,
    /// The orders that start it, besides `run` with its name. One that replaces a built-in runbook and names none is started
    /// by those of the built-in one, in its turn; any other comes before these.
    #[serde(default)]
    pub orders: Vec<OrderedBy>,
}

impl Starts {
    fn owner() -> String {
        "owner".into()
    }

    const fn anything() -> Given {
        Given::Anything
    }
}

impl Default for Starts {
    fn default() -> Self {
        Self { when: When::Order, region: Self::owner(), given: Given::Anything, orders: Vec::new() }
    }
}

settings! {
    /// A runbook. One with the name of a built-in one replaces it.
    pub struct RunbookText given {
        /// Its name: small letters, digits and hyphens.
        name: String, length 1..=40;
        /// What starts it.
        #[serde(default = "RunbookText::starts")]
        starts: Starts = Starts::default();
        /// Who decides that it acts.
        #[serde(default = "RunbookText::decider")]
        decider: DecidedBy = DecidedBy::AsSet;
        /// Whether writes stop first, so that nothing is lost.
        #[serde(default = "RunbookText::mode")]
        mode: Mode = Mode::Ungraceful;
        /// Its steps.
        steps: Vec<StepText>, length 1..=40;
    }
}

settings! {
    /// A step of a runbook.
    pub struct StepText given {
        /// Its name, which other steps come after.
        name: String, length 1..=40;
        /// What is done.
        action: Action;
        /// Where: "owner" is the region that work leaves, "target" the one that it goes to, "all-others" all but the target;
        /// "each-region" is one step for each of them, as `rollout.order` says; else a region of the scenario.
        #[serde(default = "StepText::on")]
        on: String = "target", length 1..=40;
        /// The steps that have to be over before.
        #[serde(default = "StepText::after")]
        after: Vec<String> = Vec::new(), length ..=40;
        /// What has to be so before it runs, beside what the action always needs.
        #[serde(default = "StepText::needs")]
        needs: Vec<Need> = Vec::new(), length ..=10;
        /// How long it takes, in seconds: one number, the least and the most, or the least, the likeliest and the most. Without
        /// it, as the settings of `recovery` say.
        #[serde(default = "StepText::takes_s")]
        takes_s: Vec<Span> = Vec::new(), length ..=3;
        /// What becomes of it if its needs are not met.
        #[serde(default = "StepText::otherwise")]
        otherwise: Otherwise = Otherwise::Wait;
        /// Once it has begun, the execution cannot be called off.
        #[serde(default = "StepText::no_return")]
        no_return: bool = false;
        /// Servers wanted, for `add-capacity`; 0: as `recovery.servers` says.
        #[serde(default = "StepText::servers")]
        servers: Count = 0, in 0..=200, "servers wanted";
        /// What moves the clients, for `shift-traffic`.
        #[serde(default = "StepText::by")]
        by: By = By::AsSet;
    }
}
