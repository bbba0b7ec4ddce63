//! The calls of a passing recording and those of the other passes, by what makes them the same call.
//!
//! Answers are compared only between calls that send the same request. Where the requests of a call differ from pass to pass
//! by themselves, all calls of that endpoint are compared; where all others send the same and this one something else, the
//! test went another way, and what follows is its own doing.

use std::collections::{BTreeMap, BTreeSet};

use model::{AttemptId, CallSignature, OddityKind, Phase, Signature, Timestamp};

/// Fewer other passes say nothing: what one of them has may be its own oddity.
const PASSES: usize = 2;

/// What makes a call the same call in another pass, whatever it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key<'a> {
    pub(super) phase: Phase,
    pub(super) peer: &'a str,
    method: &'a str,
    template: &'a str,
    operation: Option<&'a str>,
    /// An interceptor answered: the test's own doing, and never compared.
    pub(super) mocked: bool,
}

impl<'a> Key<'a> {
    pub(super) fn of(call: &'a CallSignature) -> Self {
        Self {
            phase: call.phase,
            peer: &call.peer,
            method: &call.method,
            template: &call.template,
            operation: call.operation.as_deref(),
            mocked: call.mocked,
        }
    }
}

/// Something odd, with the calls that show it.
#[derive(Debug, Clone)]
pub(super) struct Found<'a> {
    pub(super) kind: OddityKind,
    /// Among those of one kind: less is more telling.
    pub(super) weight: u8,
    /// The call here.
    pub(super) here: Option<&'a CallSignature>,
    /// The same call in another pass, where this one did not make it.
    pub(super) there: Option<&'a CallSignature>,
    /// What is odd, to stand behind the call.
    pub(super) text: String,
    /// What that may mean, as a sentence.
    pub(super) moral: &'static str,
}

/// Calls in order of their start.
pub(super) type Calls<'a> = Vec<&'a CallSignature>;

type ByKey<'a> = BTreeMap<Key<'a>, Calls<'a>>;

/// Another pass.
struct Pass<'a> {
    attempt: AttemptId,
    calls: ByKey<'a>,
}

/// A passing recording among the other passes of its test.
pub(super) struct Field<'a> {
    pub(super) own: &'a Signature,
    calls: ByKey<'a>,
    /// Never fewer than [`PASSES`].
    others: Vec<Pass<'a>>,
    /// When the test began to ask for something that no other pass asks for.
    turned: Option<Timestamp>,
}

/// Calls that can be held against each other.
pub(super) struct Pool<'a> {
    /// Those here.
    pub(super) here: Calls<'a>,
    /// Those of each other pass; none of them empty.
    pub(super) there: Vec<Calls<'a>>,
}

