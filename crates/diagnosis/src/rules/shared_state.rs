//! `test-code`, shared state: another test, or an earlier run, wrote to what this test relies on.
//!
//! | the answer that differs from the passing recording's | and | shared state? |
//! |---|---|---|
//! | any, about a thing | another attempt of this run wrote or deleted it, its parent, or everything, between this test's last look at it that was as ever and this one | yes, by that test |
//! | any, about a thing | another attempt wrote it before this one began, and so it did in the passing run | no: that is usual |
//! | any, about a thing | another attempt wrote it before this one began, and did not in the passing run | yes, by that test; at most likely where that run has no write of others at all |
//! | is as if a write had not been | another test made that write in the passing run, before, and did not in this one | yes, it relies on that test, at most likely |
//! | an item, or 404 | another attempt added to the collection that it is in | no |
//! | any | what the other attempt shares is an identifier that many share, such as that of an account | no |
//! | a list with items too many | another attempt of this run made them | yes, by that test |
//! | a list with items too many | nobody in this recording made them | yes, left over, at most likely |
//! | a list with rows of plain values too many, not of the product | this recording sent none of the texts in one of them | yes, left over, at most likely |
//! | 401, 403, 404, or less | another attempt deleted what has the same name under another path below the same | yes, by that test, at most likely |
//! | 404, or less | another attempt sent a statement such as `DROP` to that server | yes, by that test, at most likely |
//! | 423 or 503 whose message has the last word of a path | another attempt wrote to that path, and not in the passing run | yes, by that test, at most likely |
//! | a count that is too high, not of the product | | yes, left over, at most likely |
//! | a list with an item whose name nobody here has sent, not of the product | the item of this test whose place it has comes further down, or on a later page | yes, left over, at most likely |
//! | says of itself that it was deleted, not of the product | this recording deleted nothing of it | yes, by somebody unseen, at most likely |
//! | 409, 412 or "already exists" to a write | another attempt wrote the same | yes, by that test |
//! | 409, 412 or "already exists" to a write | nothing else | yes, left over or by somebody unseen, at most likely |
//! | 409, 412 or "already exists" to the first request for a thing, of which the failure speaks, with no passing recording | nothing else | yes, left over, at most likely |
//! | 404 | this recording had seen it, after its own write | yes, by somebody unseen, at most likely |
//! | 404 to PUT or PATCH | the same request had succeeded there, after another one | yes, by somebody unseen, at most likely |
//! | 404 that has a name of digits and letters in its message | this recording had sent that name in a write | yes, by somebody unseen, at most likely |
//! | 401 | another attempt wrote to a path that has the name of the account in it, and not in the passing run | yes, by that test |
//! | 409, 412 or "already exists" of the product | those whom it asks answer as ever, or this recording had sent the same before and is accepted twice in the passing one | no: product |
//! | 412 to the retry of a write that had met 503 | | no: dependency-error |
//! | 409, 412 or "already exists" to the retry of a write that had met 5xx or a broken connection | | no: the first try may have made it |
//! | any | this test's own write explains it | no |

use std::collections::{BTreeMap, BTreeSet};

use model::{AttemptId, Cause, Owner, Role, Timestamp, Touch};

use super::{Stands, Suspect, changed_since, in_the_way, meanwhile, taken};
use crate::calls::{Call, Outcome, Try};
use crate::changes::Change;
use crate::compare::Difference;
use crate::context::Context;
use crate::elsewhere;
use crate::how_many;
use crate::innocence;
use crate::neighbours;
use crate::operations;
use crate::sentence;
use crate::state;
use crate::strangers;
use crate::text;
use crate::things;
use crate::writes;

/// Longest name of a test within a sentence, in characters.
const NAME_CHARS: usize = 80;

/// Shortest word that says the same in a path and in a message.
const WORD_CHARS: usize = 6;

/// Answers that somebody else's write explains.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    innocence::open_to_question(context)
        .into_iter()
        .filter_map(|place| suspect(context, place))
        .collect()
}

