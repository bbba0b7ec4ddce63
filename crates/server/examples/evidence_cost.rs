//! Measures what it costs to say why a run's failures failed: 1,000 failing attempts of 50 tests, and 20 earlier runs in
//! which they passed, all recordings of 300 spans (or as many as are asked for) with a kilobyte of JSON each way. Then what
//! it costs to find that as many passing attempts are like the others.
//!
//! `cargo run --release -p flakescope-server --example evidence_cost -- [FAILURES [SPANS]]`. Twice: with no signature kept, as
//! after an update, and with all that are made in the first time. Wall time and CPU time of the process; each number is of
//! this machine at this moment, and compares with the others of the same output only.

use std::error::Error;
use std::fs;
use std::sync::Arc;
use std::time::Instant;

use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Attributes, Failure, Resource, Run, RunId,
    RunState, Span, SpanId, SpanKind, Test, Timestamp, TraceId, Value,
};
use server::SIGNER;
use store::{Batch, BatchId, Chunk, RunContext, Store};

/// That of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const TESTS: u64 = 50;
const PASSING_RUNS: u64 = 20;
const LONG: u64 = 300;
const USUAL: u64 = 1_000;
const MILLISECOND: i64 = 1_000_000;

type Done<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Done {
    let given = |at: usize| std::env::args().nth(at).map(|text| text.parse::<u64>());
    let failures = given(1).transpose()?.unwrap_or(USUAL);
    let spans = given(2).transpose()?.unwrap_or(LONG);
    let folder = tempfile::tempdir()?;
    let store = store::open(&folder.path().join("store"))?;
    for run in 0..PASSING_RUNS {
        record(&*store, run, (TESTS, spans), false)?;
    }
    record(&*store, PASSING_RUNS, (failures, spans), true)?;
    let failed: Vec<AttemptId> = (0..failures)
        .map(|number| attempt_id(PASSING_RUNS, number))
        .collect();
    println!(
        "{failures} failures of {TESTS} tests, {PASSING_RUNS} passing recordings of each, {spans} spans"
    );
    for time in ["first time", "signatures kept"] {
        measure(&format!("evidence, {time}"), &*store, &failed, |_| ())?;
    }
    measure("evidence and diagnosis", &*store, &failed, |evidence| {
        std::hint::black_box(diagnosis::diagnose(&evidence));
    })?;
    measure("and its hash", &*store, &failed, |evidence| {
        std::hint::black_box(diagnosis::diagnose(&evidence));
        std::hint::black_box(archive::evidence::hash(&evidence).unwrap_or_default());
    })?;
    let last = PASSING_RUNS + 1;
    record(&*store, last, (failures, spans), false)?;
    for time in ["first time", "signatures kept"] {
        measure_passes(time, &*store, last, failures)?;
    }
    Ok(())
}

/// Asks of all attempts of a run that passed whether they may be odd, as the end of a run does.
fn measure_passes(time: &str, store: &dyn Store, run: u64, count: u64) -> Done {
    let passed: Vec<Attempt> = (0..count).map(|at| attempt(run, at, false)).collect();
    let (since, used) = (Instant::now(), cpu_seconds()?);
    let context = RunContext::new(store, run_id(run), SIGNER)?;
    let mut odd = 0;
    for may_differ in context.may_differ(&passed, diagnosis::may_be_unlike) {
        odd += usize::from(may_differ? == Some(true));
    }
    drop(context);
    println!(
        "{:<28} wall {:>6.1} s, CPU {:>6.1} s; {odd} may be odd",
        format!("{count} passes, {time}"),
        since.elapsed().as_secs_f64(),
        cpu_seconds()? - used,
    );
    Ok(())
}

fn measure(
    what: &str,
    store: &dyn Store,
    failed: &[AttemptId],
    work: impl Fn(model::Evidence) + Sync,
) -> Done {
    let (since, used) = (Instant::now(), cpu_seconds()?);
    let context = RunContext::new(store, run_id(PASSING_RUNS), SIGNER)?;
    let mut signatures = 0;
    let counted = |evidence: model::Evidence| {
        let count = evidence.signatures.len();
        work(evidence);
        count
    };
    for count in context.each(failed, counted) {
        signatures += count?.ok_or("no such attempt")?;
    }
    drop(context);
    println!(
        "{what:<28} wall {:>6.1} s, CPU {:>6.1} s; {:.1} signatures each",
        since.elapsed().as_secs_f64(),
        cpu_seconds()? - used,
        signatures as f64 / failed.len() as f64
    );
    Ok(())
}

