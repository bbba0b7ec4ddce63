//! Calls as HAR 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>): an attempt is a page, a network attempt an entry.

mod entry;
mod message;
mod text;
mod timings;

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::Result;
use model::{Attempt, GapKind, Recording, SpanId, Test};
use serde::Serialize;

use self::entry::{Around, Entry};
use super::{Source, Written};
use crate::document::Peers;
use crate::time::{instant, millis};

/// The application that wrote the file.
#[derive(Serialize)]
struct Creator<'a> {
    name: &'static str,
    version: &'a str,
}

/// An attempt. Nothing loads on it, so it has no times of a page.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    started_date_time: String,
    id: String,
    title: String,
    page_timings: PageTimings,
    #[serde(rename = "_flakescope")]
    flakescope: PageFacts,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageTimings {
    on_content_load: i8,
    on_load: i8,
}

/// What a page has of ours.
#[derive(Serialize)]
struct PageFacts {
    attempt: String,
    run: String,
    number: u32,
    status: &'static str,
    duration_ms: Option<u64>,
}

impl Page {
    fn new(attempt: &Attempt, test: &Test) -> Self {
        let names = test.suite.iter().chain([&test.name]);
        let names: Vec<&str> = names.map(String::as_str).collect();
        Self {
            started_date_time: instant(attempt.start),
            id: attempt.id.to_string(),
            title: names.join(" › "),
            page_timings: PageTimings {
                on_content_load: -1,
                on_load: -1,
            },
            flakescope: PageFacts {
                attempt: attempt.id.to_string(),
                run: attempt.run_id.to_string(),
                number: attempt.number,
                status: attempt.status.as_str(),
                duration_ms: attempt.end.map(|end| millis(end.since(attempt.start))),
            },
        }
    }
}

pub(super) fn write(source: &Source<'_>, version: &str, out: &mut dyn Write) -> Result<Written> {
    let creator = Creator {
        name: "Flakescope",
        version,
    };
    out.write_all(b"{\"log\":{\"version\":\"1.2\",\"creator\":")?;
    serde_json::to_writer(&mut *out, &creator)?;
    out.write_all(b",\"pages\":")?;
    let pages = source.attempts.iter();
    let pages: Vec<Page> = pages.map(|(row, test)| Page::new(row, test)).collect();
    serde_json::to_writer(&mut *out, &pages)?;
    out.write_all(b",\"entries\":[")?;
    let peers = Peers::of_run(source.store, source.run)?;
    let undecodable = undecodable(source)?;
    let mut written = Written::default();
    for ((attempt, _), page) in source.attempts.iter().zip(&pages) {
        let recording = source.recording(attempt)?;
        let around = Around {
            page: Some(&page.id),
            until: attempt.end,
            peers: &peers,
            undecodable: &undecodable,
        };
        entries(&recording, &around, &mut written, out)?;
    }
    let around = Around {
        page: None,
        until: None,
        peers: &peers,
        undecodable: &undecodable,
    };
    entries(&source.unattributed()?, &around, &mut written, out)?;
    out.write_all(b"]}}\n")?;
    Ok(written)
}

/// Bodies of the run that could not be decoded, each by its call and side.
fn undecodable(source: &Source<'_>) -> Result<BTreeSet<(SpanId, &'static str)>> {
    let gaps = source.store.gaps(source.run)?;
    let sides = gaps.iter().filter_map(|gap| {
        let of_body = gap.kind == GapKind::BodyUndecodable;
        let side = ["request", "response"]
            .into_iter()
            .find(|side| gap.detail.as_deref() == Some(*side))?;
        gap.span_id.filter(|_| of_body).map(|span| (span, side))
    });
    Ok(sides.collect())
}

fn entries(
    recording: &Recording,
    around: &Around<'_>,
    written: &mut Written,
    out: &mut dyn Write,
) -> Result<()> {
    let before = written.records;
    for span in &recording.spans {
        let Some(entry) = Entry::of(span, around) else {
            continue;
        };
        if written.records > 0 {
            out.write_all(b",")?;
        }
        serde_json::to_writer(&mut *out, &entry)?;
        written.records += 1;
    }
    written.recordings += u64::from(written.records > before);
    Ok(())
}
