//! Runs as lines of text: every built-in scenario under a storm that hits what it depends on, seed by seed; the first one
//! with a queue in front of its writes, one whose writer has no reader, one on a bucket, one whose fleet also shrinks, and one whose checks are
//! calculated.

use faultline::kernel::clock::SimTime;
use faultline::model::engine::Engine;
use faultline::model::scenario::{Scenario, Strategy};
use faultline::model::unit::{Gib, Rate, Share, Span};
use faultline::model::{BalancerKind, Depth, Inside, Order, QueueKind, ScaleBy, ServiceTimes, builtin};
use faultline::run::simulation::Simulation;
use faultline::system::context::Record;

/// How many seeds.
pub(crate) const SEEDS: u64 = 27;

/// From this seed on there is a queue.
const QUEUED: u64 = 20;

/// From this seed on a writer has no reader.
const ALONE: u64 = 23;

/// From this seed on there is a bucket with objects that are older than the rule of its replication.
const BUCKET: u64 = 24;

/// From this seed on Auto Scaling goes by use of processors, and takes servers out.
const TRACKED: u64 = 25;

/// From this seed on checks are calculated, clients keep addresses and have breakers, and network balancers let servers go.
const PARENTS: u64 = 26;

/// A line for each seed: the seed, the scenario, the events handled, the digest.
pub(crate) const EXPECTED: &str = include_str!("../golden/digests.txt");

