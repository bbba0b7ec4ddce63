//! Builds the document of a run from the rows of a store, without unpacking a recording that was counted before.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use ::diagnosis::history::Standing;
use anyhow::{Context, Result};
use model::{AttemptId, AttemptStatus, Exhibits, GapKind, RunId, TestId, TraceId, Unlike};
use store::{AttemptQuery, Part, PrefixMatch, RunContext, Store, Tally};

use super::causes::causes;
use super::types::{
    Attempt, Counts, Diagnosis, Document, Error, Exit, Gap, NotRun, Run, SCHEMA, Status, Test,
    overall,
};
use super::{diagnosis, history, outages, stack, undeclared, unlike};
use crate::signer::SIGNER;
use crate::time::{instant, javascript, millis};

/// Fewer digits are not given as an id, even where they would do: they are hard to tell from a number.
const SHORTEST_ID: usize = 6;
/// Texts kept of the gaps of one kind.
const GAP_DETAILS: usize = 5;

/// The document of a run.
///
/// # Errors
/// When the store cannot be read, or does not know the run.
pub fn build(store: &dyn Store, id: RunId) -> Result<Document> {
    let run = store
        .run(id)?
        .with_context(|| format!("read run {id}: the store does not know it"))?;
    let query = AttemptQuery {
        run: Some(id),
        ..AttemptQuery::default()
    };
    let mut tests: BTreeMap<TestId, Vec<(model::Attempt, model::Test)>> = BTreeMap::new();
    for (attempt, test) in store.attempts(&query)? {
        let attempts = tests.entry(attempt.test_id).or_default();
        attempts.push((attempt, test));
    }
    let mut tests: Vec<_> = tests.into_values().collect();
    for attempts in &mut tests {
        attempts.sort_by_key(|(attempt, _)| (attempt.start, attempt.number, attempt.id));
    }
    tests.sort_by_key(|attempts| {
        let first = attempts.first().map(|(attempt, _)| attempt);
        first.map(|attempt| (attempt.kind, attempt.start, attempt.id))
    });
    let traces = tests.iter().flatten();
    let traces = traces.map(|(attempt, _)| Part::Trace(attempt.id.into()));
    let parts: Vec<Part> = traces.chain([Part::Rest(id)]).collect();
    let builder = Builder::new(store, &run, &parts)?;
    let tests = tests
        .into_iter()
        .filter_map(|attempts| builder.test(attempts).transpose())
        .collect::<Result<Vec<Test>>>()?;
    let all = || parts.iter().map(|part| builder.tally(*part));
    let spans = all().map(|tally| tally.spans).sum();
    let exchanges = all().map(|tally| tally.exchanges).sum();
    let mut causes = causes(&tests);
    for cause in &mut causes {
        if !cause.fingerprints.is_empty() {
            let failures = cause.failures.len() as u64;
            cause.seen = Some(history::seen(store, &run, &cause.fingerprints, failures)?);
        }
    }
    let run = Run {
        counts: counts(&tests),
        spans: javascript(spans),
        exchanges: javascript(exchanges),
        gaps: sum_gaps(store.gaps(id)?.iter()),
        ..run_entry(store, run)?
    };
    Ok(Document {
        schema: SCHEMA,
        run,
        causes,
        outages: outages::outages(store, id, &tests)?,
        undeclared: undeclared::undeclared(store, id, &tests)?,
        unlike: unlike::unlike_groups(&tests),
        tests,
    })
}

/// The rows of an attempt.
///
/// # Errors
/// When the store cannot be read, or does not know the attempt.
pub(crate) fn attempt_row(
    store: &dyn Store,
    id: AttemptId,
) -> Result<(model::Attempt, model::Test)> {
    let query = AttemptQuery {
        attempt: Some(id),
        ..AttemptQuery::default()
    };
    let row = store.attempts(&query)?.pop();
    row.with_context(|| format!("read attempt {id}: the store does not know it"))
}

/// The entry of a run with nothing counted yet.
///
/// # Errors
/// When the store cannot be read.
pub fn run_entry(store: &dyn Store, run: model::Run) -> Result<Run> {
    Ok(Run {
        id: run.id.to_string(),
        short_id: short_id(store, PrefixMatch::Run(run.id))?,
        name: run.name,
        project: run.project,
        command: run.command,
        started: instant(run.started),
        ended: run.ended.map(instant),
        duration_ms: run.ended.map(|ended| millis(ended.since(run.started))),
        state: run.state.as_str().to_owned(),
        exit_code: run.exit.map(model::Exit::shell_code),
        exit: run.exit.map(|exit| match exit {
            model::Exit::Code(code) => Exit {
                code: Some(code),
                signal: None,
            },
            model::Exit::Signal(signal) => Exit {
                code: None,
                signal: Some(signal),
            },
        }),
        parent: run.parent.map(|parent| parent.to_string()),
        tags: run.tags,
        recorder_version: run.recorder_version,
        counts: Counts::default(),
        spans: 0,
        exchanges: 0,
        gaps: Vec::new(),
    })
}

