//! Measures what the decision on the store claims: bytes a span, and spans a second, beside the steps alone.
//!
//! `cargo run -p flakescope-store --example append_rate`; the figures go into `docs/design/0002-store.md`. Each number
//! is of this machine at this moment, and compares with the others of the same output only.

use std::error::Error;
use std::fs;
use std::sync::Arc;
use std::time::Instant;

use model::{
    Attributes, Resource, Run, RunId, RunState, Span, SpanId, SpanKind, Timestamp, TraceId, Value,
};
use store::{Batch, BatchId, Chunk};

const BATCHES: u64 = 400;
const SPANS: u64 = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let store = store::open(&folder.path().join("store"))?;
    store.put_run(&run())?;
    let batches: Vec<Batch> = (0..BATCHES).map(batch).collect();
    let spans = (BATCHES * SPANS) as f64;

    let mut encoded = 0;
    measure("encode and compress alone", spans, || {
        for batch in &batches {
            encoded += archive::chunk::encode(&batch.chunks[0].spans, &[])?.len();
        }
        Ok(())
    })?;
    measure("append, a batch of 100 spans each", spans, || {
        batches.iter().try_for_each(|batch| store.append(batch))?;
        Ok(())
    })?;
    measure("read and merge, trace by trace", spans, || {
        for batch in &batches {
            let trace = batch.chunks[0].trace_id.unwrap_or(TraceId([0; 16]));
            assert_eq!(
                store::recording(store.as_ref(), trace)?.spans.len() as u64,
                SPANS
            );
        }
        Ok(())
    })?;
    for what in ["sums of all calls, first time", "sums of all calls"] {
        measure(what, spans, || {
            assert!(!store::calls(store.as_ref(), &Default::default())?.is_empty());
            Ok(())
        })?;
    }
    drop(store);
    let disk = fs::metadata(folder.path().join("store/store.db"))?.len();
    println!(
        "compressed chunk   {:>8.0} bytes a span",
        encoded as f64 / spans
    );
    println!(
        "database           {:>8.0} bytes a span",
        disk as f64 / spans
    );
    Ok(())
}

fn measure(
    what: &str,
    spans: f64,
    work: impl FnOnce() -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let (wall, cpu) = (Instant::now(), cpu_seconds()?);
    work()?;
    let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
    println!(
        "{what:<34} {:>9.0} spans/s, {:>9.0} spans/CPU-s",
        spans / wall,
        spans / cpu
    );
    Ok(())
}

/// What this thread has used, from the kernel.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/self/schedstat")?;
    let nanos: f64 = text.split_whitespace().next().unwrap_or("0").parse()?;
    Ok(nanos / 1e9)
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

fn batch(n: u64) -> Batch {
    let mut random = Random(n + 1);
    let trace = TraceId(random.bytes());
    let attributes = [
        ("service.name", Value::from("shop")),
        ("process.pid", Value::Int(41)),
    ];
    let resource = Arc::new(Resource {
        attributes: attributes.into_iter().collect(),
    });
    let spans = (0..SPANS)
        .map(|_| exchange(trace, &resource, &mut random))
        .collect();
    Batch {
        id: BatchId(random.bytes()),
        run_id: RunId([1; 16]),
        chunks: vec![Chunk {
            trace_id: Some(trace),
            spans,
            logs: vec![],
        }],
        attempts: vec![],
        gaps: vec![],
        processes: vec![],
        listeners: vec![],
    }
}

/// An exchange as the Node agent records it: some twenty attributes, and 700 bytes of JSON each way.
fn exchange(trace_id: TraceId, resource: &Arc<Resource>, random: &mut Random) -> Span {
    let id = random.next();
    let start = 1_795_000_000_000_000_000 + (id >> 20) as i64;
    Span {
        trace_id,
        span_id: SpanId(id.to_le_bytes()),
        parent_span_id: Some(SpanId([1; 8])),
        name: "POST".into(),
        kind: SpanKind::Client,
        start: Timestamp(start),
        end: Some(Timestamp(start + (id % 60_000_000) as i64)),
        attributes: attributes(id, random),
        events: vec![],
        links: vec![],
        status: Default::default(),
        resource: Arc::clone(resource),
    }
}

fn attributes(id: u64, random: &mut Random) -> Attributes {
    let host = format!("api-{}.example.org", id % 5);
    [
        ("http.request.method", Value::from("POST")),
        (
            "url.full",
            Value::from(format!("https://{host}/v1/orders/{:x}", random.next())),
        ),
        ("server.address", Value::from(host)),
        ("server.port", Value::Int(443)),
        ("http.response.status_code", Value::Int(200)),
        (
            "http.request.header.content-type",
            Value::from(vec!["application/json".to_owned()]),
        ),
        (
            "http.request.header.authorization",
            Value::from(vec!["Bearer [masked:1a2b:0123456789ab]".to_owned()]),
        ),
        (
            "http.request.header.user-agent",
            Value::from(vec!["axios/1.7.2".to_owned()]),
        ),
        (
            "http.response.header.content-type",
            Value::from(vec!["application/json".to_owned()]),
        ),
        (
            "http.response.header.x-request-id",
            Value::from(vec![format!("{:x}", random.next())]),
        ),
        ("http.request.body.content", Value::from(json(random))),
        ("http.request.body.size", Value::Int(700)),
        ("http.response.body.content", Value::from(json(random))),
        ("http.response.body.size", Value::Int(700)),
        (
            "flakescope.http.request.body.hash",
            Value::from(format!("{:016x}{:016x}", random.next(), random.next())),
        ),
        (
            "flakescope.http.response.body.hash",
            Value::from(format!("{:016x}{:016x}", random.next(), random.next())),
        ),
        (
            "flakescope.http.first_byte_offset_ns",
            Value::Int((id % 50_000_000) as i64),
        ),
        ("flakescope.phase", Value::from("body")),
        ("flakescope.client", Value::from("node:http")),
        ("flakescope.attribution", Value::from("context")),
    ]
    .into_iter()
    .collect()
}

fn json(random: &mut Random) -> String {
    let item = |random: &mut Random| {
        format!(
            r#"{{"id":"{:x}","sku":"sku-{}","quantity":{},"note":"leave at the door"}}"#,
            random.next(),
            random.next() % 1000,
            random.next() % 9
        )
    };
    let items: Vec<String> = (0..9).map(|_| item(random)).collect();
    format!(r#"{{"items":[{}]}}"#, items.join(","))
}

/// xorshift: the same data in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes(&mut self) -> [u8; 16] {
        (u128::from(self.next()) << 64 | u128::from(self.next())).to_le_bytes()
    }
}
