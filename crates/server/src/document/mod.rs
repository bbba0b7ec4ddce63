//! The documents made of what is stored: what `--report-json` writes, every other report is printed from, and the HTTP
//! API answers.

mod baseline;
mod build;
mod calls;
mod causes;
mod diagnosis;
mod diff;
mod graph;
mod head;
mod history;
mod lists;
mod logs;
mod outages;
mod recording;
mod runs;
mod span;
mod stack;
mod types;
mod undeclared;
mod unlike;

use anyhow::Result;
use model::RunId;
use store::{AttemptQuery, Store};

pub(crate) use crate::service::Peers;
pub(crate) use build::attempt_row;
pub use build::{build, run_entry, short_id};
pub use calls::{Call, CallList, calls};
pub use causes::{CauseGroup, GroupedFailure, causes};
pub use diff::{Against, Diff, DiffCall, DiffKind, DiffSide, DiffValue, Difference, Hidden, diff};
pub use graph::{Edge, Graph, Node, NodeKind, graph};
pub use head::{Head, Try, head};
pub use history::{
    AllowanceSeen, AnswerChange, AttemptCounts, CallId, CauseShare, CausedFailures, Dependency,
    DependencyList, Differences, Dispute, Distinction, DurationTrend, FlakeRates, Hit, Incident,
    IncidentKind, IncidentList, Latency, NamedTest, Novelty, OutcomeCount, Past, Poll, Rate,
    Refused, Retries, ReviewEntry, ReviewList, Seen, Spread, TestHistory, Window, dependencies,
    incidents, outage_word, reviews, test_history, test_list,
};
pub use lists::{ListedRun, ListedTest, RunList, TestList};
pub use logs::{LogList, Record, logs};
pub use outages::RunOutage;
pub use recording::{Exchange, Header, Log, Message, Recording, Step, WebSocket, recording};
pub use runs::{CauseCount, Place, RunPage, RunRow, counts, run_page};
pub use span::{Event, SpanDetail, Timing, span};
pub use types::*;
pub use undeclared::UndeclaredPeer;
pub use unlike::{Oddity, Unlike, UnlikeGroup, UnlikePass, unlike_groups};

/// The rows of all attempts of a run.
pub(crate) fn of_run(store: &dyn Store, run: RunId) -> Result<Vec<(model::Attempt, model::Test)>> {
    let query = AttemptQuery {
        run: Some(run),
        ..AttemptQuery::default()
    };
    Ok(store.attempts(&query)?)
}
