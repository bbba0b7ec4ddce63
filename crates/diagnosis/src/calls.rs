//! A recording read as logical calls: each with its tries, its peer, and what makes it the same call elsewhere.

use model::{
    AttemptId, Baseline, Evidence, Exchange, Listener, Peer, PeerDeclaration, Phase, Recording,
    Role, RoleBasis, SpanKind, Timestamp, attribute, peer,
};

use crate::answer::{self, Answer, Content};
use crate::horizon;
use crate::methods;
use crate::normalize::{self, Normal};
use crate::operations;
use crate::places::Places;
use crate::repeats;
use crate::retry;
use crate::trouble::Trouble;
use crate::volatile;

/// One network attempt.
#[derive(Debug, Clone)]
pub(crate) struct Try {
    pub(crate) exchange: Exchange,
    pub(crate) answer: Answer,
    pub(crate) trouble: Option<Trouble>,
    /// What it calls, where one path serves many ([`operations`]).
    pub(crate) operation: Option<String>,
}

/// One logical call: a single try, retries of one request, or polls of one endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Never empty; by start.
    pub(crate) tries: Vec<Try>,
    pub(crate) peer: Peer,
    pub(crate) signature: Signature,
    pub(crate) request: Normal,
    pub(crate) reply: Normal,
    /// The fixture in whose trace it is, by its place in the evidence; none when it is the attempt's own.
    pub(crate) fixture: Option<usize>,
}

/// What makes a call the same call in another recording, whatever its identifiers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Signature {
    pub(crate) in_fixture: bool,
    pub(crate) phase: Phase,
    /// The declared name, `local` for this machine, else the host: known alike in every run.
    pub(crate) peer: String,
    pub(crate) method: String,
    /// The path with identifiers as `*`.
    pub(crate) template: String,
    /// The operation, where one path serves many ([`operations`]).
    pub(crate) operation: Option<String>,
}

/// How a call came out, in the terms in which two recordings are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An answer that is no error.
    Fine { class: u16 },
    /// An answer that is an error: status, and the code of the error that it names.
    Refused { status: u16, code: Option<String> },
    /// No whole answer.
    Broken(Trouble),
    /// Still awaited.
    Open,
}

/// Words of errors that pass by themselves, in lower case.
const PASSING: &[&str] = &[
    "internal",
    "unavailable",
    "timeout",
    "timed",
    "deadlock",
    "serialization",
    "concurrent",
    "concurrently",
    "throttled",
    "throttling",
    "ratelimited",
    "rate",
    "limit",
    "limited",
    "retry",
    "locked",
    "busy",
    "many",
];

/// Whether an error that is told of in a success says so.
fn may_pass(answer: &Answer) -> bool {
    let said = [&answer.message, &answer.code].map(|text| text.as_deref().unwrap_or_default());
    let said = said.join(" ").to_ascii_lowercase();
    let mut words = said.split(|one: char| !one.is_ascii_alphabetic());
    words.any(|word| PASSING.contains(&word))
}

impl Try {
    fn read(mut exchange: Exchange) -> Self {
        let trouble = Trouble::of(&exchange);
        let is_left_unread = exchange.is_left_unread();
        let mut answer = Answer::default();
        if let Some(response) = &mut exchange.response {
            answer = answer::read(response);
            if is_left_unread {
                // A part of a body is no broken body where its client wanted no more.
                response.complete = None;
                if matches!(answer.content, Content::BrokenJson | Content::BrokenXml) {
                    answer.content = Content::Other;
                }
            }
        }
        Self {
            operation: operations::of(&exchange),
            exchange,
            answer,
            trouble,
        }
    }

    /// How it came out.
    pub(crate) fn outcome(&self) -> Outcome {
        let exchange = &self.exchange;
        match (&exchange.response, self.trouble) {
            (Some(response), _) if response.status >= 400 || self.answer.error_inside => {
                Outcome::Refused {
                    status: self.answer.inner_status.unwrap_or(response.status),
                    code: self.answer.code.clone(),
                }
            }
            (_, Some(trouble)) => Outcome::Broken(trouble),
            (Some(response), None) if response.complete == Some(false) => {
                Outcome::Broken(Trouble::Garbled)
            }
            (Some(response), None) => Outcome::Fine {
                class: class(response.status),
            },
            (None, None) => Outcome::Open,
        }
    }

