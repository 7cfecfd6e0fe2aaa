//! Storms: scripts that are the same for every strategy, so that strategies can be compared under them.

use crate::model::scenario::Scenario;
use crate::model::{Order, ScriptLine};

/// What happens, from its beginning on. `$1` stands for the first region and `$2` for the second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Storm {
    /// A stable name: "region".
    pub slug: &'static str,
    /// A few words for a button: "The region goes dark".
    pub title: &'static str,
    /// Seconds after the beginning, and an order in the grammar of scripts.
    orders: &'static [(f64, &'static str)],
}

/// Every storm; the first is the plain one.
pub const STORMS: [Storm; 10] = [
    Storm { slug: "region", title: "The region goes dark", orders: &[(0.0, "region-dark=$1")] },
    Storm {
        slug: "region-returns",
        title: "Dark, back after an hour",
        orders: &[(0.0, "region-dark=$1"), (3600.0, "clear region-dark=$1")],
    },
    Storm {
        slug: "frozen-dns",
        title: "Dark, with DNS frozen",
        orders: &[(0.0, "dns-control-plane"), (0.0, "region-dark=$1"), (10_800.0, "clear dns-control-plane")],
    },
    Storm {
        slug: "no-control-plane",
        title: "Dark, nothing can be launched",
        orders: &[(0.0, "control-plane=$2"), (0.0, "region-dark=$1"), (7200.0, "clear control-plane=$2")],
    },
    Storm {
        slug: "second-blow",
        title: "The recovery region is hit too",
        orders: &[
            (0.0, "region-dark=$1"),
            (300.0, "zone-power=$2a"),
            (300.0, "capacity=$2"),
            (3900.0, "clear capacity=$2"),
            (5700.0, "clear zone-power=$2a"),
        ],
    },
    Storm {
        slug: "two-zones",
        title: "Two zones at once",
        orders: &[(0.0, "zone-power=$1a"), (0.0, "zone-power=$1b")],
    },
    Storm { slug: "corruption", title: "A release writes rubbish", orders: &[(0.0, "corruption=$1")] },
    Storm { slug: "mass-delete", title: "Everything is deleted", orders: &[(0.0, "mass-delete=$1")] },
    Storm { slug: "ransomware", title: "Ransomware", orders: &[(0.0, "ransomware=$1")] },
    Storm {
        slug: "bad-deploy",
        title: "A bad release",
        orders: &[(0.0, "bad-deploy=$1"), (1200.0, "clear bad-deploy=$1")],
    },
];

impl Storm {
    /// The storm as lines of a script that begins at a moment, in seconds; what a scenario has no place for is left out.
    pub fn script(&self, scenario: &Scenario, at_s: f64) -> Vec<ScriptLine> {
        self.lines(scenario, at_s).filter(|line| misfit(line, scenario).is_none()).collect()
    }

    /// Why the storm, or a part of it, has no place in a scenario; `None` if all of it has.
    pub fn misfit(&self, scenario: &Scenario) -> Option<String> {
        self.lines(scenario, 0.0).find_map(|line| misfit(&line, scenario))
    }

    /// All of its lines, whether they fit or not.
    fn lines(&self, scenario: &Scenario, at_s: f64) -> impl Iterator<Item = ScriptLine> {
        let code = |index: usize| scenario.regions.get(index).map_or("", |region| region.code.as_str());
        let codes = [code(0), code(1)];
        let line = move |(after_s, order): &(f64, &str)| ScriptLine {
            at_s: at_s + after_s,
            order: order.replace("$1", codes[0]).replace("$2", codes[1]),
        };
        self.orders.iter().map(line)
    }

    /// A scenario with the storm as its script.
    pub fn over(&self, scenario: &Scenario, at_s: f64) -> Scenario {
        Scenario { script: self.script(scenario, at_s), ..scenario.clone() }
    }
}

/// Why a line has no place in a scenario.
fn misfit(line: &ScriptLine, scenario: &Scenario) -> Option<String> {
    Order::parse(&line.order).and_then(|order| order.fits(scenario)).err()
}
