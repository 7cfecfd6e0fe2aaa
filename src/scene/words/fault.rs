//! Words for faults: a row for each kind, from which buttons, headlines and the journal take theirs.

use crate::model::aim::Target;
use crate::model::fault::{Fault, FaultKind};
use crate::model::plan::Plan;

/// Whether clients are about to feel a fault that has just begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Felt {
    /// Whatever it hits.
    Always,
    /// If it hits the region that takes the writes.
    IfActing,
    /// Not by the fault alone.
    NotAlone,
}

/// What is said of a kind of fault. `{a}` stands for its target, or for the first of two regions; `{b}` for the second.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The kind as a title: "Zone power".
    pub title: &'static str,
    /// What it does, in a sentence.
    pub hint: &'static str,
    /// The button that begins it, beside what it is aimed at.
    pub inject: &'static str,
    /// The button that ends it, beside what it is aimed at.
    pub clear: &'static str,
    /// The button that ends it, elsewhere, if that has to say more.
    pub clear_elsewhere: Option<&'static str>,
    /// That it began, without a full stop.
    pub injected: &'static str,
    /// That it ended, without a full stop.
    pub cleared: &'static str,
    /// Whether clients are about to feel it.
    pub felt: Felt,
}

/// What is said of a kind.
#[allow(clippy::too_many_lines, reason = "a table: a row for each")]
pub const fn row(kind: FaultKind) -> Row {
    match kind {
        FaultKind::RegionDark => Row {
            title: "Whole region",
            hint: "Everything in the region stops, and nothing in it can be reached.",
            inject: "Take the whole region down",
            clear: "Bring the region back",
            clear_elsewhere: Some("Bring {a} back"),
            injected: "{a} went dark",
            cleared: "{a} has power and network again",
            felt: Felt::IfActing,
        },
        FaultKind::ZonePower => Row {
            title: "Zone power",
            hint: "The servers in the zone stop; a database instance there fails over to another zone.",
            inject: "Cut power in {a}",
            clear: "Restore power in {a}",
            clear_elsewhere: None,
            injected: "{a} lost power",
            cleared: "{a} has power again",
            felt: Felt::Always,
        },
        FaultKind::ZoneGrey => Row {
            title: "Grey zone",
            hint: "The zone is slow and fails half of its requests, but still passes shallow health checks.",
            inject: "Turn {a} grey",
            clear: "Heal {a}",
            clear_elsewhere: None,
            injected: "{a} turned grey",
            cleared: "{a} works normally again",
            felt: Felt::NotAlone,
        },
        FaultKind::PrimaryDatabase => Row {
            title: "Primary database",
            hint: "The database instance dies; another in a different zone takes over.",
            inject: "Kill the database instance",
            clear: "Repair the database instance",
            clear_elsewhere: None,
            injected: "The database instance in {a} was killed",
            cleared: "The database instance in {a} was repaired",
            felt: Felt::Always,
        },
        FaultKind::LinkCut => Row {
            title: "Cut the link",
            hint: "Messages between the two regions are lost, both ways. Clients still reach both.",
            inject: "Cut the link",
            clear: "Mend the link",
            clear_elsewhere: None,
            injected: "The link between {a} and {b} was cut",
            cleared: "The link between {a} and {b} was mended",
            felt: Felt::NotAlone,
        },
        FaultKind::LinkCutOneWay => Row {
            title: "Cut one way",
            hint: "Messages are lost one way and arrive the other way.",
            inject: "Cut only {a} to {b}",
            clear: "Mend {a} to {b}",
            clear_elsewhere: None,
            injected: "The link from {a} to {b} was cut one way",
            cleared: "The link from {a} to {b} was mended",
            felt: Felt::NotAlone,
        },
        FaultKind::LinkSlow => Row {
            title: "Slow the link",
            hint: "Messages between the two regions take many times as long, and the replica falls behind.",
            inject: "Slow the link",
            clear: "Give the link its speed back",
            clear_elsewhere: None,
            injected: "The link between {a} and {b} became slow",
            cleared: "The link between {a} and {b} got its speed back",
            felt: Felt::NotAlone,
        },
        FaultKind::LinkLossy => Row {
            title: "Lossy link",
            hint: "Some of the messages between the two regions are lost and have to be sent again.",
            inject: "Make the link lose messages",
            clear: "End the losses on the link",
            clear_elsewhere: None,
            injected: "The link between {a} and {b} began to lose messages",
            cleared: "The link between {a} and {b} stopped losing messages",
            felt: Felt::NotAlone,
        },
        FaultKind::DnsControlPlane => Row {
            title: "DNS control plane",
            hint: "No record of Route 53 can be changed. Answers and health checks go on.",
            inject: "Freeze the control plane",
            clear: "Thaw the control plane",
            clear_elsewhere: None,
            injected: "Route 53's control plane froze",
            cleared: "Route 53's control plane answers again",
            felt: Felt::NotAlone,
        },
        FaultKind::Capacity => Row {
            title: "No capacity",
            hint: "No new server can be launched in the region.",
            inject: "Take away spare capacity",
            clear: "Give capacity back",
            clear_elsewhere: None,
            injected: "{a} ran out of spare capacity",
            cleared: "{a} has spare capacity again",
            felt: Felt::NotAlone,
        },
        FaultKind::LoadSurge => Row {
            title: "Load surge",
            hint: "Everybody asks more than usual.",
            inject: "Start a surge of load",
            clear: "End the surge",
            clear_elsewhere: None,
            injected: "A surge of load began",
            cleared: "The surge of load ended",
            felt: Felt::Always,
        },
        FaultKind::BadDeploy => Row {
            title: "Bad deployment",
            hint: "A bad version is deployed: every server of the region refuses connections.",
            inject: "Deploy a bad version",
            clear: "Roll the bad version back",
            clear_elsewhere: None,
            injected: "A bad version was deployed in {a}",
            cleared: "The bad version in {a} was rolled back",
            felt: Felt::Always,
        },
        FaultKind::ControlPlane => Row {
            title: "Control plane",
            hint: "Nothing can be launched, promoted, restored or changed in the region. What runs goes on.",
            inject: "Close the control plane",
            clear: "Open the control plane",
            clear_elsewhere: None,
            injected: "The control plane of {a} stopped answering",
            cleared: "The control plane of {a} answers again",
            felt: Felt::NotAlone,
        },
        FaultKind::ControlPlaneSlow => Row {
            title: "Slow control",
            hint: "The region launches few servers a minute. What runs goes on.",
            inject: "Slow the control plane",
            clear: "Speed the control plane up",
            clear_elsewhere: None,
            injected: "The control plane of {a} became slow",
            cleared: "The control plane of {a} is as fast as ever",
            felt: Felt::NotAlone,
        },
        FaultKind::Corruption => Row {
            title: "Rubbish",
            hint: "A bad version writes rubbish, and every copy that follows takes it in.",
            inject: "Write rubbish",
            clear: "Stop the rubbish",
            clear_elsewhere: None,
            injected: "A bad version in {a} began to write rubbish",
            cleared: "{a} writes no more rubbish",
            felt: Felt::Always,
        },
        FaultKind::MassDelete => Row {
            title: "Mass delete",
            hint: "Everything in the database is deleted, and in every copy that follows.",
            inject: "Delete everything",
            clear: "Stop the deleting",
            clear_elsewhere: None,
            injected: "Everything in the database of {a} was deleted",
            cleared: "Nobody deletes anything in {a} any more",
            felt: Felt::Always,
        },
        FaultKind::Ransomware => Row {
            title: "Ransomware",
            hint: "Everything in the database is encrypted; backups in vaults that are not locked are deleted.",
            inject: "Encrypt everything",
            clear: "Lock the intruder out",
            clear_elsewhere: None,
            injected: "Everything in the database of {a} was encrypted",
            cleared: "The intruder in {a} is locked out",
            felt: Felt::Always,
        },
        FaultKind::BackupCopy => Row {
            title: "Backup copies",
            hint: "Copies of backups to the other region stand still.",
            inject: "Stop copying backups",
            clear: "Copy backups again",
            clear_elsewhere: None,
            injected: "Copies of backups stood still",
            cleared: "Backups are copied again",
            felt: Felt::NotAlone,
        },
        FaultKind::ConsumersStop => Row {
            title: "Consumers",
            hint: "Nobody takes messages from the region's queue; what was in hand is hidden for a time.",
            inject: "Stop the consumers",
            clear: "Start the consumers again",
            clear_elsewhere: Some("Start the consumers of {a} again"),
            injected: "The consumers in {a} stopped",
            cleared: "The consumers in {a} work again",
            felt: Felt::NotAlone,
        },
        FaultKind::PoisonMessage => Row {
            title: "Poison message",
            hint: "No consumer gets through with the next message: it comes back until it is set aside.",
            inject: "Send a poison message",
            clear: "Let consumers cope with it",
            clear_elsewhere: Some("Let consumers of {a} cope with it"),
            injected: "A poison message was sent in {a}",
            cleared: "Consumers in {a} cope with every message again",
            felt: Felt::NotAlone,
        },
        FaultKind::DatabaseEndpoint => Row {
            title: "Endpoint gone",
            hint: "The name of the region's database leads nowhere: servers and checks are well, and no query arrives.",
            inject: "Lose the database's endpoint",
            clear: "Bring the database's endpoint back",
            clear_elsewhere: None,
            injected: "The endpoint of the database in {a} is gone",
            cleared: "The endpoint of the database in {a} is back",
            felt: Felt::Always,
        },
        FaultKind::RegionGrey => Row {
            title: "Grey region",
            hint: "Every zone is slow and fails half of its requests, but still passes shallow health checks.",
            inject: "Turn {a} grey",
            clear: "Heal {a}",
            clear_elsewhere: None,
            injected: "{a} turned grey",
            cleared: "{a} works normally again",
            felt: Felt::Always,
        },
        FaultKind::VolumeCopy => Row {
            title: "Volume copy",
            hint: "One of the two copies in the zone is gone. A write has to be in four of six, a read needs three.",
            inject: "Lose a copy of the volume in {a}",
            clear: "Mend {a}'s copy",
            clear_elsewhere: None,
            injected: "One of the two copies of the volume in {a} is gone",
            cleared: "The copy of the volume in {a} can be built anew",
            felt: Felt::NotAlone,
        },
        FaultKind::ZoneLinkSlow => Row {
            title: "Slow zone link",
            hint: "Messages between two zones of a region take many times as long.",
            inject: "Slow the way between {a} and {b}",
            clear: "Give {a} and {b} their speed back",
            clear_elsewhere: None,
            injected: "The way between {a} and {b} became slow",
            cleared: "The way between {a} and {b} got its speed back",
            felt: Felt::NotAlone,
        },
        FaultKind::ZoneLinkLossy => Row {
            title: "Lossy zone link",
            hint: "Some messages between two zones are lost. TCP sends them again, and servers wait.",
            inject: "Lose messages between {a} and {b}",
            clear: "End the losses between {a} and {b}",
            clear_elsewhere: None,
            injected: "The way between {a} and {b} began to lose messages",
            cleared: "The way between {a} and {b} stopped losing messages",
            felt: Felt::NotAlone,
        },
        FaultKind::FenceFails => Row {
            title: "Broken fence",
            hint: "A region that is replaced is not told, and goes on taking writes.",
            inject: "Let the fence fail",
            clear: "Mend the fence",
            clear_elsewhere: None,
            injected: "The fence stopped working",
            cleared: "The fence works again",
            felt: Felt::NotAlone,
        },
        FaultKind::InstanceDeleted => Row {
            title: "Deletion",
            hint: "Somebody deletes the database itself. Automated backups of the service go with their instance.",
            inject: "Delete the database",
            clear: "Close the case",
            clear_elsewhere: None,
            injected: "A person deleted the database of {a}",
            cleared: "The deletion of the database of {a} is dealt with",
            felt: Felt::Always,
        },
        FaultKind::BackupJob => Row {
            title: "Backup job",
            hint: "The job that backs up fails, and tells nobody: no snapshot is made.",
            inject: "Let the backup job fail",
            clear: "Mend the backup job",
            clear_elsewhere: None,
            injected: "The backup job began to fail",
            cleared: "The backup job works again",
            felt: Felt::NotAlone,
        },
        FaultKind::BackupEmpty => Row {
            title: "Empty backups",
            hint: "The job that backs up ends well, and its snapshots are empty: who restores from one finds that out.",
            inject: "Let the backups be empty",
            clear: "Mend the backups",
            clear_elsewhere: None,
            injected: "What the backup job makes is empty",
            cleared: "What the backup job makes is whole again",
            felt: Felt::NotAlone,
        },
    }
}

