//! The programs that the tasks need: used from PATH at the pinned version, else installed into the user's cache folder.
//!
//! Why these versions: Trunk 0.22 needs a newer Rust; wasm-bindgen's program must equal the crate in Cargo.lock; a
//! wasm-opt older than 123 does not know what Rust 1.95 writes, and older ones are what distributions carry.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::cache::Cache;
use crate::shell::{Outcome, Project, run, said, timed};

const TARGET: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";
const WASM_OPT: &str = "132";

/// A package of programs on crates.io.
struct Crate {
    package: &'static str,
    /// The first is the one that is asked for its version.
    programs: &'static [&'static str],
    version: String,
    /// What `cargo install` is told besides.
    options: &'static [&'static str],
}

/// Trunk only builds here, offline: no TLS, and no question whether there is a newer one.
fn trunk() -> Crate {
    Crate {
        package: "trunk",
        programs: &["trunk"],
        version: TRUNK.to_owned(),
        options: &["--locked", "--no-default-features"],
    }
}

/// Not with `--locked`: its lock file may name a package that the registry does not have yet. TLS would only serve to
/// download a browser's driver.
fn wasm_bindgen(project: &Project) -> Result<Crate, String> {
    Ok(Crate {
        package: "wasm-bindgen-cli",
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        version: locked_version(project, "wasm-bindgen")?,
        options: &["--no-default-features"],
    })
}

/// Puts the tools in the cache first on PATH, whether they are there yet or not.
pub(crate) fn prefer_cached(project: &mut Project) -> Outcome {
    let cache = Cache::find()?;
    let crates = [trunk(), wasm_bindgen(project)?];
    let folders = crates.iter().map(|tool| cache.place(tool.package, &tool.version).join("bin"));
    let packed = PACKED.iter().map(|it| cache.place(it.package, it.version).join("node_modules/.bin"));
    project.prefer(folders.chain(packed))
}

/// Everything that building the page needs.
pub(crate) fn for_page(project: &Project) -> Outcome {
    let cache = Cache::find()?;
    wasm_target(project)?;
    cargo_tool(project, &cache, &trunk())?;
    cargo_tool(project, &cache, &wasm_bindgen(project)?)?;
    cache.sweep();
    PACKED.iter().try_for_each(|packed| npm_program(project, &cache, packed))
}

/// What the tests need beyond the page's tools and a browser.
pub(crate) fn for_tests(project: &Project) -> Outcome {
    components(project)?;
    npm_tools(project)
}

/// Rust's standard library for the browser.
fn wasm_target(project: &Project) -> Outcome {
    let sysroot = said(project.command("rustc").args(["--print", "sysroot"])).ok_or(RUST)?;
    if PathBuf::from(sysroot).join("lib/rustlib").join(TARGET).join("lib").is_dir() {
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
    let works = |tool: &str| said(project.command("cargo").args([tool, "--version"])).is_some();
    if works("fmt") && works("clippy") {
        return Ok(());
    }
    timed("installing rustfmt and clippy", || {
        run(project.command("rustup").args(["component", "add", "rustfmt", "clippy"]))
    })
    .map_err(|problem| format!("{problem}\nPlease run: rustup component add rustfmt clippy"))
}

/// A program from crates.io, by cargo-binstall if that is there and works, else compiled here.
fn cargo_tool(project: &Project, cache: &Cache, tool: &Crate) -> Outcome {
    let Crate { package, programs, version, options } = tool;
    let works = || {
        has_version(project, programs[0], version)
            && programs.iter().all(|program| project.which(program).is_some())
    };
    if works() {
        return Ok(());
    }
    cache.fill(package, version, works, |folder| {
        if project.which("cargo-binstall").is_some() {
            let fetched = timed(&format!("installing {package} {version} with cargo-binstall"), || {
                let mut command = project.command("cargo");
                command.args(["binstall", "--no-confirm", "--force", "--root"]).arg(folder);
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
        timed(
            &format!("compiling {package} {version} into the cache (a minute or two, once for all clones)"),
            || {
                let mut command = project.command("cargo");
                command.args(["install", package, "--version", version, "--quiet", "--root"]).arg(folder);
                command.args(*options).env("CARGO_TARGET_DIR", cache.workshop());
                for (setting, value) in QUICKLY {
                    command.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
                }
                run(&mut command)
            },
        )
        .map_err(|problem| {
            format!("{problem}\nPlease install it yourself: cargo install {package} --version {version}")
        })
    })
}

/// These tools run for seconds: what a fast program saves is less than what its compilation costs.
const QUICKLY: [(&str, &str); 4] =
    [("OPT_LEVEL", "0"), ("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "false")];

/// A program from a package of npm.
struct Packed {
    package: &'static str,
    program: &'static str,
    version: &'static str,
}

/// Binaryen's optimiser: distributions carry versions that are too old. The minifier: Trunk's own cannot read what wasm-bindgen
/// writes, and leaves it as it is.
const PACKED: [Packed; 2] = [
    Packed { package: "binaryen", program: "wasm-opt", version: WASM_OPT },
    Packed { package: "esbuild", program: "esbuild", version: "0.28.2" },
];

fn npm_program(project: &Project, cache: &Cache, Packed { package, program, version }: &Packed) -> Outcome {
    let works = || has_version(project, program, version);
    if works() {
        return Ok(());
    }
    need_npm(project)?;
    cache.fill(package, version, works, |folder| {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        timed(&format!("installing {program} {version} into the cache"), || {
            let mut command = project.command("npm");
            command.arg("install").arg("--prefix").arg(folder);
            command.args(["--no-save", "--no-package-lock", "--no-fund", "--no-audit", "--loglevel=error"]);
            run(command.arg(format!("{package}@{version}")))
        })
        .map_err(|problem| {
            format!("{problem}\nPlease put {program} {version} on PATH (npm install -g {package}@{version}).")
        })
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
        let mut command = project.command("npm");
        command.args(["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"]);
        run(command.current_dir(&folder).stdin(Stdio::null()))
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

fn has_version(project: &Project, program: &str, version: &str) -> bool {
    project.version_of(program).is_some_and(|said| said.split_whitespace().any(|word| word == version))
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
