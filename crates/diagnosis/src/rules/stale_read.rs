//! `stale-read`: a cache answered with what was there before.
//!
//! | the answer that differs from the passing recording's | and | stale-read? |
//! |---|---|---|
//! | shows the state before an acknowledged write | `Age` above 0, `X-Cache: HIT` or another header says that a cache gave it | yes |
//! | shows the state before an acknowledged write | 304 | yes |
//! | another content, nothing written here | a cache gave it, and not that of the passing recording | yes, at most likely |
//! | any | no sign of a cache | no: race |
//! | 304 | it leaves as it was what the same call had been answered | no, unless a cache gave that |

use model::{Cause, Owner, Response};

use super::{Stands, Suspect, is_product};
use crate::calls::Try;
use crate::compare::Difference;
use crate::context::Context;
use crate::innocence;
use crate::sentence;
use crate::state;

/// Headers in which caches say whether they had it.
const HEADERS: &[&str] = &[
    "x-cache",
    "x-cache-status",
    "cf-cache-status",
    "x-proxy-cache",
    "x-drupal-cache",
    "x-varnish-cache",
    "cache-status",
    "x-cache-lookup",
];

/// Answers that a cache gave although they were out of date.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    innocence::open_to_question(context)
        .into_iter()
        .filter(|(call, _)| !state::writes(&context.calls[*call]))
        .filter_map(|place| suspect(context, place))
        .collect()
}

fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let call = place.0;
    let evidence = by_a_cache(context, place).or_else(|| cached_within(context, call))?;
    let look = &context.calls[call];
    let differs = matches!(
        context.difference(call),
        Some(Difference::Outcome | Difference::Content)
    ) || context
        .comparison
        .as_ref()
        .is_some_and(|comparison| !comparison.same_reply[call]);
    let before = state::before_write(context, call);
    if before.is_none() && !differs {
        return None;
    }
    let owner = if is_product(&look.peer) {
        Owner::Product
    } else {
        Owner::Test
    };
    let at = sentence::offset(context, look, context.known_at(call));
    let what = match &before {
        Some(before) => format!(
            "was answered from a cache at {at} with what was there before {}",
            sentence::call(&context.calls[before.write])
        ),
        None => format!(
            "was answered from a cache at {at} with something else than in the passing recording"
        ),
    };
    let clause = format!("{} {what}", sentence::call(look));
    let mut suspect = Suspect::told(Cause::StaleRead, place, "cache", clause, 88, Some(owner));
    suspect
        .findings
        .push(format!("The answer says so: `{evidence}`."));
    if before.is_none() {
        suspect.stands = Stands::Never;
    }
    Some(suspect)
}

/// The header by which a cache tells that it gave this answer; a 304 leaves as it was what this very call had been answered.
pub(super) fn by_a_cache(context: &Context, (call, at): (usize, usize)) -> Option<String> {
    match context.try_at(call, at) {
        one if one.exchange.status() == Some(304) => cached(context.calls[call].telling()),
        one => cached(one),
    }
}

/// The header by which the answer tells that a cache gave it.
pub(crate) fn cached(one: &Try) -> Option<String> {
    one.exchange.response.as_ref().and_then(by_headers)
}

fn by_headers(response: &Response) -> Option<String> {
    if response.status == 304 {
        return Some("304 Not Modified".to_owned());
    }
    let age = response.header("age").map(str::trim);
    if let Some(age) = age.filter(|age| age.parse::<u64>().is_ok_and(|age| age > 0)) {
        return Some(format!("age: {age}"));
    }
    HEADERS.iter().find_map(|name| {
        let value = response.header(name)?;
        let upper = value.to_ascii_uppercase();
        let hit = upper.contains("HIT") || upper.contains("STALE");
        hit.then(|| format!("{name}: {}", crate::text::one_line(value, 40)))
    })
}

/// The same of a call that was made for this one: a cache in front of the service's own source.
fn cached_within(context: &Context, call: usize) -> Option<String> {
    (0..context.calls.len())
        .filter(|inner| context.is_inside(*inner, call))
        .find_map(|inner| cached(context.calls[inner].last()))
}

#[cfg(test)]
mod tests {
    use model::{Body, Header};

    use super::*;

    fn response(status: u16, headers: &[(&str, &str)]) -> Response {
        let header = |(name, value): &(&str, &str)| Header {
            name: (*name).into(),
            value: (*value).into(),
        };
        Response {
            status,
            headers: headers.iter().map(header).collect(),
            body: Body::default(),
            complete: Some(true),
        }
    }

    #[test]
    fn caches_are_known_by_their_headers() {
        let check = |name: &str, value: &str, expected: bool| {
            let found = by_headers(&response(200, &[(name, value)]));
            assert_eq!(found.is_some(), expected, "{name}: {value}");
        };
        check("age", "12", true);
        check("age", "0", false);
        check("age", "old", false);
        check("x-cache", "Hit from cloudfront", true);
        check("x-cache", "MISS", false);
        check("cf-cache-status", "STALE", true);
        check("cache-status", "edge; hit", true);
        check("x-other", "HIT", false);
        assert!(by_headers(&response(304, &[])).is_some());
    }
}
