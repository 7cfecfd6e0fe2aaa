//! Facts about servers: how long they take to come, and how much one does.
use super::fact::facts;

const STARTUP_STUDIES: &str = "Our range; studies remembered from 2012 to 2021 found about 100 s and less";
const SCALING_COOLDOWNS: &str =
    "Amazon EC2 Auto Scaling User Guide, ec2-auto-scaling-scaling-cooldowns (2023-06-15)";
const SCALING_GRACE: &str = "Amazon EC2 Auto Scaling User Guide (2023-06-15)";
const SCALING_TRACKING: &str = "Alarms that EC2 target tracking makes, as shown in several public walk-throughs: below 35 for a target of 50, 15 of 15 minutes";
const ORCHESTRATION: &str = "Third-party note on failover orchestration (2026-09-17)";
const OWN_SIZE: &str = "Our choice: the size of the imagined application, not a limit of AWS";

facts! { "compute";
    LAUNCH_MIN = 20.0 Seconds, Assumption, STARTUP_STUDIES,
        "Shortest time from the request for a server until it runs";
    LAUNCH_MAX = 60.0 Seconds, Assumption, STARTUP_STUDIES,
        "Longest time from the request for a server until it runs";
    READY_MIN = 60.0 Seconds, Assumption, STARTUP_STUDIES,
        "Shortest time from the request for a server until the application on it answers";
    READY_MAX = 180.0 Seconds, Assumption, STARTUP_STUDIES,
        "Longest time from the request for a server until the application on it answers";
    SCALING_COOLDOWN = 300.0 Seconds, Documented, SCALING_COOLDOWNS,
        "Time after a scaling step in which Auto Scaling begins no other";
    HEALTH_GRACE = 300.0 Seconds, Documented, SCALING_GRACE,
        "Time in which Auto Scaling overlooks a new server's failed checks, set up in the console";
    CLUSTER_SCALE_OUT_MIN = 240.0 Seconds, Secondary, ORCHESTRATION,
        "Shortest time to add nodes to a container cluster and the workload on them";
    CLUSTER_SCALE_OUT_MAX = 300.0 Seconds, Secondary, ORCHESTRATION,
        "Longest time to add nodes to a container cluster and the workload on them";
    SERVER_CONCURRENCY = 8.0 Count, Assumption, OWN_SIZE,
        "Requests that one server works on at the same time";
    SERVER_QUEUE = 32.0 Count, Assumption, OWN_SIZE,
        "Requests that wait at one server before it refuses more";
    SERVICE_TIME = 50.0 Milliseconds, Assumption, OWN_SIZE,
        "Mean time that a server works on one request, without the database";
    STANDBY_FLEET = 0.34 Share, Assumption,
        "AWS says only: a scaled-down fleet, more than none",
        "Servers of a warm standby as a share of the full fleet";
    QUOTA = 64.0 Count, Assumption,
        "Our choice; AWS counts a quota in virtual processors, and it differs by account",
        "Servers that an account may run in a region";
    RECONCILE = 30.0 Seconds, Assumption,
        "Auto Scaling replaces a stopped instance at once, says its guide; how often it looks is not said",
        "Time between two looks of Auto Scaling at what runs";
    SCALE_OUT_USE = 0.75 Share, Assumption, OWN_SIZE,
        "Use of a fleet above which Auto Scaling adds servers";
    SCALE_IN_BELOW = 0.7 Share, Secondary, SCALING_TRACKING,
        "Share of its target below which a metric counts as low; 0.9 where containers are scaled";
    SCALE_IN_AFTER = 900.0 Seconds, Secondary, SCALING_TRACKING,
        "Time for which a metric has to be low before target tracking takes servers out";
    CPU_TARGET = 0.5 Share, Assumption,
        "The value in the examples of the Amazon EC2 Auto Scaling User Guide; a default there is none",
        "Mean use of processors that target tracking keeps";
    REQUESTS_TARGET = 80.0 PerSecond, Assumption, OWN_SIZE,
        "Requests a second that target tracking keeps at each server: half of what one can do";
    SERVICE_TAIL = 10.0 Factor, Memory,
        "Remembered from Dean and Barroso, The Tail at Scale, CACM 2013: one server in two 1 ms, one in a hundred 10 ms",
        "99th percentile of a service time over its median";
    SESSION = 1800.0 Seconds, Assumption,
        "Half an hour, the usual time after which web servers end an idle session; visits are often shorter",
        "Time for which a user stays logged in";
    SURGE = 2.5 Factor, Assumption,
        "Chosen so that six servers are too few and twelve enough",
        "How many times as many requests come in a surge";
    GREY_SLOWDOWN = 8.0 Factor, Assumption,
        "Chosen so that requests hurt while shallow checks pass; AWS publishes no number",
        "How many times as long a server in a grey zone takes";
    GREY_FAILURES = 0.5 Share, Assumption,
        "Half failing, as the fault is described; AWS publishes no number",
        "Share of the requests that a server in a grey zone fails";
}
