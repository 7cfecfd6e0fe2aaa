//! `cargo xtask bench`: builds what is measured, and the baseline where its folder is given; bench.mjs does the measuring.
use std::path::{Path, PathBuf};

use crate::shell::{Outcome, Project, run, timed};
use crate::tools;

const WASM: &str = "wasm32-unknown-unknown";

/// What index.html asks of Trunk in `data-wasm-opt` and `data-wasm-opt-params`.
const PAGE_WASM_OPT: [&str; 7] = [
    "-Oz",
    "--low-memory-unused",
    "--converge",
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
    tools::for_page(project)?;
    let browser = tools::for_tests(project)?;
    let ours = project.target();
    timed("building what is measured", || {
        let native =
            ["build", "--release", "--locked", "--no-default-features", "--example=rr4", "--example=world"];
        run(project.command("cargo").args(native))?;
        // As the page is built, so that the figures are those of what the browser loads.
        let wasm = ["build", "--profile=page", "--locked", "--package=bench-wasm", "--target", WASM];
        run(project.command("cargo").args(wasm))?;
        let built = ours.join(WASM).join("page/bench_wasm.wasm");
        run(project
            .command("wasm-opt")
            .args(PAGE_WASM_OPT)
            .arg(&built)
            .arg("-o")
            .arg(ours.join("bench_wasm.wasm")))
    })?;
    let mut command = project.command("node");
    command.arg("tests/browser/bench.mjs").arg(&ours);
    if let Some(folder) = peer_folder(project, peer)? {
        let built = timed("building the baseline", || build_peer(project, &folder))?;
        command.arg(built);
    }
    run(browser.set(&mut command))
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
