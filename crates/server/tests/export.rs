//! Exports as other tools read them: HAR held against its schema, OTLP read back, both as snapshots.

#[path = "support/sample.rs"]
mod sample;

use std::sync::Arc;

use model::{
    AttemptId, Attributes, Gap, GapKind, Log, Resource, Span, SpanId, SpanKind, SpanStatus,
    Timestamp, TraceId, Value,
};
use serde_json::Value as Json;
use server::export::{Format, Records, Written, write, write_otlp};
use store::{AttemptQuery, Batch, BatchId, Chunk, PrefixMatch, Store};

use sample::{RUN, sample_store};

const ATTEMPT: PrefixMatch = PrefixMatch::Attempt(AttemptId([2; 16]));
const BASE: i64 = 1_795_000_003_500_000_000;

fn text(value: &str) -> Value {
    Value::from(value)
}

fn list(value: &str) -> Value {
    Value::from(vec![value.to_owned()])
}

fn span(byte: u8, end: Option<i64>, facts: Vec<(&str, Value)>) -> Span {
    Span {
        trace_id: TraceId([2; 16]),
        span_id: SpanId([byte; 8]),
        parent_span_id: None,
        name: "POST".into(),
        kind: SpanKind::Client,
        start: Timestamp(BASE),
        end: end.map(|after| Timestamp(BASE + after)),
        attributes: facts.into_iter().collect::<Attributes>(),
        events: vec![],
        links: vec![],
        status: SpanStatus::default(),
        resource: Arc::new(Resource::default()),
    }
}

/// A call with everything that a call can have.
fn whole_call() -> Span {
    let url = "https://example.org/a?q=x+y&token=[masked:1a2b:0123456789ab]";
    let facts = vec![
        ("http.request.method", text("POST")),
        ("url.full", text(url)),
        ("network.protocol.version", text("1.1")),
        ("network.peer.address", text("93.184.215.14")),
        (
            "http.request.header.content-type",
            list("application/x-www-form-urlencoded"),
        ),
        (
            "http.request.header.cookie",
            list("sid=[masked:1a2b:00]; theme=dark"),
        ),
        ("http.request.body.content", text("a=1&b=2")),
        ("http.request.body.size", Value::Int(7)),
        ("http.response.status_code", Value::Int(302)),
        ("http.response.header.location", list("/elsewhere")),
        ("http.response.header.content-type", list("image/png")),
        (
            "http.response.header.set-cookie",
            list("sid=[masked:1a2b:01]; Path=/; HttpOnly"),
        ),
        (
            "http.response.body.content",
            Value::Bytes(vec![0x89, 0x50, 0xff]),
        ),
        ("http.response.body.size", Value::Int(9000)),
        (model::attribute::RESPONSE_BODY_TRUNCATED, Value::Bool(true)),
        (model::attribute::CONNECT_OFFSET, Value::Int(10_000_000)),
        (model::attribute::REQUEST_OFFSET, Value::Int(11_500_000)),
        (model::attribute::FIRST_BYTE_OFFSET, Value::Int(40_000_000)),
    ];
    span(0xa1, Some(45_000_000), facts)
}

/// The sample with calls that came to nothing, and a log record.
fn store() -> anyhow::Result<Arc<dyn Store>> {
    let store = sample_store()?;
    let refused = vec![
        ("http.request.method", text("GET")),
        ("url.full", text("http://127.0.0.1:9/x")),
        ("error.type", text("ECONNREFUSED")),
        (
            model::attribute::ERROR_MESSAGE,
            text("connect ECONNREFUSED 127.0.0.1:9"),
        ),
    ];
    let open = vec![
        ("http.request.method", text("GET")),
        ("url.full", text("http://127.0.0.1:9/slow")),
    ];
    let log = Log {
        trace_id: Some(TraceId([2; 16])),
        span_id: None,
        time: Timestamp(BASE),
        severity: 17,
        severity_text: "ERROR".into(),
        body: text("no"),
        attributes: Attributes::default(),
        resource: Arc::new(Resource::default()),
    };
    let chunk = |trace_id, spans, logs| Chunk {
        trace_id,
        spans,
        logs,
    };
    let trace = Some(TraceId([2; 16]));
    let stray = Span {
        trace_id: TraceId([0xee; 16]),
        ..whole_call()
    };
    let spans = vec![
        whole_call(),
        span(0xa2, Some(2_000_000), refused),
        span(0xa3, None, open),
    ];
    let batch = Batch {
        id: BatchId([0x77; 16]),
        run_id: RUN,
        chunks: vec![
            chunk(trace, spans, vec![log]),
            chunk(None, vec![stray], vec![]),
        ],
        attempts: vec![],
        gaps: vec![],
        processes: vec![],
        listeners: vec![],
    };
    store.append(&batch)?;
    Ok(store)
}

