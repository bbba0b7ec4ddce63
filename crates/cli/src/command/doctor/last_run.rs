//! What the newest run holds, counted by client, agent and gap.

use std::collections::BTreeMap;

use anyhow::Result;
use model::{AttemptKind, GapKind, Role, RunId};
use server::document::{build, calls, run_entry};
use store::{AttemptQuery, RunQuery, Store};

use super::checkup::{Counted, LastRun};

/// The most recordings that are read.
const RECORDINGS: usize = 1_000;

/// What the newest run holds; nothing when there is none.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn read(store: &dyn Store) -> Result<Option<LastRun>> {
    let newest = RunQuery {
        limit: Some(1),
        ..RunQuery::default()
    };
    let Some(run) = store.runs(&newest)?.pop() else {
        return Ok(None);
    };
    let id = run.id;
    let entry = run_entry(store, run)?;
    let mut last = LastRun {
        short_id: entry.short_id,
        started: entry.started,
        command: entry.command,
        ..LastRun::default()
    };
    let processes = store.processes(id)?;
    last.processes = count(processes.into_iter().map(|process| (process.agent, 1)));
    last.peers = build(store, id)?.undeclared;
    gaps(store, id, &mut last)?;
    recordings(store, id, &mut last)?;
    Ok(Some(last))
}

fn gaps(store: &dyn Store, run: RunId, last: &mut LastRun) -> Result<()> {
    let (unseen, others): (Vec<_>, Vec<_>) = store
        .gaps(run)?
        .into_iter()
        .partition(|gap| gap.kind == GapKind::ClientUnseen);
    // The detail begins with the client's name; a call of it follows.
    last.unseen = count(unseen.into_iter().map(|gap| {
        let detail = gap.detail.unwrap_or_default();
        let name = detail.split(' ').next().unwrap_or_default();
        (name.to_owned(), gap.count)
    }));
    // Suites end their servers by signals, and each record is written before its process goes on.
    let unfinished = others
        .iter()
        .any(|gap| gap.kind == GapKind::AttemptUnfinished);
    let others = others.into_iter();
    let others = others.filter(|gap| unfinished || gap.kind != GapKind::ProcessKilled);
    last.gaps = count(others.map(|gap| (gap.kind.as_str().to_owned(), gap.count)));
    Ok(())
}

fn recordings(store: &dyn Store, run: RunId, last: &mut LastRun) -> Result<()> {
    let attempts = store.attempts(&AttemptQuery {
        run: Some(run),
        ..AttemptQuery::default()
    })?;
    let tests = attempts
        .iter()
        .filter(|(attempt, _)| attempt.kind == AttemptKind::Test);
    last.tests = tests.count() as u64;
    last.cut = attempts.len() > RECORDINGS;
    let (mut clients, mut undeclared) = (Vec::new(), Vec::new());
    for (attempt, _) in attempts.iter().take(RECORDINGS) {
        for call in calls(store, attempt.id)?.calls {
            // What has no client was told by a service's own tracing.
            clients.push((call.client.unwrap_or_else(|| "OpenTelemetry".into()), 1));
            if call.role == Role::Unknown.as_str() {
                undeclared.push((call.host, 1));
            }
        }
    }
    last.calls = count(clients.into_iter());
    last.undeclared = count(undeclared.into_iter());
    Ok(())
}

/// Adds up what has the same name; the most first.
fn count(named: impl Iterator<Item = (String, u64)>) -> Vec<Counted> {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for (name, count) in named {
        *sums.entry(name).or_default() += count;
    }
    let mut counted: Vec<Counted> = sums
        .into_iter()
        .map(|(name, count)| Counted { name, count })
        .collect();
    counted.sort_by_key(|counted| std::cmp::Reverse(counted.count));
    counted
}
