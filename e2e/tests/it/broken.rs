//! A recorder that is broken on purpose: outcomes and exit codes never change, and the report says what was lost.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{MOCHA, Project, Recorded, without_gutter, without_times};

/// Two tests with a call each: one passes, one fails. `BREAK` is run in between.
const SUITE: &str = r#"
const assert = require("node:assert");
const http = require("node:http");
let server;
let address;
before((done) => {
  server = http.createServer((request, response) => {
    response.statusCode = request.url === "/bad" ? 503 : 200;
    response.end("x".repeat(4096));
  });
  server.listen(0, "127.0.0.1", () => { address = `http://127.0.0.1:${server.address().port}`; done(); });
});
after((done) => { server.closeAllConnections(); server.close(done); });
it("passes", async () => assert.equal((await fetch(`${address}/good`)).status, 200));
it("breaks the recorder", () => { BREAK });
it("fails", async () => assert.equal((await fetch(`${address}/bad`)).status, 200));
"#;

fn project(breaking: &str) -> Project {
    Project::new(&[("test/suite.test.cjs", &SUITE.replace("BREAK", breaking))])
}

fn mocha() -> Vec<&'static str> {
    [&MOCHA[..], &["test/suite.test.cjs"]].concat()
}

/// Runs the suite with and without Flakescope; both must look the same.
fn record_unchanged(
    project: &Project,
    options: &[&str],
    command: &[&str],
    set_up: impl Fn(&mut Command),
) -> Recorded {
    let plain = project.plain(command, &set_up);
    let recorded = project.record_with(options, command, &set_up);
    assert_eq!(
        recorded.output.code, plain.code,
        "{}",
        recorded.output.stderr
    );
    assert_eq!(
        without_times(&recorded.output.stdout),
        without_times(&plain.stdout)
    );
    assert_eq!(without_gutter(&recorded.output.stderr), plain.stderr);
    recorded
}

/// The report in the terminal speaks of something that is missing.
fn says(recorded: &Recorded, words: &[&str]) {
    let stderr = recorded.output.stderr.to_lowercase();
    let said = stderr
        .lines()
        .any(|line| words.iter().all(|word| line.contains(word)));
    assert!(said, "no line with {words:?}: {}", recorded.output.stderr);
}

/// A file system that is full after so many kilobytes. `None` when it cannot be made here.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(folder: PathBuf, kilobytes: u32) -> Option<Self> {
        std::fs::create_dir(&folder).unwrap();
        let size = format!("size={kilobytes}k");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(&folder)
            .status();
        if mount.is_ok_and(|status| status.success()) {
            return Some(Self(folder));
        }
        eprintln!("SKIPPED: a full disk needs the right to mount one");
        None
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _still_in_use = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn an_unbroken_recorder_is_the_measure() {
    let recorded = record_unchanged(&project(""), &[], &mocha(), |_| {});
    assert_eq!(recorded.output.code, Some(1));
    assert_eq!(recorded.report().tests().len(), 3);
    assert_eq!(
        recorded.report().gaps().len(),
        0,
        "{:?}",
        recorded.report().gaps()
    );
}

#[test]
fn a_store_that_cannot_be_written() {
    let project = project("");
    project.write("occupied", "this is a file");
    for store in ["/proc/flakescope-store", "occupied"] {
        let recorded = record_unchanged(&project, &["--store", store], &mocha(), |_| {});
        assert_eq!(recorded.output.code, Some(1));
        says(&recorded, &[store]);
    }
}

#[test]
fn a_full_disk_under_the_store() {
    let project = project("");
    let Some(disk) = SmallDisk::mount(project.path().join("small"), 48) else {
        return;
    };
    let store = disk.path().join("store");
    let options = ["--store", store.to_str().unwrap()];
    let recorded = record_unchanged(&project, &options, &mocha(), |_| {});
    assert_eq!(recorded.output.code, Some(1));
    says(&recorded, &["store"]);
}

#[test]
fn a_full_disk_under_the_spool() {
    let project = project("");
    let Some(disk) = SmallDisk::mount(project.path().join("small"), 16) else {
        return;
    };
    let folder = disk.path().to_owned();
    let recorded = record_unchanged(&project, &[], &mocha(), |command| {
        command.env("FLAKESCOPE_SPOOL_DIR", &folder);
    });
    assert_eq!(recorded.output.code, Some(1));
    let gaps = recorded.report().gaps();
    let counted = [
        "spool-write-failed",
        "record-torn",
        "attempt-unfinished",
        "process-killed",
        "no-agent",
    ];
    assert!(
        counted.iter().any(|kind| gaps.contains_key(kind)),
        "{gaps:?}"
    );
}

