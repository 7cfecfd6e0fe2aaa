//! Orders in words: the one grammar of scripts, the command line, links and buttons.
//!
//! `region-dark=us-east-1`, `zone-power=us-east-1a`, `link-cut=us-east-1:eu-west-1`,
//! `link-cut-one-way=us-east-1>eu-west-1`, `dns-control-plane`, `clear region-dark=us-east-1`,
//! `fail-over=eu-west-1`, `fail-back`, `decide`, `restore=us-east-1@-600`, `raise-quota=eu-west-1`,
//! `move-home=us-east-1>eu-west-1`, `travel=New York>Mumbai`, `write=London:14`.

use crate::model::table::settings;

/// The furthest moment that can be restored, in seconds from the start: the longest retention.
const FURTHEST_S: i32 = 3_024_000;

const MOVE_HOME: &str = "move-home with a direction, as in us-east-1>eu-west-1";
const TRAVEL: &str = "travel with two cities, as in New York>Mumbai";
const WRITE: &str = "write with a city and a key, as in London:14";

settings! {
    /// An order with its time.
    pub struct ScriptLine given {
        /// When, in seconds since the start.
        at_s: f64, in 0..=172_800;
        /// What, in the grammar of orders: "region-dark=us-east-1".
        order: String, length 1..=120;
    }
}

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// A zone loses power. Target: a zone.
    ZonePower,
    /// Everything in a region stops and cannot be reached. Target: a region.
    RegionDark,
    /// Messages between two regions are lost, both ways. Target: a link.
    LinkCut,
    /// Messages from one region to another are lost. Target: a direction.
    LinkCutOneWay,
    /// Messages between two regions take longer. Target: a link.
    LinkSlow,
    /// Some messages between two regions are lost. Target: a link.
    LinkLossy,
    /// The primary database instance of a region dies. Target: a region.
    PrimaryDatabase,
    /// A zone is slow and half failing, but passes shallow checks. Target: a zone.
    ZoneGrey,
    /// No record of Route 53 can be changed. No target.
    DnsControlPlane,
    /// No server can be launched in a region. Target: a region.
    Capacity,
    /// Every population asks more. No target.
    LoadSurge,
    /// A bad deployment: every server of a region refuses connections. Target: a region.
    BadDeploy,
    /// Calls that make or change something in a region are not answered; what runs goes on. Target: a region.
    ControlPlane,
    /// A bad deployment writes rubbish: every write of a region. Target: a region.
    Corruption,
    /// Somebody deletes everything in a region's database. Target: a region.
    MassDelete,
    /// Everything in a region's database is encrypted, and backups in vaults that are not locked are deleted. Target: a
    /// region.
    Ransomware,
    /// Copies of backups to other regions stand still. No target.
    BackupCopy,
    /// Whoever is replaced is not told, and goes on taking writes. No target.
    FenceFails,
}

/// What a fault or an order is aimed at, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// Nothing in particular.
    None,
    /// A region: "us-east-1".
    Region,
    /// A zone: "us-east-1a".
    Zone,
    /// Two regions: "us-east-1:eu-west-1".
    Link,
    /// From one region to another: "us-east-1>eu-west-1".
    Direction,
}

impl FaultKind {
    /// Every kind, in the order in which the page lists them.
    pub const ALL: [Self; 18] = [
        Self::RegionDark,
        Self::ZonePower,
        Self::ZoneGrey,
        Self::PrimaryDatabase,
        Self::LinkCut,
        Self::LinkCutOneWay,
        Self::LinkSlow,
        Self::LinkLossy,
        Self::DnsControlPlane,
        Self::Capacity,
        Self::LoadSurge,
        Self::BadDeploy,
        Self::ControlPlane,
        Self::Corruption,
        Self::MassDelete,
        Self::Ransomware,
        Self::BackupCopy,
        Self::FenceFails,
    ];

    /// The word for it in orders: "region-dark".
    pub const fn slug(self) -> &'static str {
        match self {
            Self::ZonePower => "zone-power",
            Self::RegionDark => "region-dark",
            Self::LinkCut => "link-cut",
            Self::LinkCutOneWay => "link-cut-one-way",
            Self::LinkSlow => "link-slow",
            Self::LinkLossy => "link-lossy",
            Self::PrimaryDatabase => "primary-database",
            Self::ZoneGrey => "zone-grey",
            Self::DnsControlPlane => "dns-control-plane",
            Self::Capacity => "capacity",
            Self::LoadSurge => "load-surge",
            Self::BadDeploy => "bad-deploy",
            Self::ControlPlane => "control-plane",
            Self::Corruption => "corruption",
            Self::MassDelete => "mass-delete",
            Self::Ransomware => "ransomware",
            Self::BackupCopy => "backup-copy",
            Self::FenceFails => "fence-fails",
        }
    }

    /// What is in the database is wrong afterwards, in every copy that follows.
    pub const fn corrupts(self) -> bool {
        matches!(self, Self::Corruption | Self::MassDelete | Self::Ransomware)
    }

    /// What it is aimed at.
    pub const fn target_kind(self) -> TargetKind {
        match self {
            Self::ZonePower | Self::ZoneGrey => TargetKind::Zone,
            Self::RegionDark
            | Self::PrimaryDatabase
            | Self::Capacity
            | Self::BadDeploy
            | Self::ControlPlane
            | Self::Corruption
            | Self::MassDelete
            | Self::Ransomware => TargetKind::Region,
            Self::LinkCut | Self::LinkSlow | Self::LinkLossy => TargetKind::Link,
            Self::LinkCutOneWay => TargetKind::Direction,
            Self::DnsControlPlane | Self::LoadSurge | Self::BackupCopy | Self::FenceFails => TargetKind::None,
        }
    }
}

