//! Everything under the map: a window that shows the incident well, and what happened in it.

use super::incidents::{Interruption, rpo};
use super::panels::{AvailabilityColumn, Bracket, Mark, SpellBand, Timeline, TriggerMark};
use super::view::{View, share};
use super::words::number;
use crate::app::happening;
use crate::kernel::clock::SimTime;
use crate::kernel::sorted::in_order;
use crate::observer::incident::Incident;
use crate::observer::spell::Spell;
use crate::system::context::Sample;

/// The most columns of the availability band.
const MOST_COLUMNS: f64 = 300.0;
/// The most marks.
const MOST_MARKS: usize = 40;
/// What is shown before a fault, in seconds.
const BEFORE_S: f64 = 60.0;
/// An incident that was over less than this before the window began is in it, in seconds.
const NEAR_S: f64 = 1800.0;
/// Lengths of the window after a fault, in seconds: it grows in steps, so that the picture stays calm.
const AFTER_S: [f64; 10] = [300.0, 600.0, 900.0, 1200.0, 1800.0, 2700.0, 3600.0, 5400.0, 7200.0, 14_400.0];
/// The window while nothing has happened: its length, and the steps in which it moves, in seconds.
const CALM_S: f64 = 300.0;
const CALM_STEP_S: f64 = 60.0;
/// Distances between ticks, in seconds.
const TICKS_S: [f64; 12] = [5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0];
/// Tops of the scale of lag, in seconds.
const LAG_TOPS_S: [f64; 10] = [1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0];

