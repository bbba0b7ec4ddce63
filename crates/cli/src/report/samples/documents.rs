//! The samples that look like real runs.

use server::document::{
    Attempt, Culprit, Diagnosis, Document, Error, Exit, Finding, Gap, Kind, NotRun, Refused, Rival,
    RunOutage, Status, Test, UndeclaredPeer,
};

use super::parts::{
    attempt, diagnosed, document, error, hex, passing, test, throttled, undetermined,
};

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
    let mut document = document(vec![
        diagnosed(1, "reserves stock", diagnosis.clone()),
        diagnosed(
            2,
            "releases stock",
            Diagnosis {
                fingerprint: "unreachable:local".into(),
                ..diagnosis
            },
        ),
    ]);
    let undeclared = |name: &str, process: Option<&str>| UndeclaredPeer {
        name: name.into(),
        host: process.is_none().then(|| name.to_owned()),
        process: process.map(str::to_owned),
        role: if process.is_some() {
            "product"
        } else {
            "dependency"
        }
        .into(),
    };
    document.undeclared = vec![
        undeclared("127.0.0.1:4566", None),
        undeclared("stock.js", Some("stock.js")),
    ];
    document
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
    let mut document = document(tests);
    document.outages.push(RunOutage {
        peer: "AWS Lambda API".into(),
        cause: "rate-limited".into(),
        summary: "AWS Lambda API refused 11 of 12 calls over 4.1 s; 3 attempts met it.".into(),
        from: "2026-11-22T10:12:13.000Z".into(),
        to: "2026-11-22T10:12:17.100Z".into(),
        refused: Refused { count: 11, of: 12 },
        attempts: 3,
        tests: vec![hex(1, 32), hex(2, 32)],
    });
    document
}

/// A provider that nobody could reach, met by two requests, and one of them refused by it for another reason.
pub(crate) fn provider_down() -> Document {
    let failure = |number: usize, cause: &str, request: &str, class: &str| {
        let (method, path) = request.split_once(' ').unwrap_or_default();
        let diagnosis = Diagnosis {
            cause: cause.into(),
            not_your_code: false,
            summary: format!("Failed because {request} to Paynow came to {class}."),
            culprit: throttled().culprit.map(|culprit| Culprit {
                method: method.into(),
                url: format!("http://127.0.0.1:4100{path}"),
                status: class.parse().ok(),
                error: class.parse::<u16>().is_err().then(|| class.into()),
                peer: "Paynow".into(),
                retry_after: None,
                response_excerpt: None,
                ..culprit
            }),
            baseline: None,
            therefore: vec![],
            fingerprint: format!("{cause}|Paynow|{request}|{class}"),
            ..throttled()
        };
        diagnosed(number, &format!("pays {number}"), diagnosis)
    };
    let down = |number, request| failure(number, "unreachable", request, "ECONNREFUSED");
    let tests = vec![
        down(1, "POST /carts"),
        down(2, "GET /prices/usd"),
        down(3, "POST /carts"),
        failure(4, "rate-limited", "POST /carts", "429"),
        // What two requests of the product did are two faults, whoever answers both.
        failure(5, "product", "POST /carts", "500"),
        failure(6, "product", "GET /prices/usd", "500"),
    ];
    let mut document = document(tests);
    document.outages.push(RunOutage {
        peer: "Paynow".into(),
        cause: "unreachable".into(),
        summary: "all 3 calls to Paynow failed; 3 attempts met it.".into(),
        from: "2026-11-22T10:12:13.000Z".into(),
        to: "2026-11-22T10:12:13.030Z".into(),
        refused: Refused { count: 3, of: 3 },
        attempts: 3,
        tests: vec![hex(1, 32), hex(2, 32), hex(3, 32)],
    });
    document
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
    fixture.not_run = Some(NotRun {
        count: 12,
        tests: vec!["are paged".into(), "are sorted".into()],
    });
    if let Some(diagnosis) = &mut fixture.attempts[0].diagnosis {
        let left_out = "12 tests did not run because of it: are paged, are sorted and 10 more.";
        diagnosis.therefore.insert(0, left_out.into());
    }
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

/// A test that ended its process.
pub(crate) fn process_exit() -> Document {
    let mut document = document(vec![test(1, "leaves", Status::Unfinished)]);
    document.run.exit_code = Some(3);
    document.run.exit = Some(Exit {
        code: Some(3),
        signal: None,
    });
    document
}

/// Somebody pressed Ctrl-C.
pub(crate) fn interrupted() -> Document {
    let stopped = test(1, "was running", Status::Unfinished);
    let mut document = document([stopped].into_iter().chain(passing(10..20)).collect());
    document.run.state = "interrupted".into();
    document.run.exit_code = Some(130);
    document.run.exit = Some(Exit {
        code: None,
        signal: Some(2),
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

/// [`three_failures`] without the many that passed.
pub(crate) fn three_failures_only() -> Document {
    let tests = three_failures().tests;
    let told = |test: &Test| test.status != Status::Passed;
    document(tests.into_iter().filter(told).collect())
}
