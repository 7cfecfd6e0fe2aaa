//! Facts about load balancers and the health of what stands behind them.
use super::fact::facts;

const ALB_CHECKS: &str = "User Guide for Application Load Balancers, target-group-health-checks (2023-06-15)";
const ALB: &str = "User Guide for Application Load Balancers, application-load-balancers (2023-06-15)";
const NLB_CHECKS: &str = "User Guide for Network Load Balancers, target-group-health-checks and edit-target-group-attributes (copies of 2025 to 2026)";
const COOLDOWNS: &str = "Amazon EC2 Auto Scaling User Guide, ec2-auto-scaling-scaling-cooldowns (2023-06-15)";
const ARC_NOTE: &str =
    "Third-party note on Route 53 quoting AWS's practices for routing control (2026-09-16)";

facts! { "balancer";
    CHECK_INTERVAL = 30.0 Seconds, Documented, ALB_CHECKS,
        "Time between two health checks of one target";
    CHECK_TIMEOUT = 5.0 Seconds, Documented, ALB_CHECKS,
        "Time without an answer after which a health check of a target has failed";
    HEALTHY_THRESHOLD = 5.0 Count, Documented, ALB_CHECKS,
        "Checks on end that a target must pass to get requests";
    UNHEALTHY_THRESHOLD = 2.0 Count, Documented, ALB_CHECKS,
        "Checks on end that a target must fail to get no more requests";
    IDLE_TIMEOUT = 60.0 Seconds, Documented, ALB,
        "Time after which the balancer closes a connection on which nothing happens";
    KEEP_ALIVE = 3600.0 Seconds, Secondary, ARC_NOTE,
        "Time for which a client's connection may stay open, whatever DNS says meanwhile";
    KEEP_ALIVE_ADVISED = 300.0 Seconds, Secondary, ARC_NOTE,
        "Shorter time that AWS advises for open connections where a failover must move clients";
    ADDRESS_CHECK = 10.0 Seconds, Assumption,
        "AWS says that an unhealthy zone's address leaves the name, and gives no time",
        "Time after which a balancer's name does not give out the address of a zone any more";
    SHIFT = 43200.0 Seconds, Assumption,
        "A zonal shift must be given an end of at most 72 h; half a day is ours",
        "Time for which a zonal shift is ordered";
    PRACTICE = 1800.0 Seconds, Memory,
        "The guide of zonal autoshift says about 30 minutes; remembered",
        "Time that a weekly practice run of zonal autoshift lasts";
    AUTOSHIFT_AFTER = 300.0 Seconds, Assumption,
        "AWS starts an autoshift when its telemetry finds a zone impaired, and gives no time",
        "Time for which a zone is impaired before AWS shifts away from it";
    AUTOSHIFT_HOLD = 900.0 Seconds, Assumption,
        "AWS ends an autoshift when it takes the zone for recovered, and gives no time",
        "Time for which a zone is well again before AWS ends its shift away from it";
    DEREGISTRATION_DELAY = 300.0 Seconds, Documented, COOLDOWNS,
        "Time that a target gets to finish its requests before it is taken out";
    UNHEALTHY_DRAINING = 0.0 Seconds, Documented, NLB_CHECKS,
        "Time for which a network balancer leaves connections to an unhealthy target open before it resets them";
}
