//! Numbers as text: clocks, spans, shares and counts.

/// A moment as hours, minutes and seconds since the start: "0:12:40".
pub fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0) as u64;
    format!("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
}

/// A span as whole units: every span that is shown is rounded to the nearest, never cut off. A moment is cut off: at 0:12:40.9
/// the clock has not reached 0:12:41.
fn whole(span: f64) -> u64 {
    span.max(0.0).round() as u64
}

/// An amount of US dollars: "$2,345"; "$0.40" if it is less than ten.
pub fn dollars(amount: f64) -> String {
    if amount > 0.0 && amount < 9.995 {
        format!("${amount:.2}")
    } else {
        format!("${}", count(whole(amount)))
    }
}

/// A moment, which may be before the start: "0:12:40", "12 min before the start".
pub fn moment(seconds: f64) -> String {
    if seconds < 0.0 { format!("{} before the start", span(-seconds)) } else { clock(seconds) }
}

/// A moment with tenths of a second, cut off and not rounded: "0:12:39.8".
pub fn clock_tenths(seconds: f64) -> String {
    let tenths = (seconds.max(0.0) * 10.0 + 1e-6) as u64;
    format!("{}.{}", clock((tenths / 10) as f64), tenths % 10)
}

/// A span in minutes and seconds, hours where needed: "2:14", "1:02:14".
pub fn minutes(seconds: f64) -> String {
    let whole = whole(seconds);
    if whole >= 3600 { clock(whole as f64) } else { format!("{}:{:02}", whole / 60, whole % 60) }
}

/// An offset from a moment, for the ticks of an axis: "-1:00", "0:30".
pub fn offset(seconds: f64) -> String {
    let text = minutes(seconds.abs());
    if seconds <= -0.5 { format!("−{text}") } else { text }
}

/// A span in words: "0.8 s", "45 s", "5 min 12 s", "2 h 3 min".
pub fn span(seconds: f64) -> String {
    let (rounded, minutes) = (whole(seconds), whole(seconds / 60.0));
    match rounded {
        0..10 if seconds.fract() == 0.0 => format!("{rounded} s"),
        _ if seconds < 9.95 => format!("{} s", short(seconds)),
        0..60 => format!("{rounded} s"),
        60..3600 if rounded.is_multiple_of(60) => format!("{} min", rounded / 60),
        60..3600 => format!("{} min {} s", rounded / 60, rounded % 60),
        _ if minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        _ => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

/// An age in one number: "40 s", "12 min", "4.2 h".
pub fn age(seconds: f64) -> String {
    match (whole(seconds), whole(seconds / 60.0)) {
        (seconds @ 0..60, _) => format!("{seconds} s"),
        (_, minutes @ 0..60) => format!("{minutes} min"),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

/// A small number of seconds without its unit: two digits behind the point below one, else one. Only nothing is "0".
pub fn short(seconds: f64) -> String {
    if seconds <= 0.0 {
        "0".into()
    } else if seconds < 0.005 {
        "under 0.01".into()
    } else if seconds < 0.995 {
        format!("{seconds:.2}")
    } else if seconds < 99.95 {
        format!("{seconds:.1}")
    } else {
        format!("{seconds:.0}")
    }
}

/// A number with as many digits as it needs, six behind the point at most: "0.25", "600".
pub fn plain(value: f64) -> String {
    ((value * 1e6).round() / 1e6).to_string()
}

/// A share as percent without its sign; only all is 100: "99.9", "61.3".
pub fn percent(share: f64) -> String {
    let tenths = (share.clamp(0.0, 1.0) * 1000.0) as u32;
    if tenths == 1000 { "100".into() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// A count with its thousands apart: "12,345".
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count of real things of which one that was counted stands for `step`. Of none there may be some that were too few to
/// be counted, unless none is possible: "2,400", "0", "under 20".
pub fn stepped(real: u64, step: u64, possible: bool) -> String {
    if real == 0 && step > 1 && possible { format!("under {step}") } else { count(real) }
}

/// "120,000": with two digits that count, for what is known roughly.
pub fn about(value: f64) -> String {
    let digits = (value.max(1.0).log10().floor() as i32 - 1).max(0);
    let unit = 10_f64.powi(digits);
    count(((value / unit).round() * unit) as u64)
}

/// A count with the right form of its noun: "1 server", "4 servers".
pub fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

/// Several things: "a, b and c".
pub fn list(all: &[&str]) -> String {
    match all {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => all.concat(),
    }
}

/// Milliseconds as whole ones: "148".
pub fn millis(value: Option<f64>) -> String {
    value.map_or_else(|| "–".into(), |value| format!("{value:.0}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_clocks() {
        assert_eq!(clock(760.9), "0:12:40");
        assert_eq!(clock_tenths(759.8), "0:12:39.8");
        assert_eq!(clock_tenths(59.99), "0:00:59.9");
        assert_eq!((minutes(134.0).as_str(), minutes(3734.0).as_str()), ("2:14", "1:02:14"));
        assert_eq!((minutes(459.6).as_str(), minutes(3599.7).as_str()), ("7:40", "1:00:00"));
        assert_eq!(
            (offset(-60.0).as_str(), offset(0.0).as_str(), offset(-0.2).as_str()),
            ("−1:00", "0:00", "0:00")
        );
    }

    #[test]
    fn spans_read_like_speech() {
        for (seconds, text) in [
            (0.0, "0 s"),
            (0.84, "0.84 s"),
            (4.2, "4.2 s"),
            (45.4, "45 s"),
            (60.0, "1 min"),
            (312.0, "5 min 12 s"),
            (459.6, "7 min 40 s"),
            (59.7, "1 min"),
            (0.001, "under 0.01 s"),
            (7380.0, "2 h 3 min"),
            (7379.0, "2 h 3 min"),
            (14_400.0, "4 h"),
        ] {
            assert_eq!(span(seconds), text);
        }
    }

    #[test]
    fn only_all_is_a_hundred_percent() {
        assert_eq!(
            (percent(1.0).as_str(), percent(0.9999).as_str(), percent(0.0).as_str()),
            ("100", "99.9", "0.0")
        );
        assert_eq!(
            (count(7).as_str(), count(1234).as_str(), count(1_234_567).as_str()),
            ("7", "1,234", "1,234,567")
        );
        assert_eq!(
            (age(40.9).as_str(), age(754.0).as_str(), age(15_120.0).as_str()),
            ("41 s", "13 min", "4.2 h")
        );
        assert_eq!((stepped(0, 20, true).as_str(), stepped(0, 20, false).as_str()), ("under 20", "0"));
        assert_eq!((stepped(0, 1, true).as_str(), stepped(40, 20, true).as_str()), ("0", "40"));
        assert_eq!(
            (dollars(0.4).as_str(), dollars(9.999).as_str(), dollars(0.0).as_str()),
            ("$0.40", "$10", "$0")
        );
        for (value, text) in [(0.25, "0.25"), (600.0, "600"), (0.1 + 0.2, "0.3"), (1.0 / 3.0, "0.333333")] {
            assert_eq!(plain(value), text);
        }
        assert_eq!((counted(1, "server").as_str(), counted(4, "server").as_str()), ("1 server", "4 servers"));
    }
}
