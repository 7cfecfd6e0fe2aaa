//! A small world in which the rounds and the acceptors of the simulation run, with messages that nobody has to deliver.

use faultline_core::kernel::id::RegionId;
use faultline_core::system::consensus::{Acceptor, Ballot, Outcome, Phase, Round, Value};
use stateright::Model;
use stateright::semantics::register::{Register, RegisterOp, RegisterRet};
use stateright::semantics::{ConsistencyTester, LinearizabilityTester};
use std::collections::BTreeSet;

pub(crate) const ACCEPTORS: usize = 3;
pub(crate) const MAJORITY: usize = 2;

/// A write by its number, and which writes it stands on, as bits; 0 is what was there at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Written {
    pub(crate) id: u8,
    pub(crate) seen: u8,
}

impl Value for Written {
    fn is(&self, other: &Self) -> bool {
        self.id == other.id
    }

    fn has(&self, write: &Self) -> bool {
        self.seen & 1 << write.id != 0
    }

    fn over(self, other: &Self) -> Self {
        Self { seen: other.seen | 1 << self.id, ..self }
    }
}

pub(crate) const START: Written = Written { id: 0, seen: 1 };

/// What a round asks. It stays on the wires: what is never delivered is lost, and all may be delivered late and again.
///
/// Answers are delivered at once or are lost. A late one would do the same as one that comes at once, as what its proposer does
/// with it goes over the wires, and may be late there; one that comes twice does as one of a request that comes twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Message {
    Prepare(Ballot),
    Accept(Ballot, Written, Ballot),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Proposer {
    /// Operations that are over.
    pub(crate) done: u8,
    pub(crate) round: Option<Round<Written>>,
}

/// What a client asked or was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Event {
    Writes(u8),
    Reads,
    Wrote,
    Found(u8),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) acceptors: [Acceptor<Written>; ACCEPTORS],
    /// Whether the last acceptor has been dark: not yet, now, before.
    pub(crate) dark: u8,
    pub(crate) proposers: [Proposer; 2],
    /// What a majority has promised to regions.
    pub(crate) ready: [Ballot; 2],
    pub(crate) wires: BTreeSet<Message>,
    /// What clients asked and were told, in order.
    pub(crate) told: Vec<(u8, Event)>,
}

/// Who does what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plot {
    /// Two regions write, and then read.
    Two,
    /// One region writes twice, and the other once.
    Again,
    /// One region writes twice and meanwhile reads twice.
    Together,
}

/// How far the world goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Operations of each proposer.
    pub(crate) operations: u8,
    /// Ballots: the highest turn.
    pub(crate) turns: u32,
    /// The last acceptor may go dark, and come back.
    pub(crate) darkness: bool,
    /// Who does what.
    pub(crate) plot: Plot,
    /// Answers may be lost.
    pub(crate) lossy: bool,
    /// Acceptors tell each other what they have accepted.
    pub(crate) gossip: bool,
    /// An acceptor takes whatever it is asked to: the fault that has to be found.
    pub(crate) careless: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Begin(usize),
    Again(usize),
    /// An acceptor hears a message, and its answer comes back or is lost.
    Hear(usize, Message, bool),
    /// One acceptor takes what another has accepted.
    Gossip(usize, usize),
    Dark,
}

impl Limits {
    /// Operations of a proposer.
    pub(crate) fn of(&self, who: usize) -> u8 {
        if self.plot == Plot::Again && who == 1 { 1 } else { self.operations }
    }

    /// The region of a proposer.
    pub(crate) fn place(&self, who: usize) -> usize {
        match self.plot {
            Plot::Two => who,
            // Of two ballots with the same turn that of the region with the lower number is lower: it may come in between.
            Plot::Again => 1 - who,
            Plot::Together => 0,
        }
    }

    /// What a proposer writes, by a number that nobody else writes; else it reads.
    pub(crate) fn writes(&self, who: usize, done: u8) -> Option<u8> {
        let writes = match (self.plot, who) {
            (Plot::Again | Plot::Together, 0) => true,
            (Plot::Two | Plot::Again, _) => done == 0,
            (Plot::Together, _) => false,
        };
        writes.then_some(1 + who as u8 + 2 * done)
    }
}

