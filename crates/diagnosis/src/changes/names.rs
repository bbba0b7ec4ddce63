//! What the keys and identifiers of two values say by their names: which are the same, and of what kind they are.

use super::{Key, Members};
use crate::volatile;

/// So many keys that differ are held against each other.
const PAIRS: usize = 10_000;

/// Gives keys that are those of the other object but for tokens that nobody chose the names that they have there.
pub(super) fn as_there<'a>(own: &mut Members<'a>, others: &Members<'a>) {
    let missing = others.keys().filter(|key| !own.contains_key(*key));
    let missing: Vec<Key<'a>> = missing
        .filter(|key| key.contains("<id>"))
        .cloned()
        .collect();
    let mut strange: Vec<Key<'a>> = own
        .keys()
        .filter(|key| !others.contains_key(*key))
        .cloned()
        .collect();
    if missing.len().saturating_mul(strange.len()) > PAIRS {
        return;
    }
    for known in missing {
        let is_it = |key: &Key<'a>| volatile::same_but_for_tokens(key, &known);
        if let Some(at) = strange.iter().position(is_it)
            && let Some(value) = own.remove(&strange.remove(at))
        {
            own.insert(known, value);
        }
    }
}

/// Whether a key is the name of a thing rather than that of a member: an address, or what begins with a sign as names of
/// rooms and accounts do.
pub(super) fn is_of_thing(key: &str) -> bool {
    let inside = key.get(1..).unwrap_or_default();
    let is_sigil = |first: char| matches!(first, '@' | '!' | '$' | '#' | '+');
    inside.contains('@') || key.starts_with(is_sigil) && inside.contains([':', '<'])
}

/// Whether two identifiers have words before them that say of what they are: `cus_<id>` in place of `sub_<id>`.
pub(super) fn are_of_other_kinds(here: &str, there: &str) -> bool {
    let kind = |text: &str| -> Option<String> {
        let word = text.trim_matches('"').strip_suffix("_<id>")?;
        let is_word =
            matches!(word.len(), 2..=4) && word.bytes().all(|byte| byte.is_ascii_lowercase());
        is_word.then(|| word.to_owned())
    };
    matches!((kind(here), kind(there)), (Some(here), Some(there)) if here != there)
}

/// Whether one key is the other one with something before or after it: `role`, `roleId`, `user_role`.
pub(super) fn are_related(old: &str, new: &str) -> bool {
    const CHARS: usize = 4;
    let bare = |key: &str| key.replace(['_', '-'], "").to_ascii_lowercase();
    let (old, new) = (bare(old), bare(new));
    let holds = |long: &str, short: &str| {
        short.len() >= CHARS && (long.starts_with(short) || long.ends_with(short))
    };
    holds(&old, &new) || holds(&new, &old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_name_things_are_told_from_members() {
        let check = |key: &str, expected: bool| assert_eq!(is_of_thing(key), expected, "{key}");
        check("@ada:example.org", true);
        check("ada@example.org", true);
        check("!<id>:example.org", true);
        check("/v1/orders", false);
        check("Due Date", false);
        check("name", false);
        check("@type", false);
        check("$ref", false);
        check("dc:title", false);
        check("", false);
    }

    #[test]
    fn identifiers_say_of_what_kind_they_are() {
        let check = |here: &str, there: &str, expected: bool| {
            assert_eq!(are_of_other_kinds(here, there), expected, "{here} {there}");
        };
        check(r#""cus_<id>""#, r#""sub_<id>""#, true);
        check(r#""cus_<id>""#, r#""cus_<id>""#, false);
        check(r#""lihu_<id>""#, r#""<id>""#, false);
        check(r#""a_<id>""#, r#""b_<id>""#, false);
    }

    #[test]
    fn keys_are_the_same_but_for_what_nobody_chose() {
        let mut own: Members<'_> = [(Key::from("!rh_<id>"), "1"), (Key::from("sum"), "2")].into();
        let others: Members<'_> = [(Key::from("!<id>"), "1"), (Key::from("total"), "2")].into();
        as_there(&mut own, &others);
        let keys: Vec<&str> = own.keys().map(|key| &**key).collect();
        assert_eq!(keys, ["!<id>", "sum"]);
    }
}
