//! Whether two names look like one name written otherwise.

/// Shortest name that may be a part of another one.
const PART_CHARS: usize = 3;
/// Shortest name in which letters may differ …
const LETTERS_CHARS: usize = 4;
/// … and so many, of the shorter name's letters one in this.
const ONE_IN: usize = 4;

/// `member_count` and `memberCount`, `member` and `members`, `colour` and `color`; not `id` and `identity`.
pub(crate) fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (plain(one), plain(other));
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let is_part = short.len() >= PART_CHARS && (long.starts_with(&short) || long.ends_with(&short));
    let differ = strsim::damerau_levenshtein(&short, &long);
    let most = short.chars().count() / ONE_IN;
    short == long || is_part || short.len() >= LETTERS_CHARS && differ <= most
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_whatever_their_case_and_number() {
        let check = |one: &str, other: &str, expected: bool| {
            assert_eq!(alike(one, other), expected, "{one} {other}");
            assert_eq!(alike(other, one), expected, "{other} {one}");
        };
        check("member_count", "memberCount", true);
        check("member", "members", true);
        check("price", "unitPrice", true);
        check("colour", "color", true);
        check("author", "autor", true);
        check("id", "identity", false);
        check("name", "title", false);
        check("a", "b", false);
        check("", "members", false);
    }
}