/// What this process has used, from the kernel, in steps of a hundredth of a second.
fn cpu_seconds() -> Done<f64> {
    let text = fs::read_to_string("/proc/self/stat")?;
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum();
    Ok(ticks / 100.0)
}

fn run_id(run: u64) -> RunId {
    let mut id = [0xaa; 16];
    id[..8].copy_from_slice(&mixed(run).to_be_bytes());
    RunId(id)
}

fn attempt_id(run: u64, number: u64) -> AttemptId {
    let mut id = [0xbb; 16];
    id[..8].copy_from_slice(&mixed(run * 100_003 + number + 1_000_003).to_be_bytes());
    AttemptId(id)
}

/// A number that looks drawn at random.
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 31)).wrapping_mul(0x7fb5_d329_728e_a185);
    let number = (number ^ (number >> 27)).wrapping_mul(0x81da_def4_bc2d_d44d);
    number ^ (number >> 33)
}

fn started(run: u64) -> i64 {
    1_795_000_000_000_000_000 + run as i64 * 6_000_000 * MILLISECOND
}

fn record(store: &dyn Store, run: u64, (attempts, spans): (u64, u64), failed: bool) -> Done {
    store.put_run(&Run {
        id: run_id(run),
        name: None,
        project: "shop".into(),
        command: vec!["npx".into(), "mocha".into()],
        started: Timestamp(started(run)),
        ended: None,
        exit: None,
        state: RunState::Sealed,
        tags: [("vcs.ref.head.name".to_owned(), "main".to_owned())].into(),
        peers: vec![],
        parent: None,
        recorder_version: "0.1.0".into(),
    })?;
    for part in 0..attempts.div_ceil(25) {
        let numbers = part * 25..attempts.min((part + 1) * 25);
        let mut id = [0; 16];
        id[..8].copy_from_slice(&(run * 1_000 + part).to_be_bytes());
        store.append(&Batch {
            id: BatchId(id),
            run_id: run_id(run),
            chunks: numbers
                .clone()
                .map(|number| chunk(run, number, spans, failed))
                .collect(),
            attempts: numbers
                .map(|number| (attempt(run, number, failed), test(number % TESTS)))
                .collect(),
            gaps: vec![],
            processes: vec![],
            listeners: vec![],
        })?;
    }
    Ok(())
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
        test_id: test(number % TESTS).id(),
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
fn chunk(run: u64, number: u64, count: u64, failed: bool) -> Chunk {
    let trace_id = TraceId::from(attempt_id(run, number));
    let start = started(run) + number as i64 * 500 * MILLISECOND;
    let resource = Arc::new(Resource {
        attributes: [("service.name", Value::from("shop"))]
            .into_iter()
            .collect(),
    });
    let root = SpanId([7; 8]);
    let spans = (0..count).map(|at| {
        let is_root = at == 0;
        let start = start + at as i64 * MILLISECOND;
        let status = if failed && at + 1 == count { 500 } else { 200 };
        let id = mixed(run * 1_000_000_007 + number * count + at);
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
            attributes: match is_root {
                true => [("flakescope.span.type", Value::from("attempt"))]
                    .into_iter()
                    .collect(),
                false => call(at, mixed(run * 100_003 + number), status),
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

/// A call with a kilobyte of JSON each way, whose identifiers no other recording has.
fn call(at: u64, seed: u64, status: i64) -> Attributes {
    let host = format!("api-{}.example.org", at % 5);
    let url = format!("https://{host}/v1/orders/{}", mixed(seed) % 1_000_000);
    let item = |n: u64| {
        let id = mixed(seed.wrapping_add(at * 20 + n));
        format!(r#"{{"id":"{id:016x}","note":"leave at the door"}}"#)
    };
    let items: Vec<String> = (0..20).map(item).collect();
    let body = format!("[{}]", items.join(","));
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
