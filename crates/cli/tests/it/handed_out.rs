//! `export` and `diff` of what was recorded: the files, what is said about them, and how the commands end.

use insta::assert_snapshot;

use crate::sandbox::{Sandbox, names, spooled_failure};

const ONE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const OTHER: &str = "5bf92f3577b34da6a3ce929d0e0e4736";

/// A project with two runs of one failing test.
fn recorded() -> Sandbox {
    let sandbox = Sandbox::new();
    for trace in [ONE, OTHER] {
        let script = spooled_failure("pays", trace) + "exit 1";
        let mut run = sandbox.flakescope(&["run", "--quiet", "--", "sh", "-c", &script]);
        run.output().unwrap();
    }
    sandbox
}

#[test]
fn recordings_are_written_as_files() {
    let sandbox = recorded();
    let seen = |arguments: &[&str]| sandbox.seen(&mut sandbox.flakescope(arguments));
    let read = |name: &str| std::fs::read_to_string(sandbox.project().join(name)).unwrap();
    assert_snapshot!("export_har", seen(&["export", ONE, "-o", "calls.har"]));
    let har: serde_json::Value = serde_json::from_str(&read("calls.har")).unwrap();
    assert_eq!(har["log"]["version"], "1.2");
    let both = ["export", "last", "-o", "spans.json", "--logs", "logs.json"];
    assert_snapshot!("export_otlp_and_logs", seen(&both));
    assert!(read("spans.json").starts_with("{\"resourceSpans\":[{"));
    assert_eq!(read("logs.json"), "{\"resourceLogs\":[]}\n");
    let to_stdout = sandbox
        .flakescope(&["export", "4bf92f", "--format", "otlp", "-o", "-"])
        .output()
        .unwrap();
    let stdout = String::from_utf8(to_stdout.stdout).unwrap();
    assert!(stdout.contains(ONE) && !stdout.contains(OTHER), "{stdout}");
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let sandbox = recorded();
    let seen = |arguments: &[&str]| sandbox.seen(&mut sandbox.flakescope(arguments));
    sandbox.write("calls.har", "as it was");
    assert_snapshot!(
        "export_unknown",
        seen(&["export", "ffffff", "-o", "calls.har"])
    );
    assert_snapshot!(
        "export_no_format",
        seen(&["export", ONE, "-o", "calls.txt"])
    );
    assert_snapshot!("export_stdout_no_format", seen(&["export", ONE, "-o", "-"]));
    assert_snapshot!(
        "export_no_folder",
        seen(&["export", ONE, "-o", "no/such/a.har"])
    );
    let kept = std::fs::read_to_string(sandbox.project().join("calls.har")).unwrap();
    assert_eq!(kept, "as it was");
    assert_eq!(names(&sandbox.project()), [".flakescope", "calls.har"]);
}

#[test]
fn recordings_are_held_against_each_other() {
    let sandbox = recorded();
    let seen = |arguments: &[&str]| sandbox.seen(&mut sandbox.flakescope(arguments));
    let alike = seen(&["diff", ONE, OTHER]);
    assert!(alike.starts_with("exit 0\n"), "{alike}");
    assert!(alike.contains("no call differs"), "{alike}");
    assert_snapshot!("diff_no_baseline", seen(&["diff", ONE]));
    assert_snapshot!("diff_unknown", seen(&["diff", "ffffff"]));
    let run = sandbox.runs().remove(0).id.to_string();
    let refused = seen(&["diff", &run]);
    assert!(refused.starts_with("exit 1\n"), "{refused}");
    assert!(refused.contains("is a run, and only attempts"), "{refused}");
    let json = sandbox
        .flakescope(&["diff", ONE, OTHER, "--json"])
        .output()
        .unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["basis"], "given");
    assert_eq!(json["same_test"], true);
}

#[test]
fn help_has_examples() {
    let sandbox = Sandbox::new();
    let help =
        |arguments: &[&str]| sandbox.seen(sandbox.flakescope(arguments).env("COLUMNS", "100"));
    assert_snapshot!("help_diff", help(&["diff", "--help"]));
    assert_snapshot!("help_export", help(&["export", "--help"]));
}
