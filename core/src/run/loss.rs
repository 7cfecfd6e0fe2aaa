//! Acknowledged writes in a report: how many are in which state, for the run and for each incident, and the oldest by name.

use crate::kernel::id::EntryId;
use crate::kernel::sorted::in_order;
use crate::observer::loss::{Loss, MOST_EXAMPLES, Missing};
use crate::run::simulation::Simulation;
use crate::system::write_state::WriteState;
use serde::Serialize;

/// Acknowledged writes by what has become of them, in real writes. The states add up to all that were acknowledged.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunLoss {
    /// Writes that a client was told of. With a backup from before the start that is restored, or would have to be: and those
    /// that were written between its moment and the start.
    pub acknowledged: u64,
    /// On a copy in reach, or overwritten there by a writer that had seen them.
    pub present: u64,
    /// Only in a queue.
    pub queued: u64,
    /// What is missing, and what was lost in collisions.
    #[serde(flatten)]
    pub counts: Loss,
    /// The oldest that are missing, at most 40; none in steps of more than 1.
    pub examples: Vec<LossExample>,
}

/// What one incident has cost in writes, in real ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IncidentLoss {
    /// By what became of them.
    #[serde(flatten)]
    pub counts: Loss,
    /// The oldest that are missing, at most 40; none in steps of more than 1.
    pub examples: Vec<LossExample>,
}

/// A missing write.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LossExample {
    /// The write's number.
    pub write: u32,
    /// The city whose write it is.
    pub client: String,
    /// The key, from 0.
    pub key: u16,
    /// The region that committed it.
    pub region: String,
    /// When its client was told, in seconds since the start.
    pub at_s: f64,
    /// What became of it.
    pub state: WriteState,
}

impl Simulation {
    /// What has become of every acknowledged write, by a walk over the copies: that of the last booking, so that it agrees with
    /// the incidents.
    pub(super) fn run_loss(&self) -> RunLoss {
        let (observer, plan) = (&self.world().observer, self.plan());
        let states = observer.booked_states(plan, &self.world().system);
        let of = |state: WriteState| states.of(state);
        let counts = Loss {
            lost: of(WriteState::Lost),
            out_of_reach: of(WriteState::OutOfReach),
            set_aside: of(WriteState::SetAside),
            undone: of(WriteState::Undone),
            in_collisions: of(WriteState::InCollision),
            everything: observer.losses.total().everything,
        };
        RunLoss {
            acknowledged: states.total() * plan.step(),
            present: of(WriteState::Present) * plan.step(),
            queued: of(WriteState::Queued) * plan.step(),
            counts: counts.real(plan.step()),
            examples: self.examples(observer.losses.examples(MOST_EXAMPLES)),
        }
    }

    /// What the incident that began with an entry has cost in writes.
    pub(super) fn incident_loss(&self, trigger: EntryId) -> IncidentLoss {
        let losses = &self.world().observer.losses;
        IncidentLoss {
            counts: losses.of(trigger).real(self.plan().step()),
            examples: self.examples(losses.examples_of(trigger)),
        }
    }

    /// Missing writes by name; none if one that was simulated stands for several.
    fn examples(&self, missing: Vec<Missing>) -> Vec<LossExample> {
        let (ledger, plan) = (&self.world().observer.ledger, self.plan());
        if plan.step() > 1 {
            return Vec::new();
        }
        let example = |missing: Missing| {
            let line = ledger.get(missing.number.into())?;
            Some(LossExample {
                write: line.write.0,
                client: plan.city(line.population).into(),
                key: line.key,
                region: plan.region_code(line.region).into(),
                at_s: line.told_at()?.secs(),
                state: missing.state,
            })
        };
        // They come in the order of their commits; their clients were told in about the same.
        in_order(missing.into_iter().filter_map(example), |example| [example.at_s, 0.0])
    }
}
