//! `cargo xtask test`: the steps in order, each with its heading and its time, and one last line that counts them.
use std::time::Instant;

use crate::shell::{Outcome, Project, run, seconds};
use crate::tools::{self, Browser};
use crate::{page, size};

/// One thing that must hold.
struct Step {
    /// What `--only` calls it.
    name: &'static str,
    /// Its heading.
    what: &'static str,
    run: fn(&Project, &Browser) -> Outcome,
}

/// Cheap before dear, and the page before what looks at it.
const STEPS: [Step; 11] = [
    Step { name: "fmt", what: "formatting", run: |project, _| cargo(project, &["fmt", "--all", "--check"]) },
    Step {
        name: "clippy",
        what: "clippy, everything, natively",
        run: |project, _| clippy(project, &["--workspace", "--all-targets"]),
    },
    Step {
        name: "clippy-core",
        what: "clippy, the core without the page, natively",
        run: |project, _| clippy(project, &["--package=faultline", "--all-targets", "--no-default-features"]),
    },
    Step {
        name: "clippy-wasm",
        what: "clippy, wasm",
        run: |project, _| {
            clippy(
                project,
                &[
                    "--package=faultline",
                    "--package=faultline-core",
                    "--package=bench-wasm",
                    "--lib",
                    "--bins",
                    "--tests",
                    WASM,
                ],
            )
        },
    },
    Step {
        name: "native",
        what: "native tests",
        run: |project, _| {
            cargo(
                project,
                &[
                    "test",
                    "--locked",
                    "--no-default-features",
                    "--package=faultline",
                    "--package=faultline-core",
                    "--package=xtask",
                ],
            )
        },
    },
    Step {
        name: "schema",
        what: "the schema and the field tables in docs are those of the types",
        run: |project, _| {
            cargo(
                project,
                &["test", "--locked", "--no-default-features", "--features=schema", "--test=schema"],
            )
        },
    },
    Step { name: "wasm", what: "wasm tests in headless Chromium", run: wasm_tests },
    Step { name: "page", what: "building the release page", run: |project, _| page::build(project) },
    Step { name: "size", what: "size budget", run: |project, _| size::check(project) },
    Step { name: "browser", what: "browser tests of the built page", run: browser_tests },
    Step { name: "lighthouse", what: "Lighthouse, mobile", run: lighthouse },
];

const WASM: &str = "--target=wasm32-unknown-unknown";

/// Prints the names that `--only` takes.
pub(crate) fn list() -> Outcome {
    for step in &STEPS {
        println!("{:<12} {}", step.name, step.what);
    }
    Ok(())
}

/// Runs all steps, or those named, up to the first that fails.
pub(crate) fn test(project: &Project, only: Option<&str>) -> Outcome {
    let chosen: Vec<&Step> = match only {
        None => STEPS.iter().collect(),
        Some(names) => names.split(',').map(named).collect::<Result<_, _>>()?,
    };
    let start = Instant::now();
    tools::for_page(project)?;
    let browser = tools::for_tests(project)?;
    let count = chosen.len();
    for (done, step) in chosen.into_iter().enumerate() {
        println!("\n== {} of {count}: {} ({})", done + 1, step.what, step.name);
        let began = Instant::now();
        let outcome = (step.run)(project, &browser);
        println!("== {} after {}", if outcome.is_ok() { "passed" } else { "failed" }, seconds(began));
        if let Err(problem) = outcome {
            println!("\n{problem}\nStopped after {}.\n{done} passed, 1 failed", seconds(start));
            return Err(String::new());
        }
    }
    println!("\nEverything holds, after {}.\n{count} passed, 0 failed", seconds(start));
    Ok(())
}

fn named(name: &str) -> Result<&'static Step, String> {
    STEPS.iter().find(|step| step.name == name).ok_or_else(|| {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        format!("there is no step {name:?}; there are {}", names.join(", "))
    })
}

fn cargo(project: &Project, args: &[&str]) -> Outcome {
    run(project.command("cargo").args(args))
}

fn clippy(project: &Project, args: &[&str]) -> Outcome {
    run(project
        .command("cargo")
        .args(["clippy", "--locked", "--quiet"])
        .args(args)
        .args(["--", "--deny=warnings"]))
}

/// Each file in tests/ is one browser session, so all wasm tests live in tests/web.rs.
fn wasm_tests(project: &Project, browser: &Browser) -> Outcome {
    let mut command = project.command("wasm-pack");
    command
        .args(["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver"])
        .arg(&browser.driver);
    command.args(["--", "--locked", "--no-default-features", "--test", "web"]);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "180").env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30");
    command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", webdriver(project, browser)?);
    run(browser.set(&mut command))
}

/// The committed webdriver.json with the browser of this machine in it.
fn webdriver(project: &Project, browser: &Browser) -> Result<std::path::PathBuf, String> {
    let told = |error: &dyn std::fmt::Display| format!("webdriver.json: {error}");
    let text = std::fs::read_to_string(project.root.join("webdriver.json")).map_err(|error| told(&error))?;
    let mut settings: serde_json::Value = serde_json::from_str(&text).map_err(|error| told(&error))?;
    settings["goog:chromeOptions"]["binary"] = browser.chrome.to_string_lossy().into();
    let file = project.tools.join("webdriver.json");
    std::fs::create_dir_all(&project.tools)
        .and_then(|()| std::fs::write(&file, settings.to_string()))
        .map_err(|error| told(&error))?;
    Ok(file)
}

fn browser_tests(project: &Project, browser: &Browser) -> Outcome {
    run(browser.set(project.command("node").arg("tests/browser/run.mjs")))
}

fn lighthouse(project: &Project, browser: &Browser) -> Outcome {
    run(browser.set(project.command("node").args(["tests/browser/lighthouse.mjs", "--print-speed"])))
}
