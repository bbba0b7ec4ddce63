//! Captured text in our sentences: one line, short, and unable to act on a terminal.

/// Longest quotation from a body, in characters.
pub(crate) const QUOTE_CHARS: usize = 120;

/// The text as one line of at most `limit` characters: white space collapsed, characters that steer a terminal or the
/// direction of writing left out.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    let mut space = false;
    for character in text.chars() {
        if character.is_whitespace() {
            space = length > 0;
            continue;
        }
        if character.is_control() || steers(character) {
            continue;
        }
        let needed = if space { 2 } else { 1 };
        if length + needed > limit {
            line.push('…');
            return line;
        }
        if space {
            line.push(' ');
        }
        line.push(character);
        length += needed;
        space = false;
    }
    line
}

/// The text without the escape sequences that colour it (ECMA-48, section 8.3.117: `ESC [ … m`).
pub(crate) fn uncoloured(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let parameters = after
            .bytes()
            .take_while(|byte| byte.is_ascii_digit() || *byte == b';')
            .count();
        rest = match after[parameters..].strip_prefix('m') {
            Some(after) => after,
            None => {
                plain.push_str("\u{1b}[");
                after
            }
        };
    }
    plain.push_str(rest);
    plain
}

/// Zero-width and bidirectional control characters.
fn steers(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether `needle` stands in `text` as a token of its own, not as a part of a longer word or number.
pub(crate) fn has_token(text: &str, needle: &str) -> bool {
    if needle.is_empty() {
        return false;
    }
    text.match_indices(needle).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + needle.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_one_short_harmless_line() {
        let check = |text: &str, limit: usize, expected: &str| {
            assert_eq!(one_line(text, limit), expected, "{text:?}");
        };
        check("  a\n\tb  ", 10, "a b");
        check("abcdef", 3, "abc…");
        check("ab cd", 3, "ab…");
        check("\u{1b}[31mred\u{202e}", 10, "[31mred");
        check("ééé", 3, "ééé");
        check("", 3, "");
    }

    #[test]
    fn colours_are_left_out() {
        let check = |text: &str, expected: &str| assert_eq!(uncoloured(text), expected);
        check("\u{1b}[31mred\u{1b}[39;49;00m end", "red end");
        check("\u{1b}[2Kline", "\u{1b}[2Kline");
        check("plain", "plain");
        check("\u{1b}[", "\u{1b}[");
    }

    #[test]
    fn tokens_stand_alone() {
        let check = |text: &str, needle: &str, expected: bool| {
            assert_eq!(has_token(text, needle), expected, "{needle} in {text}");
        };
        check("expected 429 to equal 200", "429", true);
        check("took 1429 ms", "429", false);
        check("429", "429", true);
        check("got 4290", "429", false);
        check("é429é", "429", false);
        check("anything", "", false);
    }
}
