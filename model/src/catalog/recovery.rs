//! Facts about recovering: what people and procedures take, step by step.
use super::fact::facts;

const ORCHESTRATION: &str = "Third-party note on failover orchestration (2026-09-17)";
const APPCONFIG: &str =
    "AWS AppConfig User Guide, appconfig-creating-deployment-strategy-predefined (2026-11-26)";
const HANDS_OFF: &str = "Amazon Builders' Library, Automating safe, hands-off deployments, as remembered";
const ACCESS_POINTS: &str = "Amazon S3 User Guide, UsingFailover (2023-06-15)";

facts! { "recovery";
    ALARM = 180.0 Seconds, Secondary, ORCHESTRATION,
        "Time until a CloudWatch alarm fires: three periods of a minute";
    ALARM_MIN = 60.0 Seconds, Secondary, ORCHESTRATION,
        "Shortest realistic time until a CloudWatch alarm fires";
    ALARM_MAX = 300.0 Seconds, Secondary, ORCHESTRATION,
        "Longest realistic time until a CloudWatch alarm fires";
    PAGE = 300.0 Seconds, Secondary, ORCHESTRATION,
        "Time until the person on call is paged and has acknowledged";
    PAGE_BEST = 120.0 Seconds, Secondary, ORCHESTRATION,
        "The same at best: until the person on call is paged and has acknowledged";
    TRIAGE_BEST = 120.0 Seconds, Secondary, ORCHESTRATION,
        "Time at best to tell a failing region from a bad release";
    TRIAGE_MIN = 300.0 Seconds, Secondary, ORCHESTRATION,
        "Shortest realistic time to tell a failing region from a bad release";
    TRIAGE_MAX = 900.0 Seconds, Secondary, ORCHESTRATION,
        "Longest realistic time to tell a failing region from a bad release";
    DECIDE_BEST = 60.0 Seconds, Secondary, ORCHESTRATION,
        "Time at best for a named person to decide on the failover";
    DECIDE_MIN = 120.0 Seconds, Secondary, ORCHESTRATION,
        "Shortest realistic time for a named person to decide on the failover";
    DECIDE_MAX = 300.0 Seconds, Secondary, ORCHESTRATION,
        "Longest realistic time for a named person to decide on the failover";
    FREEZE = 30.0 Seconds, Secondary, ORCHESTRATION,
        "Time to freeze releases before the failover begins";
    CONSUMERS_MIN = 60.0 Seconds, Secondary, ORCHESTRATION,
        "Shortest time to enable consumers and event sources in the other region";
    CONSUMERS_MAX = 120.0 Seconds, Secondary, ORCHESTRATION,
        "Longest time to enable consumers and event sources in the other region";
    SHIFT_MIN = 90.0 Seconds, Secondary, ORCHESTRATION,
        "Shortest time to shift the traffic: the switch, DNS and a time to live of 60 s";
    SHIFT_MAX = 120.0 Seconds, Secondary, ORCHESTRATION,
        "Longest time to shift the traffic: the switch, DNS and a time to live of 60 s";
    VALIDATE_MIN = 180.0 Seconds, Secondary, ORCHESTRATION,
        "Shortest time to validate the recovered system with writes of its own";
    VALIDATE_MAX = 300.0 Seconds, Secondary, ORCHESTRATION,
        "Longest time to validate the recovered system with writes of its own";
    NETWORK_MIN = 300.0 Seconds, Memory, "Stacks of network, balancer and group are remembered to take 5 to 15 min",
        "Shortest time to make network and balancer from templates";
    NETWORK_MAX = 900.0 Seconds, Memory, "Stacks of network, balancer and group are remembered to take 5 to 15 min",
        "Longest time to make network and balancer from templates";
    ROLLBACK = 300.0 Seconds, Assumption, "Our range for an automated release",
        "Time to bring another version of the application out";
    REHOME = 60.0 Seconds, Assumption, "A change of the routing table of the application, brought out by a runbook",
        "Time to give the users of a dark region another home region";
    CALL_PATIENCE = 5.0 Seconds, Assumption, "Long against a round trip, short against every step of a runbook",
        "Time after which a call to a control plane counts as one that is not answered";
    ALARM_SHARE = 0.05 Share, Assumption, "A usual alarm on errors of a balancer: well above chance, well below an outage",
        "Share of a balancer's answers that fail above which a minute counts for its alarm";
    ACT_SHARE = 0.5 Share, Assumption, "A failover costs minutes for all: half of them have to fail before it is worth that",
        "Share of a region's answers that fail above which a person moves the work elsewhere";
    PROMOTE_LAG = 60.0 Seconds, Assumption, "Seconds of writes are given up without a person, an hour of them is not",
        "How far behind a copy may be that is promoted without a person";
    BAKE = 600.0 Seconds, Documented, APPCONFIG,
        "Time for which AppConfig.Canary10Percent20Minutes watches alarms after a deployment";
    BAKE_LONG = 1800.0 Seconds, Documented, APPCONFIG,
        "Time for which AppConfig.Linear20PercentEvery6Minutes watches alarms";
    BAKE_ONE_BOX = 3600.0 Seconds, Memory, HANDS_OFF,
        "Shortest bake time of Amazon's pipelines after a release is out on one server";
    BAKE_FIRST_WAVE = 43200.0 Seconds, Memory, HANDS_OFF,
        "Shortest bake time of Amazon's pipelines after the first region has a release";
    BAKE_WAVE_MIN = 7200.0 Seconds, Memory, HANDS_OFF,
        "Shortest bake time of Amazon's pipelines after each later wave of regions";
    BAKE_WAVE_MAX = 14400.0 Seconds, Memory, HANDS_OFF,
        "Usual longest bake time of Amazon's pipelines after each later wave of regions";
    ACCESS_POINT_SHIFT = 120.0 Seconds, Documented, ACCESS_POINTS,
        "Time within which the failover of an S3 multi-region access point is complete";
    WARM_STANDBY_MIN = 570.0 Seconds, Secondary, ORCHESTRATION,
        "Shortest budget of a warm standby from decision to service, promoting while scaling out";
    WARM_STANDBY_MAX = 840.0 Seconds, Secondary, ORCHESTRATION,
        "Longest budget of a warm standby from decision to service, promoting while scaling out";
    WARM_STANDBY_SERIAL_MIN = 960.0 Seconds, Secondary, ORCHESTRATION,
        "Shortest budget of a warm standby from decision to service, one step after the other";
    WARM_STANDBY_SERIAL_MAX = 1320.0 Seconds, Secondary, ORCHESTRATION,
        "Longest budget of a warm standby from decision to service, one step after the other";
    WARM_STANDBY_DECIDED_MIN = 1500.0 Seconds, Secondary, ORCHESTRATION,
        "Shortest budget of a warm standby from incident to service with a person deciding";
    WARM_STANDBY_DECIDED_MAX = 2700.0 Seconds, Secondary, ORCHESTRATION,
        "Longest budget of a warm standby from incident to service with a person deciding";
}
