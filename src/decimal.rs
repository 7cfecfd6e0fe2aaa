//! Decimal numbers to text and back. The standard library knows every number there is, with tables and code that
//! would be 15 kB of the page after gzip; these are a few lines.

/// A number with up to six digits behind the point, as `{:.1}` writes it: to the nearest, and a tie to the even digit.
///
/// What with its digits is too large for 64 bits becomes the largest that is not; not-a-number does too.
pub fn fixed(value: f64, digits: usize) -> String {
    const POINT: u32 = 1075;
    let bits = value.abs().to_bits();
    let (exponent, fraction) = ((bits >> 52) as u32, bits & ((1 << 52) - 1));
    // The value is mantissa · 2^(exponent − 1075), so that this is exact.
    let (mantissa, exponent) = if exponent == 0 { (fraction, 1) } else { (fraction | 1 << 52, exponent) };
    let scaled = u128::from(mantissa) * 10_u128.pow(digits as u32);
    let whole = if exponent >= POINT {
        scaled.saturating_mul(1 << (exponent - POINT).min(60))
    } else {
        halved(scaled, (POINT - exponent).min(120))
    };
    let mut text = u64::try_from(whole).unwrap_or(u64::MAX).to_string();
    while text.len() <= digits {
        text.insert(0, '0');
    }
    if digits > 0 {
        text.insert(text.len() - digits, '.');
    }
    if value.is_sign_negative() {
        text.insert(0, '-');
    }
    text
}

/// Halves a number so many times, once at least: to the nearest, and a tie to the even one.
fn halved(number: u128, times: u32) -> u128 {
    let (whole, rest, half) = (number >> times, number & ((1 << times) - 1), 1 << (times - 1));
    whole + u128::from(rest > half || (rest == half && whole & 1 == 1))
}

/// A number with as many digits as it needs, six behind the point at most: "0.25", "600".
pub fn plain(value: f64) -> String {
    fixed(value, 6).trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Reads a number as JSON writes it: "600", "0.25", "-3", "1e3".
pub fn read(text: &str) -> Option<f64> {
    serde_json::from_str(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        let mut values =
            vec![0.0, -0.0, 0.05, 0.25, 0.35, 0.5, 1.5, 2.5, 1e-9, 1e9, 4_398_046_511_103.5, 1e13, -7.125];
        // Every ending of a mantissa, over many magnitudes.
        let mut value = 1e-7_f64;
        while value < 1e12 {
            values.extend([
                value,
                -value,
                value * 3.0,
                (value * 1e4_f64).round() / 1e4,
                (value * 8.0_f64).round() / 8.0,
            ]);
            value *= 1.003;
        }
        for value in values {
            assert_eq!(fixed(value, 0), format!("{value:.0}"));
            assert_eq!(fixed(value, 1), format!("{value:.1}"));
            assert_eq!(fixed(value, 2), format!("{value:.2}"));
            assert_eq!(fixed(value, 6), format!("{value:.6}"));
        }
    }

    #[test]
    fn what_is_no_number_does_no_harm() {
        assert_eq!((fixed(1e300, 1), fixed(f64::NAN, 0)), (fixed(f64::INFINITY, 1), u64::MAX.to_string()));
    }

    #[test]
    fn numbers_are_as_long_as_they_must_be() {
        for (value, text) in [
            (0.25, "0.25"),
            (600.0, "600"),
            (0.0, "0"),
            (-0.5, "-0.5"),
            (1e6, "1000000"),
            (1.0 / 3.0, "0.333333"),
        ] {
            assert_eq!(plain(value), text);
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for value in [0.0, 0.1, 0.25, 13.5, 600.0, 759.9, 86_400.0, -3.0, 123.456_789] {
            assert_eq!(read(&plain(value)), Some(value));
        }
        assert_eq!((read(" 1e3 "), read("inf"), read("12px"), read("")), (Some(1000.0), None, None, None));
    }
}
