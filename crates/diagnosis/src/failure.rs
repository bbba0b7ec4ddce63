//! The failure in the runner's words, and what can be read from it: when it struck, whether the test ran out of time,
//! which facts of a call its text repeats, and which status the test wanted.

use std::time::Duration;

use model::{AttemptKind, AttemptStatus, Evidence, Phase, Timestamp, attribute};

use crate::calls::Try;
use crate::text;

/// How runners say that a test ran out of time: Mocha, Jest, Vitest, Playwright, pytest-timeout.
const OUT_OF_TIME: &[&str] = &[
    "Timeout of ",
    "Exceeded timeout of ",
    "exceeded timeout of ",
    "Test timed out in ",
    "Hook timed out in ",
    "Test timeout of ",
    "Timeout >",
    "Timeout (>",
    "timed out after ",
];

/// What stands before the value that an assertion wanted.
const WANTED: &[&str] = &[
    "to equal ",
    "to deeply equal ",
    "to be ",
    "to have status ",
    "!== ",
    "Expected: ",
];

/// Shortest value that says of which answer it is; `0`, `[]` and `true` are in many.
const TELLING_VALUE_CHARS: usize = 3;

/// Errors of the code itself, rather than of what it calls.
const SLIPS: &[&str] = &[
    "TypeError",
    "ReferenceError",
    "RangeError",
    "KeyError",
    "IndexError",
    "AttributeError",
    "NameError",
    "UnboundLocalError",
    "ValueError",
    "ZeroDivisionError",
];

/// Shortest name of a key that is looked for in the failure's text.
const KEY_CHARS: usize = 2;

/// Shortest message of an answer whose repetition in the failure says anything.
const TELLING_CHARS: usize = 6;

/// Longest body whose whole repetition is looked for.
const BODY_CHARS: usize = 400;

/// What is known of the failure.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Whether there is one.
    pub(crate) failed: bool,
    /// When it struck, if known.
    pub(crate) at: Option<Timestamp>,
    /// The last instant of which the recording knows.
    pub(crate) seen_until: Timestamp,
    /// The phase in which it struck.
    pub(crate) phase: Option<Phase>,
    /// The failing attempt is itself a fixture.
    pub(crate) of_fixture: bool,
    /// The runner's limit struck.
    pub(crate) out_of_time: bool,
    /// That limit.
    pub(crate) limit: Option<Duration>,
    /// The attempt was never seen to end.
    pub(crate) killed: bool,
    /// Message and actual value: what the test met.
    met: String,
    error_type: String,
    stack: String,
    message: String,
    expected: String,
    actual: String,
}

impl Failure {
    /// Reads the failure of the attempt.
    pub(crate) fn of(evidence: &Evidence) -> Self {
        let attempt = &evidence.attempt;
        let said = uncoloured(attempt.failure.clone().unwrap_or_default());
        let killed = attempt.status == AttemptStatus::Unfinished;
        let actual = said.actual.unwrap_or_default();
        Self {
            failed: killed || attempt.status == AttemptStatus::Failed,
            at: if killed {
                None
            } else {
                instant(evidence).or(attempt.end)
            },
            seen_until: seen_until(evidence),
            phase: said.phase,
            of_fixture: attempt.kind == AttemptKind::Fixture,
            out_of_time: OUT_OF_TIME.iter().any(|words| said.message.contains(words)),
            limit: milliseconds(&said.message)
                .or(attempt.timeout_ms.filter(|limit| *limit > 0))
                .map(Duration::from_millis),
            killed,
            met: format!("{} {} {actual}", said.error_type, said.message),
            error_type: said.error_type,
            stack: said.stack.unwrap_or_default(),
            expected: said.expected.unwrap_or_default(),
            message: said.message,
            actual,
        }
    }

    /// The instant up to which calls may have caused it.
    pub(crate) fn end(&self) -> Timestamp {
        self.at.unwrap_or(self.seen_until)
    }

    /// The message.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Whether the message, or what was wanted or met, contains a value as JSON writes it.
    pub(crate) fn speaks_of(&self, value: &str) -> bool {
        let bare = value.trim_matches('"');
        [&self.met, &self.expected]
            .iter()
            .any(|text| text::has_token(text, bare))
    }

    /// Whether the message, the stack, or what was wanted or met, names a key.
    pub(crate) fn mentions(&self, key: &str) -> bool {
        key.len() >= KEY_CHARS
            && [&self.met, &self.expected, &self.stack]
                .iter()
                .any(|text| text::has_token(text, key))
    }