    /// Whether it ended with an answer that is no error.
    pub(crate) fn is_fine(&self) -> bool {
        matches!(self.outcome(), Outcome::Fine { .. })
    }

    /// Whether a client would try it again.
    pub(crate) fn invites_retry(&self) -> bool {
        match self.outcome() {
            Outcome::Fine { .. } => false,
            // Who is told of an error in an answer that is none tries again if he is told to.
            Outcome::Refused { status, .. } if status < 400 => may_pass(&self.answer),
            Outcome::Refused { status, .. } => {
                !(400..500).contains(&status)
                    || matches!(status, 400 | 401 | 403 | 408 | 409 | 425 | 429)
            }
            Outcome::Broken(_) | Outcome::Open => true,
        }
    }

    /// Whether the request may have been carried out although the answer says otherwise.
    pub(crate) fn may_have_been_applied(&self) -> bool {
        let safe = matches!(methods::asked(&self.exchange), "GET" | "HEAD" | "OPTIONS");
        let unclear = match self.outcome() {
            Outcome::Refused { status, .. } => status >= 500,
            Outcome::Broken(trouble) => trouble.may_have_been_applied(),
            Outcome::Fine { .. } | Outcome::Open => false,
        };
        unclear && !safe
    }

    /// When the test could know how it came out: at the answer's head, else at the end.
    pub(crate) fn known_at(&self) -> Option<Timestamp> {
        let exchange = &self.exchange;
        let head = exchange.response.as_ref().and(exchange.first_byte_after);
        head.map(|after| exchange.start.plus(after))
            .or(exchange.end)
    }
}

impl Call {
    /// The try that says what is there.
    pub(crate) fn telling(&self) -> &Try {
        &self.tries[telling(&self.tries)]
    }

    /// Of what kind the answer is that says what is there.
    pub(crate) fn content(&self) -> Content {
        self.telling().answer.content
    }

    /// The last try, which decided how the call came out.
    pub(crate) fn last(&self) -> &Try {
        // A call is made from its first try, so there is always one.
        &self.tries[self.tries.len() - 1]
    }

    /// The try that is to be looked at. The last one: what it came to absorbs the tries before. Or, when a retry met what an earlier try had done, that one.
    pub(crate) fn deciding_try(&self) -> usize {
        let last = self.tries.len() - 1;
        if matches!(self.last().exchange.status(), Some(409 | 412)) {
            let applied = self.tries[..last]
                .iter()
                .position(Try::may_have_been_applied);
            return applied.unwrap_or(last);
        }
        last
    }

    /// When its first try began.
    pub(crate) fn start(&self) -> Timestamp {
        self.tries[0].exchange.start
    }

    /// Tries that nobody invited: the first, and each that followed an answer. Polls count, retries of a refusal do
    /// not: those are the refusal's doing.
    pub(crate) fn unprompted_tries(&self) -> usize {
        1 + self
            .tries
            .windows(2)
            .filter(|pair| !pair[0].invites_retry())
            .count()
    }
}

/// Who is at which address, in the run of a recording.
#[derive(Clone, Copy)]
pub(crate) struct Directory<'a> {
    peers: &'a [PeerDeclaration],
    listeners: &'a [Listener],
    /// Of the run that it is compared with: they tell whom a declaration by its process means that was not started here.
    elsewhere: &'a [Listener],
}

impl<'a> Directory<'a> {
    /// In the run of a recording.
    pub(crate) fn of(peers: &'a [PeerDeclaration], listeners: &'a [Listener]) -> Self {
        Self {
            peers,
            listeners,
            elsewhere: &[],
        }
    }

    /// Compared with a run of which these are the server sockets.
    pub(crate) fn beside(self, elsewhere: &'a [Listener]) -> Self {
        Self { elsewhere, ..self }
    }

    /// In the failing run.
    pub(crate) fn here(evidence: &'a Evidence) -> Self {
        let passing = evidence.baseline.as_ref();
        Self::of(&evidence.peers, &evidence.listeners)
            .beside(passing.map_or(&[], |passing| &passing.listeners))
    }

