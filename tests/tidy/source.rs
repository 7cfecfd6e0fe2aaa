//! Source files as the rules see them: their lines with comments, or strings too, made blank.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file of the repository.
pub(crate) struct Source {
    /// Its path from the top of the repository, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

/// What is made blank before a rule looks.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Blank {
    Comments,
    CommentsAndStrings,
}

impl Source {
    /// The lines, from 1, without comments or without comments and strings. Columns stay what they were.
    pub(crate) fn lines(&self, blank: Blank) -> Vec<(usize, String)> {
        let text = blanked(&self.text, blank);
        text.lines().enumerate().map(|(index, line)| (index + 1, line.to_string())).collect()
    }

    /// Whether it lies in one of these places: folders end in `/`.
    pub(crate) fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || place.ends_with('/') && self.path.starts_with(place))
    }
}

/// Every text file that belongs to the repository: what is built, fetched or measured does not.
pub(crate) fn all() -> Vec<Source> {
    const NOT_OURS: [&str; 8] = [
        ".git",
        "target",
        "dist",
        "node_modules",
        "test-results",
        "playwright-report",
        "shots",
        "proptest-regressions",
    ];
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut sources) = (vec![top.to_path_buf()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the repository").flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if NOT_OURS.iter().any(|other| name == *other) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                sources.push(Source { path: from_top(top, &path), text });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.len() > 50, "only {} files found: is this the top of the repository?", sources.len());
    sources
}

/// Every file of Rust.
pub(crate) fn rust() -> Vec<Source> {
    all().into_iter().filter(|source| source.path.ends_with(".rs")).collect()
}

fn from_top(top: &Path, path: &Path) -> String {
    let path: PathBuf = path.strip_prefix(top).expect("inside the repository").into();
    path.to_string_lossy().replace('\\', "/")
}

/// The text with comments, or comments and strings, turned into spaces.
pub(crate) fn blanked(text: &str, blank: Blank) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    let mut after_word = false;
    while let Some(first) = rest.chars().next() {
        let (length, is_string) = match first {
            '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), false),
            '/' if rest.starts_with("/*") => (block_comment(rest), false),
            '"' => (string(rest), true),
            'r' if !after_word && raw_string(rest).is_some() => (raw_string(rest).unwrap_or(1), true),
            '\'' => (character(rest), true),
            other => {
                after_word = other.is_alphanumeric() || other == '_';
                out.push(other);
                rest = &rest[other.len_utf8()..];
                continue;
            }
        };
        let (piece, tail) = rest.split_at(length);
        if is_string && (blank == Blank::Comments || length == 1) {
            out.push_str(piece);
        } else {
            out.extend(piece.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        after_word = false;
        rest = tail;
    }
    out
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == '"' && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

fn raw_string(text: &str) -> Option<usize> {
    let hashes = text[1..].chars().take_while(|c| *c == '#').count();
    let body = text.get(1 + hashes..)?.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(body.find(&end).map_or(text.len(), |at| 2 + hashes + at + end.len()))
}

/// A character such as `'"'`; of a lifetime only its tick.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => {
            text[2..].char_indices().skip(1).find(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 3)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

#[test]
fn comments_and_strings_are_told_from_code() {
    let code = |text: &str| {
        blanked(text, Blank::CommentsAndStrings).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(code("a /* b /* c */ d */ e // f\ng"), "a e g");
    assert_eq!(code(r#"a("b \" // c") d"#), "a( ) d");
    assert_eq!(code("a(r#\"b \" c\"#) d"), "a( ) d");
    assert_eq!(code("a('\"', '\\'', 'x') b"), "a( , , ) b");
    assert_eq!(code("fn f<'a>(x: &'a str) -> char { 'y' }"), "fn f<'a>(x: &'a str) -> char { }");
    assert_eq!(blanked("a // b\nc", Blank::Comments), "a     \nc");
}
