//! Jest under Flakescope: what it prints and keeps is the same, and its tests are in the report.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::support::{Project, without_gutter};

const JEST: [&str; 4] = [
    "node",
    "node_modules/jest/bin/jest.js",
    "--cacheDirectory",
    "cache",
];

/// A service of the project's own that refuses every call but the first, and tests that call it.
const SUITE: &str = r#"
const http = require("node:http");

let server;
let left = 1;
const get = () => fetch(`http://127.0.0.1:${server.address().port}/invoke`);

beforeAll((done) => {
  server = http.createServer((request, response) => {
    left -= 1;
    response.writeHead(left < 0 ? 429 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ message: left < 0 ? "Rate Exceeded" : "done" }));
  });
  server.listen(0, "127.0.0.1", done);
});
afterAll(() => server.close());

describe("invoke", () => {
  test("works once", async () => expect((await get()).status).toBe(200));
  test("works again", async () => expect((await get()).status).toBe(200));
  test.todo("works always");
});
"#;
const OTHER: &str =
    "test('is elsewhere', () => expect(process.env.JEST_WORKER_ID).toBeDefined());\n";

fn project() -> Project {
    let project = Project::copy_of("agents/conformance/runners/jest-30");
    project.write("flakescope.toml", "project = \"e2e\"\n");
    project.write("jest.config.json", "{ \"watchman\": false }");
    project.write("invoke.test.js", SUITE);
    project.write("other.test.js", OTHER);
    project
}

/// What Jest printed, without durations, and without the order in which its workers were ready.
fn printed(stderr: &str) -> BTreeSet<String> {
    let durations = Regex::new(r" \(\d+(\.\d+)? m?s\)|(?m)^Time: .*$").unwrap();
    let text = without_gutter(stderr);
    let text = durations.replace_all(&text, "");
    text.lines().map(str::to_owned).collect()
}

fn files_below(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            found.insert(path.display().to_string());
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    found
}

/// In one process, in child processes, and in worker threads.
#[test]
fn every_test_is_in_the_report_and_nothing_else_changes() {
    for way in [
        &["--runInBand"][..],
        &["--maxWorkers", "2"],
        &["--maxWorkers", "2", "--workerThreads"],
    ] {
        let project = project();
        let command = [&JEST[..], way].concat();
        let plain = project.plain(&command, |_| {});
        let cached = files_below(&project.path().join("cache"));
        let recorded = project.record(&command);

        assert_eq!(recorded.output.code, plain.code, "{way:?}");
        assert_eq!(recorded.output.stdout, plain.stdout, "{way:?}");
        assert_eq!(
            printed(&recorded.output.stderr),
            printed(&plain.stderr),
            "{way:?}"
        );
        assert_eq!(
            files_below(&project.path().join("cache")),
            cached,
            "{way:?}: what Jest keeps by the hash of its configuration"
        );

        let report = recorded.report();
        let statuses: Vec<_> = report.statuses().into_iter().collect();
        let expected = [
            ("is elsewhere", "passed"),
            ("works again", "failed"),
            ("works always", "skipped"),
            ("works once", "passed"),
        ];
        assert_eq!(statuses, expected, "{way:?}");
        let diagnosis = report.diagnosis("works again");
        assert_eq!(diagnosis["cause"], "rate-limited", "{diagnosis:#}");
        assert!(report.gaps().is_empty(), "{way:?}: {:?}", report.gaps());
    }
}
