//! Whose a record is: derives attempts and their tests from spans, and finds out which parents never came. Pure, and
//! independent of the order in which records arrive.

mod links;
mod timed;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use model::{
    Attempt, AttemptId, AttemptKind, AttemptStatus, Failure, Link, NotRun, Phase, RunId, Span,
    SpanId, SpanKind, StatusCode, Test, TraceId, attribute, merge,
};

pub(crate) use links::Adoption;
use links::Links;
pub(crate) use timed::Sighting;
use timed::Timed;

/// Beyond so many spans of a run, spans are counted by their ends only, and missing parents are not looked for.
const TRACKED_SPANS: usize = 2_000_000;

/// Names kept of the tests that did not run because of one hook.
const NOT_RUN_NAMES: usize = 100;

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
    links: Links,
    /// Parents that were named and have not come, with how many name them.
    awaited: HashMap<(TraceId, SpanId), u64>,
    uncounted: u64,
}

/// Where a record belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// To the test whose trace it is of.
    Trace(TraceId),
    /// To the test of this trace, to which its own trace links.
    Link(TraceId),
    /// To the run, as far as is known, under its own trace. If that turns out to be a test's, it is that test's.
    Run(TraceId),
}

impl Home {
    /// The trace with which it is stored.
    pub(crate) fn trace_id(self) -> TraceId {
        match self {
            Self::Trace(trace) | Self::Link(trace) | Self::Run(trace) => trace,
        }
    }

    /// How the test was found, if it was.
    pub(crate) fn basis(self) -> Option<&'static str> {
        match self {
            Self::Trace(_) => Some("traceparent"),
            Self::Link(_) => Some("link"),
            Self::Run(_) => None,
        }
    }
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
            links: Links::default(),
            awaited: HashMap::new(),
            uncounted: 0,
        }
    }

    /// Takes in a record of a span. Returns whether it is the root of an attempt or a fixture.
    pub(crate) fn span(&mut self, span: &Span) -> bool {
        self.track(span);
        self.link_on_the_wire(span);
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
        self.links.test_known(span.trace_id);
        true
    }

    /// Takes in that a span's trace belongs to a test to which the span links, as soon as that is known to be one.
    pub(crate) fn link(&mut self, span: &Span) {
        match self.home(span) {
            Home::Trace(_) => {}
            Home::Link(test) => self.links.settle(span.trace_id, test),
            Home::Run(trace) => {
                let linked = span.links.iter().map(|link| link.trace_id);
                linked.for_each(|linked| self.links.want(linked, trace));
            }
        }
    }

    /// Takes in that a trace is that of a test of another process, which has a run of its own.
    pub(crate) fn test_elsewhere(&mut self, test: TraceId) {
        self.links.add_elsewhere(test);
    }

    /// Takes in where records of a trace go to.
    pub(crate) fn stored(&mut self, home: Home, sighting: Sighting) {
        if let Home::Run(trace) = home {
            self.links.stored_alone(trace, sighting);
        }
    }

    /// Gives traces that nothing ties to a test to the test that was running alone: in their process, if an SDK has begun
    /// them by itself; in the run, if somebody asked a server without saying for whom. To be called when everything is read:
    /// only then is it known what was running.
    pub(crate) fn settle_by_time(&mut self) {
        let timed = Timed::of(self.roots.values());
        let found = self.links.alone().iter();
        let found: Vec<Adoption> = found
            .filter(|(trace, _)| !self.is_test(**trace))
            .filter_map(|(trace, seen)| Some((*trace, timed.only(seen)?)))
            .collect();
        for (trace, test) in found {
            self.links.settle(trace, test);
        }
    }

    /// What the spans of a trace said of their test before it was known to be theirs.
    fn inherit_tags(&mut self) {
        for (trace, test) in self.links.adopted().to_vec() {
            if !self.is_test(trace) {
                let tags = self.tags.remove(&trace).unwrap_or_default();
                tags.into_iter()
                    .for_each(|(key, value)| self.tag(test, key, value));
            }
        }
    }

    /// Traces of which something is stored without the test that has become theirs since the last call.
    pub(crate) fn take_adopted(&mut self) -> Vec<Adoption> {
        let mut adopted = self.links.take_adopted();
        adopted.retain(|(trace, _)| !self.is_test(*trace));
        adopted
    }

    /// Adoptions that were taken and could not be written.
    pub(crate) fn give_back_adopted(&mut self, adopted: Vec<Adoption>) {
        self.links.give_back(adopted);
    }

    /// Takes in that a call of a test is told on the wire to be of another trace: an SDK in the test's process has begun one
    /// of its own. A trace that several tests tell of belongs to none of them.
    fn link_on_the_wire(&mut self, span: &Span) {
        let Some((told, _)) = span.traceparent() else {
            return;
        };
        let is_ours = span.attributes.get(attribute::CLIENT).is_some();
        if !is_ours || told == span.trace_id || !self.roots.contains_key(&span.trace_id) {
            return;
        }
        self.links.claim(told, span.trace_id);
    }

    /// Whether a span has been seen.
    pub(crate) fn knows(&self, trace: TraceId, span: SpanId) -> bool {
        self.seen.contains(&(trace, span))
    }

    /// Whether a trace is that of a test, as far as is known.
    pub(crate) fn is_test(&self, trace: TraceId) -> bool {
        self.roots.contains_key(&trace)
    }

    /// Where a span that its process does not attribute itself belongs.
    pub(crate) fn home(&self, span: &Span) -> Home {
        self.home_of(span.trace_id, &span.links)
    }

    /// Where a record of a trace with these links belongs: its trace, if its root is a test; else the test that it or
    /// another span of its trace links to; else nowhere but the run.
    pub(crate) fn home_of(&self, trace: TraceId, links: &[Link]) -> Home {
        if self.roots.contains_key(&trace) {
            return Home::Trace(trace);
        }
        let linked = links.iter().map(|link| link.trace_id);
        let test = |linked: &TraceId| self.is_test(*linked) || self.links.is_elsewhere(*linked);
        let through = |linked: TraceId| self.links.home(linked);
        let home = through(trace).or_else(|| {
            linked
                .clone()
                .find(test)
                .or_else(|| linked.clone().find_map(through))
        });
        home.map_or(Home::Run(trace), Home::Link)
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
        self.inherit_tags();
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
            not_run: not_run(root),
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

/// The names are bounded here too: agents of other versions may send more of them.
fn not_run(root: &Span) -> Option<NotRun> {
    let count = unsigned(root, attribute::FIXTURE_NOT_RUN).filter(|count| *count > 0)?;
    let names = root.attributes.strings(attribute::FIXTURE_NOT_RUN_TESTS);
    let names = names.into_iter().take(NOT_RUN_NAMES).map(str::to_owned);
    Some(NotRun {
        count,
        tests: names.collect(),
    })
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
mod tests;
