//! The document of a run: what `--report-json` writes and every other report is printed from.

mod build;
mod diagnosis;
mod stack;
mod types;

pub(crate) use build::build;
pub(crate) use types::*;
