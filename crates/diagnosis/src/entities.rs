//! Names that a test chooses anew each time, in the paths that it asks for: `/rooms/kqzvbn`, next time `/rooms/wpaxou`. And
//! those that a server gives to what it makes, where they may look like words: `"objectId":"AmEINEDRDE"`.
//!
//! They look like words, so nothing in one recording tells that they are identifiers. Several recordings do.
//!
//! | a segment of a path that no other recording has | a name? |
//! |---|---|
//! | two passing recordings, or more, each have one of their own at the same place | yes |
//! | one passing recording has one of its own at the same place, and in both recordings a write with it was acknowledged, and another request has it too | yes |
//! | one passing recording has one of its own at the same place, once | no: the test asks for something else |
//! | a passing recording has it too | no |
//!
//! | a text in an answer, under a key such as `id`, `objectId` or `order_id`, that no other recording has there | a name? |
//! |---|---|
//! | ten letters and digits or more, that change as words do not, or capitals that nobody can pronounce | yes |
//! | eight or more with a digit or a capital within, or capitals, as long as such a one under the same key | yes |
//! | anything else | no |
//!
//! What is a name is one everywhere: in the template of the call, in what it sends and in what it is answered.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::calls::Call;
use crate::normal::Normal;
use crate::state;
use crate::text;
use crate::volatile::{self, Given};

/// Shortest name.
const NAME_CHARS: usize = 3;
/// A name that a single passing recording can tell is in so many requests.
const REQUESTS: usize = 2;

/// Takes the names out of the calls of a failing recording, which is the first, and of passing ones.
pub(crate) fn take_out(recordings: &mut [&mut [Call]]) {
    let names = names(recordings);
    for (calls, names) in recordings.iter_mut().zip(&names) {
        if names.is_empty() {
            continue;
        }
        for call in calls.iter_mut() {
            rename(call, names);
        }
    }
}

/// For each recording its names.
fn names(recordings: &[&mut [Call]]) -> Vec<HashSet<String>> {
    let own = own_segments(recordings);
    let mut found = given(recordings);
    if own.first().is_none_or(HashSet::is_empty) {
        return found;
    }
    let mut places: BTreeMap<Place, BTreeMap<usize, Vec<&str>>> = BTreeMap::new();
    for (at, calls) in recordings.iter().enumerate() {
        for call in calls.iter() {
            if let Some((place, segments)) = place(call, &own[at]) {
                let known = places.entry(place).or_default();
                known.entry(at).or_insert(segments);
            }
        }
    }
    for by_recording in places.values() {
        if !by_recording.contains_key(&0) || !by_recording.contains_key(&1) {
            continue;
        }
        let is_name =
            |at: usize, name: &str| by_recording.len() > 2 || is_chosen(recordings[at], name);
        let all = || {
            by_recording
                .iter()
                .flat_map(|(at, names)| names.iter().map(|name| (*at, *name)))
        };
        if all().all(|(at, name)| is_name(at, name)) {
            for (at, name) in all() {
                found[at].insert(name.to_owned());
            }
        }
    }
    found
}

/// For each recording the names that servers gave, and that no other recording has.
fn given(recordings: &[&mut [Call]]) -> Vec<HashSet<String>> {
    let of_recording = |calls: &&mut [Call]| -> Vec<(String, String)> {
        let members = calls
            .iter()
            .flat_map(|call| named_members(&call.reply.text));
        let members = members.filter(|(_, name)| Given::of(name) != Given::No);
        members
            .map(|(key, name)| (key.to_owned(), name.to_owned()))
            .collect()
    };
    let members: Vec<_> = recordings.iter().map(of_recording).collect();
    let mut users: HashMap<&str, BTreeSet<usize>> = HashMap::new();
    let mut random: HashSet<(&str, usize)> = HashSet::new();
    for (at, members) in members.iter().enumerate() {
        for (key, name) in members {
            users.entry(name).or_default().insert(at);
            if Given::of(name) == Given::Yes {
                random.insert((key, name.len()));
            }
        }
    }
    let is_own = |name: &str| users.get(name).is_some_and(|users| users.len() == 1);
    let names = |members: &Vec<(String, String)>| {
        let given = members
            .iter()
            .filter(|(key, name)| is_own(name) && random.contains(&(key.as_str(), name.len())));
        given.map(|(_, name)| name.clone()).collect()
    };
    members.iter().map(names).collect()
}

/// Keys for identifiers in an answer in its normal form, with the texts that stand under them.
fn named_members(answer: &str) -> impl Iterator<Item = (&str, &str)> {
    answer.match_indices(r#"":""#).filter_map(|(at, between)| {
        let (_, key) = answer[..at].rsplit_once('"')?;
        let value = &answer[at + between.len()..];
        let name = &value[..value.find('"')?];
        volatile::names_an_id(key).then_some((key, name))
    })
}

