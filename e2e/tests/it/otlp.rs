//! What services trace with OpenTelemetry themselves: under `run` it is part of the test, under `serve` it is a test.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::{MOCHA, Network, Process, Project};

/// A service that writes a log file, and exports a span of what it is asked for, as an SDK does: later, in one request, and
/// then it ends.
const SERVICE: &str = r#"
const http = require("node:http");
const spans = [];
http.createServer((request, response) => {
  if (request.url === "/stop") {
    response.end();
    return stop();
  }
  const [, traceId, parentSpanId] = (request.headers.traceparent || "").split("-");
  const now = String(BigInt(Date.now()) * 1000000n);
  const spanId = `00000000000000a${spans.length}`;
  spans.push({ traceId, spanId, parentSpanId, name: "works", kind: 2, startTimeUnixNano: now, endTimeUnixNano: now });
  const line = JSON.stringify({ level: "warn", msg: "worked hard", trace_id: traceId });
  require("node:fs").appendFileSync("api.log", `${line}\n`);
  response.end("ok");
}).listen(0, "127.0.0.1", function () { process.send(this.address().port); });
async function stop() {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "api" } }] };
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
  const headers = { "content-type": "application/json" };
  const url = process.env.OTEL_EXPORTER_OTLP_ENDPOINT + "/v1/traces";
  const answer = await fetch(url, { method: "POST", headers, body });
  if (answer.status !== 200) throw new Error(await answer.text());
  process.exit();
}
"#;

const TEST: &str = r#"
const { fork } = require("node:child_process");
let service, port;
before((done) => { service = fork("./service.cjs"); service.once("message", (at) => { port = at; done(); }); });
after((done) => { service.once("exit", (code) => done(code)); fetch(`http://127.0.0.1:${port}/stop`); });
it("asks the service", async () => { await fetch(`http://127.0.0.1:${port}/work`); });
"#;

#[test]
fn spans_and_log_lines_of_a_service_join_their_test() {
    let project = Project::new(&[("service.cjs", SERVICE), ("test.cjs", TEST)]);
    let command = [&MOCHA[..], &["test.cjs"]].concat();
    let recorded = project.record_with(&["--log", "api=api.log"], &command, |command| {
        command.env_remove("OTEL_EXPORTER_OTLP_ENDPOINT");
    });
    assert_eq!(recorded.output.code, Some(0), "{}", recorded.output.stdout);
    let report = recorded.report();
    let test = report.test("asks the service");
    let attempt = &test["attempts"][0];
    assert_eq!(attempt["exchanges"], 1, "{attempt:#}");
    let kinds = report.0["run"]["gaps"].as_array().unwrap().iter();
    let kinds: Vec<_> = kinds.map(|gap| gap["kind"].as_str().unwrap()).collect();
    assert!(!kinds.contains(&"parent-missing"), "{kinds:?}");
    let id = attempt["id"].as_str().unwrap();
    let file = project.path().join("spans.json");
    project.ask(&[
        "export",
        id,
        "-o",
        file.to_str().unwrap(),
        "--format",
        "otlp",
    ]);
    let exported = std::fs::read_to_string(file).unwrap();
    assert!(exported.contains("00000000000000a0"), "{exported}");
    assert!(exported.contains("worked hard"), "{exported}");
    let shown = project.ask(&["show", id, "--json"]);
    assert!(shown.contains("worked hard"), "{shown}");
    assert!(!exported.contains("/v1/traces"), "{exported}");
}

#[test]
fn what_goes_elsewhere_is_told() {
    let project = Project::new(&[]);
    let recorded = project.record_with(&[], &["true"], |command| {
        command.env(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "http://collector.invalid:4318",
        );
    });
    let told = "OTEL_EXPORTER_OTLP_ENDPOINT is set: what services send there is not recorded";
    assert!(
        recorded.output.stderr.contains(told),
        "{}",
        recorded.output.stderr
    );
}

/// A suite that holds a collector of its own where collectors are expected.
const COLLECTOR: &str = r#"
const http = require("node:http");
let collector;
before((done) => { collector = http.createServer((request, response) => response.end("theirs")); collector.listen(4318, "127.0.0.1", done); });
after((done) => collector.close(done));
it("sends to it", async () => {
  const answer = await fetch("http://127.0.0.1:4318/v1/traces", { method: "POST", body: "{}" });
  require("node:assert").equal(await answer.text(), "theirs");
});
"#;

#[test]
fn a_run_takes_no_port_that_nobody_gave_it() {
    let project = Project::new(&[("test.cjs", COLLECTOR)]);
    let network = Network::alone();
    let mut run = project.flakescope(&["run", "--"]);
    run.args(MOCHA).arg("test.cjs");
    let output = Process::start(&mut network.enter(&run), "").finish();
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
}

#[test]
fn an_address_that_cannot_be_had_is_told_and_changes_nothing() {
    let project = Project::new(&[]);
    let theirs = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = theirs.local_addr().unwrap().to_string();
    let check = |address: &str, reason: &str| {
        let recorded = project.record_with(&["--otlp", address], &["true"], |_| {});
        let output = recorded.output;
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        let told = format!("what services send to {address} is not recorded: {reason}");
        let said = output.stderr.replace("\n▌   ", " ");
        assert!(said.contains(&told), "{said}");
    };
    check(&address, "Address already in use");
    check("0.0.0.0:0", "FLAKESCOPE_TOKEN must be set");
}

fn post(address: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    stream
        .write_all(format!("{head}{body}").as_bytes())
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_server_makes_tests_of_what_it_is_sent() {
    let project = Project::new(&[]);
    let mut serve = project.flakescope(&["serve", "--listen", "127.0.0.1:0"]);
    let server = Process::start(&mut serve, "");
    server.wait_for("http://");
    let announced = std::fs::read_to_string(project.store().join("server")).unwrap();
    let address = announced
        .lines()
        .next()
        .unwrap()
        .trim_start_matches("http://");
    let span = |id: u8, rest: Value| {
        let mut span = json!({
            "traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": format!("{id:016x}"),
            "startTimeUnixNano": "1795374962954851419", "endTimeUnixNano": "1795374963954851419",
        });
        span.as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        span
    };
    let root = span(
        1,
        json!({ "name": "pays by card", "kind": 1, "status": { "code": 2, "message": "429 !== 200" } }),
    );
    let call = span(
        2,
        json!({
            "name": "POST", "kind": 3, "parentSpanId": "0000000000000001",
            "attributes": [
                { "key": "http.method", "value": { "stringValue": "POST" } },
                { "key": "http.url", "value": { "stringValue": "http://pay.example/charges" } },
                { "key": "http.status_code", "value": { "intValue": 429 } },
            ],
        }),
    );
    let resource = json!({ "attributes": [{ "key": "service.name", "value": { "stringValue": "shop-tests" } }] });
    let request = json!({ "resourceSpans": [{ "resource": resource, "scopeSpans": [{ "spans": [call, root] }] }] });
    // As the Lumigo distributions do, to the bare address; and again, as exporters do.
    for _ in 0..2 {
        let answer = post(address, "/", &request.to_string());
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    // It was answered, so it is there.
    let shown = project.ask(&["show", "last", "--json"]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let test = &shown["tests"][0];
    assert_eq!(
        (&test["name"], &test["status"]),
        (&json!("pays by card"), &json!("failed"))
    );
    assert_eq!(test["attempts"][0]["exchanges"], 1);
    server.signal(Signal::TERM);
    assert_eq!(server.finish().code, Some(0));
    let shown = project.ask(&["show", "last", "--json"]);
    assert!(shown.contains(r#""cause": "rate-limited""#), "{shown}");
}
