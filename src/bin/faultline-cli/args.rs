//! Words of the command line to what is asked, by hand: there are five commands and eight options.

use faultline::kernel::clock::SimTime;
use faultline::model::{Order, STORMS, Storm};

/// How the command is used, in a few lines.
pub(crate) const USAGE: &str = "\
Usage:
  faultline-cli run <built-in or file> [--seed N] [--until TIME] [--at TIME ORDER]... [--json] [--journal FILE]
    [--history FILE]
  faultline-cli compare <built-in or file>... [--storm NAME | --at TIME ORDER...] [--seed N] [--until TIME] [--grain N] [--json]
  faultline-cli validate <file>
  faultline-cli runbook list [<built-in or file>]
  faultline-cli runbook show NAME [<built-in or file>]
  faultline-cli list
  faultline-cli --help | --version";

/// The rest of the help.
pub(crate) const DETAILS: &str = "\
Commands:
  run         simulate a scenario and report what happened
  compare     run several on the same seed, with the same orders, and print them beside each other
  validate    check a scenario file and name every problem
  runbook     list the runbooks of a scenario (warm-standby if none is named), or show one as a table
  list        list the built-in scenarios

Options of run and compare:
  --seed N          seed of all chance, a whole number; else the scenario's
  --until TIME      where to stop, at most 48h; else the scenario's horizon
  --at TIME ORDER   give an order at a time, as often as wanted
  --json            report as one JSON object; compare prints an array of them
  --journal FILE    only run: write the journal as JSON Lines
  --history FILE    only run: write what clients asked and were told as JSON Lines
  --storm NAME      only compare: orders by name, from 10m on: region (the default), region-returns, frozen-dns,
                    no-control-plane, second-blow, two-zones, corruption, mass-delete, ransomware, bad-deploy
  --grain N         only compare: how many times coarser than its weight each is simulated, 1 to 20; else steps of 20

A file named - is the standard input. Times: 90, 90s, 10m, 2h, 1h30m, 500ms.
Orders: region-dark=us-east-1, zone-power=us-east-1a, link-cut=us-east-1:eu-west-1, dns-control-plane,
  \"clear region-dark=us-east-1\", fail-over=eu-west-1, fail-back, decide; all of them are in docs/scenario.md.

Exit codes: 0 done, 1 bad input, 2 bad usage.";

/// The scenario whose runbooks are shown if none is named.
const DEFAULT_SCENARIO: &str = "warm-standby";

/// The longest run, in seconds: two days.
const LONGEST_S: f64 = 172_800.0;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ask {
    Help,
    Version,
    List,
    /// Check the scenario with this name.
    Validate(String),
    Run(Wanted),
    Compare(Wanted),
    /// The runbooks of a scenario.
    Runbooks(String),
    /// One runbook, by its name and that of the scenario.
    Runbook(String, String),
}

/// The run that is asked for.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Wanted {
    /// A built-in name or a file.
    pub(crate) scenario: String,
    /// Instead of the scenario's seed.
    pub(crate) seed: Option<u64>,
    /// Instead of the scenario's horizon.
    pub(crate) until: Option<SimTime>,
    /// Orders with their times.
    pub(crate) at: Vec<Timed>,
    /// Report as JSON.
    pub(crate) json: bool,
    /// Where the journal is written to.
    pub(crate) journal: Option<String>,
    /// Where the history of operations is written to.
    pub(crate) history: Option<String>,
    /// What else is compared with the first scenario.
    pub(crate) others: Vec<String>,
    /// A storm by name, in place of orders.
    pub(crate) storm: Option<&'static Storm>,
    /// How coarse the runs of a comparison are.
    pub(crate) grain: Option<u32>,
}

/// An order with its time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Timed {
    pub(crate) at: SimTime,
    pub(crate) order: Order,
    /// The order as it was written.
    pub(crate) words: String,
}

