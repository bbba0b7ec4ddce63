//! Step of a run: the command itself, started so that agents are loaded and nothing else is different.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::Path;
use std::process::Command;

use model::RunId;

use super::agents::Agents;
use crate::exit::{self, Failure};

/// The command as the user wrote it, with nothing added.
pub(super) fn plain(words: &[OsString]) -> Command {
    let mut words = words.iter();
    // The command line is not empty: its definition requires a command.
    let mut command = Command::new(words.next().map_or(OsStr::new(""), OsString::as_os_str));
    command.args(words);
    // The key is for us only; agents find theirs in the spool.
    command.env_remove("FLAKESCOPE_MASK_KEY");
    command
}

/// The command, with the agents loaded into what it starts.
pub(super) fn recorded(words: &[OsString], run: RunId, spool: &Path, agents: &Agents) -> Command {
    let mut command = plain(words);
    let before = |name| std::env::var_os(name).unwrap_or_default();
    command
        .env("FLAKESCOPE_SPOOL", spool)
        .env("FLAKESCOPE_RUN_ID", run.to_string());
    if !is_confined(words) {
        command.env(
            "NODE_OPTIONS",
            node_options(&before("NODE_OPTIONS"), &agents.node),
        );
    }
    if let Some(python) = &agents.python {
        command.env("PYTHONPATH", python_path(&before("PYTHONPATH"), python));
    }
    command
}

/// Whether the command says that Node is to run under its permission model, which keeps the agent from its own files and
/// from the spool. Node 20 then ends a process that is to preload what it may not read.
pub(super) fn is_confined(words: &[OsString]) -> bool {
    let options = std::env::var_os("NODE_OPTIONS").unwrap_or_default();
    let inherited = split_options(options.as_bytes());
    let given = words.iter().map(|word| word.as_bytes());
    given
        .chain(inherited.iter().map(Vec::as_slice))
        .any(|word| word == b"--permission" || word == b"--experimental-permission")
}

/// Why the command could not be started, with the exit codes that shells give.
pub(super) fn not_started(words: &[OsString], error: &io::Error) -> Failure {
    let name = words
        .first()
        .map_or_else(Default::default, |name| name.to_string_lossy());
    match error.kind() {
        io::ErrorKind::NotFound => Failure::message(exit::NOT_FOUND, format!("no such command: {name}"))
            .hint("is it installed, and is its folder in PATH? commands of a Node project run through `npx`"),
        io::ErrorKind::PermissionDenied => {
            Failure::message(exit::NOT_EXECUTABLE, format!("the command cannot be executed: {name}"))
        }
        _ if error.raw_os_error() == Some(rustix::io::Errno::NOEXEC.raw_os_error()) => {
            Failure::message(exit::NOT_EXECUTABLE, format!("the command cannot be executed: {name}"))
        }
        _ => Failure::message(exit::NOT_STARTED, format!("start the command {name}: {error}")),
    }
}

/// `PYTHONPATH` with our folder in front, unless it is there.
fn python_path(before: &OsStr, folder: &Path) -> OsString {
    let mut entries = before.as_bytes().split(|byte| *byte == b':');
    if entries.any(|entry| entry == folder.as_os_str().as_bytes()) {
        return before.to_owned();
    }
    let mut path = folder.as_os_str().to_owned();
    // An entry of nothing would be the working directory.
    if !before.is_empty() {
        path.push(":");
        path.push(before);
    }
    path
}

/// `NODE_OPTIONS` with our preload in front, unless it is there.
fn node_options(before: &OsStr, agent: &Path) -> OsString {
    let agent = agent.as_os_str().as_bytes();
    let words = split_options(before.as_bytes());
    let preloads = words
        .windows(2)
        .any(|pair| is_require(&pair[0]) && pair[1] == agent)
        || words.iter().any(|word| {
            let value = word
                .strip_prefix(b"--require=")
                .or_else(|| word.strip_prefix(b"-r="));
            value == Some(agent)
        });
    if preloads {
        return before.to_owned();
    }
    let mut options = b"--require ".to_vec();
    options.extend(quote(agent));
    if !before.is_empty() {
        options.push(b' ');
        options.extend(before.as_bytes());
    }
    OsString::from_vec(options)
}

fn is_require(word: &[u8]) -> bool {
    word == b"--require" || word == b"-r"
}

