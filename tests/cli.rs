//! The headless binary, run as a person runs it; and its parts that can be tried without running it.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../src/bin/faultline-cli/args.rs"]
#[expect(dead_code, reason = "only its tests run here: the binary itself has no test target")]
mod args;
#[path = "../src/bin/faultline-cli/figures.rs"]
mod figures;
#[path = "../src/bin/faultline-cli/backups.rs"]
mod backups;
#[path = "../src/bin/faultline-cli/clients.rs"]
mod clients;
#[path = "../src/bin/faultline-cli/incidents.rs"]
mod incidents;
#[path = "../src/bin/faultline-cli/text.rs"]
mod words;

#[path = "cli/running.rs"]
mod running;

use std::io::Write;
use std::process::{Command, Stdio};

/// What the binary answers: exit code, standard output, standard error.
fn cli(line: &str) -> (i32, String, String) {
    cli_with(line, b"")
}

/// The same with something on its standard input.
fn cli_with(line: &str, input: &[u8]) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_faultline-cli"))
        .args(line.split(' ').filter(|word| !word.is_empty()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A binary that has seen enough closes its input early: that is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn help_and_version_are_answers() {
    let (code, out, err) = cli("--help");
    assert_eq!((code, err.as_str()), (0, ""));
    for word in [
        "run",
        "validate",
        "list",
        "--seed",
        "--until",
        "--at",
        "--json",
        "--journal",
        "--history",
        "Exit codes",
    ] {
        assert!(out.contains(word), "{word}");
    }
    assert_eq!(cli("--version").1, format!("faultline-cli {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_list_has_the_built_ins_with_their_titles() {
    let (code, out, _) = cli("list");
    assert_eq!(code, 0);
    for (name, title) in [
        ("backup-restore", "Backup and restore in Ireland"),
        ("pilot-light", "Pilot light in Ireland"),
        ("warm-standby", "Warm standby in Ireland"),
        ("multi-site", "Virginia and Ireland both serve"),
        ("write-global", "Read local, write global"),
        ("write-partitioned", "Read local, write partitioned"),
        ("write-local", "Read local, write local"),
        ("write-local-quorum", "Read local, write local, agreed by two of three"),
        ("six-regions", "Six regions on five continents"),
    ] {
        assert!(out.contains(&format!("{name:<18}  {title}\n")), "{out}");
    }
}

#[test]
fn bad_usage_ends_with_two_and_says_what_is_allowed() {
    for line in
        ["", "walk", "run", "run warm-standby --fast", "run warm-standby --at 10m explode", "validate"]
    {
        let (code, out, err) = cli(line);
        assert_eq!((code, out.as_str()), (2, ""), "{line}");
        assert!(err.contains("Usage:"), "{err}");
    }
}

#[test]
fn a_good_file_is_valid() {
    let (code, out, err) = cli("validate scenarios/warm-standby.json");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, "scenarios/warm-standby.json is valid: Warm standby in Ireland\n");
    assert_eq!(cli_with("validate -", b"{}").0, 0);
}

#[test]
fn a_bad_file_ends_with_one_and_every_problem() {
    let file = br#"{ "weight": 0, "regions": [{ "code": "mars-1", "servers": 6 }, { "code": "eu-west-1", "servers": 2 }] }"#;
    let (code, out, err) = cli_with("validate -", file);
    assert_eq!((code, out.as_str()), (1, ""));
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!(lines.len(), 2, "{err}");
    assert!(err.contains("-: weight: 0 is not allowed; allowed: a whole number from 1 to 10000\n"), "{err}");
    assert!(
        err.contains("-: regions[0].code: \"mars-1\" is not allowed; allowed: a region of the catalog"),
        "{err}"
    );
    assert_eq!(cli_with("run -", file).0, 1);
}

#[test]
fn what_cannot_be_read_ends_with_one() {
    for line in ["validate no-such-file.json", "run no-such-scenario", "validate src"] {
        let (code, _, err) = cli(line);
        assert_eq!(code, 1, "{line}");
        let names = "a built-in name: backup-restore, pilot-light, warm-standby, multi-site";
        assert!(err.contains(names), "{err}");
    }
    let (code, _, err) = cli_with("validate -", b"{\"name\": \"\xff\"}");
    assert_eq!(
        (code, err.as_str()),
        (1, "-: the file: byte 10, which is no UTF-8 text, is not allowed; allowed: JSON in UTF-8\n")
    );
    let (code, _, err) = cli_with("validate -", &vec![b' '; 10_000_000]);
    assert_eq!(code, 1);
    assert!(err.contains("more than 262144 bytes"), "{err}");
}

#[test]
fn orders_that_fit_nothing_end_with_one() {
    let (code, _, err) = cli("run warm-standby --until 1m --at 2m decide --at 10s region-dark=mars-1");
    assert_eq!(code, 1);
    assert_eq!(err.lines().count(), 2);
    let said =
        "--at: 120 s (decide) is not allowed; allowed: at most 60 s, the end of the run, as --until says";
    assert!(err.contains(said), "{err}");
    assert!(
        err.contains("--at: \"region-dark=mars-1\" is not allowed; allowed: a region of the scenario:"),
        "{err}"
    );
}

#[test]
fn an_order_after_the_horizon_is_told_whose_horizon_it_is() {
    let (code, _, err) = cli("run warm-standby --at 40h decide");
    assert_eq!((code, err.lines().count()), (1, 1), "{err}");
    assert!(
        err.contains("the end of the run: the horizon of \"warm-standby\"; --until sets another"),
        "{err}"
    );
}
