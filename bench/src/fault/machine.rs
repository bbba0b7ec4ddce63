//! What somebody does to the machine of a server while a call is on its way.

use std::process::{Command, Stdio};

/// Runs a command of the shell and waits for it. Whoever waits for its effect sees that there was none.
pub(super) fn run(command: &str) {
    let ended = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status();
    match ended {
        Ok(status) if status.success() => {}
        Ok(status) => eprintln!("`{command}` ended with {status}"),
        Err(error) => eprintln!("`{command}` cannot be run: {error}"),
    }
}
