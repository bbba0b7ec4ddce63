//! Which exchanges are one logical call: the tries of a *retry group*, the polls of a *poll group*.
//!
//! A try belongs to an earlier one when it sends the same request in the same lane, the earlier one had failed or the
//! request only reads, the earlier one had ended, and nothing else happened in between. Four exceptions to the last
//! condition: calls that were under way already when the earlier try ended say nothing about order; what only reads and
//! is itself made again and again is another poll, in the same loop or beside it; after a 401 a client may fetch a new
//! token first; and a client may name the group itself.
//!
//! What a service does for each try of one call, it does for that call: the calls within the tries are tries, too
//! ([`crate::repeats`]).

use std::collections::HashMap;

use model::{Exchange, Header, Phase, SpanId, Timestamp};

use crate::calls::Try;
use crate::places::Places;
use crate::writes;

/// What is equal on all tries of one logical call, within one recording.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    /// What is asked again when the test is over is no try of what failed it.
    phase: Phase,
    lane: Option<SpanId>,
    method: String,
    url: String,
    body: String,
}

#[derive(Debug)]
struct Group {
    /// How the client calls it; several when a caller tried again what the client had given up.
    names: Vec<String>,
    tries: Vec<Try>,
}

impl Group {
    fn new(first: Try) -> Self {
        Self {
            names: first.exchange.retry_group.iter().cloned().collect(),
            tries: vec![first],
        }
    }

    fn last(&self) -> &Try {
        &self.tries[self.tries.len() - 1]
    }

    fn push(&mut self, one: Try) {
        let name = one.exchange.retry_group.clone();
        self.names
            .extend(name.filter(|name| !self.names.contains(name)));
        self.tries.push(one);
    }

    fn start(&self) -> Timestamp {
        self.tries[0].exchange.start
    }
}

/// An exchange as the others of its lane see it.
#[derive(Debug, Clone, Copy)]
struct Step {
    start: Timestamp,
    /// Which request, by number.
    key: usize,
    reads: bool,
    group: usize,
}

/// The lanes so far, and which requests are made when.
#[derive(Debug, Default)]
struct Course {
    lanes: HashMap<Option<SpanId>, Vec<Step>>,
    /// For each request when it is made first and last.
    made: Vec<(Timestamp, Timestamp)>,
}

/// The tries, sorted by start, as logical calls.
pub(crate) fn group(tries: Vec<Try>, places: &Places) -> Vec<Vec<Try>> {
    let (keys, mut course) = number(&tries, places);
    let since = known_since(&tries);
    let mut groups: Vec<Group> = Vec::new();
    let mut latest: HashMap<usize, usize> = HashMap::new();
    for (one, key) in tries.into_iter().zip(keys) {
        let lane = places.of(&one.exchange).lane;
        let joined = named_group(&groups, &one).or_else(|| {
            let at = *latest.get(&key)?;
            let same_person = !is_somebody_else(groups[at].last(), &one, &since);
            let moved_on = |ended| course.moved_on(&groups, (lane, key), ended, at, &one);
            (same_person && continues(&groups, at, &one, moved_on)).then_some(at)
        });
        let group = joined.unwrap_or(groups.len());
        course.lanes.entry(lane).or_default().push(Step {
            start: one.exchange.start,
            key,
            reads: reads(&one),
            group,
        });
        match joined {
            Some(at) => groups[at].push(one),
            None => {
                latest.insert(key, groups.len());
                groups.push(Group::new(one));
            }
        }
    }
    groups.into_iter().map(|group| group.tries).collect()
}

/// So many credentials are told apart.
const CREDENTIALS: usize = 16;

/// Since when each credential is known: when it was first presented, or handed out by an answer.
fn known_since(tries: &[Try]) -> HashMap<String, Timestamp> {
    let mut since: HashMap<String, Timestamp> = HashMap::new();
    for one in tries {
        if let Some(name) = credential(one)
            && since.len() < CREDENTIALS
            && !since.contains_key(name)
        {
            since.insert(name.to_owned(), one.exchange.start);
        }
    }
    for one in tries {
        let Some(response) = &one.exchange.response else {
            continue;
        };
        let text = response.body.text().unwrap_or_default();
        let known = one.known_at().unwrap_or(one.exchange.start);
        for (name, first) in &mut since {
            if known < *first && text.contains(name.as_str()) {
                *first = known;
            }
        }
    }
    since
}

fn credential(one: &Try) -> Option<&str> {
    let credential = one.exchange.credential.as_ref()?;
    Some(&credential.pseudonym)
}

