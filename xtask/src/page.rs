//! Building the page: Trunk, offline, with exactly the tools found; then its scripts are minified.
use std::fs;

use crate::shell::{Outcome, Project, run};

/// Builds the release page into `dist/`.
pub(crate) fn build(project: &Project) -> Outcome {
    // Trunk's offline mode reaches cargo too, so the crates must be there before it starts.
    run(project.command("cargo").args(["fetch", "--locked", "--quiet"]))?;
    // Offline keeps Trunk from fetching tools of its own choice and from asking for its newest version.
    run(project
        .command("trunk")
        .args(["build", "--release", "--locked"])
        .env("TRUNK_OFFLINE", "true")
        .env("RUST_LOG", "warn")
        .env("RUST_BACKTRACE", "0"))?;
    let dist = project.root.join("dist");
    let files = fs::read_dir(&dist).map_err(|error| format!("{}: {error}", dist.display()))?;
    for script in files.filter_map(Result::ok).map(|file| file.path()) {
        if script.extension().is_some_and(|name| name == "js") {
            let mut command = project.command("esbuild");
            command.args(["--minify", "--format=esm", "--allow-overwrite", "--log-level=warning"]);
            run(command.arg(format!("--outfile={}", script.display())).arg(&script))?;
        }
    }
    Ok(())
}
