//! The database of each region: keys with versions, a role, and an instance with synchronous standbys in other zones, if
//! it has any. What is committed is durable and survives a crash. Which copy is the primary is what a region believes.

use crate::kernel::clock::{SimDuration, SimTime};
use crate::kernel::id::{EntryId, RegionId, VersionId};
use crate::kernel::keyed::Keyed;
use crate::kernel::pieces::Pieces;
use crate::model::Rule;
use crate::model::inside::Inside;
use crate::model::plan::Plan;
use crate::system::call::{Attempt, Hop};
use crate::system::capacity::Capacity;
use crate::system::context::Context;
use crate::system::copies::{Copies, Does};
use crate::system::image::{Image, Logged};
use crate::system::leaders::Leaders;
use crate::system::recent::Recent;
use crate::system::registers::Registers;
pub use crate::system::role::{Role, Status};
use crate::system::standbys::{Change, Standbys};
use crate::system::version::{Seen, Version, first_version, first_versions};
use crate::system::volume::{Cache, Loading};
use std::sync::Arc;

/// What a copy did with a version that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It had that, or something whose writer had seen that.
    Known,
    /// It stands there now; its writer had seen what stood there.
    New,
    /// Something stood there that its writer could not have seen: a collision.
    Collides,
}

/// The record of an endpoint was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The zone that it led to until then.
    pub from: u8,
    /// When.
    pub at: SimTime,
    /// The line of the journal because of which.
    pub because: Option<EntryId>,
}

/// What an item cache keeps of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// What the table showed.
    pub version: Version,
    /// What the table had seen of the key.
    pub copy: Seen,
    /// Until when it is answered with.
    pub expires: SimTime,
}

/// The database of one region.
#[derive(Clone, Debug)]
pub struct Database {
    /// The region.
    pub region: RegionId,
    /// The region whose writes win if the rule for collisions says that the first region does.
    first: RegionId,
    /// What the copy is for.
    pub role: Role,
    /// Whether the instance answers.
    pub status: Status,
    /// The zone of the instance that answers.
    pub zone: u8,
    /// What it is inside the region.
    pub inside: Inside,
    /// Who can take over in other zones.
    pub standbys: Standbys,
    /// The zone of the instance that failed by itself and is neither mended nor made anew.
    pub(super) broken: Option<u8>,
    /// Where the record of its endpoint led before, as far back as somebody may not have heard of it.
    pub(super) moves: Vec<Move>,
    /// Its instances are being changed one after the other.
    pub(super) changing: Option<Change>,
    /// The zone in which the instance is being made anew, if it is.
    pub(super) anew_zone: u8,
    /// What it showed until a moment ago, if readers are asked.
    pub(super) recent: Option<Recent>,
    /// What it can do in a second, if it is serverless.
    pub capacity: Option<Capacity>,
    /// What the item cache in front of it keeps.
    pub(super) items: Keyed<u16, Item>,
    /// Since when which zones are listed at the reader endpoint, a bit for each, as far back as somebody may not have heard of it.
    pub(super) listed: Vec<(SimTime, u8)>,
    /// Who leads which keys, if there are no instance and no standby.
    pub leaders: Option<Leaders>,
    /// The newest version of each key.
    pub versions: Vec<Version>,
    /// What the copy has seen of each key, whatever it shows.
    pub seen: Vec<Seen>,
    /// How far it has come in each region's log: the count of the newest commit that it has of it, or waits for no more.
    pub applied: Seen,
    /// Versions that are concurrent with the one that is shown, by key.
    pub rivals: Keyed<u16, Vec<Version>>,
    /// What a quorum's region keeps of the registers of keys.
    pub registers: Registers,
    /// The copies of its volume, if its data lie in one.
    pub copies: Option<Copies>,
    /// Blocks that have still to be loaded, after a restore.
    pub loading: Option<Loading>,
    /// What its instance has not read yet, after a restore that filled the volume first.
    pub cache: Option<Cache>,
    /// Until when what its objects' replication sends a second is used up.
    paced: SimTime,
    /// What stood here before the copy that is being filled was begun: it is kept until that is whole.
    pub before: Option<Arc<Image>>,
    /// How many versions have been made here.
    pub(super) made: u32,
    /// What has come into it, in order, if backups keep its log.
    pub log: Option<Pieces<Logged>>,
    /// The entry that its instance stopped for last.
    pub lost_by: Option<EntryId>,
    /// The fault because of which nobody reaches it, though it is well.
    pub unreachable: Option<EntryId>,
    /// The entry of its deletion: nothing of it is left, until another is made in its place.
    pub deleted: Option<EntryId>,
    /// Tells timers of now from those of before.
    pub(super) life: u16,
    /// How often an instance had to be replaced here.
    pub(super) takeovers: u32,
}

