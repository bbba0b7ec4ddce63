//! Reads which packages a project names: the manifests of its languages, bounded in depth and number; and, for a runner
//! that no manifest names because its language brings it, the files of its tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// How deep below the root manifests are looked for: `packages/api/package.json` is at 2.
const DEPTH: usize = 3;
/// The most folders that are looked into.
const FOLDERS: usize = 2_000;
/// A manifest that is longer is none.
const LONGEST: u64 = 4 << 20;
/// The most test files that are looked into for what they import.
const TEST_FILES: usize = 50;
/// Folders in which nothing is the project's own. Hidden ones are left out too.
const FOREIGN: &[&str] = &[
    "node_modules",
    "target",
    "vendor",
    "venv",
    "dist",
    "build",
    "__pycache__",
];

/// The language whose manifest names a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    /// `package.json`.
    Node,
    /// `pyproject.toml`, `requirements*.txt` and what stands beside them.
    Python,
    /// `Cargo.toml`.
    Rust,
    /// `go.mod`.
    Go,
    /// `pom.xml`, `build.gradle`.
    Java,
}

/// Something that a manifest names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Package {
    /// Whose package it is.
    pub(super) language: Language,
    /// Its name as its registry has it, in lower case; of a script, the script.
    pub(super) name: String,
    /// The version that is installed, else what is asked for.
    pub(super) version: Option<String>,
    /// The manifest, from the root.
    pub(super) manifest: String,
}

/// What the manifests below `root`, and those between it and `cwd`, name.
pub(super) fn read(root: &Path, cwd: &Path) -> Vec<Package> {
    let mut folders = vec![(root.to_owned(), 0)];
    if cwd.starts_with(root) {
        let between = cwd.ancestors().take_while(|folder| *folder != root);
        folders.extend(between.map(|folder| (folder.to_owned(), DEPTH)));
    }
    let mut seen = BTreeSet::new();
    let mut packages = BTreeSet::new();
    let mut tests = TEST_FILES;
    while let Some((folder, depth)) = folders.pop() {
        if seen.len() >= FOLDERS || !seen.insert(folder.clone()) {
            continue;
        }
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            // Links are not followed: they lead round in circles.
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < DEPTH && is_own(&name) => {
                    folders.push((entry.path(), depth + 1));
                }
                Ok(kind) if kind.is_file() && is_python_test(&name) && tests > 0 => {
                    tests = match python_test(root, &entry.path()) {
                        Some(found) => {
                            packages.insert(found);
                            0
                        }
                        None => tests - 1,
                    };
                }
                Ok(kind) if kind.is_file() => one(root, &entry.path(), &name, &mut packages),
                _ => {}
            }
        }
    }
    packages.into_iter().collect()
}

fn is_own(folder: &str) -> bool {
    !folder.starts_with('.') && !FOREIGN.contains(&folder)
}

/// The names by which Python's own runner, and pytest, find tests.
fn is_python_test(name: &str) -> bool {
    name.strip_suffix(".py")
        .is_some_and(|stem| stem.starts_with("test") || stem.ends_with("_test"))
}

/// Python's own runner, if the file has tests for it.
fn python_test(root: &Path, file: &Path) -> Option<Package> {
    let text = text(file)?;
    let imports = |line: &str| {
        let mut words = line.split([' ', '.', ',']);
        matches!(words.next(), Some("import" | "from")) && words.any(|word| word == "unittest")
    };
    // `unittest.mock` alone is of use under every runner.
    let has_tests = text.contains("TestCase") && text.lines().map(str::trim).any(imports);
    has_tests.then(|| Package {
        language: Language::Python,
        name: "unittest".into(),
        version: None,
        manifest: relative(root, file),
    })
}

fn relative(root: &Path, file: &Path) -> String {
    file.strip_prefix(root)
        .unwrap_or(file)
        .display()
        .to_string()
}

