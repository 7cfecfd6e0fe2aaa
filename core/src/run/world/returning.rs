//! Steps and records of every run of the runbook, and the runbook of failback.

use crate::kernel::clock::SimDuration;
use crate::kernel::id::RegionId;
use crate::model::RoutingPolicy;
use crate::model::fault::Command;
use crate::model::runbook::{Obstacle, StepName};
use crate::observer::incident::Step;
use crate::operations::execution::{Course, Stage};
use crate::run::world::World;
use crate::system::context::Context;
use crate::system::database::{Role, Status};
use crate::system::event::Event;
use crate::system::journal::What;
use crate::system::route53::Route53;
use crate::system::stream::Replication;

/// A copy that is less behind than this can be switched over to.
const CLOSE_BEHIND: SimDuration = SimDuration::from_micros(2_000_000);

impl World {
    /// A step of the current run begins.
    pub(super) fn begin_step(&mut self, ctx: &mut Context<'_>, name: StepName) {
        self.begin_step_of(ctx, self.operations.recovery.incident, name);
    }

    /// A step of any incident begins.
    pub(super) fn begin_step_of(&mut self, ctx: &mut Context<'_>, incident: usize, name: StepName) {
        self.observer.incidents[incident].steps.push(Step::begun(name, ctx.now));
        ctx.note(
            self.operations.recovery.entry.or(Some(self.observer.incidents[incident].entry)),
            What::StepBegan(name),
        );
    }

    /// A step begins that takes a known time.
    pub(super) fn begin_timed(&mut self, ctx: &mut Context<'_>, name: StepName, seconds: impl Into<f64>) {
        self.begin_step(ctx, name);
        ctx.after_s(seconds, Event::StepDone(name, self.operations.recovery.turn));
    }

    /// A step of the current run ends. False where it was not under way.
    pub(super) fn end_step(&mut self, ctx: &mut Context<'_>, name: StepName) -> bool {
        self.end_step_of(ctx, self.operations.recovery.incident, name)
    }

    /// A step of any incident ends. False where it was not under way.
    pub(super) fn end_step_of(&mut self, ctx: &mut Context<'_>, incident: usize, name: StepName) -> bool {
        let Some(step) =
            self.observer.incidents.get_mut(incident).and_then(|incident| incident.open_step(name))
        else {
            return false;
        };
        step.end = Some(ctx.now);
        step.blocked = false;
        ctx.note(self.operations.recovery.entry, What::StepEnded(name));
        true
    }

    /// Whether a step of the current run is under way.
    pub(super) fn is_open(&self, name: StepName) -> bool {
        let steps =
            self.observer.incidents.get(self.operations.recovery.incident).map(|incident| &incident.steps);
        steps.is_some_and(|steps| steps.iter().any(|step| step.name == name && step.end.is_none()))
    }

    /// Notes what a step has to wait for. True where it has to wait.
    pub(super) fn block(
        &mut self,
        ctx: &mut Context<'_>,
        name: StepName,
        obstacle: Option<Obstacle>,
    ) -> bool {
        let Some(step) = self.observer.incidents[self.operations.recovery.incident].open_step(name) else {
            return obstacle.is_some();
        };
        step.blocked = obstacle.is_some();
        if let Some(obstacle) = obstacle
            && step.obstacle != Some(obstacle)
        {
            step.obstacle = Some(obstacle);
            ctx.note(self.system.any_cause(), What::StepBlocked(name, obstacle));
        }
        obstacle.is_some()
    }

    /// Auto Scaling of a region looks at what runs.
    pub(super) fn reconcile(&mut self, ctx: &mut Context<'_>, region: RegionId) {
        if !self.system.dark[region.index()] {
            let cause = self.system.cause_in(region).or(self.operations.recovery.entry);
            let closed = !self.system.control_plane_up(region) || !self.system.is_built(region);
            self.system.fleets.reconcile(ctx, region, &self.system.zones_dark[region.index()], closed, cause);
        }
    }

    /// A verdict reaches the name servers: from here on clients may get another answer.
    pub(super) fn on_verdict_spread(&mut self, ctx: &mut Context<'_>, endpoint: RegionId, healthy: bool) {
        let before = self.system.route53.answer;
        self.system.route53.spread(ctx, endpoint, healthy);
        self.follow_answer(ctx, before);
        // Where everybody has an answer of their own, those move whose answer was this endpoint.
        let own_answers = ctx.plan.scenario.dns.policy != RoutingPolicy::Failover;
        if own_answers && !healthy && self.operations.recovery.moving.is_none_or(|(_, old)| old != endpoint) {
            self.begin_movement(ctx, endpoint);
        }
    }

