//! Measures what the documents cost that pages open with: the head of a recording, and a run with failures.
//!
//! `cargo run --release -p flakescope-server --example document_cost -- [SPANS]`: a store of so many spans (200,000 when
//! not said) in recordings of 300. CPU time of this thread, the least and the mean (the kernel counts
//! in steps of some milliseconds, so that the least of what is short is 0); wall time at the 99th percentile.
//! Each number is of this machine at this moment, and compares with the others of the same output only.

use std::error::Error;
use std::fs;
use std::sync::Arc;
use std::time::Instant;

use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Attributes, Exit, Failure, Resource, Run,
    RunId, RunState, Span, SpanId, SpanKind, Test, Timestamp, TraceId, Value,
};
use server::document;
use store::{Batch, BatchId, Chunk, RunContext, Store, StoredDiagnosis};

/// Tests of a run, spans of a recording, and failures of the run that is looked at.
const TESTS: u64 = 100;
const SPANS: u64 = 300;
const FAILED: u64 = 14;
/// Spans when not said.
const USUAL: u64 = 200_000;
const MILLISECOND: i64 = 1_000_000;

type Done<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Done {
    let wanted = std::env::args().nth(1).map(|text| text.parse());
    let runs = (wanted.transpose()?.unwrap_or(USUAL) / (TESTS * SPANS)).max(2);
    let folder = tempfile::tempdir()?;
    let store = store::open(&folder.path().join("store"))?;
    for run in 0..runs {
        record(&*store, run, runs)?;
    }
    let last = runs - 1;
    diagnose(&*store, last)?;
    println!("{} spans in {runs} runs", runs * TESTS * SPANS);
    let head = |test: u64| -> Done {
        document::head(&*store, attempt_id(last, test))?;
        Ok(())
    };
    let run = || -> Done {
        let document = document::build(&*store, run_id(last))?;
        assert_eq!(document.run.counts.failed, FAILED);
        Ok(())
    };
    measure("head of a failure, first time", 1, |_| head(FAILED - 1))?;
    measure("run with 14 failures, first time", 1, |_| run())?;
    measure("head of a failure", 300, |round| head(round % FAILED))?;
    measure("head of a test that passed", 300, |round| {
        head(FAILED + round % 50)
    })?;
    measure("run with 14 failures", 20, |_| run())
}

fn measure(what: &str, rounds: u64, mut work: impl FnMut(u64) -> Done) -> Done {
    let (mut cpu, mut wall) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let (since, used) = (Instant::now(), cpu_millis()?);
        work(round)?;
        cpu.push(cpu_millis()? - used);
        wall.push(since.elapsed().as_secs_f64() * 1e3);
    }
    cpu.sort_by(f64::total_cmp);
    wall.sort_by(f64::total_cmp);
    let at = |times: &[f64], part: f64| times[((times.len() - 1) as f64 * part).round() as usize];
    println!(
        "{what:<34} CPU least {:>8.2} mean {:>8.2} ms; wall median {:>8.2} p99 {:>8.2} ms",
        cpu[0],
        cpu.iter().sum::<f64>() / cpu.len() as f64,
        at(&wall, 0.5),
        at(&wall, 0.99)
    );
    Ok(())
}

/// What this thread has used, from the kernel.
fn cpu_millis() -> Done<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos: f64 = text.split_whitespace().next().unwrap_or("0").parse()?;
    Ok(nanos / 1e6)
}

fn run_id(run: u64) -> RunId {
    let mut id = [0xaa; 16];
    id[..8].copy_from_slice(&mixed(run).to_be_bytes());
    RunId(id)
}

fn attempt_id(run: u64, test: u64) -> AttemptId {
    let mut id = [0xbb; 16];
    id[..8].copy_from_slice(&mixed(run * TESTS + test + 1_000_003).to_be_bytes());
    AttemptId(id)
}

/// A number that looks drawn at random.
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 31)).wrapping_mul(0x7fb5_d329_728e_a185);
    let number = (number ^ (number >> 27)).wrapping_mul(0x81da_def4_bc2d_d44d);
    number ^ (number >> 33)
}

fn started(run: u64) -> i64 {
    1_795_000_000_000_000_000 + run as i64 * 600_000 * MILLISECOND
}

fn record(store: &dyn Store, run: u64, runs: u64) -> Done {
    let is_last = run + 1 == runs;
    let branch = if is_last { "topic" } else { "main" };
    store.put_run(&Run {
        id: run_id(run),
        name: None,
        project: "shop".into(),
        command: vec!["npx".into(), "mocha".into()],
        started: Timestamp(started(run)),
        ended: Some(Timestamp(started(run) + 60_000 * MILLISECOND)),
        exit: Some(Exit::Code(i32::from(is_last))),
        state: RunState::Sealed,
        tags: [("vcs.ref.head.name".to_owned(), branch.to_owned())].into(),
        peers: vec![],
        parent: None,
        recorder_version: "0.1.0".into(),
    })?;
    let failed = if is_last { FAILED } else { 0 };
    // Only the last two runs are read; the others are as many spans and small.
    let whole = run + 2 >= runs;
    for part in 0..10 {
        let tests = part * TESTS / 10..(part + 1) * TESTS / 10;
        let mut id = [0; 16];
        id[..8].copy_from_slice(&(run * 10 + part).to_be_bytes());
        store.append(&Batch {
            id: BatchId(id),
            run_id: run_id(run),
            chunks: tests
                .clone()
                .map(|number| chunk(run, number, number < failed, whole))
                .collect(),
            attempts: tests
                .map(|number| (attempt(run, number, number < failed), test(number)))
                .collect(),
            gaps: vec![],
            processes: vec![],
            listeners: vec![],
        })?;
    }
    Ok(())
}

