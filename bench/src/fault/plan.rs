//! Which faults are injected into which calls, as it stands in a file.

use std::collections::BTreeMap;

use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::edit::Edit;
use super::http::Message;

/// All that is done to the calls of one test run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Plan {
    /// What is done to which calls. All that match a call are applied, in this order.
    pub rules: Vec<Rule>,
    /// What is done to the connections, whatever they carry.
    pub wire: Option<Wire>,
}

/// A fault, and the calls that it hits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which calls.
    #[serde(default)]
    pub when: When,
    /// What is done to them.
    pub fault: Fault,
}

/// Which calls a rule hits. Nothing set: all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct When {
    /// The method.
    pub method: Option<String>,
    /// A pattern in path and query.
    pub path: Option<String>,
    /// Patterns in headers, by name.
    pub headers: BTreeMap<String, String>,
    /// A pattern in the body.
    pub body: Option<String>,
    /// Only the n-th call that matches, from 1.
    pub nth: Option<u32>,
    /// The n-th call that matches and all after it.
    pub from: Option<u32>,
    /// No more than so many.
    pub times: Option<u32>,
}

/// What is done to a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fault {
    /// Answers in place of the server.
    Status(Answer),
    /// The server applies the request; the client gets this answer.
    StatusAfter(Answer),
    /// Waits before the server is asked.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Asks the server, and waits before handing its answer on.
    DelayAfter {
        /// Milliseconds.
        ms: u64,
    },
    /// Never answers.
    Hang,
    /// Resets the connection in place of an answer.
    Reset {
        /// The server has applied the request before.
        #[serde(default)]
        applied: bool,
    },
    /// Cuts the body of the answer after so many bytes and closes the connection.
    Truncate {
        /// Bytes of the body.
        keep: usize,
    },
    /// Hands on only so many bytes of the body, with a length that fits them.
    Shorten {
        /// Bytes of the body.
        keep: usize,
    },
    /// A page for people in place of the body, with this status.
    Html {
        /// The status.
        status: u16,
    },
    /// Changes the JSON of the answer.
    Json {
        /// The changes, in their order.
        edits: Vec<Edit>,
    },
    /// Presents other credentials to the server, as if those of the client had been revoked.
    BadAuth {
        /// The header that the server gets.
        authorization: String,
    },
    /// Replaces texts in the body of the answer, whatever it is: XML, a calendar, a page.
    Text {
        /// The changes, in their order.
        edits: Vec<Replacement>,
    },
    /// The body is said to be gzip and cannot be unpacked.
    BrokenGzip,
    /// Hands the body on in pieces.
    Drip {
        /// Bytes of a piece.
        bytes: usize,
        /// Milliseconds before each.
        ms: u64,
    },
    /// Puts headers in place of those of the request, such as credentials that somebody has revoked.
    Present {
        /// What the server gets.
        headers: BTreeMap<String, String>,
    },
    /// Asks the server for something else, as a gateway with a wrong route does.
    Route {
        /// What is replaced in path and query.
        find: String,
        /// By what.
        replace: String,
    },
    /// The server is asked twice; the client gets the first answer.
    Twice,
    /// Closes the connection behind this answer, in good order.
    Close,
    /// Does something to the server's machine just before the server is asked: ends it, stops its clock, fills its disk.
    Run {
        /// A command for the shell.
        command: String,
    },
    /// The same once the server has answered, before the client is told.
    RunAfter {
        /// A command for the shell.
        command: String,
    },
    /// Adds headers to the answer.
    Headers {
        /// Each in place of one of its name.
        headers: BTreeMap<String, String>,
    },
    /// Before this write, asks the server for what a later read would show.
    Snap {
        /// The read.
        read: Call,
    },
    /// Answers from the last snapshot, so often or for so long; without a snapshot the server answers.
    LagRead {
        /// At most so many reads.
        reads: Option<u32>,
        /// So many milliseconds after the snapshot.
        ms: Option<u64>,
        /// What a cache would add.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// Somebody else's request, made just before this call.
    Intruder {
        /// The request.
        call: Call,
    },
    /// Creates `signal`, then holds this call until a call that matches `until` was answered, at most `ms`: room for
    /// another test of the same run.
    Hold {
        /// The file that is made.
        signal: String,
        /// What is waited for.
        until: Box<When>,
        /// Milliseconds.
        ms: u64,
    },
    /// No more than so many calls in a window; the others get this answer.
    Limit {
        /// So many calls.
        calls: u32,
        /// In so many milliseconds.
        window_ms: u64,
        /// What the others get.
        answer: Answer,
    },
    /// Answers this call, closes its connection and listens no more: later calls are refused.
    CloseListener,
}

/// A text that is replaced in a body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// A pattern.
    pub find: String,
    /// What stands in its place; `$1` is its first group.
    pub replace: String,
}

/// An answer that is made up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: BTreeMap<String, String>,
    /// Its body: a text is sent as it is, anything else as JSON.
    pub body: Option<Value>,
}

/// A request that the proxy makes of itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Call {
    /// Its method.
    pub method: String,
    /// Its path; `{path}` is that of the call at hand without its query, `{parent}` the same without its last part.
    pub path: String,
    /// Headers in addition to those of the call at hand.
    pub headers: BTreeMap<String, String>,
    /// Its body: a text is sent as it is; in anything else, which is sent as JSON, a text `{field}` stands for that field of
    /// the JSON body of the call at hand.
    pub body: Option<Value>,
}

/// What is done to connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wire {
    /// Waits so long before each piece that goes to the client.
    pub latency_ms: Option<u64>,
    /// Resets a connection once so many bytes went to the client.
    pub reset_after: Option<u64>,
    /// Hands on nothing more once so many bytes went to the client.
    pub silent_after: Option<u64>,
    /// Resets a connection when the server cannot be asked, as if nothing stood in between; without it the client is told
    /// 502.
    pub bare: bool,
}

/// A plan that cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A pattern is none.
    #[error("a pattern cannot be read: {0}")]
    Pattern(#[from] regex::Error),
    /// The listener could not be opened again.
    #[error("failed to listen: {0}")]
    Listen(#[from] std::io::Error),
}

/// [`When`], ready to be asked.
#[derive(Debug)]
pub(super) struct Matcher {
    method: Option<String>,
    path: Option<Regex>,
    headers: Vec<(String, Regex)>,
    body: Option<Regex>,
}

impl Matcher {
    pub(super) fn new(when: &When) -> Result<Self, regex::Error> {
        let pattern = |text: &Option<String>| text.as_deref().map(Regex::new).transpose();
        let mut headers = Vec::new();
        for (name, text) in &when.headers {
            headers.push((name.clone(), Regex::new(text)?));
        }
        Ok(Self {
            method: when.method.clone(),
            path: pattern(&when.path)?,
            headers,
            body: pattern(&when.body)?,
        })
    }

    pub(super) fn matches(&self, request: &Message) -> bool {
        let header = |(name, pattern): &(String, Regex)| {
            request
                .header(name)
                .is_some_and(|value| pattern.is_match(value))
        };
        self.method
            .as_deref()
            .is_none_or(|method| method == request.method())
            && self
                .path
                .as_ref()
                .is_none_or(|path| path.is_match(request.target()))
            && self.headers.iter().all(header)
            && self
                .body
                .as_ref()
                .is_none_or(|body| body.is_match(&String::from_utf8_lossy(&request.body)))
    }
}
