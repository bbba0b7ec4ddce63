//! A run with a real spool, a real session and a real store, and a readable description of what it became.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as they do")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{Exchange, Exit, RunId, RunState, Timestamp, Value};
use recorder::door::Inbox;
use recorder::{
    Capture, Key, MaskRules, Masker, Session, SessionOptions, Spool, SpoolOptions, Summary,
};
use store::{AttemptQuery, Store};
use tempfile::TempDir;

/// The run of every test.
pub(crate) const RUN: RunId = RunId([7; 16]);
/// An instant for everything that asks for one.
pub(crate) const NOW: Timestamp = Timestamp(1_795_000_000_000_000_000);

/// A session that is going on.
pub(crate) struct Run {
    pub(crate) base: TempDir,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) dir: PathBuf,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) session: Session,
}

impl Run {
    pub(crate) fn start() -> Self {
        Self::start_with(store::open_in_memory().unwrap(), &MaskRules::default())
    }

    pub(crate) fn start_with(store: Arc<dyn Store>, rules: &MaskRules) -> Self {
        let base = tempfile::tempdir().unwrap();
        let spool = Spool::create(RUN, &spool_options(base.path()), &key()).unwrap();
        let dir = spool.dir().to_owned();
        let inbox = Arc::new(Inbox::default());
        let session = Session::start(SessionOptions {
            store: Arc::clone(&store),
            spool,
            inbox: Arc::clone(&inbox),
            endpoints: vec!["http://127.0.0.1:4318".into()],
            log_files: Vec::new(),
            run: run(),
            masker: Arc::new(Masker::new(rules, key()).unwrap()),
            project: "shop".into(),
            project_root: "/p".into(),
            clock: || NOW,
        });
        Self {
            base,
            store,
            dir,
            inbox,
            session: session.unwrap(),
        }
    }

    /// Adds bytes to a segment, as an agent does.
    pub(crate) fn write(&self, segment: &str, text: &[u8]) {
        let path = self.dir.join(segment);
        let file = fs::OpenOptions::new().create(true).append(true).open(path);
        file.unwrap().write_all(text).unwrap();
    }

    /// Waits until the session has seen so many spans.
    pub(crate) fn wait_for_spans(&self, spans: u64) {
        while self.session.progress().spans < spans {
            std::thread::yield_now();
        }
    }

    pub(crate) fn finish(self) -> Recording {
        let summary = self.session.finish(Some(Exit::Code(1)));
        Recording {
            left: fs::read_dir(self.base.path()).unwrap().count(),
            store: self.store,
            summary,
        }
    }
}

/// What a session left in its store.
pub(crate) struct Recording {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) summary: Summary,
    /// Entries left in the folder of spools.
    pub(crate) left: usize,
}

impl Recording {
    /// Records the segments of a folder of `tests/data`.
    pub(crate) fn of(name: &str) -> Self {
        let run = Run::start();
        for (segment, text) in segments(name) {
            run.write(&segment, &text);
        }
        run.finish()
    }

    /// All chunks of the run as they are stored.
    pub(crate) fn raw(&self) -> Vec<store::Chunk> {
        let query = AttemptQuery {
            run: Some(RUN),
            ..AttemptQuery::default()
        };
        let attempts = self.store.attempts(&query).unwrap();
        let of_attempts = attempts
            .iter()
            .flat_map(|(attempt, _)| self.store.chunks(attempt.id.into()).unwrap());
        of_attempts
            .chain(self.store.unattributed(RUN).unwrap())
            .collect()
    }

    /// Everything in the store about the run, one line per fact.
    pub(crate) fn describe(&self) -> String {
        let mut text = String::new();
        let out = &mut text;
        self.describe_run(out);
        for process in self.store.processes(RUN).unwrap() {
            writeln!(
                out,
                "process {} tests:{} ended:{:?} {:?}",
                process.agent, process.runs_tests, process.ended, process.command
            )
            .unwrap();
        }
        for listener in self.store.listeners(RUN).unwrap() {
            writeln!(
                out,
                "listener {} {} open:{} tests:{}",
                listener.service, listener.host, listener.open, listener.runs_tests
            )
            .unwrap();
        }
        self.describe_attempts(out);
        for chunk in self.store.unattributed(RUN).unwrap() {
            writeln!(out, "unattributed: {} spans", chunk.spans.len()).unwrap();
            chunk
                .logs
                .iter()
                .for_each(|log| writeln!(out, "  log {:?}", log.body).unwrap());
        }
        text
    }

    fn describe_run(&self, out: &mut String) {
        let run = self.store.run(RUN).unwrap().unwrap();
        let s = &self.summary;
        assert_eq!(run, s.run);
        writeln!(
            out,
            "run {} exit:{:?} tags:{:?}",
            run.state.as_str(),
            run.exit,
            run.tags
        )
        .unwrap();
        writeln!(
            out,
            "{} spans, {} exchanges, {} processes, {} attempts",
            s.spans, s.exchanges, s.processes, s.attempts
        )
        .unwrap();
        writeln!(out, "problems {:?}, spools left {}", s.problems, self.left).unwrap();
        assert_eq!(self.store.gaps(RUN).unwrap().len(), s.gaps.len());
        for gap in &s.gaps {
            let place = [gap.trace_id.map(|_| "trace"), gap.span_id.map(|_| "span")];
            let place: Vec<_> = place.into_iter().flatten().collect();
            writeln!(
                out,
                "gap {} x{} {} {}",
                gap.kind,
                gap.count,
                place.join(" "),
                gap.detail.as_deref().unwrap_or_default()
            )
            .unwrap();
        }
    }

