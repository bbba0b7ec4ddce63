//! Random tokens in the alphabet of URLs (base64url, nanoid), where `-` and `_` stand for values as letters do:
//! `FkVqqfaNzcpQ6qWDqcG3TRsDkNVns-vZR6WPT6rrD44`. Their parts by themselves would look random or not by chance, and then
//! two recordings of the same call would differ.

use super::is_announced;

/// Shorter ones are told by their parts.
const SHORTEST: usize = 16;
/// What is longer is no name; and this is asked at each word.
const LONGEST: usize = 128;

/// Length of such a token at the start of `text`, if it does not begin in the middle of a name.
pub(super) fn length(before: &str, text: &str) -> Option<usize> {
    let is_of_it = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let run = text.bytes().take(LONGEST + 1).take_while(is_of_it).count();
    if !(SHORTEST..=LONGEST).contains(&run) {
        return None;
    }
    let name = before.strip_suffix(['-', '_']).unwrap_or(before);
    let goes_on = name.ends_with(|last: char| last.is_ascii_alphanumeric());
    let may_begin = !goes_on || is_announced(before);
    (may_begin && is_drawn(&text[..run])).then_some(run)
}

/// Whether it is likelier that the letters were drawn than that somebody chose them. What begins with a word keeps it: the
/// word says what kind of identifier follows.
fn is_drawn(token: &str) -> bool {
    let has = |is: fn(&u8) -> bool| token.bytes().any(|byte| is(&byte));
    has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && (is_whole_key(token) || !begins_with_a_word(token))
        && evidence(token) > ENOUGH
}

/// Whether it is as long as 128, 256 or 512 bits are in base64url: then what looks like a word at the start is a part of it.
fn is_whole_key(token: &str) -> bool {
    matches!(token.len(), 22 | 43 | 86)
}

