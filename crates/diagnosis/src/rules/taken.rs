//! What somebody took away that this test had made, or its account; rows of the table in `shared_state.rs`.

use model::{Role, Touch};
use percent_encoding::percent_decode_str;

use super::{Stands, Suspect, shared_state::told};
use crate::changes::{Change, Kind};
use crate::context::Context;
use crate::neighbours;
use crate::sentence;
use crate::state;
use crate::text;

/// Longest value within a sentence, in characters.
const SHOWN: usize = 60;

/// Whether a credential is refused that was given to an account whose name the new write of another test has in its path.
pub(super) fn takes_the_account(context: &Context, touch: &Touch, call: usize) -> bool {
    const CHARS: usize = 4;
    let one = context.calls[call].last();
    let Some(credential) = &one.exchange.credential else {
        return false;
    };
    let given = (0..context.calls.len()).filter(|other| context.precedes(*other, call));
    let given = given.map(|other| context.calls[other].last());
    let given = given.filter_map(|other| other.exchange.response.as_ref()?.body.text());
    let mut given = given.filter(|text| text.contains(&credential.pseudonym));
    let path = percent_decode_str(&touch.call.path).decode_utf8_lossy();
    // A word may be the name of anything.
    let last = path.trim_end_matches('/').rsplit('/').next();
    let is_name =
        |name: &&str| name.len() >= CHARS && !name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let name = last.filter(is_name);
    let names_it = |answer: &str| {
        let is_value = |name: &str| {
            [":", ": "]
                .iter()
                .any(|colon| answer.contains(&format!("{colon}\"{name}\"")))
        };
        name.is_some_and(is_value)
    };
    one.exchange.status() == Some(401) && neighbours::is_new(context, touch) && given.any(names_it)
}

/// What this recording wrote and saw is gone.
pub(super) fn away(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    let before = state::before_write(context, place.0)?;
    let seen = before.seen?;
    let here = &context.calls[place.0];
    let clause = format!(
        "somebody took away what this test had written: {} still showed it at {}, and {} {}",
        sentence::call(&context.calls[seen]),
        sentence::offset(context, &context.calls[seen], context.known_at(seen)),
        sentence::call(here),
        sentence::came_out(here.last())
    );
    Some(Suspect {
        stands: Stands::Never,
        doubt: Some("who took it away: no recorded call of this run did".to_owned()),
        ..told(place, "taken-away", clause, 86)
    })
}

/// A thing that says of itself that it was deleted, which this recording did not do.
pub(super) fn says_so(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    const WORDS: &[&str] = &["deleted", "removed", "trashed", "archived"];
    const FLAGS: &[&str] = &[
        "deleted",
        "is_deleted",
        "isdeleted",
        "archived",
        "is_archived",
    ];
    let here = &context.calls[place.0];
    let bare = |value: &str| value.trim_matches('"').to_ascii_lowercase();
    let is_gone = |change: &&Change| {
        let key = change.key().to_ascii_lowercase();
        let by_word = WORDS.contains(&bare(&change.here).as_str());
        let by_flag = FLAGS.contains(&key.as_str()) && change.here == "true";
        change.kind == Kind::Word && (by_word || by_flag)
    };
    let comparison = context.comparison.as_ref()?;
    let change = comparison.answered[place.0].iter().find(is_gone)?;
    let did = |other: usize| {
        let one = &context.calls[other];
        context.precedes(other, place.0)
            && state::deletes(one)
            && state::is_about_the_same(one, here)
    };
    if (0..context.calls.len()).any(did) || here.peer.role == Role::Product {
        return None;
    }
    let clause = format!(
        "somebody took away what this test relies on: {} says that `{}` is {}",
        sentence::call(here),
        text::one_line(&change.path, SHOWN),
        text::one_line(&change.here, SHOWN),
    );
    Some(Suspect {
        stands: Stands::Never,
        doubt: Some("who took it away: no recorded call of this run did".to_owned()),
        ..told(place, "taken-away", clause, 84)
    })
}

/// A refusal that says of something that it is not there, by a name that this test had given it.
pub(super) fn named_and_gone(context: &Context, place: (usize, usize)) -> Option<Suspect> {
    const CHARS: usize = 6;
    let here = &context.calls[place.0];
    if !state::is_not_there(here) {
        return None;
    }
    let message = here.last().answer.message.as_deref()?;
    let is_of_name = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    let is_name = |word: &&str| {
        word.len() >= CHARS
            && word.bytes().any(|byte| byte.is_ascii_digit())
            && word.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    let words = message.split(|char| !is_of_name(char));
    let names: Vec<&str> = words.filter(is_name).collect();
    let written = (0..context.calls.len()).rev().find(|other| {
        let one = &context.calls[*other];
        let sent = one.tries[0].exchange.request_body.text();
        context.precedes(*other, place.0)
            && state::writes(one)
            && one.last().is_fine()
            && sent.is_some_and(|sent| {
                names
                    .iter()
                    .any(|name| sent.contains(&format!("\"{name}\"")))
            })
    })?;
    let write = &context.calls[written];
    let clause = format!(
        "what this test had written was gone: {} {}, and {} {}",
        sentence::call(write),
        sentence::came_out(write.last()),
        sentence::call(here),
        sentence::answered(here.last()),
    );
    Some(Suspect {
        stands: Stands::Never,
        doubt: Some("whether somebody took it away, or it had not arrived yet".to_owned()),
        ..told(place, "taken-away", clause, 78)
    })
}
