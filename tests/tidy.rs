//! Rules of the house that a machine can check, each with its reason. What fails names the file and the line.
//!
//! Rules about functions, lints and formats are clippy's and rustfmt's: see Cargo.toml, clippy.toml and rustfmt.toml.
#![cfg(not(target_arch = "wasm32"))]

#[path = "tidy/modules.rs"]
mod modules;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/told.rs"]
mod told;

use source::{Blank, Source, all, rust};

/// What decides how a run goes: the same on every target, without a browser, a clock or an entropy source.
const SIMULATION: [&str; 4] = ["model/src/", "core/src/", "src/history.rs", "src/history/"];
/// What knows a browser.
const PAGE: [&str; 3] = ["src/main.rs", "src/ui.rs", "src/ui/"];

/// Fails with every finding, one a line, and the reason for the rule.
fn expect_none(findings: Vec<String>, reason: &str) {
    assert!(findings.is_empty(), "{reason}\n{}", findings.join("\n"));
}

/// Where any of these words stands in any of these files.
fn mentions<'a>(sources: impl IntoIterator<Item = &'a Source>, blank: Blank, words: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources {
        for (number, line) in source.lines(blank) {
            for word in words.iter().filter(|word| has_word(&line, word)) {
                findings.push(format!("{}:{number}: {word}", source.path));
            }
        }
    }
    findings
}

/// The word stands in the line by itself: not as part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(part) && word.starts_with(part);
        let after = line[at + word.len()..].chars().next().is_some_and(part) && word.ends_with(part);
        !before && !after
    })
}

/// The sources in these places, of which none may be empty: a rule that finds nothing to look at is no rule.
fn in_places<'a>(sources: &'a [Source], places: &[&str]) -> Vec<&'a Source> {
    for place in places {
        assert!(sources.iter().any(|source| source.is_in(&[place])), "nothing is in {place}");
    }
    sources.iter().filter(|source| source.is_in(places)).collect()
}

#[test]
fn a_module_uses_only_modules_declared_above_it() {
    expect_none(
        modules::out_of_order(&rust()),
        "Whoever reads from the top meets nothing that has not been explained yet, and no two modules need each other.",
    );
}

#[test]
fn machines_operations_and_the_observer_stay_apart() {
    let sources = rust();
    in_places(&sources, &["core/src/system/", "core/src/operations/", "core/src/observer/"]);
    let mut findings = modules::through_walls(&sources);
    findings.extend(modules::hands_on_machines(&sources));
    expect_none(
        findings,
        "A machine knows what a message or a timer brought; operations know what alarms report and act through control \
         planes; the books are read by nobody in there.",
    );
}

#[test]
fn nobody_in_a_run_asks_which_strategy_it_is() {
    let sources = rust();
    let rooms = ["core/src/system", "core/src/operations", "core/src/observer"];
    let inside = |source: &&Source| rooms.iter().any(|room| source.path.starts_with(room));
    let words = ["Strategy", "StrategyRules", ".strategy", "strategies"];
    expect_none(
        mentions(sources.iter().filter(inside), Blank::CommentsAndStrings, &words),
        "A strategy is a value: the blueprint says what stands where and what follows what, and the runbook does the rest.",
    );
}

#[test]
fn no_region_has_a_meaning_by_its_number() {
    expect_none(
        modules::numbered_regions(&rust()),
        "Primary and standby are roles in the blueprint: what takes a region by its number is wrong in a system of six.",
    );
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let silent = |source: &Source| !source.text.starts_with("//!");
    let findings =
        rust().iter().filter(|source| silent(source)).map(|source| format!("{}:1", source.path)).collect();
    expect_none(findings, "A file that opens with `//!` can be skipped by whoever looks for something else.");
}

#[test]
fn each_row_of_a_table_has_a_story() {
    expect_none(
        told::untold(&rust()),
        "A fault, an order, an engine, a strategy, a pattern, a rule or a promise that no story is about can break and \
         nobody would know: build it, break it, run it, and expect what follows from how it works.",
    );
}

#[test]
fn files_are_small_rooms() {
    const MOST: usize = 400;
    let lines = |source: &Source| source.text.lines().count();
    let findings = rust()
        .iter()
        .filter(|source| lines(source) > MOST)
        .map(|source| format!("{}:{}: more than {MOST} lines", source.path, lines(source)))
        .collect();
    expect_none(findings, "A file that does not fit in one's head holds two themes: give each a file.");
}

#[test]
fn the_simulation_knows_no_browser() {
    let sources = rust();
    let words = ["yew", "web_sys", "gloo", "js_sys", "wasm_bindgen"];
    expect_none(
        mentions(in_places(&sources, &SIMULATION), Blank::CommentsAndStrings, &words),
        "The simulation runs in a terminal and in a test as it runs in a page.",
    );
}

