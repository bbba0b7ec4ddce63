//! `node-startup`: the whole-process processor time of Mocha suites, plain, under Flakescope and under other agents.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::Setting;
use crate::measure::{Variant, interleaved};
use crate::results::Table;
use crate::server::Server;

const SUITES: [(&str, &str); 2] = [
    ("one.test.cjs", "One test that does nothing"),
    ("calls.test.cjs", "200 tests with one HTTP call each"),
];

const MOCHA: &str = "node_modules/mocha/bin/mocha.js";

/// Measures both suites.
///
/// # Errors
/// When something cannot be started or a suite fails.
pub(crate) fn measure(setting: &Setting) -> Result<Vec<Table>> {
    let folder = setting.repository.join("bench/node");
    let server = Server::start(&folder)?;
    let mut tables = Vec::new();
    for (file, title) in SUITES {
        let suite = Rc::new(Suite {
            folder: folder.clone(),
            file,
            service: server.service.clone(),
        });
        let variants = variants(&suite, setting, &server.sink)?;
        eprintln!("{title}");
        tables.push(Table::new(title, &variants, &interleaved(&variants)?));
    }
    Ok(tables)
}

/// A test file and what it needs.
struct Suite {
    folder: PathBuf,
    file: &'static str,
    service: String,
}

impl Suite {
    fn mocha(&self) -> [&str; 2] {
        [MOCHA, self.file]
    }

    fn prepare(&self, command: &mut Command) {
        command
            .current_dir(&self.folder)
            .env("BENCH_SERVICE", &self.service);
        command.env_remove("NODE_OPTIONS");
    }

    fn plain(&self) -> Command {
        let mut command = Command::new("node");
        command.args(self.mocha());
        self.prepare(&mut command);
        command
    }
}

fn variants(suite: &Rc<Suite>, setting: &Setting, sink: &str) -> Result<Vec<Variant>> {
    let plain = {
        let suite = Rc::clone(suite);
        Box::new(move || Ok(suite.plain()))
    };
    Ok(vec![
        Variant {
            name: "plain",
            command: plain,
        },
        Variant {
            name: "Flakescope, agent alone",
            command: agent_alone(Rc::clone(suite), &setting.repository)?,
        },
        Variant {
            name: "flakescope run, recorder included",
            command: whole(Rc::clone(suite), &setting.product)?,
        },
        Variant {
            name: "auto-instrumentations-node, as it is",
            command: vanilla(Rc::clone(suite), sink, &[]),
        },
        Variant {
            name: "auto-instrumentations-node, traces only",
            command: vanilla(Rc::clone(suite), sink, &TRACES_ONLY),
        },
        Variant {
            name: "Lumigo distro",
            command: lumigo(Rc::clone(suite), sink),
        },
    ])
}

type MakeCommand = Box<dyn Fn() -> Result<Command>>;

/// The agent with a spool that nobody reads.
fn agent_alone(suite: Rc<Suite>, repository: &Path) -> Result<MakeCommand> {
    let agent = repository.join("agents/node/agent.cjs");
    let spools = tempfile::tempdir().context("failed to make a folder for spools")?;
    let round = std::cell::Cell::new(0);
    Ok(Box::new(move || {
        round.set(round.get() + 1);
        let spool = spools.path().join(round.get().to_string());
        make_spool(&spool)?;
        let mut command = suite.plain();
        command.env("NODE_OPTIONS", format!("--require \"{}\"", agent.display()));
        command.env("FLAKESCOPE_SPOOL", spool);
        Ok(command)
    }))
}

fn make_spool(folder: &Path) -> Result<()> {
    const RUN: &str = r#"{"protocol":1,"run_id":"00000000000000000000000000000001","store":"/","project_root":"/",
        "key_id":"0000","spool_cap_bytes":1073741824,"segment_bytes":4194304,
        "capture":{"body_bytes":262144,"attempt_bytes":16777216,"console":true,"propagate":"auto"},"declared_hosts":[]}"#;
    fs::create_dir(folder).context("failed to make a spool")?;
    fs::write(folder.join("run.json"), RUN).context("failed to make a spool")?;
    fs::write(folder.join("key"), "0".repeat(64)).context("failed to make a spool")
}

/// All that a user pays for: agent, recorder, store and report.
fn whole(suite: Rc<Suite>, product: &Path) -> Result<MakeCommand> {
    let product = product.to_owned();
    let store: TempDir = tempfile::tempdir().context("failed to make a folder for the store")?;
    Ok(Box::new(move || {
        let mut command = Command::new(&product);
        command
            .args(["run", "--store"])
            .arg(store.path())
            .args(["--", "node"])
            .args(suite.mocha());
        suite.prepare(&mut command);
        Ok(command)
    }))
}

/// Kind to the reference: no metrics, no logs, and nobody asks clouds who we are.
const TRACES_ONLY: [(&str, &str); 3] = [
    ("OTEL_METRICS_EXPORTER", "none"),
    ("OTEL_LOGS_EXPORTER", "none"),
    ("OTEL_NODE_RESOURCE_DETECTORS", "env,host,os,process"),
];

fn vanilla(suite: Rc<Suite>, sink: &str, settings: &'static [(&str, &str)]) -> MakeCommand {
    let sink = sink.to_owned();
    Box::new(move || {
        let mut command = suite.plain();
        command.env(
            "NODE_OPTIONS",
            "--require @opentelemetry/auto-instrumentations-node/register",
        );
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &sink);
        command.envs(settings.iter().copied());
        Ok(command)
    })
}

fn lumigo(suite: Rc<Suite>, sink: &str) -> MakeCommand {
    let endpoint = format!("{sink}/v1/traces");
    Box::new(move || {
        let mut command = suite.plain();
        command.env("NODE_OPTIONS", "--require @lumigo/opentelemetry");
        command.env("LUMIGO_TRACER_TOKEN", "t_0123456789abcdef01234");
        command.env("LUMIGO_ENDPOINT", &endpoint);
        // Otherwise it calls its vendor at each start.
        command.env("LUMIGO_REPORT_DEPENDENCIES", "false");
        Ok(command)
    })
}
