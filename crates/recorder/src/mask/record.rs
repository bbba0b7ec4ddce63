//! Spans, logs and resources: each value masked by what its key says it is. What cannot be masked is left out whole.

use std::borrow::Cow;
use std::sync::Arc;

use model::{Attributes, Log, Resource, Span, Value, attribute as name};

use super::Masker;
use super::form::Fields;
use super::json::looks_like_json;
use super::names::place_of;

/// Values nested deeper are left out.
const DEEPEST: usize = 64;

/// A value that is masked shows a secret that may stand in those before it, which are then looked at again; what is
/// masked by then shows no more, so that the second round is the last as a rule.
const ROUNDS: usize = 4;

/// By these a test is known again in other runs. They stand in its source, so that they hold a secret only if that does.
const LASTING: &[&str] = &[
    name::TEST_CASE_NAME,
    name::TEST_SUITE_NAME,
    name::TEST_SUITE,
    name::TEST_NAME,
    name::TEST_PARAMETERS,
    name::TEST_CONFIGURATION,
    name::CODE_FILE,
];

/// What the headers say about the bodies of one side.
#[derive(Default)]
struct BodyType {
    content_type: String,
}

impl Masker {
    /// Masks everything in a span, its resource included. Returns how many values could not be masked and were left out.
    pub fn span(&self, span: &mut Span) -> u64 {
        if !self.enabled {
            return 0;
        }
        self.add_credential_facts(&mut span.attributes);
        self.sight(&span.attributes);
        let mut left_out = 0;
        for _ in 0..ROUNDS {
            let learned = self.learned();
            left_out += self.span_once(span);
            if self.learned() == learned {
                break;
            }
        }
        left_out
    }

    fn span_once(&self, span: &mut Span) -> u64 {
        let mut left_out = 0;
        if names_a_test(&span.attributes) {
            span.name = self.lasting_text(&span.name).into_owned();
        } else {
            self.put(&mut span.name);
        }
        self.put(&mut span.status.message);
        let bodies = [
            (
                name::HTTP_REQUEST_BODY,
                body_type(&span.attributes, name::HTTP_REQUEST_HEADER_PREFIX),
            ),
            (
                name::HTTP_RESPONSE_BODY,
                body_type(&span.attributes, name::HTTP_RESPONSE_HEADER_PREFIX),
            ),
        ];
        for (key, value) in span.attributes.iter_mut() {
            let body = bodies.iter().find(|(body, _)| *body == key);
            match body {
                Some((_, body_type)) => self.body(body_type, value),
                None => left_out += self.attribute(key, value),
            }
        }
        for event in &mut span.events {
            self.put(&mut event.name);
            left_out += self.attributes(&mut event.attributes);
        }
        for link in &mut span.links {
            left_out += self.attributes(&mut link.attributes);
        }
        left_out + self.shared_resource(&mut span.resource)
    }

    /// Masks everything in a log, its resource included. Returns how many values were left out.
    pub fn log(&self, log: &mut Log) -> u64 {
        if !self.enabled {
            return 0;
        }
        let mut left_out = 0;
        for _ in 0..ROUNDS {
            let learned = self.learned();
            self.put(&mut log.severity_text);
            left_out += self.attribute("", &mut log.body) + self.attributes(&mut log.attributes);
            if self.learned() == learned {
                break;
            }
        }
        left_out + self.shared_resource(&mut log.resource)
    }

    /// Masks a resource. Returns how many values were left out.
    pub(crate) fn resource(&self, resource: &mut Resource) -> u64 {
        if self.enabled {
            self.attributes(&mut resource.attributes)
        } else {
            0
        }
    }

    /// The resource of a record is masked once, when its process is first seen; here that is only made sure of, so that
    /// records go on sharing it.
    fn shared_resource(&self, resource: &mut Arc<Resource>) -> u64 {
        let mut masked = Resource::clone(resource);
        let left_out = self.attributes(&mut masked.attributes);
        if masked != **resource {
            *resource = Arc::new(masked);
        }
        left_out
    }

    fn attributes(&self, attributes: &mut Attributes) -> u64 {
        attributes
            .iter_mut()
            .map(|(key, value)| self.attribute(key, value))
            .sum()
    }

    /// Masks a value in place by its key; a log's body has none.
    fn attribute(&self, key: &str, value: &mut Value) -> u64 {
        let header = key
            .strip_prefix(name::HTTP_REQUEST_HEADER_PREFIX)
            .or_else(|| key.strip_prefix(name::HTTP_RESPONSE_HEADER_PREFIX));
        if let Some(header) = header {
            return each_text(value, 0, &|text| self.header_value(header, text));
        }
        match key {
            name::URL_FULL => each_text(value, 0, &|text| self.url(text)),
            name::URL_QUERY => each_text(value, 0, &|text| self.query(text)),
            name::URL_PATH => each_text(value, 0, &|text| self.url(text)),
            name::CREDENTIAL_PSEUDONYM => {
                each_text(value, 0, &|text| self.credential_pseudonym(text))
            }
            _ if key.starts_with("flakescope.credential.") => {
                each_text(value, 0, &|text| self.plain_text(text).into_owned())
            }
            name::REQUEST_BODY_HASH | name::RESPONSE_BODY_HASH => 0,
            _ if is_lasting(key) => {
                each_text(value, 0, &|text| self.lasting_text(text).into_owned())
            }
            _ => self.value(key, value, 0),
        }
    }

