//! What other tests of a run wrote to the peers that an attempt called: who may have changed what it read.
//!
//! Those that may be about the same thing come first: they share an identifier with the attempt, or were sent to the same
//! path, to one above or below it. Then those whose path names nothing in particular, such as `/reset`: they may be about
//! anything. Then all others. Of each kind those that began last before the attempt ended. All is looked up by what it has
//! in common, because a run may have a thousand failures and a hundred thousand writes.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use model::{
    Attempt, AttemptId, CallSignature, Signature, SmolStr, TOUCH_LIMIT, Test, Touch, TraceId, peer,
};

use super::lookup::{Lookup, hash};

/// The most writes of a run that are held, about a kilobyte each; the first ones that are given.
const WRITE_LIMIT: u32 = 200_000;

/// A server: the peer, its host (none for this machine, which has many names) and port.
type Place = (SmolStr, Option<SmolStr>, Option<u16>);

/// The writes of a run, by server. Places in lists are those in the list of all, and so by start.
#[derive(Default)]
pub(super) struct Writes {
    /// By start, once they are sorted.
    all: Vec<Write>,
    by_id: Lookup,
    /// By number of the server and path.
    by_path: Lookup,
    /// By number of the server and each path above theirs.
    by_path_above: Lookup,
    places: HashMap<Place, OfPlace>,
    /// Writes beyond the limit.
    pub(super) left_out: u64,
}

struct Write {
    attempt_id: AttemptId,
    test: SmolStr,
    worker: Option<SmolStr>,
    place: Place,
    call: CallSignature,
}

/// Writes to one server.
struct OfPlace {
    number: usize,
    /// Those whose path names nothing in particular.
    bare: Vec<u32>,
    all: Vec<u32>,
}

impl Writes {
    /// Adds the writes of an attempt or a fixture.
    pub(super) fn add(&mut self, attempt: &Attempt, test: &Test, signature: Signature) {
        let test = SmolStr::from(test.title());
        let worker = attempt.worker.as_ref().map(SmolStr::new);
        let calls = signature.calls.into_iter();
        for call in calls.filter(|call| call.writes && !call.in_fixture) {
            if self.all.len() >= WRITE_LIMIT as usize {
                self.left_out += 1;
                continue;
            }
            self.all.push(Write {
                attempt_id: attempt.id,
                test: test.clone(),
                worker: worker.clone(),
                place: place(&call),
                call,
            });
        }
    }

    /// How many are held.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Makes what was added ready to be looked up.
    pub(super) fn sort(&mut self) {
        self.all
            .sort_by_key(|write| (write.call.start, write.attempt_id, write.call.span_id));
        for (at, write) in (0..).zip(&self.all) {
            let call = &write.call;
            for id in call.ids.iter().chain(&call.made) {
                self.by_id.add(hash(id.as_str()), at);
            }
            let number = self.places.len();
            let place = self.places.entry(write.place.clone());
            let place = place.or_insert_with(|| OfPlace::new(number));
            place.all.push(at);
            if call.template == call.path {
                place.bare.push(at);
            }
            let mut paths = and_above(path(call)).map(|path| hash((place.number, path)));
            paths
                .next()
                .into_iter()
                .for_each(|own| self.by_path.add(own, at));
            paths.for_each(|above| self.by_path_above.add(above, at));
        }
        for lookup in [&mut self.by_id, &mut self.by_path, &mut self.by_path_above] {
            lookup.sort();
        }
    }

    /// The writes of other attempts that this one may have met, by start.
    pub(super) fn touches(&self, attempt: &Attempt, signature: &Signature) -> Vec<Touch> {
        let calls = || signature.calls.iter().filter(|call| !call.mocked);
        let mut paths: HashMap<Place, BTreeSet<&str>> = HashMap::new();
        for call in calls() {
            paths.entry(place(call)).or_default().insert(path(call));
        }
        let met = Met::new(&self.all, attempt);
        let mut kinds: [Latest; 3] = Default::default();
        let called = |write: &Write| paths.contains_key(&write.place);
        for (hash, id) in distinct_ids(calls()) {
            let is_it = |write: &Write| names(write, id) && called(write);
            kinds[0].extend(met.latest(self.by_id.of(hash), is_it));
        }
        for (place, paths) in &paths {
            if let Some(of_place) = self.places.get(place) {
                self.related(&met, (place, of_place.number), paths, &mut kinds[0]);
                for (kind, list) in [(1, &of_place.bare), (2, &of_place.all)] {
                    kinds[kind].extend(met.latest(list.iter().copied(), |_| true));
                }
            }
        }
        let mut kept = BTreeSet::new();
        for at in kinds.into_iter().flat_map(Latest::into_places) {
            if kept.len() < TOUCH_LIMIT {
                kept.insert(at);
            }
        }
        kept.into_iter().map(|at| met.write(at).touch()).collect()
    }

