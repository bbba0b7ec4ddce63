//! Whose a record is: derives attempts and their tests from spans, and finds out which parents never came. Pure, and
//! independent of the order in which records arrive.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Failure, Phase, RunId, Span, SpanId, SpanKind,
    StatusCode, Test, TraceId, attribute, merge,
};

/// Beyond so many spans of a run, spans are counted by their ends only, and missing parents are not looked for.
const TRACKED_SPANS: usize = 2_000_000;

/// Everything that is known of whose is what in a run.
pub(crate) struct Attribution {
    run_id: RunId,
    project: String,
    root: PathBuf,
    /// Roots of attempts and fixtures, merged.
    roots: BTreeMap<TraceId, Span>,
    tags: BTreeMap<TraceId, BTreeMap<String, String>>,
    changed: BTreeSet<TraceId>,
    seen: HashSet<(TraceId, SpanId)>,
    exchanges: HashSet<(TraceId, SpanId)>,
    /// Parents that were named and have not come, with how many name them.
    awaited: HashMap<(TraceId, SpanId), u64>,
    uncounted: u64,
}

/// How many attempts of tests stand where. An attempt that the runner tries again counts nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
    pub(crate) running: u64,
}

impl Attribution {
    /// Of a run whose files are named relative to `root`, an absolute path.
    pub(crate) fn new(run_id: RunId, project: String, root: PathBuf) -> Self {
        Self {
            run_id,
            project,
            root,
            roots: BTreeMap::new(),
            tags: BTreeMap::new(),
            changed: BTreeSet::new(),
            seen: HashSet::new(),
            exchanges: HashSet::new(),
            awaited: HashMap::new(),
            uncounted: 0,
        }
    }

    /// Takes in a record of a span. Returns whether it is the root of an attempt or a fixture.
    pub(crate) fn span(&mut self, span: &Span) -> bool {
        self.track(span);
        if kind(span).is_none() {
            return false;
        }
        let before = self.roots.remove(&span.trace_id);
        let merged = match before.clone() {
            // A second root in one trace is kept out: an attempt is one trace.
            Some(root) if root.span_id != span.span_id => earlier(root, span.clone()),
            Some(root) => merge::better(root, span.clone()),
            None => span.clone(),
        };
        if before.as_ref() != Some(&merged) {
            self.changed.insert(span.trace_id);
        }
        self.roots.insert(span.trace_id, merged);
        true
    }

    /// Takes in a tag that was set from inside an attempt; of equal keys the greatest value stays.
    pub(crate) fn tag(&mut self, trace: TraceId, key: String, value: String) {
        let tags = self.tags.entry(trace).or_default();
        let kept = tags.entry(key).or_default();
        if *kept < value {
            *kept = value;
            self.changed.insert(trace);
        }
    }

    /// Attempts that changed since the last call, as they are known now.
    pub(crate) fn take_changed(&mut self) -> Vec<(Attempt, Test)> {
        std::mem::take(&mut self.changed)
            .into_iter()
            .filter_map(|trace| self.attempt(trace))
            .collect()
    }

    /// Attempts that were taken and could not be written.
    pub(crate) fn give_back(&mut self, attempts: impl Iterator<Item = AttemptId>) {
        self.changed.extend(attempts.map(TraceId::from));
    }

    /// All attempts and fixtures.
    pub(crate) fn attempts(&self) -> impl Iterator<Item = (Attempt, Test)> {
        self.roots.keys().filter_map(|trace| self.attempt(*trace))
    }

