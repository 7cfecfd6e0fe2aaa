//! The programs that the tasks need: used from PATH at the pinned version, else installed under `target/tools`.
//!
//! Why these versions: Trunk 0.22 needs a newer Rust; wasm-bindgen's program must equal the crate in Cargo.lock; a
//! wasm-opt older than 123 does not know what Rust 1.95 writes, and older ones are what distributions carry.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::shell::{Outcome, Project, run, timed};

const TARGET: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";
const WASM_PACK: &str = "0.15.1";
const WASM_OPT: &str = "132";

/// A Chromium and its driver, of the same major version.
pub(crate) struct Browser {
    /// The browser's program.
    pub(crate) chrome: PathBuf,
    /// The program that lets a test drive it.
    pub(crate) driver: PathBuf,
}

impl Browser {
    /// Tells a program where the browser is, in the words that each of the test tools looks for.
    pub(crate) fn set<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("CHROME", &self.chrome).env("CHROME_PATH", &self.chrome).env("CHROMEDRIVER", &self.driver)
    }
}

/// Everything that building the page needs.
pub(crate) fn for_page(project: &Project) -> Outcome {
    wasm_target(project)?;
    cargo_tool(project, "trunk", "trunk", TRUNK, true)?;
    cargo_tool(
        project,
        "wasm-bindgen",
        "wasm-bindgen-cli",
        &locked_version(project, "wasm-bindgen")?,
        false,
    )?;
    wasm_opt(project)
}

/// Everything that the tests need beyond the page's tools.
pub(crate) fn for_tests(project: &Project) -> Result<Browser, String> {
    components(project)?;
    cargo_tool(project, "wasm-pack", "wasm-pack", WASM_PACK, true)?;
    let browser = browser(project)?;
    npm_tools(project)?;
    Ok(browser)
}

/// Rust's standard library for the browser.
fn wasm_target(project: &Project) -> Outcome {
    let sysroot =
        project.command("rustc").args(["--print", "sysroot"]).output().map_err(|_| RUST.to_owned())?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim());
    if sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir() {
        return Ok(());
    }
    let how = format!("Rust for {TARGET} is missing. Install rustup, then: rustup target add {TARGET}");
    if project.which("rustup").is_none() {
        return Err(how);
    }
    timed("installing Rust's wasm target", || run(project.command("rustup").args(["target", "add", TARGET])))
        .map_err(|problem| format!("{problem}\n{how}"))
}

const RUST: &str = "Rust is missing. Install rustup (https://rustup.rs), then try again.";

