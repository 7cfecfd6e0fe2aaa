//! Tables of what does not hold yet: exactly what stands in one fails, so that whatever begins to hold is taken off.

/// Something that is known not to hold.
pub(crate) struct Known {
    /// What.
    pub(crate) name: &'static str,
    /// The issue that mends it.
    pub(crate) issue: &'static str,
}

/// Fails unless exactly the known ones are wrong; says for each what is wrong with it.
pub(crate) fn exactly(known: &[Known], found: &[(&str, Vec<String>)]) {
    let mut surprises = Vec::new();
    for (name, wrong) in found {
        match (known.iter().find(|known| known.name == *name), wrong.is_empty()) {
            (None, false) => surprises.push(format!("{name} is wrong: {}", wrong.join("; "))),
            (Some(known), true) => {
                surprises.push(format!(
                    "{name} holds now: take it off the table (it stood there for {})",
                    known.issue
                ));
            }
            (Some(known), false) => {
                println!("{name} is known to be wrong ({}): {}", known.issue, wrong.join("; "));
            }
            (None, true) => {}
        }
    }
    let strangers = known.iter().filter(|known| found.iter().all(|(name, _)| *name != known.name));
    surprises.extend(strangers.map(|known| format!("nothing is called {}", known.name)));
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}
