//! `product`: the product answered or behaved differently, and nothing outside explains it.
//!
//! | the same request | peer | product? |
//! |---|---|---|
//! | is refused with 4xx where the passing recording has an answer | the product, or of unknown role | yes |
//! | is refused with 4xx | a dependency | no: dependency-error |
//! | is refused with another 4xx than in the passing recording | the product, or of unknown role | yes |
//! | is answered where the passing recording is refused with 4xx, and nothing was deleted before | the product, or of unknown role | yes |
//! | is refused with 403, to a credential that somebody else hands out | the product | yes, at most likely |
//! | is answered otherwise, after the product itself was answered otherwise | the product | no: it makes its answers of those |
//! | is answered with another number, text, word, list, or without a key | the product, or of unknown role | yes |
//! | is answered with items that its own query leaves out | any | as with another content, and stronger |
//! | is answered with another content | a dependency | no: dependency-error, at most likely |
//! | is answered without the header that there leads to the next page | the product, or of unknown role | yes |
//! | the product asks a dependency for something else | | yes |
//! | is refused or answered otherwise | a write of another test, a cache, a race or a changed shape explains it | no |
//! | is answered as an earlier look of the passing recording was | any | at most likely, behind race |
//! | is answered for a poll that was then refused | any | no: that ended the poll |
//! | lacks what a write had made there that was left out here | any | no: test-code, or whoever left it out |
//! | of the product is answered 5xx | | yes (`dependency_error` finds it, and names it by the role) |

use model::{Cause, Owner, Role, RoleBasis};

use super::contract_change::{is_not_yet, said, was_sent, was_written};
use super::{Stands, Suspect, credentials, race, rate_limited, stale_read};
use crate::calls::Outcome;
use crate::changes::{Change, Kind};
use crate::compare::Difference;
use crate::context::Context;
use crate::filters;
use crate::innocence;
use crate::issued;
use crate::sentence;
use crate::state;
use crate::text;
use crate::track_record;

/// Longest name within a sentence, in characters.
const NAME_CHARS: usize = 60;

/// Answers that are not those of the passing recording, to the same requests.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    let open = innocence::open_to_question(context);
    let answers = open.iter().filter_map(|place| suspect(context, *place));
    let requests = open
        .iter()
        .filter_map(|place| asks_otherwise(context, *place));
    answers.chain(requests).collect()
}

fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let (call, at) = place;
    let one = context.try_at(call, at);
    if stale_read::by_a_cache(context, place).is_some()
        || race::ended_otherwise(context, call)
        || race::lacks_what_was_left_out(context, call)
        || rate_limited::refusal(one).is_some()
        || is_about_credentials(context, place)
    {
        return None;
    }
    let peer = &context.calls[call].peer;
    let told = match context.difference(call)? {
        Difference::Outcome => refused(context, place).or_else(|| accepted(context, place)),
        Difference::Content => unfiltered(context, call).or_else(|| otherwise(context, call)),
        Difference::None => None,
        _ => return None,
    };
    let (class, happened, detail, strength) = told.or_else(|| without_next(context, call))?;
    let is_dependency = matches!(peer.role, Role::Dependency | Role::Infrastructure);
    let cause = if is_dependency {
        Cause::DependencyError
    } else {
        Cause::Product
    };
    let mut suspect = Suspect::new(cause, place, class, happened, strength);
    suspect.detail = Some(detail);
    suspect.doubt = varies_perhaps(context, call);
    if cause == Cause::Product && peer.role == Role::Unknown && peer.basis != RoleBasis::Declared {
        suspect.owner = Some(Owner::Unknown);
    }
    if one.exchange.status() == Some(403) && has_rights_from_elsewhere(context, place) {
        suspect.stands = Stands::Never;
        suspect.doubt =
            Some("whether whom the credential is of may do less than before".to_owned());
    }
    if is_dependency {
        suspect.stands = Stands::Never;
        suspect.doubt = Some(
            "whether its answer was wrong, or depends on something that was not captured"
                .to_owned(),
        );
    }
    if is_not_yet(context, call) {
        suspect.strength = suspect.strength.min(50);
        suspect.doubt = Some("whether it would have come with a longer wait".to_owned());
    }
    if track_record::always_fails_here(context) {
        suspect.strength += 10;
        suspect
            .findings
            .push("The test fails in every attempt on this commit.".to_owned());
    }
    Some(suspect)
}