fn suspect(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let (call, at) = place;
    let here = &context.calls[call];
    let deciding = at + 1 == here.tries.len();
    let differs = matches!(
        context.difference(call),
        Some(Difference::Outcome | Difference::Content)
    );
    // Where the passing recording was to be refused, too, another refusal is not about what is there.
    let was_too = context.counterpart(call).is_some_and(state::is_in_the_way);
    // Nor is what the first try may have made.
    let first_tries = &here.tries[..here.tries.len() - 1];
    let may_be_own = first_tries.iter().any(Try::may_have_been_applied);
    let in_the_way = state::writes(here) && state::is_in_the_way(here) && !was_too && !may_be_own;
    let status = match here.last().outcome() {
        Outcome::Refused { status, .. } => status,
        _ => 0,
    };
    let answered = here.last().is_fine() || matches!(status, 200..=299 | 400..=428 | 430..=499);
    if deciding
        && differs
        && let Some(touch) = named_in_refusal(context, call)
    {
        // A word of a message may mean something else than a path does.
        return Some(Suspect {
            stands: Stands::Never,
            ..by_another(context, place, touch)
        });
    }
    if !deciding || !answered {
        return None;
    }
    if (differs || context.comparison.is_none() && !here.last().is_fine())
        && let Some(touch) = touch(context, call)
    {
        let suspect = by_another(context, place, touch);
        return Some(match is_of_it(touch, here) {
            true => suspect,
            false => Suspect {
                stands: Stands::Never,
                doubt: Some("whether that is of the same thing".to_owned()),
                ..suspect
            },
        });
    }
    let unexplained = || context.failure.repeats(here.last()).is_some() && is_first(context, call);
    let is_alone = context.comparison.is_none();
    if !(differs || is_alone && in_the_way && unexplained()) {
        return None;
    }
    if let Some(suspect) = meanwhile::suspect(context, place) {
        return Some(suspect);
    }
    if let Some(touch) = neighbours::missing(context, call) {
        return Some(relied_on(context, place, touch));
    }
    if in_the_way && !in_the_way::is_by_the_product(context, call) {
        return Some(in_the_way::suspect(context, place));
    }
    taken::away(context, place)
        .or_else(|| taken::named_and_gone(context, place))
        .or_else(|| taken::says_so(context, place))
        .or_else(|| changed_since::suspect(context, place))
        .or_else(|| left_over(context, place))
}

/// Whether a write is of what was asked for for certain: not a statement, of whose object nothing is known, nor one that
/// merely has the same name in another path.
fn is_of_it(touch: &Touch, here: &Call) -> bool {
    let operation = touch.call.operation.as_deref();
    let is_statement = operation.is_some_and(operations::is_statement);
    let there = touch.call.path.trim_end_matches('/');
    let nested = things::are_nested(state::path(here), there);
    !is_statement && (nested || !strangers::names_within(state::path(here), there))
}

/// The latest new write of another attempt whose path ends with what the refusal names: `/admin/maintenance`, and “in
/// maintenance mode”.
fn named_in_refusal<'a>(context: &'a Context, call: usize) -> Option<&'a Touch> {
    let here = &context.calls[call];
    let closed = matches!(here.last().exchange.status(), Some(423 | 503));
    let message = here.last().answer.message.as_deref().filter(|_| closed)?;
    let message = message.to_ascii_lowercase();
    let until = context.known_at(call);
    let names = |touch: &&Touch| {
        let path = touch.call.path.trim_end_matches('/');
        let last = path.rsplit('/').next().unwrap_or_default();
        last.len() >= WORD_CHARS
            && text::has_token(&message, &last.to_ascii_lowercase())
            && !state::path(here).split('/').any(|part| part == last)
    };
    let touches = context.evidence.facts.touches.iter();
    let new = touches.filter(|touch| {
        touch.call.fine
            && touch.call.start <= until
            && is_same_server(context, touch, call)
            && neighbours::is_new(context, touch)
    });
    new.filter(names).max_by_key(|touch| touch.call.start)
}

/// Whether this recording asked for nothing of the same path before: then it is not in its own way.
fn is_first(context: &Context, call: usize) -> bool {
    let path = state::path(&context.calls[call]);
    let same = |other: usize| state::path(&context.calls[other]) == path;
    !(0..context.calls.len()).any(|other| context.precedes(other, call) && same(other))
}

