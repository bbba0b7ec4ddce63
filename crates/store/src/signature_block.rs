//! The calls of a recording's signature as they are kept: some forty bytes a call, where JSON has four hundred, and a
//! diagnosis reads twenty signatures.
//!
//! Layout, all numbers LEB128: the version of this layout, a dictionary of texts (count, then length and bytes of each),
//! the calls left out, the number of calls, then each call in the order of [`push_call`]. Hashes and span ids, which no
//! packing makes smaller, are eight bytes. Behind all calls their identifiers: a dictionary, then the two lists of each
//! call. They are most of what is kept, and few who read a signature want them.

use model::{CallSignature, Phase, SmolStr, SpanId, Timestamp};

use crate::packed::{Dictionary, push, take, take_texts, unzigzag, zigzag};

/// Another one is not read; whoever finds it computes the signature again.
const LAYOUT: u64 = 2;

const PHASES: [Phase; 4] = [Phase::Setup, Phase::Body, Phase::Teardown, Phase::After];

const IN_FIXTURE: u64 = 1;
const FINE: u64 = 1 << 1;
const REFUSED: u64 = 1 << 2;
const WRITES: u64 = 1 << 3;
const MOCKED: u64 = 1 << 4;

/// Whether the identifiers of calls are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ids {
    Read,
    /// Each call has none.
    LeftOut,
}

/// The calls of a signature, and how many were left out.
pub(crate) fn encode(calls: &[CallSignature], left_out: u64) -> Vec<u8> {
    let (mut texts, mut ids) = (Dictionary::default(), Dictionary::default());
    let mut rows = Vec::with_capacity(calls.len() * 48);
    let mut lists = Vec::new();
    push(&mut rows, left_out);
    push(&mut rows, calls.len() as u64);
    let mut before = 0;
    for call in calls {
        push_call(&mut rows, &mut texts, call, before);
        push_list(&mut lists, &mut ids, &call.ids);
        push_list(&mut lists, &mut ids, &call.made);
        before = call.start.0;
    }
    let mut block = Vec::with_capacity(rows.len() + lists.len());
    push(&mut block, LAYOUT);
    for mut part in [texts.into_bytes(), rows, ids.into_bytes(), lists] {
        block.append(&mut part);
    }
    block
}

fn push_call<'a>(
    rows: &mut Vec<u8>,
    texts: &mut Dictionary<'a>,
    call: &'a CallSignature,
    before: i64,
) {
    rows.extend_from_slice(&call.span_id.0);
    rows.extend_from_slice(&call.request.to_le_bytes());
    rows.extend_from_slice(&call.reply.to_le_bytes());
    push(rows, zigzag(call.start.0.wrapping_sub(before)));
    push_option(
        rows,
        call.end.map(|end| zigzag(end.0.wrapping_sub(call.start.0))),
    );
    let phase = PHASES.iter().position(|phase| *phase == call.phase);
    push(rows, phase.unwrap_or_default() as u64);
    push_option(rows, call.port.map(u64::from));
    push(rows, u64::from(call.tries));
    push(rows, flags(call));
    for text in [
        &call.peer,
        &call.host,
        &call.method,
        &call.path,
        &call.template,
        &call.outcome,
    ] {
        push(rows, texts.index(text));
    }
    for text in [&call.operation, &call.credential] {
        push_option(rows, text.as_deref().map(|text| texts.index(text)));
    }
}

fn push_list<'a>(lists: &mut Vec<u8>, ids: &mut Dictionary<'a>, list: &'a [SmolStr]) {
    push(lists, list.len() as u64);
    for id in list {
        push(lists, ids.index(id));
    }
}

fn flags(call: &CallSignature) -> u64 {
    let flag = |set: bool, flag: u64| if set { flag } else { 0 };
    flag(call.in_fixture, IN_FIXTURE)
        | flag(call.fine, FINE)
        | flag(call.refused, REFUSED)
        | flag(call.writes, WRITES)
        | flag(call.mocked, MOCKED)
}

/// 0 for nothing, else 1 and the number.
fn push_option(rows: &mut Vec<u8>, number: Option<u64>) {
    push(rows, u64::from(number.is_some()));
    if let Some(number) = number {
        push(rows, number);
    }
}

/// What was encoded; nothing of what is damaged, as far as it is read, or of another layout.
pub(crate) fn decode(block: &[u8], ids: Ids) -> Option<(Vec<CallSignature>, u64)> {
    let mut rest = block;
    if take(&mut rest)? != LAYOUT {
        return None;
    }
    let mut reader = Reader::new(rest)?;
    let left_out = reader.number()?;
    let count = reader.number()?;
    let mut calls = Vec::new();
    let mut before = 0;
    for _ in 0..count {
        let call = reader.call(before)?;
        before = call.start.0;
        calls.push(call);
    }
    if ids == Ids::Read {
        let mut lists = Reader::new(reader.rest)?;
        for call in &mut calls {
            call.ids = lists.list()?;
            call.made = lists.list()?;
        }
        if !lists.rest.is_empty() {
            return None;
        }
    }
    Some((calls, left_out))
}

