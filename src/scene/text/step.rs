//! Words for the steps of a recovery: the bars of the waterfall.

use crate::model::plan::Plan;
use crate::model::runbook::{Obstacle, StepName};

/// A stable name: "scale-out".
pub const fn slug(step: StepName) -> &'static str {
    match step {
        StepName::Detect => "detect",
        StepName::Page => "page",
        StepName::Triage => "triage",
        StepName::Decide => "decide",
        StepName::Fence => "fence",
        StepName::Promote => "promote",
        StepName::ScaleOut => "scale-out",
        StepName::ChangeRecord => "change-record",
        StepName::Cutover => "cutover",
        StepName::Pin => "pin",
        StepName::Validate => "validate",
        StepName::ZoneFailover => "zone-failover",
        StepName::ReplaceServers => "replace-servers",
        StepName::SetAside => "set-aside",
        StepName::Rebuild => "rebuild",
        StepName::CatchUp => "catch-up",
        StepName::Switchover => "switchover",
        StepName::ReturnRecord => "return-record",
        StepName::BuildNetwork => "build-network",
        StepName::CopyImage => "copy-image",
        StepName::FetchBackup => "fetch-backup",
        StepName::Restore => "restore",
        StepName::LoadBlocks => "load-blocks",
        StepName::Refill => "refill",
        StepName::Rollback => "rollback",
        StepName::Deploy => "deploy",
        StepName::Rejoin => "rejoin",
        StepName::HandOver => "hand-over",
        StepName::Rehome => "rehome",
    }
}

/// What stands on its bar: "promote replica".
pub const fn label(step: StepName) -> &'static str {
    match step {
        StepName::Detect => "detect",
        StepName::Page => "page a person",
        StepName::Triage => "find out what it is",
        StepName::Decide => "decide",
        StepName::Fence => "fence the old primary",
        StepName::Promote => "promote replica",
        StepName::ScaleOut => "add servers",
        StepName::ChangeRecord => "change the record",
        StepName::Cutover => "clients move (TTL)",
        StepName::Pin => "pin the record",
        StepName::Validate => "validate",
        StepName::ZoneFailover => "standby takes over",
        StepName::ReplaceServers => "replace servers",
        StepName::SetAside => "set writes aside",
        StepName::Rebuild => "rebuild the copy",
        StepName::CatchUp => "catch up",
        StepName::Switchover => "switch over",
        StepName::ReturnRecord => "return the record",
        StepName::BuildNetwork => "build network",
        StepName::CopyImage => "copy the image",
        StepName::FetchBackup => "fetch the backup",
        StepName::Restore => "restore the database",
        StepName::LoadBlocks => "load blocks",
        StepName::Refill => "refill the copies",
        StepName::Rollback => "roll back",
        StepName::Deploy => "deploy the version",
        StepName::Rejoin => "rejoin",
        StepName::HandOver => "hand over",
        StepName::Rehome => "rehome",
    }
}

/// What goes on while it lasts, for headlines: "promoting the replica".
pub const fn doing(step: StepName) -> &'static str {
    match step {
        StepName::Detect => "detecting the failure",
        StepName::Page => "paging the person on call",
        StepName::Triage => "finding out what it is",
        StepName::Decide => "deciding on the failover",
        StepName::Fence => "fencing the old primary",
        StepName::Promote => "promoting the replica",
        StepName::ScaleOut => "adding servers",
        StepName::ChangeRecord => "changing the record",
        StepName::Cutover => "clients are moving",
        StepName::Pin => "pinning the record",
        StepName::Validate => "validating the recovery",
        StepName::ZoneFailover => "the standby is taking over",
        StepName::ReplaceServers => "replacing servers",
        StepName::SetAside => "setting stranded writes aside",
        StepName::Rebuild => "rebuilding the first region's copy",
        StepName::CatchUp => "the rebuilt copy is catching up",
        StepName::Switchover => "switching back",
        StepName::ReturnRecord => "returning the record",
        StepName::BuildNetwork => "building network and balancer",
        StepName::CopyImage => "copying the machine image",
        StepName::FetchBackup => "fetching the backup",
        StepName::Restore => "restoring the database",
        StepName::LoadBlocks => "loading the restored blocks",
        StepName::Refill => "refilling the other copies",
        StepName::Rollback => "rolling the bad version back",
        StepName::Deploy => "deploying the version that the data needs",
        StepName::Rejoin => "taking the old primary back",
        StepName::HandOver => "handing writes over",
        StepName::Rehome => "giving users another home",
    }
}

