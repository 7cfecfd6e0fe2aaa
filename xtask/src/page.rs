//! Building the page: Trunk, offline, with exactly the tools found.
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
        .env("RUST_BACKTRACE", "0"))
}
