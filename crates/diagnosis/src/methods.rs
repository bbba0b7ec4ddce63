//! What a request asks for where one method carries the others: some clients send everything as `POST`, for proxies that let
//! nothing else pass or to save the browser a question before each request.
//!
//! | a `POST` with | asks for |
//! |---|---|
//! | `X-HTTP-Method-Override`, `X-HTTP-Method` or `X-Method-Override: DELETE` | `DELETE` |
//! | a body with `"_method":"GET"` (Parse), a form with `_method=put` (Rails, Laravel) | `GET`, `PUT` |
//! | anything else | `POST` |

use model::Exchange;
use serde_json::Value as Json;

const HEADERS: &[&str] = &[
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
];
const METHODS: &[&str] = &["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"];
/// Members come first, or after what is sent; in longer bodies they are not looked for.
const BODY_BYTES: usize = 64 * 1024;

/// The method that the server is to take it for.
pub(crate) fn asked(exchange: &Exchange) -> &str {
    if exchange.method != "POST" {
        return &exchange.method;
    }
    let header = HEADERS
        .iter()
        .find_map(|name| known(exchange.request_header(name)?));
    let in_body = || in_body(exchange.request_body.text()?);
    header.or_else(in_body).unwrap_or("POST")
}

fn in_body(body: &str) -> Option<&'static str> {
    if body.len() > BODY_BYTES {
        return None;
    }
    if !body.contains("_method") {
        return None;
    }
    if body.trim_start().starts_with('{') {
        let members: Json = serde_json::from_str(body).ok()?;
        return known(members.get("_method")?.as_str()?);
    }
    let mut pairs = body.split('&');
    pairs.find_map(|pair| known(pair.strip_prefix("_method=")?))
}

fn known(method: &str) -> Option<&'static str> {
    let method = method.trim();
    METHODS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(method))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_may_ask_for_something_else() {
        let check = |body: &str, expected: Option<&str>| {
            assert_eq!(in_body(body), expected, "{body}");
        };
        check("", None);
        check(r#"{"where":{},"_method":"GET"}"#, Some("GET"));
        check(r#"{ "_method" : "PUT" }"#, Some("PUT"));
        check(r#"{"_method":"RUN"}"#, None);
        check(r#"{"_method":["PUT"]}"#, None);
        check("_method=put&name=x", Some("PUT"));
        check("name=x&_method=DELETE", Some("DELETE"));
        check("payment_method=card&_method=delete", Some("DELETE"));
        check(r#"{"payment_method":"x","_method":"GET"}"#, Some("GET"));
        check(r#"{"order":{"_method":"GET"}}"#, None);
        check("shipping_method=GET", None);
        check(r#"{"shipping_method":"GET"}"#, None);
    }

    #[test]
    fn methods_are_known() {
        assert_eq!(known(" delete"), Some("DELETE"));
        assert_eq!(known("MERGE"), None);
    }
}
