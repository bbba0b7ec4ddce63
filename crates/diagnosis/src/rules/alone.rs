//! What one recording says by itself, with no passing one to hold it against: never more than *likely*.
//!
//! | the failure | the answer that the test was looking at | cause |
//! |---|---|---|
//! | wanted what this recording had written, as an item, a value or a deletion | does not show it | race |
//! | … | does not show it, and the peer is the product | product, with race as the other reading |
//! | … | does not show it, and a cache gave it | stale-read |
//! | … | does not show it, and another test wrote to it in between | test-code, shared state |
//! | reads a key that was sent when the thing was made | lacks the key | product; of a dependency contract-change |
//! | counts as many as this recording made | has more, and a write had been tried again | dependency-error |
//! | counts as many as this recording made | has more, or something of a strange name | test-code, left over |
//! | wants a value or a number that nobody ever sent | has what this recording wrote | test-code |
//! | reads a key | has a look-alike of it, which this recording wrote | test-code |
//! | reads a key | has a look-alike of it, or has it, or what was wanted, at another place | contract-change |
//! | reads a key | does not have it, and nobody wrote it | contract-change, with test-code as the other reading |
//! | wants a truth value or a number | has it as a text, or something of another kind | contract-change |
//! | compares objects or lists | has a key or a word that the test does not know and nobody wrote | contract-change |
//! | any | is a page, cut off, or empty where JSON is read | dependency-error |
//! | any | a call was refused, broke or is open | none of these |

use model::{Cause, Owner, Role};

use super::{Suspect, shared_state, stale_read};
use crate::alone::{self, NotShown, Says};
use crate::context::Context;
use crate::sentence;
use crate::text;

/// Longest value or name within a sentence, in characters.
const VALUE_CHARS: usize = 60;

/// What the answer is held to have done that the failure speaks of.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    let Some(reading) = alone::read(context) else {
        return Vec::new();
    };
    let call = reading.call;
    let place = (call, context.calls[call].deciding_try());
    let suspects = match &reading.says {
        Says::NotShown { write, what } => not_shown(context, place, *write, what),
        Says::Dropped { key } => dropped(context, place, key),
        Says::Twice { write, at } => vec![twice(context, (*write, *at))],
        Says::Strange { met, made } => {
            let what = format!("more than this test made: {met}, and it made {made}");
            vec![strange(context, place, &what)]
        }
        Says::Stranger { name: other } => {
            let what = format!("something that this test did not make: {}", short(other));
            vec![strange(context, place, &what)]
        }
        Says::Lacks { key } => lacks(context, place, key),
        Says::NoJson => vec![no_json(context, place)],
        Says::AsWritten { .. } | Says::OtherKey { .. } => vec![own(context, place, &reading.says)],
        Says::Renamed { .. }
        | Says::Moved { .. }
        | Says::Retyped { .. }
        | Says::Added { .. }
        | Says::Elsewhere { .. }
        | Says::OtherKind => vec![shape(context, place, &reading.says)],
    };
    let spoken_of = |suspect| Suspect {
        spoken_of: true,
        ..suspect
    };
    suspects.into_iter().map(spoken_of).collect()
}

fn not_shown(
    context: &Context,
    place: (usize, usize),
    write: usize,
    what: &NotShown,
) -> Vec<Suspect> {
    let look = &context.calls[place.0];
    let shown = match what {
        NotShown::Item => "what had been written was not in the answer".to_owned(),
        NotShown::Value { path, met } => format!("{} was {}", name(path), short(met)),
        NotShown::Deletion => "it was still there".to_owned(),
    };
    let written = sentence::call(&context.calls[write]);
    if let Some(evidence) = stale_read::cached(look.last()) {
        let clause = format!(
            "{} was answered from a cache at {} with what was there before {written}",
            sentence::call(look),
            at(context, place),
        );
        let mut suspect = told(
            Cause::StaleRead,
            place,
            "cache",
            clause,
            80,
            Some(Owner::Test),
        );
        let finding = format!("The answer says so: `{evidence}`.");
        suspect.findings.push(finding);
        return vec![suspect];
    }
    if let Some(touch) = shared_state::touch(context, place.0) {
        return vec![shared_state::by_another(context, place, touch)];
    }
    let since = look.last().exchange.start.since(context.known_at(write));
    let waited = sentence::duration(since);
    let clause = format!(
        "the test looked too early: {} at {}, {waited} after {written} was acknowledged, and {shown}",
        sentence::call(look),
        at(context, place),
    );
    let mut race = told(
        Cause::Race,
        place,
        "before-write",
        clause,
        70,
        Some(Owner::Test),
    );
    race.doubt =
        Some("whether the data would have arrived with a longer wait, or never".to_owned());
    let clause = format!(
        "{} contradicts what was acknowledged {waited} before, {written}: {shown}",
        sentence::call(look)
    );
    let mut lost = told(Cause::Product, place, "lost", clause, 60, None);
    lost.doubt =
        Some("whether the data would have arrived with a longer wait, or never".to_owned());
    match look.peer.role {
        Role::Product => lost.strength = 80,
        Role::Unknown => {}
        Role::Dependency | Role::Infrastructure => return vec![race],
    }
    vec![race, lost]
}

