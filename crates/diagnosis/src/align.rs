//! Lays the calls of a passing recording beside those of the failing one.
//!
//! Equal requests are paired first: those that both make as often in their order, then a longest common subsequence, then, of what is left over, each with the first that
//! is equal, which is what makes reordered concurrent calls find each other. Then what has the same signature is paired
//! in order. A call that merely looks alike never takes the place of an equal one, so that the order of concurrent calls
//! says nothing. Bounded: above [`MAX_CELLS`] there is no subsequence.
//!
//! Calls to servers of this machine that are known to be different programs are never the same call, whatever they ask
//! for.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::RoleBasis;

use crate::calls::{Call, Signature};

/// Largest table of the first step: 1,000 calls on each side.
const MAX_CELLS: usize = 1_000_000;

/// For each call here the place of the same call there.
pub(crate) fn align(here: &[Call], there: &[Call]) -> Vec<Option<usize>> {
    let mut names = Names::default();
    let here: Vec<Name> = here.iter().map(|call| names.of(call)).collect();
    let there: Vec<Name> = there.iter().map(|call| names.of(call)).collect();
    pair(&here, &there)
}

fn pair(here: &[Name], there: &[Name]) -> Vec<Option<usize>> {
    let mut pairs = as_often(here, there);
    let left: Vec<usize> = (0..here.len())
        .filter(|row| pairs[*row].is_none())
        .collect();
    let taken: HashSet<usize> = pairs.iter().flatten().copied().collect();
    let right: Vec<usize> = (0..there.len())
        .filter(|column| !taken.contains(column))
        .collect();
    if left.len().saturating_mul(right.len()) <= MAX_CELLS {
        let rows: Vec<Name> = left.iter().map(|row| here[*row]).collect();
        let columns: Vec<Name> = right.iter().map(|column| there[*column]).collect();
        for (row, column) in left.iter().zip(subsequence(&rows, &columns)) {
            pairs[*row] = column.map(|column| right[column]);
        }
    }
    pair_leftovers(here, there, &mut pairs);
    pairs
}

/// Calls that ask for the same and are made as often in both recordings, each with the one that has its turn there,
/// whatever is made in between.
fn as_often(here: &[Name], there: &[Name]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; here.len()];
    let groups = |names: &[Name]| {
        let mut groups: BTreeMap<Name, Vec<usize>> = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            groups.entry(*name).or_default().push(at);
        }
        groups
    };
    let others = groups(there);
    for (name, rows) in groups(here) {
        let columns = others
            .get(&name)
            .filter(|columns| columns.len() == rows.len());
        for (row, column) in rows.iter().zip(columns.into_iter().flatten()) {
            pairs[*row] = Some(*column);
        }
    }
    pairs
}

/// A call in small numbers, so that the table compares numbers only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    signature: usize,
    request: usize,
    /// The kind of knowledge by which its server has a name, and the name.
    server: Option<(RoleBasis, usize)>,
}

impl Name {
    /// Whether it is the same call as another and asks for the same.
    fn is_equal(self, other: Self) -> bool {
        self.request == other.request && self.is_like(other)
    }

    /// Whether it may be the same call as another.
    fn is_like(self, other: Self) -> bool {
        let known_as_others = matches!(
            (self.server, other.server),
            (Some((here, left)), Some((there, right))) if here == there && left != right
        );
        self.signature == other.signature && !known_as_others
    }
}

#[derive(Default)]
struct Names<'a> {
    signatures: HashMap<&'a Signature, usize>,
    requests: HashMap<&'a str, usize>,
    servers: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn of(&mut self, call: &'a Call) -> Name {
        let next = self.signatures.len();
        let signature = *self.signatures.entry(&call.signature).or_insert(next);
        let next = self.requests.len();
        let request = *self.requests.entry(&call.request.text).or_insert(next);
        let basis = call.peer.basis;
        let has_own_name = matches!(basis, RoleBasis::StartedByCommand | RoleBasis::OwnSpans);
        let next = self.servers.len();
        let server = has_own_name.then(|| {
            let name = *self.servers.entry(&call.peer.name).or_insert(next);
            (basis, name)
        });
        Name {
            signature,
            request,
            server,
        }
    }
}

