//! `cargo xtask night`: the figures that take too long for every commit, and docs/night.md, which holds them.
use crate::browser::Browser;
use crate::minutes::Minutes;
use crate::shell::{Outcome, Project, run_and_read, said};
use crate::{page, tools};

/// A line that a part prints after this word is written to docs/night.md.
const FIGURE: &str = "figure: ";
/// The native tests that have a long form: those of the night alone, and those that draw more seeds if `FAULTLINE_NIGHT` is set.
const LONG: [&str; 6] =
    ["night_", "quorum::", "witness::", "histories::", "placement::", "any_runbook_between_any_regions"];
/// What all parts together may take, in minutes.
const MOST_MINUTES: u64 = 70;
const FILE: &str = "docs/night.md";

/// One part of the night.
struct Part {
    /// What `--only` calls it.
    name: &'static str,
    /// What it holds, as docs/night.md says it.
    what: &'static str,
    run: fn(&Night, &mut Vec<String>) -> Outcome,
}

/// What the parts need.
struct Night<'p> {
    project: &'p Project,
    browser: Browser,
}

/// The soak and the hostile hands run for as long as they are told, the others for as long as they take.
const PARTS: [Part; 6] = [
    Part { name: "native", what: "The long form of the native tests", run: native },
    Part {
        name: "page",
        what: "The release page, which the next parts look at",
        run: |night, _| page::build(night.project),
    },
    Part {
        name: "soak",
        what: "Ten minutes of running and poking leave the page as light as before",
        run: |night, figures| script(night, &["soak.mjs", "10"], figures),
    },
    Part {
        name: "hostile",
        what: "Hostile addresses, stored values and random hands do the page no harm",
        run: |night, figures| script(night, &["hostile.mjs", "480"], figures),
    },
    Part {
        name: "firefox",
        what: "A second browser",
        run: |night, figures| script(night, &["firefox.mjs"], figures),
    },
    Part {
        name: "lighthouse",
        what: "Lighthouse's mobile scores, speed included",
        run: |night, figures| script(night, &["lighthouse.mjs"], figures),
    },
];

/// Prints the names that `--only` takes.
pub(crate) fn list() -> Outcome {
    for part in &PARTS {
        println!("{:<12} {}", part.name, part.what);
    }
    Ok(())
}

/// Runs all parts, or those named; one that fails does not keep the others from running. What a part found replaces what
/// docs/night.md said of it.
pub(crate) fn night(project: &Project, only: Option<&str>) -> Outcome {
    let names: Vec<&str> = only.map_or_else(Vec::new, |names| names.split(',').collect());
    if let Some(name) = names.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        return Err(format!("there is no part {name:?}; cargo xtask night --list names them"));
    }
    let mut minutes = Minutes::begin();
    let browser = minutes.note("tools", || {
        tools::for_page(project)?;
        tools::for_tests(project)?;
        Browser::find(project)
    })?;
    let night = Night { project, browser };
    let place = project.root.join(FILE);
    let mut sections = Sections::read(&std::fs::read_to_string(&place).unwrap_or_default());
    let mut failed = Vec::new();
    for part in PARTS.iter().filter(|part| names.is_empty() || names.contains(&part.name)) {
        println!("\n== {} ({})", part.what, part.name);
        let mut figures = Vec::new();
        let outcome = minutes.note(part.name, || (part.run)(&night, &mut figures));
        let word = if outcome.is_ok() { "holds" } else { "FAILED" };
        println!("== {word} after {}", minutes.newest());
        let mut text = format!("{word} after {}, {}\n", minutes.newest(), looked_at(project));
        for figure in figures {
            text += &format!("\n- {figure}");
        }
        sections.put(part.name, text.trim_end());
        if let Err(problem) = outcome {
            println!("{problem}");
            failed.push(part.name);
        }
        // After each part, so that what was seen is kept if a later part is interrupted.
        std::fs::write(&place, sections.text()).map_err(|error| format!("{FILE}: {error}"))?;
    }
    println!("\n{}\nwritten to {FILE}", minutes.table());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

/// What docs/night.md says of each part: of the last time that it was run.
#[derive(Default)]
struct Sections(Vec<(String, String)>);

impl Sections {
    /// Reads the file; what is not there is empty.
    fn read(text: &str) -> Self {
        let mut sections = Self::default();
        for section in text.split("\n## ").skip(1) {
            let (head, rest) = section.split_once('\n').unwrap_or((section, ""));
            if let Some(part) = PARTS.iter().find(|part| head == headline(part)) {
                sections.put(part.name, rest.trim());
            }
        }
        sections
    }

    fn put(&mut self, name: &str, text: &str) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), text.to_owned()));
    }

    fn text(&self) -> String {
        let mut text = format!(
            "# The long figures\n\nWritten by `cargo xtask night`, each part when it was run last; all together take at most \
             {MOST_MINUTES} minutes on two cores.\n"
        );
        for part in &PARTS {
            let seen = self.0.iter().find(|(name, _)| name == part.name);
            let said = seen.map_or("Not run yet.", |(_, said)| said);
            text += &format!("\n## {}\n\n{said}\n", headline(part));
        }
        text
    }
}

fn headline(part: &Part) -> String {
    format!("{} ({})", part.what, part.name)
}

/// Which commit was looked at, when and on what.
fn looked_at(project: &Project) -> String {
    let ask = |program: &str, args: &[&str]| {
        said(project.command(program).args(args)).unwrap_or_else(|| "unknown".to_owned())
    };
    let status = ["status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/night.md"];
    let changed = match ask("git", &status).as_str() {
        "" => "",
        _ => ", with changes that are not committed",
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "on {} from commit {}{changed}, on {cores} cores.",
        ask("date", &["-u", "+%Y-%m-%d %H:%M UTC"]),
        ask("git", &["rev-parse", "--short=12", "HEAD"]),
    )
}

/// Tests that have a long form are named `night_…` and take it if they find this variable.
fn native(night: &Night, figures: &mut Vec<String>) -> Outcome {
    let mut command = night.project.command("cargo");
    command.args([
        "test",
        "--locked",
        "--no-default-features",
        "--features=faultline/schema",
        "--no-fail-fast",
    ]);
    // With --nocapture, because figures are printed by tests that pass.
    command.args(["--", "--nocapture"]).args(LONG).env("FAULTLINE_NIGHT", "1");
    read(&mut command, figures)
}

fn script(night: &Night, words: &[&str], figures: &mut Vec<String>) -> Outcome {
    let mut command = night.project.command("node");
    command.arg(format!("tests/browser/{}", words[0])).args(&words[1..]);
    read(night.browser.set(&mut command), figures)
}

fn read(command: &mut std::process::Command, figures: &mut Vec<String>) -> Outcome {
    run_and_read(command, |line| figures.extend(line.split_once(FIGURE).map(|(_, figure)| figure.to_owned())))
}