    /// In the passing run, whose servers may have had other ports. What the failing run declares counts in both.
    pub(crate) fn there(evidence: &'a Evidence, baseline: &'a Baseline) -> Self {
        Self::of(&evidence.peers, &baseline.listeners).beside(&evidence.listeners)
    }

    /// The server sockets that tell who is asked there.
    fn sockets(&self, host: &str, port: Option<u16>) -> &'a [Listener] {
        let (here, elsewhere) = (self.listeners, self.elsewhere);
        if peer::is_known_elsewhere(self.peers, here, elsewhere, host, port) {
            elsewhere
        } else {
            here
        }
    }
}

/// A recording and the recordings of its fixtures as logical calls: fixtures first, each by start. What the calls of the
/// recording came to after the instant `until` is left out.
pub(crate) fn read(
    directory: Directory<'_>,
    recording: &Recording,
    fixtures: &[Recording],
    until: Option<Timestamp>,
) -> Vec<Call> {
    let mut calls = Vec::new();
    for (at, fixture) in fixtures.iter().enumerate() {
        calls.extend(read_one(directory, fixture, Some(at), None));
    }
    calls.extend(read_one(directory, recording, None, until));
    calls
}

fn read_one(
    directory: Directory<'_>,
    recording: &Recording,
    fixture: Option<usize>,
    until: Option<Timestamp>,
) -> Vec<Call> {
    let mut exchanges = recording.exchanges();
    exchanges.sort_by_key(|exchange| (exchange.start, exchange.span_id));
    let places = Places::new(recording, &exchanges);
    let known = |exchange| horizon::as_known(exchange, until);
    let tries = exchanges.into_iter().map(known).map(Try::read).collect();
    let groups = retry::group(tries, &places);
    let mut calls: Vec<Call> = repeats::fold(groups, &places)
        .into_iter()
        .map(|tries| call(directory, recording, tries, fixture))
        .collect();
    calls.sort_by_key(Call::start);
    calls
}

fn call(
    directory: Directory<'_>,
    recording: &Recording,
    mut tries: Vec<Try>,
    fixture: Option<usize>,
) -> Call {
    let telling = telling(&tries);
    let parsed = tries[telling].answer.json.take();
    let first = &tries[0].exchange;
    Call {
        peer: resolve(directory, recording, first),
        signature: Signature {
            in_fixture: fixture.is_some(),
            phase: first.phase,
            peer: peer_key(directory, first),
            method: methods::asked(first).to_owned(),
            template: template(first.path()),
            operation: tries[0].operation.clone(),
        },
        request: normalize::request(first),
        reply: normalize::reply(&tries[telling].exchange, parsed),
        fixture,
        tries,
    }
}

/// The first digit of a status; 304 says that all is as a 2xx before had said.
fn class(status: u16) -> u16 {
    match status {
        304 => 2,
        status => status / 100,
    }
}

/// The try that says what is there: the last one, or of a 304 at the end the one whose answer it leaves as it was (RFC 9110,
/// section 15.4.5).
fn telling(tries: &[Try]) -> usize {
    let is_unchanged = |one: &Try| one.exchange.status() == Some(304);
    let last = tries.len() - 1;
    if !is_unchanged(&tries[last]) {
        return last;
    }
    let told = tries
        .iter()
        .rposition(|one| one.is_fine() && !is_unchanged(one));
    told.unwrap_or(last)
}

/// Whom the exchange goes to. Spans of the peer's own beat everything but a declaration; what an interceptor answers
/// comes from nobody. A span that our agent wrote in the peer's process only says that the command started it.
fn resolve(directory: Directory<'_>, recording: &Recording, exchange: &Exchange) -> Peer {
    let (host, port) = (&exchange.host, exchange.port);
    let peer = peer::resolve(directory.peers, directory.sockets(host, port), host, port);
    if exchange.mocked.is_some() {
        return Peer {
            role: Role::Unknown,
            basis: RoleBasis::Nothing,
            ..peer
        };
    }
    if peer.basis == RoleBasis::Declared {
        return peer;
    }
    let Some(server) = server_span(recording, exchange) else {
        return peer;
    };
    let recorded_by_us = server.flakescope_type().is_some();
    if recorded_by_us && peer.basis == RoleBasis::StartedByCommand {
        return peer;
    }
    let name = server.resource.attributes.str(attribute::SERVICE_NAME);
    Peer {
        name: name.unwrap_or(&exchange.host).to_owned(),
        role: Role::Product,
        basis: if recorded_by_us {
            RoleBasis::StartedByCommand
        } else {
            RoleBasis::OwnSpans
        },
    }
}

