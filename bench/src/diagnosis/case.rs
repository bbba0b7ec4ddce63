//! Cases as data: what `bench/diagnosis/cases/*.toml` say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use model::{Cause, Role};
use regex::Regex;
use serde::Deserialize;

use crate::fault::{Call, Fault, Plan, Rule, Wire};

/// The cases of all files.
pub struct Cases(pub Vec<Case>);

/// A test, what is done to it, and what is to be concluded.
#[derive(Debug, Clone)]
pub struct Case {
    /// The file that it stands in, without its ending.
    pub file: String,
    /// Its name, unique in its suite.
    pub name: String,
    /// The suite.
    pub suite: String,
    /// The template of the fault matrix, such as `D1`.
    pub template: String,
    /// What it is, in one sentence.
    pub about: String,
    /// The test, as `runner.rs` says.
    pub test: String,
    /// What is to be concluded.
    pub expected: Expectation,
    /// What the server is to the tests, where roles are declared.
    pub role: Role,
    /// The exchanges any of which is the culprit. None: those that the rules have hit.
    pub culprit: Option<CulpritPattern>,
    /// Whether there is a culprit at all.
    pub has_culprit: bool,
    /// The rules whose hits are the culprit, by their place; none: all.
    pub blame: Option<Vec<usize>>,
    /// What the proxy does.
    pub plan: Plan,
    /// What else is arranged.
    pub scene: Scene,
    /// All of its file that decides what is recorded, as JSON: when it changes, the case is recorded anew.
    pub definition: String,
}

/// What is to be concluded from a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expectation {
    /// The test fails, for this cause.
    Cause(Cause),
    /// The test passes, and nothing is claimed.
    Silence,
}

/// Which exchange is the culprit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CulpritPattern {
    /// Its method, or several with `|` between them.
    pub method: String,
    /// A pattern in the path and query of its URL.
    pub path: String,
    /// A pattern in its header `x-amz-target`, where one path serves many operations.
    pub operation: Option<String>,
    /// The peer's name, where roles are declared.
    pub peer: Option<String>,
}

/// What is arranged beside the proxy.
#[derive(Debug, Clone, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Scene {
    /// Texts that are replaced in files of the suite.
    pub test_edits: Vec<TextEdit>,
    /// Texts that are replaced in a copy of the server's package; in the package itself where the tests start it.
    pub server_edits: Vec<TextEdit>,
    /// Variables of the server, beside its own.
    pub server_environment: BTreeMap<String, String>,
    /// Words before those that start the server, such as a program that sets limits.
    pub server_prefix: Vec<String>,
    /// Words before those that start the tests, such as a program that sets limits; `{folder}` is what is recorded.
    pub prefix: Vec<String>,
    /// Further tests of the same run, before the test at hand.
    pub with: Vec<String>,
    /// How many workers run the tests; none: the runner itself.
    pub workers: Option<u32>,
    /// The runner's limit for a test, in seconds.
    pub test_timeout_s: Option<u32>,
    /// Variables of the test's process.
    pub environment: BTreeMap<String, String>,
    /// A file of tests that is put where the first test of `with` is, for the run: another test, on the same server.
    pub neighbour: Option<String>,
    /// What somebody did on the server before the run.
    pub before: Vec<Call>,
}

/// A text that is replaced in a file, wherever it stands.
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct TextEdit {
    /// The file.
    pub file: String,
    /// What is replaced. Must be there.
    pub find: String,
    /// What comes in its place.
    pub replace: String,
}

/// A file of cases. What stands at its top is of all its cases that do not say otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    suite: String,
    template: String,
    about: String,
    label: Option<String>,
    role: Option<String>,
    #[serde(default)]
    scene: Scene,
    case: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    about: Option<String>,
    test: String,
    label: Option<String>,
    role: Option<String>,
    culprit: Option<CulpritPattern>,
    no_culprit: Option<bool>,
    blame: Option<Vec<usize>>,
    #[serde(default)]
    rules: Vec<Rule>,
    wire: Option<Wire>,
    scene: Option<Scene>,
}

