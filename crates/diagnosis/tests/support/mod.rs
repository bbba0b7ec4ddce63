//! Builds evidence in a few words: calls become spans as an agent writes them, times are milliseconds since the start
//! of the attempt.

#![expect(dead_code, reason = "each test binary uses a part of it")]

pub(crate) mod alone;
pub(crate) mod answers;
pub(crate) mod contents;
pub(crate) mod contracts;
pub(crate) mod entities;
pub(crate) mod gateways;
pub(crate) mod habits;
pub(crate) mod links;
pub(crate) mod machine;
pub(crate) mod marks;
pub(crate) mod neighbours;
pub(crate) mod operations;
pub(crate) mod polls;
pub(crate) mod stories;
pub(crate) mod tables;
pub(crate) mod weighed;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Attributes, Baseline, BaselineBasis,
    CallSignature, Event, Evidence, Failure, PastAttempt, PeerDeclaration, Phase, Recording,
    Resource, Role, RunFacts, RunId, Sighting, Span, SpanId, SpanKind, SpanStatus, Test, Timestamp,
    Touch, TraceId, Value, attribute,
};

/// 2026-11-22 18:42:45 UTC.
const EPOCH_NANOS: i64 = 1_795_372_965_000_000_000;
const MILLI: i64 = 1_000_000;

/// The other test, where its name does not matter.
const CLEANER: &str = "orders › are cleaned up";

/// One network attempt.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) start: i64,
    pub(crate) end: Option<i64>,
    attributes: Attributes,
    /// The call, counted from 1, for which this one is made.
    inside: Option<u64>,
    /// Its process, if that is not the test's.
    process: Option<i64>,
}

pub(crate) fn call(method: &str, url: &str, start: i64) -> Call {
    let mut attributes = Attributes::new();
    attributes.set(attribute::HTTP_METHOD, method);
    attributes.set(attribute::URL_FULL, url);
    attributes.set(attribute::PHASE, "body");
    Call {
        start,
        end: Some(start + 20),
        attributes,
        inside: None,
        process: None,
    }
}

pub(crate) fn get(url: &str, start: i64) -> Call {
    call("GET", url, start)
}

pub(crate) fn post(url: &str, start: i64) -> Call {
    call("POST", url, start)
}

