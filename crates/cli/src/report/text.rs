//! A line before it is laid out: pieces of neutral text, each with its colour.

use super::neutral::Neutral;
use super::style::Paint;

/// Pieces of text that belong on one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Text {
    pieces: Vec<Piece>,
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    text: Neutral,
    paint: Paint,
    /// Whether its spaces are no places to break the line.
    glued: bool,
}

impl Text {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds words of our own.
    #[must_use]
    pub(crate) fn ours(self, words: &'static str) -> Self {
        self.neutral(Paint::Plain, Neutral::ours(words))
    }

    /// Adds words of our own in a colour.
    #[must_use]
    pub(crate) fn painted(self, paint: Paint, words: &'static str) -> Self {
        self.neutral(paint, Neutral::ours(words))
    }

    /// Adds text that somebody else may have chosen.
    #[must_use]
    pub(crate) fn captured(self, paint: Paint, text: &str) -> Self {
        self.neutral(paint, Neutral::captured(text))
    }

    /// Adds text that is neutral already.
    #[must_use]
    pub(crate) fn neutral(mut self, paint: Paint, text: Neutral) -> Self {
        self.pieces.push(Piece {
            text,
            paint,
            glued: false,
        });
        self
    }

    /// Adds another text.
    #[must_use]
    pub(crate) fn text(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    /// Keeps what is in it so far on one line, as long as a line is wide enough for it.
    #[must_use]
    pub(crate) fn glued(mut self) -> Self {
        for piece in &mut self.pieces {
            piece.glued = true;
        }
        self
    }

    /// How many columns it takes on one line.
    pub(crate) fn width(&self) -> usize {
        self.pieces.iter().map(|piece| piece.text.width()).sum()
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.pieces
            .iter()
            .all(|piece| piece.text.as_str().is_empty())
    }

    /// The text on lines: the first of at most `first` columns, the others of at most `rest`. Broken at spaces, and
    /// within a word only where it does not fit.
    pub(crate) fn wrapped(&self, first: usize, rest: usize) -> Vec<Self> {
        let mut width = first;
        let mut lines = Vec::new();
        let mut line = Self::new();
        let mut used = 0;
        // Spaces are kept back until a word follows them on the same line.
        let mut spaces = Self::new();
        for (word, is_space) in self.words() {
            if is_space {
                spaces = word;
                continue;
            }
            let before = std::mem::take(&mut spaces);
            let columns = before.width() + word.width();
            if used + columns <= width {
                line = line.text(before);
            } else if used > 0 {
                lines.push(std::mem::take(&mut line));
                width = rest;
                used = 0;
            }
            let mut parts = word.parts(first.min(rest)).into_iter().peekable();
            while let Some(part) = parts.next() {
                line = line.text(part);
                used = line.width();
                if parts.peek().is_some() {
                    lines.push(std::mem::take(&mut line));
                    width = rest;
                }
            }
        }
        lines.push(line);
        lines
    }

    /// The text cut into spaces (`true`) and words. What stands side by side is one word, whatever its colours.
    fn words(&self) -> Vec<(Self, bool)> {
        let mut words: Vec<(Self, bool)> = Vec::new();
        for piece in &self.pieces {
            let cut = match piece.glued {
                true => vec![(piece.text.clone(), false)],
                false => piece.text.words(),
            };
            for (text, is_space) in cut {
                let piece = Piece { text, ..*piece };
                match words.last_mut() {
                    Some((word, of_spaces)) if *of_spaces == is_space => word.pieces.push(piece),
                    _ => words.push((
                        Self {
                            pieces: vec![piece],
                        },
                        is_space,
                    )),
                }
            }
        }
        words
    }

    /// A word on lines of at most `width` columns.
    fn parts(self, width: usize) -> Vec<Self> {
        if self.width() <= width {
            return vec![self];
        }
        let mut parts = vec![Self::new()];
        for piece in self.pieces {
            for (index, text) in piece.text.parts(width).into_iter().enumerate() {
                let fits = parts
                    .last()
                    .is_some_and(|part| part.width() + text.width() <= width);
                if index > 0 || !fits {
                    parts.push(Self::new());
                }
                if let Some(part) = parts.last_mut() {
                    part.pieces.push(Piece { text, ..piece });
                }
            }
        }
        parts
    }

    /// The text with escape sequences for its colours, or without.
    pub(crate) fn rendered(&self, color: bool) -> String {
        let mut line = String::new();
        for run in self
            .pieces
            .chunk_by(|left, right| left.paint == right.paint)
        {
            let ansi = run
                .first()
                .map(|piece| piece.paint.ansi())
                .unwrap_or_default();
            let text: String = run.iter().map(|piece| piece.text.as_str()).collect();
            if color && !text.is_empty() {
                line.push_str(&format!("{ansi}{text}{ansi:#}"));
            } else {
                line.push_str(&text);
            }
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn later_lines_may_be_narrower() {
        let text = Text::new().ours("one two three four");
        let lines: Vec<String> = text
            .wrapped(8, 5)
            .iter()
            .map(|line| line.rendered(false))
            .collect();
        assert_eq!(lines, ["one two", "three", "four"]);
    }

    fn wrap(text: &str, width: usize) -> Vec<String> {
        lines(&Text::new().captured(Paint::Plain, text), width)
    }

    fn lines(text: &Text, width: usize) -> Vec<String> {
        let lines = text.wrapped(width, width);
        lines.iter().map(|line| line.rendered(false)).collect()
    }

    #[test]
    fn lines_break_at_spaces() {
        let check = |text: &str, expected: &[&str]| assert_eq!(wrap(text, 10), expected);
        check("", &[""]);
        check("one two", &["one two"]);
        check("one two three", &["one two", "three"]);
        check("one  two", &["one  two"]);
        check("0123456789 a", &["0123456789", "a"]);
        check("a 0123456789abc d", &["a", "0123456789", "abc d"]);
        let pieces = Text::new().ours("one two [").ours("three").ours("] four");
        assert_eq!(lines(&pieces, 10), ["one two", "[three]", "four"]);
        let glued = Text::new()
            .ours("one two ")
            .text(Text::new().ours("three four").glued());
        assert_eq!(lines(&glued, 10), ["one two", "three four"]);
        assert_eq!(lines(&glued, 7), ["one two", "three f", "our"]);
        check("日本日本日本", &["日本日本日", "本"]);
        check("01234567a::error::x", &["01234567", "a::error::", "x"]);
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_no_line_too_long(text in "[a-z :#日]{0,80}", width in 8..30usize) {
            let lines = wrap(&text, width);
            let shown = Text::new().captured(Paint::Plain, &text).rendered(false);
            let squeeze = |text: &str| text.split(' ').collect::<String>();
            prop_assert_eq!(squeeze(&lines.concat()), squeeze(&shown));
            for line in lines {
                prop_assert!(Neutral::captured(&line).width() <= width, "{}", line);
                prop_assert!(!line.trim_start().starts_with("::"), "{}", line);
            }
        }
    }
}
