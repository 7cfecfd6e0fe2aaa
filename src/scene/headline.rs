//! What is happening now: a few words, and one to three sentences, derived from the state and the journal.

use super::panels::{Headline, Tone};
use super::parts::{inside, route53};
use super::view::{LATE_S, View, was_hurt_by};
use super::words::{fault, loss, number, obstacle, step};
use crate::kernel::id::RegionId;
use crate::model::obstacle::Obstacle;
use crate::model::runbook::StepName;
use crate::model::scenario::{Strategy, WritePattern};
use crate::observer::incident::{Incident, Step};
use crate::operations::execution::Work;
use crate::system::stream::Replication;

/// So long after the service was restored, in seconds, nobody talks about it any more.
const FORGOTTEN_S: f64 = 600.0;

impl View<'_> {
    /// What is happening now.
    pub(super) fn headline(&self) -> Headline {
        self.seat_headline().unwrap_or_else(|| match self.incident() {
            None => self.calm(),
            Some(incident) if self.app.chosen_incident().is_none() && self.is_forgotten(incident) => {
                self.calm()
            }
            Some(incident) if self.is_unnoticed(incident) => self.unnoticed(incident),
            Some(incident) if incident.restored.is_some() => self.restored(incident),
            Some(incident) => self.suffering(incident),
        })
    }

    fn calm(&self) -> Headline {
        let serves = self.calm_sentence();
        let missing = loss::sentence(&self.all_missing()).map(|missing| ("everybody is served", missing));
        let late = || Some(("a copy is behind", self.late_sentence()?));
        match missing.or_else(late) {
            None => Headline {
                tone: Tone::Good,
                title: "Now: all is well".into(),
                body: format!("{serves} Nothing is broken."),
            },
            Some((title, but)) => Headline {
                tone: Tone::Warning,
                title: format!("Now: {title}"),
                body: format!("{serves} But {but}"),
            },
        }
    }

    /// "eu-west-1 lacks 12 writes of us-east-1."
    fn late_sentence(&self) -> Option<String> {
        let stream = self.late()?;
        let behind = number::counted(self.real(stream.behind() as u64), "write");
        Some(format!("{} lacks {behind} of {}.", self.code(stream.to), self.code(stream.from)))
    }

    /// Who serves, and what there is besides.
    fn calm_sentence(&self) -> String {
        let acting = self.code(self.world.system.ownership.primary());
        let stream = self.furthest_behind();
        let lag = stream.and_then(|stream| self.lag_of(stream));
        let behind = lag.map_or(String::new(), |lag| format!(", {} behind", number::span(lag.secs())));
        if self.plan.scenario.strategy == Strategy::MultiSite {
            let all: Vec<&str> = self.plan.blueprint.order().map(|region| self.code(region)).collect();
            let witness = self.plan.region_ids().find(|region| self.plan.blueprint.is_witness(*region));
            let votes = witness
                .map_or(String::new(), |region| format!(" {} votes on every write.", self.code(region)));
            let writes = match self.plan.scenario.write_pattern {
                WritePattern::WriteLocal => "each takes the writes of its clients".into(),
                WritePattern::WritePartitioned => "each takes the writes of those at home in it".into(),
                WritePattern::WriteGlobal => format!("{acting} takes the writes of all"),
            };
            let copies =
                lag.map_or(String::new(), |lag| format!(" Copies are {} behind.", number::span(lag.secs())));
            return format!("{} serve the clients near them; {writes}.{votes}{copies}", number::list(&all));
        }
        let serves = format!("{acting} serves every client.");
        let Some(other) =
            self.plan.region_ids().find(|region| *region != self.world.system.ownership.primary())
        else {
            return serves;
        };
        let code = self.code(other);
        if !self.world.system.is_built(other) {
            let newest = self.world.system.best_point(other, None, self.now);
            let copies = newest.map_or("no copy of a backup".into(), |point| {
                format!("copies of backups, the newest of {} ago", self.age(point.shows_us))
            });
            return format!("{serves} In {code} nothing runs: there are templates and {copies}.");
        }
        let follow: Vec<RegionId> = self.world.system.streams.iter().map(|stream| stream.to).collect();
        let (off, on): (Vec<RegionId>, Vec<RegionId>) =
            follow.into_iter().partition(|region| self.world.system.fleets.alive(*region) == 0);
        let mut all = vec![serves];
        if !on.is_empty() {
            let verb = if on.len() == 1 { "stands" } else { "stand" };
            all.push(format!("{} {verb} by{behind}.", self.codes(&on)));
        }
        if !off.is_empty() {
            let (verb, whose) = if off.len() == 1 { ("has", "its") } else { ("have", "their") };
            // How far the furthest is behind has been said already.
            let behind = if on.is_empty() { behind.as_str() } else { "" };
            let codes = self.codes(&off);
            all.push(format!("{codes} {verb} the data{behind}, and {whose} servers are switched off."));
        }
        let left: Vec<RegionId> =
            self.plan.region_ids().filter(|region| self.has_no_source(*region)).collect();
        if !left.is_empty() {
            let verb = if left.len() == 1 { "follows" } else { "follow" };
            all.push(format!("{} {verb} nobody since another region took over.", self.codes(&left)));
        }
        all.join(" ")
    }

    /// "eu-west-1 and us-west-2".
    fn codes(&self, regions: &[RegionId]) -> String {
        number::list(&regions.iter().map(|region| self.code(*region)).collect::<Vec<_>>())
    }

    /// Of several streams the one that is furthest behind; the first of those that are alike.
    fn furthest_behind(&self) -> Option<&Replication> {
        self.world.system.streams.iter().rev().max_by_key(|stream| self.lag_of(stream))
    }

    /// It was over long ago, and nothing of it is left.
    fn is_forgotten(&self, incident: &Incident) -> bool {
        let long_ago = incident.restored.is_some_and(|at| self.now.since(at).secs() > FORGOTTEN_S);
        long_ago
            && self.world.system.faults.is_empty()
            && self.world.operations.is_calm(self.plan)
            && !self.is_away()
    }

    /// Something is broken, but nobody is hurt by it and nothing has to be recovered.
    fn is_unnoticed(&self, incident: &Incident) -> bool {
        let in_force = incident.fault().is_some_and(|fault| self.is_active(fault));
        in_force && incident.steps.is_empty() && !self.counts(incident)
    }

    fn unnoticed(&self, incident: &Incident) -> Headline {
        let mut body = String::from(if self.is_out() {
            "It has hurt nobody so far: the outage that lasts comes from something else."
        } else {
            "Clients notice nothing so far."
        });
        let lag = self.furthest_behind().and_then(|stream| Some((stream, self.lag_of(stream)?.secs())));
        if self.plan.writes_everywhere() && self.is_cut() {
            body = self.gives_up();
        } else if let Some((stream, lag_s)) = lag.filter(|(_, lag_s)| *lag_s > LATE_S) {
            let (from, to) = (self.code(stream.from), self.code(stream.to));
            body.push_str(&format!(
                " But {to} is {} behind: if {from} were lost now, its newest writes would be lost with it.",
                number::span(lag_s)
            ));
        } else if let Some(late) = self.late_sentence() {
            body.push_str(&format!(" But {late}"));
        } else if let Some(fault) = incident.fault() {
            body.push_str(&format!(" {}", fault::row(fault.kind()).hint));
        }
        Headline { tone: Tone::Warning, title: format!("Now: {}", self.trigger(incident)), body }
    }

    fn suffering(&self, incident: &Incident) -> Headline {
        let open = StepName::ALL.into_iter().find_map(|name| open_step(incident, name));
        let share = self.served_lately(5);
        let hurt = share.is_some_and(|share| share < 0.99);
        let title = match open {
            Some(step) if step.blocked => format!("Now: waiting to go on with {}", step::label(step.name)),
            Some(step) => format!("Now: {}", step::doing(step.name)),
            None if !hurt && was_hurt_by(incident) => {
                "Now: served again, and being watched for a minute".into()
            }
            None => format!("Now: {}", self.trigger(incident)),
        };
        let mut sentences = vec![];
        sentences.extend(self.health_sentence(incident));
        sentences.extend(self.runbook_sentence(incident));
        sentences.extend(self.clients_sentence());
        if self.world.operations.is_calm(self.plan) {
            sentences.extend(self.crowded_sentence());
        }
        if sentences.len() < 2
            && let Some(share) = share.filter(|_| hurt)
        {
            sentences.push(format!("{} % of requests were served in the last 5 s.", number::percent(share)));
        }
        if sentences.is_empty() {
            let said = if !hurt && was_hurt_by(incident) {
                "Requests are answered: after a minute of that the outage is over."
            } else if self.is_out() {
                "Clients are hurt by something else."
            } else {
                "Clients have not noticed so far."
            };
            sentences.push(said.into());
        }
        sentences.truncate(3);
        let tone = if hurt { Tone::Bad } else { Tone::Warning };
        let tone = if open.is_some_and(|step| step.name != StepName::Detect) { Tone::Warning } else { tone };
        Headline { tone, title, body: sentences.join(" ") }
    }

    /// What Route 53 has seen, in the region of the fault.
    fn health_sentence(&self, incident: &Incident) -> Option<String> {
        if incident.fault().is_some_and(|fault| fault.kind().corrupts()) {
            return self.is_ruined().then(|| self.ruin_sentence(self.world.system.ownership.primary()));
        }
        let region = incident.fault()?.region()?;
        let endpoint = &self.world.system.route53.endpoints[region.index()];
        let dns = &self.plan.scenario.dns;
        let checks = format!(
            "{} failed checks, {} apart",
            small(dns.failure_threshold),
            number::span(*dns.interval_s)
        );
        let against = endpoint.checkers.iter().filter(|checker| !checker.healthy).count();
        let code = self.code(region);
        Some(if !endpoint.healthy {
            format!("Route 53 saw {checks}.")
        } else if against > 0 {
            format!(
                "{against} of {} checkers gave up on {code}; Route 53 acts when no more than {} % are left.",
                endpoint.checkers.len(),
                (dns.healthy_share * 100.0).round() as u32
            )
        } else if incident.cleared.is_none() && self.is_dark(region) {
            format!("No checker has given up on {code} yet: each one needs {checks}.")
        } else {
            return None;
        })
    }

    /// Another zone's part of the database takes over.
    fn zone_failover(&self) -> String {
        let database = &self.plan.scenario.database;
        let (least, most) = (*database.zone_failover_min_s, *database.zone_failover_max_s);
        format!(
            "The {} in another zone takes over in {} to {}; nothing that was committed is lost.",
            inside::told(self.inside()).stand_in,
            number::span(least),
            number::span(most)
        )
    }

    /// The writer of a volume is made anew.
    fn new_instance(&self) -> String {
        let database = &self.plan.scenario.database;
        let (least, most) = (*database.zone_failover_min_s, *database.zone_failover_max_s);
        format!(
            "An instance is made anew in {} to {}; the volume has every committed write.",
            number::span(least),
            number::span(most)
        )
    }

    /// What the runbook is doing.
    fn runbook_sentence(&self, incident: &Incident) -> Option<String> {
        if let Some(waits) = self.blocked_sentence(incident) {
            return Some(waits);
        }
        if self.world.operations.deciding().is_some() {
            return Some(if self.decision().is_some() {
                "The runbook waits for you: nothing is done until you decide.".into()
            } else {
                "Someone was paged; nothing is done until they decide.".into()
            });
        }
        let Some(run) = self.world.operations.acting(self.plan) else {
            if open_step(incident, StepName::LoadBlocks).is_some() {
                return Some(self.restoring(self.world.system.ownership.primary()));
            }
            return open_step(incident, StepName::ZoneFailover)
                .map(|_| self.zone_failover())
                .or_else(|| open_step(incident, StepName::NewInstance).map(|_| self.new_instance()));
        };
        Some(match run.work(self.plan) {
            Work::Promote => self.taking_over(run.to),
            Work::Rebuild if self.world.system.ownership.primary() == run.to => self.taking_over(run.to),
            Work::Rebuild => self.making(run.to),
            Work::Restore => self.restoring(run.to),
            Work::Homes => {
                let (from, to) = (self.code(run.from), self.code(run.to));
                format!("The users of {from} get their home in {to}; until then nobody takes their writes.")
            }
            Work::Return => format!("The work is going back to {}.", self.code(run.to)),
            Work::Other => format!("The runbook \"{}\" is under way.", run.runbook(self.plan).name),
        })
    }

    /// Whose servers are full.
    fn crowded_sentence(&self) -> Option<String> {
        let region = self.plan.region_ids().find(|region| self.is_crowded(*region))?;
        let (serving, wanted) = (self.world.system.fleets.serving(region), self.planned_servers(region));
        let code = self.code(region);
        Some(if serving < wanted {
            format!("The servers in {code} are full and refuse requests; {serving} of {wanted} are there.")
        } else {
            format!("All {serving} servers in {code} are full and refuse requests.")
        })
    }

    /// What the newest step that waits is waiting for. One that waits for another has its turn: that is no news.
    pub(super) fn blocked_sentence(&self, incident: &Incident) -> Option<String> {
        let turn = |step: &Step| matches!(step.obstacle, Some(Obstacle::Before(_)));
        let step = incident.steps.iter().rev().find(|step| step.blocked && !turn(step))?;
        let why = obstacle::because(self.plan, step.obstacle?);
        Some(format!("The step \"{}\" waits, because {why}.", step::label(step.name)))
    }

    fn taking_over(&self, to: RegionId) -> String {
        let (serving, wanted) = (self.world.system.fleets.serving(to), self.planned_servers(to));
        let code = self.code(to);
        let writes = if self.world.system.ownership.primary() == to {
            "takes the writes"
        } else {
            "is taking over writes"
        };
        let writes =
            if self.is_crowded(to) { format!("{writes}, and its servers are full") } else { writes.into() };
        if serving < wanted {
            format!("{code} {writes}; {} of {wanted} servers are still to come.", wanted - serving)
        } else {
            format!("{code} {writes}; all of its {wanted} servers serve.")
        }
    }

    /// Everything is made anew.
    fn making(&self, to: RegionId) -> String {
        let (serving, wanted) = (self.world.system.fleets.serving(to), self.planned_servers(to));
        format!(
            "Everything is made anew in {}, the database from {}; {serving} of {wanted} servers are there.",
            self.code(to),
            self.backup_words()
        )
    }

    /// A database is replaced by one from a backup.
    fn restoring(&self, to: RegionId) -> String {
        let code = self.code(to);
        match self.world.system.databases[to.index()].loading {
            Some(ref loading) => format!(
                "The database in {code} is back, with {} % of its blocks; who needs others waits, or gives up.",
                (loading.share() * 100.0) as u32
            ),
            None => format!(
                "The database in {code} is made anew from {}; until then nobody is served.",
                self.backup_words()
            ),
        }
    }

    /// What a database is made from: "a backup of 4.2 h ago".
    fn backup_words(&self) -> String {
        let point = self.world.operations.executions.iter().rev().find_map(|run| run.point);
        point.map_or("a backup".into(), |point| format!("a backup of {} ago", self.age(point.shows_us)))
    }

    /// Where the cached answers of clients still lead.
    fn clients_sentence(&self) -> Option<String> {
        let answer = self.world.system.route53.answer;
        // Where several sites serve, an answer is old only where it leads to one that has failed.
        let several = self.plan.scenario.strategy == Strategy::MultiSite;
        let old = |region: &RegionId| {
            if several {
                !self.world.system.route53.endpoints[region.index()].healthy
            } else {
                *region != answer
            }
        };
        let others = self.plan.region_ids().filter(old);
        let (left, count) = others
            .map(|region| (region, self.world.system.clients.resolvers_pointing_to(region, self.now)))
            .max_by_key(|(_, count)| *count)?;
        if count == 0 {
            return route53::keepers(&self.world.system.old_answers(self.plan, self.now));
        }
        let code = self.code(left);
        let (count, verb) =
            (number::counted(count as u64, "resolver"), if count == 1 { "points" } else { "point" });
        Some(format!("Clients move as their cached answers expire: {count} still {verb} to {code}."))
    }
}

/// The step of this name that is under way.
pub(super) fn open_step(incident: &Incident, name: StepName) -> Option<&Step> {
    incident.steps.iter().find(|step| step.name == name && step.end.is_none())
}

fn small(number: u32) -> String {
    match number {
        1 => "one".into(),
        2 => "two".into(),
        3 => "three".into(),
        4 => "four".into(),
        5 => "five".into(),
        _ => number.to_string(),
    }
}
