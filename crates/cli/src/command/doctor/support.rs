//! What is known of test runners and clients: which are recorded, and how much of them. The only place with their names.

use serde::Serialize;

use super::checkup::{Client, Runner};
use super::manifest::{Language, Package};

/// How much of a runner's tests is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Extent {
    /// Each test with its calls.
    Tests,
    /// Calls, which belong to the run and to no test.
    Calls,
    /// Only what the tests and services send by OpenTelemetry themselves.
    Otlp,
}

/// A test runner.
struct KnownRunner {
    name: &'static str,
    language: Language,
    /// The package that brings it, or the manifest's file name for runners that come with the language.
    package: &'static str,
    recorded: Extent,
    /// The major versions whose tests are recorded; empty for any.
    majors: std::ops::RangeInclusive<u32>,
}

const ANY: std::ops::RangeInclusive<u32> = 0..=u32::MAX;

const fn runner(
    language: Language,
    package: &'static str,
    recorded: Extent,
    majors: std::ops::RangeInclusive<u32>,
) -> KnownRunner {
    let name = package;
    KnownRunner {
        name,
        language,
        package,
        recorded,
        majors,
    }
}

const RUNNERS: &[KnownRunner] = &[
    runner(Language::Node, "mocha", Extent::Tests, 6..=12),
    runner(Language::Node, "jest", Extent::Tests, 29..=30),
    runner(Language::Node, "vitest", Extent::Tests, 3..=5),
    runner(Language::Node, "@playwright/test", Extent::Calls, ANY),
    runner(Language::Node, "@cucumber/cucumber", Extent::Calls, ANY),
    runner(Language::Node, "ava", Extent::Calls, ANY),
    runner(Language::Node, "jasmine", Extent::Calls, ANY),
    runner(Language::Node, "tap", Extent::Calls, ANY),
    runner(Language::Node, "cypress", Extent::Otlp, ANY),
    runner(Language::Python, "pytest", Extent::Tests, ANY),
    runner(Language::Python, UNITTEST, Extent::Tests, ANY),
    runner(Language::Python, "behave", Extent::Calls, ANY),
    runner(Language::Python, "robotframework", Extent::Calls, ANY),
    KnownRunner {
        name: "cargo test",
        ..runner(Language::Rust, "cargo.toml", Extent::Otlp, ANY)
    },
    KnownRunner {
        name: "go test",
        ..runner(Language::Go, "go.mod", Extent::Otlp, ANY)
    },
    KnownRunner {
        name: "Maven",
        ..runner(Language::Java, "pom.xml", Extent::Otlp, ANY)
    },
    KnownRunner {
        name: "Gradle",
        ..runner(Language::Java, "build.gradle", Extent::Otlp, ANY)
    },
    KnownRunner {
        name: "Gradle",
        ..runner(Language::Java, "build.gradle.kts", Extent::Otlp, ANY)
    },
];

/// The runner that Python brings. pytest runs its tests too.
const UNITTEST: &str = "unittest";

/// How much is recorded of `node --test`.
const NODE_TEST: Extent = Extent::Tests;

/// Clients that no agent records: package and what it speaks to.
const CLIENTS: &[(Language, &str, &str)] = &[
    (Language::Node, "pg", "PostgreSQL"),
    (Language::Node, "postgres", "PostgreSQL"),
    (Language::Node, "mysql", "MySQL"),
    (Language::Node, "mysql2", "MySQL"),
    (Language::Node, "tedious", "SQL Server"),
    (Language::Node, "mongodb", "MongoDB"),
    (Language::Node, "mongoose", "MongoDB"),
    (Language::Node, "redis", "Redis"),
    (Language::Node, "ioredis", "Redis"),
    (Language::Node, "cassandra-driver", "Cassandra"),
    (Language::Node, "kafkajs", "Kafka"),
    (Language::Node, "amqplib", "RabbitMQ"),
    (Language::Node, "nats", "NATS"),
    (Language::Node, "mqtt", "MQTT"),
    (Language::Python, "psycopg", "PostgreSQL"),
    (Language::Python, "psycopg2", "PostgreSQL"),
    (Language::Python, "psycopg2-binary", "PostgreSQL"),
    (Language::Python, "asyncpg", "PostgreSQL"),
    (Language::Python, "pymysql", "MySQL"),
    (Language::Python, "mysqlclient", "MySQL"),
    (Language::Python, "pymongo", "MongoDB"),
    (Language::Python, "motor", "MongoDB"),
    (Language::Python, "redis", "Redis"),
    (Language::Python, "kafka-python", "Kafka"),
    (Language::Python, "confluent-kafka", "Kafka"),
    (Language::Python, "pika", "RabbitMQ"),
    (Language::Python, "grpcio", "gRPC"),
];

