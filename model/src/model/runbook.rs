//! The words of runbooks: what can be done, and what a step may need. Closed lists, each a table.

use crate::kernel::kinds::kinds;

kinds! {
    /// What starts a runbook.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum When {
        /// The health checks of Route 53 find a region unhealthy.
        Unhealthy = "unhealthy",
        /// An alarm on failing requests goes off.
        Alarm = "alarm",
        /// A person orders it.
        Order = "order",
        /// A person who was asked decides so.
        Decision = "decision",
        /// The health checks find a region healthy that was not.
        HealthyAgain = "healthy-again",
        /// The failover controller of the database has told a copy to take over. It has decided: nobody else does.
        Controller = "controller",
    }
}

kinds! {
    /// What has to be so, so that a runbook is the one to start. Of several the first that fits is started: those of the
    /// scenario before the built-in ones.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Given {
        /// Nothing.
        Anything = "anything",
        /// One region takes the writes, and the target's copy follows it.
        Copy = "copy",
        /// One region takes the writes, and no copy follows in the target.
        NoCopy = "no-copy",
        /// As `copy`; both regions answer, and the copy is at most 2 s behind.
        LevelCopy = "level-copy",
        /// As `level-copy`, and the engine can switch the roles over.
        Switchover = "switchover",
        /// The region is the home of partitions that may move.
        Homes = "homes",
        /// Every region takes writes.
        Sites = "sites",
        /// The data of the region is ruined.
        Ruin = "ruin",
    }
}

kinds! {
    /// An order that starts a runbook: the first of them for which all is given.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum OrderedBy {
        /// The order `fail-over`: the work goes to another region.
        FailOver = "fail-over",
        /// The order `fail-back`: it comes back to the first.
        FailBack = "fail-back",
        /// The order `evacuate`: work and clients leave a region that is well.
        Evacuate = "evacuate",
        /// The order `restore`: a database is made anew from a backup, whether or not what is given is so.
        Restore = "restore",
        /// The order `move-home`: a partition gets another home, whether or not what is given is so.
        MoveHome = "move-home",
        /// The order `roll-back`: a bad release is taken back, whether or not what is given is so.
        RollBack = "roll-back",
        /// The order `deploy`: a release goes from region to region.
        Deploy = "deploy",
    }
}

kinds! {
    /// Whether a runbook is for a planned move or for a disaster.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Mode {
        /// Writes stop before the work moves, and nothing is lost.
        Graceful = "graceful",
        /// What had not been copied stays behind.
        Ungraceful = "ungraceful",
    }
}

kinds! {
    /// Who decides that a runbook acts.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum DecidedBy {
        /// As `recovery.decider` says.
        AsSet = "as-set",
        /// It acts at once.
        Automatic = "automatic",
        /// A person is paged, looks, and decides.
        Person = "person",
        /// The learner, by the order to decide.
        Learner = "learner",
        /// Nobody: it starts by order only.
        Manual = "manual",
    }
}

kinds! {
    /// What becomes of a step whose needs are not met.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Otherwise {
        /// It waits, and says for what.
        Wait = "wait",
        /// The runbook goes on without it.
        Skip = "skip",
        /// The whole execution fails.
        Fail = "fail",
        /// It waits, and a person is asked.
        Ask = "ask",
    }
}

kinds! {
    /// What moves the clients in a step that shifts traffic.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum By {
        /// As `recovery.cutover` says.
        AsSet = "as-set",
        /// The record and its health check; the step itself does nothing.
        HealthCheck = "health-check",
        /// The record is changed, through Route 53's control plane.
        RecordChange = "record-change",
        /// A routing control is turned, in the data plane.
        RoutingControl = "routing-control",
    }
}

kinds! {
    /// What a step may need before it runs.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Need {
        /// Its region answers.
        Reachable = "reachable",
        /// Its region's control plane answers.
        ControlPlane = "control-plane",
        /// Route 53's control plane answers.
        DnsControlPlane = "dns-control-plane",
        /// Its region's copy follows and can be promoted.
        Copy = "copy",
        /// The copy has taken in everything.
        Level = "level",
        /// A backup can be restored in its region.
        Backup = "backup",
        /// Templates can be read in its region.
        Templates = "templates",
        /// The machine image is in its region.
        Image = "image",
        /// The account may run more servers in its region.
        Quota = "quota",
        /// Its region has capacity to spare.
        Capacity = "capacity",
    }
}

/// What is known of an action beside its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionRow {
    /// The bar of the waterfall that it becomes.
    pub step: StepName,
    /// What it needs, whether or not the runbook lists it.
    pub needs: &'static [Need],
    /// It changes who takes the writes.
    pub owns: bool,
    /// Where it leaves data that may not have been there before; a law may forbid that.
    pub brings: Brings,
}

