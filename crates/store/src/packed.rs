//! Numbers and texts in few bytes, for what is kept beside recordings: numbers as LEB128, texts once each in a dictionary.

use std::collections::HashMap;

/// Texts, each once, by number.
#[derive(Default)]
pub(crate) struct Dictionary<'a> {
    indices: HashMap<&'a str, u64>,
    texts: Vec<&'a str>,
}

impl<'a> Dictionary<'a> {
    /// The number of a text.
    pub(crate) fn index(&mut self, text: &'a str) -> u64 {
        let next = self.texts.len() as u64;
        let index = *self.indices.entry(text).or_insert(next);
        if index == next {
            self.texts.push(text);
        }
        index
    }

    /// How many there are, then length and bytes of each.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        push(&mut bytes, self.texts.len() as u64);
        for text in self.texts {
            push(&mut bytes, text.len() as u64);
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes
    }
}

/// Takes the texts of a dictionary from the front.
pub(crate) fn take_texts<'a>(rest: &mut &'a [u8]) -> Option<Vec<&'a str>> {
    let mut texts = Vec::new();
    for _ in 0..take(rest)? {
        let length = usize::try_from(take(rest)?).ok()?;
        let (text, after) = rest.split_at_checked(length)?;
        texts.push(std::str::from_utf8(text).ok()?);
        *rest = after;
    }
    Some(texts)
}

/// LEB128: seven bits a byte, the lowest first, the top bit set on all but the last.
pub(crate) fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes a number from the front.
pub(crate) fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// A number that may be negative as one that is small when it is near zero.
pub(crate) fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

/// The number of which [`zigzag`] made this one.
pub(crate) fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(numbers in prop::collection::vec(any::<u64>(), 0..9)) {
            let mut bytes = Vec::new();
            numbers.iter().for_each(|number| push(&mut bytes, *number));
            let mut rest = bytes.as_slice();
            for number in numbers {
                prop_assert_eq!(take(&mut rest), Some(number));
            }
            prop_assert_eq!(take(&mut rest), None);
        }

        #[test]
        fn signs_come_back(number in any::<i64>()) {
            prop_assert_eq!(unzigzag(zigzag(number)), number);
        }

        #[test]
        fn texts_come_back(texts in prop::collection::vec(any::<String>(), 0..9)) {
            let mut dictionary = Dictionary::default();
            let indices: Vec<u64> = texts.iter().map(|text| dictionary.index(text)).collect();
            let bytes = dictionary.into_bytes();
            let mut rest = bytes.as_slice();
            let read = take_texts(&mut rest).unwrap();
            prop_assert!(rest.is_empty());
            for (text, index) in texts.iter().zip(indices) {
                prop_assert_eq!(read[index as usize], text);
            }
        }
    }

    #[test]
    fn numbers_near_zero_are_small() {
        let check = |number: i64, expected: u64| assert_eq!(zigzag(number), expected);
        check(0, 0);
        check(-1, 1);
        check(1, 2);
        check(i64::MIN, u64::MAX);
    }
}
