//! Why Auto Scaling cannot have the servers that it wants.

use crate::kernel::kinds::kinds;

kinds! {
    /// What refuses to launch servers: of several, the one that is asked first.
    pub enum LaunchRefusal {
        /// The region's control plane does not answer.
        ControlPlane = "control-plane",
        /// The region has no network yet.
        NoNetwork = "no-network",
        /// The machine image is not in the region.
        NoImage = "no-image",
        /// The region has no spare capacity.
        Capacity = "capacity",
        /// The region's control plane answers slowly, and throttles calls.
        Throttled = "throttled",
        /// The account may not run more servers there.
        Quota = "quota",
    }
}