impl Call {
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.attributes.set(name, value);
        self
    }

    pub(crate) fn sends(self, body: &str) -> Self {
        self.with(attribute::HTTP_REQUEST_BODY, body)
    }

    pub(crate) fn takes(mut self, millis: i64) -> Self {
        self.end = Some(self.start + millis);
        self
    }

    pub(crate) fn stays_open(mut self) -> Self {
        self.end = None;
        self
    }

    pub(crate) fn phase(self, phase: &str) -> Self {
        self.with(attribute::PHASE, phase)
    }

    /// Answered with JSON.
    pub(crate) fn answers(self, status: i64, body: &str) -> Self {
        self.answers_as(status, "application/json", body)
    }

    pub(crate) fn answers_as(self, status: i64, kind: &str, body: &str) -> Self {
        self.with(attribute::HTTP_STATUS, status)
            .with(attribute::HTTP_RESPONSE_BODY, body)
            .with(attribute::RESPONSE_COMPLETE, true)
            .header("content-type", kind)
    }

    /// A header of the answer.
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        self.with(
            &format!("http.response.header.{name}"),
            vec![value.to_owned()],
        )
    }

    /// A header of the request.
    pub(crate) fn request_header(self, name: &str, value: &str) -> Self {
        self.with(
            &format!("http.request.header.{name}"),
            vec![value.to_owned()],
        )
    }

    pub(crate) fn fails(self, code: &str, message: &str) -> Self {
        self.with(attribute::ERROR_TYPE, code)
            .with(attribute::ERROR_MESSAGE, message)
    }

    pub(crate) fn aborted_by(self, who: &str) -> Self {
        self.with(attribute::ABORTED_BY, who)
    }

    pub(crate) fn credential(self, pseudonym: &str) -> Self {
        let masked = format!("Bearer [masked:1a2b:{pseudonym}]");
        self.with(attribute::CREDENTIAL_SCHEME, "Bearer")
            .with(attribute::CREDENTIAL_PSEUDONYM, pseudonym)
            .request_header("authorization", &masked)
    }

    /// Made by whoever answers that call, counted from 1.
    pub(crate) fn inside(mut self, outer: u64) -> Self {
        self.inside = Some(outer);
        self
    }

    /// Made in another process than that of the test.
    pub(crate) fn in_process(mut self, pid: i64) -> Self {
        self.process = Some(pid);
        self
    }

    /// The same request, with nothing known of its answer.
    pub(crate) fn without_answer(mut self) -> Self {
        let of_answer = |name: &str| {
            let parts = ["http.response.", "flakescope.http.response.", "error."];
            parts.iter().any(|part| name.starts_with(part)) || name == attribute::ABORTED_BY
        };
        self.attributes = self
            .attributes
            .into_iter()
            .filter(|(name, _)| !of_answer(name))
            .collect();
        self
    }

    /// Replaces a text wherever it stands.
    pub(crate) fn replace(&mut self, old: &str, new: &str) {
        for (_, value) in self.attributes.iter_mut() {
            if let Value::String(text) = value {
                *text = text.replace(old, new);
            }
        }
    }

    fn span(&self, trace: TraceId, root: SpanId, id: u64, shift: i64) -> Span {
        let instant = |millis: i64| Timestamp(EPOCH_NANOS + shift + millis * MILLI);
        Span {
            trace_id: trace,
            span_id: SpanId(id.to_be_bytes()),
            parent_span_id: Some(
                self.inside
                    .map_or(root, |outer| SpanId(outer.to_be_bytes())),
            ),
            name: "call".into(),
            kind: SpanKind::Client,
            start: instant(self.start),
            end: self.end.map(instant),
            attributes: self.attributes.clone(),
            events: Vec::new(),
            links: Vec::new(),
            status: SpanStatus::default(),
            resource: self.process.map_or_else(Arc::default, of_process),
        }
    }
}

/// What names itself after its process.
fn of_process(pid: i64) -> Arc<Resource> {
    let mut resource = Resource::default();
    resource.attributes.set(attribute::PROCESS_PID, pid);
    resource
        .attributes
        .set(attribute::SERVICE_NAME, format!("process {pid}"));
    Arc::new(resource)
}

/// A failing attempt, and what there is to compare it with.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) calls: Vec<Call>,
    pub(crate) fixture: Vec<Call>,
    pub(crate) passing: Option<Vec<Call>>,
    pub(crate) passing_fixture: Vec<Call>,
    /// Further passing recordings.
    pub(crate) further: Vec<Vec<Call>>,
    pub(crate) failure: Failure,
    pub(crate) failed_at: i64,
    pub(crate) status: AttemptStatus,
    pub(crate) timeout_ms: Option<u64>,
    pub(crate) peers: Vec<PeerDeclaration>,
    pub(crate) facts: RunFacts,
    /// What other tests wrote in the run of the passing recording.
    pub(crate) touches_there: Vec<Touch>,
    pub(crate) name: String,
    /// Whether the evidence has the signatures of the passing recordings.
    pub(crate) signed: bool,
    /// Shifts the whole failing attempt, in nanoseconds.
    pub(crate) shift: i64,
}

