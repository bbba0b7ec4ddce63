//! Spans and log records as OTLP's JSON.
//!
//! OTLP's file format wants one `TracesData` or `LogsData` on a line. Everything goes into a single line, so that the file
//! is also one JSON document, for readers that know nothing of lines. With spans and log records in it, it is both: OTLP
//! has readers pass over fields that they do not know.

use std::io::Write;

use anyhow::Result;
use model::Recording;
use otlp::{Encoding, encode_logs, encode_spans};

use super::{Source, Written};

/// Which records to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Records {
    /// Spans and log records.
    All,
    /// Spans only.
    Spans,
    /// Log records only.
    Logs,
}

pub(super) fn write(source: &Source<'_>, records: Records, out: &mut dyn Write) -> Result<Written> {
    let mut written = Written::default();
    out.write_all(b"{")?;
    if records != Records::Logs {
        let spans = List {
            begin: "{\"resourceSpans\":[",
            encode: |recording| encode_spans(Encoding::Json, &recording.spans),
            count: |recording| recording.spans.len(),
        };
        (written.recordings, written.records) = spans.write(source, out)?;
    }
    if records == Records::All {
        out.write_all(b",")?;
    }
    if records != Records::Spans {
        let logs = List {
            begin: "{\"resourceLogs\":[",
            encode: |recording| encode_logs(Encoding::Json, &recording.logs),
            count: |recording| recording.logs.len(),
        };
        let recordings;
        (recordings, written.logs) = logs.write(source, out)?;
        written.recordings = written.recordings.max(recordings);
    }
    out.write_all(b"}\n")?;
    Ok(written)
}

/// The list of one kind of records.
struct List {
    /// How a document of such a list begins.
    begin: &'static str,
    /// A document of its own for a recording.
    encode: fn(&Recording) -> Vec<u8>,
    count: fn(&Recording) -> usize,
}

const END: &str = "]}";

impl List {
    /// Joins the lists of all recordings, and gives how many had any records, and how many records.
    fn write(&self, source: &Source<'_>, out: &mut dyn Write) -> Result<(u64, u64)> {
        let (mut recordings, mut records) = (0, 0);
        let mut put = |recording: &Recording, out: &mut dyn Write| -> Result<()> {
            let document = (self.encode)(recording);
            let list = document
                .strip_prefix(self.begin.as_bytes())
                .and_then(|rest| rest.strip_suffix(END.as_bytes()))
                .unwrap_or_default();
            if !list.is_empty() {
                let before: &[u8] = if records > 0 { b"," } else { b"" };
                out.write_all(before)?;
                out.write_all(list)?;
                recordings += 1;
                records += u64::try_from((self.count)(recording)).unwrap_or(u64::MAX);
            }
            Ok(())
        };
        out.write_all(self.begin.trim_start_matches('{').as_bytes())?;
        for (attempt, _) in &source.attempts {
            put(&source.recording(attempt)?, out)?;
        }
        put(&source.unattributed()?, out)?;
        out.write_all(b"]")?;
        Ok((recordings, records))
    }
}
