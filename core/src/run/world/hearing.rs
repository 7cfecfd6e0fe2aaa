//! What between the rooms still hears of occurrences.

use super::World;
use crate::model::fault::Command;
use crate::model::runbook::StepName;
use crate::observer::incident::Step;
use crate::system::context::Context;
use crate::system::journal::What;
use crate::system::occurrence::{Committed, Occurrence};
use crate::system::stream::Commit;

impl World {
    pub(super) fn hear(&mut self, ctx: &mut Context<'_>, occurrence: &Occurrence) {
        match *occurrence {
            Occurrence::Served(asked, answered) if asked.write.is_some() => {
                // The news of a write that was committed by a primary that is primary no more: it is lost from this moment.
                let stranded = &mut self.operations.recovery.stranded;
                if let Some(commit) = stranded.iter_mut().find(|commit| commit.id == answered.version)
                    && !commit.acknowledged
                {
                    commit.acknowledged = true;
                    let commit = *commit;
                    self.count_lost(ctx, &[commit]);
                }
            }
            Occurrence::Committed(Committed { key, version, population, connection, .. }) => {
                let alone = version.id.region != self.system.acting && !ctx.plan.writes_everywhere();
                if alone {
                    self.operations.recovery.stranded.push(Commit {
                        id: version.id,
                        write: version.write,
                        population,
                        connection,
                        key,
                        at: ctx.now,
                        leaves: ctx.now,
                        content: version.content,
                        format: version.format,
                        stamp: version.stamp,
                        seen: version.seen,
                        acknowledged: false,
                    });
                }
            }
            Occurrence::BatchTaken(region) => self.find_again(ctx, region),
            Occurrence::FaultInjected(fault, entry) => {
                self.open_incident(ctx, Command::Inject(fault), entry);
            }
            Occurrence::FaultCleared(_, entry) => {
                if let Some(incident) = self.observer.incidents.iter_mut().find(|it| it.entry == entry) {
                    incident.cleared = Some(ctx.now);
                }
            }
            Occurrence::ZoneLost(_) => {
                self.begin_step_of(ctx, self.observer.incidents.len() - 1, StepName::ReplaceServers);
            }
            Occurrence::StandbyBegins(_, entry) => {
                if let Some(incident) = self.observer.incidents.last_mut() {
                    incident.steps.push(Step::begun(StepName::ZoneFailover, ctx.now));
                }
                ctx.note(Some(entry), What::StepBegan(StepName::ZoneFailover));
            }
            Occurrence::DatabaseReady(region) => {
                self.end_zone_failover(ctx, region);
                if self.system.to_be_fenced == Some(region) {
                    let recovery = &self.operations.recovery;
                    let stranded = recovery.stranded.len() as u32 + recovery.more_stranded;
                    ctx.note(self.system.cause_in(region), What::OldPrimaryReturned { region, stranded });
                }
            }
            Occurrence::FoundUnhealthy(region) => {
                self.note_detection(ctx.now, region);
                self.on_verdict(ctx, region);
            }
            Occurrence::Detected(region) => self.note_detection(ctx.now, region),
            Occurrence::Sent(_)
            | Occurrence::WentTo(..)
            | Occurrence::Served(..)
            | Occurrence::Refused(..)
            | Occurrence::GaveUp(_)
            | Occurrence::WriteRefused(_)
            | Occurrence::WroteOver(_)
            | Occurrence::Duplicated(_)
            | Occurrence::Proposed(_)
            | Occurrence::Withdrawn(..)
            | Occurrence::Agreed(_)
            | Occurrence::TakenIn(..)
            | Occurrence::Shipping => {}
        }
    }
}
