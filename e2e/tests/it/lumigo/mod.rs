//! The founding article's own set-up: its tests, traced with the published package of the vendor, sent to a server of ours
//! and recorded by a run. In a network of their own, so that nothing leaves the machine, and whatever would is counted.

mod recording;

use std::collections::BTreeSet;
use std::process::Command;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::{MOCHA, Network, Output, Process, Project, Report, contents};

const FILES: [(&str, &str); 4] = [
    (
        "traced.cjs",
        include_str!("../../../projects/lumigo/traced.cjs"),
    ),
    (
        "flush.cjs",
        include_str!("../../../projects/lumigo/flush.cjs"),
    ),
    (
        "product.cjs",
        include_str!("../../../projects/lumigo/product.cjs"),
    ),
    (
        "tests.cjs",
        include_str!("../../../projects/lumigo/tests.cjs"),
    ),
];
/// The suite, traced; as the guide has it.
const TRACED: [&str; 7] = [
    // On a busy machine, loading all of it takes longer than Mocha waits for a test.
    "--timeout",
    "60000",
    "--require",
    "@lumigo/opentelemetry",
    "--require",
    "./flush.cjs",
    "tests.cjs",
];
/// The variables of the guide. The network is the test's own, and so is the port.
const VARIABLES: [(&str, &str); 7] = [
    ("LUMIGO_TRACER_TOKEN", "any"),
    ("LUMIGO_REPORT_DEPENDENCIES", "false"),
    ("LUMIGO_ENABLE_LOGS", "true"),
    ("LUMIGO_ENDPOINT", "http://127.0.0.1:4318"),
    ("LUMIGO_LOGS_ENDPOINT", "http://127.0.0.1:4318/v1/logs"),
    ("OTEL_SERVICE_NAME", "checkout-tests"),
    ("OTEL_RESOURCE_ATTRIBUTES", "vcs.change.id=42"),
];
/// Values that the tests, the product and their logs hold, and the store must not.
const SECRETS: [&str; 7] = [
    "hunter2hunter2",
    "t0k3nt0k3nt0k3n",
    "k3yk3yk3yk3y",
    "c00kiec00kiec00kie",
    "s3cr3ts3cr3t",
    "w1nst0nw1nst0n",
    "p1n0p1n0p1n0",
];

/// Each test as `show` has it, by whichever way its telemetry came in.
const SIGNS_UP: &str = r#"passed signs up
invoker: octocat
pull_requests: 1204, 1207
POST http://localhost/users?api_key=[masked]&plan=free 201
> authorization: [masked]
> content-type: application/x-www-form-urlencoded;charset=utf-8
> x-request-source: integration
> user=bob&password=[masked]
< content-type: application/json
< set-cookie: sid=[masked]; HttpOnly
< {"id":"u-1","plan":"free"}"#;
const INVOKES: &str = r#"failed invokes a function
! Expected values to be strictly equal: 429 !== 200
invoker: octocat
pull_requests: 1204, 1207
POST http://localhost/functions/invoke 429
> content-type: application/json
> {"name":"resize","secret":"[masked]"}
< content-type: application/json
< retry-after: 2
< {"__type":"TooManyRequestsException","message":"Rate Exceeded"}"#;
const SAYS: &str = r#"passed says what it does
invoker: octocat
pull_requests: 1204, 1207
GET http://localhost/health 200
< content-type: application/json
< {"ok":true}
log 17 no stock for o-17
log 17 pino speaks
log 9 winston speaks"#;

/// A project with the suite, and a network for it.
struct Scene {
    project: Project,
    network: Network,
}

impl Scene {
    fn new() -> Self {
        let project = Project::new(&FILES);
        let network = Network::alone();
        Self { project, network }
    }

    /// Runs a command of the project to its end.
    fn run(&self, command: &Command) -> Output {
        Process::start(&mut self.network.enter(command), "").finish()
    }

    /// Mocha with the suite as the guide has it.
    fn mocha(&self, arguments: &[&str]) -> Command {
        let mut command = self.project.command(MOCHA[0]);
        command.arg(MOCHA[1]).args(arguments).envs(VARIABLES);
        command
    }

