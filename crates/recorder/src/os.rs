//! What the recorder asks the operating system: whether a process is still there.

use std::fs;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

/// A process as it was when it was first seen, so that another one that later gets its number is not taken for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProcessHandle {
    pid: u32,
    started: Option<String>,
}

impl ProcessHandle {
    /// The process that has this number now.
    pub(crate) fn of(pid: u32) -> Self {
        Self {
            pid,
            started: stat(pid).map(|stat| stat.started),
        }
    }

    /// Whether it still runs. A process that has ended and was not waited for is gone: it writes no more.
    pub(crate) fn is_alive(&self) -> bool {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        let Some(pid) = pid else { return false };
        // Without the right to signal it, it is there.
        if test_kill_process(pid) == Err(Errno::SRCH) {
            return false;
        }
        match stat(self.pid) {
            Some(stat) => {
                let same = self
                    .started
                    .as_ref()
                    .is_none_or(|started| *started == stat.started);
                same && !matches!(stat.state, 'Z' | 'X')
            }
            None => self.started.is_none(),
        }
    }
}

struct Stat {
    state: char,
    started: String,
}

/// State and start time from `/proc/<pid>/stat`, proc(5): fields 3 and 22, counted after the name in parentheses, which
/// may itself hold anything.
fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace();
    let state = fields.next()?.chars().next()?;
    Some(Stat {
        state,
        started: fields.nth(18)?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_process_is_alive_until_it_ends_even_when_nobody_waited() {
        let mut child = Command::new("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let handle = ProcessHandle::of(child.id());
        assert!(handle.is_alive());
        drop(child.stdin.take());
        // The end of its output shows that it is exiting; it stays a zombie until it is waited for.
        let mut output = child.stdout.take().unwrap();
        std::io::copy(&mut output, &mut std::io::sink()).unwrap();
        while handle.is_alive() {
            std::thread::yield_now();
        }
        child.wait().unwrap();
        assert!(!handle.is_alive());
    }

    #[test]
    fn another_process_with_the_same_number_is_not_the_same() {
        let handle = ProcessHandle {
            pid: std::process::id(),
            started: Some("1".into()),
        };
        assert!(!handle.is_alive());
        assert!(ProcessHandle::of(std::process::id()).is_alive());
        assert!(
            !ProcessHandle {
                pid: 0,
                started: None
            }
            .is_alive()
        );
        assert!(
            !ProcessHandle {
                pid: u32::MAX,
                started: None
            }
            .is_alive()
        );
    }
}
