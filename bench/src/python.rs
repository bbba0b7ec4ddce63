//! `python-startup`: the same of pytest suites.
//!
//! Each agent has an environment of its own, because their packages ask for different versions of OpenTelemetry; pytest
//! and the client are the same in all of them (`bench/python/*.txt`).

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::Setting;
use crate::measure::{Variant, interleaved};
use crate::results::Table;
use crate::server::Server;
use crate::suite::{Suite, agent_alone, other, plain, whole};

const SUITES: [(&str, &str); 2] = [
    ("pytest, one test that does nothing", "test_one.py"),
    (
        "pytest, 200 tests with one HTTP call each (requests)",
        "test_calls.py",
    ),
];

/// Measures each suite.
///
/// # Errors
/// When something cannot be started or a suite fails.
pub(crate) fn measure(setting: &Setting) -> Result<Vec<Table>> {
    let server = Server::start(&setting.repository.join("bench/node"))?;
    let mut tables = Vec::new();
    for (title, file) in SUITES {
        let variants = variants(setting, file, &server)?;
        eprintln!("{title}");
        tables.push(Table::new(title, &variants, &interleaved(&variants)?));
    }
    Ok(tables)
}

fn variants(setting: &Setting, file: &str, server: &Server) -> Result<Vec<Variant>> {
    let folder = setting.repository.join("bench/python");
    let environments = std::env::var_os("FLAKESCOPE_BENCH_PYTHON")
        .context("start this with `cargo xtask bench`, which installs the environments")?;
    let suite = |environment: &str| {
        let python = Path::new(&environments)
            .join(environment)
            .join("bin/python");
        let words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", file];
        let python = python.to_string_lossy();
        Suite::new(
            &[&[&*python][..], &words].concat(),
            &folder,
            &server.service,
        )
    };
    let (own, vanilla, lumigo) = (suite("plain"), suite("vanilla"), suite("lumigo"));
    let agent = setting.repository.join("agents/python/path");
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", server.sink.clone());
    let protocol = ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf".to_owned());
    let instrument = Path::new(&environments).join("vanilla/bin/opentelemetry-instrument");
    let instrument = vec![instrument.display().to_string()];
    let lumigo_settings = vec![
        ("AUTOWRAPT_BOOTSTRAP", "lumigo_opentelemetry".to_owned()),
        ("LUMIGO_TRACER_TOKEN", "t_0123456789abcdef01234".to_owned()),
        ("LUMIGO_ENDPOINT", format!("{}/v1/traces", server.sink)),
        // Otherwise it calls its vendor at each start.
        ("LUMIGO_REPORT_DEPENDENCIES", "false".to_owned()),
    ];
    Ok(vec![
        plain(&own),
        agent_alone(&own, ("PYTHONPATH", agent.display().to_string()))?,
        whole(&own, &setting.product)?,
        other(
            &vanilla,
            "opentelemetry-instrument",
            instrument,
            vec![endpoint, protocol],
        ),
        other(&lumigo, "Lumigo distro", Vec::new(), lumigo_settings),
    ])
}
