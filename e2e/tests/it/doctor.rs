//! `flakescope doctor` on real projects: what it promises is what a run then does.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::support::{MOCHA, Process, Project};

const PACKAGE: &str = r#"{"devDependencies":{"mocha":"^12"},"dependencies":{"pg":"8"}}"#;
/// A `node` that loses the agent on its way, as some wrappers of version managers do.
const WRAPPER: &str = "#!/bin/sh\nunset NODE_OPTIONS\nPATH=\"$REAL_PATH\" exec node \"$@\"\n";

/// The exit code and the document.
fn examine(project: &Project, set_up: impl Fn(&mut std::process::Command)) -> (Option<i32>, Value) {
    let mut command = project.flakescope(&["doctor", "--json"]);
    set_up(&mut command);
    let output = Process::start(&mut command, "").finish();
    let document = serde_json::from_str(&output.stdout);
    (
        output.code,
        document.unwrap_or_else(|error| panic!("{error}: {output:?}")),
    )
}

#[test]
fn a_healthy_project_is_told_what_its_last_run_held() {
    let test = r#"it("calls nobody", () => {});"#;
    let project = Project::new(&[("a.test.cjs", test), ("package.json", PACKAGE)]);
    let before: Vec<_> = fs::read_dir(project.path()).unwrap().collect();
    let (code, found) = examine(&project, |_| {});
    assert_eq!(code, Some(0), "{found:#}");
    assert_eq!(found["runners"][0]["name"], "mocha", "{found:#}");
    assert_eq!(found["runners"][0]["recorded"], "tests");
    assert_eq!(found["agents"][0]["language"], "node");
    assert_eq!(found["agents"][0]["reports"], true);
    assert_eq!(found["unrecorded_clients"][0]["name"], "pg");
    assert_eq!(found["last_run"], Value::Null);
    let after: Vec<_> = fs::read_dir(project.path()).unwrap().collect();
    assert_eq!(before.len(), after.len(), "doctor leaves nothing behind");

    project.record(&[&MOCHA[..], &["a.test.cjs"]].concat());
    let (_, found) = examine(&project, |_| {});
    assert_eq!(found["last_run"]["tests"], 1, "{found:#}");
    assert_eq!(found["last_run"]["processes"][0]["count"], 1);
}

#[test]
fn an_agent_that_is_lost_on_the_way_is_an_obstacle() {
    let project = Project::new(&[("package.json", PACKAGE), ("bin/node", WRAPPER)]);
    let node = project.path().join("bin/node");
    fs::set_permissions(&node, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    let (code, found) = examine(&project, |command| {
        let bin = project.path().join("bin");
        command.env("PATH", format!("{}:{path}", bin.display()));
        command.env("REAL_PATH", &path);
    });
    assert_eq!(code, Some(1), "{found:#}");
    assert_eq!(found["agents"][0]["reports"], false, "{found:#}");
    assert_eq!(found["advice"][0]["weight"], "obstacle");
    // What it foresees happens.
    let recorded = project.record_with(&[], &["bin/node", "-e", "0"], |command| {
        command.env("REAL_PATH", &path);
    });
    let gaps = recorded.report().gaps();
    assert!(gaps.contains_key("no-agent"), "{gaps:?}");
}

#[test]
fn wrong_settings_are_an_obstacle_and_do_not_stop_it() {
    let project = Project::new(&[("package.json", PACKAGE)]);
    project.write("flakescope.toml", "projet = 1\n");
    let (code, found) = examine(&project, |_| {});
    assert_eq!(code, Some(1));
    let text = found["advice"][0]["text"].as_str().unwrap();
    assert!(text.contains("projet"), "{text}");
    assert_eq!(found["runners"][0]["name"], "mocha");
}
