//! The style sheets, one for each panel, as one file: a visit asks for a single sheet.
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::shell::{Outcome, Project};

/// Where the sheets are, and the one that names the others in their order.
const FOLDER: &str = "assets/styles";
const FIRST: &str = "app.css";
/// What index.html names.
const WHOLE: &str = "target/styles/app.css";

/// Puts the sheets together. A file that is as it should be is left alone, so that nobody who watches it starts again.
pub(crate) fn build(project: &Project) -> Outcome {
    let whole = joined(&project.root.join(FOLDER))?;
    let file = project.root.join(WHOLE);
    if fs::read_to_string(&file).is_ok_and(|old| old == whole) {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(&project.root);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&file, whole))
        .map_err(|error| format!("{WHOLE}: {error}"))
}

/// The first sheet, with the others in place of the lines that import them. Each sheet must be imported, once.
fn joined(folder: &Path) -> Result<String, String> {
    let read = |name: &str| {
        fs::read_to_string(folder.join(name)).map_err(|error| format!("{FOLDER}/{name}: {error}"))
    };
    let files = fs::read_dir(folder).map_err(|error| format!("{FOLDER}: {error}"))?;
    let mut left: BTreeSet<String> = files
        .filter_map(|file| file.ok()?.file_name().into_string().ok())
        .filter(|name| name != FIRST)
        .collect();
    let mut whole = String::new();
    for line in read(FIRST)?.lines() {
        let name = line.strip_prefix("@import \"").and_then(|rest| rest.strip_suffix("\";"));
        match name {
            Some(name) if left.remove(name) => whole += &read(name)?,
            Some(name) => {
                return Err(format!(
                    "{FOLDER}/{FIRST} imports {name}, which is not there or was imported before"
                ));
            }
            None => whole += line,
        }
        whole.push('\n');
    }
    match left.first() {
        Some(name) => Err(format!("{FOLDER}/{FIRST} does not import {name}")),
        None => Ok(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_stand_in_the_order_of_their_imports_and_none_is_forgotten() {
        let folder = std::env::temp_dir().join(format!("faultline-styles-{}", std::process::id()));
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file");
        fs::create_dir_all(&folder).expect("a folder");
        write("a.css", "a {}\n");
        write("b.css", "b {}\n");
        write(FIRST, "@layer x;\n@import \"b.css\";\n@import \"a.css\";\n");
        assert_eq!(joined(&folder), Ok("@layer x;\nb {}\n\na {}\n\n".into()));
        for (text, word) in
            [("@import \"a.css\";", "b.css"), ("@import \"a.css\";\n@import \"a.css\";", "before")]
        {
            write(FIRST, text);
            assert!(joined(&folder).is_err_and(|problem| problem.contains(word)), "{text}");
        }
        fs::remove_dir_all(&folder).expect("it was there");
    }
}
