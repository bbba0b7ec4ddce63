//! Starting processes and ending our own.

use std::io::{self, Read as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use model::Exit;
use rustix::process::{Resource, Rlimit};

/// The most that is read from a helper's output, in bytes.
const OUTPUT_LIMIT: u64 = 1 << 20;

/// Starts the command of a run: the same process group, the same input and output.
///
/// # Errors
/// What the system says; [`io::ErrorKind::NotFound`] when there is no such command.
pub(crate) fn spawn(command: &mut Command) -> io::Result<Child> {
    match command.spawn() {
        Err(error) if is_unknown_format(&error) => through_shell(command).spawn(),
        started => started,
    }
}

/// Becomes the command. Returns only if that fails.
pub(crate) fn exec(command: &mut Command) -> io::Error {
    let error = command.exec();
    match is_unknown_format(&error) {
        true => through_shell(command).exec(),
        false => error,
    }
}

/// A script without `#!`. Shells, `env` and everything else that uses `execvp` run such a file with `sh`.
fn is_unknown_format(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::NOEXEC.raw_os_error())
}

/// The same command as `sh FILE ARGUMENTS…`. The shell looks a name without a slash up in `PATH` by itself.
fn through_shell(command: &Command) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

/// How a process ended.
pub(super) fn exit_of(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, Some(signal)) => Exit::Signal(signal),
        (None, None) => Exit::Code(i32::from(crate::exit::NOT_STARTED)),
    }
}

/// Ends this process as the command ended, so that whoever waits for us sees the same status: a code, or death by the
/// same signal, without a core file of our own.
pub(crate) fn leave_as(exit: Exit) -> ! {
    if let Exit::Signal(signal) = exit
        // The first process of a container cannot die by its own signal.
        && std::process::id() != 1
    {
        let no_core = Rlimit {
            current: Some(0),
            maximum: rustix::process::getrlimit(Resource::Core).maximum,
        };
        let _kept = rustix::process::setrlimit(Resource::Core, no_core);
        let _unknown = signal_hook::low_level::emulate_default_handler(signal);
    }
    std::process::exit(exit.shell_code())
}

/// The output of a helper program, or nothing when it fails, is not there, or takes longer than `patience`.
pub(crate) fn output_within(mut command: Command, patience: Duration) -> Option<String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let stdout = child.stdout.take()?;
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let mut output = Vec::new();
        let read = stdout.take(OUTPUT_LIMIT).read_to_end(&mut output);
        // Nobody waits any more when it took too long.
        let _late = sender.send(read.map(|_| output));
    });
    let output = receiver.recv_timeout(patience);
    if output.is_err() {
        // Fails only if it has ended at last, which is as good.
        let _ended = child.kill();
    }
    let status = child.wait().ok()?;
    let output = output.ok()?.ok()?;
    status
        .success()
        .then(|| String::from_utf8_lossy(&output).into_owned())
}

/// The user that we run as.
pub(crate) fn user_id() -> u32 {
    rustix::process::getuid().as_raw()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helpers_answer_fail_or_take_too_long() {
        let check =
            |program: &str, arguments: &[&str], patience: Duration, expected: Option<&str>| {
                let mut command = Command::new(program);
                command.args(arguments);
                assert_eq!(
                    output_within(command, patience).as_deref(),
                    expected,
                    "{program} {arguments:?}"
                );
            };
        let long = Duration::from_secs(60);
        check("echo", &["hello"], long, Some("hello\n"));
        check("sh", &["-c", "echo hello; exit 3"], long, None);
        check("/no/such/program", &[], long, None);
        check("sleep", &["1000"], Duration::from_millis(10), None);
    }
}
