//! Why a request failed in the end, by what its last attempt met.

use crate::kernel::kinds::kinds;

kinds! {
    /// Why a request failed. Of several that are true it is the first; who was logged out, or did not ask, has met nothing else.
    pub enum Failure {
        /// It went where name servers do not point any more: the resolver, or the connection, had an old answer.
        StaleDns = "stale_dns",
        /// The region that it went to was dark.
        RegionDark = "region_dark",
        /// All servers, or their queues, were full.
        Full = "full",
        /// The application, the database or the quorum said no, or the balancer reset the connection.
        Refused = "refused",
        /// No answer came in time.
        TimedOut = "timed_out",
        /// Anything else.
        Other = "other",
        /// The application did not know the session any more, and asked the user to log in again.
        LoggedOut = "logged_out",
        /// The client's circuit breaker was open: the region was not asked.
        BreakerOpen = "breaker_open",
    }
}