fn diagnose(store: &dyn Store, run: u64) -> Done {
    let context = RunContext::new(store, run_id(run), server::SIGNER)?;
    let mut kept = Vec::new();
    for failed in 0..FAILED {
        let attempt_id = attempt_id(run, failed);
        let evidence = context.evidence(attempt_id)?.ok_or("no such attempt")?;
        kept.push(StoredDiagnosis {
            attempt_id,
            run_id: run_id(run),
            test_id: evidence.attempt.test_id,
            evidence_hash: String::new(),
            diagnosis: diagnosis::diagnose(&evidence),
        });
    }
    Ok(store.put_diagnoses(&kept)?)
}

fn test(number: u64) -> Test {
    Test {
        project: "shop".into(),
        file: "test/shop.spec.js".into(),
        suite: vec!["shop".into()],
        name: format!("case {number}"),
        ordinal: 1,
        ..Test::default()
    }
}

fn attempt(run: u64, number: u64, failed: bool) -> Attempt {
    let start = started(run) + number as i64 * 500 * MILLISECOND;
    let failure = Failure {
        error_type: "AssertionError".into(),
        message: "expected 500 to equal 200".into(),
        ..Failure::default()
    };
    Attempt {
        id: attempt_id(run, number),
        run_id: run_id(run),
        test_id: test(number).id(),
        kind: AttemptKind::Test,
        number: 1,
        status: match failed {
            true => AttemptStatus::Failed,
            false => AttemptStatus::Passed,
        },
        retried: false,
        root_span_id: SpanId([7; 8]),
        start: Timestamp(start),
        end: Some(Timestamp(start + 450 * MILLISECOND)),
        line: Some(7),
        worker: None,
        timeout_ms: Some(2000),
        failure: failed.then_some(failure),
        skip_reason: None,
        not_run: None,
        fixtures: vec![],
        tags: Default::default(),
    }
}

/// A recording: its root and calls, the last of which is answered with 500 when the test failed.
fn chunk(run: u64, number: u64, failed: bool, whole: bool) -> Chunk {
    let trace_id = TraceId::from(attempt_id(run, number));
    let start = started(run) + number as i64 * 500 * MILLISECOND;
    let name = [("service.name", Value::from("shop"))];
    let resource = Arc::new(Resource {
        attributes: name.into_iter().collect(),
    });
    let root = SpanId([7; 8]);
    let spans = (0..SPANS).map(|at| {
        let is_root = at == 0;
        let start = start + at as i64 * MILLISECOND;
        let status = if failed && at + 1 == SPANS { 500 } else { 200 };
        let id = mixed(run * 1_000_000_007 + number * SPANS + at);
        Span {
            trace_id,
            span_id: if is_root {
                root
            } else {
                SpanId(id.to_be_bytes())
            },
            parent_span_id: (!is_root).then_some(root),
            name: "POST".into(),
            kind: if is_root {
                SpanKind::Internal
            } else {
                SpanKind::Client
            },
            start: Timestamp(start),
            end: Some(Timestamp(start + MILLISECOND / 2)),
            attributes: match (is_root, whole) {
                (true, _) => [("flakescope.span.type", Value::from("attempt"))]
                    .into_iter()
                    .collect(),
                (false, true) => call(at, status),
                (false, false) => [("http.request.method", Value::from("POST"))]
                    .into_iter()
                    .collect(),
            },
            events: vec![],
            links: vec![],
            status: Default::default(),
            resource: Arc::clone(&resource),
        }
    });
    Chunk {
        trace_id: Some(trace_id),
        spans: spans.collect(),
        logs: vec![],
    }
}

/// A call with a kilobyte of JSON each way.
fn call(at: u64, status: i64) -> Attributes {
    let host = format!("api-{}.example.org", at % 5);
    let url = format!("https://{host}/v1/orders/{at}");
    let item = format!(r#"{{"id":"{:x}","note":"leave at the door"}}"#, mixed(at));
    let body = format!("[{}]", vec![item; 20].join(","));
    [
        ("http.request.method", Value::from("POST")),
        ("url.full", Value::from(url)),
        ("server.address", Value::from(host)),
        ("server.port", Value::Int(443)),
        ("http.response.status_code", Value::Int(status)),
        ("http.request.body.content", Value::from(body.clone())),
        ("http.request.body.size", Value::Int(body.len() as i64)),
        ("http.response.body.content", Value::from(body)),
        ("flakescope.phase", Value::from("body")),
        ("flakescope.client", Value::from("node:http")),
        ("flakescope.attribution", Value::from("context")),
    ]
    .into_iter()
    .collect()
}