/// As Node reads it: a word with a space stands in double quotes, in which a backslash escapes. A word without stays as
/// it is, for the tools that split the variable at spaces themselves.
fn quote(word: &[u8]) -> Vec<u8> {
    if !word.iter().any(|byte| b" \"\\".contains(byte)) {
        return word.to_vec();
    }
    let mut quoted = vec![b'"'];
    for byte in word {
        if b"\"\\".contains(byte) {
            quoted.push(b'\\');
        }
        quoted.push(*byte);
    }
    quoted.push(b'"');
    quoted
}

/// Splits as Node does.
fn split_options(text: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quoted = false;
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if quoted => word.get_or_insert_default().extend(bytes.next()),
            b'"' => quoted = !quoted,
            b' ' if !quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(*other),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_confined_command_is_left_alone() {
        let check = |words: &[&str], expected: bool| {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            let agents = Agents {
                node: "/a/agent.cjs".into(),
                python: None,
            };
            let command = recorded(&words, RunId([1; 16]), Path::new("/spool"), &agents);
            let preloads = command.get_envs().any(|(name, _)| name == "NODE_OPTIONS");
            assert_eq!(
                (is_confined(&words), preloads),
                (expected, !expected),
                "{words:?}"
            );
        };
        check(
            &["node", "--permission", "--allow-fs-read=/p/*", "t.js"],
            true,
        );
        check(&["node", "--experimental-permission", "t.js"], true);
        check(&["npx", "mocha"], false);
    }

    #[test]
    fn node_options_keep_what_was_there() {
        let check = |before: &str, agent: &str, expected: &str| {
            assert_eq!(
                node_options(OsStr::new(before), Path::new(agent)),
                expected,
                "{before} {agent}"
            );
        };
        check("", "/a/agent.cjs", "--require /a/agent.cjs");
        check(
            "--max-old-space-size=99",
            "/a/agent.cjs",
            "--require /a/agent.cjs --max-old-space-size=99",
        );
        check("", "/a b/agent.cjs", "--require \"/a b/agent.cjs\"");
        check(
            "",
            "/a\"b\\c/agent.cjs",
            r#"--require "/a\"b\\c/agent.cjs""#,
        );
        check(
            "--require /a/agent.cjs",
            "/a/agent.cjs",
            "--require /a/agent.cjs",
        );
        check(
            "-r /a/agent.cjs --trace",
            "/a/agent.cjs",
            "-r /a/agent.cjs --trace",
        );
        check(
            "--require=/a/agent.cjs",
            "/a/agent.cjs",
            "--require=/a/agent.cjs",
        );
        check(
            "--require \"/a b/agent.cjs\" -x",
            "/a b/agent.cjs",
            "--require \"/a b/agent.cjs\" -x",
        );
        check(
            "--require /a/agent.cjs.old",
            "/a/agent.cjs",
            "--require /a/agent.cjs --require /a/agent.cjs.old",
        );
        check(
            "--title \"unfinished",
            "/a/agent.cjs",
            "--require /a/agent.cjs --title \"unfinished",
        );
    }

    #[test]
    fn the_python_path_keeps_what_was_there() {
        let check = |before: &str, expected: &str| {
            let path = python_path(OsStr::new(before), Path::new("/a/path"));
            assert_eq!(path, expected, "{before}");
        };
        check("", "/a/path");
        check("/own", "/a/path:/own");
        check(":/own", "/a/path::/own");
        check("/a/path", "/a/path");
        check("/own:/a/path", "/own:/a/path");
        check("/a/path.old", "/a/path:/a/path.old");
    }

    #[test]
    fn errors_have_the_codes_of_shells() {
        let check = |error: io::Error, expected: u8| {
            assert_eq!(
                not_started(&["x".into()], &error).code(),
                expected,
                "{error}"
            );
        };
        check(io::ErrorKind::NotFound.into(), 127);
        check(io::ErrorKind::PermissionDenied.into(), 126);
        check(rustix::io::Errno::NOEXEC.into(), 126);
        check(io::ErrorKind::OutOfMemory.into(), 125);
        check(rustix::io::Errno::TOOBIG.into(), 125);
    }

    proptest! {
        #[test]
        fn node_reads_the_path_that_was_meant(path in r#"/[a-z "\\\\é]{0,20}"#, before in r#"(--[a-z]{1,5}( "[a-z ]{0,4}")? ?){0,3}"#) {
            let once = node_options(OsStr::new(&before), Path::new(&path));
            let words = split_options(once.as_bytes());
            prop_assert_eq!(&words[..2], [b"--require".to_vec(), path.clone().into_bytes()]);
            prop_assert_eq!(&words[2..], split_options(before.as_bytes()));
            prop_assert_eq!(node_options(&once, Path::new(&path)), once);
        }
    }
}
