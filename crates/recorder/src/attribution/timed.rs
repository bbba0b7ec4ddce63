//! Which test was running alone when something happened that nothing else ties to one: in its process when an SDK in it told
//! of something, in the run when somebody asked a server of ours without saying for whom, as webhooks do. Pure.

use std::collections::HashMap;

use model::{AttemptKind, Resource, Span, SpanKind, Timestamp, TraceId, attribute};

use super::kind;

/// SDKs for JavaScript cut the start of a span down to this, in nanoseconds, and its end follows the start.
const COARSE: i64 = 1_000_000;

/// Where and when something of a trace was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sighting {
    process: Option<i64>,
    from: Timestamp,
    until: Timestamp,
    /// Whether it begins in that process, and is not work for somebody who asked.
    is_own: bool,
    /// Whether it begins with a request to a server that our agent follows: on this machine, by its clock.
    is_asked: bool,
}

impl Sighting {
    /// Of a span that an SDK told of.
    pub(crate) fn of(span: &Span) -> Self {
        Self {
            is_own: span.parent_span_id.is_none() && span.kind == SpanKind::Internal,
            ..Self::at(&span.resource, span.start, span.end.unwrap_or(span.start))
        }
    }

    /// Of a span that our agent told of.
    pub(crate) fn of_ours(span: &Span) -> Self {
        Self {
            is_own: false,
            is_asked: span.parent_span_id.is_none() && span.kind == SpanKind::Server,
            ..Self::of(span)
        }
    }

    /// Of what is no span.
    pub(crate) fn at(resource: &Resource, from: Timestamp, until: Timestamp) -> Self {
        Self {
            process: process(resource),
            from,
            until,
            is_own: false,
            is_asked: false,
        }
    }

    /// Something else of the same trace.
    pub(super) fn add(&mut self, other: Self) {
        self.from = self.from.min(other.from);
        self.until = self.until.max(other.until);
        self.is_own |= other.is_own;
        self.is_asked |= other.is_asked;
        // A trace of several processes is of none.
        self.process = self.process.filter(|_| self.process == other.process);
    }
}

fn process(resource: &Resource) -> Option<i64> {
    resource.attributes.int(attribute::PROCESS_PID)
}

/// When which tests ran.
#[derive(Debug, Default)]
pub(super) struct Timed {
    /// Tests and fixtures by process.
    processes: HashMap<i64, Tests>,
    /// Tests of the run, without fixtures, some of which last as long as it.
    run: Tests,
}

/// By start.
#[derive(Debug, Default)]
struct Tests(Vec<Test>);

#[derive(Debug, Clone, Copy)]
struct Test {
    start: Timestamp,
    end: Timestamp,
    trace: TraceId,
    /// The latest end of this one and of all that began before.
    latest: Timestamp,
}

impl Timed {
    /// Of the roots of tests and fixtures.
    pub(super) fn of<'a>(roots: impl Iterator<Item = &'a Span>) -> Self {
        let mut timed = Self::default();
        for root in roots {
            let end = root.end.unwrap_or(Timestamp(i64::MAX));
            let test = Test {
                start: root.start,
                end,
                trace: root.trace_id,
                latest: end,
            };
            if let Some(process) = process(&root.resource) {
                timed.processes.entry(process).or_default().0.push(test);
            }
            if kind(root) == Some(AttemptKind::Test) {
                timed.run.0.push(test);
            }
        }
        timed.processes.values_mut().for_each(Tests::sort);
        timed.run.sort();
        timed
    }

    /// The one test in whose time a trace has begun and ended, in its process; or if somebody asked for it, in whose time it
    /// has begun, with no other in the run before it ended.
    pub(super) fn only(&self, seen: &Sighting) -> Option<TraceId> {
        if seen.is_asked {
            // A server is done a moment after its answer has reached the test.
            let only = self.run.only(seen.from, seen.from);
            return only.filter(|_| self.run.meet(seen.from, seen.until) == 1);
        }
        let tests = self.processes.get(&seen.process?).filter(|_| seen.is_own)?;
        let slack = if seen.from.0 % COARSE == 0 { COARSE } else { 0 };
        tests.only(Timestamp(seen.from.0.saturating_add(slack)), seen.until)
    }
}

impl Tests {
    fn sort(&mut self) {
        self.0.sort_by_key(|test| (test.start, test.trace));
        let mut latest = Timestamp(i64::MIN);
        for test in &mut self.0 {
            latest = latest.max(test.end);
            test.latest = latest;
        }
    }

    /// How many tests ran at some point of this time, up to two.
    fn meet(&self, from: Timestamp, until: Timestamp) -> usize {
        let begun = &self.0[..self.0.partition_point(|test| test.start <= until)];
        let around = begun.iter().rev();
        let around = around.take_while(|test| test.latest >= from);
        around.filter(|test| test.end >= from).take(2).count()
    }

