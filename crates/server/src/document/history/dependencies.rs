//! Whom the tests call, and what that costs: traffic of the newest runs, beside the diagnoses of their failures.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use anyhow::Result;
use diagnosis::history::{
    CallName, Endpoint, Shape, ShapeChange, ShapeChangeKind, Share, Standing, Traffic,
};
use model::{Attempt, AttemptId, Role, RunId, TestId};
use store::{DiagnosisQuery, PrefixMatch, RunQuery, Store, StoredDiagnosis};

use super::super::build::short_id;
use super::super::of_run;
use super::super::types::SCHEMA;
use super::dependency_types::{
    AllowanceSeen, AnswerChange, CausedFailures, Dependency, DependencyList, Latency, OutcomeCount,
    Retries,
};
use super::{differences, is_failure, standing, took_ms, traffic};
use crate::time::{javascript, millis};

/// Runs that are read, the newest ones …
const RUNS: usize = 20;
/// … and recordings of them.
const RECORDINGS: usize = 2000;

/// Whom the tests of the newest runs call, at most `limit` peers.
///
/// # Errors
/// When the store cannot be read.
pub fn dependencies(store: &dyn Store, limit: usize) -> Result<DependencyList> {
    let mut read = Read {
        standing: standing(store)?,
        ..Read::default()
    };
    let query = RunQuery {
        limit: Some(RUNS),
        ..RunQuery::default()
    };
    for run in store.runs(&query)? {
        read.run(store, &run)?;
    }
    let names: BTreeSet<String> = {
        let called = read.traffic.endpoints.keys().map(|name| name.peer.clone());
        called.chain(read.caused.keys().cloned()).collect()
    };
    let mut all = names
        .into_iter()
        .map(|name| read.dependency(store, name))
        .collect::<Result<Vec<Dependency>>>()?;
    all.sort_by_key(|one| (Reverse(one.caused.failures.count), Reverse(one.tries)));
    all.truncate(limit);
    Ok(DependencyList {
        schema: SCHEMA,
        runs: read.runs,
        recordings: read.recordings as u64,
        left_out: read.left_out,
        diagnosed: read.diagnosed,
        dependencies: all,
    })
}

/// What is read of the runs, added up.
#[derive(Default)]
struct Read {
    standing: Standing,
    runs: u64,
    recordings: usize,
    left_out: u64,
    diagnosed: u64,
    traffic: Traffic,
    shapes: BTreeMap<CallName, Learned>,
    /// By peer, newest run first.
    caused: BTreeMap<String, Vec<Caused>>,
}

/// A failure that a peer caused.
struct Caused {
    attempt: AttemptId,
    test: TestId,
    cause: &'static str,
    role: Role,
    took_ms: u64,
}

impl Read {
    fn run(&mut self, store: &dyn Store, run: &model::Run) -> Result<()> {
        self.runs += 1;
        let rows = of_run(store, run.id)?.into_iter();
        let mut attempts: Vec<Attempt> = rows.map(|(attempt, _)| attempt).collect();
        self.failures(store, run, &attempts)?;
        let room = RECORDINGS - self.recordings;
        self.left_out += attempts.len().saturating_sub(room) as u64;
        attempts.truncate(room);
        self.recordings += attempts.len();
        let mut traffic = traffic::of_attempts(store, run, &attempts)?;
        for (name, endpoint) in &mut traffic.endpoints {
            let shape = std::mem::take(&mut endpoint.shape);
            self.shapes
                .entry(name.clone())
                .or_default()
                .add(run.id, shape);
        }
        self.traffic.add(traffic);
        Ok(())
    }

    fn failures(
        &mut self,
        store: &dyn Store,
        run: &model::Run,
        attempts: &[Attempt],
    ) -> Result<()> {
        let failed = attempts.iter().filter(|attempt| is_failure(attempt.status));
        let failed: HashMap<AttemptId, &Attempt> =
            failed.map(|attempt| (attempt.id, attempt)).collect();
        let query = DiagnosisQuery {
            run: Some(run.id),
            ..DiagnosisQuery::default()
        };
        for (stored, _) in store.diagnoses(&query)? {
            if let Some(attempt) = failed.get(&stored.attempt_id) {
                self.diagnosed += 1;
                self.blame(stored, attempt);
            }
        }
        Ok(())
    }

    fn blame(&mut self, stored: StoredDiagnosis, attempt: &Attempt) {
        let diagnosis = stored.diagnosis;
        let disputed = self.standing.withheld_by(&diagnosis.fingerprint).is_some();
        if let Some(culprit) = diagnosis.culprit.filter(|_| !disputed) {
            self.caused.entry(culprit.peer).or_default().push(Caused {
                attempt: stored.attempt_id,
                test: stored.test_id,
                cause: diagnosis.cause.as_str(),
                role: culprit.role,
                took_ms: took_ms(attempt),
            });
        }
    }

