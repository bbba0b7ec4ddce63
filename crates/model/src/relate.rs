//! What the spans of a recording say of each other: which call is only the outside of another, and for which part of the
//! test a service worked. A span alone does not show it, and the other may arrive later, so it is found out on reading.

use std::collections::HashMap;

use crate::attribute as name;
use crate::{Span, SpanId, SpanKind, Timestamp, TraceId, Value};

/// Parents are followed so far. Instrumentations nest less than ten; the bound keeps a loop of parents from going on.
const FARTHEST: usize = 64;

type Id = (TraceId, SpanId);

/// Marks calls that are the outside of others with `flakescope.wraps`, and gives calls without a phase that of the call
/// on whose behalf they were made. The spans are merged: each is there once. Doing it again changes nothing.
///
/// One call of a program may be told several times: by its client library, by an SDK's instrumentation of the HTTP
/// client below it, and by our agent below that. The innermost are the exchanges; those around them are its outside.
pub fn relate(spans: &mut [Span]) {
    let places: HashMap<Id, usize> = spans
        .iter()
        .enumerate()
        .map(|(at, span)| ((span.trace_id, span.span_id), at))
        .collect();
    let calls: Vec<usize> = (0..spans.len()).filter(|at| is_call(&spans[*at])).collect();
    let mut inner: HashMap<usize, (Timestamp, SpanId)> = HashMap::new();
    let mut phases: HashMap<usize, Value> = HashMap::new();
    for at in &calls {
        let phase = spans[*at].attributes.get(name::PHASE);
        let told = told(spans, &places, *at);
        let told = told.filter(|told| spans[*told].attributes.get(name::PHASE).is_none());
        if let (Some(told), Some(phase)) = (told, phase) {
            phases.insert(told, phase.clone());
        }
    }
    for at in calls {
        let call = &spans[at];
        for outside in outsides(spans, &places, at) {
            let found = (call.start, call.span_id);
            let first = inner.entry(outside).or_insert(found);
            *first = found.min(*first);
        }
        if call.attributes.get(name::PHASE).is_none() {
            let known = |above: usize| spans[above].attributes.get(name::PHASE);
            let phase = ancestors(spans, &places, at)
                .find_map(|above| known(above).or_else(|| phases.get(&above)))
                .cloned();
            phase.map(|phase| phases.entry(at).or_insert(phase));
        }
    }
    for (at, (_, call)) in inner {
        spans[at].attributes.set(name::WRAPS, call.to_string());
    }
    for (at, phase) in phases {
        spans[at].attributes.set(name::PHASE, phase);
    }
}

/// The calls around a call in its process: above it, and above what it is told to be made by on the wire.
fn outsides(spans: &[Span], places: &HashMap<Id, usize>, at: usize) -> impl Iterator<Item = usize> {
    let call = &spans[at];
    let own = ancestors(spans, places, at);
    let told = told(spans, places, at);
    let others = told
        .into_iter()
        .flat_map(move |told| std::iter::once(told).chain(ancestors(spans, places, told)));
    let within = move |above: &usize| is_within(&spans[*above], call);
    own.take_while(within)
        .chain(others.take_while(within))
        .filter(move |above| is_outside(&spans[*above], call))
}

/// The span of an SDK that wrote the `traceparent` of a call that our agent saw. It stands beside ours, not above it,
/// where the SDK hears of the call as we do (undici), and in another trace where it knows nothing of our test.
fn told(spans: &[Span], places: &HashMap<Id, usize>, at: usize) -> Option<usize> {
    let call = &spans[at];
    call.attributes.get(name::CLIENT)?;
    let caller = call.traceparent()?;
    let own = (call.trace_id, call.span_id);
    (caller != own).then(|| places.get(&caller).copied())?
}

/// The spans above a span, nearest first, as far as they have arrived.
fn ancestors(
    spans: &[Span],
    places: &HashMap<Id, usize>,
    at: usize,
) -> impl Iterator<Item = usize> {
    let above = move |at: &usize| {
        let span = &spans[*at];
        places.get(&(span.trace_id, span.parent_span_id?)).copied()
    };
    std::iter::successors(Some(at), above)
        .skip(1)
        .take(FARTHEST)
        .take_while(move |above| *above != at)
}

