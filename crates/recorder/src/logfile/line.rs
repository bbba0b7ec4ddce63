//! A line of a service's log file to a log record. Pure: the time of receipt is an argument.

use std::sync::Arc;

use model::{Attributes, Log, Resource, SpanId, Timestamp, TraceId, Value};

use crate::json;

/// Names under which loggers write a fact, the usual ones first.
const LEVEL: &[&str] = &[
    "level",
    "severity",
    "lvl",
    "severity_text",
    "log.level",
    "levelname",
];
const MESSAGE: &[&str] = &["msg", "message", "body", "event"];
const TIME: &[&str] = &["time", "timestamp", "@timestamp", "ts", "date"];
const TRACE: &[&str] = &[
    "trace_id",
    "traceId",
    "traceid",
    "trace.id",
    "traceID",
    "otelTraceID",
];
const SPAN: &[&str] = &[
    "span_id",
    "spanId",
    "spanid",
    "span.id",
    "spanID",
    "otelSpanID",
];

/// Reads a line: a JSON object with the facts that loggers write, or plain text.
pub(super) fn read(line: &[u8], received: Timestamp) -> Log {
    let object = Some(line).filter(|line| line.first() == Some(&b'{'));
    match object.and_then(json::read) {
        Some(Value::Map(pairs)) => structured(pairs.into_iter().collect(), received),
        _ => plain(&String::from_utf8_lossy(line), received),
    }
}

fn structured(mut facts: Attributes, received: Timestamp) -> Log {
    let (severity, severity_text) = take(&mut facts, LEVEL, level).unwrap_or_default();
    Log {
        trace_id: take(&mut facts, TRACE, |value| id(value.as_str()?)),
        span_id: take(&mut facts, SPAN, |value| {
            value.as_str()?.parse::<SpanId>().ok()
        }),
        time: take(&mut facts, TIME, time).unwrap_or(received),
        severity,
        severity_text,
        body: take(&mut facts, MESSAGE, |value| Some(value.clone())).unwrap_or(Value::Empty),
        attributes: facts,
        resource: Arc::new(Resource::default()),
    }
}

fn plain(text: &str, received: Timestamp) -> Log {
    Log {
        trace_id: trace_in(text),
        span_id: None,
        time: received,
        severity: 0,
        severity_text: String::new(),
        body: Value::from(text),
        attributes: Attributes::new(),
        resource: Arc::new(Resource::default()),
    }
}

/// Takes out the first fact of these names that can be read; one that cannot stays what it is.
fn take<T>(
    facts: &mut Attributes,
    names: &[&str],
    read: impl Fn(&Value) -> Option<T>,
) -> Option<T> {
    let (name, found) = names
        .iter()
        .find_map(|name| Some((name, read(facts.get(name)?)?)))?;
    facts.remove(name);
    Some(found)
}

/// The number of OTLP and the logger's own word for a level: a word, or a number of bunyan and pino.
fn level(value: &Value) -> Option<(u8, String)> {
    let words: &[(u8, &[&str], i64)] = &[
        (1, &["trace", "silly"], 10),
        (5, &["debug", "verbose"], 20),
        (9, &["info", "information", "notice"], 30),
        (13, &["warn", "warning"], 40),
        (17, &["error", "err"], 50),
        (
            21,
            &["fatal", "critical", "alert", "emergency", "panic"],
            60,
        ),
    ];
    if let Some(number) = value.as_int() {
        let (severity, names, _) = words.iter().find(|(.., known)| *known == number)?;
        return Some((*severity, names[0].to_owned()));
    }
    let text = value.as_str()?;
    let lower = text.to_ascii_lowercase();
    let known = words.iter().find(|(_, names, _)| names.contains(&&*lower));
    Some((known.map_or(0, |(severity, ..)| *severity), text.to_owned()))
}

