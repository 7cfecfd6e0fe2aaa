//! The speed ladder: how fast simulated time runs against the clock on the wall, in words.

/// A rung: simulated seconds in one real second, how it is said, and how it is said in short.
struct Rung {
    speed: f64,
    words: &'static str,
    short: &'static str,
}

const fn rung(speed: f64, words: &'static str, short: &'static str) -> Rung {
    Rung { speed, words, short }
}

/// From messages that crawl to a run that is over in two seconds.
const LADDER: [Rung; 10] = [
    rung(0.01, "1/100: slow motion", "1/100×"),
    rung(0.1, "1/10: slow motion", "1/10×"),
    rung(0.25, "a quarter of real time", "1/4×"),
    rung(1.0, "real time", "1×"),
    rung(5.0, "5 seconds a second", "5×"),
    rung(10.0, "10 seconds a second", "10×"),
    rung(30.0, "30 seconds a second", "30×"),
    rung(60.0, "a minute a second", "60×"),
    rung(600.0, "10 minutes a second", "600×"),
    rung(3600.0, "an hour a second", "3600×"),
];

/// How many rungs there are.
pub const RUNGS: usize = LADDER.len();

/// Where a first visit starts: a whole recovery of nine minutes then takes a little more than one.
pub const DEFAULT_RUNG: usize = 5;

/// From this speed on single messages could not be followed, and streams are drawn in their place.
pub const STREAMS_FROM: f64 = 4.0;

/// Simulated seconds per second on a rung; above the ladder its top.
pub fn speed(rung: usize) -> f64 {
    LADDER[rung.min(RUNGS - 1)].speed
}

/// The rung in words: "10 seconds a second".
pub fn words(rung: usize) -> &'static str {
    LADDER[rung.min(RUNGS - 1)].words
}

/// The rung in short: "10×".
pub fn short(rung: usize) -> &'static str {
    LADDER[rung.min(RUNGS - 1)].short
}

/// The rung nearest to a speed, as factors go: 20 is nearer to 30 than to 10.
pub fn nearest(wanted: f64) -> usize {
    let distance = |rung: &Rung| libm::fabs(libm::log(rung.speed / wanted.max(1e-9)));
    let by_distance = |a: &usize, b: &usize| distance(&LADDER[*a]).total_cmp(&distance(&LADDER[*b]));
    (0..RUNGS).min_by(by_distance).unwrap_or(DEFAULT_RUNG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ladder_climbs_and_every_rung_is_its_own_nearest() {
        for rung in 0..RUNGS {
            assert_eq!(nearest(speed(rung)), rung, "{}", words(rung));
            assert!(rung == 0 || speed(rung) > speed(rung - 1));
        }
        assert_eq!((speed(0), speed(RUNGS - 1)), (0.01, 3600.0));
    }

    #[test]
    fn any_number_has_a_rung() {
        assert_eq!(words(nearest(0.0)), "1/100: slow motion");
        assert_eq!(words(nearest(-5.0)), "1/100: slow motion");
        assert_eq!(words(nearest(1e300)), "an hour a second");
        assert_eq!(words(nearest(20.0)), "30 seconds a second");
    }
}