/// Reads the words after the command's own name; the error is a sentence about the word that is wrong.
pub(crate) fn parse(words: Vec<String>) -> Result<Ask, String> {
    if words.iter().any(|word| word == "--help" || word == "-h") {
        return Ok(Ask::Help);
    }
    let mut words = words.into_iter();
    let command =
        words.next().ok_or("a command is missing; allowed are run, compare, validate, runbook, list")?;
    match command.as_str() {
        "--version" | "-V" => nothing_more(words).map(|()| Ask::Version),
        "help" => nothing_more(words).map(|()| Ask::Help),
        "list" => nothing_more(words).map(|()| Ask::List),
        "validate" => {
            let file = words.next().filter(|word| !is_option(word));
            let file = file.ok_or("validate: a file is missing, as in validate my-scenario.json")?;
            nothing_more(words).map(|()| Ask::Validate(file))
        }
        "runbook" => runbook(words),
        "run" => wanted(words, false).map(Ask::Run),
        "compare" => wanted(words, true).map(Ask::Compare),
        other => Err(format!(
            "\"{other}\" is not a command; allowed are run, compare, validate, runbook, list, --help, --version"
        )),
    }
}

/// What `runbook` is to do.
fn runbook(mut words: impl Iterator<Item = String>) -> Result<Ask, String> {
    let what = words.next().ok_or("runbook: allowed are list and show NAME")?;
    let scenario =
        |words: &mut dyn Iterator<Item = String>| words.next().unwrap_or_else(|| DEFAULT_SCENARIO.into());
    match what.as_str() {
        "list" => {
            let scenario = scenario(&mut words);
            nothing_more(words).map(|()| Ask::Runbooks(scenario))
        }
        "show" => {
            let name = words.next().ok_or("runbook show: a name is missing, as in runbook show fail-over")?;
            let scenario = scenario(&mut words);
            nothing_more(words).map(|()| Ask::Runbook(name, scenario))
        }
        other => Err(format!("runbook: \"{other}\" is not allowed; allowed are list and show NAME")),
    }
}

/// The options of `run`, or of `compare`, which takes several scenarios.
fn wanted(words: impl Iterator<Item = String>, several: bool) -> Result<Wanted, String> {
    let mut run = Wanted::default();
    let mut words = words;
    while let Some(word) = words.next() {
        let (option, given) = match word.split_once('=') {
            Some((option, value)) if is_option(&word) => (option.to_string(), Some(value.to_string())),
            _ => (word, None),
        };
        let mut value =
            |what: &str| given.clone().or_else(|| words.next()).ok_or(format!("{option}: {what} is missing"));
        match option.as_str() {
            "--seed" => {
                let text = value("a number")?;
                let seed = text.parse().map_err(|_| {
                    format!(
                        "--seed: \"{text}\" is not allowed; allowed: a whole number from 0 to {}",
                        u64::MAX
                    )
                })?;
                once(&option, &mut run.seed, seed)?;
            }
            "--until" => {
                let text = value("a time")?;
                once(&option, &mut run.until, time(&text).map_err(|wrong| format!("--until: {wrong}"))?)?;
            }
            "--at" => {
                let text = value("a time")?;
                let at = time(&text).map_err(|wrong| format!("--at: {wrong}"))?;
                let mut written =
                    words.next().ok_or("--at: an order is missing, as in --at 10m fail-back")?;
                if written == "clear" {
                    written = format!("clear {}", words.next().unwrap_or_default());
                }
                let order = Order::parse(&written).map_err(|wrong| format!("--at {text}: {wrong}"))?;
                run.at.push(Timed { at, order, words: written });
            }
            "--json" if given.is_none() => run.json = true,
            "--journal" if !several => once(&option, &mut run.journal, value("a file")?)?,
            "--history" if !several => once(&option, &mut run.history, value("a file")?)?,
            "--storm" if several => once(&option, &mut run.storm, storm(&value("a storm")?)?)?,
            "--grain" if several => once(&option, &mut run.grain, grain(&value("a number")?)?)?,
            other if is_option(other) => {
                let (command, more) =
                    if several { ("compare", "--storm, --grain") } else { ("run", "--journal, --history") };
                return Err(format!(
                    "\"{other}\" is not an option of {command}; allowed are --seed, --until, --at, --json, {more}"
                ));
            }
            _ if run.scenario.is_empty() => run.scenario = option,
            _ if several => run.others.push(option),
            _ => return Err(format!("\"{option}\" is one word too many; run takes one scenario")),
        }
    }
    if several && run.scenario.is_empty() {
        return Err("compare: a scenario is missing, as in compare pilot-light warm-standby".into());
    }
    if run.storm.is_some() && !run.at.is_empty() {
        return Err("compare: --storm and --at are given; allowed is one of them".into());
    }
    if run.scenario.is_empty() {
        return Err("run: a scenario is missing, as in run warm-standby".into());
    }
    Ok(run)
}

