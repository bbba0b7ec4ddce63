//! OTLP's messages as its .proto files have them. Written by `cargo xtask gen`: change them there.

#[cfg(test)]
pub(crate) const SOURCES: &str = "8918ed9fa4e661196515a528894bc37978a5b73e1f5608e9a2bb1031f59e883d";

pub mod collector;
pub mod common;
pub mod logs;
pub mod resource;
pub mod trace;
