//! A line of the spool to a record. Pure and tolerant: what cannot be read of a record is counted and left out, and only
//! a record without its identity is given up.

use std::sync::Arc;

use model::{
    Attributes, Event, GapKind, Link, Log, Resource, Span, SpanId, SpanKind, SpanStatus,
    StatusCode, Timestamp, TraceId, Value, attribute,
};

use crate::json;

/// What a line says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Record {
    Head(Head),
    Span(Box<Span>),
    Log(Box<Log>),
    Listen(Listen),
    /// What a process has started: for the agents in that, not for us.
    Spawn,
    Tag(Tag),
    Gap(NotedGap),
    End {
        exited: bool,
    },
}

/// The process that writes a segment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Head {
    pub(crate) pid: u32,
    pub(crate) parent_pid: u32,
    pub(crate) thread: u64,
    pub(crate) agent: String,
    pub(crate) argv: Vec<String>,
    pub(crate) attributes: Attributes,
}

/// A server socket was opened or closed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listen {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) time: Timestamp,
    pub(crate) open: bool,
}

/// A tag set from inside a test.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tag {
    pub(crate) trace_id: Option<TraceId>,
    pub(crate) key: String,
    pub(crate) value: String,
}

/// Something that the agent knows that it did not record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NotedGap {
    pub(crate) kind: GapKind,
    pub(crate) count: u64,
    pub(crate) trace_id: Option<TraceId>,
    pub(crate) span_id: Option<SpanId>,
    pub(crate) detail: Option<String>,
}

/// A record, and how many parts of it could not be read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decoded {
    pub(crate) record: Record,
    pub(crate) lost: u64,
}

/// Reads one line. Spans and logs come without a resource; that is in the segment's head.
///
/// # Errors
/// The gap that stands for the line: `record-invalid` or `record-unknown`.
pub(crate) fn line(text: &[u8]) -> Result<Decoded, GapKind> {
    let Some(Value::Map(pairs)) = json::read(text) else {
        return Err(GapKind::RecordInvalid);
    };
    let mut fields = Fields {
        pairs: pairs.into_iter().collect(),
        lost: 0,
    };
    let kind = fields.text("t").ok_or(GapKind::RecordInvalid)?;
    let record = match kind.as_str() {
        "head" => Some(Record::Head(head(&mut fields))),
        "span" => span(&mut fields).map(|span| Record::Span(Box::new(span))),
        "log" => Some(Record::Log(Box::new(log(&mut fields)))),
        "listen" => listen(&mut fields).map(Record::Listen),
        "spawn" => Some(Record::Spawn),
        "tag" => tag(&mut fields).map(Record::Tag),
        "gap" => Some(Record::Gap(gap(&mut fields)?)),
        "end" => Some(Record::End {
            exited: fields.text("reason").as_deref() != Some("rotate"),
        }),
        _ => return Err(GapKind::RecordUnknown),
    };
    let record = record.ok_or(GapKind::RecordInvalid)?;
    Ok(Decoded {
        record,
        lost: fields.lost,
    })
}

/// The fields of a JSON object, taken out one by one. A field of the wrong type counts as lost, a missing one does not.
struct Fields {
    pairs: Attributes,
    lost: u64,
}

impl Fields {
    fn take<T>(&mut self, key: &str, read: impl FnOnce(Value) -> Option<T>) -> Option<T> {
        let value = self.pairs.remove(key)?;
        if value == Value::Empty {
            return None;
        }
        let read = read(value);
        self.lost += u64::from(read.is_none());
        read
    }

    fn text(&mut self, key: &str) -> Option<String> {
        self.take(key, |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
    }

    fn number(&mut self, key: &str) -> Option<i64> {
        self.take(key, |value| value.as_int())
    }

    fn unsigned<T: TryFrom<i64>>(&mut self, key: &str) -> Option<T> {
        self.take(key, |value| T::try_from(value.as_int()?).ok())
    }

    fn flag(&mut self, key: &str) -> Option<bool> {
        self.take(key, |value| value.as_bool())
    }

    /// Nanoseconds as a decimal string; a plain number is understood as well.
    fn time(&mut self, key: &str) -> Option<Timestamp> {
        self.take(key, |value| match value {
            Value::String(text) => text.parse().ok().map(Timestamp),
            other => other.as_int().map(Timestamp),
        })
    }

    /// An id; nothing and all zeros are none, as in OpenTelemetry.
    fn id<T: std::str::FromStr>(&mut self, key: &str) -> Option<T> {
        let is_none = |text: &str| text.bytes().all(|digit| digit == b'0');
        if self.pairs.str(key).is_some_and(is_none) {
            return None;
        }
        self.take(key, |value| value.as_str()?.parse().ok())
    }

    fn attributes(&mut self, key: &str) -> Attributes {
        let Some(pairs) = self.take(key, map) else {
            return Attributes::new();
        };
        let mut kept = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            if is_broken(&value) {
                self.lost += 1;
            } else {
                kept.push((key, value));
            }
        }
        kept.into_iter().collect()
    }