/// Adds what the file names, if it is a manifest.
fn one(root: &Path, file: &Path, name: &str, packages: &mut BTreeSet<Package>) {
    let language = match name {
        "package.json" => Language::Node,
        "pyproject.toml" | "setup.cfg" | "tox.ini" | "pytest.ini" | "Pipfile" => Language::Python,
        "Cargo.toml" => Language::Rust,
        "go.mod" => Language::Go,
        "pom.xml" | "build.gradle" | "build.gradle.kts" => Language::Java,
        _ if name.starts_with("requirements") && name.ends_with(".txt") => Language::Python,
        _ => return,
    };
    let Some(text) = text(file) else {
        return;
    };
    let named = match name {
        "package.json" => node(&text, file),
        "pyproject.toml" | "Pipfile" => toml(&text),
        "pytest.ini" => vec![("pytest".into(), None)],
        "setup.cfg" | "tox.ini" => lines(&text),
        _ if language == Language::Python => lines(&text),
        _ => vec![(name.to_ascii_lowercase(), None)],
    };
    let manifest = relative(root, file);
    packages.extend(named.into_iter().map(|(name, version)| Package {
        language,
        name,
        version,
        manifest: manifest.clone(),
    }));
}

fn text(file: &Path) -> Option<String> {
    let small = fs::metadata(file).is_ok_and(|meta| meta.len() <= LONGEST);
    small.then(|| fs::read_to_string(file).ok()).flatten()
}

type Named = (String, Option<String>);

/// Dependencies of all kinds, and the scripts: `node --test` needs no package.
fn node(text: &str, file: &Path) -> Vec<Named> {
    let Ok(package) = serde_json::from_str::<Value>(text) else {
        return Vec::new();
    };
    let entries = |key: &str| package.get(key).and_then(Value::as_object);
    let kinds = ["dependencies", "devDependencies", "optionalDependencies"];
    let dependencies = kinds.into_iter().filter_map(entries).flatten();
    let mut named: Vec<Named> = dependencies
        .map(|(name, asked)| {
            let asked = asked.as_str().map(str::to_owned);
            (name.clone(), installed(file, name).or(asked))
        })
        .collect();
    let scripts = entries("scripts").into_iter().flatten();
    let commands = scripts.filter_map(|(_, command)| command.as_str());
    named.extend(commands.map(|command| (format!("script {command}"), None)));
    named
}

/// The version of a package that Node would find from this manifest.
fn installed(manifest: &Path, name: &str) -> Option<String> {
    let tail = Path::new("node_modules").join(name).join("package.json");
    let candidates = manifest
        .ancestors()
        .skip(1)
        .map(|folder| folder.join(&tail));
    let found: PathBuf = candidates.into_iter().find(|file| file.exists())?;
    let package: Value = serde_json::from_str(&text(&found)?).ok()?;
    Some(package.get("version")?.as_str()?.to_owned())
}

/// Names in the arrays and tables of a `pyproject.toml` or `Pipfile` that hold requirements.
fn toml(text: &str) -> Vec<Named> {
    let Ok(table) = text.parse::<toml::Table>() else {
        return Vec::new();
    };
    let mut named = Vec::new();
    for (key, value) in &table {
        requirements(key, value, &mut named);
    }
    if table
        .get("tool")
        .and_then(|tool| tool.get("pytest"))
        .is_some()
    {
        named.push(("pytest".into(), None));
    }
    named
}

/// Requirements stand in arrays of texts, or as keys of a table; both under a key that says so.
fn requirements(key: &str, value: &toml::Value, named: &mut Vec<Named>) {
    let holds =
        key.contains("dependencies") || key.contains("packages") || key == "dependency-groups";
    match value {
        toml::Value::Table(table) if holds => {
            for (name, value) in table {
                match value {
                    toml::Value::Array(_) => requirements("dependencies", value, named),
                    _ => named.extend(requirement(name)),
                }
            }
        }
        toml::Value::Table(table) => {
            for (key, value) in table {
                requirements(key, value, named);
            }
        }
        toml::Value::Array(values) if holds => {
            let texts = values.iter().filter_map(toml::Value::as_str);
            named.extend(texts.filter_map(requirement));
        }
        _ => {}
    }
}

/// Requirements of a file that has one on each line, among others that are none.
fn lines(text: &str) -> Vec<Named> {
    text.lines().filter_map(requirement).collect()
}

