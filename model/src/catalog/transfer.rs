//! What is paid for data that leaves a region; the numbers are those of `data/transfer-prices.csv`, held by a test.
use super::fact::{Confidence, Fact, Unit};
use super::prices::TRANSFER_NEAR;

const SOURCE: &str = "infracost @ 95ba4f4, data_transfer_test.golden (2024-09-25)";
const LIKE_VIRGINIA: &str = "No price of this region was read: that of us-east-1 (2024-09-25)";

/// What leaves a region, in US dollars for each GiB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transfer {
    /// The region's code.
    pub region: &'static str,
    /// To another region.
    pub between: f64,
    /// To the internet, the first 10 TB of a month; more is cheaper.
    pub internet: f64,
}

const fn from(region: &'static str, between: f64, internet: f64) -> Transfer {
    Transfer { region, between, internet }
}

const VIRGINIA: Transfer = from("us-east-1", 0.02, 0.09);

/// Every region of which the prices were read, by code.
pub const TRANSFERS: &[Transfer] = &[
    from("af-south-1", 0.147, 0.154),
    from("ap-east-1", 0.09, 0.12),
    from("ap-northeast-1", 0.09, 0.114),
    from("ap-northeast-2", 0.08, 0.126),
    from("ap-northeast-3", 0.09, 0.114),
    from("ap-south-1", 0.086, 0.1093),
    from("ap-south-2", 0.086, 0.1093),
    from("ap-southeast-1", 0.09, 0.12),
    from("ap-southeast-2", 0.098, 0.114),
    from("ap-southeast-5", 0.08, 0.108),
    from("ca-central-1", 0.02, 0.09),
    from("ca-west-1", 0.02, 0.09),
    from("eu-central-1", 0.02, 0.09),
    from("eu-north-1", 0.02, 0.09),
    from("eu-south-1", 0.02, 0.09),
    from("eu-west-1", 0.02, 0.09),
    from("eu-west-2", 0.02, 0.09),
    from("eu-west-3", 0.02, 0.09),
    from("il-central-1", 0.08, 0.11),
    from("me-south-1", 0.1105, 0.117),
    from("sa-east-1", 0.138, 0.15),
    VIRGINIA,
    from("us-east-2", 0.02, 0.09),
    from("us-west-1", 0.02, 0.09),
    from("us-west-2", 0.02, 0.09),
];

/// The price of data that leaves a region for another one.
pub fn between_regions(region: &str, to: &str) -> Fact {
    if matches!((region, to), ("us-east-1", "us-east-2") | ("us-east-2", "us-east-1")) {
        return TRANSFER_NEAR;
    }
    price(region, |transfer| transfer.between, "What is sent to another region")
}

/// The price of data that leaves a region for the internet.
pub fn to_internet(region: &str) -> Fact {
    price(region, |transfer| transfer.internet, "What is sent to the internet, the first 10 TB of a month")
}

fn price(region: &str, pick: fn(&Transfer) -> f64, label: &'static str) -> Fact {
    let known = TRANSFERS.iter().find(|transfer| transfer.region == region);
    let (source, confidence) = match known {
        Some(_) => (SOURCE, Confidence::Documented),
        None => (LIKE_VIRGINIA, Confidence::Assumption),
    };
    Fact { value: pick(known.unwrap_or(&VIRGINIA)), unit: Unit::UsdPerGib, label, source, confidence }
}
