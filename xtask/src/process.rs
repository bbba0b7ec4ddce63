//! Starting other programs: printed before they run, their output passed through, a failure is an error.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// A command that runs in `directory`.
pub(crate) fn command(program: &str, arguments: &[&str], directory: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory);
    command
}

/// The cargo that started this task, so that a chosen toolchain stays chosen.
pub(crate) fn cargo(arguments: &[&str], directory: &Path) -> Command {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    command(&program, arguments, directory)
}

/// Runs `command` with its output on ours.
///
/// # Errors
/// When it cannot be started or does not exit with 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    match status(command)? {
        Some(0) => Ok(()),
        Some(code) => bail!("`{}` exited with {code}", shown(command)),
        None => bail!("`{}` was ended by a signal", shown(command)),
    }
}

/// Runs `command` with its output on ours and gives its exit code; `None` when a signal ended it.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn status(command: &mut Command) -> Result<Option<i32>> {
    println!("$ {}", shown(command));
    // What we print and what the command prints must stay in order when both go to one pipe.
    std::io::stdout()
        .flush()
        .context("failed to write to stdout")?;
    let status = command
        .status()
        .with_context(|| format!("failed to start `{}`", shown(command)))?;
    Ok(status.code())
}

/// What `command` prints on stdout, without the line end.
///
/// # Errors
/// When it cannot be started, fails, or prints something that is not UTF-8.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("failed to start `{}`", shown(command)))?;
    if !output.status.success() {
        bail!("`{}` failed: {}", shown(command), output.status);
    }
    let text = String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed something that is not UTF-8", shown(command)))?;
    Ok(text.trim_end().to_owned())
}

/// Whether `program arguments…` can be started and exits with 0; its output is dropped.
pub(crate) fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command as one would type it, without its folder and environment.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let mut words = vec![name.to_string_lossy().into_owned()];
    for argument in command.get_args() {
        words.push(argument.to_string_lossy().into_owned());
    }
    words.join(" ")
}