/// The name of a requirement (PEP 508), normalised, with the version when exactly one is asked for.
fn requirement(text: &str) -> Option<Named> {
    let text = text.split('#').next()?.trim();
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let exact = rest.split_once("==").map(|(_, version)| version.trim());
    let version = exact.and_then(|version| version.split([',', ';', ' ']).next());
    let name = name.to_ascii_lowercase().replace(['_', '.'], "-");
    Some((
        name,
        version
            .filter(|version| !version.is_empty())
            .map(str::to_owned),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names and versions that files with these contents name.
    fn check(files: &[(&str, &str)], expected: &[(&str, Option<&str>, &str)]) {
        let top = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = top.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let packages = read(top.path(), top.path());
        let found: Vec<_> = packages
            .iter()
            .map(|package| {
                let version = package.version.as_deref();
                (package.name.as_str(), version, package.manifest.as_str())
            })
            .collect();
        assert_eq!(found, expected, "{files:?}");
    }

    #[test]
    fn node_names_what_is_installed() {
        check(
            &[
                (
                    "package.json",
                    r#"{"devDependencies":{"mocha":"^12","jest":"30.x"},"scripts":{"test":"node --test"}}"#,
                ),
                (
                    "node_modules/mocha/package.json",
                    r#"{"name":"mocha","version":"12.0.3"}"#,
                ),
                ("packages/a/package.json", r#"{"dependencies":{"pg":"8"}}"#),
                (
                    "packages/a/b/c/package.json",
                    r#"{"dependencies":{"deep":"8"}}"#,
                ),
                (".hidden/package.json", r#"{"dependencies":{"hidden":"1"}}"#),
            ],
            &[
                ("jest", Some("30.x"), "package.json"),
                ("mocha", Some("12.0.3"), "package.json"),
                ("pg", Some("8"), "packages/a/package.json"),
                ("script node --test", None, "package.json"),
            ],
        );
    }

    #[test]
    fn python_names_requirements_in_many_ways() {
        check(
            &[(
                "pyproject.toml",
                "[project]\ndependencies=['HTTPX>=0.2']\n[dependency-groups]\ntest=['pytest==8.3.1; python_version>\"3\"']\n[tool.poetry.group.dev.dependencies]\npytest_xdist='^3'",
            )],
            &[
                ("httpx", None, "pyproject.toml"),
                ("pytest", Some("8.3.1"), "pyproject.toml"),
                ("pytest-xdist", None, "pyproject.toml"),
            ],
        );
        check(
            &[(
                "requirements-dev.txt",
                "# tools\n-r base.txt\nrequests[socks]==2.34 # x\n\npytest",
            )],
            &[
                ("pytest", None, "requirements-dev.txt"),
                ("requests", Some("2.34"), "requirements-dev.txt"),
            ],
        );
        check(
            &[("pytest.ini", "[pytest]")],
            &[("pytest", None, "pytest.ini")],
        );
    }

    #[test]
    fn the_tests_of_python_name_its_own_runner() {
        let case = "import os, unittest\n\nclass T(unittest.TestCase):\n    pass\n";
        check(
            &[("tests/test_a.py", case), ("tests/helper.py", case)],
            &[("unittest", None, "tests/test_a.py")],
        );
        let imported = "from unittest import TestCase\n\nclass T(TestCase):\n    pass\n";
        check(
            &[("a_test.py", imported)],
            &[("unittest", None, "a_test.py")],
        );
        let mock = "from unittest import mock\n\ndef test_it():\n    pass\n";
        check(&[("test_a.py", mock)], &[]);
        let django = "from django.test import TestCase\n";
        check(&[("tests.py", django)], &[]);
    }

    #[test]
    fn what_cannot_be_read_names_nothing() {
        check(
            &[
                ("package.json", "{"),
                ("pyproject.toml", "="),
                ("requirements.txt", "=="),
            ],
            &[],
        );
        check(
            &[
                ("package.json", "[]"),
                ("a/package.json", r#"{"dependencies":7}"#),
            ],
            &[],
        );
    }
}
