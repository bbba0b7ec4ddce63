//! `flakescope dispute ATTEMPT`: what somebody who looked into a failure says of its diagnosis.

use std::collections::BTreeSet;

use diagnosis::history::Standing;
use model::{AttemptId, Cause, Review, ReviewVerdict, RunId};
use server::document;
use store::{DiagnosisQuery, PrefixMatch, Store, StoredDiagnosis};

use super::{open_store, show};
use crate::args::DisputeArgs;
use crate::exit::{self, Ending, Failure};
use crate::os;
use crate::report::json;
use crate::report::style::ColorChoice;
use crate::report::units;
use crate::talk::{self, Output};
use crate::view;

/// The most characters of a note.
const NOTE: usize = 2000;
/// The most failures of other runs that are counted.
const CLAIMS: usize = 5000;

/// Keeps what is said, and says what follows from it.
///
/// # Errors
/// When the attempt is not found or has no diagnosis, or the store cannot be written.
pub(crate) fn run(args: &DisputeArgs, color: ColorChoice) -> Result<Ending, Failure> {
    let store: &dyn Store = &*open_store(&args.place)?;
    let attempt = attempt(store, &args.attempt)?;
    let Some(stored) = store.diagnosis(attempt)? else {
        return Err(Failure::message(
            exit::FAILED,
            format!(
                "{} has no diagnosis that could be right or wrong",
                args.attempt
            ),
        )
        .hint("only attempts that failed have one"));
    };
    let review = review(args, stored)?;
    let before = store.reviews()?;
    let before = before.into_iter().find(|said| said.attempt_id == attempt);
    let before = before.map(|said| said.verdict);
    if review.verdict == ReviewVerdict::Withdrawn
        && before.is_none_or(|said| said == ReviewVerdict::Withdrawn)
    {
        return Err(Failure::message(
            exit::FAILED,
            format!(
                "nothing is said of {} that could be withdrawn",
                args.attempt
            ),
        )
        .hint("`flakescope list disputes` shows what is said of which attempt"));
    }
    store.put_review(&review)?;
    if args.json {
        return print_json(store, attempt);
    }
    let style = talk::style(Output::Stderr, color);
    talk::say(&style, &told(store, &review, before)?);
    let precision = document::reviews(store)?.precision;
    talk::say(&style, &view::precision(&precision));
    Ok(Ending::Done)
}

/// Prints what was kept of an attempt, as `list disputes --json` has it.
fn print_json(store: &dyn Store, attempt: AttemptId) -> Result<Ending, Failure> {
    let reviews = document::reviews(store)?.reviews.into_iter();
    let id = attempt.to_string();
    let mut out = Vec::new();
    for review in reviews.filter(|review| review.attempt == id).take(1) {
        json::to_writer(&review, &mut out).map_err(|error| Failure::new(exit::FAILED, error))?;
    }
    super::print(&out)
}

fn review(args: &DisputeArgs, stored: StoredDiagnosis) -> Result<Review, Failure> {
    let claimed = stored.diagnosis.cause;
    let verdict = match args.said.cause.as_deref().and_then(Cause::from_name) {
        Some(cause) if cause == claimed => {
            return Err(Failure::message(
                exit::USAGE,
                format!("{} is what the diagnosis says", cause.as_str()),
            )
            .hint("`--agree` says that it is right"));
        }
        Some(cause) => ReviewVerdict::Disputed(cause),
        None if args.said.withdraw => ReviewVerdict::Withdrawn,
        None => ReviewVerdict::Agreed,
    };
    if verdict == ReviewVerdict::Agreed && claimed == Cause::Undetermined {
        return Err(Failure::message(
            exit::FAILED,
            "the diagnosis is undetermined: it claims nothing",
        )
        .hint("`--cause CAUSE` says what the cause was"));
    }
    let note = args.note.as_deref().map(str::trim);
    let note = note.filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > NOTE) {
        return Err(Failure::message(
            exit::USAGE,
            format!("the note has more than {NOTE} characters"),
        ));
    }
    Ok(Review {
        attempt_id: stored.attempt_id,
        run_id: stored.run_id,
        test_id: stored.test_id,
        fingerprint: stored.diagnosis.fingerprint,
        claimed,
        verdict,
        note: note.map(str::to_owned),
        time: os::now(),
        rules_version: stored.diagnosis.rules_version,
    })
}

/// What was kept, and what follows for which failures. `before` is what was said of the attempt until now.
fn told(
    store: &dyn Store,
    review: &Review,
    before: Option<ReviewVerdict>,
) -> Result<String, Failure> {
    let claimed = review.claimed.as_str();
    let kept = match review.verdict {
        ReviewVerdict::Agreed => format!("Agreed: it is {claimed}."),
        ReviewVerdict::Disputed(cause) => {
            format!("Kept: it said {claimed}, you say {}.", cause.as_str())
        }
        ReviewVerdict::Withdrawn => match before {
            Some(ReviewVerdict::Disputed(cause)) => format!(
                "Withdrawn: you no longer say that it was {} rather than {claimed}.",
                cause.as_str()
            ),
            _ => format!("Withdrawn: you no longer say that {claimed} is right."),
        },
    };
    if !review.is_of_a_claim() {
        return Ok(kept);
    }
    let claims = claims(store, review)?;
    let withheld = Standing::of(&store.reviews()?)
        .withheld_by(&review.fingerprint)
        .is_some();
    Ok(match withheld {
        true => format!(
            "{kept} The same claim about {claims} is withheld until somebody agrees with one, or this is withdrawn."
        ),
        false => format!("{kept} The claim {claimed} stands for {claims}."),
    })
}

/// `4 failures in 2 runs`: those with the fingerprint of the claim, this one among them.
fn claims(store: &dyn Store, review: &Review) -> Result<String, Failure> {
    let here = DiagnosisQuery {
        run: Some(review.run_id),
        ..DiagnosisQuery::default()
    };
    let here = store.diagnoses(&here)?.into_iter();
    let is_same = |stored: &StoredDiagnosis| stored.diagnosis.fingerprint == review.fingerprint;
    let here = here.filter(|(stored, _)| is_same(stored)).count();
    let elsewhere = store.sightings(&review.fingerprint, review.run_id, CLAIMS)?;
    let runs: BTreeSet<RunId> = elsewhere.iter().map(|(_, run)| run.id).collect();
    let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let more = match elsewhere.len() {
        CLAIMS => "at least ",
        _ => "",
    };
    Ok(format!(
        "{more}{} in {}",
        units::count(number(here + elsewhere.len()), "failure"),
        units::count(number(runs.len() + 1), "run")
    ))
}

fn attempt(store: &dyn Store, id: &str) -> Result<AttemptId, Failure> {
    match show::find(store, id)? {
        PrefixMatch::Attempt(id) => Ok(id),
        PrefixMatch::Run(_) => Err(Failure::message(
            exit::FAILED,
            format!("{id} is a run, and each attempt has a diagnosis of its own"),
        )
        .hint(format!("`flakescope show {id}` names its attempts"))),
    }
}
