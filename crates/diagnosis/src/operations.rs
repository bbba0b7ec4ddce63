//! What a request calls where one path serves many: then the path says nothing of what is asked for.
//!
//! | request | operation |
//! |---|---|
//! | with `X-Amz-Target` | the last part of it, `ReceiveMessage` |
//! | a form with `Action` | its value, `DescribeInstances` |
//! | a GraphQL document | its kind with its name, or its first field: `mutation Refund`, `query orders` |
//! | a JSON-RPC 2.0 call | its method, `orders/list` |
//! | a statement as a parameter, `?q=DROP+TABLE` | its verb, `DROP` |

use model::Exchange;
use serde::Deserialize;

use crate::calls::Call;
use crate::graphql;

/// What it calls; nothing where the path says it.
pub(crate) fn of(exchange: &Exchange) -> Option<String> {
    if let Some(target) = exchange.request_header("x-amz-target") {
        return Some(target.rsplit('.').next().unwrap_or(target).to_owned());
    }
    let kind = exchange.request_header("content-type").unwrap_or_default();
    let form = kind.starts_with("application/x-www-form-urlencoded");
    let body = exchange.request_body.text().filter(|_| form);
    let action = |body: &str| {
        let mut pairs = body.split('&');
        pairs.find_map(|pair| pair.strip_prefix("Action=").map(str::to_owned))
    };
    body.and_then(action)
        .or_else(|| graphql::operation(exchange))
        .or_else(|| procedure(exchange))
        .or_else(|| statement(exchange.query()?))
        .or_else(|| statement(body?))
}

/// First words of statements of databases.
const STATEMENTS: &[&str] = &[
    "SELECT", "SHOW", "EXPLAIN", "DESCRIBE", "INSERT", "UPDATE", "DELETE", "DROP", "CREATE",
    "ALTER", "TRUNCATE", "GRANT", "REVOKE", "MERGE",
];

/// Whether an operation is a statement, of which no more than its verb is known.
pub(crate) fn is_statement(operation: &str) -> bool {
    STATEMENTS.contains(&operation)
}

/// The verb of a statement that is sent as a parameter, as databases take it over HTTP: `SELECT`, `DROP`. In capitals, and
/// with something after it: people search for words.
fn statement(pairs: &str) -> Option<String> {
    const NAMES: &[&str] = &["q", "query", "sql", "statement", "stmt"];
    let mut pairs = form_urlencoded::parse(pairs.as_bytes());
    let (_, text) = pairs.find(|(name, _)| NAMES.contains(&name.as_ref()))?;
    let (verb, rest) = text.trim_start().split_once(char::is_whitespace)?;
    (STATEMENTS.contains(&verb) && !rest.trim().is_empty()).then(|| verb.to_owned())
}

/// The method of a call as JSON-RPC 2.0 sends it; of several at once that of the first.
fn procedure(exchange: &Exchange) -> Option<String> {
    #[derive(Deserialize)]
    struct Sent<'a> {
        jsonrpc: &'a str,
        method: &'a str,
    }
    let body = exchange.request_body.text()?;
    if !body.contains("\"jsonrpc\"") {
        return None;
    }
    let sent: Sent<'_> = match serde_json::from_str::<Vec<Sent<'_>>>(body) {
        Ok(several) => several.into_iter().next()?,
        Err(_) => serde_json::from_str(body).ok()?,
    };
    (sent.jsonrpc == "2.0").then(|| sent.method.to_owned())
}

/// Gives calls that never got as far as to send their body the operation of their like in the passing recording: the one
/// that comes at the same place among the calls of that path.
pub(crate) fn adopt(here: &mut [Call], there: &[Call]) {
    let like = |one: &Call, other: &Call| {
        let (one, other) = (&one.signature, &other.signature);
        (
            one.in_fixture,
            one.phase,
            &one.peer,
            &one.method,
            &one.template,
        ) == (
            other.in_fixture,
            other.phase,
            &other.peer,
            &other.method,
            &other.template,
        )
    };
    for at in 0..here.len() {
        let (before, rest) = here.split_at_mut(at);
        let one = &mut rest[0];
        let sent = &one.tries[0].exchange.request_body;
        if one.signature.operation.is_some() || sent.text().is_some() || one.last().is_fine() {
            continue;
        }
        let nth = before.iter().filter(|other| like(other, one)).count();
        let other = there.iter().filter(|other| like(one, other)).nth(nth);
        one.signature.operation = other.and_then(|other| other.signature.operation.clone());
    }
}
