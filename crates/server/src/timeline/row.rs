//! What a row says of its span.

use std::time::Duration;

use model::{Exchange, Span, StatusCode, attribute};

use super::dictionary::Dictionary;
use super::order::Place;
use super::{Axis, Timeline};

/// In a column of numbers: there is none.
pub(super) const NONE: u32 = u32::MAX;
/// In the column of peers: the span goes to nobody.
pub(super) const NOBODY: u16 = u16::MAX;

/// Bits of the column `flags`.
pub(super) mod flag {
    pub(crate) const FAILED: u16 = 1;
    pub(crate) const CULPRIT: u16 = 2;
    pub(crate) const UNENDED: u16 = 4;
    pub(crate) const BODY: u16 = 8;
    pub(crate) const ORPHAN: u16 = 16;
    pub(crate) const CITED: u16 = 32;
    pub(crate) const MOCKED: u16 = 64;
}

/// One row of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: [u8; 8],
    pub(super) start: u32,
    pub(super) duration: u32,
    pub(super) parent: u32,
    pub(super) end: u32,
    pub(super) depth: u16,
    pub(super) name: u32,
    pub(super) service: u16,
    pub(super) peer: u16,
    pub(super) kind: u8,
    pub(super) status: u16,
    pub(super) flags: u16,
    pub(super) group: u32,
}

/// The row of a span.
pub(super) fn row(
    timeline: &Timeline<'_>,
    span: &Span,
    place: &Place,
    axis: Axis,
    names: &mut Dictionary,
) -> Row {
    let exchange = Exchange::from_span(span);
    let units = |duration: Duration| {
        let units = axis.units(duration);
        u32::try_from(units).unwrap_or(NONE - 1).min(NONE - 1)
    };
    let peer = exchange.as_ref().map_or(NOBODY, |call| {
        names.peer(&(timeline.peer)(&call.host, call.port))
    });
    Row {
        id: span.span_id.0,
        start: units(span.start.since(axis.origin)),
        duration: span.end.map_or(NONE, |end| units(end.since(span.start))),
        parent: place.parent.map_or(NONE, number),
        end: number(place.end),
        depth: place.depth,
        name: names.name(&title(span, exchange.as_ref())),
        service: names.service(&(timeline.service)(&span.resource.attributes)),
        peer,
        kind: kind(span, exchange.is_some()),
        status: exchange.as_ref().and_then(Exchange::status).unwrap_or(0),
        flags: flags(timeline, span, exchange.as_ref(), place),
        group: names.group(span, exchange.as_ref()),
    }
}

/// What a row is called: exchanges by method and path, the rest by the span's own name.
fn title(span: &Span, exchange: Option<&Exchange>) -> String {
    match exchange {
        Some(call) => format!("{} {}", call.method, call.path()),
        None => span.name.clone(),
    }
}

fn kind(span: &Span, is_exchange: bool) -> u8 {
    match span.flakescope_type() {
        _ if is_exchange => 5,
        Some("attempt") => 1,
        Some("fixture") => 2,
        Some("hook") => 3,
        Some("step") => 4,
        Some("server") => 6,
        _ if span.kind == model::SpanKind::Server => 6,
        _ => 0,
    }
}

fn flags(timeline: &Timeline<'_>, span: &Span, exchange: Option<&Exchange>, place: &Place) -> u16 {
    let id = Some(span.span_id);
    let diagnosis = timeline.diagnosis;
    let culprit = diagnosis
        .and_then(|diagnosis| diagnosis.culprit.as_ref())
        .is_some_and(|culprit| Some(culprit.span_id) == id);
    let cited = diagnosis.is_some_and(|diagnosis| {
        let mut findings = diagnosis.findings.iter().chain(&diagnosis.counter);
        findings.any(|finding| finding.span_id == id)
    });
    let body = exchange.is_some_and(|call| {
        let answer = call.response.as_ref();
        call.request_body.content.is_some() || answer.is_some_and(|it| it.body.content.is_some())
    });
    [
        (failed(span, exchange), flag::FAILED),
        (culprit, flag::CULPRIT),
        (span.end.is_none(), flag::UNENDED),
        (body, flag::BODY),
        (place.orphan, flag::ORPHAN),
        (cited, flag::CITED),
        (
            exchange.is_some_and(|call| call.mocked.is_some()),
            flag::MOCKED,
        ),
    ]
    .into_iter()
    .filter_map(|(holds, bit)| holds.then_some(bit))
    .fold(0, |bits, bit| bits | bit)
}

/// Whether a span went badly, in its own opinion or by its answer.
pub(crate) fn failed(span: &Span, exchange: Option<&Exchange>) -> bool {
    span.status.code == StatusCode::Error
        || span.attributes.str(attribute::TEST_RESULT) == Some("fail")
        || exchange.is_some_and(|call| {
            call.error.is_some() || call.status().is_some_and(|status| status >= 400)
        })
}

pub(super) fn number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(NONE)
}
