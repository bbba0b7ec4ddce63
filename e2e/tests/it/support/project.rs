//! A project in a temporary folder, and running its tests with and without Flakescope.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{Output, Process, Report, flakescope, repository};

/// Mocha without the detour over npx.
pub(crate) const MOCHA: [&str; 2] = ["node", "node_modules/mocha/bin/mocha.js"];

/// A project in a folder of its own, with a store and a spool folder that nobody else uses.
pub(crate) struct Project {
    top: TempDir,
}

/// A run under Flakescope.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) output: Output,
    /// What `--report-json` wrote, if it did.
    pub(crate) report: Option<Report>,
}

impl Recorded {
    /// The report, which must be there.
    pub(crate) fn report(&self) -> &Report {
        self.report
            .as_ref()
            .unwrap_or_else(|| panic!("no report; {}", self.output.stderr))
    }
}

impl Project {
    /// A project of these files, with the packages of `e2e/package.json`.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self::with_packages(&repository().join("e2e"));
        project.write("flakescope.toml", "project = \"e2e\"\n");
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    /// A copy of `examples/first-recording`.
    pub(crate) fn example() -> Self {
        Self::copy_of("examples/first-recording")
    }

    /// A copy of a folder of the repository, with its packages.
    pub(crate) fn copy_of(folder: &str) -> Self {
        let source = repository().join(folder);
        let project = Self::with_packages(&source);
        copy(&source, &project.path());
        project
    }

    fn with_packages(folder: &Path) -> Self {
        let packages = folder.join("node_modules");
        assert!(
            packages.exists(),
            "packages are missing: `cargo xtask test e2e` installs them"
        );
        let top = tempfile::tempdir().unwrap();
        let project = Self { top };
        fs::create_dir(project.path()).unwrap();
        fs::create_dir(project.spools()).unwrap();
        symlink(packages, project.path().join("node_modules")).unwrap();
        project
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.top.path().join("project")
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.path().join(".flakescope")
    }

    /// Where runs of this project make their spools.
    pub(crate) fn spools(&self) -> PathBuf {
        self.top.path().join("spools")
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A command in the project's folder, in an environment in which nothing of the machine's CI or of an outer
    /// Flakescope is left, and no signal is ignored: `nohup` and the background jobs of shells hand that on.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("/usr/bin/env");
        command.arg("--default-signal").arg(program);
        command.current_dir(self.path());
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            let strange = ["FLAKESCOPE_", "GITHUB_", "CIRCLE", "NODE_OPTIONS"];
            if name == "CI" || strange.iter().any(|prefix| name.starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        command.env("FLAKESCOPE_SPOOL_DIR", self.spools());
        command.env("FLAKESCOPE_AGENT_DIR", self.top.path().join("agents"));
        command.env("NO_COLOR", "1");
        command
    }

    /// `flakescope ARGUMENTS…`
    pub(crate) fn flakescope(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(flakescope());
        command.args(arguments);
        command
    }

    /// What a command of Flakescope prints; it must succeed.
    pub(crate) fn ask(&self, arguments: &[&str]) -> String {
        let output = Process::start(&mut self.flakescope(arguments), "").finish();
        assert_eq!(output.code, Some(0), "{arguments:?}: {}", output.stderr);
        output.stdout
    }

    /// Runs a test command as it is.
    pub(crate) fn plain(&self, command: &[&str], set_up: impl Fn(&mut Command)) -> Output {
        let mut plain = self.command(command[0]);
        plain.args(&command[1..]);
        set_up(&mut plain);
        Process::start(&mut plain, "").finish()
    }

    /// Runs a test command under `flakescope run`.
    pub(crate) fn record(&self, command: &[&str]) -> Recorded {
        self.record_with(&[], command, |_| {})
    }

    /// The same with options of `run`, and something done to the command before it starts.
    pub(crate) fn record_with(
        &self,
        options: &[&str],
        command: &[&str],
        set_up: impl Fn(&mut Command),
    ) -> Recorded {
        let file = self.top.path().join("report.json");
        let _absent = fs::remove_file(&file);
        let mut run = self.flakescope(&["run", "--report-json"]);
        run.arg(&file).args(options).arg("--").args(command);
        set_up(&mut run);
        let output = Process::start(&mut run, "").finish();
        let report = fs::read(&file).ok().map(|text| Report::read(&text));
        Recorded { output, report }
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let target = to.join(&name);
        if name == "node_modules" || name == ".flakescope" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
