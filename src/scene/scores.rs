//! The scoreboard: the two big figures, and the rows below them.

use super::incidents::Interruption;
use super::panels::{Score, Tone};
use super::view::{LATE_S, View};
use super::words::{choice, loss, number};
use crate::kernel::clock::SimDuration;
use crate::model::Rule;
use crate::observer::incident::Incident;
use crate::observer::metrics::{Histogram, Tally};
use crate::system::failure::Failure;
use crate::system::journal::What;

/// From here on, in seconds, a recovery point or a lag is told in minutes and hours.
pub(super) const LONG_S: f64 = 120.0;
/// From so many attempts per request on it is said that clients ask more than people do.
const OFTEN: f64 = 1.5;
/// Seconds over which the share of served requests is shown.
const LATELY_S: usize = 10;

impl View<'_> {
    /// RTO and RPO.
    pub(super) fn objectives(&self) -> Vec<Score> {
        vec![self.rto(), self.rpo()]
    }

    fn rto(&self) -> Score {
        let objective = self.plan.scenario.recovery.objective_rto_s;
        let note = format!("objective {}", number::minutes(*objective));
        let blank = Score {
            slug: "rto",
            label: "RTO".into(),
            value: "–".into(),
            unit: String::new(),
            note: note.clone(),
            tone: Tone::Muted,
            why: Vec::new(),
        };
        let Some(incident) = self.incident() else { return blank };
        match Interruption::of(incident) {
            Interruption::Nobody if self.is_not_known_yet(incident) => {
                Score { note: format!("{note} · not known yet"), tone: Tone::Warning, ..blank }
            }
            Interruption::Nobody => Score {
                value: number::minutes(0.0),
                note: format!("{note} · {}", self.hurt_words(incident)),
                ..blank
            },
            Interruption::Over(_, rto_s) => {
                let restored = self.last_entry(|entry| matches!(entry.what, What::OutageEnded { .. }));
                Score {
                    value: number::minutes(rto_s),
                    note: format!("{note} · {}", self.hurt_words(incident)),
                    // Within the objective is not good while somebody lacks a write, or a step waits.
                    tone: match rto_s <= objective {
                        true if self.is_whole(incident) => Tone::Good,
                        true => Tone::Plain,
                        false => Tone::Bad,
                    },
                    why: restored.map(|entry| self.why(entry)).unwrap_or_default(),
                    ..blank
                }
            }
            Interruption::Since(from_s) => {
                let so_far = self.now.secs() - from_s;
                Score {
                    label: "RTO so far".into(),
                    value: number::minutes(so_far),
                    tone: if so_far <= objective { Tone::Warning } else { Tone::Bad },
                    why: self.why(incident.entry),
                    ..blank
                }
            }
        }
    }

    /// What there is to say of an interruption that is over, or of none: "restored", "nobody hurt so far".
    fn hurt_words(&self, incident: &Incident) -> String {
        let way_back = number::minutes(incident.returning.secs());
        let incidents = &self.world.observer.incidents;
        let hurting =
            incidents.iter().rposition(|other| matches!(Interruption::of(other), Interruption::Since(_)));
        match (Interruption::of(incident), incident.returning.micros() > 0) {
            (Interruption::Nobody, true) => format!("hurt for {way_back} on the way back"),
            (Interruption::Nobody, false) if incident.open => match hurting {
                Some(other) => format!("nobody hurt by it; see incident {}", other + 1),
                None => "nobody hurt so far".into(),
            },
            (Interruption::Nobody, false) => "nobody hurt".into(),
            (_, true) => format!("and {way_back} on the way back"),
            (_, false) => "restored".into(),
        }
    }

    fn rpo(&self) -> Score {
        let objective = self.plan.scenario.recovery.objective_rpo_s;
        let note = format!("objective {}", number::span(*objective));
        let mut score = Score {
            slug: "rpo",
            label: "RPO".into(),
            value: "–".into(),
            unit: String::new(),
            note: note.clone(),
            tone: Tone::Muted,
            why: Vec::new(),
        };
        let incident = self.incident();
        let known = incident.and_then(|incident| Some((incident.rpo?.secs(), self.loss_of(incident))));
        if let Some((rpo_s, loss)) = known {
            if loss.out_of_reach > 0 {
                score.label = "RPO at risk".into();
            }
            if rpo_s < LONG_S {
                score.value = number::short(rpo_s);
                score.unit = "s".into();
            } else {
                score.value = number::minutes(rpo_s);
            }
            let missing = loss::short(&loss).unwrap_or_else(|| self.none_missing());
            score.note = format!("{note} · {missing}");
            // Within the objective is not good if somebody lacks a write.
            score.tone = match rpo_s <= objective {
                true if loss.missing() > 0 => Tone::Warning,
                // Counted coarsely, a few may be missing.
                true if !self.is_fine() && self.may_lose() => Tone::Plain,
                true => Tone::Good,
                false => Tone::Bad,
            };
            let promoted = self.last_entry(|entry| {
                matches!(entry.what, What::Promoted { .. } | What::DatabaseRestored { .. })
            });
            score.why = promoted.map(|entry| self.why(entry)).unwrap_or_default();
        } else if incident.is_some_and(|incident| self.loss_of(incident).everything) {
            score.value = "none".into();
            score.note = format!("{note} · nothing is left to go back to");
            score.tone = Tone::Bad;
        }
        if let Some(then) = incident.and_then(|incident| self.at_recovery(incident)) {
            score.note += &format!(" · {then}");
        }
        score
    }

    /// What the recovery point was at the end of the outages, if it is another by now: "1 min 20 s at recovery, 0 now".
    fn at_recovery(&self, incident: &Incident) -> Option<String> {
        let then = self.world.observer.losses.rpo_at_recovery(incident.entry)?;
        loss::then_and_now(then.secs(), incident.rpo.map(SimDuration::secs))
    }

    /// The rows below.
    pub(super) fn scores(&self) -> Vec<Score> {
        vec![
            self.served(),
            self.latency(false),
            self.latency(true),
            self.stale(),
            self.lost(),
            self.lag(),
            self.servers(),
            self.rate(),
        ]
    }

    fn served(&self) -> Score {
        let lately = self.served_lately(LATELY_S);
        let tone = match lately {
            None => Tone::Muted,
            Some(share) if share >= 1.0 => Tone::Good,
            Some(share) if share >= 0.99 => Tone::Plain,
            Some(share) if share >= 0.9 => Tone::Warning,
            Some(_) => Tone::Bad,
        };
        let all = self.all_served().map_or_else(|| "–".into(), number::percent);
        let why = match tone {
            Tone::Bad | Tone::Warning => {
                self.last_entry(|entry| matches!(entry.what, What::PopulationHurt(_)))
            }
            Tone::Plain | Tone::Muted | Tone::Good => None,
        };
        Score {
            slug: "served",
            label: "Requests served".into(),
            value: lately.map_or_else(|| "–".into(), number::percent),
            unit: "%".into(),
            note: format!("last {LATELY_S} s; {all} % since the start{}", self.lost_sessions()),
            tone,
            why: why.map(|entry| self.why(entry)).unwrap_or_default(),
        }
    }

    /// The share of all requests that have ended that was served.
    fn all_served(&self) -> Option<f64> {
        let (served, failed) = (self.sum(|tally| tally.served), self.sum(|tally| tally.failed));
        (served + failed > 0).then(|| served as f64 / (served + failed) as f64)
    }

    /// "; 288 sessions were lost": users who had to log in again.
    fn lost_sessions(&self) -> String {
        match self.real(self.sum(|tally| tally.failures[Failure::LoggedOut as usize])) {
            0 => String::new(),
            1 => "; 1 session was lost".into(),
            lost => format!("; {} were lost", number::counted(lost, "session")),
        }
    }

    /// A count over all cities, as counted.
    fn sum(&self, pick: fn(&Tally) -> u64) -> u64 {
        self.world.observer.metrics.tallies.iter().map(pick).sum()
    }

    /// Times to answer reads or writes, of all cities together.
    fn latency(&self, writes: bool) -> Score {
        let mut all = Histogram::default();
        for tally in &self.world.observer.metrics.tallies {
            all.merge(&tally.latency[usize::from(writes)]);
        }
        let millis = |share| number::millis(all.quantile_ms(share).filter(|_| self.is_fine()));
        let note = match (self.plan.step(), writes) {
            (1, false) => "since the start".into(),
            (1, true) => choice::pattern_in_full(self.plan.scenario.write_pattern),
            (step, _) => format!("one that stands for {} takes longer than a real one", number::count(step)),
        };
        let (slug, label) =
            if writes { ("writes", "Writes, p50 / p99") } else { ("reads", "Reads, p50 / p99") };
        plain(slug, label, format!("{} / {}", millis(0.5), millis(0.99)), "ms", &note)
    }

    fn stale(&self) -> Score {
        let stale = self.real(self.sum(|tally| tally.stale_reads));
        plain("stale", "Stale reads", number::count(stale), "", "older than one somebody knew of")
    }

    fn lost(&self) -> Score {
        let loss = self.all_missing();
        let lost = loss.missing();
        let why = self.last_entry(|entry| {
            matches!(
                entry.what,
                What::Promoted { lost: 1.., .. }
                    | What::DatabaseRestored { lost: 1.., .. }
                    | What::WriteMissing(..)
            )
        });
        Score {
            tone: if lost > 0 { Tone::Bad } else { Tone::Plain },
            why: why.filter(|_| lost > 0).map(|entry| self.why(entry)).unwrap_or_default(),
            ..plain(
                "lost",
                "Acknowledged writes missing",
                number::stepped(lost, self.plan.step(), self.may_lose()),
                "",
                &loss::short(&loss).unwrap_or_default(),
            )
        }
    }

    /// Of several streams the one that is furthest behind.
    fn lag(&self) -> Score {
        let streams = self.world.system.streams.iter();
        let Some(stream) = streams.max_by_key(|stream| (self.lag_of(stream), stream.behind())) else {
            return Score {
                tone: Tone::Warning,
                ..plain("lag", "Replication lag", "–".into(), "", "nothing replicates")
            };
        };
        let behind = number::counted(self.real(stream.behind() as u64), "write");
        let Some(lag_s) = self.lag_of(stream).map(SimDuration::secs) else {
            let dead = format!("{}; {behind} behind", self.dead_end(stream).unwrap_or_default());
            return Score { tone: Tone::Warning, ..plain("lag", "Replication lag", "–".into(), "", &dead) };
        };
        // A majority has what is committed: who reads misses nothing of it, whatever the third copy lacks.
        let behind = if self.plan.rule() == Rule::Quorum {
            format!("{behind} in two of three copies")
        } else {
            format!("{behind} behind")
        };
        let tone = if lag_s > 10.0 {
            Tone::Bad
        } else if lag_s > LATE_S {
            Tone::Warning
        } else {
            Tone::Plain
        };
        let (value, unit) =
            if lag_s < LONG_S { (number::short(lag_s), "s") } else { (number::minutes(lag_s), "") };
        Score { tone, ..plain("lag", "Replication lag", value, unit, &behind) }
    }

    fn servers(&self) -> Score {
        let serving: usize = self.plan.region_ids().map(|r| self.world.system.fleets.serving(r)).sum();
        let wanted: u32 = self.world.system.fleets.regions.iter().map(|fleet| u32::from(fleet.desired)).sum();
        plain("servers", "Servers serving", format!("{serving} of {wanted}"), "", "in all regions")
    }

    fn rate(&self) -> Score {
        let recent = &self.samples[self.samples.len().saturating_sub(LATELY_S)..];
        let sent: u64 = recent.iter().map(|sample| u64::from(sample.sent)).sum();
        let rate = self.real(sent) / recent.len().max(1) as u64;
        let attempts: u64 = recent.iter().map(|sample| u64::from(sample.attempts)).sum();
        let score =
            plain("rate", "Requests asked", number::count(rate), "/s", "real ones, retries not counted");
        let each = attempts as f64 / sent.max(1) as f64;
        if sent == 0 || each <= OFTEN {
            return score;
        }
        let note = format!("clients ask {} times as much as people do", number::short(each));
        Score { note, tone: Tone::Warning, ..score }
    }
}

fn plain(slug: &'static str, label: &str, value: String, unit: &str, note: &str) -> Score {
    Score {
        slug,
        label: label.into(),
        value,
        unit: unit.into(),
        note: note.into(),
        tone: Tone::Plain,
        why: Vec::new(),
    }
}
