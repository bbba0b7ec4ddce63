//! Whether a request asks for a change. By its method; what is only sent by POST because its question does not fit into an
//! address is told by the name of its operation, its path, or its GraphQL document. What is not known asks for a change.
//!
//! | request | asks for a change |
//! |---|---|
//! | GET, HEAD, OPTIONS and other safe methods | no; with the `Action` of a query protocol in the address as that says |
//! | POST with an operation or procedure named `Get…`, `List…`, `Describe…` and so on | no |
//! | POST to `_search`, `_count`, `_msearch`, `search`, `query`, `filter`, `count`, `get_…` | no |
//! | POST to `range`, `timetolive`, `list`, `describe`, `exists`, as gateways of gRPC name procedures | no |
//! | POST with a statement as a parameter, `?q=DROP+TABLE` | unless it is `SELECT`, `SHOW`, `EXPLAIN`, `DESCRIBE` |
//! | POST of a GraphQL document | if it has a mutation |
//! | any other | yes |
//!
//! `ReceiveMessage` of a queue asks for a change: what one reader got the others do not see.

use model::Exchange;

use crate::graphql;
use crate::methods;

/// Methods that are safe (RFC 9110 section 9.2.1, WebDAV, and the draft of QUERY).
const SAFE: &[&str] = &[
    "GET", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "REPORT", "SEARCH", "QUERY",
];

/// First words of operations that only read, as AWS and gRPC services name them.
const VERBS: &[&str] = &[
    "Get",
    "List",
    "Describe",
    "Query",
    "Scan",
    "BatchGet",
    "TransactGet",
    "Head",
    "Search",
    "Count",
    "Lookup",
    "Filter",
    "Select",
    "Check",
    "SELECT",
    "SHOW",
    "EXPLAIN",
    "DESCRIBE",
];

/// Segments of paths behind which Elasticsearch, OpenSearch and CouchDB only read.
const SEARCHES: &[&str] = &[
    "_search",
    "_msearch",
    "_count",
    "_mget",
    "_field_caps",
    "_validate",
    "_explain",
    "_analyze",
    "_rank_eval",
    "_find",
    "_all_docs",
    "_bulk_get",
    "_changes",
];

/// Last words of paths that ask.
const QUESTIONS: &[&str] = &["search", "query", "filter", "count", "find", "lookup"];

/// How words begin that ask: `get_scheduled_runs`. What is merely called `get` may take away, as that of a queue does.
const ASKING: &[&str] = &["get_", "list_", "find_", "search_", "count_", "query_"];

/// Last words of paths that name a procedure which only reads, in gateways of gRPC: those of etcd, `/v3/kv/range`.
const CALLED: &[&str] = &["range", "timetolive", "list", "describe", "exists"];

/// Procedures that Slack and others name in the path: `conversations.history`.
const PROCEDURES: &[&str] = &["get", "history", "info", "list", "members", "replies"];

/// Words of a path or operation that take everything away.
const SWEEPING: &[&str] = &[
    "reset",
    "flush",
    "flushall",
    "clear",
    "purge",
    "truncate",
    "wipe",
    "drop",
    "deleteall",
    "cleanup",
];

/// Parts of a path that is about somebody's own, whatever is done there.
const OF_SOMEBODY: &[&str] = &[
    "password", "account", "user", "auth", "login", "session", "email", "cart", "token",
];

/// Whether a path or an operation takes away more than one thing: a reset, a flush. What is somebody's own does not.
pub(crate) fn sweeps(path: &str, operation: Option<&str>) -> bool {
    let path = path.to_ascii_lowercase();
    let last = path.rsplit('/').find(|part| !part.is_empty());
    let is_own = OF_SOMEBODY.iter().any(|word| path.contains(word));
    let words = last
        .unwrap_or_default()
        .split(|one: char| !one.is_ascii_alphanumeric());
    let operation = operation.map(|operation| operation.rsplit(' ').next().unwrap_or(operation));
    let mut words = words.chain(operation);
    !is_own && words.any(|word| SWEEPING.contains(&word.to_ascii_lowercase().as_str()))
}