    fn dependency(&self, store: &dyn Store, name: String) -> Result<Dependency> {
        let none = Vec::new();
        let caused = self.caused.get(&name).unwrap_or(&none);
        let endpoints = self.traffic.endpoints.iter();
        let endpoints: Vec<&Endpoint> = endpoints
            .filter(|(call, _)| call.peer == name)
            .map(|(_, endpoint)| endpoint)
            .collect();
        let roles = endpoints.iter().map(|endpoint| endpoint.role);
        let mut roles = roles.chain(caused.iter().map(|one| one.role));
        let role = roles.find(|role| *role != Role::Unknown);
        let errors = endpoints.iter().flat_map(|endpoint| &endpoint.errors);
        Ok(Dependency {
            role: role.unwrap_or(Role::Unknown).as_str().to_owned(),
            caused: self.caused_by(store, caused)?,
            calls: endpoints.iter().map(|endpoint| endpoint.calls).sum(),
            tries: endpoints.iter().map(|endpoint| endpoint.tries).sum(),
            errors: counted(errors.map(|(what, count)| (what.as_str(), *count))),
            latency: latency(&endpoints),
            allowances: allowances(&endpoints),
            retries: retries(&endpoints),
            changes: self.changes(&name),
            name,
        })
    }

    fn changes(&self, peer: &str) -> Vec<AnswerChange> {
        let learned = self.shapes.iter().filter(|(call, _)| call.peer == peer);
        learned
            .flat_map(|(call, learned)| learned.changes(call))
            .collect()
    }

    fn caused_by(&self, store: &dyn Store, caused: &[Caused]) -> Result<CausedFailures> {
        let tests: BTreeSet<TestId> = caused.iter().map(|one| one.test).collect();
        let newest = caused.first().map(|one| PrefixMatch::Attempt(one.attempt));
        let cost = caused.iter().map(|one| one.took_ms);
        Ok(CausedFailures {
            failures: Share::new(caused.len() as u64, self.diagnosed).into(),
            tests: tests.len() as u64,
            causes: counted(caused.iter().map(|one| (one.cause, 1))),
            cost_ms: javascript(cost.fold(0, u64::saturating_add)),
            newest: newest.map(|id| short_id(store, id)).transpose()?,
        })
    }
}

/// What answers look like: in the newest run that asked for them, and in those before.
#[derive(Default)]
struct Learned {
    newest: Option<(RunId, Shape)>,
    before: Shape,
}

impl Learned {
    /// Runs come newest first.
    fn add(&mut self, run: RunId, shape: Shape) {
        match &self.newest {
            _ if shape.paths.is_empty() => {}
            None => self.newest = Some((run, shape)),
            Some(_) => self.before.add(shape),
        }
    }

    fn changes(&self, call: &CallName) -> Vec<AnswerChange> {
        let Some((run, newest)) = &self.newest else {
            return Vec::new();
        };
        let change = |change: ShapeChange| {
            let (kind, from, to) = match change.kind {
                ShapeChangeKind::Gone => ("gone", None, None),
                ShapeChangeKind::New => ("new", None, None),
                ShapeChangeKind::Retyped { from, to } => ("retyped", Some(from), Some(to)),
            };
            AnswerChange {
                call: differences::call(call),
                path: change.path,
                kind: kind.to_owned(),
                from,
                to,
                before: change.before,
                now: change.now,
                run: run.to_string(),
            }
        };
        let changes = newest.changes_since(&self.before);
        changes.into_iter().map(change).collect()
    }
}

/// Counts added up by what they are of, most first.
fn counted<'a>(all: impl Iterator<Item = (&'a str, u64)>) -> Vec<OutcomeCount> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for (what, count) in all {
        *sums.entry(what).or_default() += count;
    }
    let mut counts: Vec<OutcomeCount> = sums
        .into_iter()
        .map(|(what, count)| OutcomeCount {
            what: what.to_owned(),
            count: javascript(count),
        })
        .collect();
    counts.sort_by_key(|one| Reverse(one.count));
    counts
}

fn latency(endpoints: &[&Endpoint]) -> Option<Latency> {
    let all = endpoints.iter().flat_map(|endpoint| &endpoint.latencies);
    let mut all: Vec<Duration> = all.copied().collect();
    all.sort_unstable();
    // The nearest rank.
    let at = |percent: usize| {
        let rank = (all.len() * percent).div_ceil(100).max(1);
        all.get(rank - 1).copied().map(millis)
    };
    Some(Latency {
        answers: all.len() as u64,
        p50_ms: at(50)?,
        p95_ms: at(95)?,
    })
}

fn allowances(endpoints: &[&Endpoint]) -> Vec<AllowanceSeen> {
    let mut seen: BTreeMap<String, AllowanceSeen> = BTreeMap::new();
    for (header, one) in endpoints.iter().flat_map(|endpoint| &endpoint.allowances) {
        let entry = seen.entry(header.clone()).or_insert_with(|| AllowanceSeen {
            header: header.clone(),
            answers: 0,
            lowest: None,
            highest: None,
        });
        entry.answers += one.answers;
        entry.lowest = entry.lowest.into_iter().chain(one.lowest).min();
        entry.highest = entry.highest.max(one.highest);
    }
    seen.into_values().collect()
}

fn retries(endpoints: &[&Endpoint]) -> Retries {
    let mut retries = Retries {
        helped: Share::default().into(),
        given_up: 0,
        might_have_helped: 0,
    };
    let mut helped = Share::default();
    for endpoint in endpoints {
        let recovery = endpoint.recovery;
        helped.count += recovery.helped;
        helped.of += recovery.tried_again;
        retries.given_up += recovery.given_up;
        if recovery.helped > 0 {
            retries.might_have_helped += recovery.given_up;
        }
    }
    retries.helped = helped.into();
    retries
}