impl<'a> Field<'a> {
    /// None when nothing can be said: too few other passes, recordings that are not whole, or a test that was rewritten.
    pub(super) fn new(own: &'a Signature, others: &[&'a Signature]) -> Option<Self> {
        let is_whole = |signature: &Signature| signature.left_out == 0;
        if others.len() < PASSES || !is_whole(own) || !others.iter().all(|other| is_whole(other)) {
            return None;
        }
        let pass = |other: &&'a Signature| Pass {
            attempt: other.attempt_id,
            calls: by_key(other),
        };
        let mut field = Self {
            own,
            calls: by_key(own),
            others: others.iter().map(pass).collect(),
            turned: None,
        };
        let strange: Calls<'_> = field
            .calls()
            .filter(|call| field.is_strange(call))
            .collect();
        field.turned = strange.iter().map(|call| call.start).min();
        let (here, there) = (field.calls().count(), field.fewest_calls());
        let differing = strange.len() + field.keys_left_out();
        // A test of which half is another one was changed, and nothing of it is odd.
        (2 * differing < here.max(there).max(1)).then_some(field)
    }

    /// The calls here.
    pub(super) fn calls(&self) -> impl Iterator<Item = &'a CallSignature> {
        self.calls.values().flatten().copied()
    }

    /// The calls of all other passes of one kind: first those of one pass, then those of the next.
    pub(super) fn there(&self, key: &Key<'a>) -> Vec<&Calls<'a>> {
        let passes = self.others.iter();
        passes.filter_map(|pass| pass.calls.get(key)).collect()
    }

    /// The calls here of one kind.
    pub(super) fn here(&self, key: &Key<'a>) -> &[&'a CallSignature] {
        self.calls.get(key).map_or(&[], Vec::as_slice)
    }

    /// The kinds of calls that every other pass has.
    pub(super) fn everywhere(&self) -> impl Iterator<Item = &Key<'a>> {
        let (first, rest) = self.others.split_at(1);
        let keys = first.iter().flat_map(|pass| pass.calls.keys());
        keys.filter(move |key| rest.iter().all(|pass| pass.calls.contains_key(key)))
    }

    /// The calls with which this one can be compared: every other pass has some, and they send the same, or nobody always
    /// sends the same.
    pub(super) fn pool(&self, call: &'a CallSignature) -> Option<Pool<'a>> {
        let key = Key::of(call);
        let there = self.there(&key);
        if call.mocked || there.len() < self.others.len() {
            return None;
        }
        let same = |calls: &[&'a CallSignature]| -> Calls<'a> {
            let alike = calls.iter().filter(|other| other.request == call.request);
            alike.copied().collect()
        };
        let pool = Pool {
            here: same(self.here(&key)),
            there: there.iter().map(|calls| same(calls)).collect(),
        };
        if pool.there.iter().all(|calls| !calls.is_empty()) {
            return Some(pool);
        }
        (!agree(&there)).then(|| Pool {
            here: self.here(&key).to_vec(),
            there: there.into_iter().cloned().collect(),
        })
    }

    /// Whether the test had asked for something else than in all other passes before this call.
    pub(super) fn had_turned(&self, call: &CallSignature) -> bool {
        self.turned.is_some_and(|turned| turned <= call.start)
    }

    /// Whether the test asks for nothing but what other passes ask for.
    pub(super) fn never_turned(&self) -> bool {
        self.turned.is_none()
    }

    /// Whether the test itself has written something before this call, in every other pass that makes it.
    pub(super) fn follows_a_write(&self, call: &'a CallSignature) -> bool {
        let key = Key::of(call);
        self.others.iter().all(|pass| {
            let last = pass.calls.get(&key).and_then(|calls| calls.last());
            let mut all = pass.calls.values().flatten();
            last.is_none_or(|last| {
                all.any(|one| one.phase == Phase::Body && one.writes && one.start < last.start)
            })
        })
    }

    /// The same call in that pass: with the same request, else of the same kind.
    pub(super) fn counterpart(
        &self,
        call: &'a CallSignature,
        pass: AttemptId,
    ) -> Option<&'a CallSignature> {
        let pass = self.others.iter().find(|other| other.attempt == pass)?;
        let calls = pass.calls.get(&Key::of(call))?;
        let same = calls.iter().find(|other| other.request == call.request);
        same.or(calls.first()).copied()
    }

    /// Whether no other pass asks for that, although they agree on what they ask for.
    fn is_strange(&self, call: &'a CallSignature) -> bool {
        let there = self.there(&Key::of(call));
        let asks = |calls: &&Calls<'_>| calls.iter().any(|other| other.request == call.request);
        there.is_empty()
            || there.len() == self.others.len() && agree(&there) && !there.iter().any(asks)
    }

    /// Kinds of calls that every other pass makes and this one does not.
    fn keys_left_out(&self) -> usize {
        let left_out = |key: &&Key<'a>| !self.calls.contains_key(*key);
        self.everywhere().filter(left_out).count()
    }

    fn fewest_calls(&self) -> usize {
        let count = |pass: &Pass<'_>| pass.calls.values().map(Vec::len).sum();
        self.others.iter().map(count).min().unwrap_or_default()
    }
}

/// Whether calls of several passes send the same requests, however often each.
fn agree(passes: &[&Calls<'_>]) -> bool {
    let sent =
        |calls: &&Calls<'_>| -> BTreeSet<u64> { calls.iter().map(|call| call.request).collect() };
    let mut sent = passes.iter().map(sent);
    let first = sent.next();
    sent.all(|other| Some(&other) == first.as_ref())
}

/// The calls that count: those that the attempt made itself until its end.
fn by_key(signature: &Signature) -> ByKey<'_> {
    let mut calls = ByKey::new();
    for call in &signature.calls {
        if !call.in_fixture && call.phase != Phase::After {
            calls.entry(Key::of(call)).or_default().push(call);
        }
    }
    calls
}
