//! `flakescope run`: one step after the other, one file per step.
mod agents;
mod child;
use crate::args::RunArgs;
use crate::exit::{Ending, Failure};
use crate::os;
pub(crate) fn run(args: &RunArgs) -> Result<Ending, Failure> {
    let relay = os::Relay::start()?;
    let mut command = child::plain(&args.command);
    let mut child =
        os::spawn(&mut command).map_err(|error| child::not_started(&args.command, &error))?;
    Ok(Ending::As(relay.wait(&mut child)?))
}