/// For each recording the segments of its paths that are in no path of the others.
fn own_segments<'c>(recordings: &'c [&mut [Call]]) -> Vec<HashSet<&'c str>> {
    let mut users: HashMap<&str, (usize, bool)> = HashMap::new();
    for (at, calls) in recordings.iter().enumerate() {
        for segment in calls
            .iter()
            .flat_map(segments)
            .filter(|one| may_be_name(one))
        {
            let user = users.entry(segment).or_insert((at, true));
            user.1 &= user.0 == at;
        }
    }
    let mut own = vec![HashSet::new(); recordings.len()];
    for (segment, (at, is_own)) in users {
        if is_own {
            own[at].insert(segment);
        }
    }
    own
}

fn segments(call: &Call) -> impl Iterator<Item = &str> {
    call.tries[0].exchange.path().split('/')
}

fn may_be_name(segment: &str) -> bool {
    segment.len() >= NAME_CHARS && segment.bytes().all(is_of_name)
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// What makes a place the same in another recording: whom is asked how, and the path without what is its own.
type Place = (String, String, Vec<Option<String>>);

/// The place of a call, with the segments of its own there; none if there are none.
fn place<'c>(call: &'c Call, own: &HashSet<&str>) -> Option<(Place, Vec<&'c str>)> {
    let signature = &call.signature;
    let mut names = Vec::new();
    let path = segments(call)
        .zip(signature.template.split('/'))
        .map(|(segment, template)| {
            let is_own = own.contains(segment);
            // What looks like an identifier is taken out already.
            if is_own && template != "*" {
                names.push(segment);
            }
            (!is_own && template != "*").then(|| segment.to_owned())
        })
        .collect();
    let place = (signature.peer.clone(), signature.method.clone(), path);
    (!names.is_empty()).then_some((place, names))
}

/// Whether the test made something of this name: a write with it was acknowledged, and another request has it too.
fn is_chosen(calls: &[Call], name: &str) -> bool {
    let asked: Vec<&Call> = calls
        .iter()
        .filter(|call| text::has_token(&call.request.text, name))
        .collect();
    let made = |call: &&Call| state::writes(call) && call.last().is_fine();
    asked.len() >= REQUESTS && asked.iter().any(made)
}

fn rename(call: &mut Call, names: &HashSet<String>) {
    let template = call.signature.template.split('/');
    let template: Vec<&str> = template
        .map(|segment| {
            if names.contains(segment) {
                "*"
            } else {
                segment
            }
        })
        .collect();
    call.signature.template = template.join("/");
    for normal in [&mut call.request, &mut call.reply] {
        if let Some(renamed) = without(normal, names) {
            *normal = renamed;
        }
    }
}

/// The value with these names as identifiers, if it has any.
fn without(normal: &Normal, names: &HashSet<String>) -> Option<Normal> {
    const ID: &str = "<id>";
    let mut words = normal
        .text
        .split(|char: char| !u8::try_from(char).is_ok_and(is_of_name));
    if !words.any(|word| names.contains(word)) {
        return None;
    }
    let mut known = normal.ids.iter();
    let mut renamed = Normal {
        text: String::with_capacity(normal.text.len()),
        ids: Default::default(),
    };
    let mut rest = normal.text.as_str();
    while let Some(first) = rest.chars().next() {
        let word = rest.bytes().take_while(|byte| is_of_name(*byte)).count();
        let length = if rest.starts_with(ID) {
            renamed.ids.push(known.next().unwrap_or_default());
            renamed.text.push_str(ID);
            ID.len()
        } else if word > 0 && names.contains(&rest[..word]) {
            renamed.ids.push(&rest[..word]);
            renamed.text.push_str(ID);
            word
        } else {
            let length = word.max(first.len_utf8());
            renamed.text.push_str(&rest[..length]);
            length
        };
        rest = &rest[length..];
    }
    Some(renamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers_in_their_order() {
        let check = |text: &str, ids: &[&str], expected: (&str, &[&str])| {
            let mut normal = Normal {
                text: text.to_owned(),
                ids: Default::default(),
            };
            ids.iter().for_each(|id| normal.ids.push(id));
            let names = HashSet::from(["kqzvbn".to_owned()]);
            let renamed = without(&normal, &names).unwrap_or(normal);
            let ids: Vec<&str> = renamed.ids.iter().collect();
            assert_eq!((renamed.text.as_str(), ids.as_slice()), expected);
        };
        check(r#"{"a":"kqzvbn"}"#, &[], (r#"{"a":"<id>"}"#, &["kqzvbn"]));
        check(
            r#"["<id>","kqzvbn","<id>"]"#,
            &["1", "2"],
            (r#"["<id>","<id>","<id>"]"#, &["1", "kqzvbn", "2"]),
        );
        check(r#"["kqzvbns"]"#, &[], (r#"["kqzvbns"]"#, &[]));
        check(r#"["x"]"#, &["1"], (r#"["x"]"#, &["1"]));
    }
}
