//! Everything under the map: a window that shows the incident well, and what happened in it.

use super::knobs::knobs;
use super::panels::{AvailabilityColumn, Bar, Bracket, Mark, Timeline};
use super::scores::LONG_S;
use super::view::{View, share};
use super::words::{number, obstacle, step};
use crate::app::happening;
use crate::observer::incident::Incident;
use crate::system::context::Sample;

/// The most columns of the availability band.
const MOST_COLUMNS: f64 = 300.0;
/// The most marks.
const MOST_MARKS: usize = 40;
/// What is shown before a fault, in seconds.
const BEFORE_S: f64 = 60.0;
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
        let columns = self.columns(from_s, to_s);
        let lag: Vec<(f64, Option<f64>)> = columns.iter().filter_map(|column| lag_point(column)).collect();
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
            bars: incident.map(|incident| self.bars(incident)).unwrap_or_default(),
            before: self.before_bars(incident),
            before_note: self.before_note(incident),
            rto: incident.filter(|incident| self.counts(incident)).map(|incident| self.rto_bracket(incident)),
            rpo: incident.and_then(|incident| self.rpo_bracket(incident)),
            marks: self.marks(from_s, to_s),
        }
    }

    fn window(&self, incident: Option<&Incident>) -> (f64, f64) {
        let now_s = self.now.secs();
        match incident {
            Some(incident) => {
                let at_s = incident.at.secs();
                // A twentieth of the window stays free on the right.
                let after = AFTER_S.iter().find(|span| at_s + *span * 0.95 >= now_s);
                ((at_s - BEFORE_S).max(0.0), at_s + after.copied().unwrap_or(now_s - at_s + BEFORE_S))
            }
            None => {
                let from_s = ((now_s - CALM_S * 0.8) / CALM_STEP_S).ceil().max(0.0) * CALM_STEP_S;
                (from_s, from_s + CALM_S)
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

    fn bars(&self, incident: &Incident) -> Vec<Bar> {
        let length =
            |step: &crate::observer::incident::Step| step.end.unwrap_or(self.now).since(step.start).secs();
        let longest = incident.steps.iter().map(length).fold(0.0, f64::max);
        let bar = |step: &crate::observer::incident::Step| {
            let took = number::span(length(step));
            let so_far = if step.end.is_none() { " so far" } else { "" };
            let waited = step.obstacle.map_or(String::new(), |obstacle| {
                let verb = if step.blocked { "waits" } else { "had to wait" };
                format!("; it {verb}, because {}", obstacle::because(self.plan, obstacle))
            });
            Bar {
                slug: step.name.slug(),
                label: step::label(step.name).into(),
                from_s: step.start.secs(),
                to_s: step.end.map(|end| end.secs()),
                longest: longest > 0.0 && length(step) >= longest,
                note: format!("{}: {took}{so_far}{waited}", step::label(step.name)),
                knobs: knobs(&self.plan.scenario, step.name),
            }
        };
        let mut bars: Vec<Bar> = incident.steps.iter().map(bar).collect();
        bars.sort_by(|a, b| a.from_s.total_cmp(&b.from_s));
        bars
    }

    /// The recovery before numbers were changed, moved to where this one began.
    fn before_bars(&self, incident: Option<&Incident>) -> Vec<Bar> {
        let (Some(before), Some(now)) = (self.app.before(), incident) else { return Vec::new() };
        let moved_s = now.at.secs() - before.at.secs();
        let mut bars = self.bars(before);
        for bar in &mut bars {
            bar.from_s += moved_s;
            bar.to_s = bar.to_s.map(|to_s| to_s + moved_s);
            bar.note = format!("before: {}", bar.note);
            bar.knobs.clear();
        }
        bars
    }

    fn before_note(&self, incident: Option<&Incident>) -> String {
        let rto = |incident: &Incident| {
            let rto = incident.rto.filter(|_| incident.is_over());
            rto.map_or("not restored yet".into(), |rto| number::span(rto.secs()))
        };
        match (self.app.before(), incident) {
            (Some(before), Some(now)) => format!("RTO {} before, {} now", rto(before), rto(now)),
            _ => String::new(),
        }
    }

    /// From the first outage on: what came before it hurt nobody.
    fn rto_bracket(&self, incident: &Incident) -> Bracket {
        let from_s = incident.at.secs() + incident.hurt_after.unwrap_or_default().secs();
        match incident.rto.filter(|_| incident.is_over()) {
            Some(rto) => Bracket {
                from_s,
                to_s: from_s + rto.secs(),
                label: format!("RTO {}", number::minutes(rto.secs())),
                open: false,
            },
            None => {
                let so_far = number::minutes(self.now.secs() - from_s);
                Bracket {
                    from_s,
                    to_s: self.now.secs(),
                    label: format!("RTO {so_far} and counting"),
                    open: true,
                }
            }
        }
    }

    fn rpo_bracket(&self, incident: &Incident) -> Option<Bracket> {
        let (rpo_s, loss) = self.known_rpo(incident)?;
        // A split brain goes on after what began it.
        let to_s = self.world.observer.losses.rpo_end(incident.entry).unwrap_or(incident.at).secs();
        let open = loss.out_of_reach > 0;
        let label = match open {
            true => format!("{} of writes at risk", rpo_words(rpo_s)),
            false => format!("RPO {}", rpo_words(rpo_s)),
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

/// Seconds while they are few.
fn rpo_words(rpo_s: f64) -> String {
    if rpo_s < LONG_S { format!("{} s", number::short(rpo_s)) } else { number::span(rpo_s) }
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
