//! Every run of the register's protocol, in a small world: the rounds and the acceptors that the simulation runs, with messages
//! that are lost, doubled and come in any order, and an acceptor that goes dark and comes back. stateright explores it, and
//! judges what clients were told. Backwards from where all have got done, a search of our own finds whether anybody can be stuck.
#![cfg(not(target_arch = "wasm32"))]

#[path = "consensus/world.rs"]
mod world;

use faultline_core::system::consensus::{Acceptor, Ballot};
use stateright::{Checker, HasDiscoveries, Model, Property};
use std::collections::{BTreeSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use world::{ACCEPTORS, Limits, Plot, Proposer, START, Step, World};

impl Model for Limits {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        let proposer = Proposer { done: 0, round: None };
        vec![World {
            acceptors: [Acceptor::new(START); ACCEPTORS],
            dark: 0,
            proposers: [proposer.clone(), proposer],
            ready: [Ballot::NONE; 2],
            wires: BTreeSet::new(),
            told: Vec::new(),
        }]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        for who in 0..2 {
            steps.extend([Step::Begin(who), Step::Again(who)]);
        }
        for at in 0..ACCEPTORS {
            for comes in [true, false].into_iter().filter(|comes| *comes || self.lossy) {
                steps.extend(world.wires.iter().map(|message| Step::Hear(at, *message, comes)));
            }
        }
        if self.gossip {
            let pairs = (0..ACCEPTORS).flat_map(|from| (0..ACCEPTORS).map(move |to| Step::Gossip(from, to)));
            steps.extend(pairs);
        }
        if self.darkness && world.dark < 2 {
            steps.push(Step::Dark);
        }
    }

    fn next_state(&self, world: &World, step: Step) -> Option<World> {
        let mut next = world.clone();
        match step {
            Step::Begin(who) => next.begin(who, self),
            Step::Again(who) => next.again(who, self),
            Step::Hear(at, message, comes) => next.hear(message, at, comes, self),
            Step::Gossip(from, to) => next.gossip(from, to),
            Step::Dark => {
                next.dark += 1;
                Some(())
            }
        }?;
        next.simplify();
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("linearizable", |_, world: &World| world.is_linearizable()),
            Property::always("no acknowledged write is forgotten", |_, world: &World| {
                world.forgets_nothing()
            }),
        ]
    }
}

/// How many states there are; from how many of those with all acceptors up all can get done; from how many only if there were
/// more ballots; and from how many not at all.
#[expect(clippy::disallowed_types, reason = "it is only looked up in, and there are millions")]
fn ends(limits: &Limits) -> [usize; 4] {
    let print = |world: &World| {
        let mut hasher = DefaultHasher::new();
        world.hash(&mut hasher);
        hasher.finish()
    };
    let start = limits.init_states().remove(0);
    let mut numbers = std::collections::HashMap::from([(print(&start), 0u32)]);
    let (mut edges, mut over, mut out, mut up) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut queue = VecDeque::from([(0u32, start)]);
    while let Some((place, world)) = queue.pop_front() {
        over.push(world.is_over(limits));
        out.push(world.is_out_of_ballots(limits));
        up.push(world.dark != 1);
        for next in limits.next_states(&world) {
            let count = numbers.len() as u32;
            let number = *numbers.entry(print(&next)).or_insert(count);
            if number == count {
                queue.push_back((number, next));
            }
            edges.push((number, place));
        }
    }
    edges.sort_unstable();
    let done = leads_to(&edges, over);
    let perhaps = leads_to(&edges, out);
    let count = |is: &dyn Fn(usize) -> bool| (0..up.len()).filter(|place| up[*place] && is(*place)).count();
    [
        up.len(),
        count(&|place| done[place]),
        count(&|place| !done[place] && perhaps[place]),
        count(&|place| !done[place] && !perhaps[place]),
    ]
}

/// The states that lead to some of these: what leads to one that does leads there too. Edges are sorted by where they end.
fn leads_to(edges: &[(u32, u32)], mut these: Vec<bool>) -> Vec<bool> {
    let mut back: Vec<u32> = (0..these.len() as u32).filter(|place| these[*place as usize]).collect();
    while let Some(place) = back.pop() {
        let from = edges.partition_point(|edge| edge.0 < place);
        for (_, before) in edges[from..].iter().take_while(|edge| edge.0 == place) {
            if !std::mem::replace(&mut these[*before as usize], true) {
                back.push(*before);
            }
        }
    }
    these
}

/// stateright finds no state that breaks a property, and nobody is stuck.
fn explore(limits: Limits) {
    let checker = limits.checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    let [states, done, perhaps, stuck] = ends(&limits);
    assert_eq!(states, checker.unique_state_count(), "both have seen the same world");
    println!("figure: {limits:?}: {states} states");
    println!("with all acceptors up, {done} can get done, {perhaps} with more ballots, {stuck} never");
    assert_eq!(stuck, 0, "{limits:?}");
}

const SMALL: Limits = Limits {
    operations: 1,
    turns: 2,
    darkness: false,
    plot: Plot::Two,
    lossy: true,
    gossip: false,
    careless: false,
};

#[test]
fn two_writers_on_bad_wires_are_one_register_and_get_done() {
    explore(SMALL);
    explore(Limits { darkness: true, ..SMALL });
}

#[test]
fn a_region_that_writes_again_and_again_and_reads_meanwhile_keeps_its_register() {
    explore(Limits { operations: 2, turns: 3, plot: Plot::Together, ..SMALL });
}

#[test]
fn night_acceptors_that_tell_each_other_are_one_register() {
    if std::env::var_os("FAULTLINE_NIGHT").is_some() {
        explore(Limits { operations: 2, turns: 4, plot: Plot::Again, lossy: false, gossip: true, ..SMALL });
    }
}

#[test]
fn an_acceptor_that_takes_a_lower_ballot_is_found() {
    let careless = Limits { careless: true, ..SMALL };
    let checker = careless.checker().finish_when(HasDiscoveries::Any).spawn_bfs().join();
    assert!(!checker.discoveries().is_empty(), "{} states hold all", checker.unique_state_count());
}

#[test]
fn night_two_writers_that_read_are_one_register_with_three_ballots() {
    if std::env::var_os("FAULTLINE_NIGHT").is_some() {
        explore(Limits { operations: 2, turns: 3, darkness: true, ..SMALL });
    }
}