    /// Writes to paths of a server that the attempt called, to those above and below.
    fn related(
        &self,
        met: &Met<'_>,
        (place, number): (&Place, usize),
        paths: &BTreeSet<&str>,
        into: &mut Latest,
    ) {
        let of_place = |write: &Write, is_it: bool| is_it && write.place == *place;
        let and_above: BTreeSet<&str> = paths.iter().flat_map(|path| and_above(path)).collect();
        for wanted in and_above {
            let written = self.by_path.of(hash((number, wanted)));
            let is_it = |write: &Write| of_place(write, path(&write.call) == wanted);
            into.extend(met.latest(written, is_it));
        }
        for wanted in paths {
            let written = self.by_path_above.of(hash((number, wanted)));
            let below = |write: &Write| and_above_of(write).skip(1).any(|above| above == *wanted);
            into.extend(met.latest(written, |write| of_place(write, below(write))));
        }
    }
}

impl OfPlace {
    fn new(number: usize) -> Self {
        Self {
            number,
            bare: Vec::new(),
            all: Vec::new(),
        }
    }
}

impl Write {
    fn touch(&self) -> Touch {
        Touch {
            attempt_id: self.attempt_id,
            test: self.test.clone(),
            worker: self.worker.clone(),
            call: self.call.clone(),
        }
    }
}

/// Which writes an attempt may have met.
struct Met<'a> {
    writes: &'a [Write],
    /// The first that began when the attempt was over.
    end: u32,
    own: HashSet<AttemptId>,
}

impl<'a> Met<'a> {
    fn new(writes: &'a [Write], attempt: &Attempt) -> Self {
        let began_before = |write: &Write| attempt.end.is_none_or(|end| write.call.start < end);
        let end = writes.partition_point(began_before);
        Self {
            writes,
            end: u32::try_from(end).unwrap_or(u32::MAX),
            own: own(attempt),
        }
    }

    fn write(&self, at: u32) -> &'a Write {
        &self.writes[at as usize]
    }

    /// The latest of these places that are met and wanted, latest first.
    fn latest(
        &self,
        places: impl DoubleEndedIterator<Item = u32>,
        is_wanted: impl Fn(&Write) -> bool,
    ) -> impl Iterator<Item = u32> {
        let met = places.rev().skip_while(|at| *at >= self.end);
        let of_others = met.filter(move |at| {
            let write = self.write(*at);
            !self.own.contains(&write.attempt_id) && is_wanted(write)
        });
        of_others.take(TOUCH_LIMIT)
    }
}

/// The latest of all places that were put in, each once, as many as are ever wanted.
#[derive(Default)]
struct Latest(Vec<u32>);

impl Latest {
    fn extend(&mut self, places: impl Iterator<Item = u32>) {
        self.0.extend(places);
        if self.0.len() > 16 * TOUCH_LIMIT {
            self.settle();
        }
    }

    fn settle(&mut self) {
        self.0.sort_unstable_by_key(|at| Reverse(*at));
        self.0.dedup();
        self.0.truncate(TOUCH_LIMIT);
    }

    /// Latest first.
    fn into_places(mut self) -> Vec<u32> {
        self.settle();
        self.0
    }
}

/// The identifiers that calls name or made, each once, with their hashes.
fn distinct_ids<'s>(calls: impl Iterator<Item = &'s CallSignature>) -> Vec<(u64, &'s str)> {
    let ids = calls.flat_map(|call| call.ids.iter().chain(&call.made));
    let mut ids: Vec<(u64, &str)> = ids.map(|id| (hash(id.as_str()), id.as_str())).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn names(write: &Write, id: &str) -> bool {
    let mut ids = write.call.ids.iter().chain(&write.call.made);
    ids.any(|other| other == id)
}

fn and_above_of(write: &Write) -> impl Iterator<Item = &str> {
    and_above(path(&write.call))
}

/// The attempt and its fixtures.
fn own(attempt: &Attempt) -> HashSet<AttemptId> {
    let fixtures = attempt.fixtures.iter().copied();
    let fixtures = fixtures.map(|trace: TraceId| AttemptId::from(trace));
    fixtures.chain([attempt.id]).collect()
}

fn place(call: &CallSignature) -> Place {
    let named = !peer::is_loopback(&call.host);
    let host = named.then(|| SmolStr::from(call.host.to_ascii_lowercase()));
    (call.peer.clone(), host, call.port)
}

/// The path without a slash at its end; that of the root is empty.
fn path(call: &CallSignature) -> &str {
    call.path.trim_end_matches('/')
}

/// A path and those above it, without the root, which everything is below.
fn and_above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| {
        let (above, _) = path.rsplit_once('/')?;
        (!above.is_empty()).then_some(above)
    })
}

#[cfg(test)]
mod tests {
    use model::{AttemptKind, AttemptStatus, Phase, RunId, SpanId, Timestamp};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    #[test]
    fn paths_have_paths_above() {
        let check = |path: &str, expected: &[&str]| {
            assert_eq!(and_above(path).collect::<Vec<_>>(), expected, "{path}");
        };
        check("/a/b/c", &["/a/b/c", "/a/b", "/a"]);
        check("/a", &["/a"]);
        check("", &[""]);
    }

