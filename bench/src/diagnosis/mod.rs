//! The labelled fault matrix: tests that nobody here wrote, faults whose cause is known, and what the diagnosis says.
//!
//! `record` runs each case once under `flakescope run` and keeps its store; `evaluate` reads the stores again and asks the
//! diagnosis, in seconds. What a case is stands in `bench/diagnosis/README.md`.

mod case;
mod check;
mod evaluate;
mod evidence;
mod heuristics;
mod insights;
mod natural;
mod record;
mod report;
mod runner;
mod server;
mod suite;
mod tally;
mod workshop;

pub use case::{Case, Cases, Expectation};
pub use evaluate::evaluate;
pub use record::{Selection, record};
pub use workshop::Workshop;
