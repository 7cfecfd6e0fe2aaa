//! A failover controller of the database: nodes in several regions that look at the primary, and vote. It sees what its nodes see
//! and nothing of clients; and it asks nobody. A node that has seen nothing of the primary for a while asks the others; if a
//! majority of all nodes has seen as little, it tells the copy that has come furthest, of those that it reaches, to take over.
//! Whoever cannot be reached is not fenced: an old primary goes on until it hears of the change.

use super::System;
use crate::catalog::controller;
use crate::kernel::chance::{Draws, Purpose};
use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId};
use crate::model::plan::{Plan, Site};
use crate::system::context::Context;
use crate::system::controller_word::ControllerWord;
use crate::system::journal::What;
use crate::system::network::{Cargo, Flight};
use crate::system::occurrence::Occurrence;
use crate::system::timer::ControllerTimer;

/// What a node hears from the others after it has asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Poll {
    /// The second in which it asked.
    second: u32,
    votes: u8,
    /// Of the copies that answer, how far the best has come, and where it is.
    best: Option<(u32, RegionId)>,
}

impl Poll {
    /// A copy answers. Of two that have come equally far the one is better that the scenario names first.
    fn hear(&mut self, region: RegionId, votes: u8, progress: Option<u32>) {
        self.votes += votes;
        if let Some(progress) = progress {
            let better = |(most, first)| progress > most || (progress == most && region < first);
            self.best = if self.best.is_none_or(better) { Some((progress, region)) } else { self.best };
        }
    }
}

/// A node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    region: RegionId,
    /// Its region is dark.
    asleep: bool,
    /// The region that has the primary, as its own region knows.
    watches: RegionId,
    /// When it last saw the database there.
    seen: SimTime,
    /// Why it does not see it, for the journal.
    why: Option<EntryId>,
    /// It neither asks nor votes until then.
    rests: SimTime,
    /// The node that it voted for last, and when.
    vote: Option<(u8, SimTime)>,
    poll: Option<Poll>,
    /// The region that it has told to take over, until when it says so again, and the line about that.
    told: Option<(RegionId, SimTime, EntryId)>,
}

/// What a node makes of the primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stance {
    /// It sees it.
    Sees,
    /// Its own region is dark.
    Dark,
    /// It has seen nothing of it for so long, but votes for nobody.
    Blind(SimDuration),
    /// It has voted for itself or another to replace it.
    Votes,
    /// It has told the copy in this region to take over.
    Decided(RegionId),
}

/// A node, for whoever looks at the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watcher {
    /// Where it stands.
    pub region: RegionId,
    /// The region that has the primary, as it knows.
    pub watches: RegionId,
    /// What it makes of that.
    pub stance: Stance,
    /// Until when it neither asks nor votes, if it rests.
    pub rests: Option<SimTime>,
}

/// The nodes; none if there is no controller.
#[derive(Clone, Debug, Default)]
pub struct Controller {
    nodes: Vec<Node>,
}

impl Controller {
    /// Every node sees the primary, and begins to look at a moment of its own.
    pub fn new(ctx: &mut Context<'_>) -> Self {
        let (plan, settings) = (ctx.plan, &ctx.plan.scenario.controller);
        for place in 0..settings.nodes.len() as u8 {
            let phase = ctx.chance(Purpose::Controller, place.into(), 0, 0).uniform();
            ctx.after_s(phase * settings.poll_s, ControllerTimer::Look(place));
        }
        let here = |code: &String| plan.region_ids().find(|region| plan.region_code(*region) == code);
        let node = |region| Node {
            region,
            asleep: false,
            watches: plan.blueprint.primary(),
            seen: ctx.now,
            why: None,
            rests: ctx.now,
            vote: None,
            poll: None,
            told: None,
        };
        Self { nodes: settings.nodes.iter().filter_map(here).map(node).collect() }
    }

