//! The texts of a timeline, each once, and the numbers that stand for them.

use std::collections::HashMap;

use model::{Exchange, Span};

use super::Timeline;
use super::row::{NOBODY, number};

/// Texts in the order in which they were first used.
#[derive(Debug, Default)]
struct Texts {
    index: HashMap<String, usize>,
    list: Vec<String>,
}

impl Texts {
    fn number(&mut self, text: &str) -> usize {
        if let Some(found) = self.index.get(text) {
            return *found;
        }
        self.index.insert(text.to_owned(), self.list.len());
        self.list.push(text.to_owned());
        self.list.len() - 1
    }
}

/// The dictionary of one timeline.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    names: Texts,
    services: Texts,
    peers: Texts,
    /// Groups of tries that have more than one member.
    groups: HashMap<String, u32>,
}

impl Dictionary {
    /// Finds the groups first: one try alone is no group.
    pub(super) fn new(timeline: &Timeline<'_>) -> Self {
        let mut members: HashMap<String, u32> = HashMap::new();
        let mut groups = HashMap::new();
        for span in &timeline.recording.spans {
            let Some(key) = group_key(span, Exchange::from_span(span).as_ref()) else {
                continue;
            };
            let count = members.entry(key.clone()).or_default();
            *count += 1;
            if *count == 2 {
                groups.insert(key, number(groups.len() + 1));
            }
        }
        Self {
            groups,
            ..Self::default()
        }
    }

    pub(super) fn name(&mut self, name: &str) -> u32 {
        number(self.names.number(name))
    }

    pub(super) fn service(&mut self, name: &str) -> u16 {
        short(self.services.number(name))
    }

    pub(super) fn peer(&mut self, name: &str) -> u16 {
        short(self.peers.number(name))
    }

    pub(super) fn group(&self, span: &Span, exchange: Option<&Exchange>) -> u32 {
        let key = group_key(span, exchange);
        key.and_then(|key| self.groups.get(&key).copied())
            .unwrap_or(0)
    }

    /// The lists: names, services, peers.
    pub(super) fn into_lists(self) -> (Vec<String>, Vec<String>, Vec<String>) {
        (self.names.list, self.services.list, self.peers.list)
    }
}

/// Tries of one call: as the client says, else the same request from the same place, as retries and polls are.
fn group_key(span: &Span, exchange: Option<&Exchange>) -> Option<String> {
    let call = exchange?;
    if let Some(group) = &call.retry_group {
        return Some(format!("named {group}"));
    }
    let parent = span.parent_span_id.map(|id| id.to_string());
    let body = call.request_body.hash.as_deref().unwrap_or_default();
    Some(format!(
        "{} {} {} {body}",
        parent.unwrap_or_default(),
        call.method,
        call.url
    ))
}

fn short(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(NOBODY - 1).min(NOBODY - 1)
}
