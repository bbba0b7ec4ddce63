//! Screens of `diff`, as snapshots.

use jsonschema::Validator;
use model::Timestamp;
use serde_json::Value;
use server::document::{DiffCall, DiffKind, SCHEMA};

use super::*;
use crate::report::neutral;
use crate::report::schema;
use server::document::{DiffValue, Difference};

fn side(short_id: &str, status: Status, duration_ms: u64) -> DiffSide {
    DiffSide {
        attempt: format!("{short_id}{}", "0".repeat(26)),
        short_id: short_id.into(),
        run: "8".repeat(32),
        suite: vec!["insights".into()],
        name: "a crash of the Lambda becomes an insight".into(),
        file: "test/insights.spec.js".into(),
        number: 1,
        status,
        started: "2026-11-22T10:00:00.000Z".into(),
        duration_ms: Some(duration_ms),
        error: None,
    }
}

fn call(at_ms: u64, status: Option<u16>, duration_ms: Option<u64>, tries: u64) -> DiffCall {
    DiffCall {
        span_id: "00f067aa0ba902b7".into(),
        url: "http://127.0.0.1:4000/x".into(),
        at_ms,
        duration_ms,
        status,
        error: None,
        tries,
        polled: tries > 3,
    }
}

fn value(path: &str, here: Option<&str>, there: Option<&str>) -> DiffValue {
    DiffValue {
        part: "response".into(),
        path: path.into(),
        here: here.map(str::to_owned),
        there: there.map(str::to_owned),
        kind: "value".into(),
    }
}

fn entry(
    method: &str,
    peer: &str,
    path: &str,
    here: Option<DiffCall>,
    there: Option<DiffCall>,
) -> Difference {
    let kind = match (&here, &there) {
        (Some(_), Some(_)) => DiffKind::Changed,
        (Some(_), None) => DiffKind::OnlyHere,
        _ => DiffKind::OnlyThere,
    };
    Difference {
        kind,
        first_divergence: false,
        counts: true,
        slower: false,
        phase: "body".into(),
        peer: peer.into(),
        role: "dependency".into(),
        method: method.into(),
        path: path.into(),
        here,
        there,
        values: vec![],
        values_left_out: 0,
    }
}

/// The first divergence: another answer.
fn throttled() -> Difference {
    Difference {
        first_divergence: true,
        values: vec![
            value("message", Some("\"Rate Exceeded.\""), None),
            value("StatusCode", None, Some("202")),
        ],
        ..entry(
            "POST",
            "aws-lambda",
            "/2015-03-31/functions/fn-71/invocations",
            Some(call(3204, Some(429), Some(118), 1)),
            Some(call(3100, Some(202), Some(90), 1)),
        )
    }
}

/// The same status, another shape of the body.
fn reshaped() -> Difference {
    Difference {
        values: vec![value("hits.total", Some("{\"value\":3}"), Some("3"))],
        values_left_out: 4,
        ..entry(
            "POST",
            "elasticsearch",
            "/insights/_search",
            Some(call(4000, Some(200), Some(3), 1)),
            Some(call(4000, Some(200), Some(3), 1)),
        )
    }
}

fn slower() -> Difference {
    Difference {
        slower: true,
        ..entry(
            "GET",
            "api",
            "/status",
            Some(call(9100, Some(200), Some(5000), 1)),
            Some(call(3900, Some(200), Some(12), 1)),
        )
    }
}

fn only_there() -> Difference {
    let there = call(3300, Some(201), Some(5), 1);
    entry(
        "PUT",
        "elasticsearch",
        "/insights/_doc/1",
        None,
        Some(there),
    )
}

fn polled() -> Difference {
    let here = call(4200, Some(200), Some(4), 42);
    let there = call(3400, Some(200), Some(4), 6);
    entry("GET", "api", "/insights", Some(here), Some(there))
}

