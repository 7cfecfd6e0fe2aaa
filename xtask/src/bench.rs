//! `cargo xtask bench`: builds what is measured, here and in the baseline or another commit; bench.mjs does the measuring.
use std::path::{Path, PathBuf};

use crate::browser::Browser;
use crate::shell::{Outcome, Project, run, said, timed};
use crate::tools;

const WASM: &str = "wasm32-unknown-unknown";

/// What index.html asks of Trunk in `data-wasm-opt` and `data-wasm-opt-params`.
const PAGE_WASM_OPT: [&str; 10] = [
    "-Oz",
    "--low-memory-unused",
    // Rust checks what could trap: loads that it makes are sound, and it never divides by zero.
    "--ignore-implicit-traps",
    "--converge",
    "--strip-producers",
    "--strip-target-features",
    "--skip-pass=memory-packing",
    "--skip-pass=local-cse",
    "--skip-pass=inlining-optimizing",
    // Functions of one module look alike, and gzip sees only the last 32 kB: 4 kB less than by how often they are called.
    "--reorder-functions-by-name",
];

/// Where the baseline lies when nobody says otherwise.
const NEIGHBOUR: &str = "../shared/bench";

/// Events per second of our own queue and world, natively and in Chromium.
pub(crate) fn bench(project: &Project, peer: Option<&str>) -> Outcome {
    let browser = prepare(project)?;
    let ours = project.target();
    timed("building what is measured", || build(project, &project.root, &ours))?;
    let mut command = project.command("node");
    command.arg("tests/browser/bench.mjs").arg(&ours);
    if let Some(folder) = peer_folder(project, peer)? {
        let built = timed("building the baseline", || build_peer(project, &folder))?;
        command.arg("--peer").arg(built);
    }
    run(browser.set(&mut command))
}

/// The same programs of this working copy and of another commit, run in pairs; or their instructions, counted.
pub(crate) fn against(project: &Project, commit: &str, instructions: bool) -> Outcome {
    let browser = prepare(project)?;
    let wanted = format!("{commit}^{{commit}}");
    let full = said(project.command("git").args(["rev-parse", "--verify", "--quiet", &wanted]))
        .ok_or_else(|| format!("git knows no commit {commit:?}"))?;
    let (ours, folder) = (project.target(), project.target().join("against"));
    let theirs = folder.join(&full);
    timed("building what is measured", || build(project, &project.root, &ours))?;
    if !theirs.join(BENCH_WASM).is_file() {
        timed(&format!("building {commit}"), || {
            let checkout = folder.join("checkout");
            let worktree = |args: &[&str]| {
                let mut command = project.command("git");
                command.args(["worktree", args[0]]).arg(&checkout).args(&args[1..]);
                command
            };
            // A task that was ended in the middle may have left one.
            let _ = said(&mut worktree(&["remove", "--force"]));
            run(&mut worktree(&["add", "--quiet", "--detach", &full]))?;
            let built = build(project, &checkout, &theirs);
            run(&mut worktree(&["remove", "--force"]))?;
            built
        })?;
    }
    let mut command = project.command("node");
    command.arg("tests/browser/bench.mjs").arg(&ours).arg("--against").arg(&theirs);
    if instructions {
        if project.which("valgrind").is_none() {
            return Err("valgrind is missing. Install it (Debian: apt-get install valgrind), or leave out --instructions."
                .to_owned());
        }
        command.arg("--instructions");
    }
    run(browser.set(&mut command))
}

fn prepare(project: &Project) -> Result<Browser, String> {
    tools::for_page(project)?;
    tools::for_tests(project)?;
    Browser::find(project)
}

/// The module that the browser runs, in a target folder.
const BENCH_WASM: &str = "bench_wasm.wasm";

/// Builds the programs of a working copy that are measured into a target folder.
fn build(project: &Project, root: &Path, target: &Path) -> Outcome {
    let cargo = |args: &[&str]| {
        let mut command = project.command("cargo");
        command.current_dir(root).env("CARGO_TARGET_DIR", target).args(["build", "--locked"]);
        run(command.args(args))
    };
    cargo(&[
        "--release",
        "--no-default-features",
        "--example=rr4",
        "--example=world",
        "--bin=faultline-cli",
    ])?;
    // As the page is built, so that the figures are those of what the browser loads.
    cargo(&["--profile=page", "--package=bench-wasm", "--target", WASM])?;
    let built = target.join(WASM).join("page").join(BENCH_WASM);
    run(project.command("wasm-opt").args(PAGE_WASM_OPT).arg(&built).arg("-o").arg(target.join(BENCH_WASM)))
}

/// A folder that was asked for must be there; the neighbour may be missing.
fn peer_folder(project: &Project, asked: Option<&str>) -> Result<Option<PathBuf>, String> {
    let folder = project.root.join(asked.unwrap_or(NEIGHBOUR));
    match (folder.join("rust/Cargo.toml").is_file(), asked) {
        (true, _) => Ok(Some(folder)),
        (false, Some(name)) => Err(format!("{name} holds no rust/Cargo.toml")),
        (false, None) => Ok(None),
    }
}

fn build_peer(project: &Project, folder: &Path) -> Result<PathBuf, String> {
    let target = project.root.join("target/bench-peer");
    let cargo = |args: &[&str]| {
        let mut command = project.command("cargo");
        command
            .args(["build", "--release", "--locked", "--manifest-path"])
            .arg(folder.join("rust/Cargo.toml"));
        run(command.args(args).env("CARGO_TARGET_DIR", &target))
    };
    cargo(&["--package=base"])?;
    cargo(&["--package=base-wasm", "--target", WASM])?;
    Ok(target)
}
