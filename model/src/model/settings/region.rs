//! The regions of a scenario, each with what stands there from the start.

use crate::catalog::compute;
use crate::model::table::settings;
use crate::model::unit::{Count, Millis, Ppm};

settings! {
    /// A region and what runs there.
    pub struct Region given {
        /// A region of the catalog: "us-east-1".
        code: String, length 1..=20;
        /// Availability zones in use.
        #[serde(default = "Region::zones")]
        zones: Count = 3, in 1..=6, "zones in use";
        /// Servers that run from the start, spread over the zones.
        servers: Count, in 0..=200, "servers from the start";
        /// Version of the application that is deployed here: a number, which may follow letters, as in "v42". Servers of an
        /// older version cannot read what newer ones wrote.
        #[serde(default = "Region::version")]
        version: String = "v42", length 1..=20;
        /// It is a quorum's witness: it votes on every write and keeps what it voted for, and nobody can read or write there. No
        /// servers, balancer or record.
        #[serde(default)]
        witness: bool;
        /// Its health check is inverted: Route 53 takes the region for unhealthy while the check finds it healthy, and the reverse.
        #[serde(default)]
        inverted_check: bool;
        /// The templates of network, balancer and servers can be read here. Without them nothing can be made here.
        #[serde(default = "Region::templates")]
        templates: bool = true;
        /// The machine image is here. Without it no server can be launched here.
        #[serde(default = "Region::image")]
        image: bool = true;
        /// The most servers that the account may run here (its service quota).
        #[serde(default = "Region::quota")]
        quota: Count = compute::QUOTA, in 0..=10_000, "service quota";
        /// How far the region's wall clock is ahead of the true time at the start, in milliseconds; behind if negative.
        #[serde(default)]
        clock_skew_ms: Millis, in -3_600_000..=3_600_000, "the clock is ahead by";
        /// How much faster the region's wall clock runs than the true time, in millionths; slower if negative.
        #[serde(default)]
        clock_drift_ppm: Ppm, in -1000..=1000, "the clock runs faster by";
    }
}

impl Region {
    /// A region of three zones with this many servers.
    pub fn named(code: &str, servers: u32) -> Self {
        Self {
            code: code.into(),
            zones: Self::zones(),
            servers,
            version: Self::version(),
            witness: false,
            inverted_check: false,
            templates: Self::templates(),
            image: Self::image(),
            quota: Self::quota(),
            clock_skew_ms: Millis::default(),
            clock_drift_ppm: Ppm::default(),
        }
    }

    /// A quorum's witness, in which nothing of one's own stands.
    pub fn as_witness(code: &str) -> Self {
        Self { witness: true, templates: false, image: false, ..Self::named(code, 0) }
    }
}
