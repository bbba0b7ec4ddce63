//! The bytes of a timeline: a header, the dictionary as JSON, and columns of little-endian numbers.

use model::Span;
use serde::Serialize;

use super::dictionary::Dictionary;
use super::row::{Row, number};
use super::{Axis, Timeline};
use crate::time::instant;

/// The version of the layout of the bytes.
const VERSION: u32 = 1;
/// Columns begin at multiples of this, so that a browser can look at them in place.
const ALIGNMENT: usize = 4;

/// The numbers of all rows, column by column.
#[derive(Debug, Default)]
pub(super) struct Columns {
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Head {
    trace_id: String,
    start: String,
    unit_ns: u64,
    duration: u64,
    attempt_at: u64,
    names: Vec<String>,
    services: Vec<String>,
    peers: Vec<String>,
    marks: Vec<Mark>,
    notices: Vec<String>,
    columns: Vec<Column>,
}

/// A point on the axis that is not a span.
#[derive(Serialize)]
struct Mark {
    at: u64,
    kind: &'static str,
    text: String,
    span: Option<String>,
}

#[derive(Serialize)]
struct Column {
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    offset: usize,
}

/// Writes a column: its bytes, its name and its type.
struct Writer {
    bytes: Vec<u8>,
    columns: Vec<Column>,
}

impl Writer {
    fn column<const N: usize>(
        &mut self,
        name: &'static str,
        kind: &'static str,
        values: impl Iterator<Item = [u8; N]>,
    ) {
        self.bytes
            .resize(self.bytes.len().next_multiple_of(ALIGNMENT), 0);
        self.columns.push(Column {
            name,
            kind,
            offset: self.bytes.len(),
        });
        self.bytes.extend(values.flatten());
    }
}

impl Columns {
    pub(super) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(super) fn encode(&self, timeline: &Timeline<'_>, names: Dictionary, axis: Axis) -> Vec<u8> {
        let written = self.write();
        let (names, services, peers) = names.into_lists();
        let head = Head {
            trace_id: model::TraceId::from(timeline.attempt.id).to_string(),
            start: instant(axis.origin),
            unit_ns: axis.unit,
            duration: axis.duration / axis.unit,
            attempt_at: axis.at(timeline.attempt.start),
            names,
            services,
            peers,
            marks: marks(timeline, axis),
            notices: self.notices(),
            columns: written.columns,
        };
        // Texts and numbers only, which JSON can always say.
        let mut json = serde_json::to_vec(&head).unwrap_or_default();
        json.resize(json.len().next_multiple_of(ALIGNMENT), b' ');
        let mut bytes = b"FSTL".to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(number(json.len()).to_le_bytes());
        bytes.extend(number(self.rows.len()).to_le_bytes());
        bytes.extend(json);
        bytes.extend(written.bytes);
        bytes
    }

    fn write(&self) -> Writer {
        let rows = || self.rows.iter();
        let mut out = Writer {
            bytes: Vec::new(),
            columns: Vec::new(),
        };
        out.column("id", "u32x2", rows().map(|row| halves(row.id)));
        out.column("start", "u32", rows().map(|row| row.start.to_le_bytes()));
        out.column(
            "duration",
            "u32",
            rows().map(|row| row.duration.to_le_bytes()),
        );
        out.column("parent", "u32", rows().map(|row| row.parent.to_le_bytes()));
        out.column("end", "u32", rows().map(|row| row.end.to_le_bytes()));
        out.column("depth", "u16", rows().map(|row| row.depth.to_le_bytes()));
        out.column("name", "u32", rows().map(|row| row.name.to_le_bytes()));
        out.column(
            "service",
            "u16",
            rows().map(|row| row.service.to_le_bytes()),
        );
        out.column("peer", "u16", rows().map(|row| row.peer.to_le_bytes()));
        out.column("kind", "u8", rows().map(|row| [row.kind]));
        out.column("status", "u16", rows().map(|row| row.status.to_le_bytes()));
        out.column("flags", "u16", rows().map(|row| row.flags.to_le_bytes()));
        out.column("group", "u32", rows().map(|row| row.group.to_le_bytes()));
        out
    }

    fn notices(&self) -> Vec<String> {
        use super::row::flag;
        let count = |bit: u16| self.rows.iter().filter(|row| row.flags & bit != 0).count();
        let mut notices = Vec::new();
        match count(flag::ORPHAN) {
            0 => {}
            1 => notices.push("1 span names a parent that never arrived".to_owned()),
            many => notices.push(format!("{many} spans name a parent that never arrived")),
        }
        notices
    }
}

/// A span id as two numbers, the high half first.
fn halves(id: [u8; 8]) -> [u8; 8] {
    let [a, b, c, d, e, f, g, h] = id;
    [d, c, b, a, h, g, f, e]
}

/// The failures of the recording, by time.
fn marks(timeline: &Timeline<'_>, axis: Axis) -> Vec<Mark> {
    let mut marks: Vec<Mark> = timeline
        .recording
        .spans
        .iter()
        .filter(|span| span.flakescope_type().is_some())
        .filter_map(|span| mark(span, axis))
        .collect();
    marks.sort_by_key(|mark| mark.at);
    marks
}

fn mark(span: &Span, axis: Axis) -> Option<Mark> {
    let event = span.exception()?;
    let text = |key| event.attributes.str(key).unwrap_or_default();
    let kind = text(model::attribute::EXCEPTION_TYPE);
    let message = text(model::attribute::EXCEPTION_MESSAGE);
    Some(Mark {
        at: axis.at(event.time),
        kind: "failure",
        text: format!("{kind}: {message}"),
        span: Some(span.span_id.to_string()),
    })
}