/// Where an action leaves data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brings {
    /// Nowhere.
    Nothing,
    /// In the region that work goes to.
    ToTarget,
    /// In the region in which it is done.
    Here,
    /// In regions that are chosen for each partition.
    Homes,
}

const fn plain(step: StepName) -> ActionRow {
    ActionRow { step, needs: &[], owns: false, brings: Brings::Nothing }
}

const fn needing(step: StepName, needs: &'static [Need]) -> ActionRow {
    ActionRow { needs, ..plain(step) }
}

const fn bringing(step: StepName, brings: Brings) -> ActionRow {
    ActionRow { brings, ..plain(step) }
}

const fn owning(step: StepName, needs: &'static [Need], brings: Brings) -> ActionRow {
    ActionRow { needs, owns: true, brings, ..plain(step) }
}

kinds! {
    /// What a step can do.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Action: ActionRow {
        /// A person is paged and acknowledges.
        Page = "page" => plain(StepName::Page),
        /// That person finds out what it is.
        Triage = "triage" => plain(StepName::Triage),
        /// A person decides. If the region that work leaves is well again by then, the execution is called off.
        Decide = "decide" => plain(StepName::Decide),
        /// The region is told to take no more writes, and everybody to send it none.
        Fence = "fence" => plain(StepName::Fence),
        /// Writes stop: the database is to be made anew.
        StopWrites = "stop-writes" => plain(StepName::StopWrites),
        /// Network and balancer are made from templates; skipped if they are there.
        BuildNetwork = "build-network" => needing(StepName::BuildNetwork, &[Need::ControlPlane, Need::Templates]),
        /// The machine image is copied from the region that work leaves; skipped if it is there.
        CopyImage = "copy-image" => plain(StepName::CopyImage),
        /// Servers are added until as many serve as are wanted.
        AddCapacity = "add-capacity" => plain(StepName::ScaleOut),
        /// The copy becomes the primary.
        Promote = "promote" => owning(StepName::Promote, &[Need::ControlPlane], Brings::ToTarget),
        /// The copies in other regions are made anew from the new primary; skipped if there is none.
        RebuildStandbys = "rebuild-standbys" => plain(StepName::Refill),
        /// The old primary follows again once it is back, if the engine keeps its topology; else skipped.
        Rejoin = "rejoin" => bringing(StepName::Rejoin, Brings::Here),
        /// Clients are sent to the region, in the way that `by` says.
        ShiftTraffic = "shift-traffic" => plain(StepName::ChangeRecord),
        /// The record is pinned to the region, so that nobody moves back by a verdict; skipped unless `recovery.pin` says so.
        Pin = "pin" => needing(StepName::Pin, &[Need::DnsControlPlane]),
        /// The record, or the routing control, is as it was at the start.
        ReturnTraffic = "return-traffic" => plain(StepName::ReturnRecord),
        /// Synthetic requests are tried against the region.
        Try = "try" => plain(StepName::Try),
        /// The version that the data needs is brought out; skipped if it is out.
        Deploy = "deploy" => needing(StepName::Deploy, &[Need::ControlPlane]),
        /// A canary through public DNS and 99 % of those who arrive succeed for a minute.
        Validate = "validate" => plain(StepName::Validate),
        /// A release that ruins data is taken back; skipped if none is out.
        RollBack = "roll-back" => plain(StepName::Rollback),
        /// The backup is taken out of its archive.
        FetchBackup = "fetch-backup" => needing(StepName::FetchBackup, &[Need::ControlPlane, Need::Backup]),
        /// A new database is made from the backup, and takes the writes.
        Restore = "restore" => owning(StepName::Restore, &[Need::ControlPlane], Brings::Here),
        /// The blocks of the restored database are loaded.
        LoadBlocks = "load-blocks" => plain(StepName::LoadBlocks),
        /// What only the old primary has is set aside; skipped if it follows already.
        SetAside = "set-aside" => bringing(StepName::SetAside, Brings::ToTarget),
        /// The old primary's data is replaced by a copy; skipped if it follows already.
        RebuildCopy = "rebuild-copy" => bringing(StepName::Rebuild, Brings::ToTarget),
        /// The copy follows until it is less than 2 s behind.
        CatchUp = "catch-up" => plain(StepName::CatchUp),
        /// Writes stop, the copy takes in the rest and becomes the primary.
        SwitchOver = "switch-over" => owning(StepName::Switchover, &[], Brings::ToTarget),
        /// What was added for the disaster is taken down again.
        TakeDown = "take-down" => plain(StepName::TakeDown),
        /// The partitions of the region get another home, whether or not that has all of their writes.
        Rehome = "rehome" => owning(StepName::Rehome, &[], Brings::Homes),
        /// Partitions move home with nothing lost.
        HandOver = "hand-over" => owning(StepName::HandOver, &[], Brings::ToTarget),
        /// The release that was ordered is brought out in the region; skipped if none was, or if it runs there.
        Release = "release" => needing(StepName::Release, &[Need::ControlPlane]),
        /// The new release is watched for `rollout.bake_s`. While the rollout lasts, the alarm of a region that has the release
        /// ends it, and the release is taken back everywhere, by the runbook `roll-back`.
        Bake = "bake" => plain(StepName::Bake),
    }
}

