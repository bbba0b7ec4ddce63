//! Request, resource, scope. The three signals number the fields of these messages alike.

use super::value::{attributes, text};
use super::wire::{Field, Fields, Torn};
use super::{log, span};
use crate::decode::draft::ScopeDraft;
use crate::decode::sink::{Pair, Sink};
use crate::{ProblemKind, Signal};

/// `InstrumentationLibrarySpans` and `InstrumentationLibraryLogs`: scopes before OTLP 0.15, otherwise the same.
const OLD_SCOPES: u32 = 1000;

/// Reads an export request.
pub(in crate::decode) fn request(bytes: &[u8], signal: Signal, sink: &mut Sink<'_>) {
    for field in Fields::of(bytes) {
        match field {
            Ok((1, Field::Bytes(bytes))) => of_resource(bytes, signal, sink),
            Ok((1, _)) => sink.problem(ProblemKind::WrongType, "resource"),
            Ok(_) => {}
            Err(Torn) => {
                sink.leave_request();
                sink.problem(ProblemKind::Torn, "request");
            }
        }
    }
}

fn of_resource(bytes: &[u8], signal: Signal, sink: &mut Sink<'_>) {
    let since = sink.enter_resource();
    let mut facts = Vec::new();
    for field in Fields::of(bytes) {
        match field {
            Ok((1, Field::Bytes(bytes))) => resource(bytes, &mut facts, sink),
            Ok((2 | OLD_SCOPES, Field::Bytes(bytes))) => of_scope(bytes, signal, sink),
            Ok((1 | 2, _)) => sink.problem(ProblemKind::WrongType, "resource"),
            Ok(_) => {}
            Err(Torn) => sink.problem(ProblemKind::Torn, "resource"),
        }
    }
    sink.leave_resource(since, facts);
}

fn resource(bytes: &[u8], facts: &mut Vec<Pair>, sink: &mut Sink<'_>) {
    for field in Fields::of(bytes) {
        match field {
            Ok((1, field)) => attributes(field, facts, sink),
            Ok(_) => {}
            Err(Torn) => sink.problem(ProblemKind::Torn, "resource"),
        }
    }
}

fn of_scope(bytes: &[u8], signal: Signal, sink: &mut Sink<'_>) {
    let since = sink.enter_scope();
    let mut facts = ScopeDraft::default();
    for field in Fields::of(bytes) {
        match field {
            Ok((1, Field::Bytes(bytes))) => scope(bytes, &mut facts, sink),
            Ok((2, Field::Bytes(bytes))) => record(bytes, signal, sink),
            Ok((1 | 2, _)) => sink.problem(ProblemKind::WrongType, "scope"),
            Ok(_) => {}
            Err(Torn) => sink.problem(ProblemKind::Torn, "scope"),
        }
    }
    sink.leave_scope(since, &facts.finish());
}

fn scope(bytes: &[u8], facts: &mut ScopeDraft, sink: &mut Sink<'_>) {
    for field in Fields::of(bytes) {
        match field {
            Ok((1, field)) => text(field, &mut facts.name, sink, "scope.name"),
            Ok((2, field)) => text(field, &mut facts.version, sink, "scope.version"),
            Ok(_) => {}
            Err(Torn) => sink.problem(ProblemKind::Torn, "scope"),
        }
    }
}

fn record(bytes: &[u8], signal: Signal, sink: &mut Sink<'_>) {
    if !sink.enter_record() {
        return;
    }
    match signal {
        Signal::Traces => span::span(bytes, sink),
        Signal::Logs => log::log(bytes, sink),
        Signal::Metrics => sink.counts.ignored += 1,
    }
}
