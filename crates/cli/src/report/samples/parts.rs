//! What the samples are made of: a run, tests, attempts, and two diagnoses.

use server::document::{
    Attempt, Baseline, BaselineCall, Counts, Culprit, Diagnosis, Document, Error, Exit, Finding,
    Kind, Run, SCHEMA, Status, Test, causes, unlike_groups,
};

pub(super) fn hex(number: usize, digits: usize) -> String {
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
        counts.not_run += test.not_run.as_ref().map_or(0, |not_run| not_run.count);
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
        causes: causes(&tests),
        outages: vec![],
        undeclared: vec![],
        unlike: unlike_groups(&tests),
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
        not_run: None,
        attempts: vec![attempt(number, status)],
    }
}

pub(super) fn attempt(number: usize, status: Status) -> Attempt {
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
        unlike: None,
    }
}

pub(super) fn error(message: &str) -> Error {
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

pub(super) const INVOKE: &str =
    "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/fn-71/invocations";

/// A fact that stands on the culprit's span.
fn finding(text: &str) -> Finding {
    Finding {
        text: text.to_owned(),
        span_id: Some("00f067aa0ba902b7".into()),
    }
}

pub(super) fn throttled() -> Diagnosis {
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
            finding("POST /invocations to AWS Lambda: answered 429 (Rate Exceeded)"),
            finding("in the passing recording 8d01aa the same call answered 202"),
            finding("the 37 calls before it are the same as in the passing attempt"),
            Finding {
                span_id: None,
                ..finding("seen on 3 commits without this change")
            },
        ],
        counter: vec![],
        therefore: vec!["the insight was never written".into()],
        missing: vec![],
        rivals: vec![],
        fingerprint: "rate-limited:aws-lambda:429".into(),
        rules_version: 1,
        disputed: None,
    }
}

pub(super) fn undetermined() -> Diagnosis {
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
        disputed: None,
    }
}

pub(super) fn diagnosed(number: usize, name: &str, diagnosis: Diagnosis) -> Test {
    let mut test = test(number, name, Status::Failed);
    test.attempts[0].diagnosis = Some(diagnosis);
    test
}

pub(super) fn passing(numbers: std::ops::Range<usize>) -> impl Iterator<Item = Test> {
    numbers.map(|number| test(number, &format!("passes {number}"), Status::Passed))
}