#[test]
fn the_simulation_computes_alike_on_every_target() {
    let sources = rust();
    // `.sqrt()` is exact by IEEE 754; these are not, and platforms differ in the last bit.
    let words = [
        ".ln()",
        ".log(",
        ".log2()",
        ".log10()",
        ".ln_1p()",
        ".exp()",
        ".exp2()",
        ".exp_m1()",
        ".sin()",
        ".cos()",
        ".tan()",
        ".asin()",
        ".acos()",
        ".atan()",
        ".atan2(",
        ".sin_cos()",
        ".sinh()",
        ".cosh()",
        ".tanh()",
        ".powf(",
        ".powi(",
        ".hypot(",
        ".cbrt()",
        ".mul_add(",
    ];
    expect_none(
        mentions(in_places(&sources, &SIMULATION), Blank::CommentsAndStrings, &words),
        "The same scenario and seed must give the same digest everywhere: use the functions of libm.",
    );
}

#[test]
fn the_simulation_has_no_clock_no_entropy_and_no_unordered_map() {
    let sources = rust();
    let words = [
        "HashMap",
        "HashSet",
        "RandomState",
        "Instant",
        "SystemTime",
        "thread_rng",
        "StdRng",
        "SmallRng",
        "ThreadRng",
        "SysRng",
        "OsRng",
        "getrandom",
    ];
    expect_none(
        mentions(in_places(&sources, &SIMULATION), Blank::CommentsAndStrings, &words),
        "A run is a value: what it does follows from the scenario, the seed and the commands alone.",
    );
}

#[test]
fn the_page_writes_no_style_attribute_and_no_markup_from_text() {
    let sources = rust();
    let page = || in_places(&sources, &PAGE);
    let mut findings =
        mentions(page(), Blank::Comments, &["from_html_unchecked", "innerHTML", "set_inner_html"]);
    findings.extend(mentions(page(), Blank::CommentsAndStrings, &["style="]));
    expect_none(
        findings,
        "The Content Security Policy refuses inline styles and markup from text: use classes, SVG attributes, or \
         `style().set_property` from code.",
    );
}

#[test]
fn colours_live_in_the_style_sheets() {
    let (sources, mut findings) = (rust(), Vec::new());
    for source in in_places(&sources, &["src/", "core/src/", "model/src/"]) {
        for (number, line) in source.lines(Blank::Comments) {
            if let Some(colour) = colour_in(&line) {
                findings.push(format!("{}:{number}: {colour}", source.path));
            }
        }
    }
    expect_none(
        findings,
        "Three themes share one code: a colour is a custom property in assets/styles/tokens.css.",
    );
}

/// The first `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa` in a line.
fn colour_in(line: &str) -> Option<&str> {
    line.match_indices('#').find_map(|(at, _)| {
        let tail = &line[at + 1..];
        let digits = tail.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(tail.len());
        let ends = !tail[digits..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        (matches!(digits, 3 | 4 | 6 | 8) && ends).then(|| &line[at..=at + digits])
    })
}

#[test]
fn no_file_names_a_machine() {
    // In two parts, so that this file does not name one either.
    let paths = [concat!("/wo", "rk/"), concat!("/tmp/", "fl"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let mut findings = Vec::new();
    for source in &all() {
        for (index, line) in source.text.lines().enumerate() {
            let hits = paths.iter().filter(|path| names_path(line, path));
            findings.extend(hits.map(|path| format!("{}:{}: {path}", source.path, index + 1)));
        }
    }
    expect_none(findings, "What is committed must work on any machine.");
}

/// The path begins here, and is not the tail of a relative one or of an address.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        !line[..at]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '}' | '~'))
    })
}

#[test]
fn no_file_names_a_package_registry() {
    // Where packages come from is a matter of the machine; lock files say only which, and their digests.
    let public = "registry+https://github.com/rust-lang/crates.io-index";
    let mut findings = Vec::new();
    for source in &all() {
        for (index, line) in source.text.lines().enumerate() {
            let line = line.replace(public, "");
            let hosts =
                line.split("://").skip(1).map(|rest| rest.split(['/', '"', ' ', ')']).next().unwrap_or(""));
            let signs = ["registry", "artifact", "mirror", "nexus", "proxy.golang", "pypi"];
            for host in hosts.filter(|host| signs.iter().any(|sign| host.contains(sign))) {
                findings.push(format!("{}:{}: {host}", source.path, index + 1));
            }
        }
    }
    expect_none(findings, "A registry that one machine uses may not exist for the next.");
}

#[test]
fn no_test_is_skipped() {
    let word = concat!("#[ig", "nore");
    let findings = mentions(&rust(), Blank::CommentsAndStrings, &[word]);
    expect_none(findings, "A test that is not run rots: mend it or delete it.");
}