    /// Every node, in the order of the scenario.
    pub fn watchers(&self, plan: &Plan, now: SimTime) -> impl Iterator<Item = Watcher> {
        // A look that comes back late, or is lost and sent again, is no news.
        let usual = SimDuration::from_secs(1.5 * *plan.scenario.controller.poll_s);
        self.nodes.iter().map(move |node| {
            let unseen = now.since(node.seen);
            let voted = node.vote.is_some_and(|(_, at)| binds(at, now));
            let stance = match node.told {
                _ if node.asleep => Stance::Dark,
                Some((to, ..)) => Stance::Decided(to),
                None if voted => Stance::Votes,
                None if unseen > usual => Stance::Blind(unseen),
                None => Stance::Sees,
            };
            let rests = Some(node.rests).filter(|until| *until > now);
            Watcher { region: node.region, watches: node.watches, stance, rests }
        })
    }
}

/// Whether a vote still binds: who has voted for a node leaves it the time to decide, and to say so.
fn binds(voted: SimTime, now: SimTime) -> bool {
    now.since(voted) < SimDuration::from_secs(controller::VOTE_BINDS.value)
}

/// What a node does by itself.
impl System {
    /// A timer of the controller.
    pub(super) fn on_controller_timer(&mut self, ctx: &mut Context<'_>, timer: ControllerTimer) {
        match timer {
            ControllerTimer::Look(place) => self.look_at_primary(ctx, place),
            ControllerTimer::Count(place, second) => self.count_votes(ctx, place, second),
        }
    }

    /// A node looks at the primary: one in its own region sees it, any other sends it a message.
    fn look_at_primary(&mut self, ctx: &mut Context<'_>, place: u8) {
        ctx.round_s(*ctx.plan.scenario.controller.poll_s, ControllerTimer::Look(place));
        let Node { region, watches, .. } = self.controller.nodes[usize::from(place)];
        if self.dark[region.index()] {
            return;
        }
        if watches != region {
            self.say(ctx, (region, watches), ControllerWord::Look(place));
        } else if self.answers(region) {
            self.see(ctx.now, place);
        } else {
            self.miss(place, self.why_no_database(region));
        }
    }

    fn see(&mut self, now: SimTime, place: u8) {
        let node = &mut self.controller.nodes[usize::from(place)];
        debug_assert!(node.seen <= now, "time goes on");
        (node.seen, node.why) = (now, None);
    }

    /// A node does not see the primary, because of an entry of the journal. It does not know that.
    fn miss(&mut self, place: u8, why: Option<EntryId>) {
        let node = &mut self.controller.nodes[usize::from(place)];
        node.why = why.or(node.why);
    }

    /// A second has passed: nodes hear from their regions who is primary, and those that do not see it ask, each in its turn.
    pub fn watch_primary(&mut self, ctx: &mut Context<'_>) {
        let (second, count) = ((ctx.now.micros() / 1_000_000) as usize, self.controller.nodes.len());
        for place in 0..count {
            self.wake_node(ctx.plan, ctx.now, place);
            let node = self.controller.nodes[place];
            let turn = (second + place).is_multiple_of(count);
            let free = node.told.is_none() && self.votes_for(ctx, &node, (place as u8, node.watches));
            if turn && free {
                self.ask_for_votes(ctx, place as u8, second as u32);
            }
            self.tell_to_take_over(ctx, place);
        }
    }

    /// A node that was in the dark, or whose region has heard of another primary, begins to watch.
    fn wake_node(&mut self, plan: &Plan, now: SimTime, place: usize) {
        let node = &mut self.controller.nodes[place];
        if self.dark[node.region.index()] {
            (node.asleep, node.poll, node.told) = (true, None, None);
            return;
        }
        let owner = self.ownership.known(node.region, 0).claim.owner;
        let changed = owner != node.watches;
        if changed {
            node.rests = now + SimDuration::from_secs(plan.scenario.controller.cooldown_s);
            node.told = None;
        }
        if changed || node.asleep {
            (node.asleep, node.watches, node.seen, node.why) = (false, owner, now, None);
        }
    }

