//! Runbooks as data, looked up: those of the scenario and the built-in ones, which are read by the same reader.

use crate::kernel::id::RegionId;
use crate::model::rollout::spread;
use crate::model::runbook::{Action, By, DecidedBy, Given, Mode, Need, OrderedBy, Otherwise, StepName, When};
use crate::model::scenario::Scenario;
use crate::model::settings::runbook::{RunbookText, StepText};
use crate::model::unit::Span;
use crate::model::{Cutover, Decider};

/// The built-in runbooks. Of several that could start, the first that fits does.
const FILES: [&str; 12] = [
    include_str!("../../../scenarios/runbooks/rehome.json"),
    include_str!("../../../scenarios/runbooks/evacuate.json"),
    include_str!("../../../scenarios/runbooks/switch-over.json"),
    include_str!("../../../scenarios/runbooks/planned-failover.json"),
    include_str!("../../../scenarios/runbooks/fail-over.json"),
    include_str!("../../../scenarios/runbooks/rebuild-from-backup.json"),
    include_str!("../../../scenarios/runbooks/restore-in-place.json"),
    include_str!("../../../scenarios/runbooks/fail-back.json"),
    include_str!("../../../scenarios/runbooks/move-home.json"),
    include_str!("../../../scenarios/runbooks/roll-back.json"),
    include_str!("../../../scenarios/runbooks/deploy.json"),
    include_str!("../../../scenarios/runbooks/take-over.json"),
];

/// The built-in runbooks as files have them.
pub fn built_in_runbooks() -> impl Iterator<Item = RunbookText> {
    // A test reads every file and finds it valid.
    FILES.iter().filter_map(|text| serde_json::from_str(text).ok())
}

impl Scenario {
    /// The names of its runbooks: its own, then the built-in ones that it does not replace.
    pub(crate) fn runbook_names(&self) -> impl Iterator<Item = String> {
        let own = self.runbooks.iter().map(|text| text.name.clone());
        let replaced = |name: &String| self.runbooks.iter().any(|own| own.name == *name);
        own.chain(built_in_runbooks().map(|text| text.name).filter(move |name| !replaced(name)))
    }
}

/// Where a step is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the region that work leaves.
    Owner,
    /// In the region that work goes to.
    Target,
    /// In all regions but the target.
    AllOthers,
    /// In this region.
    Region(RegionId),
}

impl Place {
    /// The region that it is if work goes from one to another; all others count as the target.
    pub const fn region(self, from: RegionId, to: RegionId) -> RegionId {
        match self {
            Self::Owner => from,
            Self::Target | Self::AllOthers => to,
            Self::Region(region) => region,
        }
    }

    /// The place that a word names; `None` if it names none.
    pub fn named(scenario: &Scenario, word: &str) -> Option<Self> {
        Some(match word {
            "owner" => Self::Owner,
            "target" => Self::Target,
            "all-others" => Self::AllOthers,
            code => {
                let index = scenario.regions.iter().position(|region| region.code == code)?;
                Self::Region(RegionId(index as u8))
            }
        })
    }
}

/// A step, looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name in the runbook.
    pub name: String,
    /// What is done.
    pub action: Action,
    /// Where.
    pub on: Place,
    /// The steps that have to be over before, by their places in the runbook.
    pub after: Vec<u8>,
    /// What has to be so before it runs, what its action always needs included.
    pub needs: Vec<Need>,
    /// How long it takes, in seconds: nothing, one number, the least and the most, or these with the likeliest between.
    pub takes_s: Vec<Span>,
    /// What becomes of it if its needs are not met.
    pub otherwise: Otherwise,
    /// Once it has begun, the execution cannot be called off.
    pub no_return: bool,
    /// Servers wanted.
    pub servers: u16,
    /// What moves the clients.
    pub by: Cutover,
}

/// A runbook, looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Runbook {
    /// Its name.
    pub name: String,
    /// What starts it.
    pub when: When,
    /// At which region.
    pub region: Place,
    /// What has to be so at that time.
    pub given: Given,
    /// The orders that start it.
    pub orders: Vec<OrderedBy>,
    /// Its turn among those that an order could start: the least comes first.
    pub turn: usize,
    /// Who decides.
    pub decider: Decider,
    /// Whether writes stop first.
    pub mode: Mode,
    /// Its steps; first those in which somebody decides.
    pub steps: Vec<Step>,
    /// How many steps come before it acts.
    pub deciding: usize,
}

impl Runbook {
    /// Every runbook of a scenario: its own in their order, then the built-in ones that it does not replace.
    pub fn all(scenario: &Scenario) -> Vec<Self> {
        let built_in: Vec<RunbookText> = built_in_runbooks().collect();
        let replaces = |text: &RunbookText| built_in.iter().position(|known| known.name == text.name);
        let mut texts = scenario.runbooks.clone();
        texts.extend(
            built_in
                .iter()
                .filter(|text| !scenario.runbooks.iter().any(|own| own.name == text.name))
                .cloned(),
        );
        let count = texts.len();
        let look_up = |(place, mut text): (usize, RunbookText)| {
            // What replaces a built-in one takes its turn; any other of the scenario comes before all of these.
            let replaced = replaces(&text);
            if let Some(known) = replaced.filter(|_| text.starts.orders.is_empty()) {
                text.starts.orders.clone_from(&built_in[known].starts.orders);
            }
            let turn = replaced.map_or(place, |known| count + known);
            Self { turn, ..Self::new(scenario, text) }
        };
        texts.into_iter().enumerate().map(look_up).collect()
    }

