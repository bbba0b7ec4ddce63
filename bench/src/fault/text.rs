//! Changes to what is no JSON: texts in a body or in a target, and a body that is not what it is said to be.

use regex::Regex;

use super::http::Message;
use super::plan::Replacement;

/// The body after all changes. A pattern that is none changes nothing; plans are checked when they are followed.
pub(super) fn apply(edits: &[Replacement], body: &[u8]) -> Vec<u8> {
    let mut text = String::from_utf8_lossy(body).into_owned();
    for edit in edits {
        text = replaced(&edit.find, &edit.replace, &text);
    }
    text.into_bytes()
}

/// Asks for something else.
pub(super) fn route(request: &mut Message, find: &str, replace: &str) {
    let target = replaced(find, replace, request.target());
    request.first = format!("{} {target} HTTP/1.1", request.method());
}

fn replaced(find: &str, replace: &str, text: &str) -> String {
    match Regex::new(find) {
        Ok(pattern) => pattern.replace_all(text, replace).into_owned(),
        Err(_) => text.to_owned(),
    }
}

/// A body that says that it is gzip and breaks in the middle: what was packed is damaged, what was not is sent bare.
pub(super) fn break_gzip(answer: &mut Message) {
    let middle = answer.body.len() / 2;
    if answer.header("content-encoding").is_some() {
        for byte in answer.body.iter_mut().skip(middle) {
            *byte = !*byte;
        }
    }
    answer.set_header("Content-Encoding", "gzip");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_replaced_wherever_they_stand() {
        let edit = |find: &str, replace: &str| Replacement {
            find: find.to_owned(),
            replace: replace.to_owned(),
        };
        for (edits, expected) in [
            (vec![edit("a", "x")], "<x>1</x>"),
            (vec![edit("<(/?)a>", "<${1}b>")], "<b>1</b>"),
            (vec![edit("1", "2"), edit("2", "3")], "<a>3</a>"),
            (vec![edit("(", "x")], "<a>1</a>"),
        ] {
            assert_eq!(apply(&edits, b"<a>1</a>"), expected.as_bytes());
        }
    }

    #[test]
    fn a_target_is_rewritten_and_the_method_stays() {
        let mut request = Message {
            first: "PUT /v1/a?x=1 HTTP/1.1".to_owned(),
            ..Message::default()
        };
        route(&mut request, "^/v1", "/v2");
        assert_eq!(request.first, "PUT /v2/a?x=1 HTTP/1.1");
    }
}