/// The label of controls.
const CONTROL: &str = "control";

impl Cases {
    /// Reads all files of a folder.
    ///
    /// # Errors
    /// When a file is no file of cases, or two cases have one name.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).context("failed to read the folder of cases")? {
            paths.push(entry?.path());
        }
        paths.sort();
        let mut cases: Vec<Case> = Vec::new();
        for path in paths {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let text = fs::read_to_string(&path)?;
            let file: File =
                toml::from_str(&text).with_context(|| format!("{} is wrong", path.display()))?;
            let source: toml::Table = toml::from_str(&text)?;
            for (place, entry) in file.case.iter().enumerate() {
                let case = entry
                    .case(&name, &file, definition(&source, place)?)
                    .with_context(|| format!("{name}: {}", entry.name))?;
                if cases.iter().any(|known| known.id() == case.id()) {
                    bail!("there are two cases {}", case.id());
                }
                cases.push(case);
            }
        }
        Ok(Self(cases))
    }
}

/// What is recorded of the case at a place of its file.
fn definition(file: &toml::Table, place: usize) -> Result<String> {
    /// What does not stand here (label, culprit, sentence) may change without another recording.
    const DECISIVE: [&str; 4] = ["test", "rules", "wire", "scene"];
    let cases = file.get("case").and_then(toml::Value::as_array);
    let case = cases.and_then(|cases| cases.get(place)?.as_table());
    let case = case.context("a case is no table")?;
    let mut decisive = toml::Table::new();
    for key in DECISIVE {
        if let Some(value) = case.get(key).or_else(|| file.get(key)) {
            decisive.insert(key.to_owned(), value.clone());
        }
    }
    serde_json::to_string(&decisive).context("failed to write a case as JSON")
}

impl Case {
    /// Its name in the whole matrix.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.suite, self.name)
    }

    /// Whether a hit of this rule makes a call the culprit.
    pub(super) fn blames(&self, place: usize) -> bool {
        match (&self.blame, self.plan.rules.get(place)) {
            (Some(places), _) => places.contains(&place),
            // These prepare for what another rule does.
            (None, Some(rule)) => !matches!(
                rule.fault,
                Fault::Snap { .. } | Fault::Hold { .. } | Fault::CloseListener
            ),
            (None, None) => false,
        }
    }
}

impl Entry {
    fn case(&self, file_name: &str, file: &File, definition: String) -> Result<Case> {
        let label = self.label.as_ref().or(file.label.as_ref());
        let label = label.context("it has no label")?;
        let expected = if label == CONTROL {
            Expectation::Silence
        } else {
            let cause = Cause::from_name(label).with_context(|| format!("{label} is no cause"))?;
            Expectation::Cause(cause)
        };
        let role = self.role.as_ref().or(file.role.as_ref());
        let role = role.map_or("dependency", String::as_str);
        if let Some(culprit) = &self.culprit {
            for pattern in [Some(&culprit.path), culprit.operation.as_ref()] {
                Regex::new(pattern.map_or("", String::as_str))
                    .context("the culprit is no pattern")?;
            }
        }
        Ok(Case {
            file: file_name.to_owned(),
            name: self.name.clone(),
            suite: file.suite.clone(),
            template: file.template.clone(),
            about: self.about.clone().unwrap_or_else(|| file.about.clone()),
            test: self.test.clone(),
            expected,
            role: Role::from_name(role).with_context(|| format!("{role} is no role"))?,
            culprit: self.culprit.clone(),
            has_culprit: !self.no_culprit.unwrap_or(false),
            blame: self.blame.clone(),
            plan: Plan {
                rules: self.rules.clone(),
                wire: self.wire,
            },
            scene: self.scene.clone().unwrap_or_else(|| file.scene.clone()),
            definition,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_that_stand_in_the_folder_can_be_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("diagnosis/cases");
        let Cases(cases) = Cases::read(&folder).unwrap();
        assert!(cases.iter().all(|case| !case.about.is_empty()));
        assert!(
            cases
                .iter()
                .any(|case| case.expected == Expectation::Silence)
        );
    }
}
