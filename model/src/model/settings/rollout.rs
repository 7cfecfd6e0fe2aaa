//! Rollouts: the releases of the application that can be deployed, and which region gets one when.

use crate::catalog::recovery;
use crate::kernel::kinds::kinds;
use crate::model::setting::Setting;
use crate::model::table::settings;
use crate::model::unit::{Share, Span};

kinds! {
    /// Which regions get a release when.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Waves {
        /// One region after the other, those with the fewest users first, each with a bake time before the next.
        RegionByRegion = "region-by-region",
        /// All regions at once.
        Everywhere = "everywhere",
    }
}

impl Setting for Waves {}

settings! {
    /// How a release is brought out. How long that takes in a region is `recovery.deploy_s`.
    pub struct Rollout {
        /// Which regions get a release when.
        order: Waves = Waves::RegionByRegion;
        /// How long a release is watched in a region before the next gets it, in seconds. An alarm of a region that has it
        /// ends the rollout, and the release is taken back everywhere. An alarm takes `recovery.alarm_s`: what bakes for less
        /// time goes on before it can go off.
        bake_s: Span = recovery::BAKE, in 0..=86_400, "a release bakes for", spans [Bake];
        /// The releases that can be deployed: one that is good and one that is bad, unless the file says otherwise.
        releases: Vec<Release> = vec![Release::named("v43", 0.0), Release::named("v44", 1.0)], length ..=20;
    }
}

settings! {
    /// A release of the application. It reads and writes the data in the format of the version that it replaces.
    pub struct Release given {
        /// Its name, as in `deploy=v43`: letters, digits, dots and hyphens.
        name: String, length 1..=20;
        /// Share of requests that its servers answer with an error, though they pass the shallow health checks (0 to 1).
        #[serde(default = "Release::fails")]
        fails: Share = 0.0, in 0..=1, "its servers fail";
        /// Its servers write rubbish, as with the fault `corruption`.
        #[serde(default = "Release::rubbish")]
        rubbish: bool = false;
    }
}

impl Release {
    /// A release that writes what it should, and fails this share of requests.
    fn named(name: &str, fails: f64) -> Self {
        Self { name: name.into(), fails: Share(fails), rubbish: Self::rubbish() }
    }
}
