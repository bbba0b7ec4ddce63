//! The rules: each reads the calls that are open to question and names those that it recognises. What is never blamed
//! is left out before (`innocence`); who of several suspects it was is decided after (`rank`).

pub(crate) mod alone;
mod changed_since;
pub(crate) mod contract_change;
pub(crate) mod credentials;
pub(crate) mod dependency_error;
pub(crate) mod dependency_slow;
pub(crate) mod environment;
mod in_the_way;
mod late;
mod meanwhile;
mod product;
pub(crate) mod race;
pub(crate) mod rate_limited;
pub(crate) mod relayed;
pub(crate) mod shared_state;
pub(crate) mod stale_read;
mod swapped;
mod taken;
pub(crate) mod test_code;
pub(crate) mod unreachable;
mod withheld;

use model::{Cause, Owner, Peer, Role, RoleBasis, peer};

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
    /// What the failure says was laid over this very answer.
    pub(crate) spoken_of: bool,
    /// Why this can be no more than likely, if so.
    pub(crate) doubt: Option<String>,
    /// Further facts that speak for it.
    pub(crate) findings: Vec<String>,
    /// Facts that speak against it.
    pub(crate) counter: Vec<String>,
    /// The whole clause, where it is not about what a peer did: `the test looked for … before it was there`.
    pub(crate) clause: Option<String>,
    /// What did it, for the fingerprint, where that is not the call: the request of another test.
    pub(crate) done_by: Option<String>,
    /// What the rule itself asks for before the word *established* may be said.
    pub(crate) stands: Stands,
}

/// What must hold for a rule's verdict to be *established*, beside that it is the earliest difference, that the failure
/// is linked with it and that no rival is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    /// That the role of the peer is known.
    WithRole,
    /// Nothing more: it is not about the peer.
    Alone,
    /// It cannot be established by this rule.
    Never,
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
            spoken_of: false,
            doubt: None,
            findings: Vec::new(),
            counter: Vec::new(),
            clause: None,
            done_by: None,
            stands: Stands::WithRole,
        }
    }

    /// Whether it is about what an answer says, rather than that there was none or an error.
    pub(crate) fn is_of_content(&self) -> bool {
        matches!(
            self.cause,
            Cause::Race | Cause::StaleRead | Cause::ContractChange | Cause::Product
        ) || self.cause == Cause::TestCode && !self.elsewhere
            || self.stands == Stands::Never
    }

    /// Whether it says no more than that an answer was not as it should be: a more special reading of the same call is
    /// no rival of it.
    pub(crate) fn is_general(&self) -> bool {
        matches!(self.cause, Cause::Product | Cause::DependencyError)
    }

    /// Whether a request is what differs, the test's own or the product's.
    pub(crate) fn is_of_request(&self) -> bool {
        matches!(self.cause, Cause::TestCode | Cause::Product)
            && matches!(self.class.as_str(), "asks" | "left-out" | "extra")
    }

    /// A suspect that is told in a clause of its own, and whose owner does not depend on the role of the peer.
    pub(crate) fn told(
        cause: Cause,
        place: (usize, usize),
        class: impl Into<String>,
        clause: String,
        strength: u32,
        owner: Option<Owner>,
    ) -> Self {
        Self {
            clause: Some(clause),
            owner,
            stands: Stands::Alone,
            ..Self::new(cause, place, class, String::new(), strength)
        }
    }
}

/// What all rules say.
pub(crate) fn consider(context: &Context) -> Vec<Suspect> {
    let suspects = [
        rate_limited::consider,
        credentials::consider,
        withheld::consider,
        relayed::consider,
        unreachable::consider,
        dependency_slow::consider,
        dependency_error::consider,
        stale_read::consider,
        shared_state::consider,
        race::consider,
        contract_change::consider,
        product::consider,
        test_code::consider,
        environment::consider,
        alone::consider,
    ]
    .into_iter()
    .flat_map(|rule| rule(context))
    .map(|suspect| at_another_port(context, suspect))
    .map(|suspect| at_another_address(context, suspect))
    .map(|suspect| of_the_product(context, suspect))
    .map(|suspect| behind_a_busy_process(context, suspect))
    .map(|suspect| of_the_tests_own_server(context, suspect))
    .map(|suspect| environment::unless_slow_as_all(context, suspect))
    .collect();
    unless_all_was_slow(suspects)
}

/// Where everything was slow, the call at which the time ran out is no slower than the others.
fn unless_all_was_slow(mut suspects: Vec<Suspect>) -> Vec<Suspect> {
    let slow = |one: &Suspect| one.cause == Cause::Environment && one.class == environment::SLOW;
    if suspects.iter().any(slow) {
        suspects.retain(|one| one.cause != Cause::DependencySlow || !one.awaited);
    }
    suspects
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

/// A server in the tests' own process refuses nobody, unless the tests have closed it, or not started it.
fn of_the_tests_own_server(context: &Context, suspect: Suspect) -> Suspect {
    let exchange = &context.try_at(suspect.call, suspect.at).exchange;
    let listeners = context
        .evidence
        .baseline
        .iter()
        .flat_map(|baseline| &baseline.listeners);
    let is_own = listeners
        .filter(|listener| Some(listener.port) == exchange.port && listener.open)
        .any(|listener| listener.runs_tests);
    if suspect.class != "ECONNREFUSED" || !is_own || !peer::is_loopback(&exchange.host) {
        return suspect;
    }
    let port = exchange.port.unwrap_or_default();
    Suspect {
        cause: Cause::TestCode,
        owner: Some(Owner::Test),
        detail: Some(format!(
            "while in the passing run the tests' own process listened on port {port}"
        )),
        doubt: Some("who closed the server, or did not start it".to_owned()),
        ..suspect
    }
}

/// Whether a peer is the product by more than habit: stand-ins are started by the command, too.
pub(crate) fn is_product(peer: &Peer) -> bool {
    peer.role == Role::Product && peer.basis != RoleBasis::StartedByCommand
}

/// An error of the product is the product's, and not that of a dependency.
fn of_the_product(context: &Context, suspect: Suspect) -> Suspect {
    let peer = &context.calls[suspect.call].peer;
    let answered_before = || {
        let mut earlier = (0..suspect.call).map(|other| &context.calls[other]);
        earlier.any(|other| other.peer == *peer && other.last().is_fine())
    };
    // It was there, and went: between the tests and their product there is seldom anybody else.
    if suspect.class == "ECONNRESET" && is_product(peer) && answered_before() {
        return Suspect {
            cause: Cause::Product,
            stands: Stands::Never,
            doubt: Some("whether the product ended the connection, or somebody between".to_owned()),
            ..suspect
        };
    }
    let is_product = peer.role == Role::Product;
    if suspect.cause == Cause::DependencyError && is_product {
        Suspect {
            cause: Cause::Product,
            ..suspect
        }
    } else {
        suspect
    }
}

/// A call to another address than ever that got no answer is the test's doing.
fn at_another_address(context: &Context, suspect: Suspect) -> Suspect {
    let unanswered = matches!(suspect.cause, Cause::Unreachable | Cause::DependencySlow)
        || suspect.class == "malformed";
    let Some(expected) = elsewhere::other_address(context, suspect.call).filter(|_| unanswered)
    else {
        return suspect;
    };
    Suspect {
        cause: Cause::TestCode,
        detail: Some(format!("while {expected}")),
        owner: Some(Owner::Test),
        doubt: Some("why the test calls another address".to_owned()),
        elsewhere: true,
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
        cause: Cause::TestCode,
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
