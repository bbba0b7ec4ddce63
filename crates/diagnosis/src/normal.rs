//! A value in its normal form, and two of them held against each other.

use std::collections::HashMap;

use crate::scan::{Token, Tokens};

/// A part of a text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Part {
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl Part {
    /// What it is of the text.
    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.from..self.to).unwrap_or_default()
    }
}

/// Identifiers in order, in one allocation: a recording has tens of thousands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ids {
    text: String,
    /// May be put in another order; the text stays.
    pub(crate) parts: Vec<Part>,
}

impl Ids {
    /// Adds an identifier.
    pub(crate) fn push(&mut self, id: &str) {
        let from = self.text.len();
        self.text.push_str(id);
        self.parts.push(Part {
            from,
            to: self.text.len(),
        });
    }

    /// The identifiers in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.of(&self.text))
    }
}

impl PartialEq for Ids {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// A value with its volatile tokens taken out, as canonical JSON: no spaces, keys sorted, none twice. Equal values are
/// equal texts, so most questions are answered without a look at the structure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Normal {
    /// The value with `<id>` and `<ts>` in place of volatile tokens; an instant that is a number is `<epoch>`.
    pub(crate) text: String,
    /// The identifiers, in the order of the text.
    pub(crate) ids: Ids,
}

impl Normal {
    /// Nothing.
    pub(crate) fn null() -> Self {
        Self {
            text: "null".to_owned(),
            ids: Ids::default(),
        }
    }

    /// Whether two values have the same structure, truth values and words. Numbers and texts that are not plain words
    /// may differ: with one recording to compare with nothing says which of them vary by themselves.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        if self.text == other.text {
            return true;
        }
        // Sorted keys make the same structure the same sequence.
        let (mut here, mut there) = (Tokens(&self.text), Tokens(&other.text));
        loop {
            let alike = match (here.next(), there.next()) {
                (None, None) => return true,
                (Some(Token::Text(left)), Some(Token::Text(right))) => {
                    left == right || !(is_word(left) && is_word(right))
                }
                (left, right) => left == right,
            };
            if !alike {
                return false;
            }
        }
    }
}

/// A plain word, such as a state or the value of an enumeration.
pub(crate) fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 24
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
}

/// A renaming of the identifiers of one recording into those of another, learnt in order of appearance.
#[derive(Debug, Default)]
pub(crate) struct Renaming<'a> {
    there: HashMap<&'a str, &'a str>,
    here: HashMap<&'a str, &'a str>,
}

impl<'a> Renaming<'a> {
    /// Whether two values are the same but for identifiers, and their identifiers have the same relations as so far.
    pub(crate) fn same(&mut self, here: &'a Normal, there: &'a Normal) -> bool {
        here.text == there.text && self.pairs(&here.ids, &there.ids)
    }

    fn pairs(&mut self, here: &'a Ids, there: &'a Ids) -> bool {
        let mut consistent = here.parts.len() == there.parts.len();
        for (left, right) in here.iter().zip(there.iter()) {
            consistent &= *self.there.entry(left).or_insert(right) == right;
            consistent &= *self.here.entry(right).or_insert(left) == left;
        }
        consistent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renaming_keeps_relations() {
        let value = |list: &[&str]| {
            let mut normal = Normal::null();
            list.iter().for_each(|id| normal.ids.push(id));
            normal
        };
        let values = [
            (value(&["a", "b"]), value(&["x", "y"]), true),
            (value(&["b", "a"]), value(&["y", "x"]), true),
            (value(&["a"]), value(&["y"]), false),
            (value(&["c"]), value(&["x"]), false),
            (value(&["a"]), value(&[]), false),
        ];
        let mut renaming = Renaming::default();
        for (here, there, expected) in &values {
            assert_eq!(renaming.same(here, there), *expected, "{here:?} {there:?}");
        }
    }
}