impl Story {
    /// A test that made these calls and failed at 5 s with an error that says nothing about them.
    pub(crate) fn of(calls: Vec<Call>) -> Self {
        Self {
            calls,
            fixture: Vec::new(),
            passing: None,
            passing_fixture: Vec::new(),
            further: Vec::new(),
            failure: Failure {
                error_type: "Error".into(),
                message: "the order could not be placed".into(),
                phase: Some(Phase::Body),
                ..Failure::default()
            },
            failed_at: 5_000,
            status: AttemptStatus::Failed,
            timeout_ms: None,
            peers: vec![
                declare(
                    "AWS Lambda",
                    "lambda.eu-west-1.amazonaws.com",
                    Role::Dependency,
                ),
                declare("search", "127.0.0.1:9200", Role::Infrastructure),
                declare("shop", "127.0.0.1:3000", Role::Product),
                declare("payments", "127.0.0.1:7000", Role::Dependency),
            ],
            facts: RunFacts::default(),
            touches_there: Vec::new(),
            name: "test".into(),
            signed: false,
            shift: 0,
        }
    }

    pub(crate) fn named(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }

    pub(crate) fn passing(mut self, calls: Vec<Call>) -> Self {
        self.passing = Some(calls);
        self
    }

    /// One more passing recording.
    pub(crate) fn and_passing(mut self, calls: Vec<Call>) -> Self {
        self.further.push(calls);
        self
    }

    /// Another test of the run wrote this, at a time of this attempt.
    pub(crate) fn touched(self, method: &str, path: &str, at: i64, ids: &[&str]) -> Self {
        self.touched_by(CLEANER, method, path, at, ids)
    }

    /// The same, by the test of this name.
    pub(crate) fn touched_by(
        mut self,
        test: &str,
        method: &str,
        path: &str,
        at: i64,
        ids: &[&str],
    ) -> Self {
        let touch = touch(test, (method, path), at, ids);
        self.facts.touches.push(touch);
        self
    }

    /// Another test of the passing run wrote this, at a time of the passing attempt.
    pub(crate) fn touched_there(self, method: &str, path: &str, at: i64, ids: &[&str]) -> Self {
        self.touched_there_by(CLEANER, method, path, at, ids)
    }

    /// The same, by the test of this name.
    pub(crate) fn touched_there_by(
        mut self,
        test: &str,
        method: &str,
        path: &str,
        at: i64,
        ids: &[&str],
    ) -> Self {
        let touch = touch(test, (method, path), at, ids);
        self.touches_there.push(touch);
        self
    }

    /// What other tests wrote, they wrote to the server at this port.
    pub(crate) fn others_at(&self, port: u16) -> Self {
        let mut story = self.clone();
        let touches = story.facts.touches.iter_mut();
        for touch in touches.chain(&mut story.touches_there) {
            touch.call.port = Some(port);
        }
        story
    }

    /// With the signatures of its passing recordings.
    pub(crate) fn signed(mut self) -> Self {
        self.signed = true;
        self
    }

    /// A statement of another test, of which its verb is known.
    pub(crate) fn touched_statement(mut self, path: &str, verb: &str, at: i64) -> Self {
        let mut touch = touch("another test", ("POST", path), at, &[]);
        touch.call.operation = Some(verb.into());
        self.facts.touches.push(touch);
        self
    }

    /// The test failed so often on this commit, and never passed.
    pub(crate) fn failed_here(mut self, times: u8) -> Self {
        self.facts.commit = Some("aaaa".into());
        self.facts.past = (0..times).map(past).collect();
        self
    }

    pub(crate) fn says(mut self, error_type: &str, message: &str) -> Self {
        self.failure.error_type = error_type.into();
        self.failure.message = message.into();
        self
    }

    /// Failed over an assertion that wanted the one value and got the other, both as JSON.
    pub(crate) fn compares(mut self, expected: &str, actual: &str) -> Self {
        self.failure.expected = Some(expected.into());
        self.failure.actual = Some(actual.into());
        self.says("AssertionError", "Expected values to be strictly equal")
    }

    pub(crate) fn fails_at(mut self, millis: i64) -> Self {
        self.failed_at = millis;
        self
    }

    pub(crate) fn in_phase(mut self, phase: Phase) -> Self {
        self.failure.phase = Some(phase);
        self
    }

