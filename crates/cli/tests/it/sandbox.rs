//! A project of its own for each test, and the binary with an environment that is the same everywhere.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use model::{Run, RunId};
use store::{AttemptQuery, RunQuery, Store};
use tempfile::TempDir;

/// A project in a temporary folder, with a home, a cache and a place for spools.
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// An empty project.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "spools", "project"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    /// A path in the sandbox.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The project's root.
    pub(crate) fn project(&self) -> PathBuf {
        self.path("project")
    }

    /// The folder in which spools are made.
    pub(crate) fn spools(&self) -> PathBuf {
        self.path("spools")
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, name: &str, content: &str) {
        std::fs::write(self.project().join(name), content).unwrap();
    }

    /// A program in the project with nothing of our own environment but the path, and no signal ignored: `nohup` and the
    /// background jobs of shells, in which these tests may run, hand that on.
    pub(crate) fn program(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("/usr/bin/env");
        command
            .arg("--default-signal")
            .arg(program)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path("home"))
            .env("USER", "ada")
            .env("GIT_CEILING_DIRECTORIES", self.folder.path())
            .env("FLAKESCOPE_SPOOL_DIR", self.spools())
            .current_dir(self.project());
        command
    }

    /// `flakescope` with these arguments.
    pub(crate) fn flakescope(&self, arguments: &[&str]) -> Command {
        let mut command = self.program(env!("CARGO_BIN_EXE_flakescope"));
        command.args(arguments);
        command
    }

    /// `flakescope run` of a shell script.
    pub(crate) fn run_script(&self, script: &str) -> Command {
        self.flakescope(&["run", "--", "sh", "-c", script])
    }

    /// The project's store.
    pub(crate) fn store(&self) -> Arc<dyn Store> {
        store::open_existing(&self.project().join(".flakescope")).unwrap()
    }

    /// Runs in the store, oldest first.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let mut runs = self.store().runs(&RunQuery::default()).unwrap();
        runs.reverse();
        runs
    }

    /// Waits until the recorder has written down that there is a run.
    pub(crate) fn wait_for_a_run(&self) {
        let folder = self.project().join(".flakescope");
        let runs = || store::open_existing(&folder)?.runs(&RunQuery::default());
        while !runs().is_ok_and(|runs| !runs.is_empty()) {
            std::thread::yield_now();
        }
    }

    /// Titles and states of the attempts of a run.
    pub(crate) fn attempts(&self, run: RunId) -> Vec<String> {
        let query = AttemptQuery {
            run: Some(run),
            ..AttemptQuery::default()
        };
        let attempts = self.store().attempts(&query).unwrap();
        attempts
            .iter()
            .map(|(attempt, test)| format!("{} {}", test.title(), attempt.status.as_str()))
            .collect()
    }

    /// What a user sees: how the command ended, and what it printed. What differs from run to run is replaced by as
    /// many characters.
    pub(crate) fn seen(&self, command: &mut Command) -> String {
        let output = command.stdin(Stdio::null()).output().unwrap();
        let text = |bytes: &[u8]| self.redacted(&String::from_utf8_lossy(bytes));
        format!(
            "{}\n---- stdout\n{}---- stderr\n{}",
            ending(&output),
            text(&output.stdout),
            text(&output.stderr)
        )
    }

    fn redacted(&self, text: &str) -> String {
        let folder = self.folder.path().to_string_lossy();
        // Error messages show paths; their length differs only with the machine's temporary folder.
        text.replace(&*folder, "[SANDBOX]")
    }
}

/// How a command ended, in words.
pub(crate) fn ending(output: &Output) -> String {
    match (output.status.code(), output.status.signal()) {
        (Some(code), _) => format!("exit {code}"),
        (_, Some(signal)) => format!("signal {signal}"),
        (None, None) => unreachable!("a process ends by one or the other"),
    }
}

/// A command that runs, and the lines that it prints.
pub(crate) struct Running {
    pub(crate) child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Running {
    /// Starts it with all of its output to read.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// Waits for the next line on stdout.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Sends a signal to the process alone.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), signal)
            .unwrap();
    }

    /// Closes its input and waits for its end.
    pub(crate) fn finish(mut self) -> Output {
        let mut stdout = Vec::new();
        drop(self.child.stdin.take());
        self.lines.read_to_end(&mut stdout).unwrap();
        let output = self.child.wait_with_output().unwrap();
        Output { stdout, ..output }
    }
}

/// A shell script that does what an agent does: it records one failing test. The files are those of the protocol.
pub(crate) fn spooled_failure(title: &str, trace: &str) -> String {
    let head = r#"{"t":"head","v":1,"agent":"node","agent_version":"0.1.0","pid":PID,"ppid":1,"tid":0,"instance":"9f2c01aa","seq":0,"wall":"1795000000000000000","mono":"0","argv":["sh"],"cwd":"/","attrs":{}}"#;
    let span = format!(
        r#"{{"t":"span","trace":"{trace}","id":"00f067aa0ba902b7","name":"{title}","kind":1,"start":"1795000000000000000","end":"1795000000100000000","mono":"0","attrs":{{"flakescope.span.type":"attempt","flakescope.test.name":"{title}","flakescope.test.suite":[],"flakescope.test.ordinal":1,"flakescope.attempt.number":1,"test.case.name":"{title}","test.case.result.status":"fail"}},"events":[{{"name":"exception","time":"1795000000050000000","attrs":{{"exception.type":"Error","exception.message":"no"}}}}],"status":{{"code":2}}}}"#
    );
    format!(
        "cat > \"$FLAKESCOPE_SPOOL/$$-9f2c01aa-0.seg\" <<END\n{}\n{span}\nEND\n",
        head.replace("PID", "$$")
    )
}

/// Bytes of every value in no order that anything could expect.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

/// Feeds bytes to a command and gives what it made of them.
pub(crate) fn feed(command: &mut Command, input: Vec<u8>) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    output
}

/// Names of the files in a folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
