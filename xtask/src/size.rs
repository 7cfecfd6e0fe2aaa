//! The size budget: what a first visit loads, after gzip, and that the page loads nothing inline or from elsewhere.
use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::shell::{Outcome, Project};

/// A first visit loads all of `dist/` but for what is fetched when somebody asks for it: budget.json names these files.
pub(crate) fn check(project: &Project) -> Outcome {
    let dist = project.root.join("dist");
    let budget = fs::read_to_string(project.root.join("budget.json"))
        .map_err(|error| format!("budget.json: {error}"))?;
    let budget: serde_json::Value =
        serde_json::from_str(&budget).map_err(|error| format!("budget.json: {error}"))?;
    let limit =
        |name: &str| budget[name].as_u64().ok_or_else(|| format!("budget.json has no number {name:?}"));

    let (mut files, (mut total, mut wasm)) = (files_of(&dist)?, (0, 0));
    let later = budget["later"].as_array().map_or(&[][..], Vec::as_slice);
    files.retain(|(name, size)| {
        let asked_for = later.iter().any(|file| file == name);
        if asked_for {
            println!("{size:>9}  {name}, if it is asked for");
        }
        !asked_for
    });
    for (name, size) in &files {
        println!("{size:>9}  {name}");
        total += size;
        if name.ends_with(".wasm") {
            wasm += size;
        }
    }
    let mut problems = Vec::new();
    let requests = files.len() as u64;
    for (what, got, name) in
        [("first load", total, "first_load"), ("wasm", wasm, "wasm"), ("requests", requests, "requests")]
    {
        let most = limit(name)?;
        println!("{got:>9}  {what}, of {most} allowed");
        if got > most {
            problems.push(format!("{what}: {got} is more than {most}"));
        }
    }
    if wasm == 0 {
        problems.push("dist holds no wasm".to_owned());
    }
    let html =
        fs::read_to_string(dist.join("index.html")).map_err(|error| format!("dist/index.html: {error}"))?;
    problems.extend(inline_or_foreign(&html));
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// Each file of a folder with its size after gzip; the folder is flat.
fn files_of(dist: &Path) -> Result<Vec<(String, u64)>, String> {
    let told = |error: std::io::Error| format!("{}: {error}", dist.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(dist).map_err(told)? {
        let entry = entry.map_err(told)?;
        let bytes = fs::read(entry.path()).map_err(told)?;
        files.push((entry.file_name().to_string_lossy().into_owned(), gzip(&bytes).len() as u64));
    }
    files.sort();
    Ok(files)
}

/// A file as a host with compression sends it.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail; if it ever did, the empty answer would be seen at once.
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default()
}

/// What index.html holds that the policy would refuse, or that another origin would have to send.
fn inline_or_foreign(html: &str) -> Vec<String> {
    let lower = html.to_lowercase();
    let mut problems = Vec::new();
    for (at, _) in lower.match_indices("<script") {
        let tag = lower[at..].split('>').next().unwrap_or_default();
        if !tag.contains(" src=") {
            problems.push("index.html holds an inline script".to_owned());
        }
    }
    let forbidden = [
        ("<style", "an inline style sheet"),
        (" style=", "a style attribute"),
        (" onclick=", "an inline handler"),
    ];
    problems.extend(
        forbidden
            .iter()
            .filter(|(text, _)| lower.contains(text))
            .map(|(_, what)| format!("index.html holds {what}")),
    );
    for scheme in ["=\"http", "=http", "=\"//", "=//"] {
        if lower.contains(scheme) {
            problems.push(format!("index.html names another origin ({scheme})"));
        }
    }
    if !lower.contains("content-security-policy") {
        problems.push("index.html has no Content Security Policy".to_owned());
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::inline_or_foreign;

    const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">";

    #[test]
    fn a_page_of_its_own_files_passes() {
        let html = format!(
            "{POLICY}<script type=module src=\"./boot.js\"></script><link rel=stylesheet href=./app.css>"
        );
        assert_eq!(inline_or_foreign(&html), Vec::<String>::new());
    }

    #[test]
    fn each_thing_that_the_policy_refuses_is_named() {
        for bad in [
            "<script>1</script>",
            "<style>p{}</style>",
            "<p style=\"color:red\">",
            "<img src=\"https://a.example/b\">",
        ] {
            assert_eq!(inline_or_foreign(&format!("{POLICY}{bad}")).len(), 1, "{bad}");
        }
        assert_eq!(inline_or_foreign("<p>no policy</p>").len(), 1);
    }
}
