//! Single writes in words. If one that was simulated stands for several none is named, for none of them has its name.

use super::{Words, loss, number};
use crate::kernel::id::WriteId;
use crate::system::stream::Commit;
use crate::system::write_state::WriteState;

impl Words<'_> {
    /// Two writes met of which neither had seen the other.
    pub(super) fn collided(self, key: u16, first: WriteId, second: WriteId) -> String {
        if self.plan.step() > 1 {
            return format!("Writes to key {} met: they had not seen each other.", key);
        }
        format!(
            "Writes {} and {} to key {} met: neither had seen the other.",
            number::count(first.0.into()),
            number::count(second.0.into()),
            key
        )
    }

    /// Of two writes that met the rule keeps one.
    pub(super) fn update_lost(self, key: u16, lost: WriteId, kept: WriteId) -> String {
        if self.plan.step() > 1 {
            return format!("A write to key {key} lost to another that had not seen it.");
        }
        let [lost, kept] = [lost, kept].map(|write| number::count(write.0.into()));
        format!("Write {lost} to key {key} is gone: write {kept} took its place.")
    }

    /// An acknowledged write can no longer be read.
    pub(super) fn write_missing(self, write: WriteId, state: WriteState) -> String {
        let became = loss::became(state, false);
        match self.lost.iter().find(|commit| commit.write == write) {
            _ if self.plan.step() > 1 => {
                format!("{} {}.", self.counted(1, "acknowledged write"), loss::became(state, true))
            }
            Some(commit) => format!("An acknowledged write {became}: {}.", self.write_name(commit)),
            None => format!("Acknowledged write {} {became}.", number::count(write.0.into())),
        }
    }

    /// A write by its name: "write 1,234 by Mumbai·3 to key 17, committed in us-east-1 at 0:12:39.8".
    pub fn write_name(self, commit: &Commit) -> String {
        format!(
            "write {} by {}·{} to key {}, committed in {} at {}",
            number::count(commit.write.0.into()),
            self.plan.city(commit.population),
            commit.connection + 1,
            commit.key,
            self.plan.region_code(commit.id.region),
            number::clock_tenths(commit.at.secs()),
        )
    }
}
