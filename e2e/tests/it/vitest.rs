//! Vitest under Flakescope: what it prints and keeps is the same, and its tests are in the report.

use std::collections::BTreeSet;

use crate::support::{Project, SERVICE, check_refused, files_of, without_gutter, without_times};

const VITEST: [&str; 3] = ["node", "node_modules/vitest/vitest.mjs", "run"];
const SUITE: &str = r#"
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { get, start, stop } from "./service.cjs";

beforeAll(() => start());
afterAll(() => stop());

describe("invoke", () => {
  test("works once", async () => expect((await get()).status).toBe(200));
  test("works again", async () => expect((await get()).status).toBe(200));
  test.todo("works always");
});
"#;
const OTHER: &str = r#"
import { expect, test } from "vitest";

test("is elsewhere", () => expect(process.env.VITEST_POOL_ID).toBeDefined());
"#;
/// Nothing that it keeps may lie among the packages, which other tests share, and nothing may be printed of how fast this
/// machine is.
const SETTINGS: &str =
    "export default { cacheDir: \"cache\", test: { slowTestThreshold: 120_000 } };\n";

fn project() -> Project {
    let project = Project::copy_of("agents/conformance/runners/vitest-4");
    project.write("flakescope.toml", "project = \"e2e\"\n");
    project.write("vitest.config.mjs", SETTINGS);
    project.write("service.cjs", SERVICE);
    project.write("invoke.test.mjs", SUITE);
    project.write("other.test.mjs", OTHER);
    project
}

/// What Vitest printed, without durations, and without the order in which its workers were ready.
fn printed(text: &str) -> BTreeSet<String> {
    let text = without_times(&without_gutter(text));
    text.lines().map(str::to_owned).collect()
}

/// In child processes and in threads, each with modules as Node loads them and as Vitest does.
#[test]
fn every_test_is_in_the_report_and_nothing_else_changes() {
    for way in ["forks", "threads", "vmForks", "vmThreads"] {
        let project = project();
        let pool = format!("--pool={way}");
        let words = [&VITEST[..], &["--configLoader=native", &pool]].concat();
        let plain = project.plain(&words, |_| {});
        let files = files_of(&project);
        let recorded = project.record(&words);

        assert_eq!(recorded.output.code, plain.code, "{way}");
        assert_eq!(plain.code, Some(1), "{way}: {}", plain.stderr);
        for (recorded, plain) in [
            (&recorded.output.stdout, &plain.stdout),
            (&recorded.output.stderr, &plain.stderr),
        ] {
            assert_eq!(printed(recorded), printed(plain), "{way}");
        }
        assert_eq!(files_of(&project), files, "{way}: nothing is left behind");
        check_refused(recorded.report(), &[way]);
    }
}