/// A built-in scenario and what happens to it: seconds and orders. The last line is the end.
type Storm = (&'static str, &'static [(f64, &'static str)]);

/// The seeds go round these. Together they give every order that there is.
pub(crate) const STORMS: [Storm; 9] = [
    (
        "warm-standby",
        &[
            (120.0, "zone-grey=us-east-1b"),
            (180.0, "clear zone-grey=us-east-1b"),
            (200.0, "link-lossy=us-east-1:eu-west-1"),
            (240.0, "region-dark=us-east-1"),
            (300.0, "decide"),
            (700.0, "clear region-dark=us-east-1"),
            (1500.0, "fail-back"),
            (2400.0, ""),
        ],
    ),
    (
        "backup-restore",
        &[
            (250.0, "snapshot=us-east-1"),
            (260.0, "backup-job"),
            (270.0, "backup-empty"),
            (280.0, "clear backup-job"),
            (300.0, "backup-copy"),
            (600.0, "corruption=us-east-1"),
            (900.0, "clear corruption=us-east-1"),
            (1000.0, "restore=us-east-1@500"),
            (3000.0, "deploy=v44"),
            (6000.0, "region-dark=us-east-1"),
            (6100.0, "fail-over=eu-west-1"),
            (9000.0, ""),
        ],
    ),
    (
        "pilot-light",
        &[
            (30.0, "reboot=us-east-1"),
            (100.0, "capacity=eu-west-1"),
            (150.0, "control-plane=eu-west-1"),
            (155.0, "control-plane-slow=eu-west-1"),
            (200.0, "region-dark=us-east-1"),
            (260.0, "call-off"),
            (800.0, "clear control-plane=eu-west-1"),
            (900.0, "clear capacity=eu-west-1"),
            (950.0, "raise-quota=eu-west-1"),
            (1800.0, "instance-deleted=eu-west-1"),
            (2400.0, ""),
        ],
    ),
    (
        "multi-site",
        &[
            (60.0, "link-slow=us-east-1:eu-west-1"),
            (120.0, "load-surge"),
            (200.0, "zone-power=us-east-1a"),
            (400.0, "clear load-surge"),
            (420.0, "zonal-shift=eu-west-1a"),
            (450.0, "balancer-address=eu-west-1b"),
            (480.0, "end-zonal-shift=eu-west-1"),
            (500.0, "link-cut-one-way=us-east-1>eu-west-1"),
            (550.0, "clear link-cut-one-way=us-east-1>eu-west-1"),
            (600.0, "evacuate=us-east-1"),
            (800.0, "run=evacuate:eu-west-1>us-east-1"),
            (900.0, ""),
        ],
    ),
    (
        "write-global",
        &[
            (20.0, "change-instances=eu-west-1"),
            (30.0, "practice-run=us-east-1b"),
            (40.0, "check-fails=eu-west-1"),
            (80.0, "clear check-fails=eu-west-1"),
            (90.0, "primary-database=us-east-1"),
            (300.0, "bad-deploy=eu-west-1"),
            (400.0, "roll-back=eu-west-1"),
            (500.0, "clear bad-deploy=eu-west-1"),
            (600.0, "link-cut=us-east-1:eu-west-1"),
            (900.0, ""),
        ],
    ),
    (
        "write-partitioned",
        &[
            (100.0, "fence-fails"),
            (150.0, "move-home=eu-west-1>us-east-1"),
            (200.0, "region-grey=eu-west-1"),
            (240.0, "clear region-grey=eu-west-1"),
            (250.0, "travel=New York>Mumbai"),
            (300.0, "region-dark=us-east-1"),
            (500.0, "routing-control=us-east-1>eu-west-1"),
            (700.0, "clear region-dark=us-east-1"),
            (1200.0, ""),
        ],
    ),
    (
        "write-local",
        &[
            (100.0, "link-cut=us-east-1:eu-west-1"),
            (130.0, "write=London:14"),
            (131.0, "write=New York:14"),
            (300.0, "clear link-cut=us-east-1:eu-west-1"),
            (320.0, "database-endpoint=us-east-1"),
            (330.0, "security-group-database=us-east-1"),
            (350.0, "certificate-expired=eu-west-1"),
            (370.0, "clear certificate-expired=eu-west-1"),
            (375.0, "security-group=eu-west-1"),
            (380.0, "clear database-endpoint=us-east-1"),
            (390.0, "clear security-group=eu-west-1"),
            (395.0, "clear security-group-database=us-east-1"),
            (400.0, "mass-delete=eu-west-1"),
            (1200.0, ""),
        ],
    ),
    (
        "write-local-quorum",
        &[
            (100.0, "link-lossy=us-east-2:us-west-2"),
            (200.0, "region-dark=us-east-1"),
            (400.0, "ransomware=us-east-2"),
            (600.0, "clear region-dark=us-east-1"),
            (900.0, ""),
        ],
    ),
    (
        "six-regions",
        &[
            (60.0, "link-cut=sa-east-1:ap-northeast-1"),
            (90.0, "dns-control-plane"),
            (120.0, "region-dark=ap-south-1"),
            (200.0, "travel=Sydney>London"),
            (400.0, "clear region-dark=ap-south-1"),
            (600.0, ""),
        ],
    ),
];

/// What happens to a system with a queue.
pub(crate) const QUEUE_STORM: Storm = (
    "warm-standby",
    &[
        (60.0, "poison-message=us-east-1"),
        (120.0, "consumers-stop=us-east-1"),
        (300.0, "clear consumers-stop=us-east-1"),
        (400.0, "clear poison-message=us-east-1"),
        (450.0, "redrive=us-east-1"),
        (500.0, "region-dark=us-east-1"),
        (1200.0, "clear region-dark=us-east-1"),
        (1800.0, ""),
    ],
);

/// What happens to a system whose writer has no reader.
pub(crate) const ALONE_STORM: Storm = (
    "write-global",
    &[
        (60.0, "zone-power=us-east-1a"),
        (200.0, "new-instance=us-east-1"),
        (900.0, "primary-database=us-east-1"),
        (1000.0, "volume-copy=us-east-1b"),
        (1100.0, "clear volume-copy=us-east-1b"),
        (1600.0, ""),
    ],
);

/// What happens to a bucket.
pub(crate) const BUCKET_STORM: Storm = (
    "multi-site",
    &[
        (60.0, "batch-replicate=us-east-1"),
        (200.0, "link-cut=us-east-1:eu-west-1"),
        (300.0, "clear link-cut=us-east-1:eu-west-1"),
        (400.0, "region-dark=us-east-1"),
        (900.0, ""),
    ],
);

/// What happens to a fleet that shrinks and grows.
pub(crate) const TRACKED_STORM: Storm = (
    "warm-standby",
    &[
        (60.0, "zone-link-lossy=us-east-1a:us-east-1b"),
        (65.0, "zone-link-slow=us-east-1a:us-east-1c"),
        (200.0, "load-surge"),
        (600.0, "clear zone-link-lossy=us-east-1a:us-east-1b"),
        (700.0, "clear load-surge"),
        (800.0, "bad-deploy=us-east-1"),
        (1200.0, ""),
    ],
);

/// What happens to a system that looks twice and has clients that do not.
pub(crate) const PARENTS_STORM: Storm = (
    "multi-site",
    &[
        (100.0, "zone-grey=us-east-1b"),
        (300.0, "check-fails=eu-west-1"),
        (400.0, "clear zone-grey=us-east-1b"),
        (500.0, "region-dark=us-east-1"),
        (700.0, "restart-clients"),
        (900.0, "clear region-dark=us-east-1"),
        (1200.0, ""),
    ],
);

/// Real requests that one simulated request stands for, over what the scenario says: quick enough for a browser.
const GRAIN: u32 = 6;

/// The line of a seed.
pub(crate) fn line(seed: u64) -> String {
    let (name, storm) = match seed {
        0..QUEUED => STORMS[seed as usize % STORMS.len()],
        QUEUED..ALONE => QUEUE_STORM,
        ALONE..BUCKET => ALONE_STORM,
        BUCKET..TRACKED => BUCKET_STORM,
        TRACKED..PARENTS => TRACKED_STORM,
        _ => PARENTS_STORM,
    };
    let mut scenario = builtin(name).expect("a built-in scenario");
    if seed >= PARENTS {
        (scenario.dns.children, scenario.dns.healthy_children) = (Depth::ALL.to_vec(), 2);
        (scenario.balancer.kind, scenario.balancer.autoshift) = (BalancerKind::Network, true);
        (scenario.balancer.autoshift_after_s, scenario.balancer.autoshift_hold_s) = (Span(60.0), Span(30.0));
        (scenario.balancer.practice_at_s, scenario.servers.scale_in) = (Some(Span(90.0)), true);
        (scenario.clients.caching_share, scenario.clients.breaker_share) = (Share(0.5), Some(Share(0.5)));
    } else if seed >= TRACKED {
        let servers = &mut scenario.servers;
        (servers.scale_by, servers.scale_in, servers.replace_unhealthy) = (ScaleBy::CpuOrSlots, true, true);
        (servers.scale_in_after_s, servers.cooldown_s, servers.least) = (Span(60.0), Span(60.0), 2);
        (servers.service_times, servers.deregistration_s) = (ServiceTimes::Lognormal, Span(20.0));
    } else if seed >= BUCKET {
        scenario = Scenario::design(Strategy::MultiSite, Engine::S3Replication);
        (scenario.database.old_objects, scenario.database.objects_per_s) = (Share(0.3), Rate(20.0));
        scenario.database.size_gib = Gib(100.0);
    } else if seed >= ALONE {
        scenario.database.take_form(Inside::Alone);
    } else if seed >= QUEUED {
        scenario.write_queue.kind =
            [QueueKind::Standard, QueueKind::Fifo, QueueKind::Topic][(seed - QUEUED) as usize];
    }
    scenario.grain = GRAIN;
    let mut run = Simulation::new(&scenario, seed);
    let mut record = Record::default();
    for &(until_s, text) in storm {
        run.run_until(SimTime::from_secs(until_s), u64::MAX, &mut record);
        if !text.is_empty() {
            let command =
                Order::parse(text).and_then(|order| run.resolve(&order)).expect("an order that fits");
            run.apply(command, &mut record);
        }
    }
    format!("{seed} {name} {} {:016x}\n", run.events(), run.recorded().digest)
}
