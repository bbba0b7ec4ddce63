//! The commands of README.md do what they say: each is run, in order, in a project of its own.

use std::fs;

use crate::support::{Project, flakescope, repository};

/// Commands that are not run here, by how they begin, and why.
const ELSEWHERE: [(&str, &str); 4] = [
    ("cargo xtask test", "it is what runs this test"),
    (
        "cargo xtask demo",
        "the same suite is recorded by `example.rs`, and CI would build twice",
    ),
    ("cargo install", "it builds the product again"),
    ("git clone", "needs the network"),
];

/// The id that the README's commands have; here they get one that exists.
const SHOWN_ID: &str = "23efa2";

#[test]
fn the_commands_of_the_readme_work() {
    let text = fs::read_to_string(repository().join("README.md")).unwrap();
    let commands = commands(&text);
    assert!(!commands.is_empty(), "no command in README.md");
    let project = Project::example();
    // What a reader has after the demo: a run in which the tests passed.
    let before = project.record(&["npx", "mocha"]);
    assert_eq!(before.output.code, Some(0), "{}", before.output.stderr);
    let tests = before.report().tests();
    let id = tests[0]["attempts"][0]["id"].as_str().unwrap().to_owned();
    for command in commands {
        let command = &command.replace(SHOWN_ID, &id);
        if ELSEWHERE
            .iter()
            .any(|(prefix, _)| command.starts_with(prefix))
        {
            continue;
        }
        let output = project.plain(&["sh", "-c", command], |shell| {
            let folder = flakescope().parent().unwrap().to_str().unwrap();
            shell.env(
                "PATH",
                format!("{folder}:{}", std::env::var("PATH").unwrap()),
            );
        });
        assert_eq!(
            output.code,
            Some(0),
            "{command}\n{}\n{}",
            output.stdout,
            output.stderr
        );
    }
}

/// The command lines of the blocks that are marked as such.
fn commands(markdown: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut block = None;
    for line in markdown.lines() {
        match (block, line.strip_prefix("```")) {
            (None, Some(language)) => block = Some(language),
            (Some(_), Some(_)) => block = None,
            (Some("sh"), None) => found.push(line),
            (Some("console"), None) => found.extend(line.strip_prefix("$ ")),
            _ => {}
        }
    }
    let commands = found
        .into_iter()
        .map(|line| line.split(" #").next().unwrap_or(line).trim());
    commands
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

#[test]
fn commands_are_found_in_blocks_only() {
    let markdown = "run `x`\n```sh\none  # why\n\n# note\ntwo\n```\n```console\n$ three\noutput\n```\n```json\n{}\n```\n";
    assert_eq!(commands(markdown), ["one", "two", "three"]);
}
