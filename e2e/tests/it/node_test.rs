//! node:test under Flakescope: what it prints is the same, and its tests are in the report.

use crate::support::{Project, SERVICE, check_refused, files_of, without_gutter, without_times};

const SUITE: &str = r#"
const assert = require("node:assert");
const { after, before, describe, it } = require("node:test");
const { get, start, stop } = require("./service.cjs");

before(() => start());
after(() => stop());

describe("invoke", () => {
  it("works once", async () => assert.equal((await get()).status, 200));
  it("works again", async () => assert.equal((await get()).status, 200));
  it.todo("works always");
});
"#;
const OTHER: &str = "require('node:test')('is elsewhere', () => {});\n";
const ALL: &str = "require('./invoke.test.cjs');\nrequire('./other.test.cjs');\n";

fn project() -> Project {
    Project::new(&[
        ("service.cjs", SERVICE),
        ("invoke.test.cjs", SUITE),
        ("other.test.cjs", OTHER),
        ("all.cjs", ALL),
    ])
}

/// A process for each file, with each way of telling what happened, and all in the only process there is.
#[test]
fn every_test_is_in_the_report_and_nothing_else_changes() {
    for way in [
        &["--test"][..],
        &["--test", "--test-reporter=spec"],
        &["--test-reporter=tap", "all.cjs"],
    ] {
        let project = project();
        let words = [&["node"][..], way].concat();
        let plain = project.plain(&words, |_| {});
        let files = files_of(&project);
        let recorded = project.record(&words);

        assert_eq!(recorded.output.code, plain.code, "{way:?}");
        assert_eq!(plain.code, Some(1), "{way:?}: {}", plain.stdout);
        for (recorded, plain) in [
            (&recorded.output.stdout, &plain.stdout),
            (&recorded.output.stderr, &plain.stderr),
        ] {
            let recorded = without_times(&without_gutter(recorded));
            assert_eq!(recorded, without_times(plain), "{way:?}");
        }
        assert_eq!(files_of(&project), files, "{way:?}: nothing is left behind");
        check_refused(recorded.report(), way);
    }
}
