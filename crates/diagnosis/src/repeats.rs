//! Calls that are made again because the call that they serve is made again.
//!
//! A test that looks until it sees something asks a service, and the service asks its database, each time. The test's
//! own looks are one poll group by themselves (`retry`); this makes one of the calls that a service makes for each of
//! them, so that how often somebody looked is no difference between two recordings.

use std::collections::HashMap;

use model::SpanId;

use crate::calls::{self, Try};
use crate::methods;
use crate::normalize;
use crate::places::Places;

/// What is equal on calls that serve different tries of one call, whatever their identifiers and instants.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    /// The call that they serve.
    outer: usize,
    method: String,
    host: String,
    template: String,
    request: String,
}

impl Key {
    fn new(outer: usize, one: &Try) -> Self {
        let exchange = &one.exchange;
        Self {
            outer,
            method: methods::asked(exchange).to_owned(),
            host: exchange.host.clone(),
            template: calls::template(exchange.path()),
            request: normalize::request(exchange).text,
        }
    }
}

/// Joins, from the outside in, what serves different tries of one call: the first such request of each try with the
/// first, the second with the second.
pub(crate) fn fold(mut groups: Vec<Vec<Try>>, places: &Places) -> Vec<Vec<Try>> {
    groups.retain(|tries| !tries.is_empty());
    // By start as they come; a call begins after that which it serves, except by another machine's clock.
    groups.sort_by_key(|tries| places.depth(&tries[0].exchange));
    let mut folded: Vec<Vec<Try>> = Vec::with_capacity(groups.len());
    let mut call_of: HashMap<SpanId, usize> = HashMap::new();
    let mut known: HashMap<Key, Vec<usize>> = HashMap::new();
    let mut seen: HashMap<(SpanId, Key), usize> = HashMap::new();
    for tries in groups {
        let first = &tries[0];
        let outer = places.of(&first.exchange).outer;
        let repeated = outer.and_then(|outer| {
            let call = *call_of.get(&outer)?;
            (folded[call].len() > 1).then_some((outer, call))
        });
        let mut at = folded.len();
        if let Some((outer, call)) = repeated {
            let key = Key::new(call, first);
            let nth = seen.entry((outer, key.clone())).or_default();
            let same = known.entry(key).or_default();
            match same.get(*nth) {
                Some(earlier) => at = *earlier,
                None => same.push(at),
            }
            *nth += 1;
        }
        call_of.extend(tries.iter().map(|one| (one.exchange.span_id, at)));
        match folded.get_mut(at) {
            Some(call) => call.extend(tries),
            None => folded.push(tries),
        }
    }
    folded
}