/// The latest write of another attempt that explains the answer.
pub(super) fn touch<'a>(context: &'a Context, call: usize) -> Option<&'a Touch> {
    let here = &context.calls[call];
    let until = context.known_at(call);
    let from = last_as_ever(context, call);
    let strangers = strange_items(context, call);
    let named = things::entities(here);
    let mut touches: Vec<&Touch> = context
        .evidence
        .facts
        .touches
        .iter()
        .filter(|touch| {
            touch.call.fine
                && touch.call.start <= until
                && is_same_server(context, touch, call)
                && !neighbours::is_usual(context, touch)
        })
        .collect();
    touches.sort_by_key(|touch| std::cmp::Reverse(touch.call.start));
    let made_it = |touch: &&&Touch| {
        let mut ids = touch.call.made.iter().chain(&touch.call.ids);
        let mut parts = touch.call.path.split('/');
        ids.any(|id| strangers.iter().any(|name| *name == id.as_str()))
            || parts.any(|part| strangers.iter().any(|name| name == part))
    };
    if let Some(touch) = touches.iter().find(made_it) {
        return Some(touch);
    }
    let common = common_ids(&touches);
    let same_thing = |touch: &&&Touch| {
        let end = touch.call.end.unwrap_or(touch.call.start);
        // Before this test began, where it had not looked at the thing yet.
        let begin = context.evidence.attempt.start;
        let earlier = end < begin && from <= begin && neighbours::is_new(context, touch);
        let after = end >= from || earlier;
        let mut ids = touch.call.ids.iter();
        let shares = ids.any(|id| named.contains(id.as_str()) && !common.contains(&id.as_str()));
        after
            && (shares
                || reaches(context, touch, call)
                || sweeps_away(context, touch, call)
                || taken::takes_the_account(context, touch, call))
    };
    touches.iter().find(same_thing).copied()
}

/// Identifiers that several tests name, such as that of an account: who shares them has nothing in common.
fn common_ids<'t>(touches: &[&'t Touch]) -> Vec<&'t str> {
    let mut users: BTreeMap<&str, BTreeSet<AttemptId>> = BTreeMap::new();
    for touch in touches {
        for id in &touch.call.ids {
            users.entry(id).or_default().insert(touch.attempt_id);
        }
    }
    let of_many = users.into_iter().filter(|(_, users)| users.len() > 1);
    of_many.map(|(id, _)| id).collect()
}

/// Whether the write is of the path that was read, or takes away what that is in, or changes what is in it: what others
/// add to a collection is nothing to those who read one of its items.
fn reaches(context: &Context, touch: &Touch, call: usize) -> bool {
    let here = state::path(&context.calls[call]);
    let there = touch.call.path.trim_end_matches('/');
    let deletes = touch.call.method == "DELETE";
    if here.is_empty() || !things::are_nested(here, there) {
        let named = strangers::names_within(here, there);
        return deletes && named && lacks_or_refused(context, call);
    }
    if here.len() > there.len() {
        return deletes;
    }
    if here == there && touch.call.method != "POST" {
        return true;
    }
    if deletes {
        return state::lacks(context, call);
    }
    grew(context, call) || state::is_in_the_way(&context.calls[call])
}

/// Whether it is as if a thing were gone: to what is gone nobody has access.
pub(super) fn lacks_or_refused(context: &Context, call: usize) -> bool {
    let refused = context.calls[call].last().exchange.status();
    state::lacks(context, call) || matches!(refused, Some(401 | 403))
}

/// Whether there is more than in the passing recording.
pub(super) fn grew(context: &Context, call: usize) -> bool {
    let comparison = context.comparison.as_ref();
    let changes = comparison.map_or(&[][..], |comparison| &comparison.answered[call]);
    changes.iter().any(|change| {
        state::is_more(change) || how_many::of(change).is_some_and(|(here, there)| here > there)
    })
}

/// Whether it takes away everything, and something is gone.
fn sweeps_away(context: &Context, touch: &Touch, call: usize) -> bool {
    let gone = !context.calls[call].last().is_fine() || state::lacks(context, call);
    sweeps(touch) && gone
}

