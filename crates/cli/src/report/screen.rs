//! Writes laid-out lines. Each begins with a sign of ours, so captured text never begins a line.

use std::io::{self, Write};

use super::neutral::Neutral;
use super::style::{Paint, Sign, Style};
use super::text::Text;

/// An output that takes texts and writes lines.
pub(crate) struct Screen<'a> {
    out: &'a mut dyn Write,
    style: &'a Style,
    /// Whether each line begins with the gutter: on stderr, among the lines of the command.
    gutter: bool,
}

impl<'a> Screen<'a> {
    /// For talk among the lines of the command: each line begins with the gutter.
    pub(crate) fn with_gutter(out: &'a mut dyn Write, style: &'a Style) -> Self {
        Self {
            out,
            style,
            gutter: true,
        }
    }

    /// For data on stdout: no gutter. What begins a line there is the caller's, who puts a word or a sign of ours first.
    pub(crate) fn plain(out: &'a mut dyn Write, style: &'a Style) -> Self {
        Self {
            out,
            style,
            gutter: false,
        }
    }

    /// How to write here.
    pub(crate) fn style(&self) -> &'a Style {
        self.style
    }

    /// Columns that a line has after the gutter and `indent`.
    pub(crate) fn room(&self, indent: usize) -> usize {
        let gutter = if self.gutter { 2 } else { 0 };
        self.style.width.saturating_sub(gutter + indent).max(16)
    }

    /// An empty line.
    pub(crate) fn blank(&mut self) -> io::Result<()> {
        self.write(0, &Text::new())
    }

    /// A text, on as many lines as it takes; all but the first are indented by `hang` columns more.
    pub(crate) fn line(&mut self, indent: usize, hang: usize, text: &Text) -> io::Result<()> {
        let lines = text.wrapped(self.room(indent), self.room(indent + hang));
        for (index, line) in lines.iter().enumerate() {
            let indent = if index == 0 { indent } else { indent + hang };
            self.write(indent, line)?;
        }
        Ok(())
    }

    /// Two texts, the second at the right edge where both fit on a line, else below the first.
    pub(crate) fn line_with_edge(
        &mut self,
        indent: usize,
        hang: usize,
        text: &Text,
        edge: &Text,
    ) -> io::Result<()> {
        let room = self.room(indent);
        let both = text.width() + 2 + edge.width();
        if edge.is_empty() || both > room {
            let gap = if edge.is_empty() { "" } else { "  " };
            let joined = text.clone().ours(gap).text(edge.clone());
            return self.line(indent, hang, &joined);
        }
        // On a wide screen the right edge is too far for the eye.
        let column = room.min(WIDEST_EDGE.max(both));
        let spaces = column - text.width() - edge.width();
        let padding = Neutral::captured(&" ".repeat(spaces));
        let joined = text
            .clone()
            .neutral(Paint::Plain, padding)
            .text(edge.clone());
        self.write(indent, &joined)
    }

    fn write(&mut self, indent: usize, text: &Text) -> io::Result<()> {
        let mut line = String::new();
        if self.gutter {
            line.push_str(self.style.sign_text(Sign::Gutter));
            line.push(' ');
        }
        line.push_str(&" ".repeat(indent));
        line.push_str(&text.rendered(self.style.color));
        writeln!(self.out, "{}", line.trim_end())
    }
}

/// The column at which a right edge stops moving to the right.
const WIDEST_EDGE: usize = 98;
