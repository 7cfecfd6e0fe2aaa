//! Everything to draw, as plain comparable data: a pure function of the app's state.
//!
//! Two refresh rates. [`Panels`] is structure and words: compared with `==` and rendered by Yew a few times a second
//! at most. [`Motion`] is what moves: built for each animation frame and painted on canvases, never through Yew.
//! All positions are in map coordinates, 0 to 1 in both directions (see `catalog::map::project`).

pub mod motion;
pub mod panels;
pub mod words;
mod view;
mod parts;
mod bill;
mod breakage;
mod actions;
mod restore;
mod moves;
mod moving;
mod clashes;
mod transport;
mod scores;
mod incidents;
mod cards;
mod standing;
mod writes;
mod places;
mod seat;
mod headline;
mod aftermath;
mod design;
mod knobs;
mod lanes;
mod comparison;
mod spacetime;
mod microscope;
mod waterfall;
mod timeline;
mod story;

pub use motion::Motion;
pub use panels::Panels;

use crate::app::App;
use view::View;
use words::choice;

impl App {
    /// Structure and words of the moment shown.
    pub fn panels(&self) -> Panels {
        let view = View::of(self);
        let mut panels = Panels {
            title: view.plan.scenario.title.clone(),
            strategy: choice::strategy(view.plan.scenario.strategy).label.into(),
            write_pattern: choice::pattern_in_full(view.plan.scenario.write_pattern),
            transport: view.transport(),
            headline: view.headline(),
            big_button: view.big_button(),
            welcome: view.welcome(),
            objectives: view.objectives(),
            scores: view.scores(),
            regions: view.region_cards(),
            places: view.places(),
            links: view.links(),
            route53: view.route53(),
            faults: view.fault_groups(),
            decision: view.decision(),
            actions: view.actions(),
            question: view.question(),
            mends: view.mends(),
            homes: view.homes(),
            releases: view.releases(),
            moves: view.moves(),
            restore_points: view.restore_points(),
            incidents: view.incident_rows(),
            timeline: view.timeline(),
            journal: view.journal_lines(),
            lost_writes: Vec::new(),
            lost_writes_total: view.all_missing().missing(),
            lost_writes_more: 0,
            lost_writes_note: view.lost_writes_note(),
            counting: view.counting(),
            finely: view.finely(),
            clients: view.client_rows(),
            bill: view.bill(),
            choices: design::choices(&view.plan.scenario),
            writes: view.writes(),
            microscope: view.microscope(),
            lanes: comparison::lanes(self),
            tuned: knobs::tuned_words(&view.plan.scenario, self.tuned()),
            description: String::new(),
            notice: self.notice().map(String::from),
        };
        panels.lost_writes = view.lost_writes();
        let named = view.real(panels.lost_writes.len() as u64);
        panels.lost_writes_more = panels.lost_writes_total.saturating_sub(named);
        panels.description = story::describe(&panels);
        panels
    }

    /// What moves at the moment shown, into buffers that are used again.
    pub fn motion_into(&self, motion: &mut Motion) {
        View::of(self).motion_into(motion);
    }
}
