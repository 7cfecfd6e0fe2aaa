//! What became of acknowledged writes that are missing, in words: "lost" is said only of what no copy has.

use super::number;
use crate::observer::loss::Loss;
use crate::system::write_state::WriteState;

/// "are out of reach": what became of writes, of one or of several.
pub fn became(state: WriteState, several: bool) -> String {
    let (is, was) = if several { ("are", "were") } else { ("is", "was") };
    match state {
        WriteState::Present => format!("{is} there"),
        WriteState::Queued => format!("{is} in a queue"),
        WriteState::InCollision => format!("{was} lost in a collision"),
        WriteState::SetAside => format!("{is} set aside"),
        WriteState::Undone => format!("{was} undone"),
        WriteState::OutOfReach => format!("{is} out of reach"),
        WriteState::Lost => format!("{is} lost"),
    }
}

fn parts(loss: &Loss) -> Vec<(u64, WriteState)> {
    let all = [
        (loss.lost, WriteState::Lost),
        (loss.undone, WriteState::Undone),
        (loss.set_aside, WriteState::SetAside),
        (loss.out_of_reach, WriteState::OutOfReach),
    ];
    all.into_iter().filter(|(count, _)| *count > 0).collect()
}

/// "12 acknowledged writes are out of reach and 3 are set aside."; nothing if nothing is missing.
pub fn sentence(loss: &Loss) -> Option<String> {
    let parts = parts(loss);
    let mut told: Vec<String> = Vec::new();
    for (count, state) in &parts {
        let what = match told.is_empty() {
            true => number::counted(*count, "acknowledged write"),
            false => number::count(*count),
        };
        told.push(format!("{what} {}", became(*state, *count != 1)));
    }
    let last = told.pop()?;
    Some(if told.is_empty() { format!("{last}.") } else { format!("{} and {last}.", told.join(", ")) })
}

/// "12 out of reach, 3 set aside"; nothing if nothing is missing.
pub fn short(loss: &Loss) -> Option<String> {
    let word = |state: WriteState| match state {
        WriteState::SetAside => "set aside",
        WriteState::Undone => "undone",
        WriteState::OutOfReach => "out of reach",
        WriteState::Lost => "lost",
        WriteState::Present | WriteState::Queued | WriteState::InCollision => "there",
    };
    let told: Vec<String> = parts(loss)
        .into_iter()
        .map(|(count, state)| format!("{} {}", number::count(count), word(state)))
        .collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// What is said of it if nothing is missing: "no write missing", or "under 20 writes missing" if one that was counted stands
/// for so many and a loss is possible.
pub fn none(step: u64, possible: bool) -> String {
    match number::stepped(0, step, possible).as_str() {
        "0" => "no write missing".into(),
        few => format!("{few} writes missing"),
    }
}

/// What a recovery point was at the end of the outages and what it is by now, in seconds, if that is told in other words: "1 min
/// 20 s at recovery, 0 now". `None` by now: nothing is left to go back to.
pub fn then_and_now(then_s: f64, now_s: Option<f64>) -> Option<String> {
    let words = |secs: f64| if secs == 0.0 { "0".into() } else { number::span(secs) };
    let (then, now) = (words(then_s), now_s.map_or_else(|| "none".into(), words));
    (then != now).then(|| format!("{then} at recovery, {now} now"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_point_that_has_changed_says_both() {
        assert_eq!(then_and_now(80.0, Some(0.0)).as_deref(), Some("1 min 20 s at recovery, 0 now"));
        assert_eq!(then_and_now(0.0, Some(4.2)).as_deref(), Some("0 at recovery, 4.2 s now"));
        assert_eq!(then_and_now(4.2, None).as_deref(), Some("4.2 s at recovery, none now"));
        assert_eq!(then_and_now(80.2, Some(80.3)), None, "nobody could tell them apart");
    }
}
