//! Places in a list by the hash of what stands there: for a run of long recordings a million of them, made once and asked a
//! few thousand times for each failure. A map of lists took longer to make than everything else.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Places by hash. What is asked for is looked at again by whoever asks: two texts may have one hash.
#[derive(Default)]
pub(super) struct Lookup {
    /// Hash and place, in order once [`Lookup::sort`] was called.
    entries: Vec<(u64, u32)>,
    /// For each beginning of a hash the first entry that has it, and one more for the end: about one entry a beginning, so
    /// that to ask is two reads of memory.
    firsts: Vec<u32>,
}

impl Lookup {
    pub(super) fn add(&mut self, hash: u64, at: u32) {
        self.entries.push((hash, at));
    }

    /// Makes what was added ready to be asked for.
    pub(super) fn sort(&mut self) {
        self.entries.sort_unstable();
        self.entries.dedup();
        let beginnings = self.entries.len().next_power_of_two().max(2);
        self.firsts = vec![0; beginnings + 1];
        for (hash, _) in &self.entries {
            self.firsts[beginning(*hash, beginnings) + 1] += 1;
        }
        for at in 1..self.firsts.len() {
            self.firsts[at] += self.firsts[at - 1];
        }
    }

    /// The places that have this hash, ascending.
    pub(super) fn of(&self, wanted: u64) -> impl DoubleEndedIterator<Item = u32> + '_ {
        let beginning = beginning(wanted, self.firsts.len().saturating_sub(1));
        let first = |at: usize| self.firsts.get(at).map_or(0, |first| *first as usize);
        let of_it = &self.entries[first(beginning)..first(beginning + 1)];
        let from = of_it.partition_point(|(hash, _)| *hash < wanted);
        let to = of_it.partition_point(|(hash, _)| *hash <= wanted);
        of_it[from..to].iter().map(|(_, at)| *at)
    }
}

/// The highest bits of a hash, of so many values, a power of two of at least two.
fn beginning(hash: u64, of: usize) -> usize {
    match of {
        0 => 0,
        _ => (hash >> (u64::BITS - of.trailing_zeros())) as usize,
    }
}

/// The hash of a key, for this process only.
pub(super) fn hash(key: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    proptest! {
        /// As a look at each entry would find them.
        #[test]
        fn all_places_of_a_hash_are_found(
            added in vec((select(vec![0, 1, 2, 1 << 62, 1 << 63, u64::MAX]), 0..20_u32), 0..40),
            wanted in select(vec![0, 1, 3, 1 << 62, 1 << 63, u64::MAX]),
        ) {
            let mut lookup = Lookup::default();
            added.iter().for_each(|(hash, at)| lookup.add(*hash, *at));
            lookup.sort();
            let with_it = added.iter().filter(|(hash, _)| *hash == wanted);
            let mut expected: Vec<u32> = with_it.map(|(_, at)| *at).collect();
            expected.sort_unstable();
            expected.dedup();
            prop_assert_eq!(lookup.of(wanted).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn nothing_is_found_before_anything_is_there() {
        assert_eq!(Lookup::default().of(7).count(), 0);
    }
}
