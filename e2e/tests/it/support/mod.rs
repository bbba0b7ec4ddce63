//! What the tests are written with: projects in temporary folders, processes with bounded waits, reports.

mod binary;
mod network;
mod process;
mod project;
mod refused;
mod report;
mod store;

pub(crate) use binary::{flakescope, repository};
pub(crate) use network::Network;
pub(crate) use process::{Output, Process};
pub(crate) use project::{MOCHA, Project, Recorded};
pub(crate) use refused::{SERVICE, check_refused, files_of};
pub(crate) use report::{Report, without_gutter, without_times};
pub(crate) use store::contents;
