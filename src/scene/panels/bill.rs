//! Money.

/// What the deployment costs in a month, and what the outages of the run have cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Bill {
    /// "$2,345".
    pub monthly: String,
    /// "1.39 × the same system in one region, $1,687".
    pub ratio: String,
    /// "$1,774".
    pub outage: String,
    /// What that is made of.
    pub outage_note: String,
    /// When prices were read, and what is left out.
    pub note: String,
    /// The lines, the dearest first.
    pub lines: Vec<BillLine>,
}

/// A line of the bill.
#[derive(Clone, Debug, PartialEq)]
pub struct BillLine {
    /// "servers".
    pub item: &'static str,
    /// "us-east-1", or empty.
    pub place: String,
    /// "$420".
    pub usd: String,
    /// How it is reckoned, and where the price was read.
    pub hint: String,
}
