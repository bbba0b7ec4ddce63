//! Documents for tests: one for each situation that the reports must be good at.

use server::document::{
    Attempt, Baseline, BaselineCall, Counts, Culprit, Diagnosis, Document, Error, Exchange, Exit,
    Finding, Gap, Header, Kind, Log, Message, Recording, Rival, Run, SCHEMA, Status, Step, Test,
};

/// All of them, with their names.
pub(crate) fn all() -> Vec<(&'static str, Document)> {
    vec![
        ("passed", passed()),
        ("established", established()),
        ("unknown_role", unknown_role()),
        ("three_failures", three_failures()),
        ("three_hundred_failures", three_hundred_failures()),
        ("flaky", flaky()),
        ("fixture_failure", fixture_failure()),
        ("gaps", gaps()),
        ("unfinished", unfinished()),
        ("nothing_recorded", nothing_recorded()),
        ("no_runner", no_runner()),
        ("unexplained_exit", unexplained_exit()),
        (
            "hostile",
            hostile("\u{1b}[2J\u{202e}::error::x\r\n##[group]y"),
        ),
    ]
}

fn hex(number: usize, digits: usize) -> String {
    format!(
        "{:0digits$x}",
        number * 0x9e37_79b9 % 0xffff_ffff + 0x1000_0000
    )
}