/// The test runners among the packages, each once, the best recorded first.
pub(super) fn runners(packages: &[Package]) -> Vec<Runner> {
    let mut found: Vec<Runner> = packages.iter().filter_map(as_runner).collect();
    found.sort_by(|a, b| (a.recorded, a.name, &a.manifest).cmp(&(b.recorded, b.name, &b.manifest)));
    found.dedup_by(|later, first| later.name == first.name && later.version == first.version);
    if found.iter().any(|runner| runner.name == "pytest") {
        found.retain(|runner| runner.name != UNITTEST);
    }
    found
}

fn as_runner(package: &Package) -> Option<Runner> {
    if let Some(script) = package.name.strip_prefix("script ") {
        return is_node_test(script).then(|| Runner {
            name: "node:test",
            version: None,
            manifest: package.manifest.clone(),
            recorded: NODE_TEST,
            note: None,
        });
    }
    let same =
        |known: &&KnownRunner| known.language == package.language && known.package == package.name;
    let known = RUNNERS.iter().find(same)?;
    let major = package.version.as_deref().and_then(major);
    let other = major.is_some_and(|major| !known.majors.contains(&major));
    Some(Runner {
        name: known.name,
        version: package.version.clone(),
        manifest: package.manifest.clone(),
        recorded: known.recorded,
        note: other.then(|| {
            let (first, last) = known.majors.clone().into_inner();
            format!("tried with versions {first} to {last} only")
        }),
    })
}

fn is_node_test(script: &str) -> bool {
    let words: Vec<&str> = script.split_whitespace().collect();
    let is_node = |word: &&str| *word == "node" || word.ends_with("/node");
    let Some(start) = words.iter().position(is_node) else {
        return false;
    };
    words
        .iter()
        .skip(start)
        .take_while(|word| !word.contains("&&"))
        .any(|word| *word == "--test")
}

/// The major version in `12.0.3`, `^12` or `>=12`.
fn major(version: &str) -> Option<u32> {
    let digits = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

/// The clients among the packages that no agent records, each once.
pub(super) fn clients(packages: &[Package]) -> Vec<Client> {
    let mut found: Vec<Client> = packages
        .iter()
        .filter_map(|package| {
            let same = |(language, name, _): &&(Language, &str, &str)| {
                *language == package.language && *name == package.name
            };
            let (_, _, speaks) = CLIENTS.iter().find(same)?;
            Some(Client {
                name: package.name.clone(),
                speaks,
                manifest: package.manifest.clone(),
            })
        })
        .collect();
    found.sort_by(|a, b| (&a.name, &a.manifest).cmp(&(&b.name, &b.manifest)));
    found.dedup_by(|later, first| later.name == first.name);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(language: Language, name: &str, version: Option<&str>) -> Package {
        Package {
            language,
            name: name.into(),
            version: version.map(str::to_owned),
            manifest: "m".into(),
        }
    }

    #[test]
    fn a_runner_is_known_by_its_package() {
        let check =
            |language, name: &str, version: Option<&str>, expected: Option<(&str, bool)>| {
                let found = runners(&[package(language, name, version)]);
                let found = found
                    .first()
                    .map(|runner| (runner.name, runner.note.is_none()));
                assert_eq!(found, expected, "{name} {version:?}");
            };
        check(
            Language::Node,
            "mocha",
            Some("12.0.3"),
            Some(("mocha", true)),
        );
        check(Language::Node, "mocha", Some("^3"), Some(("mocha", false)));
        check(
            Language::Node,
            "mocha",
            Some("latest"),
            Some(("mocha", true)),
        );
        check(Language::Python, "mocha", None, None);
        check(Language::Go, "go.mod", None, Some(("go test", true)));
        check(
            Language::Node,
            "script node --test x/",
            None,
            Some(("node:test", true)),
        );
        check(
            Language::Node,
            "script cross-env A=1 node --import x --test",
            None,
            Some(("node:test", true)),
        );
        check(
            Language::Node,
            "script node x.js && mocha --test",
            None,
            None,
        );
        check(Language::Node, "script jest --test", None, None);
        check(Language::Python, "unittest", None, Some(("unittest", true)));
    }

    #[test]
    fn where_pytest_runs_the_tests_of_unittest_only_pytest_is_told() {
        let both = [
            package(Language::Python, "unittest", None),
            package(Language::Python, "pytest", None),
        ];
        let names: Vec<_> = runners(&both).iter().map(|runner| runner.name).collect();
        assert_eq!(names, ["pytest"]);
    }

    #[test]
    fn each_client_is_told_of_once() {
        let twice = [
            package(Language::Node, "pg", Some("8")),
            package(Language::Node, "pg", Some("7")),
            package(Language::Python, "pg", None),
        ];
        let names: Vec<String> = clients(&twice)
            .into_iter()
            .map(|client| client.name)
            .collect();
        assert_eq!(names, ["pg"]);
    }
}
