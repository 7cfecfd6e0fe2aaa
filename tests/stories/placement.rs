//! Placement: laws about where data may be held, in systems whose keys have homes and in systems that are rebuilt from backups.

use crate::lab::Lab;
use crate::{draw, laws};
use faultline::kernel::id::{LawId, RegionId};
use faultline::model::obstacle::Obstacle;
use faultline::model::scenario::Scenario;
use faultline::run::report::executions::ExecutionState;
use faultline::scene::words::refusal;
use faultline::system::backups::Backups;
use faultline::system::journal::What;
use faultline::system::refusal::Refusal;
use serde_json::{Value, json};

const VIRGINIA: RegionId = RegionId(0);
const IRELAND: RegionId = RegionId(1);
const LONDON: RegionId = RegionId(2);
const FRANKFURT: RegionId = RegionId(3);

/// Six regions; each is the home of the keys of those who live near it. Every client waits for its answers as long as the
/// light takes, and no longer.
fn six(placement: Value) -> Scenario {
    six_with(placement, json!({}))
}

/// The same with settings of its own for backups, and for the decider.
fn six_with(placement: Value, backup: Value) -> Scenario {
    let region = |code: &str| json!({ "code": code, "servers": 2 });
    let people = |city: &str| json!({ "city": city, "requests_per_s": 4, "read_share": 0.5 });
    let codes = ["us-east-1", "eu-west-1", "eu-west-2", "eu-central-1", "ap-south-1", "sa-east-1"];
    let cities = ["New York", "Dublin", "London", "Frankfurt", "Mumbai", "Sao Paulo"];
    let file = json!({
        "name": "six-homes", "title": "Six homes", "horizon_s": 7200,
        "strategy": "multi-site", "write_pattern": "write-partitioned",
        "regions": codes.map(region),
        "database": { "engine": "dynamodb-global", "keys": 24, "size_gib": 5 },
        "network": { "jitter": 0 },
        "clients": {
            "extending_share": 0,
            "populations": cities.map(people)
        },
        "backup": backup,
        "placement": placement
    });
    Scenario::read(&file.to_string()).expect("a good file")
}

/// The European Union's own law for what is at home in Ireland: of the six only Ireland and Frankfurt may hold it.
fn gdpr() -> Value {
    json!([{ "law": "GDPR", "partition": "eu-west-1", "regions": ["eu-west-1", "eu-central-1"] }])
}

fn home(lab: &Lab, partition: RegionId) -> RegionId {
    lab.run.world().system.ownership.newest(partition.index()).owner
}

fn refused(lab: &Lab) -> Option<Refusal> {
    let last = lab.record.journal.last().map(|entry| entry.what);
    if let Some(What::OrderRefused(_, why)) = last { Some(why) } else { None }
}

/// How many keys of a partition somebody has written, by the region in which a copy has such a write.
fn written(lab: &Lab, partition: RegionId) -> Vec<usize> {
    let plan = lab.run.plan();
    let own = |key: &usize| plan.partition(*key as u16) == partition.index();
    let databases = lab.run.world().system.databases.iter();
    let count = |versions: &[faultline::system::version::Version]| {
        (0..versions.len()).filter(own).filter(|key| versions[*key].id.is_written()).count()
    };
    databases.map(|database| count(&database.versions)).collect()
}