/// The formatter and the linter that belong to this Rust.
fn components(project: &Project) -> Outcome {
    let works = |tool: &str| {
        let status = project
            .command("cargo")
            .args([tool, "--version"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    };
    if works("fmt") && works("clippy") {
        return Ok(());
    }
    timed("installing rustfmt and clippy", || {
        run(project.command("rustup").args(["component", "add", "rustfmt", "clippy"]))
    })
    .map_err(|problem| format!("{problem}\nPlease run: rustup component add rustfmt clippy"))
}

/// A program from crates.io, by cargo-binstall where that is there and works, else compiled here.
fn cargo_tool(project: &Project, program: &str, package: &str, version: &str, locked: bool) -> Outcome {
    if project.version_of(program).is_some_and(|said| said.split_whitespace().any(|word| word == version)) {
        return Ok(());
    }
    let root = &project.tools;
    if project.which("cargo-binstall").is_some() {
        let fetched = timed(&format!("installing {package} {version} with cargo-binstall"), || {
            let mut command = project.command("cargo");
            command.args(["binstall", "--no-confirm", "--force", "--root"]).arg(root);
            run(command.arg(format!("{package}@{version}")))
        });
        if fetched.is_ok() {
            return Ok(());
        }
        println!("   compiling it instead");
    }
    if project.which("cc").is_none() {
        return Err(format!(
            "{package} must be compiled, and there is no C compiler. Install one, then try again \
             (Debian: apt-get install gcc libc6-dev)."
        ));
    }
    let build = root.join("build");
    timed(&format!("compiling {package} {version} into target/tools (minutes, once)"), || {
        let mut command = project.command("cargo");
        command.args(["install", package, "--version", version, "--force", "--quiet", "--root"]).arg(root);
        command.env("CARGO_TARGET_DIR", &build);
        if locked {
            // Not for wasm-bindgen-cli: its lock file may name a package that the registry does not have yet.
            command.arg("--locked");
        }
        run(&mut command)
    })
    .map_err(|problem| {
        format!("{problem}\nPlease install it yourself: cargo install {package} --version {version}")
    })?;
    // What was compiled on the way takes gigabytes and is not needed again; a leftover does no harm.
    fs::remove_dir_all(&build).unwrap_or_default();
    Ok(())
}

/// Binaryen's optimiser, from npm: distributions carry versions that are too old.
fn wasm_opt(project: &Project) -> Outcome {
    if project.version_of("wasm-opt").is_some_and(|said| said.split_whitespace().any(|word| word == WASM_OPT))
    {
        return Ok(());
    }
    need_npm(project)?;
    timed(&format!("installing wasm-opt {WASM_OPT} into target/tools"), || {
        let mut command = project.command("npm");
        command.arg("install").arg("--prefix").arg(&project.tools);
        command.args(["--no-save", "--no-package-lock", "--no-fund", "--no-audit", "--loglevel=error"]);
        run(command.arg(format!("binaryen@{WASM_OPT}")))
    })
    .map_err(|problem| {
        format!("{problem}\nPlease put wasm-opt {WASM_OPT} on PATH (npm install -g binaryen@{WASM_OPT}).")
    })
}

/// The packages of tests/browser, exactly as its lock file has them.
fn npm_tools(project: &Project) -> Outcome {
    let folder = project.root.join("tests/browser");
    let lock = read(&folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    need_npm(project)?;
    timed("installing the test tools from npm", || {
        run(project
            .command("npm")
            .args(["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"])
            .current_dir(&folder))
    })?;
    fs::write(&stamp, lock).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn need_npm(project: &Project) -> Outcome {
    let node = project
        .version_of("node")
        .and_then(|said| said.trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    match node {
        Some(20..) if project.which("npm").is_some() => Ok(()),
        _ => Err("Node 20 or newer with npm is needed. Install it, then try again (https://nodejs.org)."
            .to_owned()),
    }
}

/// The system's Chromium and its driver; on Debian, and as root, they are installed.
fn browser(project: &Project) -> Result<Browser, String> {
    if let Some(found) = find_browser(project) {
        return same_major(project, found);
    }
    let how = "Chromium and its driver are missing. Install both, then try again (Debian, as root: apt-get install \
         chromium chromium-driver), or name them in the environment variables CHROME and CHROMEDRIVER.";
    if project.which("apt-get").is_none() || !is_root(project) {
        return Err(how.to_owned());
    }
    timed("installing Chromium and its driver", || {
        let apt = |args: &[&str]| {
            run(project
                .command("apt-get")
                .args(args)
                .env("DEBIAN_FRONTEND", "noninteractive")
                .stdout(Stdio::null()))
        };
        apt(&["update"])?;
        apt(&[
            "install",
            "--yes",
            "--no-install-recommends",
            "chromium",
            "chromium-driver",
            "fonts-dejavu-core",
        ])
    })
    .map_err(|problem| format!("{problem}\n{how}"))?;
    same_major(project, find_browser(project).ok_or(how)?)
}

fn find_browser(project: &Project) -> Option<Browser> {
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|file| file.is_file());
    let first = |names: &[&str]| names.iter().find_map(|name| project.which(name));
    let chrome = named("CHROME").or_else(|| first(&["chromium", "chromium-browser", "google-chrome"]))?;
    let driver = named("CHROMEDRIVER").or_else(|| first(&["chromedriver"]))?;
    Some(Browser { chrome, driver })
}

fn same_major(project: &Project, browser: Browser) -> Result<Browser, String> {
    let major = |file: &Path| {
        let said = project.version_of(&file.to_string_lossy())?;
        said.split_whitespace().find_map(|word| word.split('.').next()?.parse::<u32>().ok())
    };
    match (major(&browser.chrome), major(&browser.driver)) {
        (Some(chrome), Some(driver)) if chrome == driver => Ok(browser),
        (Some(chrome), Some(driver)) => Err(format!(
            "Chromium is version {chrome} and its driver is {driver}: they must be the same. Install the pair again."
        )),
        _ => Err("Chromium or its driver does not start: run both with --version to see why.".to_owned()),
    }
}

fn is_root(project: &Project) -> bool {
    let said = project.command("id").arg("-u").output();
    said.is_ok_and(|output| output.stdout == b"0\n")
}

/// The version of a package in Cargo.lock.
fn locked_version(project: &Project, package: &str) -> Result<String, String> {
    let lock = read(&project.root.join("Cargo.lock"))?;
    version_in(&lock, package).ok_or_else(|| format!("Cargo.lock does not name {package}"))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let (_, entry) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    entry.split('"').next().map(str::to_owned)
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_version_comes_from_the_very_package_that_was_asked_for() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"wasm-bindgen\"\n\
            version = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "trunk"), None);
    }
}