/// A storm by its name.
fn storm(name: &str) -> Result<&'static Storm, String> {
    STORMS.iter().find(|storm| storm.slug == name).ok_or_else(|| {
        format!("--storm: \"{name}\" is not allowed; allowed: {}", STORMS.map(|storm| storm.slug).join(", "))
    })
}

/// How coarse a comparison is.
fn grain(text: &str) -> Result<u32, String> {
    let grain = text.parse().ok().filter(|grain| (1..=20).contains(grain));
    grain.ok_or_else(|| format!("--grain: \"{text}\" is not allowed; allowed: a whole number from 1 to 20"))
}

/// A single hyphen is a file: the standard input.
fn is_option(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-')
}

fn once<T>(option: &str, slot: &mut Option<T>, value: T) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("{option} is given twice")),
    }
}

fn nothing_more(mut words: impl Iterator<Item = String>) -> Result<(), String> {
    words.next().map_or(Ok(()), |word| Err(format!("\"{word}\" is one word too many")))
}

/// A time in words: 90, 90s, 10m, 2h, 1h30m, 500ms; units from the largest to the smallest, each once.
fn time(text: &str) -> Result<SimTime, String> {
    let wrong = || {
        format!("\"{text}\" is not allowed; allowed: a time up to 48h, as in 90, 90s, 10m, 2h, 1h30m, 500ms")
    };
    let mut secs = 0.0;
    let mut below = f64::INFINITY;
    let mut rest = text;
    while !rest.is_empty() || text.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit_end =
            rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |end| digits + end);
        let unit = match &rest[digits..unit_end] {
            "" if digits == text.len() => 1.0,
            "ms" => 0.001,
            "s" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3600.0,
            _ => return Err(wrong()),
        };
        if unit >= below {
            return Err(wrong());
        }
        below = unit;
        secs += number * unit;
        rest = &rest[unit_end..];
    }
    if secs > LONGEST_S {
        return Err(wrong());
    }
    Ok(SimTime::from_micros((secs * 1e6).round() as u64))
}

#[cfg(test)]
mod tests {
    use faultline::model::FaultKind;

    use super::*;

    fn ask(line: &str) -> Result<Ask, String> {
        parse(line.split(' ').filter(|word| !word.is_empty()).map(String::from).collect())
    }