    /// Whether it compares something with something, rather than having been thrown.
    pub(crate) fn is_assertion(&self) -> bool {
        self.met.contains("Assert")
            || self.is_of_type("MismatchError")
            || self.met.contains("ERR_ASSERTION")
            || self.message.starts_with("expect(")
            || !self.expected.is_empty() && !self.actual.is_empty()
    }

    /// Whether it is the kind of error that the code of a test makes by itself, in JavaScript or Python.
    pub(crate) fn is_slip(&self) -> bool {
        self.is_assertion()
            || SLIPS.contains(&self.error_type.rsplit('.').next().unwrap_or_default())
    }

    /// Whether the message is a parser's complaint of JSON or XML.
    pub(crate) fn speaks_of_parsing(&self) -> bool {
        const WORDS: &[&str] = &[
            "JSON",
            "json",
            "Unexpected token",
            "Unexpected end",
            "XML",
            "not well-formed",
            "ParseError",
        ];
        WORDS.iter().any(|words| self.met.contains(words))
    }

    /// Whether a decoder complains of compressed bytes.
    pub(crate) fn speaks_of_decoding(&self) -> bool {
        const WORDS: &[&str] = &[
            "failed to decode",
            "decompress",
            "incorrect header check",
            "Z_DATA_ERROR",
            "Z_BUF_ERROR",
            "ContentDecodingError",
            "BadGzipFile",
            "not a gzip",
        ];
        let said = |words: &&str| self.met.contains(*words) || self.stack.contains(*words);
        // What the fetch of Node says, with the reason as its cause.
        WORDS.iter().any(said) || self.message == "terminated"
    }

    /// Whether a reader of JSON complains.
    pub(crate) fn speaks_of_json(&self) -> bool {
        const WORDS: &[&str] = &[
            "JSONDecodeError",
            "end of JSON input",
            "is not valid JSON",
            " in JSON at position",
        ];
        let said = |words: &&str| self.met.contains(*words) || self.stack.contains(*words);
        WORDS.iter().any(said)
    }

    /// Whether it met the one value where it wanted the other.
    pub(crate) fn sets_against(&self, met: &str, wanted: &str) -> bool {
        if !self.is_assertion() {
            return false;
        }
        let has = |text: &str, value: &str| {
            let bare = value.trim_matches('"');
            text == value || text == bare || text::has_token(text, bare)
        };
        let (actual, expected) = if self.expected.is_empty() || self.actual.is_empty() {
            (&self.message, &self.message)
        } else {
            (&self.actual, &self.expected)
        };
        has(actual, met) && has(expected, wanted)
    }

    /// Whether it wanted this value, and met nothing.
    pub(crate) fn misses(&self, wanted: &str) -> bool {
        let nothing = matches!(
            self.actual.trim(),
            "" | "null" | "undefined" | "\"undefined\"" | "None" | "{}"
        );
        let bare = wanted.trim_matches('"');
        nothing && bare.len() >= TELLING_VALUE_CHARS && text::has_token(&self.expected, bare)
    }

    /// Whether what it met holds a value that it does not want.
    pub(crate) fn meets(&self, met: &str) -> bool {
        met.len() >= TELLING_VALUE_CHARS
            && text::has_token(&self.actual, met)
            && !text::has_token(&self.expected, met)
    }

    /// Whether the message or what was compared names a header, however it is written.
    pub(crate) fn mentions_header(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        name.contains('-') && self.met.to_ascii_lowercase().contains(&name)
    }

    /// What it met, where that says of which answer it is.
    pub(crate) fn met_value(&self) -> Option<&str> {
        telling(&self.actual)
    }

    /// What it wanted, where that says of which answer it would be.
    pub(crate) fn wanted_value(&self) -> Option<&str> {
        telling(&self.expected)
    }

    /// Whether the error is of this type, wherever that is defined.
    pub(crate) fn is_of_type(&self, name: &str) -> bool {
        self.error_type.rsplit('.').next() == Some(name)
    }

    /// What an assertion wanted and what it met, for people.
    pub(crate) fn compared(&self) -> Option<(&str, &str)> {
        let both = !self.expected.is_empty() && !self.actual.is_empty();
        both.then_some((self.expected.as_str(), self.actual.as_str()))
    }

