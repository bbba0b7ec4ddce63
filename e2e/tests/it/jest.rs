//! Jest under Flakescope: what it prints and keeps is the same, and its tests are in the report.

use std::collections::BTreeSet;

use regex::Regex;

use crate::support::{Project, SERVICE, check_refused, files_of, without_gutter};

const JEST: [&str; 4] = [
    "node",
    "node_modules/jest/bin/jest.js",
    "--cacheDirectory",
    "cache",
];

const SUITE: &str = r#"
const { get, start, stop } = require("./service.cjs");

beforeAll(start);
afterAll(stop);

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
    project.write("service.cjs", SERVICE);
    project.write("invoke.test.js", SUITE);
    project.write("other.test.js", OTHER);
    project
}

/// Said when a worker takes half a second to end, which is a matter of how busy this machine is.
const SLOW_WORKER: &str = "A worker process has failed to exit gracefully";

/// What Jest printed, without durations, and without the order in which its workers were ready.
fn printed(stderr: &str) -> BTreeSet<String> {
    let durations = Regex::new(r" \(\d+(\.\d+)? m?s\)|(?m)^Time: .*$").unwrap();
    let text = without_gutter(stderr);
    let text = durations.replace_all(&text, "");
    let lines = text.lines().filter(|line| !line.starts_with(SLOW_WORKER));
    lines.map(str::to_owned).collect()
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
        let files = files_of(&project);
        let recorded = project.record(&command);

        assert_eq!(recorded.output.code, plain.code, "{way:?}");
        assert_eq!(recorded.output.stdout, plain.stdout, "{way:?}");
        assert_eq!(
            printed(&recorded.output.stderr),
            printed(&plain.stderr),
            "{way:?}"
        );
        assert_eq!(
            files_of(&project),
            files,
            "{way:?}: what Jest keeps by the hash of its configuration"
        );
        check_refused(recorded.report(), way);
    }
}
