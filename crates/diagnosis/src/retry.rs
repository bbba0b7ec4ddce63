//! Which exchanges are one logical call: the tries of a *retry group*, the polls of a *poll group*.
//!
//! A try belongs to an earlier one when it sends the same request from the same place, the earlier one had failed or the
//! request only reads, the earlier one had ended, and nothing else happened in between. Three exceptions to the last condition: calls that were under way already when the
//! earlier try ended say nothing about order; after a 401 a client may fetch a new token first; and a client may name
//! the group itself.

use std::collections::HashMap;

use model::{SpanId, Timestamp};

use crate::calls::Try;

/// What is equal on all tries of one logical call, within one recording.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    lane: Option<SpanId>,
    method: String,
    url: String,
    body: String,
}

#[derive(Debug)]
struct Group {
    key: Key,
    /// How the client calls it; several when a caller tried again what the client had given up.
    names: Vec<String>,
    tries: Vec<Try>,
}

impl Group {
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

/// The tries, sorted by start, as logical calls.
pub(crate) fn group(tries: Vec<Try>) -> Vec<Vec<Try>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut latest: HashMap<Key, usize> = HashMap::new();
    for one in tries {
        let key = key(&one);
        let joined = named_group(&groups, &one).or_else(|| {
            let at = *latest.get(&key)?;
            continues(&groups, at, &one).then_some(at)
        });
        match joined {
            Some(at) => groups[at].push(one),
            None => {
                latest.insert(key.clone(), groups.len());
                groups.push(Group {
                    names: one.exchange.retry_group.iter().cloned().collect(),
                    key,
                    tries: vec![one],
                });
            }
        }
    }
    groups.into_iter().map(|group| group.tries).collect()
}

fn key(one: &Try) -> Key {
    let exchange = &one.exchange;
    let body = &exchange.request_body;
    let body = match (body.text(), &body.hash, body.size) {
        (Some(text), _, _) => text.to_owned(),
        (None, Some(hash), _) => hash.clone(),
        (None, None, size) => size.map(|size| size.to_string()).unwrap_or_default(),
    };
    Key {
        lane: exchange.parent_span_id,
        method: exchange.method.clone(),
        url: exchange.url.clone(),
        body,
    }
}

fn named_group(groups: &[Group], one: &Try) -> Option<usize> {
    let name = one.exchange.retry_group.as_ref()?;
    groups.iter().rposition(|group| group.names.contains(name))
}

fn continues(groups: &[Group], at: usize, one: &Try) -> bool {
    let group = &groups[at];
    let before = group.last();
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
    refreshing
        || !groups
            .iter()
            .any(|other| happened_between(other, group, ended, one))
}

/// Whether a call of the same lane began after the earlier try had ended and was over when the later one began.
fn happened_between(other: &Group, group: &Group, ended: Timestamp, one: &Try) -> bool {
    other.key.lane == group.key.lane
        && other.start() >= ended
        && other
            .last()
            .known_at()
            .is_some_and(|over| over <= one.exchange.start)
}

/// Whether a request only asks, so that asking again is a poll: by its method, by a path that is known to search, or by
/// the name of its operation.
fn reads(one: &Try) -> bool {
    const PATHS: &[&str] = &[
        "_search", "_msearch", "_count", "_mget", "search", "query", "graphql",
    ];
    const OPERATIONS: &[&str] = &["Get", "List", "Describe", "Query", "Scan", "Receive"];
    let exchange = &one.exchange;
    let last = exchange.path().rsplit('/').next().unwrap_or_default();
    let operation = exchange
        .request_header("x-amz-target")
        .and_then(|target| target.rsplit('.').next());
    matches!(exchange.method.as_str(), "GET" | "HEAD")
        || PATHS.contains(&last)
        || operation.is_some_and(|name| OPERATIONS.iter().any(|verb| name.starts_with(verb)))
}
