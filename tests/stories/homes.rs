//! Homes: a user far from home, a home that moves, and a home that goes dark.

use faultline::kernel::id::RegionId;
use faultline::model::scenario::{Scenario, WritePattern};
use faultline::model::unit::{Factor, Rate, Share, Span};
use faultline::model::{Decider, Handover, Rule};
use faultline::system::database::Role;
use faultline::system::journal::What;

use super::collisions::lab_of;
use super::lab::Lab;
use super::laws;

fn partitioned() -> Scenario {
    partitioned_over(2)
}

fn partitioned_over(regions: usize) -> Scenario {
    let mut scenario = lab_of(regions, Rule::LastWriterWins);
    scenario.write_pattern = WritePattern::WritePartitioned;
    scenario.database.keys = 16;
    scenario.network.jitter = Factor(0.0);
    for population in &mut scenario.clients.populations {
        population.requests_per_s = Rate(5.0);
        population.read_share = Share(0.5);
    }
    scenario
}

/// The region that takes the writes of a partition, as far as each region knows.
fn homes_of(lab: &Lab, partition: usize) -> Vec<Option<RegionId>> {
    let system = &lab.run.world().system;
    (0..system.databases.len() as u8)
        .map(|region| system.ownership.writer(RegionId(region), partition))
        .collect()
}

/// Half of what New York asks is answered within this time, in milliseconds, from a second on.
fn median_after(scenario: &Scenario, order: &str) -> f64 {
    let mut lab = Lab::new(scenario, 1);
    lab.order(order).run_to(300.0);
    lab.run.report().by_client["New York"].requests.p50_ms.expect("answers")
}

#[test]
fn a_traveller_reads_near_and_writes_home() {
    let mut reads = partitioned();
    reads.clients.populations[0].read_share = Share(1.0);
    let mut writes = partitioned();
    writes.clients.populations[0].read_share = Share(0.0);
    let stay = "travel=New York>New York";
    let go = "travel=New York>London";
    let (near, far) = (median_after(&reads, stay), median_after(&reads, go));
    assert!((near - far).abs() < 20.0, "reads are answered near: {near} ms, {far} ms");
    let (near, far) = (median_after(&writes, stay), median_after(&writes, go));
    assert!(far > near + 50.0, "writes go home across the ocean: {near} ms, {far} ms");
    let mut lab = Lab::new(&partitioned(), 1);
    lab.order(go).run_to(300.0);
    assert_eq!(lab.run.report().consistency.collisions, 0, "a traveller collides with nobody");
}

#[test]
fn a_frozen_home_refuses_until_the_new_one_has_everything_and_nothing_collides() {
    let mut scenario = partitioned();
    scenario.database.delay_s = Span(5.0);
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(60.0).order("move-home=us-east-1>eu-west-1").run_to(200.0);
    let moved = lab.when(|what| matches!(what, What::HomeMoved { .. })).expect("it moved");
    assert!(moved > 64.0 && moved < 70.0, "it waits for what is on its way: {moved}");
    assert!(lab.failed(60.0, 80.0) > 5, "writes are refused meanwhile");
    assert_eq!(lab.failed(80.0, 200.0), 0);
    assert_eq!(homes_of(&lab, 0), [Some(RegionId(1)); 2]);
    assert_eq!(lab.run.report().consistency.collisions, 0);
}

#[test]
fn a_home_that_has_moved_can_move_on_and_is_frozen_again_meanwhile() {
    let mut scenario = partitioned_over(3);
    scenario.database.delay_s = Span(5.0);
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(60.0).order("move-home=us-east-1>eu-west-1").run_to(200.0);
    lab.order("move-home=us-east-1>ap-south-1").run_to(202.0);
    assert_eq!(homes_of(&lab, 0), [None; 3]);
    lab.run_to(400.0);
    assert_eq!(homes_of(&lab, 0), [Some(RegionId(2)); 3]);
    assert!(lab.failed(200.0, 220.0) > 5, "writes are refused while the home moves again");
    assert_eq!(lab.failed(230.0, 400.0), 0);
    assert_eq!(lab.run.report().consistency.collisions, 0);
}