    /// How many attempts of tests stand where.
    pub(crate) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for root in self.roots.values() {
            let is_test = kind(root) == Some(AttemptKind::Test);
            if !is_test || root.attributes.bool(attribute::ATTEMPT_RETRIED) == Some(true) {
                continue;
            }
            match status(root) {
                AttemptStatus::Passed => tally.passed += 1,
                AttemptStatus::Failed => tally.failed += 1,
                AttemptStatus::Skipped => tally.skipped += 1,
                AttemptStatus::Unfinished => tally.running += 1,
            }
        }
        tally
    }

    /// How many different spans were seen.
    pub(crate) fn spans(&self) -> u64 {
        self.seen.len() as u64 + self.uncounted
    }

    /// How many different outgoing calls were seen.
    pub(crate) fn exchanges(&self) -> u64 {
        self.exchanges.len() as u64
    }

    /// Parents in attempts' traces that never came, with how many spans name them. The parent of a root itself lies
    /// outside of the run and does not count.
    pub(crate) fn missing_parents(&self) -> BTreeMap<TraceId, Vec<(SpanId, u64)>> {
        let mut missing: BTreeMap<TraceId, Vec<(SpanId, u64)>> = BTreeMap::new();
        for ((trace, parent), count) in &self.awaited {
            if !self.roots.contains_key(trace) {
                continue;
            }
            missing.entry(*trace).or_default().push((*parent, *count));
        }
        for parents in missing.values_mut() {
            parents.sort_unstable();
        }
        missing
    }

    fn track(&mut self, span: &Span) {
        if self.seen.len() >= TRACKED_SPANS {
            self.uncounted += u64::from(span.end.is_some());
            return;
        }
        let id = (span.trace_id, span.span_id);
        let is_call =
            span.kind == SpanKind::Client && span.attributes.get(attribute::HTTP_METHOD).is_some();
        if is_call {
            self.exchanges.insert(id);
        }
        if !self.seen.insert(id) {
            return;
        }
        self.awaited.remove(&id);
        if let Some(parent) = span.parent_span_id.filter(|_| kind(span).is_none()) {
            let parent = (span.trace_id, parent);
            if !self.seen.contains(&parent) {
                *self.awaited.entry(parent).or_default() += 1;
            }
        }
    }

    fn attempt(&self, trace: TraceId) -> Option<(Attempt, Test)> {
        let root = self.roots.get(&trace)?;
        let facts = &root.attributes;
        let test = self.test(root);
        let attempt = Attempt {
            id: AttemptId::from(trace),
            run_id: self.run_id,
            test_id: test.id(),
            kind: kind(root)?,
            number: unsigned(root, attribute::ATTEMPT_NUMBER).unwrap_or(1),
            status: status(root),
            retried: facts.bool(attribute::ATTEMPT_RETRIED).unwrap_or(false),
            root_span_id: root.span_id,
            start: root.start,
            end: root.end,
            line: unsigned(root, attribute::CODE_LINE),
            worker: text(root, attribute::WORKER),
            timeout_ms: unsigned(root, attribute::ATTEMPT_TIMEOUT_MS).filter(|limit| *limit > 0),
            failure: failure(root),
            skip_reason: text(root, attribute::ATTEMPT_SKIP_REASON),
            fixtures: fixtures(root),
            tags: self.tags.get(&trace).cloned().unwrap_or_default(),
        };
        Some((attempt, test))
    }

    fn test(&self, root: &Span) -> Test {
        let owned = |key| text(root, key).unwrap_or_default();
        let suite: Vec<String> = root
            .attributes
            .strings(attribute::TEST_SUITE)
            .into_iter()
            .map(str::to_owned)
            .collect();
        Test {
            project: self.project.clone(),
            file: relative(&self.root, &owned(attribute::CODE_FILE)),
            suite,
            name: text(root, attribute::TEST_NAME).unwrap_or_else(|| root.name.clone()),
            parameters: owned(attribute::TEST_PARAMETERS),
            configuration: owned(attribute::TEST_CONFIGURATION),
            ordinal: unsigned(root, attribute::TEST_ORDINAL).unwrap_or(1),
        }
    }
}

fn kind(span: &Span) -> Option<AttemptKind> {
    match span.flakescope_type()? {
        "attempt" => Some(AttemptKind::Test),
        "fixture" => Some(AttemptKind::Fixture),
        _ => None,
    }
}

/// Of two roots in one trace the one that began first; independent of which arrived first.
fn earlier(left: Span, right: Span) -> Span {
    if (right.start, right.span_id) < (left.start, left.span_id) {
        right
    } else {
        left
    }
}

/// What the runner said. Without its word, an error is a failure, and anything else is not known to be over.
fn status(root: &Span) -> AttemptStatus {
    if root.end.is_none() {
        return AttemptStatus::Unfinished;
    }
    match (
        root.attributes.str(attribute::TEST_RESULT),
        root.status.code,
    ) {
        (Some("pass"), _) | (None, StatusCode::Ok) => AttemptStatus::Passed,
        (Some("fail"), _) | (None, StatusCode::Error) => AttemptStatus::Failed,
        (Some("skip"), _) => AttemptStatus::Skipped,
        (Some(_) | None, _) => AttemptStatus::Unfinished,
    }
}

fn failure(root: &Span) -> Option<Failure> {
    let Some(event) = root.exception() else {
        let said = status(root) == AttemptStatus::Failed && !root.status.message.is_empty();
        return said.then(|| Failure {
            message: root.status.message.clone(),
            ..Failure::default()
        });
    };
    let facts = &event.attributes;
    let owned = |key| facts.str(key).map(str::to_owned);
    Some(Failure {
        error_type: owned(attribute::EXCEPTION_TYPE).unwrap_or_default(),
        message: owned(attribute::EXCEPTION_MESSAGE).unwrap_or_default(),
        stack: owned(attribute::EXCEPTION_STACK),
        phase: facts
            .str(attribute::FAILURE_PHASE)
            .and_then(Phase::from_name),
        expected: owned(attribute::ASSERTION_EXPECTED),
        actual: owned(attribute::ASSERTION_ACTUAL),
    })
}

