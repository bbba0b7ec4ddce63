//! A diagnosis: why an attempt failed, as far as the evidence carries.

use crate::{AttemptId, BaselineBasis, Role, RunId, SpanId, Timestamp};

/// Version of the rules. Raised whenever a rule may come to another conclusion from the same evidence.
pub const RULES_VERSION: u32 = 14;

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnosis {
    /// The kind of cause.
    pub cause: Cause,
    /// Whose it is.
    pub owner: Owner,
    /// How sure that is.
    pub confidence: Confidence,
    /// Said only when all conditions of the design hold; see `docs/design`.
    pub not_your_code: bool,
    /// One sentence for people.
    pub summary: String,
    /// What did it.
    pub culprit: Option<Culprit>,
    /// Facts that speak for it, each with the span it stands on; most telling first.
    pub findings: Vec<Finding>,
    /// Facts that speak against it.
    pub counter: Vec<Finding>,
    /// What therefore never happened.
    pub therefore: Vec<String>,
    /// What is missing, or would change our mind.
    pub missing: Vec<String>,
    /// Other causes that the evidence does not rule out, best first.
    pub rivals: Vec<Candidate>,
    /// The identity of the cause across tests, runs and branches. Empty when undetermined.
    pub fingerprint: String,
    /// Version of the rules that concluded it.
    pub rules_version: u32,
    /// What of the evidence is shown beside it. None only where it was kept by a version that knew of no such thing.
    pub exhibits: Option<Exhibits>,
}

/// A cause that was considered.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The kind of cause.
    pub cause: Cause,
    /// One sentence for people.
    pub summary: String,
    /// The exchange or span that it stands on.
    pub span_id: Option<SpanId>,
}

/// A fact, and the span that it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The fact, for people.
    pub text: String,
    /// Where to see it.
    pub span_id: Option<SpanId>,
}

/// What did it: an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Culprit {
    /// Its span.
    pub span_id: SpanId,
    /// The method of the request.
    pub method: String,
    /// The URL of the request, masked.
    pub url: String,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The error on the network or in the client, if there was one.
    pub error: Option<String>,
    /// Whom it went to.
    pub peer: String,
    /// In what role.
    pub role: Role,
}

/// What of the evidence is shown beside a diagnosis, so that who shows it need not read a recording.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exhibits {
    /// The culprit's exchange.
    pub culprit: Option<CulpritExhibit>,
    /// The passing recording.
    pub baseline: Option<BaselineExhibit>,
}

/// What the exchange of the culprit looked like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CulpritExhibit {
    /// When it began.
    pub start: Timestamp,
    /// When it ended, if it did.
    pub end: Option<Timestamp>,
    /// `retry-after` of the answer.
    pub retry_after: Option<String>,
    /// The beginning of the answer's body, bounded; none where it is no text or empty.
    pub excerpt: Option<String>,
    /// There is more of the body.
    pub excerpt_cut: bool,
}

/// The passing recording with which a diagnosis compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineExhibit {
    /// Its run.
    pub run_id: RunId,
    /// The attempt that passed.
    pub attempt_id: AttemptId,
    /// Why it was chosen.
    pub basis: BaselineBasis,
    /// When its run began.
    pub run_started: Timestamp,
    /// The branch on which it was recorded, if known.
    pub branch: Option<String>,
    /// The commit on which it was recorded, if known.
    pub commit: Option<String>,
    /// The culprit's counterpart there, if it was made there.
    pub call: Option<BaselineCall>,
}

/// What a call got in the passing recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineCall {
    /// Its span.
    pub span_id: SpanId,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The error on the network or in the client, if there was one.
    pub error: Option<String>,
    /// When it began.
    pub start: Timestamp,
    /// When it ended, if it did.
    pub end: Option<Timestamp>,
}

macro_rules! words {
    ($(#[$type_doc:meta])* $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)? }) => {
        $(#[$type_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $($(#[$doc])* $variant),+ }

        impl $type {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable identifier, as in files and reports.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The one with this identifier.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == name)
            }
        }
    };
}

words! {
    /// The kind of cause.
    Cause {
        /// Refused for quota.
        RateLimited = "rate-limited",
        /// An error or a malformed answer.
        DependencyError = "dependency-error",
        /// A client gave up waiting, or the test's time ran out while it waited.
        DependencySlow = "dependency-slow",
        /// Refused, reset, DNS, TLS.
        Unreachable = "unreachable",
        /// A token revoked, expired, of the wrong scope.
        Credentials = "credentials",
        /// The test looked before the data had arrived.
        Race = "race",
        /// A cache answered with what was there before.
        StaleRead = "stale-read",
        /// An answer's shape changed.
        ContractChange = "contract-change",
        /// The test itself.
        TestCode = "test-code",
        /// The product.
        Product = "product",
        /// The machine.
        Environment = "environment",
        /// The evidence does not decide.
        Undetermined = "undetermined",
    }
}

words! {
    /// Whose a cause is.
    Owner {
        /// The software under test.
        Product = "product",
        /// The test's code.
        Test = "test",
        /// Somebody else's service.
        Dependency = "dependency",
        /// The test environment.
        Environment = "environment",
        /// The evidence does not say.
        Unknown = "unknown",
    }
}

words! {
    /// How sure a diagnosis is; the words have the fixed meanings of the design.
    Confidence {
        /// Compared with a passing recording, and nothing else explains it.
        Established = "established",
        /// Pattern and timing say so, but a baseline or a role is missing.
        Likely = "likely",
        /// The evidence does not decide.
        Undetermined = "undetermined",
    }
}