#[test]
fn a_spool_folder_that_cannot_be_made() {
    let recorded = record_unchanged(&project(""), &[], &mocha(), |command| {
        command.env("FLAKESCOPE_SPOOL_DIR", "/proc/flakescope-spool");
    });
    assert_eq!(recorded.output.code, Some(1));
    says(&recorded, &["spool"]);
}

#[test]
fn a_spool_that_is_removed_in_mid_run() {
    let remove = r#"
        const spool = process.env.FLAKESCOPE_SPOOL;
        if (spool) require("node:fs").rmSync(spool, { recursive: true, force: true });
    "#;
    let recorded = record_unchanged(&project(remove), &[], &mocha(), |_| {});
    assert_eq!(recorded.output.code, Some(1));
    assert!(
        recorded.report().gaps().contains_key("spool-gone"),
        "{:?}",
        recorded.report().gaps()
    );
}

#[test]
fn an_agent_folder_that_cannot_be_written() {
    let recorded = record_unchanged(&project(""), &[], &mocha(), |command| {
        command.env("FLAKESCOPE_AGENT_DIR", "/proc/flakescope-agents");
    });
    assert_eq!(recorded.output.code, Some(1));
    says(&recorded, &["agent"]);
}

#[test]
fn options_of_node_stripped_by_a_wrapper() {
    let project = project("");
    for wrapper in [
        &["env", "-u", "NODE_OPTIONS"][..],
        &["env", "-u", "FLAKESCOPE_SPOOL"],
    ] {
        let command = [wrapper, &mocha()].concat();
        let recorded = record_unchanged(&project, &[], &command, |_| {});
        assert_eq!(recorded.output.code, Some(1));
        assert!(
            recorded.report().gaps().contains_key("no-agent"),
            "{:?}",
            recorded.report().gaps()
        );
        assert_eq!(recorded.report().tests().len(), 0);
    }
}

#[test]
fn an_empty_environment() {
    let path = std::env::var("PATH").unwrap();
    let path = format!("PATH={path}");
    let command = [&["env", "-i", &path][..], &mocha()].concat();
    let recorded = record_unchanged(&project(""), &[], &command, |_| {});
    assert_eq!(recorded.output.code, Some(1));
    assert!(
        recorded.report().gaps().contains_key("no-agent"),
        "{:?}",
        recorded.report().gaps()
    );
}

#[test]
fn fake_timers() {
    let suite = r#"
        const assert = require("node:assert");
        const http = require("node:http");
        const sinon = require("sinon");
        const FAKED = ["Date", "setTimeout", "setInterval", "setImmediate", "hrtime", "performance"];
        let clock;
        beforeEach(() => { clock = sinon.useFakeTimers({ now: 0, toFake: FAKED }); });
        afterEach(() => clock.restore());
        it("calls at the epoch", (done) => {
          const server = http.createServer((request, response) => response.end("ok"));
          server.listen(0, "127.0.0.1", () => {
            http.get({ port: server.address().port, host: "127.0.0.1", agent: false }, (response) => {
              response.resume().on("end", () => server.close(done));
            });
          });
        });
        it("fails at the epoch", () => assert.equal(Date.now(), 1));
    "#;
    let project = Project::new(&[("test/suite.test.cjs", suite)]);
    let recorded = record_unchanged(&project, &[], &mocha(), |_| {});
    assert_eq!(recorded.output.code, Some(1));
    let test = recorded.report().test("calls at the epoch");
    assert_eq!(test["attempts"][0]["exchanges"], 1);
    let started = test["attempts"][0]["duration_ms"].as_f64().unwrap();
    assert!((0.0..60_000.0).contains(&started), "{test:#}");
}

#[test]
fn a_mocked_file_system() {
    let suite = r#"
        const assert = require("node:assert");
        const fs = require("node:fs");
        const mock = require("mock-fs");
        beforeEach(() => mock({ "/only/this": "here" }));
        afterEach(() => mock.restore());
        it("sees the mocked files only", () => {
          assert.equal(fs.readFileSync("/only/this", "utf8"), "here");
          assert.equal(fs.existsSync("/proc/self"), false);
          assert.deepEqual(fs.readdirSync("/only"), ["this"]);
        });
        it("fails in there", () => assert.equal(fs.existsSync("/only/this"), false));
    "#;
    let project = Project::new(&[("test/suite.test.cjs", suite)]);
    let recorded = record_unchanged(&project, &[], &mocha(), |_| {});
    assert_eq!(recorded.output.code, Some(1));
    let statuses = recorded.report().statuses();
    assert_eq!(statuses["sees the mocked files only"], "passed");
    assert_eq!(statuses["fails in there"], "failed");
}
