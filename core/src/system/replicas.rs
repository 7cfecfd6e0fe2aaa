//! Reads and writes that several copies have to answer, after Dynamo (DeCandia and others, 2007): the region that is asked does
//! it in its own copy, tells all others at once, and answers as soon as enough have. What does not come to a copy that way
//! comes with the streams, as it does if nobody waits for other copies.

use super::System;
use crate::kernel::id::{RegionId, Ticket};
use crate::kernel::region_map::RegionSet;
use crate::model::plan::Site;
use crate::system::call::{Answer, Call, Hop};
use crate::system::context::Context;
use crate::system::gathering::Gathering;
use crate::system::letter::{Letter, Says};
use crate::system::network::{Cargo, Flight};
use crate::system::timer::RequestTimer;
use crate::system::version::{Found, Seen, Version};

/// What the region does that is asked.
impl System {
    /// The copy that was called has done its work, and the others are asked if the scenario says so. True if some of them have to
    /// answer first.
    pub(super) fn gather(&mut self, ctx: &mut Context<'_>, ticket: Ticket, call: &Call, own: Answer) -> bool {
        let enough = ctx.plan.copies_asked(call.attempt.writes());
        let repairs = ctx.plan.scenario.database.read_repair && !call.attempt.writes();
        if enough == 1 && !repairs {
            return false;
        }
        let (region, key) = (call.to, call.attempt.key);
        let made = if let Answer::Written(made) = own { Some(made) } else { None };
        let database = &self.databases[region.index()];
        let (version, says) = match made {
            // Since an earlier attempt has made it, something may have been written over it.
            Some(made) => match database.all_versions(key).find(|version| version.seen.covers(made)) {
                Some(version) => (*version, Says::Keep(*version)),
                None => return false,
            },
            None if call.attempt.writes() => return false,
            None => (database.versions[usize::from(key)], Says::Look),
        };
        let found = self.found_at(region, key, ctx.plan.rule());
        let (attempt, done) = (call.attempt, enough == 1);
        let answered = RegionSet::from_iter([region]);
        let own = Gathering { call: ticket, attempt, region, made, answered, done, version, found };
        let gathering = self.gatherings.insert(own);
        for other in self.others(region) {
            self.write_letter(ctx, (region, other), Hop::ToCopy(other), Letter { gathering, attempt, says });
        }
        if !done {
            self.limit_wait(ctx, call);
        }
        ctx.after_s(ctx.plan.scenario.database.timeout_s, RequestTimer::TooFew.of(gathering));
        !done
    }

    fn write_letter(
        &mut self,
        ctx: &mut Context<'_>,
        (from, to): (RegionId, RegionId),
        hop: Hop,
        letter: Letter,
    ) {
        debug_assert_ne!(from, to, "a region writes itself nothing");
        let (draws, ends) = (letter.attempt.draws(ctx, hop), (Site::Region(from), Site::Region(to)));
        let answers = matches!(letter.says, Says::Kept | Says::Shows(..));
        let writes = !matches!(letter.says, Says::Look | Says::Shows(..));
        let letter = self.letters.insert(letter);
        let cargo = if answers { Cargo::CopyAnswers(letter) } else { Cargo::AskCopy(letter) };
        self.network.send_request(ctx, draws, ends, cargo, writes, true);
    }

    /// Another copy has a write.
    fn on_kept(&mut self, ctx: &mut Context<'_>, id: Ticket, from: RegionId) {
        let Some(gathering) = self.gatherings.get_mut(id) else { return };
        gathering.answered.insert(from);
        let Gathering { call, made, answered, .. } = *gathering;
        if answered.len() >= ctx.plan.copies_asked(true) {
            self.gatherings.remove(id);
            self.done_storing(ctx, call, made.map_or(Answer::No, Answer::Written));
        }
    }

    /// Another copy has shown what it has. As soon as enough have, what the rule puts first is the answer.
    fn on_shows(&mut self, ctx: &mut Context<'_>, id: Ticket, from: RegionId, shows: (Version, Found)) {
        let rule = (ctx.plan.rule(), ctx.plan.blueprint.primary());
        let Some(gathering) = self.gatherings.get_mut(id) else { return };
        gathering.join(from, (&shows.0, &shows.1), rule);
        let enough = !gathering.done && gathering.answered.len() >= ctx.plan.copies_asked(false);
        gathering.done |= enough;
        let gathering = *gathering;
        let repairs = ctx.plan.scenario.database.read_repair;
        if repairs {
            self.repair(ctx, id, from, (&shows.0, shows.1.copy));
        }
        // Who repairs hears the others out.
        let over = gathering.done && (!repairs || gathering.answered.len() == self.databases.len());
        if over {
            self.gatherings.remove(id);
        }
        if enough {
            self.done_gathering(ctx, &gathering);
        }
    }

