//! Requests and answers made comparable between two recordings: bodies read by content type, then values (never raw
//! text) in their normal form. The identifiers are kept beside, in order, so that a [`Renaming`](crate::normal::Renaming)
//! can hold two recordings against each other: the same identifier there must be the same one here.

use model::{Body, Exchange};
use percent_encoding::percent_decode_str;

use crate::canonical::Writer;
pub(crate) use crate::normal::Normal;
use crate::packed;

#[cfg(test)]
mod oracle;

/// The request of an exchange: path, sorted query and body. Not the host: ports differ from run to run.
pub(crate) fn request(exchange: &Exchange) -> Normal {
    let mut writer = Writer::default();
    writer.raw("[[");
    for (at, segment) in exchange.path().split('/').enumerate() {
        writer.raw(if at > 0 { "," } else { "" });
        path_segment(segment, &mut writer);
    }
    writer.raw("],");
    pairs(exchange.query().unwrap_or_default(), &mut writer);
    writer.raw(",");
    let kind = exchange.request_header("content-type").unwrap_or_default();
    body(&exchange.request_body, kind, &mut writer);
    writer.raw("]");
    writer.finish()
}

/// The body of an answer, which may have been read as JSON already.
pub(crate) fn reply(exchange: &Exchange, read: Option<Normal>) -> Normal {
    match (&exchange.response, read) {
        (_, Some(normal)) => normal,
        (Some(response), None) => {
            let mut writer = Writer::default();
            let kind = response.header("content-type").unwrap_or_default();
            body(&response.body, kind, &mut writer);
            writer.finish()
        }
        (None, None) => Normal::null(),
    }
}

/// A text that is JSON.
pub(crate) fn json(text: &str) -> Option<Normal> {
    let mut writer = Writer::default();
    writer.json(text).then(|| writer.finish())
}

/// A text that is XML, as JSON.
pub(crate) fn xml(text: &str) -> Option<Normal> {
    let mut writer = Writer::default();
    writer.xml(text).then(|| writer.finish())
}

/// A segment of a path, without what only its way through an address needs: the same name stands in bodies as it is.
fn path_segment(segment: &str, writer: &mut Writer) {
    let segment = &*percent_decode_str(segment).decode_utf8_lossy();
    let number = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    if number {
        writer.id(segment);
    } else {
        writer.text(segment);
    }
}

/// The pairs of a query or a form, whatever their order.
fn pairs(text: &str, writer: &mut Writer) {
    let mut pairs: Vec<&str> = text.split('&').collect();
    pairs.sort_unstable();
    let decoded = pairs
        .into_iter()
        .map(|pair| percent_decode_str(pair).decode_utf8_lossy());
    writer.texts(decoded);
}

fn body(body: &Body, kind: &str, writer: &mut Writer) {
    let Some(text) = packed::text(body, kind) else {
        // Binary and left-out bodies compare by length: hashes under different keys do not compare.
        return match body.size {
            None | Some(0) => writer.raw("null"),
            Some(size) => writer.raw(&format!("\"{size} bytes\"")),
        };
    };
    let text = text.as_ref();
    if text.is_empty() {
        return writer.raw("null");
    }
    if !body.truncated && (writer.json(text) || writer.xml(text)) {
        return;
    }
    if kind.starts_with("application/x-www-form-urlencoded") {
        pairs(text, writer);
    } else if text.trim_end().contains('\n') {
        writer.lines(text);
    } else {
        writer.plain(text);
    }
}
