//! Services and peers of a recording, and what went between them.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use anyhow::Result;
use model::{AttemptId, Exchange, Span, SpanId};
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;

use super::build::attempt_row;
use super::types::SCHEMA;
use crate::service::Peers;
use crate::time::{javascript, millis};
use crate::timeline::failed;

/// Who talked to whom in a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Graph {
    /// Version of this layout.
    pub schema: u32,
    /// The test's process first, then by name.
    pub nodes: Vec<Node>,
    /// By caller, then callee.
    pub edges: Vec<Edge>,
}

/// A service or a peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Node {
    /// Its name, which is its identity within the graph.
    pub name: String,
    /// What it is known by.
    pub kind: NodeKind,
    /// The role of a peer: `product`, `dependency`, `infrastructure`, `unknown`; `null` for the test's process.
    pub role: Option<String>,
    /// Calls that it received.
    pub calls: u64,
    /// Those that failed, or were answered with a status of 400 or above.
    pub failed: u64,
}

/// What a node of the graph is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// The process that runs the test.
    Test,
    /// A process with spans of its own.
    Service,
    /// Seen from its callers only.
    Peer,
}

/// The calls from one node to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Edge {
    /// The caller's name.
    pub from: String,
    /// The callee's name.
    pub to: String,
    /// Calls.
    pub calls: u64,
    /// Those that failed, or were answered with a status of 400 or above.
    pub failed: u64,
    /// Calls that were never seen to end.
    pub unended: u64,
    /// The median duration of those that ended.
    pub median_ms: Option<u64>,
    /// The first call that failed, else the first.
    pub example: String,
}

#[derive(Default)]
struct Calls {
    calls: u64,
    failed: u64,
    durations: Vec<Duration>,
    first: Option<SpanId>,
    first_failed: Option<SpanId>,
}

/// The graph of a recording.
///
/// # Errors
/// When the store cannot be read, or does not know the attempt.
pub fn graph(store: &dyn Store, id: AttemptId) -> Result<Graph> {
    let (attempt, _) = attempt_row(store, id)?;
    let peers = Peers::of_run(store, attempt.run_id)?;
    let recording = store::recording(store, id.into())?;
    Ok(Builder::new(&recording.spans, attempt.root_span_id, &peers).build())
}

struct Builder<'a> {
    spans: &'a [Span],
    peers: &'a Peers,
    test: Option<String>,
    /// The service on the other side of a call, by the call's span.
    answered_by: HashMap<SpanId, String>,
    nodes: BTreeMap<String, Node>,
    edges: BTreeMap<(String, String), Calls>,
}

impl<'a> Builder<'a> {
    fn new(spans: &'a [Span], root: SpanId, peers: &'a Peers) -> Self {
        let root = spans.iter().find(|span| span.span_id == root);
        let name = |span: &Span| peers.service(&span.resource.attributes);
        let server = |span: &&Span| span.kind == model::SpanKind::Server;
        let answered_by = spans
            .iter()
            .filter(server)
            .filter_map(|span| Some((span.parent_span_id?, name(span))))
            .collect();
        Self {
            spans,
            peers,
            test: root.map(name),
            answered_by,
            nodes: BTreeMap::new(),
            edges: BTreeMap::new(),
        }
    }

    fn build(mut self) -> Graph {
        for span in self.spans {
            let caller = self.peers.service(&span.resource.attributes);
            self.node(&caller, NodeKind::Service, None);
            if let Some(call) = Exchange::from_span(span) {
                self.call(&caller, span, &call);
            }
        }
        let mut nodes: Vec<Node> = self.nodes.into_values().collect();
        nodes.sort_by_key(|node| (node.kind != NodeKind::Test, node.name.clone()));
        Graph {
            schema: SCHEMA,
            nodes,
            edges: self.edges.into_iter().map(edge).collect(),
        }
    }

    fn node(&mut self, name: &str, kind: NodeKind, role: Option<&str>) -> &mut Node {
        let is_test = self.test.as_deref() == Some(name);
        let node = self.nodes.entry(name.to_owned()).or_insert_with(|| Node {
            name: name.to_owned(),
            kind: if is_test { NodeKind::Test } else { kind },
            role: None,
            calls: 0,
            failed: 0,
        });
        if kind == NodeKind::Service && node.kind == NodeKind::Peer {
            node.kind = kind;
        }
        if !is_test && node.role.is_none() {
            node.role = role.map(str::to_owned);
        }
        node
    }

    fn call(&mut self, caller: &str, span: &Span, call: &Exchange) {
        let peer = self.peers.peer(&call.host, call.port);
        let (callee, kind) = match self.answered_by.get(&span.span_id) {
            Some(service) => (service.clone(), NodeKind::Service),
            None => (peer.name, NodeKind::Peer),
        };
        let failed = failed(span, Some(call));
        let node = self.node(&callee, kind, Some(peer.role.as_str()));
        node.calls += 1;
        node.failed += u64::from(failed);
        let calls = self.edges.entry((caller.to_owned(), callee)).or_default();
        calls.calls += 1;
        calls.failed += u64::from(failed);
        calls.durations.extend(call.duration());
        calls.first.get_or_insert(span.span_id);
        if failed {
            calls.first_failed.get_or_insert(span.span_id);
        }
    }
}

fn edge(((from, to), mut calls): ((String, String), Calls)) -> Edge {
    calls.durations.sort();
    let ended = u64::try_from(calls.durations.len()).unwrap_or(u64::MAX);
    let median = calls.durations.get(calls.durations.len() / 2);
    let example = calls.first_failed.or(calls.first);
    Edge {
        from,
        to,
        calls: javascript(calls.calls),
        failed: calls.failed,
        unended: calls.calls.saturating_sub(ended),
        median_ms: median.copied().map(millis),
        example: example.map(|id| id.to_string()).unwrap_or_default(),
    }
}
