//! What the binaries of this package share: the fault proxy, and the labelled fault matrix that is recorded through it.

pub mod diagnosis;
pub mod fault;
