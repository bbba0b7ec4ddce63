//! `cargo xtask layers`: which crate may name which, as a table, held against `cargo metadata`.
//!
//! A new arrow is a deliberate change of one line here. Crates that do not exist yet may stand in the table.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::workspace;

/// A crate and what it may name: in its product, and in addition in its tests.
struct Layer {
    name: &'static str,
    may_name: &'static [&'static str],
    tests_may_name: &'static [&'static str],
}

const LAYERS: [Layer; 11] = [
    layer("model", &[]),
    layer("otlp", &["model"]),
    layer("archive", &["model"]),
    layer("store", &["model", "archive"]),
    Layer {
        name: "diagnosis",
        may_name: &["model"],
        tests_may_name: &["archive"],
    },
    layer("recorder", &["model", "otlp", "store"]),
    layer(
        "server",
        &["model", "store", "archive", "diagnosis", "otlp"],
    ),
    layer(
        "cli",
        &[
            "model",
            "otlp",
            "archive",
            "store",
            "diagnosis",
            "recorder",
            "server",
        ],
    ),
    // These meet the product from outside only: through its binary and the pages of `protocol/`.
    layer("e2e", &[]),
    // But for the fault matrix, which asks the diagnosis again and again about what the binary has recorded.
    layer("bench", &["model", "store", "diagnosis"]),
    layer("xtask", &[]),
];

const fn layer(name: &'static str, may_name: &'static [&'static str]) -> Layer {
    Layer {
        name,
        may_name,
        tests_may_name: &[],
    }
}

/// What a crate names of the workspace.
#[derive(Debug, Default, PartialEq, Eq)]
struct Arrows {
    product: Vec<String>,
    tests: Vec<String>,
}

/// Runs the task.
///
/// # Errors
/// When there is an arrow that the table does not have.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("`cargo xtask layers` takes no arguments");
    }
    let problems = problems(&arrows(&workspace::metadata()?)?);
    if !problems.is_empty() {
        bail!("the map does not have this:\n  {}", problems.join("\n  "));
    }
    println!("layers: every arrow is on the map");
    Ok(())
}

/// The arrows between the packages of the workspace, by the crates' short names.
fn arrows(metadata: &Value) -> Result<BTreeMap<String, Arrows>> {
    let packages = metadata["packages"]
        .as_array()
        .context("`cargo metadata` names no packages")?;
    let mut found = BTreeMap::new();
    for package in packages {
        let mut arrows = Arrows::default();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            // Only a dependency on a folder of ours has a path.
            if dependency["path"].is_null() {
                continue;
            }
            let name = short(&dependency["name"]).to_owned();
            match dependency["kind"].as_str() {
                Some("dev") => arrows.tests.push(name),
                _ => arrows.product.push(name),
            }
        }
        found.insert(short(&package["name"]).to_owned(), arrows);
    }
    Ok(found)
}

fn short(name: &Value) -> &str {
    let name = name.as_str().unwrap_or_default();
    name.strip_prefix("flakescope-").unwrap_or(name)
}

fn problems(found: &BTreeMap<String, Arrows>) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, arrows) in found {
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
            problems.push(format!("{name}: a crate without a row"));
            continue;
        };
        let allowed = |target: &String| layer.may_name.contains(&target.as_str());
        let allowed_in_tests = |target: &String| layer.tests_may_name.contains(&target.as_str());
        for target in arrows.product.iter().filter(|target| !allowed(target)) {
            problems.push(format!("{name} -> {target}"));
        }
        for target in arrows
            .tests
            .iter()
            .filter(|t| !allowed(t) && !allowed_in_tests(t))
        {
            problems.push(format!("{name} -> {target} (in tests)"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(packages: Value, expected: &[&str]) {
        let found = arrows(&json!({ "packages": packages })).unwrap();
        assert_eq!(problems(&found), expected);
    }

    fn package(name: &str, dependencies: &[(&str, Option<&str>, bool)]) -> Value {
        let dependencies: Vec<Value> = dependencies
            .iter()
            .map(|(name, kind, ours)| json!({"name": name, "kind": kind, "path": ours.then_some("/p")}))
            .collect();
        json!({"name": name, "dependencies": dependencies})
    }

    #[test]
    fn arrows_on_the_map_pass() {
        check(
            json!([
                package(
                    "flakescope-store",
                    &[("flakescope-model", None, true), ("rusqlite", None, false)]
                ),
                package(
                    "flakescope-diagnosis",
                    &[("flakescope-archive", Some("dev"), true)]
                ),
                package("xtask", &[("anyhow", None, false)]),
            ]),
            &[],
        );
    }

    #[test]
    fn every_other_arrow_is_named() {
        check(
            json!([
                package(
                    "flakescope-diagnosis",
                    &[("flakescope-archive", None, true)]
                ),
                package(
                    "flakescope-model",
                    &[("flakescope-store", Some("dev"), true)]
                ),
                package(
                    "flakescope-store",
                    &[("flakescope-recorder", Some("build"), true)]
                ),
                package("flakescope-ui", &[]),
            ]),
            &[
                "diagnosis -> archive",
                "model -> store (in tests)",
                "store -> recorder",
                "ui: a crate without a row",
            ],
        );
    }

    #[test]
    fn the_map_only_points_down() {
        for (index, layer) in LAYERS.iter().enumerate() {
            let above = &LAYERS[index..];
            let up = layer
                .may_name
                .iter()
                .find(|name| above.iter().any(|other| other.name == **name));
            assert_eq!(up, None, "{} points up", layer.name);
        }
    }

    #[test]
    fn the_workspace_is_as_the_map_says() {
        let found = arrows(&workspace::metadata().unwrap()).unwrap();
        assert!(found.contains_key("cli"), "{found:?}");
        assert_eq!(problems(&found), Vec::<String>::new());
    }
}