pub(crate) fn region(place: usize) -> RegionId {
    RegionId(place as u8)
}

impl World {
    pub(crate) fn is_up(&self, acceptor: usize) -> bool {
        acceptor < ACCEPTORS - 1 || self.dark != 1
    }

    pub(crate) fn begin(&mut self, who: usize, limits: &Limits) -> Option<()> {
        let proposer = &self.proposers[who];
        if proposer.round.is_some() || proposer.done >= limits.of(who) {
            return None;
        }
        let (at, writes) = (limits.place(who), limits.writes(who, proposer.done));
        let base = self.acceptors[at].shown().1;
        let write = writes.map(|id| (Written { id, seen: 1 << id }.over(&base), base));
        self.told.push((who as u8, writes.map_or(Event::Reads, Event::Writes)));
        let round = Round::begin(region(at), &mut self.acceptors[at], write, Some(self.ready[at]));
        (round.ballot().turn() <= limits.turns).then(|| self.ask(who, round))
    }

    pub(crate) fn ask(&mut self, who: usize, round: Round<Written>) {
        self.wires.insert(match *round.phase() {
            Phase::Prepare(_) => Message::Prepare(round.ballot()),
            Phase::Accept(value) => Message::Accept(round.ballot(), value, round.next()),
        });
        self.proposers[who].round = Some(round);
    }

    /// An acceptor hears a message. Its answer comes to who asked, unless it is lost.
    pub(crate) fn hear(&mut self, message: Message, at: usize, comes: bool, limits: &Limits) -> Option<()> {
        if !self.is_up(at) {
            return None;
        }
        let (from, own) = (region(at), &mut self.acceptors[at]);
        let ballot = match message {
            Message::Prepare(ballot) | Message::Accept(ballot, ..) => ballot,
        };
        let asks = |proposer: &Proposer| proposer.round.is_some_and(|round| round.ballot() == ballot);
        let who = self.proposers.iter().position(asks).filter(|_| comes);
        let mut round = who.and_then(|who| self.proposers[who].round);
        let mut outcome = None;
        let mut proposes = false;
        match message {
            Message::Prepare(_) => match (own.prepare(ballot), &mut round) {
                (Ok(shown), Some(round)) => {
                    proposes = round.on_promise(from, ballot, shown, (MAJORITY, |_| false));
                }
                (Err(promised), Some(round)) => drop(round.on_refused(from, ballot, promised, ACCEPTORS)),
                (_, None) => {}
            },
            Message::Accept(_, value, after) => {
                if limits.careless {
                    *own = Acceptor::new(own.shown().1);
                }
                match (own.accept(ballot, value, after), &mut round) {
                    (Ok(()), Some(round)) => {
                        let before = round.is_accepted(MAJORITY);
                        round.on_accepted(from, ballot);
                        outcome = round.outcome(MAJORITY, None).filter(|_| !before);
                    }
                    (Err(promised), Some(round)) => drop(round.on_refused(from, ballot, promised, ACCEPTORS)),
                    (_, None) => {}
                }
            }
        }
        if let (Some(who), Some(round)) = (who, round) {
            self.proposers[who].round = Some(round);
            if let Some(outcome) = outcome {
                self.end(who, &round, outcome, limits);
            } else if proposes {
                self.ask(who, round);
            }
        }
        Some(())
    }

    pub(crate) fn gossip(&mut self, from: usize, to: usize) -> Option<()> {
        let (ballot, value) = self.acceptors[from].shown();
        let news = ballot > self.acceptors[to].shown().0 && self.is_up(from) && self.is_up(to);
        news.then(|| self.acceptors[to].accept(ballot, value, ballot)).and_then(Result::ok)
    }

    /// A round that was refused begins again, when it likes to.
    pub(crate) fn again(&mut self, who: usize, limits: &Limits) -> Option<()> {
        let mut round = self.proposers[who].round.filter(Round::is_refused)?;
        round.again(&mut self.acceptors[limits.place(who)]);
        (round.ballot().turn() <= limits.turns).then(|| self.ask(who, round))
    }