#[test]
fn a_home_that_moves_while_it_is_live_lets_both_take_writes_for_a_moment() {
    let collisions: u64 = (0..20)
        .map(|seed| {
            let mut scenario = partitioned();
            scenario.recovery.handover = Handover::Live;
            scenario.database.delay_s = Span(5.0);
            let mut lab = Lab::new(&scenario, seed);
            lab.run_to(60.0).order("move-home=us-east-1>eu-west-1").run_to(120.0);
            assert_eq!(lab.failed(0.0, 120.0), 0, "nobody is refused");
            lab.run.report().consistency.collisions
        })
        .sum();
    assert!(collisions > 20, "what had not arrived was overwritten unseen: {collisions}");
}

#[test]
fn a_hand_over_that_is_cut_in_the_middle_waits_with_the_writes_refused() {
    let mut scenario = partitioned();
    scenario.database.delay_s = Span(5.0);
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(60.0).order("move-home=us-east-1>eu-west-1").run_to(62.0);
    lab.order("link-cut=us-east-1:eu-west-1").run_to(180.0);
    assert!(lab.when(|what| matches!(what, What::HomeMoved { .. })).is_none());
    assert!(lab.when(|what| matches!(what, What::StepBlocked(..))).is_some());
    assert!(lab.failed(100.0, 180.0) > 50, "nobody takes the writes of this partition");
    lab.order("clear link-cut=us-east-1:eu-west-1").run_to(260.0);
    assert_eq!(lab.failed(220.0, 260.0), 0);
    assert_eq!(lab.run.report().consistency.collisions, 0);
}

#[test]
fn users_of_a_dark_home_get_another_and_the_old_one_is_told_when_it_returns() {
    let run = |seed: u64, fence_fails: bool, rehome: bool| {
        let mut scenario = partitioned();
        scenario.recovery.rehome = rehome;
        let mut lab = Lab::new(&scenario, seed);
        lab.run_to(60.0).order("region-dark=us-east-1").run_to(400.0);
        let failed = lab.failed(300.0, 400.0);
        if fence_fails {
            lab.order("fence-fails");
        }
        lab.order("clear region-dark=us-east-1").run_to(900.0);
        (failed, lab.run.report().consistency, homes_of(&lab, 0)[0])
    };
    let (failed, _, _) = run(5, false, false);
    assert!(failed > 100, "without another home nobody takes the writes: {failed}");
    let (mut told_lost, mut not_told_lost) = (0, 0);
    for seed in 1..=8 {
        let (failed, told, home) = run(seed, false, true);
        assert_eq!(home, Some(RegionId(1)), "seed {seed}");
        assert!(
            failed < 100,
            "seed {seed}: a client whose resolver keeps the old answer may still fail: {failed}"
        );
        let (_, not_told, home) = run(seed, true, true);
        assert_eq!(home, Some(RegionId(0)), "seed {seed}: it was not told");
        assert!(not_told.collisions > told.collisions, "seed {seed}: two homes for one partition");
        (told_lost, not_told_lost) = (told_lost + told.lost_updates, not_told_lost + not_told.lost_updates);
    }
    // Only what a region had to itself when it went dark meets something: a write or two.
    assert!(told_lost <= 16 && not_told_lost > 5 * told_lost.max(8), "{told_lost} and {not_told_lost}");
}

#[test]
fn a_home_does_not_go_to_a_copy_that_is_to_be_filled_anew() {
    // Virginia was dark while the database was restored in Ireland: its copy has what was undone.
    let mut scenario = partitioned_over(3);
    scenario.recovery.decider = Decider::Manual;
    let mut lab = Lab::new(&scenario, 3);
    lab.run_to(60.0).order("region-dark=us-east-1").run_to(120.0).order("restore=eu-west-1@60");
    lab.run_to(4000.0).order("clear region-dark=us-east-1").run_to(4010.0);
    assert_eq!(lab.run.world().system.databases[0].role, Role::Rebuilding);
    lab.order("move-home=eu-west-1>us-east-1").run_to(4100.0);
    assert_ne!(lab.run.world().system.ownership.newest(1).owner, RegionId(0), "it waits until it is filled");
    assert_eq!(laws::unlisted(&lab.run), []);
}
