//! The document of a run: what `--report-json` writes and every other report is printed from.

mod baseline;
mod build;
mod diagnosis;
mod lists;
mod recording;
mod stack;
mod types;

pub use build::{build, run_entry, short_id};
pub use lists::{ListedRun, ListedTest, RunList, TestList};
pub use recording::{Exchange, Header, Log, Message, Recording, Step, recording};
pub use types::*;
