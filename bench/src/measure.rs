//! What a command costs: the processor time of it and of all processes that it waited for, and its wall time.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

/// Rounds that are measured, after one that is not.
const ROUNDS: usize = 15;

/// One way of doing the thing that is measured.
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    /// Makes the command anew for each round.
    pub(crate) command: Box<dyn Fn() -> Result<Command>>,
}

/// What one round of a variant cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// User and system time.
    pub(crate) cpu: Duration,
    pub(crate) wall: Duration,
}

/// Measures the variants in turn, round after round, so that whatever else the machine does hits all of them alike.
///
/// # Errors
/// When a command cannot be started or fails: a failed command measures nothing.
pub(crate) fn interleaved(variants: &[Variant]) -> Result<Vec<Vec<Cost>>> {
    let mut costs = vec![Vec::with_capacity(ROUNDS); variants.len()];
    for round in 0..=ROUNDS {
        for (variant, costs) in variants.iter().zip(&mut costs) {
            let cost = once(&mut (variant.command)()?).with_context(|| variant.name)?;
            // The first round warms the file cache.
            if round > 0 {
                costs.push(cost);
            }
        }
        eprint!("\rround {round} of {ROUNDS}");
    }
    eprintln!();
    Ok(costs)
}

fn once(command: &mut Command) -> Result<Cost> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let cpu_before = cpu_of_children()?;
    let start = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("failed to start {command:?}"))?;
    let wall = start.elapsed();
    if !status.success() {
        bail!("{command:?} failed: {status}");
    }
    let cpu = cpu_of_children()?.saturating_sub(cpu_before);
    Ok(Cost { cpu, wall })
}

/// The processor time of all processes that this one has waited for, and those that they have waited for.
fn cpu_of_children() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("failed to read processor time")?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(micros.unsigned_abs()))
}
