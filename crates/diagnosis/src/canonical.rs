//! Writes a value in its normal form while it is read: JSON in, canonical JSON with its volatile tokens replaced out.
//! No tree is built, because building and dropping trees was nearly all of what a diagnosis cost.
//!
//! Members are written in the order of the text and moved into the order of their keys when their object ends.

use std::fmt::{Display, Write as _};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use crate::coded;
use crate::normal::{Ids, Normal, Part};
use crate::volatile;
use crate::xml;

/// Writes one value.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    text: String,
    ids: Ids,
    /// Of the objects that have begun and not ended.
    members: Vec<Member>,
    /// The keys of these members, as they are and as they are named in the normal form.
    keys: String,
    /// For what is moved, kept for its allocation.
    moved: String,
    moved_ids: Vec<Part>,
    /// For a text with its tokens replaced, kept for its allocation.
    replaced: String,
}

/// A member of an object: where its key stands in the keys, it in the text, its identifiers among all.
#[derive(Debug, Clone, Copy)]
struct Member {
    key: Part,
    name: Part,
    text: Part,
    ids: Part,
}

/// Where an object began.
#[derive(Debug, Clone, Copy)]
struct Start {
    member: usize,
    key: usize,
    text: usize,
    id: usize,
}

impl Writer {
    /// What was written.
    pub(crate) fn finish(self) -> Normal {
        Normal {
            text: self.text,
            ids: self.ids,
        }
    }

    /// Writes what stands between values: brackets and commas.
    pub(crate) fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes an identifier.
    pub(crate) fn id(&mut self, id: &str) {
        self.ids.push(id);
        self.text.push_str(r#""<id>""#);
    }

    /// Writes a text; one that is itself JSON, such as the body of a message within an envelope, as what it holds.
    pub(crate) fn text(&mut self, text: &str) {
        if !(is_embedded(text) && self.json(text)) {
            self.plain(text);
        }
    }

    /// Writes a text that may stand for bytes, as what they say.
    fn coded(&mut self, text: &str) {
        match coded::text(text) {
            Some(decoded) => self.text(&decoded),
            None => self.text(text),
        }
    }

    /// Writes a text as it is.
    pub(crate) fn plain(&mut self, text: &str) {
        if !volatile::may_have(text) {
            quote(text, &mut self.text);
            return;
        }
        self.replaced.clear();
        volatile::replace(text, &mut self.replaced, &mut self.ids);
        quote(&self.replaced, &mut self.text);
    }

    /// Writes texts as an array.
    pub(crate) fn texts(&mut self, texts: impl Iterator<Item = impl AsRef<str>>) {
        self.raw("[");
        for (at, text) in texts.enumerate() {
            self.raw(if at > 0 { "," } else { "" });
            self.text(text.as_ref());
        }
        self.raw("]");
    }

    /// Writes each line as a text of its own: calendars, contact cards, CSV, source code, pages. One that gives something
    /// a value, as an object: `DTSTART:20261123`, `port = 80`.
    pub(crate) fn lines(&mut self, text: &str) {
        self.raw("[");
        for (at, line) in text.trim_end().lines().enumerate() {
            self.raw(if at > 0 { "," } else { "" });
            let Some((key, value)) = assignment(line) else {
                self.plain(line);
                continue;
            };
            self.raw("{");
            quote(key, &mut self.text);
            self.raw(":");
            self.plain(value);
            self.raw("}");
        }
        self.raw("]");
    }

    /// Writes XML as JSON. Nothing, and `false`, if the text is not XML.
    pub(crate) fn xml(&mut self, text: &str) -> bool {
        xml::to_json(text).is_some_and(|value| self.json(&value.to_string()))
    }

    /// Writes JSON. Nothing, and `false`, if the text is not JSON.
    pub(crate) fn json(&mut self, text: &str) -> bool {
        let (written, ids) = (self.text.len(), self.ids.parts.len());
        self.text.reserve(text.len());
        let mut reader = serde_json::Deserializer::from_str(text);
        let element = Element {
            writer: self,
            under: Under::default(),
            after_another: false,
        };
        let read = element.deserialize(&mut reader).and_then(|()| reader.end());
        if read.is_err() {
            self.text.truncate(written);
            self.ids.parts.truncate(ids);
            self.members.clear();
            self.keys.clear();
        }
        read.is_ok()
    }

    /// A number without a fraction, which may be an instant.
    fn integer(&mut self, number: impl Display, is_id: bool) -> std::fmt::Result {
        let start = self.text.len();
        write!(self.text, "{number}")?;
        let digits = &self.text[start..];
        let replacement = if volatile::is_epoch(digits) {
            r#""<epoch>""#
        } else if is_id {
            self.ids.push(digits);
            r#""<id>""#
        } else {
            return Ok(());
        };
        self.text.truncate(start);
        self.text.push_str(replacement);
        Ok(())
    }

    fn start_object(&mut self) -> Start {
        self.raw("{");
        Start {
            member: self.members.len(),
            key: self.keys.len(),
            text: self.text.len(),
            id: self.ids.parts.len(),
        }
    }

    /// Returns what the key says of what stands under it.
    fn start_member(&mut self, key: &str) -> Under {
        if !self.text.ends_with('{') {
            self.raw(",");
        }
        let key = append(&mut self.keys, |keys| keys.push_str(key));
        let mut name = key;
        if volatile::may_have(key.of(&self.keys)) {
            self.replaced.clear();
            volatile::replace(key.of(&self.keys), &mut self.replaced, &mut Ids::default());
            if self.replaced != key.of(&self.keys) {
                name = append(&mut self.keys, |keys| keys.push_str(&self.replaced));
            }
        }
        let (text, id) = (self.text.len(), self.ids.parts.len());
        self.members.push(Member {
            key,
            name,
            text: Part {
                from: text,
                to: text,
            },
            ids: Part { from: id, to: id },
        });
        quote(name.of(&self.keys), &mut self.text);
        self.raw(":");
        Under::of(name.of(&self.keys))
    }

    fn end_member(&mut self) {
        if let Some(member) = self.members.last_mut() {
            member.text.to = self.text.len();
            member.ids.to = self.ids.parts.len();
        }
    }

    fn end_object(&mut self, start: Start) {
        let members = &self.members[start.member..];
        let sorted = members
            .windows(2)
            .all(|pair| pair[0].key.of(&self.keys) < pair[1].key.of(&self.keys));
        let renamed = members.iter().any(|member| member.key != member.name);
        if !sorted || renamed {
            self.keep_last(start, |member| member.key);
            if renamed {
                self.keep_last(start, |member| member.name);
            }
            self.rewrite(start);
        }
        self.members.truncate(start.member);
        self.keys.truncate(start.key);
        self.raw("}");
    }

    /// Sorts members, and keeps the last of those that are called the same.
    fn keep_last(&mut self, start: Start, part: impl Fn(&Member) -> Part) {
        let keys = &self.keys;
        let called = |member: &Member| part(member).of(keys);
        self.members[start.member..].sort_by(|left, right| called(left).cmp(called(right)));
        let mut kept = start.member;
        for at in start.member..self.members.len() {
            let next = self.members.get(at + 1);
            if next.is_some_and(|next| called(next) == called(&self.members[at])) {
                continue;
            }
            self.members.swap(kept, at);
            kept += 1;
        }
        self.members.truncate(kept);
    }

    /// Puts text and identifiers of an object in the order of its members.
    fn rewrite(&mut self, start: Start) {
        self.moved.clear();
        self.moved_ids.clear();
        for member in &self.members[start.member..] {
            self.moved
                .push_str(if self.moved.is_empty() { "" } else { "," });
            self.moved.push_str(member.text.of(&self.text));
            let ids = &self.ids.parts[member.ids.from..member.ids.to];
            self.moved_ids.extend_from_slice(ids);
        }
        self.text.truncate(start.text);
        self.text.push_str(&self.moved);
        self.ids.parts.truncate(start.id);
        self.ids.parts.extend_from_slice(&self.moved_ids);
    }
}

/// Where in the text stands what is appended to it.
fn append(text: &mut String, write: impl FnOnce(&mut String)) -> Part {
    let from = text.len();
    write(text);
    Part {
        from,
        to: text.len(),
    }
}

/// Whether a text is an object or a list of JSON in itself. Wholly read, because half of it must not be written.
fn is_embedded(text: &str) -> bool {
    let looks = text.starts_with('{') && text.ends_with('}')
        || text.starts_with('[') && text.ends_with(']');
    looks && text.len() > 2 && serde_json::from_str::<Json>(text).is_ok()
}

/// The name and the value of a line that gives something a value.
fn assignment(line: &str) -> Option<(&str, &str)> {
    const NAME_CHARS: usize = 60;
    let (name, value) = line.split_once([':', '='])?;
    let name = name.trim();
    let of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.;,".contains(&byte);
    let plain =
        name.bytes().all(of_name) && name.starts_with(|first: char| first.is_ascii_alphabetic());
    (plain && name.len() <= NAME_CHARS && !value.starts_with("//")).then(|| (name, value.trim()))
}

/// Appends a text as a JSON string.
fn quote(text: &str, out: &mut String) {
    let plain = |byte: u8| byte >= b' ' && !matches!(byte, b'"' | b'\\');
    if text.bytes().all(plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Json::from(text).to_string());
    }
}