    /// Where the answer has changed, clients begin to move.
    fn follow_answer(&mut self, ctx: &mut Context<'_>, before: RegionId) {
        if self.system.route53.answer == before {
            return;
        }
        self.begin_movement(ctx, before);
    }

    /// Clients begin to leave a region.
    fn begin_movement(&mut self, ctx: &mut Context<'_>, before: RegionId) {
        if let Some((incident, _)) = self.operations.recovery.moving.take() {
            self.end_step_of(ctx, incident, StepName::Cutover);
        }
        let own = (0..self.observer.incidents.len())
            .rev()
            .find(|index| self.observer.incidents[*index].is_in(before));
        let running = self.operations.recovery.stage != Stage::Idle;
        let incident = if running { Some(self.operations.recovery.incident) } else { own };
        let Some(incident) = incident.or_else(|| self.observer.incidents.len().checked_sub(1)) else {
            return;
        };
        self.begin_step_of(ctx, incident, StepName::Cutover);
        self.operations.recovery.moving = Some((incident, before));
    }

    /// The clients have moved when no resolver gives the old answer any more.
    pub(super) fn watch_movement(&mut self, ctx: &mut Context<'_>) {
        let Some((incident, old)) = self.operations.recovery.moving else { return };
        if self.system.clients.resolvers_pointing_to(old, ctx.now) == 0 {
            self.operations.recovery.moving = None;
            self.end_step_of(ctx, incident, StepName::Cutover);
        }
    }

    /// A change of the record is asked for as soon as the control plane answers.
    pub(super) fn try_record_change(&mut self, ctx: &mut Context<'_>) {
        if self.operations.recovery.changing_record {
            return;
        }
        let wanted = [StepName::ChangeRecord, StepName::Pin, StepName::ReturnRecord];
        let Some(step) = wanted.into_iter().find(|step| self.is_open(*step)) else { return };
        let frozen = !self.system.dns_control_plane_up(ctx.plan, ctx.now);
        if !self.block(ctx, step, frozen.then_some(Obstacle::DnsControlPlane)) {
            self.operations.recovery.changing_record = true;
            ctx.after(Route53::change_span(ctx.plan), Event::StepDone(step, self.operations.recovery.turn));
        }
    }

    /// A changed record has reached the name servers.
    pub(super) fn on_record_changed(
        &mut self,
        ctx: &mut Context<'_>,
        step: StepName,
        first: Option<RegionId>,
    ) {
        self.operations.recovery.changing_record = false;
        if !self.end_step(ctx, step) {
            return;
        }
        let before = self.system.route53.answer;
        self.system.route53.pinned = first;
        if let Some(first) = first {
            self.system.route53.endpoints[first.index()].record = true;
        }
        self.system.route53.note_answer(ctx, self.operations.recovery.entry);
        self.follow_answer(ctx, before);
        if step == StepName::ReturnRecord {
            self.end_failback(ctx);
        }
    }

    /// Someone wants the work back in the first region.
    pub(super) fn order_fail_back(&mut self, ctx: &mut Context<'_>) {
        let home = RegionId(0);
        let ready = self.operations.recovery.stage == Stage::Over
            && self.system.acting != home
            && !self.system.dark[home.index()]
            && matches!(self.system.databases[home.index()].role, Role::Fenced | Role::Replica);
        if !ready {
            ctx.note(None, What::OrderRefused(Command::FailBack));
            return;
        }
        let entry = ctx.note(None, What::Ordered(Command::FailBack));
        let incident = self.open_incident(ctx, Command::FailBack, entry);
        self.observer.incidents[incident].decided = Some(ctx.now);
        let from = self.system.acting;
        self.begin_run(ctx, incident, from, home, Course::Promote);
        self.operations.recovery.stage = Stage::FailingBack;
        self.operations.recovery.entry = Some(entry);
        if self.system.databases[home.index()].role == Role::Replica {
            // The engine has taken it back already.
            self.begin_step(ctx, StepName::CatchUp);
        } else {
            self.begin_timed(ctx, StepName::SetAside, 0.0);
        }
    }