    pub(crate) fn limit(mut self, millis: i64) -> Self {
        self.timeout_ms = Some(millis.unsigned_abs());
        self.failed_at = millis;
        self.says("Error", &format!("Timeout of {millis}ms exceeded. For async tests and hooks, ensure \"done()\" is called"))
    }

    /// The cause was seen before, on another commit.
    pub(crate) fn seen(mut self, fingerprint: &str) -> Self {
        self.facts = RunFacts {
            commit: Some("aaaa".into()),
            sightings: vec![Sighting {
                fingerprint: fingerprint.into(),
                commit: Some("bbbb".into()),
                branch: Some("main".into()),
                attempts: 4,
            }],
            ..self.facts
        };
        self
    }

    pub(crate) fn evidence(&self) -> Evidence {
        let attempt = self.attempt(1, self.status);
        let fixtures = if self.fixture.is_empty() {
            Vec::new()
        } else {
            vec![recording(9, &self.fixture, None, self.shift)]
        };
        let failed = (self.status == AttemptStatus::Failed).then_some(self.failed_at);
        Evidence {
            test: Test {
                name: self.name.clone(),
                ordinal: 1,
                ..Test::default()
            },
            recording: recording(1, &self.calls, failed, self.shift),
            fixtures,
            baseline: self.passing.as_ref().map(|calls| self.baseline(calls)),
            variants: self
                .further
                .iter()
                .map(|calls| Baseline {
                    touches: Vec::new(),
                    ..self.baseline(calls)
                })
                .collect(),
            signatures: self.signatures(),
            peers: self.peers.clone(),
            listeners: Vec::new(),
            facts: self.shifted_facts(),
            attempt,
        }
    }

    /// The signatures of the passing recordings, where they are wanted.
    fn signatures(&self) -> Vec<model::Signature> {
        let passing = self.passing.iter().chain(&self.further);
        let signed = passing
            .filter(|_| self.signed)
            .enumerate()
            .map(|(at, calls)| {
                let baseline = self.baseline(calls);
                let mut attempt = baseline.attempt;
                // Each passing recording is of an attempt of its own, the first of them the one to compare with.
                if at > 0 {
                    attempt.id = model::AttemptId([100 + at as u8; 16]);
                }
                diagnosis::signature(&attempt, &baseline.recording, &[], &self.peers, &[])
            });
        signed.collect()
    }

    /// What other tests did meanwhile moves with the attempt.
    fn shifted_facts(&self) -> RunFacts {
        let mut facts = self.facts.clone();
        for touch in &mut facts.touches {
            touch.call.start = Timestamp(touch.call.start.0 + self.shift);
            touch.call.end = touch.call.end.map(|end| Timestamp(end.0 + self.shift));
        }
        facts
    }

    fn baseline(&self, calls: &[Call]) -> Baseline {
        let fixtures = if self.passing_fixture.is_empty() {
            Vec::new()
        } else {
            vec![recording(8, &self.passing_fixture, None, 0)]
        };
        Baseline {
            attempt: Attempt {
                failure: None,
                ..self.attempt(2, AttemptStatus::Passed)
            },
            recording: recording(2, calls, None, 0),
            fixtures,
            listeners: Vec::new(),
            basis: BaselineBasis::Newest,
            run_started: Timestamp(EPOCH_NANOS - 1_000 * MILLI),
            tags: BTreeMap::new(),
            touches: self.touches_there.clone(),
        }
    }

    fn attempt(&self, trace: u8, status: AttemptStatus) -> Attempt {
        let start = Timestamp(EPOCH_NANOS + if trace == 1 { self.shift } else { 0 });
        Attempt {
            id: AttemptId([trace; 16]),
            run_id: RunId([trace; 16]),
            test_id: model::TestId([7; 16]),
            kind: AttemptKind::Test,
            number: 1,
            status,
            retried: false,
            root_span_id: SpanId([0xaa; 8]),
            start,
            end: (status != AttemptStatus::Unfinished)
                .then_some(Timestamp(start.0 + (self.failed_at + 5) * MILLI)),
            line: None,
            worker: None,
            timeout_ms: self.timeout_ms,
            failure: (status == AttemptStatus::Failed).then(|| self.failure.clone()),
            skip_reason: None,
            not_run: None,
            fixtures: Vec::new(),
            tags: BTreeMap::new(),
        }
    }
}

