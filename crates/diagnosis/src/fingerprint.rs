//! The identity of a cause across tests, runs and branches: readable, by the peer's name, never by port or identifier.

use crate::context::Context;
use crate::rules::Suspect;

/// `rate-limited|AWS Lambda|POST /2015-03-31/functions/*/invocations|429`.
pub(crate) fn of(context: &Context, suspect: &Suspect) -> String {
    let call = &context.calls[suspect.call];
    let signature = &call.signature;
    let operation = signature
        .operation
        .as_ref()
        .map(|name| format!("#{name}"))
        .unwrap_or_default();
    let request = format!("{} {}{operation}", signature.method, signature.template);
    let request = suspect.done_by.clone().unwrap_or(request);
    join([
        suspect.cause.as_str(),
        &call.peer.name,
        &request,
        &suspect.class,
    ])
}

/// The four fields as one text.
pub(crate) fn join(fields: [&str; 4]) -> String {
    fields.map(field).join("|")
}

/// A field can hold neither the separator nor a line end.
fn field(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character == '|' || character.is_control() {
                '_'
            } else {
                character
            }
        })
        .collect()
}