fn subsequence(here: &[Name], there: &[Name]) -> Vec<Option<usize>> {
    let width = there.len() + 1;
    let mut best = vec![0_u32; (here.len() + 1) * width];
    for row in (0..here.len()).rev() {
        for column in (0..there.len()).rev() {
            let skip = best[(row + 1) * width + column].max(best[row * width + column + 1]);
            let take = if here[row].is_equal(there[column]) {
                1 + best[(row + 1) * width + column + 1]
            } else {
                0
            };
            best[row * width + column] = skip.max(take);
        }
    }
    let mut pairs = vec![None; here.len()];
    let (mut row, mut column) = (0, 0);
    while row < here.len() && column < there.len() {
        let value = best[row * width + column];
        let take = here[row].is_equal(there[column]);
        if take && value == 1 + best[(row + 1) * width + column + 1] {
            pairs[row] = Some(column);
            row += 1;
            column += 1;
        } else if value == best[(row + 1) * width + column] {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

fn pair_leftovers(here: &[Name], there: &[Name], pairs: &mut [Option<usize>]) {
    let mut free: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (column, name) in there.iter().enumerate().rev() {
        if !pairs.contains(&Some(column)) {
            free.entry(name.signature).or_default().push(column);
        }
    }
    for requests_equal in [true, false] {
        for (row, name) in here.iter().enumerate() {
            let Some(columns) = free
                .get_mut(&name.signature)
                .filter(|_| pairs[row].is_none())
            else {
                continue;
            };
            let found = columns.iter().rposition(|column| {
                let other = there[*column];
                name.is_like(other) && (!requests_equal || other.request == name.request)
            });
            pairs[row] = found.map(|at| columns.remove(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(here: &[(usize, usize)], there: &[(usize, usize)], expected: &[Option<usize>]) {
        check_servers(here, there, (None, None), expected);
    }

    fn check_servers(
        here: &[(usize, usize)],
        there: &[(usize, usize)],
        (left, right): (Option<usize>, Option<usize>),
        expected: &[Option<usize>],
    ) {
        let names = |calls: &[(usize, usize)], server: Option<usize>| -> Vec<Name> {
            let name = |(signature, request): &(usize, usize)| Name {
                signature: *signature,
                request: *request,
                server: server.map(|server| (RoleBasis::StartedByCommand, server)),
            };
            calls.iter().map(name).collect()
        };
        let (here, there) = (names(here, left), names(there, right));
        assert_eq!(pair(&here, &there), expected, "{here:?} {there:?}");
    }

    #[test]
    fn equal_calls_find_each_other() {
        check(&[(1, 1), (2, 2)], &[(1, 1), (2, 2)], &[Some(0), Some(1)]);
        check(&[(2, 2)], &[(1, 1), (2, 2)], &[Some(1)]);
        check(
            &[(1, 1), (3, 3), (2, 2)],
            &[(1, 1), (2, 2)],
            &[Some(0), None, Some(1)],
        );
        check(&[(2, 2), (1, 1)], &[(1, 1), (2, 2)], &[Some(1), Some(0)]);
        check(&[(1, 7)], &[(1, 5), (1, 7)], &[Some(1)]);
        check(&[(1, 7), (1, 5)], &[(1, 5), (1, 7)], &[Some(1), Some(0)]);
        check(&[], &[(1, 1)], &[]);
        check(
            &[(1, 1), (1, 2), (1, 3), (1, 4)],
            &[(1, 2), (1, 3), (1, 4), (1, 1)],
            &[Some(3), Some(0), Some(1), Some(2)],
        );
        check(
            &[(1, 4), (1, 3), (1, 2), (1, 1)],
            &[(1, 1), (1, 2), (1, 3), (1, 4)],
            &[Some(3), Some(2), Some(1), Some(0)],
        );
    }
    #[test]
    fn calls_to_different_programs_are_never_the_same() {
        let one = [(1, 1)];
        check_servers(&one, &one, (Some(1), Some(2)), &[None]);
        check_servers(&one, &one, (Some(1), Some(1)), &[Some(0)]);
        check_servers(&one, &one, (Some(1), None), &[Some(0)]);
    }
}
