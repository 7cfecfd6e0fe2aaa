//! The collision microscope as the page shows it, without a browser: verdicts, prices, and who lost to whom.
#![cfg(not(target_arch = "wasm32"))]

use faultline::app::microscope::{Dial, Look};
use faultline::app::{App, Msg};
use faultline::model::Rule;
use faultline::scene::Motion;
use faultline::scene::panels::microscope::{Microscope, Verdict};
use faultline::scene::panels::{Headline, Tone};

fn open(query: &str) -> App {
    App::new(&format!("#/?paused=1&slowmo=0&seed=1&collide=1&{query}"), None)
}

fn seen(app: &App) -> Microscope {
    app.panels().microscope.expect("it is open")
}

fn verdict(seen: &Microscope, rule: Rule) -> Verdict {
    seen.rules.iter().find(|row| row.slug == rule.slug()).expect("every rule").clone()
}

fn answer(seen: &Microscope, what: &str) -> Option<(String, Tone)> {
    seen.answers.iter().find(|(known, ..)| known == what).map(|(_, how, tone)| (how.clone(), *tone))
}

#[test]
fn one_seat_is_never_merged_with_success() {
    let mut app = open("");
    let at_first = seen(&app);
    for (rule, words) in
        [(Rule::Merge, "two owners of one seat"), (Rule::Siblings, "two owners until somebody chooses")]
    {
        let row = verdict(&at_first, rule);
        assert_eq!((row.words.as_str(), row.tone), (words, Tone::Warning), "{rule:?}");
        app.update(Msg::Looked(Look::Under(rule)));
        let seen = seen(&app);
        for person in ["Ana", "Ben"] {
            let (told, _) = answer(&seen, &format!("{person} was told")).expect("an answer");
            assert!(told.contains("the seat is yours"), "{rule:?}: {person} was told {told}");
        }
        let warns = |what: &str| answer(&seen, what).expect("an answer").1 == Tone::Warning;
        assert!(warns("Both regions now say") && warns("Who owns the seat"), "{:?}", seen.answers);
        assert_eq!(answer(&seen, "Both regions now say").expect("an answer").0, "Ana and Ben");
        assert!(seen.answers.iter().all(|(.., tone)| *tone != Tone::Good), "no success: {:?}", seen.answers);
        assert!(seen.spoken.contains("Who owns the seat: both"), "{}", seen.spoken);
    }
    // Who has seen the other's write is no second owner.
    app.update(Msg::Looked(Look::Set(Dial::Delay, 0.0)));
    app.update(Msg::Looked(Look::Set(Dial::Gap, 1000.0)));
    let seen = seen(&app);
    for rule in [Rule::Merge, Rule::Siblings] {
        let row = verdict(&seen, rule);
        assert!(row.words.contains("saw Ana's write") && row.tone == Tone::Plain, "{rule:?}: {}", row.words);
    }
    assert_eq!(answer(&seen, "Who owns the seat"), None);
}

#[test]
fn a_refusal_is_not_green() {
    let mut app = open("");
    let mut refusals = 0;
    for rule in [Rule::Conditional, Rule::Quorum, Rule::LastWriterWins] {
        app.update(Msg::Looked(Look::Under(rule)));
        let seen = seen(&app);
        let row = verdict(&seen, rule);
        let refused = row.words.contains("refused");
        refusals += usize::from(refused);
        let green = seen.answers.iter().map(|(.., tone)| *tone).chain([row.tone]).any(|it| it == Tone::Good);
        assert!(!refused || !green, "{rule:?}: {}, {:?}", row.words, seen.answers);
    }
    assert_eq!(refusals, 2, "both refuse the second");
}

#[test]
fn loser_and_winner_are_named() {
    let mut app = open("");
    for rule in [Rule::LastWriterWins, Rule::ConditionalLocal] {
        app.update(Msg::Looked(Look::Under(rule)));
        let seen = seen(&app);
        assert_eq!(verdict(&seen, rule).words, "Ana's write lost to Ben's, silently", "{rule:?}");
        let (lost, tone) = answer(&seen, "Lost without a word").expect("an answer");
        assert_eq!((lost.as_str(), tone), ("Ana's write, to Ben's", Tone::Bad), "{rule:?}");
    }
    app.update(Msg::Looked(Look::Set(Dial::Skew, -500.0)));
    let (lost, _) = answer(&seen(&app), "Lost without a word").expect("an answer");
    assert_eq!(lost, "Ben's write, to Ana's, though it was later: the clocks differ");
    let first = verdict(&seen(&app), Rule::FirstRegionWins);
    assert_eq!(first.words, "Ben's write lost to Ana's, silently");
}

