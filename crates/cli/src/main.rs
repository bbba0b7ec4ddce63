//! The binary `flakescope`: reads the command line, does what it says, and ends with the right code.

mod args;
mod command;
mod config;
mod evidence;
mod exit;
mod os;
mod project;
mod report;
mod tags;
mod talk;
mod view;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::args::{Cli, Command};
use crate::exit::{Ending, Failure};

/// A diagnosis makes and drops hundreds of thousands of small values (`examples/evidence_cost.rs` of `server`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    match dispatch(&cli) {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::As(exit)) => os::leave_as(exit),
        Err(failure) => {
            failure.print();
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(cli: &Cli) -> Result<Ending, Failure> {
    match &cli.command {
        Command::Run(args) => command::run::run(args, cli.color),
        Command::List(args) => command::list::run(args, cli.color),
        Command::Show(args) => command::show::run(args, cli.color),
        Command::Diff(args) => command::diff::run(args, cli.color),
        Command::Why(args) => command::why::run(args, cli.color),
        Command::Dispute(args) => command::dispute::run(args, cli.color),
        Command::Export(args) => command::export::run(args, cli.color),
        Command::Serve(args) => command::serve::run(args, cli.color),
        Command::Open(args) => command::open::run(args, cli.color),
        Command::Doctor(args) => command::doctor::run(args, cli.color),
        Command::Completions(args) => command::completions::run(args),
    }
}

/// Says what is wrong with the command line, or the help that was asked for.
fn refuse(error: &clap::Error) -> ExitCode {
    // A closed output is no reason to fail differently.
    let _closed = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        // The codes of `run` are those of the command, so its own wrong usage has one that no command uses.
        _ if std::env::args_os().any(|word| word == "run") => ExitCode::from(exit::NOT_STARTED),
        _ => ExitCode::from(exit::USAGE),
    }
}
