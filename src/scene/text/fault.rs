//! Words for faults: what can be broken, what was broken, what was mended.

use crate::model::FaultKind;
use crate::model::fault::Fault;
use crate::model::plan::Plan;

/// The name of a kind of fault in the row of chips.
pub const fn group_label(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::RegionDark => "Whole region",
        FaultKind::ZonePower => "Zone power",
        FaultKind::ZoneGrey => "Grey zone",
        FaultKind::PrimaryDatabase => "Primary database",
        FaultKind::LinkCut => "Cut the link",
        FaultKind::LinkCutOneWay => "Cut one way",
        FaultKind::LinkSlow => "Slow the link",
        FaultKind::LinkLossy => "Lossy link",
        FaultKind::DnsControlPlane => "DNS control plane",
        FaultKind::Capacity => "No capacity",
        FaultKind::LoadSurge => "Load surge",
        FaultKind::BadDeploy => "Bad deployment",
        FaultKind::ControlPlane => "Control plane",
        FaultKind::Corruption => "Rubbish written",
        FaultKind::MassDelete => "Mass delete",
        FaultKind::Ransomware => "Ransomware",
        FaultKind::BackupCopy => "Backup copies",
        FaultKind::FenceFails => "Broken fence",
    }
}

/// What a kind of fault does, in a sentence.
pub const fn group_hint(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::RegionDark => "Everything in the region stops, and nothing in it can be reached.",
        FaultKind::ZonePower => "The servers in the zone stop; a database there fails over to its standby.",
        FaultKind::ZoneGrey => {
            "The zone is slow and fails half of its requests, but still passes shallow health checks."
        }
        FaultKind::PrimaryDatabase => "The database instance dies; its standby in another zone takes over.",
        FaultKind::LinkCut => {
            "Messages between the two regions are lost, both ways. Clients still reach both."
        }
        FaultKind::LinkCutOneWay => "Messages are lost one way and arrive the other way.",
        FaultKind::LinkSlow => {
            "Messages between the two regions take many times as long, and the replica falls behind."
        }
        FaultKind::LinkLossy => {
            "Some of the messages between the two regions are lost and have to be sent again."
        }
        FaultKind::DnsControlPlane => {
            "No record of Route 53 can be changed. Answers and health checks go on."
        }
        FaultKind::Capacity => "No new server can be launched in the region.",
        FaultKind::LoadSurge => "Everybody asks more than usual.",
        FaultKind::BadDeploy => "A bad version is deployed: every server of the region refuses connections.",
        FaultKind::ControlPlane => {
            "Nothing can be launched, promoted, restored or changed in the region. What runs goes on."
        }
        FaultKind::Corruption => "A bad version writes rubbish, and every copy that follows takes it in.",
        FaultKind::MassDelete => "Everything in the database is deleted, and in every copy that follows.",
        FaultKind::Ransomware => {
            "Everything in the database is encrypted; backups in vaults that are not locked are deleted."
        }
        FaultKind::BackupCopy => "Copies of backups to the other region stand still.",
        FaultKind::FenceFails => "A region that is replaced is not told, and goes on taking writes.",
    }
}

/// What the button for it says where the thing is; `active` says how to mend it.
pub fn chip_label(plan: &Plan, fault: Fault, active: bool) -> String {
    let region = |region| plan.region_code(region);
    match (fault, active) {
        (Fault::ZonePower(zone), false) => format!("Cut power in {}", plan.zone_code(zone)),
        (Fault::ZonePower(zone), true) => format!("Restore power in {}", plan.zone_code(zone)),
        (Fault::RegionDark(_), false) => "Take the whole region down".into(),
        (Fault::RegionDark(_), true) => "Bring the region back".into(),
        (Fault::LinkCut(..), false) => "Cut the link".into(),
        (Fault::LinkCut(..), true) => "Mend the link".into(),
        (Fault::LinkCutOneWay(a, b), false) => format!("Cut only {} to {}", region(a), region(b)),
        (Fault::LinkCutOneWay(a, b), true) => format!("Mend {} to {}", region(a), region(b)),
        (Fault::LinkSlow(..), false) => "Slow the link".into(),
        (Fault::LinkSlow(..), true) => "Give the link its speed back".into(),
        (Fault::LinkLossy(..), false) => "Make the link lose messages".into(),
        (Fault::LinkLossy(..), true) => "End the losses on the link".into(),
        (Fault::PrimaryDatabase(_), false) => "Kill the database instance".into(),
        (Fault::PrimaryDatabase(_), true) => "Repair the database instance".into(),
        (Fault::ZoneGrey(zone), false) => format!("Turn {} grey", plan.zone_code(zone)),
        (Fault::ZoneGrey(zone), true) => format!("Heal {}", plan.zone_code(zone)),
        (Fault::DnsControlPlane, false) => "Freeze the control plane".into(),
        (Fault::DnsControlPlane, true) => "Thaw the control plane".into(),
        (Fault::Capacity(_), false) => "Take away spare capacity".into(),
        (Fault::Capacity(_), true) => "Give capacity back".into(),
        (Fault::LoadSurge, false) => "Start a surge of load".into(),
        (Fault::LoadSurge, true) => "End the surge".into(),
        (Fault::BadDeploy(_), false) => "Deploy a bad version".into(),
        (Fault::BadDeploy(_), true) => "Roll the bad version back".into(),
        (Fault::ControlPlane(_), false) => "Close the control plane".into(),
        (Fault::ControlPlane(_), true) => "Open the control plane".into(),
        (Fault::Corruption(_), false) => "Write rubbish".into(),
        (Fault::Corruption(_), true) => "Stop the rubbish".into(),
        (Fault::MassDelete(_), false) => "Delete everything".into(),
        (Fault::MassDelete(_), true) => "Stop the deleting".into(),
        (Fault::Ransomware(_), false) => "Encrypt everything".into(),
        (Fault::Ransomware(_), true) => "Lock the intruder out".into(),
        (Fault::BackupCopy, false) => "Stop copying backups".into(),
        (Fault::BackupCopy, true) => "Copy backups again".into(),
        (Fault::FenceFails, false) => "Let the fence fail".into(),
        (Fault::FenceFails, true) => "Mend the fence".into(),
    }
}

