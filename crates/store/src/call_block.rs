//! The outgoing calls of a recording, in compressed columns, and their sums.
//!
//! Made of the merged recording, in which one exchange that several instruments tell of is one call. Layout before
//! compression, all numbers LEB128: a dictionary of texts (count, then length and bytes of each), the number of calls,
//! then the columns host (index), method (index), status (0: none came), duration (µs).

use std::collections::BTreeMap;
use std::time::Duration;

use model::Exchange;

use crate::packed::{Dictionary, push, take, take_texts};
use crate::{CallStat, StoreError};

/// The most bytes that a block may unpack to: 64 MiB, some ten million calls.
const SIZE_LIMIT: usize = 64 << 20;

/// One call that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Call<'a> {
    host: &'a str,
    method: &'a str,
    status: u16,
    micros: u64,
}

impl<'a> Call<'a> {
    fn of(exchange: &'a Exchange) -> Option<Self> {
        let took = exchange.duration()?;
        Some(Self {
            host: &exchange.host,
            method: &exchange.method,
            status: exchange.status().unwrap_or(0),
            micros: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        })
    }
}

/// The block of those of these exchanges that ended.
pub(crate) fn encode(exchanges: &[Exchange]) -> Result<Vec<u8>, StoreError> {
    let calls: Vec<Call<'_>> = exchanges.iter().filter_map(Call::of).collect();
    let mut dictionary = Dictionary::default();
    let mut columns = Vec::new();
    push(&mut columns, calls.len() as u64);
    for call in &calls {
        push(&mut columns, dictionary.index(call.host));
    }
    for call in &calls {
        push(&mut columns, dictionary.index(call.method));
    }
    for call in &calls {
        push(&mut columns, u64::from(call.status));
    }
    for call in &calls {
        push(&mut columns, call.micros);
    }
    let mut block = dictionary.into_bytes();
    block.append(&mut columns);
    zstd::bulk::compress(&block, 1).map_err(|error| StoreError::Engine {
        operation: "compress a block of calls",
        reason: error.to_string(),
    })
}

/// Adds up blocks.
#[derive(Default)]
pub(crate) struct Sums(BTreeMap<Key, Sum>);

/// Host, method and status.
type Key = (String, String, Option<u16>);

#[derive(Default)]
struct Sum {
    count: u64,
    total: Duration,
    longest: Duration,
}

impl Sums {
    /// Adds a block.
    pub(crate) fn add(&mut self, packed: &[u8]) -> Result<(), StoreError> {
        let corrupt = || StoreError::Corrupt("a block of calls cannot be read".to_owned());
        let block = zstd::bulk::decompress(packed, SIZE_LIMIT).map_err(|_| corrupt())?;
        for call in decode(&block).ok_or_else(corrupt)? {
            let status = (call.status > 0).then_some(call.status);
            let key = (call.host.to_owned(), call.method.to_owned(), status);
            let took = Duration::from_micros(call.micros);
            let sum = self.0.entry(key).or_default();
            sum.count += 1;
            sum.total = sum.total.saturating_add(took);
            sum.longest = took.max(sum.longest);
        }
        Ok(())
    }

    /// The sums, by host, method and status.
    pub(crate) fn into_stats(self) -> Vec<CallStat> {
        let stat = |((host, method, status), sum): (Key, Sum)| CallStat {
            host,
            method,
            status,
            count: sum.count,
            total: sum.total,
            longest: sum.longest,
        };
        self.0.into_iter().map(stat).collect()
    }
}

fn decode(block: &[u8]) -> Option<Vec<Call<'_>>> {
    let mut rest = block;
    let texts = take_texts(&mut rest)?;
    let count = usize::try_from(take(&mut rest)?).ok()?;
    let mut column = || -> Option<Vec<u64>> { (0..count).map(|_| take(&mut rest)).collect() };
    let (hosts, methods, statuses, micros) = (column()?, column()?, column()?, column()?);
    if !rest.is_empty() {
        return None;
    }
    let text = |index: u64| texts.get(usize::try_from(index).ok()?).copied();
    (0..count)
        .map(|at| {
            Some(Call {
                host: text(hosts[at])?,
                method: text(methods[at])?,
                status: u16::try_from(statuses[at]).ok()?,
                micros: micros[at],
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Neither panics nor takes memory that the bytes do not hold.
        #[test]
        fn any_bytes_can_be_decoded(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = decode(&bytes);
        }
    }
}
