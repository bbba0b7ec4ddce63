//! A CI system as a table: which variable says what.

use std::collections::BTreeMap;

use super::Tags;
use super::git::canonical_url;

/// Environment variables by name. Values that are not UTF-8 are left out: no CI system has such.
pub(crate) type Environment = BTreeMap<String, String>;

/// A CI system.
pub(super) struct Provider {
    /// The variable by whose presence the system is known.
    pub(super) detect: &'static str,
    /// For each tag its sources, best first. A source is a text with `{NAME}` for a variable and `{/path}` for a JSON
    /// pointer into the event. It counts only if all of these have a value.
    pub(super) rows: &'static [(&'static str, &'static [&'static str])],
    /// Variables that do not exist but follow from one that does.
    pub(super) derived: &'static [Derived],
}

/// A variable that does not exist but follows from one that does.
pub(super) struct Derived {
    /// What sources call it.
    pub(super) name: &'static str,
    /// The variable that it follows from.
    pub(super) from: &'static str,
    /// How.
    pub(super) read: fn(&str) -> Option<&str>,
}

impl Provider {
    /// Whether this is the system that the command runs in.
    pub(super) fn runs_here(&self, environment: &Environment) -> bool {
        variable(environment, self.detect).is_some()
    }

    /// What the system says about the run.
    pub(super) fn tags(
        &self,
        environment: &Environment,
        event: Option<&serde_json::Value>,
    ) -> Tags {
        let lookup = |name: &str| match name.starts_with('/') {
            true => event.and_then(|event| event.pointer(name)).and_then(text),
            false => self.variable(environment, name).map(str::to_owned),
        };
        let mut tags = Tags::new();
        for (tag, sources) in self.rows {
            if let Some(value) = sources.iter().find_map(|source| fill(source, &lookup)) {
                let value = match *tag {
                    "vcs.repository.url.full" => canonical_url(&value),
                    _ => value,
                };
                tags.insert((*tag).to_owned(), value);
            }
        }
        tags
    }

    fn variable<'e>(&self, environment: &'e Environment, name: &str) -> Option<&'e str> {
        match self.derived.iter().find(|derived| derived.name == name) {
            Some(derived) => variable(environment, derived.from).and_then(derived.read),
            None => variable(environment, name),
        }
    }
}

/// The value of a variable. Several systems set a variable to nothing or to `false` where there is no value.
fn variable<'e>(environment: &'e Environment, name: &str) -> Option<&'e str> {
    environment
        .get(name)
        .map(|value| value.trim())
        .filter(|value| !value.is_empty() && *value != "false")
}

fn text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) if !text.is_empty() => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn fill(template: &str, lookup: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, name, after)) = next_placeholder(rest) {
        filled.push_str(before);
        filled.push_str(&lookup(name)?);
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

fn next_placeholder(template: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = template.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}
