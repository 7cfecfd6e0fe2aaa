//! The terminal sessions in README.md are what the program prints. `FAULTLINE_BLESS=1` writes them again.
//!
//! A block is run if its first line is `$ ` and a command of the headless binary. `…` stands for lines that are left
//! out; how long the program took is the machine's business and may differ.
#![cfg(not(target_arch = "wasm32"))]

use std::path::{Path, PathBuf};
use std::process::Command;

const FENCE: &str = "```console\n";
/// What a line of left-out output looks like.
const LEFT_OUT: &str = "…";

/// A fenced block of the file: what stands before its first command, its command, and what is shown.
struct Session<'t> {
    text: &'t str,
    args: Vec<&'t str>,
    shown: Vec<&'t str>,
}

/// The arguments of a command line that runs the headless binary.
fn args(command: &str) -> Option<Vec<&str>> {
    let words: Vec<&str> = command.strip_prefix("$ ")?.split_whitespace().collect();
    match words.as_slice() {
        [program, args @ ..] if program.rsplit('/').next() == Some("faultline-cli") => Some(args.to_vec()),
        ["cargo", "run", rest @ ..] if !rest.contains(&"--example") => {
            let at = rest.iter().position(|word| *word == "--")?;
            Some(rest[at + 1..].to_vec())
        }
        _ => None,
    }
}

/// Every block that can be run; comes before what is built only by hand.
fn sessions(readme: &str) -> Vec<Session<'_>> {
    let blocks = readme.split(FENCE).skip(1).filter_map(|rest| rest.split_once("```").map(|(text, _)| text));
    blocks
        .filter_map(|text| {
            let mut lines = text.lines();
            let args = lines.by_ref().find_map(args)?;
            Some(Session { text, args, shown: lines.collect() })
        })
        .collect()
}

/// A folder with the files that the sessions name.
fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("readme");
    std::fs::create_dir_all(&folder).unwrap();
    let mine = r#"{ "dns": { "ttl_s": "sixty" }, "regions": [{ "code": "us-east-1", "servers": 6 }, { "code": "eu-west-1", "servers": -1 }] }"#;
    std::fs::write(folder.join("mine.json"), mine).unwrap();
    folder
}

/// What the binary prints on both channels.
fn printed(args: &[&str]) -> String {
    // Orders may hold spaces and be quoted, as for a shell.
    let line = args.join(" ");
    let args = line.split('\'').enumerate().flat_map(|(index, part)| match index % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    let output =
        Command::new(env!("CARGO_BIN_EXE_faultline-cli")).args(args).current_dir(folder()).output().unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

/// A line without what depends on the machine: "4,129,367 events in 252 ms, 16.4 million a second".
fn masked(line: &str) -> String {
    let Some((events, rest)) = line.split_once(" events in ") else { return line.trim_end().into() };
    let after = rest.split_once(';').map_or("", |(_, after)| after);
    format!("{events} events;{after}")
}

/// Whether what is shown is what is printed, with gaps where lines are left out.
fn agrees(shown: &[&str], printed: &[&str]) -> Result<(), String> {
    let mut from = 0;
    for (index, piece) in shown.split(|line| *line == LEFT_OUT).enumerate() {
        let wanted: Vec<String> = piece.iter().map(|line| masked(line)).collect();
        let fits = |at: usize| {
            printed[at..].iter().zip(&wanted).filter(|(line, wanted)| masked(line) == **wanted).count()
                == wanted.len()
        };
        let last = if index == 0 { 0 } else { printed.len() };
        match (from..=last.max(from).min(printed.len())).find(|at| fits(*at)) {
            Some(at) => from = at + wanted.len(),
            None => return Err(format!("not printed:\n{}", piece.join("\n"))),
        }
    }
    let open = shown.last() == Some(&LEFT_OUT);
    let rest = printed[from..].iter().all(|line| line.trim().is_empty());
    if open || rest { Ok(()) } else { Err(format!("printed too:\n{}", printed[from..].join("\n"))) }
}

/// What is shown now, with as many lines of each piece taken anew from what is printed: pieces begin where a line begins
/// as before, up to its first digit.
fn renewed(shown: &[&str], printed: &[&str]) -> Vec<String> {
    let stem = |line: &str| line.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default().to_owned();
    let (mut lines, mut from) = (Vec::new(), 0);
    for (index, piece) in shown.split(|line| *line == LEFT_OUT).enumerate() {
        if index > 0 {
            lines.push(LEFT_OUT.to_owned());
        }
        let Some(first) = piece.iter().find(|line| !line.trim().is_empty()) else { continue };
        let lead = piece.iter().take_while(|line| line.trim().is_empty()).count();
        let found = (from..printed.len()).find(|at| stem(printed[*at]) == stem(first));
        let Some(at) = found.map(|at| at.saturating_sub(lead)) else { continue };
        // The last piece of a session that ends openly goes to the end.
        let ends =
            shown.last() != Some(&LEFT_OUT) && index == shown.split(|line| *line == LEFT_OUT).count() - 1;
        let end = if ends { printed.len() } else { (at + piece.len()).min(printed.len()) };
        lines.extend(printed[at..end].iter().map(|line| timed(line, piece)));
        from = end;
    }
    lines
}

/// A line with the time that was shown before: this build is not the one that people run.
fn timed(line: &str, before: &[&str]) -> String {
    let tail = |line: &&str| line.split_once(" events in ").map(|(_, tail)| tail.to_owned());
    match (line.split_once(" events in "), before.iter().find_map(tail)) {
        (Some((events, _)), Some(tail)) => format!("{events} events in {tail}"),
        _ => line.trim_end().into(),
    }
}

#[test]
fn the_sessions_in_the_readme_are_what_is_printed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (mut blessed, mut problems) = (readme.clone(), Vec::new());
    let sessions = sessions(&readme);
    assert!(sessions.len() >= 3, "run, validate and compare are shown");
    for session in sessions {
        let output = printed(&session.args);
        let lines: Vec<&str> = output.lines().collect();
        let Err(problem) = agrees(&session.shown, &lines) else { continue };
        problems.push(format!("faultline-cli {}: {problem}", session.args.join(" ")));
        let commands = session.text.lines().count() - session.shown.len();
        let mut text: Vec<String> = session.text.lines().take(commands).map(str::to_owned).collect();
        text.extend(renewed(&session.shown, &lines));
        blessed = blessed.replace(session.text, &(text.join("\n") + "\n"));
    }
    if std::env::var_os("FAULTLINE_BLESS").is_some() {
        std::fs::write(&path, blessed).unwrap();
    } else {
        assert!(
            problems.is_empty(),
            "README.md: FAULTLINE_BLESS=1 cargo test --no-default-features --test readme\n{}",
            problems.join("\n")
        );
    }
}

#[test]
fn a_session_may_leave_lines_out_but_not_change_them() {
    let printed = ["12 events in 3 ms, 4 million a second", "a 1", "b 2", "", "c 3"];
    let fits = |shown: &[&str]| agrees(shown, &printed).is_ok();
    assert!(fits(&["12 events in 9 s, 1 million a second", "a 1", "…", "c 3"]));
    assert!(fits(&["12 events in 9 s, 1 million a second", "a 1", "…"]));
    assert!(!fits(&["13 events in 9 s, 1 million a second", "…"]));
    assert!(!fits(&["12 events in 9 s, 1 million a second", "a 1"]), "the rest is left out without a sign");
    assert!(!fits(&["a 1", "…"]), "it begins elsewhere");
    assert!(!fits(&["…", "c 4"]));
}