fn dropped(context: &Context, place: (usize, usize), key: &str) -> Vec<Suspect> {
    let call = &context.calls[place.0];
    let clause = format!(
        "{} answered at {} without {}, which it had been sent",
        sentence::call(call),
        at(context, place),
        name(key)
    );
    let (lost, removed) = (
        format!("content {}", short(key)),
        format!("removed {}", short(key)),
    );
    let told =
        |cause, class: &str, strength| told(cause, place, class, clause.clone(), strength, None);
    match call.peer.role {
        Role::Product => vec![told(Cause::Product, &lost, 70)],
        Role::Unknown => vec![
            told(Cause::Product, &lost, 65),
            told(Cause::ContractChange, &removed, 60),
        ],
        Role::Dependency | Role::Infrastructure => {
            vec![told(Cause::ContractChange, &removed, 65)]
        }
    }
}

fn no_json(context: &Context, place: (usize, usize)) -> Suspect {
    let call = &context.calls[place.0];
    let clause = format!(
        "{} {} at {}, and that is not the JSON that the test reads",
        sentence::call(call),
        sentence::came_out(call.last()),
        at(context, place)
    );
    told(Cause::DependencyError, place, "malformed", clause, 70, None)
}

fn twice(context: &Context, place: (usize, usize)) -> Suspect {
    let call = &context.calls[place.0];
    let clause = format!(
        "{} was carried out although it {} at {}, and the retry carried it out again",
        sentence::call(call),
        sentence::came_out(context.try_at(place.0, place.1)),
        at(context, place)
    );
    told(Cause::DependencyError, place, "applied", clause, 75, None)
}

fn strange(context: &Context, place: (usize, usize), what: &str) -> Suspect {
    if let Some(touch) = shared_state::touch(context, place.0) {
        return shared_state::by_another(context, place, touch);
    }
    let clause = format!(
        "{} answered at {} with {what}",
        sentence::call(&context.calls[place.0]),
        at(context, place)
    );
    let mut suspect = told(
        Cause::TestCode,
        place,
        "left-over",
        clause,
        75,
        Some(Owner::Test),
    );
    suspect.doubt = Some("who made them: an earlier run that was not cleaned up, or somebody whose calls were not recorded".to_owned());
    suspect
}

/// The test wants what it has not written itself.
fn own(context: &Context, place: (usize, usize), says: &Says) -> Suspect {
    let call = sentence::call(&context.calls[place.0]);
    let (class, clause) = match says {
        Says::OtherKey { wrote, wanted } => (
            "other-key",
            format!(
                "the test reads {}, and what it had written, and {call} answered, is {}",
                name(wanted),
                name(wrote)
            ),
        ),
        Says::AsWritten { wanted, met } => (
            "expects",
            format!(
                "the test expected {}, and {call} answered {}, which is what the test itself had written",
                short(wanted),
                short(met)
            ),
        ),
        _ => ("expects", "the test expected something else".to_owned()),
    };
    told(Cause::TestCode, place, class, clause, 75, Some(Owner::Test))
}

fn shape(context: &Context, place: (usize, usize), says: &Says) -> Suspect {
    let call = sentence::call(&context.calls[place.0]);
    let at = at(context, place);
    let (class, clause, strength) = match says {
        Says::Renamed { key, now } => (
            format!("renamed {}", short(key)),
            format!(
                "{call} answered at {at} with {} where the test reads {}",
                name(now),
                name(key)
            ),
            75,
        ),
        Says::Moved { key, path } => (
            format!("wrapped {}", short(key)),
            format!(
                "{call} answered at {at} with {} where the test reads {}",
                name(path),
                name(key)
            ),
            65,
        ),
        Says::Retyped { path, now } => (
            format!("type {}", short(path.rsplit('.').next().unwrap_or(path))),
            format!(
                "{call} answered at {at} with {} as the text “{}”",
                name(path),
                short(now)
            ),
            75,
        ),
        Says::Elsewhere { path } => (
            format!("renamed {}", short(path)),
            format!(
                "{call} answered at {at} with what the test looks for as {}",
                name(path)
            ),
            60,
        ),
        Says::Added { name: new } => (
            format!("added {}", short(new)),
            format!(
                "{call} answered at {at} with {}, which the test does not know",
                name(new)
            ),
            65,
        ),
        _ => (
            "type".to_owned(),
            format!(
                "{call} answered at {at} with a value of another kind than the test takes it for"
            ),
            55,
        ),
    };
    told(Cause::ContractChange, place, &class, clause, strength, None)
}

fn lacks(context: &Context, place: (usize, usize), key: &str) -> Vec<Suspect> {
    let call = sentence::call(&context.calls[place.0]);
    let clause = format!(
        "{call} answered at {} without {}, which the test reads",
        at(context, place),
        name(key)
    );
    let mut changed = told(
        Cause::ContractChange,
        place,
        &format!("removed {}", short(key)),
        clause,
        60,
        None,
    );
    changed.doubt = Some("whether the answer ever had it".to_owned());
    let clause = format!("the test reads {}, which {call} does not answer", name(key));
    let test = told(
        Cause::TestCode,
        place,
        "other-key",
        clause,
        50,
        Some(Owner::Test),
    );
    vec![changed, test]
}

fn at(context: &Context, place: (usize, usize)) -> String {
    let start = context.try_at(place.0, place.1).exchange.start;
    sentence::offset(context, &context.calls[place.0], start)
}

fn name(name: &str) -> String {
    format!("`{}`", short(name))
}

fn short(value: &str) -> String {
    text::one_line(value, VALUE_CHARS)
}

fn told(
    cause: Cause,
    place: (usize, usize),
    class: &str,
    clause: String,
    strength: u32,
    owner: Option<Owner>,
) -> Suspect {
    Suspect::told(cause, place, class, clause, strength, owner)
}
