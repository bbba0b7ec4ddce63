//! Projects that are hard to record: nothing of what they do changes, and what could not be kept is said.

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;

use crate::support::{
    MOCHA, Process, Project, files_of, flakescope, repository, without_gutter, without_times,
};

const WORKSPACES: &str = r#"{ "name": "shop", "private": true, "workspaces": ["packages/*"] }"#;

/// A package of a workspace: its folder, whose packages it has, its script, and its test.
const PACKAGES: [(&str, &str, &str, &str, &str); 3] = [
    (
        "api",
        "e2e",
        "mocha a.test.cjs",
        "a.test.cjs",
        "it('is of Mocha', () => { throw new Error('one'); });",
    ),
    (
        "basket",
        "agents/conformance/runners/jest-30",
        "jest --watchman=false",
        "b.test.js",
        "it('is of Jest', () => {});",
    ),
    (
        "card",
        "agents/conformance/runners/vitest-4",
        "vitest run --configLoader=native",
        "c.test.mjs",
        "import { it } from 'vitest';\nit('is of Vitest', () => {});",
    ),
];

fn monorepo() -> Project {
    let project = Project::new(&[("package.json", WORKSPACES)]);
    for (name, packages, script, file, test) in PACKAGES {
        let folder = format!("packages/{name}");
        let package =
            serde_json::json!({ "name": name, "version": "1.0.0", "scripts": { "test": script } });
        project.write(&format!("{folder}/package.json"), &package.to_string());
        project.write(&format!("{folder}/{file}"), test);
        let target = project.path().join(&folder).join("node_modules");
        symlink(repository().join(packages).join("node_modules"), target)
            .unwrap_or_else(|error| panic!("{error}"));
    }
    let settings =
        "export default { cacheDir: \"cache\", test: { slowTestThreshold: 120_000 } };\n";
    project.write("packages/card/vitest.config.mjs", settings);
    project
}

/// Lines without durations; those of Jest and Vitest come in no certain order.
fn printed(text: &str) -> BTreeSet<String> {
    let text = without_times(&without_gutter(text));
    let lines = text.lines().filter(|line| !line.starts_with("Time: "));
    lines.map(str::to_owned).collect()
}

#[test]
fn three_runners_in_one_command_are_one_run() {
    let project = monorepo();
    let words = ["npm", "test", "--workspaces"];
    let plain = project.plain(&words, |_| {});
    let files = files_of(&project);
    let recorded = project.record(&words);
    assert_eq!(recorded.output.code, plain.code);
    assert_eq!(plain.code, Some(1), "{}", plain.stderr);
    assert_eq!(printed(&recorded.output.stdout), printed(&plain.stdout));
    assert_eq!(printed(&recorded.output.stderr), printed(&plain.stderr));
    assert_eq!(files_of(&project), files, "nothing is left behind");

    let report = recorded.report();
    let tests = [
        ("is of Jest", "passed"),
        ("is of Mocha", "failed"),
        ("is of Vitest", "passed"),
    ];
    assert_eq!(report.statuses(), tests.into());
    assert_eq!(
        report.test("is of Jest")["file"],
        "packages/basket/b.test.js"
    );
    assert_eq!(report.gaps(), [].into());
}

/// Runs what follows with the folder `$1` as one that nobody can write to, root neither.
const READ_ONLY: &str =
    r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && cd "$1" && shift && exec "$@""#;

#[test]
fn a_project_that_cannot_be_written_to_is_reported_and_not_kept() {
    let project = Project::new(&[("a.test.cjs", "it('adds up', () => {});\n")]);
    let report = project.spools().join("report.json");
    let inside = |words: &[&str]| {
        let mut unshare = project.command("unshare");
        unshare.args(["--user", "--map-root-user", "--mount"]);
        unshare.args(["sh", "-c", READ_ONLY, "sh"]);
        unshare.arg(project.path()).arg(flakescope()).args(words);
        Process::start(&mut unshare, "").finish()
    };
    let report_file = report.display().to_string();
    let words = [
        &["run", "--report-json", &report_file, "--"],
        &MOCHA[..],
        &["a.test.cjs"],
    ]
    .concat();
    let files = files_of(&project);
    let output = inside(&words);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stdout.contains("1 passing"), "{}", output.stdout);
    assert!(output.stderr.contains("1 passed"), "{}", output.stderr);
    let said = output.stderr.contains("the store does not keep this run");
    assert!(said, "{}", output.stderr);
    assert!(report.exists(), "what was asked for elsewhere is there");
    assert_eq!(files_of(&project), files);

    let checkup = inside(&["doctor"]);
    assert_eq!(checkup.code, Some(1), "{}", checkup.stdout);
    let said = checkup.stdout.contains("cannot be written to");
    assert!(said, "{}", checkup.stdout);
}
