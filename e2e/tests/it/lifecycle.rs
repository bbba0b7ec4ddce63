//! Runs that overlap, nest, are killed or leave something behind: the store stays sound and nothing spooled is lost.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use serde_json::Value;

use crate::support::{MOCHA, Process, Project};

const ONE_TEST: &str = r#"it("passes", () => {});"#;

fn mocha(file: &str) -> Vec<&str> {
    [&MOCHA[..], &[file]].concat()
}

/// The runs that the store has, newest first.
fn runs(project: &Project) -> Vec<Value> {
    let listed: Value = serde_json::from_str(&project.ask(&["list", "runs", "--json"])).unwrap();
    listed
        .as_array()
        .or_else(|| listed["runs"].as_array())
        .unwrap()
        .clone()
}

/// The report of a run that the store has.
fn shown(project: &Project, run: &Value) -> Value {
    let id = run["id"].as_str().unwrap_or_else(|| panic!("{run:#}"));
    serde_json::from_str(&project.ask(&["show", id, "--json"])).unwrap()
}

fn statuses(report: &Value) -> Vec<(&str, &str)> {
    let tests = report["tests"].as_array().unwrap();
    tests
        .iter()
        .map(|test| {
            (
                test["name"].as_str().unwrap(),
                test["status"].as_str().unwrap(),
            )
        })
        .collect()
}

fn spools(project: &Project) -> usize {
    std::fs::read_dir(project.spools()).unwrap().count()
}

#[test]
fn a_run_leaves_no_spool() {
    let project = Project::new(&[("a.test.cjs", ONE_TEST)]);
    project.record(&mocha("a.test.cjs"));
    assert_eq!(spools(&project), 0);
    let status = project.plain(&["git", "init", "--quiet"], |_| {});
    assert_eq!(status.code, Some(0));
    let untracked = project
        .plain(&["git", "status", "--porcelain"], |_| {})
        .stdout;
    assert!(
        !untracked.contains(".flakescope"),
        "the store ignores itself: {untracked}"
    );
}

/// Mocha kills the recorder and runs on; what it spools after that is taken in by the next run.
#[test]
fn a_killed_recorder_loses_nothing_that_was_spooled() {
    let suite = r#"
        it("before", () => console.log("said before"));
        it("kills the recorder", () => process.kill(process.ppid, "SIGKILL"));
        it("after", () => console.log("said after"));
        it("fails", () => { throw new Error("on purpose"); });
    "#;
    let project = Project::new(&[("suite.test.cjs", suite)]);
    let killed = project.record(&mocha("suite.test.cjs"));
    assert_eq!(killed.output.signal, Some(9));
    assert!(
        killed.output.stdout.contains("3 passing"),
        "the tests run on: {}",
        killed.output.stdout
    );
    assert_eq!(spools(&project), 1);

    let next = project.record(&["true"]);
    assert_eq!(next.output.code, Some(0));
    assert_eq!(spools(&project), 0);
    let runs = runs(&project);
    assert_eq!(runs.len(), 2, "{runs:#?}");
    let recovered = shown(&project, &runs[1]);
    let expected = [
        ("before", "passed"),
        ("kills the recorder", "passed"),
        ("after", "passed"),
        ("fails", "failed"),
    ];
    assert_eq!(statuses(&recovered), expected);
}

/// Each run has one test that waits until the other run's has begun.
#[test]
fn two_runs_at_once_share_a_store() {
    let suite = r#"
        const fs = require("node:fs");
        it(`meets ${process.env.OTHER}`, (done) => {
          fs.writeFileSync(process.env.ME, "");
          const look = () => (fs.existsSync(process.env.OTHER) ? done() : setTimeout(look, 5));
          look();
        }).timeout(60000);
    "#;
    let project = Project::new(&[("suite.test.cjs", suite)]);
    let start = |me: &str, other: &str| {
        let mut run = project.flakescope(&["run", "--name", me, "--"]);
        run.args(mocha("suite.test.cjs"))
            .env("ME", me)
            .env("OTHER", other);
        Process::start(&mut run, "")
    };
    let (one, two) = (start("one", "two"), start("two", "one"));
    for output in [one.finish(), two.finish()] {
        assert_eq!(output.code, Some(0), "{output:?}");
    }
    let runs = runs(&project);
    assert_eq!(runs.len(), 2, "{runs:#?}");
    let mut names: Vec<String> = Vec::new();
    for run in &runs {
        let report = shown(&project, run);
        assert_eq!(
            report["run"]["gaps"].as_array().map(Vec::len),
            Some(0),
            "{report:#}"
        );
        names.extend(
            statuses(&report)
                .iter()
                .map(|(name, status)| format!("{name} {status}")),
        );
    }
    names.sort();
    assert_eq!(names, ["meets one passed", "meets two passed"]);
}

