//! What a recording asked of its peers and what came back: to be added up over many recordings.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::{Body, Listener, PeerDeclaration, Recording, Response, Role};

use super::{CallName, Shape};
use crate::calls::{self, Call, Directory, Outcome, Try};
use crate::signature::outcome;
use crate::trouble::Trouble;

/// Different outcomes and headers kept of one endpoint.
const KINDS: usize = 32;
/// Refused so often before its first answer, a peer was starting; once may be its own trouble.
const STARTING: usize = 2;

/// What was asked of peers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traffic {
    /// By endpoint; the peer is named as diagnoses name it.
    pub endpoints: BTreeMap<CallName, Endpoint>,
}

/// What was asked of an endpoint of a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The role of the peer.
    pub role: Role,
    /// Logical calls: the tries of one request count once.
    pub calls: u64,
    /// Network attempts, without those that only waited for the peer to start.
    pub tries: u64,
    /// Of them, those that were refused or broken, by how: `429`, `timeout`, `ECONNRESET`; at most 32 ways.
    pub errors: BTreeMap<String, u64>,
    /// How long each try took that was answered.
    pub latencies: Vec<Duration>,
    /// What answers said of allowances, by header in lower case; at most 32 headers.
    pub allowances: BTreeMap<String, Allowance>,
    /// What became of refusals that may pass.
    pub recovery: Recovery,
    /// What answers that are no errors look like.
    pub shape: Shape,
}

/// A header that tells of an allowance: `retry-after`, or one of a rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allowance {
    /// Answers that had it.
    pub answers: u64,
    /// The lowest value, where it is a whole number.
    pub lowest: Option<u64>,
    /// The highest value, where it is a whole number.
    pub highest: Option<u64>,
}

/// Refusals of a kind that may pass: 429, 5xx, a reset, a timeout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovery {
    /// Tried again, and the next try succeeded.
    pub helped: u64,
    /// Tried again.
    pub tried_again: u64,
    /// Not tried again.
    pub given_up: u64,
}

impl Traffic {
    /// Adds what another recording asked.
    pub fn add(&mut self, other: Self) {
        for (name, theirs) in other.endpoints {
            match self.endpoints.get_mut(&name) {
                Some(ours) => ours.add(theirs),
                None => {
                    self.endpoints.insert(name, theirs);
                }
            }
        }
    }
}

impl Endpoint {
    fn new(role: Role) -> Self {
        Self {
            role,
            calls: 0,
            tries: 0,
            errors: BTreeMap::new(),
            latencies: Vec::new(),
            allowances: BTreeMap::new(),
            recovery: Recovery::default(),
            shape: Shape::default(),
        }
    }

    /// Adds what another recording asked of it.
    pub fn add(&mut self, other: Self) {
        if self.role == Role::Unknown {
            self.role = other.role;
        }
        self.calls += other.calls;
        self.tries += other.tries;
        for (error, count) in other.errors {
            if let Some(sum) = room(&mut self.errors, error) {
                *sum += count;
            }
        }
        self.latencies.extend(other.latencies);
        for (header, seen) in other.allowances {
            if let Some(sum) = room(&mut self.allowances, header) {
                sum.add(seen);
            }
        }
        self.recovery.helped += other.recovery.helped;
        self.recovery.tried_again += other.recovery.tried_again;
        self.recovery.given_up += other.recovery.given_up;
        self.shape.add(other.shape);
    }

    /// Counts a call but for its first tries, of which so many are left out.
    fn count(&mut self, call: &Call, left_out: usize) {
        self.calls += 1;
        for (at, one) in call.tries.iter().enumerate().skip(left_out) {
            self.tries += 1;
            if !one.is_fine()
                && let Some(sum) = room(&mut self.errors, outcome(one))
            {
                *sum += 1;
            }
            if let Some(response) = &one.exchange.response {
                self.answered(response);
                let end = one.exchange.end;
                self.latencies
                    .extend(end.map(|end| end.since(one.exchange.start)));
            }
            self.recovery.count(one, call.tries.get(at + 1));
            self.learn(one);
        }
    }

