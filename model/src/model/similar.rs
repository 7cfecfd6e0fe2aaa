//! What somebody may have meant who has written a word that nobody knows.

/// Beside capital letters and the marks between parts of a word, so many letters may be wrong in a long word.
const MOST_WRONG: usize = 2;
/// In a word of fewer letters one may be.
const LONG: usize = 6;

/// What is allowed, beginning with the word that was meant, if one of them is a letter or two off.
pub(crate) fn suggested<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    allowed: impl Into<String>,
) -> String {
    let allowed = allowed.into();
    match meant(word, known) {
        Some(meant) => format!("\"{meant}\" (did you mean that?); all: {allowed}"),
        None => allowed,
    }
}

/// The known word that is nearest to another, if it is near: the first of several.
pub(crate) fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = letters(word);
    let most = if word.len() < LONG { 1 } else { MOST_WRONG };
    let distances = known.into_iter().map(|other| (distance(&word, &letters(other)), other));
    let near = distances.filter(|(distance, _)| *distance <= most.min(word.len().saturating_sub(1)));
    near.min_by_key(|(distance, _)| *distance).map(|(_, other)| other)
}

/// The letters of a word, without what stands between its parts. What is long was not meant for a word.
fn letters(word: &str) -> Vec<char> {
    let letters = word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).take(40);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// How many letters have to be put in, left out, replaced, or exchanged with their neighbour, each once, to make one word of another:
/// optimal string alignment, after Damerau (1964).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut rows = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
                let least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                let swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                if swapped { least.min(rows[i - 2][j - 2] + 1) } else { least }
            };
        }
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, letters, meant};

    #[test]
    fn a_letter_or_two_are_forgiven_and_no_more() {
        let known = ["fail-over", "fail-back", "region-dark", "deploy"];
        for (word, wanted) in [
            ("failover", Some("fail-over")),
            ("FAIL_BACK", Some("fail-back")),
            ("regoin-dark", Some("region-dark")),
            ("region-drak", Some("region-dark")),
            ("deplyo", Some("deploy")),
            ("regio-dar", Some("region-dark")),
            ("explode", None),
            ("", None),
        ] {
            assert_eq!(meant(word, known), wanted, "{word}");
        }
        assert_eq!(distance(&letters("abcd"), &letters("abdc")), 1, "neighbours change places");
        assert_eq!(distance(&letters("kitten"), &letters("sitting")), 3, "Levenshtein's example");
    }
}