    fn describe_attempts(&self, out: &mut String) {
        let query = AttemptQuery {
            run: Some(RUN),
            ..AttemptQuery::default()
        };
        let attempts = self.store.attempts(&query).unwrap();
        let mut names = BTreeMap::new();
        for (attempt, test) in &attempts {
            names.insert(attempt.id, test.title());
        }
        for (attempt, test) in &attempts {
            writeln!(
                out,
                "{:?} {} [{}] #{} {} retried:{} file:{}:{:?} timeout:{:?} worker:{:?} skip:{:?} not_run:{:?}",
                attempt.kind,
                test.title(),
                test.ordinal,
                attempt.number,
                attempt.status.as_str(),
                attempt.retried,
                test.file,
                attempt.line,
                attempt.timeout_ms,
                attempt.worker,
                attempt.skip_reason,
                attempt.not_run
            )
            .unwrap();
            if let Some(failure) = &attempt.failure {
                writeln!(
                    out,
                    "  failure {} {:?} {:?} expected:{:?} actual:{:?}",
                    failure.error_type,
                    failure.message,
                    failure.phase,
                    failure.expected,
                    failure.actual
                )
                .unwrap();
            }
            for fixture in &attempt.fixtures {
                writeln!(out, "  uses {}", names[&(*fixture).into()]).unwrap();
            }
            if !attempt.tags.is_empty() {
                writeln!(out, "  tags {:?}", attempt.tags).unwrap();
            }
            self.describe_trace(attempt.id.into(), out);
        }
    }

    fn describe_trace(&self, trace: model::TraceId, out: &mut String) {
        let chunks = self.store.chunks(trace).unwrap();
        let spans =
            model::merge::spans(chunks.iter().flat_map(|chunk| chunk.spans.iter().cloned()));
        for span in &spans {
            match Exchange::from_span(span) {
                Some(exchange) => describe_exchange(&exchange, out),
                None => writeln!(
                    out,
                    "  span {} {} ended:{}",
                    span.flakescope_type().unwrap_or("-"),
                    span.name,
                    span.end.is_some()
                )
                .unwrap(),
            }
        }
        for log in model::merge::logs(chunks.into_iter().flat_map(|chunk| chunk.logs)) {
            writeln!(out, "  log {} {:?}", log.severity, log.body).unwrap();
        }
    }
}

fn describe_exchange(exchange: &Exchange, out: &mut String) {
    let status = exchange
        .status()
        .map_or("no answer".into(), |status| status.to_string());
    writeln!(
        out,
        "  call {} {} {} -> {status} {:?}",
        exchange.phase.as_str(),
        exchange.method,
        port_free(&exchange.url),
        exchange.error
    )
    .unwrap();
    for name in [
        "authorization",
        "cookie",
        "x-api-key",
        "x-auth-token",
        "client-secret",
    ] {
        if let Some(value) = exchange.request_header(name) {
            writeln!(out, "    {name}: {value}").unwrap();
        }
    }
    if let Some(value) = exchange
        .response
        .as_ref()
        .and_then(|response| response.header("set-cookie"))
    {
        writeln!(out, "    set-cookie: {value}").unwrap();
    }
    if let Some(credential) = &exchange.credential {
        writeln!(out, "    {credential:?}").unwrap();
    }
    let bodies = [
        Some(&exchange.request_body),
        exchange.response.as_ref().map(|response| &response.body),
    ];
    for body in bodies.into_iter().flatten() {
        match &body.content {
            Some(Value::String(text)) if !text.is_empty() => {
                writeln!(
                    out,
                    "    body {:?}",
                    text.chars().take(200).collect::<String>()
                )
                .unwrap();
            }
            Some(Value::Bytes(bytes)) => {
                writeln!(out, "    body of {} bytes", bytes.len()).unwrap()
            }
            _ => {}
        }
    }
}

fn port_free(url: &str) -> String {
    url.split(':')
        .map(|part| part.trim_start_matches(|digit: char| digit.is_ascii_digit()))
        .collect::<Vec<_>>()
        .join(":")
}

/// The segments of a folder of `tests/data`, by name.
pub(crate) fn segments(name: &str) -> BTreeMap<String, Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name);
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

pub(crate) fn key() -> Key {
    Key::from_hex(&"07".repeat(32)).unwrap()
}

pub(crate) fn spool_options(base: &Path) -> SpoolOptions {
    SpoolOptions {
        base: base.to_owned(),
        cap_bytes: 64 << 20,
        segment_bytes: 4 << 20,
        capture: Capture::default(),
        declared_hosts: Vec::new(),
        store_dir: base.join("store"),
        project_root: "/p".into(),
    }
}

pub(crate) fn run() -> model::Run {
    model::Run {
        id: RUN,
        name: None,
        project: "shop".into(),
        command: vec!["mocha".into()],
        started: NOW,
        ended: None,
        exit: None,
        state: RunState::Recording,
        tags: BTreeMap::new(),
        peers: Vec::new(),
        parent: None,
        recorder_version: "0".into(),
    }
}
