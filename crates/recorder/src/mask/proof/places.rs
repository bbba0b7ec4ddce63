//! Places where a secret may stand, each as a span with the secret planted in it.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use model::{Event, Resource, Span, SpanId, SpanKind, SpanStatus, Timestamp, TraceId, Value};

pub(super) fn span(attributes: impl IntoIterator<Item = (&'static str, Value)>) -> Span {
    Span {
        trace_id: TraceId([1; 16]),
        span_id: SpanId([1; 8]),
        parent_span_id: None,
        name: "GET".into(),
        kind: SpanKind::Client,
        start: Timestamp(1),
        end: None,
        attributes: attributes.into_iter().collect(),
        events: Vec::new(),
        links: Vec::new(),
        status: SpanStatus::default(),
        resource: Arc::default(),
    }
}

pub(super) fn with_event(key: &'static str, text: String) -> Span {
    let mut span = span([]);
    span.events.push(Event {
        name: "exception".into(),
        time: Timestamp(1),
        attributes: [(key, text)].into_iter().collect(),
    });
    span
}

pub(super) fn body(content_type: &'static str, text: String) -> Span {
    span([
        ("http.response.header.content-type", content_type.into()),
        ("http.response.body.content", text.into()),
    ])
}

pub(super) fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

pub(super) fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// Plants a secret; whether the place holds the secret alone, so that its pseudonym must be there afterwards.
pub(super) type Planted = (&'static str, bool, fn(&str) -> Span);

/// Places that hold any secret at all.
pub(super) const STRUCTURED: &[Planted] = &[
    ("bearer", true, |s| {
        span([(
            "http.request.header.authorization",
            format!("Bearer {s}").into(),
        )])
    }),
    ("no scheme", true, |s| {
        span([("http.request.header.authorization", s.into())])
    }),
    ("basic", false, |s| {
        let value = format!("Basic {}", STANDARD.encode(format!("ada:{s}")));
        span([(
            "http.request.header.authorization",
            Value::Array(vec![value.into()]),
        )])
    }),
    ("api key", true, |s| {
        span([("http.request.header.x-api-key", s.into())])
    }),
    ("url password", true, |s| {
        span([(
            "url.full",
            format!("https://ada:{}@example.org/x?y=1", percent(s)).into(),
        )])
    }),
    ("query", true, |s| {
        span([(
            "url.full",
            format!("https://example.org/x?a=b&access_token={}#f", percent(s)).into(),
        )])
    }),
    ("signed url", true, |s| {
        span([(
            "url.full",
            format!("https://example.org/x?X-Amz-Signature={}", percent(s)).into(),
        )])
    }),
    ("url.query", true, |s| {
        span([("url.query", format!("sig={}&x=1", percent(s)).into())])
    }),
    ("location", true, |s| {
        span([(
            "http.response.header.location",
            format!("https://example.org/#access_token={}", percent(s)).into(),
        )])
    }),
    ("json", true, |s| {
        body(
            "application/json",
            format!(r#"{{"user":"ada", "password":{}}}"#, json(s)),
        )
    }),
    ("json, deep", true, |s| {
        body(
            "application/json",
            format!(r#"{{"a":[{{"credentials":{{"value":{}}}}}]}}"#, json(s)),
        )
    }),
    ("json, array", true, |s| {
        body(
            "application/json",
            format!(r#"{{"tokens":[{},null,5]}}"#, json(s)),
        )
    }),
    ("json, no type", true, |s| {
        span([(
            "http.request.body.content",
            format!(r#"[{{"client_secret" : {}}}]"#, json(s)).into(),
        )])
    }),
    ("json in json", true, |s| {
        let inner = format!(r#"{{"refresh_token":{}}}"#, json(s));
        body(
            "application/json",
            format!(r#"{{"event":{}}}"#, json(&inner)),
        )
    }),
    ("json, cut", false, |s| {
        let text = format!(r#"{{"user":"ada","token":{}"#, json(s));
        body("application/json", text.trim_end_matches('"').to_owned())
    }),
    ("json, broken", true, |s| {
        body(
            "application/json",
            format!(r#"{{"a":1,,}}] "password":{} "#, json(s)),
        )
    }),
    ("form", true, |s| {
        body(
            "application/x-www-form-urlencoded",
            format!("user=ada&client_secret={}&x=", percent(s)),
        )
    }),
    ("form, no type", true, |s| {
        span([(
            "http.request.body.content",
            format!("grant_type=password&password={}", percent(s)).into(),
        )])
    }),
    ("multipart", true, |s| {
        let part = |name: &str, value: &str| {
            format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        body(
            "multipart/form-data; boundary=xyz",
            format!("{}{}--xyz--\r\n", part("user", "ada"), part("password", s)),
        )
    }),
    ("attribute", true, |s| span([("app.db.password", s.into())])),
    ("map", true, |s| {
        span([(
            "process.environ",
            Value::Map(vec![("API_TOKEN".into(), s.into())]),
        )])
    }),
    ("assertion, json", true, |s| {
        with_event(
            "flakescope.assertion.actual",
            format!(r#"{{"api_key":{}}}"#, json(s)),
        )
    }),
    ("resource", true, |s| Span {
        resource: Arc::new(Resource {
            attributes: [("service.token", s)].into_iter().collect(),
        }),
        ..span([])
    }),
];

/// Places in running text, where a secret ends at a delimiter.
pub(super) const IN_TEXT: &[Planted] = &[
    ("sql, columns", true, |s| {
        let text = format!(
            "INSERT INTO users (name, \"password\", n) VALUES ('a''da, x', '{s}', 5), ('b', '{s}', f(1, 2))"
        );
        span([("db.query.text", text.into())])
    }),
    ("sql, user", true, |s| {
        span([(
            "db.query.text",
            format!("ALTER USER ada WITH PASSWORD '{s}'").into(),
        )])
    }),
    ("cookie", true, |s| {
        span([(
            "http.request.header.cookie",
            format!("theme=dark; sid={s}").into(),
        )])
    }),
    ("set-cookie", true, |s| {
        span([(
            "http.response.header.set-cookie",
            format!("sid={s}; Path=/; HttpOnly").into(),
        )])
    }),
    ("message, assigned", true, |s| {
        with_event("exception.message", format!("login failed: password={s}"))
    }),
    ("message, said", true, |s| {
        with_event("exception.message", format!("Invalid token: {s}"))
    }),
    ("message, object", true, |s| {
        with_event(
            "exception.message",
            format!("expected {{ user: 'ada', apiKey: '{s}' }} to equal null"),
        )
    }),
    ("message, header", true, |s| {
        with_event(
            "exception.message",
            format!("sent Authorization: Bearer {s}\n  at x"),
        )
    }),
    ("message, url", true, |s| {
        with_event(
            "exception.message",
            format!("connect postgres://ada:{s}@db:5432/x failed"),
        )
    }),
    ("message, query", true, |s| {
        with_event(
            "exception.stacktrace",
            format!("GET https://example.org/a?token={s}&b=1: 401"),
        )
    }),
    ("message, escaped json", true, |s| {
        with_event(
            "exception.message",
            format!(r#"got "{{\"password\":\"{s}\"}}""#),
        )
    }),
    ("sql", true, |s| {
        span([(
            "db.query.text",
            format!("UPDATE users SET password = '{s}' WHERE id = 1").into(),
        )])
    }),
    ("xml", true, |s| {
        body(
            "text/xml",
            format!("<a><wsse:Password Type=\"x\">{s}</wsse:Password></a>"),
        )
    }),
    ("yaml", true, |s| {
        body(
            "application/yaml",
            format!("user: ada\nclient_secret: {s}\n"),
        )
    }),
    ("graphql", true, |s| {
        body(
            "application/json",
            json(&format!("mutation {{ login(password: \"{s}\") {{ id }} }}")),
        )
    }),
    ("option", true, |s| {
        with_event(
            "exception.message",
            format!("spawn: tool --api-key {s} --verbose"),
        )
    }),
    ("status", true, |s| Span {
        status: SpanStatus {
            message: format!("secret={s}"),
            ..SpanStatus::default()
        },
        ..span([])
    }),
    ("name", true, |s| Span {
        name: format!("GET /x?token={s}"),
        ..span([])
    }),
];

/// Places with nothing around that says secret; the value itself must be known.
pub(super) const ANYWHERE: &[Planted] = &[
    ("text", true, |s| {
        with_event("exception.message", format!("cannot reach {s}!"))
    }),
    ("json", false, |s| {
        body("application/json", format!(r#"{{"a":{}}}"#, json(s)))
    }),
    ("json key", false, |s| {
        body("application/json", format!(r#"{{{}:1}}"#, json(s)))
    }),
    ("path", false, |s| {
        span([(
            "url.full",
            format!("https://example.org/a/{}/b", percent(s)).into(),
        )])
    }),
    ("query", false, |s| {
        span([(
            "url.full",
            format!("https://example.org/a?q={}", percent(s)).into(),
        )])
    }),
    ("form", false, |s| {
        body(
            "application/x-www-form-urlencoded",
            format!("a={}", percent(s)),
        )
    }),
    ("base64", false, |s| {
        with_event(
            "exception.message",
            format!("got {}", STANDARD_NO_PAD.encode(s)),
        )
    }),
    ("base64, shifted", false, |s| {
        with_event(
            "exception.message",
            format!("got {}", URL_SAFE_NO_PAD.encode(format!("u:{s}:"))),
        )
    }),
    ("bytes", false, |s| {
        span([(
            "http.request.body.content",
            Value::Bytes([&[0, 1, 255], s.as_bytes(), &[0]].concat()),
        )])
    }),
    ("header", true, |s| {
        span([("http.request.header.x-trace", s.into())])
    }),
];

/// Places of passwords, by which a run shows what is secret in it.
pub(super) const LESSONS: &[fn(&str) -> Span] = &[
    |s| {
        body(
            "application/json",
            format!(r#"{{"user":"ada","password":{}}}"#, json(s)),
        )
    },
    |s| {
        body(
            "application/x-www-form-urlencoded",
            format!("user=ada&password={}", percent(s)),
        )
    },
    |s| {
        let part = "--xyz\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n";
        body(
            "multipart/form-data; boundary=xyz",
            format!("{part}{s}\r\n--xyz--\r\n"),
        )
    },
    |s| {
        let value = format!("https://example.org/x?password={}", percent(s));
        span([("url.full", value.into())])
    },
    |s| {
        let value = format!("https://ada:{}@example.org/", percent(s));
        span([("url.full", value.into())])
    },
    |s| {
        let value = format!("Basic {}", STANDARD.encode(format!("ada:{s}")));
        span([("http.request.header.authorization", value.into())])
    },
    |s| span([("app.db.password", s.into())]),
];