/// What a key says of what stands under it.
#[derive(Debug, Clone, Copy, Default)]
struct Under {
    /// A number is an identifier.
    id: bool,
    /// A text may stand for bytes.
    bytes: bool,
}

impl Under {
    fn of(key: &str) -> Self {
        Self {
            id: volatile::names_an_id(key),
            bytes: coded::may_be_under(key),
        }
    }
}

/// A value that is being read.
struct Element<'w> {
    writer: &'w mut Writer,
    /// What the key says under which it stands.
    under: Under,
    /// Whether it is an item of an array and not the first.
    after_another: bool,
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        if self.after_another {
            self.writer.raw(",");
        }
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.writer.raw("null");
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.writer.raw(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        let is_id = self.under.id && i64::try_from(value).is_ok();
        self.writer.integer(value, is_id).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        let written = self.writer.integer(value, self.under.id);
        written.map_err(E::custom)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        // Equal numbers are written equally, and -0 equals 0.
        let value = if value == 0.0 { 0.0 } else { value };
        write!(self.writer.text, "{}", Json::from(value)).map_err(E::custom)
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        match self.under.bytes {
            true => self.writer.coded(value),
            false => self.writer.text(value),
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Element { writer, under, .. } = self;
        writer.raw("[");
        let mut after_another = false;
        loop {
            let item = Element {
                writer: &mut *writer,
                under,
                after_another,
            };
            if items.next_element_seed(item)?.is_none() {
                break;
            }
            after_another = true;
        }
        writer.raw("]");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let writer = self.writer;
        let start = writer.start_object();
        while let Some(under) = members.next_key_seed(Key(&mut *writer))? {
            members.next_value_seed(Element {
                writer: &mut *writer,
                under,
                after_another: false,
            })?;
            writer.end_member();
        }
        writer.end_object(start);
        Ok(())
    }
}

/// A key that is being read; says what it says of what stands under it.
struct Key<'w>(&'w mut Writer);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Under;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Under, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Under;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Under, E> {
        Ok(self.0.start_member(key))
    }
}
