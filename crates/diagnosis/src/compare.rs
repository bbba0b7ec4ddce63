//! What differs between the failing recording and a passing one, call by call.

use crate::align;
use crate::answer::Content;
use crate::calls::Call;
use crate::normal::{Normal, Renaming};
use crate::scan;

/// How a call differs from the same call in the passing recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Difference {
    /// Not at all that matters.
    None,
    /// The passing recording does not have it.
    Extra,
    /// It asks for something else.
    Request,
    /// It came out otherwise.
    Outcome,
    /// It came out alike, with another content.
    Content,
}

/// The failing recording beside a passing one.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// The calls of the passing recording.
    pub(crate) calls: Vec<Call>,
    /// For each call here the place of the same call there.
    pub(crate) pairs: Vec<Option<usize>>,
    /// For each call here how it differs.
    pub(crate) differences: Vec<Difference>,
    /// For each call here whether it sends the same, identifiers renamed consistently, with as many tries.
    pub(crate) same_request: Vec<bool>,
    /// For each call here whether it got the same answer, identifiers renamed consistently.
    pub(crate) same_reply: Vec<bool>,
    /// Calls there that have no counterpart here.
    pub(crate) missing: Vec<usize>,
}

impl Comparison {
    /// Compares calls `here` with those of a passing recording.
    pub(crate) fn new(here: &[Call], there: Vec<Call>) -> Self {
        let pairs = align::align(here, &there);
        let mut renaming = Renaming::default();
        let mut differences = Vec::with_capacity(here.len());
        let mut same_request = Vec::with_capacity(here.len());
        let mut same_reply = Vec::with_capacity(here.len());
        for (call, pair) in here.iter().zip(&pairs) {
            let Some(other) = pair.map(|at| &there[at]) else {
                differences.push(Difference::Extra);
                same_request.push(false);
                same_reply.push(false);
                continue;
            };
            same_request.push(renaming.same(&call.request, &other.request));
            same_reply.push(renaming.same(&call.reply, &other.reply));
            differences.push(difference(call, other));
        }
        let missing = (0..there.len())
            .filter(|at| !pairs.contains(&Some(*at)))
            .collect();
        Self {
            calls: there,
            pairs,
            differences,
            same_request,
            same_reply,
            missing,
        }
    }

    /// The counterpart of a call.
    pub(crate) fn counterpart(&self, call: usize) -> Option<&Call> {
        self.pairs[call].map(|at| &self.calls[at])
    }
}

/// How a call differs from the same call of the other recording.
pub(crate) fn difference(call: &Call, other: &Call) -> Difference {
    if !call.request.is_like(&other.request) {
        return Difference::Request;
    }
    if call.last().outcome() != other.last().outcome() {
        return Difference::Outcome;
    }
    if call.last().is_fine() && content_differs(call, other) {
        return Difference::Content;
    }
    Difference::None
}

/// Another kind of content, or JSON that is not alike. What was not captured does not differ.
fn content_differs(call: &Call, other: &Call) -> bool {
    let (here, there) = (&call.last().answer, &other.last().answer);
    match (here.content, there.content) {
        (Content::Unknown, _) | (_, Content::Unknown) => false,
        (Content::Json, Content::Json) => !call.reply.is_like(&other.reply),
        (here, there) => here != there,
    }
}

/// The first values in which two answers differ, by their place in the body: `(count, 3, 2)`.
pub(crate) fn differing_values(
    here: &Normal,
    there: &Normal,
    limit: usize,
) -> Vec<(String, String, String)> {
    let mut values = Vec::new();
    collect_values("", &here.text, &there.text, limit, &mut values);
    values
}

fn collect_values(
    path: &str,
    here: &str,
    there: &str,
    limit: usize,
    values: &mut Vec<(String, String, String)>,
) {
    if here == there || values.len() >= limit {
        return;
    }
    match (here.as_bytes().first(), there.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => {
            let mut others = scan::members(there).peekable();
            for (key, left) in scan::members(here) {
                while others.next_if(|(other, _)| *other < key).is_some() {}
                let Some((_, right)) = others.next_if(|(other, _)| *other == key) else {
                    continue;
                };
                if left == right {
                    continue;
                }
                let dot = if path.is_empty() { "" } else { "." };
                collect_values(&format!("{path}{dot}{key}"), left, right, limit, values);
            }
        }
        (Some(b'['), Some(b'[')) => {
            let pairs = scan::items(here).zip(scan::items(there)).enumerate();
            for (at, (left, right)) in pairs.filter(|(_, (left, right))| left != right) {
                collect_values(&format!("{path}[{at}]"), left, right, limit, values);
            }
        }
        (Some(b'{' | b'['), _) | (_, Some(b'{' | b'[')) => {}
        _ => values.push((path.to_owned(), here.to_owned(), there.to_owned())),
    }
}