    /// Whether a node votes for another, or for itself, that sees nothing of the primary in a region.
    fn votes_for(&self, ctx: &Context<'_>, node: &Node, (candidate, primary): (u8, RegionId)) -> bool {
        let blind = ctx.now.since(node.seen).secs() >= *ctx.plan.scenario.controller.detection_s;
        let bound = |(who, at): (u8, SimTime)| who != candidate && binds(at, ctx.now);
        let awake = !node.asleep && !self.dark[node.region.index()] && ctx.now >= node.rests;
        awake && blind && node.watches == primary && !node.vote.is_some_and(bound)
    }

    /// The nodes of a region vote. Returns how many are for the candidate.
    fn vote_in(&mut self, ctx: &Context<'_>, region: RegionId, candidate: (u8, RegionId)) -> u8 {
        let mut votes = 0;
        for place in 0..self.controller.nodes.len() {
            let node = self.controller.nodes[place];
            if node.region == region && self.votes_for(ctx, &node, candidate) {
                self.controller.nodes[place].vote = Some((candidate.0, ctx.now));
                votes += 1;
            }
        }
        votes
    }

    /// How many commits of a primary the copy in a region has received; `None` if there is no copy that could be promoted.
    fn progress_of(&self, plan: &Plan, region: RegionId, primary: RegionId) -> Option<u32> {
        let stream = self.stream_to(region).filter(|stream| stream.from == primary)?;
        let there =
            self.can_be_promoted(region) && self.answers(region) && plan.placement.may_hold_all(region);
        let applied = self.databases[region.index()].applied.newest_of(primary).count;
        there.then(|| applied.saturating_add(stream.unapplied() as u32))
    }

    /// A node asks who sees as little as it does, and how far the copies are.
    fn ask_for_votes(&mut self, ctx: &mut Context<'_>, place: u8, second: u32) {
        let Node { region, watches, why, .. } = self.controller.nodes[usize::from(place)];
        let mut poll = Poll { second, votes: 0, best: None };
        let votes = self.vote_in(ctx, region, (place, watches));
        debug_assert!(votes > 0, "who asks votes for itself");
        poll.hear(region, votes, self.progress_of(ctx.plan, region, watches));
        self.controller.nodes[usize::from(place)].poll = Some(poll);
        let cause = ctx.cause();
        ctx.because(why);
        for other in ctx.plan.region_ids().filter(|other| *other != region) {
            self.say(ctx, (region, other), ControllerWord::Poll(place, second, watches));
        }
        ctx.after_s(controller::ELECTION.value, ControllerTimer::Count(place, second));
        ctx.because(cause);
    }

    /// The others have had time to answer. With the votes of a majority the copy that has come furthest is told to take over.
    fn count_votes(&mut self, ctx: &mut Context<'_>, place: u8, second: u32) {
        let majority = self.controller.nodes.len() / 2 + 1;
        let node = self.controller.nodes[usize::from(place)];
        let Some(poll) = node.poll.filter(|poll| poll.second == second) else { return };
        self.controller.nodes[usize::from(place)].poll = None;
        let decided =
            usize::from(poll.votes) >= majority && self.votes_for(ctx, &node, (place, node.watches));
        let (true, Some((_, to))) = (decided, poll.best) else {
            // It may vote for the next that asks, which may have more luck.
            let vote = &mut self.controller.nodes[usize::from(place)].vote;
            *vote = vote.filter(|(who, _)| *who != place);
            return;
        };
        let from = node.watches;
        let entry = ctx.note(node.why, What::TakeOverDecided(from, to));
        ctx.because(Some(entry));
        for other in ctx.plan.region_ids().filter(|other| *other != node.region && *other != to) {
            self.say(ctx, (node.region, other), ControllerWord::TakeOver(from, to));
        }
        let until = ctx.now + SimDuration::from_secs(controller::TOLD_AGAIN.value);
        self.controller.nodes[usize::from(place)].told = Some((to, until, entry));
        self.tell_to_take_over(ctx, usize::from(place));
    }