/// `sk_live_`, `flag-`; two letters before a `-` are there by chance.
fn begins_with_a_word(token: &str) -> bool {
    let first = token.split(['-', '_']).next().unwrap_or_default();
    let is_joined = token.as_bytes().get(first.len()) == Some(&b'_');
    let word = if is_joined { 2 } else { 3 };
    first.len() >= word && first.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Of 8,100 names of 20 characters and more in public sources some 90 are above, and of 8,300 shorter ones some 50. Of
/// random tokens of 16, 18, 20 and 22 characters 5, 2, 2 and 1 in a hundred are below.
const ENOUGH: i32 = 300;

/// Logarithm of how many times likelier the token is if each of its letters was drawn from 64, in hundredths; below nought
/// if it is rather a name. What follows what in names is by estimate, with vowels and consonants apart; what it is worth was counted (`ENOUGH`).
fn evidence(token: &str) -> i32 {
    let pairs = token.as_bytes().windows(2);
    pairs.map(|pair| kinds(pair[0], pair[1])).sum()
}

/// The evidence of two letters in a row.
fn kinds(before: u8, letter: u8) -> i32 {
    use Kind::{Capital, Digit, Other, Small};
    let by_kind = match (kind(before), kind(letter)) {
        (Small, Small) => -74,
        (Small, Capital) => 191,
        (Small, Digit) => 206,
        (Small, Other) => -81,
        (Capital, Small) => -49,
        (Capital, Capital) => 61,
        (Capital, Digit) => 136,
        (Capital, Other) => -94,
        (Digit, Small) => 140,
        (Digit, Capital) => 162,
        (Digit, Digit) => -126,
        (Digit, Other) => -216,
        (Other, Small) => -21,
        (Other, Capital) => 30,
        (Other, Digit) => -8,
        (Other, Other) => 4,
    };
    by_kind + sounds(before, letter)
}

/// Whether letters follow one another rather by chance than as in words: `Xwxwyxmvrv`. Words differ, so it takes more to
/// call something drawn.
pub(super) fn sounds_drawn(token: &str) -> bool {
    let pairs = token.as_bytes().windows(2);
    pairs.map(|pair| sounds(pair[0], pair[1])).sum::<i32>() > 0
}

/// The evidence of vowels and consonants.
fn sounds(before: u8, letter: u8) -> i32 {
    if !before.is_ascii_alphabetic() || !letter.is_ascii_alphabetic() {
        return 0;
    }
    match (is_vowel(before), is_vowel(letter)) {
        (false, false) => 71,
        (false, true) => -99,
        (true, false) => -6,
        (true, true) => 25,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Small,
    Capital,
    Digit,
    Other,
}

fn kind(byte: u8) -> Kind {
    match byte {
        b'a'..=b'z' => Kind::Small,
        b'A'..=b'Z' => Kind::Capital,
        b'0'..=b'9' => Kind::Digit,
        _ => Kind::Other,
    }
}

fn is_vowel(letter: u8) -> bool {
    matches!(
        letter.to_ascii_lowercase(),
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y'
    )
}

#[cfg(test)]
mod tests {
    use crate::normal::Ids;
    use crate::volatile::replace;

    fn normal(text: &str) -> String {
        let (mut normal, mut ids) = (String::new(), Ids::default());
        replace(text, &mut normal, &mut ids);
        normal
    }

    #[test]
    fn tokens_in_the_alphabet_of_urls_are_one() {
        let check = |text: &str, expected: &str, expected_ids: &[&str]| {
            let (mut normal, mut ids) = (String::new(), Ids::default());
            replace(text, &mut normal, &mut ids);
            assert_eq!(normal, expected, "{text}");
            assert!(ids.iter().eq(expected_ids.iter().copied()), "{text}");
        };
        for id in [
            "FkVqqfaNzcpQ6qWDqcG3TRsDkNVns-vZR6WPT6rrD44",
            "3Vn7M5Ty6ZedriR30qgHgxTCWEOQog2oYVM4speC4-Q",
            "V24OE8-kWq_0aJx7fPZr9Tn",
            "-MSj4XFjSTSQ_kWq0aJx7fPZr9Tn",
        ] {
            check(&format!("!{id}:tea"), "!<id>:tea", &[id]);
        }
        check(
            "Widget-X200-Rev3-Blue-2026",
            "Widget-X200-Rev3-Blue-2026",
            &[],
        );
        for name in [
            "Order-2026-11-23-Berlin-Shop-7",
            "EU-WEST-1-Frankfurt-A2",
            "Error-E1042-InvalidInput",
            "Test-User-A1-B2-C3-D4",
        ] {
            check(name, name, &[]);
        }
        check(
            "get_UserById-AndNameOfTheGuest",
            "get_UserById-AndNameOfTheGuest",
            &[],
        );
        check(
            "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
            "sk_live_<id>",
            &["4eC39HqLyjWDarjtT1zdp7dc"],
        );
    }

    /// So many of 1,000 tokens that were drawn are not taken out whole: the same ones each time, and what is left is what
    /// begins like a word.
    #[test]
    fn chance_seldom_decides() {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut state = 7_u64;
        let mut draw = |length: usize| -> String {
            let one = |_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005);
                state = state.wrapping_add(1_442_695_040_888_963_407);
                char::from(ALPHABET[(state >> 58) as usize])
            };
            (0..length).map(one).collect()
        };
        let mut check = |length: usize, around: (&str, &str), most: usize| {
            let (before, after) = around;
            let missed: Vec<String> = (0..1_000)
                .map(|_| draw(length))
                .filter(|token| {
                    normal(&format!("{before}{token}{after}")) != format!("{before}<id>{after}")
                })
                .collect();
            assert!(
                missed.len() <= most,
                "{length}: {} {missed:#?}",
                missed.len()
            );
        };
        check(16, ("", ""), 50);
        check(20, ("", ""), 30);
        check(22, ("/runs/", "/claim"), 15);
        check(32, ("code_verifier=", "&scope=openid"), 12);
        check(43, ("code_verifier=", ""), 0);
        check(43, ("Redirecting to /interaction/", "."), 0);
        check(64, ("v1:", ":x"), 12);
        check(86, ("", ""), 0);
    }
}
