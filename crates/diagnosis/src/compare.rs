//! What differs between the failing recording and a passing one, call by call.

use model::{Header, Phase};

use crate::align;
use crate::answer::Content;
use crate::calls::{Call, Outcome};
use crate::changes::{self, Change};
use crate::failure::Failure;
use crate::headers;
use crate::normal::{Normal, Renaming};
use crate::scan;
use crate::varying::Varying;

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

/// What is known of a call of the passing recording from further passing recordings.
#[derive(Debug, Clone, Default)]
struct Habit<'a> {
    request: Varying,
    reply: Varying,
    /// So many further recordings do not have it.
    absent: usize,
    /// It came out otherwise in one of them, and the test passed all the same.
    outcome_varies: bool,
    /// Its items come in another order in one of them.
    order_varies: bool,
    /// The headers that they send.
    headers: Vec<&'a [Header]>,
}

/// The failing recording beside a passing one, and what further passing ones say of that.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// The calls of the passing recording.
    pub(crate) calls: Vec<Call>,
    /// For each call here the place of the same call there.
    pub(crate) pairs: Vec<Option<usize>>,
    /// For each call here how it differs.
    pub(crate) differences: Vec<Difference>,
    /// For each call here what differs in what it sends, and says something.
    pub(crate) sent: Vec<Vec<Change>>,
    /// For each call here what differs in its answer, and says something.
    pub(crate) answered: Vec<Vec<Change>>,
    /// For each call here whether it sends the same, identifiers renamed consistently, with as many tries.
    pub(crate) same_request: Vec<bool>,
    /// For each call here whether it got the same answer, identifiers renamed consistently.
    pub(crate) same_reply: Vec<bool>,
    /// Calls there that have no counterpart here, and that all passing recordings have.
    pub(crate) missing: Vec<usize>,
    /// How many passing recordings there are beside that one.
    pub(crate) further: usize,
}

impl Comparison {
    /// Compares calls `here` with those of a passing recording, and those with further passing ones.
    ///
    /// A number or text that may differ by itself counts only where the failure speaks of both values.
    pub(crate) fn new(
        here: &[Call],
        there: Vec<Call>,
        further: &[Vec<Call>],
        failure: &Failure,
    ) -> Self {
        let pairs = align::align(here, &there);
        let habits = habits(&there, further);
        let mut renaming = Renaming::default();
        let mut comparison = Self {
            differences: Vec::with_capacity(here.len()),
            sent: Vec::with_capacity(here.len()),
            answered: Vec::with_capacity(here.len()),
            same_request: Vec::with_capacity(here.len()),
            same_reply: Vec::with_capacity(here.len()),
            missing: Vec::new(),
            further: further.len(),
            calls: Vec::new(),
            pairs: Vec::new(),
        };
        let of_body = |call: &Call| call.fixture.is_none() && call.signature.phase == Phase::Body;
        let last = here.iter().rposition(of_body);
        for (place, (call, pair)) in here.iter().zip(&pairs).enumerate() {
            let Some(at) = *pair else {
                comparison.push(Difference::Extra, Vec::new(), Vec::new(), (false, false));
                continue;
            };
            let (other, habit) = (&there[at], &habits[at]);
            let same = (
                renaming.same(&call.request, &other.request),
                renaming.same(&call.reply, &other.reply),
            );
            let mut sent = telling(&call.request, &other.request, &habit.request, failure);
            if was_never_sent(call) {
                sent.retain(|change| !change.path.starts_with(BODY));
            }
            sent.extend(headers::sent(call, other, &habit.headers));
            let mut answered = answered(call, other, habit, failure);
            // An order says something of the last answer, where several passing recordings have the same.
            let ordered = !further.is_empty() && !habit.order_varies && failure.is_assertion();
            if last == Some(place) && answered.is_empty() && ordered {
                answered.extend(another_order(call, other));
            }
            let difference = if !sent.is_empty() {
                Difference::Request
            } else if call.last().outcome() != other.last().outcome() && !habit.outcome_varies {
                Difference::Outcome
            } else if call.last().is_fine() && (kind_differs(call, other) || !answered.is_empty())
                || refused_otherwise(call, &answered, failure)
            {
                Difference::Content
            } else {
                Difference::None
            };
            comparison.push(difference, sent, answered, same);
        }
        let always = |at: &usize| habits[*at].absent == 0;
        let is_unpaired = |at: &usize| !pairs.contains(&Some(*at));
        comparison.missing = (0..there.len())
            .filter(is_unpaired)
            .filter(always)
            .collect();
        comparison.calls = there;
        comparison.pairs = pairs;
        comparison
    }

