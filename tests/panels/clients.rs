//! What the page says of clients: who holds an old answer and until when, and how often they ask.

use super::Moment;
use super::reading::{after, before, clock_s, count, near};

impl Moment<'_> {
    /// Compares it with the report.
    pub(crate) fn clients(&self) {
        let held = &self.report["old_answers"];
        let line = self.panels.route53.old_answers.as_deref().unwrap_or_default();
        for (name, word) in
            [("resolvers", " resolver"), ("clients", " client"), ("connections", " open connection")]
        {
            let told =
                before(line, word).map_or(0, |before| count(before.rsplit(' ').next().expect("a count")));
            self.is(told, &held[name], line);
        }
        let until = after(line, "the last until ");
        assert_eq!(until == Some("it is restarted"), held["until_restarted"] == true, "{line}; {}", self.at);
        match (until, held["until_s"].as_f64()) {
            // A moment is cut off.
            (Some(until), Some(truth_s)) => {
                assert!(near(clock_s(until), truth_s - 0.5), "{line}; {}", self.at);
                assert!(truth_s > self.now_s, "{line}; {}", self.at);
            }
            (until, truth_s) => assert!(until.is_none_or(|_| truth_s.is_none()), "{line}; {}", self.at),
        }
        let note = &self.score("rate").note;
        if let Some(told) = after(note, "clients ask ").and_then(|rest| before(rest, " times")) {
            let worst = self.report["retries"]["worst_minute"].as_f64();
            let told: f64 = told.parse().expect("a number");
            // In ten seconds it may be more than in a minute, but not more than six times.
            let most = worst.map_or(f64::INFINITY, |worst| 6.0 * worst);
            assert!(told >= 1.5 && told <= most, "{note}; {}", self.at);
        }
    }
}