#[test]
fn the_graveyard_and_the_ledger_name_the_winner_of_each_lost_write() {
    let mut app = open("scenario=write-local&at=300");
    let graves = seen(&app).graveyard;
    assert!(!graves.is_empty(), "nothing was lost in 300 s");
    app.update(Msg::Looked(Look::Toggled));
    app.update(Msg::WritesOpened(true));
    app.update(Msg::FateChosen(Some(faultline::observer::ledger::Fate::Lost)));
    let lines = app.panels().writes.expect("the ledger is open").lines;
    for (grave, line) in graves.iter().zip(&lines) {
        // "write 812 by London to key 3 at 0:12:39.4, lost to write 815 by New York".
        let (loser, winner) = grave.split_once(", lost to ").expect(grave);
        let (whose, _) = loser.split_once(" to key ").expect(grave);
        assert!(line.name.to_lowercase().starts_with(&whose.to_lowercase()), "{grave}: {}", line.name);
        assert!(line.fate.starts_with(&format!("Lost to {winner} in ")), "{grave}: {}", line.fate);
        assert!(winner.starts_with("write ") && winner.contains(" by "), "{grave}");
    }
}

/// The numbers in a text that stand before "ms", and those in brackets with a plus.
fn numbers(text: &str) -> (Vec<f64>, Vec<f64>) {
    let words: Vec<&str> = text.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
    let pairs = words.windows(2).filter(|pair| pair[1] == "ms");
    let times = pairs.map(|pair| pair[0].parse().expect(text)).collect();
    let plus =
        words.iter().filter_map(|word| word.strip_prefix("(+")?.strip_suffix(')')?.parse().ok()).collect();
    (times, plus)
}

#[test]
fn every_rule_bears_its_price_and_the_base_is_named() {
    let mut app = open("");
    for second in [2.0, 4.0] {
        app.update(Msg::Looked(Look::Set(Dial::Distance, second)));
        let seen = seen(&app);
        let microscope = app.microscope().expect("it is open");
        let base = microscope.prices(Rule::LastWriterWins).map(|price| price.expect("a yes").first_ms);
        for rule in Rule::ALL {
            let row = verdict(&seen, rule);
            let found = microscope.prices(rule).map(|price| price.expect("a yes"));
            let (times, plus) = numbers(&row.price);
            let near = |a: f64, b: f64| (a - b).abs() <= 0.5;
            assert!(near(times[0], found[0].first_ms) && near(times[1], found[1].first_ms), "{}", row.price);
            for code in &microscope.duel.regions {
                assert!(row.price.contains(code.as_str()), "{rule:?}: {}", row.price);
            }
            if rule == Rule::LastWriterWins {
                assert!(plus.is_empty(), "it is the base: {}", row.price);
            } else {
                let more = [0, 1].map(|at| found[at].first_ms - base[at]);
                assert!(near(plus[0], more[0]) && near(plus[1], more[1]), "{rule:?}: {}", row.price);
            }
            assert_eq!(row.price.contains("who wrote last"), rule == Rule::Quorum, "{}", row.price);
        }
        assert!(seen.price_note.contains("Last writer wins"), "{}", seen.price_note);
        app.update(Msg::Looked(Look::Under(Rule::Quorum)));
        let spoken = self::seen(&app).spoken;
        assert!(spoken.contains(&verdict(&seen, Rule::Quorum).price), "{spoken}");
    }
}

#[test]
fn the_formula_predicts_pairs_and_the_panel_says_how_far_it_is_off() {
    let app = open("");
    let rates = seen(&app).rates;
    let number = |line: &str| {
        let found = rates.iter().find(|(what, _)| what.starts_with(line)).expect(line);
        found.1.split(' ').next().and_then(|word| word.parse::<f64>().ok()).expect(line)
    };
    let (formula, pairs, writes) =
        (number("Pairs by the formula"), number("Pairs counted"), number("Writes that collided"));
    assert!((pairs - formula).abs() < 0.1 * formula, "{rates:?}");
    assert!(writes < pairs, "each once: {rates:?}");
    let found = &app.microscope().expect("it is open").rates;
    assert_eq!(format!("{pairs:.2}"), format!("{:.2}", found.pairs_per_s()));
    assert!(
        rates.iter().any(|(_, rate)| rate.contains(&format!("± {:.2}", found.margin_per_s))),
        "{rates:?}"
    );
}