impl View<'_> {
    /// The timeline at the moment shown.
    pub(super) fn timeline(&self) -> Timeline {
        let incident = self.incident();
        let (from_s, to_s) = self.window(incident);
        let origin_s = incident.map_or(0.0, |incident| incident.at.secs());
        let (runs, bars) =
            self.shown_incident().map(|index| self.waterfall(index, from_s)).unwrap_or_default();
        let columns = self.columns(from_s, to_s);
        let lag: Vec<(f64, Option<f64>)> = columns.iter().filter_map(|column| lag_point(column)).collect();
        let queued: Vec<(f64, u64)> = columns.iter().filter_map(|column| self.queued_point(column)).collect();
        let most_queued = queued.iter().map(|(_, queued)| *queued).max().unwrap_or(0);
        let most_lag = lag.iter().filter_map(|(_, lag)| *lag).fold(0.0, f64::max);
        Timeline {
            from_s,
            to_s,
            now_s: self.now.secs(),
            origin_s,
            ticks: ticks(from_s, to_s, origin_s),
            availability: columns.iter().filter_map(|column| availability(column)).collect(),
            lag,
            lag_top_s: first_at_least(&LAG_TOPS_S, most_lag * 1.1),
            queued,
            queued_note: format!("at most {}", number::count(most_queued)),
            runs,
            bars,
            before: self.before_bars(incident),
            before_note: self.before_note(incident),
            rto: incident.and_then(|incident| self.rto_bracket(incident)),
            rpo: incident.and_then(|incident| self.rpo_bracket(incident)),
            marks: self.marks(from_s, to_s),
            triggers: self.triggers(from_s, to_s),
            spells: self.spells(from_s, to_s),
        }
    }

    fn window(&self, incident: Option<&Incident>) -> (f64, f64) {
        let now_s = self.now.secs();
        match incident {
            Some(incident) => {
                let at_s = incident.at.secs();
                // A twentieth of the window stays free on the right.
                let after = AFTER_S.iter().find(|span| at_s + *span * 0.95 >= now_s);
                (self.window_start(at_s), at_s + after.copied().unwrap_or(now_s - at_s + BEFORE_S))
            }
            None => {
                let from_s = ((now_s - CALM_S * 0.8) / CALM_STEP_S).ceil().max(0.0) * CALM_STEP_S;
                (from_s, from_s + CALM_S)
            }
        }
    }

    /// A little before what opened an incident, and before incidents that came shortly before that one: what long before it
    /// was over would leave little room for it, and is in the list.
    fn window_start(&self, at_s: f64) -> f64 {
        let mut from_s = at_s - BEFORE_S;
        for incident in self.world.observer.incidents.iter().rev().filter(|it| it.at.secs() < at_s) {
            if self.last_of(incident).secs() >= from_s - NEAR_S {
                from_s = from_s.min(incident.at.secs() - BEFORE_S);
            }
        }
        from_s.max(0.0)
    }

    /// What opened each incident.
    fn triggers(&self, from_s: f64, to_s: f64) -> Vec<TriggerMark> {
        let shown = self.shown_incident();
        let incidents = self.world.observer.incidents.iter().enumerate();
        let inside = incidents.filter(|(_, incident)| (from_s..=to_s).contains(&incident.at.secs()));
        inside
            .map(|(index, incident)| TriggerMark {
                number: index + 1,
                at_s: incident.at.secs(),
                label: format!("Incident {}: {}", index + 1, self.trigger(incident)),
                shown: shown == Some(index),
            })
            .collect()
    }

    /// Outages and degradations, in the order of their beginning.
    fn spells(&self, from_s: f64, to_s: f64) -> Vec<SpellBand> {
        let (service, shown) = (&self.world.observer.service, self.shown_incident());
        let band = |(spell, outage): (&Spell, bool)| SpellBand {
            from_s: spell.start.secs(),
            to_s: spell.end.map(SimTime::secs),
            outage,
            label: self.spell_words(spell, outage),
            shown: shown.is_some_and(|index| spell.share_of(Some(index)).is_some_and(|it| it.failed > 0)),
        };
        let all = service.outages.told().map(|spell| (spell, true));
        let mut bands: Vec<SpellBand> =
            all.chain(service.degradations.told().map(|spell| (spell, false))).map(band).collect();
        bands.retain(|band| band.from_s <= to_s && band.to_s.is_none_or(|end_s| end_s >= from_s));
        in_order(bands, |band| [band.from_s, 0.0])
    }

    /// "Outage of 7 min 40 s, 2,431 requests failed".
    fn spell_words(&self, spell: &Spell, outage: bool) -> String {
        let name = if outage { "Outage" } else { "Degradation" };
        let failed = number::counted(self.real(spell.failed().into()), "request");
        match spell.end {
            Some(end) => {
                format!("{name} of {}, {failed} failed", number::span(end.since(spell.start).secs()))
            }
            None => {
                let so_far = number::span(self.now.since(spell.start).secs());
                format!("{name} of {so_far} so far, {failed} failed")
            }
        }
    }

    /// Samples in the window, column by column.
    fn columns(&self, from_s: f64, to_s: f64) -> Vec<&[Sample]> {
        let width_s = ((to_s - from_s) / MOST_COLUMNS).ceil().max(1.0);
        let first = self.samples.partition_point(|sample| sample.at.secs() <= from_s);
        let column = |sample: &Sample| ((sample.at.secs() - from_s - 0.5) / width_s) as u64;
        self.samples[first..].chunk_by(|a, b| column(a) == column(b)).collect()
    }

    fn queued_point(&self, column: &[Sample]) -> Option<(f64, u64)> {
        let most = column.iter().filter_map(|sample| sample.queued).max()?;
        Some((column.last()?.at.secs(), self.real(most.into())))
    }

    /// From the first outage on: what came before it hurt nobody.
    fn rto_bracket(&self, incident: &Incident) -> Option<Bracket> {
        Some(match Interruption::of(incident) {
            Interruption::Nobody => return None,
            Interruption::Over(from_s, rto_s) => Bracket {
                from_s,
                to_s: from_s + rto_s,
                label: format!("RTO {}", number::minutes(rto_s)),
                open: false,
            },
            Interruption::Since(from_s) => {
                let so_far = number::minutes(self.now.secs() - from_s);
                Bracket {
                    from_s,
                    to_s: self.now.secs(),
                    label: format!("RTO {so_far} and counting"),
                    open: true,
                }
            }
        })
    }

    fn rpo_bracket(&self, incident: &Incident) -> Option<Bracket> {
        let (rpo_s, loss) = (incident.rpo?.secs(), self.loss_of(incident));
        // A split brain goes on after what began it.
        let to_s = self.world.observer.losses.rpo_end(incident.entry).unwrap_or(incident.at).secs();
        let open = loss.out_of_reach > 0;
        let label = match open {
            true => format!("{} of writes at risk", rpo(incident)),
            false => format!("RPO {}", rpo(incident)),
        };
        Some(Bracket { from_s: to_s - rpo_s, to_s, label, open })
    }

    /// Decisive moments in the window, those that were computed already but are not reached again included.
    fn marks(&self, from_s: f64, to_s: f64) -> Vec<Mark> {
        let journal = &self.app.history().record().journal;
        let inside = journal.partition_point(|entry| entry.at.secs() < from_s)
            ..journal.partition_point(|entry| entry.at.secs() <= to_s);
        inside
            .filter(|index| happening::is_decisive(journal, *index))
            .take(MOST_MARKS)
            .map(|index| {
                let told = self.words.told(&journal[index].what);
                Mark { at_s: journal[index].at.secs(), tone: told.tone, label: told.in_short() }
            })
            .collect()
    }
}

fn availability(column: &[Sample]) -> Option<AvailabilityColumn> {
    let (first, last) = (column.first()?, column.last()?);
    // Where everybody waits and nothing has been decided yet, nothing is served.
    let waiting = column.iter().any(|sample| sample.sent > 0).then_some(0.0);
    let served = share(column).or(waiting)?;
    Some(AvailabilityColumn { from_s: first.at.secs() - 1.0, to_s: last.at.secs(), served })
}

fn lag_point(column: &[Sample]) -> Option<(f64, Option<f64>)> {
    let last = column.last()?;
    let most = column.iter().filter_map(|sample| sample.lag_us).max();
    Some((last.at.secs(), most.map(|lag| lag as f64 / 1e6)))
}

fn ticks(from_s: f64, to_s: f64, origin_s: f64) -> Vec<(f64, String)> {
    let step = first_at_least(&TICKS_S, (to_s - from_s) / 11.0);
    let mut ticks = Vec::new();
    let mut offset_s = ((from_s - origin_s) / step).ceil() * step;
    while origin_s + offset_s <= to_s + 1e-6 {
        ticks.push((origin_s + offset_s, number::offset(offset_s)));
        offset_s += step;
    }
    ticks
}

/// The first of some rising numbers that is at least this; the last where none is.
fn first_at_least(numbers: &[f64], least: f64) -> f64 {
    numbers.iter().copied().find(|number| *number >= least).unwrap_or(numbers[numbers.len() - 1])
}
