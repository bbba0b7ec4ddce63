//! A negative test whose server breaks: it passes on the wrong error, and is told of. Nothing else changes.

use serde_json::Value;

use crate::support::{MOCHA, Process, Project};

/// How often the suite has run decides what it meets. Its client makes one error of all refusals.
const SUITE: &str = r#"
const assert = require("node:assert");
const fs = require("node:fs");
const http = require("node:http");

const run = 1 + Number(fs.existsSync("count") ? fs.readFileSync("count", "utf8") : 0);
fs.writeFileSync("count", String(run));
const isBroken = run === 3;

const server = http.createServer((request, response) => {
  response.writeHead(isBroken && request.url.startsWith("/orders/") ? 500 : 404);
  response.end("{}");
});
const load = async (path) => {
  const answer = await fetch(`http://127.0.0.9:${server.address().port}${path}`);
  if (!answer.ok) throw new Error("there is no such order");
};

describe("orders", () => {
  before((done) => server.listen(0, "127.0.0.9", done));
  after(() => { server.closeAllConnections(); server.close(); });
  it("are refused when there are none", () => assert.rejects(load("/orders/none"), /no such order/));
  it("are archived", () => assert.rejects(load("/archive"), /no such order/));
});
"#;

const ODD: &str = "GET /orders/none answered 500, 404 in the others";

fn json(project: &Project, arguments: &[&str]) -> Value {
    let text = project.ask(&[arguments, &["--json"]].concat());
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_test_that_passes_on_another_error_is_told_of() {
    let project = Project::new(&[("orders.test.cjs", SUITE)]);
    let command = [&MOCHA[..], &["orders.test.cjs"]].concat();
    for run in 1..=2 {
        let recorded = project.record(&command);
        assert_eq!(recorded.output.code, Some(0), "run {run}");
        assert!(
            !recorded.output.stderr.contains("other passes"),
            "run {run}"
        );
    }
    let odd = project.record(&command);
    assert_eq!(odd.output.code, Some(0));
    let told = &odd.output.stderr;
    assert!(
        told.contains("passed, but not like their other passes"),
        "{told}"
    );
    assert!(told.contains(ODD), "{told}");

    let document = json(&project, &["show", "last"]);
    assert_eq!(document["run"]["counts"]["passed"], 2);
    assert_eq!(document["causes"], serde_json::json!([]));
    let groups = document["unlike"].as_array().map_or(0, Vec::len);
    assert_eq!(
        (groups, document["unlike"][0]["text"].as_str()),
        (1, Some(ODD))
    );
    let attempt = document["unlike"][0]["passes"][0]["attempt"]
        .as_str()
        .unwrap_or_default();
    let text = project.ask(&["show", attempt]);
    assert!(
        text.contains("Passed, but not like its 2 other passes"),
        "{text}"
    );
    assert!(text.contains("may be checking nothing"), "{text}");

    // It is as before again; and a change that stays is told once.
    assert!(
        !project
            .record(&command)
            .output
            .stderr
            .contains("other passes")
    );
}

#[test]
fn with_nothing_but_passes_quiet_says_nothing() {
    let project = Project::new(&[("orders.test.cjs", SUITE)]);
    let command = [&MOCHA[..], &["orders.test.cjs"]].concat();
    for _ in 1..=2 {
        project.record(&command);
    }
    let arguments = [&["run", "--quiet", "--"], &command[..]].concat();
    let output = Process::start(&mut project.flakescope(&arguments), "").finish();
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
}