    fn push(
        &mut self,
        difference: Difference,
        sent: Vec<Change>,
        answered: Vec<Change>,
        (same_request, same_reply): (bool, bool),
    ) {
        self.differences.push(difference);
        self.sent.push(sent);
        self.answered.push(answered);
        self.same_request.push(same_request);
        self.same_reply.push(same_reply);
    }

    /// The counterpart of a call.
    pub(crate) fn counterpart(&self, call: usize) -> Option<&Call> {
        self.pairs[call].map(|at| &self.calls[at])
    }
}

/// Where the body stands in a request in its normal form.
const BODY: &str = "[2]";

/// Whether nothing of the body was captured because there was nobody to send it to.
fn was_never_sent(call: &Call) -> bool {
    let first = &call.tries[0].exchange;
    first.response.is_none() && first.request_body.content.is_none()
}

/// What further passing recordings say of each call of the first one.
fn habits<'a>(calls: &[Call], further: &'a [Vec<Call>]) -> Vec<Habit<'a>> {
    let mut habits = vec![Habit::default(); calls.len()];
    for others in further {
        let pairs = align::align(calls, others);
        for ((call, habit), pair) in calls.iter().zip(&mut habits).zip(pairs) {
            let Some(other) = pair.map(|at| &others[at]) else {
                habit.absent += 1;
                continue;
            };
            habit.request.learn(&call.request.text, &other.request.text);
            habit.order_varies |= another_order(call, other).is_some();
            if content_is_known(call, other) {
                habit.reply.learn(&call.reply.text, &other.reply.text);
            }
            habit.headers.push(&other.tries[0].exchange.request_headers);
            habit.outcome_varies |= call.last().outcome() != other.last().outcome();
        }
    }
    habits
}

/// What differs in an answer, and says something: of its content, and of its headers what the failure speaks of.
fn answered(call: &Call, other: &Call, habit: &Habit<'_>, failure: &Failure) -> Vec<Change> {
    let mut answered = Vec::new();
    if content_is_known(call, other) {
        answered = telling(&call.reply, &other.reply, &habit.reply, failure);
    }
    answered.extend(headers::answered(call, other, failure));
    answered
}

/// Whether a refusal says something else than that of the passing recording: of which the failure speaks, or of other parts
/// of a batch.
fn refused_otherwise(call: &Call, answered: &[Change], failure: &Failure) -> bool {
    let spoken_of = |change: &Change| failure.sets_against(&change.here, &change.there);
    let is_part = |change: &Change| call.last().answer.error_inside && change.kind.is_of_shape();
    matches!(call.last().outcome(), Outcome::Refused { .. })
        && answered
            .iter()
            .any(|change| spoken_of(change) || is_part(change))
}

/// The changes that say something.
fn telling(here: &Normal, there: &Normal, varying: &Varying, failure: &Failure) -> Vec<Change> {
    if here.text == there.text {
        return Vec::new();
    }
    let mut found = changes::changes(&here.text, &there.text);
    let spoken_of = |change: &Change| {
        !varying.varies(change) && failure.sets_against(&change.here, &change.there)
    };
    found.retain(|change| varying.leaves(change) || spoken_of(change));
    found
}

/// How a call differs from the same call of the other recording, with nothing known but these two.
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

/// The same items in another order.
fn another_order(call: &Call, other: &Call) -> Option<Change> {
    content_is_known(call, other)
        .then(|| changes::reordered(&call.reply.text, &other.reply.text))
        .flatten()
}

/// Whether both answers are of one kind, and whole, so that their values can be compared: JSON, XML, or lines of text.
fn content_is_known(call: &Call, other: &Call) -> bool {
    let (here, there) = (call.content(), other.content());
    let is_whole = |call: &Call| {
        let response = call.last().exchange.response.as_ref();
        response.is_some_and(|response| !response.body.truncated)
    };
    here == there
        && matches!(
            here,
            Content::Json | Content::Xml | Content::Html | Content::Other
        )
        && is_whole(call)
        && is_whole(other)
}

/// Another kind of content, or JSON that is not alike.
fn content_differs(call: &Call, other: &Call) -> bool {
    kind_differs(call, other) || content_is_known(call, other) && !call.reply.is_like(&other.reply)
}

/// Another kind of content. What was not captured does not differ.
fn kind_differs(call: &Call, other: &Call) -> bool {
    let (here, there) = (call.content(), other.content());
    here != there && here != Content::Unknown && there != Content::Unknown
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