/// Whom a request says that it comes from, in headers of a team's own such as `X-User`.
fn named_person(one: &Try) -> Option<&str> {
    const WORDS: &[&str] = &["user", "tenant", "account", "actor", "role", "customer"];
    let names = |name: &str| {
        let name = name.to_ascii_lowercase();
        let name = name.strip_prefix("x-").unwrap_or_default();
        let is_other = name.ends_with("token") || name.ends_with("agent");
        !is_other && name.split('-').any(|part| WORDS.contains(&part))
    };
    let mut headers = one.exchange.request_headers.iter();
    let is_it = |header: &&Header| names(&header.name) && !header.value.contains("[masked");
    headers.find(is_it).map(|header| header.value.as_str())
}

/// Whether the same request comes from somebody else: with a credential that was there before the earlier one was asked, and
/// not one that was fetched in between.
fn is_somebody_else(before: &Try, one: &Try, since: &HashMap<String, Timestamp>) -> bool {
    if before.exchange.status() == Some(401) {
        return false;
    }
    let (earlier, later) = (credential(before), credential(one));
    let was_there = |name: &str| {
        let first = since.get(name);
        first.is_some_and(|first| *first < before.exchange.start)
    };
    earlier != later && later.is_none_or(was_there) || named_person(before) != named_person(one)
}

/// A number for each request, the same for equal ones of a lane.
fn number(tries: &[Try], places: &Places) -> (Vec<usize>, Course) {
    let mut known: HashMap<Key, usize> = HashMap::new();
    let mut course = Course::default();
    let mut keys = Vec::with_capacity(tries.len());
    for one in tries {
        let start = one.exchange.start;
        let next = known.len();
        let key = *known.entry(key(one, places)).or_insert(next);
        match course.made.get_mut(key) {
            Some((_, last)) => *last = start,
            None => course.made.push((start, start)),
        }
        keys.push(key);
    }
    (keys, course)
}

fn key(one: &Try, places: &Places) -> Key {
    let exchange = &one.exchange;
    let body = &exchange.request_body;
    let body = match (body.text(), &body.hash, body.size) {
        (Some(text), _, _) => text.to_owned(),
        (None, Some(hash), _) => hash.clone(),
        (None, None, size) => size.map(|size| size.to_string()).unwrap_or_default(),
    };
    Key {
        phase: exchange.phase,
        lane: places.of(exchange).lane,
        method: exchange.method.clone(),
        url: exchange.url.clone(),
        body,
    }
}

fn named_group(groups: &[Group], one: &Try) -> Option<usize> {
    let name = one.exchange.retry_group.as_ref()?;
    groups.iter().rposition(|group| group.names.contains(name))
}

/// Whether it is another try of the group; `moved_on` tells whether the lane did something else since a time.
fn continues(groups: &[Group], at: usize, one: &Try, moved_on: impl Fn(Timestamp) -> bool) -> bool {
    let before = groups[at].last();
    let Some(ended) = before
        .known_at()
        .filter(|ended| *ended <= one.exchange.start)
    else {
        return false;
    };
    if !(before.invites_retry() || reads(one) || one.exchange.resend_count > 0) {
        return false;
    }
    let refreshing = before.exchange.status() == Some(401);
    refreshing || !moved_on(ended)
}

impl Course {
    /// Whether a call of the same lane began after the earlier try had ended, and was a write or over when the later one
    /// began, and is not itself one that is made again and again.
    fn moved_on(
        &self,
        groups: &[Group],
        (lane, key): (Option<SpanId>, usize),
        ended: Timestamp,
        at: usize,
        one: &Try,
    ) -> bool {
        let steps = self.lanes.get(&lane).map_or(&[][..], Vec::as_slice);
        let from = steps.partition_point(|step| step.start < ended);
        let earlier = groups[at].last().exchange.start;
        let is_poll = |step: &Step| {
            let (first, last) = self.made[step.key];
            step.reads && (first < earlier || last > one.exchange.start)
        };
        steps[from..].iter().any(|step| {
            let other = &groups[step.group];
            let over = other.last().known_at();
            let is_over = over.is_some_and(|over| over <= one.exchange.start);
            // A write that was begun between two looks belongs to neither, awaited or not.
            step.key != key && other.start() >= ended && (is_over || !step.reads) && !is_poll(step)
        })
    }
}

fn reads(one: &Try) -> bool {
    only_asks(&one.exchange, one.operation.as_deref())
}

/// Whether a request only asks, so that asking again is a poll. To receive is to ask, although it takes away.
pub(crate) fn only_asks(exchange: &Exchange, operation: Option<&str>) -> bool {
    operation.is_some_and(|name| name.starts_with("Receive"))
        || !writes::asks_for_change(exchange, operation)
}