    fn serve(&self) -> Process {
        let serve = self.project.flakescope(&["serve"]);
        let server = Process::start(&mut self.network.enter(&serve), "");
        server.wait_for("http://127.0.0.1:4318/");
        server
    }

    /// The last run, and each of its tests as `show` has it.
    fn recorded(&self) -> (Report, Vec<String>) {
        let run = Report::read(self.project.ask(&["show", "last", "--json"]).as_bytes());
        let ids = run
            .tests()
            .into_iter()
            .map(|test| &test["attempts"][0]["id"]);
        let shown = ids.map(|id| self.project.ask(&["show", id.as_str().unwrap(), "--json"]));
        let lines = shown.map(|shown| recording::lines(&serde_json::from_str(&shown).unwrap()));
        let lines = lines.collect();
        (run, lines)
    }

    /// What the HTTP API answers.
    fn fetch(&self, path: &str) -> Value {
        let ask = "fetch(process.argv[1]).then(async (answer) => console.log(await answer.text()))";
        let url = format!("http://127.0.0.1:4318/api/v1{path}");
        let mut node = self.project.command("node");
        node.args(["-e", ask, &url]);
        serde_json::from_str(&self.run(&node).stdout).unwrap()
    }

    /// Nothing wanted to leave the machine, and no secret is in the store.
    fn check_closed(&self) {
        assert_eq!(self.network.attempts_to_leave(), 0);
        let stored = contents(&self.project.store());
        for secret in SECRETS {
            let found = stored
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} is in the store");
        }
    }
}

fn stop(server: Process) {
    server.signal(Signal::TERM);
    let output = server.finish();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
}

#[test]
fn its_tests_are_recorded_by_a_server() {
    let scene = Scene::new();
    let server = scene.serve();
    let output = scene.run(&scene.mocha(&TRACED));
    assert_eq!(output.code, Some(1), "{}{}", output.stdout, output.stderr);
    stop(server);
    let (run, tests) = scene.recorded();
    let expected = [
        SIGNS_UP,
        INVOKES,
        SAYS,
        // Calls to the host of its endpoint are left out by the distribution.
        "passed asks where the endpoint is\ninvoker: octocat\npull_requests: 1204, 1207",
        "unfinished a test without a root span\n! its root span never arrived: was span.end() called?\n\
         GET http://localhost/health 200\n< content-type: application/json\n< {\"ok\":true}",
    ];
    assert_eq!(tests, expected);
    let facts = &run.0["run"];
    assert_eq!(facts["name"], "checkout-tests");
    assert_eq!(facts["tags"]["vcs.change.id"], "42");
    assert_eq!(facts["gaps"], serde_json::json!([]));
    assert_eq!(run.diagnosis("invokes a function")["cause"], "rate-limited");
    check_api(&scene, &run);
    check_export(&scene, &run);
    scene.check_closed();
}

/// What a log record says beside its words goes along, and no secret of it.
fn check_export(scene: &Scene, run: &Report) {
    let id = run.test("says what it does")["attempts"][0]["id"].as_str();
    let exported = scene
        .project
        .ask(&["export", id.unwrap(), "--format", "otlp", "-o", "-"]);
    for part in [
        "winston speaks",
        "o-17",
        "pino speaks",
        "o-18",
        "StockError",
    ] {
        assert!(exported.contains(part), "{part}: {exported}");
    }
    for secret in SECRETS {
        assert!(!exported.contains(secret), "{secret}: {exported}");
    }
}

