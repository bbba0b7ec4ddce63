//! `cargo xtask tidy`: the house rules that no other tool checks, over the files that git tracks.
//!
//! Each rule is a function from a path and a text to a complaint.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace;

/// A complaint about one file, or nothing.
type Rule = fn(path: &str, text: &str) -> Option<String>;

const RULES: [Rule; 4] = [
    opens_with_its_duty,
    is_not_too_long,
    names_no_machine,
    locks_name_no_registry,
];

/// Lines of a source file, its tests not counted.
const MOST_LINES: usize = 500;

/// Runs the task.
///
/// # Errors
/// When a file breaks a rule or cannot be read.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("`cargo xtask tidy` takes no arguments");
    }
    let (files, complaints) = complaints()?;
    if !complaints.is_empty() {
        bail!("not tidy:\n  {}", complaints.join("\n  "));
    }
    println!("tidy: {files} files");
    Ok(())
}

fn complaints() -> Result<(usize, Vec<String>)> {
    let root = workspace::root();
    let mut files = 0;
    let mut complaints = Vec::new();
    for path in workspace::tracked_files()? {
        // What is not text (a stored recording, a picture) has no rules. A file may go away while others work.
        let Ok(text) = fs::read_to_string(root.join(&path)) else {
            continue;
        };
        files += 1;
        for rule in RULES {
            if let Some(complaint) = rule(&path, &text) {
                complaints.push(format!("{path}: {complaint}"));
            }
        }
    }
    Ok((files, complaints))
}

fn is_rust(path: &str) -> bool {
    path.ends_with(".rs")
}

/// A file says first what it is answerable for.
fn opens_with_its_duty(path: &str, text: &str) -> Option<String> {
    let duty = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("//! "));
    if !is_rust(path) || duty.is_some_and(|duty| !duty.trim().is_empty()) {
        return None;
    }
    Some("does not open with a `//!` line that says what it is answerable for".to_owned())
}

fn is_not_too_long(path: &str, text: &str) -> Option<String> {
    if !is_rust(path) || is_test(path) {
        return None;
    }
    let lines = text
        .lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .count();
    (lines > MOST_LINES).then(|| format!("has {lines} lines without tests, over {MOST_LINES}"))
}

/// Whether a whole file is for tests: by its folder, or because its parent module has it in tests only.
fn is_test(path: &str) -> bool {
    let path = Path::new(path);
    if path.components().any(|part| part.as_os_str() == "tests") {
        return true;
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_stem()) else {
        return false;
    };
    let declared = format!("mod {};", name.to_string_lossy());
    let parents = [
        folder.join("mod.rs"),
        folder.join("lib.rs"),
        folder.join("main.rs"),
        folder.with_extension("rs"),
    ];
    let texts = parents
        .iter()
        .filter_map(|parent| fs::read_to_string(workspace::root().join(parent)).ok());
    texts.into_iter().any(|text| {
        let lines: Vec<&str> = text.lines().collect();
        lines
            .windows(2)
            .any(|pair| pair[0] == "#[cfg(test)]" && pair[1].ends_with(&declared))
    })
}

/// A path of somebody's own machine means nothing on another one. `/home/user/` may stand in examples.
fn names_no_machine(path: &str, text: &str) -> Option<String> {
    if path == "xtask/src/tidy.rs" {
        return None;
    }
    let mut traces = vec![
        "/root/".to_owned(),
        "/Users/".to_owned(),
        "/home/runner/".to_owned(),
    ];
    let root = workspace::root();
    // A folder directly below the top (`/src`, `/app`) is a word that files use for other things too.
    if root.components().count() > 2 {
        traces.push(root.to_string_lossy().into_owned());
    }
    names_any(text, &traces)
}

fn names_any(text: &str, traces: &[String]) -> Option<String> {
    for (index, line) in text.lines().enumerate() {
        if let Some(trace) = traces.iter().find(|trace| line.contains(trace.as_str())) {
            return Some(format!(
                "line {} names `{trace}` of somebody's machine",
                index + 1
            ));
        }
    }
    None
}

/// Packages are told by name, version and hash; where they come from is for each machine to choose.
fn locks_name_no_registry(path: &str, text: &str) -> Option<String> {
    if !path.ends_with("package-lock.json") {
        return None;
    }
    let line = text
        .lines()
        .position(|line| line.contains("\"resolved\": \"http"))?;
    Some(format!(
        "line {} names a registry; run npm with --omit-lockfile-registry-resolved",
        line + 1
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: Rule, path: &str, text: &str, expected: Option<&str>) {
        assert_eq!(rule(path, text).as_deref(), expected, "{path}: {text}");
    }

    #[test]
    fn a_file_opens_with_its_duty() {
        let complaint = Some("does not open with a `//!` line that says what it is answerable for");
        check(
            opens_with_its_duty,
            "a/b.rs",
            "//! Reads b.\nuse std::fs;",
            None,
        );
        check(opens_with_its_duty, "a/b.cjs", "'use strict';", None);
        check(opens_with_its_duty, "a/b.rs", "use std::fs;", complaint);
        check(opens_with_its_duty, "a/b.rs", "//! \n", complaint);
        check(opens_with_its_duty, "a/b.rs", "", complaint);
    }

    #[test]
    fn tests_do_not_make_a_file_long() {
        let lines = |count: usize| "x\n".repeat(count);
        let with_tests = format!(
            "{}#[cfg(test)]\nmod tests {{\n{}}}\n",
            lines(500),
            lines(300)
        );
        check(is_not_too_long, "a.rs", &lines(500), None);
        check(is_not_too_long, "a.rs", &with_tests, None);
        check(is_not_too_long, "e2e/tests/it/a.rs", &lines(501), None);
        check(is_not_too_long, "a.md", &lines(501), None);
        check(
            is_not_too_long,
            "a.rs",
            &lines(501),
            Some("has 501 lines without tests, over 500"),
        );
    }

    #[test]
    fn a_path_of_a_machine_is_found() {
        let traces = ["/somewhere/flakescope".to_owned()];
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(names_any(text, &traces).as_deref(), expected, "{text}");
        };
        check("nothing\nhere", None);
        check(
            "one\nsee /somewhere/flakescope/x",
            Some("line 2 names `/somewhere/flakescope` of somebody's machine"),
        );
    }

    #[test]
    fn a_lock_file_names_no_registry() {
        let rule = locks_name_no_registry;
        let lock = "{\n  \"resolved\": \"https://registry.example/a.tgz\"\n}";
        let linked = "{\n  \"resolved\": \"../sdk\"\n}";
        let complaint = "line 2 names a registry; run npm with --omit-lockfile-registry-resolved";
        check(rule, "e2e/package-lock.json", linked, None);
        check(rule, "e2e/package-lock.json", lock, Some(complaint));
        check(rule, "e2e/other.json", lock, None);
    }

    #[test]
    fn the_repository_is_tidy() {
        let (files, complaints) = complaints().unwrap();
        assert!(files > 10, "only {files} files were read");
        assert_eq!(complaints, Vec::<String>::new());
    }
}