fn only_here() -> Difference {
    let refused = DiffCall {
        error: Some("ECONNREFUSED".into()),
        ..call(9000, None, Some(1), 3)
    };
    entry(
        "POST",
        "hooks.slack.com",
        "/services/T0/B0",
        Some(refused),
        None,
    )
}

fn sample() -> Diff {
    Diff {
        schema: SCHEMA,
        here: side("8f2c1a", Status::Failed, 13_400),
        there: side("8d01ab", Status::Passed, 4100),
        basis: "base-branch".into(),
        same_test: true,
        differences: vec![
            throttled(),
            only_there(),
            reshaped(),
            polled(),
            only_here(),
            slower(),
        ],
        same_calls: 37,
        hidden: Hidden {
            identifiers: 9,
            times: 1,
            ports: 2,
        },
    }
}

fn screen(diff: &Diff, width: usize, color: bool) -> String {
    let style = Style {
        width,
        color,
        ascii: false,
        now: Timestamp(1_795_348_800_000_000_000),
    };
    let mut out = Vec::new();
    lines(diff, &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn differences_are_shown_in_order() {
    for width in [60, 100, 200] {
        insta::assert_snapshot!(format!("diff_at_{width}"), screen(&sample(), width, false));
    }
}

#[test]
fn colours_say_here_and_there_and_nothing_else() {
    let shown = screen(&sample(), 100, true);
    // The sign of the failed attempt itself is the only red, that of no call.
    let entries = shown.split("\n\n").nth(1).unwrap();
    assert!(entries.contains("\u{1b}[34m"), "{entries:?}");
    assert!(entries.contains("\u{1b}[33m"), "{entries:?}");
    let changed: Vec<&str> = entries.lines().filter(|line| line.contains('~')).collect();
    assert!(!changed.concat().contains("\u{1b}[31m"), "{changed:?}");
}

#[test]
fn other_tests_are_told_and_nothing_may_differ() {
    let mut diff = sample();
    diff.there.name = "something else".into();
    diff.same_test = false;
    diff.basis = "given".into();
    diff.differences.clear();
    diff.same_calls = 1;
    diff.hidden = Hidden {
        identifiers: 0,
        times: 0,
        ports: 1,
    };
    insta::assert_snapshot!(screen(&diff, 100, false));
}

#[test]
fn captured_text_does_not_act() {
    let text = "::error::x\u{1b}[2J\r\n##[group]\u{202e}";
    let mut diff = sample();
    diff.here.name = text.into();
    for entry in &mut diff.differences {
        entry.method = text.into();
        entry.peer = text.into();
        entry.path = text.into();
        entry.values = vec![value(text, Some(text), Some(text))];
        if let Some(call) = &mut entry.here {
            call.error = Some(text.into());
        }
    }
    for width in [40, 100] {
        let shown = screen(&diff, width, false);
        for line in shown.lines() {
            assert!(!line.trim_start().starts_with("::"), "{line}");
            assert!(!line.contains("##["), "{line}");
            assert!(!line.chars().any(neutral::acts), "{line}");
        }
    }
}

#[test]
fn long_lists_are_cut() {
    let mut diff = sample();
    let one = diff.differences.remove(1);
    diff.differences = vec![one; ENTRIES + 3];
    let shown = screen(&diff, 100, false);
    assert!(
        shown.contains("and 3 more differences: --json has them all"),
        "{shown}"
    );
}

#[test]
fn json_fits_the_schema() {
    let mut schema = schema::schema().to_value();
    schema["$ref"] = Value::from("#/$defs/Diff");
    for key in ["type", "properties", "required"] {
        schema.as_object_mut().unwrap().remove(key);
    }
    let validator: Validator = jsonschema::validator_for(&schema).unwrap();
    let style = Style {
        width: 80,
        color: false,
        ascii: false,
        now: Timestamp(0),
    };
    let mut out = Vec::new();
    super::diff(&sample(), true, &style, &mut out).unwrap();
    let value: Value = serde_json::from_slice(&out).unwrap();
    assert!(validator.is_valid(&value));
    assert!(!validator.is_valid(&Value::from(1)));
}
