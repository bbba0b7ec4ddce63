//! Makes a table of the agents' files, so that the binary carries them as they are.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Folders that are of no use at run time.
const LEFT_OUT: &[&str] = &["test", "node_modules"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let agent = here.join("../../agents/node").canonicalize()?;
    println!("cargo::rerun-if-changed={}", agent.display());
    let mut files = Vec::new();
    collect(&agent, &mut files)?;
    // In an order that does not hang on the file system, so that the same sources give the same binary.
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        let name = file
            .strip_prefix(&agent)?
            .to_string_lossy()
            .replace('\\', "/");
        writeln!(
            table,
            "    ({name:?}, include_bytes!({:?})),",
            file.display().to_string()
        )?;
    }
    table.push_str("]\n");
    fs::write(
        PathBuf::from(env::var("OUT_DIR")?).join("node_agent.rs"),
        table,
    )?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            if !LEFT_OUT.iter().any(|left_out| name == *left_out) {
                collect(&path, files)?;
            }
        } else if path
            .extension()
            .is_some_and(|ending| ending == "cjs" || ending == "mjs" || ending == "js")
        {
            files.push(path);
        }
    }
    Ok(())
}
