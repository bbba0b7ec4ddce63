//! Columns under each other: pads the cells of a row to the widest of their column.

use std::io::{self, Write};

use crate::report::neutral::Neutral;
use crate::report::screen::Screen;
use crate::report::style::{Paint, Style};
use crate::report::text::Text;

/// Space between two columns.
const GAP: &str = "  ";

/// Prints rows under each other; where there are none, what would make some.
///
/// # Errors
/// When the output does not take it.
pub(super) fn print(
    rows: Vec<Vec<Text>>,
    when_empty: &'static str,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut screen = Screen::plain(out, style);
    if rows.is_empty() {
        return screen.line(0, 0, &Text::new().ours(when_empty));
    }
    for line in lines(rows) {
        screen.line(0, 2, &line)?;
    }
    Ok(())
}

/// The columns that these rows take, with the space before one more column.
pub(super) fn width(rows: &[Vec<Text>]) -> usize {
    let taken = widths(rows);
    taken.iter().map(|width| width + GAP.len()).sum()
}

fn widths(rows: &[Vec<Text>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut widths = vec![0; columns];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    widths
}

/// The rows as lines. The last cell of a row is not padded.
pub(super) fn lines(rows: Vec<Vec<Text>>) -> Vec<Text> {
    let widths = widths(&rows);
    rows.into_iter().map(|row| line(row, &widths)).collect()
}

fn line(row: Vec<Text>, widths: &[usize]) -> Text {
    let last = row.len().saturating_sub(1);
    let mut line = Text::new();
    for (index, cell) in row.into_iter().enumerate() {
        let padding = match widths.get(index) {
            Some(width) if index < last => width - cell.width(),
            _ => 0,
        };
        line = line
            .text(cell)
            .neutral(Paint::Plain, Neutral::captured(&" ".repeat(padding)));
        if index < last {
            line = line.ours(GAP);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let cell = |text: &'static str| Text::new().ours(text);
        let rows = vec![
            vec![cell("a"), cell("日本"), cell("x")],
            vec![cell("long"), cell("b"), cell("yy")],
        ];
        let lines: Vec<String> = lines(rows)
            .iter()
            .map(|line| line.rendered(false))
            .collect();
        assert_eq!(lines, ["a     日本  x", "long  b     yy"]);
    }
}
