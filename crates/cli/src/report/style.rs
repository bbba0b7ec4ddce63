//! How to write to this output: width, colour, glyphs. Decided once, from what the caller knows of the environment.

use anstyle::{AnsiColor, Style as Ansi};
use model::Timestamp;

use super::neutral::Neutral;

/// Narrower outputs are written as if they were this wide, and wider ones too: nobody reads longer lines.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=240;
/// The width of an output that has none, such as a CI log.
const WIDTH_OF_A_LOG: usize = 100;

/// How to write to one output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Style {
    /// Columns.
    pub(crate) width: usize,
    /// Whether escape sequences for colours are understood and wanted.
    pub(crate) color: bool,
    /// Our own signs in ASCII only. Captured text keeps its letters.
    pub(crate) ascii: bool,
    /// The instant that "2 days ago" counts from.
    pub(crate) now: Timestamp,
}

/// What the user wants of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    /// Colours on a terminal that has them.
    #[default]
    Auto,
    /// Colours.
    Always,
    /// No colours.
    Never,
}

/// What is known of an output and of the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Ambient<'a> {
    /// `--color`.
    pub(crate) choice: ColorChoice,
    /// `NO_COLOR`, when set.
    pub(crate) no_color: Option<&'a str>,
    /// `CLICOLOR_FORCE`, when set.
    pub(crate) clicolor_force: Option<&'a str>,
    /// `TERM`, when set.
    pub(crate) term: Option<&'a str>,
    /// `COLUMNS`, when set.
    pub(crate) columns: Option<&'a str>,
    /// Whether the output is a terminal.
    pub(crate) is_terminal: bool,
    /// The width that the terminal gives.
    pub(crate) terminal_width: Option<u16>,
    /// The time.
    pub(crate) now: Timestamp,
}

impl Style {
    /// The style for an output. An explicit `--color` beats `NO_COLOR`, which beats `CLICOLOR_FORCE`, which beats what
    /// the output is; a dumb terminal gets colours only when they are forced.
    pub(crate) fn detect(ambient: &Ambient) -> Self {
        let said = |variable: Option<&str>| variable.is_some_and(|value| !value.is_empty());
        let forced = said(ambient.clicolor_force) && ambient.clicolor_force != Some("0");
        let dumb = ambient.term == Some("dumb");
        let color = match ambient.choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if said(ambient.no_color) => false,
            ColorChoice::Auto => forced || (ambient.is_terminal && !dumb),
        };
        let width = ambient
            .columns
            .and_then(|columns| columns.trim().parse().ok())
            .filter(|columns| *columns > 0)
            .or(ambient.terminal_width.map(usize::from))
            .unwrap_or(WIDTH_OF_A_LOG)
            .clamp(*WIDTHS.start(), *WIDTHS.end());
        Self {
            width,
            color,
            ascii: dumb,
            now: ambient.now,
        }
    }

    /// A sign of ours.
    pub(crate) fn sign(&self, sign: Sign) -> Neutral {
        Neutral::ours(self.sign_text(sign))
    }

    /// The text of a sign of ours.
    pub(crate) fn sign_text(&self, sign: Sign) -> &'static str {
        let (unicode, ascii) = match sign {
            Sign::Gutter => ("▌", "|"),
            Sign::Failed => ("✗", "x"),
            Sign::Passed => ("✓", "+"),
            Sign::Flaky => ("⚑", "~"),
            Sign::Skipped => ("○", "-"),
            Sign::Unfinished => ("◌", "?"),
            Sign::Warning => ("!", "!"),
            Sign::Arrow => ("→", "->"),
            Sign::Within => ("›", ">"),
            Sign::Between => ("·", "-"),
            Sign::Cut => ("…", "..."),
            Sign::Times => ("×", "x"),
            Sign::Changed => ("~", "~"),
            Sign::OnlyHere => ("+", "+"),
            Sign::OnlyThere => ("−", "-"),
        };
        if self.ascii { ascii } else { unicode }
    }
}

