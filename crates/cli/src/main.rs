//! The binary `flakescope`.
fn main() {}