    /// Whether the message speaks of a time limit or a cancelled call, the runner's or a client's.
    pub(crate) fn speaks_of_time(&self) -> bool {
        let met = self.met.to_ascii_lowercase();
        [
            "timeout",
            "timed out",
            "etimedout",
            "econnaborted",
            "aborted",
        ]
        .iter()
        .any(|word| met.contains(word))
    }

    /// What of the try the failure's text repeats, if anything: its error, its message, its body or its status.
    pub(crate) fn repeats(&self, one: &Try) -> Option<String> {
        let answer = &one.answer;
        let code = answer
            .code
            .iter()
            .chain(one.exchange.error.as_ref().map(|error| &error.error_type));
        for code in code.filter(|code| is_code(code)) {
            if text::has_token(&self.met, code) || text::has_token(&self.stack, code) {
                return Some(code.clone());
            }
        }
        let message = answer
            .message
            .iter()
            .chain(one.exchange.error.as_ref().map(|error| &error.message));
        let body = one
            .exchange
            .response
            .as_ref()
            .and_then(|response| response.body.text());
        let whole = body
            .filter(|body| body.len() <= BODY_CHARS)
            .map(str::to_owned);
        for words in message.cloned().chain(whole) {
            let words = words.trim().trim_end_matches('.').to_owned();
            if words.len() >= TELLING_CHARS && contains_ignoring_case(&self.met, &words) {
                return Some(words);
            }
        }
        let status = one
            .exchange
            .status()
            .filter(|status| *status >= 400)?
            .to_string();
        (text::has_token(&self.met, &status) && self.may_compare_statuses()).then_some(status)
    }

    /// Whether what was wanted can be a status: 500 in place of 490 is a price.
    fn may_compare_statuses(&self) -> bool {
        let wanted = if self.expected.is_empty() {
            let after = |words: &str| Some(self.message.split_once(words)?.1);
            WANTED
                .iter()
                .find_map(|words| after(words)?.split_whitespace().next())
        } else {
            Some(self.expected.as_str())
        };
        let Some(wanted) = wanted.filter(|wanted| wanted.parse::<f64>().is_ok()) else {
            return true;
        };
        wanted.parse::<u16>().is_ok_and(is_status)
    }

    /// Whether the test wanted this very status: then an answer with it is no cause.
    pub(crate) fn wanted(&self, status: u16) -> bool {
        let status = status.to_string();
        if !self.expected.is_empty() {
            return text::has_token(&self.expected, &status)
                && !text::has_token(&self.actual, &status);
        }
        let message = &self.message;
        // Supertest: `expected 200 "OK", got 503 "Service Unavailable"`.
        if let Some((wanted, got)) = message.split_once(", got ") {
            return text::has_token(wanted, &status) && !text::has_token(got, &status);
        }
        let wanted = WANTED.iter().filter_map(|words| message.split_once(words));
        wanted.into_iter().any(|(_, after)| {
            text::has_token(after.split_whitespace().next().unwrap_or_default(), &status)
        })
    }
}

/// The failure without the colours in which runners print it.
fn uncoloured(failure: model::Failure) -> model::Failure {
    model::Failure {
        message: text::uncoloured(&failure.message),
        stack: failure.stack.map(|stack| text::uncoloured(&stack)),
        expected: failure.expected.map(|value| text::uncoloured(&value)),
        actual: failure.actual.map(|value| text::uncoloured(&value)),
        ..failure
    }
}