/// A dictionary and what refers to it.
struct Reader<'a> {
    /// Shared by the calls, which say the same few hosts and paths again and again.
    texts: Vec<SmolStr>,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn new(mut rest: &'a [u8]) -> Option<Self> {
        let texts = take_texts(&mut rest)?;
        let texts = texts.into_iter().map(SmolStr::new).collect();
        Some(Self { texts, rest })
    }

    fn call(&mut self, before: i64) -> Option<CallSignature> {
        let span_id = SpanId(self.eight()?);
        let request = u64::from_le_bytes(self.eight()?);
        let reply = u64::from_le_bytes(self.eight()?);
        let start = before.wrapping_add(unzigzag(self.number()?));
        let took = self.option()?.map(unzigzag);
        let phase = *PHASES.get(self.index()?)?;
        let port = self.option()?;
        let tries = u32::try_from(self.number()?).ok()?;
        let flags = self.number()?;
        Some(CallSignature {
            span_id,
            start: Timestamp(start),
            end: took.map(|took| Timestamp(start.wrapping_add(took))),
            phase,
            in_fixture: flags & IN_FIXTURE != 0,
            peer: self.text()?,
            host: self.text()?,
            port: port.map(u16::try_from).transpose().ok()?,
            method: self.text()?,
            path: self.text()?,
            template: self.text()?,
            outcome: self.text()?,
            operation: self.optional_text()?,
            credential: self.optional_text()?,
            ids: Vec::new(),
            made: Vec::new(),
            request,
            reply,
            fine: flags & FINE != 0,
            refused: flags & REFUSED != 0,
            tries,
            writes: flags & WRITES != 0,
            mocked: flags & MOCKED != 0,
        })
    }

    fn eight(&mut self) -> Option<[u8; 8]> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*bytes)
    }

    fn number(&mut self) -> Option<u64> {
        take(&mut self.rest)
    }

    fn index(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn option(&mut self) -> Option<Option<u64>> {
        match self.number()? {
            0 => Some(None),
            _ => self.number().map(Some),
        }
    }

    fn text(&mut self) -> Option<SmolStr> {
        let index = self.index()?;
        self.texts.get(index).cloned()
    }

    fn optional_text(&mut self) -> Option<Option<SmolStr>> {
        match self.number()? {
            0 => Some(None),
            _ => self.text().map(Some),
        }
    }

    fn list(&mut self) -> Option<Vec<SmolStr>> {
        let count = self.index()?;
        // Each of them is a byte at least.
        let mut list = Vec::with_capacity(count.min(self.rest.len()));
        for _ in 0..count {
            list.push(self.text()?);
        }
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option::of;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn call() -> impl Strategy<Value = CallSignature> {
        let numbers = (
            any::<[u8; 8]>(),
            any::<(u64, u64)>(),
            any::<i64>(),
            of(any::<i64>()),
            of(any::<u16>()),
            any::<u32>(),
            select(PHASES.to_vec()),
        );
        let flags = any::<(bool, bool, bool, bool, bool)>();
        let text = || any::<String>().prop_map(SmolStr::from);
        let texts = vec(text(), 6);
        let options = (of(text()), of(text()));
        let lists = (vec(text(), 0..3), vec(text(), 0..3));
        (numbers, flags, texts, options, lists).prop_map(
            |(numbers, flags, texts, options, lists)| CallSignature {
                span_id: SpanId(numbers.0),
                request: numbers.1.0,
                reply: numbers.1.1,
                start: Timestamp(numbers.2),
                end: numbers.3.map(Timestamp),
                port: numbers.4,
                tries: numbers.5,
                phase: numbers.6,
                in_fixture: flags.0,
                fine: flags.1,
                refused: flags.2,
                writes: flags.3,
                mocked: flags.4,
                peer: texts[0].clone(),
                host: texts[1].clone(),
                method: texts[2].clone(),
                path: texts[3].clone(),
                template: texts[4].clone(),
                outcome: texts[5].clone(),
                operation: options.0,
                credential: options.1,
                ids: lists.0,
                made: lists.1,
            },
        )
    }

    proptest! {
        #[test]
        fn calls_come_back(calls in vec(call(), 0..5), left_out in any::<u64>()) {
            let block = encode(&calls, left_out);
            prop_assert_eq!(decode(&block, Ids::Read), Some((calls.clone(), left_out)));
            let without = calls.into_iter().map(|call| CallSignature {
                ids: vec![],
                made: vec![],
                ..call
            });
            let without = without.collect();
            prop_assert_eq!(decode(&block, Ids::LeftOut), Some((without, left_out)));
        }

        /// Neither panics nor takes memory that the bytes do not hold.
        #[test]
        fn any_bytes_can_be_decoded(bytes in vec(any::<u8>(), 0..64)) {
            let _ = decode(&bytes, Ids::Read);
            let _ = decode(&bytes, Ids::LeftOut);
        }

        /// A block that is cut short is nothing rather than less.
        #[test]
        fn no_part_is_a_whole(calls in vec(call(), 1..3), at in any::<prop::sample::Index>()) {
            let block = encode(&calls, 0);
            prop_assert_eq!(decode(&block[..at.index(block.len())], Ids::Read), None);
        }
    }
}