#[test]
fn a_copy_holds_only_the_partitions_that_the_law_lets_it_hold() {
    for seed in [3, 5] {
        let mut lab = Lab::new(&six(gdpr()), seed);
        lab.run_to(120.0);
        let (ireland, virginia) = (written(&lab, IRELAND), written(&lab, VIRGINIA));
        let lawful = [IRELAND, FRANKFURT].map(RegionId::index);
        for region in 0..6 {
            assert_eq!(ireland[region] > 0, lawful.contains(&region), "seed {seed}, {region}: {ireland:?}");
            assert!(virginia[region] > 0, "seed {seed}: what no law binds is everywhere: {virginia:?}");
        }
        let report = lab.run.report();
        assert_eq!(report.requests.failed, 0, "seed {seed}");
        // A commit that may be in one other copy is sent once, and any other five times.
        let replicated = lab.run.world().system.meters.replicated;
        let writes = lab.run.world().system.meters.writes;
        assert_eq!(replicated[IRELAND], writes[IRELAND], "seed {seed}");
        assert_eq!(replicated[VIRGINIA], 5 * writes[VIRGINIA], "seed {seed}");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

#[test]
fn who_travels_reads_at_home_what_may_not_be_held_where_they_are() {
    let read_ms = |placement: Value| {
        let mut scenario = six(placement);
        for population in &mut scenario.clients.populations {
            population.read_share = faultline::model::unit::Share(1.0);
        }
        let mut lab = Lab::new(&scenario, 3);
        lab.order("travel=Dublin>New York").run_to(300.0);
        let report = lab.run.report();
        assert_eq!(report.requests.failed, 0);
        report.by_client["Dublin"].requests.p50_ms.expect("answers")
    };
    let (near, far) = (read_ms(json!([])), read_ms(gdpr()));
    let across = faultline::catalog::round_trip_ms(
        faultline::catalog::region_index("us-east-1").expect("a region"),
        faultline::catalog::region_index("eu-west-1").expect("a region"),
    );
    assert!(
        (far - near - across).abs() < 5.0,
        "{near} ms, {far} ms with the law; {across} ms between the two"
    );
}

#[test]
fn a_partition_goes_only_to_a_region_that_the_law_lets_hold_it_even_if_another_is_nearer() {
    for seed in [3, 5] {
        let dark = |placement: Value| {
            let mut lab = Lab::new(&six(placement), seed);
            lab.run_to(120.0).order("region-dark=eu-west-1").run_to(900.0);
            let known: Vec<_> = (0..6)
                .map(|at| lab.run.world().system.ownership.writer(RegionId(at), IRELAND.index()))
                .collect();
            let heard =
                (0..6).filter(|at| *at != IRELAND.index()).all(|at| known[at] == Some(home(&lab, IRELAND)));
            assert!(heard, "seed {seed}: all that answer have heard: {known:?}");
            assert_eq!(lab.failed(600.0, 900.0), 0, "seed {seed}: and everybody is served again");
            assert_eq!(laws::unlisted(&lab.run), []);
            home(&lab, IRELAND)
        };
        // London is nearer to Ireland, and Virginia stands first.
        assert_eq!(dark(gdpr()), FRANKFURT, "seed {seed}");
        assert_eq!(dark(json!([])), VIRGINIA, "seed {seed}");
        let continent = json!([{ "law": "GDPR", "partition": "eu-west-1", "continent": "Europe" }]);
        assert_eq!(dark(continent), LONDON, "seed {seed}: by geography London will do");
    }
}

#[test]
fn where_no_region_is_left_that_may_hold_it_a_partition_waits_and_says_for_which_law() {
    for seed in [3, 5] {
        let both_dark = || {
            let mut lab = Lab::new(&six(gdpr()), seed);
            lab.run_to(60.0).order("region-dark=eu-central-1").run_to(300.0);
            lab.order("region-dark=eu-west-1").run_to(900.0);
            assert_eq!((home(&lab, IRELAND), home(&lab, FRANKFURT)), (IRELAND, VIRGINIA), "seed {seed}");
            let told = |what: &What| matches!(what, What::StepBlocked(_, Obstacle::NoLawfulHome(LawId(0))));
            let said = lab.entries(told).next().map(|entry| entry.what).expect("it says what it waits for");
            let words = faultline::scene::words::Words { plan: lab.run.plan(), lost: &[] };
            let wanted = "because GDPR lets only eu-west-1 and eu-central-1 hold what is at home in eu-west-1, \
                          and none takes writes.";
            assert!(words.sentence(&said).ends_with(wanted), "{}", words.sentence(&said));
            let executions = lab.run.report().incidents.into_iter().flat_map(|it| it.executions);
            let open: Vec<_> = executions.filter(|it| it.state == ExecutionState::Waiting).collect();
            let [waiting] = &open[..] else { panic!("seed {seed}: one waits: {open:?}") };
            let wait = waiting.steps[0].waits_for.as_ref().expect("a reason");
            assert_eq!((wait.need, wait.text.as_str()), ("placement", "placement by GDPR"));
            lab
        };
        let mut comes_back = both_dark();
        comes_back.order("clear region-dark=eu-central-1").run_to(1200.0);
        assert_eq!(home(&comes_back, IRELAND), FRANKFURT, "seed {seed}: it goes on where it may");
        let mut itself = both_dark();
        itself.order("clear region-dark=eu-west-1").run_to(1500.0);
        assert_eq!(home(&itself, IRELAND), IRELAND, "seed {seed}");
        let open = itself.run.world().operations.executions.len();
        assert_eq!(open, 0, "seed {seed}: nobody waits any more for another home");
        for lab in [comes_back, itself] {
            assert_eq!(laws::unlisted(&lab.run), []);
        }
    }
}

#[test]
fn of_several_partitions_of_a_dark_region_each_goes_where_its_own_law_lets_it() {
    let two = json!([
        { "law": "GDPR", "partition": "eu-west-1", "regions": ["eu-west-1", "eu-central-1"] },
        { "law": "UK GDPR", "partition": "eu-west-2", "regions": ["eu-west-2", "eu-west-1"] }
    ]);
    // Only Ireland may hold both, and so a copy of all.
    let mut lab = Lab::new(&six_with(two, json!({ "copies": false })), 3);
    lab.run_to(60.0).order("move-home=eu-west-2>eu-west-1").run_to(180.0);
    assert_eq!(home(&lab, LONDON), IRELAND);
    lab.order("region-dark=eu-west-1").run_to(600.0);
    assert_eq!((home(&lab, IRELAND), home(&lab, LONDON)), (FRANKFURT, LONDON));
    assert_eq!(laws::unlisted(&lab.run), []);
}

#[test]
fn an_order_that_would_break_a_law_is_refused_with_its_name() {
    let mut lab = Lab::new(&six(gdpr()), 3);
    lab.run_to(60.0);
    for given in [
        "move-home=eu-west-1>us-east-1",
        "move-home=eu-west-1>eu-west-2",
        "restore=us-east-1",
        "run=move-home:eu-west-1>us-east-1",
        "run=evacuate:eu-west-1>eu-west-2",
    ] {
        lab.order(given);
        let why = refused(&lab).unwrap_or_else(|| panic!("{given} is refused"));
        let Refusal::Law(LawId(0), region) = why else { panic!("{given}: {why:?}") };
        let code = lab.run.plan().region_code(region);
        let wanted = format!(
            "GDPR lets only eu-west-1 and eu-central-1 hold what is at home in eu-west-1, and not {code}"
        );
        assert_eq!(refusal::because(lab.run.plan(), why), wanted, "{given}");
    }
    lab.order("move-home=eu-west-1>eu-central-1").order("move-home=us-east-1>eu-west-2").run_to(180.0);
    assert_eq!((home(&lab, IRELAND), home(&lab, VIRGINIA)), (FRANKFURT, LONDON), "where it may go it goes");
    assert_eq!(lab.run.report().loss.counts.missing(), 0);
    assert_eq!(laws::unlisted(&lab.run), []);
}

/// Backups every few minutes, and restores that take half a minute.
fn often() -> Value {
    json!({
        "interval_s": 120, "window_s": 10, "copy_min_s": 10, "log_interval_s": 30, "change_gib_per_day": 1,
        "restore_min_s": 30, "restore_typical_s": 30, "restore_max_s": 30
    })
}

#[test]
fn backups_are_made_copied_and_restored_only_where_all_of_the_data_may_be() {
    for seed in [3, 5] {
        let mut lab = Lab::new(&six_with(gdpr(), often()), seed);
        lab.run_to(600.0);
        let holds = |lab: &Lab, region: RegionId| {
            let shelf = &lab.run.world().system.backups.shelf;
            shelf.iter().filter(|snapshot| Backups::held_in(snapshot, region).is_some()).count()
        };
        let held: Vec<bool> = (0..6).map(|at| holds(&lab, RegionId(at)) > 0).collect();
        assert_eq!(held, [false, true, false, true, false, false], "seed {seed}: Ireland's, and its copies");
        lab.order("mass-delete=us-east-1").run_to(3000.0);
        let restored = lab.entries(|what| matches!(what, What::DatabaseRestored { .. })).next();
        let restored = restored.map(|entry| entry.what);
        assert!(
            matches!(restored, Some(What::DatabaseRestored { region: IRELAND, .. })),
            "seed {seed}: {restored:?}"
        );
        assert_eq!(lab.ruined(), [0; 6], "seed {seed}: and every copy is filled from there");
        assert_eq!(
            (lab.failed(2700.0, 3000.0), written(&lab, IRELAND)[VIRGINIA.index()]),
            (0, 0),
            "seed {seed}"
        );
        assert!(written(&lab, VIRGINIA)[VIRGINIA.index()] > 0, "seed {seed}: with what it may hold");
        assert_eq!(laws::unlisted(&lab.run), []);
    }
}

/// Everything is made anew from a backup: in Ireland's place stands Virginia, or Frankfurt.
fn rebuilt(placement: Value) -> Scenario {
    let file = json!({
        "name": "rebuilt", "title": "From a backup", "strategy": "backup-restore", "horizon_s": 14400,
        "regions": [
            { "code": "eu-west-1", "servers": 2 }, { "code": "us-east-1", "servers": 0 },
            { "code": "eu-central-1", "servers": 0 }
        ],
        "backup": often(),
        "database": { "size_gib": 5 },
        "recovery": { "decider": "automatic", "servers": 2 },
        "clients": { "populations": [{ "city": "Dublin", "requests_per_s": 4 }] },
        "placement": placement
    });
    Scenario::read(&file.to_string()).expect("a good file")
}

#[test]
fn what_is_made_anew_is_made_where_the_law_lets_all_data_be() {
    let europe = || json!([{ "law": "GDPR", "continent": "Europe" }]);
    for (placement, goes) in [(json!([]), RegionId(1)), (europe(), RegionId(2))] {
        let mut lab = Lab::new(&rebuilt(placement), 3);
        lab.run_to(600.0).order("region-dark=eu-west-1").run_to(7200.0);
        assert_eq!(lab.run.world().system.ownership.primary(), goes);
        assert_eq!(laws::unlisted(&lab.run), []);
    }
    let mut lab = Lab::new(&rebuilt(europe()), 3);
    lab.run_to(600.0).order("fail-over=us-east-1");
    assert_eq!(refused(&lab), Some(Refusal::Law(LawId(0), RegionId(1))));
    let said = refusal::because(lab.run.plan(), Refusal::Law(LawId(0), RegionId(1)));
    assert_eq!(said, "GDPR lets only eu-west-1 and eu-central-1 hold data, and not us-east-1");
}

#[test]
fn a_step_that_would_bring_data_to_where_a_law_forbids_it_waits_and_names_it() {
    let copy = json!([{ "name": "copy-away", "starts": { "when": "unhealthy" }, "decider": "automatic", "steps": [
        { "name": "copy", "action": "rebuild-copy" }
    ] }]);
    // Ireland alone may hold anything: its work has nowhere to go.
    let mut file = serde_json::to_value(rebuilt(json!([]))).expect("plain data");
    file["runbooks"] = copy;
    file["backup"]["copies"] = false.into();
    file["placement"] = json!([{ "law": "Irish law", "regions": ["eu-west-1"] }]);
    let mut lab = Lab::new(&Scenario::read(&file.to_string()).expect("a good file"), 3);
    lab.run_to(60.0).order("region-dark=eu-west-1").run_to(600.0);
    assert_eq!(lab.waits_for("copy").as_deref(), Some("placement=us-east-1 by Irish law"));
    let told = |what: &What| matches!(what, What::StepBlocked(_, Obstacle::Law(LawId(0), RegionId(1))));
    assert_eq!(lab.entries(told).count(), 1, "and it is said once");
    lab.order("run=rebuild-from-backup:eu-west-1>us-east-1");
    assert_eq!(refused(&lab), Some(Refusal::Law(LawId(0), RegionId(1))));
    assert_eq!(laws::unlisted(&lab.run), []);
    lab.order("clear region-dark=eu-west-1").run_to(900.0);
    assert!(
        lab.run.world().operations.executions.is_empty(),
        "nobody waits any more once the region is well"
    );
}

#[test]
fn random_scripts_keep_the_laws_of_placement() {
    let placed = |seed: u64| {
        let scenario = draw::system(seed);
        let homes = scenario.database.conflict.why_local().is_none();
        let every = scenario.database.engine.writes_everywhere() && homes;
        if !every || scenario.regions.len() < 3 {
            return None;
        }
        let mut file = serde_json::to_value(&scenario).expect("plain data");
        let code = |index: usize| scenario.regions[index].code.clone();
        let other = code(2 * (seed as usize % 2));
        file["strategy"] = "multi-site".into();
        file["write_pattern"] = "write-partitioned".into();
        file["dns"]["policy"] = "latency".into();
        // Keys with homes are answered by one copy.
        file["database"]["replicas_read"] = 1.into();
        file["database"]["replicas_written"] = 1.into();
        file["database"]["read_repair"] = false.into();
        // A queue goes with no rule of placement.
        file["write_queue"]["kind"] = "none".into();
        for region in file["regions"].as_array_mut().expect("a list") {
            region["servers"] = 4.into();
        }
        file["placement"] = json!([{ "law": "GDPR", "partition": code(1), "regions": [code(1), other] }]);
        Some(Scenario::read(&file.to_string()).expect("a good file"))
    };
    let most = if std::env::var_os("FAULTLINE_NIGHT").is_some() { 1000 } else { 60 };
    let mut found = Vec::new();
    for (seed, scenario) in (0..).filter_map(|seed| Some((seed, placed(seed)?))).take(most) {
        let script = draw::script(&scenario, seed);
        let (run, _) = draw::run(&scenario, seed, &script, draw::SCRIPT_S);
        let unlisted = laws::unlisted(&run);
        found.extend(unlisted.iter().map(|broken| format!("{seed}: {broken}: {}", draw::in_words(&script))));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