    /// Who has decided tells the copy, until there is another primary.
    fn tell_to_take_over(&mut self, ctx: &mut Context<'_>, place: usize) {
        let node = self.controller.nodes[place];
        let Some((to, until, entry)) = node.told else { return };
        if ctx.now >= until {
            self.controller.nodes[place].told = None;
            return;
        }
        let cause = ctx.cause();
        ctx.because(Some(entry));
        if to == node.region {
            self.take_over(ctx, to, (node.watches, to));
        } else {
            self.rest_in(ctx, node.region, node.watches);
            self.say(ctx, (node.region, to), ControllerWord::TakeOver(node.watches, to));
        }
        ctx.because(cause);
    }

    fn say(&mut self, ctx: &mut Context<'_>, (from, to): (RegionId, RegionId), word: ControllerWord) {
        debug_assert_ne!(from, to, "a region sends itself nothing");
        let draws = word_draws(ctx, to, word);
        self.network.send(ctx, draws, Site::Region(from), Site::Region(to), Cargo::Controller(word));
    }
}

/// What messages bring.
impl System {
    /// A message of the controller has come.
    pub(super) fn on_controller_word(
        &mut self,
        ctx: &mut Context<'_>,
        flight: &Flight,
        word: ControllerWord,
    ) {
        let (Site::Region(from), Site::Region(here)) = (flight.from, flight.to) else { return };
        match word {
            ControllerWord::Look(place) if self.answers(here) => {
                self.say(ctx, (here, from), ControllerWord::Here(place));
            }
            ControllerWord::Look(place) => self.miss(place, self.why_no_database(here)),
            ControllerWord::Here(place) => {
                if self.controller.nodes[usize::from(place)].watches == from {
                    self.see(ctx.now, place);
                }
            }
            ControllerWord::Poll(place, second, primary) => {
                let votes = self.vote_in(ctx, here, (place, primary));
                let progress = self.progress_of(ctx.plan, here, primary);
                self.say(ctx, (here, from), ControllerWord::Votes(place, second, votes, progress));
            }
            ControllerWord::Votes(place, second, votes, progress) => {
                let poll = &mut self.controller.nodes[usize::from(place)].poll;
                if let Some(poll) = poll.as_mut().filter(|poll| poll.second == second) {
                    poll.hear(from, votes, progress);
                }
            }
            ControllerWord::TakeOver(primary, to) => self.take_over(ctx, here, (primary, to)),
        }
    }

    /// A message of the controller was lost: who looked does not see the primary because of that.
    pub(super) fn lose_controller_word(&mut self, word: ControllerWord, why: Option<EntryId>) {
        match word {
            ControllerWord::Look(place) | ControllerWord::Here(place) => self.miss(place, why),
            ControllerWord::Poll(..) | ControllerWord::Votes(..) | ControllerWord::TakeOver(..) => {}
        }
    }

    /// A region hears that a majority has decided. Its nodes rest, and the copy that is meant begins to take over.
    fn take_over(&mut self, ctx: &mut Context<'_>, here: RegionId, (from, to): (RegionId, RegionId)) {
        self.rest_in(ctx, here, from);
        if let (true, Some(entry)) = (here == to, ctx.cause()) {
            ctx.tell(Occurrence::TakeOver { from, to, entry });
        }
    }

    fn rest_in(&mut self, ctx: &Context<'_>, region: RegionId, primary: RegionId) {
        let rests = ctx.now + SimDuration::from_secs(ctx.plan.scenario.controller.cooldown_s);
        for node in &mut self.controller.nodes {
            if node.region == region && node.watches == primary {
                node.rests = rests;
            }
        }
    }
}

/// Draws for the way of a message: node and kind, second, region that it goes to.
fn word_draws(ctx: &Context<'_>, to: RegionId, word: ControllerWord) -> Draws {
    let (kind, place) = match word {
        ControllerWord::Look(place) => (1, place),
        ControllerWord::Here(place) => (2, place),
        ControllerWord::Poll(place, ..) => (3, place),
        ControllerWord::Votes(place, ..) => (4, place),
        ControllerWord::TakeOver(from, _) => (5, from.0),
    };
    let second = ctx.now.micros() / 1_000_000;
    ctx.chance(Purpose::Controller, u64::from(place) | kind << 8, second, to.0.into())
}
