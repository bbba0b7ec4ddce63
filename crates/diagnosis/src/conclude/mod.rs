//! From a ranking to a diagnosis: the confidence word, the owner, "not your code", and what is said for and against.

use model::{
    AttemptKind, Candidate, Cause, Confidence, Culprit, Diagnosis, Finding, Owner, RULES_VERSION,
    Role, Timestamp,
};

use crate::calls::Call;
use crate::context::Context;
use crate::ending;
use crate::rank::{Ranked, Ranking};
use crate::rules::dependency_slow;
use crate::sentence;

mod certainty;
mod facts;
mod findings;
mod missing;
mod test_itself;

/// The diagnosis of an attempt that did not fail.
pub(crate) fn nothing_failed() -> Diagnosis {
    Diagnosis {
        summary: "The attempt did not fail.".to_owned(),
        ..empty()
    }
}

/// The diagnosis when nobody can be blamed.
pub(crate) fn undetermined(context: &Context, ranking: &Ranking) -> Diagnosis {
    Diagnosis {
        summary: why_not(context, ranking),
        findings: facts::facts(context),
        missing: missing::when_undetermined(context),
        rivals: rivals(context, ranking),
        ..empty()
    }
}

/// The diagnosis when no call is to blame: the test itself, if everything was as ever.
pub(crate) fn nobody(context: &Context, ranking: &Ranking) -> Diagnosis {
    test_itself::conclude(context, ranking).unwrap_or_else(|| undetermined(context, ranking))
}

/// The sentence of an undetermined diagnosis: between what the evidence does not decide, else where it ends.
fn why_not(context: &Context, ranking: &Ranking) -> String {
    if let (Some(first), Some(other)) = (ranking.rivals.first(), &ranking.other) {
        return format!(
            "We can't tell which it was: that {}, or that {}. The failure speaks of the latter.",
            sentence::clause(context, &first.suspect),
            other.text
        );
    }
    if let Some((clause, call)) = dependency_slow::busy_instead(context) {
        return format!(
            "We can't tell why; {clause} while {} was awaited, too busy to read an answer.",
            sentence::call(&context.calls[call])
        );
    }
    let order = context.counting();
    let last = order.last().map(|call| &context.calls[*call]);
    match last {
        None if context.evidence.attempt.kind == AttemptKind::Fixture => {
            "We can't tell why; no captured call is the hook's own.".to_owned()
        }
        None if context.failure.killed => {
            format!(
                "We can't tell why it never ended; {}the test made no captured call.",
                ended(context)
            )
        }
        None => "We can't tell why; the test made no captured call before it failed.".to_owned(),
        Some(call) if context.failure.killed => format!(
            "We can't tell why it never ended; {}its last call was {}, {} at {}.",
            ended(context),
            sentence::call(call),
            sentence::came_out(call.last()),
            sentence::offset(context, call, when(call)),
        ),
        Some(call) => compared(context).unwrap_or_else(|| {
            format!(
                "We can't tell why; the last call before the failure was {}, {} at {}.",
                sentence::call(call),
                sentence::came_out(call.last()),
                sentence::offset(context, call, when(call)),
            )
        }),
    }
}

/// When it came out as it did, or was asked where it did not.
fn when(call: &Call) -> Timestamp {
    let last = call.last();
    last.known_at().unwrap_or(last.exchange.start)
}

/// How it went with its process, to stand before what it did last.
fn ended(context: &Context) -> String {
    ending::clause(context).map_or(String::new(), |clause| format!("{clause}; "))
}

/// The sentence that says how far the calls are those of the passing recording.
fn compared(context: &Context) -> Option<String> {
    if let Some((_, how)) = facts::first_difference(context) {
        return Some(format!(
            "We can't tell why; what differs from the passing recording: {how}."
        ));
    }
    facts::all_the_same(context).then(|| {
        "We can't tell why; every call before it failed was answered as in the passing recording."
            .to_owned()
    })
}

