//! Outgoing calls in `show`: as rows, and one of them whole.

use std::io;

use super::table;
use crate::report::neutral::Neutral;
use crate::report::screen::Screen;
use crate::report::style::{Paint, Sign, Style};
use crate::report::terminal::result;
use crate::report::text::Text;
use crate::report::units;
use server::document::{Exchange, Message, WebSocket};

/// Columns that the URL has even on a narrow screen.
const SHORTEST_URL: usize = 20;
/// Lines of a body, and characters of a line.
const BODY: (usize, usize) = (20, 1000);

/// One line for each call, in `room` columns where that is possible. The culprit is marked.
pub(super) fn call_rows(
    calls: &[Exchange],
    culprit: Option<&str>,
    room: usize,
    style: &Style,
) -> Vec<Text> {
    let fronts: Vec<Text> = table::lines(calls.iter().map(|call| front(call, culprit)).collect());
    let ends: Vec<Text> = calls.iter().map(|call| end(call, style)).collect();
    let widest = |texts: &[Text]| texts.iter().map(Text::width).max().unwrap_or(0);
    let url_room = room
        .saturating_sub(widest(&fronts) + widest(&ends) + 3)
        .max(SHORTEST_URL);
    let rows = calls
        .iter()
        .zip(fronts)
        .zip(ends)
        .map(|((call, front), end)| {
            let url = Neutral::captured(&call.url).shortened(url_room, style.sign_text(Sign::Cut));
            vec![front.ours(" ").neutral(Paint::Plain, url), end]
        });
    table::lines(rows.collect())
}

/// Mark, offset, phase and method.
fn front(call: &Exchange, culprit: Option<&str>) -> Vec<Text> {
    let is_culprit = culprit == Some(call.span_id.as_str());
    let mark = if is_culprit { "! " } else { "  " };
    vec![
        Text::new()
            .painted(Paint::Bad, mark)
            .captured(Paint::Dim, &units::offset(call.at_ms)),
        Text::new().captured(Paint::Dim, &call.phase),
        Text::new().captured(Paint::Strong, &call.method),
    ]
}

fn end(call: &Exchange, style: &Style) -> Text {
    let mut end = result(call.status, call.error.as_deref(), call.duration_ms, style);
    if let Some(mocked) = &call.mocked {
        end = end.ours(" by ").captured(Paint::Plain, mocked);
    }
    match &call.websocket {
        Some(socket) => end.text(closed(socket)),
        None => end,
    }
}

/// `, closed 1011 by peer`: what became of a WebSocket.
fn closed(socket: &WebSocket) -> Text {
    let Some(code) = socket.close_code else {
        return Text::new().ours(", not closed");
    };
    let paint = match code {
        1000 | 1001 | 1005 => Paint::Plain,
        _ => Paint::Bad,
    };
    let closed = Text::new()
        .ours(", closed ")
        .captured(paint, &code.to_string());
    match &socket.closed_by {
        Some(by) => closed.ours(" by ").captured(Paint::Plain, by),
        None => closed,
    }
}

/// What passed on a WebSocket, and the words with which it was closed.
fn socket_lines(screen: &mut Screen, socket: &WebSocket) -> io::Result<()> {
    let passed = Text::new()
        .painted(Paint::Dim, "< ")
        .captured(Paint::Plain, &units::count(socket.sent, "message"))
        .ours(" sent, ")
        .captured(Paint::Plain, &socket.received.to_string())
        .ours(" received")
        .text(closed(socket));
    let passed = match &socket.close_reason {
        Some(reason) => passed.ours(": ").captured(Paint::Plain, reason),
        None => passed,
    };
    screen.line(2, 2, &passed)
}

/// A call with its whole URL, headers, and the first lines of both bodies.
pub(super) fn call_details(screen: &mut Screen, call: &Exchange) -> io::Result<()> {
    let request = Text::new()
        .painted(Paint::Dim, "> ")
        .captured(Paint::Strong, &call.method)
        .ours(" ")
        .captured(Paint::Plain, &call.url);
    screen.line(2, 2, &request)?;
    message_lines(screen, "> ", &call.request)?;
    let answer = Text::new().painted(Paint::Dim, "< ").text(result(
        call.status,
        call.error.as_deref(),
        call.duration_ms,
        screen.style(),
    ));
    screen.line(2, 2, &answer)?;
    if let Some(message) = call
        .error_message
        .as_ref()
        .filter(|message| !message.is_empty())
    {
        let line = Text::new()
            .painted(Paint::Dim, "< ")
            .captured(Paint::Plain, message);
        screen.line(2, 2, &line)?;
    }
    if let Some(response) = &call.response {
        message_lines(screen, "< ", response)?;
    }
    match &call.websocket {
        Some(socket) => socket_lines(screen, socket),
        None => Ok(()),
    }
}

fn message_lines(screen: &mut Screen, mark: &'static str, message: &Message) -> io::Result<()> {
    for header in &message.headers {
        let line = Text::new()
            .painted(Paint::Dim, mark)
            .captured(Paint::Dim, &header.name)
            .painted(Paint::Dim, ": ")
            .captured(Paint::Plain, &header.value);
        screen.line(2, 2, &line)?;
    }
    let Some(body) = message.body.as_deref().filter(|body| !body.is_empty()) else {
        return match message.body_size.filter(|size| *size > 0) {
            Some(size) => {
                let line = Text::new()
                    .painted(Paint::Dim, mark)
                    .captured(Paint::Dim, &units::count(size, "byte"))
                    .painted(Paint::Dim, ", not shown");
                screen.line(2, 2, &line)
            }
            None => Ok(()),
        };
    };
    screen.line(2, 2, &Text::new().painted(Paint::Dim, mark))?;
    let (lines, more) = Neutral::excerpt(body, BODY.0, BODY.1);
    for line in lines {
        let line = Text::new()
            .painted(Paint::Dim, mark)
            .neutral(Paint::Plain, line);
        screen.line(2, 2, &line)?;
    }
    if more || message.body_cut {
        let cut = screen.style().sign(Sign::Cut);
        let line = Text::new()
            .painted(Paint::Dim, mark)
            .neutral(Paint::Dim, cut);
        screen.line(2, 2, &line)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::*;
    use crate::report::samples;

    #[test]
    fn a_socket_says_how_it_was_closed() {
        let style = Style {
            width: 100,
            color: false,
            ascii: true,
            now: Timestamp(0),
        };
        let sample = samples::recording();
        let mut call = sample.exchanges.last().unwrap().clone();
        let check = |call: &Exchange, expected: &str| {
            let mut out = Vec::new();
            call_details(&mut Screen::plain(&mut out, &style), call).unwrap();
            let shown = String::from_utf8(out).unwrap();
            assert_eq!(shown.lines().last().map(str::trim), Some(expected));
        };
        let overloaded = "< 1 message sent, 2 received, closed 1011 by peer: overloaded";
        check(&call, overloaded);
        call.websocket = Some(WebSocket {
            sent: 2,
            received: 0,
            close_code: None,
            close_reason: None,
            closed_by: None,
        });
        check(&call, "< 2 messages sent, 0 received, not closed");
    }
}