/// A document of these tests, counted.
pub(crate) fn document(tests: Vec<Test>) -> Document {
    let mut counts = Counts::default();
    for test in &tests {
        counts.add(test.kind, test.status);
    }
    let failed = tests.iter().any(|test| test.status.is_bad());
    let code = if failed { 1 } else { 0 };
    Document {
        schema: SCHEMA,
        run: Run {
            id: "8f2c1a00000000000000000000000001".into(),
            short_id: "8f2c1a".into(),
            name: None,
            project: "insights".into(),
            command: vec!["npx".into(), "mocha".into()],
            started: "2026-11-22T10:12:00.000Z".into(),
            ended: Some("2026-11-22T10:18:41.000Z".into()),
            duration_ms: Some(401_000),
            state: "sealed".into(),
            exit_code: Some(code),
            exit: Some(Exit {
                code: Some(code),
                signal: None,
            }),
            parent: None,
            tags: [("vcs.ref.head.name", "fix/retry-insights")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
            recorder_version: "0.1.0".into(),
            counts,
            spans: 2210,
            exchanges: 1204,
            gaps: vec![],
        },
        tests,
    }
}

/// A test with one attempt.
pub(crate) fn test(number: usize, name: &str, status: Status) -> Test {
    Test {
        id: hex(number, 32),
        kind: Kind::Test,
        suite: vec!["insights".into()],
        name: name.into(),
        file: "test/insights.spec.js".into(),
        line: Some(41),
        parameters: String::new(),
        configuration: String::new(),
        status,
        attempts: vec![attempt(number, status)],
    }
}

fn attempt(number: usize, status: Status) -> Attempt {
    Attempt {
        id: hex(number + 1000, 32),
        short_id: hex(number + 1000, 32)[24..30].to_owned(),
        trace_id: hex(number + 1000, 32),
        number: 1,
        status,
        retried: false,
        started: "2026-11-22T10:12:10.000Z".into(),
        duration_ms: (status != Status::Unfinished).then_some(13_449),
        worker: None,
        timeout_ms: Some(20_000),
        error: (status == Status::Failed)
            .then(|| error("expected insights to have length 1, got 0")),
        skip_reason: None,
        fixtures: vec![],
        tags: Default::default(),
        spans: 48,
        exchanges: 41,
        gaps: vec![],
        diagnosis: None,
    }
}

fn error(message: &str) -> Error {
    Error {
        error_type: "AssertionError".into(),
        message: message.into(),
        phase: Some("body".into()),
        file: Some("test/insights.spec.js".into()),
        line: Some(63),
        expected: Some("1".into()),
        actual: Some("0".into()),
    }
}

const INVOKE: &str =
    "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/fn-71/invocations";

fn throttled() -> Diagnosis {
    Diagnosis {
        cause: "rate-limited".into(),
        owner: "dependency".into(),
        confidence: "established".into(),
        not_your_code: true,
        summary: "Failed because AWS Lambda API answered 429 Rate Exceeded at 3.2 s.".into(),
        culprit: Some(Culprit {
            span_id: "00f067aa0ba902b7".into(),
            at_ms: Some(3204),
            duration_ms: Some(118),
            method: "POST".into(),
            url: INVOKE.into(),
            status: Some(429),
            error: None,
            peer: "AWS Lambda API".into(),
            role: "dependency".into(),
            retry_after: Some("1".into()),
            response_excerpt: Some("{\"message\":\"Rate Exceeded.\"}".into()),
            response_excerpt_cut: false,
        }),
        baseline: Some(Baseline {
            run: "8d010000000000000000000000000009".into(),
            attempt: "8d01aa00000000000000000000000009".into(),
            short_id: "8d01aa".into(),
            basis: "base-branch".into(),
            started: "2026-11-21T09:00:00.000Z".into(),
            branch: Some("main".into()),
            commit: Some("a1b9d3e".into()),
            call: Some(BaselineCall {
                span_id: "00f067aa0ba902b8".into(),
                status: Some(202),
                error: None,
                duration_ms: Some(97),
            }),
        }),
        findings: vec![
            Finding {
                text: "POST /invocations to AWS Lambda: answered 429 (Rate Exceeded)".into(),
                span_id: Some("00f067aa0ba902b7".into()),
            },
            Finding {
                text: "in the passing recording 8d01aa the same call answered 202".into(),
                span_id: Some("00f067aa0ba902b7".into()),
            },
            Finding {
                text: "the 37 calls before it are the same as in the passing attempt".into(),
                span_id: Some("00f067aa0ba902b7".into()),
            },
            Finding {
                text: "seen on 3 commits without this change".into(),
                span_id: None,
            },
        ],
        counter: vec![],
        therefore: vec!["the insight was never written".into()],
        missing: vec![],
        rivals: vec![],
        fingerprint: "rate-limited:aws-lambda:429".into(),
        rules_version: 1,
    }
}

fn undetermined() -> Diagnosis {
    Diagnosis {
        cause: "undetermined".into(),
        owner: "unknown".into(),
        confidence: "undetermined".into(),
        not_your_code: false,
        summary: "We cannot tell; the last thing that happened was GET /items answered 200.".into(),
        culprit: None,
        baseline: None,
        findings: vec![],
        counter: vec![],
        therefore: vec![],
        missing: vec!["a passing recording of this test to compare with".into()],
        rivals: vec![],
        fingerprint: String::new(),
        rules_version: 1,
    }
}

fn diagnosed(number: usize, name: &str, diagnosis: Diagnosis) -> Test {
    let mut test = test(number, name, Status::Failed);
    test.attempts[0].diagnosis = Some(diagnosis);
    test
}

fn passing(numbers: std::ops::Range<usize>) -> impl Iterator<Item = Test> {
    numbers.map(|number| test(number, &format!("passes {number}"), Status::Passed))
}

/// Everything passed.
pub(crate) fn passed() -> Document {
    let skipped = [test(900, "is pending", Status::Skipped)];
    document(passing(0..212).chain(skipped).collect())
}

/// One failure, established against a baseline, and not the change's.
pub(crate) fn established() -> Document {
    let failed = diagnosed(1, "lambda crash produces insight", throttled());
    document([failed].into_iter().chain(passing(10..20)).collect())
}

/// A peer with an unknown role: the cause, both readings, what would settle it.
pub(crate) fn unknown_role() -> Document {
    let diagnosis = Diagnosis {
        owner: "unknown".into(),
        confidence: "likely".into(),
        not_your_code: false,
        summary: "Probably failed because 127.0.0.1 answered 503 at 0.2 s.".into(),
        culprit: throttled().culprit.map(|culprit| Culprit {
            at_ms: Some(204),
            duration_ms: None,
            url: "http://127.0.0.1:4566/stock/sku-1?reserve=true".into(),
            status: None,
            error: Some("ECONNRESET".into()),
            retry_after: None,
            response_excerpt: None,
            ..culprit
        }),
        baseline: None,
        findings: vec![],
        counter: vec![Finding {
            text: "an earlier call to it was answered".into(),
            span_id: None,
        }],
        therefore: vec![],
        missing: vec![
            "the role of 127.0.0.1: declare it under [[peers]] in flakescope.toml".into(),
        ],
        rivals: vec![Rival {
            cause: "product".into(),
            summary: "127.0.0.1 is the product, and it failed".into(),
            span_id: None,
        }],
        fingerprint: "unreachable:127.0.0.1".into(),
        ..throttled()
    };
    document(vec![diagnosed(1, "reserves stock", diagnosis)])
}

/// Two failures of one cause and an undetermined one, among passing tests, a skipped and a flaky one.
pub(crate) fn three_failures() -> Document {
    let mut other = diagnosed(3, "deleted item disappears", undetermined());
    other.suite = vec!["search".into()];
    other.attempts[0].error = Some(Error {
        message: "Expected values to be strictly deep-equal:\n+ actual - expected\n\n  [\n+   'item-93'\n  ]".into(),
        ..error("")
    });
    let mut tests = vec![
        diagnosed(1, "lambda crash produces insight", throttled()),
        diagnosed(2, "timeout is reported", throttled()),
        other,
    ];
    tests.extend(flaky().tests);
    tests.extend(passing(10..222));
    tests.push(test(900, "is pending", Status::Skipped));
    document(tests)
}

/// Failures of seven causes and many undetermined ones.
pub(crate) fn three_hundred_failures() -> Document {
    let failed = (0..300).map(|number| {
        let name = format!("case {number} of a long table of cases");
        if number % 10 == 9 {
            let mut test = diagnosed(number, &name, undetermined());
            test.attempts[0].error = Some(error(&format!("no item {number} in the list")));
            return test;
        }
        let peer = number % 7;
        let diagnosis = Diagnosis {
            summary: format!("Failed because peer {peer} answered 429 Rate Exceeded at 3.2 s."),
            fingerprint: format!("rate-limited:peer-{peer}"),
            ..throttled()
        };
        diagnosed(number, &name, diagnosis)
    });
    document(failed.chain(passing(1000..1700)).collect())
}

/// A test that passed on its second attempt.
pub(crate) fn flaky() -> Document {
    let mut test = test(5, "creates org", Status::Flaky);
    test.suite = vec!["signup".into()];
    let diagnosis = Diagnosis {
        cause: "dependency-error".into(),
        confidence: "likely".into(),
        not_your_code: false,
        summary: "Probably failed because Elasticsearch answered 500 at 1.1 s.".into(),
        ..throttled()
    };
    let first = Attempt {
        diagnosis: Some(diagnosis),
        retried: true,
        ..attempt(5, Status::Failed)
    };
    let second = Attempt {
        number: 2,
        ..attempt(6, Status::Passed)
    };
    test.attempts = vec![first, second];
    document([test].into_iter().chain(passing(10..22)).collect())
}

/// A hook that failed, and the tests that it took with it.
pub(crate) fn fixture_failure() -> Document {
    let mut fixture = diagnosed(1, "\"before all\" hook: sign in", throttled());
    fixture.kind = Kind::Fixture;
    let mut tests = vec![
        diagnosed(2, "lists insights", throttled()),
        diagnosed(3, "opens an insight", throttled()),
    ];
    tests.push(fixture);
    document(tests)
}

/// Everything passed, and not everything was recorded.
pub(crate) fn gaps() -> Document {
    let gap = |kind: &str, count: u64, detail: Option<&str>| Gap {
        kind: kind.into(),
        count,
        details: detail.map(str::to_owned).into_iter().collect(),
    };
    let mut document = document(passing(0..3).collect());
    document.run.gaps = vec![
        gap("body-cut", 12, None),
        gap("spool-full", 1_200, Some("of /dev/shm")),
        gap("client-unseen", 1, Some("http2")),
        gap("from-the-future", 2, None),
    ];
    document
}

/// A test that hung, and one that hung while it waited for a call.
pub(crate) fn unfinished() -> Document {
    let mut waiting = test(2, "waits for the queue", Status::Unfinished);
    waiting.attempts[0].diagnosis = Some(Diagnosis {
        cause: "dependency-slow".into(),
        confidence: "likely".into(),
        not_your_code: false,
        summary: "Probably hung because the queue did not answer.".into(),
        culprit: throttled().culprit.map(|culprit| Culprit {
            status: None,
            duration_ms: None,
            response_excerpt: None,
            retry_after: None,
            ..culprit
        }),
        baseline: None,
        fingerprint: "dependency-slow:queue".into(),
        ..throttled()
    });
    let mut document = document(vec![test(1, "never ends", Status::Unfinished), waiting]);
    document.run.exit_code = Some(137);
    document.run.exit = Some(Exit {
        code: None,
        signal: Some(9),
    });
    document
}

/// Nothing loaded the agent.
pub(crate) fn nothing_recorded() -> Document {
    let mut document = document(vec![]);
    document.run.gaps = vec![Gap {
        kind: "no-agent".into(),
        count: 1,
        details: vec![],
    }];
    document
}

/// The agent was loaded, and no test ran.
pub(crate) fn no_runner() -> Document {
    let mut document = document(vec![]);
    document.run.exit_code = Some(2);
    document
}

/// The command failed although no test did.
pub(crate) fn unexplained_exit() -> Document {
    let mut document = passed();
    document.run.exit_code = Some(1);
    document
}

/// Failures in which every captured text is `text`.
pub(crate) fn hostile(text: &str) -> Document {
    let said = || text.to_owned();
    let finding = Finding {
        text: said(),
        span_id: None,
    };
    let base = throttled();
    let diagnosis = Diagnosis {
        summary: said(),
        culprit: base.culprit.clone().map(|culprit| Culprit {
            method: said(),
            url: said(),
            error: Some(said()),
            peer: said(),
            retry_after: Some(said()),
            response_excerpt: Some(said()),
            ..culprit
        }),
        baseline: base.baseline.clone().map(|baseline| Baseline {
            branch: Some(said()),
            ..baseline
        }),
        findings: vec![finding.clone(), finding.clone(), finding.clone()],
        counter: vec![finding],
        therefore: vec![said()],
        missing: vec![said()],
        rivals: vec![Rival {
            cause: said(),
            summary: said(),
            span_id: None,
        }],
        ..base
    };
    let mut failed = diagnosed(1, text, diagnosis.clone());
    failed.suite = vec![said(), said()];
    failed.parameters = said();
    failed.configuration = said();
    failed.attempts[0].error = Some(Error {
        error_type: said(),
        file: Some(said()),
        ..error(text)
    });
    let mut flaky = flaky().tests.remove(0);
    flaky.name = said();
    flaky.attempts[0].diagnosis = Some(diagnosis);
    let mut other = test(3, text, Status::Failed);
    other.attempts[0].error = Some(error(text));
    let mut document = document(vec![failed.clone(), failed, flaky, other]);
    document.run.command = vec![said()];
    document.run.gaps = vec![Gap {
        kind: "agent-error".into(),
        count: 1,
        details: vec![said()],
    }];
    document
}

/// [`three_failures`] without the many that passed.
pub(crate) fn three_failures_only() -> Document {
    let tests = three_failures().tests;
    let told = |test: &Test| test.status != Status::Passed;
    document(tests.into_iter().filter(told).collect())
}

/// The recording of a throttled test.
pub(crate) fn recording() -> Recording {
    let mut test = established().tests.remove(0);
    test.attempts[0].gaps = vec![Gap {
        kind: "body-cut".into(),
        count: 1,
        details: vec![],
    }];
    let step = |name: &str, phase: &str, at_ms: u64, duration_ms: Option<u64>| Step {
        span_id: hex(7, 16),
        kind: "hook".into(),
        name: name.into(),
        phase: phase.into(),
        at_ms,
        duration_ms,
    };
    let log = |severity: u8, severity_text: &str, body: &str| Log {
        at_ms: 3200,
        span_id: None,
        severity,
        severity_text: severity_text.into(),
        body: body.into(),
    };
    Recording {
        schema: SCHEMA,
        run: "8f2c1a00000000000000000000000001".into(),
        test,
        steps: vec![
            step("\"before each\" hook", "setup", 0, Some(1200)),
            step("\"after each\" hook", "teardown", 13_300, None),
        ],
        exchanges: vec![
            call(
                "0000000000000001",
                "POST",
                "http://127.0.0.1:4000/signup",
                201,
            ),
            call("00f067aa0ba902b7", "POST", INVOKE, 429),
            call(
                "0000000000000003",
                "GET",
                "http://127.0.0.1:4000/insights?fn=71",
                200,
            ),
        ],
        logs: vec![
            log(9, "INFO", "invoking fn-71"),
            log(17, "ERROR", "no event for fn-71\n    at worker.js:3\n"),
        ],
    }
}

fn call(span_id: &str, method: &str, url: &str, status: u16) -> Exchange {
    let header = |name: &str, value: &str| Header {
        name: name.into(),
        value: value.into(),
    };
    Exchange {
        span_id: span_id.into(),
        phase: "body".into(),
        at_ms: 3204,
        duration_ms: Some(118),
        method: method.into(),
        url: url.into(),
        status: Some(status),
        error: None,
        error_message: None,
        timeout_ms: None,
        mocked: None,
        request: Message {
            headers: vec![
                header("content-type", "application/json"),
                header("authorization", "Bearer [masked:1a2b:0123456789ab]"),
            ],
            body: Some("{\n  \"crash\": true\n}".into()),
            body_size: Some(19),
            body_cut: false,
        },
        response: Some(Message {
            headers: vec![header("retry-after", "1")],
            body: Some("{\"message\":\"Rate Exceeded.\"}".into()),
            body_size: Some(29),
            body_cut: true,
        }),
    }
}

/// A recording in which every captured text is `text`.
pub(crate) fn hostile_recording(text: &str) -> Recording {
    let said = || text.to_owned();
    let mut recording = recording();
    recording.test = hostile(text).tests.remove(0);
    for step in &mut recording.steps {
        step.name = said();
        step.phase = said();
    }
    for log in &mut recording.logs {
        log.severity_text = said();
        log.body = said();
    }
    for call in &mut recording.exchanges {
        call.method = said();
        call.url = said();
        call.phase = said();
        call.error = Some(said());
        call.error_message = Some(said());
        call.mocked = Some(said());
        for message in [Some(&mut call.request), call.response.as_mut()]
            .into_iter()
            .flatten()
        {
            message.body = Some(said());
            for header in &mut message.headers {
                header.name = said();
                header.value = said();
            }
        }
    }
    recording
}
