//! The headless binary: the same core in a terminal.
fn main() {}