    /// A value of any type under a key.
    fn value(&self, key: &str, value: &mut Value, depth: usize) -> u64 {
        if depth > DEEPEST {
            *value = Value::Empty;
            return 1;
        }
        match value {
            Value::String(text) => {
                *text = self.named(key, text);
                0
            }
            Value::Bytes(bytes) => {
                self.bytes(bytes);
                0
            }
            Value::Array(items) => items
                .iter_mut()
                .map(|item| self.value(key, item, depth + 1))
                .sum(),
            Value::Map(pairs) => pairs
                .iter_mut()
                .map(|(inner, item)| {
                    let secret = if self.names.is_secret_key(key) {
                        key
                    } else {
                        inner.as_str()
                    };
                    self.value(secret, item, depth + 1)
                })
                .sum(),
            Value::Int(number) => {
                if let Some(digits) = self.digits(key, &number.to_string()) {
                    *value = Value::String(digits);
                }
                0
            }
            Value::Empty | Value::Bool(_) | Value::Double(_) => 0,
        }
    }

    /// The text under a key that may say that it is secret.
    pub(crate) fn named(&self, key: &str, text: &str) -> String {
        if !self.enabled {
            return text.to_owned();
        }
        if self.names.is_secret_key(key) && !super::said::is_said_about(text) {
            return self.credential_at(text, place_of(key));
        }
        if let Some(digits) = self.digits(key, text) {
            return digits;
        }
        self.any_text(text).into_owned()
    }

    fn header_value(&self, header: &str, text: &str) -> String {
        if let Some(masked) = self.header(header, text) {
            return masked;
        }
        match header {
            "location" | "content-location" | "referer" | "origin" => self.url(text),
            _ => self.any_text(text).into_owned(),
        }
    }

    /// Twelve hex digits, as agents give it; anything else is a secret by mistake.
    fn credential_pseudonym(&self, text: &str) -> String {
        let is_hash = text.len() == 12 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
        if is_hash {
            text.to_owned()
        } else {
            self.key.hash(text.as_bytes())
        }
    }

    fn body(&self, body_type: &BodyType, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.body_text(body_type, text).into_owned(),
            Value::Bytes(bytes) => self.bytes(bytes),
            other => drop(self.value("", other, 0)),
        }
    }

    fn body_text<'a>(&self, body_type: &BodyType, text: &'a str) -> Cow<'a, str> {
        let is_form = body_type.content_type.contains("x-www-form-urlencoded");
        let is_multipart = body_type.content_type.contains("multipart/") || text.starts_with("--");
        self.settle(text, |text| {
            let known = self.known_values(text);
            if is_multipart && let Some(masked) = self.multipart(&known) {
                return masked.into();
            }
            if is_form && !looks_like_json(text) {
                return self.form(&known, Fields::Body, 0).into();
            }
            self.sniffed(text, 0)
        })
    }

    /// Bytes that are no text: each run of readable characters in them is masked as text.
    pub(super) fn bytes(&self, bytes: &mut Vec<u8>) {
        let is_control = |character: char| character.is_control() && !character.is_whitespace();
        let mut masked = Vec::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            for run in chunk.valid().split_inclusive(is_control) {
                let text = run.trim_end_matches(is_control);
                masked.extend_from_slice(self.any_text(text).as_bytes());
                masked.extend_from_slice(&run.as_bytes()[text.len()..]);
            }
            masked.extend_from_slice(chunk.invalid());
        }
        *bytes = masked;
    }

    fn query(&self, text: &str) -> String {
        let masked = self.settle(text, |text| {
            self.form(&self.known_values(text), Fields::Query, 0).into()
        });
        masked.into_owned()
    }

    fn put(&self, text: &mut String) {
        if let Cow::Owned(masked) = self.plain_text(text) {
            *text = masked;
        }
    }
}

/// Masks every text in a value of texts. Returns how many values were left out because they are nested too deep.
fn each_text(value: &mut Value, depth: usize, mask: &dyn Fn(&str) -> String) -> u64 {
    if depth > DEEPEST {
        *value = Value::Empty;
        return 1;
    }
    match value {
        Value::String(text) => {
            *text = mask(text);
            0
        }
        Value::Bytes(bytes) => {
            let masked = mask(&String::from_utf8_lossy(bytes));
            *value = Value::String(masked);
            0
        }
        Value::Array(items) => items
            .iter_mut()
            .map(|item| each_text(item, depth + 1, mask))
            .sum(),
        Value::Map(pairs) => pairs
            .iter_mut()
            .map(|(_, item)| each_text(item, depth + 1, mask))
            .sum(),
        Value::Empty | Value::Bool(_) | Value::Int(_) | Value::Double(_) => 0,
    }
}

/// Whether the span is the root of a test or a fixture, which its name stands for.
pub(super) fn names_a_test(attributes: &Attributes) -> bool {
    matches!(attributes.str(name::SPAN_TYPE), Some("attempt" | "fixture"))
}

/// Whether a test is known again by this attribute.
pub(super) fn is_lasting(key: &str) -> bool {
    LASTING.contains(&key)
}

fn body_type(facts: &Attributes, headers: &str) -> BodyType {
    let content_type = facts.strings(&format!("{headers}content-type")).join(",");
    BodyType {
        content_type: content_type.to_ascii_lowercase(),
    }
}