/// A CLIENT span with a request method.
fn is_call(span: &Span) -> bool {
    span.kind == SpanKind::Client && span.attributes.get(name::HTTP_METHOD).is_some()
}

/// Whether a span above a call is part of the same piece of work: not the request, message or test that asked for it,
/// and not of another process.
fn is_within(above: &Span, call: &Span) -> bool {
    let asks = matches!(above.kind, SpanKind::Server | SpanKind::Consumer);
    let same = |key| match (
        above.resource.attributes.get(key),
        call.resource.attributes.get(key),
    ) {
        (Some(one), Some(other)) => Some(one == other),
        _ => None,
    };
    // Agents and SDKs may call one process differently, so that its name decides only where no number is known.
    let is_same_process = same(name::PROCESS_PID).or_else(|| same(name::SERVICE_NAME));
    !asks && above.flakescope_type().is_none() && is_same_process.unwrap_or(true)
}

/// Whether a call above another is told from further out. What our agent saw is the call on the wire. A call that has an
/// answer of its own and asked for something else is a call of its own.
fn is_outside(above: &Span, call: &Span) -> bool {
    let is_ours = above.attributes.get(name::CLIENT).is_some();
    let is_answered = above.attributes.get(name::HTTP_STATUS).is_some();
    is_call(above) && !is_ours && (!is_answered || asks_the_same(above, call))
}

