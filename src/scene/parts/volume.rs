//! A volume of six copies, and what it can do with those that are left; a cache in front of a table.

use crate::kernel::id::RegionId;
use crate::scene::panels::{Note, Tone};
use crate::scene::view::View;
use crate::scene::words::Words;
use crate::system::copies::{COPIES, Copies, Does, Health};
use crate::system::database::{Database, Role};

impl View<'_> {
    /// How often the cache in front of a region's table has answered.
    pub(in crate::scene) fn item_cache(&self, database: &Database) -> Option<Note> {
        let hits = self.world.system.cache_hits(self.plan, database.region)?;
        let (text, hint) = cache(hits);
        (!self.is_dark(database.region)).then_some(Note { text, hint, tone: Tone::Plain })
    }

    /// The copies of the volume that a region's data lie in.
    pub(in crate::scene) fn volume(&self, database: &Database) -> Option<Note> {
        let copies = database.copies.as_ref()?;
        let there = !matches!(database.role, Role::Absent | Role::Witness) && !self.is_dark(database.region);
        let well = copies.well();
        let units = database.capacity.as_ref().map(|it| it.acus);
        let (mut text, mut hint) = (marks(copies), does(well));
        if let Some(units) = units {
            // There is no room for both beside a long note: a whole volume is no news.
            let whole = well == COPIES;
            text = if whole { format!("{units:.1} ACU") } else { format!("{text} {units:.1} ACU") };
            hint = format!("{hint}; the instance has {units:.1} capacity units");
        }
        let note = Note { text, hint, tone: tone(well) };
        there.then_some(note)
    }
}

/// How a volume is doing with so many copies that have every write.
fn tone(copies: usize) -> Tone {
    match Does::with(copies) {
        Does::All => Tone::Good,
        Does::Writes => Tone::Warning,
        Does::Reads | Does::Nothing => Tone::Bad,
    }
}

/// What it can do: "the volume has three of six copies: reads only".
fn does(copies: usize) -> String {
    const WORDS: [&str; COPIES] = ["none", "one", "two", "three", "four", "five"];
    let what = match Does::with(copies) {
        Does::All => return "the volume has all of its six copies".into(),
        Does::Writes => "reads and writes go on",
        Does::Reads => "reads only",
        Does::Nothing => "neither reads nor writes",
    };
    format!("the volume has {} of six copies: {what}", WORDS.get(copies).unwrap_or(&""))
}

/// How often the cache in front of a table has answered: "cache 93 %", and a sentence.
fn cache(share: f64) -> (String, String) {
    let percent = (share * 100.0).floor();
    (format!("cache {percent} %"), format!("the item cache has answered {percent} % of the reads"))
}

/// A mark for each copy, zone by zone: well, being mended, gone.
fn marks(copies: &Copies) -> String {
    let mut marks = String::new();
    for (place, health) in copies.all().enumerate() {
        if place > 0 && Copies::zone(place) != Copies::zone(place - 1) {
            marks.push(' ');
        }
        marks.push(match health {
            Health::Well => '●',
            Health::Comes(_) => '◐',
            Health::Away => '○',
        });
    }
    marks
}

impl Words<'_> {
    pub(in crate::scene) fn volume_tone(self, copies: u8) -> Tone {
        tone(copies.into())
    }

    pub(in crate::scene) fn volume_turned(self, region: RegionId, copies: u8) -> String {
        format!("In {} {}.", self.plan.region_code(region), does(copies.into()))
    }
}