impl Action {
    /// The bar of the waterfall that it becomes.
    pub const fn step(self) -> StepName {
        self.row().step
    }

    /// What it needs, whether or not the runbook lists it.
    pub const fn needs(self) -> &'static [Need] {
        self.row().needs
    }

    /// Whether it changes who takes the writes, so that it needs the lease.
    pub const fn owns(self) -> bool {
        self.row().owns
    }

    /// Whether work or clients leave a region for another, so that there have to be two.
    pub const fn leaves(self) -> bool {
        let moves = matches!(self, Self::Fence | Self::CatchUp | Self::ShiftTraffic | Self::TakeDown);
        moves || matches!(self.brings(), Brings::ToTarget | Brings::Homes)
    }

    /// Whether it can be done only where one region takes the writes.
    pub const fn wants_one_writer(self) -> bool {
        matches!(self, Self::Promote | Self::SwitchOver | Self::CatchUp | Self::SetAside | Self::RebuildCopy)
    }

    /// Where it leaves data that may not have been there before.
    pub const fn brings(self) -> Brings {
        self.row().brings
    }
}

kinds! {
    /// A step of the runbook or of a database's own failover: a bar of the waterfall. Of several that are under way, the
    /// headline names the first in this list.
    pub enum StepName {
        /// Failback: writes stop, the copy catches up whole and becomes the primary.
        Switchover = "switchover",
        /// A new database is made from the backup.
        Restore = "restore",
        /// The backup is taken out of its archive.
        FetchBackup = "fetch-backup",
        /// Network and balancer are made from templates.
        BuildNetwork = "build-network",
        /// The replica becomes the primary.
        Promote = "promote",
        /// The standby in the other zone takes over.
        ZoneFailover = "zone-failover",
        /// The old primary is kept from taking writes.
        Fence = "fence",
        /// Until a person has acknowledged the page.
        Page = "page",
        /// Until that person knows what it is.
        Triage = "triage",
        /// Until the disaster is declared.
        Decide = "decide",
        /// The machine image is copied to the recovery region.
        CopyImage = "copy-image",
        /// Servers are added in the recovery region.
        ScaleOut = "scale-out",
        /// The version that the data needs is brought out in the recovery region.
        Deploy = "deploy",
        /// The bad release is taken back.
        Rollback = "rollback",
        /// The blocks of the restored database are loaded; until then reading some of them waits.
        LoadBlocks = "load-blocks",
        /// From the fault until the verdict of the health checks.
        Detect = "detect",
        /// Failback: the old primary's data is replaced by a copy of the new primary's.
        Rebuild = "rebuild",
        /// Failback: the rebuilt copy follows until it is no longer behind.
        CatchUp = "catch-up",
        /// Failback: the writes that only the old primary has are set aside.
        SetAside = "set-aside",
        /// Writes stop before a restore.
        StopWrites = "stop-writes",
        /// Failback: the record points to the first region again.
        ReturnRecord = "return-record",
        /// The record is changed through the control plane.
        ChangeRecord = "change-record",
        /// A routing control is turned: the data plane sends clients elsewhere.
        RoutingControl = "routing-control",
        /// From the changed answer until no resolver holds the old one.
        Cutover = "cutover",
        /// Servers that died are replaced.
        ReplaceServers = "replace-servers",
        /// Synthetic requests are tried against the recovery region.
        Try = "try",
        /// Canary and clients get through for a minute.
        Validate = "validate",
        /// The record is pinned to the recovery region.
        Pin = "pin",
        /// What was added for the disaster is taken down again.
        TakeDown = "take-down",
        /// After a restore: the copies in other regions are filled anew.
        Refill = "refill",
        /// The old primary comes back as a follower by itself.
        Rejoin = "rejoin",
        /// The home of a partition takes no more writes, and the new home catches up.
        HandOver = "hand-over",
        /// The partitions of a dark region get another home.
        Rehome = "rehome",
        /// A release is brought out in a region.
        Release = "release",
        /// A new release is watched before the next region gets it.
        Bake = "bake",
        /// The instance of a volume that has no reader is made anew.
        NewInstance = "new-instance",
    }
}
