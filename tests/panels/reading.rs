//! Reads back what the page has written: each span with how far it may be from the truth, because it was rounded.

/// "7:40", "1:02:14": seconds, rounded to whole ones.
pub(crate) fn clock_s(text: &str) -> (f64, f64) {
    let part = |part: &str| part.parse::<f64>().unwrap_or_else(|_| panic!("a span: {text}"));
    (text.split(':').fold(0.0, |sum, next| sum * 60.0 + part(next)), 0.5)
}

/// "under 0.01 s", "0.84 s", "45 s", "5 min 12 s", "2 h 3 min".
pub(crate) fn span_s(text: &str) -> (f64, f64) {
    if text == "under 0.01 s" {
        return (0.0025, 0.002_500_1);
    }
    let words: Vec<&str> = text.split(' ').collect();
    let (mut sum, mut last) = (0.0, "");
    for pair in words.chunks(2) {
        let [number, unit] = pair else { panic!("a span: {text}") };
        let unit_s = match *unit {
            "h" => 3600.0,
            "min" => 60.0,
            "s" => 1.0,
            _ => panic!("a span: {text}"),
        };
        sum += number.parse::<f64>().unwrap_or_else(|_| panic!("a span: {text}")) * unit_s;
        last = unit;
    }
    let digits = words[0].split_once('.').map_or(0, |(_, digits)| digits.len());
    let off = match (last, digits) {
        ("s", 2..) => 0.005,
        ("s", 1) => 0.05,
        ("s", _) => 0.5,
        _ => 30.0,
    };
    (sum, if text == "0 s" { 0.0 } else { off })
}

/// "$2,345", "$0.40".
pub(crate) fn dollars(text: &str) -> (f64, f64) {
    let plain = text.trim_start_matches('$').replace(',', "");
    let off = if plain.contains('.') { 0.005 } else { 0.5 };
    (plain.parse().unwrap_or_else(|_| panic!("money: {text}")), off)
}

/// Whether what was read can be the truth.
pub(crate) fn near((told, off): (f64, f64), truth: f64) -> bool {
    (told - truth).abs() <= off + 1e-6
}

/// The first number in a text: "12,345 requests".
pub(crate) fn count(text: &str) -> u64 {
    let from = text.find(|letter: char| letter.is_ascii_digit()).unwrap_or_else(|| panic!("a count: {text}"));
    let digits = text[from..].chars().take_while(|letter| letter.is_ascii_digit() || *letter == ',');
    digits.filter(char::is_ascii_digit).collect::<String>().parse().expect("digits")
}

/// Lost, undone, set aside and out of reach, in "12 out of reach, 3 set aside".
pub(crate) fn losses(text: &str) -> [u64; 4] {
    let mut read = [0; 4];
    for part in text.split(", ").filter(|part| !part.is_empty()) {
        let (number, word) = part.split_once(' ').expect("a count and a word");
        let place = ["lost", "undone", "set aside", "out of reach"].iter().position(|known| *known == word);
        read[place.unwrap_or_else(|| panic!("what became of writes: {text}"))] = count(number);
    }
    read
}

/// The same in "12 acknowledged writes are out of reach and 3 are set aside."; none if the text says nothing of writes.
pub(crate) fn sentence_losses(text: &str) -> [u64; 4] {
    let mut read = [0; 4];
    let Some(at) = text.find(" acknowledged write") else { return read };
    let from = text[..at].rfind(' ').map_or(0, |place| place + 1);
    let sentence = text[from..].split('.').next().unwrap_or_default();
    for part in sentence.replace(" and ", ", ").split(", ") {
        let words = ["lost", "undone", "set aside", "out of reach"];
        let place = words.iter().position(|known| part.ends_with(known));
        read[place.unwrap_or_else(|| panic!("what became of writes: {text}"))] = count(part);
    }
    read
}

/// What comes after some words.
pub(crate) fn after<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    text.split_once(words).map(|(_, rest)| rest)
}

/// What comes before some words.
pub(crate) fn before<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    text.split_once(words).map(|(start, _)| start)
}

/// The rest of a sentence, without its full stop: that of "8.4 s." is the last one.
pub(crate) fn to_its_end(rest: &str) -> &str {
    rest.split(". ").next().unwrap_or_default().trim_end_matches('.')
}
