//! Words for who still holds an answer that the name servers would not give now.

use super::number;
use crate::kernel::clock::SimTime;
use crate::system::old_answers::OldAnswers;

/// "3 resolvers and 24 clients hold an old answer, the last until 0:17:03"; nothing if nobody does.
pub fn line(found: &OldAnswers) -> Option<String> {
    let counts =
        [(found.resolvers, "resolver"), (found.clients, "client"), (found.connections, "open connection")];
    let some = counts.iter().filter(|(count, _)| *count > 0);
    let named: Vec<String> = some.map(|(count, name)| number::counted(*count as u64, name)).collect();
    let verb = if found.resolvers + found.clients + found.connections == 1 { "holds" } else { "hold" };
    let all = number::list(&named.iter().map(String::as_str).collect::<Vec<_>>());
    (!named.is_empty()).then(|| format!("{all} {verb} an old answer, the last until {}", end(found.until)))
}

/// When it is forgotten: "0:17:03", "it is restarted".
fn end(until: SimTime) -> String {
    if until == SimTime::NEVER { "it is restarted".into() } else { number::clock(until.secs()) }
}

/// Who keeps one beside the resolvers: "24 clients keep an old address, the last until it is restarted."
pub fn keepers(found: &OldAnswers) -> Option<String> {
    let verb = if found.clients == 1 { "keeps" } else { "keep" };
    let named = number::counted(found.clients as u64, "client");
    (found.clients > 0)
        .then(|| format!("{named} {verb} an old address, the last until {}.", end(found.until)))
}
