//! Asking the server: for the client, and on the proxy's own account.

use std::io::{self, BufReader, BufWriter};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

use super::http::{self, Message};
use super::plan::Call;
use super::proxy::PATIENCE;

/// Asks the server and reads its whole answer. Each question has a connection of its own, so that none fails because
/// of what another did.
pub(super) fn ask(upstream: SocketAddr, request: &Message) -> io::Result<Message> {
    let stream = TcpStream::connect(upstream)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    request.write_last(&mut BufWriter::new(&stream))?;
    http::read_answer(&mut BufReader::new(&stream), request.method())
}

/// A request of the proxy's own, with the credentials of the call at hand.
pub(super) fn own_call(call: &Call, at_hand: &Message) -> Message {
    let path = at_hand.target().split('?').next().unwrap_or_default();
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    let target = call
        .path
        .replace("{path}", path)
        .replace("{parent}", parent);
    let mut own = Message {
        first: format!("{} {target} HTTP/1.1", call.method),
        headers: at_hand.headers.clone(),
        body: Vec::new(),
        promised: None,
    };
    for conditional in ["if-match", "if-none-match", "content-type"] {
        if conditional != "content-type" || call.body.is_none() {
            own.remove_header(conditional);
        }
    }
    for (name, value) in &call.headers {
        own.set_header(name, value);
    }
    if let Some(body) = &call.body {
        own.body = match body {
            Value::String(text) => text.clone().into_bytes(),
            _ => {
                let fields = serde_json::from_slice(&at_hand.body).unwrap_or(Value::Null);
                filled(body, &fields).to_string().into_bytes()
            }
        };
    }
    own
}

/// The body with `{field}` replaced by that field of the call at hand.
fn filled(body: &Value, fields: &Value) -> Value {
    match body {
        Value::String(text) => {
            let field = text
                .strip_prefix('{')
                .and_then(|text| text.strip_suffix('}'));
            match field.and_then(|field| fields.get(field)) {
                Some(value) => value.clone(),
                None => body.clone(),
            }
        }
        Value::Object(object) => {
            let entry = |(key, value): (&String, &Value)| (key.clone(), filled(value, fields));
            Value::Object(object.iter().map(entry).collect())
        }
        Value::Array(list) => list.iter().map(|value| filled(value, fields)).collect(),
        other => other.clone(),
    }
}

/// Makes a call and gives the status of its answer.
///
/// # Errors
/// When nobody answers.
pub fn send(server: SocketAddr, call: &Call) -> io::Result<u16> {
    let mut request = own_call(call, &Message::default());
    request.set_header("Host", &server.to_string());
    Ok(ask(server, &request)?.status())
}