    /// What only the old primary has is set aside for people; then its data is replaced by a copy.
    pub(super) fn on_set_aside(&mut self, ctx: &mut Context<'_>) {
        let more = std::mem::take(&mut self.operations.recovery.more_stranded);
        let count = std::mem::take(&mut self.operations.recovery.stranded).len() as u32 + more;
        ctx.note(self.operations.recovery.entry, What::WritesSetAside(count));
        self.end_step(ctx, StepName::SetAside);
        let (from, home) = (self.operations.recovery.from, self.operations.recovery.to);
        // The copy is that of this moment; what is written from now on follows through the stream.
        self.copy_data(from, home);
        self.system.databases[home.index()].role = Role::Rebuilding;
        self.system.streams = vec![Replication::new(ctx.plan, from, home)];
        let database = &ctx.plan.scenario.database;
        self.begin_timed(ctx, StepName::Rebuild, database.size_gib * 1024.0 / database.copy_mib_per_s);
    }

    /// The copy is whole: it begins to follow, where its region is there.
    pub(super) fn on_rebuilt(&mut self, ctx: &mut Context<'_>) {
        let home = self.operations.recovery.to;
        let database = &mut self.system.databases[home.index()];
        if self.system.dark[home.index()] || database.status != Status::Up {
            self.block(ctx, StepName::Rebuild, Some(Obstacle::RegionDark(home)));
            ctx.after_s(1.0, Event::StepDone(StepName::Rebuild, self.operations.recovery.turn));
            return;
        }
        database.role = Role::Replica;
        self.end_step(ctx, StepName::Rebuild);
        self.begin_step(ctx, StepName::CatchUp);
    }

    /// Conditions that failback waits for.
    pub(super) fn watch_failback(&mut self, ctx: &mut Context<'_>) {
        if !self.is_open(StepName::CatchUp) {
            return;
        }
        let home = self.operations.recovery.to;
        let ready = self.system.databases[home.index()].readable() && self.system.fleets.serving(home) > 0;
        let close = self.system.stream().is_some_and(|stream| stream.lag(ctx.now) < CLOSE_BEHIND);
        let obstacle = (!ready).then_some(Obstacle::NoReplica(home));
        if !self.block(ctx, StepName::CatchUp, obstacle) && close {
            self.end_step(ctx, StepName::CatchUp);
            self.system.writers.fill(None);
            self.begin_timed(ctx, StepName::Switchover, ctx.plan.scenario.recovery.switchover_s);
        }
    }

    /// Writes have stopped. When the copy has everything it becomes the primary, and nothing is lost.
    pub(super) fn on_switchover(&mut self, ctx: &mut Context<'_>) {
        let (from, home) = (self.operations.recovery.from, self.operations.recovery.to);
        let behind = self.system.stream().map_or(0, Replication::behind);
        if behind > 0 || self.system.dark[home.index()] || !self.system.databases[home.index()].readable() {
            self.block(ctx, StepName::Switchover, Some(Obstacle::NoReplica(home)));
            ctx.after_s(1.0, Event::StepDone(StepName::Switchover, self.operations.recovery.turn));
            return;
        }
        self.system.databases[from.index()].role = Role::Replica;
        self.system.databases[home.index()].role = Role::Primary;
        self.system.acting = home;
        self.system.streams = vec![Replication::new(ctx.plan, home, from)];
        self.system.writers.fill(Some(home));
        let entry = ctx.note(self.operations.recovery.entry, What::Promoted { region: home, lost: 0 });
        self.operations.recovery.entry = Some(entry);
        self.end_step(ctx, StepName::Switchover);
        self.begin_step(ctx, StepName::ReturnRecord);
    }

    fn end_failback(&mut self, ctx: &mut Context<'_>) {
        let (from, home) = (self.operations.recovery.from, self.operations.recovery.to);
        self.system.fleets.regions[from.index()].desired =
            ctx.plan.scenario.regions[from.index()].servers as u16;
        if !ctx.plan.scenario.strategy.follows() {
            // What was made for the disaster is taken down again.
            self.system.streams.clear();
            self.system.databases[from.index()].role = Role::Absent;
            self.system.route53.endpoints[from.index()].record = false;
            self.system.built[from.index()] = false;
        }
        ctx.note(self.operations.recovery.entry, What::FailedBack(home));
        self.operations.recovery.stage = Stage::Idle;
    }
}