/// Whether somebody else than the product has handed out the credential in this recording: then it says who may do what.
fn has_rights_from_elsewhere(context: &Context, (call, at): (usize, usize)) -> bool {
    let one = &context.calls[call];
    let presented = context.try_at(call, at).exchange.credential.as_ref();
    let mut others = context.calls.iter().filter(|other| other.peer != one.peer);
    presented.is_some_and(|credential| others.any(|other| issued::is_by(other, credential)))
}

/// Whether the refusal is for the credential; the product's own 403 is about what somebody may do.
fn is_about_credentials(context: &Context, (call, at): (usize, usize)) -> bool {
    let one = context.try_at(call, at);
    credentials::refusal(one).is_some() && !credentials::is_products_own(context, (call, at))
}

/// The class, what happened, the detail, and how strong the pattern is.
type Told = (String, String, String, u32);

/// A refusal in place of an answer.
fn refused(context: &Context, (call, at): (usize, usize)) -> Option<Told> {
    let one = context.try_at(call, at);
    let Outcome::Refused { status, .. } = one.outcome() else {
        return None;
    };
    let there = context.counterpart(call)?;
    let refused_otherwise = match there.last().outcome() {
        Outcome::Refused { status: other, .. } => other != status && (400..500).contains(&other),
        _ => false,
    };
    if !(400..500).contains(&status) || !(there.last().is_fine() || refused_otherwise) {
        return None;
    }
    let came = sentence::came_out(there.last());
    let detail = format!(
        "to {}, which {came} in the passing recording",
        sentence::request(&context.calls[call])
    );
    Some((status.to_string(), sentence::answered(one), detail, 75))
}

/// An answer in place of a refusal.
fn accepted(context: &Context, (call, at): (usize, usize)) -> Option<Told> {
    let one = context.try_at(call, at);
    let there = context.counterpart(call)?.last();
    let (
        Some(status),
        Outcome::Refused {
            status: refused, ..
        },
    ) = (one.exchange.status(), there.outcome())
    else {
        return None;
    };
    let refuses = (400..500).contains(&refused) || there.answer.error_inside && refused < 300;
    if !one.is_fine() || !refuses || refused == 429 {
        return None;
    }
    let detail = format!(
        "to {}, which {} in the passing recording",
        sentence::request(&context.calls[call]),
        sentence::came_out(there)
    );
    let class = format!("{status} for {refused}");
    Some((class, sentence::answered(one), detail, 75))
}

/// Items that the query leaves out, and that the passing recording does not have.
fn unfiltered(context: &Context, call: usize) -> Option<Told> {
    let here = &context.calls[call];
    let unheeded = filters::unheeded(here, context.counterpart(call)?)?;
    let [key, wanted, found] = [&unheeded.key, &unheeded.wanted, &unheeded.found]
        .map(|text| text::one_line(text, NAME_CHARS));
    Some((
        format!("unheeded {key}"),
        format!(
            "answered {} with items that it did not ask for",
            sentence::request(here)
        ),
        format!("with `{key}` \"{found}\", where \"{wanted}\" was asked for"),
        88,
    ))
}

