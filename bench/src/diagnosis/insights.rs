//! The example of this repository as a third suite: its bad day is labelled by its `expected.json`.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use model::Cause;
use serde_json::Value;

use super::case::{CulpritPattern, Expectation};
use super::workshop::Workshop;

/// Its name among the suites.
pub(super) const NAME: &str = "insights";

/// So many good days.
const PASSES: usize = 3;

/// A test of the bad day, and what is to be concluded from it.
pub(super) struct Labelled {
    /// Suite path and title.
    pub(super) test: String,
    pub(super) expected: Expectation,
    /// The method of the culprit, and its peer.
    pub(super) culprit: Option<(String, String)>,
}

/// Records the good days and the bad one, unless they are.
pub(super) fn record(workshop: &Workshop, again: bool) -> Result<()> {
    let folder = workshop.of(NAME);
    let done = folder.join("done");
    if done.exists() && !again {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let days = std::iter::repeat_n("good", PASSES).chain(["bad"]);
    for day in days {
        let status = Command::new(&workshop.product)
            .args(["run", "--no-report", "--store"])
            .arg(folder.join("store"))
            .args(["--", "npx", "mocha"])
            .current_dir(workshop.insights())
            .env("SERVICES", day)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("failed to start the product")?;
        eprintln!("{NAME}: a {day} day, {status}");
    }
    fs::write(done, "").context("failed to note the days")
}

/// What its `expected.json` says.
pub(super) fn labels(workshop: &Workshop) -> Result<Vec<Labelled>> {
    let file = workshop.insights().join("expected.json");
    let json: Value = serde_json::from_slice(&fs::read(&file)?)
        .with_context(|| format!("{} is not JSON", file.display()))?;
    let tests = json["tests"].as_array().cloned().unwrap_or_default();
    Ok(tests.iter().filter_map(label).collect())
}

fn label(test: &Value) -> Option<Labelled> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let expected = match test["status"].as_str()? {
        "passed" => Expectation::Silence,
        _ => Expectation::Cause(Cause::from_name(test["cause"].as_str()?)?),
    };
    let culprit = &test["culprit"];
    Some(Labelled {
        test: text(&test["test"])?,
        expected,
        culprit: text(&culprit["method"]).zip(text(&culprit["peer"])),
    })
}

impl Labelled {
    /// The culprit as a pattern.
    pub(super) fn pattern(&self) -> Option<CulpritPattern> {
        let (method, peer) = self.culprit.clone()?;
        Some(CulpritPattern {
            method,
            path: String::new(),
            operation: None,
            peer: Some(peer),
        })
    }
}
