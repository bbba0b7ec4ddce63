//! The command line itself: help, completions, wrong usage, and commands that cannot be started.

use insta::assert_snapshot;

use crate::sandbox::Sandbox;

#[test]
fn help() {
    let sandbox = Sandbox::new();
    let help =
        |arguments: &[&str]| sandbox.seen(sandbox.flakescope(arguments).env("COLUMNS", "100"));
    assert_snapshot!("help", help(&["--help"]));
    assert_snapshot!("help_run", help(&["run", "--help"]));
    assert_snapshot!("help_list", help(&["list", "--help"]));
    assert_snapshot!("help_show", help(&["show", "--help"]));
}

#[test]
fn version() {
    let sandbox = Sandbox::new();
    let seen = sandbox.seen(&mut sandbox.flakescope(&["--version"]));
    let version = env!("FLAKESCOPE_VERSION");
    let expected = format!("exit 0\n---- stdout\nflakescope {version}\n---- stderr\n");
    assert_eq!(seen, expected);
    // Built from a repository it says from which commit, and of what day.
    let built_from = version.strip_prefix(env!("CARGO_PKG_VERSION")).unwrap();
    let commit = regex::Regex::new(r"^ \([0-9a-f]{7,} \d{4}-\d\d-\d\d\)$").unwrap();
    assert!(
        built_from.is_empty() || commit.is_match(built_from),
        "{version}"
    );
}

#[test]
fn wrong_usage() {
    let sandbox = Sandbox::new();
    let seen = |arguments: &[&str]| sandbox.seen(&mut sandbox.flakescope(arguments));
    assert_snapshot!("usage_no_command", seen(&["run"]));
    assert_snapshot!(
        "usage_bad_tag",
        seen(&["run", "--tag", "team", "--", "true"])
    );
    assert_snapshot!(
        "usage_unknown_flag",
        seen(&["run", "--nmae", "x", "--", "true"])
    );
    assert_snapshot!("usage_unknown_list", seen(&["list", "rnus"]));
    assert_snapshot!("usage_unknown_command", seen(&["rnu"]));
}

#[test]
fn commands_that_cannot_be_started() {
    let sandbox = Sandbox::new();
    sandbox.write("notes.txt", "not a program\n");
    let seen = |word: &str| sandbox.seen(&mut sandbox.flakescope(&["run", "--", word]));
    assert_snapshot!("start_not_found", seen("no-such-command"));
    assert_snapshot!("start_not_executable", seen("./notes.txt"));
    assert_snapshot!("start_folder", seen("/"));
    // Nothing is left behind of a run that never was.
    assert!(crate::sandbox::names(&sandbox.spools()).is_empty());
    assert!(sandbox.runs().is_empty());
}

#[test]
fn every_shell_has_its_completion() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = sandbox
            .flakescope(&["completions", shell])
            .output()
            .unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{shell}");
        for word in ["run", "list", "show", "diff", "export", "report-json"] {
            assert!(script.contains(word), "{shell} {word}");
        }
    }
}

#[test]
fn the_completion_of_bash_can_be_loaded() {
    let sandbox = Sandbox::new();
    let script = sandbox
        .flakescope(&["completions", "bash"])
        .output()
        .unwrap()
        .stdout;
    sandbox.write("completion", &String::from_utf8(script).unwrap());
    let complete = "source completion; COMP_WORDS=(flakescope sh); COMP_CWORD=1; \
        _flakescope flakescope sh flakescope; echo ${COMPREPLY[@]}";
    let output = sandbox
        .program("bash")
        .args(["-c", complete])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "show\n");
}

#[test]
fn nothing_to_list_and_nothing_to_show() {
    let sandbox = Sandbox::new();
    let seen = |arguments: &[&str]| sandbox.seen(&mut sandbox.flakescope(arguments));
    assert_snapshot!("no_store", seen(&["list"]));
    drop(store::open(&sandbox.project().join(".flakescope")).unwrap());
    assert_snapshot!("empty_list", seen(&["list"]));
    assert_snapshot!("empty_list_tests", seen(&["list", "tests"]));
    assert_snapshot!("empty_list_json", seen(&["list", "--json"]));
    assert_snapshot!("empty_show_last", seen(&["show", "last"]));
    assert_snapshot!("empty_show_id", seen(&["show", "8f2c1"]));
    assert_snapshot!("empty_show_word", seen(&["show", "lats"]));
}