    pub(crate) fn end(
        &mut self,
        who: usize,
        round: &Round<Written>,
        outcome: Outcome<Written>,
        limits: &Limits,
    ) {
        let proposer = &mut self.proposers[who];
        proposer.done += 1;
        proposer.round = None;
        self.ready[limits.place(who)] = round.next();
        match outcome {
            Outcome::Written(_) => self.told.push((who as u8, Event::Wrote)),
            Outcome::Read(value) => self.told.push((who as u8, Event::Found(value.id))),
            // The client knows that its write is not there: it is as if it had not asked, and its proposer does nothing more.
            Outcome::Outrun(_) => self.proposers[who].done = u8::MAX,
        }
    }

    /// Of worlds in which the same can happen, one: without messages that nobody heeds any more, and with questions that were asked
    /// at a time in the order of who asked.
    pub(crate) fn simplify(&mut self) {
        let (acceptors, proposers) = (self.acceptors, self.proposers.clone());
        self.wires.retain(|message| {
            let (Message::Prepare(ballot) | Message::Accept(ballot, ..)) = *message;
            let asks = |proposer: &Proposer| proposer.round.is_some_and(|round| round.ballot() == ballot);
            proposers.iter().any(asks) || acceptors.iter().any(|acceptor| acceptor.promised() <= ballot)
        });
        let asked = |event: &Event| matches!(event, Event::Writes(_) | Event::Reads);
        for told in self.told.chunk_by_mut(|one, other| asked(&one.1) && asked(&other.1)) {
            told.sort_by_key(|told| told.0);
        }
    }

    /// Everybody has got done.
    pub(crate) fn is_over(&self, limits: &Limits) -> bool {
        (0..2).all(|who| self.proposers[who].done >= limits.of(who))
    }

    /// Somebody could go on now if there were more ballots.
    pub(crate) fn is_out_of_ballots(&self, limits: &Limits) -> bool {
        let more = Limits { turns: u32::MAX, ..*limits };
        let goes = |limits: &Limits, step: Step| limits.next_state(self, step).is_some();
        let steps = (0..2).flat_map(|who| [Step::Begin(who), Step::Again(who)]);
        steps.into_iter().any(|step| !goes(limits, step) && goes(&more, step))
    }

    /// One register could have told clients what they were told.
    pub(crate) fn is_linearizable(&self) -> bool {
        let mut judge = LinearizabilityTester::new(Register(0));
        for (who, event) in &self.told {
            let taken = match *event {
                Event::Writes(id) => judge.on_invoke(*who, RegisterOp::Write(id)).is_ok(),
                Event::Reads => judge.on_invoke(*who, RegisterOp::Read).is_ok(),
                Event::Wrote => judge.on_return(*who, RegisterRet::WriteOk).is_ok(),
                Event::Found(id) => judge.on_return(*who, RegisterRet::ReadOk(id)).is_ok(),
            };
            assert!(taken, "each client does one thing at a time");
        }
        judge.is_consistent()
    }

    /// Whichever two acceptors are asked, the newest that they have stands on every write that was acknowledged.
    pub(crate) fn forgets_nothing(&self) -> bool {
        let wrote = |place: &usize| self.told[*place].1 == Event::Wrote;
        let asked = |place: usize| {
            let (who, _) = self.told[place];
            let before = self.told[..place].iter().rev().find(|told| told.0 == who);
            before.and_then(|told| if let Event::Writes(id) = told.1 { Some(id) } else { None })
        };
        let acknowledged: Vec<u8> = (0..self.told.len()).filter(wrote).filter_map(asked).collect();
        let newest = |left_out: usize| {
            let asked = (0..ACCEPTORS).filter(|acceptor| *acceptor != left_out);
            asked.map(|acceptor| self.acceptors[acceptor].shown()).max_by_key(|shown| shown.0)
        };
        let stands = |id: u8| {
            (0..ACCEPTORS).all(|left_out| newest(left_out).is_some_and(|it| it.1.seen & 1 << id != 0))
        };
        acknowledged.into_iter().all(stands)
    }
}