/// What happened when it was injected, without a full stop: "us-east-1 went dark".
pub fn injected(plan: &Plan, fault: Fault) -> String {
    let region = |region| plan.region_code(region);
    match fault {
        Fault::ZonePower(zone) => format!("{} lost power", plan.zone_code(zone)),
        Fault::RegionDark(r) => format!("{} went dark", region(r)),
        Fault::LinkCut(a, b) => format!("The link between {} and {} was cut", region(a), region(b)),
        Fault::LinkCutOneWay(a, b) => format!("The link from {} to {} was cut one way", region(a), region(b)),
        Fault::LinkSlow(a, b) => format!("The link between {} and {} became slow", region(a), region(b)),
        Fault::LinkLossy(a, b) => {
            format!("The link between {} and {} began to lose messages", region(a), region(b))
        }
        Fault::PrimaryDatabase(r) => format!("The database instance in {} was killed", region(r)),
        Fault::ZoneGrey(zone) => format!("{} turned grey", plan.zone_code(zone)),
        Fault::DnsControlPlane => "Route 53's control plane froze".into(),
        Fault::Capacity(r) => format!("{} ran out of spare capacity", region(r)),
        Fault::LoadSurge => "A surge of load began".into(),
        Fault::BadDeploy(r) => format!("A bad version was deployed in {}", region(r)),
        Fault::ControlPlane(r) => format!("The control plane of {} stopped answering", region(r)),
        Fault::Corruption(r) => format!("A bad version in {} began to write rubbish", region(r)),
        Fault::MassDelete(r) => format!("Everything in the database of {} was deleted", region(r)),
        Fault::Ransomware(r) => format!("Everything in the database of {} was encrypted", region(r)),
        Fault::BackupCopy => "Copies of backups stood still".into(),
        Fault::FenceFails => "The fence stopped working".into(),
    }
}

/// What happened when it was cleared, without a full stop: "us-east-1 has power and network again".
pub fn cleared(plan: &Plan, fault: Fault) -> String {
    let region = |region| plan.region_code(region);
    match fault {
        Fault::ZonePower(zone) => format!("{} has power again", plan.zone_code(zone)),
        Fault::RegionDark(r) => format!("{} has power and network again", region(r)),
        Fault::LinkCut(a, b) => format!("The link between {} and {} was mended", region(a), region(b)),
        Fault::LinkCutOneWay(a, b) => format!("The link from {} to {} was mended", region(a), region(b)),
        Fault::LinkSlow(a, b) => {
            format!("The link between {} and {} got its speed back", region(a), region(b))
        }
        Fault::LinkLossy(a, b) => {
            format!("The link between {} and {} stopped losing messages", region(a), region(b))
        }
        Fault::PrimaryDatabase(r) => format!("The database instance in {} was repaired", region(r)),
        Fault::ZoneGrey(zone) => format!("{} works normally again", plan.zone_code(zone)),
        Fault::DnsControlPlane => "Route 53's control plane answers again".into(),
        Fault::Capacity(r) => format!("{} has spare capacity again", region(r)),
        Fault::LoadSurge => "The surge of load ended".into(),
        Fault::BadDeploy(r) => format!("The bad version in {} was rolled back", region(r)),
        Fault::ControlPlane(r) => format!("The control plane of {} answers again", region(r)),
        Fault::Corruption(r) => format!("{} writes no more rubbish", region(r)),
        Fault::MassDelete(r) => format!("Nobody deletes anything in {} any more", region(r)),
        Fault::Ransomware(r) => format!("The intruder in {} is locked out", region(r)),
        Fault::BackupCopy => "Backups are copied again".into(),
        Fault::FenceFails => "The fence works again".into(),
    }
}
