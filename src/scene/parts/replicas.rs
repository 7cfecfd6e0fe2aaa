//! Words for how many copies answer a read or have a write.

use crate::model::scenario::Scenario;

/// What clients wait for: "A write waits for 2 of 3 copies, a read for 2."; nothing if the copy that is asked answers alone.
pub(in crate::scene) fn waits_for(scenario: &Scenario) -> String {
    let (database, of) = (&scenario.database, scenario.regions.len());
    let (read, written) = (database.replicas_read, database.replicas_written);
    let mut words = String::new();
    if read > 1 || written > 1 {
        words = format!(" A write waits for {written} of {of} copies, a read for {read}.");
    }
    if database.read_repair {
        words += " A copy that shows something old to a reader is sent what it lacks.";
    }
    words
}

/// What a design gives up while regions do not hear each other, if more copies than one answer.
pub(in crate::scene) fn gives_up(scenario: &Scenario, cut: bool) -> Option<String> {
    let of = scenario.regions.len() as u32;
    let (read, written) = (scenario.database.replicas_read, scenario.database.replicas_written);
    let who = |copies: u32| format!("who reaches fewer than {copies} of {of} copies");
    let fails = match (read, written) {
        (1, 1) => return None,
        (1, _) => format!("{} cannot write, and everybody reads", who(written)),
        (_, 1) => format!("{} cannot read, and everybody writes", who(read)),
        _ if read == written => format!("{} can neither read nor write", who(read)),
        _ => format!("{} cannot read, and with fewer than {written} nobody writes", who(read)),
    };
    let finds = if read + written > of {
        "whoever reads finds every write that was confirmed"
    } else {
        "who reads can still miss a write that was confirmed"
    };
    let mut words = format!(
        "{}{fails}; {finds}: consistency before availability.",
        if cut { "" } else { "if a link were cut: " }
    );
    words[..1].make_ascii_uppercase();
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::{gives_up, waits_for};
    use crate::model::scenario::Scenario;
    use crate::model::{Engine, Region, Strategy};

    fn asking(read: u32, written: u32) -> Scenario {
        let mut scenario = Scenario::design(Strategy::MultiSite, Engine::SelfManaged);
        scenario.regions.push(Region::named("us-west-2", 2));
        (scenario.database.replicas_read, scenario.database.replicas_written) = (read, written);
        scenario
    }

    #[test]
    fn who_is_refused_and_what_a_reader_may_miss_follow_from_the_numbers() {
        assert_eq!((waits_for(&asking(1, 1)), gives_up(&asking(1, 1), true)), (String::new(), None));
        assert_eq!(waits_for(&asking(1, 2)), " A write waits for 2 of 3 copies, a read for 1.");
        for (read, written, refused, finds) in [
            (2, 2, "can neither read nor write", true),
            (1, 3, "fewer than 3 of 3 copies cannot write, and everybody reads", true),
            (2, 1, "fewer than 2 of 3 copies cannot read, and everybody writes", false),
            (2, 3, "fewer than 2 of 3 copies cannot read, and with fewer than 3 nobody writes", true),
        ] {
            let words = gives_up(&asking(read, written), true).expect("words");
            assert!(words.starts_with("Who reaches") && words.contains(refused), "{words}");
            assert_eq!(words.contains("finds every write"), finds, "R={read}, W={written}: {words}");
        }
        assert!(
            gives_up(&asking(2, 2), false).is_some_and(|words| words.starts_with("If a link were cut: who"))
        );
    }
}
