//! Project tasks: `cargo xtask` lists them.
//!
//! Read in this order: `shell` (running programs), `cache`, `tools` and `browser` (finding and installing them), `styles` and `page`
//! (building it), `size`, `server`, `minutes`, `steps` (what `test` runs), `night`, `bench`.
#![allow(clippy::disallowed_types, reason = "this program measures wall time; the core does not")]
mod shell;

mod cache;
mod tools;

mod browser;

mod styles;

mod page;
mod size;

mod server;

mod minutes;
mod steps;

mod night;

mod bench;

use std::process::ExitCode;

use browser::Browser;
use shell::{Outcome, Project};

const HELP: &str = "\
cargo xtask serve [--port N]          build the release page and serve it on 127.0.0.1:8080
cargo xtask test [--only A,B] [--list]  everything that a commit can break; stops at the first failing step
cargo xtask night [--only A,B] [--list]  the long figures, in about an hour, or some of them; writes docs/night.md
cargo xtask lighthouse                the mobile scores of the built page, and the bar they must pass
cargo xtask screenshots [--out DIR]   the page at four sizes, in three themes, before, during and after an outage
cargo xtask shot [--out FILE]         the picture in the README
cargo xtask soak [--minutes N]        ten minutes of running and poking, and the slope of the page's memory
cargo xtask bench [--peer DIR]        events per second, natively and in Chromium, beside the baseline if it is there
cargo xtask bench --against COMMIT [--instructions]  the same in pairs with another commit; or count instructions
cargo xtask styles                    the page's style sheets as one file, as Trunk asks before a build
cargo xtask tools                     install everything that the commands above need";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            if !problem.is_empty() {
                eprintln!("\n{problem}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Outcome {
    let mut project = Project::find()?;
    tools::prefer_cached(&mut project)?;
    let (task, rest) = args.split_first().map_or(("help", args), |(task, rest)| (task.as_str(), rest));
    match task {
        "serve" => server::serve(&project, option(rest, "--port")?.as_deref()),
        "test" if flag(rest, "--list") => steps::list(),
        "test" => steps::test(&project, option(rest, "--only")?.as_deref()),
        "night" if flag(rest, "--list") => night::list(),
        "night" => night::night(&project, option(rest, "--only")?.as_deref()),
        "styles" => styles::build(&project),
        "lighthouse" => page_script(&project, "lighthouse.mjs", &[]),
        "screenshots" => {
            let out = option(rest, "--out")?.unwrap_or_else(|| "target/screenshots".to_owned());
            page_script(&project, "screenshots.mjs", &[&out])
        }
        "shot" => {
            let out = option(rest, "--out")?.unwrap_or_else(|| "docs/screenshot.png".to_owned());
            page_script(&project, "screenshots.mjs", &["--one", &out])
        }
        "soak" => page_script(
            &project,
            "soak.mjs",
            &[&option(rest, "--minutes")?.unwrap_or_else(|| "10".to_owned())],
        ),
        "bench" => match option(rest, "--against")? {
            Some(commit) => bench::against(&project, &commit, flag(rest, "--instructions")),
            None => bench::bench(&project, option(rest, "--peer")?.as_deref()),
        },
        "tools" => tools::for_page(&project)
            .and_then(|()| tools::for_tests(&project))
            .and_then(|()| Browser::find(&project).map(|_| ())),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no task {other:?}; there are:\n{HELP}")),
    }
}

/// Builds the page, then runs one of the scripts beside the browser tests on it.
fn page_script(project: &Project, script: &str, args: &[&str]) -> Outcome {
    tools::for_page(project)?;
    tools::for_tests(project)?;
    let browser = Browser::find(project)?;
    page::build(project)?;
    let script = project.root.join("tests/browser").join(script);
    shell::run(browser.set(project.command("node").arg(script).args(args)))
}

fn flag(args: &[String], name: &str) -> bool {
    args.iter().any(|arg| arg == name)
}

/// The value that follows a named option, or nothing if the option is not given.
fn option(args: &[String], name: &str) -> Result<Option<String>, String> {
    match args.iter().position(|arg| arg == name) {
        None => Ok(None),
        Some(at) => args.get(at + 1).cloned().map(Some).ok_or_else(|| format!("{name} needs a value")),
    }
}
