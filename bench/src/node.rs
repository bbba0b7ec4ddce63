//! `node-startup`: the whole-process processor time of suites of Node's test runners, plain, under Flakescope and under
//! other agents.

use std::path::Path;

use anyhow::Result;

use crate::Setting;
use crate::measure::{Variant, interleaved};
use crate::results::Table;
use crate::server::Server;
use crate::suite::{Suite, agent_alone, other, plain, whole};

/// What is measured: a title and the command.
const SUITES: [(&str, &[&str]); 8] = [
    (
        "Mocha 12, one test that does nothing",
        &["node", "node_modules/mocha/bin/mocha.js", "one.test.cjs"],
    ),
    (
        "Mocha 12, 200 tests with one HTTP call each",
        &["node", "node_modules/mocha/bin/mocha.js", "calls.test.cjs"],
    ),
    (
        "Jest 30, one test that does nothing",
        &["node", "node_modules/jest/bin/jest.js", "one.test.cjs"],
    ),
    (
        "Jest 30, 200 tests with one HTTP call each",
        &["node", "node_modules/jest/bin/jest.js", "calls.test.cjs"],
    ),
    (
        "Vitest 4, one test that does nothing",
        &[
            "node",
            "node_modules/vitest/vitest.mjs",
            "run",
            "one.test.mjs",
        ],
    ),
    (
        "Vitest 4, 200 tests with one HTTP call each",
        &[
            "node",
            "node_modules/vitest/vitest.mjs",
            "run",
            "calls.test.mjs",
        ],
    ),
    (
        "node:test, one test that does nothing",
        &[
            "node",
            "--import",
            "./globals.mjs",
            "--test",
            "one.test.mjs",
        ],
    ),
    (
        "node:test, 200 tests with one HTTP call each",
        &[
            "node",
            "--import",
            "./globals.mjs",
            "--test",
            "calls.test.mjs",
        ],
    ),
];

/// Measures each suite.
///
/// # Errors
/// When something cannot be started or a suite fails.
pub(crate) fn measure(setting: &Setting) -> Result<Vec<Table>> {
    let folder = setting.repository.join("bench/node");
    let server = Server::start(&folder)?;
    let mut tables = Vec::new();
    for (title, words) in SUITES {
        let variants = variants(setting, &folder, words, &server)?;
        eprintln!("{title}");
        tables.push(Table::new(title, &variants, &interleaved(&variants)?));
    }
    Ok(tables)
}

/// Kind to the reference: no metrics, no logs, and nobody asks clouds who we are.
const TRACES_ONLY: [(&str, &str); 3] = [
    ("OTEL_METRICS_EXPORTER", "none"),
    ("OTEL_LOGS_EXPORTER", "none"),
    ("OTEL_NODE_RESOURCE_DETECTORS", "env,host,os,process"),
];

fn variants(
    setting: &Setting,
    folder: &Path,
    words: &[&str],
    server: &Server,
) -> Result<Vec<Variant>> {
    let suite = Suite::new(words, folder, &server.service);
    let agent = setting.repository.join("agents/node/agent.cjs");
    let preload = ("NODE_OPTIONS", format!("--require \"{}\"", agent.display()));
    let vanilla = vec![
        (
            "NODE_OPTIONS",
            "--require @opentelemetry/auto-instrumentations-node/register".to_owned(),
        ),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", server.sink.clone()),
    ];
    let traces_only = TRACES_ONLY.map(|(name, value)| (name, value.to_owned()));
    let lumigo = vec![
        ("NODE_OPTIONS", "--require @lumigo/opentelemetry".to_owned()),
        ("LUMIGO_TRACER_TOKEN", "t_0123456789abcdef01234".to_owned()),
        ("LUMIGO_ENDPOINT", format!("{}/v1/traces", server.sink)),
        // Otherwise it calls its vendor at each start.
        ("LUMIGO_REPORT_DEPENDENCIES", "false".to_owned()),
    ];
    Ok(vec![
        plain(&suite),
        agent_alone(&suite, preload)?,
        whole(&suite, &setting.product)?,
        other(
            &suite,
            "auto-instrumentations-node, as it is",
            Vec::new(),
            vanilla.clone(),
        ),
        other(
            &suite,
            "auto-instrumentations-node, traces only",
            Vec::new(),
            vanilla.into_iter().chain(traces_only).collect(),
        ),
        other(&suite, "Lumigo distro", Vec::new(), lumigo),
    ])
}
