//! `rate-limited`: refused for quota.
//!
//! | the answer | rate-limited? |
//! |---|---|
//! | 429 | yes |
//! | 403 or 503 with `Retry-After` or a remaining quota of 0 | yes |
//! | 503 with `Retry-After` that speaks of maintenance or a restart | no: dependency-error |
//! | 400 `ThrottlingException` (AWS), in a header, in JSON or in XML | yes |
//! | 503 `SlowDown` (S3) | yes |
//! | 200 `{"ok":false,"error":"ratelimited"}` (Slack) | yes |
//! | 200 with GraphQL error code `RATE_LIMITED` or `THROTTLED` | yes |
//! | `grpc-status: 8` | yes |
//! | 403 `API rate limit exceeded` | yes |
//! | 400, 402, 403 or an error inside that says that a limit is exceeded or reached, or how many there may be | yes, at most likely: a quota |
//! | … of characters, bytes, a length or a size, or from the product | no |
//! | 403 without any of these | no |
//! | 503 without any of these | no: dependency-error |
//! | 200 whose text merely speaks of a rate limit | no |

use model::{Cause, Role};

use super::{Stands, Suspect};
use crate::calls::{Call, Try};
use crate::context::Context;
use crate::innocence;
use crate::sentence;
use crate::text;

/// Error codes that mean throttling, in lower case, without `Exception` or `Error` at their end.
const CODES: &[&str] = &[
    "throttling",
    "throttled",
    "throttle",
    "throttledexception",
    "requestthrottled",
    "toomanyrequests",
    "too_many_requests",
    "requestlimitexceeded",
    "provisionedthroughputexceeded",
    "bandwidthlimitexceeded",
    "limitexceeded",
    "overlimit",
    "slowdown",
    "priorrequestnotcomplete",
    "transactioninprogress",
    "ec2throttled",
    "ratelimited",
    "rate_limited",
    "ratelimitexceeded",
    "rate_limit_exceeded",
    "rate_limit",
    "userratelimitexceeded",
    "quotaexceeded",
    "quota_exceeded",
    "resource_exhausted",
];

/// Words of a refusal that mean throttling, in lower case.
const WORDS: &[&str] = &[
    "rate exceeded",
    "rate limit",
    "rate-limit",
    "ratelimit",
    "too many requests",
    "quota exceeded",
    "throttl",
];

/// Words of a 503 that name another reason to come back later, in lower case.
const OTHER_REASONS: &[&str] = &["maintenance", "restart", "starting", "deploy", "upgrade"];

/// Calls that were refused for quota.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    innocence::open_to_question(context)
        .into_iter()
        .filter_map(|place| suspect(context, place))
        .collect()
}

fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let one = context.try_at(place.0, place.1);
    let said = refusal(one);
    let by_words = said.is_none();
    let class = said.or_else(|| quota(&context.calls[place.0], one))?;
    let mut suspect = Suspect::new(
        Cause::RateLimited,
        place,
        class,
        sentence::answered(one),
        97,
    );
    if by_words {
        suspect.stands = Stands::Never;
        suspect.doubt = Some("whether the limit is a quota of the account".to_owned());
    }
    if let Some(wait) = one
        .exchange
        .response
        .as_ref()
        .and_then(|response| response.header("retry-after"))
    {
        suspect.findings.push(format!(
            "It asks to wait: retry-after {}.",
            crate::text::one_line(wait, 40)
        ));
    }
    Some(suspect)
}

/// The class of the refusal, if the answer is one for quota.
pub(crate) fn refusal(one: &Try) -> Option<String> {
    let response = one.exchange.response.as_ref()?;
    let code = one
        .answer
        .code
        .as_deref()
        .filter(|code| means_throttling(code));
    if response.status == 429 || one.answer.inner_status == Some(429) {
        return Some("429".to_owned());
    }
    if response.status >= 400 || one.answer.error_inside {
        if let Some(code) = code {
            return Some(code.to_owned());
        }
        if one.answer.grpc_status == Some(8) {
            return Some("RESOURCE_EXHAUSTED".to_owned());
        }
        let message = one
            .answer
            .message
            .as_deref()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if WORDS.iter().any(|words| message.contains(words)) {
            return Some(response.status.to_string());
        }
    }
    let remaining = [
        "x-ratelimit-remaining",
        "ratelimit-remaining",
        "x-rate-limit-remaining",
    ]
    .iter()
    .any(|name| response.header(name).is_some_and(|left| left.trim() == "0"));
    let message = one
        .answer
        .message
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let other_reason = OTHER_REASONS.iter().any(|words| message.contains(words));
    let told_to_wait = response.header("retry-after").is_some() && !other_reason || remaining;
    (matches!(response.status, 403 | 503) && told_to_wait).then(|| response.status.to_string())
}

/// The class of a refusal that says that there may not be more of something. What is too long or too large is no quota; and
/// that of a coupon is the product's own affair.
fn quota(call: &Call, one: &Try) -> Option<String> {
    const LIMITS: &[&str] = &["limit", "quota", "maximum"];
    const OVER: &[&str] = &["exceed", "reached", "more than", "exhausted", "used up"];
    const MEASURES: &[&str] = &[
        "character",
        "characters",
        "byte",
        "bytes",
        "length",
        "size",
        "long",
        "depth",
        "time",
        "memory",
        "value",
        "first",
        "rows",
        "amount",
    ];
    let response = one.exchange.response.as_ref()?;
    let message = one.answer.message.as_deref()?.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let measures = MEASURES.iter().any(|word| text::has_token(&message, word));
    let refused = matches!(response.status, 400 | 402 | 403) || one.answer.error_inside;
    let is_one = refused && has(LIMITS) && has(OVER) && !measures;
    (is_one && call.peer.role != Role::Product).then(|| "quota".to_owned())
}

fn means_throttling(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    let bare = code
        .strip_suffix("exception")
        .or_else(|| code.strip_suffix("error"))
        .unwrap_or(&code);
    CODES.contains(&bare) || bare.starts_with("throttling")
}
