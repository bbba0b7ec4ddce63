//! A test that fails now and then, run several times: what its history says, and what becomes of a disputed diagnosis.

use serde_json::Value;

use crate::support::{MOCHA, Process, Project};

/// How often the suite has run decides what it meets: no chance is in it.
const SUITE: &str = r#"
const assert = require("node:assert");
const fs = require("node:fs");
const http = require("node:http");

const run = 1 + Number(fs.existsSync("count") ? fs.readFileSync("count", "utf8") : 0);
fs.writeFileSync("count", String(run));
const refuses = [3, 5].includes(run);

let looks = 0;
const server = http.createServer((request, response) => {
  if (request.url === "/items/1") response.writeHead(refuses ? 429 : 200);
  else response.writeHead(++looks < 4 ? 404 : 200);
  response.end();
});

describe("orders", () => {
  before((done) => server.listen(0, "127.0.0.9", done));
  after(() => { server.closeAllConnections(); server.close(); });
  it("are placed", async () => {
    const url = `http://127.0.0.9:${server.address().port}`;
    const stock = await fetch(`${url}/items/1`);
    assert.equal(stock.status, 200);
    while ((await fetch(`${url}/orders/7`)).status !== 200);
  });
  it("are listed", () => {});
});
"#;

const SETTINGS: &str = r#"
project = "e2e"

[[peer]]
name = "stock"
hosts = ["127.0.0.9"]
role = "dependency"
"#;

const RUNS: usize = 5;

/// A project in a repository whose tests were run five times: they failed the third and the fifth time.
fn recorded() -> Project {
    let files = [("orders.test.cjs", SUITE), ("flakescope.toml", SETTINGS)];
    let project = Project::new(&files);
    let identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
    for command in [
        &["init", "--quiet", "--initial-branch", "main"][..],
        &["add", "orders.test.cjs"],
        &["commit", "--quiet", "--message", "Place orders"],
    ] {
        let command = [&["git"], &identity[..], command].concat();
        assert_eq!(project.plain(&command, |_| {}).code, Some(0), "{command:?}");
    }
    for run in 1..=RUNS {
        let command = [&MOCHA[..], &["orders.test.cjs"]].concat();
        let code = project.record(&command).output.code;
        let expected = if [3, 5].contains(&run) { 1 } else { 0 };
        assert_eq!(code, Some(expected), "run {run}");
    }
    project
}

