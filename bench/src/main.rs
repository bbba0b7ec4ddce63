//! Measurements, each side by side with a reference in the same run. `cargo xtask bench [NAME…]` starts this.

mod measure;
mod node;
mod python;
mod results;
mod run_true;
mod server;
mod suite;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// A bench: what it is called, and what measures it.
type Bench = (&'static str, fn(&Setting) -> Result<Vec<results::Table>>);

const BENCHES: [Bench; 3] = [
    ("node-startup", node::measure),
    ("python-startup", python::measure),
    ("run-true", run_true::measure),
];

/// What every bench needs to know.
struct Setting {
    /// The binary to measure, built as it is shipped.
    product: PathBuf,
    /// The top folder of the repository.
    repository: PathBuf,
}

fn main() -> Result<()> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = names
        .iter()
        .find(|name| !BENCHES.iter().any(|(known, _)| known == name))
    {
        let known: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
        bail!(
            "there is no bench `{unknown}`; there are {}",
            known.join(", ")
        );
    }
    let product = std::env::var_os("FLAKESCOPE_BENCH_BINARY")
        .context("start this with `cargo xtask bench`")?;
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let setting = Setting {
        product: product.into(),
        repository: manifest.parent().unwrap_or(manifest).to_path_buf(),
    };
    for (name, measure) in BENCHES {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            let tables = measure(&setting)?;
            results::record(&setting.repository.join("bench/results"), name, &tables)?;
        }
    }
    Ok(())
}