    fn learn(&mut self, one: &Try) {
        let body = one
            .exchange
            .response
            .as_ref()
            .map(|response| &response.body);
        if let Some(text) = body.filter(|body| !body.truncated).and_then(Body::text)
            && one.is_fine()
        {
            self.shape.learn(text);
        }
    }

    fn answered(&mut self, response: &Response) {
        for header in &response.headers {
            let name = header.name.to_ascii_lowercase();
            if is_allowance(&name)
                && let Some(sum) = room(&mut self.allowances, name)
            {
                let value = header.value.trim().parse().ok();
                sum.add(Allowance {
                    answers: 1,
                    lowest: value,
                    highest: value,
                });
            }
        }
    }
}

impl Allowance {
    fn add(&mut self, other: Self) {
        self.answers += other.answers;
        self.lowest = self.lowest.into_iter().chain(other.lowest).min();
        self.highest = self.highest.max(other.highest);
    }
}

impl Recovery {
    fn count(&mut self, one: &Try, next: Option<&Try>) {
        let may_pass = match one.outcome() {
            Outcome::Refused { status, .. } => status >= 500 || matches!(status, 408 | 425 | 429),
            Outcome::Broken(_) => true,
            Outcome::Fine { .. } | Outcome::Open => false,
        };
        match next {
            _ if !may_pass => {}
            Some(next) => {
                self.tried_again += 1;
                self.helped += u64::from(next.is_fine());
            }
            None => self.given_up += 1,
        }
    }
}

/// How many of a call's first tries only waited until the peer had started: refused again and again, until it answered.
fn while_starting(call: &Call) -> usize {
    let is_refused = |one: &&Try| matches!(one.outcome(), Outcome::Broken(Trouble::Refused));
    let refused = call.tries.iter().take_while(is_refused).count();
    let then = call.tries.get(refused);
    let answers = then.is_some_and(|one| one.exchange.response.is_some());
    if answers && refused >= STARTING {
        refused
    } else {
        0
    }
}

/// The entry of a key, if it is there or there is room for it.
fn room<V: Default>(map: &mut BTreeMap<String, V>, key: String) -> Option<&mut V> {
    if map.len() >= KINDS && !map.contains_key(&key) {
        return None;
    }
    Some(map.entry(key).or_default())
}