/// By its address: what is declared as its name may be known of one of the two only. Both are of one run, so that ports are
/// what they are ([`neighbours`] compares runs).
pub(super) fn is_same_server(context: &Context, touch: &Touch, call: usize) -> bool {
    let first = &context.calls[call].tries[0].exchange;
    let known = (touch.call.port, first.port);
    let same_port = !matches!(known, (Some(here), Some(there)) if here != there);
    same_port && elsewhere::same_host(&touch.call.host, &first.host)
}

/// Whether it takes away more than one thing: a reset, a flush. What names a thing, or is somebody's own, does not.
pub(super) fn sweeps(touch: &Touch) -> bool {
    let call = &touch.call;
    call.ids.is_empty() && writes::sweeps(&call.path, call.operation.as_deref())
}

/// When this recording last met the thing and it was as in the passing recording; else when it began.
pub(super) fn last_as_ever(context: &Context, call: usize) -> Timestamp {
    let here = &context.calls[call];
    let as_ever = |other: &usize| {
        let one = &context.calls[*other];
        context.precedes(*other, call)
            && one.last().is_fine()
            && context
                .difference(*other)
                .is_none_or(|difference| difference == Difference::None)
            && state::is_about_the_same(one, here)
    };
    let last = (0..context.calls.len()).filter(as_ever);
    last.map(|other| context.known_at(other))
        .max()
        .unwrap_or(context.evidence.attempt.start)
}

/// The first place where there is more than in the passing recording.
fn more<'c>(context: &'c Context, call: usize) -> Option<&'c Change> {
    let comparison = context.comparison.as_ref()?;
    // An answer beside a refusal has nothing in common with it.
    if comparison.differences[call] != Difference::Content {
        return None;
    }
    let mut changes = comparison.answered[call].iter();
    changes.find(|change| state::is_more(change))
}

/// What names the items that are too many in the answer, as far as none of this recording's own writes names them.
fn strange_items(context: &Context, call: usize) -> Vec<String> {
    let Some(change) = more(context, call) else {
        return Vec::new();
    };
    let writes: Vec<&Call> = (0..context.calls.len())
        .filter(|other| *other != call)
        .map(|other| &context.calls[other])
        .filter(|one| state::writes(one))
        .collect();
    let seen = |name: &str| {
        let mut earlier = (0..context.calls.len()).filter(|other| context.precedes(*other, call));
        earlier.any(|other| {
            context.difference(other) == Some(Difference::None)
                && text::has_token(&context.calls[other].reply.text, name)
        })
    };
    let own = |name: &str| {
        writes.iter().any(|one| {
            one.request
                .ids
                .iter()
                .chain(one.reply.ids.iter())
                .any(|id| id == name)
                || text::has_token(&one.request.text, name)
        })
    };
    let mut names = things::names(&change.here);
    // Where nothing in them is a name, or one was drawn, some of the identifiers of the answer are theirs.
    if names.is_empty() || things::has_drawn_names(&change.here) {
        names.extend(context.calls[call].reply.ids.iter().map(str::to_owned));
    }
    // Neither what every item has, such as the name of its owner.
    let usual = |name: &str| {
        let there = context.counterpart(call);
        there.is_some_and(|there| text::has_token(&there.reply.text, name))
    };
    names
        .into_iter()
        .filter(|name| !own(name) && !seen(name) && !usual(name))
        .collect()
}