    fn attempt(n: u8) -> Attempt {
        Attempt {
            id: AttemptId([n; 16]),
            run_id: RunId([1; 16]),
            test_id: Test::default().id(),
            kind: AttemptKind::Test,
            number: 1,
            status: AttemptStatus::Failed,
            retried: false,
            root_span_id: SpanId([1; 8]),
            start: Timestamp(0),
            end: Some(Timestamp(50)),
            line: None,
            worker: None,
            timeout_ms: None,
            failure: None,
            skip_reason: None,
            not_run: None,
            fixtures: vec![],
            tags: Default::default(),
        }
    }

    prop_compose! {
        fn call()(
            start in 0..60_i64,
            host in select(vec!["a", "b"]),
            path in select(vec!["/", "/o", "/o/", "/o/1", "/o/1/x", "/o/2", "/reset", "/oo"]),
            id in select(vec!["1", "2", "3", "4", "5", "6"]),
            made in proptest::option::of(select(vec!["1", "7"])),
            (writes, mocked, in_fixture) in (prop::bool::weighted(0.8), prop::bool::weighted(0.1), prop::bool::weighted(0.1)),
        ) -> CallSignature {
            let is_bare = matches!(path, "/" | "/reset");
            CallSignature {
                span_id: SpanId([1; 8]),
                start: Timestamp(start),
                end: None,
                phase: Phase::Body,
                in_fixture,
                peer: host.into(),
                host: host.into(),
                port: None,
                method: "PUT".into(),
                path: path.into(),
                template: if is_bare { path } else { "/{}" }.into(),
                operation: None,
                ids: if is_bare { vec![] } else { vec![id.into()] },
                made: made.map(SmolStr::from).into_iter().collect(),
                request: 0,
                reply: 0,
                outcome: "200".into(),
                fine: true,
                refused: false,
                tries: 1,
                credential: None,
                writes,
                mocked,
            }
        }
    }

    fn signature(n: u8, calls: Vec<CallSignature>) -> Signature {
        Signature {
            attempt_id: AttemptId([n; 16]),
            run_id: RunId([1; 16]),
            start: Timestamp(0),
            end: None,
            calls,
            left_out: 0,
        }
    }

    /// Which kind of neighbour a write is that shares no identifier, by a look at each call; none if it was not met.
    fn kind(write: &CallSignature, calls: &[CallSignature]) -> Option<usize> {
        let calls = || {
            calls
                .iter()
                .filter(|call| !call.mocked && call.host == write.host)
        };
        let is_met = write.writes && !write.in_fixture && write.start < Timestamp(50);
        if !is_met || calls().next().is_none() {
            return None;
        }
        let below =
            |one: &str, other: &str| !other.is_empty() && one.starts_with(&format!("{other}/"));
        let related = |call: &CallSignature| {
            let (one, other) = (path(call), path(write));
            one == other || below(one, other) || below(other, one)
        };
        Some(match () {
            () if calls().any(related) => 0,
            () if write.template == write.path => 1,
            () => 2,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// As a look at each write would find them; also where there are more than are kept.
        #[test]
        fn neighbours_are_those_that_a_look_at_each_finds(
            calls in vec(call(), 0..6),
            others in vec(call(), 0..1_500),
        ) {
            let mut writes = Writes::default();
            writes.add(&attempt(1), &Test::default(), signature(1, calls.clone()));
            // Each an attempt of its own, so that no two are alike.
            let id = |at: usize| {
                let mut id = [2; 16];
                id[..8].copy_from_slice(&(at as u64 + 1).to_be_bytes());
                AttemptId(id)
            };
            for (at, call) in others.iter().enumerate() {
                let other = Attempt { id: id(at), ..attempt(2) };
                writes.add(&other, &Test::default(), signature(2, vec![call.clone()]));
            }
            writes.sort();
            let found = writes.touches(&attempt(1), &signature(1, calls.clone()));
            // An identifier links calls to another host of this attempt, too.
            let named: HashSet<&str> = distinct_ids(calls.iter().filter(|call| !call.mocked))
                .into_iter()
                .map(|(_, id)| id)
                .collect();
            let mut expected: Vec<_> = others.iter().enumerate().filter_map(|(at, write)| {
                let kind = kind(write, &calls)?;
                let is_named = write.ids.iter().chain(&write.made).any(|id| named.contains(id.as_str()));
                let kind = if is_named { 0 } else { kind };
                Some((kind, Reverse((write.start, id(at)))))
            }).collect();
            expected.sort_unstable();
            expected.truncate(TOUCH_LIMIT);
            let mut expected: Vec<_> = expected.into_iter().map(|(_, Reverse(key))| key).collect();
            expected.sort_unstable();
            let found: Vec<_> = found.into_iter().map(|touch| (touch.call.start, touch.attempt_id)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
