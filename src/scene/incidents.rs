//! Incidents: the list of all of them, and how long each has interrupted the service. Every figure is the observer's own, as
//! the report has it.

use super::panels::{Action, IncidentRow, Tone};
use super::scores::LONG_S;
use super::view::View;
use super::words::{loss, number, order};
use crate::app::Msg;
use crate::kernel::clock::SimTime;
use crate::observer::incident::Incident;
use crate::observer::loss::Loss;

/// How long an incident has interrupted the service: its RTO.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Interruption {
    /// It has hurt nobody, or only on the way back.
    Nobody,
    /// It hurts since this moment, in seconds since the start.
    Since(f64),
    /// It hurt from this moment on for so long, in seconds.
    Over(f64, f64),
}

impl Interruption {
    /// Of an incident, as it is booked.
    pub(super) fn of(incident: &Incident) -> Self {
        let Some(hurt_after) = incident.hurt_after else { return Self::Nobody };
        let from_s = (incident.at + hurt_after).secs();
        match incident.rto {
            None => Self::Since(from_s),
            Some(rto) if rto.micros() == 0 => Self::Nobody,
            Some(rto) => Self::Over(from_s, rto.secs()),
        }
    }
}

impl View<'_> {
    /// All incidents, the oldest first.
    pub(super) fn incident_rows(&self) -> Vec<IncidentRow> {
        let shown = self.shown_incident();
        let row = |(index, incident)| self.incident_row(index, incident, shown == Some(index));
        self.world.observer.incidents.iter().enumerate().map(row).collect()
    }

    fn incident_row(&self, index: usize, incident: &Incident, shown: bool) -> IncidentRow {
        let title = self.trigger(incident);
        let at_text = number::clock(incident.at.secs());
        let state = if incident.open { "open" } else { "over" };
        let (rto, rpo) = (format!("RTO {}", self.rto_words(incident)), format!("RPO {}", rpo(incident)));
        let loss = self.loss_of(incident);
        let missing = loss::short(&loss).unwrap_or_else(|| self.none_missing());
        let lasts = incident.rto.is_none();
        let tone = match incident.open {
            _ if lasts => Tone::Bad,
            _ if !self.is_whole(incident) => Tone::Warning,
            true => Tone::Warning,
            false => Tone::Good,
        };
        let number = index + 1;
        // Pressed again, the choice is left to the page.
        let chosen = self.app.chosen_incident() == Some(index);
        IncidentRow {
            number,
            label: format!("Incident {number}, {title} at {at_text}: {state}, {rto}, {rpo}, {missing}"),
            title,
            at_text,
            at_s: incident.at.secs(),
            state,
            rto,
            rpo,
            missing,
            tone,
            shown,
            msg: Msg::SelectIncident((!chosen).then_some(index)),
        }
    }

    /// "us-east-1 went dark"; "too few are served" if nothing that has happened led to it.
    pub(super) fn trigger(&self, incident: &Incident) -> String {
        incident.command().map_or("too few are served".into(), |command| order::doing(self.plan, command))
    }

    /// "7:40", "2:14 so far", "0:00".
    pub(super) fn rto_words(&self, incident: &Incident) -> String {
        match Interruption::of(incident) {
            Interruption::Nobody if self.is_not_known_yet(incident) => "–".into(),
            Interruption::Nobody => number::minutes(0.0),
            Interruption::Since(from_s) => format!("{} so far", number::minutes(self.now.secs() - from_s)),
            Interruption::Over(_, rto_s) => number::minutes(rto_s),
        }
    }

    /// It has just begun, or requests fail just now, and whether that is an outage shows only when they have ended.
    pub(super) fn is_not_known_yet(&self, incident: &Incident) -> bool {
        let outage = self.world.observer.service.outages.open().is_some();
        incident.open
            && incident.hurt_after.is_none()
            && !outage
            && (self.counts(incident) || self.is_failing())
    }

    /// What is missing because of an incident, in real writes.
    pub(super) fn loss_of(&self, incident: &Incident) -> Loss {
        self.world.observer.losses.of(incident.entry).real(self.plan.step())
    }

    /// What is missing in all, in real writes.
    pub(super) fn all_missing(&self) -> Loss {
        self.world.observer.losses.total().real(self.plan.step())
    }

    /// What is said if nothing is missing.
    pub(super) fn none_missing(&self) -> String {
        loss::none(self.plan.step(), self.may_lose())
    }

    /// Real requests, reads or writes: one that was counted stands for several.
    pub(super) fn real(&self, counted: u64) -> u64 {
        counted * self.plan.step()
    }

    /// "Counted in steps of 20".
    pub(super) fn counting(&self) -> Option<String> {
        let step = self.plan.step();
        (step > 1).then(|| format!("Counted in steps of {}", number::count(step)))
    }

    /// The button that runs it again with each request by itself, if one stands for several.
    pub(super) fn finely(&self) -> Option<Action> {
        let step = number::count(self.plan.step());
        (!self.is_fine()).then(|| Action {
            label: "Run finely".into(),
            hint: format!(
                "The same again with each request by itself: writes have names and answers their times. It takes up to {step} times as long."
            ),
            msg: Msg::RunFinely,
            slug: "run-finely".into(),
        })
    }

    /// The end of the last outage that an incident has had; when it began if it has had none.
    pub(super) fn last_of(&self, incident: &Incident) -> SimTime {
        let outages = &self.world.observer.service.outages.list;
        let ends = incident.outages.iter().filter_map(|outage| outages.get(*outage));
        ends.map(|outage| outage.end.unwrap_or(self.now)).max().unwrap_or(incident.at).max(incident.at)
    }
}

/// "0.84 s", "33:10"; "none" if nothing is left to go back to.
pub(super) fn rpo(incident: &Incident) -> String {
    match incident.rpo.map(|rpo| rpo.secs()) {
        None => "none".into(),
        Some(rpo_s) if rpo_s < LONG_S => format!("{} s", number::short(rpo_s)),
        Some(rpo_s) => number::minutes(rpo_s),
    }
}
