//! Pairs of things that must never stand on the page at once.

use super::Moment;
use faultline::model::RoutingPolicy;
use faultline::observer::incident::Incident;
use faultline::scene::panels::Tone;
use faultline::system::database::Status;
use faultline::system::stream::Replication;

impl Moment<'_> {
    /// Green, and a copy is behind, a write is missing, a step waits or a region is dark.
    pub(crate) fn green(&self) {
        let (history, missing) = (self.app.history(), super::missing(&self.booked()));
        let (now, system) = (history.now(), &history.shown().world().system);
        let lives = |index: usize| !system.dark[index] && system.databases[index].status == Status::Up;
        let incidents: &[Incident] = &history.shown().world().observer.incidents;
        let late = |it: &&Replication| {
            let dead = !lives(it.from.index()) || !lives(it.to.index());
            it.behind() > 0 && (dead || it.lag(now).secs() > 2.0)
        };
        let late: Vec<_> = system.streams.iter().filter(late).collect();
        assert!(self.panels.headline.tone != Tone::Good || late.is_empty(), "green headline; {}", self.at);
        for link in self.panels.links.iter().filter(|link| link.tone == Tone::Good) {
            let ends = [link.from, link.to];
            let on = |it: &&Replication| ends.contains(&it.from.index()) && ends.contains(&it.to.index());
            assert!(!late.iter().any(on), "green, {}; {}", link.label, self.at);
        }
        for card in self.panels.regions.iter().filter(|card| card.tone == Tone::Good) {
            let behind = late.iter().any(|it| it.to.index() == card.index);
            assert!(missing == 0 && !behind, "green, {}; {}", card.label, self.at);
        }
        for row in self.panels.route53.endpoints.iter().filter(|row| row.tone == Tone::Good) {
            assert!(!system.dark[row.region], "green, {}; {}", row.code, self.at);
        }
        for (row, incident) in self.panels.incidents.iter().zip(incidents) {
            let waits = incident.steps.iter().any(|step| step.blocked);
            assert!(row.tone != Tone::Good || !waits, "green, {}; {}", row.label, self.at);
            let told = !row.shown || self.score("rto").tone != Tone::Good;
            assert!(told || !waits, "green RTO, {}; {}", row.label, self.at);
        }
    }

    /// Pairs that contradict each other.
    pub(crate) fn forbidden(&self) {
        let system = &self.app.history().shown().world().system;
        let missing = super::missing(&self.booked());
        let lasts = self.report["outages"].as_array().expect("a list").iter().any(|it| it["end_s"].is_null());
        // Green, and somebody lacks a write or is out.
        for (name, tone) in [("headline", self.panels.headline.tone), ("lost", self.score("lost").tone)] {
            assert!(tone != Tone::Good || (missing == 0 && !lasts), "green {name}; {}", self.at);
        }
        let own = self.incident().map_or(0, |incident| super::missing(&incident["loss"]));
        assert!(self.score("rpo").tone != Tone::Good || own == 0, "green RPO; {}", self.at);
        assert!(self.score("rpo").value != "0" || own == 0, "RPO 0; {}", self.at);
        assert!(self.score("rto").tone != Tone::Good || own == 0, "green RTO; {}", self.at);
        // A lag of what is dead.
        let lives = |from: usize| !system.dark[from] && system.databases[from].status == Status::Up;
        let ends = || system.streams.iter().map(|it| (it.from.index(), it.to.index()));
        let lag = self.score("lag");
        let told = ends().any(|(from, to)| lives(from) && lives(to));
        assert_eq!(lag.value != "–", told, "lag {} {}; {}", lag.value, lag.note, self.at);
        assert!(told || lag.note.contains("is down") || lag.note == "nothing replicates", "{}", lag.note);
        if self.score("lag").value == "0" {
            assert!(ends().any(|(from, _)| lives(from)), "lag 0; {}", self.at);
        }
        for link in self.panels.links.iter().filter(|link| link.lag_text == "lag 0 s") {
            let on = |(from, to): (usize, usize)| [(from, to), (to, from)].contains(&(link.from, link.to));
            assert!(ends().any(|ends| on(ends) && lives(ends.0)), "{}; {}", link.label, self.at);
        }
        for card in self.panels.regions.iter().filter(|card| card.database_note.contains("lag 0 s")) {
            let living = ends().any(|(from, to)| to == card.index && lives(from));
            assert!(living, "{}; {}", card.label, self.at);
        }
        if self.panels.headline.body.contains("otice nothing")
            || self.panels.headline.body.contains("not noticed")
        {
            assert!(!lasts, "{}; {}", self.panels.headline.body, self.at);
        }
        // Nobody points anywhere, and somebody does.
        let now = self.app.history().now();
        for (row, people) in self.panels.clients.iter().zip(&system.clients.populations) {
            let cached = people.resolvers.iter().filter(|resolver| resolver.cached(now).is_some()).count();
            let none = row.answers.contains("no resolver") || row.answers.contains("no answer");
            assert_eq!(none, cached == 0, "{}: {}; {}", row.name, row.answers, self.at);
        }
        let lines = self.panels.journal.iter().take_while(|line| !line.text.contains("Route 53 now answers"));
        let gone = lines
            .map(|line| line.text.as_str())
            .any(|text| text.contains("No resolver holds the old answer"));
        let answer = system.route53.answer;
        let old = self.app.history().shown().plan().region_ids().filter(|region| *region != answer);
        let left: usize = old.map(|region| system.clients.resolvers_pointing_to(region, now)).sum();
        let one = self.app.history().shown().plan().scenario.dns.policy == RoutingPolicy::Failover;
        assert!(!(gone && one) || left == 0, "{left} resolvers hold the old answer; {}", self.at);
    }
}
