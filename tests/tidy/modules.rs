//! The order of modules, read from where they are declared, and who uses whom.

use std::collections::BTreeMap;

use crate::source::{Blank, Source, blanked};

/// Modules of one parent in the order of their declaration, and what the parent hands on of each.
struct Order {
    modules: Vec<String>,
    /// Names that the parent re-exports, with the module that each comes from.
    handed_on: BTreeMap<String, String>,
}

impl Order {
    fn read(sources: &[Source], path: &str) -> Self {
        let source = sources.iter().find(|source| source.path == path);
        let text =
            blanked(&source.unwrap_or_else(|| panic!("{path} is missing")).text, Blank::CommentsAndStrings);
        let (mut modules, mut handed_on) = (Vec::new(), BTreeMap::new());
        for statement in text.split(';') {
            // Attributes stand before what they belong to, on lines of their own.
            let lines =
                statement.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            let statement = lines.collect::<Vec<_>>().join(" ");
            let words = statement.strip_prefix("pub ").unwrap_or(&statement);
            if let Some(name) = words.strip_prefix("mod ") {
                modules.push(name.trim().to_string());
            } else if let Some((module, names)) =
                words.strip_prefix("use ").and_then(|use_| use_.split_once("::"))
            {
                for name in names.trim_matches(['{', '}']).split(',') {
                    handed_on.insert(name.trim().to_string(), module.to_string());
                }
            }
        }
        assert!(modules.len() > 2, "{path} declares {modules:?}");
        Self { modules, handed_on }
    }

    /// Where a module stands; a name that the parent hands on stands where its module does.
    fn place(&self, name: &str) -> Option<usize> {
        let module = self.handed_on.get(name).map_or(name, String::as_str);
        self.modules.iter().position(|other| other == module)
    }
}

/// Every use of a module that is declared below the one that uses it, or beside it as its own parent.
pub(crate) fn out_of_order(sources: &[Source]) -> Vec<String> {
    let (top, sim) = (Order::read(sources, "src/lib.rs"), Order::read(sources, "src/sim.rs"));
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.path.starts_with("src/")) {
        let Some(outer) = module_under("src/", &source.path).and_then(|name| top.place(name)) else {
            continue;
        };
        let inner = module_under("src/sim/", &source.path).and_then(|name| sim.place(name));
        for (number, path) in paths(source) {
            let absolute = absolute(&source.path, &path);
            let mut names = absolute.iter().map(String::as_str);
            let (Some(first), second) = (names.next(), names.next()) else { continue };
            if top.place(first).is_some_and(|place| place > outer) {
                findings.push(format!("{}:{number}: {first} is declared below", source.path));
            } else if let (Some(inner), "sim", Some(second)) = (inner, first, second)
                && sim.place(second).is_some_and(|place| place > inner)
            {
                findings.push(format!("{}:{number}: sim::{second} is declared below", source.path));
            }
        }
    }
    findings
}

/// `queue` of "src/sim/queue.rs" and of "src/sim/queue/days.rs" under "src/sim/".
fn module_under<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(folder)?;
    rest.split('/').next().map(|name| name.trim_end_matches(".rs"))
}

/// Every path that begins with `crate::` or `super::`, with its line: groups in braces are taken apart.
fn paths(source: &Source) -> Vec<(usize, String)> {
    let code = blanked(&source.text, Blank::CommentsAndStrings);
    let mut found = Vec::new();
    for root in ["crate::", "super::"] {
        for (at, _) in code.match_indices(root) {
            let joined = code[..at].ends_with(|c: char| c == ':' || c.is_alphanumeric() || c == '_');
            if !joined {
                let line = code[..at].matches('\n').count() + 1;
                let tail = &code[at + root.len()..];
                found.extend(branches(tail).into_iter().map(|path| (line, format!("{root}{path}"))));
            }
        }
    }
    found
}

/// The paths that a tail such as `a::{b, c::d}` stands for.
fn branches(tail: &str) -> Vec<String> {
    let end = tail.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(tail.len());
    let (stem, rest) = tail.split_at(end);
    if !rest.starts_with('{') || !(stem.is_empty() || stem.ends_with("::")) {
        return vec![stem.trim_end_matches(':').to_string()];
    }
    let (mut depth, mut parts, mut part) = (0, Vec::new(), String::new());
    for c in rest.chars() {
        match c {
            '{' if depth == 0 => depth = 1,
            '}' if depth == 1 => break,
            ',' if depth == 1 => parts.push(std::mem::take(&mut part)),
            _ => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                part.push(c);
            }
        }
    }
    parts.push(part);
    let whole = |part: &String| {
        branches(part.trim()).into_iter().map(|end| format!("{stem}{end}")).collect::<Vec<_>>()
    };
    parts.iter().filter(|part| !part.trim().is_empty()).flat_map(whole).collect()
}

/// The names of a path from the top of the crate. `super` in a test module inside a file means the file itself; it
/// is read as the folder all the same, which finds no module of that name.
fn absolute(file: &str, path: &str) -> Vec<String> {
    let mut place: Vec<String> =
        file.trim_start_matches("src/").trim_end_matches(".rs").split('/').map(String::from).collect();
    let mut names = path.split("::").peekable();
    if names.peek() == Some(&"crate") {
        names.next();
        place.clear();
    }
    while names.peek() == Some(&"super") {
        names.next();
        place.pop();
    }
    place.extend(names.map(String::from));
    place
}

#[test]
fn paths_are_taken_apart() {
    assert_eq!(branches("a::{b, c::{d, e}}; f"), ["a::b", "a::c::d", "a::c::e"]);
    assert_eq!(branches("a::B<'_>"), ["a::B"]);
    assert_eq!(absolute("src/sim/world/serving.rs", "super::super::queue::Q"), ["sim", "queue", "Q"]);
    assert_eq!(absolute("src/sim/world.rs", "super::queue"), ["sim", "queue"]);
    assert_eq!(absolute("src/sim.rs", "crate::time"), ["time"]);
}
