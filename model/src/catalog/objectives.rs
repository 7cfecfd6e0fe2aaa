//! What each recovery strategy can promise, after the Well-Architected framework.
//!
//! The framework speaks in words ("minutes"), so most bounds here are our reading of the words: seconds
//! up to 60 s, minutes from 60 s to an hour, tens of minutes from 600 s to an hour, hours from one hour
//! to a day.
use super::fact::facts;

const PILLAR: &str = "AWS Well-Architected, reliability pillar, REL13-BP02 (2026-05-20)";
const SECONDS: &str = "Our reading of \"seconds\" in AWS Well-Architected REL13-BP02 (2026-05-20)";
const MINUTES: &str = "Our reading of \"minutes\" in AWS Well-Architected REL13-BP02 (2026-05-20)";
const TENS_OF_MINUTES: &str =
    "Our reading of \"tens of minutes\" in AWS Well-Architected REL13-BP02 (2026-05-20)";
const HOURS: &str = "Our reading of \"hours\" in AWS Well-Architected REL13-BP02 (2026-05-20)";
const NEAR_ZERO: &str = "Our reading of \"near zero\" in AWS Well-Architected REL13-BP02 (2026-05-20)";
const EARLIER: &str = "Our reading of \"hours\" in the earlier edition of AWS Well-Architected REL13-BP02";

facts! { "objectives";
    BACKUP_RECOVERY_TIME_MAX = 86400.0 Seconds, Documented, PILLAR,
        "Longest recovery time of backup and restore";
    BACKUP_RECOVERY_POINT_MIN = 300.0 Seconds, Documented, PILLAR,
        "Shortest recovery point of backup and restore, where restores to a point in time are possible";
    BACKUP_RECOVERY_POINT_MAX = 86400.0 Seconds, Assumption, HOURS,
        "Longest recovery point of backup and restore";
    PILOT_LIGHT_RECOVERY_TIME_MIN = 600.0 Seconds, Assumption, TENS_OF_MINUTES,
        "Shortest recovery time of a pilot light";
    PILOT_LIGHT_RECOVERY_TIME_MAX = 3600.0 Seconds, Assumption, TENS_OF_MINUTES,
        "Longest recovery time of a pilot light";
    PILOT_LIGHT_RECOVERY_TIME_EARLIER = 86400.0 Seconds, Assumption, EARLIER,
        "Longest recovery time of a pilot light, as the framework used to say";
    PILOT_LIGHT_RECOVERY_POINT_MIN = 60.0 Seconds, Assumption, MINUTES,
        "Shortest recovery point of a pilot light";
    PILOT_LIGHT_RECOVERY_POINT_MAX = 3600.0 Seconds, Assumption, MINUTES,
        "Longest recovery point of a pilot light";
    WARM_STANDBY_RECOVERY_TIME_MIN = 60.0 Seconds, Assumption, MINUTES,
        "Shortest recovery time of a warm standby";
    WARM_STANDBY_RECOVERY_TIME_MAX = 3600.0 Seconds, Assumption, MINUTES,
        "Longest recovery time of a warm standby";
    WARM_STANDBY_RECOVERY_POINT_MIN = 1.0 Seconds, Assumption, SECONDS,
        "Shortest recovery point of a warm standby";
    WARM_STANDBY_RECOVERY_POINT_MAX = 60.0 Seconds, Assumption, SECONDS,
        "Longest recovery point of a warm standby";
    MULTI_SITE_RECOVERY_TIME_MIN = 0.0 Seconds, Documented, PILLAR,
        "Shortest recovery time of several sites at work, \"potentially zero\"";
    MULTI_SITE_RECOVERY_POINT_MAX = 1.0 Seconds, Assumption, NEAR_ZERO,
        "Longest recovery point of several sites at work, as long as the data is not corrupted";
}
