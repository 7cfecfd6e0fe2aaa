//! Where the time went, step by step.
use std::time::{Duration, Instant};

use crate::shell::span;

/// Steps with the time that each took, in the order in which they ran.
pub(crate) struct Minutes {
    start: Instant,
    rows: Vec<(String, Duration)>,
}

impl Minutes {
    /// Begins to count.
    pub(crate) fn begin() -> Self {
        Self { start: Instant::now(), rows: Vec::new() }
    }

    /// Does a step and notes its time.
    pub(crate) fn note<T>(&mut self, name: &str, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let result = work();
        self.rows.push((name.to_owned(), began.elapsed()));
        result
    }

    /// How long the newest step took.
    pub(crate) fn newest(&self) -> String {
        self.rows.last().map_or_else(String::new, |(_, length)| span(*length))
    }

    /// The time since the beginning.
    pub(crate) fn total(&self) -> String {
        span(self.start.elapsed())
    }

    /// One line for each step, and one for all.
    pub(crate) fn table(&self) -> String {
        let all = self.start.elapsed();
        let line = |name: &str, length: Duration| {
            let share = 100.0 * length.as_secs_f64() / all.as_secs_f64().max(0.001);
            format!("{name:<12} {:>12} {share:>4.0} %\n", span(length))
        };
        let rows: String = self.rows.iter().map(|(name, length)| line(name, *length)).collect();
        rows + &line("all", all)
    }
}
