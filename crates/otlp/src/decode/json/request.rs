//! Request, resource, scope. The three signals name these levels each in its own way.

use super::reader::{Kind, Reader, Torn};
use super::scalar::{text, wrong};
use super::value::{attributes, each};
use super::{log, span};
use crate::decode::draft::ScopeDraft;
use crate::decode::sink::{Pair, Sink};
use crate::{ProblemKind, Signal};

/// The names of the levels of a signal, each in camelCase and in snake_case. Scopes had other names before OTLP 0.15.
struct Levels {
    resources: [&'static str; 2],
    scopes: [&'static str; 4],
    records: [&'static str; 2],
}

const TRACES: Levels = Levels {
    resources: ["resourceSpans", "resource_spans"],
    scopes: [
        "scopeSpans",
        "scope_spans",
        "instrumentationLibrarySpans",
        "instrumentation_library_spans",
    ],
    records: ["spans", "spans"],
};

const LOGS: Levels = Levels {
    resources: ["resourceLogs", "resource_logs"],
    scopes: [
        "scopeLogs",
        "scope_logs",
        "instrumentationLibraryLogs",
        "instrumentation_library_logs",
    ],
    records: ["logRecords", "log_records"],
};

const METRICS: Levels = Levels {
    resources: ["resourceMetrics", "resource_metrics"],
    scopes: [
        "scopeMetrics",
        "scope_metrics",
        "instrumentationLibraryMetrics",
        "instrumentation_library_metrics",
    ],
    records: ["metrics", "metrics"],
};

fn levels(signal: Signal) -> &'static Levels {
    match signal {
        Signal::Traces => &TRACES,
        Signal::Logs => &LOGS,
        Signal::Metrics => &METRICS,
    }
}

/// Reads export requests, one after the other.
pub(in crate::decode) fn request(bytes: &[u8], signal: Signal, sink: &mut Sink<'_>) {
    let mut reader = Reader::of(bytes);
    while !reader.is_at_end() {
        if one(&mut reader, signal, sink).is_err() {
            sink.leave_request();
            sink.problem(ProblemKind::Torn, "request");
            return;
        }
    }
}

fn one(reader: &mut Reader<'_>, signal: Signal, sink: &mut Sink<'_>) -> Result<(), Torn> {
    let names = levels(signal);
    reader.object(|reader, member| {
        if !names.resources.contains(&member) {
            return reader.skip();
        }
        each(reader, sink, "resource", |reader, sink| {
            of_resource(reader, signal, sink)
        })
    })
}

fn of_resource(reader: &mut Reader<'_>, signal: Signal, sink: &mut Sink<'_>) -> Result<(), Torn> {
    let since = sink.enter_resource();
    let mut facts = Vec::new();
    let read = reader.object(|reader, member| {
        if member == "resource" {
            resource(reader, &mut facts, sink)
        } else if levels(signal).scopes.contains(&member) {
            each(reader, sink, "scope", |reader, sink| {
                of_scope(reader, signal, sink)
            })
        } else {
            reader.skip()
        }
    });
    sink.leave_resource(since, facts);
    read
}

fn resource(
    reader: &mut Reader<'_>,
    facts: &mut Vec<Pair>,
    sink: &mut Sink<'_>,
) -> Result<(), Torn> {
    match reader.peek()? {
        Kind::Object => {}
        kind => return wrong(reader, kind, sink, "resource"),
    }
    reader.object(|reader, member| match member {
        "attributes" => attributes(reader, facts, sink),
        _ => reader.skip(),
    })
}

fn of_scope(reader: &mut Reader<'_>, signal: Signal, sink: &mut Sink<'_>) -> Result<(), Torn> {
    let since = sink.enter_scope();
    let mut facts = ScopeDraft::default();
    let read = reader.object(|reader, member| {
        if matches!(member, "scope" | "instrumentationLibrary") {
            scope(reader, &mut facts, sink)
        } else if levels(signal).records.contains(&member) {
            each(reader, sink, "record", |reader, sink| {
                record(reader, signal, sink)
            })
        } else {
            reader.skip()
        }
    });
    sink.leave_scope(since, &facts.finish());
    read
}

fn scope(reader: &mut Reader<'_>, facts: &mut ScopeDraft, sink: &mut Sink<'_>) -> Result<(), Torn> {
    match reader.peek()? {
        Kind::Object => {}
        kind => return wrong(reader, kind, sink, "scope"),
    }
    reader.object(|reader, member| match member {
        "name" => text(reader, &mut facts.name, sink, "scope.name"),
        "version" => text(reader, &mut facts.version, sink, "scope.version"),
        _ => reader.skip(),
    })
}

fn record(reader: &mut Reader<'_>, signal: Signal, sink: &mut Sink<'_>) -> Result<(), Torn> {
    if !sink.enter_record() {
        return reader.skip();
    }
    match signal {
        Signal::Traces => span::span(reader, sink),
        Signal::Logs => log::log(reader, sink),
        Signal::Metrics => {
            sink.counts.ignored += 1;
            reader.skip()
        }
    }
}
