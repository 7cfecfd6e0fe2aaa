//! Journal entries in a few words: why time runs slowly, and what stands at the marks of the timeline.

use super::entry::{Words, writes};
use super::fault;
use super::loss;
use super::order::lower_first;
use crate::system::journal::What;

/// An entry in a few words without a full stop: why time runs slowly, and what stands at a mark of the timeline.
pub fn reason(words: Words<'_>, what: &What) -> String {
    let region = |region| words.plan.region_code(region);
    match *what {
        What::FaultInjected(broken) => lower_first(&fault::injected(words.plan, broken)),
        What::FaultCleared(mended) => lower_first(&fault::cleared(words.plan, mended)),
        What::CheckerTurned { endpoint, healthy: false, .. } => {
            format!("a first checker gave up on {}", region(endpoint))
        }
        What::CheckerTurned { endpoint, healthy: true, .. } => {
            format!("a checker trusts {} again", region(endpoint))
        }
        What::EndpointTurned { endpoint, healthy: false, .. } => {
            format!("Route 53 gave up on {}", region(endpoint))
        }
        What::EndpointTurned { endpoint, healthy: true, .. } => {
            format!("Route 53 trusts {} again", region(endpoint))
        }
        What::AnswerChanged { to, .. } => format!("Route 53 answers {} now", region(to)),
        What::StandbyTookOver { region: r, .. } => format!("the standby took over in {}", region(r)),
        What::Promoted { region: r, lost: 0 } => format!("{} became the primary", region(r)),
        What::Promoted { region: r, lost } => {
            format!("{} became the primary without {}", region(r), writes(lost))
        }
        What::WriteMissing(_, state) | What::MoreWritesMissing(_, state) => {
            format!("acknowledged writes {}", loss::became(state, true))
        }
        What::OldPrimaryReturned { region: r, .. } => format!("the old primary in {} came back", region(r)),
        What::FailedBack(r) => format!("the work is back in {}", region(r)),
        What::DataRuined { region: r, .. } => format!("data in {} became useless", region(r)),
        What::DatabaseRestored { region: r, lost, .. } => {
            format!("the database in {} was restored without {}", region(r), writes(lost))
        }
        What::WritesCollided { .. } => "two writes met that had not seen each other".into(),
        What::BackupsDeleted(_) => "backups were deleted".into(),
        What::PopulationServed(_) => "cities are served again".into(),
        What::Restored { .. } => "every city has been served for a minute".into(),
        What::Started
        | What::Ordered(_)
        | What::OrderRefused(_)
        | What::PopulationHurt(_)
        | What::TargetTurned { .. }
        | What::ServersLost { .. }
        | What::ServersLaunched { .. }
        | What::LaunchRefused { .. }
        | What::ServerBooted { .. }
        | What::Overloaded(_)
        | What::OverloadEnded(_)
        | What::DatabaseLost(_)
        | What::DatabaseRestarted(_)
        | What::ReplicaFellBehind(_)
        | What::ReplicaCaughtUp(_)
        | What::StepBegan(_)
        | What::StepEnded(_)
        | What::StepBlocked(..)
        | What::Fenced(_)
        | What::BackupTaken { .. }
        | What::BackupCopied { .. }
        | What::BackupCopyDelayed { .. }
        | What::WritesReturned(_)
        | What::Rejoined(_)
        | What::HomeMoved { .. }
        | What::VersionDeployed { .. }
        | What::WritesSetAside(_) => lower_first(words.sentence(what).trim_end_matches('.')),
    }
}