pub(super) fn by_another(context: &Context, place: (usize, usize), touch: &Touch) -> Suspect {
    let here = &context.calls[place.0];
    let name = text::one_line(&touch.test, NAME_CHARS);
    let did = format!(
        "{} {}",
        touch.call.method,
        text::one_line(&touch.call.path, NAME_CHARS)
    );
    let apart = touch.call.start.0 - context.known_at(place.0).0;
    let before = sentence::duration(std::time::Duration::from_nanos(apart.unsigned_abs()));
    let clause = format!(
        "another test, “{name}”, changed what this one relies on: its {did} came {before} before {}, which {}",
        sentence::call(here),
        sentence::came_out(here.last())
    );
    let mut suspect = told(place, "shared-state", clause, 93);
    let is_earlier = touch.call.end.unwrap_or(touch.call.start) < context.evidence.attempt.start;
    if is_earlier && !context.neighbours.are_known() {
        suspect.doubt = Some("whether that test did the same in the passing run".to_owned());
    }
    let operation = touch.call.operation.iter().map(|name| format!("#{name}"));
    let operation: String = operation.collect();
    suspect.done_by = Some(format!(
        "{} {}{operation}",
        touch.call.method, touch.call.template
    ));
    let with = match &touch.worker {
        Some(worker) => format!(" in worker {}", text::one_line(worker, NAME_CHARS)),
        None => String::new(),
    };
    suspect.findings.push(format!(
        "“{name}” ran{with} in the same run and called {did} at that server; it was answered {}.",
        touch.call.outcome
    ));
    suspect
}

/// What another test does in the passing run, and did not do in this one.
fn relied_on(context: &Context, place: (usize, usize), touch: &Touch) -> Suspect {
    let here = &context.calls[place.0];
    let name = text::one_line(&touch.test, NAME_CHARS);
    let clause = format!(
        "this test relies on another one, “{name}”, which in the passing run called {} {} before and in this one did not: {} {}",
        touch.call.method,
        text::one_line(&touch.call.path, NAME_CHARS),
        sentence::call(here),
        sentence::came_out(here.last())
    );
    Suspect {
        stands: Stands::Never,
        doubt: Some("why the other test did not do it".to_owned()),
        ..told(place, "relies-on", clause, 92)
    }
}

/// Whether there are items too many that nobody in this recording made.
pub(super) fn has_strangers(context: &Context, call: usize) -> bool {
    more(context, call).is_some() && !strange_items(context, call).is_empty()
}

/// Items that nobody in this recording made.
fn left_over(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    if let Some(suspect) = too_many(context, place) {
        return Some(suspect);
    }
    let here = &context.calls[place.0];
    let Some(change) = more(context, place.0) else {
        let item = strangers::in_front(context, place.0)?;
        let clause = format!(
            "{} answered with an item that this test did not make, {}, in front of its own",
            sentence::call(here),
            text::one_line(&item, NAME_CHARS)
        );
        return Some(made_by_nobody_here(place, clause));
    };
    let strangers = strange_items(context, place.0);
    if strangers.is_empty() && !strangers::are_nameless_rows(context, place.0, change) {
        return None;
    }
    let list = if change.path.is_empty() {
        "the list"
    } else {
        change.path.as_str()
    };
    let clause = format!(
        "{} answered with items that this test did not make, in {list}",
        sentence::call(here)
    );
    Some(made_by_nobody_here(place, clause))
}

fn made_by_nobody_here(place: (usize, usize), clause: String) -> Suspect {
    Suspect {
        stands: Stands::Never,
        doubt: Some("who made it: an earlier run that was not cleaned up, or somebody whose calls were not recorded".to_owned()),
        ..told(place, "left-over", clause, 80)
    }
}

/// A count that is higher than what this recording wrote explains, the same writes giving less in the passing one.
fn too_many(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let comparison = context.comparison.as_ref()?;
    let here = &context.calls[place.0];
    let changes = &comparison.answered[place.0];
    let more = |change: &&Change| {
        how_many::counted(here, change).is_some_and(|(here, there)| here > there)
    };
    let change = changes.iter().find(more)?;
    let is_product = here.peer.role == Role::Product;
    if is_product || state::before_write(context, place.0).is_some() {
        return None;
    }
    let clause = format!(
        "{} answered that there is more than this test made: {} is {}, and was {}",
        sentence::call(here),
        text::one_line(&change.path, NAME_CHARS),
        text::one_line(&change.here, NAME_CHARS),
        text::one_line(&change.there, NAME_CHARS)
    );
    Some(made_by_nobody_here(place, clause))
}

pub(super) fn told(place: (usize, usize), class: &str, clause: String, strength: u32) -> Suspect {
    Suspect::told(
        Cause::TestCode,
        place,
        class,
        clause,
        strength,
        Some(Owner::Test),
    )
}
