//! The scenarios that come with the program.

use crate::model::scenario::Scenario;

/// The files, by name.
const FILES: &[(&str, &str)] = &[
    ("backup-restore", include_str!("../../../scenarios/backup-restore.json")),
    ("pilot-light", include_str!("../../../scenarios/pilot-light.json")),
    ("warm-standby", include_str!("../../../scenarios/warm-standby.json")),
    ("multi-site", include_str!("../../../scenarios/multi-site.json")),
    ("write-global", include_str!("../../../scenarios/write-global.json")),
    ("write-partitioned", include_str!("../../../scenarios/write-partitioned.json")),
    ("write-local", include_str!("../../../scenarios/write-local.json")),
    ("write-local-quorum", include_str!("../../../scenarios/write-local-quorum.json")),
    ("six-regions", include_str!("../../../scenarios/six-regions.json")),
];

/// The built-in scenario with this name.
pub fn builtin(name: &str) -> Option<Scenario> {
    let (_, text) = FILES.iter().find(|(known, _)| *known == name)?;
    // A test reads every file and finds it valid.
    Scenario::read(text).ok()
}

/// The name and the title of every built-in scenario.
pub fn builtins() -> Vec<(&'static str, String)> {
    let titled = |&(name, _): &(&'static str, &str)| builtin(name).map(|scenario| (name, scenario.title));
    FILES.iter().filter_map(titled).collect()
}