    #[test]
    fn times_are_read_in_every_form() {
        let micros = |text| time(text).unwrap().micros();
        for (text, secs) in [
            ("0", 0.0),
            ("90", 90.0),
            ("90s", 90.0),
            ("10m", 600.0),
            ("10min", 600.0),
            ("2h", 7200.0),
            ("1h30m", 5400.0),
            ("1h0m5s500ms", 3605.5),
            ("500ms", 0.5),
            ("2.3", 2.3),
            ("1.5h", 5400.0),
            ("48h", 172_800.0),
        ] {
            assert_eq!(micros(text), (secs * 1e6_f64).round() as u64, "{text}");
        }
        for text in [
            "",
            "h",
            "10x",
            "-5",
            "5 m",
            "30m1h",
            "1h1h",
            "1h30",
            "1.2.3",
            ".",
            "1e3",
            "49h",
            "9".repeat(400).as_str(),
            "٣",
        ] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_run_is_read_with_all_its_options() {
        let line = "run --json warm-standby --seed 12 --until=1h --at 10m region-dark=us-east-1 \
                    --at 20m clear region-dark=us-east-1 --journal out.jsonl --history ops.jsonl";
        let Ok(Ask::Run(run)) = ask(line) else { panic!("a run") };
        assert_eq!((run.scenario.as_str(), run.seed, run.json), ("warm-standby", Some(12), true));
        assert_eq!(run.until, Some(SimTime::from_secs(3600.0)));
        assert_eq!(run.journal.as_deref(), Some("out.jsonl"));
        assert_eq!(run.history.as_deref(), Some("ops.jsonl"));
        let dark = || "us-east-1".to_string();
        assert_eq!(run.at[0].order, Order::Inject(FaultKind::RegionDark, dark()));
        assert_eq!(run.at[1].order, Order::Clear(FaultKind::RegionDark, dark()));
        assert_eq!(run.at[1].words, "clear region-dark=us-east-1");
    }

    #[test]
    fn a_comparison_takes_several_scenarios_and_a_storm() {
        let Ok(Ask::Compare(all)) = ask("compare a b --storm corruption --grain 4 --json c") else {
            panic!("all")
        };
        assert_eq!((all.scenario.as_str(), all.others.join(" ")), ("a", "b c".to_string()));
        assert_eq!(
            (all.storm.map(|storm| storm.slug), all.grain, all.json),
            (Some("corruption"), Some(4), true)
        );
    }

    #[test]
    fn the_small_commands_are_read() {
        assert_eq!(ask("list"), Ok(Ask::List));
        assert_eq!(ask("--version"), Ok(Ask::Version));
        assert_eq!(ask("run x --help"), Ok(Ask::Help));
        assert_eq!(ask("validate -"), Ok(Ask::Validate("-".into())));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, said) in [
            ("", "a command is missing"),
            ("walk", "\"walk\" is not a command"),
            ("run", "a scenario is missing"),
            ("run a b", "\"b\" is one word too many"),
            ("run a --fast", "\"--fast\" is not an option"),
            ("run a --json=yes", "\"--json\" is not an option"),
            ("run a --seed", "--seed: a number is missing"),
            ("run a --seed -1", "--seed: \"-1\" is not allowed"),
            ("run a --seed 1 --seed 2", "--seed is given twice"),
            ("run a --until soon", "--until: \"soon\" is not allowed"),
            ("run a --at 10m", "--at: an order is missing"),
            ("run a --at x decide", "--at: \"x\" is not allowed"),
            ("run a --at 10m explode", "--at 10m: \"explode\" is not an order; allowed:"),
            ("run a --at 10m region-dark", "--at 10m: \"region-dark\" is not an order"),
            ("compare", "compare: a scenario is missing"),
            ("compare a --journal x", "\"--journal\" is not an option of compare"),
            ("compare a --history x", "\"--history\" is not an option of compare"),
            ("run a --grain 3", "\"--grain\" is not an option of run"),
            ("compare a --grain 21", "--grain: \"21\" is not allowed; allowed: a whole number from 1 to 20"),
            ("compare a --storm rain", "--storm: \"rain\" is not allowed; allowed: region,"),
            ("compare a --storm region --at 1 decide", "allowed is one of them"),
            ("validate", "a file is missing"),
            ("validate a b", "\"b\" is one word too many"),
            ("list all", "\"all\" is one word too many"),
        ] {
            let wrong = ask(line).unwrap_err();
            assert!(wrong.contains(said), "{line}: {wrong}");
        }
    }
}