impl Database {
    /// Whether its standbys are being changed before one of them takes over.
    pub const fn is_being_changed(&self) -> bool {
        self.changing.is_some()
    }

    /// A copy in which nothing has been written.
    pub fn new(plan: &Plan, region: RegionId, role: Role) -> Self {
        let (keys, zones) = (plan.scenario.database.keys, plan.zones(region));
        let (never, inside) = (first_version(plan), plan.scenario.database.form().inside);
        debug_assert!(keys > 0 && zones > 0, "a database has keys, and a place");
        Self {
            region,
            first: plan.blueprint.primary(),
            role,
            status: Status::Up,
            zone: 0,
            inside,
            standbys: Standbys::of(inside, zones),
            broken: None,
            moves: Vec::new(),
            changing: None,
            anew_zone: 0,
            recent: (*plan.scenario.database.reader_reads > 0.0)
                .then(|| Recent::new(SimDuration::from_millis(plan.scenario.database.reader_lag_max_ms))),
            capacity: Capacity::at_start(plan, region),
            items: Keyed::default(),
            listed: Vec::new(),
            leaders: (!inside.has_instance()).then_some(Leaders::START),
            versions: first_versions(plan, region),
            seen: vec![never.seen; keys as usize],
            applied: Seen::NOTHING,
            rivals: Keyed::default(),
            registers: Registers::new(if plan.rule() == Rule::Quorum { keys as usize } else { 0 }, never),
            copies: inside.has_volume().then_some(Copies::WHOLE),
            loading: None,
            cache: None,
            paced: SimTime::ZERO,
            before: None,
            made: 0,
            log: None,
            lost_by: None,
            unreachable: None,
            deleted: None,
            life: 0,
            takeovers: 0,
        }
    }

    /// The zone of what answers for a key.
    #[inline]
    pub fn zone_of(&self, key: u16) -> u8 {
        self.leaders.as_ref().map_or(self.zone, |leaders| leaders.zone_of(key))
    }

    /// It is up, and can be reached; and if its data lie in a volume, that can be read.
    #[inline]
    pub fn answers(&self) -> bool {
        self.status == Status::Up && self.is_reached()
    }

    /// It can be reached; and if its data lie in a volume, that can be read.
    pub(super) fn is_reached(&self) -> bool {
        self.unreachable.is_none() && self.can(Does::Reads)
    }

    /// What it shows under a key is in the cache in front of it until then.
    pub(super) fn keep(&mut self, key: u16, expires: SimTime) {
        let index = usize::from(key);
        self.items.insert(key, Item { version: self.versions[index], copy: self.seen[index], expires });
    }

    /// What it showed under a key at a moment not long ago, and what it had seen of the key.
    pub(super) fn shown_at(&self, key: u16, moment: SimTime) -> (Version, Seen) {
        let index = usize::from(key);
        let before = self.recent.as_ref().and_then(|recent| recent.at(key, moment));
        before.unwrap_or((self.versions[index], self.seen[index]))
    }

    /// Whether its volume can do so much, if it has one.
    fn can(&self, least: Does) -> bool {
        self.copies.as_ref().is_none_or(|copies| copies.does() >= least)
    }

    /// Whether what is written would be kept: a volume needs four copies for that.
    pub fn keeps_writes(&self) -> bool {
        self.can(Does::Writes)
    }

    /// It can be read here.
    #[inline]
    pub fn readable(&self) -> bool {
        self.answers() && matches!(self.role, Role::Primary | Role::Replica | Role::Promoting)
    }

    /// It can send what it has committed: it answers, whether or not it may still take writes.
    pub fn can_ship(&self) -> bool {
        self.answers() && self.is_primary()
    }

    /// How long a request for a key waits for what is not at hand; `None` if it gives up.
    pub fn fetch(&mut self, ctx: &Context<'_>, attempt: &Attempt) -> Option<SimDuration> {
        let (plan, key) = (ctx.plan, usize::from(attempt.key));
        if let Some(loading) = &mut self.loading {
            return loading.fetch(plan, ctx.now, key, attempt.draws(ctx, Hop::Blocks));
        }
        let Some(cache) = &mut self.cache else { return Some(SimDuration::ZERO) };
        let wait = cache.fetch(plan, key);
        if cache.is_warm() {
            self.cache = None;
        }
        Some(wait)
    }