/// An instant as RFC 3339, or as a number since the epoch whose size tells its unit.
fn time(value: &Value) -> Option<Timestamp> {
    if let Some(text) = value.as_str() {
        let instant: jiff::Timestamp = text.parse().ok()?;
        return i64::try_from(instant.as_nanosecond()).ok().map(Timestamp);
    }
    let number = match value {
        Value::Int(number) => *number as f64,
        Value::Double(number) => *number,
        _ => return None,
    };
    // Years 1973 to 5138 in each unit.
    let unit = [
        (1e8, 1e11, 1e9),
        (1e11, 1e14, 1e6),
        (1e14, 1e17, 1e3),
        (1e17, 9.2e18, 1.0),
    ];
    let nanos = unit
        .iter()
        .find(|(least, most, _)| (*least..*most).contains(&number))
        .map(|(_, _, nanos)| nanos);
    match value {
        Value::Int(whole) => Some(Timestamp(whole.checked_mul(*nanos? as i64)?)),
        _ => Some(Timestamp((number * nanos?) as i64)),
    }
}

fn id(text: &str) -> Option<TraceId> {
    let trace: TraceId = text.parse().ok()?;
    (trace.0 != [0; TraceId::BYTES]).then_some(trace)
}

/// The trace id behind `trace_id=` and the like, or in a `traceparent`.
fn trace_in(text: &str) -> Option<TraceId> {
    let lower = text.to_ascii_lowercase();
    lower.match_indices("trace").find_map(|(at, _)| {
        let rest = &lower[at + "trace".len()..];
        let rest = ["_id", ".id", "-id", "id", "parent"]
            .iter()
            .find_map(|end| rest.strip_prefix(end))?;
        let rest = rest.trim_start_matches(['"', '\'', ' ', ':', '=']);
        id(rest.strip_prefix("00-").unwrap_or(rest).get(..32)?)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp(7);
    const ID: &str = "0af7651916cd43dd8448eb211c80319c";

    /// Time, severity, its word, body, trace, names of what is left.
    fn check(line: &str, expected: (i64, u8, &str, &str, bool, &[&str])) {
        let log = read(line.as_bytes(), NOW);
        let left: Vec<&str> = log.attributes.iter().map(|(key, _)| key).collect();
        let found = (
            log.time.0,
            log.severity,
            &*log.severity_text,
            log.body.as_str().unwrap_or_default(),
            log.trace_id == Some(ID.parse().unwrap()),
            &*left,
        );
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn loggers_are_understood() {
        let line = |rest: &str| format!(r#"{{"msg":"hello"{rest}}}"#);
        check(&line(""), (7, 0, "", "hello", false, &[]));
        check(
            &line(r#","level":30,"time":1795374962936,"pid":5"#),
            (
                1_795_374_962_936_000_000,
                9,
                "info",
                "hello",
                false,
                &["pid"],
            ),
        );
        check(
            &line(r#","level":"WARN","timestamp":"2026-11-22T10:00:00Z""#),
            (1_795_341_600_000_000_000, 13, "WARN", "hello", false, &[]),
        );
        check(
            &line(r#","ts":1795374962.5,"severity":"odd""#),
            (1_795_374_962_500_000_000, 0, "odd", "hello", false, &[]),
        );
        check(
            &line(&format!(
                r#","trace_id":"{ID}","span_id":"b7ad6b7169203331""#
            )),
            (7, 0, "", "hello", true, &[]),
        );
        check(
            &line(r#","traceId":"none","time":true"#),
            (7, 0, "", "hello", false, &["time", "traceId"]),
        );
        check(
            r#"{"message":"hello","level":"error"}"#,
            (7, 17, "error", "hello", false, &[]),
        );
    }

    #[test]
    fn plain_text_is_a_body() {
        for line in ["hello", "", "{not json", "[1]"] {
            check(line, (7, 0, "", line, false, &[]));
        }
        let with = [
            format!("x trace_id={ID} y"),
            format!("\"TraceId\": \"{ID}\""),
            format!("traceparent: 00-{ID}-b7ad6b7169203331-01"),
        ];
        for line in with {
            check(&line, (7, 0, "", &line, true, &[]));
        }
        check(
            "trace_id=00000000000000000000000000000000",
            (
                7,
                0,
                "",
                "trace_id=00000000000000000000000000000000",
                false,
                &[],
            ),
        );
    }

    proptest! {
        #[test]
        fn any_line_can_be_read(line in prop::collection::vec(any::<u8>(), 0..200), text in ".{0,60}") {
            read(&line, NOW);
            read(format!("trace_id={text}").as_bytes(), NOW);
            read(format!(r#"{{"time":{text}}}"#).as_bytes(), NOW);
        }
    }
}
