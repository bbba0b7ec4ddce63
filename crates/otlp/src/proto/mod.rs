//! OTLP's messages as its .proto files have them. Written by `cargo xtask gen`: change them there.

#[cfg(test)]
pub(crate) const SOURCES: &str = "fd005e658378819874377fac03392b9f6ac2f89833b2a833ae31a39669d8ed4d";

pub mod common;
pub mod logs;
pub mod resource;
pub mod trace;