/// The pages' own source says the same.
fn check_api(scene: &Scene, run: &Report) {
    let server = scene.serve();
    let id = |name| run.test(name)["attempts"][0]["id"].as_str().unwrap();
    let listed = scene.fetch("/runs");
    assert_eq!(listed["runs"][0]["counts"]["unfinished"], 1, "{listed:#}");
    let calls = scene.fetch(&format!("/attempts/{}/exchanges", id("signs up")));
    let call = &calls["calls"][0];
    assert_eq!(
        (&call["path"], &call["status"]),
        (&"/users".into(), &201.into())
    );
    let span = format!(
        "/attempts/{}/spans/{}",
        id("signs up"),
        call["span_id"].as_str().unwrap()
    );
    let span = scene.fetch(&span);
    // The distribution has put asterisks in the place of each credential: nothing tells one from another.
    assert_eq!(
        span["attributes"]["flakescope.credential.pseudonym"],
        Value::Null
    );
    let exchange = &span["exchange"];
    assert_eq!(
        exchange["response"]["body"], r#"{"id":"u-1","plan":"free"}"#,
        "{exchange:#}"
    );
    let logs = scene.fetch(&format!("/attempts/{}/logs", id("says what it does")));
    let logs = logs["logs"].as_array().unwrap().iter();
    let bodies: BTreeSet<_> = logs.map(|log| log["body"].as_str().unwrap()).collect();
    assert_eq!(
        bodies,
        BTreeSet::from(["winston speaks", "pino speaks", "no stock for o-17"])
    );
    stop(server);
}

#[test]
fn workers_that_say_so_are_one_run() {
    let scene = Scene::new();
    for name in ["one", "two"] {
        let text = format!("require('./traced.cjs').traced('{name}', async () => {{}});");
        scene.project.write(&format!("{name}.cjs"), &text);
    }
    let server = scene.serve();
    let parallel = ["--parallel", "--jobs", "2", "one.cjs", "two.cjs"];
    let mut mocha = scene.mocha(&[&TRACED[..6], &parallel].concat());
    mocha.env("OTEL_RESOURCE_ATTRIBUTES", "flakescope.run=7,team=checkout");
    let output = scene.run(&mocha);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    stop(server);
    let (run, tests) = scene.recorded();
    let mut names: Vec<_> = tests
        .iter()
        .filter_map(|test| test.lines().next())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["passed one", "passed two"]);
    assert_eq!(
        run.0["run"]["tags"],
        serde_json::json!({ "team": "checkout" })
    );
}

#[test]
fn a_network_of_its_own_tells_of_what_would_leave() {
    let scene = Scene::new();
    let mut talkative = scene.mocha(&["--require", "@lumigo/opentelemetry", "tests.cjs"]);
    talkative.env_remove("LUMIGO_REPORT_DEPENDENCIES");
    talkative.env("LUMIGO_SWITCH_OFF", "false");
    scene.run(&talkative);
    assert!(scene.network.attempts_to_leave() > 0);
}

#[test]
fn its_spans_join_the_tests_of_a_run() {
    let scene = Scene::new();
    let plain = scene.run(&scene.mocha(&["--timeout", "60000", "tests.cjs"]));
    let mut run = scene
        .project
        .flakescope(&["run", "--otlp", "127.0.0.1:4318", "--"]);
    run.args(MOCHA).args(TRACED).envs(VARIABLES);
    let output = scene.run(&run);
    assert_eq!(
        output.code, plain.code,
        "{}{}",
        output.stdout, output.stderr
    );
    let (run, tests) = scene.recorded();
    let expected = [
        SIGNS_UP,
        INVOKES,
        SAYS,
        // The agent sees this call too. The distribution does not, so that nothing but its time ties its span to the test;
        // on a busy machine the span may end after the test, and then its tags are nobody's.
        "passed asks where the endpoint is\n\
         GET http://127.0.0.1/health 200\n< content-type: application/json\n< {\"ok\":true}",
        // Who runs it stands on a span that never ends, and never comes.
        "passed is wrapped as it is printed\n\
         GET http://localhost/health 200\n< content-type: application/json\n< {\"ok\":true}",
    ];
    let mut tests = tests;
    tests[3] = tests[3].replace("invoker: octocat\npull_requests: 1204, 1207\n", "");
    assert_eq!(tests, expected);
    // The calls by which it hands over its spans are nobody's.
    assert_eq!(run.0["run"]["exchanges"], 5);
    assert_eq!(run.0["run"]["gaps"], serde_json::json!([]));
    scene.check_closed();
}
