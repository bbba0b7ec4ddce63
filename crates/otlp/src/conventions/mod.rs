//! Facts under names of older conventions, and what the Lumigo distributions add, under the current names.
//!
//! A value that can be carried over whole moves: under its old name masking would not know it for what it is. What
//! cannot be understood stays as it was sent.

mod body;
mod errors;
mod headers;
mod literal;
mod names;
mod tags;
mod urls;

use std::mem;
use std::sync::Arc;

use model::{Attributes, Log, Resource, Span, Value};

use crate::decode::Sink;
use crate::{Place, Problem, ProblemKind};
use names::Side;

pub use tags::execution_tags;

/// The distribution of Lumigo that sent a record. Each writes bodies in a way of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Distribution {
    JavaScript,
    Python,
}

/// What was asked of a database. Lumigo's distribution for JavaScript puts it into JSON's quotes, as it does bodies.
const QUERY: &str = "db.query.text";

/// A problem of a record, by kind and field.
type Trouble = (ProblemKind, &'static str);

/// Puts everything that was read under its current name.
pub(crate) fn apply(sink: &mut Sink<'_>) {
    let mut spans = mem::take(&mut sink.spans);
    for span in &mut spans {
        for (kind, field) in of_span(span) {
            sink.tell(Problem {
                kind,
                place: Place::default(),
                field,
                trace_id: Some(span.trace_id),
                span_id: Some(span.span_id),
            });
        }
    }
    sink.spans = spans;
    for log in &mut sink.logs {
        of_log(log);
    }
}

/// Puts the environment of a process into a map, so that it can be masked by its variables' names. It is sent as one
/// text, often cut.
pub(crate) fn of_resource(resource: &mut Attributes) {
    const ENVIRONMENT: &str = "process.environ";
    let Some(variables) = resource.str(ENVIRONMENT).and_then(literal::read) else {
        return;
    };
    if let literal::Literal::Pairs(pairs) = variables.literal {
        let variables = pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name, Value::String(value.into_text()?))))
            .collect();
        resource.set(ENVIRONMENT, Value::Map(variables));
    }
}

fn of_span(span: &mut Span) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let facts = &mut span.attributes;
    names::rename(facts, Side::of(span.kind));
    headers::dashes(facts);
    let distribution = distribution(&span.resource);
    if distribution == Some(Distribution::JavaScript)
        && let Some(query) = facts.str(QUERY).and_then(body::unquoted)
    {
        facts.set(QUERY, query);
    }
    for side in &headers::SIDES {
        troubles.extend(headers::take(facts, side));
        if let Some(distribution) = distribution {
            troubles.extend(body::take(facts, side, distribution));
        }
    }
    urls::complete(facts, span.kind);
    errors::complete(span);
    troubles
}

fn of_log(log: &mut Log) {
    names::rename(&mut log.attributes, Side::Neither);
    if distribution(&log.resource) == Some(Distribution::Python)
        && let Some(text) = log.body.as_str().and_then(body::unquoted)
    {
        log.body = Value::String(text);
    }
}

fn distribution(resource: &Arc<Resource>) -> Option<Distribution> {
    resource.attributes.get("lumigo.distro.version")?;
    match resource.attributes.str("telemetry.sdk.language")? {
        "nodejs" => Some(Distribution::JavaScript),
        "python" => Some(Distribution::Python),
        _ => None,
    }
}
