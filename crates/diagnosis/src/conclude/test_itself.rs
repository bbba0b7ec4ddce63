//! `test-code` with no call to point at: everything was asked and answered as in the passing recording, and the test
//! failed all the same.
//!
//! | every call is as in the passing recording, and | then |
//! |---|---|
//! | the assertion met a value that the passing recording was answered, too | test-code, *established*: the expectation is another one |
//! | the assertion, or an error such as `TypeError`, says nothing of an answer | test-code, *likely*: or something that varies by itself and is no call |
//! | an error that libraries throw, too | undetermined |
//! | the time ran out, the process ended, or gaps may hide a call | undetermined |

use model::{Cause, Confidence, Diagnosis, Finding, Owner};

use super::{empty, facts, missing};
use crate::context::Context;
use crate::rank::Ranking;
use crate::text;

/// Longest value within a sentence, in characters.
const VALUE_CHARS: usize = 60;

/// The diagnosis, where it is that.
pub(crate) fn conclude(context: &Context, ranking: &Ranking) -> Option<Diagnosis> {
    let failure = &context.failure;
    let told = ranking.rivals.is_empty() && ranking.other.is_none();
    let over = !failure.killed && !failure.out_of_time && !failure.speaks_of_time();
    let nothing_differs = facts::nothing_differs(context) && !context.counting().is_empty();
    if !told || !over || !failure.is_slip() || !nothing_differs || missing::may_hide(context) {
        return None;
    }
    let expectation = known_there(context);
    let short = |value: &str| text::one_line(value, VALUE_CHARS);
    let summary = match (failure.compared(), expectation) {
        (Some((wanted, met)), true) => format!(
            "Failed because the test expected {}, and got {}, which is what the passing recording was answered too.",
            short(wanted),
            short(met)
        ),
        (Some((wanted, met)), false) => format!(
            "Probably failed because of the test itself: every call was answered as in the passing recording, and {}.",
            expected(wanted, met)
        ),
        (None, _) => "Probably failed because of the test itself: every call was answered as in the passing recording.".to_owned(),
    };
    let confidence = if expectation {
        Confidence::Established
    } else {
        Confidence::Likely
    };
    let mut missing = Vec::new();
    if !expectation {
        missing.push("It is not known whether the test, or something that it does without a captured call, differs: the time, chance, an order, a file.".to_owned());
    }
    if failure.compared().is_some_and(is_half_masked) {
        missing.push("One of the two values that were compared was masked, so how they differ cannot be seen here.".to_owned());
    }
    let mut findings = facts::facts(context);
    findings.dedup_by(|one, other| one.text == other.text);
    Some(Diagnosis {
        cause: Cause::TestCode,
        owner: Owner::Test,
        confidence,
        summary,
        findings: findings.into_iter().collect::<Vec<Finding>>(),
        missing,
        fingerprint: fingerprint(context),
        ..empty()
    })
}

/// What the assertion wanted, in words: one such as `notStrictEqual` wanted what it met to be something else.
fn expected(wanted: &str, met: &str) -> String {
    let short = |value: &str| text::one_line(value, VALUE_CHARS);
    match wanted == met {
        true => format!("it expected something else than {}", short(met)),
        false => format!("it expected {} and got {}", short(wanted), short(met)),
    }
}

/// Whether only one of two values is a pseudonym, which equals nothing but itself.
fn is_half_masked((wanted, met): (&str, &str)) -> bool {
    wanted.contains("[masked:") != met.contains("[masked:")
}

/// Whether what the assertion met is in an answer of the passing recording, and what it wanted is not.
fn known_there(context: &Context) -> bool {
    let (Some(met), Some(comparison)) = (context.failure.met_value(), &context.comparison) else {
        return false;
    };
    let answered = |value: &str| {
        comparison.calls.iter().any(|call| {
            let response = call.last().exchange.response.as_ref();
            let body = response.and_then(|response| response.body.text());
            body.is_some_and(|body| text::has_token(body, value))
        })
    };
    let wanted = context.failure.wanted_value();
    answered(met) && wanted.is_some_and(|wanted| !answered(wanted))
}

/// By the test, because nothing else is known of it.
fn fingerprint(context: &Context) -> String {
    let test = &context.evidence.test;
    let failure = context.evidence.attempt.failure.as_ref();
    let error = failure.map_or("", |failure| failure.error_type.as_str());
    let path = test.suite.iter().chain([&test.name]);
    let path: Vec<&str> = path.map(String::as_str).collect();
    crate::fingerprint::join(["test-code", &path.join(" › "), "assertion", error])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_an_assertion() {
        let check = |wanted: &str, met: &str, words: &str, half_masked: bool| {
            assert_eq!(expected(wanted, met), words);
            assert_eq!(is_half_masked((wanted, met)), half_masked, "{words}");
        };
        check("3", "4", "it expected 3 and got 4", false);
        check(
            "[masked:1a2b:01]",
            "[masked:1a2b:01]",
            "it expected something else than [masked:1a2b:01]",
            false,
        );
        check(
            "sha256=49",
            "[masked:1a2b:01]",
            "it expected sha256=49 and got [masked:1a2b:01]",
            true,
        );
    }
}
