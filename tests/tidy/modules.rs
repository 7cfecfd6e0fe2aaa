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
        assert!(!modules.is_empty(), "{path} declares {modules:?}");
        Self { modules, handed_on }
    }

    /// Where a module stands; a name that the parent hands on stands where its module does.
    fn place(&self, name: &str) -> Option<usize> {
        let module = self.handed_on.get(name).map_or(name, String::as_str);
        self.modules.iter().position(|other| other == module)
    }
}

/// Modules that are declared in one file: where, in which folder they lie, and the path to them inside their crate.
struct Family {
    declared_in: &'static str,
    folder: &'static str,
    path: &'static [&'static str],
}

const FAMILIES: [Family; 9] = [
    Family { declared_in: "core/src/lib.rs", folder: "core/src/", path: &[] },
    Family { declared_in: "model/src/lib.rs", folder: "model/src/", path: &[] },
    Family { declared_in: "model/src/kernel.rs", folder: "model/src/kernel/", path: &["kernel"] },
    Family { declared_in: "model/src/model.rs", folder: "model/src/model/", path: &["model"] },
    Family { declared_in: "core/src/system.rs", folder: "core/src/system/", path: &["system"] },
    Family { declared_in: "core/src/operations.rs", folder: "core/src/operations/", path: &["operations"] },
    Family { declared_in: "core/src/observer.rs", folder: "core/src/observer/", path: &["observer"] },
    Family { declared_in: "core/src/run.rs", folder: "core/src/run/", path: &["run"] },
    Family { declared_in: "src/lib.rs", folder: "src/", path: &[] },
];

/// Every use of a module that is declared below the one that uses it.
pub(crate) fn out_of_order(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for family in &FAMILIES {
        let order = Order::read(sources, family.declared_in);
        for source in sources {
            let Some(own) = module_under(family.folder, &source.path).and_then(|name| order.place(name))
            else {
                continue;
            };
            for (number, path) in paths(source) {
                let names = absolute(&source.path, &path);
                let inside = names.iter().zip(family.path).all(|(name, parent)| name == parent);
                let used = names.get(family.path.len()).filter(|_| inside);
                if let Some(used) = used.filter(|name| order.place(name).is_some_and(|place| place > own)) {
                    findings.push(format!("{}:{number}: {used} is declared below", source.path));
                }
            }
        }
    }
    findings
}

/// Rooms of the core, and those that they may not name: machines live without anyone who runs or watches them, and
/// whoever runs them knows nothing of the books, nor the books of them.
const APART: [(&str, &str); 5] = [
    ("system", "operations"),
    ("system", "observer"),
    ("system", "run"),
    ("operations", "observer"),
    ("observer", "operations"),
];

/// Every use of a room by one that has to do without it.
pub(crate) fn through_walls(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources {
        let Some(own) = module_under("core/src/", &source.path) else { continue };
        for (number, path) in paths(source) {
            let names = absolute(&source.path, &path);
            let apart =
                |(room, other): &&(&str, &str)| *room == own && names.first().is_some_and(|n| n == other);
            if let Some((_, other)) = APART.iter().find(apart) {
                findings.push(format!("{}:{number}: {other} is another room", source.path));
            }
        }
    }
    findings
}

/// Every place where operations change a machine by themselves and not through a call to it.
pub(crate) fn hands_on_machines(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.path.starts_with("core/src/operations")) {
        for (number, line) in source.lines(Blank::CommentsAndStrings) {
            let place = line.trim_start().strip_prefix("system.").and_then(|rest| rest.split_once(" = "));
            if place.is_some_and(|(place, _)| !place.contains('(')) || line.contains("&mut system.") {
                findings.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    findings
}

/// Every place of the core, outside of the kernel and of its tests, that takes a region by its number: only the blueprint
/// may say that the first is the primary.
pub(crate) fn numbered_regions(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    let inside = |source: &&Source| {
        source.is_in(&["core/src/", "model/src/"]) && !source.is_in(&["model/src/kernel/"])
    };
    for source in sources.iter().filter(inside) {
        let code = source.lines(Blank::CommentsAndStrings);
        let before_tests = code.into_iter().take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
        for (number, line) in before_tests {
            let mut inside = line.split("RegionId(").skip(1);
            let literal = inside.any(|inside| inside.starts_with(|c: char| c.is_ascii_digit()));
            let first = line.contains("RegionId::FIRST") && source.path != "model/src/model/blueprint.rs";
            if literal || first {
                findings.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    findings
}

/// `world` of "core/src/run/world.rs" and of "core/src/run/world/serving.rs" under "core/src/run/".
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
    let inside = file.split_once("src/").map_or(file, |(_, inside)| inside);
    let mut place: Vec<String> = inside.trim_end_matches(".rs").split('/').map(String::from).collect();
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
    assert_eq!(absolute("core/src/run/world/serving.rs", "super::super::report::R"), ["run", "report", "R"]);
    assert_eq!(absolute("src/run/world.rs", "super::report"), ["run", "report"]);
    assert_eq!(absolute("src/run.rs", "crate::kernel"), ["kernel"]);
}