    /// An object takes its place among those that are sent to other regions: how long until then, in seconds.
    pub fn pace(&mut self, ctx: &Context<'_>) -> f64 {
        let rate = *ctx.plan.scenario.database.objects_per_s;
        if rate > 0.0 {
            let span = SimDuration::from_secs(f64::from(ctx.plan.weight) / rate);
            self.paced = self.paced.max(ctx.now) + span;
        }
        self.paced.since(ctx.now).secs()
    }

    /// A second has passed. True if the last block has just come.
    pub fn load_on(&mut self, plan: &Plan) -> bool {
        let whole = self.loading.as_mut().is_some_and(|loading| loading.go_on(plan));
        if whole {
            self.loading = None;
        }
        whole
    }

    /// When the newest of what it shows came into it: the moment at which the copy ends, if it takes in nothing more. While
    /// it is being filled: that of the copy which stood here before.
    pub fn shows(&self) -> SimTime {
        let versions = self.before.as_ref().map_or(&self.versions, |image| &image.versions);
        versions.iter().map(|version| version.at).max().unwrap_or(SimTime::ZERO)
    }

    /// Keys under which nothing stands that can be used.
    pub fn corrupt_keys(&self) -> usize {
        self.versions.iter().filter(|version| version.content.is_ruined()).count()
    }

    /// It is a primary, though another region may own its partition by now.
    #[inline]
    pub fn is_primary(&self) -> bool {
        self.role == Role::Primary
    }

    /// It can take writes here.
    pub fn writable(&self) -> bool {
        self.answers() && self.role == Role::Primary && self.keeps_writes()
    }

    /// The identity of the next version that is made here. Numbers are never used again, whatever is restored.
    pub fn next_id(&mut self) -> VersionId {
        self.made += 1;
        VersionId { region: self.region, count: self.made }
    }

    /// The newest commit that was ever made here: the end of the region's own log.
    pub const fn log_end(&self) -> VersionId {
        VersionId { region: self.region, count: self.made }
    }

    /// What it does not have of a region's log up to a commit will not come any more, and what comes later will.
    pub fn reach(&mut self, end: VersionId) {
        self.applied.set(end);
    }

    /// Nothing more of the other regions' logs will come: what it does not have of them has been given up.
    pub fn end_logs(&mut self) {
        self.applied = Seen::from_fn(|_| u32::MAX);
        self.reach(self.log_end());
    }

    /// Takes in a version. What its writer had seen goes; of what is concurrent the rule says which is shown, and every
    /// copy that has seen the same shows the same.
    pub fn take(&mut self, key: u16, version: Version, rule: Rule) -> Taken {
        let index = usize::from(key);
        debug_assert!(version.seen.covers(version.id), "a writer has seen its own write");
        if self.seen[index].covers(version.id) {
            return Taken::Known;
        }
        if let Some(copies) = &mut self.copies {
            copies.write();
        }
        if let Some(log) = &mut self.log {
            log.push(Logged { at: version.at, key, version });
        }
        debug_assert!(self.seen[index].covers(self.versions[index].id), "a copy has seen what it shows");
        if let Some(recent) = &mut self.recent {
            recent.push(version.at, key, self.versions[index], self.seen[index]);
        }
        self.seen[index].join(version.seen);
        let shown = self.versions[index];
        if self.rivals.is_empty() && version.has_seen(&shown) {
            debug_assert!(shown.stamp < version.stamp, "who has seen a version has a later stamp");
            self.versions[index] = version;
            return Taken::New;
        }
        let mut all = self.rivals.remove(key).unwrap_or_default();
        all.push(shown);
        all.retain(|other| !version.has_seen(other));
        let taken = if all.is_empty() { Taken::New } else { Taken::Collides };
        all.push(version);
        debug_assert!(all.iter().all(|it| self.seen[index].covers(it.id)), "a copy has seen what it keeps");
        let mut best = 0;
        for place in 1..all.len() {
            if all[place].wins_over(&all[best], rule, self.first) {
                best = place;
            }
        }
        self.versions[index] = all.remove(best);
        if !all.is_empty() {
            self.rivals.insert(key, all);
        }
        taken
    }

    /// Everything that stands under a key side by side, the one that is shown first.
    pub fn all_versions(&self, key: u16) -> impl Iterator<Item = &Version> {
        let rivals = self.rivals.get(key).into_iter().flatten();
        std::iter::once(&self.versions[usize::from(key)]).chain(rivals)
    }
}
