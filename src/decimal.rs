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
///
/// To the nearest where it has up to 15 digits and up to 22 zeros, which is all that people write.
pub fn read(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (digits, exponent) = match digits.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (digits, 0),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (digits, ""),
    };
    if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    let (mut number, mut zeros) = (0, i64::from(exponent));
    for (index, digit) in whole.bytes().chain(fraction.bytes()).enumerate() {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        // What a number of 64 bits cannot hold any more is beyond what a float keeps.
        let kept = number < 1_000_000_000_000_000_000_u64;
        if kept {
            number = number * 10 + u64::from(digit);
        }
        zeros += i64::from(index < whole.len()) - i64::from(kept);
    }
    // Infinite where there are too many zeros: then the number is out of range, or nothing.
    let scale = (0..zeros.abs().min(400)).fold(1.0, |scale, _| scale * 10.0);
    let value = if zeros < 0 { number as f64 / scale } else { number as f64 * scale };
    value.is_finite().then_some(if text.starts_with('-') { -value } else { value })
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

    #[test]
    fn what_is_read_is_what_json_means() {
        let texts = [
            "-0",
            "0.0",
            "007",
            "1.",
            ".5",
            "+1",
            "-",
            "--1",
            "1e",
            "1e+3",
            "1E-3",
            "12e-1",
            "1.5.5",
            "1e5e5",
            "0x10",
            "1e400",
            "-1e400",
            "1e-400",
            "5e-7",
            "3.141592653589793",
            "9007199254740993",
            "18446744073709551616",
            "123456789012345678901234567890",
            "0.1234567890123456789",
            "1_000",
            "1,5",
            "NaN",
            "e3",
            "1 2",
            "99999.99",
        ];
        for text in texts {
            assert_eq!(read(text), serde_json::from_str(text).ok(), "{text}");
        }
        for thousandths in 0..200_000 {
            let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
            assert_eq!(read(&text), text.parse().ok(), "{text}");
        }
    }
}
