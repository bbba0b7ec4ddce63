//! Makes captured text harmless before it is shown. The only way from a captured string to a screen.
//!
//! What a test prints, what a server answers and what a branch is called are chosen by others. Shown as they are, they
//! could move the cursor, colour or hide our lines, reverse the reading order, or give a command to the CI system that
//! reads our output. [`Neutral`] is the witness that a text can do none of that; the screen takes nothing else.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

/// Marks that may follow one character without being shown as escapes. More of them paint over neighbouring lines.
const MARKS_IN_A_ROW: usize = 4;
/// How wide a tab is shown.
const TAB: &str = "    ";

/// Text without line breaks that cannot act. Made only by this file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Neutral(String);

impl Neutral {
    /// Words of our own. They are in the binary, so nobody else wrote them.
    pub(crate) fn ours(words: &'static str) -> Self {
        Self(words.to_owned())
    }

    /// A captured text on one line. Line breaks and everything that acts or is invisible become visible escapes such as
    /// `\n` and `\u{202e}`.
    pub(crate) fn captured(text: &str) -> Self {
        let mut shown = String::with_capacity(text.len());
        let mut marks = MARKS_IN_A_ROW;
        for character in text.chars() {
            let is_mark = character.width() == Some(0) && !acts(character);
            marks = if is_mark { marks + 1 } else { 0 };
            match character {
                '\t' => shown.push_str(TAB),
                '\n' => shown.push_str("\\n"),
                '\r' => shown.push_str("\\r"),
                _ if acts(character)
                    || marks > MARKS_IN_A_ROW
                    || begins_command(&shown, character) =>
                {
                    push_escape(&mut shown, character);
                }
                _ => shown.push(character),
            }
        }
        Self(shown)
    }

    /// The first lines of a captured text that are not blank, at most `lines` of at most `width` characters each, and
    /// whether there is more.
    pub(crate) fn excerpt(text: &str, lines: usize, width: usize) -> (Vec<Self>, bool) {
        let mut kept = Vec::new();
        let mut more = false;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            if kept.len() == lines {
                more = true;
                break;
            }
            let end = line.char_indices().nth(width).map(|(at, _)| at);
            more |= end.is_some();
            kept.push(Self::captured(&line[..end.unwrap_or(line.len())]));
        }
        (kept, more)
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// How many columns it takes.
    pub(crate) fn width(&self) -> usize {
        self.0.chars().map(columns).sum()
    }

    /// The text cut into runs of spaces (`true`) and runs of everything else.
    pub(crate) fn words(&self) -> Vec<(Self, bool)> {
        let mut words: Vec<(Self, bool)> = Vec::new();
        for character in self.0.chars() {
            let is_space = character == ' ';
            match words.last_mut() {
                Some((word, of_spaces)) if *of_spaces == is_space => word.0.push(character),
                _ => words.push((Self(character.into()), is_space)),
            }
        }
        words
    }

    /// The text in at most `width` columns, with `ellipsis` in the middle when it is cut: of a URL both host and tail
    /// tell something.
    pub(crate) fn shortened(&self, width: usize, ellipsis: &'static str) -> Self {
        if self.width() <= width {
            return self.clone();
        }
        let room = width.saturating_sub(Self::ours(ellipsis).width());
        let head = take_columns(self.0.chars(), room - room / 2);
        let tail = take_columns(self.0.chars().rev(), room / 2);
        let tail: String = tail.chars().rev().collect();
        // Both ends are joined anew, so the ellipsis or the cut could have made a command of what was none.
        Self::captured(&format!("{head}{ellipsis}{tail}"))
    }

    /// The text cut into parts of at most `width` columns. No part begins with a character that could begin a command.
    pub(crate) fn parts(&self, width: usize) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut part = String::new();
        let mut used = 0;
        for character in self.0.chars() {
            if used + columns(character) > width.max(4) {
                let rest = keep_together(&mut part, character);
                parts.push(Self(std::mem::replace(&mut part, rest)));
                used = part.chars().map(columns).sum();
            }
            part.push(character);
            used += columns(character);
        }
        parts.push(Self(part));
        parts
    }
}

/// Columns of one character. A variation selector may widen the character before it, so it counts as one.
pub(crate) fn columns(character: char) -> usize {
    match character {
        '\u{fe0f}' => 1,
        _ => character.width().unwrap_or(0),
    }
}

/// Takes from the end of a full part what must stay with the next character: a part that begins with `::` might be a
/// command. A neutral text has at most two colons and few marks in a row, so this is short.
fn keep_together(part: &mut String, next: char) -> String {
    let mut rest = String::new();
    let mut first = next;
    while first == ':' || columns(first) == 0 {
        match part.pop() {
            Some(last) if !part.is_empty() => {
                rest.insert(0, last);
                first = last;
            }
            Some(last) => {
                part.push(last);
                break;
            }
            None => break,
        }
    }
    rest
}

fn take_columns(characters: impl Iterator<Item = char>, width: usize) -> String {
    let mut used = 0;
    characters
        .take_while(|character| {
            used += columns(*character);
            used <= width
        })
        .collect()
}

/// Whether a character does something to the screen or to the order of reading, or cannot be seen.
pub(crate) fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character,
            // Soft hyphen, grapheme joiner, Arabic letter mark, Hangul and Khmer fillers, Mongolian separators.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}'
            // Zero-width characters, direction marks, line and paragraph separators, overrides, isolates.
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            // Byte order mark, interlinear annotation, shorthand and musical controls, tags, selectors.
            | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Whether `next` would make a command for a CI system of what is shown already: `::name` at the beginning of a line