#[test]
fn a_run_inside_a_run_changes_nothing_and_is_recorded() {
    let project = Project::new(&[
        ("outer.test.cjs", ONE_TEST),
        (
            "inner.test.cjs",
            r#"it("fails", () => { throw new Error("inside"); });"#,
        ),
    ]);
    let binary = crate::support::flakescope().to_str().unwrap();
    let script = format!(
        "{} outer.test.cjs && {binary} run -- {} inner.test.cjs",
        MOCHA.join(" "),
        MOCHA.join(" ")
    );
    let recorded = project.record(&["sh", "-c", &script]);
    assert_eq!(recorded.output.code, Some(1), "{}", recorded.output.stderr);
    let all: Vec<String> = runs(&project)
        .iter()
        .flat_map(|run| {
            let report = shown(&project, run);
            statuses(&report)
                .iter()
                .map(|(name, _)| (*name).to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    for name in ["passes", "fails"] {
        let times = all.iter().filter(|found| *found == name).count();
        assert_eq!(times, 1, "{name} in {all:?}");
    }
}

/// The daemon answers one request with what it could do after the run, and ends.
#[test]
fn a_daemon_outlives_the_run() {
    let daemon = r#"
        const { execFileSync } = require("node:child_process");
        const fs = require("node:fs");
        const http = require("node:http");
        const server = http.createServer(async (request, response) => {
          if (request.url === "/self") return response.end("still here");
          const self = await (await fetch(`http://127.0.0.1:${server.address().port}/self`)).text();
          const child = execFileSync(process.execPath, ["-p", "'child runs'"]).toString().trim();
          response.end(`${self}, ${child}`);
          server.close();
          server.closeIdleConnections();
          response.on("close", () => process.exit(0));
        });
        server.listen(0, "127.0.0.1", () => {
          fs.writeFileSync("port.tmp", String(server.address().port));
          fs.renameSync("port.tmp", "port");
        });
    "#;
    let suite = r#"
        const { spawn } = require("node:child_process");
        const fs = require("node:fs");
        it("starts a daemon", (done) => {
          spawn(process.execPath, ["daemon.cjs"], { detached: true, stdio: "ignore" }).unref();
          const look = () => (fs.existsSync("port") ? done() : setTimeout(look, 5));
          look();
        }).timeout(60000);
    "#;
    let project = Project::new(&[("daemon.cjs", daemon), ("suite.test.cjs", suite)]);
    let recorded = project.record(&mocha("suite.test.cjs"));
    assert_eq!(recorded.output.code, Some(0), "{:?}", recorded.output);
    assert_eq!(recorded.report().statuses()["starts a daemon"], "passed");
    assert_eq!(
        ask_daemon(&project.path().join("port")),
        "still here, child runs"
    );
}

fn ask_daemon(port: &Path) -> String {
    let port: u16 = std::fs::read_to_string(port).unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream
        .set_read_timeout(Some(std::time::Duration::from_secs(60)))
        .unwrap();
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
        .split("\r\n\r\n")
        .nth(1)
        .unwrap_or(&answer)
        .to_owned()
}

/// Calls that never came back are what a killed test process leaves.
#[test]
fn a_test_process_that_kills_itself_keeps_what_it_had() {
    let suite = r#"
        const http = require("node:http");
        it("passes first", () => {});
        it("dies while it waits", (done) => {
          const server = http.createServer(() => process.kill(process.pid, "SIGKILL"));
          server.listen(0, "127.0.0.1", () => http.get(`http://127.0.0.1:${server.address().port}/never`, done));
        });
    "#;
    let project = Project::new(&[("suite.test.cjs", suite)]);
    let recorded = project.record(&mocha("suite.test.cjs"));
    let report = recorded.report();
    assert_eq!(report.statuses()["passes first"], "passed");
    assert_eq!(report.statuses()["dies while it waits"], "unfinished");
    assert_eq!(
        report.test("dies while it waits")["attempts"][0]["exchanges"],
        1
    );
    assert!(
        report.gaps().contains_key("attempt-unfinished")
            || report.gaps().contains_key("process-killed")
    );
}

#[test]
fn exits_that_flush_nothing_lose_nothing() {
    let suite = r#"
        const http = require("node:http");
        const call = () => new Promise((resolve, reject) => {
          const server = http.createServer((request, response) => response.end("ok"));
          server.listen(0, "127.0.0.1", () => http.get(`http://127.0.0.1:${server.address().port}/`, (response) => {
            response.resume().on("end", () => { server.close(); resolve(); });
          }).on("error", reject));
        });
        for (let number = 1; number <= 20; number += 1) it(`calls ${number}`, call);
        if (process.env.LEAVE) after(() => process.exit(3));
    "#;
    let project = Project::new(&[("suite.test.cjs", suite)]);
    let check = |command: &[&str], leave: bool, code: i32| {
        let recorded = project.record_with(&[], command, |command| {
            if leave {
                command.env("LEAVE", "1");
            }
        });
        assert_eq!(recorded.output.code, Some(code), "{:?}", recorded.output);
        let report = recorded.report();
        assert_eq!(report.tests().len(), 20, "{command:?}");
        for test in report.tests() {
            assert_eq!(test["status"], "passed", "{test:#}");
            assert_eq!(test["attempts"][0]["exchanges"], 1, "{test:#}");
        }
    };
    check(
        &[&MOCHA[..], &["--exit", "suite.test.cjs"]].concat(),
        false,
        0,
    );
    check(&mocha("suite.test.cjs"), true, 3);
    check(
        &[&MOCHA[..], &["--parallel", "suite.test.cjs"]].concat(),
        false,
        0,
    );
}