/// `ECONNRESET`, `token_revoked`, `ThrottlingException`; not `Error` and not a number.
fn is_code(text: &str) -> bool {
    let generic = [
        "Error",
        "TypeError",
        "AbortError",
        "TimeoutError",
        "FetchError",
        "AxiosError",
    ];
    text.len() >= 4
        && !generic.contains(&text)
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Whether HTTP has such a status.
fn is_status(number: u16) -> bool {
    matches!(number, 100..=103 | 200..=208 | 226 | 300..=308 | 400..=418 | 421..=431 | 451 | 500..=511)
}

/// The value without its quotes, if it is one that few answers hold.
fn telling(value: &str) -> Option<&str> {
    let bare = value.trim().trim_matches('"');
    let common = matches!(
        bare,
        "true" | "false" | "null" | "undefined" | "NaN" | "[]" | "{}"
    );
    (bare.len() >= TELLING_VALUE_CHARS && !common).then_some(bare)
}

fn contains_ignoring_case(text: &str, words: &str) -> bool {
    text.to_lowercase().contains(&words.to_lowercase())
}

/// The number before `ms` in the words of a runner.
fn milliseconds(message: &str) -> Option<u64> {
    let (_, after) = OUT_OF_TIME
        .iter()
        .find_map(|words| message.split_once(words))?;
    let number = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let digits = after.bytes().take_while(number).count();
    let (number, unit) = after.split_at(digits);
    let unit = unit.trim_start();
    if unit.starts_with("ms") {
        return number.parse().ok();
    }
    let seconds: f64 = number.parse().ok()?;
    let in_range = unit.starts_with('s') && seconds < 1e6;
    in_range.then_some((seconds * 1_000.0) as u64)
}

/// When the failure was noticed: the exception of the root span, else of the hook that failed. Of several the one of
/// the phase that counts: a tear-down that fails as well says nothing about the body.
fn instant(evidence: &Evidence) -> Option<Timestamp> {
    let phase = evidence
        .attempt
        .failure
        .as_ref()
        .and_then(|failure| failure.phase);
    let spans = &evidence.recording.spans;
    let root = spans
        .iter()
        .find(|span| span.span_id == evidence.attempt.root_span_id);
    let hooks = spans
        .iter()
        .filter(|span| span.flakescope_type() == Some("hook"));
    let exceptions: Vec<_> = root
        .into_iter()
        .chain(hooks)
        .flat_map(|span| &span.events)
        .filter(|event| event.name == attribute::EXCEPTION_EVENT)
        .collect();
    let of_phase = exceptions.iter().find(|event| {
        let named = event
            .attributes
            .str(attribute::FAILURE_PHASE)
            .and_then(Phase::from_name);
        named.is_some() && named == phase
    });
    of_phase.or(exceptions.first()).map(|event| event.time)
}

fn seen_until(evidence: &Evidence) -> Timestamp {
    let recording = &evidence.recording;
    let spans = recording
        .spans
        .iter()
        .map(|span| span.end.unwrap_or(span.start));
    let logs = recording.logs.iter().map(|log| log.time);
    spans
        .chain(logs)
        .chain(evidence.attempt.end)
        .max()
        .unwrap_or(evidence.attempt.start)
}

#[cfg(test)]
impl Failure {
    /// One that says this and nothing else.
    pub(crate) fn said(error_type: &str, message: &str, expected: &str, actual: &str) -> Self {
        Self {
            failed: true,
            at: None,
            seen_until: Timestamp(0),
            phase: None,
            of_fixture: false,
            out_of_time: false,
            limit: None,
            killed: false,
            met: format!("{error_type} {message} {actual}"),
            error_type: error_type.into(),
            stack: String::new(),
            message: message.into(),
            expected: expected.into(),
            actual: actual.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(message: &str, expected: &str, actual: &str) -> Failure {
        Failure::said("", message, expected, actual)
    }

    #[test]
    fn the_wanted_status_is_not_the_one_met() {
        let check = |message: &str, expected: &str, actual: &str, status: u16, wanted: bool| {
            assert_eq!(
                failure(message, expected, actual).wanted(status),
                wanted,
                "{message} {status}"
            );
        };
        check("", "200", "503", 503, false);
        check("", "503", "200", 503, true);
        check("expected 503 to equal 200", "", "", 503, false);
        check("expected 200 to equal 503", "", "", 503, true);
        check(
            "expected 200 \"OK\", got 503 \"Service Unavailable\"",
            "",
            "",
            503,
            false,
        );
        check(
            "expected 503 \"Service Unavailable\", got 200 \"OK\"",
            "",
            "",
            503,
            true,
        );
        check("503 !== 200", "", "", 503, false);
        check("200 !== 503", "", "", 503, true);
        check("Request failed with status code 503", "", "", 503, false);
    }

    #[test]
    fn limits_are_read_from_the_runners_words() {
        let check = |message: &str, expected: Option<u64>| {
            assert_eq!(milliseconds(message), expected, "{message}")
        };
        check("Timeout of 2000ms exceeded. For async tests", Some(2000));
        check("Exceeded timeout of 5000 ms for a test.", Some(5000));
        check("Timeout (>10.0s) from pytest-timeout.", Some(10_000));
        check("Timeout >5.0s", Some(5_000));
        check("test timed out after 300ms", Some(300));
        check("timeout of 500ms exceeded", None);
        check("Timeout of pain", None);
        check("Timeout of ", None);
    }
}
