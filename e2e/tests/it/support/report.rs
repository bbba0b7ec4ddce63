//! Reading what Flakescope says: the JSON report, and the report in the terminal.

use std::collections::BTreeMap;
use std::fs;

use jsonschema::Validator;
use regex::Regex;
use serde_json::Value;

use super::repository;

/// A JSON report that is as its schema says.
#[derive(Debug)]
pub(crate) struct Report(pub(crate) Value);

impl Report {
    pub(crate) fn read(text: &[u8]) -> Self {
        let report: Value = serde_json::from_slice(text).unwrap();
        let complaints: Vec<String> = schema()
            .iter_errors(&report)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(complaints, Vec::<String>::new(), "{report:#}");
        Self(report)
    }

    /// The tests; hooks that serve several tests are in the report too, as fixtures.
    pub(crate) fn tests(&self) -> Vec<&Value> {
        let all = self.0["tests"].as_array().unwrap().iter();
        all.filter(|test| test["kind"] == "test").collect()
    }

    /// The statuses of all tests, by name.
    pub(crate) fn statuses(&self) -> BTreeMap<&str, &str> {
        self.tests()
            .into_iter()
            .map(|test| (text(test, "name"), text(test, "status")))
            .collect()
    }

    /// The test of that name.
    pub(crate) fn test(&self, name: &str) -> &Value {
        let found = self.tests().into_iter().find(|test| test["name"] == name);
        found.unwrap_or_else(|| panic!("no test `{name}` in {:#}", self.0))
    }

    /// The diagnosis of a test's first attempt; `null` if there is none.
    pub(crate) fn diagnosis(&self, name: &str) -> &Value {
        &self.test(name)["attempts"][0]["diagnosis"]
    }

    /// How often each kind of gap is counted in the run.
    pub(crate) fn gaps(&self) -> BTreeMap<&str, u64> {
        let gaps = self.0["run"]["gaps"].as_array().unwrap();
        gaps.iter()
            .map(|gap| (text(gap, "kind"), gap["count"].as_u64().unwrap()))
            .collect()
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key} in {value:#}"))
}

fn schema() -> Validator {
    let path = repository().join("protocol/report.schema.json");
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    jsonschema::validator_for(&serde_json::from_slice(&text).unwrap()).unwrap()
}

/// `text` without what differs between two runs of the same suite: durations and times of day as each runner prints them,
/// process ids in Node's warnings, and where in Node's own sources a frame is (it depends on how many listeners there happen to be). Before version 24 Node adds a frame of its own to some stacks as soon as anybody in the process follows asynchronous calls;
/// an agent has to.
pub(crate) fn without_times(text: &str) -> String {
    let durations = Regex::new(
        r" ?\(\d+(\.\d+)? ?(ms|s|m)\)|\bduration_ms:? [\d.]+|(?m)^ +(Start at|Duration) .*$|\b\d+(\.\d+)?ms\b",
    )
    .unwrap();
    let processes = Regex::new(r"\(node:\d+\)").unwrap();
    let frames =
        Regex::new(r"(?m)^ *at \w+\.callbackTrampoline \(node:internal/async_hooks:[\d:]+\)\n")
            .unwrap();
    let internals = Regex::new(r"\(node:([\w/]+):\d+:\d+\)").unwrap();
    let text = durations.replace_all(text, "");
    let text = processes.replace_all(&text, "(node)");
    let text = frames.replace_all(&text, "");
    internals.replace_all(&text, "(node:$1)").into_owned()
}

/// The lines that are not Flakescope's.
pub(crate) fn without_gutter(stderr: &str) -> String {
    let lines = stderr
        .split_inclusive('\n')
        .filter(|line| !line.starts_with('▌'));
    lines.collect()
}