/// `retry-after`, the `ratelimit` headers of the IETF's draft, and those that came before it.
fn is_allowance(name: &str) -> bool {
    const FAMILIES: [&str; 4] = ["ratelimit", "x-ratelimit", "x-rate-limit", "x-rate-limits"];
    name == "retry-after"
        || FAMILIES.iter().any(|family| {
            name.strip_prefix(family)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
}

/// What a recording asked of its peers, in a run that declares these and has these server sockets. Calls that an
/// interceptor answered reached nobody and are left out; so are tries of a peer that was starting, whose refusals are none
/// of its errors. A peer that had answered before is not starting.
#[must_use]
pub fn traffic(
    recording: &Recording,
    peers: &[PeerDeclaration],
    listeners: &[Listener],
) -> Traffic {
    let mut traffic = Traffic::default();
    let mut asked = BTreeSet::new();
    for call in calls::read(Directory::of(peers, listeners), recording, &[], None) {
        if call.tries[0].exchange.mocked.is_some() {
            continue;
        }
        let key = &call.signature;
        let name = CallName {
            peer: call.peer.name.clone(),
            method: key.method.clone(),
            template: key.template.clone(),
            operation: key.operation.clone(),
        };
        let one = &call.tries[0].exchange;
        let is_first = asked.insert((one.host.clone(), one.port));
        let left_out = if is_first { while_starting(&call) } else { 0 };
        let endpoint = traffic.endpoints.entry(name);
        endpoint
            .or_insert_with(|| Endpoint::new(call.peer.role))
            .count(&call, left_out);
    }
    traffic
}

#[cfg(test)]
mod tests {
    use model::{Span, SpanId, SpanKind, Timestamp, TraceId, Value};

    use super::*;

    /// A try at a second that took 100 ms.
    fn one(second: i64, status: i64, header: Option<(&str, &str)>) -> Span {
        let mut attributes: model::Attributes = [
            ("http.request.method", Value::from("GET")),
            ("url.full", Value::from("https://api.example.org/stock/17")),
            ("server.address", Value::from("api.example.org")),
            ("http.response.status_code", Value::from(status)),
        ]
        .into_iter()
        .collect();
        if let Some((name, value)) = header {
            let name = format!("http.response.header.{name}");
            attributes.set(&name, Value::from(vec![value.to_owned()]));
        }
        let start = Timestamp(second * 1_000_000_000);
        Span {
            trace_id: TraceId([1; 16]),
            span_id: SpanId([u8::try_from(second).unwrap_or_default() + 1; 8]),
            parent_span_id: None,
            name: "GET".into(),
            kind: SpanKind::Client,
            start,
            end: Some(start.plus(Duration::from_millis(100))),
            attributes,
            events: vec![],
            links: vec![],
            status: Default::default(),
            resource: Default::default(),
        }
    }

    fn seen(spans: Vec<Span>) -> Traffic {
        let recording = Recording {
            spans,
            ..Recording::default()
        };
        traffic(&recording, &[], &[])
    }

    #[test]
    fn what_was_asked_is_counted_by_endpoint() {
        let limit = Some(("x-ratelimit-remaining", "4"));
        let mut all = seen(vec![one(0, 429, limit), one(1, 200, None)]);
        all.add(seen(vec![one(0, 503, Some(("Retry-After", "7")))]));
        all.add(seen(vec![one(
            0,
            404,
            Some(("x-ratelimit-remaining", "3")),
        )]));
        let (name, endpoint) = all.endpoints.iter().next().unwrap();
        assert_eq!(name.to_string(), "GET api.example.org /stock/*");
        assert_eq!((endpoint.calls, endpoint.tries), (3, 4));
        let errors: Vec<_> = endpoint
            .errors
            .iter()
            .map(|(k, v)| (k.as_str(), *v))
            .collect();
        assert_eq!(errors, [("404", 1), ("429", 1), ("503", 1)]);
        let remaining = endpoint.allowances["x-ratelimit-remaining"];
        assert_eq!(
            (remaining.answers, remaining.lowest, remaining.highest),
            (2, Some(3), Some(4))
        );
        assert_eq!(endpoint.allowances["retry-after"].answers, 1);
        let Recovery {
            helped,
            tried_again,
            given_up,
        } = endpoint.recovery;
        assert_eq!((helped, tried_again, given_up), (1, 1, 1));
        assert_eq!(endpoint.latencies.len(), 4);
    }

    /// A try at a second that nobody was there to answer.
    fn refused(second: i64) -> Span {
        let mut span = one(second, 0, None);
        let kept = span.attributes.iter();
        let kept = kept.filter(|(key, _)| *key != "http.response.status_code");
        let mut attributes: model::Attributes = kept
            .map(|(key, value)| (key.to_owned(), value.clone()))
            .collect();
        attributes.set("error.type", Value::from("ECONNREFUSED"));
        span.attributes = attributes;
        span
    }

    #[test]
    fn refusals_of_a_peer_that_starts_are_no_errors() {
        let check = |spans: Vec<Span>, tries: u64, errors: u64| {
            let all = seen(spans);
            let endpoint = all.endpoints.values().next().unwrap();
            let found: u64 = endpoint.errors.values().sum();
            assert_eq!((endpoint.tries, found), (tries, errors));
            assert_eq!(endpoint.recovery.tried_again > 0, tries > 1 && errors > 0);
        };
        let answered = |second| one(second, 200, None);
        check(vec![refused(0), refused(1), refused(2), answered(3)], 1, 0);
        // Once is an error, and so is a peer that never comes, or that goes after it had answered.
        check(vec![refused(0), answered(1)], 2, 1);
        check(vec![refused(0), refused(1), refused(2)], 3, 3);
        check(
            vec![answered(0), refused(10), refused(11), answered(12)],
            4,
            2,
        );
    }

    #[test]
    fn allowances_are_known_by_their_headers() {
        let check = |name: &str, expected| assert_eq!(is_allowance(name), expected, "{name}");
        check("retry-after", true);
        check("ratelimit", true);
        check("ratelimit-reset", true);
        check("x-ratelimit-remaining", true);
        check("x-rate-limit-limit", true);
        check("x-ratelimiter", false);
        check("content-type", false);
    }
}