    /// The objects of an array, each read by `read`; those that cannot be read are lost alone.
    fn each<T>(&mut self, key: &str, read: impl Fn(&mut Fields) -> Option<T>) -> Vec<T> {
        let items = self.take(key, |value| match value {
            Value::Array(items) => Some(items),
            _ => None,
        });
        let mut found = Vec::new();
        for item in items.unwrap_or_default() {
            let mut fields = Fields {
                pairs: map(item).unwrap_or_default().into_iter().collect(),
                lost: 0,
            };
            let read = read(&mut fields);
            self.lost += fields.lost + u64::from(read.is_none());
            found.extend(read);
        }
        found
    }
}

fn map(value: Value) -> Option<Vec<(String, Value)>> {
    match value {
        Value::Map(pairs) => Some(pairs),
        _ => None,
    }
}

/// Bytes whose base64 could not be read stay a map with the key `$bytes`.
fn is_broken(value: &Value) -> bool {
    matches!(value, Value::Map(pairs) if pairs.len() == 1 && pairs[0].0 == "$bytes")
}

fn head(fields: &mut Fields) -> Head {
    let agent = fields.text("agent").unwrap_or_default();
    let version = fields.text("agent_version").unwrap_or_default();
    let mut attributes = fields.attributes("attrs");
    let pid: u32 = fields.unsigned("pid").unwrap_or(0);
    if attributes.get(attribute::PROCESS_PID).is_none() {
        attributes.set(attribute::PROCESS_PID, i64::from(pid));
    }
    let argv = fields.take("argv", |value| match value {
        Value::Array(_) => Some(value),
        _ => None,
    });
    Head {
        pid,
        parent_pid: fields.unsigned("ppid").unwrap_or(0),
        thread: fields.unsigned("tid").unwrap_or(0),
        agent: format!("{agent} {version}").trim().to_owned(),
        argv: argv
            .iter()
            .flat_map(Value::as_strings)
            .map(str::to_owned)
            .collect(),
        attributes,
    }
}

fn span(fields: &mut Fields) -> Option<Span> {
    let mut attributes = fields.attributes("attrs");
    if let Some(Timestamp(mono)) = fields.time("mono") {
        attributes.set(attribute::MONOTONIC_START, mono);
    }
    let status = status(fields);
    Some(Span {
        trace_id: fields.id("trace")?,
        span_id: fields.id("id")?,
        parent_span_id: fields.id("parent"),
        name: fields.text("name").unwrap_or_default(),
        kind: SpanKind::from_number(fields.number("kind").unwrap_or(0)),
        start: fields.time("start")?,
        end: fields.time("end"),
        attributes,
        events: fields.each("events", |fields| {
            Some(Event {
                name: fields.text("name")?,
                time: fields.time("time").unwrap_or_default(),
                attributes: fields.attributes("attrs"),
            })
        }),
        links: fields.each("links", |fields| {
            Some(Link {
                trace_id: fields.id("trace")?,
                span_id: fields.id("id")?,
                attributes: fields.attributes("attrs"),
            })
        }),
        status,
        resource: Arc::new(Resource::default()),
    })
}

fn status(fields: &mut Fields) -> SpanStatus {
    let Some(pairs) = fields.take("status", map) else {
        return SpanStatus::default();
    };
    let mut inner = Fields {
        pairs: pairs.into_iter().collect(),
        lost: 0,
    };
    let status = SpanStatus {
        code: StatusCode::from_number(inner.number("code").unwrap_or(0)),
        message: inner.text("message").unwrap_or_default(),
    };
    fields.lost += inner.lost;
    status
}

fn log(fields: &mut Fields) -> Log {
    Log {
        trace_id: fields.id("trace"),
        span_id: fields.id("span"),
        time: fields.time("time").unwrap_or_default(),
        severity: fields
            .unsigned("severity")
            .filter(|level| *level <= 24)
            .unwrap_or(0),
        severity_text: fields.text("severity_text").unwrap_or_default(),
        body: fields.take("body", Some).unwrap_or(Value::Empty),
        attributes: fields.attributes("attrs"),
        resource: Arc::new(Resource::default()),
    }
}

fn listen(fields: &mut Fields) -> Option<Listen> {
    Some(Listen {
        host: fields.text("host").unwrap_or_default(),
        port: fields.unsigned("port")?,
        time: fields.time("time").unwrap_or_default(),
        open: fields.flag("open").unwrap_or(true),
    })
}

fn tag(fields: &mut Fields) -> Option<Tag> {
    Some(Tag {
        trace_id: fields.id("trace"),
        key: fields.text("key")?,
        value: fields.take("value", |value| match value {
            Value::String(text) => Some(text),
            Value::Bool(value) => Some(value.to_string()),
            Value::Int(value) => Some(value.to_string()),
            Value::Double(value) => Some(value.to_string()),
            _ => None,
        })?,
    })
}

