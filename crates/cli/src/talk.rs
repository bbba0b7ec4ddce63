//! What Flakescope has to say beside data: on stderr, behind a gutter, harmless, and never a reason to fail.

use std::io::{self, IsTerminal as _, Write as _};

use crate::os;
use crate::report::neutral::Neutral;
use crate::report::style::{Ambient, ColorChoice, Sign, Style};

/// An output that we write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// For data.
    Stdout,
    /// For talk.
    Stderr,
}

/// How to write to this output.
pub(crate) fn style(output: Output, choice: ColorChoice) -> Style {
    let variable = |name: &str| std::env::var(name).ok();
    let (is_terminal, size) = match output {
        Output::Stdout => (
            io::stdout().is_terminal(),
            terminal_size::terminal_size_of(io::stdout()),
        ),
        Output::Stderr => (
            io::stderr().is_terminal(),
            terminal_size::terminal_size_of(io::stderr()),
        ),
    };
    Style::detect(&Ambient {
        choice,
        no_color: variable("NO_COLOR").as_deref(),
        clicolor_force: variable("CLICOLOR_FORCE").as_deref(),
        term: variable("TERM").as_deref(),
        columns: variable("COLUMNS").as_deref(),
        is_terminal,
        terminal_width: size.map(|(width, _)| width.0),
        now: os::now(),
    })
}

/// Says something among the lines of the command. Line breaks stay, everything else that acts is neutralised.
pub(crate) fn say(style: &Style, text: &str) {
    let gutter = style.sign_text(Sign::Gutter);
    let mut lines = String::new();
    for line in text.lines() {
        lines.push_str(gutter);
        lines.push(' ');
        lines.push_str(Neutral::captured(line).as_str());
        lines.push('\n');
    }
    // A closed stderr is no reason to do anything else.
    let _closed = io::stderr().lock().write_all(lines.as_bytes());
}
