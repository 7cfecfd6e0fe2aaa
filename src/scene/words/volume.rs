//! Words for a volume of six copies: what it can do with those that are left. Words for a cache in front of a table.

use super::entry::Words;
use crate::kernel::id::RegionId;
use crate::scene::panels::Tone;
use crate::system::copies::{COPIES, Copies, Does, Health};

/// How a volume is doing with so many copies that have every write.
pub fn tone(copies: usize) -> Tone {
    match Does::with(copies) {
        Does::All => Tone::Good,
        Does::Writes => Tone::Warning,
        Does::Reads | Does::Nothing => Tone::Bad,
    }
}

/// What it can do: "the volume has three of six copies: reads only".
pub fn does(copies: usize) -> String {
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
pub fn cache(share: f64) -> (String, String) {
    let percent = (share * 100.0).floor();
    (format!("cache {percent} %"), format!("the item cache has answered {percent} % of the reads"))
}

/// A mark for each copy, zone by zone: well, being mended, gone.
pub fn marks(copies: &Copies) -> String {
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
    pub(super) fn volume_tone(self, copies: u8) -> Tone {
        tone(copies.into())
    }

    pub(super) fn volume_turned(self, region: RegionId, copies: u8) -> String {
        format!("In {} {}.", self.plan.region_code(region), does(copies.into()))
    }
}