/// A sign of ours. Words stand beside each that tells an outcome, so that no meaning hangs on the sign alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Begins each of our lines among those of the command.
    Gutter,
    /// A failed test.
    Failed,
    /// A passed test.
    Passed,
    /// A test that passed after it failed.
    Flaky,
    /// A skipped test.
    Skipped,
    /// A test that was never seen to end.
    Unfinished,
    /// Something to look at.
    Warning,
    /// What a request came to.
    Arrow,
    /// Between a suite and what is in it.
    Within,
    /// Between facts of one line.
    Between,
    /// Where something was left out.
    Cut,
    /// How often.
    Times,
    /// Differs between two recordings.
    Changed,
    /// Of two recordings, in the one that is asked for.
    OnlyHere,
    /// Of two recordings, in the other one.
    OnlyThere,
}

/// The colour of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Paint {
    /// As the terminal has it.
    #[default]
    Plain,
    /// What stands out.
    Strong,
    /// What stands back.
    Dim,
    /// Failed.
    Bad,
    /// Flaky, gaps.
    Warn,
    /// Passed.
    Good,
    /// Commands to type.
    Command,
    /// Of two recordings, the one that is asked for.
    Here,
    /// Of two recordings, the other one.
    There,
}

impl Paint {
    /// The escape sequences for it.
    pub(crate) fn ansi(self) -> Ansi {
        match self {
            Self::Plain => Ansi::new(),
            Self::Strong => Ansi::new().bold(),
            Self::Dim => Ansi::new().dimmed(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Warn => AnsiColor::Yellow.on_default(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Command => AnsiColor::Cyan.on_default(),
            Self::Here => AnsiColor::Blue.on_default(),
            Self::There => AnsiColor::Yellow.on_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMINAL: Ambient<'static> = Ambient {
        choice: ColorChoice::Auto,
        no_color: None,
        clicolor_force: None,
        term: Some("xterm-256color"),
        columns: None,
        is_terminal: true,
        terminal_width: Some(132),
        now: Timestamp(0),
    };
    const LOG: Ambient<'static> = Ambient {
        term: None,
        is_terminal: false,
        terminal_width: None,
        ..TERMINAL
    };

    #[test]
    fn the_environment_decides() {
        let check = |ambient: Ambient, width: usize, color: bool, ascii: bool| {
            let style = Style::detect(&ambient);
            assert_eq!(
                (style.width, style.color, style.ascii),
                (width, color, ascii),
                "{ambient:?}"
            );
        };
        let choice = |choice, ambient| Ambient { choice, ..ambient };
        let no_color = |value| Ambient {
            no_color: Some(value),
            ..TERMINAL
        };
        let forced = |value| Ambient {
            clicolor_force: Some(value),
            ..LOG
        };
        let columns = |value| Ambient {
            columns: Some(value),
            ..TERMINAL
        };
        let dumb = Ambient {
            term: Some("dumb"),
            ..TERMINAL
        };

        check(TERMINAL, 132, true, false);
        check(LOG, 100, false, false);
        check(dumb, 132, false, true);
        check(choice(ColorChoice::Never, TERMINAL), 132, false, false);
        check(choice(ColorChoice::Always, LOG), 100, true, false);
        check(choice(ColorChoice::Always, no_color("1")), 132, true, false);
        check(no_color("1"), 132, false, false);
        check(no_color(""), 132, true, false);
        check(forced("1"), 100, true, false);
        check(forced("0"), 100, false, false);
        check(
            Ambient {
                no_color: Some("1"),
                ..forced("1")
            },
            100,
            false,
            false,
        );
        check(columns("60"), 60, true, false);
        check(columns("7"), 40, true, false);
        check(columns("100000"), 240, true, false);
        check(columns("wide"), 132, true, false);
        check(columns("0"), 132, true, false);
    }

    #[test]
    fn ascii_signs_are_ascii() {
        let style = Style {
            width: 80,
            color: false,
            ascii: true,
            now: Timestamp(0),
        };
        for sign in [
            Sign::Gutter,
            Sign::Failed,
            Sign::Passed,
            Sign::Flaky,
            Sign::Skipped,
            Sign::Unfinished,
            Sign::Warning,
            Sign::Arrow,
            Sign::Within,
            Sign::Between,
            Sign::Cut,
            Sign::Times,
            Sign::Changed,
            Sign::OnlyHere,
            Sign::OnlyThere,
        ] {
            assert!(style.sign_text(sign).is_ascii(), "{sign:?}");
        }
    }
}
