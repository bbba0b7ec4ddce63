//! The report for people, printed when the command has ended: causes first.
//!
//! It goes to stderr, between the lines of the command and of the CI system, so each line begins with the gutter and
//! nothing moves the cursor. Three failures are told whole; of three hundred the report stays below a hundred lines and
//! counts what it leaves out.

mod cause;
mod closing;
mod print;
mod unlike;
mod unloaded;
mod words;

pub(crate) use cause::{Detail, Said, diagnosis_lines, error_lines, result};
pub(crate) use closing::gap_lines;
pub(crate) use print::{Extent, outcome, print};
pub(crate) use unlike::oddity_lines;
pub(crate) use words::{counted, of_kind, sign, test_title, title, unended};

#[cfg(test)]
mod tests;
