//! What is said of queues, of consumers, and of messages; and of a copy that is used again.

use super::{Words, number};
use crate::kernel::id::RegionId;

impl Words<'_> {
    pub(super) fn consumers_wait(self, region: RegionId) -> String {
        let code = self.plan.region_code(region);
        format!("Consumers in {code} take no more messages: the database takes no writes.")
    }

    pub(super) fn consumers_go_on(self, region: RegionId, backlog: u32) -> String {
        let (code, all) = (self.plan.region_code(region), self.messages(backlog));
        format!("Consumers in {code} take messages again; {all} wait.")
    }

    pub(super) fn messages_dead(self, region: RegionId, count: u32) -> String {
        let (code, all) = (self.plan.region_code(region), self.messages(count));
        format!("{all} in {code} set aside: no consumer gets through.")
    }

    pub(super) fn messages_expired(self, region: RegionId, count: u32) -> String {
        let code = self.plan.region_code(region);
        format!("{} in {code} waited for too long and are lost.", self.messages(count))
    }

    pub(super) fn messages_redriven(self, region: RegionId, count: u32) -> String {
        format!("{} in {} go to the queue again.", self.messages(count), self.plan.region_code(region))
    }

    pub(super) fn deliveries_wait(self, from: RegionId, to: RegionId) -> String {
        let [from, to] = [from, to].map(|region| self.plan.region_code(region));
        format!("The queue in {to} does not answer the topic in {from}, which tries again and again.")
    }

    pub(super) fn deliveries_go_on(self, from: RegionId, to: RegionId, owed: u32) -> String {
        let [from, to] = [from, to].map(|region| self.plan.region_code(region));
        format!("The queue in {to} answers the topic in {from} again; {} to deliver.", self.messages(owed))
    }

    pub(super) fn old_copy_kept(self, region: RegionId) -> String {
        let code = self.plan.region_code(region);
        format!("The copy that {code} had before is used: the new one is not whole.")
    }

    /// Simulated messages as real ones, in words.
    fn messages(self, count: u32) -> String {
        number::counted(u64::from(count) * self.plan.step(), "message")
    }
}
