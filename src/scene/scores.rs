//! The scoreboard: the two big figures, and the rows below them.

use super::panels::{Score, Tone};
use super::view::{View, share};
use super::words::number;
use crate::observer::incident::Incident;
use crate::observer::metrics::Histogram;
use crate::operations::execution::Stage;
use crate::system::journal::What;

/// From here on, in seconds, a recovery point is told in minutes and hours.
pub(super) const LONG_S: f64 = 600.0;
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
        if let Some(rto) = incident.rto.filter(|_| incident.is_over()) {
            let tone = if rto.secs() <= objective { Tone::Good } else { Tone::Bad };
            let restored = self.last_entry(|entry| matches!(entry.what, What::OutageEnded { .. }));
            let why = restored.map(|entry| self.why(entry)).unwrap_or_default();
            return Score {
                value: number::minutes(rto.secs()),
                note: format!("{note} · restored"),
                tone,
                why,
                ..blank
            };
        }
        if !self.counts(incident) {
            return Score {
                value: number::minutes(0.0),
                note: format!("{note} · nobody hurt so far"),
                ..blank
            };
        }
        let from_s = incident.at.secs() + incident.hurt_after.unwrap_or_default().secs();
        let so_far = self.now.secs() - from_s;
        Score {
            label: "RTO so far".into(),
            value: number::minutes(so_far),
            tone: if so_far <= objective { Tone::Warning } else { Tone::Bad },
            why: self.why(incident.entry),
            ..blank
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
        if let Some((rpo_s, lost)) = self.incident().and_then(known_rpo) {
            if rpo_s < LONG_S {
                score.value = number::short(rpo_s);
                score.unit = "s".into();
            } else {
                score.value = number::minutes(rpo_s);
            }
            score.note = format!("{note} · {}", number::counted(lost.into(), "write"));
            score.tone = if rpo_s <= objective { Tone::Good } else { Tone::Bad };
            let promoted = self.last_entry(|entry| {
                matches!(entry.what, What::Promoted { .. } | What::DatabaseRestored { .. })
            });
            score.why = promoted.map(|entry| self.why(entry)).unwrap_or_default();
        } else if let Some(at_risk_s) = self.at_risk_s() {
            score.label = "RPO at risk".into();
            score.value = number::short(at_risk_s);
            score.unit = "s".into();
            score.tone = if at_risk_s <= objective { Tone::Warning } else { Tone::Bad };
        }
        score
    }

    /// What the RPO of the incident will be if the replica takes over as it is: while that is still open.
    pub(super) fn at_risk_s(&self) -> Option<f64> {
        let incident = self.incident()?;
        let recovery = &self.world.operations.recovery;
        let to =
            Some(recovery.to).filter(|_| recovery.stage != Stage::Idle).or_else(|| self.standby_region());
        let cut_off = || self.world.system.streams.iter().filter(|stream| self.is_dark(stream.from));
        let stream = cut_off().find(|stream| Some(stream.to) == to).or_else(|| cut_off().next())?;
        if incident.restored.is_some() {
            return None;
        }
        let oldest = stream.missing().find(|commit| commit.acknowledged)?;
        Some(incident.at.since(oldest.at).secs())
    }

    /// The rows below.
    pub(super) fn scores(&self) -> Vec<Score> {
        vec![
            self.served(),
            self.latency(),
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
            Some(share) if share >= 0.99 => Tone::Good,
            Some(share) if share >= 0.9 => Tone::Warning,
            Some(_) => Tone::Bad,
        };
        let all = share(self.samples).map_or_else(|| "–".into(), number::percent);
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
            note: format!("last {LATELY_S} s; {all} % since the start"),
            tone,
            why: why.map(|entry| self.why(entry)).unwrap_or_default(),
        }
    }

    fn latency(&self) -> Score {
        let mut all = Histogram::default();
        for tally in &self.world.observer.metrics.tallies {
            all.merge(&tally.latency_of_all());
        }
        let millis = |share| number::millis(all.quantile_ms(share));
        plain("latency", "p50 / p99", format!("{} / {}", millis(0.5), millis(0.99)), "ms", "since the start")
    }

    fn stale(&self) -> Score {
        let stale = self.world.observer.metrics.tallies.iter().map(|tally| tally.stale_reads).sum();
        plain("stale", "Stale reads", number::count(stale), "", "read older than one acknowledged")
    }

    fn lost(&self) -> Score {
        let lost = self.world.observer.losses.lost_writes;
        let why = self.last_entry(|entry| {
            matches!(entry.what, What::Promoted { lost: 1.., .. } | What::DatabaseRestored { lost: 1.., .. })
        });
        Score {
            tone: if lost > 0 { Tone::Bad } else { Tone::Plain },
            why: why.filter(|_| lost > 0).map(|entry| self.why(entry)).unwrap_or_default(),
            ..plain("lost", "Acknowledged writes lost", number::count(lost), "", &self.weight_note())
        }
    }

    fn weight_note(&self) -> String {
        match self.plan.scenario.weight {
            1 => String::new(),
            weight => format!("each stands for {weight} real ones"),
        }
    }

    /// Of several streams the one that is furthest behind.
    fn lag(&self) -> Score {
        let streams = self.world.system.streams.iter();
        let Some(stream) = streams.max_by_key(|stream| (stream.lag(self.now), stream.behind())) else {
            return Score {
                tone: Tone::Warning,
                ..plain("lag", "Replication lag", "–".into(), "", "nothing replicates")
            };
        };
        let lag_s = stream.lag(self.now).secs();
        let behind = format!("{} behind", number::counted(stream.behind() as u64, "write"));
        let tone = if lag_s > 10.0 {
            Tone::Bad
        } else if lag_s > 2.0 {
            Tone::Warning
        } else {
            Tone::Plain
        };
        Score { tone, ..plain("lag", "Replication lag", number::short(lag_s), "s", &behind) }
    }

    fn servers(&self) -> Score {
        let serving: usize = self.plan.region_ids().map(|r| self.world.system.fleets.serving(r)).sum();
        let wanted: u32 = self.world.system.fleets.regions.iter().map(|fleet| u32::from(fleet.desired)).sum();
        plain("servers", "Servers serving", format!("{serving} of {wanted}"), "", "in all regions")
    }

    fn rate(&self) -> Score {
        let recent = &self.samples[self.samples.len().saturating_sub(LATELY_S)..];
        let sent: u64 = recent.iter().map(|sample| u64::from(sample.sent)).sum();
        let rate = sent * u64::from(self.plan.scenario.weight) / recent.len().max(1) as u64;
        plain("rate", "Requests asked", number::count(rate), "/s", "real ones, retries not counted")
    }
}

/// The RPO of an incident and the writes lost in it, once they are known.
pub(super) fn known_rpo(incident: &Incident) -> Option<(f64, u32)> {
    incident.rpo.map(|rpo| (rpo.secs(), incident.lost_writes))
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
