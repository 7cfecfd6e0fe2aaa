//! The page: starts Yew on top of the core.
fn main() {}
