//! To which run a resource's traces belong, and what the resource says about that run. Pure.

use std::collections::{BTreeMap, BTreeSet};

use model::{Attributes, Value, attribute};

use super::Served;

/// Facts that SDKs find out by themselves; what is left, users have set.
const FOUND_OUT: &[&str] = &[
    "telemetry.",
    "process.",
    "host.",
    "os.",
    "service.",
    "k8s.",
    "container.",
    "cloud.",
    "aws.",
    "faas.",
    "lumigo.distro.",
    "log.",
    "flakescope.",
    "webengine.",
];
/// Like those, but whole.
const FOUND_OUT_WHOLE: &[&str] = &["framework", "runtime"];
/// Tags of a run are not more than this.
const MOST_TAGS: usize = 64;

/// The process that sends, or those that say to be of one run. Their runs are told apart by pauses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Identity([String; 4]);

impl Identity {
    pub(super) fn of(resource: &Attributes) -> Self {
        let fact = |key| resource.get(key).and_then(text).unwrap_or_default();
        let run = fact(attribute::RUN);
        if !run.is_empty() {
            return Self([
                fact(attribute::SERVICE_NAME),
                run,
                String::new(),
                String::new(),
            ]);
        }
        Self([
            fact(attribute::SERVICE_NAME),
            fact("service.instance.id"),
            fact("host.name"),
            fact(attribute::PROCESS_PID),
        ])
    }

    /// What the service is called.
    pub(super) fn service(&self) -> Option<&str> {
        Some(self.0[0].as_str()).filter(|name| !name.is_empty())
    }
}

/// The services of which a process has shown a test.
pub(super) fn services_with_tests(served: &BTreeMap<Identity, Served>) -> BTreeSet<Option<String>> {
    served
        .iter()
        .filter(|(_, served)| served.intake.attempts() > 0)
        .map(|(identity, _)| identity.service().map(str::to_owned))
        .collect()
}

/// What users say about the run: resource attributes that no SDK finds out by itself, and Lumigo's tag.
pub(super) fn tags(resource: &Attributes) -> BTreeMap<String, String> {
    let is_users = |key: &str| {
        let found = FOUND_OUT.iter().any(|prefix| key.starts_with(prefix));
        !found && !FOUND_OUT_WHOLE.contains(&key)
    };
    resource
        .iter()
        .filter(|(key, _)| is_users(key))
        .filter_map(|(key, value)| Some((key.to_owned(), text(value)?)))
        .take(MOST_TAGS)
        .collect()
}

/// The command line of the process, as far as it says.
pub(super) fn command(resource: &Attributes) -> Vec<String> {
    let words = resource.strings("process.command_args");
    let words = if words.is_empty() {
        resource.strings("process.command")
    } else {
        words
    };
    words.into_iter().map(str::to_owned).collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Double(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(facts: &[(&str, &str)]) -> Attributes {
        facts
            .iter()
            .map(|(key, value)| (*key, Value::from(*value)))
            .collect()
    }

    #[test]
    fn tags_are_what_users_set() {
        let check = |key: &str, expected: bool| {
            assert_eq!(
                tags(&resource(&[(key, "x")])).contains_key(key),
                expected,
                "{key}"
            );
        };
        for key in [
            "vcs.change.id",
            "lumigo.tag",
            "deployment.environment",
            "team",
            "user.name",
        ] {
            check(key, true);
        }
        for key in [
            "service.name",
            "process.pid",
            "telemetry.sdk.name",
            "lumigo.distro.version",
            "framework",
        ] {
            check(key, false);
        }
    }

    #[test]
    fn a_process_is_known_again() {
        let check = |one: &[(&str, &str)], other: &[(&str, &str)], expected: bool| {
            let same = Identity::of(&resource(one)) == Identity::of(&resource(other));
            assert_eq!(same, expected, "{one:?} {other:?}");
        };
        check(
            &[("service.name", "a"), ("process.pid", "1")],
            &[("process.pid", "1"), ("service.name", "a"), ("team", "x")],
            true,
        );
        check(&[("process.pid", "1")], &[("process.pid", "2")], false);
        check(&[("service.name", "a")], &[("service.name", "b")], false);
        check(&[("host.name", "a")], &[("host.name", "b")], false);
        check(&[], &[], true);
        // Workers of one run, that say so.
        check(
            &[("flakescope.run", "7"), ("process.pid", "1")],
            &[("flakescope.run", "7"), ("process.pid", "2")],
            true,
        );
        check(
            &[("flakescope.run", "7"), ("process.pid", "1")],
            &[("flakescope.run", "8"), ("process.pid", "1")],
            false,
        );
        check(
            &[("flakescope.run", "7"), ("service.name", "a")],
            &[("flakescope.run", "7"), ("service.name", "b")],
            false,
        );
    }
}