/// What began, as the start of a sentence: "Promoting the replica began".
pub fn began(step: StepName) -> String {
    match step {
        StepName::Detect => "The failure began to show in health checks".into(),
        StepName::Cutover => "Clients began to move as their cached answers expired".into(),
        StepName::ZoneFailover => "The standby in another zone began to take over".into(),
        StepName::CatchUp => "The rebuilt copy began to catch up".into(),
        StepName::LoadBlocks => "The blocks of the restored database began to come in".into(),
        StepName::Page
        | StepName::Triage
        | StepName::Decide
        | StepName::Fence
        | StepName::Promote
        | StepName::ScaleOut
        | StepName::ChangeRecord
        | StepName::Pin
        | StepName::Validate
        | StepName::ReplaceServers
        | StepName::SetAside
        | StepName::Rebuild
        | StepName::Switchover
        | StepName::BuildNetwork
        | StepName::CopyImage
        | StepName::FetchBackup
        | StepName::Restore
        | StepName::Refill
        | StepName::Rollback
        | StepName::Deploy
        | StepName::Rejoin
        | StepName::HandOver
        | StepName::Rehome
        | StepName::ReturnRecord => format!("The runbook began {}", doing(step)),
    }
}

/// What ended: "The replica is promoted".
pub const fn ended(step: StepName) -> &'static str {
    match step {
        StepName::Detect => "The health checks have seen the failure",
        StepName::Page => "The person on call has acknowledged the page",
        StepName::Triage => "The person on call knows what it is",
        StepName::Decide => "The failover is decided",
        StepName::Fence => "Fencing the old primary is done",
        StepName::Promote => "Promoting the replica is done",
        StepName::ScaleOut => "The wanted servers serve in the recovery region",
        StepName::ChangeRecord => "The record is changed",
        StepName::Cutover => "No resolver holds the old answer any more",
        StepName::Pin => "The record is pinned to the recovery region",
        StepName::Validate => "The recovered system passed its validation",
        StepName::ZoneFailover => "The standby in another zone has taken over",
        StepName::ReplaceServers => "The servers that died are replaced",
        StepName::SetAside => "The stranded writes are set aside",
        StepName::Rebuild => "The first region's copy is rebuilt",
        StepName::CatchUp => "The rebuilt copy has caught up",
        StepName::Switchover => "The first region's copy is the primary again",
        StepName::ReturnRecord => "The record points to the first region again",
        StepName::BuildNetwork => "Network and balancer are there",
        StepName::CopyImage => "The machine image is in the recovery region",
        StepName::FetchBackup => "The backup is at hand",
        StepName::Restore => "The database is restored",
        StepName::LoadBlocks => "Every block of the restored database is loaded",
        StepName::Refill => "The other copies are filled anew",
        StepName::Rollback => "The bad version is rolled back",
        StepName::Deploy => "The version that the data needs is deployed",
        StepName::Rejoin => "The old primary follows again",
        StepName::HandOver => "The writes were handed over",
        StepName::Rehome => "The users of the dark region have another home",
    }
}

/// Why a step waits, to follow "because": "eu-west-1 has no spare capacity".
pub fn obstacle(plan: &Plan, obstacle: Obstacle) -> String {
    match obstacle {
        Obstacle::DnsControlPlane => "Route 53's control plane does not answer".into(),
        Obstacle::Capacity => "the recovery region has no spare capacity".into(),
        Obstacle::RegionDark(region) => format!("{} cannot be reached", plan.region_code(region)),
        Obstacle::NoReplica(region) => format!("{} has no copy to promote", plan.region_code(region)),
        Obstacle::ControlPlane(region) => {
            format!("the control plane of {} does not answer", plan.region_code(region))
        }
        Obstacle::Quota(region) => {
            format!("the account's quota in {} allows no more servers", plan.region_code(region))
        }
        Obstacle::NoImage(region) => format!("{} has no machine image", plan.region_code(region)),
        Obstacle::NoTemplates(region) => format!("{} has no templates", plan.region_code(region)),
        Obstacle::NoBackup(region) => format!("{} holds no backup", plan.region_code(region)),
    }
}
