//! Figures as people read them, and the lines that they stand in.

use std::fmt::Write;

pub(crate) fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{words}");
}

pub(crate) fn heading(text: &mut String, words: &str) {
    line(text, format_args!("\n{words}"));
}

pub(crate) fn width(text: &str) -> usize {
    text.chars().count()
}

/// A whole number with commas between the thousands.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Whole US dollars.
pub(crate) fn dollars(usd: f64) -> String {
    format!("{} USD", count(usd.round() as u64))
}

pub(crate) fn percent(share: Option<f64>) -> String {
    // Rounded down: what was not perfect shall not read 100 %.
    share.map_or("–".into(), |share| format!("{:.3} %", (share * 1e5).floor() / 1e3))
}

pub(crate) fn millis(millis: Option<f64>) -> String {
    millis.map_or("–".into(), |millis| format!("{millis:.1} ms"))
}

/// A span of time in the two units that matter: "1 h 5 min", "5 min 2 s", "12.3 s", "80 ms".
pub(crate) fn span(secs: f64) -> String {
    let sign = if secs < 0.0 { "-" } else { "" };
    let secs = secs.abs();
    let whole = secs.round() as u64;
    if secs < 1.0 && secs > 0.0 {
        format!("{sign}{:.0} ms", secs * 1000.0)
    } else if secs < 59.95 {
        format!("{sign}{secs:.1} s")
    } else if whole < 3600 {
        format!("{sign}{} min {} s", whole / 60, whole % 60)
    } else {
        let minutes = (secs / 60.0).round() as u64;
        format!("{sign}{} h {} min", minutes / 60, minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_the_units_that_matter() {
        let told = [0.0, 0.08, 12.34, 59.96, 302.4, 3599.6, 7260.0, -2.0].map(span);
        assert_eq!(
            told,
            ["0.0 s", "80 ms", "12.3 s", "1 min 0 s", "5 min 2 s", "1 h 0 min", "2 h 1 min", "-2.0 s"]
        );
    }
}