fn json(project: &Project, arguments: &[&str]) -> Value {
    let text = project.ask(&[arguments, &["--json"]].concat());
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Numbers of a rate, without its interval.
fn rate(value: &Value) -> (u64, u64) {
    let number = |key: &str| value[key].as_u64().unwrap_or(u64::MAX);
    (number("count"), number("of"))
}

/// What is printed on stderr, whatever the exit code, which comes first.
fn said(project: &Project, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Process::start(&mut project.flakescope(arguments), "").finish();
    (output.code, output.stderr)
}

#[test]
fn five_runs_say_what_differs_when_a_test_fails() {
    let project = recorded();
    let why = json(&project, &["why", "are placed"]);
    assert_eq!(why["counts"]["passed"], 3);
    assert_eq!(why["counts"]["failed"], 2);
    let rates = &why["rates"];
    assert_eq!(rate(&rates["both_outcomes_on_one_commit"]), (1, 1));
    assert_eq!(rate(&rates["passed_on_retry"]), (0, 5));
    assert_eq!(rate(&rates["flip_rate"]), (3, 4));
    let cause = &why["causes"][0];
    assert_eq!(cause["cause"], "rate-limited");
    assert_eq!(cause["peer"], "stock");
    assert_eq!(rate(&cause["failures"]), (2, 2));
    assert_eq!(why["novelty"]["new"], false);
    let found = &why["differences"]["found"][0];
    assert_eq!(found["text"], "outcome(GET stock /items/*) = 429");
    assert_eq!(
        (rate(&found["failing"]), rate(&found["passing"])),
        ((2, 2), (0, 3))
    );
    let poll = &why["polls"][0];
    assert_eq!(poll["call"]["template"], "/orders/*");
    assert_eq!(poll["needed"]["recordings"], 3);
    assert_eq!(why["duration"]["trend"], "too-few");

    let text = project.ask(&["why", "are placed"]);
    assert!(text.contains("2 of 2 failing  0 of 3 passing"), "{text}");
    let (code, told) = said(&project, &["why", "orders"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("orders › are listed"), "{told}");

    let flaky = json(&project, &["list", "tests", "--flaky"]);
    let names: Vec<&Value> = flaky["tests"].as_array().map_or(vec![], |tests| {
        tests.iter().map(|test| &test["name"]).collect()
    });
    assert_eq!(names, ["are placed"]);

    let peers = json(&project, &["list", "dependencies"]);
    let stock = &peers["dependencies"][0];
    assert_eq!(stock["name"], "stock");
    assert_eq!(rate(&stock["caused"]["failures"]), (2, 2));
    // Five looks at the stock, and three times as many looks at the order as it takes.
    assert_eq!(
        (stock["calls"].as_u64(), stock["tries"].as_u64()),
        (Some(8), Some(17))
    );
    assert_eq!(stock["retries"]["given_up"], 2);

    let incidents = json(&project, &["list", "incidents"]);
    let incident = &incidents["incidents"][0];
    assert_eq!(incident["runs"], 2);
    assert_eq!(incident["branches"], serde_json::json!(["main"]));
    assert!(
        project
            .ask(&["show", "last"])
            .contains("seen before: first")
    );
}

#[test]
fn a_disputed_diagnosis_is_withheld_until_it_is_agreed_with() {
    let project = recorded();
    let shown = || json(&project, &["show", "last"]);
    let claim = |document: &Value| document["tests"][0]["attempts"][0]["diagnosis"].clone();
    let before = claim(&shown());
    assert_eq!(before["cause"], "rate-limited");
    let attempt = shown()["tests"][0]["attempts"][0]["id"].to_string();
    let attempt = attempt.trim_matches('"');

    let (code, told) = said(
        &project,
        &[
            "dispute",
            attempt,
            "--cause",
            "test-code",
            "--note",
            "asks too often",
        ],
    );
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("it said rate-limited, you say test-code"),
        "{told}"
    );
    assert!(
        unwrapped(&told).contains("about 2 failures in 2 runs is withheld"),
        "{told}"
    );
    let withheld = claim(&shown());
    assert_eq!(withheld["cause"], "undetermined");
    assert_eq!(withheld["disputed"]["claimed"], "rate-limited");
    assert_eq!(withheld["culprit"], Value::Null);
    let text = project.ask(&["show", attempt]);
    assert!(text.contains("this claim is withheld"), "{text}");
    assert!(text.contains("note: asks too often"), "{text}");
    let disputes = json(&project, &["list", "disputes"]);
    assert_eq!(rate(&disputes["precision"]), (0, 1));

    let kept = json(&project, &["dispute", attempt, "--cause", "product"]);
    assert_eq!(
        (&kept["verdict"], &kept["cause"]),
        (&"disputed".into(), &"product".into())
    );
    let (code, told) = said(&project, &["dispute", attempt, "--agree"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("of 1 reviewed claim 1 was right"), "{told}");
    assert_eq!(claim(&shown()), before);
    let (_, told) = said(&project, &["dispute", attempt, "--withdraw"]);
    let told = unwrapped(&told);
    assert!(
        told.contains("you no longer say that rate-limited is right"),
        "{told}"
    );
    assert!(told.contains("stands for 2 failures in 2 runs"), "{told}");
    let (code, told) = said(&project, &["dispute", attempt, "--cause", "rate-limited"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("hint:"), "{told}");
}

/// What was said, without the gutter and the ends of its lines.
fn unwrapped(told: &str) -> String {
    let lines = told.lines().map(|line| line.trim_start_matches(['▌', ' ']));
    lines.collect::<Vec<_>>().join(" ")
}
