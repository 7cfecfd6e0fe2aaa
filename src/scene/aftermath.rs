//! What is said of an incident that is over, or that does not hurt any more.

use super::headline::open_step;
use super::incidents::Interruption;
use super::panels::{Headline, Tone};
use super::view::View;
use super::words::{loss, number, step};
use crate::model::command::Command;
use crate::model::runbook::StepName;
use crate::model::scenario::Strategy;
use crate::observer::incident::Incident;

impl View<'_> {
    /// How long it hurt, what is missing, and what is still to be done.
    pub(super) fn restored(&self, incident: &Incident) -> Headline {
        let mut body = self.restored_sentence(incident);
        if let Some(told) = loss::sentence(&self.loss_of(incident)) {
            body.push_str(&format!(" {told}"));
        }
        let open = StepName::ALL.into_iter().find_map(|name| open_step(incident, name));
        if let Some(waits) = self.blocked_sentence(incident) {
            body.push_str(&format!(" {waits}"));
        } else if let Some(step) = open {
            body.push_str(&format!(" The runbook goes on: {}.", step::doing(step.name)));
        } else if self.is_away() && self.world.operations.is_calm(self.plan) {
            body.push_str(&format!(
                " {} has not got the work back yet.",
                self.code(self.plan.blueprint.primary())
            ));
        }
        let missing = self.all_missing();
        let tone = if self.is_out() {
            Tone::Bad
        } else if missing.missing() > 0 || !self.is_whole(incident) || self.late().is_some() {
            Tone::Warning
        } else {
            Tone::Good
        };
        Headline { tone, title: self.restored_title(incident), body }
    }

    fn restored_title(&self, incident: &Incident) -> String {
        match Interruption::of(incident) {
            _ if incident.command() == Some(Command::FailBack) && !self.is_out() => {
                "Now: the work is back".into()
            }
            Interruption::Over(_, rto_s) if self.is_out() => {
                format!("Now: out again, after an outage of {}", number::minutes(rto_s))
            }
            Interruption::Over(_, rto_s) => format!("Now: whole again after {}", number::minutes(rto_s)),
            Interruption::Nobody | Interruption::Since(_) if self.is_out() => {
                "Now: hurt by something else".into()
            }
            Interruption::Nobody | Interruption::Since(_) => "Now: still whole".into(),
        }
    }

    /// How long it hurt, and who serves now.
    fn restored_sentence(&self, incident: &Incident) -> String {
        let way_back = match incident.returning.secs() {
            0.0 => String::new(),
            returning_s => format!(" The way back hurt for {}.", number::span(returning_s)),
        };
        match Interruption::of(incident) {
            Interruption::Over(_, rto_s) if self.is_out() => {
                format!("That outage lasted {}; another one goes on.{way_back}", number::span(rto_s))
            }
            Interruption::Over(_, rto_s) => {
                let by = self.served_by();
                format!(
                    "Every city is served again, by {by}, after an outage of {}.{way_back}",
                    number::span(rto_s)
                )
            }
            Interruption::Nobody | Interruption::Since(_) if !way_back.is_empty() => {
                way_back.trim_start().into()
            }
            Interruption::Nobody | Interruption::Since(_) if incident.failed > 0 => {
                let failed = number::counted(self.real(incident.failed.into()), "request");
                format!("{failed} failed because of it, too few for an outage.")
            }
            Interruption::Nobody | Interruption::Since(_) => "Clients noticed nothing of it.".into(),
        }
    }

    /// Who serves after a recovery.
    fn served_by(&self) -> &str {
        let several = self.plan.scenario.strategy == Strategy::MultiSite;
        match self.world.system.dark.iter().any(|dark| *dark) {
            false if several => "all regions",
            true if several => "what is left",
            true | false => self.code(self.world.system.route53.answer),
        }
    }

    /// Nothing is missing because of an incident, and none of its steps waits.
    pub(super) fn is_whole(&self, incident: &Incident) -> bool {
        let loss = self.loss_of(incident);
        loss.missing() == 0 && !loss.everything && !incident.steps.iter().any(|step| step.blocked)
    }

    /// An outage lasts.
    pub(super) fn is_out(&self) -> bool {
        self.world.observer.service.outages.open().is_some()
    }
}