#[test]
fn a_collision_of_the_run_is_looked_at_with_its_own_regions() {
    let mut app = open("scenario=write-local&at=300&database.delay_s=0.3");
    let pick = seen(&app).picks.first().expect("a collision").1.clone();
    let before = app.microscope().expect("it is open").rates;
    app.update(pick);
    let open = app.microscope().expect("it is open");
    assert_ne!(open.rates, before, "how often is counted for these regions and this delay");
    assert_eq!(open.rates, open.often.rates(&open.duel));
    assert_eq!(open.prices(Rule::Conditional), open.duel.prices(Rule::Conditional));
}

/// Everything that the page says and shows of a seat until it stops: headlines, and whether the seat is ringed and its writes
/// stand out, each once.
fn taken(query: &str) -> (App, Vec<Headline>) {
    let mut app = open(query);
    app.update(Msg::Looked(Look::SeatTaken));
    assert!(app.playback().playing() && app.microscope().is_none(), "the run is in sight, and goes on");
    let (mut said, mut large, mut motion): (Vec<Headline>, usize, Motion) =
        (Vec::new(), 0, Motion::default());
    for _ in 0..4000 {
        app.frame(16.0);
        let headline = app.panels().headline;
        if said.last() != Some(&headline) {
            said.push(headline);
        }
        app.motion_into(&mut motion);
        assert!(motion.grids.iter().all(|grid| grid.seat == Some(95)), "the seat is ringed in every copy");
        large = large.max(motion.flights.iter().filter(|flight| flight.seat).count());
        if !app.playback().playing() {
            break;
        }
    }
    assert!(!app.playback().playing(), "it stops at the end: {said:?}");
    assert!((1..=6).contains(&large), "{large} messages stand out");
    (app, said)
}

#[test]
fn two_people_take_a_seat_and_the_page_follows_them_to_the_end() {
    let last_writer = "Los Angeles was told yes by us-east-1, and has it. London was told yes by eu-west-1, and lost it without a word.";
    for (query, title, body, tone) in [
        ("rule=last-writer-wins", "Now: Los Angeles has the seat, key 95", last_writer, Tone::Bad),
        (
            "rule=siblings",
            "Now: Los Angeles and London both have the seat, key 95",
            "until somebody chooses",
            Tone::Warning,
        ),
        (
            "rule=merge",
            "Now: Los Angeles and London both have the seat, key 95",
            "beside the other",
            Tone::Warning,
        ),
        ("rule=conditional", "has the seat, key 95", "was told that somebody was first.", Tone::Good),
        (
            "scenario=write-local-quorum",
            "has the seat, key 95",
            "was told that somebody was first.",
            Tone::Good,
        ),
        // One writer puts them in order.
        (
            "scenario=warm-standby",
            "Now: London has the seat, key 95",
            "somebody who had seen it wrote over it",
            Tone::Good,
        ),
    ] {
        let own = "scenario=multi-site&engine=self-managed&pattern=write-local&";
        let scenario = if query.contains("scenario") { "" } else { own };
        let (app, said) = taken(&format!("{scenario}{query}&at=45"));
        let (first, last) = (&said[0], &said[said.len() - 1]);
        assert_eq!(first.title, "Now: two people take the seat, key 95", "{query}");
        assert!(first.body.contains(" asks for it."), "{query}: {}", first.body);
        assert!(
            said.iter().any(|it| it.body.contains(" was told ") && it.title == first.title),
            "{query}: {said:?}"
        );
        assert!(last.title.ends_with(title) && last.body.contains(body), "{query}: {last:?}");
        assert_eq!(last.tone, tone, "{query}: {last:?}");
        // What it says is what the regions show.
        let (run, has) = (app.history().shown(), last.title.trim_start_matches("Now: "));
        let databases = &run.world().system.databases;
        let shown = databases.iter().map(|database| database.versions[95].write).collect::<Vec<_>>();
        let taking = app.taking().expect("it is followed");
        let writer =
            taking.takers.iter().find(|it| has.starts_with(run.plan().city(it.person))).expect("an owner");
        if last.title.contains(" has ") {
            assert!(shown.contains(&writer.write), "{query}: {shown:?}, {last:?}");
        }
    }
}
