//! The document of a run: what `--report-json` writes and every other report is printed from.

mod baseline;
mod build;
mod diagnosis;
mod lists;
mod recording;
mod stack;
mod types;

pub(crate) use build::{build, run_entry, short_id};
pub(crate) use lists::{ListedRun, ListedTest, RunList, TestList};
#[cfg(test)]
pub(crate) use recording::Header;
pub(crate) use recording::{Exchange, Log, Message, Recording, Step, recording};
pub(crate) use types::*;

#[cfg(test)]
pub(crate) mod tests;