fn exported(what: PrefixMatch, format: Format) -> anyhow::Result<(Written, String)> {
    let mut out = Vec::new();
    let written = write(&*store()?, what, format, "0.0.0", &mut out)?;
    Ok((written, String::from_utf8(out)?))
}

fn har(what: PrefixMatch) -> anyhow::Result<(Written, Json)> {
    let (written, text) = exported(what, Format::Har)?;
    Ok((written, serde_json::from_str(&text)?))
}

#[test]
fn har_is_as_it_was() {
    insta::assert_json_snapshot!(har(ATTEMPT).unwrap().1);
}

#[test]
fn har_fits_its_specification() {
    let schema = include_str!("fixtures/har-1.2.schema.json");
    let schema: Json = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for what in [ATTEMPT, PrefixMatch::Run(RUN)] {
        let (_, har) = har(what).unwrap();
        let problems: Vec<String> = validator
            .iter_errors(&har)
            .map(|problem| format!("{}: {problem}", problem.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{problems:?}");
        for entry in har["log"]["entries"].as_array().unwrap() {
            let parts = entry["timings"].as_object().unwrap().values();
            let parts = parts.filter_map(Json::as_f64).filter(|part| *part >= 0.0);
            let time = entry["time"].as_f64().unwrap();
            assert!((parts.sum::<f64>() - time).abs() < 0.001, "{entry}");
        }
    }
    let mut wrong = har(ATTEMPT).unwrap().1;
    wrong["log"]["entries"][0]["timings"]["send"] = Json::from(-1);
    assert!(!validator.is_valid(&wrong));
}

/// Adds a call both bodies of which could not be decoded.
fn add_undecodable(store: &dyn Store) -> anyhow::Result<()> {
    let packed = vec![
        ("http.request.method", text("POST")),
        ("url.full", text("http://127.0.0.1:9/packed")),
        ("http.request.body.size", Value::Int(8)),
        ("http.response.status_code", Value::Int(200)),
        ("http.response.header.content-encoding", list("gzip")),
        ("http.response.body.size", Value::Int(16)),
    ];
    let gap = |side: &str| Gap {
        run_id: RUN,
        trace_id: Some(TraceId([2; 16])),
        span_id: Some(SpanId([0xa4; 8])),
        kind: GapKind::BodyUndecodable,
        count: 1,
        detail: Some(side.to_owned()),
    };
    let chunk = Chunk {
        trace_id: Some(TraceId([2; 16])),
        spans: vec![span(0xa4, Some(3_000_000), packed)],
        logs: vec![],
    };
    let batch = Batch {
        id: BatchId([0x78; 16]),
        run_id: RUN,
        chunks: vec![chunk],
        attempts: vec![],
        gaps: vec![gap("request"), gap("response")],
        processes: vec![],
        listeners: vec![],
    };
    store.append(&batch)?;
    Ok(())
}

/// A call that never ended has lasted as long as its attempt, and a body that could not be decoded is not an empty one.
#[test]
fn har_says_what_is_missing_of_a_call() {
    let store = store().unwrap();
    add_undecodable(&*store).unwrap();
    let mut out = Vec::new();
    write(&*store, ATTEMPT, Format::Har, "0.0.0", &mut out).unwrap();
    let har: Json = serde_json::from_slice(&out).unwrap();
    let entry = |id: &str| {
        let entries = har["log"]["entries"].as_array().unwrap();
        let is_it = |entry: &&Json| entry["_flakescope"]["span_id"] == id.repeat(8);
        entries.iter().find(is_it).unwrap().clone()
    };
    let of_body =
        "the body could not be decoded: it is not in the content coding that it announces";
    let packed = entry("a4");
    assert_eq!(packed["response"]["_error"], of_body);
    assert_eq!(packed["response"]["content"]["comment"], of_body);
    assert_eq!(packed["response"]["content"]["size"], 16);
    assert_eq!(packed["response"]["status"], 200);
    assert_eq!(packed["request"]["postData"]["comment"], of_body);
    assert_eq!(packed["request"]["bodySize"], 8);
    let open = entry("a3");
    let query = AttemptQuery {
        attempt: Some(AttemptId([2; 16])),
        ..AttemptQuery::default()
    };
    let (attempt, _) = store.attempts(&query).unwrap().remove(0);
    let lasted = attempt.end.unwrap().since(Timestamp(BASE)).as_secs_f64() * 1000.0;
    assert!(
        (open["time"].as_f64().unwrap() - lasted).abs() < 0.001,
        "{open}"
    );
    assert_eq!(
        open["response"]["_error"],
        "never ended; the time is until its attempt did"
    );
}

#[test]
fn a_run_has_all_its_recordings() {
    let run = PrefixMatch::Run(RUN);
    let (written, har) = har(run).unwrap();
    let pages = har["log"]["pages"].as_array().unwrap();
    assert_eq!(pages.len(), 4);
    let expected = Written {
        recordings: 3,
        records: 6,
        logs: 0,
    };
    assert_eq!(written, expected);
    let entries = har["log"]["entries"].as_array().unwrap();
    for entry in entries {
        let page = &entry["pageref"];
        let is_known = pages.iter().any(|known| known["id"] == *page);
        assert!(is_known || page.is_null(), "{entry}");
    }
    let stray = entries.iter().filter(|entry| entry["pageref"].is_null());
    assert_eq!(stray.count(), 1);
    let expected = Written {
        logs: 1,
        ..expected
    };
    assert_eq!(exported(run, Format::Otlp).unwrap().0, expected);
}

#[test]
fn otlp_is_one_line_that_can_be_read_back() {
    let (_, of_attempt) = exported(ATTEMPT, Format::Otlp).unwrap();
    insta::assert_snapshot!(of_attempt);
    for (what, count) in [(ATTEMPT, 4), (PrefixMatch::Run(RUN), 6)] {
        let (written, text) = exported(what, Format::Otlp).unwrap();
        assert_eq!(text.lines().count(), 1);
        let limits = otlp::Limits::default();
        let read = otlp::decode(
            otlp::Encoding::Json,
            otlp::Signal::Traces,
            text.as_bytes(),
            &limits,
        );
        assert!(read.problems.is_empty(), "{:?}", read.problems);
        assert_eq!(read.spans.len(), count);
        assert_eq!(written.records, u64::try_from(count).unwrap());
        // The same document, to a reader of log records.
        let read = otlp::decode(
            otlp::Encoding::Json,
            otlp::Signal::Logs,
            text.as_bytes(),
            &limits,
        );
        assert!(read.problems.is_empty(), "{:?}", read.problems);
        assert_eq!((read.logs.len(), written.logs), (1, 1));
    }
}

#[test]
fn spans_and_logs_can_be_files_of_their_own() {
    let apart = |records| {
        let mut out = Vec::new();
        let written = write_otlp(&*store().unwrap(), ATTEMPT, records, &mut out).unwrap();
        (
            written.records,
            written.logs,
            String::from_utf8(out).unwrap(),
        )
    };
    let (spans, logs, text) = apart(Records::Spans);
    assert_eq!((spans, logs), (4, 0));
    assert!(!text.contains("resourceLogs"));
    let (spans, logs, text) = apart(Records::Logs);
    assert_eq!((spans, logs), (0, 1));
    insta::assert_snapshot!("logs_are_a_file_of_their_own", text);
}

#[test]
fn nothing_is_still_a_document() {
    let empty = PrefixMatch::Attempt(AttemptId([4; 16]));
    assert_eq!(
        exported(empty, Format::Otlp).unwrap().1,
        "{\"resourceSpans\":[],\"resourceLogs\":[]}\n"
    );
    let (written, har) = har(empty).unwrap();
    assert_eq!(written, Written::default());
    assert_eq!(har["log"]["entries"], Json::Array(vec![]));
    let unknown = PrefixMatch::Attempt(AttemptId([9; 16]));
    assert!(
        write(
            &*store().unwrap(),
            unknown,
            Format::Har,
            "",
            &mut Vec::new()
        )
        .is_err()
    );
    let unknown = PrefixMatch::Run(model::RunId([9; 16]));
    assert!(
        write(
            &*store().unwrap(),
            unknown,
            Format::Otlp,
            "",
            &mut Vec::new()
        )
        .is_err()
    );
}
