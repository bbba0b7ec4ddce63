//! A mistake in the settings, shown where it is: file, line, column, the line itself and a caret below it.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

use unicode_width::UnicodeWidthStr as _;

/// Something that is wrong in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// Where, in bytes.
    pub(super) span: Range<usize>,
    /// What.
    pub(super) text: String,
    /// What would be right.
    pub(super) hint: Option<String>,
}

/// Why there are no settings.
#[derive(Debug)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is wrong.
    Mistakes {
        /// The file.
        path: PathBuf,
        /// Its content.
        text: String,
        /// What is wrong, by place; at least one.
        mistakes: Vec<Mistake>,
    },
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, error } => {
                write!(f, "read the settings: {error}: {}", path.display())
            }
            Self::Mistakes {
                path,
                text,
                mistakes,
            } => {
                for (index, mistake) in mistakes.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "\n" };
                    write!(f, "{separator}{}:", path.display())?;
                    show(f, text, mistake)?;
                }
                Ok(())
            }
        }
    }
}

fn show(f: &mut fmt::Formatter<'_>, text: &str, mistake: &Mistake) -> fmt::Result {
    let start = floor_boundary(text, mistake.span.start);
    let end = floor_boundary(text, mistake.span.end).max(start);
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..]
        .find('\n')
        .map_or(text.len(), |length| start + length);
    let number = text[..start].matches('\n').count() + 1;
    let column = text[line_start..start].chars().count() + 1;
    let gutter = " ".repeat(number.to_string().len());
    let visible = |part: &str| part.replace('\t', "    ").replace('\r', "");
    let before = visible(&text[line_start..start]).width();
    let below = visible(&text[start..end.min(line_end)]).width().max(1);
    writeln!(f, "{number}:{column}: {}", mistake.text)?;
    writeln!(f, "{gutter} |")?;
    writeln!(f, "{number} | {}", visible(&text[line_start..line_end]))?;
    write!(f, "{gutter} | {}{}", " ".repeat(before), "^".repeat(below))?;
    match &mistake.hint {
        Some(hint) => write!(f, "\n{gutter} = {hint}"),
        None => Ok(()),
    }
}

/// The last place at or before `at` where a character begins.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
