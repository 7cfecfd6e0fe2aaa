//! What has happened among the machines, told by the part to which it happened. The observer hears every occurrence;
//! operations hear what checks and alarms report. Telling changes nothing for whoever tells.

use crate::kernel::id::PopulationId;

/// Something that has happened, just now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Occurrence {
    /// A client of this population began a request.
    Sent(PopulationId),
}