/// Another content in place of that of the passing recording.
fn otherwise(context: &Context, call: usize) -> Option<Told> {
    let comparison = context.comparison.as_ref()?;
    let changes = &comparison.answered[call];
    let spoken_of = |change: &&Change| {
        context.failure.sets_against(&change.here, &change.there)
            || context.failure.mentions(change.key())
    };
    let contradicts = || state::before_write(context, call).is_some();
    let unspoken = |change: &&Change| change.kind != Kind::Added || contradicts();
    let dependency = matches!(
        context.calls[call].peer.role,
        Role::Dependency | Role::Infrastructure
    );
    // What a dependency was sent it gives back.
    if dependency && changes.iter().all(|change| was_sent(context, call, change)) {
        return None;
    }
    let change = changes
        .iter()
        .find(spoken_of)
        .or_else(|| changes.iter().find(unspoken))?;
    let written = was_written(context, call, change.key());
    let strength = if written { 75 } else { 65 };
    Some((
        format!("content {}", change.key()),
        format!(
            "answered {} otherwise than in the passing recording",
            sentence::request(&context.calls[call])
        ),
        said(change),
        strength,
    ))
}

/// An answer without the header that leads to a call of the passing recording, such as the next page.
fn without_next(context: &Context, call: usize) -> Option<Told> {
    let comparison = context.comparison.as_ref()?;
    let there = comparison.counterpart(call)?;
    let here = context.calls[call].last().exchange.response.as_ref()?;
    let passing = there.last().exchange.response.as_ref()?;
    let next = |value: &str| {
        let mut missing = comparison.missing.iter().map(|at| &comparison.calls[*at]);
        missing.any(|missing| {
            let url = &missing.tries[0].exchange.url;
            value.contains(url.as_str())
                || url.contains('?') && value.contains(missing.tries[0].exchange.path())
        })
    };
    let header = passing
        .headers
        .iter()
        .find(|header| here.header(&header.name).is_none() && next(&header.value))?;
    let name = text::one_line(&header.name, NAME_CHARS).to_ascii_lowercase();
    Some((
        format!("header {name}"),
        format!(
            "answered {} otherwise than in the passing recording",
            sentence::request(&context.calls[call])
        ),
        format!("without the header `{name}`, which there leads to the next call"),
        80,
    ))
}

/// With one passing recording, a number or text may be another one in each run.
fn varies_perhaps(context: &Context, call: usize) -> Option<String> {
    let comparison = context.comparison.as_ref()?;
    let changes = &comparison.answered[call];
    let only_values = !changes.is_empty() && changes.iter().all(|change| !change.is_telling());
    (only_values && comparison.further == 0).then(|| {
        "whether the value varies by itself: there is one passing recording only".to_owned()
    })
}

/// The product's own request to somebody, which is not that of the passing recording.
fn asks_otherwise(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let call = place.0;
    if context.is_own(call) || context.difference(call) != Some(Difference::Request) {
        return None;
    }
    let comparison = context.comparison.as_ref()?;
    let change = comparison.sent[call].first()?;
    // A service that was itself asked for another thing, or answered otherwise before, asks for another thing.
    let differs_before = (0..context.calls.len()).any(|other| {
        let difference = comparison.differences[other];
        let was_asked = matches!(difference, Difference::Request | Difference::Extra);
        context.is_inside(call, other) && was_asked
            || context.precedes(other, call) && difference != Difference::None
    });
    if differs_before {
        return None;
    }
    let outer = (0..context.calls.len()).find(|outer| context.is_inside(call, *outer));
    let service = outer.map(|outer| &context.calls[outer].peer);
    let who = match service {
        Some(peer) => format!("the product ({})", text::one_line(&peer.name, NAME_CHARS)),
        None => "a service of the product".to_owned(),
    };
    let clause = format!(
        "{who} asked for something else than in the passing recording: in {}, {}",
        sentence::call(&context.calls[call]),
        super::test_code::sent(change)
    );
    let owner = match service.map(|peer| peer.role) {
        Some(Role::Unknown | Role::Dependency) => Owner::Unknown,
        _ => Owner::Product,
    };
    Some(Suspect::told(
        Cause::Product,
        place,
        "asks",
        clause,
        80,
        Some(owner),
    ))
}
