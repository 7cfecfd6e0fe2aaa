//! Words for the steps of a recovery, the bars of the waterfall: a row for each.

use crate::model::runbook::StepName;

/// What is said of a step.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What stands on its bar: "promote replica".
    pub label: &'static str,
    /// What goes on while it lasts, for headlines: "promoting the replica".
    pub doing: &'static str,
    /// That it began, without a full stop, if that is not "The runbook began promoting the replica".
    pub began: Option<&'static str>,
    /// That it ended, without a full stop: "Promoting the replica is done".
    pub ended: &'static str,
}

/// What is said of a step.
#[allow(clippy::too_many_lines, reason = "a table: a row for each")]
pub const fn row(step: StepName) -> &'static Row {
    match step {
        StepName::Switchover => &Row {
            label: "switch over",
            doing: "switching back",
            began: None,
            ended: "The first region's copy is the primary again",
        },
        StepName::Restore => &Row {
            label: "restore the database",
            doing: "restoring the database",
            began: None,
            ended: "The database is restored",
        },
        StepName::FetchBackup => &Row {
            label: "fetch the backup",
            doing: "fetching the backup",
            began: None,
            ended: "The backup is at hand",
        },
        StepName::BuildNetwork => &Row {
            label: "build network",
            doing: "building network and balancer",
            began: None,
            ended: "Network and balancer are there",
        },
        StepName::Promote => &Row {
            label: "promote replica",
            doing: "promoting the replica",
            began: None,
            ended: "Promoting the replica is done",
        },
        StepName::ZoneFailover => &Row {
            label: "zone failover",
            doing: "the database is failing over to another zone",
            began: Some("The database began to fail over to another zone"),
            ended: "The database has failed over to another zone",
        },
        StepName::Fence => &Row {
            label: "fence the old primary",
            doing: "fencing the old primary",
            began: None,
            ended: "Fencing the old primary is done",
        },
        StepName::Page => &Row {
            label: "page a person",
            doing: "paging the person on call",
            began: None,
            ended: "The person on call has acknowledged the page",
        },
        StepName::Triage => &Row {
            label: "find out what it is",
            doing: "finding out what it is",
            began: None,
            ended: "The person on call knows what it is",
        },
        StepName::Decide => &Row {
            label: "decide",
            doing: "deciding on the failover",
            began: None,
            ended: "The failover is decided",
        },
        StepName::CopyImage => &Row {
            label: "copy the image",
            doing: "copying the machine image",
            began: None,
            ended: "The machine image is in the recovery region",
        },
        StepName::ScaleOut => &Row {
            label: "add servers",
            doing: "adding servers",
            began: None,
            ended: "The wanted servers serve in the recovery region",
        },
        StepName::Deploy => &Row {
            label: "deploy the version",
            doing: "deploying the version that the data needs",
            began: None,
            ended: "The version that the data needs is deployed",
        },
        StepName::Rollback => &Row {
            label: "roll back",
            doing: "rolling the bad version back",
            began: None,
            ended: "The bad version is rolled back",
        },
        StepName::LoadBlocks => &Row {
            label: "load blocks",
            doing: "loading the restored blocks",
            began: Some("The blocks of the restored database began to come in"),
            ended: "Every block of the restored database is loaded",
        },
        StepName::Detect => &Row {
            label: "detect",
            doing: "detecting the failure",
            began: Some("The failure began to show in health checks"),
            ended: "The health checks have seen the failure",
        },
        StepName::Rebuild => &Row {
            label: "rebuild the copy",
            doing: "rebuilding the first region's copy",
            began: None,
            ended: "The first region's copy is rebuilt",
        },
        StepName::CatchUp => &Row {
            label: "catch up",
            doing: "the rebuilt copy is catching up",
            began: Some("The rebuilt copy began to catch up"),
            ended: "The rebuilt copy has caught up",
        },
        StepName::SetAside => &Row {
            label: "set writes aside",
            doing: "setting stranded writes aside",
            began: None,
            ended: "The stranded writes are set aside",
        },
        StepName::ReturnRecord => &Row {
            label: "return the record",
            doing: "returning the record",
            began: None,
            ended: "The record points to the first region again",
        },
        StepName::ChangeRecord => &Row {
            label: "change the record",
            doing: "changing the record",
            began: None,
            ended: "The record is changed",
        },
        StepName::Cutover => &Row {
            label: "clients move (TTL)",
            doing: "clients are moving",
            began: Some("Clients began to move as their cached answers expired"),
            ended: "No resolver holds the old answer any more",
        },
        StepName::ReplaceServers => &Row {
            label: "replace servers",
            doing: "replacing servers",
            began: None,
            ended: "The servers that died are replaced",
        },
        StepName::Try => &Row {
            label: "try it out",
            doing: "trying synthetic requests",
            began: None,
            ended: "Synthetic requests were tried",
        },
        StepName::StopWrites => &Row {
            label: "stop writes",
            doing: "stopping the writes",
            began: None,
            ended: "The writes are stopped",
        },
        StepName::TakeDown => &Row {
            label: "take down",
            doing: "taking down what was added",
            began: None,
            ended: "What was added for the disaster is taken down",
        },
        StepName::RoutingControl => &Row {
            label: "routing control",
            doing: "turning the routing control",
            began: None,
            ended: "The routing control is turned",
        },
        StepName::Validate => &Row {
            label: "validate",
            doing: "watching whether clients fare well",
            began: None,
            ended: "The recovered system passed its validation",
        },
        StepName::Pin => &Row {
            label: "pin the record",
            doing: "pinning the record",
            began: None,
            ended: "The record is pinned to the recovery region",
        },
        StepName::Refill => &Row {
            label: "refill the copies",
            doing: "refilling the other copies",
            began: None,
            ended: "The other copies are filled anew",
        },
        StepName::Rejoin => &Row {
            label: "rejoin",
            doing: "taking the old primary back",
            began: None,
            ended: "The old primary follows again",
        },
        StepName::HandOver => &Row {
            label: "hand over",
            doing: "handing writes over",
            began: None,
            ended: "The writes were handed over",
        },
        StepName::Rehome => &Row {
            label: "rehome",
            doing: "giving users another home",
            began: None,
            ended: "The users of the dark region have another home",
        },
        StepName::Release => &Row {
            label: "bring the release out",
            doing: "bringing the release out",
            began: None,
            ended: "Bringing the release out is done",
        },
        StepName::Bake => &Row {
            label: "bake",
            doing: "watching how the release does",
            began: None,
            ended: "The bake time of the release is over",
        },
        StepName::NewInstance => &Row {
            label: "new instance",
            doing: "an instance of the database is being made anew",
            began: Some("An instance of the database began to be made anew"),
            ended: "The database has an instance again",
        },
    }
}

/// What stands on its bar: "promote replica".
pub const fn label(step: StepName) -> &'static str {
    row(step).label
}

/// What goes on while it lasts, for headlines: "promoting the replica".
pub const fn doing(step: StepName) -> &'static str {
    row(step).doing
}

/// What began, without a full stop: "The runbook began promoting the replica".
pub fn began(step: StepName) -> String {
    let row = row(step);
    row.began.map_or_else(|| format!("The runbook began {}", row.doing), Into::into)
}

/// What ended, without a full stop: "Promoting the replica is done".
pub const fn ended(step: StepName) -> &'static str {
    row(step).ended
}
