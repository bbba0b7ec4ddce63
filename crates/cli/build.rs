//! Makes a table of the agents' files, so that the binary carries them as they are; and finds out which commit it is.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// An agent: the name of its table, the folder it is in, and the endings of the files that it consists of.
struct Agent {
    table: &'static str,
    folder: &'static str,
    endings: &'static [&'static str],
}

const AGENTS: &[Agent] = &[
    Agent {
        table: "node_agent.rs",
        folder: "../../agents/node",
        endings: &["cjs", "mjs", "js"],
    },
    Agent {
        table: "python_agent.rs",
        folder: "../../agents/python/path",
        // The distribution's metadata are texts, and one without an ending.
        endings: &["py", "txt", ""],
    },
];

/// Folders that are of no use at run time.
const LEFT_OUT: &[&str] = &["test", "node_modules", "__pycache__"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for agent in AGENTS {
        let folder = here.join(agent.folder).canonicalize()?;
        println!("cargo::rerun-if-changed={}", folder.display());
        fs::write(out.join(agent.table), table(&folder, agent.endings)?)?;
    }
    println!(
        "cargo::rustc-env=FLAKESCOPE_VERSION={}",
        version(&here.join("../.."))
    );
    Ok(())
}

/// `0.1.0 (9ad3ad2 2026-11-23)`: with the commit and its date where there is a repository, and git. The same sources give the
/// same text, whenever they are built.
fn version(root: &Path) -> String {
    let number = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let git = root.join(".git");
    // The log of HEAD grows with each commit, HEAD itself changes with the branch only. A missing file would be watched, too:
    // it makes each build a new one.
    let watched = ["HEAD", "logs/HEAD"].map(|name| git.join(name));
    for file in watched.iter().filter(|file| file.is_file()) {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    match git.exists().then(|| commit(root)).flatten() {
        Some(commit) => format!("{number} ({commit})"),
        None => number,
    }
}

fn commit(root: &Path) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["log", "-1", "--format=%h %cs", "--abbrev=7"])
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn table(folder: &Path, endings: &[&str]) -> Result<String, Box<dyn std::error::Error>> {
    let mut files = Vec::new();
    collect(folder, endings, &mut files)?;
    // In an order that does not hang on the file system, so that the same sources give the same binary.
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        let name = file
            .strip_prefix(folder)?
            .to_string_lossy()
            .replace('\\', "/");
        writeln!(
            table,
            "    ({name:?}, include_bytes!({:?})),",
            file.display().to_string()
        )?;
    }
    table.push_str("]\n");
    Ok(table)
}

fn collect(folder: &Path, endings: &[&str], files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            if !LEFT_OUT.iter().any(|left_out| name == *left_out) {
                collect(&path, endings, files)?;
            }
        } else if endings
            .iter()
            .any(|ending| path.extension().unwrap_or_default() == *ending)
        {
            files.push(path);
        }
    }
    Ok(())
}
