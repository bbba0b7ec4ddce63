//! A process whose output is read while it runs, and every wait for which has an end.

use std::io::{Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// Far beyond what any condition takes on a loaded machine: reaching it is a failure.
const LIMIT: Duration = Duration::from_secs(120);

/// A process that was started.
pub(crate) struct Process {
    pid: Pid,
    stdout: Stream,
    stderr: Stream,
    exit: Receiver<ExitStatus>,
}

/// A process that has ended, and everybody else who could write to its output too.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Process {
    /// Starts `command` with `input` on its stdin.
    pub(crate) fn start(command: &mut Command, input: &str) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let pid = Pid::from_child(&child);
        // A command that does not read its input is a normal case.
        let _unread = child.stdin.take().unwrap().write_all(input.as_bytes());
        let stdout = Stream::read(child.stdout.take().unwrap());
        let stderr = Stream::read(child.stderr.take().unwrap());
        let (exited, exit) = mpsc::channel();
        thread::spawn(move || exited.send(child.wait().unwrap()));
        Self {
            pid,
            stdout,
            stderr,
            exit,
        }
    }

    /// Waits until `text` stands in its stdout.
    pub(crate) fn wait_for(&self, text: &str) {
        let seen = self.stdout.wait_until(|read| read.text().contains(text));
        assert!(
            seen,
            "`{text}` never came; stdout: {}\nstderr: {}",
            self.stdout.text(),
            self.stderr.text()
        );
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// Waits until it has ended and its output is closed.
    pub(crate) fn finish(self) -> Output {
        let Ok(status) = self.exit.recv_timeout(LIMIT) else {
            self.signal(Signal::KILL);
            panic!(
                "it does not end; stdout: {}\nstderr: {}",
                self.stdout.text(),
                self.stderr.text()
            );
        };
        for stream in [&self.stdout, &self.stderr] {
            assert!(
                stream.wait_until(|read| read.closed),
                "somebody holds its output open"
            );
        }
        Output {
            code: status.code(),
            signal: status.signal(),
            stdout: self.stdout.text(),
            stderr: self.stderr.text(),
        }
    }
}

/// What was read of an output so far.
#[derive(Default)]
struct Text {
    bytes: Vec<u8>,
    closed: bool,
}

impl Text {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// An output that a thread of its own reads to the end.
struct Stream(Arc<(Mutex<Text>, Condvar)>);

impl Stream {
    fn read(mut source: impl Read + Send + 'static) -> Self {
        let shared = Arc::new((Mutex::new(Text::default()), Condvar::new()));
        let stream = Self(Arc::clone(&shared));
        thread::spawn(move || {
            let mut part = [0; 8192];
            loop {
                let count = source.read(&mut part).unwrap_or(0);
                let mut text = shared.0.lock().unwrap();
                text.bytes.extend_from_slice(&part[..count]);
                text.closed = count == 0;
                shared.1.notify_all();
                if text.closed {
                    return;
                }
            }
        });
        stream
    }

    /// Whether the condition came to hold before the limit or the end of the output.
    fn wait_until(&self, condition: impl Fn(&Text) -> bool) -> bool {
        let waiting = |text: &mut Text| !condition(text) && !text.closed;
        let guard = self.0.0.lock().unwrap();
        let (text, _) = self.0.1.wait_timeout_while(guard, LIMIT, waiting).unwrap();
        condition(&text)
    }

    fn text(&self) -> String {
        self.0.0.lock().unwrap().text()
    }
}