fn asks_the_same(one: &Span, other: &Span) -> bool {
    let same = |key| match (one.attributes.str(key), other.attributes.str(key)) {
        (Some(left), Some(right)) => left.eq_ignore_ascii_case(right),
        _ => true,
    };
    same(name::HTTP_METHOD) && same(name::SERVER_ADDRESS)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::{Attributes, Exchange, Resource, SpanStatus};

    fn id(number: u8) -> SpanId {
        SpanId([number; 8])
    }

    /// A span from a line: id, parent (0: none), kind, and facts `key=value`.
    fn span(line: &str) -> Span {
        let mut words = line.split_whitespace();
        let mut number = || words.next().unwrap().parse::<u8>().unwrap();
        let (own, parent) = (number(), number());
        let kind = match words.next().unwrap() {
            "client" => SpanKind::Client,
            "server" => SpanKind::Server,
            _ => SpanKind::Internal,
        };
        let mut trace = 1;
        let (mut attributes, mut resource) = (Attributes::new(), Attributes::new());
        for word in words {
            let (key, value) = word.split_once('=').unwrap();
            let (key, facts) = match key {
                "method" => (name::HTTP_METHOD, &mut attributes),
                "host" => (name::SERVER_ADDRESS, &mut attributes),
                "status" => (name::HTTP_STATUS, &mut attributes),
                "client" => (name::CLIENT, &mut attributes),
                "phase" => (name::PHASE, &mut attributes),
                "type" => (name::SPAN_TYPE, &mut attributes),
                "traceparent" => ("http.request.header.traceparent", &mut attributes),
                "trace" => {
                    trace = value.parse().unwrap();
                    continue;
                }
                "pid" => (name::PROCESS_PID, &mut resource),
                _ => (name::SERVICE_NAME, &mut resource),
            };
            let value = value.parse::<i64>().map_or(Value::from(value), Value::from);
            facts.set(key, value);
        }
        Span {
            trace_id: TraceId([trace; 16]),
            span_id: id(own),
            parent_span_id: (parent > 0).then(|| id(parent)),
            name: String::new(),
            kind,
            start: Timestamp(i64::from(own)),
            end: None,
            attributes,
            events: vec![],
            links: vec![],
            status: SpanStatus::default(),
            resource: Arc::new(Resource {
                attributes: resource,
            }),
        }
    }

    /// Of these spans, exactly the expected ones are exchanges.
    fn check(lines: &[&str], expected: &[u8]) {
        let mut spans: Vec<Span> = lines.iter().map(|line| span(line)).collect();
        relate(&mut spans);
        let calls = spans.iter().filter_map(Exchange::from_span);
        let found: Vec<SpanId> = calls.map(|call| call.span_id).collect();
        let expected: Vec<SpanId> = expected.iter().copied().map(id).collect();
        assert_eq!(found, expected, "{lines:#?}");
        let once = spans.clone();
        relate(&mut spans);
        assert_eq!(spans, once, "{lines:#?}");
    }

    #[test]
    fn a_call_is_an_exchange_once() {
        // A library's own span around an SDK's around ours.
        check(
            &[
                "1 0 client method=GET",
                "2 1 client method=GET status=200",
                "3 2 client method=GET client=undici status=200",
            ],
            &[3],
        );
        // Without ours the SDK's is the innermost.
        check(
            &["1 0 client method=GET", "2 1 client method=GET status=200"],
            &[2],
        );
        // Something of the library lies between them.
        check(
            &[
                "1 0 client method=GET",
                "2 1 internal",
                "3 2 client method=GET",
            ],
            &[3],
        );
        // Tries below one logical call are exchanges each.
        check(
            &[
                "1 0 client method=GET",
                "2 1 client method=GET status=500",
                "3 1 client method=GET status=200",
            ],
            &[2, 3],
        );
        // What was asked for before the call itself, such as a token, hides nothing that was answered.
        check(
            &[
                "1 0 client method=GET host=a status=200",
                "2 1 client method=POST host=b status=200",
            ],
            &[1, 2],
        );
        check(
            &[
                "1 0 client method=GET host=a status=200",
                "2 1 client method=get host=A status=200",
            ],
            &[2],
        );
        check(
            &[
                "1 0 client method=GET host=a",
                "2 1 client method=POST host=b status=200",
            ],
            &[2],
        );
    }

    #[test]
    fn a_call_made_for_a_call_is_another() {
        // The service that was asked asks another.
        check(
            &[
                "1 0 client method=GET client=fetch",
                "2 1 server",
                "3 2 client method=GET",
            ],
            &[1, 3],
        );
        check(
            &[
                "1 0 client method=GET",
                "2 1 server",
                "3 2 client method=GET",
            ],
            &[1, 3],
        );
        // It tells of no request that it received.
        check(
            &["1 0 client method=GET pid=1", "2 1 client method=GET pid=2"],
            &[1, 2],
        );
        check(
            &[
                "1 0 client method=GET name=a",
                "2 1 client method=GET name=b",
            ],
            &[1, 2],
        );
        check(
            &[
                "1 0 client method=GET pid=1 name=a",
                "2 1 client method=GET pid=1 name=b",
            ],
            &[2],
        );
        // Ours is on the wire: what is below it was made for it.
        check(
            &[
                "1 0 client method=GET client=fetch",
                "2 1 client method=GET",
            ],
            &[1, 2],
        );
        // A test is no call.
        check(
            &[
                "1 0 client method=GET type=attempt",
                "2 1 client method=GET",
            ],
            &[1, 2],
        );
    }

    #[test]
    fn an_sdk_beside_our_agent_tells_of_the_same_call() {
        let header = |by: u8| format!("traceparent=00-{}-{}-01", TraceId([1; 16]), id(by));
        let ours = |by: u8| {
            format!(
                "2 1 client method=PUT client=undici status=201 {}",
                header(by)
            )
        };
        let sdk = "3 1 client method=PUT status=201";
        check(&["1 0 server", &ours(3), sdk], &[2]);
        // Without an SDK the header is our own, or one that never arrived.
        check(&["1 0 server", &ours(2), sdk], &[2, 3]);
        check(&["1 0 server", &ours(9), sdk], &[2, 3]);
        // A request that is passed on with the header that it came with is no call of this process.
        check(&["1 0 server", &ours(1), sdk], &[2, 3]);
        let upstream = "3 0 client method=PUT client=fetch status=200";
        check(&["1 3 server", &ours(3), upstream], &[2, 3]);
    }

    #[test]
    fn an_sdk_with_a_trace_of_its_own_tells_of_the_same_call() {
        let header = format!("traceparent=00-{}-{}-01", TraceId([2; 16]), id(3));
        let ours = format!("1 0 client method=GET client=http phase=setup {header}");
        let sdk = [
            "2 0 internal trace=2",
            "3 2 client method=GET status=200 trace=2",
        ];
        let service = ["4 3 server trace=2", "5 4 client method=GET trace=2"];
        check(&[&ours, sdk[0], sdk[1]], &[1]);
        check(&[&ours, sdk[0], sdk[1], service[0], service[1]], &[1, 5]);
        let lines = [&ours, sdk[0], sdk[1], service[0], service[1]];
        let mut spans: Vec<Span> = lines.iter().map(|line| span(line)).collect();
        relate(&mut spans);
        let served = Exchange::from_span(&spans[4]).unwrap();
        assert_eq!(served.phase.as_str(), "setup");
    }

    #[test]
    fn parents_in_a_circle_end() {
        check(&["1 2 client method=GET", "2 1 client method=GET"], &[]);
        check(&["1 1 client method=GET"], &[1]);
    }

    #[test]
    fn a_call_is_of_the_phase_of_the_call_that_it_serves() {
        let check = |lines: &[&str], expected: &str| {
            let mut spans: Vec<Span> = lines.iter().map(|line| span(line)).collect();
            relate(&mut spans);
            let last = Exchange::from_span(spans.last().unwrap()).unwrap();
            assert_eq!(last.phase.as_str(), expected, "{lines:#?}");
        };
        check(
            &[
                "1 0 client method=GET client=fetch phase=teardown",
                "2 1 server",
                "3 2 client method=GET",
            ],
            "teardown",
        );
        check(
            &[
                "1 0 client method=GET phase=teardown",
                "2 1 client method=GET phase=setup",
            ],
            "setup",
        );
        check(
            &[
                "1 0 internal phase=setup",
                "2 1 client method=GET",
                "3 2 server",
                "4 3 client method=GET",
            ],
            "setup",
        );
        check(&["1 0 server", "2 1 client method=GET"], "body");
    }

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        let drawn = (0..9u8, 0..3u8, any::<bool>(), any::<bool>(), 0..2u8);
        prop::collection::vec(drawn, 0..9).prop_map(|spans| {
            let numbered = spans.into_iter().zip(1u8..);
            let line =
                |((parent, kind, ours, answered, host), own): ((u8, u8, bool, bool, u8), u8)| {
                    let kind = ["client method=GET", "server", "internal"][usize::from(kind)];
                    let ours = if ours { "client=fetch" } else { "" };
                    let answered = if answered { "status=200" } else { "" };
                    span(&format!(
                        "{own} {parent} {kind} {ours} {answered} host=h{host}"
                    ))
                };
            numbered.map(line).collect()
        })
    }

    /// Whether `below` hangs somewhere under `above`, with no server in between.
    fn hangs_under(spans: &[Span], below: &Span, above: &Span, steps: usize) -> bool {
        let parent = spans
            .iter()
            .find(|span| Some(span.span_id) == below.parent_span_id);
        parent.is_some_and(|parent| {
            parent.span_id == above.span_id
                || (steps > 0
                    && parent.kind != SpanKind::Server
                    && hangs_under(spans, parent, above, steps - 1))
        })
    }

    proptest! {
        #[test]
        fn outsides_are_those_that_a_search_finds(spans in spans()) {
            let mut related = spans.clone();
            relate(&mut related);
            for (above, found) in spans.iter().zip(&related) {
                let around = |below: &&Span| below.span_id != above.span_id && is_call(below)
                    && hangs_under(&spans, below, above, spans.len()) && is_outside(above, below);
                let expected = spans.iter().any(|span| around(&span));
                prop_assert_eq!(found.attributes.get(name::WRAPS).is_some(), expected);
            }
        }

        #[test]
        fn nothing_but_marks_changes(spans in spans()) {
            let mut related = spans.clone();
            relate(&mut related);
            for span in &mut related {
                span.attributes.remove(name::WRAPS);
                span.attributes.remove(name::PHASE);
            }
            prop_assert_eq!(related, spans);
        }
    }
}