/// A write of another test to the shop.
fn touch(test: &str, (method, path): (&str, &str), at: i64, ids: &[&str]) -> Touch {
    let instant = |millis: i64| Timestamp(EPOCH_NANOS + millis * MILLI);
    Touch {
        attempt_id: AttemptId([3; 16]),
        test: test.into(),
        worker: Some("2".into()),
        call: CallSignature {
            span_id: SpanId([3; 8]),
            start: instant(at),
            end: Some(instant(at + 10)),
            phase: Phase::Body,
            in_fixture: false,
            peer: "shop".into(),
            host: "127.0.0.1".into(),
            port: Some(3000),
            method: method.into(),
            path: path.into(),
            template: path.into(),
            operation: None,
            ids: Vec::new(),
            made: ids.iter().map(|id| (*id).into()).collect(),
            request: 0,
            reply: 0,
            outcome: "200".into(),
            fine: true,
            refused: false,
            tries: 1,
            credential: None,
            writes: true,
            mocked: false,
        },
    }
}

fn past(number: u8) -> PastAttempt {
    PastAttempt {
        attempt_id: AttemptId([100 + number; 16]),
        run_id: RunId([100 + number; 16]),
        status: AttemptStatus::Failed,
        start: Timestamp(EPOCH_NANOS - i64::from(number) * 1_000 * MILLI),
        commit: Some("aaaa".into()),
        branch: None,
        said: None,
        fingerprint: None,
    }
}

pub(crate) fn declare(name: &str, host: &str, role: Role) -> PeerDeclaration {
    PeerDeclaration {
        name: name.into(),
        hosts: vec![host.into()],
        process: None,
        role,
    }
}

fn recording(trace: u8, calls: &[Call], failed_at: Option<i64>, shift: i64) -> Recording {
    let trace_id = TraceId([trace; 16]);
    let root = SpanId([0xaa; 8]);
    let instant = |millis: i64| Timestamp(EPOCH_NANOS + shift + millis * MILLI);
    let mut spans = vec![Span {
        trace_id,
        span_id: root,
        parent_span_id: None,
        name: "test".into(),
        kind: SpanKind::Internal,
        start: instant(0),
        end: failed_at.map(|at| instant(at + 5)),
        attributes: [(attribute::SPAN_TYPE, "attempt")].into_iter().collect(),
        events: failed_at
            .map(|at| Event {
                name: attribute::EXCEPTION_EVENT.into(),
                time: instant(at),
                attributes: Attributes::new(),
            })
            .into_iter()
            .collect(),
        links: Vec::new(),
        status: SpanStatus::default(),
        resource: match calls.iter().any(|call| call.process.is_some()) {
            true => of_process(1),
            false => Arc::default(),
        },
    }];
    spans.extend(
        calls
            .iter()
            .zip(1_u64..)
            .map(|(call, id)| call.span(trace_id, root, id, shift)),
    );
    spans.sort_by_key(|span| (span.start, span.span_id));
    Recording {
        spans,
        logs: Vec::new(),
        gaps: Vec::new(),
    }
}

/// What a diagnosis concludes, in short: `rate-limited dependency established`.
pub(crate) fn conclusion(diagnosis: &model::Diagnosis) -> String {
    if diagnosis.cause == model::Cause::Undetermined {
        return "undetermined".to_owned();
    }
    format!(
        "{} {} {}",
        diagnosis.cause.as_str(),
        diagnosis.owner.as_str(),
        diagnosis.confidence.as_str()
    )
}
