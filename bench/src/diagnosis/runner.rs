//! The test runners of the suites: how each is told what to run.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use super::case::Case;

/// What runs tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Runner {
    /// In the Python environment `venv` of the suite's folder. A test is `FILE::NAME`.
    Pytest,
    /// Of the suite's `node_modules`. A test is `FILE::SUITE::…::NAME`.
    Mocha,
    /// The same with Vitest.
    Vitest,
    /// The same with Jest.
    Jest,
}

/// Nothing is left in the suite's folder, and clients have limits of seconds.
const PYTEST: [&str; 7] = [
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "client_limits",
];

impl Runner {
    /// The command that runs tests of the suite in `folder`; `shared` has the plugins that give clients limits.
    pub(super) fn command(self, folder: &Path, shared: &Path) -> Command {
        match self {
            Self::Pytest => {
                let mut command = Command::new(folder.join("venv/bin/python"));
                command.args(PYTEST);
                command
            }
            Self::Mocha => {
                let mut command = Command::new("node");
                command.arg(folder.join("node_modules/mocha/bin/mocha.js"));
                command
                    .arg("--require")
                    .arg(shared.join("client_limits.cjs"));
                command
            }
            Self::Vitest => {
                let mut command = Command::new("node");
                command.arg(folder.join("node_modules/vitest/vitest.mjs"));
                command.arg("run");
                command
            }
            Self::Jest => {
                let mut command = Command::new("node");
                command.arg(folder.join("node_modules/jest/bin/jest.js"));
                command
            }
        }
    }

    /// The words with which one test, or one file, is run, and nothing else.
    pub(super) fn one(self, unit: &str) -> Vec<String> {
        self.words(&[unit])
    }

    /// The words with which a case is run; `unit` is its test, or the file of that.
    pub(super) fn case(self, case: &Case, unit: &str) -> Vec<String> {
        let mut tests: Vec<&str> = case.scene.with.iter().map(String::as_str).collect();
        tests.push(unit);
        let mut words = self.words(&tests);
        match self {
            Self::Pytest => {
                if let Some(workers) = case.scene.workers {
                    words.extend(["-n".to_owned(), workers.to_string()]);
                }
                if let Some(seconds) = case.scene.test_timeout_s {
                    words.push(format!("--timeout={seconds}"));
                }
            }
            Self::Mocha => {
                if let Some(workers) = case.scene.workers {
                    words.extend(["--parallel".to_owned(), "--jobs".to_owned()]);
                    words.push(workers.to_string());
                }
                if let Some(seconds) = case.scene.test_timeout_s {
                    words.push(format!("--timeout={seconds}s"));
                }
            }
            Self::Vitest => {
                if let Some(workers) = case.scene.workers {
                    words.push(format!("--minWorkers={workers}"));
                    words.push(format!("--maxWorkers={workers}"));
                }
                if let Some(seconds) = case.scene.test_timeout_s {
                    words.push(format!("--testTimeout={}", seconds * 1000));
                }
            }
            Self::Jest => {
                if let Some(workers) = case.scene.workers {
                    words.push(format!("--maxWorkers={workers}"));
                    // Files that it remembers to be quick it runs one after the other all the same.
                    words.push("--no-cache".to_owned());
                }
                if let Some(seconds) = case.scene.test_timeout_s {
                    words.push(format!("--testTimeout={}", seconds * 1000));
                }
            }
        }
        words
    }

    fn words(self, tests: &[&str]) -> Vec<String> {
        if self == Self::Pytest {
            return tests.iter().map(|test| (*test).to_owned()).collect();
        }
        let mut words: Vec<String> = Vec::new();
        let mut titles = Vec::new();
        for test in tests {
            let (file, path) = test.split_once("::").unwrap_or((test, ""));
            if !words.iter().any(|known| known == file) {
                words.push(file.to_owned());
            }
            if !path.is_empty() {
                titles.push(format!("^{}$", regex::escape(&path.replace("::", " "))));
            }
        }
        let only = match self {
            Self::Vitest | Self::Jest => "--testNamePattern",
            Self::Pytest | Self::Mocha => "--grep",
        };
        if !titles.is_empty() {
            words.extend([only.to_owned(), titles.join("|")]);
        }
        words
    }
}

/// The file that a test is in.
pub(super) fn file(test: &str) -> &str {
    test.split("::").next().unwrap_or(test)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(runner: Runner, tests: &[&str], expected: &[&str]) {
        assert_eq!(runner.words(tests), expected);
    }

    #[test]
    fn each_runner_is_told_in_its_own_words() {
        check(Runner::Pytest, &["a.py::b"], &["a.py::b"]);
        check(
            Runner::Mocha,
            &["a.js::One::does (it)", "a.js::Two::not"],
            &["a.js", "--grep", r"^One does \(it\)$|^Two not$"],
        );
        check(Runner::Mocha, &["a.js"], &["a.js"]);
        check(
            Runner::Vitest,
            &["a.js::One::two"],
            &["a.js", "--testNamePattern", "^One two$"],
        );
        check(
            Runner::Jest,
            &["tests/a.js::One::two"],
            &["tests/a.js", "--testNamePattern", "^One two$"],
        );
    }
}
