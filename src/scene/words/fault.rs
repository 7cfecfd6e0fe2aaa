//! Words for faults: a row for each kind, from which buttons, headlines and the journal take theirs.

mod shape;
mod naming;

pub use naming::{chip_label, clear_label, cleared, injected, place};
use shape::USUAL;
pub use shape::{Area, Felt, Row};

use crate::model::fault::FaultKind;

/// What is said of a kind.
#[allow(clippy::too_many_lines, reason = "a table: a row for each")]
pub const fn row(kind: FaultKind) -> &'static Row {
    match kind {
        FaultKind::RegionDark => &Row {
            title: "Whole region",
            hint: "Everything in the region stops, and nothing in it can be reached.",
            inject: "Take the whole region down",
            clear: "Bring the region back",
            clear_elsewhere: Some("Bring {a} back"),
            injected: "{a} went dark",
            cleared: "{a} has power and network again",
            felt: Felt::IfActing,
            short: Some("Region"),
            usual: true,
            ..USUAL
        },
        FaultKind::ZonePower => &Row {
            title: "Zone power",
            hint: "The servers in the zone stop; a database instance there fails over to another zone.",
            inject: "Cut power in {a}",
            clear: "Restore power in {a}",
            injected: "{a} lost power",
            cleared: "{a} has power again",
            felt: Felt::Always,
            usual: true,
            ..USUAL
        },
        FaultKind::ZoneGrey => &Row {
            title: "Grey zone",
            hint: "The zone is slow and fails half of its requests, but still passes shallow health checks.",
            inject: "Turn {a} grey",
            clear: "Heal {a}",
            injected: "{a} turned grey",
            cleared: "{a} works normally again",
            ..USUAL
        },
        FaultKind::PrimaryDatabase => &Row {
            title: "Primary database",
            hint: "The database instance dies; another in a different zone takes over.",
            inject: "Kill the database instance",
            clear: "Repair the database instance",
            injected: "The database instance in {a} was killed",
            cleared: "The database instance in {a} was repaired",
            felt: Felt::Always,
            short: Some("Database"),
            usual: true,
            ..USUAL
        },
        FaultKind::LinkCut => &Row {
            title: "Cut the link",
            hint: "Messages between the two regions are lost, both ways. Clients still reach both.",
            inject: "Cut the link",
            clear: "Mend the link",
            injected: "The link between {a} and {b} was cut",
            cleared: "The link between {a} and {b} was mended",
            short: Some("Cut link"),
            area: Area::Network,
            usual: true,
            ..USUAL
        },
        FaultKind::LinkCutOneWay => &Row {
            title: "Cut one way",
            hint: "Messages are lost one way and arrive the other way.",
            inject: "Cut only {a} to {b}",
            clear: "Mend {a} to {b}",
            injected: "The link from {a} to {b} was cut one way",
            cleared: "The link from {a} to {b} was mended",
            area: Area::Network,
            ..USUAL
        },
        FaultKind::LinkSlow => &Row {
            title: "Slow the link",
            hint: "Messages between the two regions take many times as long, and the replica falls behind.",
            inject: "Slow the link",
            clear: "Give the link its speed back",
            injected: "The link between {a} and {b} became slow",
            cleared: "The link between {a} and {b} got its speed back",
            short: Some("Slow link"),
            area: Area::Network,
            ..USUAL
        },
        FaultKind::LinkLossy => &Row {
            title: "Lossy link",
            hint: "Some of the messages between the two regions are lost and have to be sent again.",
            inject: "Make the link lose messages",
            clear: "End the losses on the link",
            injected: "The link between {a} and {b} began to lose messages",
            cleared: "The link between {a} and {b} stopped losing messages",
            area: Area::Network,
            ..USUAL
        },
        FaultKind::DnsControlPlane => &Row {
            title: "DNS control plane",
            hint: "No record of Route 53 can be changed. Answers and health checks go on.",
            inject: "Freeze the control plane",
            clear: "Thaw the control plane",
            injected: "Route 53's control plane froze",
            cleared: "Route 53's control plane answers again",
            short: Some("DNS control"),
            area: Area::People,
            ..USUAL
        },
        FaultKind::Capacity => &Row {
            title: "No capacity",
            hint: "No new server can be launched in the region.",
            inject: "Take away spare capacity",
            clear: "Give capacity back",
            injected: "{a} ran out of spare capacity",
            cleared: "{a} has spare capacity again",
            area: Area::People,
            ..USUAL
        },
        FaultKind::LoadSurge => &Row {
            title: "Load surge",
            hint: "Everybody asks more than usual.",
            inject: "Start a surge of load",
            clear: "End the surge",
            injected: "A surge of load began",
            cleared: "The surge of load ended",
            felt: Felt::Always,
            short: Some("Surge"),
            area: Area::Traffic,
            usual: true,
            ..USUAL
        },
        FaultKind::BadDeploy => &Row {
            title: "Bad deployment",
            hint: "A bad version is deployed: every server of the region refuses connections.",
            inject: "Deploy a bad version",
            clear: "Roll the bad version back",
            injected: "A bad version was deployed in {a}",
            cleared: "The bad version in {a} was rolled back",
            felt: Felt::Always,
            short: Some("Bad deploy"),
            area: Area::People,
            usual: true,
            ..USUAL
        },
        FaultKind::ControlPlane => &Row {
            title: "Control plane",
            hint: "Nothing can be launched, promoted, restored or changed in the region. What runs goes on.",
            inject: "Close the control plane",
            clear: "Open the control plane",
            injected: "The control plane of {a} stopped answering",
            cleared: "The control plane of {a} answers again",
            area: Area::People,
            ..USUAL
        },
        FaultKind::ControlPlaneSlow => &Row {
            title: "Slow control",
            hint: "The region launches few servers a minute. What runs goes on.",
            inject: "Slow the control plane",
            clear: "Speed the control plane up",
            injected: "The control plane of {a} became slow",
            cleared: "The control plane of {a} is as fast as ever",
            area: Area::People,
            ..USUAL
        },
        FaultKind::Corruption => &Row {
            title: "Rubbish",
            hint: "A bad version writes rubbish, and every copy that follows takes it in.",
            inject: "Write rubbish",
            clear: "Stop the rubbish",
            injected: "A bad version in {a} began to write rubbish",
            cleared: "{a} writes no more rubbish",
            felt: Felt::Always,
            area: Area::Data,
            usual: true,
            ..USUAL
        },
        FaultKind::MassDelete => &Row {
            title: "Mass delete",
            hint: "Everything in the database is deleted, and in every copy that follows.",
            inject: "Delete everything",
            clear: "Stop the deleting",
            injected: "Everything in the database of {a} was deleted",
            cleared: "Nobody deletes anything in {a} any more",
            felt: Felt::Always,
            area: Area::Data,
            ..USUAL
        },
        FaultKind::Ransomware => &Row {
            title: "Ransomware",
            hint: "Everything in the database is encrypted; backups in vaults that are not locked are deleted.",
            inject: "Encrypt everything",
            clear: "Lock the intruder out",
            injected: "Everything in the database of {a} was encrypted",
            cleared: "The intruder in {a} is locked out",
            felt: Felt::Always,
            area: Area::Data,
            ..USUAL
        },
        FaultKind::BackupCopy => &Row {
            title: "Backup copies",
            hint: "Copies of backups to the other region stand still.",
            inject: "Stop copying backups",
            clear: "Copy backups again",
            injected: "Copies of backups stood still",
            cleared: "Backups are copied again",
            area: Area::Data,
            ..USUAL
        },
        FaultKind::ConsumersStop => &Row {
            title: "Consumers",
            hint: "Nobody takes messages from the region's queue; what was in hand is hidden for a time.",
            inject: "Stop the consumers",
            clear: "Start the consumers again",
            clear_elsewhere: Some("Start the consumers of {a} again"),
            injected: "The consumers in {a} stopped",
            cleared: "The consumers in {a} work again",
            area: Area::Traffic,
            ..USUAL
        },
        FaultKind::PoisonMessage => &Row {
            title: "Poison message",
            hint: "No consumer gets through with the next message: it comes back until it is set aside.",
            inject: "Send a poison message",
            clear: "Let consumers cope with it",
            clear_elsewhere: Some("Let consumers of {a} cope with it"),
            injected: "A poison message was sent in {a}",
            cleared: "Consumers in {a} cope with every message again",
            area: Area::Traffic,
            ..USUAL
        },
        FaultKind::DatabaseEndpoint => &Row {
            title: "Endpoint gone",
            hint: "The name of the region's database leads nowhere: servers and checks are well, and no query arrives.",
            inject: "Lose the database's endpoint",
            clear: "Bring the database's endpoint back",
            injected: "The endpoint of the database in {a} is gone",
            cleared: "The endpoint of the database in {a} is back",
            felt: Felt::Always,
            area: Area::Network,
            ..USUAL
        },
        FaultKind::RegionGrey => &Row {
            title: "Grey region",
            hint: "Every zone is slow and fails half of its requests, but still passes shallow health checks.",
            inject: "Turn {a} grey",
            clear: "Heal {a}",
            injected: "{a} turned grey",
            cleared: "{a} works normally again",
            felt: Felt::Always,
            ..USUAL
        },
        FaultKind::VolumeCopy => &Row {
            title: "Volume copy",
            hint: "One of the two copies in the zone is gone. A write has to be in four of six, a read needs three.",
            inject: "Lose a copy of the volume in {a}",
            clear: "Mend {a}'s copy",
            injected: "One of the two copies of the volume in {a} is gone",
            cleared: "The copy of the volume in {a} can be built anew",
            area: Area::Data,
            ..USUAL
        },
        FaultKind::ZoneLinkSlow => &Row {
            title: "Slow zone link",
            hint: "Messages between two zones of a region take many times as long.",
            inject: "Slow the way between {a} and {b}",
            clear: "Give {a} and {b} their speed back",
            injected: "The way between {a} and {b} became slow",
            cleared: "The way between {a} and {b} got its speed back",
            area: Area::Network,
            ..USUAL
        },
        FaultKind::ZoneLinkLossy => &Row {
            title: "Lossy zone link",
            hint: "Some messages between two zones are lost. TCP sends them again, and servers wait.",
            inject: "Lose messages between {a} and {b}",
            clear: "End the losses between {a} and {b}",
            injected: "The way between {a} and {b} began to lose messages",
            cleared: "The way between {a} and {b} stopped losing messages",
            area: Area::Network,
            ..USUAL
        },
        FaultKind::FenceFails => &Row {
            title: "Broken fence",
            hint: "A region that is replaced is not told, and goes on taking writes.",
            inject: "Let the fence fail",
            clear: "Mend the fence",
            injected: "The fence stopped working",
            cleared: "The fence works again",
            area: Area::People,
            ..USUAL
        },
        FaultKind::InstanceDeleted => &Row {
            title: "Deletion",
            hint: "Somebody deletes the database itself. Automated backups of the service go with their instance.",
            inject: "Delete the database",
            clear: "Close the case",
            injected: "A person deleted the database of {a}",
            cleared: "The deletion of the database of {a} is dealt with",
            felt: Felt::Always,
            area: Area::Data,
            ..USUAL
        },
        FaultKind::BackupJob => &Row {
            title: "Backup job",
            hint: "The job that backs up fails, and tells nobody: no snapshot is made.",
            inject: "Let the backup job fail",
            clear: "Mend the backup job",
            injected: "The backup job began to fail",
            cleared: "The backup job works again",
            area: Area::Data,
            ..USUAL
        },
        FaultKind::BackupEmpty => &Row {
            title: "Empty backups",
            hint: "The job that backs up ends well, and its snapshots are empty: who restores from one finds that out.",
            inject: "Let the backups be empty",
            clear: "Mend the backups",
            injected: "What the backup job makes is empty",
            cleared: "What the backup job makes is whole again",
            area: Area::Data,
            ..USUAL
        },
        FaultKind::CheckFails => &Row {
            title: "Check page",
            hint: "The page that Route 53 asks for fails by itself; the service is well, and is taken for ill.",
            inject: "Break the page for health checks",
            clear: "Mend the page for health checks",
            clear_elsewhere: Some("Mend the check page of {a}"),
            injected: "The page that Route 53 checks in {a} began to fail",
            cleared: "The page that Route 53 checks in {a} is well again",
            area: Area::Traffic,
            ..USUAL
        },
        FaultKind::CertificateExpired => &Row {
            title: "Certificate",
            hint: "Clients refuse a certificate that has expired. Health checks do not look at it.",
            inject: "Let the certificate expire",
            clear: "Renew the certificate",
            clear_elsewhere: Some("Renew the certificate of {a}"),
            injected: "The certificate of {a} expired",
            cleared: "The certificate of {a} is valid again",
            felt: Felt::IfActing,
            area: Area::Traffic,
            ..USUAL
        },
        FaultKind::SecurityGroup => &Row {
            title: "Security group",
            hint: "A rule lets nobody in to the balancer. Connections that are open go on.",
            inject: "Shut clients out",
            clear: "Let clients in",
            clear_elsewhere: Some("Let clients in to {a}"),
            injected: "A security group lets nobody in to {a}",
            cleared: "The security group of {a} lets clients in again",
            felt: Felt::IfActing,
            area: Area::Network,
            ..USUAL
        },
        FaultKind::SecurityGroupDatabase => &Row {
            title: "Database's group",
            hint: "A rule lets nobody in to the database, which is well.",
            inject: "Shut the database off",
            clear: "Open the database",
            clear_elsewhere: Some("Open the database of {a}"),
            injected: "A security group lets nobody in to the database of {a}",
            cleared: "The security group of the database in {a} lets servers in again",
            felt: Felt::IfActing,
            area: Area::Network,
            ..USUAL
        },
        FaultKind::BalancerAddress => &Row {
            title: "Balancer's address",
            hint: "The balancer's address in the zone leads nowhere: who connects there waits in vain.",
            inject: "Kill the balancer's address in {a}",
            clear: "Mend the balancer's address in {a}",
            injected: "The balancer's address in {a} leads nowhere",
            cleared: "The balancer's address in {a} leads somewhere again",
            area: Area::Network,
            ..USUAL
        },
    }
}
