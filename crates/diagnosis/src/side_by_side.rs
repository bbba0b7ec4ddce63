//! Two recordings of a test call by call, for whoever shows what differs: laid beside each other as [`crate::diagnose`]
//! does it, and with its idea of what counts.

use model::{Listener, Peer, PeerDeclaration, Recording, SpanId};

use crate::align;
use crate::calls::{self, Call, Directory};
use crate::compare::{self, Difference};
use crate::values::{self, ValueChange};

/// One of the two recordings.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What was captured of the attempt.
    pub recording: &'a Recording,
    /// Recordings of the fixtures that it uses.
    pub fixtures: &'a [Recording],
    /// Server sockets of its run's processes.
    pub listeners: &'a [Listener],
}

/// A logical call of one recording or of both.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Its tries and polls here, by start; none when only the other recording has it.
    pub here: Vec<SpanId>,
    /// Its tries and polls there; none when only this recording has it.
    pub there: Vec<SpanId>,
    /// Whom it goes to.
    pub peer: Peer,
    /// Whether a diagnosis takes it for a difference: it is in one recording only, asks for something else, comes out
    /// otherwise, or answers in another shape or other words.
    pub counts: bool,
    /// What differs between the first requests and between the last answers.
    pub values: Vec<ValueChange>,
    /// So many more values differ.
    pub values_left_out: usize,
}

/// The calls of both recordings in the order of `here`. What only `there` has stands behind the call that it followed
/// there: its own time says little where the two took different times before.
#[must_use]
pub fn side_by_side(peers: &[PeerDeclaration], here: Side<'_>, there: Side<'_>) -> Vec<Pair> {
    let read = |side: Side<'_>, other: Side<'_>| {
        let directory = Directory::of(peers, side.listeners).beside(other.listeners);
        calls::read(directory, side.recording, side.fixtures, None)
    };
    let (here, there) = (read(here, there), read(there, here));
    let partners = align::align(&here, &there);
    let mut pairs: Vec<(Place, Pair)> = Vec::with_capacity(here.len());
    let mut here_of = vec![None; there.len()];
    for (at, (call, partner)) in here.iter().zip(&partners).enumerate() {
        if let Some(partner) = partner {
            here_of[*partner] = Some(at);
        }
        let other = partner.map(|partner| &there[partner]);
        pairs.push((Place::of(at), pair(call, other)));
    }
    let mut after = None;
    for (at, (call, partner)) in there.iter().zip(here_of).enumerate() {
        match partner {
            // A call that was overtaken does not draw those behind it to its earlier place.
            Some(partner) => after = after.max(Some(partner)),
            None => pairs.push((Place::behind(after, at), only_there(call))),
        }
    }
    pairs.sort_by_key(|(place, _)| *place);
    pairs.into_iter().map(|(_, pair)| pair).collect()
}

/// Where a pair stands: behind how many calls here, and there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    here: usize,
    there: Option<usize>,
}

impl Place {
    fn of(at: usize) -> Self {
        Self {
            here: at + 1,
            there: None,
        }
    }

    fn behind(here: Option<usize>, there: usize) -> Self {
        Self {
            here: here.map_or(0, |at| at + 1),
            there: Some(there),
        }
    }
}

fn pair(call: &Call, other: Option<&Call>) -> Pair {
    let Some(other) = other else {
        return Pair {
            here: tries(call),
            there: Vec::new(),
            peer: call.peer.clone(),
            counts: true,
            values: Vec::new(),
            values_left_out: 0,
        };
    };
    let (values, values_left_out) = values::changes(call, other);
    Pair {
        here: tries(call),
        there: tries(other),
        peer: call.peer.clone(),
        counts: compare::difference(call, other) != Difference::None,
        values,
        values_left_out,
    }
}

fn only_there(call: &Call) -> Pair {
    Pair {
        here: Vec::new(),
        there: tries(call),
        peer: call.peer.clone(),
        counts: true,
        values: Vec::new(),
        values_left_out: 0,
    }
}

fn tries(call: &Call) -> Vec<SpanId> {
    call.tries.iter().map(|one| one.exchange.span_id).collect()
}
