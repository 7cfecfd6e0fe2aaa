//! A database on the card of its region: its role, and what there is to say of it.

use crate::kernel::id::ZoneId;
use crate::model::Target;
use crate::model::fault::FaultKind;
use crate::scene::parts::inside;
use crate::scene::scores::LONG_S;
use crate::scene::view::View;
use crate::scene::words::number;
use crate::system::database::{Database, Role, Status};
use crate::system::restore_point::RestorePoint;

impl View<'_> {
    /// Its role in a word or two.
    pub(in crate::scene) fn database_role(&self, database: &Database) -> &'static str {
        if self.is_dark(database.region) {
            return match database.role {
                Role::Primary if self.is_fenced(database.region) => "fenced, dark",
                Role::Primary if self.plan.writes_everywhere() => "copy, dark",
                Role::Primary => "primary, dark",
                Role::Replica => "replica, dark",
                Role::Promoting => "promoting, dark",
                Role::Rebuilding => "rebuilding, dark",
                Role::Absent => "no database",
                Role::Witness => "witness, dark",
            };
        }
        if self.restoring_in(database.region).is_some() {
            return "restoring";
        }
        if database.unreachable.is_some() && database.role != Role::Absent {
            let shut = self.has_fault(FaultKind::SecurityGroupDatabase, Target::Region(database.region));
            return if shut { "shut off" } else { "endpoint gone" };
        }
        match (database.role, database.status) {
            (Role::Absent, _) => "no database",
            (_, Status::Down) => "database down",
            (_, Status::FailingOver) => inside::told(self.inside()).taking_over,
            (_, Status::Anew) => "instance being made anew",
            (_, Status::Restarting) => "restarting",
            (Role::Primary, Status::Up) if self.plan.writes_everywhere() => {
                if self.takes_writes(database) {
                    "takes writes"
                } else {
                    "primary"
                }
            }
            (Role::Primary, Status::Up) if self.is_fenced(database.region) => "fenced",
            (Role::Primary, Status::Up) if database.region != self.world.system.ownership.primary() => {
                "still thinks it is primary"
            }
            (Role::Primary, Status::Up) => "primary",
            (Role::Replica, Status::Up) => "replica",
            (Role::Promoting, Status::Up) => "promoting",
            (Role::Rebuilding, Status::Up) => "rebuilding",
            (Role::Witness, Status::Up) => "witness",
        }
    }

    fn takes_writes(&self, database: &Database) -> bool {
        database.writable() && !self.is_fenced(database.region)
    }

    /// Of what there is to say of it the most urgent.
    pub(in crate::scene) fn database_note(&self, database: &Database) -> String {
        if let Some(run) = self.restoring_in(database.region) {
            let from = |point: RestorePoint| format!("from what was there {} ago", self.age(point.shows_us));
            return run.point.map_or_else(|| "a backup is being fetched".into(), from);
        }
        if database.role == Role::Absent {
            return "would be made from a backup".into();
        }
        if database.role == Role::Witness {
            return "votes, serves nobody".into();
        }
        if let Some(loading) = &database.loading {
            return format!("loading blocks {} %", (loading.share() * 100.0) as u32);
        }
        let lacking = database.not_copied() as u64;
        if lacking > 0 {
            return format!("{} older than the rule: not here", number::counted(lacking, "key"));
        }
        let left_out = self.world.system.left_out(self.plan, database.region) as u64;
        if left_out > 0 {
            return format!("{} not copied by the rule", number::counted(left_out, "key"));
        }
        let corrupt = database.corrupt_keys() as u64;
        if corrupt > 0 {
            return format!("{} ruined", number::counted(corrupt, "key"));
        }
        let astray = self.world.system.servers_astray(self.plan, self.now, database.region) as u64;
        if astray > 0 {
            return format!("{} with its old address", number::counted(astray, "server"));
        }
        let streams = || self.world.system.streams.iter().filter(|stream| stream.to == database.region);
        if let Some(furthest) = streams().max_by_key(|stream| self.lag_of(stream)) {
            let behind = number::count(self.real(streams().map(|stream| stream.behind() as u64).sum()));
            let Some(lag) = self.lag_of(furthest) else {
                let dead = self.dead_end(furthest).unwrap_or_default();
                return format!("lag – · {behind} behind; {dead}");
            };
            let lag =
                if lag.secs() < LONG_S { number::span(lag.secs()) } else { number::minutes(lag.secs()) };
            // Where every region does, it is the role.
            let said = !self.plan.writes_everywhere() && self.takes_writes(database);
            let writes = if said { " · takes writes" } else { "" };
            return format!("lag {lag} · {behind} behind{writes}");
        }
        if self.has_no_source(database.region) {
            return "follows nobody: as it was before another took over".into();
        }
        let stranded = self.world.observer.losses.stranded_writes();
        if database.region != self.world.system.ownership.primary() && stranded > 0 {
            return format!("{} only here", number::counted(self.real(stranded), "write"));
        }
        if let Some(leaders) = &database.leaders {
            let waits = if leaders.elects() { "a third waits for a leader" } else { "copies in three zones" };
            return waits.into();
        }
        let stand_in = inside::told(self.inside()).stand_in;
        let ready: Vec<ZoneId> = database
            .standbys
            .ready()
            .map(|standby| ZoneId { region: database.region, index: standby.zone })
            .collect();
        match ready[..] {
            [] => {
                let nobody = inside::told(self.inside()).nobody;
                let behind = database.standbys.all().iter();
                let level = behind.filter_map(|it| database.standbys.rebuilt_at(it.zone)).min();
                level.map_or(nobody.into(), |at| format!("{nobody} until {}", number::moment(at.secs())))
            }
            [zone] => format!("{stand_in} in {} in step", self.plan.zone_code(zone)),
            [..] => format!("{} {stand_in}s in step", ready.len()),
        }
    }
}