/// What the entries of one run's attempts have in common, read once.
pub(super) struct Builder<'a> {
    store: &'a dyn Store,
    run: RunId,
    gaps: BTreeMap<TraceId, Vec<model::Gap>>,
    tallies: BTreeMap<Part, Tally>,
    unlike: BTreeMap<Part, Unlike>,
    standing: Standing,
    /// Only for diagnoses that were kept without what is shown beside them.
    context: OnceCell<RunContext<'a>>,
}

impl<'a> Builder<'a> {
    /// Reads what is known of a run and how much is in these parts of it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn new(store: &'a dyn Store, run: &model::Run, parts: &[Part]) -> Result<Self> {
        let mut gaps: BTreeMap<TraceId, Vec<model::Gap>> = BTreeMap::new();
        for gap in store.gaps(run.id)? {
            if let Some(trace) = gap.trace_id {
                gaps.entry(trace).or_default().push(gap);
            }
        }
        let tallies = store::tallies(store, run, parts)?;
        let unlike = store::kept_unlike(store, parts)?;
        let unlike = parts.iter().copied().zip(unlike);
        Ok(Self {
            store,
            run: run.id,
            gaps,
            tallies: parts.iter().copied().zip(tallies).collect(),
            unlike: unlike
                .filter_map(|(part, kept)| Some((part, kept?)))
                .collect(),
            standing: Standing::of(&store.reviews()?),
            context: OnceCell::new(),
        })
    }

    /// How much is in a part; nothing in one that was not asked for.
    pub(super) fn tally(&self, part: Part) -> Tally {
        self.tallies.get(&part).copied().unwrap_or_default()
    }

    /// The entry of a test with these attempts. None when there are none, which nothing makes.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn test(
        &self,
        attempts: Vec<(model::Attempt, model::Test)>,
    ) -> Result<Option<Test>> {
        let Some((last, test)) = attempts.last().cloned() else {
            return Ok(None);
        };
        let not_run = not_run(attempts.iter().map(|(attempt, _)| attempt));
        let attempts = attempts
            .into_iter()
            .map(|(attempt, test)| self.attempt(attempt, &test))
            .collect::<Result<Vec<Attempt>>>()?;
        Ok(Some(Test {
            id: last.test_id.to_string(),
            kind: last.kind.into(),
            suite: test.suite,
            name: test.name,
            file: test.file,
            line: last.line,
            parameters: test.parameters,
            configuration: test.configuration,
            status: overall(attempts.iter().map(|attempt| attempt.status)),
            not_run: not_run.map(NotRun::from),
            attempts,
        }))
    }

    fn attempt(&self, attempt: model::Attempt, test: &model::Test) -> Result<Attempt> {
        let trace = TraceId::from(attempt.id);
        let tally = self.tally(Part::Trace(trace));
        let gaps = self.gaps.get(&trace).map(Vec::as_slice).unwrap_or_default();
        Ok(Attempt {
            id: attempt.id.to_string(),
            short_id: short_id(self.store, PrefixMatch::Attempt(attempt.id))?,
            trace_id: trace.to_string(),
            number: attempt.number,
            status: attempt.status.into(),
            retried: attempt.retried,
            started: instant(attempt.start),
            duration_ms: attempt.end.map(|end| millis(end.since(attempt.start))),
            worker: attempt.worker.clone(),
            timeout_ms: attempt.timeout_ms.map(javascript),
            error: attempt.failure.as_ref().map(|failure| error(failure, test)),
            skip_reason: attempt.skip_reason.clone(),
            fixtures: attempt.fixtures.iter().map(ToString::to_string).collect(),
            tags: attempt.tags.clone(),
            spans: javascript(tally.spans),
            exchanges: javascript(tally.exchanges),
            gaps: sum_gaps(gaps.iter()),
            diagnosis: self.diagnosis(&attempt)?,
            unlike: self.unlike(&attempt)?,
        })
    }

    fn diagnosis(&self, attempt: &model::Attempt) -> Result<Option<Diagnosis>> {
        if !Status::from(attempt.status).is_bad() {
            return Ok(None);
        }
        let Some(mut diagnosis) = self.store.diagnosis(attempt.id)?.map(|kept| kept.diagnosis)
        else {
            return Ok(None);
        };
        let exhibits = match diagnosis.exhibits.take() {
            Some(exhibits) => exhibits,
            None => self.exhibits(attempt.id, &diagnosis)?,
        };
        let baseline = match &exhibits.baseline {
            Some(baseline) => short_id(self.store, PrefixMatch::Attempt(baseline.attempt_id))?,
            None => String::new(),
        };
        let start = attempt.start;
        let dispute = self.standing.dispute(attempt.id, &diagnosis.fingerprint);
        let entry = diagnosis::entry(diagnosis, exhibits, start, baseline);
        Ok(Some(match dispute {
            Some(dispute) => history::withhold(entry, dispute),
            None => entry,
        }))
    }

    fn unlike(&self, attempt: &model::Attempt) -> Result<Option<unlike::Unlike>> {
        let kept = self.unlike.get(&Part::Trace(attempt.id.into())).cloned();
        let Some(kept) = kept.filter(|_| attempt.status == AttemptStatus::Passed) else {
            return Ok(None);
        };
        let short_id = short_id(self.store, PrefixMatch::Attempt(kept.nearest))?;
        Ok(Some(unlike::entry(kept, short_id)))
    }

    /// What is shown beside a diagnosis that was kept by a version that did not keep it: from the evidence as it is now.
    fn exhibits(&self, attempt: AttemptId, diagnosis: &model::Diagnosis) -> Result<Exhibits> {
        let context = match self.context.get() {
            Some(context) => context,
            None => {
                let context = RunContext::new(self.store, self.run, SIGNER)?;
                self.context.get_or_init(|| context)
            }
        };
        let culprit = diagnosis.culprit.as_ref().map(|culprit| culprit.span_id);
        let evidence = context.evidence(attempt)?;
        Ok(evidence.map_or_else(Exhibits::default, |evidence| {
            ::diagnosis::exhibits(&evidence, culprit)
        }))
    }
}

