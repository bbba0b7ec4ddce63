//! `flakescope completions`: prints a shell's completion script.

use std::io::{self, Write as _};

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
    match io::stdout().write_all(&script) {
        // Whoever reads it has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(Ending::Done),
    }
}