/// The SERVER span that continues this exchange in another process.
fn server_span<'a>(recording: &'a Recording, exchange: &Exchange) -> Option<&'a model::Span> {
    let client = recording.span(exchange.span_id)?;
    let pid = |span: &model::Span| span.resource.attributes.int(attribute::PROCESS_PID);
    recording.spans.iter().find(|span| {
        span.parent_span_id == Some(exchange.span_id)
            && span.kind == SpanKind::Server
            && (pid(span) != pid(client) || pid(span).is_none() && span.resource != client.resource)
    })
}

fn peer_key(directory: Directory<'_>, exchange: &Exchange) -> String {
    let (host, port) = (&exchange.host, exchange.port);
    peer::key(directory.peers, directory.sockets(host, port), host, port)
}

/// The path with its identifiers as `*`. Only the path decides, so that the template is the same in every recording.
pub(crate) fn template(path: &str) -> String {
    let mut before = "";
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| {
            let names = std::mem::replace(&mut before, part);
            let varies = varies(part) || !part.is_empty() && holds_names(names, path);
            if varies { "*" } else { part }
        })
        .collect();
    parts.join("/")
}

/// Whether the segment after this one is always a name that somebody chose: a function of AWS Lambda, whose paths begin
/// with the date of the interface, or a document of Elasticsearch.
fn holds_names(segment: &str, path: &str) -> bool {
    let dated = || path.split('/').nth(1).is_some_and(is_date);
    match segment {
        "functions" => dated(),
        "_doc" | "_create" | "_update" => true,
        _ => false,
    }
}

/// Longest segment of a path that is believed to be a fixed word.
const SEGMENT_CHARS: usize = 40;

fn varies(segment: &str) -> bool {
    let has_digit = segment.bytes().any(|byte| byte.is_ascii_digit());
    if segment.len() > SEGMENT_CHARS || segment.contains("[masked:") {
        return true;
    }
    has_digit && !is_version(segment) && !is_short_word(segment) || volatile::is_in(segment)
}

/// `v1`, `v2.1`, `2015-03-31`.
fn is_version(segment: &str) -> bool {
    let numbers = segment.strip_prefix(['v', 'V']).unwrap_or(segment);
    let dotted = segment.len() != numbers.len()
        && numbers
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    dotted || is_date(segment)
}

fn is_date(segment: &str) -> bool {
    segment.len() == 10
        && segment.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// `oauth2`, `s3`, `v1beta1`: letters first, few digits, nothing between.
fn is_short_word(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    segment.len() <= 8
        && digits <= 2
        && segment.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && segment.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// The first digits of an attempt's id, as people see it.
pub(crate) fn short_id(id: AttemptId) -> String {
    id.to_string().chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_keep_words_and_versions() {
        let check = |path: &str, expected: &str| assert_eq!(template(path), expected, "{path}");
        check(
            "/2015-03-31/functions/fn-71/invocations",
            "/2015-03-31/functions/*/invocations",
        );
        check("/2015-03-31/functions/hello", "/2015-03-31/functions/*");
        check("/2015-03-31/functions/", "/2015-03-31/functions/");
        check("/functions/hello", "/functions/hello");
        check("/accounts/_doc/qa", "/accounts/_doc/*");
        check("/v1/orders/17", "/v1/orders/*");
        check("/oauth2/token", "/oauth2/token");
        check("/users/5f2b8c1e-9d3a-4c6b-8e7f-001122334455", "/users/*");
        check("/bot[masked:1a2b:0123456789ab]/send", "/*/send");
        check("/", "/");
        check("", "");
    }
}