/// A template with the names of the target in it.
fn about(plan: &Plan, template: &str, target: Target) -> String {
    let code = |region| plan.region_code(region);
    match target {
        Target::Nothing => template.into(),
        Target::Region(region) => template.replace("{a}", code(region)),
        Target::Zone(zone) => template.replace("{a}", &plan.zone_code(zone)),
        Target::Link(a, b) | Target::Direction(a, b) => {
            template.replace("{a}", code(a)).replace("{b}", code(b))
        }
        Target::ZoneLink(a, b) => {
            template.replace("{a}", &plan.zone_code(a)).replace("{b}", &plan.zone_code(b))
        }
    }
}

/// What the button of a fault does, beside the thing: it breaks, or mends what is broken.
pub fn chip_label(plan: &Plan, fault: Fault, active: bool) -> String {
    let row = row(fault.kind());
    about(plan, if active { row.clear } else { row.inject }, fault.target())
}

/// What the button that ends a fault does, anywhere else.
pub fn clear_label(plan: &Plan, fault: Fault) -> String {
    let row = row(fault.kind());
    about(plan, row.clear_elsewhere.unwrap_or(row.clear), fault.target())
}

/// That a fault began, without a full stop.
pub fn injected(plan: &Plan, fault: Fault) -> String {
    about(plan, row(fault.kind()).injected, fault.target())
}

/// That a fault ended, without a full stop.
pub fn cleared(plan: &Plan, fault: Fault) -> String {
    about(plan, row(fault.kind()).cleared, fault.target())
}

/// What a fault is aimed at: "us-east-1 and eu-west-1"; empty if that is nothing in particular.
pub fn place(plan: &Plan, target: Target) -> String {
    let words = match target {
        Target::Nothing => "",
        Target::Region(_) | Target::Zone(_) => "{a}",
        Target::Link(..) | Target::ZoneLink(..) => "{a} and {b}",
        Target::Direction(..) => "{a} to {b}",
    };
    about(plan, words, target)
}
