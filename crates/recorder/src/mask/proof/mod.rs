//! Properties of masking: a secret planted anywhere where one may stand is nowhere in the result, in no encoding; equal
//! secrets get equal pseudonyms; masking twice is masking once.

mod places;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use model::{Attributes, Log, Span, Timestamp, Value};
use places::{ANYWHERE, IN_TEXT, LESSONS, Planted, STRUCTURED, body, json, percent};
use proptest::prelude::*;

use super::learned::Learned;
use super::replace::Findings;
use super::worth::{Place, is_worth_learning};
use super::{MaskRules, Masker};
use crate::key::Key;

fn masker(known: &[&str]) -> Masker {
    let rules = MaskRules {
        secret_values: known.iter().map(|&value| value.to_owned()).collect(),
        ..MaskRules::default()
    };
    Masker::new(&rules, Key::from_hex(&"07".repeat(32)).unwrap()).unwrap()
}

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

fn check(places: &[Planted], masker: &Masker, secret: &str) {
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

/// Replaces from left to right the longest secret that stands there, by looking at each place for each of them.
fn naive(secrets: &[&String], key: &Key, text: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let here = secrets
            .iter()
            .filter(|secret| rest.starts_with(secret.as_str()));
        if let Some(secret) = here.max_by_key(|secret| secret.len()) {
            masked.push_str(&key.pseudonym(secret.as_bytes()));
            rest = &rest[secret.len()..];
        } else {
            masked.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    masked
}

/// Any characters a password may have; a digit in it, since a written word under a secret name may be a remark.
fn any_secret() -> impl Strategy<Value = String> {
    ("[ -~]{3,12}", "[0-9]", "[A-Za-z!-~é]{4,12}")
        .prop_map(|(before, digit, after)| format!("S{before}{digit}{after}x").replace("  ", " _"))
        .prop_filter("what reads as `name=value` is masked as one", |secret| {
            !is_assignment(secret)
        })
}

/// Whether a part of it gives something with a name a value: of `Sid=4711` the name is none of the secret, so the whole
/// has no pseudonym.
fn is_assignment(secret: &str) -> bool {
    let of_name = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    secret.match_indices(['=', ':']).any(|(at, _)| {
        let name = secret[..at].trim_end().trim_end_matches(['"', '\'']);
        name.chars().rev().take_while(of_name).count() > 1
    })
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
    fn what_was_shown_once_survives_nowhere(secret in any_secret(), teacher in 0..LESSONS.len()) {
        prop_assume!(secret.len() >= 16 && is_worth_learning(&secret, Place::Password));
        let masker = masker(&[]);
        masker.span(&mut LESSONS[teacher](&secret));
        check(ANYWHERE, &masker, &secret);
    }

    #[test]
    fn a_token_shown_once_survives_nowhere(secret in token(), teacher in 0..LESSONS.len()) {
        prop_assume!(is_worth_learning(&secret, Place::Password));
        let masker = masker(&[]);
        masker.span(&mut LESSONS[teacher](&secret));
        check(ANYWHERE, &masker, &secret);
        check(IN_TEXT, &masker, &secret);
    }

    #[test]
    fn what_is_shown_later_is_masked_in_a_second_look(secret in token(), teacher in 0..LESSONS.len()) {
        prop_assume!(is_worth_learning(&secret, Place::Password));
        let fresh = masker(&[]);
        for (name, _, plant) in ANYWHERE {
            let masker = fresh.for_run();
            let mut before = plant(&secret);
            masker.span(&mut before);
            masker.span(&mut LESSONS[teacher](&secret));
            masker.span_again(&mut before);
            let after = texts(&before);
            for trace in traces_of(&secret) {
                prop_assert!(!contains(&after, &trace), "{name}: {trace:?} in {}", String::from_utf8_lossy(&after));
            }
        }
    }

    #[test]
    fn what_is_shown_is_found_as_the_plain_search_finds_it(
        secrets in proptest::collection::vec("[a-c]{8}[0-9][a-c0-9]{7,9}", 1..6),
        pieces in proptest::collection::vec(("[a-c0-9 ]{0,6}", any::<prop::sample::Index>()), 0..8),
    ) {
        let key = Key::from_hex(&"07".repeat(32)).unwrap();
        let learned = Learned::default();
        secrets.iter().for_each(|secret| learned.learn(&key, secret, Place::Password));
        let known: Vec<&String> = secrets.iter().filter(|secret| is_worth_learning(secret, Place::Password)).collect();
        let text: String = pieces.iter().map(|(between, at)| format!("{between}{}", at.get(&secrets))).collect();
        let mut findings = Findings::default();
        learned.find(&text, &mut findings);
        prop_assert_eq!(findings.replace(&key, &text), naive(&known, &key, &text));
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
        Just("mutation A($"),
        Just("String!"),
        Just("\"type\":\"string\",\"description\":\""),
        Just("\"tokens\":[{"),
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
