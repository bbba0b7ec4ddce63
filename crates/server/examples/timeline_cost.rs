//! Measures what the timeline of a large recording costs, step by step, and how many bytes it sends for a span.
//!
//! `cargo run --release -p flakescope-server --example timeline_cost -- [SPANS] [FILE]`: a recording of so many spans
//! (100,000 when not said); the answer goes into the file, if one is named, to be compressed by others. CPU time of this
//! thread, the least of five. Each number is of this machine at this moment, and compares with the others of the same
//! output only.

use std::error::Error;
use std::fs;
use std::sync::Arc;

use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Attributes, Recording, Resource, Run, RunId,
    RunState, Span, SpanId, SpanKind, Timestamp, TraceId, Value, merge,
};
use server::timeline::Timeline;
use store::{Batch, BatchId, Chunk};

const USUAL: u64 = 100_000;
const ROUNDS: usize = 5;
/// Spans of a batch, and services among them.
const BATCH: u64 = 1_000;
const SERVICES: u64 = 20;
const TRACE: TraceId = TraceId([7; 16]);

type Done<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Done {
    let mut arguments = std::env::args().skip(1);
    let wanted = arguments.next().map(|text| text.parse());
    let spans = wanted.transpose()?.unwrap_or(USUAL);
    let folder = tempfile::tempdir()?;
    let store = store::open(&folder.path().join("store"))?;
    let attempt = attempt();
    let services: Vec<Arc<Resource>> = (0..SERVICES).map(service).collect();
    for first in (0..spans).step_by(BATCH as usize) {
        let last = (first + BATCH).min(spans);
        let chunk = Chunk {
            trace_id: Some(TRACE),
            spans: (first..last).map(|at| span(at, &services)).collect(),
            logs: vec![],
        };
        store.append(&batch(first, chunk, attempt.clone()))?;
    }
    println!("{spans} spans");
    let chunks = measure("read and unpack", || Ok(store.chunks(TRACE)?))?;
    let records = || chunks.iter().flat_map(|chunk| chunk.spans.iter().cloned());
    measure("(copy)", || Ok(records().count()))?;
    let spans_merged = measure("merge, with a copy", || Ok(merge::spans(records())))?;
    let related = measure("relate, with a copy", || {
        let mut spans = spans_merged.clone();
        model::relate(&mut spans);
        Ok(spans)
    })?;
    let recording = Recording {
        spans: related,
        ..Recording::default()
    };
    let bytes = measure("order, columns, bytes", || {
        let timeline = Timeline {
            attempt: &attempt,
            recording: &recording,
            diagnosis: None,
            peer: &|host, _| host.to_owned(),
            service: &|resource| resource.str("service.name").unwrap_or_default().to_owned(),
        };
        Ok(timeline.encode())
    })?;
    println!("{:.1} bytes a span", bytes.len() as f64 / spans as f64);
    store.put_run(&run())?;
    let answer = || Ok(Timeline::read(&*store, attempt.id)?);
    let first = answer()?;
    assert!(measure("the answer, kept", answer)? == first);
    if let Some(file) = arguments.next() {
        fs::write(file, bytes)?;
    }
    Ok(())
}

fn measure<T>(what: &str, mut work: impl FnMut() -> Done<T>) -> Done<T> {
    let mut least = f64::MAX;
    let mut last = None;
    for _ in 0..ROUNDS {
        let used = cpu_millis()?;
        last = Some(work()?);
        least = least.min(cpu_millis()? - used);
    }
    println!("{what:<24} CPU least {least:>8.1} ms");
    last.ok_or_else(|| "no round".into())
}

/// What this thread has used, from the kernel.
fn cpu_millis() -> Done<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos: f64 = text.split_whitespace().next().unwrap_or("0").parse()?;
    Ok(nanos / 1e6)
}

/// A number that looks drawn at random.
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 31)).wrapping_mul(0x7fb5_d329_728e_a185);
    let number = (number ^ (number >> 27)).wrapping_mul(0x81da_def4_bc2d_d44d);
    number ^ (number >> 33)
}

fn service(number: u64) -> Arc<Resource> {
    let name = [("service.name", Value::from(format!("service-{number}")))];
    Arc::new(Resource {
        attributes: name.into_iter().collect(),
    })
}

fn id(at: u64) -> SpanId {
    SpanId(mixed(at + 1).to_be_bytes())
}

/// A span below one of the eight before it, so that the tree is as deep as it is wide.
fn span(at: u64, services: &[Arc<Resource>]) -> Span {
    let parent = (at > 0).then(|| at - 1 - mixed(at) % at.min(8));
    let start = 1_795_000_000_000_000_000 + at as i64 * 100_000 + (mixed(at) % 50_000) as i64;
    let is_call = at % 3 == 1;
    Span {
        trace_id: TRACE,
        span_id: id(at),
        parent_span_id: parent.map(id),
        name: format!("operation {}", mixed(at) % 600),
        kind: if is_call {
            SpanKind::Client
        } else {
            SpanKind::Internal
        },
        start: Timestamp(start),
        end: Some(Timestamp(start + (mixed(at) % 40_000_000) as i64)),
        attributes: if is_call { call(at) } else { Attributes::new() },
        events: vec![],
        links: vec![],
        status: Default::default(),
        resource: Arc::clone(&services[(mixed(at) % SERVICES) as usize]),
    }
}

fn call(at: u64) -> Attributes {
    let host = format!("service-{}.example.org", at % SERVICES);
    let url = format!("https://{host}/v1/things/{}", mixed(at) % 200);
    let status = if at.is_multiple_of(97) { 500 } else { 200 };
    [
        ("http.request.method", Value::from("GET")),
        ("url.full", Value::from(url)),
        ("server.address", Value::from(host)),
        ("http.response.status_code", Value::Int(status)),
        (
            "http.response.body.content",
            Value::from(r#"{"state":"done","items":[1,2,3]}"#),
        ),
        ("flakescope.client", Value::from("node:http")),
        ("flakescope.phase", Value::from("body")),
    ]
    .into_iter()
    .collect()
}

fn batch(number: u64, chunk: Chunk, attempt: Attempt) -> Batch {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    Batch {
        id: BatchId(id),
        run_id: RunId([1; 16]),
        chunks: vec![chunk],
        attempts: vec![(attempt, Default::default())],
        gaps: vec![],
        processes: vec![],
        listeners: vec![],
    }
}

fn run() -> Run {
    Run {
        id: RunId([1; 16]),
        name: None,
        project: "shop".into(),
        command: vec![],
        started: Timestamp(0),
        ended: Some(Timestamp(1)),
        exit: None,
        state: RunState::Sealed,
        tags: Default::default(),
        peers: vec![],
        parent: None,
        recorder_version: String::new(),
    }
}

fn attempt() -> Attempt {
    Attempt {
        id: AttemptId::from(TRACE),
        run_id: RunId([1; 16]),
        test_id: model::TestId([2; 16]),
        kind: AttemptKind::Test,
        number: 1,
        status: AttemptStatus::Passed,
        retried: false,
        root_span_id: id(0),
        start: Timestamp(1_795_000_000_000_000_000),
        end: None,
        line: None,
        worker: None,
        timeout_ms: None,
        failure: None,
        skip_reason: None,
        not_run: None,
        fixtures: vec![],
        tags: Default::default(),
    }
}