fn error(failure: &model::Failure, test: &model::Test) -> Error {
    let place = failure
        .stack
        .as_deref()
        .and_then(|stack| stack::place(stack, &test.file));
    Error {
        error_type: failure.error_type.clone(),
        message: failure.message.clone(),
        phase: failure.phase.map(|phase| phase.as_str().to_owned()),
        line: place.as_ref().map(|place| place.line),
        file: place.map(|place| place.file),
        expected: failure.expected.clone(),
        actual: failure.actual.clone(),
    }
}

/// The tests that did not run because of a test's attempts, given in order: what its last word on them says.
pub(super) fn not_run<'a>(
    attempts: impl DoubleEndedIterator<Item = &'a model::Attempt>,
) -> Option<model::NotRun> {
    attempts.rev().find_map(|attempt| attempt.not_run.clone())
}

fn counts(tests: &[Test]) -> Counts {
    let mut counts = Counts::default();
    for test in tests {
        counts.add(test.kind, test.status);
        counts.not_run += test.not_run.as_ref().map_or(0, |not_run| not_run.count);
    }
    counts
}

/// Gaps added up by kind, in the order of the protocol's table.
fn sum_gaps<'a>(gaps: impl Iterator<Item = &'a model::Gap>) -> Vec<Gap> {
    let mut sums: BTreeMap<GapKind, Gap> = BTreeMap::new();
    for gap in gaps {
        let sum = sums.entry(gap.kind).or_insert_with(|| Gap {
            kind: gap.kind.as_str().to_owned(),
            count: 0,
            details: Vec::new(),
        });
        sum.count = javascript(sum.count.saturating_add(gap.count));
        if let Some(detail) = &gap.detail
            && sum.details.len() < GAP_DETAILS
            && !sum.details.contains(detail)
        {
            sum.details.push(detail.clone());
        }
    }
    sums.into_values().collect()
}

/// The shortest beginning of an id that means nothing else, neither a run nor an attempt.
///
/// # Errors
/// When the store cannot be read.
pub fn short_id(store: &dyn Store, id: PrefixMatch) -> Result<String> {
    let whole = match id {
        PrefixMatch::Run(run) => run.to_string(),
        PrefixMatch::Attempt(attempt) => attempt.to_string(),
    };
    let mut digits = store.unique_prefix(id, SHORTEST_ID)?.min(whole.len());
    // The store compares with ids of the same kind only, and a user types one without saying its kind.
    while digits < whole.len() && store.find(&whole[..digits], 2)?.len() > 1 {
        digits += 1;
    }
    Ok(whole[..digits].to_owned())
}