    /// Enough copies have answered a read.
    fn done_gathering(&mut self, ctx: &mut Context<'_>, gathering: &Gathering) {
        let Some(&call) = self.calls.get(gathering.call) else { return };
        let answer = self.read_of_copy(&call, &gathering.version, gathering.found);
        if answer == Answer::No && gathering.version.content.is_ruined() {
            self.blame(gathering.call, self.ruined_by);
        }
        self.done_storing(ctx, gathering.call, answer);
    }

    /// A copy has shown something. If it is news here it is taken in, and the copies that have answered before lack it too, as
    /// they would have brought it. Then that copy gets what it lacks itself.
    fn repair(
        &mut self,
        ctx: &mut Context<'_>,
        id: Ticket,
        from: RegionId,
        (shown, mut seen): (&Version, Seen),
    ) {
        let Some(&Gathering { attempt, region, answered, .. }) = self.gatherings.get(id) else { return };
        let (key, after) = (attempt.key, answered.len() as u8);
        if shown.id.is_written() && !self.databases[region.index()].seen[usize::from(key)].covers(shown.id) {
            self.take_in(ctx, region, key, Version { at: ctx.now, ..*shown });
            let letter = Letter { gathering: id, attempt, says: Says::Repair(*shown) };
            for other in answered.iter().filter(|other| *other != region && *other != from) {
                self.write_letter(ctx, (region, other), Hop::Repair(other, after, 0), letter);
                self.meters.replicated[region] += 1;
            }
        }
        let mut nth = 0;
        while let Some(version) = self.lacking(region, key, seen) {
            seen.join(version.seen);
            let letter = Letter { gathering: id, attempt, says: Says::Repair(version) };
            self.write_letter(ctx, (region, from), Hop::Repair(from, after, nth), letter);
            self.meters.replicated[region] += 1;
            nth += 1;
        }
    }

    /// Something that stands in a region's copy and that another which has seen this lacks.
    fn lacking(&self, region: RegionId, key: u16, seen: Seen) -> Option<Version> {
        let lacks = |version: &&Version| version.id.is_written() && !seen.covers(version.id);
        self.databases[region.index()].all_versions(key).find(lacks).copied()
    }

    /// Nobody waits for more answers. If they are too few the call gets none: what it has written stays where it is.
    pub(super) fn on_too_few(&mut self, id: Ticket) {
        let Some(&Gathering { call, done, .. }) = self.gatherings.remove(id) else { return };
        if !done {
            self.fall_silent(call);
        }
    }
}

/// What the others do.
impl System {
    /// A letter has come. A copy that does not answer throws it away.
    pub(super) fn on_letter(&mut self, ctx: &mut Context<'_>, flight: &Flight, letter: Ticket) {
        let Some(&letter) = self.letters.remove(letter) else { return };
        let (Site::Region(from), Site::Region(here)) = (flight.from, flight.to) else { return };
        if !self.serves_reads(ctx.plan, here) {
            return;
        }
        let key = letter.attempt.key;
        match letter.says {
            Says::Keep(version) => {
                self.take_in(ctx, here, key, Version { at: ctx.now, ..version });
                self.answer_letter(ctx, (here, from), &letter, Says::Kept);
            }
            Says::Look => {
                let shown = self.databases[here.index()].versions[usize::from(key)];
                let found = self.found_at(here, key, ctx.plan.rule());
                self.meters.reads[here] += 1;
                self.meters.forwards[here] += 1;
                self.answer_letter(ctx, (here, from), &letter, Says::Shows(shown, found));
            }
            Says::Repair(version) => self.take_in(ctx, here, key, Version { at: ctx.now, ..version }),
            Says::Kept => self.on_kept(ctx, letter.gathering, from),
            Says::Shows(version, found) => self.on_shows(ctx, letter.gathering, from, (version, found)),
        }
    }

    fn answer_letter(
        &mut self,
        ctx: &mut Context<'_>,
        ends: (RegionId, RegionId),
        letter: &Letter,
        says: Says,
    ) {
        self.write_letter(ctx, ends, Hop::FromCopy(ends.0), Letter { says, ..*letter });
    }
}
