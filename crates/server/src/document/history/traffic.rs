//! What recordings asked of their peers, kept beside them once it was counted.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::Result;
use diagnosis::history::{Allowance, CallName, Endpoint, Place, Recovery, Shape, Traffic, traffic};
use model::{Attempt, AttemptStatus, Role, Run, RunState, TraceId};
use serde::{Deserialize, Serialize};
use store::{Derived, DerivedKind, Mark, Part, Store};

/// Raised with every change of [`Kept`] and of what is counted.
const KIND: DerivedKind = DerivedKind {
    name: "traffic",
    version: 2,
};

/// An endpoint as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    peer: String,
    method: String,
    template: String,
    operation: Option<String>,
    role: String,
    calls: u64,
    tries: u64,
    errors: BTreeMap<String, u64>,
    /// Microseconds.
    latencies: Vec<u64>,
    /// Answers, lowest, highest.
    allowances: BTreeMap<String, (u64, Option<u64>, Option<u64>)>,
    /// Helped, tried again, given up.
    recovery: (u64, u64, u64),
    /// By path: answers, and kinds of values.
    shape: BTreeMap<String, (u64, BTreeSet<String>)>,
}

/// What these attempts of a run asked of their peers, added up. Shapes of answers are those of passing attempts only.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn of_attempts(store: &dyn Store, run: &Run, attempts: &[Attempt]) -> Result<Traffic> {
    let parts: Vec<Part> = attempts
        .iter()
        .map(|attempt| Part::Trace(attempt.id.into()))
        .collect();
    let listeners = store.listeners(run.id)?;
    let mut sum = Traffic::default();
    let mut computed = Vec::new();
    for (attempt, kept) in attempts.iter().zip(store.derived(KIND, &parts)?) {
        let trace = TraceId::from(attempt.id);
        let known = kept.data.as_deref().and_then(decode);
        let mut one = match known {
            Some(known) => known,
            None => {
                let recording = store::recording(store, trace)?;
                let counted = traffic(&recording, &run.peers, &listeners);
                computed.extend(encode(trace, kept.mark, &counted));
                counted
            }
        };
        if attempt.status != AttemptStatus::Passed {
            let endpoints = one.endpoints.values_mut();
            endpoints.for_each(|endpoint| endpoint.shape = Shape::default());
        }
        sum.add(one);
    }
    // A run that goes on would have it computed and written again and again.
    if run.state != RunState::Recording && !computed.is_empty() {
        let _unkept = store.put_derived(&computed);
    }
    Ok(sum)
}

/// None when it cannot be written, which no traffic leads to.
fn encode(trace: TraceId, mark: Mark, traffic: &Traffic) -> Option<Derived> {
    let endpoints: Vec<Kept> = traffic
        .endpoints
        .iter()
        .map(|(name, endpoint)| Kept {
            peer: name.peer.clone(),
            method: name.method.clone(),
            template: name.template.clone(),
            operation: name.operation.clone(),
            role: endpoint.role.as_str().to_owned(),
            calls: endpoint.calls,
            tries: endpoint.tries,
            errors: endpoint.errors.clone(),
            latencies: endpoint.latencies.iter().copied().map(micros).collect(),
            allowances: endpoint
                .allowances
                .iter()
                .map(|(header, seen)| (header.clone(), (seen.answers, seen.lowest, seen.highest)))
                .collect(),
            recovery: {
                let Recovery {
                    helped,
                    tried_again,
                    given_up,
                } = endpoint.recovery;
                (helped, tried_again, given_up)
            },
            shape: endpoint
                .shape
                .paths
                .iter()
                .map(|(path, place)| (path.clone(), (place.answers, place.kinds.clone())))
                .collect(),
        })
        .collect();
    Some(Derived {
        part: Part::Trace(trace),
        mark,
        kind: KIND,
        data: serde_json::to_vec(&endpoints).ok()?,
    })
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// None where it is not what this version writes: then it is computed again.
fn decode(data: &[u8]) -> Option<Traffic> {
    let kept: Vec<Kept> = serde_json::from_slice(data).ok()?;
    let endpoints = kept.into_iter().map(|kept| {
        let name = CallName {
            peer: kept.peer,
            method: kept.method,
            template: kept.template,
            operation: kept.operation,
        };
        let (helped, tried_again, given_up) = kept.recovery;
        let allowance = |(header, (answers, lowest, highest))| {
            let seen = Allowance {
                answers,
                lowest,
                highest,
            };
            (header, seen)
        };
        let place = |(path, (answers, kinds))| (path, Place { answers, kinds });
        let endpoint = Endpoint {
            role: Role::from_name(&kept.role)?,
            calls: kept.calls,
            tries: kept.tries,
            errors: kept.errors,
            latencies: kept
                .latencies
                .into_iter()
                .map(Duration::from_micros)
                .collect(),
            allowances: kept.allowances.into_iter().map(allowance).collect(),
            recovery: Recovery {
                helped,
                tried_again,
                given_up,
            },
            shape: Shape {
                paths: kept.shape.into_iter().map(place).collect(),
            },
        };
        Some((name, endpoint))
    });
    Some(Traffic {
        endpoints: endpoints.collect::<Option<_>>()?,
    })
}