/// Whether the request asks for a change. `operation` is what it calls, where one path serves many.
pub(crate) fn asks_for_change(exchange: &Exchange, operation: Option<&str>) -> bool {
    match methods::asked(exchange) {
        method if SAFE.contains(&method) => action(exchange).is_some_and(|name| !only_reads(name)),
        "POST" => !post_only_reads(exchange, operation),
        _ => true,
    }
}

fn post_only_reads(exchange: &Exchange, operation: Option<&str>) -> bool {
    let procedure = exchange.rpc.as_ref().map(|rpc| rpc.method.as_str());
    let procedure = procedure.and_then(|method| method.rsplit('/').next());
    if let Some(name) = operation.or(procedure) {
        return only_reads(name);
    }
    path_asks(exchange.path())
}

/// The action of AWS's query protocol, sent in the address.
fn action(exchange: &Exchange) -> Option<&str> {
    let pairs = || exchange.query().unwrap_or_default().split('&');
    pairs().find(|pair| pair.starts_with("Version="))?;
    pairs().find_map(|pair| pair.strip_prefix("Action="))
}

/// Whether what is called so only reads.
pub(crate) fn only_reads(operation: &str) -> bool {
    if let Some(kind) = graphql::kind(operation) {
        return kind != graphql::MUTATION;
    }
    // The procedures of JSON-RPC: `eth_getBalance`, `host.get`, `tools/list`.
    const PROCEDURES_READ: &[&str] = &["get", "list", "find", "search", "query"];
    if let Some((_, last)) = operation.rsplit_once(['.', '/', '_']) {
        let reads = |verb: &&str| {
            let rest = last.strip_prefix(*verb);
            rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_lowercase()))
        };
        return PROCEDURES_READ.iter().any(reads);
    }
    VERBS.iter().any(|verb| {
        let rest = operation.strip_prefix(verb);
        // `Listen` is not `List`.
        rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_lowercase()))
    })
}

/// Whether the last word of a path asks about what the path before it names.
pub(crate) fn is_question(last: &str) -> bool {
    let asks = |beginning: &&str| last.starts_with(*beginning);
    last.starts_with('_') || QUESTIONS.contains(&last) || ASKING.iter().any(asks)
}

/// Whether a path only asks, whatever the method.
pub(crate) fn path_asks(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let procedure = last.rsplit_once('.').map(|(_, procedure)| procedure);
    path.split('/').any(|segment| SEARCHES.contains(&segment))
        || !last.starts_with('_') && is_question(last)
        || CALLED.contains(&last)
        || procedure.is_some_and(|name| PROCEDURES.contains(&name))
}

/// What a path is about whose last word is a procedure: `/registered-models` of `/registered-models/get-by-name`.
pub(crate) fn kind_of_procedure(path: &str) -> Option<&str> {
    const VERBS: &[&str] = &[
        "get", "create", "update", "delete", "remove", "set", "add", "put", "rename", "restore",
        "register", "read", "fetch", "show", "describe", "upsert",
    ];
    let (kind, last) = path.rsplit_once('/')?;
    let verb = last.split(['-', '_']).next().unwrap_or_default();
    (!kind.is_empty() && VERBS.contains(&verb)).then_some(kind)
}

/// Whether the last word of a path is a procedure that takes something away: `/v3/kv/deleterange`, `/files/delete_v2`.
pub(crate) fn path_deletes(path: &str) -> bool {
    const VERBS: &[&str] = &["delete", "remove", "revoke", "purge", "destroy"];
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_verb = |verb: &&str| {
        let rest = last.strip_prefix(*verb);
        // What is `deleted` or `destroyed` is a thing, and no procedure.
        rest.is_some_and(|rest| !matches!(rest, "d" | "ed"))
    };
    VERBS.iter().any(is_verb)
}

#[cfg(test)]
mod tests {
    use model::{Attributes, Span, SpanId, SpanKind, Timestamp, TraceId, attribute};

