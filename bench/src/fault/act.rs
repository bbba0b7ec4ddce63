//! What a plan makes of one call.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use serde_json::Value;

use super::edit;
use super::http::Message;
use super::machine;
use super::plan::{Answer, Fault};
use super::snapshot::{ask, own_call};
use super::state::{State, Visit};
use super::text;

/// What the client gets.
pub(super) enum Outcome {
    /// This.
    Answer(Message),
    /// The head of this and so many bytes of its body; then the connection is closed.
    Cut(Message, usize),
    /// A reset of the connection.
    Reset,
    /// Nothing.
    Silent,
    /// This in pieces of so many bytes, each after so long.
    Pieces(Message, usize, Duration),
    /// This; then the connection is closed.
    Last(Message),
    /// This; then the connection is closed, and so is the listener.
    Refuse(Message),
}

/// Does to a call what its visit says, and asks the server unless a fault keeps it from being asked.
pub(super) fn carry_out(state: &State, request: &mut Message, visit: &Visit) -> Outcome {
    for (place, fault) in &visit.faults {
        if let Some(outcome) = before(state, request, visit, *place, fault) {
            return outcome;
        }
    }
    let is_to_be_read =
        |(_, fault): &(usize, Fault)| matches!(fault, Fault::Json { .. } | Fault::Text { .. });
    if visit.faults.iter().any(is_to_be_read) {
        request.remove_header("accept-encoding");
    }
    let mut answer = match ask(state.upstream, request) {
        Ok(answer) => answer,
        Err(_) if state.wire().is_some_and(|wire| wire.bare) => return Outcome::Reset,
        Err(error) => {
            let text = format!("the server did not answer: {error}");
            Message::answer(502, "text/plain", text.into_bytes())
        }
    };
    for (_, fault) in &visit.faults {
        if let Some(outcome) = after(state, request, visit, fault, &mut answer) {
            return outcome;
        }
    }
    Outcome::Answer(answer)
}

/// What a fault does before the server is asked; an outcome if it is not to be asked.
fn before(
    state: &State,
    request: &mut Message,
    visit: &Visit,
    place: usize,
    fault: &Fault,
) -> Option<Outcome> {
    match fault {
        Fault::Status(answer) => return Some(Outcome::Answer(made_up(answer))),
        Fault::Delay { ms } => state.pause(visit.generation, Duration::from_millis(*ms)),
        Fault::Hang => return Some(Outcome::Silent),
        Fault::Reset { applied: false } => return Some(Outcome::Reset),
        Fault::BadAuth { authorization } => request.set_header("Authorization", authorization),
        Fault::Snap { read } => {
            if let Ok(shown) = ask(state.upstream, &own_call(read, request)) {
                state.keep_snapshot(shown);
            }
        }
        Fault::LagRead { reads, ms, headers } => {
            let mut shown = state.snapshot(*reads, ms.map(Duration::from_millis))?;
            add_headers(&mut shown, headers);
            return Some(Outcome::Answer(shown));
        }
        Fault::Intruder { call } => {
            let _whatever_it_came_to = ask(state.upstream, &own_call(call, request));
        }
        Fault::Hold { signal, ms, .. } => {
            // Who waits for the signal will say that it never came.
            let _unheard = fs::write(signal, "");
            state.wait_for_other(visit.generation, place, Duration::from_millis(*ms));
        }
        Fault::Limit {
            calls,
            window_ms,
            answer,
        } => {
            let window = Duration::from_millis(*window_ms);
            if !state.is_within_limit(place, *calls, window) {
                return Some(Outcome::Answer(made_up(answer)));
            }
        }
        Fault::Present { headers } => add_headers(request, headers),
        Fault::Route { find, replace } => text::route(request, find, replace),
        Fault::Run { command } => machine::run(command),
        Fault::StatusAfter(_)
        | Fault::DelayAfter { .. }
        | Fault::Reset { applied: true }
        | Fault::Truncate { .. }
        | Fault::Shorten { .. }
        | Fault::Html { .. }
        | Fault::Json { .. }
        | Fault::Text { .. }
        | Fault::BrokenGzip
        | Fault::Drip { .. }
        | Fault::Twice
        | Fault::Close
        | Fault::RunAfter { .. }
        | Fault::Headers { .. }
        | Fault::CloseListener => {}
    }
    None
}

/// What a fault does to the answer of the server.
fn after(
    state: &State,
    request: &Message,
    visit: &Visit,
    fault: &Fault,
    answer: &mut Message,
) -> Option<Outcome> {
    match fault {
        Fault::StatusAfter(other) => *answer = made_up(other),
        Fault::DelayAfter { ms } => state.pause(visit.generation, Duration::from_millis(*ms)),
        Fault::Reset { applied: true } => return Some(Outcome::Reset),
        Fault::Truncate { keep } => return Some(Outcome::Cut(answer.clone(), *keep)),
        Fault::Shorten { keep } => answer.body.truncate(*keep),
        Fault::Html { status } => *answer = page(*status),
        Fault::Json { edits } => {
            if let Ok(body) = serde_json::from_slice(&answer.body) {
                answer.body = edit::apply(edits, body).to_string().into_bytes();
                // It is another representation now, and a cache must not take it for the old one.
                answer.remove_header("etag");
            }
        }
        Fault::Text { edits } => {
            answer.body = text::apply(edits, &answer.body);
            answer.remove_header("etag");
        }
        Fault::BrokenGzip => text::break_gzip(answer),
        Fault::Drip { bytes, ms } => {
            let piece = (*bytes).max(1);
            return Some(Outcome::Pieces(
                answer.clone(),
                piece,
                Duration::from_millis(*ms),
            ));
        }
        Fault::Twice => {
            let _whatever_it_came_to = ask(state.upstream, request);
        }
        Fault::RunAfter { command } => machine::run(command),
        Fault::Close => return Some(Outcome::Last(answer.clone())),
        Fault::Headers { headers } => add_headers(answer, headers),
        Fault::CloseListener => return Some(Outcome::Refuse(answer.clone())),
        _ => {}
    }
    None
}

fn made_up(answer: &Answer) -> Message {
    let (content_type, body) = match &answer.body {
        None => ("text/plain", String::new()),
        Some(Value::String(text)) => ("text/plain", text.clone()),
        Some(value) => ("application/json", value.to_string()),
    };
    let mut message = Message::answer(answer.status, content_type, body.into_bytes());
    add_headers(&mut message, &answer.headers);
    message
}

fn page(status: u16) -> Message {
    let html = "<!DOCTYPE html>\n<html><head><title>Please wait</title></head>\
                <body><h1>We will be back soon</h1></body></html>\n";
    Message::answer(status, "text/html; charset=utf-8", html.into())
}

fn add_headers(answer: &mut Message, headers: &BTreeMap<String, String>) {
    for (name, value) in headers {
        answer.set_header(name, value);
    }
}
