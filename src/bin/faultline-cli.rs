//! The headless binary: the same core in a terminal.
//!
//! Exit codes: 0 done, 1 bad input (a file, an order or a time that cannot be used), 2 bad usage of the command line.

#[path = "faultline-cli/args.rs"]
mod args;
#[path = "faultline-cli/compare.rs"]
mod compare;
#[path = "faultline-cli/figures.rs"]
mod figures;
#[path = "faultline-cli/backups.rs"]
mod backups;
#[path = "faultline-cli/clients.rs"]
mod clients;
#[path = "faultline-cli/incidents.rs"]
mod incidents;
#[path = "faultline-cli/load.rs"]
mod load;
#[path = "faultline-cli/run.rs"]
mod run;
#[path = "faultline-cli/runbook.rs"]
mod runbook;
#[path = "faultline-cli/text.rs"]
mod text;
#[path = "faultline-cli/world.rs"]
mod world;
#[path = "faultline-cli/history.rs"]
mod history;

use std::io::{self, Write};
use std::process::ExitCode;

use args::Ask;
use faultline::model::{Problem, builtins};

fn main() -> ExitCode {
    let words: Result<Vec<String>, _> = std::env::args_os().skip(1).map(|word| word.into_string()).collect();
    let ask = match words {
        Ok(words) => args::parse(words),
        Err(word) => Err(format!("{} is not UTF-8", word.to_string_lossy())),
    };
    match ask {
        Ok(ask) => answer(ask),
        Err(wrong) => {
            eprintln!("{wrong}\n\n{}", args::USAGE);
            ExitCode::from(2)
        }
    }
}

fn answer(ask: Ask) -> ExitCode {
    let answered = match ask {
        Ask::Help => Ok(format!("{}\n\n{}\n", args::USAGE, args::DETAILS)),
        Ask::Version => Ok(format!("faultline-cli {}\n", env!("CARGO_PKG_VERSION"))),
        Ask::List => Ok(list()),
        Ask::Validate(name) => validate(&name),
        Ask::Runbooks(scenario) => runbook::list(&scenario),
        Ask::Runbook(name, scenario) => runbook::show(&name, &scenario),
        Ask::Run(wanted) => run::run(&wanted),
        Ask::Compare(wanted) => compare::compare(&wanted),
    };
    match answered {
        Ok(text) => {
            // Whoever closed the pipe has read enough: no reason to complain.
            let _ = io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(problems) => {
            for problem in problems {
                eprintln!("{problem}");
            }
            ExitCode::from(1)
        }
    }
}

fn list() -> String {
    let all = builtins();
    let widest = all.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    all.iter().map(|(name, title)| format!("{name:widest$}  {title}\n")).collect()
}

fn validate(name: &str) -> Result<String, Vec<Problem>> {
    let scenario = load::load(name)?;
    Ok(format!("{name} is valid: {}\n", scenario.title))
}
