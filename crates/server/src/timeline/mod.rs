//! A recording as the rows of a timeline: in tree order, in columns that a browser reads without parsing.
//!
//! `protocol/http-api.md` describes the bytes. [`rows`] is the order, [`columns`] the bytes; both are pure.

mod columns;
mod dictionary;
mod kept;
mod order;
mod row;

use std::time::Duration;

use model::{Attempt, AttemptId, Attributes, Diagnosis, Recording, Timestamp};
use store::{Part, Store};

use crate::document::attempt_row;
use crate::service::Peers;
use columns::Columns;
use dictionary::Dictionary;
use kept::Stamp;
pub(crate) use row::failed;

/// What a timeline is made from.
pub struct Timeline<'a> {
    /// The row of the attempt.
    pub attempt: &'a Attempt,
    /// What was captured of it.
    pub recording: &'a Recording,
    /// What was concluded, for the marks of the culprit and of what is cited.
    pub diagnosis: Option<&'a Diagnosis>,
    /// The name of whom an exchange goes to, by host and port.
    pub peer: &'a dyn Fn(&str, Option<u16>) -> String,
    /// The name of a process that describes itself so.
    pub service: &'a dyn Fn(&Attributes) -> String,
}

/// Microseconds in 32 bits reach 71 minutes; longer recordings are told in milliseconds.
const MICROSECOND: u64 = 1_000;
const MILLISECOND: u64 = 1_000_000;

impl Timeline<'_> {
    /// The bytes of the timeline of an attempt.
    ///
    /// # Errors
    /// When the store cannot be read, or does not know the attempt.
    pub fn read(store: &dyn Store, id: AttemptId) -> anyhow::Result<Vec<u8>> {
        let (attempt, _) = attempt_row(store, id)?;
        let peers = Peers::of_run(store, attempt.run_id)?;
        let stored = store.diagnosis(id)?;
        let diagnosis = stored.as_ref().map(|stored| &stored.diagnosis);
        let part = Part::Trace(id.into());
        let stamp = Stamp::of(&attempt, diagnosis, &peers);
        let (mark, answer) = kept::find(store, part, stamp)?;
        if let Some(answer) = answer {
            return Ok(answer);
        }
        let recording = store::recording(store, id.into())?;
        let timeline = Timeline {
            attempt: &attempt,
            recording: &recording,
            diagnosis,
            peer: &|host, port| peers.peer(host, port).name,
            service: &|resource| peers.service(resource),
        };
        let answer = timeline.encode();
        let run = store.run(attempt.run_id)?;
        let rows = recording.spans.len();
        kept::keep(store, run.as_ref(), (part, mark), stamp, (rows, &answer));
        Ok(answer)
    }

    /// The answer of `/attempts/{attempt}/timeline`, in bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let order = order::rows(&self.recording.spans, self.attempt.root_span_id);
        // Once for all rows: both look at every span.
        let axis = self.axis();
        let mut names = Dictionary::new(self);
        let mut columns = Columns::default();
        for place in &order {
            let span = &self.recording.spans[place.span];
            columns.push(row::row(self, span, place, axis, &mut names));
        }
        columns.encode(self, names, axis)
    }

    fn axis(&self) -> Axis {
        let spans = &self.recording.spans;
        let first = spans.iter().map(|span| span.start).min();
        let origin = first.map_or(self.attempt.start, |first| first.min(self.attempt.start));
        let ends = spans.iter().map(|span| span.end.unwrap_or(span.start));
        let last = ends.chain(self.attempt.end).max();
        let nanos = last.map_or(0, |last| last.since(origin).as_nanos());
        let duration = u64::try_from(nanos).unwrap_or(u64::MAX);
        let unit = match duration / MICROSECOND < u64::from(u32::MAX) {
            true => MICROSECOND,
            false => MILLISECOND,
        };
        Axis {
            origin,
            duration,
            unit,
        }
    }
}

/// How time is told.
#[derive(Debug, Clone, Copy)]
struct Axis {
    /// The first instant: the attempt's start, or that of a span that began before it.
    origin: Timestamp,
    /// Nanoseconds from the origin to the last instant that is known.
    duration: u64,
    /// Nanoseconds.
    unit: u64,
}

impl Axis {
    /// Units from the beginning of the axis.
    fn at(&self, time: Timestamp) -> u64 {
        self.units(time.since(self.origin))
    }

    fn units(&self, duration: Duration) -> u64 {
        let units = duration.as_nanos() / u128::from(self.unit);
        u64::try_from(units).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests;
