//! What a request calls where one path serves many: then the path says nothing of what is asked for.
//!
//! | request | operation |
//! |---|---|
//! | with `X-Amz-Target` | the last part of it, `ReceiveMessage` |
//! | a form with `Action` | its value, `DescribeInstances` |
//! | a GraphQL document | its kind with its name, or its first field: `mutation Refund`, `query orders` |
//! | a JSON-RPC 2.0 call | its method, `orders/list` |
//! | a statement as a parameter, `?q=DROP+TABLE` | its verb, `DROP` |

use std::borrow::Cow;

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
        #[serde(borrow)]
        jsonrpc: Cow<'a, str>,
        #[serde(borrow)]
        method: Cow<'a, str>,
    }
    let body = exchange.request_body.text()?;
    if !body.contains("\"jsonrpc\"") {
        return None;
    }
    let sent: Sent<'_> = match serde_json::from_str::<Vec<Sent<'_>>>(body) {
        Ok(several) => several.into_iter().next()?,
        Err(_) => serde_json::from_str(body).ok()?,
    };
    (sent.jsonrpc == "2.0").then(|| sent.method.into_owned())
}

/// Gives calls that never got as far as to send their body the operation of their like in the passing recording, where all
/// of these have the same.
pub(crate) fn adopt(here: &mut [Call], there: &[Call]) {
    let like = |one: &Call, other: &Call| {
        let host = |call: &Call| call.tries[0].exchange.host.clone();
        let (own, others) = (&one.signature, &other.signature);
        host(one) == host(other)
            && (own.in_fixture, own.phase, &own.peer)
                == (others.in_fixture, others.phase, &others.peer)
            && (&own.method, &own.template) == (&others.method, &others.template)
    };
    for one in here {
        let sent = &one.tries[0].exchange.request_body;
        let is_known = one.signature.operation.is_some() || sent.text().is_some();
        if is_known || one.last().is_fine() || one.signature.method != "POST" {
            continue;
        }
        let mut others = there.iter().filter(|other| like(one, other));
        let operation = others
            .next()
            .and_then(|other| other.signature.operation.clone());
        if others.all(|other| other.signature.operation == operation) {
            one.signature.operation = operation;
        }
    }
}
