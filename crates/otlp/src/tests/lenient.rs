//! What exporters write that the specification does not have: value by value, what becomes of it and what is told.

use model::{SpanKind, StatusCode, Value};

use crate::{Decoded, Encoding, Limits, ProblemKind, Signal, decode};
use ProblemKind::{
    InvalidId, InvalidUtf8, InvalidValue, MissingId, TooDeep, TooLong, TooMany, Torn, WrongType,
};

const IDS: &str = r#""traceId":"aa000000000000000000000000000001","spanId":"bb00000000000001""#;

fn json(text: &str, limits: &Limits) -> Decoded {
    decode(Encoding::Json, Signal::Traces, text.as_bytes(), limits)
}

fn request(spans: &str) -> String {
    format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{spans}]}}]}}]}}"#)
}

fn kinds(decoded: &Decoded) -> Vec<ProblemKind> {
    decoded
        .problems
        .iter()
        .map(|problem| problem.kind)
        .collect()
}

/// A span of a few members between two good ones, and what is told of it.
fn span(members: &str, told: &[ProblemKind]) -> model::Span {
    let good = format!(r#"{{{IDS},"startTimeUnixNano":"1"}}"#);
    let text = request(&format!(
        r#"{good},{{{IDS},"startTimeUnixNano":"5",{members}}},{good}"#
    ));
    let decoded = json(&text, &Limits::default());
    assert_eq!(kinds(&decoded), told, "{members}");
    assert_eq!(decoded.spans.len(), 3, "{members}");
    for problem in &decoded.problems {
        assert_eq!(problem.place.record, Some(1), "{members}");
        assert_eq!(problem.span_id, Some(decoded.spans[1].span_id), "{members}");
    }
    decoded.spans[1].clone()
}

/// The value of an attribute, and what is told of it.
fn value(text: &str, expected: Value, told: &[ProblemKind]) {
    let span = span(
        &format!(
            r#""attributes":[{{"key":"k","value":{text}}},{{"key":"next","value":{{"intValue":1}}}}]"#
        ),
        told,
    );
    assert_eq!(span.attributes.get("k"), Some(&expected), "{text}");
    assert_eq!(span.attributes.int("next"), Some(1), "{text}");
}

#[test]
fn numbers_come_in_several_clothes() {
    value(r#"{"intValue":"-5"}"#, Value::Int(-5), &[]);
    value(r#"{"intValue":5}"#, Value::Int(5), &[]);
    value(r#"{"intValue":5.0}"#, Value::Int(5), &[]);
    value(r#"{"intValue":5e2}"#, Value::Int(500), &[]);
    value(
        r#"{"int_value":"9223372036854775807"}"#,
        Value::Int(i64::MAX),
        &[],
    );
    value(r#"{"intValue":5.5}"#, Value::Double(5.5), &[]);
    value(
        r#"{"intValue":"18446744073709551615"}"#,
        Value::Double(18_446_744_073_709_551_615.0),
        &[],
    );
    value(r#"{"intValue":"five"}"#, Value::Empty, &[InvalidValue]);
    value(r#"{"doubleValue":"1.5"}"#, Value::Double(1.5), &[]);
    value(
        r#"{"doubleValue":"-Infinity"}"#,
        Value::Double(f64::NEG_INFINITY),
        &[],
    );
    value(
        r#"{"doubleValue":Infinity}"#,
        Value::Double(f64::INFINITY),
        &[],
    );
    value(r#"{"doubleValue":null}"#, Value::Empty, &[]);
    value(r#"{"boolValue":"true"}"#, Value::Bool(true), &[]);
}

#[test]
fn values_may_lack_their_wrapping() {
    value("\"text\"", Value::from("text"), &[]);
    value("7", Value::Int(7), &[]);
    value("7.5", Value::Double(7.5), &[]);
    value("true", Value::Bool(true), &[]);
    value("null", Value::Empty, &[]);
    value(
        r#"["a",1]"#,
        Value::Array(vec!["a".into(), Value::Int(1)]),
        &[],
    );
    value("{}", Value::Empty, &[]);
    value(r#"{"futureValue":{"a":[1]}}"#, Value::Empty, &[]);
    value(r#"{"stringValue":7}"#, Value::Int(7), &[]);
}

#[test]
fn lists_and_bytes_are_read_as_encoders_write_them() {
    value(r#"{"arrayValue":{}}"#, Value::Array(vec![]), &[]);
    value(
        r#"{"arrayValue":{"values":null}}"#,
        Value::Array(vec![]),
        &[],
    );
    value(r#"{"kvlistValue":{}}"#, Value::Map(vec![]), &[]);
    value(
        r#"{"bytesValue":"aGk="}"#,
        Value::Bytes(b"hi".to_vec()),
        &[],
    );
    value(r#"{"bytesValue":"aGk"}"#, Value::Bytes(b"hi".to_vec()), &[]);
    value(
        r#"{"bytesValue":"_-8"}"#,
        Value::Bytes(vec![0xff, 0xef]),
        &[],
    );
    value(r#"{"bytesValue":"%%"}"#, Value::Empty, &[InvalidValue]);
    value(
        r#"{"arrayValue":{"values":[{"intValue":1},5,"x"]}}"#,
        Value::Array(vec![Value::Int(1), Value::Int(5), "x".into()]),
        &[],
    );
}

#[test]
fn a_wrong_field_costs_itself() {
    span(r#""name":5"#, &[WrongType]);
    span(
        r#""name":null,"attributes":null,"events":null,"links":null,"status":null,"parentSpanId":null,"kind":null"#,
        &[],
    );
    span(r#""attributes":{"a":1}"#, &[WrongType]);
    span(r#""attributes":[5]"#, &[WrongType]);
    span(r#""parentSpanId":"zz""#, &[InvalidId]);
    span(r#""parentSpanId":"","links":[]"#, &[]);
    span(r#""parentSpanId":"0000000000000000""#, &[]);
    span(r#""endTimeUnixNano":"soon""#, &[InvalidValue]);
    span(r#""endTimeUnixNano":18446744073709551615"#, &[InvalidValue]);
    span(
        r#""links":[{"traceId":"aa000000000000000000000000000001"}]"#,
        &[MissingId],
    );
    span(r#""status":[],"events":{}"#, &[WrongType, WrongType]);
    span(r#""unknown":{"deep":[[[{}]]]},"flags":257.0"#, &[]);
    span(r#""name":"a\ud800""#, &[InvalidUtf8]);
}

#[test]
fn names_and_enumerations_come_in_several_clothes() {
    let odd = span(
        r#""kind":"SPAN_KIND_CLIENT","parent_span_id":"CC00000000000001","end_time_unix_nano":1.7e18,"status":{"code":"STATUS_CODE_ERROR"}"#,
        &[],
    );
    assert_eq!(odd.kind, SpanKind::Client);
    assert_eq!(odd.status.code, StatusCode::Error);
    assert_eq!(odd.end.map(|end| end.0), Some(1_700_000_000_000_000_000));
    assert_eq!(odd.parent_span_id.map(|id| id.0[0]), Some(0xcc));
    assert_eq!(span(r#""kind":"server""#, &[]).kind, SpanKind::Server);
    assert_eq!(span(r#""kind":"3""#, &[]).kind, SpanKind::Client);
    assert_eq!(span(r#""kind":77"#, &[]).kind, SpanKind::Unspecified);
    assert_eq!(
        span(r#""kind":"COMET""#, &[InvalidValue]).kind,
        SpanKind::Unspecified
    );
    let id = span(r#""spanId":"uwAAAAAAAAE=""#, &[]).span_id;
    assert_eq!(id.0, [0xbb, 0, 0, 0, 0, 0, 0, 1]);
}

#[test]
fn a_span_without_identity_is_given_up_alone() {
    let check = |span: &str, told: &[ProblemKind]| {
        let decoded = json(
            &request(&format!(r#"{{{IDS},"startTimeUnixNano":1}},{span}"#)),
            &Limits::default(),
        );
        assert_eq!(kinds(&decoded), told, "{span}");
        assert_eq!(
            (decoded.spans.len(), decoded.counts.rejected),
            (1, 1),
            "{span}"
        );
    };
    check(
        r#"{"startTimeUnixNano":1,"spanId":"bb00000000000001"}"#,
        &[MissingId],
    );
    check(
        r#"{"startTimeUnixNano":1,"traceId":"zz","spanId":"bb00000000000001"}"#,
        &[InvalidId, MissingId],
    );
    check(
        r#"{"startTimeUnixNano":1,"traceId":"00000000000000000000000000000000","spanId":"bb00000000000001"}"#,
        &[MissingId],
    );
}

#[test]
fn resource_and_scope_may_stand_behind_their_spans() {
    let text = format!(
        r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{{IDS},"startTimeUnixNano":1}}],"scope":{{"name":"lib"}}}}],"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"shop"}}}}]}}}}]}}"#
    );
    let decoded = json(&text, &Limits::default());
    assert_eq!(
        decoded.spans[0].resource.attributes.str("service.name"),
        Some("shop")
    );
    assert_eq!(
        decoded.spans[0].attributes.str("otel.scope.name"),
        Some("lib")
    );
}

#[test]
fn lines_of_requests_are_read_one_after_the_other() {
    let line = request(&format!(r#"{{{IDS},"startTimeUnixNano":1}}"#));
    let decoded = json(&format!("\u{feff}{line}\n{line}\n"), &Limits::default());
    assert_eq!((decoded.spans.len(), kinds(&decoded)), (2, vec![]));
}

#[test]
fn a_body_that_is_none_is_unreadable() {
    let check = |text: &str, is_unreadable: bool| {
        assert_eq!(
            json(text, &Limits::default()).is_unreadable(),
            is_unreadable,
            "{text}"
        );
    };
    check("", false);
    check("{}", false);
    check(r#"{"resourceSpans":[]}"#, false);
    check("<html>", true);
    check("[]", true);
    check(r#"{"resourceSpans":["#, true);
    let broken = request(&format!(r#"{{{IDS},"startTimeUnixNano":1}},{{"a"#));
    check(&broken, false);
    let binary = decode(
        Encoding::Protobuf,
        Signal::Traces,
        b"{\"a\":1}",
        &Limits::default(),
    );
    assert!(binary.is_unreadable(), "{binary:?}");
}

#[test]
fn what_goes_over_a_limit_is_left_out_and_told() {
    let limits = Limits {
        records: 2,
        values: 6,
        entries: 3,
        text_bytes: 4,
        depth: 1,
        problems: 2,
    };
    let check = |spans: &str, told: &[ProblemKind], count: u64| {
        for encoding in [Encoding::Json, Encoding::Protobuf] {
            let generous = json(&request(spans), &Limits::default()).spans;
            let bytes = crate::encode_spans(encoding, &generous);
            let decoded = decode(encoding, Signal::Traces, &bytes, &limits);
            assert_eq!(kinds(&decoded), told, "{encoding:?} {spans}");
            assert_eq!(decoded.counts.problems, count, "{encoding:?} {spans}");
        }
    };
    let span = |members: &str| format!(r#"{{{IDS},"startTimeUnixNano":1{members}}}"#);
    let good = span("");
    check(&format!("{good},{good}"), &[], 0);
    check(
        &format!("{good},{good},{good},{good},{good}"),
        &[TooMany, TooMany],
        3,
    );
    check(&span(r#","name":"abcd""#), &[], 0);
    check(&span(r#","name":"abcé""#), &[TooLong], 1);
    let attributes = |values: &[&str]| {
        let pairs: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(key, value)| format!(r#"{{"key":"{key}","value":{value}}}"#))
            .collect();
        span(&format!(r#","attributes":[{}]"#, pairs.join(",")))
    };
    check(&attributes(&["1", "2", "3"]), &[], 0);
    check(&attributes(&["1", "2", "3", "4"]), &[TooMany], 1);
    check(&attributes(&["[1]"]), &[], 0);
    check(&attributes(&["[[1]]"]), &[TooDeep], 1);
    check(&attributes(&["[1,2,3]", "[1,2]"]), &[TooMany], 1);
    check(
        &attributes(&[r#"{"bytesValue":"aGVsbG8="}"#]),
        &[TooLong],
        1,
    );
}

#[test]
fn a_torn_span_of_json_keeps_what_came_before() {
    let text = request(&format!(
        r#"{{{IDS},"startTimeUnixNano":1,"name":"a"}},{{{IDS},"startTimeUnixNano":2,"name":"b","kind":"#
    ));
    let torn = &text[..text.len() - "]}]}]}".len()];
    let decoded = json(torn, &Limits::default());
    assert_eq!(kinds(&decoded), [Torn, Torn]);
    let names: Vec<&str> = decoded.spans.iter().map(|span| &*span.name).collect();
    assert_eq!(names, ["a", "b"]);
}