/// A gap of a kind that this version does not know is a record that it does not know.
fn gap(fields: &mut Fields) -> Result<NotedGap, GapKind> {
    let kind = fields.text("kind").ok_or(GapKind::RecordInvalid)?;
    Ok(NotedGap {
        kind: kind.parse().map_err(|()| GapKind::RecordUnknown)?,
        count: fields.unsigned("count").unwrap_or(1),
        trace_id: fields.id("trace"),
        span_id: fields.id("span"),
        detail: fields.text("detail"),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const IDS: &str = r#""trace":"aa000000000000000000000000000001","id":"bb00000000000001""#;

    fn span_of(fields: &str) -> (Span, u64) {
        let text = format!(r#"{{"t":"span",{IDS},"start":"5",{fields}}}"#);
        match line(text.as_bytes()) {
            Ok(Decoded {
                record: Record::Span(span),
                lost,
            }) => (*span, lost),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_wrong_part_is_lost_alone() {
        let check = |fields: &str, lost: u64| {
            let (span, found) = span_of(&format!(r#"{fields},"attrs":{{"kept":1}}"#));
            assert_eq!(found, lost, "{fields}");
            assert_eq!(span.attributes.int("kept"), Some(1), "{fields}");
        };
        check(
            r#""name":"x","kind":3,"end":"9","parent":"cc00000000000001""#,
            0,
        );
        check(r#""name":null,"end":null,"parent":null"#, 0);
        check(r#""name":5"#, 1);
        check(r#""end":"soon""#, 1);
        check(r#""parent":"zz""#, 1);
        check(r#""parent":"0000000000000000""#, 0);
        check(
            r#""events":[{"name":"a"},5,{"time":"1"},{"name":"b","attrs":[]}]"#,
            3,
        );
        check(
            r#""links":[{"trace":"aa000000000000000000000000000001"}]"#,
            1,
        );
        check(r#""status":{"code":"x","message":5}"#, 2);
    }

    #[test]
    fn an_attribute_that_cannot_be_read_is_lost_alone() {
        let (span, lost) = span_of(
            r#""attrs":{"a":{"$bytes":"%%"},"b":{"$bytes":"aGk="},"c":[1,"x"],"d":{"e":2}}"#,
        );
        assert_eq!(lost, 1);
        assert_eq!(span.attributes.get("a"), None);
        assert_eq!(
            span.attributes.get("b"),
            Some(&Value::Bytes(b"hi".to_vec()))
        );
        assert_eq!(
            span.attributes.get("c"),
            Some(&Value::Array(vec![Value::Int(1), "x".into()]))
        );
        assert_eq!(
            span.attributes.get("d"),
            Some(&Value::Map(vec![("e".into(), Value::Int(2))]))
        );
    }

    #[test]
    fn a_record_without_its_identity_is_given_up() {
        let check = |text: &str, expected: GapKind| {
            assert_eq!(line(text.as_bytes()), Err(expected), "{text}");
        };
        check("", GapKind::RecordInvalid);
        check("5", GapKind::RecordInvalid);
        check("{}", GapKind::RecordInvalid);
        check(r#"{"t":"comet"}"#, GapKind::RecordUnknown);
        check(&format!(r#"{{"t":"span",{IDS}}}"#), GapKind::RecordInvalid);
        check(r#"{"t":"span","start":"1"}"#, GapKind::RecordInvalid);
        check(r#"{"t":"listen","host":"x"}"#, GapKind::RecordInvalid);
        check(r#"{"t":"listen","port":70000}"#, GapKind::RecordInvalid);
        check(r#"{"t":"tag","key":"x"}"#, GapKind::RecordInvalid);
        check(r#"{"t":"gap"}"#, GapKind::RecordInvalid);
        check(r#"{"t":"gap","kind":"crater"}"#, GapKind::RecordUnknown);
    }

    #[test]
    fn what_is_told_to_other_agents_is_known() {
        let decoded = line(br#"{"t":"spawn","pid":5,"tid":0,"time":"1"}"#);
        assert_eq!(decoded.map(|decoded| decoded.record), Ok(Record::Spawn));
    }

    #[test]
    fn the_end_says_whether_more_segments_follow() {
        let exited = |text: &str| line(text.as_bytes()).map(|decoded| decoded.record);
        assert_eq!(
            exited(r#"{"t":"end","reason":"exit"}"#),
            Ok(Record::End { exited: true })
        );
        assert_eq!(
            exited(r#"{"t":"end","reason":"rotate"}"#),
            Ok(Record::End { exited: false })
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_are_read_or_refused(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = line(&text);
        }

        #[test]
        fn any_damage_to_a_record_is_survived(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let text = format!(r#"{{"t":"span",{IDS},"start":"5","events":[{{"name":"e","time":"7","attrs":{{"k":["v"]}}}}]}}"#);
            let mut text = text.into_bytes();
            let at = at.index(text.len());
            text[at] = byte;
            let _ = line(&text);
        }
    }
}
