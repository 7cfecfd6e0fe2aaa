//! `cargo xtask test`: the steps in order, each with its heading and its time, and at the end where the time went.
use crate::browser::{self, Browser};
use crate::minutes::Minutes;
use crate::shell::{Outcome, Project, run};
use crate::{page, size, tools};

/// One thing that must hold.
struct Step {
    /// What `--only` calls it.
    name: &'static str,
    /// Its heading.
    what: &'static str,
    run: fn(&Project, &Browser) -> Outcome,
}

/// Cheap before dear, and the page before what looks at it.
const STEPS: [Step; 9] = [
    Step { name: "fmt", what: "formatting", run: |project, _| cargo(project, &["fmt", "--all", "--check"]) },
    Step {
        name: "clippy",
        what: "clippy, all that runs natively",
        run: |project, _| clippy(project, &NATIVE),
    },
    Step {
        name: "clippy-wasm",
        what: "clippy, all that runs in a browser",
        run: |project, _| clippy(project, &WASM),
    },
    Step { name: "native", what: "native tests", run: |project, _| native_tests(project) },
    Step { name: "wasm", what: "wasm tests in headless Chromium", run: wasm_tests },
    Step { name: "page", what: "building the release page", run: |project, _| page::build(project) },
    Step { name: "size", what: "size budget", run: |project, _| size::check(project) },
    Step { name: "browser", what: "browser tests of the built page", run: browser_tests },
    Step { name: "lighthouse", what: "Lighthouse, mobile", run: lighthouse },
];

/// The page is no part of this: it runs in a browser only, and its crates need not be built twice. The schema is: a
/// feature that only one step turned on would have everything built once more.
const NATIVE: [&str; 8] = [
    "--no-default-features",
    "--features=faultline/schema",
    "--package=faultline",
    "--package=faultline-core",
    "--package=faultline-model",
    "--package=xtask",
    "--package=bench-wasm",
    "--all-targets",
];

const WASM: [&str; 8] = [
    "--target=wasm32-unknown-unknown",
    "--package=faultline",
    "--package=faultline-core",
    "--package=faultline-model",
    "--package=bench-wasm",
    "--lib",
    "--bins",
    "--tests",
];

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
    let mut minutes = Minutes::begin();
    let browser = minutes.note("tools", || {
        tools::for_page(project)?;
        tools::for_tests(project)?;
        Browser::find(project)
    })?;
    let count = chosen.len();
    for (done, step) in chosen.into_iter().enumerate() {
        println!("\n== {} of {count}: {} ({})", done + 1, step.what, step.name);
        let outcome = minutes.note(step.name, || (step.run)(project, &browser));
        println!("== {} after {}", if outcome.is_ok() { "passed" } else { "failed" }, minutes.newest());
        if let Err(problem) = outcome {
            println!("\n{problem}\nStopped after {}.\n{done} passed, 1 failed", minutes.total());
            return Err(String::new());
        }
    }
    println!("\n{}\nEverything holds.\n{count} passed, 0 failed", minutes.table());
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
    let mut command = project.command("cargo");
    run(command.args(["clippy", "--locked", "--quiet"]).args(args).args(["--", "--deny=warnings"]))
}

/// In their short form, whatever the caller's environment says about the night.
fn native_tests(project: &Project) -> Outcome {
    let mut command = project.command("cargo");
    command.args(["test", "--locked", "--no-default-features", "--features=faultline/schema"]);
    command.args(["--package=faultline", "--package=faultline-core", "--package=faultline-model"]);
    command.arg("--package=xtask");
    run(command.env_remove("FAULTLINE_NIGHT"))
}

/// Each file in tests/ is one browser session, so all wasm tests are in tests/web.rs. Cargo hands the tests to
/// wasm-bindgen's runner, which starts the browser.
fn wasm_tests(project: &Project, browser: &Browser) -> Outcome {
    let mut command = project.command("cargo");
    command.args([
        "test",
        "--locked",
        "--no-default-features",
        "--target=wasm32-unknown-unknown",
        "--test=web",
    ]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
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
    let file = project.target().join("webdriver.json");
    std::fs::write(&file, settings.to_string()).map_err(|error| told(&error))?;
    Ok(file)
}

/// All of them in Chromium, and the start and an outage in Firefox.
fn browser_tests(project: &Project, browser: &Browser) -> Outcome {
    run(browser.set(project.command("node").arg("tests/browser/run.mjs")))?;
    browser::prepare_firefox(project);
    run(project.command("node").args(["tests/browser/firefox.mjs", "--short"]))
}

fn lighthouse(project: &Project, browser: &Browser) -> Outcome {
    run(browser.set(project.command("node").args(["tests/browser/lighthouse.mjs", "--print-speed"])))
}
