//! Properties of masking: a secret planted anywhere where one may stand is nowhere in the result, in no encoding; equal
//! secrets get equal pseudonyms; masking twice is masking once.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use model::{
    Attributes, Event, Log, Resource, Span, SpanId, SpanKind, SpanStatus, Timestamp, TraceId, Value,
};
use proptest::prelude::*;

use super::{MaskRules, Masker};
use crate::key::Key;

fn masker(known: &[&str]) -> Masker {
    let rules = MaskRules {
        secret_values: known.iter().map(|&value| value.to_owned()).collect(),
        ..MaskRules::default()
    };
    Masker::new(&rules, Key::from_hex(&"07".repeat(32)).unwrap()).unwrap()
}

fn span(attributes: impl IntoIterator<Item = (&'static str, Value)>) -> Span {
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

fn with_event(key: &'static str, text: String) -> Span {
    let mut span = span([]);
    span.events.push(Event {
        name: "exception".into(),
        time: Timestamp(1),
        attributes: [(key, text)].into_iter().collect(),
    });
    span
}

fn body(content_type: &'static str, text: String) -> Span {
    span([
        ("http.response.header.content-type", content_type.into()),
        ("http.response.body.content", text.into()),
    ])
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// Plants a secret; whether the place holds the secret alone, so that its pseudonym must be there afterwards.
type Place = (&'static str, bool, fn(&str) -> Span);

/// Places that hold any secret at all.
const STRUCTURED: &[Place] = &[
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
const IN_TEXT: &[Place] = &[
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
const ANYWHERE: &[Place] = &[
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

/// Everything in a span that can hold a text, one after the other.
fn texts(span: &Span) -> Vec<u8> {
    let mut all = Vec::new();
    let mut add = |bytes: &[u8]| {
        all.extend_from_slice(bytes);
        all.push(0);
    };
    add(span.name.as_bytes());
    add(span.status.message.as_bytes());
    let events = span.events.iter().map(|event| &event.attributes);
    for attributes in events.chain([&span.attributes, &span.resource.attributes]) {
        for (key, value) in attributes.iter() {
            add(key.as_bytes());
            value_texts(value, &mut add);
        }
    }
    all
}

fn value_texts(value: &Value, add: &mut impl FnMut(&[u8])) {
    match value {
        Value::String(text) => add(text.as_bytes()),
        Value::Bytes(bytes) => add(bytes),
        Value::Array(items) => items.iter().for_each(|item| value_texts(item, add)),
        Value::Map(pairs) => pairs.iter().for_each(|(key, item)| {
            add(key.as_bytes());
            value_texts(item, add);
        }),
        _ => {}
    }
}

/// All the ways in which the secret could still be there.
fn traces_of(secret: &str) -> Vec<String> {
    let quoted = json(secret);
    let mut traces = vec![
        secret.to_owned(),
        percent(secret),
        quoted.trim_matches('"').to_owned(),
    ];
    for offset in 0..3 {
        let shifted = format!("{}{secret}", &"xxx"[..offset]);
        let first = [0, 2, 3][offset];
        let whole = shifted.len() / 3 * 4;
        traces.push(STANDARD_NO_PAD.encode(&shifted)[first..whole].to_owned());
        traces.push(URL_SAFE_NO_PAD.encode(&shifted)[first..whole].to_owned());
    }
    traces
}

fn contains(all: &[u8], part: &str) -> bool {
    all.windows(part.len())
        .any(|window| window == part.as_bytes())
}

fn check(places: &[Place], masker: &Masker, secret: &str) {
    for (name, alone, plant) in places {
        let planted = plant(secret);
        let mut masked = planted.clone();
        masker.span(&mut masked);
        let after = texts(&masked);
        let shown = String::from_utf8_lossy(&after);
        for trace in traces_of(secret) {
            assert!(
                !contains(&after, &trace),
                "{name}: {trace:?} survives in {shown}"
            );
        }
        if *alone {
            let pseudonym = masker.key.pseudonym(secret.as_bytes());
            assert!(
                contains(&after, &pseudonym),
                "{name}: {pseudonym} is not in {shown}"
            );
        }
        let mut again = masked.clone();
        masker.span(&mut again);
        assert_eq!(again, masked, "{name}: masked twice");
    }
}

/// Any characters a password may have; a digit in it, since a written word under a secret name may be a remark.
fn any_secret() -> impl Strategy<Value = String> {
    ("[ -~]{3,12}", "[0-9]", "[A-Za-z!-~é]{4,12}")
        .prop_map(|(before, digit, after)| format!("S{before}{digit}{after}x").replace("  ", " _"))
}

/// What services hand out as tokens.
fn token() -> impl Strategy<Value = String> {
    ("[A-Za-z][A-Za-z0-9_-]{3,15}", "[0-9]", "[A-Za-z0-9]{4,16}")
        .prop_map(|(before, digit, after)| format!("{before}{digit}{after}"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn no_secret_survives_in_its_place(secret in any_secret()) {
        check(STRUCTURED, &masker(&[]), &secret);
    }

    #[test]
    fn no_token_survives_in_text(secret in token()) {
        check(IN_TEXT, &masker(&[]), &secret);
        check(STRUCTURED, &masker(&[]), &secret);
    }

    #[test]
    fn a_known_value_survives_nowhere(secret in any_secret()) {
        check(ANYWHERE, &masker(&[&secret, "another-secret"]), &secret);
    }

    #[test]
    fn a_known_token_survives_nowhere(secret in token()) {
        let masker = masker(&[&secret]);
        check(ANYWHERE, &masker, &secret);
        check(STRUCTURED, &masker, &secret);
        check(IN_TEXT, &masker, &secret);
    }

    #[test]
    fn masking_twice_is_masking_once(text in messy_text()) {
        let masker = masker(&["known-value-1"]);
        let once = masker.text(&text);
        prop_assert_eq!(masker.text(&once), once.clone());
        let mut log = log(once);
        masker.log(&mut log);
        let before = log.clone();
        masker.log(&mut log);
        prop_assert_eq!(log, before);
    }

    #[test]
    fn a_body_of_any_kind_is_masked_once(text in messy_text(), kind in 0..4_usize) {
        let masker = masker(&["known-value-1"]);
        let types = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
        let mut once = body(types[kind], text);
        masker.span(&mut once);
        let mut twice = once.clone();
        masker.span(&mut twice);
        prop_assert_eq!(twice, once);
    }
}

/// Pieces of everything that means something to the masker, in any order.
fn messy_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("password"),
        Just("token"),
        Just("="),
        Just(": "),
        Just("\""),
        Just("'"),
        Just("\\"),
        Just("\\\""),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just("&"),
        Just(";"),
        Just(" "),
        Just("\n"),
        Just("%20"),
        Just("+"),
        Just("://"),
        Just("https://"),
        Just("user:pa55word"),
        Just("@"),
        Just("/"),
        Just("?"),
        Just("#"),
        Just("Bearer "),
        Just("abc123def456"),
        Just("eyJhbGciOiJI.eyJzdWIi.c2ln"),
        Just("known-value-1"),
        Just("a25vd24tdmFsdWUtMQ"),
        Just("[masked:1a2b:0123456789ab]"),
        Just("[masked:"),
        Just("--xyz\r\n"),
        Just("name=\"password\""),
        Just("\r\n\r\n"),
        Just("<password>"),
        Just("</password>"),
        Just("Cookie: "),
        Just("sid"),
        Just("--token "),
        Just("AKIAIOSFODNN7EXAMPLE"),
        Just("word"),
        Just("5"),
        Just("null"),
        Just(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/1/x, SignedHeaders=a;b, Signature=0123abcd"
        ),
        Just("é"),
        Just("-----BEGIN PRIVATE KEY-----"),
        Just("Basic "),
        Just("INSERT INTO t (a, password) VALUES ("),
        Just(")"),
    ];
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn log(text: String) -> Log {
    Log {
        trace_id: None,
        span_id: None,
        time: Timestamp(1),
        severity: 9,
        severity_text: String::new(),
        body: text.into(),
        attributes: Attributes::new(),
        resource: Arc::default(),
    }
}