fn fixtures(root: &Span) -> Vec<TraceId> {
    let mut fixtures: Vec<TraceId> = root
        .links
        .iter()
        .filter(|link| link.attributes.str(attribute::LINK_TYPE) == Some("fixture"))
        .map(|link| link.trace_id)
        .collect();
    let mut known = HashSet::new();
    fixtures.retain(|fixture| known.insert(*fixture));
    fixtures
}

fn text(root: &Span, key: &str) -> Option<String> {
    root.attributes.str(key).map(str::to_owned)
}

fn unsigned<T: TryFrom<i64>>(root: &Span, key: &str) -> Option<T> {
    T::try_from(root.attributes.int(key)?).ok()
}

/// The file as seen from the project's root, with `..` when it lies beside it, so that it is the same on every machine.
/// A path that is not absolute is taken as it is.
fn relative(root: &Path, file: &str) -> String {
    let file = file.strip_prefix("file://").unwrap_or(file);
    let path = Path::new(file);
    if !path.is_absolute() {
        return file.to_owned();
    }
    let (root, path) = (plain(root), plain(path));
    let shared = root
        .iter()
        .zip(&path)
        .take_while(|(left, right)| left == right)
        .count();
    let up = std::iter::repeat_n("..".to_owned(), root.len() - shared);
    let down = path[shared..].iter().cloned();
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// The parts of an absolute path with `.` and `..` taken out.
fn plain(path: &Path) -> Vec<String> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir => drop(parts.pop()),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{Attributes, Event, Link, SpanStatus, Timestamp, Value};
    use proptest::prelude::*;

    use super::*;

    fn attribution() -> Attribution {
        Attribution::new(RunId([1; 16]), "shop".into(), "/p/api".into())
    }

    fn span(trace: u8, id: u8, parent: Option<u8>, attributes: &[(&str, Value)]) -> Span {
        Span {
            trace_id: TraceId([trace; 16]),
            span_id: SpanId([id; 8]),
            parent_span_id: parent.map(|parent| SpanId([parent; 8])),
            name: "x".into(),
            kind: SpanKind::Internal,
            start: Timestamp(i64::from(id)),
            end: None,
            attributes: attributes
                .iter()
                .map(|(key, value)| (*key, value.clone()))
                .collect(),
            events: Vec::new(),
            links: Vec::new(),
            status: SpanStatus::default(),
            resource: Arc::default(),
        }
    }

    fn root(attributes: &[(&str, Value)]) -> Span {
        let mut root = span(1, 1, None, attributes);
        root.attributes.set(attribute::SPAN_TYPE, "attempt");
        root
    }

    fn attempt_of(root: Span) -> (Attempt, Test) {
        let mut attribution = attribution();
        assert!(attribution.span(&root));
        attribution.take_changed().remove(0)
    }

    #[test]
    fn the_runner_says_how_an_attempt_went() {
        let check =
            |ended: bool, result: Option<&str>, code: StatusCode, expected: AttemptStatus| {
                let mut root = root(&[]);
                root.end = ended.then_some(Timestamp(9));
                root.status.code = code;
                if let Some(result) = result {
                    root.attributes.set(attribute::TEST_RESULT, result);
                }
                assert_eq!(
                    attempt_of(root).0.status,
                    expected,
                    "{ended} {result:?} {code:?}"
                );
            };
        check(false, None, StatusCode::Unset, AttemptStatus::Unfinished);
        check(
            false,
            Some("pass"),
            StatusCode::Ok,
            AttemptStatus::Unfinished,
        );
        check(true, Some("pass"), StatusCode::Unset, AttemptStatus::Passed);
        check(true, Some("fail"), StatusCode::Error, AttemptStatus::Failed);
        check(
            true,
            Some("skip"),
            StatusCode::Unset,
            AttemptStatus::Skipped,
        );
        check(true, None, StatusCode::Ok, AttemptStatus::Passed);
        check(true, None, StatusCode::Error, AttemptStatus::Failed);
        check(true, None, StatusCode::Unset, AttemptStatus::Unfinished);
        check(
            true,
            Some("maybe"),
            StatusCode::Ok,
            AttemptStatus::Unfinished,
        );
    }

    #[test]
    fn files_are_named_from_the_root() {
        let check = |file: &str, expected: &str| {
            assert_eq!(relative(Path::new("/p/api"), file), expected);
        };
        check("/p/api/test/a.js", "test/a.js");
        check("file:///p/api/test/a.js", "test/a.js");
        check("/p/shared/a.js", "../shared/a.js");
        check("/p/api/../shared/./a.js", "../shared/a.js");
        check("/elsewhere/a.js", "../../elsewhere/a.js");
        check("test/a.js", "test/a.js");
        check("", "");
    }

    #[test]
    fn a_failure_is_the_last_exception() {
        let mut failing = root(&[(attribute::TEST_RESULT, "fail".into())]);
        failing.end = Some(Timestamp(5));
        failing.status.message = "status".into();
        assert_eq!(
            attempt_of(failing.clone()).0.failure.unwrap().message,
            "status"
        );
        for (message, phase) in [("first", "setup"), ("last", "body")] {
            let attributes: Attributes = [
                (attribute::EXCEPTION_MESSAGE, message),
                (attribute::FAILURE_PHASE, phase),
            ]
            .into_iter()
            .collect();
            let (name, time) = ("exception".to_owned(), Timestamp(2));
            failing.events.push(Event {
                name,
                time,
                attributes,
            });
        }
        let failure = attempt_of(failing).0.failure.unwrap();
        assert_eq!(
            (failure.message.as_str(), failure.phase),
            ("last", Some(Phase::Body))
        );
    }

    #[test]
    fn links_to_fixtures_count_once_and_others_not() {
        let mut linked = root(&[]);
        for (trace, kind) in [(2, "fixture"), (3, "other"), (2, "fixture"), (4, "fixture")] {
            linked.links.push(Link {
                trace_id: TraceId([trace; 16]),
                span_id: SpanId([1; 8]),
                attributes: [(attribute::LINK_TYPE, kind)].into_iter().collect(),
            });
        }
        let fixtures = attempt_of(linked).0.fixtures;
        assert_eq!(fixtures, [TraceId([2; 16]), TraceId([4; 16])]);
    }

    #[test]
    fn a_parent_is_missing_until_it_comes() {
        let mut attribution = attribution();
        attribution.span(&root(&[]));
        attribution.span(&span(1, 3, Some(2), &[]));
        attribution.span(&span(1, 4, Some(2), &[]));
        // A trace of no attempt: its parent may well lie outside of the run.
        attribution.span(&span(9, 4, Some(2), &[]));
        let missing = attribution.missing_parents();
        assert_eq!(
            missing.into_iter().collect::<Vec<_>>(),
            [(TraceId([1; 16]), vec![(SpanId([2; 8]), 2)])]
        );
        attribution.span(&span(1, 2, Some(1), &[]));
        assert!(attribution.missing_parents().is_empty());
    }

    /// Records of a few traces: roots with and without an end, two roots in one trace, children, orphans.
    fn records() -> impl Strategy<Value = Vec<Span>> {
        let record = (
            0..3_u8,
            0..5_u8,
            proptest::option::of(0..6_u8),
            any::<bool>(),
            0..3_u8,
        );
        let build = |(trace, id, parent, ended, what): (u8, u8, Option<u8>, bool, u8)| {
            // What a span is and where it hangs does not change from record to record.
            let is_root = id < 2;
            let parent = parent.filter(|_| !is_root).map(|_| id / 2);
            let mut record = span(trace, id, parent, &[]);
            record.end = ended.then_some(Timestamp(50));
            if is_root {
                record.attributes.set(attribute::SPAN_TYPE, "attempt");
            }
            if ended {
                record.attributes.set(
                    attribute::TEST_RESULT,
                    ["pass", "fail", "skip"][usize::from(what)],
                );
            }
            record
        };
        proptest::collection::vec(record.prop_map(build), 0..16)
    }

    /// All that is concluded from records, computed the slow way: merge everything, then look.
    fn oracle(records: &[Span]) -> Vec<(Attempt, Test)> {
        let merged = merge::spans(records.iter().cloned());
        let mut traces: Vec<TraceId> = merged.iter().map(|span| span.trace_id).collect();
        traces.sort_unstable();
        traces.dedup();
        let first_root = |trace: &TraceId| {
            let mut roots: Vec<&Span> = merged
                .iter()
                .filter(|span| span.trace_id == *trace && span.flakescope_type() == Some("attempt"))
                .collect();
            roots.sort_by_key(|root| (root.start, root.span_id));
            roots.first().map(|root| (*root).clone())
        };
        traces
            .iter()
            .filter_map(first_root)
            .map(attempt_of)
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn order_does_not_matter(records in records(), turn in any::<prop::sample::Index>()) {
            let mut attribution = attribution();
            let mut turned = records.clone();
            if !turned.is_empty() {
                turned.rotate_left(turn.index(records.len()));
            }
            for record in &turned {
                attribution.span(record);
            }
            prop_assert_eq!(attribution.attempts().collect::<Vec<_>>(), oracle(&records));
        }
    }
}
