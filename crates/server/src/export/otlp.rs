//! Spans, or log records, as OTLP's JSON.
//!
//! OTLP's file format wants one kind of data in a file, one `TracesData` or `LogsData` on a line. Everything goes into a
//! single one, so that the file is also one JSON document, for readers that know nothing of lines.

use std::io::Write;

use anyhow::Result;
use model::Recording;
use otlp::{Encoding, encode_logs, encode_spans};

use super::{Source, Written};

pub(super) fn spans(source: &Source<'_>, out: &mut dyn Write) -> Result<Written> {
    let encode = |recording: &Recording| {
        let records = recording.spans.len();
        (records, encode_spans(Encoding::Json, &recording.spans))
    };
    write(source, "{\"resourceSpans\":[", encode, out)
}

pub(super) fn logs(source: &Source<'_>, out: &mut dyn Write) -> Result<Written> {
    let encode = |recording: &Recording| {
        let records = recording.logs.len();
        (records, encode_logs(Encoding::Json, &recording.logs))
    };
    write(source, "{\"resourceLogs\":[", encode, out)
}

const END: &str = "]}";

/// Joins the lists of all recordings. `encode` gives a document of its own for each, which begins with `begin`.
fn write(
    source: &Source<'_>,
    begin: &str,
    encode: impl Fn(&Recording) -> (usize, Vec<u8>),
    out: &mut dyn Write,
) -> Result<Written> {
    let mut written = Written::default();
    let mut put = |recording: &Recording, out: &mut dyn Write| -> Result<()> {
        let (records, document) = encode(recording);
        let list = document
            .strip_prefix(begin.as_bytes())
            .and_then(|rest| rest.strip_suffix(END.as_bytes()))
            .unwrap_or_default();
        if !list.is_empty() {
            let before: &[u8] = if written.records > 0 { b"," } else { b"" };
            out.write_all(before)?;
            out.write_all(list)?;
            written.recordings += 1;
            written.records += u64::try_from(records).unwrap_or(u64::MAX);
        }
        Ok(())
    };
    out.write_all(begin.as_bytes())?;
    for (attempt, _) in &source.attempts {
        put(&source.recording(attempt)?, out)?;
    }
    put(&source.unattributed()?, out)?;
    out.write_all(END.as_bytes())?;
    out.write_all(b"\n")?;
    Ok(written)
}