/// Other causes that the evidence does not rule out: those of rules, and the answer of which the failure speaks.
fn rivals(context: &Context, ranking: &Ranking) -> Vec<Candidate> {
    let other = ranking.other.iter().map(|other| Candidate {
        cause: Cause::Undetermined,
        summary: format!("{}, of which the failure speaks.", other.text),
        span_id: Some(context.calls[other.call].last().exchange.span_id),
    });
    let ranked = ranking.rivals.iter().map(|rival| candidate(context, rival));
    ranked.chain(other).collect()
}

fn empty() -> Diagnosis {
    Diagnosis {
        cause: Cause::Undetermined,
        owner: Owner::Unknown,
        confidence: Confidence::Undetermined,
        not_your_code: false,
        summary: String::new(),
        culprit: None,
        findings: Vec::new(),
        counter: Vec::new(),
        therefore: Vec::new(),
        missing: Vec::new(),
        rivals: Vec::new(),
        fingerprint: String::new(),
        rules_version: RULES_VERSION,
        exhibits: None,
    }
}

/// The diagnosis when somebody is to blame; [`undetermined`] when nobody is after all.
pub(crate) fn blame(context: &Context, ranking: &Ranking) -> Diagnosis {
    let Some(ranked) = &ranking.blamed else {
        return undetermined(context, ranking);
    };
    let suspect = &ranked.suspect;
    let call = &context.calls[suspect.call];
    let confidence = certainty::of(context, ranking, ranked);
    let owner = suspect.owner.unwrap_or(owner_by_role(call.peer.role));
    let unchanged = confidence == Confidence::Established
        && owner == Owner::Dependency
        && !suspect.is_of_content()
        && context
            .comparison
            .as_ref()
            .is_some_and(|comparison| certainty::code_is_unchanged(context, comparison, ranked));
    let mut diagnosis = Diagnosis {
        cause: suspect.cause,
        owner,
        confidence,
        not_your_code: unchanged && certainty::seen_on_another_commit(context, &ranked.fingerprint),
        summary: sentence::blame(context, suspect, confidence),
        culprit: Some(culprit(context, ranked)),
        findings: findings::findings(context, ranked),
        counter: findings::counter(context, ranked),
        therefore: findings::never_made(context, ranked),
        missing: missing::when_blamed(context, ranking, ranked, confidence),
        rivals: rivals(context, ranking),
        fingerprint: ranked.fingerprint.clone(),
        rules_version: RULES_VERSION,
        exhibits: None,
    };
    if unchanged && !diagnosis.not_your_code {
        diagnosis.findings.push(finding(
            "No difference in your code's calls before this point.",
            ranked,
            context,
        ));
    }
    diagnosis
}

fn owner_by_role(role: Role) -> Owner {
    match role {
        Role::Product => Owner::Product,
        Role::Dependency => Owner::Dependency,
        Role::Infrastructure => Owner::Environment,
        Role::Unknown => Owner::Unknown,
    }
}

fn culprit(context: &Context, ranked: &Ranked) -> Culprit {
    let call = &context.calls[ranked.suspect.call];
    let exchange = &context
        .try_at(ranked.suspect.call, ranked.suspect.at)
        .exchange;
    Culprit {
        span_id: exchange.span_id,
        method: exchange.method.clone(),
        url: exchange.url.clone(),
        status: exchange.status(),
        error: exchange.failure().map(str::to_owned),
        peer: call.peer.name.clone(),
        role: call.peer.role,
    }
}

fn candidate(context: &Context, ranked: &Ranked) -> Candidate {
    Candidate {
        cause: ranked.suspect.cause,
        summary: format!("{}.", sentence::clause(context, &ranked.suspect)),
        span_id: Some(
            context
                .try_at(ranked.suspect.call, ranked.suspect.at)
                .exchange
                .span_id,
        ),
    }
}

fn finding(text: impl Into<String>, ranked: &Ranked, context: &Context) -> Finding {
    Finding {
        text: text.into(),
        span_id: Some(
            context
                .try_at(ranked.suspect.call, ranked.suspect.at)
                .exchange
                .span_id,
        ),
    }
}