/// or word (GitHub), `##[name]` (GitHub, Azure), `##vso[…]` (Azure) and `##teamcity[…]` anywhere. `std::vec` stays.
fn begins_command(shown: &str, next: char) -> bool {
    let mut before = shown.chars().rev();
    match next {
        ':' => before.next() == Some(':') && !before.next().is_some_and(char::is_alphanumeric),
        '[' => shown
            .trim_end_matches(|character: char| character.is_ascii_alphabetic())
            .ends_with("##"),
        _ => false,
    }
}

fn push_escape(shown: &mut String, character: char) {
    // Writing to a string cannot fail.
    let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    use super::*;

    /// What must never be on a screen, written down again from the outside.
    fn can_act(shown: &str) -> bool {
        let bidi = [
            '\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}',
            '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}', '\u{2028}', '\u{2029}',
        ];
        let commands = ["##[", "##vso[", "##teamcity["];
        shown
            .chars()
            .any(|c| (c as u32) < 0x20 || (0x7f..0xa0).contains(&(c as u32)))
            || bidi.iter().any(|c| shown.contains(*c))
            || commands.iter().any(|command| shown.contains(command))
            || shown.split(' ').any(|word| word.starts_with("::"))
    }

    #[test]
    fn what_acts_is_made_visible() {
        let check =
            |text: &str, expected: &str| assert_eq!(Neutral::captured(text).as_str(), expected);
        check(
            "plain – text ✓ ⚠\u{fe0f} é 日本",
            "plain – text ✓ ⚠\u{fe0f} é 日本",
        );
        check("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}");
        check("a\u{9b}2Jb", "a\\u{9b}2Jb");
        check("a\tb\r\nc", "a    b\\r\\nc");
        check("abc\u{202e}fed", "abc\\u{202e}fed");
        check("a\u{200b}b\u{2028}c", "a\\u{200b}b\\u{2028}c");
        check("::error file=x::boom", ":\\u{3a}error file=x::boom");
        check("see ::set-output", "see :\\u{3a}set-output");
        check("std::vec::Vec", "std::vec::Vec");
        check("a:::b", "a::\\u{3a}b");
        check("##[group]x", "##\\u{5b}group]x");
        check("x ##vso[task]", "x ##vso\\u{5b}task]");
        check("## Title [1]", "## Title [1]");
        check("", "");
    }

    #[test]
    fn marks_cannot_pile_up() {
        let zalgo = format!("a{}", "\u{301}".repeat(6));
        assert_eq!(
            Neutral::captured(&zalgo).as_str(),
            "a\u{301}\u{301}\u{301}\u{301}\\u{301}\\u{301}"
        );
        // A mark at the beginning would change what stands before it.
        assert_eq!(Neutral::captured("\u{301}a").as_str(), "\\u{301}a");
    }

    #[test]
    fn a_long_text_is_cut_in_its_middle() {
        let check = |text: &str, width: usize, expected: &str| {
            assert_eq!(
                Neutral::captured(text).shortened(width, "…").as_str(),
                expected
            );
        };
        check("http://host/a/b/c", 17, "http://host/a/b/c");
        check("http://host/a/b/c", 11, "http:…a/b/c");
        check("日本日本日本", 7, "日…本");
        check("abc", 0, "…");
    }

    #[test]
    fn an_excerpt_says_whether_there_is_more() {
        let check = |text: &str, expected: &[&str], expected_more: bool| {
            let (lines, more) = Neutral::excerpt(text, 2, 5);
            let lines: Vec<&str> = lines.iter().map(Neutral::as_str).collect();
            assert_eq!(
                (lines.as_slice(), more),
                (expected, expected_more),
                "{text}"
            );
        };
        check("one\r\ntwo\n", &["one", "two"], false);
        check("one\ntwo\nthree", &["one", "two"], true);
        check("123456", &["12345"], true);
        check("\n \none\n\ntwo", &["one", "two"], false);
        check("", &[], false);
    }

    fn nasty() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(|c| c.to_string()),
            "[:#\\[ a-z]{0,6}",
            Just("::error::".to_owned()),
            Just("##[".to_owned()),
            Just("##vso[".to_owned()),
            Just("\u{1b}]8;;".to_owned()),
            Just("\u{202e}".to_owned()),
            Just("\u{fe0f}".to_owned()),
            Just("\u{301}".to_owned()),
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_acts(text in nasty(), width in 0..40usize) {
            let neutral = Neutral::captured(&text);
            prop_assert!(!can_act(neutral.as_str()), "{:?}", neutral);
            let short = neutral.shortened(width, "…");
            prop_assert!(!can_act(short.as_str()), "{:?}", short);
            for part in neutral.parts(width) {
                prop_assert!(!can_act(part.as_str()), "{:?}", part);
            }
        }

        #[test]
        fn parts_are_the_whole_and_fit(text in nasty(), width in 20..60usize) {
            let neutral = Neutral::captured(&text);
            let parts = neutral.parts(width);
            let whole: String = parts.iter().map(Neutral::as_str).collect();
            prop_assert_eq!(&whole, neutral.as_str());
            for part in parts {
                prop_assert!(part.as_str().width() <= width, "{:?}", part);
            }
        }

        #[test]
        fn harmless_text_stays(text in "[ -9;-Za-zäöü日本é]{0,40}") {
            prop_assume!(!text.contains("##"));
            let neutral = Neutral::captured(&text);
            prop_assert_eq!(neutral.as_str(), &text);
        }
    }
}
