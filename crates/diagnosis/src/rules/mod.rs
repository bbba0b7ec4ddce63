//! The rules: each reads the calls that are open to question and names those that it recognises. What is never blamed
//! is left out before (`innocence`); who of several suspects it was is decided after (`rank`).

pub(crate) mod credentials;
pub(crate) mod dependency_error;
pub(crate) mod dependency_slow;
pub(crate) mod rate_limited;
pub(crate) mod unreachable;

use model::{Cause, Owner};

use crate::context::Context;
use crate::elsewhere;
use crate::sentence;

/// A call that a rule recognised.
#[derive(Debug, Clone)]
pub(crate) struct Suspect {
    pub(crate) cause: Cause,
    /// The call, and the try in it that shows it.
    pub(crate) call: usize,
    pub(crate) at: usize,
    /// The class of the error for the fingerprint: `429`, `ECONNRESET`, `timeout`.
    pub(crate) class: String,
    /// What the peer did, to stand after its name: `answered 429 (Rate Exceeded)`.
    pub(crate) happened: String,
    /// What else belongs into the sentence, to stand after the time: `to a token that had expired 12 min earlier`.
    pub(crate) detail: Option<String>,
    /// How strong the pattern is by itself, of 100; from the rule table of the research.
    pub(crate) strength: u32,
    /// Whose it is, where the role of the peer does not say.
    pub(crate) owner: Option<Owner>,
    /// The test was waiting for it when its time ran out.
    pub(crate) awaited: bool,
    /// The test's time ran out because of it, although it was over in the end.
    pub(crate) used_up: bool,
    /// It went to another port than the peer's.
    pub(crate) elsewhere: bool,
    /// Why this can be no more than likely, if so.
    pub(crate) doubt: Option<String>,
    /// Further facts that speak for it.
    pub(crate) findings: Vec<String>,
    /// Facts that speak against it.
    pub(crate) counter: Vec<String>,
}

impl Suspect {
    /// A suspect with nothing special about it.
    pub(crate) fn new(
        cause: Cause,
        (call, at): (usize, usize),
        class: impl Into<String>,
        happened: String,
        strength: u32,
    ) -> Self {
        Self {
            cause,
            call,
            at,
            class: class.into(),
            happened,
            detail: None,
            strength,
            owner: None,
            awaited: false,
            used_up: false,
            elsewhere: false,
            doubt: None,
            findings: Vec::new(),
            counter: Vec::new(),
        }
    }
}

/// What all rules say.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    [
        rate_limited::consider,
        credentials::consider,
        unreachable::consider,
        dependency_slow::consider,
        dependency_error::consider,
    ]
    .into_iter()
    .flat_map(|rule| rule(context))
    .map(|suspect| at_another_port(context, suspect))
    .map(|suspect| behind_a_busy_process(context, suspect))
    .collect()
}

/// A service that was too busy to read an answer passes on a timeout that says nothing of itself or of its peer.
fn behind_a_busy_process(context: &Context, suspect: Suspect) -> Suspect {
    let Some((clause, inner)) = dependency_slow::busy_within(context, suspect.call) else {
        return suspect;
    };
    let call = sentence::call(&context.calls[inner]);
    Suspect {
        doubt: Some(format!("why {call}, made for it, got no answer: {clause}")),
        ..suspect
    }
}

/// A call to another port than the peer's is the test's doing, whatever became of it there.
fn at_another_port(context: &Context, suspect: Suspect) -> Suspect {
    let Some(expected) = elsewhere::expected(context, suspect.call) else {
        return suspect;
    };
    let exchange = &context.try_at(suspect.call, suspect.at).exchange;
    let port = exchange.port.unwrap_or_default();
    let happened = if suspect.class == "ECONNREFUSED" {
        format!("was called on port {port}, which refused the connection (ECONNREFUSED)")
    } else {
        format!("was called on port {port} and {}", suspect.happened)
    };
    Suspect {
        happened,
        detail: Some(format!("while {expected}")),
        owner: Some(Owner::Test),
        doubt: Some(format!(
            "why the test calls port {port}, which is not the peer's fault"
        )),
        elsewhere: true,
        ..suspect
    }
}
