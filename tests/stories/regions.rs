//! Six regions: everybody asks the nearest, all copies become the same after a cut, and one that dies is made up for by the rest.

use crate::laws;
use faultline::kernel::id::{PopulationId, RegionId};
use faultline::kernel::region_map::MOST_REGIONS;
use faultline::model::scenario::{Scenario, WritePattern};
use faultline::model::unit::Rate;
use faultline::model::{Rule, builtin};

use super::collisions::{agreed, lab_of};
use super::lab::Lab;

fn six() -> Scenario {
    let scenario = builtin("six-regions").expect("it is built in");
    assert_eq!(scenario.regions.len(), MOST_REGIONS);
    scenario
}

#[test]
fn requests_go_to_the_nearest_of_six() {
    let scenario = six();
    let mut lab = Lab::new(&scenario, 2);
    lab.run_to(120.0);
    let plan = lab.run.plan();
    let mut used = Vec::new();
    for (index, tally) in lab.run.world().observer.metrics.tallies.iter().enumerate() {
        let (nearest, city) = (plan.home_regions[index], plan.city(PopulationId(index as u8)));
        let (most, _) = tally.rate_to.iter().max_by(|a, b| a.1.total_cmp(b.1)).expect("six");
        assert_eq!(most, nearest, "{city}");
        assert!(tally.rate_to.iter().all(|(region, rate)| region == nearest || *rate == 0.0), "{city}");
        used.push(nearest);
    }
    used.sort();
    used.dedup();
    assert_eq!(used.len(), MOST_REGIONS, "every region has clients of its own: {used:?}");
    assert_eq!(lab.failed(0.0, 120.0), 0);
}

#[test]
fn a_region_of_six_that_goes_dark_is_made_up_for_by_the_rest() {
    for pattern in WritePattern::ALL {
        let scenario = Scenario { write_pattern: pattern, ..six() };
        for dark in ["us-east-1", "ap-southeast-2"] {
            let mut lab = Lab::new(&scenario, 3);
            lab.run_to(60.0).order(&format!("region-dark={dark}")).run_to(900.0);
            let told = format!("{pattern:?} without {dark}");
            assert_eq!(laws::unlisted(&lab.run), [], "{told}");
            let (failed, served) = (lab.failed(600.0, 900.0), lab.served(600.0, 900.0));
            // One region takes all writes: while it is dark nobody else does.
            if pattern == WritePattern::WriteGlobal && dark == "us-east-1" {
                continue;
            }
            assert!(failed * 1000 < served, "{told}: {failed} failed of {served}");
        }
    }
}

#[test]
fn after_a_cut_has_healed_all_six_copies_are_the_same() {
    for rule in [Rule::LastWriterWins, Rule::FirstRegionWins, Rule::Siblings, Rule::Merge] {
        let mut scenario = lab_of(MOST_REGIONS, rule);
        for population in &mut scenario.clients.populations {
            population.requests_per_s = Rate(4.0);
        }
        let mut lab = Lab::new(&scenario, 5);
        let codes: Vec<String> = scenario.regions.iter().map(|region| region.code.clone()).collect();
        // The first two on one side, the other four on the other.
        let cuts: Vec<String> = codes[..2]
            .iter()
            .flat_map(|a| codes[2..].iter().map(move |b| format!("link-cut={a}:{b}")))
            .collect();
        lab.run_to(20.0);
        for cut in &cuts {
            lab.order(cut);
        }
        lab.run_to(80.0);
        assert!(agreed(&lab).is_err(), "{rule:?}: what one side writes does not reach the other");
        for cut in &cuts {
            lab.order(&format!("clear {cut}"));
        }
        lab.run_to(90.0);
        silence(&mut lab);
        lab.run_to(200.0);
        assert_eq!(agreed(&lab), Ok(()), "{rule:?}");
        assert_eq!(laws::unlisted(&lab.run), [], "{rule:?}");
    }
}

/// Nobody reaches any region any more, so that nothing new is written while what was written spreads.
fn silence(lab: &mut Lab) {
    let codes: Vec<String> =
        lab.run.plan().scenario.regions.iter().map(|region| region.code.clone()).collect();
    for code in codes {
        lab.order(&format!("bad-deploy={code}"));
    }
}

#[test]
fn what_is_written_in_one_of_six_is_read_in_all() {
    let mut scenario = lab_of(MOST_REGIONS, Rule::LastWriterWins);
    scenario.script = super::collisions::script(&[(5.0, "write=Mumbai:3")]);
    let mut lab = Lab::new(&scenario, 1);
    lab.run_to(30.0);
    let shown: Vec<RegionId> =
        lab.run.world().system.databases.iter().map(|db| db.versions[3].id.region).collect();
    assert_eq!(shown, [RegionId(2); MOST_REGIONS]);
}