    /// The one test that encloses this time.
    fn only(&self, from: Timestamp, until: Timestamp) -> Option<TraceId> {
        let begun = &self.0[..self.0.partition_point(|test| test.start <= from)];
        let around = begun.iter().rev();
        let mut around = around
            .take_while(|test| test.latest >= until)
            .filter(|test| test.end >= until);
        let only = around.next()?;
        around.next().is_none().then_some(only.trace)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn resource(process: Option<i64>) -> Arc<Resource> {
        let mut resource = Resource::default();
        if let Some(process) = process {
            resource.attributes.set(attribute::PROCESS_PID, process);
        }
        Arc::new(resource)
    }

    fn span(trace: u8, process: i64, start: i64, end: Option<i64>) -> Span {
        Span {
            trace_id: TraceId([trace; 16]),
            span_id: model::SpanId([trace; 8]),
            parent_span_id: None,
            name: String::new(),
            kind: SpanKind::Internal,
            start: Timestamp(start),
            end: end.map(Timestamp),
            attributes: model::Attributes::new(),
            events: Vec::new(),
            links: Vec::new(),
            status: model::SpanStatus::default(),
            resource: resource(Some(process)),
        }
    }

    #[test]
    fn what_one_test_alone_encloses_is_of_it() {
        const MS: i64 = COARSE;
        let tests = [
            span(1, 7, 10 * MS + 5, Some(20 * MS)),
            span(2, 7, 20 * MS + 300, Some(30 * MS)),
            span(3, 7, 40 * MS, Some(60 * MS)),
            span(4, 7, 45 * MS, Some(50 * MS)),
            span(5, 7, 70 * MS, None),
            span(6, 8, 0, Some(100 * MS)),
        ];
        let timed = Timed::of(tests.iter());
        let check = |process: i64, from: i64, until: i64, expected: Option<u8>| {
            let seen = Sighting::of(&span(9, process, from, Some(until)));
            let expected = expected.map(|trace| TraceId([trace; 16]));
            assert_eq!(timed.only(&seen), expected, "{process} {from} {until}");
        };
        check(7, 11 * MS, 12 * MS, Some(1));
        // Cut down to its millisecond, it seems to begin before its test.
        check(7, 20 * MS, 29 * MS, Some(2));
        check(7, 20 * MS + 1, 29 * MS, None);
        check(7, 15 * MS, 25 * MS, None);
        check(7, 35 * MS, 36 * MS, None);
        // Two tests at the same time, and one of them alone.
        check(7, 46 * MS, 47 * MS, None);
        check(7, 46 * MS, 55 * MS, Some(3));
        check(7, 80 * MS, 90 * MS, Some(5));
        check(8, 46 * MS, 47 * MS, Some(6));
        check(9, 46 * MS, 47 * MS, None);
    }

    #[test]
    fn only_what_begins_in_the_process_is_looked_at() {
        let tests = [span(1, 7, 0, Some(100))];
        let timed = Timed::of(tests.iter());
        let inside = Sighting::of(&span(9, 7, 10, Some(20)));
        let log = Sighting::at(&resource(Some(7)), Timestamp(15), Timestamp(15));
        let mut asked = span(9, 7, 10, Some(20));
        asked.kind = SpanKind::Server;
        let check = |parts: &[Sighting], expected: bool| {
            let mut seen = parts[0];
            parts[1..].iter().for_each(|part| seen.add(*part));
            assert_eq!(timed.only(&seen).is_some(), expected, "{parts:?}");
        };
        check(&[inside], true);
        check(&[log], false);
        check(&[log, inside], true);
        check(&[Sighting::of(&asked)], false);
        check(&[inside, Sighting::of(&span(9, 8, 10, Some(20)))], false);
        check(&[inside, Sighting::of(&span(9, 7, 10, Some(200)))], false);
    }

    /// A test that one of two workers runs, and what begins when somebody asks a third process.
    #[test]
    fn who_asks_without_a_name_asks_for_the_only_test_of_the_run() {
        let typed = |mut root: Span, kind: &str| {
            root.attributes.set("flakescope.span.type", kind);
            root
        };
        let roots = [
            typed(span(1, 7, 0, Some(100)), "attempt"),
            typed(span(2, 8, 50, Some(150)), "attempt"),
            typed(span(3, 7, 0, None), "fixture"),
        ];
        let timed = Timed::of(roots.iter());
        let check = |from: i64, until: i64, expected: Option<u8>| {
            let mut asked = span(9, 5, from, Some(until));
            asked.kind = SpanKind::Server;
            let mut seen = Sighting::of_ours(&asked);
            let mut answered = span(9, 5, until, Some(until));
            answered.parent_span_id = Some(asked.span_id);
            seen.add(Sighting::of_ours(&answered));
            let expected = expected.map(|trace| TraceId([trace; 16]));
            assert_eq!(timed.only(&seen), expected, "{from} {until}");
        };
        check(10, 20, Some(1));
        check(60, 70, None);
        check(110, 120, Some(2));
        // It may be of either.
        check(20, 120, None);
        check(60, 120, None);
        // A server may be done after the test.
        check(110, 160, Some(2));
        check(200, 210, None);
        // Who says for whom is not asked for anybody else, and a call of our own is not asked for.
        let mut named = span(9, 5, 10, Some(20));
        named.kind = SpanKind::Server;
        named.parent_span_id = Some(model::SpanId([1; 8]));
        assert_eq!(timed.only(&Sighting::of_ours(&named)), None);
        let mut call = span(9, 5, 10, Some(20));
        call.kind = SpanKind::Client;
        assert_eq!(timed.only(&Sighting::of_ours(&call)), None);
    }
}