    use super::*;
    use crate::operations;

    fn exchange(method: &str, url: &str, body: &str) -> Exchange {
        let attributes: Attributes = [
            (attribute::HTTP_METHOD, method),
            (attribute::URL_FULL, url),
            (attribute::HTTP_REQUEST_BODY, body),
        ]
        .into_iter()
        .collect();
        let span = Span {
            trace_id: TraceId([1; 16]),
            span_id: SpanId([1; 8]),
            parent_span_id: None,
            name: String::new(),
            kind: SpanKind::Client,
            start: Timestamp(0),
            end: None,
            attributes,
            events: vec![],
            links: vec![],
            status: Default::default(),
            resource: Default::default(),
        };
        Exchange::from_span(&span).unwrap()
    }

    fn check(method: &str, url: &str, operation: Option<&str>, body: &str, expected: bool) {
        let exchange = exchange(method, url, body);
        let read = operations::of(&exchange);
        let found = asks_for_change(&exchange, operation.or(read.as_deref()));
        assert_eq!(found, expected, "{method} {url} {operation:?} {body}");
    }

    #[test]
    fn methods_and_operations_say_what_is_asked_for() {
        check("GET", "http://h/orders", None, "", false);
        check("DELETE", "http://h/orders/_search", None, "", true);
        check("PURGE", "http://h/orders", None, "", true);
        check("POST", "http://h/orders", None, "", true);
        check("POST", "http://h/orders/_search", None, "{}", false);
        check("POST", "http://h/_search/scroll", None, "{}", false);
        check("DELETE", "http://h/_search/scroll", None, "{}", true);
        check(
            "POST",
            "http://h/api/conversations.history",
            None,
            "",
            false,
        );
        check("POST", "http://h/api/chat.postMessage", None, "", true);
        check("POST", "http://h/v3/kv/range", None, "", false);
        check("POST", "http://h/v3/kv/deleterange", None, "", true);
        check("POST", "http://h/", Some("GetItem"), "", false);
        check("POST", "http://h/", Some("BatchGetItem"), "", false);
        check("POST", "http://h/", Some("PutItem"), "", true);
        check("POST", "http://h/", Some("ListenToRule"), "", true);
        check("POST", "http://h/", Some("ReceiveMessage"), "", true);
        let version = "Version=2012-11-05";
        let asks = |action: &str| format!("http://h/?Action={action}&{version}");
        check("GET", &asks("ListQueues"), None, "", false);
        check("GET", &asks("PurgeQueue"), None, "", true);
        check("GET", "http://h/?Action=PurgeQueue", None, "", false);
    }

    #[test]
    fn paths_say_what_is_taken_away() {
        let check = |path: &str, expected: bool| assert_eq!(path_deletes(path), expected, "{path}");
        check("/v3/kv/deleterange", true);
        check("/v3/lease/revoke", true);
        check("/files/delete_v2", true);
        check("/orders/deleted", false);
        check("/orders/destroyed", false);
        check("/delete/orders", false);
        check("", false);
    }

    #[test]
    fn graphql_documents_say_what_is_asked_for() {
        let body = |document: &str| serde_json::json!({ "query": document }).to_string();
        let check = |body: &str, expected: bool| {
            super::tests::check("POST", "http://h/graphql", None, body, expected);
        };
        check(&body("{ orders { id } }"), false);
        check(&body("query A($x: Int = 1) { mutation }"), false);
        check(&body("mutation A { place { id } }"), true);
        check(&body("query A { x }\nmutation B { y }"), true);
        check(&body("# mutation\nquery A { x(a: \"mutation {\") }"), false);
        check(&body("fragment F on T { id } mutation B { y }"), true);
        check(&body("shoes"), true);
        check(r#"{"extensions":{"persistedQuery":{}}}"#, true);
        check(&format!("[{}]", body("{ a }")), false);
        check(
            &format!("[{},{}]", body("{ a }"), body("mutation { b }")),
            true,
        );
        check("[]", true);
        check("", true);
    }
}
