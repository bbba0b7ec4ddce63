//! Installing the suites of the fault matrix as `bench/diagnosis/suites/*.suite.toml` say: exact versions, from the
//! package registries only.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::{npm, process, venv, workspace};

/// Where the suites are described.
const SUITES: &str = "bench/diagnosis/suites";
/// How the files that describe them end.
const ENDING: &str = ".suite.toml";
/// Left in a suite's folder after its source was unpacked: which one, and what was changed in it.
const STAMP: &str = ".unpacked";

/// What is read here of a suite.
#[derive(Deserialize)]
struct Suite {
    install: Install,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Install {
    /// Python: a file of requirements beside the suite's, for the environment `venv`.
    requirements: Option<String>,
    /// Node: a folder beside the suite's file with a package's file and its lock, for `node_modules`.
    packages: Option<String>,
    /// Go: a folder beside the suite's file with a program and what it pins, for `bin` and what is in it.
    go: Option<String>,
    /// The package that is unpacked into `src`: of Python one among the requirements, whose source distribution has
    /// the tests; of Node as npm names it, with its version.
    source: String,
    /// Files that are made after that.
    #[serde(default)]
    file: Vec<Made>,
    /// Texts that are replaced in what was unpacked, such as the place of a server.
    #[serde(default)]
    edits: Vec<Edit>,
}

/// A copy of a file, with texts replaced.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    from: String,
    to: String,
    edits: Vec<Edit>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    /// The file, from `src`; none where it is said elsewhere.
    file: Option<String>,
    find: String,
    replace: String,
}

/// Installs all suites, or the one that the words `--suite NAME` name, each in a folder of its own in `folder`.
///
/// # Errors
/// When a suite's description is wrong or a package cannot be installed.
pub(crate) fn install(folder: &str, words: &[String]) -> Result<()> {
    let mut words = words.iter().skip_while(|word| *word != "--suite");
    let only = words.nth(1);
    for entry in fs::read_dir(workspace::root().join(SUITES)).context("failed to list suites")? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(name) = file.strip_suffix(ENDING) else {
            continue;
        };
        if only.is_none_or(|only| only == name) {
            let suite: Suite = toml::from_str(&fs::read_to_string(&path)?)
                .with_context(|| format!("{file} is wrong"))?;
            install_one(&format!("{folder}/{name}"), &suite.install)
                .with_context(|| format!("failed to install {name}"))?;
        }
    }
    Ok(())
}

fn install_one(folder: &str, install: &Install) -> Result<()> {
    let directory = workspace::root().join(folder);
    fs::create_dir_all(&directory)?;
    if let Some(requirements) = &install.requirements {
        let requirements = format!("{SUITES}/{requirements}");
        let environment = venv::install(&format!("{folder}/venv"), &requirements)?;
        let pinned = pinned(&workspace::root().join(requirements), &install.source)?;
        let python = environment.join("bin/python").display().to_string();
        let words = ["-m", "pip", "download", "--quiet", "--no-deps"];
        let words = [&words[..], &["--no-binary", &install.source]].concat();
        let words = [&words[..], &["-d", "archive", &pinned]].concat();
        let download = process::command(&python, &words, &directory);
        unpack(&directory, &pinned, download, &install.edits)?;
    }
    if let Some(packages) = &install.packages {
        for file in ["package.json", "package-lock.json"] {
            let from = workspace::root().join(SUITES).join(packages).join(file);
            fs::copy(from, directory.join(file)).with_context(|| format!("no {file}"))?;
        }
        npm::install(folder)?;
        let words = ["pack", "--silent", "--pack-destination", "archive"];
        let words = [&words[..], &[&install.source]].concat();
        let download = process::command("npm", &words, &directory);
        unpack(&directory, &install.source, download, &install.edits)?;
    }
    if let Some(program) = &install.go {
        build(&directory, program)?;
    }
    for made in &install.file {
        let text = fs::read_to_string(directory.join(&made.from))?;
        let text = made.edits.iter().try_fold(text, edited)?;
        fs::write(directory.join(&made.to), text)?;
    }
    Ok(())
}

/// Builds the server of a suite, a program in Go, as its `go.sum` says, into `bin/NAME`.
fn build(folder: &Path, program: &str) -> Result<()> {
    let source = workspace::root().join(SUITES).join(program);
    let binaries = folder.join("bin");
    fs::create_dir_all(&binaries)?;
    let words = ["build", "-trimpath", "-ldflags=-s -w", "-o"];
    let mut go = process::command("go", &words, &source);
    go.arg(&binaries).arg(".").env("CGO_ENABLED", "0");
    process::run(&mut go)
}

/// The line of a package in a file of requirements.
fn pinned(requirements: &Path, package: &str) -> Result<String> {
    let text = fs::read_to_string(requirements)?;
    let line = text
        .lines()
        .find(|line| line.starts_with(&format!("{package}==")));
    let line = line.with_context(|| format!("{package} is not among the requirements"))?;
    Ok(line.to_owned())
}

/// Unpacks what a package publishes, with its tests, into `src`, and makes the edits, unless that was done before.
fn unpack(folder: &Path, source: &str, mut download: Command, edits: &[Edit]) -> Result<()> {
    let stamp = folder.join(STAMP);
    let mut wanted = source.to_owned();
    for edit in edits {
        wanted.push_str(&format!("\n{edit:?}"));
    }
    if fs::read_to_string(&stamp).is_ok_and(|known| known == wanted) {
        return Ok(());
    }
    let empty = "rm -rf archive src && mkdir archive src";
    process::run(&mut process::command("bash", &["-c", empty], folder))?;
    process::run(&mut download)?;
    let unpack = "tar xzf archive/*.*gz --strip-components=1 --warning=no-unknown-keyword -C src";
    process::run(&mut process::command("bash", &["-c", unpack], folder))?;
    for edit in edits {
        let file = edit.file.as_ref().context("an edit names no file")?;
        let path = folder.join("src").join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("there is no {file}"))?;
        fs::write(path, edited(text, edit)?)?;
    }
    fs::write(stamp, wanted).context("failed to note what was unpacked")
}

fn edited(text: String, edit: &Edit) -> Result<String> {
    anyhow::ensure!(text.contains(&edit.find), "nowhere: {}", edit.find);
    Ok(text.replace(&edit.find, &edit.replace))
}
