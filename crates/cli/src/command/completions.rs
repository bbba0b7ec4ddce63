//! `flakescope completions`: prints a shell's completion script.

use clap::CommandFactory as _;

use crate::args::{Cli, CompletionsArgs};
use crate::exit::{Ending, Failure};

/// Prints the script to stdout.
///
/// # Errors
/// When stdout cannot be written to.
pub(crate) fn run(args: &CompletionsArgs) -> Result<Ending, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "flakescope", &mut script);
    super::print(&script)
}
