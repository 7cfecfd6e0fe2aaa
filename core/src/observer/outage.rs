//! Incidents and outages: which outage belongs to which incident, and the figures that follow from that.

use super::Observer;
use super::incident::Trigger;
use super::service::Change;
use super::spell::Spell;
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::EntryId;
use crate::model::command::Command;
use crate::system::System;
use crate::system::context::Context;
use crate::system::journal::What;

impl Observer {
    /// A second has passed: the judges look at those that are settled, and incidents are booked anew.
    pub fn judge(&mut self, ctx: &mut Context<'_>, system: &System) {
        let mut changes = std::mem::take(&mut self.changes);
        debug_assert!(changes.is_empty(), "what has changed was told");
        let incidents = &self.incidents;
        while self.service.look(ctx.now, |incident| incidents[incident].at, &mut changes) {}
        let mut hurt = None;
        for change in changes.drain(..) {
            hurt = self.tell_change(ctx, system, change, hurt).or(hurt);
        }
        self.changes = changes;
        self.score(ctx.now);
    }

    /// Writes the journal's line about a change. `hurt`: the entry of the city that was out last. Returns that of this one.
    fn tell_change(
        &mut self,
        ctx: &mut Context<'_>,
        system: &System,
        change: Change,
        hurt: Option<EntryId>,
    ) -> Option<EntryId> {
        match change {
            Change::CityOut(who) => {
                let cause = self.metrics.tallies[who.index()].failed_by.most();
                return Some(ctx.note(cause, What::PopulationHurt(who)));
            }
            Change::CityBack(who) => {
                ctx.note(None, What::PopulationServed(who));
            }
            Change::OutageBegan(index) => self.on_outage(ctx, system, index, hurt),
            Change::OutageEnded(index) => {
                let outages = &self.service.outages.list;
                let cause = main_incident(&outages[index]).map(|incident| self.incidents[incident].entry);
                ctx.note(cause, What::OutageEnded { lasted_ms: lasted_ms(outages.get(index)) });
            }
            Change::DegradationBegan(index) => {
                let incident = self.service.degradations.list.get(index).and_then(main_incident);
                let cause = incident.map(|incident| self.incidents[incident].entry);
                ctx.note(cause, What::Degraded);
            }
            Change::DegradationEnded(index) => {
                let ended = self.service.degradations.list.get(index);
                ctx.note(None, What::DegradationEnded { lasted_ms: lasted_ms(ended) });
            }
        }
        None
    }

    /// An outage has begun. If nothing that has happened led to it, it is an incident itself; its entry is the first city's.
    fn on_outage(&mut self, ctx: &Context<'_>, system: &System, index: usize, hurt: Option<EntryId>) {
        let outage = &self.service.outages.list[index];
        let has_trigger = (0..self.incidents.len()).any(|incident| outage.belongs_to(incident));
        debug_assert!(hurt.is_some(), "an outage begins with a city");
        if let (false, Some(entry)) = (has_trigger, hurt) {
            let start = outage.start;
            let incident = self.open_incident(ctx, system, Trigger::Outage, entry);
            self.incidents[incident].at = start;
            self.service.outages.list[index].owner = Some(incident);
            self.service.outages.count(&self.service.seconds);
        }
    }

    /// Books incidents anew, as outages, faults and executions stand now.
    pub fn score(&mut self, now: SimTime) {
        for index in 0..self.incidents.len() {
            let share = self.service.share_of(Some(index));
            let (failed, unserved_s) = (share.failed, share.unserved_us as f64 / 1e6);
            let incident = &self.incidents[index];
            if !incident.open && incident.failed == failed && incident.outages.is_empty() {
                continue;
            }
            self.score_one(now, index);
            (self.incidents[index].failed, self.incidents[index].unserved_s) = (failed, unserved_s);
        }
    }

    fn score_one(&mut self, now: SimTime, index: usize) {
        let outages = &self.service.outages.list;
        let with_share = |outage: &Spell| outage.share_of(Some(index)).is_some_and(|share| share.failed > 0);
        let own: Vec<usize> = (0..outages.len()).filter(|outage| with_share(&outages[*outage])).collect();
        let lasts = own.iter().any(|outage| outages[*outage].end.is_none());
        let incident = &self.incidents[index];
        let failback = self.incidents.iter().find(|later| later.after == Some(index)).map(|later| later.at);
        let before = |start: SimTime| {
            incident.cleared.is_none_or(|cleared| start < cleared)
                && failback.is_none_or(|began| start < began)
        };
        let belonging = || own.iter().map(|outage| &outages[*outage]).filter(|it| it.belongs_to(index));
        // A fault may make an outage worse that had begun before it: what came before is not its own.
        let since = |start: SimTime| start.max(incident.at);
        let first = belonging().next().map(|outage| since(outage.start));
        let counted: Vec<&Spell> = belonging().filter(|outage| before(since(outage.start))).collect();
        let returning = belonging().filter(|outage| !before(since(outage.start)));
        let returning: u64 =
            returning.map(|outage| outage.end.unwrap_or(now).since(since(outage.start)).micros()).sum();
        let rto = span(counted.iter().map(|outage| (since(outage.start), outage.end)));
        let by_client = (0..incident.rto_by_client.len()).map(|who| {
            let of = |outage: &&&Spell| {
                let city = outage.cities.iter().find(|city| city.population.index() == who);
                city.map(|city| (since(city.start), city.end))
            };
            span(counted.iter().filter_map(|outage| of(&outage)))
        });
        let rto_by_client = by_client.collect();
        let fault_lasts = incident.fault().is_some() && incident.cleared.is_none();
        let runs = self.runs.iter().any(|run| run.incident == index && run.end.is_none());
        let open = fault_lasts || lasts || runs;
        let last = counted.iter().filter_map(|outage| outage.end).max();
        let restored = match rto {
            None => None,
            Some(_) if last.is_some() => last,
            Some(_) => (!open).then_some(incident.at),
        };
        debug_assert!(own.is_sorted(), "outages are in order");
        let incident = &mut self.incidents[index];
        incident.open = open;
        incident.restored = restored;
        incident.rto = rto;
        incident.rto_by_client = rto_by_client;
        incident.returning = SimDuration::from_micros(returning);
        incident.hurt_after = first.map(|first| first.since(incident.at));
        incident.outages = own;
    }

    /// The incident after which a failback brings the work back: the newest whose execution has moved it.
    pub(super) fn moved_by(&self) -> Option<usize> {
        let moves = |incident: usize| {
            !matches!(self.incidents[incident].trigger, Trigger::Command(Command::FailBack))
        };
        self.runs.iter().rev().map(|run| run.incident).find(|incident| moves(*incident))
    }
}

/// The incident that has most of what failed in a spell; `None` if most belongs to none.
fn main_incident(spell: &Spell) -> Option<usize> {
    spell.shares.iter().max_by_key(|share| share.failed).and_then(|share| share.incident)
}

/// How long a spell lasted, in milliseconds.
fn lasted_ms(spell: Option<&Spell>) -> u64 {
    let span = spell.and_then(|spell| Some(spell.end?.since(spell.start)));
    span.unwrap_or_default().micros() / 1000
}

/// From the first start to the last end; zero if there was none, `None` while one lasts.
fn span(parts: impl Iterator<Item = (SimTime, Option<SimTime>)>) -> Option<SimDuration> {
    let mut first = None;
    let mut last = SimTime::ZERO;
    for (start, end) in parts {
        first = Some(first.unwrap_or(start).min(start));
        last = last.max(end?);
    }
    Some(first.map_or(SimDuration::ZERO, |first| last.since(first)))
}
