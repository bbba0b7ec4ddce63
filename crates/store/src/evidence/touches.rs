//! What other tests of a run wrote to the peers that an attempt called: who may have changed what it read.
//!
//! Those that may be about the same thing come first: they share an identifier with the attempt, or were sent to the same
//! path, to one above or below it. Then those whose path names nothing in particular, such as `/reset`: they may be about
//! anything. Then all others. Of each kind those that began last before the attempt ended. All is looked up by what it has
//! in common, because a run may have a thousand failures and a hundred thousand writes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use model::{
    Attempt, AttemptId, CallSignature, Signature, SmolStr, TOUCH_LIMIT, Test, Timestamp, Touch,
    TraceId, peer,
};

/// The most writes of a run that are held, about a kilobyte each; the first ones that are given.
const WRITE_LIMIT: usize = 200_000;

/// A server: the peer, its host (none for this machine, which has many names) and port.
type Place = (SmolStr, Option<SmolStr>, Option<u16>);

/// The writes of a run, by server.
#[derive(Default)]
pub(super) struct Writes {
    /// By start, once they are sorted.
    all: Vec<Write>,
    /// Hashes of the identifiers that they name and their places in the list of all, in order: half a million for a run of
    /// long recordings, which as keys of a map took longer to make than everything else.
    by_id: Vec<(u64, usize)>,
    places: HashMap<Place, Index>,
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

/// Writes to one server by what they have in common with a call, as places in the list of all, and so by start.
#[derive(Default)]
struct Index {
    by_path: BTreeMap<SmolStr, Vec<usize>>,
    /// Those whose path names nothing in particular.
    bare: Vec<usize>,
    all: Vec<usize>,
}

impl Writes {
    /// Adds the writes of an attempt or a fixture.
    pub(super) fn add(&mut self, attempt: &Attempt, test: &Test, signature: Signature) {
        let test = SmolStr::from(test.title());
        let worker = attempt.worker.as_ref().map(SmolStr::new);
        let calls = signature.calls.into_iter();
        for call in calls.filter(|call| call.writes && !call.in_fixture) {
            if self.all.len() >= WRITE_LIMIT {
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
        for (at, write) in self.all.iter().enumerate() {
            let call = &write.call;
            let ids = call.ids.iter().chain(&call.made);
            self.by_id.extend(ids.map(|id| (hash(id), at)));
            let index = self.places.entry(write.place.clone()).or_default();
            index.all.push(at);
            if call.template == call.path {
                index.bare.push(at);
            }
            let path = SmolStr::new(path(call));
            index.by_path.entry(path).or_default().push(at);
        }
        self.by_id.sort_unstable();
        self.by_id.dedup();
    }

    /// The writes that name an identifier and are met, the latest first.
    fn naming<'w>(&'w self, id: &'w str, met: &'w Met<'_>) -> impl Iterator<Item = usize> + 'w {
        let wanted = hash(id);
        let from = self.by_id.partition_point(|(hash, _)| *hash < wanted);
        let of_it = &self.by_id[from..];
        let before = of_it.partition_point(|(hash, at)| *hash == wanted && met.began_before(*at));
        let names = move |at: &usize| {
            let call = &self.all[*at].call;
            call.ids.iter().chain(&call.made).any(|other| other == id)
        };
        let latest = of_it[..before].iter().rev().map(|(_, at)| *at);
        latest.filter(|at| met.is_of_others(*at)).filter(names)
    }

    /// The writes of other attempts that this one may have met, by start.
    pub(super) fn touches(&self, attempt: &Attempt, signature: &Signature) -> Vec<Touch> {
        let calls = || signature.calls.iter().filter(|call| !call.mocked);
        let mut paths: HashMap<Place, BTreeSet<&str>> = HashMap::new();
        for call in calls() {
            paths.entry(place(call)).or_default().insert(path(call));
        }
        let ids = calls().flat_map(|call| call.ids.iter().chain(&call.made));
        let ids: HashSet<&str> = ids.map(SmolStr::as_str).collect();
        let met = Met {
            writes: &self.all,
            until: attempt.end,
            own: own(attempt),
        };
        let mut kinds: [BTreeSet<usize>; 3] = Default::default();
        let called = |at: usize| paths.contains_key(&self.all[at].place);
        for id in ids {
            let latest = self.naming(id, &met).filter(|at| called(*at));
            kinds[0].extend(latest.take(TOUCH_LIMIT));
        }
        for (place, paths) in &paths {
            if let Some(index) = self.places.get(place) {
                for list in index.related(paths) {
                    met.latest(list, &mut kinds[0]);
                }
                met.latest(&index.bare, &mut kinds[1]);
                met.latest(&index.all, &mut kinds[2]);
            }
        }
        let mut kept = BTreeSet::new();
        for at in kinds.iter().flat_map(|kind| kind.iter().rev()) {
            if kept.len() < TOUCH_LIMIT {
                kept.insert(*at);
            }
        }
        kept.into_iter().map(|at| self.all[at].touch()).collect()
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

impl Index {
    /// Lists of writes to paths that the attempt called, to those above and below.
    fn related<'i>(&'i self, paths: &BTreeSet<&str>) -> Vec<&'i Vec<usize>> {
        let above: BTreeSet<&str> = paths.iter().flat_map(|path| and_above(path)).collect();
        let above = above.iter().filter_map(|path| self.by_path.get(*path));
        let mut lists: Vec<&Vec<usize>> = above.collect();
        for path in paths.iter().filter(|path| !path.is_empty()) {
            let below = format!("{path}/");
            let from_here = self.by_path.range(SmolStr::new(&below)..);
            let below = from_here.take_while(|(path, _)| path.starts_with(&below));
            lists.extend(below.map(|(_, list)| list).take(TOUCH_LIMIT));
        }
        lists
    }
}

/// Which writes an attempt may have met.
struct Met<'a> {
    writes: &'a [Write],
    until: Option<Timestamp>,
    own: HashSet<AttemptId>,
}

impl Met<'_> {
    fn began_before(&self, at: usize) -> bool {
        let start = self.writes[at].call.start;
        self.until.is_none_or(|until| start < until)
    }

    fn is_of_others(&self, at: usize) -> bool {
        !self.own.contains(&self.writes[at].attempt_id)
    }

    /// The latest of a list that are met, into a set.
    fn latest(&self, list: &[usize], into: &mut BTreeSet<usize>) {
        let before = list.partition_point(|at| self.began_before(*at));
        let latest = list[..before].iter().rev();
        let latest = latest.filter(|at| self.is_of_others(**at));
        into.extend(latest.take(TOUCH_LIMIT));
    }
}

fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
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
}
