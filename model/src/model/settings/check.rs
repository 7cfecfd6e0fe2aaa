//! Health checks, of Route 53 and of balancers.

use crate::kernel::kinds::kinds;
use crate::model::setting::Setting;

kinds! {
    /// How deep a health check looks.
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Depth {
        /// It opens a connection. An application balancer opens it itself, whatever is behind it.
        Tcp = "tcp",
        /// It asks for a page that a server answers by itself, in the time that it takes for any request.
        Shallow = "shallow",
        /// It asks for a page that does what a request does, through to the database.
        Deep = "deep",
    }
}

impl Setting for Depth {}
impl Setting for Vec<Depth> {}