/// An order, read but not yet looked up: targets are still words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Break something.
    Inject(FaultKind, String),
    /// Mend it again.
    Clear(FaultKind, String),
    /// Start the runbook towards a region, whoever is meant to decide.
    FailOver(String),
    /// Bring the work back to the first region.
    FailBack,
    /// The person who was paged decides now.
    Decide,
    /// Restore a region's database from a backup: to a moment, in seconds since the start (before it where negative), or
    /// to the newest that is good where none is named.
    Restore(String, Option<i32>),
    /// The account may run as many servers in a region as it wants.
    RaiseQuota(String),
    /// The partition whose home was the first region at the start gets another: both by their codes.
    MoveHome(String, String),
    /// The people of a city are in another city now: both by their names.
    Travel(String, String),
    /// Somebody in a city writes to a key now.
    Write(String, u16),
}

impl Order {
    /// Reads an order.
    ///
    /// # Errors
    /// A sentence that names the order that is wrong and what is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::read(text).map_err(|allowed| format!("\"{}\" is not an order; allowed: {allowed}", text.trim()))
    }

    /// Reads an order; the error is what is allowed.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (clear, rest) = match text.strip_prefix("clear ") {
            Some(rest) => (true, rest.trim()),
            None => (false, text),
        };
        let (word, target) =
            rest.split_once('=').map_or((rest, ""), |(word, target)| (word.trim(), target.trim()));
        if !clear {
            match (word, target) {
                ("fail-over", "") => {
                    return Err(format!("fail-over with {}", TargetKind::Region.words()));
                }
                ("fail-over", region) => return Ok(Self::FailOver(region.into())),
                ("raise-quota", region) if !region.is_empty() => return Ok(Self::RaiseQuota(region.into())),
                ("restore", target) if !target.is_empty() => {
                    let Some((region, moment)) = target.split_once('@') else {
                        return Ok(Self::Restore(target.into(), None));
                    };
                    let moment = moment.trim().parse::<i32>().ok().filter(|at| at.abs() <= FURTHEST_S);
                    let allowed = || {
                        format!(
                            "restore=REGION@SECONDS with whole seconds from -{FURTHEST_S} to {FURTHEST_S}"
                        )
                    };
                    return moment
                        .map(|at| Self::Restore(region.trim().into(), Some(at)))
                        .ok_or_else(allowed);
                }
                ("restore" | "raise-quota", _) => {
                    return Err(format!("{word} with {}", TargetKind::Region.words()));
                }
                ("move-home", target) => {
                    let (from, to) = target.split_once('>').ok_or(MOVE_HOME)?;
                    return Ok(Self::MoveHome(from.trim().into(), to.trim().into()));
                }
                ("travel", target) => {
                    let (from, to) = target.split_once('>').ok_or(TRAVEL)?;
                    return Ok(Self::Travel(from.trim().into(), to.trim().into()));
                }
                ("write", target) => {
                    let (city, key) = target.rsplit_once(':').ok_or(WRITE)?;
                    let key = key.trim().parse().map_err(|_| WRITE)?;
                    return Ok(Self::Write(city.trim().into(), key));
                }
                ("fail-back", "") => return Ok(Self::FailBack),
                ("decide", "") => return Ok(Self::Decide),
                ("fail-back" | "decide", _) => return Err(format!("{word} with no target")),
                _ => {}
            }
        }
        let Some(kind) = FaultKind::ALL.into_iter().find(|kind| kind.slug() == word) else {
            return Err(Self::grammar());
        };
        let wanted = kind.target_kind();
        if (wanted == TargetKind::None) != target.is_empty() {
            return Err(format!("{word} with {}", wanted.words()));
        }
        let target = target.to_string();
        Ok(if clear { Self::Clear(kind, target) } else { Self::Inject(kind, target) })
    }

    /// Every order, in words.
    fn grammar() -> String {
        let faults: Vec<_> = FaultKind::ALL.iter().map(|kind| kind.slug()).collect();
        format!(
            "fail-over=REGION, fail-back, decide, restore=REGION, restore=REGION@SECONDS, raise-quota=REGION, move-home=REGION>REGION, travel=CITY>CITY, write=CITY:KEY, or a fault with its target, after \"clear \" to mend it: {}",
            faults.join(", ")
        )
    }
}

impl TargetKind {
    /// What a target of this kind looks like.
    pub const fn words(self) -> &'static str {
        match self {
            Self::None => "no target",
            Self::Region => "a region, as in us-east-1",
            Self::Zone => "a zone, as in us-east-1a",
            Self::Link => "two regions, as in us-east-1:eu-west-1",
            Self::Direction => "a direction, as in us-east-1>eu-west-1",
        }
    }
}
