//! Reads values of the types that settings have, and keeps every mistake with its place instead of stopping at one.

use std::net::SocketAddr;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{Section, nearest};
use super::mistake::Mistake;

pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// The mistakes found so far.
#[derive(Debug, Default)]
pub(super) struct Reader {
    mistakes: Vec<Mistake>,
}

impl Reader {
    /// All mistakes, by place.
    pub(super) fn into_mistakes(mut self) -> Vec<Mistake> {
        self.mistakes.sort_by_key(|mistake| mistake.span.start);
        self.mistakes
    }

    pub(super) fn wrong(&mut self, span: Range<usize>, text: impl Into<String>) {
        self.mistakes.push(Mistake {
            span,
            text: text.into(),
            hint: None,
        });
    }

    pub(super) fn wrong_with_hint(
        &mut self,
        span: Range<usize>,
        text: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.mistakes.push(Mistake {
            span,
            text: text.into(),
            hint: Some(hint.into()),
        });
    }

    /// Complains of keys that the section does not have.
    pub(super) fn known_keys(&mut self, table: &DeTable<'_>, section: &Section) {
        for key in table.keys() {
            let written = key.get_ref().as_ref();
            if !section.keys.contains(&written) {
                let place = if section.name.is_empty() { "" } else { " in " };
                let text = format!("unknown key `{written}`{place}{}", section.name);
                self.wrong_with_hint(key.span(), text, suggestion(written, section.keys));
            }
        }
    }

    pub(super) fn table<'v, 't>(
        &mut self,
        value: &'v Value<'t>,
        what: &str,
    ) -> Option<&'v DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(
                value.span(),
                format!("{what} is a table, not {}", article(value)),
            );
        }
        table
    }

    pub(super) fn text(&mut self, value: &Value<'_>) -> Option<String> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong(
                value.span(),
                format!("expected a string, found {}", article(value)),
            );
            return None;
        };
        if text.trim().is_empty() {
            self.wrong(value.span(), "must not be empty");
            return None;
        }
        Some(text.to_owned())
    }

    /// A list of strings, each of which `check` has nothing against.
    pub(super) fn texts(
        &mut self,
        value: &Value<'_>,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Option<Vec<String>> {
        let Some(items) = value.get_ref().as_array() else {
            let text = format!("expected a list of strings, found {}", article(value));
            self.wrong_with_hint(value.span(), text, "write it as [\"…\", \"…\"]");
            return None;
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            texts.extend(self.checked(item, &check));
        }
        Some(texts)
    }

    /// A string which `check` has nothing against.
    pub(super) fn checked(
        &mut self,
        value: &Value<'_>,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Option<String> {
        let text = self.text(value)?;
        match check(&text) {
            Ok(()) => Some(text),
            Err(reason) => {
                self.wrong(value.span(), reason);
                None
            }
        }
    }

    pub(super) fn switch(&mut self, value: &Value<'_>) -> Option<bool> {
        let switch = value.get_ref().as_bool();
        if switch.is_none() {
            self.wrong(
                value.span(),
                format!("expected true or false, found {}", article(value)),
            );
        }
        switch
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, value: &Value<'_>, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(value)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let allowed: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong_with_hint(
                value.span(),
                format!("unknown value `{text}`"),
                suggestion(&text, &allowed),
            );
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// An address to listen on, with its port.
    pub(super) fn address(&mut self, value: &Value<'_>) -> Option<SocketAddr> {
        let text = self.text(value)?;
        let address = text.parse().ok();
        if address.is_none() {
            let hint = "write an address with its port, such as \"127.0.0.1:4318\"";
            self.wrong_with_hint(value.span(), "not an address", hint);
        }
        address
    }

    /// A size in bytes: a number, or a string with a unit.
    pub(super) fn bytes(&mut self, value: &Value<'_>) -> Option<u64> {
        let size = match value.get_ref() {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            DeValue::String(text) => size(text),
            _ => None,
        };
        if size.is_none() {
            let hint = "write a number of bytes, or a string such as \"64 KiB\" or \"2 MiB\"";
            self.wrong_with_hint(value.span(), "not a size", hint);
        }
        size
    }
}

fn size(text: &str) -> Option<u64> {
    const UNITS: &[(&str, u64)] = &[
        ("", 1),
        ("B", 1),
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
    ];
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let unit = text[digits..].trim();
    let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit)?;
    text[..digits].parse::<u64>().ok()?.checked_mul(*factor)
}

fn suggestion(written: &str, allowed: &[&str]) -> String {
    let list = allowed
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ");
    match nearest(written, allowed) {
        Some(meant) => format!("did you mean `{meant}`? known here: {list}"),
        None => format!("known here: {list}"),
    }
}

fn article(value: &Value<'_>) -> String {
    match value.get_ref().type_str() {
        "array" => "a list".into(),
        "integer" => "an integer".into(),
        other => format!("a {other}"),
    }
}
