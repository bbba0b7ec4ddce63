//! One story for every runner of Node: a service of the project's own that refuses every call but the first, and tests
//! that call it, each in the words of its runner.

use std::collections::BTreeSet;
use std::fs;

use super::{Project, Report};

/// What the tests of every runner call.
pub(crate) const SERVICE: &str = r#"
const http = require("node:http");

let left = 1;
const server = http.createServer((request, response) => {
  left -= 1;
  response.writeHead(left < 0 ? 429 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify({ message: left < 0 ? "Rate Exceeded" : "done" }));
});

exports.start = () => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
exports.stop = () => {
  server.closeAllConnections();
  server.close();
};
exports.get = () => fetch(`http://127.0.0.1:${server.address().port}/invoke`);
"#;

/// Each test in the report as it ended, the refusal named, and nothing missing.
pub(crate) fn check_refused(report: &Report, way: &[&str]) {
    let statuses: Vec<_> = report.statuses().into_iter().collect();
    let expected = [
        ("is elsewhere", "passed"),
        ("works again", "failed"),
        ("works always", "skipped"),
        ("works once", "passed"),
    ];
    assert_eq!(statuses, expected, "{way:?}");
    let diagnosis = report.diagnosis("works again");
    assert_eq!(diagnosis["cause"], "rate-limited", "{way:?}: {diagnosis:#}");
    assert_eq!(diagnosis["culprit"]["status"], 429, "{way:?}");
    assert!(report.gaps().is_empty(), "{way:?}: {:?}", report.gaps());
}

/// Everything in a project's folder but its packages and its store.
pub(crate) fn files_of(project: &Project) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![project.path()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            if path == project.store() {
                continue;
            }
            found.insert(path.display().to_string());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            }
        }
    }
    found
}