    /// Looks a runbook up. Words that a checked file cannot have count as the target, or as no step.
    fn new(scenario: &Scenario, text: RunbookText) -> Self {
        let decider = match text.decider {
            DecidedBy::AsSet => scenario.recovery.decider,
            DecidedBy::Automatic => Decider::Automatic,
            DecidedBy::Person => Decider::Person,
            DecidedBy::Learner => Decider::Learner,
            DecidedBy::Manual => Decider::Manual,
        };
        let mut steps = decision(decider);
        let deciding = steps.len();
        let own = spread(scenario, text.steps);
        let names: Vec<String> = own.iter().map(|step| step.name.clone()).collect();
        let place = |name: &String| names.iter().position(|known| known == name);
        debug_assert!(deciding + own.len() <= usize::from(u8::MAX), "a step's place has 8 bits");
        for step in own {
            let mut after: Vec<u8> =
                step.after.iter().filter_map(place).map(|index| (index + deciding) as u8).collect();
            if after.is_empty() && deciding > 0 {
                after.push(deciding as u8 - 1);
            }
            steps.push(Step::new(scenario, step, after));
        }
        Self {
            region: Place::named(scenario, &text.starts.region).unwrap_or(Place::Owner),
            when: text.starts.when,
            given: text.starts.given,
            orders: text.starts.orders,
            turn: 0,
            decider,
            mode: text.mode,
            name: text.name,
            steps,
            deciding,
        }
    }

    /// A number that stands for its name, for chance: another runbook in a file changes no draw of this one.
    pub fn number(&self) -> u64 {
        word_number(&self.name)
    }

    /// The one region that it starts at; `None` if it is any that takes writes.
    pub const fn starts_at(&self) -> Option<RegionId> {
        match self.region {
            Place::Region(region) => Some(region),
            Place::Owner | Place::Target | Place::AllOthers => None,
        }
    }

    /// The step for which work or clients leave a region; `None` if it can be run in one region alone.
    pub fn leaves(&self) -> Option<&Step> {
        self.steps.iter().find(|step| step.action.leaves())
    }

    /// Whether it is run in one region unless two are named: it mends something there.
    pub fn stays(&self) -> bool {
        let there = |step: &Step| step.on == Place::Owner;
        self.leaves().is_none() && (self.given == Given::Ruin || self.steps.iter().all(there))
    }

    /// The step with an action; `None` if it has none.
    pub fn step_with(&self, action: Action) -> Option<usize> {
        self.steps.iter().position(|step| step.action == action)
    }
}

/// A number that stands for a word.
pub fn word_number(word: &str) -> u64 {
    word.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(257).wrapping_add(u64::from(byte)))
}

/// The steps in which somebody decides. A runbook that acts at once on a verdict of health checks has them too: an alarm
/// pages a person.
fn decision(decider: Decider) -> Vec<Step> {
    let steps: &[Action] = match decider {
        Decider::Person | Decider::Automatic => &[Action::Page, Action::Triage, Action::Decide],
        Decider::Learner => &[Action::Decide],
        Decider::Manual => &[],
    };
    let step = |(index, action): (usize, &Action)| Step {
        name: action.slug().into(),
        action: *action,
        on: Place::Owner,
        after: index.checked_sub(1).map(|before| before as u8).into_iter().collect(),
        needs: Vec::new(),
        takes_s: Vec::new(),
        otherwise: Otherwise::Wait,
        no_return: false,
        servers: 0,
        by: Cutover::HealthCheck,
    };
    steps.iter().enumerate().map(step).collect()
}

impl Step {
    fn new(scenario: &Scenario, text: StepText, after: Vec<u8>) -> Self {
        let mut needs = text.action.needs().to_vec();
        needs.extend(text.needs.iter().filter(|need| !text.action.needs().contains(need)));
        let recovery = &scenario.recovery;
        Self {
            on: Place::named(scenario, &text.on).unwrap_or(Place::Target),
            by: match text.by {
                By::AsSet => recovery.cutover,
                By::HealthCheck => Cutover::HealthCheck,
                By::RecordChange => Cutover::RecordChange,
                By::RoutingControl => Cutover::RoutingControl,
            },
            servers: if text.servers == 0 { recovery.servers } else { text.servers } as u16,
            name: text.name,
            action: text.action,
            after,
            needs,
            takes_s: text.takes_s,
            otherwise: text.otherwise,
            no_return: text.no_return,
        }
    }

    /// The bar of the waterfall that it becomes.
    pub fn bar(&self) -> StepName {
        if self.action == Action::ShiftTraffic && self.by == Cutover::RoutingControl {
            return StepName::RoutingControl;
        }
        self.action.step()
    }

    /// Whether it goes on behind the others: the service does not wait for it.
    pub const fn is_behind(&self) -> bool {
        matches!(
            self.action,
            Action::RebuildStandbys | Action::Rejoin | Action::LoadBlocks | Action::Release | Action::Bake
        )
    }
}
